//! `FROM`: each thing in it becomes a relation of the level, seen under a name.
//!
//! Rules: parse_clause.c, transformFromClause, and parse_relation.c (PostgreSQL 15).

use std::collections::BTreeSet;
use std::rc::Rc;

use super::binder::{Binder, CteInSight};
use super::level::{Clause, Relation, RelationColumn, RelationKind, Visible};
use super::query::Rows;
use super::value::Sources;
use super::{NamedSource, catalog_relations, resolve};
use crate::dialect::Grammar;
use crate::name::Name;
use crate::schema::{Address, Column, ObjectBody, ObjectId};
use crate::sql::tree::{From, Ident, ObjectName, RelationAlias};
use crate::text::Span;

/// Why nothing is known of the columns of a relation that is missing for certain.
const NOT_THERE: &str = "its relation is not in the schema";

impl Binder<'_> {
    /// Says that a column of an uncertain relation is unknown. Where types are derived, a relation that is missing for certain is refused already,
    /// and its columns add nothing to that.
    pub(super) fn unknown_column(&mut self, column: &str, reason: &str, span: Span) {
        if !(self.is_typed() && reason == NOT_THERE) {
            self.unresolved(column, reason, span);
        }
    }

    /// The comma list of a `FROM`.
    pub(super) fn from_clause(&mut self, from: &[From]) {
        for item in from {
            let visible = self.from_item(item);
            self.names_must_differ(&visible);
            for mut one in visible {
                one.lateral_only = true;
                one.lateral_allowed = true;
                self.level().visible.push(one);
            }
        }
        for one in &mut self.level().visible {
            one.lateral_only = false;
            one.lateral_allowed = true;
        }
    }

    /// One thing in `FROM`: what can be seen of it.
    pub(super) fn from_item(&mut self, item: &From) -> Vec<Visible> {
        match item {
            From::Relation { name, alias, only: _, extras, sample } => {
                let visible = self.named_relation(name, alias.as_ref());
                if sample.is_some() && self.is_typed() {
                    self.must_be_sampled(&visible, name);
                }
                for extra in extras {
                    self.in_clause(Clause::FromFunction, |binder| binder.expression(extra));
                }
                visible
            }
            From::Subquery { query, lateral, alias, span } => {
                let rows = self.with_lateral(*lateral, Clause::FromSubquery, |binder| binder.query(query)).settled();
                if alias.is_none() && self.schema.server.major_version.unwrap_or(15) < 16 && self.is_postgres_strict() {
                    self.error("42601", "subquery in FROM must have an alias", *span);
                }
                self.derived_relation(rows, alias.as_ref(), *span)
            }
            From::Function { items, lateral: _, ordinality, alias, span } => self.function_in_from(items, *ordinality, alias.as_ref(), *span),
            From::Join { left, right, kind, constraint, alias } => self.join(left, right, *kind, constraint, alias.as_ref()),
            From::Pivot { input, aggregates, value_columns, values, alias, span } => {
                self.pivot(input, aggregates, value_columns, values, alias.as_ref(), *span)
            }
            From::Unpivot { input, value, name, columns, alias, span } => self.unpivot(input, value, name, columns, alias.as_ref(), *span),
            From::NotUnderstood { what, span } => {
                self.unresolved(what.as_str(), "this form of FROM is not read", *span);
                let rows = Rows { columns: Vec::new(), uncertain: Some(Rc::from("this form of FROM is not read")) };
                self.derived_relation(rows, None, *span)
            }
        }
    }

    /// `TABLESAMPLE` takes tables and materialized views (parse_clause.c, transformFromClauseItem; PostgreSQL 15).
    fn must_be_sampled(&mut self, visible: &[Visible], name: &ObjectName) {
        let kind = visible.first().and_then(|one| self.level().relations.get(one.relation).map(|relation| relation.kind.clone()));
        let refused = match kind {
            Some(RelationKind::Stored(id)) => self.schema.view(id).is_some_and(|view| view.kind == crate::sql::tree::ViewKind::Plain),
            Some(RelationKind::Derived) => true,
            _ => false,
        };
        if refused {
            self.error("0A000", "TABLESAMPLE clause can only be applied to tables and materialized views", name.span());
        }
    }

    fn is_postgres_strict(&self) -> bool {
        self.schema.dialect.modelling == crate::dialect::Modelling::Server
    }

    /// Does something while what is lateral only can be seen, or not.
    pub(super) fn with_lateral<T>(&mut self, lateral: bool, clause: Clause, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.level().lateral_active, lateral);
        let depth = self.levels.len();
        let result = self.in_clause(clause, work);
        if let Some(level) = depth.checked_sub(1).and_then(|index| self.levels.get_mut(index)) {
            level.lateral_active = before;
        }
        result
    }

    /// A relation by name: a common table expression, a relation of the schema or the catalog, or one that is missing.
    pub(super) fn named_relation(&mut self, name: &ObjectName, alias: Option<&RelationAlias>) -> Vec<Visible> {
        if name.schema.is_none()
            && let Some(cte) = self.ctes.iter().rev().find(|cte| cte.name == name.name.name).cloned()
        {
            return self.cte_relation(&cte, name, alias);
        }
        let relation = match self.elements_of_a_column(name, alias) {
            Some(relation) => relation,
            None => self.relation_of_schema(name),
        };
        self.add_relation(relation, alias, Some(name.name.name.clone()))
    }

    /// `FROM t, t.list AS element`: the elements of a column of what stands before (BigQuery, FROM clause: UNNEST; Redshift, Navigation and unnesting).
    fn elements_of_a_column(&mut self, name: &ObjectName, alias: Option<&RelationAlias>) -> Option<Relation> {
        let before = name.schema.as_ref()?;
        let reaches = matches!(self.schema.dialect.grammar, Grammar::BigQuery | Grammar::Redshift);
        if !reaches || resolve::find_relation(self.schema, self.session, &self.namespaces, name).is_some() {
            return None;
        }
        let span = name.span();
        let sources = self.with_lateral(true, Clause::FromFunction, |binder| {
            binder.find_relation(None, before)?;
            let start = binder.log.len();
            binder.qualified_column(None, before, &name.name, span);
            Some(binder.sources_since(start))
        })?;
        let own = alias.map_or(&name.name.name, |alias| &alias.name.name);
        let mut element = RelationColumn::computed(own.clone(), None, true);
        element.sources = sources;
        let uncertain = Some(Rc::from("the fields of the elements are not known"));
        Some(Relation { kind: RelationKind::ScalarFunction, columns: vec![element], span, uncertain, row_type: None })
    }

    fn cte_relation(&mut self, cte: &CteInSight, name: &ObjectName, alias: Option<&RelationAlias>) -> Vec<Visible> {
        if let Some((sqlstate, message)) = cte.refused {
            self.error(sqlstate, message, name.span());
        }
        if let Some(reason) = &cte.uncertain
            && cte.columns.is_empty()
        {
            self.unresolved(name.to_string(), reason.as_ref(), name.span());
        }
        let refused = cte.refused.map(|_| Rc::from("it cannot be read here"));
        let rows = Rows { columns: cte.columns.to_vec(), uncertain: cte.uncertain.clone().or(refused) };
        let mut relation = derived(rows, cte.span);
        relation.span = cte.span;
        self.add_relation(relation, alias, Some(name.name.name.clone()))
    }

    /// A relation of the schema or the catalog, with everything its name makes depend.
    pub(super) fn relation_of_schema(&mut self, name: &ObjectName) -> Relation {
        let span = name.span();
        if let Some(found) = resolve::find_relation(self.schema, self.session, &self.namespaces, name) {
            return self.stored_relation(found, name.name.span, span);
        }
        if let Some(relation) = catalog_relations::find(self.schema, name) {
            let columns = relation.iter().map(|column| RelationColumn::computed(column.name.clone(), Some(column.data_type.clone()), !column.not_null));
            return Relation { kind: RelationKind::Catalog, columns: columns.collect(), span, uncertain: None, row_type: None };
        }
        let written: Rc<str> = Rc::from(name.to_string());
        let unknown = resolve::why_unknown(self.schema, name);
        match &unknown {
            Some(reason) => self.unresolved(name.to_string(), reason.as_ref(), span),
            None => self.error("42P01", format!("relation \"{name}\" does not exist"), span),
        }
        let mut everything = RelationColumn::computed(Name::stored("*"), None, true);
        let named = BTreeSet::from([NamedSource { relation: written.to_string(), column: "*".to_owned() }]);
        everything.sources = Rc::new(Sources { named, ..Sources::default() });
        Relation {
            kind: RelationKind::Missing(written),
            columns: vec![everything],
            span,
            uncertain: Some(unknown.map_or_else(|| Rc::from(NOT_THERE), |reason| Rc::from(&*reason))),
            row_type: None,
        }
    }

    /// A relation of the schema by identity.
    pub(super) fn stored_relation(&mut self, id: ObjectId, name_span: Span, span: Span) -> Relation {
        self.found.references.push((name_span, Address::whole(id)));
        self.depend(Address::whole(id));
        let schema = self.schema;
        let mut uncertain: Option<Rc<str>> = None;
        let Some(object) = schema.get(id) else {
            return Relation { kind: RelationKind::Stored(id), columns: Vec::new(), span, uncertain: Some(Rc::from("it is gone")), row_type: None };
        };
        match &object.body {
            ObjectBody::View(view) if view.late_binding => return self.late_relation(id, view, span),
            ObjectBody::View(view) => {
                if let Some(reason) = &view.unresolved {
                    uncertain = Some(Rc::from(&**reason));
                }
            }
            ObjectBody::Table(_) | ObjectBody::Sequence(_) => {}
            ObjectBody::Index(_) => self.error("42809", format!("\"{}\" is an index", object.name), span),
            _ => self.error("42809", format!("\"{}\" is a composite type", object.name), span),
        }
        if let Some(reason) = schema.why_unknown(&object.name) {
            uncertain = Some(Rc::from(&**reason));
        }
        if let Some(reason) = &uncertain {
            let reason = Rc::clone(reason);
            self.unresolved(object.name.as_str(), reason.as_ref(), span);
        }
        let mut columns: Vec<RelationColumn> = schema.columns(id).iter().map(|column| self.stored_column(id, column)).collect();
        if matches!(object.body, ObjectBody::Sequence(_)) {
            for (name, data_type) in [("last_value", "int8"), ("log_cnt", "int8"), ("is_called", "bool")] {
                columns.push(RelationColumn::computed(Name::stored(name), Some(crate::schema::DataType::builtin(data_type)), false));
            }
        }
        Relation { kind: RelationKind::Stored(id), columns, span, uncertain, row_type: Some(id) }
    }

    fn stored_column(&self, relation: ObjectId, column: &Column) -> RelationColumn {
        let address = Address::column(relation, column.number);
        let mut followed = BTreeSet::new();
        self.follow(address, &mut followed);
        let never_null = self.schema.view(relation).is_some_and(|view| {
            let position = view.columns.iter().position(|own| own.number == column.number);
            position.and_then(|position| view.origins.get(position)).is_some_and(|origin| origin.never_null)
        });
        RelationColumn {
            name: column.name.clone(),
            data_type: Some(column.data_type.clone()),
            nullable: !column.not_null && !never_null && !self.is_not_null_domain(&column.data_type),
            column: Some(address),
            direct: true,
            sources: Rc::new(Sources { direct: BTreeSet::from([address]), followed, named: BTreeSet::new() }),
            reads: Rc::from([address]),
            fields: None,
            base: None,
            hidden: false,
        }
    }

    /// A derived relation from rows.
    pub(super) fn derived_relation(&mut self, rows: Rows, alias: Option<&RelationAlias>, span: Span) -> Vec<Visible> {
        let relation = derived(rows, span);
        self.add_relation(relation, alias, None)
    }

    /// Puts a relation into the level and gives it its name.
    pub(super) fn add_relation(&mut self, mut relation: Relation, alias: Option<&RelationAlias>, own_name: Option<Name>) -> Vec<Visible> {
        if let Some(alias) = alias {
            self.alias_columns(&mut relation, &alias.columns, &alias.name);
        }
        let name = alias.map(|alias| alias.name.name.clone()).or(own_name);
        let by_name = name.is_some();
        if relation.kind != RelationKind::Join {
            self.relations_seen += 1;
        }
        let level = self.level();
        level.relations.push(relation);
        let index = level.relations.len() - 1;
        vec![Visible { relation: index, name, is_alias: alias.is_some(), by_name, by_column: true, lateral_only: false, lateral_allowed: true }]
    }

    /// `AS t (a, b)`.
    pub(super) fn alias_columns(&mut self, relation: &mut Relation, names: &[Ident], alias: &Ident) {
        if names.is_empty() {
            return;
        }
        if let RelationKind::Missing(_) = relation.kind {
            return;
        }
        let available = relation.columns.iter().filter(|column| !column.hidden).count();
        if let Some(first) = names.get(available)
            && relation.uncertain.is_none()
        {
            let message = format!("table \"{}\" has {available} columns available but {} columns specified", alias.name, names.len());
            self.error("42P10", message, first.span);
        }
        for (column, name) in relation.columns.iter_mut().filter(|column| !column.hidden).zip(names) {
            column.name = name.name.clone();
            column.direct = false;
        }
    }

    /// Two relations of one `FROM` may not have one name, unless they are tables of two schemas.
    pub(super) fn names_must_differ(&mut self, added: &[Visible]) {
        let mut problems = Vec::new();
        {
            let level = self.level();
            for one in added.iter().filter(|one| one.by_name) {
                for other in level.visible.iter().filter(|other| other.by_name && other.name == one.name) {
                    problems.push((other.clone(), one.clone()));
                }
            }
        }
        for (other, one) in problems {
            self.names_clash(&other, &one);
        }
    }

    /// The same for the two sides of a join.
    pub(super) fn sides_must_differ(&mut self, left: &[Visible], right: &[Visible]) {
        for one in right.iter().filter(|one| one.by_name) {
            for other in left.iter().filter(|other| other.by_name && other.name == one.name) {
                self.names_clash(other, one);
            }
        }
    }

    fn names_clash(&mut self, left: &Visible, right: &Visible) {
        let level = self.level();
        let kinds = (level.relations.get(left.relation).map(|found| found.kind.clone()), level.relations.get(right.relation).map(|found| found.kind.clone()));
        let span = level.relations.get(right.relation).map(|found| found.span);
        let two_tables = match &kinds {
            (Some(RelationKind::Stored(first)), Some(RelationKind::Stored(second))) => first != second,
            (Some(RelationKind::Missing(first)), Some(RelationKind::Missing(second))) => first != second,
            (Some(RelationKind::Missing(_)), Some(RelationKind::Stored(_))) | (Some(RelationKind::Stored(_)), Some(RelationKind::Missing(_))) => true,
            (Some(RelationKind::Catalog), Some(RelationKind::Stored(_))) | (Some(RelationKind::Stored(_)), Some(RelationKind::Catalog)) => true,
            _ => false,
        };
        if two_tables && !left.is_alias && !right.is_alias {
            return;
        }
        let name = right.name.as_ref().map_or_else(String::new, Name::to_string);
        if let Some(span) = span {
            self.error("42712", format!("table name \"{name}\" specified more than once"), span);
        }
    }
}

/// A relation made of the rows of a query.
pub(super) fn derived(rows: Rows, span: Span) -> Relation {
    let columns = rows.columns.into_iter().map(|column| RelationColumn {
        name: column.name,
        data_type: column.value.data_type,
        nullable: column.value.nullable,
        column: column.value.column,
        direct: false,
        sources: column.sources,
        reads: column.star_reads,
        fields: column.value.fields,
        base: None,
        hidden: false,
    });
    Relation { kind: RelationKind::Derived, columns: columns.collect(), span, uncertain: rows.uncertain, row_type: None }
}
