//! Whether a folder is on a drive that others can change without this computer's system noticing.

use std::path::Path;

/// What Linux calls such drives: AFS, Ceph, CIFS, Coda, FUSE, NFS, SMB, SMB2 and 9P.
#[cfg(target_os = "linux")]
const REMOTE: [u32; 9] = [
    0x5346_414F,
    0x00C3_6400,
    0xFF53_4D42,
    0x7375_7245,
    0x6573_5546,
    0x0000_6969,
    0x0000_517B,
    0xFE53_4D42,
    0x0102_1997,
];

/// Whether the system's hints about this folder may leave out what happens to it elsewhere.
#[cfg(target_os = "linux")]
pub fn is_remote(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|stat| is_remote_kind(stat.f_type as u64))
}

/// The kind is a 32-bit number, kept in a wider field on some machines, there with its sign.
#[cfg(target_os = "linux")]
fn is_remote_kind(kind: u64) -> bool {
    REMOTE.contains(&((kind & 0xFFFF_FFFF) as u32))
}

/// Whether the system's hints about this folder may leave out what happens to it elsewhere.
#[cfg(not(target_os = "linux"))]
pub fn is_remote(_folder: &Path) -> bool {
    false
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn drives_of_the_network_are_told_from_those_of_this_computer() {
        let [ext4, btrfs, tmpfs] = [0xEF53, 0x9123_683E, 0x0102_1994];
        let [nfs, smb, cifs_with_sign] = [0x6969, 0x517B, 0xFFFF_FFFF_FF53_4D42];
        assert!(
            [ext4, btrfs, tmpfs]
                .map(is_remote_kind)
                .iter()
                .all(|it| !it)
        );
        assert!(
            [nfs, smb, cifs_with_sign]
                .map(is_remote_kind)
                .iter()
                .all(|it| *it)
        );
    }

    #[test]
    fn a_folder_that_can_not_be_asked_is_not_remote() {
        assert!(!is_remote(Path::new("/proc")));
        assert!(!is_remote(Path::new("/nowhere/at/all")));
    }
}
