//! Pieces of SQL in the file: types, expressions, queries. Each becomes a source of its own, so that what is said about it has a place.

use std::sync::Arc;

use super::context::Context;
use crate::diagnostic::Problem;
use crate::lineage::{Binding, ExpressionBinding, ExpressionScope, bind_expression, bind_query, define_expression, define_query, resolve_type};
use crate::schema::{DataType, Definition, ObjectId, Piece, TypeIdentity};
use crate::snapshot::file::Text;
use crate::sql::{read_expression, read_query, read_type, tree};
use crate::text::SourceId;

impl Context<'_> {
    /// Adds a piece of SQL to the texts.
    pub(super) fn source(&mut self, text: &Text) -> SourceId {
        let place = self.sources.place(text.span);
        let name = format!("{}:{}", self.file, place.start.line);
        self.sources.add(name, text.value.as_str())
    }

    /// A type by its spelling. One that nothing answers to is a problem, and stays in the schema under its name.
    pub(super) fn data_type(&mut self, namespace: Option<ObjectId>, text: &Text) -> DataType {
        let unknown = || DataType { identity: TypeIdentity::Unknown(Arc::from(text.value.as_str())), modifiers: Arc::from([]), array: false };
        let id = self.source(text);
        let written = match read_type(self.sources, id, self.schema.dialect) {
            Ok(written) => written,
            Err(unread) => {
                let message = format!("`{}` is not read as a type: {}", text.value, unread.message);
                self.problem(Problem::error("snapshot-type", message).at(text.span));
                return unknown();
            }
        };
        let session = self.session(namespace);
        match resolve_type(&self.schema, &session, &written) {
            Ok(data_type) => data_type,
            Err(error) => {
                // A type with its schema may be one that is not kept here (a multirange, one of an extension); a bare name is a slip.
                let is_elsewhere = written.name.schema.is_some();
                let problem = if is_elsewhere { Problem::warning("snapshot-type", error.message) } else { Problem::error("snapshot-type", error.message) };
                self.problem(problem.at(text.span).help("write types as the server prints them: `character varying(20)`, `app.status`, `text[]`"));
                unknown()
            }
        }
    }

    /// An expression in its scope. One that is not understood is a warning, and is kept as text.
    pub(super) fn expression(&mut self, namespace: Option<ObjectId>, scope: &ExpressionScope, text: &Text) -> Definition {
        let id = self.source(text);
        let expression = match read_expression(self.sources, id, self.schema.dialect) {
            Ok(expression) => expression,
            Err(unread) => {
                self.not_understood(text, &unread.message);
                return Definition::text(text.value.as_str());
            }
        };
        let session = self.session(namespace);
        let binding = bind_expression(&self.schema, &session, scope, &expression);
        if let Some(reason) = doubt_of_expression(&binding) {
            self.not_understood(text, &reason);
        }
        let definition = define_expression(&self.schema, &session, &expression, &binding).needing(binding.depends_on.iter().copied());
        if is_empty(&definition) { Definition::text(text.value.as_str()).needing(binding.depends_on) } else { definition }
    }

    /// A query read but not yet resolved; `None` when it cannot be read, which is a warning.
    pub(super) fn read_query(&mut self, text: &Text) -> Result<tree::Query, String> {
        let id = self.source(text);
        read_query(self.sources, id, self.schema.dialect).map_err(|unread| unread.message)
    }

    /// A query resolved against the schema so far.
    pub(super) fn bind(&self, namespace: Option<ObjectId>, query: &tree::Query) -> Binding {
        bind_query(&self.schema, &self.session(namespace), query)
    }

    /// A bound query as it is stored.
    pub(super) fn define(&self, namespace: Option<ObjectId>, query: &tree::Query, binding: &Binding, text: &Text) -> Definition {
        let definition = define_query(&self.schema, &self.session(namespace), query, binding).needing(binding.depends_on.iter().copied());
        let written = text.value.trim().trim_end_matches(';');
        if is_empty(&definition) { Definition::text(written).needing(binding.depends_on.iter().copied()) } else { definition }
    }

    /// SQL that is in the file, and of which nobody can say what it means.
    pub(super) fn not_understood(&mut self, text: &Text, reason: &str) {
        self.problem(Problem::warning("snapshot-not-understood", format!("what this means is not known: {reason}")).at(text.span));
    }
}

fn doubt_of_expression(binding: &ExpressionBinding) -> Option<String> {
    let error = binding.errors.first().map(|error| error.message.clone());
    error.or_else(|| binding.unresolved.first().map(|unresolved| format!("`{}`: {}", unresolved.reference, unresolved.reason)))
}

/// Why the columns of a bound query are not certain.
pub(super) fn doubt_of_query(binding: &Binding) -> Option<String> {
    let error = binding.errors.first().map(|error| error.message.clone());
    error.or_else(|| binding.unresolved.first().map(|unresolved| format!("`{}`: {}", unresolved.reference, unresolved.reason)))
}

fn is_empty(definition: &Definition) -> bool {
    definition.pieces().iter().all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()))
}
