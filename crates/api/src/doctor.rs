//! Looks at everything that must hold, and at a few things that merely should.

use std::{os::unix::fs::PermissionsExt, path::Path};

use errand_protocol::{Failure, commands::Doctor, system_words, views::Finding};

use crate::{Api, failure::Heard};

pub(crate) async fn doctor(api: &Api, _: Doctor) -> Result<Vec<Finding>, Failure> {
    let store = api.engine.store();
    let checked = store.read(|view| view.broken_invariants()).await.heard()?;
    let mut findings: Vec<Finding> = checked
        .into_iter()
        .map(|(check, broken)| finding(check, broken, true))
        .collect();
    findings.push(folder_is_private(store.folder()));
    findings.push(secrets_open(api).await);
    findings.extend(triggers_listen(api).await?);
    Ok(findings)
}

fn finding(check: impl Into<String>, broken: Option<String>, invariant: bool) -> Finding {
    let ok = broken.is_none();
    Finding {
        check: check.into(),
        ok,
        invariant,
        detail: broken.unwrap_or_default(),
    }
}

fn folder_is_private(folder: &Path) -> Finding {
    let broken = match std::fs::metadata(folder) {
        Ok(found) if found.permissions().mode() & 0o077 == 0 => None,
        Ok(_) => Some(format!(
            "Others can look into {}: make it yours alone.",
            folder.display()
        )),
        Err(error) => Some(format!(
            "{} can't be looked at: {}.",
            folder.display(),
            system_words(&error)
        )),
    };
    finding("The data folder is open to its owner only.", broken, false)
}

async fn secrets_open(api: &Api) -> Finding {
    let trouble = api.engine.vault_status().await.trouble;
    let broken = trouble.map(|trouble| trouble.sentence());
    finding("The secrets of connections can be opened.", broken, false)
}

async fn triggers_listen(api: &Api) -> Result<Vec<Finding>, Failure> {
    let read = api.engine.store().read(|view| {
        let mut enabled = Vec::new();
        for workflow in view
            .workflows()?
            .into_iter()
            .filter(|workflow| workflow.enabled)
        {
            enabled.push((view.triggers_of(workflow.id)?, workflow));
        }
        Ok(enabled)
    });
    let findings = read.await.heard()?.into_iter().map(|(triggers, workflow)| {
        let mut enabled = triggers.into_iter().filter(|trigger| trigger.enabled);
        let problem = enabled.find_map(|trigger| trigger.problem);
        finding(
            format!("The trigger of “{}” listens.", workflow.name),
            problem,
            false,
        )
    });
    Ok(findings.collect())
}
