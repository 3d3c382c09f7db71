//! Prisma: a folder for each migration with `migration.sql`, and by habit `down.sql`; sent as one message.
//!
//! Source: Prisma documentation, "Generating down migrations"; schema-engine applies the script with one raw command.

use super::record::{FileRole, Layout, Part, Recognised, Records, RunMode, whole_files};

/// Prisma.
pub(super) static PRISMA: Layout = Layout {
    name: "prisma",
    title: "Prisma",
    recognised: Recognised::ByPath(|path| role(path).is_some_and(|role| role.part == Part::Up)),
    role,
    scripts: whole_files,
    plan: None,
    run: RunMode::OneMessage,
    placeholders: None,
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    let (folder, file) = path.rsplit_once('/')?;
    let part = match file {
        "migration.sql" => Part::Up,
        "down.sql" => Part::Down,
        _ => return None,
    };
    let name = folder.rsplit_once('/').map_or(folder, |(_, name)| name);
    Some(FileRole { id: name.to_owned(), name: name.to_owned(), order: folder.to_owned(), part, repeatable: false })
}
