//! An answer that goes into a file instead of memory. The file appears whole or not at all; done
//! again by the same plan, the finished file is recognised.

use std::path::{Path, PathBuf};

use errand_model::StepError;
use url::Url;

use crate::{
    builtin::target::{self, How, IfExists, Target},
    names,
    ports::{Files, Mode, Ports, Sink, net::Answer},
};

/// How much of a download a preview fetches.
const GLANCE: u64 = 10_000_000;

/// Decides where it goes; into a folder it gets the name at the end of the address.
pub(super) fn decide(
    files: &dyn Files,
    to: &str,
    url: &Url,
    if_exists: IfExists,
) -> Result<Target, StepError> {
    let wanted = target::resolve(files, to, Path::new(&name_of(url)))?;
    target::decide(files, wanted, if_exists, false)
}

/// The last part of the address as a safe file name.
fn name_of(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    let escaped = format!("name={}", last.unwrap_or_default().replace('+', "%2B"));
    let decoded = url::form_urlencoded::parse(escaped.as_bytes()).next();
    let name = decoded
        .map(|(_, name)| name.into_owned())
        .unwrap_or_default();
    let safe = |c: char| {
        if c.is_control() || matches!(c, '/' | '\\' | ':') {
            '_'
        } else {
            c
        }
    };
    let name: String = name.chars().map(safe).collect();
    match name.trim().trim_start_matches('.') {
        "" => "download".into(),
        name => names::cut(name, 200),
    }
}

/// Fetches the rest of the answer into its file.
pub(super) async fn save(
    answer: &mut Answer,
    ports: &Ports,
    planned: &Target,
    if_exists: IfExists,
) -> Result<(PathBuf, u64), StepError> {
    let files = ports.files.as_ref();
    let mut sink = files.sink(&planned.path)?;
    let (size, hash) = pour(answer, sink.as_mut(), ports.mode).await?;
    let is_there = planned.how == How::Fresh && is_saved(files, &planned.path, size, &hash)?;
    if is_there {
        return Ok((planned.path.clone(), size));
    }
    let sink = std::sync::Mutex::new(sink);
    let put = |path: &Path, taken| {
        let mut sink = sink
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        sink.put(path, taken)
    };
    let (path, _) = target::place(files, planned, if_exists, false, put)?;
    Ok((path, size))
}

async fn pour(
    answer: &mut Answer,
    sink: &mut dyn Sink,
    mode: Mode,
) -> Result<(u64, String), StepError> {
    let mut hasher = blake3::Hasher::new();
    let mut size = 0;
    while let Some(chunk) = answer.body.chunk().await? {
        hasher.update(&chunk);
        size += chunk.len() as u64;
        sink.write(&chunk)?;
        if mode == Mode::Preview && size >= GLANCE {
            break;
        }
    }
    Ok((size, hasher.finalize().to_hex().to_string()))
}

/// Whether an earlier try of this step got as far as the finished file.
fn is_saved(files: &dyn Files, path: &Path, size: u64, hash: &str) -> Result<bool, StepError> {
    let there = files.look(path)?;
    let alike = there.is_some_and(|there| !there.is_folder && there.size == size);
    Ok(alike && files.hash(path)? == hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_gets_the_name_at_the_end_of_its_address_and_nothing_worse() {
        let named = |url: &str| name_of(&Url::parse(url).unwrap());
        assert_eq!(
            named("https://x.example/a/report%202.pdf?x=1"),
            "report 2.pdf"
        );
        assert_eq!(named("https://x.example/a+b.txt"), "a+b.txt");
        assert_eq!(named("https://x.example/"), "download");
        assert_eq!(
            named("https://x.example/..%2f..%2fetc%2fpasswd"),
            "_.._etc_passwd"
        );
    }
}
