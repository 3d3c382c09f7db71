//! Two schemas compared by names: whether one is the other, and in what not.
//!
//! In: two schemas, whatever identities their objects have. Out: sorted [`Difference`]s. Compared is everything that a person can see or
//! a server can act on: columns with order, type, nullability, default, identity, collation, comment, grants and storage; constraints with
//! names and validity; indexes; views' queries and columns; sequences; types with the order of labels; functions; triggers; policies; owners; comments.
//! Not compared: the planner's estimates, the last value of a sequence, and what only one side knows (an owner, a version).
//!
//! This is not how a migration's changes are found: those go by identity (`migrate`). It proves round trips and rollbacks, and shows drift.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::facts::{Facts, Subject, facts_of};
use super::{Aspect, Schema};
use crate::sql::tree::ObjectKind;

/// How two schemas differ in one thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// The first has it, the second has not.
    Missing,
    /// The second has it, the first has not.
    Extra,
    /// Both have it, and it is not the same.
    Changed {
        /// In what.
        aspect: Aspect,
        /// In the first; empty when there it has none.
        before: String,
        /// In the second; empty when there it has none.
        after: String,
    },
}

/// One difference. Sorted by kind of object, name, and what differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    /// The kind of the object; [`ObjectKind::Column`] for columns.
    pub object_kind: ObjectKind,
    /// Its name as SQL: `app.clients`, `app.clients.phone`, `clients_pkey ON app.clients`, `app.f(integer)`.
    pub name: String,
    /// How.
    pub kind: DifferenceKind,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = super::ddl::kind_words(self.object_kind).to_ascii_lowercase();
        match &self.kind {
            DifferenceKind::Missing => write!(f, "{kind} {} is missing", self.name),
            DifferenceKind::Extra => write!(f, "{kind} {} was not there before", self.name),
            DifferenceKind::Changed { aspect, before, after } => {
                write!(f, "{kind} {}: {} was {}, is {}", self.name, aspect.words(), one_line(before), one_line(after))
            }
        }
    }
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { String::from("none") } else { line }
}

/// What the second schema differs in from the first; empty when they are the same moment.
pub fn difference(before: &Schema, after: &Schema) -> Vec<Difference> {
    let (first, second) = (facts_of(before), facts_of(after));
    let (first_names, second_names) = (whole_names(&first), whole_names(&second));
    let mut all = Vec::new();
    for (subject, facts) in &first {
        match second.get(subject) {
            Some(others) => all.extend(changed(subject, facts, others)),
            None if is_told_of(subject, &first_names, &second_names) => all.push(one(subject, DifferenceKind::Missing)),
            None => {}
        }
    }
    for subject in second.keys() {
        if !first.contains_key(subject) && is_told_of(subject, &second_names, &first_names) {
            all.push(one(subject, DifferenceKind::Extra));
        }
    }
    all.sort();
    all
}

fn one(subject: &Subject, kind: DifferenceKind) -> Difference {
    Difference { object_kind: subject.kind, name: subject.name.clone(), kind }
}

fn whole_names(facts: &BTreeMap<Subject, Facts>) -> BTreeSet<&str> {
    facts.keys().filter(|subject| subject.parent.is_none()).map(|subject| subject.name.as_str()).collect()
}

/// A part is told of only when the whole is on both sides: a missing table is one line, not one for each column.
/// Whether `public` is there says nothing: every new database has it.
fn is_told_of(subject: &Subject, own: &BTreeSet<&str>, other: &BTreeSet<&str>) -> bool {
    if subject.kind == ObjectKind::Schema && subject.name == "public" {
        return false;
    }
    subject.parent.as_deref().is_none_or(|parent| other.contains(parent) || !own.contains(parent))
}

fn changed(subject: &Subject, before: &Facts, after: &Facts) -> Vec<Difference> {
    let mut aspects: Vec<Aspect> = before.keys().chain(after.keys()).copied().collect();
    aspects.sort_unstable();
    aspects.dedup();
    let mut all = Vec::new();
    for aspect in aspects {
        let (old, new) = (before.get(&aspect), after.get(&aspect));
        let known_on_one_side_only = old.is_none() || new.is_none();
        if old == new || known_on_one_side_only && matches!(aspect, Aspect::Owner | Aspect::Version) {
            continue;
        }
        let (old, new) = match aspect {
            Aspect::ColumnOrder => match common_order(old, new) {
                Some(orders) => orders,
                None => continue,
            },
            _ => (old.cloned().unwrap_or_default(), new.cloned().unwrap_or_default()),
        };
        all.push(one(subject, DifferenceKind::Changed { aspect, before: old, after: new }));
    }
    all
}

/// The two orders of the columns that both have, or `None` when that is the same order: a missing column alone moves nothing.
fn common_order(before: Option<&String>, after: Option<&String>) -> Option<(String, String)> {
    let (before, after) = (before?, after?);
    let (first, second): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
    let in_first: BTreeSet<&str> = first.iter().copied().collect();
    let in_second: BTreeSet<&str> = second.iter().copied().collect();
    let first: Vec<&str> = first.into_iter().filter(|name| in_second.contains(name)).collect();
    let second: Vec<&str> = second.into_iter().filter(|name| in_first.contains(name)).collect();
    (first != second).then(|| (first.join(", "), second.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::{Column, DataType, ObjectBody, Table};
    use super::*;
    use crate::dialect;
    use crate::name::Name;

    fn schema(columns: &[(&str, &str)]) -> Schema {
        let mut schema = Schema::new(dialect::named("postgres").unwrap());
        let app = schema.insert(Name::stored("app"), None, ObjectBody::Schema);
        let mut table = Table::new();
        for (name, data_type) in columns {
            let number = table.take_column_number();
            table.columns.push(Column::new(number, Name::stored(*name), DataType::builtin(data_type)));
        }
        schema.insert(Name::stored("clients"), Some(app), ObjectBody::Table(table));
        schema
    }

    fn lines(before: &Schema, after: &Schema) -> Vec<String> {
        difference(before, after).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_schema_does_not_differ_from_itself() {
        let one = schema(&[("id", "int8"), ("phone", "text")]);
        assert_eq!(lines(&one, &one), Vec::<String>::new());
    }

    #[test]
    fn a_column_that_came_back_at_the_end_is_a_difference_in_order() {
        let before = schema(&[("id", "int8"), ("phone", "text"), ("email", "text")]);
        let after = schema(&[("id", "int8"), ("email", "text"), ("phone", "text")]);
        assert_eq!(lines(&before, &after), ["table app.clients: order of columns was id, phone, email, is id, email, phone"]);
    }

    #[test]
    fn a_missing_column_is_one_line_and_moves_nothing() {
        let before = schema(&[("id", "int8"), ("phone", "text"), ("email", "text")]);
        let after = schema(&[("id", "int4"), ("email", "text")]);
        assert_eq!(lines(&before, &after), ["column app.clients.id: type was bigint, is integer", "column app.clients.phone is missing"]);
    }

    #[test]
    fn a_missing_table_is_one_line() {
        let before = schema(&[("id", "int8")]);
        let mut after = before.clone();
        let table = after.objects().find(|object| object.name.as_str() == "clients").map(|object| object.id).unwrap();
        after.remove(table);
        assert_eq!(lines(&before, &after), ["table app.clients is missing"]);
        assert_eq!(lines(&after, &before), ["table app.clients was not there before"]);
    }
}
