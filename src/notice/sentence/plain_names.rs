//! What people call a field or a list; where nobody has said it, a problem that says where to add it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::catalog::Field;
use crate::diagnostic::Problem;
use crate::notice::facts::NoticeFacts;
use crate::notice::template::Phrases;
use crate::schema::{ColumnNumber, ObjectId, Schema};

/// The catalog's plain names.
pub(in crate::notice) struct PlainNames<'a> {
    facts: &'a NoticeFacts<'a>,
    missing: RefCell<BTreeMap<String, Problem>>,
}

impl<'a> PlainNames<'a> {
    pub(in crate::notice) fn new(facts: &'a NoticeFacts<'a>) -> Self {
        Self { facts, missing: RefCell::default() }
    }

    /// A problem for each name that is missing, in the order of names.
    pub(in crate::notice) fn missing(&self) -> Vec<Problem> {
        self.missing.borrow().values().cloned().collect()
    }

    /// `"Phone" (Client list)`.
    pub(super) fn field(&self, phrases: &Phrases, schema: &Schema, relation: ObjectId, column: ColumnNumber) -> String {
        let table = table(schema, relation);
        let name = schema.column(relation, column).map(|column| column.name.to_string()).unwrap_or_default();
        self.by_key(phrases, &format!("{table}.{name}"))
    }

    /// The same for a field by its key in the catalog.
    pub(super) fn by_key(&self, phrases: &Phrases, key: &str) -> String {
        match self.facts.catalog.fields.get(key) {
            Some(Field { label, list: Some(list), .. }) => phrases.say("name.field", &[("field", label), ("list", list)]),
            Some(Field { label, list: None, .. }) => phrases.say("name.field_alone", &[("field", label)]),
            None => {
                let table = key.rsplit_once('.').map_or(key, |(table, _)| table);
                let list = self.known_list(table).unwrap_or_else(|| String::from("…"));
                self.miss(key, format!("  {key}: {{ label: …, list: {list} }}"));
                let name = key.rsplit('.').next().unwrap_or(key).replace('_', " ");
                phrases.say("name.field_alone", &[("field", &name)])
            }
        }
    }

    /// `the list "Client list"`.
    pub(super) fn list(&self, phrases: &Phrases, schema: &Schema, relation: ObjectId) -> String {
        let table = table(schema, relation);
        let list = self.known_list(&table).unwrap_or_else(|| {
            let column = schema.columns(relation).first().map_or_else(|| String::from("COLUMN"), |column| column.name.to_string());
            self.miss(&table, format!("  {table}.{column}: {{ label: …, list: … }}"));
            table.rsplit('.').next().unwrap_or(&table).replace('_', " ")
        });
        phrases.say("name.list", &[("list", &list)])
    }

    /// The list in which people see a table's fields, when the catalog says so.
    fn known_list(&self, table: &str) -> Option<String> {
        let start = format!("{table}.");
        let mut of_table = self.facts.catalog.fields.range(start.clone()..).take_while(|(key, _)| key.starts_with(&start));
        of_table.find_map(|(_, field)| field.list.clone())
    }

    fn miss(&self, key: &str, line: String) {
        let file = self.file_for(key);
        let place = file.as_ref().map_or_else(|| String::from("a file of the catalog"), |file| file.display().to_string());
        let mut problem = Problem::error("notice-without-plain-name", format!("{key} has no plain name, and a notice speaks of it"));
        if let Some(file) = &file {
            problem = problem.of(file);
        }
        let problem = problem.help(format!("add to {place}:\nfields:\n{line}"));
        self.missing.borrow_mut().entry(key.to_owned()).or_insert(problem);
    }

    /// The file that has the names of the same table, else of the same schema, else of anything, else the departments.
    fn file_for(&self, key: &str) -> Option<PathBuf> {
        let mut start = key;
        while let Some((shorter, _)) = start.rsplit_once('.') {
            start = shorter;
            let prefix = format!("{start}.");
            if let Some((_, field)) = self.facts.catalog.fields.range(prefix.clone()..).next().filter(|(other, _)| other.starts_with(&prefix)) {
                return self.file_of(field.reference.span);
            }
        }
        let any = self.facts.catalog.fields.values().next().map(|field| field.reference.span);
        let departments = self.facts.catalog.departments.values().find_map(|department| department.span);
        any.or(departments).and_then(|span| self.file_of(span))
    }

    fn file_of(&self, span: crate::text::Span) -> Option<PathBuf> {
        self.facts.sources.get(span.source).map(|source| PathBuf::from(source.name()))
    }
}

fn table(schema: &Schema, relation: ObjectId) -> String {
    schema.qualified_name(relation).map(|name| name.to_string()).unwrap_or_default()
}
