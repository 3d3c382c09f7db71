//! Files that a run leaves behind: each written whole or not at all, and all of them or none.

use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::Failure;

/// A file to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct OutputFile {
    /// Where to.
    pub path: PathBuf,
    /// What.
    pub bytes: Vec<u8>,
}

/// Writes files: first all beside their places, then each is put into its place. Folders are made.
///
/// # Errors
/// When one cannot be written; none is changed then, unless the system refuses between two of the last renames.
pub(super) fn write_files(files: &[OutputFile]) -> Result<(), Failure> {
    let mut ready = Vec::with_capacity(files.len());
    for file in files {
        let refused = |reason| Failure::Write { path: file.path.clone(), reason };
        if is_device(&file.path) {
            std::fs::OpenOptions::new().write(true).open(&file.path).and_then(|mut device| device.write_all(&file.bytes)).map_err(refused)?;
            continue;
        }
        ready.push((file, prepared(file).map_err(refused)?));
    }
    for (file, prepared) in ready {
        prepared.persist(&file.path).map_err(|error| Failure::Write { path: file.path.clone(), reason: error.error })?;
    }
    Ok(())
}

fn prepared(file: &OutputFile) -> std::io::Result<NamedTempFile> {
    if file.path.is_dir() {
        return Err(std::io::Error::new(std::io::ErrorKind::IsADirectory, "this is a folder"));
    }
    let folder = file.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".fieldgate-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any program would make it: the process's umask takes away what it takes away.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let mut prepared = builder.tempfile_in(folder)?;
    prepared.write_all(&file.bytes)?;
    prepared.flush()?;
    Ok(prepared)
}

/// `/dev/stderr`, a named pipe: there is nothing to be put into place.
fn is_device(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_one_cannot_be_written_none_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| OutputFile { path: folder.path().join(name), bytes: b"x".to_vec() };
        std::fs::write(folder.path().join("a-file"), "").unwrap();
        let failed = write_files(&[file("one.txt"), file("a-file/two.txt")]);
        assert!(matches!(failed, Err(Failure::Write { path, .. }) if path.ends_with("a-file/two.txt")));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
        write_files(&[file("deep/one.txt"), file("two.txt")]).unwrap();
        assert_eq!(std::fs::read(folder.path().join("deep/one.txt")).unwrap(), b"x");
    }
}
