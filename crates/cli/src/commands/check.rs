//! `errand check`: what is wrong in a file, where, and what to do. Needs no data.

use std::path::{Path, PathBuf};

use errand_connectors::Registry;
use errand_engine::check::{Problem, problems};
use errand_model::{
    Workflow,
    document::{self, DocumentError},
};
use errand_protocol::{Failure, FailureKind};
use serde::Serialize;

use super::samples;
use crate::{exit, print};

/// So many problems get their line; nobody mends more at once.
const LOCATED: usize = 1000;

/// Something to mend in a file.
#[derive(Debug, Serialize)]
struct Found {
    file: String,
    line: Option<u32>,
    column: Option<u32>,
    place: Option<String>,
    message: String,
    hint: Option<String>,
}

pub(crate) async fn check(files: &[PathBuf], json: bool) -> Result<u8, Failure> {
    let registry = Registry::builtin();
    let mut found = Vec::new();
    for file in files {
        let text = super::read(file)?;
        let document = match document::parse(&text) {
            Ok(document) => document,
            Err(error) => {
                found.push(unreadable(file, error));
                continue;
            }
        };
        let problems = mend(file, &text, &document, &registry);
        // Samples of a document that can't run yet would only say the same again.
        if problems.is_empty() {
            let unexpected = samples::unexpected(&document).await?;
            found.extend(located(file, &text, unexpected));
        }
        found.extend(problems);
    }
    if json {
        print::json(&found);
    } else {
        for problem in &found {
            print::complaint(problem.sentence(), problem.hint.as_deref());
        }
    }
    Ok(if found.is_empty() {
        exit::OK
    } else {
        exit::FAILED
    })
}

/// What keeps a document from being switched on, as a failure that names the file.
pub(super) fn first_problem(file: &Path, text: &str, document: &Workflow) -> Option<Failure> {
    let registry = Registry::builtin();
    mend(file, text, document, &registry)
        .into_iter()
        .next()
        .map(Found::into_failure)
}

/// A file that can't be read as a document, as a failure that names it.
pub(super) fn as_failure(file: &Path, error: DocumentError) -> Failure {
    unreadable(file, error).into_failure()
}

fn mend(file: &Path, text: &str, document: &Workflow, registry: &Registry) -> Vec<Found> {
    located(file, text, problems(document, registry))
}

fn located(file: &Path, text: &str, problems: Vec<Problem>) -> Vec<Found> {
    let places = problems.iter().take(LOCATED);
    let places = document::locate_all(text, places.map(|problem| problem.place.as_str()));
    let places = places.into_iter().chain(std::iter::repeat(None));
    let found = |(problem, at)| found_at(file, problem, at);
    problems.into_iter().zip(places).map(found).collect()
}

fn found_at(file: &Path, problem: Problem, at: Option<(u32, u32)>) -> Found {
    let (line, column) = at.unzip();
    Found {
        file: file.display().to_string(),
        line,
        column,
        place: Some(problem.place),
        message: problem.message,
        hint: problem.hint,
    }
}

fn unreadable(file: &Path, error: DocumentError) -> Found {
    Found {
        file: file.display().to_string(),
        line: error.line,
        column: error.column,
        place: None,
        message: error.message,
        hint: error.hint,
    }
}

impl Found {
    fn sentence(&self) -> String {
        let position = match (self.line, self.column) {
            (Some(line), Some(column)) => format!(":{line}:{column}"),
            (Some(line), None) => format!(":{line}"),
            _ => String::new(),
        };
        let place = self
            .place
            .as_ref()
            .map(|place| format!(" ({place})"))
            .unwrap_or_default();
        format!("{}{position}: {}{place}", self.file, self.message)
    }

    fn into_failure(self) -> Failure {
        let failure = Failure::new(FailureKind::BadInput, self.sentence());
        Failure {
            hint: self.hint,
            ..failure
        }
    }
}
