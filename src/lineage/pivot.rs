//! `PIVOT` and `UNPIVOT` of warehouses (Snowflake, BigQuery, Databricks, DuckDB, SQL Server manuals: grouping is by every column not named).

use std::rc::Rc;

use super::Role;
use super::binder::Binder;
use super::level::{Clause, RelationColumn, Visible};
use super::output_name::output_name;
use super::query::Rows;
use super::value::{OutputColumn, Sources, Value};
use crate::name::Name;
use crate::schema::DataType;
use crate::sql::tree::{Expr, ExprKind, From, Ident, Literal, RelationAlias};
use crate::text::Span;

impl Binder<'_> {
    /// `t PIVOT (aggregate FOR column IN (…))`.
    pub(super) fn pivot(
        &mut self,
        input: &From,
        aggregates: &[(Expr, Option<Ident>)],
        value_columns: &[Expr],
        values: &[(Expr, Option<Ident>)],
        alias: Option<&RelationAlias>,
        span: Span,
    ) -> Vec<Visible> {
        self.open_level(Clause::Other);
        let visible = self.from_item(input);
        self.level().visible = visible;
        let start = self.log.len();
        let mut spread = Vec::new();
        for (aggregate, name) in aggregates {
            let from = self.log.len();
            let value = self.in_clause(Clause::SelectList, |binder| binder.expression(aggregate));
            spread.push((value, self.sources_since(from), name.as_ref().map(|name| name.name.clone()), aggregate));
        }
        for column in value_columns {
            self.in_clause(Clause::GroupBy, |binder| binder.in_role(Role::Filter, |binder| binder.expression(column)));
        }
        for (value, _) in values {
            if !matches!(&*value.kind, ExprKind::Column(_)) {
                self.in_clause(Clause::Other, |binder| binder.in_role(Role::Filter, |binder| binder.expression(value)));
            }
        }
        let named: Vec<(usize, usize)> = self.log.get(start..).unwrap_or(&[]).iter().filter_map(|one| Some((one.relation, one.column?))).collect();
        let (mut columns, uncertain) = self.columns_left(&named, span);
        for (index, (value, name)) in values.iter().enumerate() {
            let value_name = name.as_ref().map_or_else(|| name_of_value(value, index), |name| name.name.clone());
            for (aggregate, sources, own, expression) in &spread {
                let name = match (own, spread.len()) {
                    (None, 1) => value_name.clone(),
                    (Some(own), _) => Name::stored(format!("{value_name}_{own}")),
                    (None, _) => Name::stored(format!("{value_name}_{}", output_name(expression))),
                };
                columns.push(OutputColumn {
                    name,
                    value: Value { nullable: true, ..aggregate.clone() },
                    sources: Rc::clone(sources),
                    star_reads: Rc::from([]),
                    place: span,
                });
            }
        }
        self.close_level();
        let open = values.is_empty().then(|| Rc::from("the values that become columns are not listed"));
        self.derived_relation(Rows { columns, uncertain: uncertain.or(open) }, alias, span)
    }

    /// `t UNPIVOT (value FOR name IN (a, b))`.
    pub(super) fn unpivot(&mut self, input: &From, value: &Ident, name: &Ident, folded: &[Ident], alias: Option<&RelationAlias>, span: Span) -> Vec<Visible> {
        self.open_level(Clause::Other);
        let visible = self.from_item(input);
        self.level().visible = visible;
        let start = self.log.len();
        let mut first = None;
        for column in folded {
            let found = self.column_reference(std::slice::from_ref(column), column.span);
            first = first.or(Some(found));
        }
        let sources: Rc<Sources> = self.sources_since(start);
        let named: Vec<(usize, usize)> = self.log.get(start..).unwrap_or(&[]).iter().filter_map(|one| Some((one.relation, one.column?))).collect();
        let (mut columns, uncertain) = self.columns_left(&named, span);
        self.close_level();
        let of_value = first.unwrap_or_else(Value::opaque);
        let text = Value::of(Some(DataType::builtin("text")), false);
        for (ident, value, sources) in [(name, text, Rc::default()), (value, Value { column: None, ..of_value }, sources)] {
            columns.push(OutputColumn { name: ident.name.clone(), value, sources, star_reads: Rc::from([]), place: ident.span });
        }
        self.derived_relation(Rows { columns, uncertain }, alias, span)
    }

    /// The columns of the level that are not among those named.
    fn columns_left(&mut self, named: &[(usize, usize)], span: Span) -> (Vec<OutputColumn>, Option<Rc<str>>) {
        let level = self.level();
        let mut columns = Vec::new();
        let mut uncertain = None;
        let seen: Vec<usize> = level.visible.iter().filter(|one| one.by_column).map(|one| one.relation).collect();
        for index in seen {
            let Some(relation) = level.relations.get(index) else { continue };
            uncertain = uncertain.or_else(|| relation.uncertain.clone());
            for (position, column) in relation.columns.iter().enumerate() {
                let at = column.base.unwrap_or((index, position));
                if !named.contains(&at) && !column.hidden {
                    columns.push(kept(column, span));
                }
            }
        }
        (columns, uncertain)
    }
}

fn kept(column: &RelationColumn, span: Span) -> OutputColumn {
    let value = Value { fields: column.fields.clone(), column: column.column, ..Value::of(column.data_type.clone(), column.nullable) };
    OutputColumn { name: column.name.clone(), value, sources: Rc::clone(&column.sources), star_reads: Rc::clone(&column.reads), place: span }
}

fn name_of_value(value: &Expr, index: usize) -> Name {
    match &*value.kind {
        ExprKind::Literal(Literal::String(text) | Literal::Number(text)) => Name::stored(text.as_str()),
        ExprKind::Column(parts) => parts.last().map_or_else(|| Name::stored(format!("value{index}")), |part| part.name.clone()),
        _ => Name::stored(format!("value{index}")),
    }
}
