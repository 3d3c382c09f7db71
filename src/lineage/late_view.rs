//! Views that look their columns up at each query: the view's own query is bound anew, against the schema as it is now.
//!
//! In: a view whose `late_binding` is set. Out: its columns as they are now, and as refusals of whoever reads it what its query would be refused for.
//! Each view is bound once in one binding, however often it is named. What becomes of the columns is the dialect's [`LateColumns`].

use std::collections::BTreeSet;
use std::rc::Rc;

use super::binder::Binder;
use super::late_memory::Understood;
use super::level::{Relation, RelationColumn, RelationKind};
use super::value::Sources;
use super::{Binding, Output, Session};
use crate::dialect::LateColumns;
use crate::name::Name;
use crate::schema::{Address, Column, ObjectId, View};
use crate::text::Span;

/// Views inside views are followed so far.
const DEEPEST: usize = 64;

impl Binder<'_> {
    /// A late view as a relation of a query. `name_span` and `span` are where the query names it.
    pub(super) fn late_relation(&mut self, id: ObjectId, view: &View, span: Span) -> Relation {
        let understood = self.late_view(id, view);
        let name = self.schema.get(id).map(|object| object.name.clone());
        let shown = name.as_ref().map_or("", Name::as_str);
        let mut relation = Relation { kind: RelationKind::Stored(id), columns: Vec::new(), span, uncertain: None, row_type: Some(id) };
        match &*understood {
            Understood::Unread(reason) => {
                let reason: Rc<str> = Rc::from(reason.as_str());
                self.unresolved(shown, reason.as_ref(), span);
                relation.uncertain = Some(reason);
                relation.columns = view.columns.iter().map(|column| known_only_by_name(id, column)).collect();
            }
            Understood::Bound(binding) => {
                self.depends_on.extend(binding.depends_on.iter().copied());
                for error in &binding.errors {
                    let told = super::BindError::new(error.sqlstate, format!("in the view {shown}: {}", error.message), span);
                    self.found.errors.push(told.or_unknown(error.unknown.clone()));
                }
                for unresolved in &binding.unresolved {
                    self.unresolved(shown, format!("in the view {shown}: {}: {}", unresolved.reference, unresolved.reason), span);
                }
                if binding.open_outputs {
                    relation.uncertain = Some(Rc::from("the columns of the view are not all known"));
                }
                if binding.errors.is_empty() {
                    relation.columns = self.late_columns(id, view, binding, shown, span);
                } else {
                    relation.uncertain = Some(Rc::from("the view fails"));
                }
            }
        }
        relation
    }

    fn late_view(&self, id: ObjectId, view: &View) -> Rc<Understood> {
        if let Some(known) = self.late_views.known.borrow().get(&id) {
            return Rc::clone(known);
        }
        let understood = Rc::new(self.understand(id, view));
        self.late_views.known.borrow_mut().insert(id, Rc::clone(&understood));
        understood
    }

    fn understand(&self, id: ObjectId, view: &View) -> Understood {
        if self.late_views.open.contains(&id) || self.late_views.open.len() >= DEEPEST {
            return Understood::Unread(String::from("views read one another too deeply, or in a circle"));
        }
        let mut sources = crate::text::Sources::default();
        let source = sources.add("view", view.query.print(self.schema));
        let query = match crate::sql::read_query(&sources, source, self.schema.dialect) {
            Ok(query) => query,
            Err(unread) => return Understood::Unread(format!("the query of the view is not read: {}", unread.message)),
        };
        let session = self.session_of_view(id);
        let mut binder = Binder::new(self.schema, &session);
        binder.late_views = self.late_views.clone();
        binder.late_views.open.push(id);
        Understood::Bound(binder.bound_query(&query))
    }

    /// Names without a schema are looked for beside the view first, then where the session looks.
    fn session_of_view(&self, id: ObjectId) -> Session {
        let mut session = self.session.clone();
        let home = self.schema.get(id).and_then(|object| self.schema.get(object.namespace?)).map(|namespace| namespace.name.clone());
        if let Some(home) = home
            && session.search_path.first() != Some(&home)
        {
            session.search_path.insert(0, home);
        }
        session
    }

    fn late_columns(&mut self, id: ObjectId, view: &View, binding: &Binding, shown: &str, span: Span) -> Vec<RelationColumn> {
        let names_its_columns = view.columns.iter().enumerate().any(|(index, column)| output_of(view, index).is_some_and(|output| *output != column.name));
        let pairs: Vec<(&Output, Option<&Column>)> = match self.schema.dialect.late_columns {
            _ if view.columns.is_empty() => binding.outputs.iter().map(|output| (output, None)).collect(),
            LateColumns::AsTheQueryGives if !names_its_columns => {
                binding.outputs.iter().map(|output| (output, view.columns.iter().find(|column| column.name == output.name))).collect()
            }
            LateColumns::AsMadeByName if !names_its_columns => {
                let mut pairs = Vec::new();
                for column in &view.columns {
                    match binding.outputs.iter().find(|output| output.name == column.name) {
                        Some(output) => pairs.push((output, Some(column))),
                        None if binding.open_outputs => {}
                        None => self.error("42703", format!("in the view {shown}: column \"{}\" does not exist", column.name), span),
                    }
                }
                pairs
            }
            LateColumns::AsTheQueryGives | LateColumns::AsMadeByName | LateColumns::AsManyAsMade => {
                if view.columns.len() != binding.outputs.len() && !binding.open_outputs {
                    let message = format!("the view {shown} was made with {} columns and its query gives {}", view.columns.len(), binding.outputs.len());
                    self.error("42601", message, span);
                }
                binding.outputs.iter().zip(&view.columns).map(|(output, column)| (output, Some(column))).collect()
            }
        };
        pairs.into_iter().map(|(output, column)| late_column(id, output, column)).collect()
    }
}

fn output_of(view: &View, index: usize) -> Option<&Name> {
    view.origins.get(index)?.output.as_ref()
}

fn late_column(id: ObjectId, output: &Output, column: Option<&Column>) -> RelationColumn {
    let address = column.map(|column| Address::column(id, column.number));
    let direct: BTreeSet<Address> = match address {
        Some(address) => BTreeSet::from([address]),
        None => output.direct_sources.iter().copied().collect(),
    };
    let name = column.map_or_else(|| output.name.clone(), |column| column.name.clone());
    RelationColumn {
        column: address,
        direct: address.is_some(),
        reads: direct.iter().copied().collect(),
        sources: Rc::new(Sources { direct, followed: output.sources.iter().copied().collect(), named: output.named_sources.iter().cloned().collect() }),
        ..RelationColumn::computed(name, output.data_type.clone(), output.nullable)
    }
}

fn known_only_by_name(id: ObjectId, column: &Column) -> RelationColumn {
    let address = Address::column(id, column.number);
    let itself = BTreeSet::from([address]);
    RelationColumn {
        column: Some(address),
        direct: true,
        reads: Rc::from([address]),
        sources: Rc::new(Sources { direct: itself.clone(), followed: itself, ..Sources::default() }),
        ..RelationColumn::computed(column.name.clone(), Some(column.data_type.clone()), true)
    }
}

#[cfg(test)]
mod tests {
    use crate::dialect::named;
    use crate::lineage::{Binding, Session, bind_query};
    use crate::migrate::build;
    use crate::sql::{read_query, read_script};
    use crate::text::Sources;

    fn bound(dialect: &str, ddl: &str, query: &str) -> Binding {
        let dialect = named(dialect).unwrap();
        let mut sources = Sources::default();
        let id = sources.add("ddl", ddl);
        let script = read_script(&sources, id, dialect);
        let run = build(&script.statements, dialect, &sources);
        for step in &run.steps {
            assert!(step.outcome.refusal.is_none(), "{:?}", step.outcome.refusal);
        }
        let id = sources.add("query", query);
        let query = read_query(&sources, id, dialect).unwrap();
        bind_query(&run.after, &Session::new(&run.after), &query)
    }

    fn names(binding: &Binding) -> Vec<&str> {
        binding.outputs.iter().map(|output| output.name.as_str()).collect()
    }

    fn refusals(binding: &Binding) -> Vec<&str> {
        binding.errors.iter().map(|error| error.sqlstate).collect()
    }

    const CLIENTS: &str = "CREATE TABLE clients (id INT, phone VARCHAR(20)); CREATE VIEW book AS SELECT * FROM clients;";

    #[test]
    fn a_column_may_go_and_whoever_reads_the_view_fails() {
        for dialect in ["generic", "duckdb", "snowflake", "bigquery", "databricks", "mysql", "mssql", "clickhouse", "sqlite"] {
            let ddl =
                "CREATE TABLE clients (id INT, phone VARCHAR(20)); CREATE VIEW book AS SELECT id, phone FROM clients; ALTER TABLE clients DROP COLUMN phone;";
            assert_eq!(refusals(&bound(dialect, ddl, "SELECT id FROM book")).first(), Some(&"42703"), "{dialect}");
        }
    }

    #[test]
    fn a_star_gives_what_the_dialect_says() {
        let more = format!("{CLIENTS} ALTER TABLE clients ADD COLUMN email INT;");
        assert_eq!(names(&bound("sqlite", &more, "SELECT * FROM book")), ["id", "phone", "email"]);
        assert_eq!(names(&bound("mysql", &more, "SELECT * FROM book")), ["id", "phone"]);
        assert_eq!(refusals(&bound("snowflake", &more, "SELECT * FROM book")), ["42601"]);
    }

    #[test]
    fn sources_are_followed_through_views_in_views() {
        let ddl = format!("{CLIENTS} CREATE VIEW numbers (n) AS SELECT phone FROM book;");
        let binding = bound("duckdb", &ddl, "SELECT n FROM numbers");
        assert_eq!(binding.outputs[0].sources.len(), 1);
        assert_eq!(names(&binding), ["n"]);
        assert!(binding.errors.is_empty());
    }

    #[test]
    fn views_in_a_circle_are_unknown() {
        let ddl = "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a FROM v; CREATE OR REPLACE VIEW v AS SELECT a FROM w;";
        let binding = bound("duckdb", ddl, "SELECT a FROM w");
        assert!(!binding.unresolved.is_empty());
    }
}
