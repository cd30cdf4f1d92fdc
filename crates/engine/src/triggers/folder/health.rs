//! What a person is told about a watched folder: that it can't be looked at, or that it holds files
//! whose names no step could use.

use errand_model::StepError;

use super::Listener;
use crate::triggers::health;

impl Listener {
    /// Tells once when there is a problem, and once when there is none any more.
    pub(super) async fn report(&mut self, error: Option<&StepError>) {
        let problem = error.map(|error| error.message.clone());
        let problem = problem.or_else(|| self.odd_names());
        health::note(&self.core, &self.trigger, &mut self.problem, problem).await;
    }

    /// Reports if odd names came or went since the last look at the whole folder.
    pub(super) async fn report_odd_names(&mut self) {
        if self.folder_is_there && self.odd_names() != self.problem {
            self.report(None).await;
        }
    }

    pub(super) fn odd_names(&self) -> Option<String> {
        let first = self.memory.odd.first()?;
        let name = String::from_utf8_lossy(first);
        let folder = self.watch.folder.display();
        let more = match self.memory.odd.len() - 1 {
            0 => String::new(),
            1 => " and another file".to_owned(),
            more => format!(" and {more} other files"),
        };
        Some(format!(
            "“{name}”{more} in {folder} can't be used: the name isn't readable text. Rename it to \
             go on with it."
        ))
    }
}
