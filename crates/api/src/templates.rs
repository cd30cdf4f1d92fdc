//! Starter workflows, built in from `assets/templates` in the order of their file names.

use errand_model::document;
use errand_protocol::{Failure, FailureKind, commands::TemplatesList, views::TemplateCard};
use include_dir::{Dir, File, include_dir};

use crate::Api;

static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/../../assets/templates");

pub(crate) async fn templates_list(
    _: &Api,
    _: TemplatesList,
) -> Result<Vec<TemplateCard>, Failure> {
    let mut files: Vec<&File> = TEMPLATES.files().collect();
    files.sort_by_key(|file| file.path());
    files.into_iter().map(card).collect()
}

fn card(file: &File) -> Result<TemplateCard, Failure> {
    let id = file
        .path()
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let text = file.contents_utf8().unwrap_or_default();
    match document::parse(text) {
        Ok(document) => Ok(TemplateCard { id, document }),
        Err(error) => {
            let message = format!("The template {id} can't be read: {}", error.message);
            Err(Failure::new(FailureKind::Bug, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use errand_connectors::Registry;

    #[test]
    fn every_template_reads_and_nothing_stands_in_its_way() {
        let registry = Registry::builtin();
        for file in TEMPLATES.files() {
            let TemplateCard { id, document } = card(file).unwrap();
            assert_eq!(
                errand_engine::check::problems(&document, &registry),
                [],
                "{id}"
            );
            let text = file.contents_utf8().unwrap();
            for blank in document.template.expect("a template says so").blanks {
                assert!(
                    document::locate(text, &blank).is_some(),
                    "{id}: no field {blank}"
                );
            }
        }
    }
}
