//! What every pass works on: the schema as far as it is built, the texts, and the problems found.

use std::sync::Arc;

use super::name;
use crate::diagnostic::Problem;
use crate::lineage::Session;
use crate::name::{Name, QualifiedName};
use crate::schema::{ColumnNumber, Object, ObjectBody, ObjectId, Schema};
use crate::snapshot::file::Text;
use crate::text::Sources;

/// A schema in the making.
pub(super) struct Context<'a> {
    /// The texts; pieces of SQL are added to them.
    pub(super) sources: &'a mut Sources,
    /// The schema so far.
    pub(super) schema: Schema,
    /// What was found.
    pub(super) problems: Vec<Problem>,
    /// The owner of everything that names no other.
    pub(super) owner: Option<Name>,
    /// The name of the file, for the names of the pieces of SQL in it.
    pub(super) file: String,
}

impl Context<'_> {
    /// Writes a problem down.
    pub(super) fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// A session in which names without a schema mean those beside the object; a file that was written by a program has none.
    pub(super) fn session(&self, namespace: Option<ObjectId>) -> Session {
        let own = namespace.and_then(|id| self.schema.get(id)).map(|object| object.name.clone());
        Session { search_path: own.into_iter().collect(), ..Session::new(&self.schema) }
    }

    /// A name as it is stored.
    pub(super) fn name(text: &Text) -> Name {
        Name::stored(text.value.as_str())
    }

    /// Adds an object, with owner and comment. A name that is taken is a problem, and the object is left out.
    pub(super) fn insert(&mut self, space: crate::schema::NameSpace, namespace: Option<ObjectId>, name: &Text, body: ObjectBody) -> Option<ObjectId> {
        let stored = Self::name(name);
        if self.schema.find(space, namespace, &stored).is_some() {
            let problem = Problem::error("snapshot-name-taken", format!("there is another object named `{stored}` in this schema")).at(name.span);
            self.problem(problem.help("tables, views, sequences, indexes and composite types share their names; so do tables and types"));
            return None;
        }
        Some(self.schema.insert(stored, namespace, body))
    }

    /// Sets the comment.
    pub(super) fn comment(&mut self, id: ObjectId, comment: Option<&Text>) {
        if let Some(comment) = comment {
            self.schema.update(id, |object| object.comment = Some(Arc::from(comment.value.as_str())));
        }
    }

    /// Sets owner and comment.
    pub(super) fn decorate(&mut self, id: ObjectId, owner: Option<&Text>, comment: Option<&Text>) {
        // `public` belongs to the database's owner when nothing else is said, not to whoever owns the rest.
        let is_public = self.schema.get(id).is_some_and(|object| matches!(object.body, ObjectBody::Schema) && object.name.as_str() == "public");
        let owner = owner.map(Self::name).or_else(|| self.owner.clone().filter(|_| !is_public));
        self.schema.update(id, |object: &mut Object| object.owner = owner);
        self.comment(id, comment);
    }

    /// The relation, type or index that `schema.name` means; a problem when there is none.
    pub(super) fn relation(&mut self, text: &Text) -> Option<ObjectId> {
        let found = self.find_relation(text);
        if found.is_none() {
            let message = format!("there is no table or view `{}` in this file", text.value);
            let names: Vec<String> = self.relation_names();
            self.problem(Problem::error("snapshot-unknown-table", message).at(text.span).allowed(&text.value, names.iter().map(String::as_str)));
        }
        found
    }

    fn find_relation(&self, text: &Text) -> Option<ObjectId> {
        match name::split(&text.value)?.as_slice() {
            [schema, name] => self.schema.relation(&QualifiedName::new(Name::stored(schema.as_str()), Name::stored(name.as_str()))),
            _ => None,
        }
    }

    fn relation_names(&self) -> Vec<String> {
        let relations = self.schema.objects().filter(|object| matches!(object.body, ObjectBody::Table(_) | ObjectBody::View(_)));
        let mut names: Vec<String> = relations.filter_map(|object| self.schema.qualified_name(object.id)).map(|name| name.to_string()).collect();
        names.sort();
        names
    }

    /// The index that `schema.name` means; a problem when there is none.
    pub(super) fn index(&mut self, text: &Text) -> Option<ObjectId> {
        let found = self.find_relation(text).filter(|id| self.schema.index(*id).is_some());
        if found.is_none() {
            self.problem(Problem::error("snapshot-unknown-index", format!("there is no index `{}` in this file", text.value)).at(text.span));
        }
        found
    }

    /// A column of a relation by its name; a problem when there is none.
    pub(super) fn column(&mut self, relation: ObjectId, text: &Text) -> Option<ColumnNumber> {
        let columns = self.schema.columns(relation);
        let found = columns.iter().find(|column| column.name.as_str() == text.value).map(|column| column.number);
        if found.is_none() {
            let names: Vec<String> = columns.iter().map(|column| column.name.to_string()).collect();
            let table = self.schema.qualified_name(relation).map(|name| name.to_string()).unwrap_or_default();
            let problem = Problem::error("snapshot-unknown-column", format!("`{table}` has no column `{}`", text.value)).at(text.span);
            self.problem(problem.allowed(&text.value, names.iter().map(String::as_str)));
        }
        found
    }

    /// Columns by their names; unknown ones are problems and left out.
    pub(super) fn columns(&mut self, relation: ObjectId, texts: &[Text]) -> Vec<ColumnNumber> {
        texts.iter().filter_map(|text| self.column(relation, text)).collect()
    }

    /// A value that must be there; a problem at the name of the thing when it is not.
    pub(super) fn required<'t>(&mut self, value: Option<&'t Text>, key: &str, of: &Text) -> Option<&'t Text> {
        if value.is_none() {
            let problem = Problem::error("yaml-missing-key", format!("`{key}` is missing")).at(of.span);
            self.problem(problem.help(format!("add `{key}: …` to `{}`", of.value)));
        }
        value
    }
}

/// Names and values of a mapping.
pub(super) fn pairs(entries: &crate::yaml::Entries<Text>) -> Vec<(Arc<str>, Arc<str>)> {
    entries.0.iter().map(|(name, value)| (Arc::from(name.value.as_str()), Arc::from(value.value.as_str()))).collect()
}

/// The same with names in upper case and spaces for underscores, as options are kept.
pub(super) fn options(entries: &crate::yaml::Entries<Text>) -> Vec<(Arc<str>, Arc<str>)> {
    // Parameters of a column are lower case wherever they stand.
    let word = |name: &Text| match name.value.to_ascii_lowercase() {
        parameter if parameter.starts_with("n_distinct") => Arc::from(parameter.as_str()),
        other => Arc::from(other.to_ascii_uppercase().as_str()),
    };
    entries.0.iter().map(|(name, value)| (word(name), Arc::from(value.value.as_str()))).collect()
}
