//! `ON CONFLICT`: which unique index is meant (plancat.c, infer_arbiter_indexes; PostgreSQL 15).

use std::collections::BTreeSet;

use super::binder::Binder;
use super::implication::implied;
use super::level::Clause;
use super::write::Target;
use super::{ExpressionPurpose, ExpressionScope, Role};
use crate::schema::{Address, ColumnNumber, ConstraintKind, Definition, IndexState, ObjectBody, ObjectId};
use crate::sql::tree::{ConflictTarget, Deferrability, Expr, ExprKind, Ident};
use crate::text::{Sources, Span};

/// How an index meets an inference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Meets {
    No,
    Perhaps,
    Yes,
}

/// What is written behind `ON CONFLICT`, in the form that the server keeps; an expression that could not be brought into it is `None`.
#[derive(Default)]
struct Inference {
    columns: BTreeSet<ColumnNumber>,
    expressions: Vec<Option<Expr>>,
    filter: Option<Option<Expr>>,
}

impl Binder<'_> {
    /// The target of `ON CONFLICT`.
    pub(super) fn conflict_target(&mut self, conflict: &ConflictTarget, target: Target, span: Span) {
        match conflict {
            ConflictTarget::Any => self.found.any_conflict.extend(target.table),
            ConflictTarget::Constraint(name) => self.conflict_constraint(name, target),
            ConflictTarget::Columns(elements, filter) => {
                let mut wanted = Inference::default();
                for element in elements {
                    match self.conflict_column(element, target) {
                        Some(column) => {
                            wanted.columns.insert(column);
                        }
                        None => wanted.expressions.push(self.stored_form(element, target, ExpressionPurpose::IndexKey)),
                    }
                }
                if let Some(filter) = filter {
                    self.condition(filter, Clause::IndexPredicate, Role::Filter, "WHERE");
                    wanted.filter = Some(self.stored_form(filter, target, ExpressionPurpose::IndexPredicate));
                }
                self.infer_index(target, &wanted, elements.first().map_or(span, |first| first.span));
            }
        }
    }

    /// An expression as the server would keep it in an index of the table; `None` when it cannot be told.
    fn stored_form(&self, expression: &Expr, target: Target, purpose: ExpressionPurpose) -> Option<Expr> {
        let scope = ExpressionScope::of_relation(purpose, target.table?);
        let bound = super::bind::bind_expression(self.schema, self.session, &scope, expression);
        if !bound.errors.is_empty() || !bound.unresolved.is_empty() {
            return None;
        }
        let text = super::define::define_expression(self.schema, self.session, expression, &bound).print(self.schema);
        self.read_form(&text)
    }

    fn read_form(&self, text: &str) -> Option<Expr> {
        let mut sources = Sources::default();
        let id = sources.add("index", text);
        crate::sql::read_expression(&sources, id, self.schema.dialect).ok()
    }

    fn conflict_column(&mut self, element: &Expr, target: Target) -> Option<ColumnNumber> {
        let start = self.found.reads.len();
        self.in_clause(Clause::IndexKey, |binder| binder.in_role(Role::ConflictTarget, |binder| binder.expression(element)));
        if !matches!(&*element.kind, ExprKind::Column(_)) {
            return None;
        }
        let table = target.table?;
        self.found.reads.get(start..)?.iter().find_map(|read| match read.address.part {
            crate::schema::Part::Column(number) if read.address.object == table => Some(number),
            _ => None,
        })
    }

    fn conflict_constraint(&mut self, name: &Ident, target: Target) {
        let Some(table) = target.table else { return };
        let found = self
            .schema
            .on_table(table)
            .into_iter()
            .find(|id| self.schema.get(*id).is_some_and(|object| object.name == name.name && matches!(&object.body, ObjectBody::Constraint(_))));
        let Some(id) = found else {
            let shown = self.schema.get(table).map_or_else(String::new, |object| object.name.to_string());
            self.error("42704", format!("constraint \"{}\" for table \"{shown}\" does not exist", name.name), name.span);
            return;
        };
        self.depend(Address::whole(id));
        self.found.references.push((name.span, Address::whole(id)));
        let Some(constraint) = self.schema.constraint(id) else { return };
        let columns = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => columns.clone(),
            ConstraintKind::Exclude { .. } => Vec::new(),
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => {
                self.error("42809", "constraint in ON CONFLICT clause has no associated index", name.span);
                return;
            }
        };
        if constraint.deferrability != Deferrability::NotDeferrable {
            self.error("55000", "ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters", name.span);
        }
        for column in columns {
            self.read(Address::column(table, column), Role::ConflictTarget, name.span);
        }
    }

    fn infer_index(&mut self, target: Target, wanted: &Inference, span: Span) {
        let Some(table) = target.table else { return };
        let uncertain = self.level().relations.get(target.relation).is_some_and(|relation| relation.uncertain.is_some());
        if uncertain || !self.is_typed() || self.schema.view(table).is_some() || !self.found.errors.is_empty() {
            return;
        }
        let best = self.schema.on_table(table).into_iter().map(|id| self.index_meets(id, wanted)).max().unwrap_or(Meets::No);
        match best {
            Meets::Yes => {}
            Meets::Perhaps => self.unresolved("ON CONFLICT", "whether a unique index with expressions or a condition fits is not decided", span),
            Meets::No => self.error("42P10", "there is no unique or exclusion constraint matching the ON CONFLICT specification", span),
        }
    }

    fn index_meets(&self, id: ObjectId, wanted: &Inference) -> Meets {
        let Some(index) = self.schema.index(id).filter(|index| index.unique && index.state == IndexState::Valid) else { return Meets::No };
        if self.is_deferrable(index.table, id) {
            return Meets::No;
        }
        let plain: BTreeSet<ColumnNumber> = index.keys.iter().filter_map(|key| key.column).collect();
        let computed: Vec<Option<Expr>> =
            index.keys.iter().filter(|key| key.column.is_none()).map(|key| self.read_form(&key.expression.print(self.schema))).collect();
        if plain != wanted.columns || computed.is_empty() != wanted.expressions.is_empty() {
            return Meets::No;
        }
        self.same_expressions(&computed, &wanted.expressions).min(self.predicate_meets(index.predicate.as_ref(), wanted.filter.as_ref()))
    }

    /// Whether each of the expressions is one of the index, and none of the index is left over.
    fn same_expressions(&self, own: &[Option<Expr>], wanted: &[Option<Expr>]) -> Meets {
        let print = |expr: &Expr| crate::sql::print::expression(expr, self.schema.dialect).ok();
        let texts = |all: &[Option<Expr>]| all.iter().map(|expr| expr.as_ref().and_then(print)).collect::<Option<BTreeSet<String>>>();
        match (texts(own), texts(wanted)) {
            (Some(own), Some(wanted)) if own == wanted => Meets::Yes,
            (Some(_), Some(_)) => Meets::No,
            _ => Meets::Perhaps,
        }
    }

    /// Whether the condition of an index follows from the one that is written.
    fn predicate_meets(&self, own: Option<&Definition>, written: Option<&Option<Expr>>) -> Meets {
        let Some(own) = own else { return Meets::Yes };
        let Some(written) = written else { return Meets::No };
        match (self.read_form(&own.print(self.schema)), written) {
            (Some(own), Some(written)) => match implied(&own, written, self.schema.dialect) {
                Some(true) => Meets::Yes,
                Some(false) => Meets::No,
                None => Meets::Perhaps,
            },
            _ => Meets::Perhaps,
        }
    }

    fn is_deferrable(&self, table: ObjectId, index: ObjectId) -> bool {
        self.schema.on_table(table).into_iter().filter_map(|id| self.schema.constraint(id)).any(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { index: own, .. } | ConstraintKind::Unique { index: own, .. } => {
                *own == index && constraint.deferrability != Deferrability::NotDeferrable
            }
            _ => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{reads, refusals};

    #[test]
    fn a_unique_index_must_have_just_those_columns() {
        assert_eq!(refusals("INSERT INTO visits (id) VALUES (1) ON CONFLICT (id) DO NOTHING"), Vec::<&str>::new());
        assert_eq!(refusals("INSERT INTO visits (id) VALUES (1) ON CONFLICT (name) DO NOTHING"), ["42P10"]);
        assert_eq!(refusals("INSERT INTO visits (id) VALUES (1) ON CONFLICT ON CONSTRAINT nope DO NOTHING"), ["42704"]);
    }

    #[test]
    fn a_bare_column_is_ambiguous_between_target_and_excluded() {
        assert_eq!(refusals("INSERT INTO visits (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET client_id = client_id + 1"), ["42702"]);
        assert_eq!(refusals("INSERT INTO visits (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET client_id = excluded.client_id"), Vec::<&str>::new());
    }

    #[test]
    fn its_columns_have_their_own_role() {
        assert!(reads("INSERT INTO visits (id) VALUES (1) ON CONFLICT (id) DO NOTHING").contains(&"visits.id ConflictTarget".to_owned()));
    }
}
