//! All facts, found by name.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::fact::Fact;
use super::facts::{bodies, change, column, consumers, deploy, file, others, parts, place, record, statement, table, ways};

/// All facts, in the order of the documentation.
pub fn fact_table() -> impl Iterator<Item = &'static Fact> {
    [
        place::FACTS,
        statement::FACTS,
        change::FACTS,
        bodies::FACTS,
        column::FACTS,
        parts::FACTS,
        table::FACTS,
        consumers::FACTS,
        others::FACTS,
        deploy::FACTS,
        file::FACTS,
        record::FACTS,
        ways::FACTS,
    ]
    .into_iter()
    .flatten()
}

/// A fact by its name.
pub fn fact_named(name: &str) -> Option<&'static Fact> {
    static BY_NAME: LazyLock<BTreeMap<&'static str, &'static Fact>> = LazyLock::new(|| fact_table().map(|fact| (fact.name, fact)).collect());
    BY_NAME.get(name).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fact_has_one_row_with_a_group_and_a_name() {
        let mut names: Vec<&str> = fact_table().map(|fact| fact.name).collect();
        assert!(names.iter().all(|name| name.split('.').count() == 2), "{names:?}");
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
