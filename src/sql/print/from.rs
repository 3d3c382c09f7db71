//! What stands in `FROM`.

use super::piece::{ReferenceKind, Unprintable};
use super::writer::{Printed, Writer};
use crate::sql::postgres::Power;
use crate::sql::tree::{Expr, From, FunctionItem, Ident, JoinConstraint, JoinKind, ObjectName, RelationAlias, TableSample};

impl Writer {
    /// The comma list.
    pub(super) fn table_list(&mut self, list: &[From]) -> Printed {
        self.separated(list, Writer::table)
    }

    /// One entry.
    pub(super) fn table(&mut self, from: &From) -> Printed {
        match from {
            From::Relation { name, alias, only, extras, sample } => self.relation(name, alias.as_ref(), *only, extras, sample.as_ref()),
            From::Subquery { query, lateral, alias, span: _ } => {
                self.lateral(*lateral);
                self.subquery(query)?;
                self.alias(alias.as_ref());
                Ok(())
            }
            From::Function { items, lateral, ordinality, alias, span: _ } => {
                self.lateral(*lateral);
                self.functions(items, *ordinality, alias.as_ref())
            }
            From::Join { left, right, kind, constraint, alias: None } => self.join(left, right, *kind, constraint),
            From::Join { left, right, kind, constraint, alias } => {
                self.text("(");
                self.join(left, right, *kind, constraint)?;
                self.text(")");
                self.alias(alias.as_ref());
                Ok(())
            }
            From::Pivot { input, aggregates, value_columns, values, alias, span: _ } => {
                self.table(input)?;
                self.text(" PIVOT (");
                self.aliased_expressions(aggregates)?;
                self.text(" FOR ");
                self.expressions(value_columns)?;
                self.text(" IN (");
                self.aliased_expressions(values)?;
                self.text("))");
                self.alias(alias.as_ref());
                Ok(())
            }
            From::Unpivot { input, value, name, columns, alias, span: _ } => {
                self.table(input)?;
                self.text(" UNPIVOT (");
                self.local(value);
                self.text(" FOR ");
                self.local(name);
                self.text(" IN ");
                self.listed_columns(columns);
                self.text(")");
                self.alias(alias.as_ref());
                Ok(())
            }
            From::NotUnderstood { what, span } => Err(Unprintable { what: what.clone(), span: *span }),
        }
    }

    /// ` AS t(a, b)`, when there is one.
    pub(super) fn alias(&mut self, alias: Option<&RelationAlias>) {
        if let Some(alias) = alias {
            self.text(" AS ");
            self.local(&alias.name);
            if !alias.columns.is_empty() {
                self.local_names(&alias.columns);
            }
        }
    }

    fn lateral(&mut self, lateral: bool) {
        if lateral {
            self.text("LATERAL ");
        }
    }

    fn relation(&mut self, name: &ObjectName, alias: Option<&RelationAlias>, only: bool, extras: &[Expr], sample: Option<&TableSample>) -> Printed {
        if only {
            self.text("ONLY ");
        }
        self.object(name, ReferenceKind::Relation { aliased: alias.is_some() });
        self.alias(alias);
        let Some(sample) = sample else {
            return match extras.first() {
                None => Ok(()),
                Some(extra) => Err(Unprintable { what: String::from("a relation at another time"), span: extra.span }),
            };
        };
        let (seed, arguments) = match extras.split_last() {
            Some((seed, arguments)) if sample.repeatable => (Some(seed), arguments),
            _ => (None, extras),
        };
        self.text(" TABLESAMPLE ");
        self.object(&sample.method, ReferenceKind::Object);
        self.text("(");
        self.expressions(arguments)?;
        self.text(")");
        if let Some(seed) = seed {
            self.text(" REPEATABLE (");
            self.expr(seed, Power::Lowest)?;
            self.text(")");
        }
        Ok(())
    }

    fn functions(&mut self, items: &[FunctionItem], ordinality: bool, alias: Option<&RelationAlias>) -> Printed {
        if let [item] = items {
            self.call(&item.call, item.span)?;
            if ordinality {
                self.text(" WITH ORDINALITY");
            }
            self.alias(alias);
            if !item.columns.is_empty() {
                self.text(if alias.is_some() { " " } else { " AS " });
                self.column_definitions(item);
            }
            return Ok(());
        }
        self.text("ROWS FROM (");
        self.separated(items, |writer, item| {
            writer.call(&item.call, item.span)?;
            if !item.columns.is_empty() {
                writer.text(" AS ");
                writer.column_definitions(item);
            }
            Ok(())
        })?;
        self.text(")");
        if ordinality {
            self.text(" WITH ORDINALITY");
        }
        self.alias(alias);
        Ok(())
    }

    fn column_definitions(&mut self, item: &FunctionItem) {
        self.text("(");
        for (place, (name, data_type)) in item.columns.iter().enumerate() {
            if place > 0 {
                self.text(", ");
            }
            self.local(name);
            self.text(" ");
            self.type_name(data_type);
        }
        self.text(")");
    }

    fn join(&mut self, left: &From, right: &From, kind: JoinKind, constraint: &JoinConstraint) -> Printed {
        self.table(left)?;
        self.text(if matches!(constraint, JoinConstraint::Natural) { " NATURAL" } else { "" });
        self.text(match kind {
            JoinKind::Inner => " JOIN ",
            JoinKind::Left => " LEFT JOIN ",
            JoinKind::Right => " RIGHT JOIN ",
            JoinKind::Full => " FULL JOIN ",
            JoinKind::Cross => " CROSS JOIN ",
            JoinKind::Semi => " SEMI JOIN ",
            JoinKind::Anti => " ANTI JOIN ",
        });
        if matches!(right, From::Join { alias: None, .. }) {
            self.text("(");
            self.table(right)?;
            self.text(")");
        } else {
            self.table(right)?;
        }
        match constraint {
            JoinConstraint::None | JoinConstraint::Natural => Ok(()),
            JoinConstraint::On(condition) => {
                self.text(" ON ");
                self.expr(condition, Power::Lowest)
            }
            JoinConstraint::Using(columns) => {
                self.text(" USING ");
                self.listed_columns(columns);
                Ok(())
            }
        }
    }

    fn aliased_expressions(&mut self, all: &[(Expr, Option<Ident>)]) -> Printed {
        self.separated(all, |writer, (expr, alias)| {
            writer.expr(expr, Power::Lowest)?;
            if let Some(alias) = alias {
                writer.text(" AS ");
                writer.local(alias);
            }
            Ok(())
        })
    }
}
