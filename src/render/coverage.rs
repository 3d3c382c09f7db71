//! How far a catalog can be trusted, for people.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::catalog::{Catalog, Coverage};

/// One paragraph for each gap, with the names in it; a line that says so when there is none.
pub fn coverage_text(coverage: &Coverage, catalog: &Catalog) -> String {
    let mut text = format!("{} consumers in {} departments\n", coverage.consumers, catalog.departments.len());
    let stale: Vec<String> = coverage.stale.iter().map(|(id, days)| format!("{id} ({days} days)")).collect();
    let before = text.len();
    gap(&mut text, "Nothing says what they read or write, so they cannot be judged", &names(&coverage.opaque));
    gap(&mut text, "Of no department: nobody would be told", &names(&coverage.without_department));
    gap(&mut text, "Nobody looks after them", &names(&coverage.without_owner));
    gap(&mut text, "Without SQL: only what is declared is judged", &names(&coverage.without_sql));
    gap(&mut text, "Not looked at for long", &stale);
    gap(&mut text, "Never looked at", &names(&coverage.never_checked));
    gap(&mut text, "Departments with nobody to write to", &names(&coverage.unreachable_departments));
    gap(&mut text, "Departments without a consumer: have they none, or were they never asked?", &names(&coverage.departments_without_consumers));
    if text.len() == before {
        text.push_str("No gap was found.\n");
    }
    text
}

fn names(ids: &[Arc<str>]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn gap(text: &mut String, title: &str, names: &[String]) {
    if names.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n{title} ({}):", names.len());
    for name in names {
        let _ = writeln!(text, "  {name}");
    }
}
