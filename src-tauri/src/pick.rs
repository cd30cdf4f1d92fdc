//! The system's own dialogs for a folder and a file. Paths below the person's home are given
//! with `~`, as documents write them.

use std::path::{Path, PathBuf};

use errand_protocol::{Failure, FailureKind};
use tauri::{AppHandle, Manager, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

type Picked = Result<Option<String>, Failure>;

/// Lets the person choose a folder; nothing if they close the dialog.
#[tauri::command]
pub(crate) async fn pick_folder(window: WebviewWindow, start: Option<String>) -> Picked {
    let (answer, chosen) = oneshot::channel();
    dialog(&window, start).pick_folder(|path| drop(answer.send(path)));
    shortened(window.app_handle(), chosen.await.ok().flatten())
}

/// Lets the person choose a file; nothing if they close the dialog.
#[tauri::command]
pub(crate) async fn pick_file(window: WebviewWindow, start: Option<String>) -> Picked {
    let (answer, chosen) = oneshot::channel();
    dialog(&window, start).pick_file(|path| drop(answer.send(path)));
    shortened(window.app_handle(), chosen.await.ok().flatten())
}

fn dialog(window: &WebviewWindow, start: Option<String>) -> FileDialogBuilder<tauri::Wry> {
    let dialog = window.dialog().file().set_parent(window);
    let home = window.app_handle().path().home_dir().unwrap_or_default();
    let wanted = start
        .map(|start| expanded(&start, &home))
        .unwrap_or_else(|| home.clone());
    match wanted.ancestors().find(|folder| folder.is_dir()) {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    }
}

fn shortened(app: &AppHandle, chosen: Option<FilePath>) -> Picked {
    let Some(path) = chosen.and_then(|chosen| chosen.into_path().ok()) else {
        return Ok(None);
    };
    let home = app.path().home_dir().unwrap_or_default();
    with_tilde(&path, &home).map(Some).ok_or_else(|| {
        let message = format!(
            "The name {} can't be written in a workflow.",
            path.display()
        );
        Failure::new(FailureKind::BadInput, message).hint("Rename it, or choose another.")
    })
}

/// Nothing if the name isn't text.
fn with_tilde(path: &Path, home: &Path) -> Option<String> {
    let rest = path.strip_prefix(home).ok().filter(|_| home.is_absolute());
    match rest.map(Path::to_str) {
        Some(rest) => rest.map(|rest| {
            if rest.is_empty() {
                "~".into()
            } else {
                format!("~/{rest}")
            }
        }),
        None => path.to_str().map(str::to_owned),
    }
}

fn expanded(path: &str, home: &Path) -> PathBuf {
    match path.strip_prefix('~') {
        Some(rest) => home.join(rest.trim_start_matches('/')),
        None => PathBuf::from(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_below_home_is_given_with_a_tilde_and_found_again() {
        let home = Path::new("/home/ada");
        for (path, short) in [
            ("/home/ada", "~"),
            ("/home/ada/My files", "~/My files"),
            ("/srv/scans", "/srv/scans"),
            ("/home/adam/x", "/home/adam/x"),
            ("/home/ada/x~y", "~/x~y"),
        ] {
            assert_eq!(with_tilde(Path::new(path), home).as_deref(), Some(short));
            assert_eq!(expanded(short, home), Path::new(path));
        }
    }
}
