//! How far a catalog can be trusted: what it leaves out, and what nobody has looked at for long.

use std::sync::Arc;

use jiff::civil::Date;

use super::model::{Catalog, Consumer};

/// What a catalog leaves out. Each list holds ids, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// All consumers.
    pub consumers: usize,
    /// Consumers of no department: nobody would be told.
    pub without_department: Vec<Arc<str>>,
    /// Consumers that nobody looks after.
    pub without_owner: Vec<Arc<str>>,
    /// Consumers whose SQL is not known: only what is declared is judged.
    pub without_sql: Vec<Arc<str>>,
    /// Consumers of which nothing is known that could be judged.
    pub opaque: Vec<Arc<str>>,
    /// Consumers with no day of a last look.
    pub never_checked: Vec<Arc<str>>,
    /// Consumers at which nobody has looked for too long, with the days since.
    pub stale: Vec<(Arc<str>, i64)>,
    /// Departments that have consumers and nobody to write to.
    pub unreachable_departments: Vec<Arc<str>>,
    /// Departments without a consumer: have they really none, or were they never asked?
    pub departments_without_consumers: Vec<Arc<str>>,
}

/// Looks a catalog through, on a given day.
pub fn coverage(catalog: &Catalog, today: Date) -> Coverage {
    let ids = |holds: &dyn Fn(&Consumer) -> bool| catalog.consumers.values().filter(|consumer| holds(consumer)).map(|consumer| consumer.id.clone()).collect();
    let used: std::collections::BTreeSet<&str> = catalog.consumers.values().filter_map(|consumer| consumer.department.as_deref()).collect();
    let departments = || catalog.departments.values();
    let reachable = |department: &super::model::Department| department.contacts.iter().any(|contact| contact.email.is_some() || contact.slack.is_some());
    Coverage {
        consumers: catalog.consumers.len(),
        without_department: ids(&|consumer| consumer.department.is_none()),
        without_owner: ids(&|consumer| consumer.owner.is_none()),
        without_sql: ids(&|consumer| consumer.sql.is_none()),
        opaque: ids(&Consumer::is_opaque),
        never_checked: ids(&|consumer| consumer.last_checked.is_none()),
        stale: catalog.consumers.values().filter_map(|consumer| stale(consumer, today)).collect(),
        unreachable_departments: departments().filter(|one| used.contains(one.id.as_ref()) && !reachable(one)).map(|one| one.id.clone()).collect(),
        departments_without_consumers: departments().filter(|one| !used.contains(one.id.as_ref())).map(|one| one.id.clone()).collect(),
    }
}

fn stale(consumer: &Consumer, today: Date) -> Option<(Arc<str>, i64)> {
    let checked = consumer.last_checked?.value;
    let days = i64::from(today.since(checked).ok()?.get_days());
    let limit = consumer.cadence.map_or(183, super::word::Cadence::stale_after_days);
    (days > limit).then(|| (consumer.id.clone(), days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Sources;

    #[test]
    fn what_is_left_out_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let text = "departments:\n  a: { name: A }\n  b: { name: B, contacts: [{ name: X, slack: '#b' }] }\nconsumers:\n  grant: { kind: report, department: a, reads: t, cadence: yearly, last_checked: 2026-01-14 }\n  weekly: { kind: report, reads: t, cadence: weekly, last_checked: 2026-01-14, owner: Ann }\n  dark: { kind: app }\n";
        std::fs::write(folder.path().join("c.yml"), text).unwrap();
        let (catalog, _) = crate::catalog::read(&[(folder.path().join("c.yml"), None)], crate::dialect::DEFAULT, &mut Sources::default());
        let seen = coverage(&catalog, jiff::civil::date(2026, 11, 22));
        assert_eq!(seen.stale, [(Arc::from("weekly"), 312)]);
        assert_eq!((seen.opaque, seen.never_checked), (vec![Arc::from("dark")], vec![Arc::from("dark")]));
        assert_eq!((seen.unreachable_departments, seen.departments_without_consumers), (vec![Arc::from("a")], vec![Arc::from("b")]));
    }
}
