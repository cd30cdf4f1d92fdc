//! `files.changed_file`: a file in a folder is changed. The engine watches; fields and event are
//! those of `files.new_file`.

use errand_model::{TriggerInfo, TriggerSource};

use super::new_file;

pub(super) fn trigger() -> TriggerInfo {
    TriggerInfo {
        id: "files.changed_file".into(),
        name: "A file is changed".into(),
        sentence: "A file matching {matching} in {folder} is changed".into(),
        about:
            "Runs whenever a file that was there already is saved with other content. What your \
                own workflow writes doesn't count, and neither do new files."
                .into(),
        source: TriggerSource::FolderChanges,
        ..new_file::trigger()
    }
}
