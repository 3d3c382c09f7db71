//! Queries evaluated over the model: catalogs, tables that are known to be empty, lists of constants.
//!
//! In: a query. Out: an [`Answer`]: which rows are there, which may be, and whether there may be others. Rows of the user's tables are never known.

use std::rc::Rc;
use std::sync::Arc;

use super::aggregate::has_aggregate;
use super::catalog;
use super::evaluator::{Evaluator, Seen};
use super::relation::{Answer, Line};
use super::value::{Datum, and};
use crate::lineage::resolve_relation;
use crate::name::Name;
use crate::schema::Persistence;
use crate::sql::tree::{
    Call, Distinct, Expr, ExprKind, From, GroupBy, JoinConstraint, JoinKind, ObjectName, OrderBy, Query, QueryBody, RelationAlias, Select, SelectItem,
    SetOperator, SetQuantifier,
};

/// What `FROM` gives before anything is joined.
struct Joined {
    relations: Vec<(Option<Name>, Answer)>,
    conditions: Vec<Expr>,
}

impl Evaluator<'_> {
    /// The rows of a query.
    pub(super) fn query(&mut self, query: &Query) -> Answer {
        let mark = self.ctes.len();
        for cte in &query.with {
            let answer = if query.recursive { nothing_known("a recursive query is not evaluated") } else { self.query(&cte.query) };
            let answer = renamed(answer, &cte.columns);
            self.ctes.push((cte.name.name.clone(), answer));
        }
        let mut answer = self.body(&query.body, &query.order_by);
        if query.limited || !query.limits.is_empty() {
            self.limit(&mut answer, query);
        }
        self.ctes.truncate(mark);
        answer
    }

    fn limit(&mut self, answer: &mut Answer, query: &Query) {
        let count = query.limits.first().filter(|_| query.limited).map(|limit| self.value(limit));
        let has_offset = query.limits.len() > usize::from(query.limited);
        let most = match count {
            Some(Datum::Integer(count)) if !has_offset => usize::try_from(count).unwrap_or(0),
            _ => {
                let reason: Arc<str> = Arc::from("OFFSET is not evaluated");
                for line in &mut answer.lines {
                    line.perhaps = Some(Arc::clone(&reason));
                }
                return;
            }
        };
        // Whether any row comes out does not depend on which; beyond that only all of them or none are known.
        if answer.doubt().is_none() {
            answer.lines.truncate(most);
        } else if most == 0 {
            answer.lines.clear();
            answer.open = None;
        }
    }

    fn body(&mut self, body: &QueryBody, order_by: &[OrderBy]) -> Answer {
        match body {
            QueryBody::Select(select) => self.select(select, order_by),
            QueryBody::Nested(query) => self.query(query),
            QueryBody::Table(name) => self.stored(name),
            QueryBody::Values(values) => {
                let width = values.rows.first().map_or(0, Vec::len);
                let columns = (1..=width).map(|number| Name::stored(format!("column{number}"))).collect();
                let mut answer = Answer { columns, lines: Vec::new(), open: None };
                for row in &values.rows {
                    let row = row.iter().map(|value| self.value(value)).collect();
                    answer.push(row);
                }
                answer
            }
            QueryBody::SetOperation { operator: SetOperator::Union, quantifier, left, right } => {
                let mut left = self.query(left);
                let right = self.query(right);
                left.lines.extend(right.lines);
                left.open = left.open.or(right.open);
                if *quantifier == SetQuantifier::Distinct {
                    distinct(&mut left);
                }
                left
            }
            QueryBody::SetOperation { .. } => nothing_known("INTERSECT and EXCEPT are not evaluated"),
            QueryBody::Dml(_) => nothing_known("rows that a statement gives back are not known"),
            QueryBody::NotUnderstood(_) => nothing_known("a query of this kind is not evaluated"),
        }
    }

    fn select(&mut self, select: &Select, order_by: &[OrderBy]) -> Answer {
        if select.having.is_some() || select.qualify.is_some() || !matches!(select.group_by, GroupBy::None) {
            return Answer::unknown(self.output_names(select, &[]), "grouped queries are not evaluated");
        }
        let mut joined = Joined { relations: Vec::new(), conditions: Vec::new() };
        for from in &select.from {
            if let Err(reason) = self.from(from, &mut joined) {
                return Answer::unknown(self.output_names(select, &[]), reason);
            }
        }
        joined.conditions.extend(select.filter.clone());
        let names: Vec<(Option<Name>, Arc<[Name]>)> = joined.relations.iter().map(|(name, answer)| (name.clone(), Arc::clone(&answer.columns))).collect();
        let columns = self.output_names(select, &names);
        let level = names.iter().map(|(name, columns)| Seen { name: name.clone(), columns: Arc::clone(columns), values: None }).collect();
        self.levels.push(level);
        let aggregated = select.items.iter().any(|item| matches!(item, SelectItem::Expr { expr, .. } if has_aggregate(expr)));
        let mut answer = Answer { columns, lines: Vec::new(), open: None };
        let mut sorted: Vec<(Vec<Datum>, Line)> = Vec::new();
        let mut rows = Vec::new();
        answer.open = self.join(&joined, 0, None, &mut rows);
        for (values, perhaps) in rows {
            if let Some(level) = self.levels.last_mut() {
                for (seen, values) in level.iter_mut().zip(values) {
                    seen.values = Some(values);
                }
            }
            let values = if aggregated { self.aggregated_inputs(select) } else { self.items(select) };
            let keys = order_by.iter().map(|key| self.value(&key.expr)).collect();
            sorted.push((keys, Line { values, perhaps }));
        }
        self.levels.pop();
        if aggregated {
            return self.aggregates(select, answer, sorted.into_iter().map(|(_, line)| line).collect());
        }
        sort(&mut sorted, order_by);
        answer.lines = sorted.into_iter().map(|(_, line)| line).collect();
        if !matches!(select.distinct, Distinct::No) {
            distinct(&mut answer);
        }
        answer
    }

    /// Goes through all combinations of rows from one relation on; gives why there may be others.
    fn join(&mut self, joined: &Joined, index: usize, perhaps: Option<Arc<str>>, rows: &mut Vec<(Vec<Rc<[Datum]>>, Option<Arc<str>>)>) -> Option<Arc<str>> {
        if !self.takes_a_step() {
            return Some(Arc::from("it takes too long to find out"));
        }
        // A condition that is false whatever the rest is cuts the search short; one that is not known yet does not.
        let mut doubt = perhaps;
        let mut holds = Datum::Boolean(true);
        for condition in &joined.conditions {
            let value = self.value(condition);
            holds = and(&holds, &value);
            if holds.truth() == Ok(false) {
                return None;
            }
        }
        let Some((_, answer)) = joined.relations.get(index) else {
            if let Err(reason) = holds.truth() {
                doubt = doubt.or(Some(reason));
            }
            let present = self.levels.last().map(|level| level.iter().filter_map(|seen| seen.values.clone()).collect()).unwrap_or_default();
            rows.push((present, doubt));
            return None;
        };
        let mut open = answer.open.clone();
        for line in &answer.lines {
            self.stand_at(index, Some(line.values.clone().into()));
            let inner = self.join(joined, index + 1, doubt.clone().or_else(|| line.perhaps.clone()), rows);
            open = open.or(inner);
        }
        self.stand_at(index, None);
        open
    }

    fn stand_at(&mut self, index: usize, values: Option<Rc<[Datum]>>) {
        if let Some(seen) = self.levels.last_mut().and_then(|level| level.get_mut(index)) {
            seen.values = values;
        }
    }

    fn from(&mut self, from: &From, joined: &mut Joined) -> Result<(), Arc<str>> {
        match from {
            From::Relation { name, alias, .. } => {
                let answer = self.stored(name);
                joined.relations.push(called(alias.as_ref(), Some(&name.name.name), answer));
                Ok(())
            }
            From::Subquery { query, alias, .. } => {
                let answer = self.query(query);
                joined.relations.push(called(alias.as_ref(), None, answer));
                Ok(())
            }
            From::Function { items, alias, ordinality: false, .. } => match items.as_slice() {
                [item] => {
                    let answer = self.function_rows(&item.call, alias.as_ref());
                    joined.relations.push(called(alias.as_ref(), Some(&item.call.name.name.name), answer));
                    Ok(())
                }
                _ => Err(Arc::from("ROWS FROM is not evaluated")),
            },
            From::Join { left, right, kind: JoinKind::Inner | JoinKind::Cross, constraint, alias: None } => {
                let first = joined.relations.len();
                self.from(left, joined)?;
                let second = joined.relations.len();
                self.from(right, joined)?;
                match constraint {
                    JoinConstraint::None => {}
                    JoinConstraint::On(condition) => joined.conditions.push(condition.clone()),
                    JoinConstraint::Using(columns) => {
                        let sides = (joined.relations.get(first..second), joined.relations.get(second..));
                        let (Some([(Some(a), _)]), Some([(Some(b), _)])) = sides else { return Err(Arc::from("this join is not evaluated")) };
                        let conditions: Vec<Expr> = columns.iter().map(|column| same_column(a, b, column)).collect();
                        joined.conditions.extend(conditions);
                    }
                    JoinConstraint::Natural => return Err(Arc::from("a natural join is not evaluated")),
                }
                Ok(())
            }
            From::Join { .. } => Err(Arc::from("outer joins are not evaluated")),
            From::Function { .. } | From::Pivot { .. } | From::Unpivot { .. } | From::NotUnderstood { .. } => {
                Err(Arc::from("a query of this kind is not evaluated"))
            }
        }
    }

    fn function_rows(&mut self, call: &Call, alias: Option<&RelationAlias>) -> Answer {
        let name = call.name.name.name.as_str();
        let values: Vec<Datum> = call.arguments.iter().map(|argument| self.value(&argument.value)).collect();
        let column = alias.map_or_else(|| call.name.name.name.clone(), |alias| alias.name.name.clone());
        let mut answer = Answer { columns: Arc::from([column]), lines: Vec::new(), open: None };
        match (name, values.as_slice()) {
            ("unnest", [Datum::List(items)]) => items.iter().for_each(|item| answer.push(vec![item.clone()])),
            ("unnest", [Datum::Text(text)]) => match super::text::array_literal(text) {
                Some(items) => items.into_iter().for_each(|item| answer.push(vec![item])),
                None => answer.open = Some(Arc::from("the array is not understood")),
            },
            ("generate_series", [Datum::Integer(low), Datum::Integer(high)]) if high.saturating_sub(*low) < 1_000 => {
                (*low..=*high).for_each(|value| answer.push(vec![Datum::Integer(value)]));
            }
            _ => answer.open = Some(values.iter().find_map(Datum::reason).unwrap_or_else(|| Arc::from(format!("the rows of `{}` are not known", call.name)))),
        }
        answer
    }

    /// The rows of a relation that a name means.
    fn stored(&mut self, name: &ObjectName) -> Answer {
        if name.schema.is_none()
            && let Some((_, answer)) = self.ctes.iter().rev().find(|(own, _)| *own == name.name.name)
        {
            return answer.clone();
        }
        // `pg_catalog` stands in front of the path, so a bare name of the catalog is the catalog's.
        let columns = catalog::columns_of(self.schema, name);
        if !columns.is_empty() {
            return match catalog::find(self.schema, name) {
                Some(answer) => on_server(answer, &columns),
                None => Answer::unknown(columns.into(), format!("the model has no rows of {name}")),
            };
        }
        match resolve_relation(self.schema, self.session, name) {
            Ok(id) => {
                let columns: Arc<[Name]> = self.schema.columns(id).iter().map(|column| column.name.clone()).collect();
                match self.schema.table(id) {
                    Some(table) if table.known_empty && table.persistence != Persistence::Temporary && self.schema.why_unknown(&name.name.name).is_none() => {
                        Answer { columns, lines: Vec::new(), open: None }
                    }
                    _ => Answer::unknown(columns, format!("the rows of {name} are not known")),
                }
            }
            Err(_) => nothing_known(&format!("the rows of {name} are not known")),
        }
    }

    fn output_names(&self, select: &Select, relations: &[(Option<Name>, Arc<[Name]>)]) -> Arc<[Name]> {
        let mut names = Vec::new();
        for item in &select.items {
            match item {
                SelectItem::Expr { alias: Some(alias), .. } => names.push(alias.name.clone()),
                SelectItem::Expr { expr, alias: None } => names.push(name_of(expr)),
                SelectItem::Star { qualifier, .. } => {
                    for (_, columns) in relations.iter().filter(|(name, _)| qualifier.as_ref().is_none_or(|wanted| name.as_ref() == Some(&wanted.name.name))) {
                        names.extend(columns.iter().cloned());
                    }
                }
            }
        }
        names.into()
    }

    fn items(&mut self, select: &Select) -> Vec<Datum> {
        let mut values = Vec::new();
        for item in &select.items {
            match item {
                SelectItem::Expr { expr, .. } => values.push(self.value(expr)),
                SelectItem::Star { qualifier, .. } => {
                    let Some(level) = self.levels.last() else { continue };
                    for seen in level.iter().filter(|seen| qualifier.as_ref().is_none_or(|wanted| seen.name.as_ref() == Some(&wanted.name.name))) {
                        values.extend(seen.values.iter().flat_map(|values| values.iter().cloned()));
                    }
                }
            }
        }
        values
    }
}

fn nothing_known(reason: &str) -> Answer {
    Answer::unknown(Arc::from([]), reason)
}

/// A relation of the catalog with all the columns that it has on the server.
fn on_server(answer: Answer, columns: &[Name]) -> Answer {
    let places: Vec<Option<usize>> = columns.iter().map(|column| answer.columns.iter().position(|own| own == column)).collect();
    let wide = |line: Line| {
        let kept = |place: &Option<usize>| place.and_then(|place| line.values.get(place).cloned());
        let values = places.iter().map(|place| kept(place).unwrap_or_else(|| Datum::unknown("the model does not keep this column of the catalog"))).collect();
        Line { values, perhaps: line.perhaps }
    };
    Answer { columns: columns.into(), lines: answer.lines.into_iter().map(wide).collect(), open: answer.open }
}

fn renamed(mut answer: Answer, names: &[crate::sql::tree::Ident]) -> Answer {
    if !names.is_empty() {
        let mut columns: Vec<Name> = answer.columns.to_vec();
        for (column, name) in columns.iter_mut().zip(names) {
            *column = name.name.clone();
        }
        answer.columns = columns.into();
    }
    answer
}

fn called(alias: Option<&RelationAlias>, own: Option<&Name>, answer: Answer) -> (Option<Name>, Answer) {
    match alias {
        Some(alias) => (Some(alias.name.name.clone()), renamed(answer, &alias.columns)),
        None => (own.cloned(), answer),
    }
}

fn same_column(a: &Name, b: &Name, column: &crate::sql::tree::Ident) -> Expr {
    let of = |relation: &Name| {
        let relation = crate::sql::tree::Ident { name: relation.clone(), span: column.span };
        Expr { kind: Box::new(ExprKind::Column(vec![relation, column.clone()])), span: column.span }
    };
    let kind = ExprKind::Binary(of(a), crate::sql::tree::BinaryOperator::Symbol(String::from("=")), of(b));
    Expr { kind: Box::new(kind), span: column.span }
}

fn name_of(expr: &Expr) -> Name {
    match &*expr.kind {
        ExprKind::Column(parts) => parts.last().map_or_else(|| Name::stored("?column?"), |last| last.name.clone()),
        ExprKind::Call(call) => call.name.name.name.clone(),
        ExprKind::Cast { operand, .. } | ExprKind::Collate(operand, _) => name_of(operand),
        ExprKind::Exists(_) => Name::stored("exists"),
        _ => Name::stored("?column?"),
    }
}

fn distinct(answer: &mut Answer) {
    let mut kept: Vec<Line> = Vec::new();
    for line in std::mem::take(&mut answer.lines) {
        if !kept.iter().any(|other| other.values == line.values && (other.perhaps.is_none() || line.perhaps.is_some())) {
            kept.push(line);
        }
    }
    answer.lines = kept;
}

fn sort(lines: &mut [(Vec<Datum>, Line)], order_by: &[OrderBy]) {
    if order_by.is_empty() {
        return;
    }
    lines.sort_by(|(a, _), (b, _)| {
        for ((a, b), key) in a.iter().zip(b).zip(order_by) {
            let order = match (a, b) {
                (Datum::Text(a), Datum::Text(b)) => a.cmp(b),
                (a, b) => a.compare(b).unwrap_or(std::cmp::Ordering::Equal),
            };
            let order = if key.descending { order.reverse() } else { order };
            if order.is_ne() {
                return order;
            }
        }
        std::cmp::Ordering::Equal
    });
}
