//! What an import finds.

use std::collections::BTreeMap;

/// Departments and consumers, and what could not be read. Sorted by id, so that the same input gives the same file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// By id.
    pub departments: BTreeMap<String, ImportedDepartment>,
    /// By id.
    pub consumers: BTreeMap<String, ImportedConsumer>,
    /// In the order of the input.
    pub skipped: Vec<Skipped>,
}

/// A department, a team or a collection of the tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedDepartment {
    /// Its name.
    pub name: String,
    /// Name and e-mail address of who stands for it.
    pub contact: Option<(String, Option<String>)>,
}

/// A consumer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedConsumer {
    /// Its name for people.
    pub name: String,
    /// A word of the catalog.
    pub kind: &'static str,
    /// The tool it is made with.
    pub tool: Option<String>,
    /// A key of the departments.
    pub department: Option<String>,
    /// Name and e-mail address.
    pub owner: Option<(String, Option<String>)>,
    /// What it is for, where it is shown.
    pub description: Option<String>,
    /// Where it is found.
    pub url: Option<String>,
    /// Other words of the catalog that the source says: `criticality`, `cadence`, `last_checked`.
    pub words: BTreeMap<&'static str, String>,
    /// Its SQL.
    pub sql: Option<String>,
    /// The file with its SQL.
    pub sql_file: Option<String>,
    /// Relations and columns it reads.
    pub reads: Vec<String>,
}

/// Something that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// What it is called in the tool.
    pub what: String,
    /// Why it was left out.
    pub why: String,
}

impl Imported {
    /// Notes that something was left out.
    pub(super) fn skip(&mut self, what: impl Into<String>, why: impl Into<String>) {
        self.skipped.push(Skipped { what: what.into(), why: why.into() });
    }
}

/// An id that a catalog takes: letters, digits, `-`, `_` and `.`.
pub(super) fn id_of(prefix: &str, text: &str) -> String {
    let mut id = String::from(prefix);
    for letter in text.chars() {
        let fits = letter.is_alphanumeric() || matches!(letter, '_' | '.');
        if fits {
            id.extend(letter.to_lowercase());
        } else if !id.ends_with('-') {
            id.push('-');
        }
    }
    id.trim_matches('-').to_owned()
}

/// An address that a catalog takes, or nothing.
pub(super) fn e_mail(text: &str) -> Option<String> {
    let (name, host) = text.trim().split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(['@', ' ', ',', ';', '<', '>', '"']);
    (plain(name) && plain(host) && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_what_a_catalog_takes() {
        assert_eq!(id_of("dbt-", "Weekly Intake (2026)"), "dbt-weekly-intake-2026");
        assert_eq!(id_of("", "  a/b  "), "a-b");
    }

    #[test]
    fn only_addresses_are_addresses() {
        assert_eq!(e_mail("ana@example.org").as_deref(), Some("ana@example.org"));
        assert_eq!(e_mail("#data-help"), None);
        assert_eq!(e_mail("a@b@c.org"), None);
    }
}
