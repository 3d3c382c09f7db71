//! Which migrations the warehouse already has.

use std::collections::BTreeMap;

use super::layout::Records;
use super::migration::{Migration, MigrationKind};
use super::natural_order::natural;

/// Migrations told apart by what the runner's table records.
#[derive(Clone, Debug, Default)]
pub struct AppliedSplit {
    /// Not applied yet, in order.
    pub pending: Vec<Migration>,
    /// Applied, in order.
    pub applied: Vec<Migration>,
    /// Recorded, and not among the files: older ones that were taken away, or a name that was changed.
    pub unknown: Vec<String>,
}

/// Splits migrations by what is recorded as applied: ids, names, or `id_title`. Repeatable ones are always pending: only their text could tell.
///
/// A tool that records only its last version has applied all versions up to it.
pub fn split_applied(migrations: Vec<Migration>, recorded: &[String]) -> AppliedSplit {
    let mut split = AppliedSplit::default();
    let mut records: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, record) in recorded.iter().enumerate() {
        records.entry(record).or_insert(index);
        records.entry(number(record).unwrap_or(record)).or_insert(index);
    }
    let mut matched = vec![false; recorded.len()];
    let last = recorded.iter().map(|record| version_of(record)).max_by(|a, b| natural(a, b));
    for migration in migrations {
        let file = migration.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let names = [Some(migration.id.as_str()), Some(migration.name.as_str()), Some(file.as_str()), number(&migration.id)];
        let found = names.into_iter().flatten().find_map(|name| records.get(name).copied());
        if let Some(flag) = found.and_then(|index| matched.get_mut(index)) {
            *flag = true;
        }
        let before_last = migration.layout.records == Records::Last && last.is_some_and(|last| natural(version_of(&migration.id), last).is_le());
        let is_applied = migration.kind == MigrationKind::Versioned && (found.is_some() || before_last);
        if is_applied { split.applied.push(migration) } else { split.pending.push(migration) }
    }
    split.unknown = recorded.iter().zip(matched).filter(|(_, matched)| !matched).map(|(record, _)| record.clone()).collect();
    split
}

/// Whether a migration of that name is recorded as applied, by its name or by the number at its head.
pub(super) fn is_recorded(name: &str, recorded: &[String]) -> bool {
    let version = version_of(name);
    let number_of_name = number(version);
    recorded.iter().any(|record| record == name || record == version || (number_of_name.is_some() && number(version_of(record)) == number_of_name))
}

/// A record that is nothing but a number, without leading zeros.
fn number(record: &str) -> Option<&str> {
    let is_number = !record.is_empty() && record.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| record.trim_start_matches('0')).map(|digits| if digits.is_empty() { "0" } else { digits })
}

/// The version at the head of a record: `0041` of `0041_add_zip`; the whole record when it does not begin with digits.
fn version_of(record: &str) -> &str {
    let digits = record.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 { record } else { record.get(..digits).unwrap_or(record) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{MigrationsEntry, Wanted, discover};
    use crate::text::Sources;

    fn names(migrations: &[Migration]) -> Vec<&str> {
        migrations.iter().map(|migration| migration.name.as_str()).collect()
    }

    fn split(files: &[&str], recorded: &[&str]) -> AppliedSplit {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), "SELECT 1;").unwrap();
        }
        let entries = [MigrationsEntry::of_path(folder.path())];
        let found = discover(&Wanted { entries: &entries, ..Wanted::default() }, &mut Sources::default());
        split_applied(found.migrations, &recorded.iter().map(|record| (*record).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_table_with_one_row_means_all_before_it() {
        let split = split(&["0040_a.up.sql", "0041_b.up.sql", "0042_c.up.sql"], &["41"]);
        assert_eq!((names(&split.applied), names(&split.pending)), (vec!["0040_a", "0041_b"], vec!["0042_c"]));
    }

    #[test]
    fn a_row_for_each_means_those_alone() {
        let split = split(&["V1__a.sql", "V2__b.sql", "V3__c.sql", "R__v.sql"], &["1", "3", "0"]);
        assert_eq!((names(&split.applied), names(&split.pending)), (vec!["V1__a", "V3__c"], vec!["V2__b", "R__v"]));
        assert_eq!(split.unknown, ["0"]);
    }
}
