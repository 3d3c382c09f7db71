//! Which changes of a migration break somebody or hold a long lock, and which scripts they get.

use std::collections::BTreeSet;

use super::way::{NoSafeWay, SafePlan, SafeWay};
use super::{add, drop, rename, retype};
use crate::dialect::BuiltInVolatility;
use crate::migrate::{ChangeKind, ColumnChange, Direction, Step};
use crate::schema::{Address, Column, ColumnGeneration, Definition, ObjectBody, ObjectId, Persistence, Piece, Schema, Table, TableKind, ddl};
use crate::sql::tree::Volatility;

/// Works the scripts out. `statement` gives the text of a statement of the migration, by index.
pub fn safe_plan<'t>(before: &Schema, after: &Schema, steps: &[Step], statement: &dyn Fn(u32) -> &'t str) -> SafePlan {
    let mut plan = SafePlan::default();
    for object in before.objects() {
        let ObjectBody::Table(old) = &object.body else { continue };
        if old.persistence == Persistence::Temporary || old.kind == TableKind::Foreign {
            continue;
        }
        match after.table(object.id) {
            None if old.partition_bound.is_none() => {
                plan.covers.insert(Address::whole(object.id));
                plan.ways.push(drop::table(before, object.id));
            }
            None => {}
            Some(new) => table(before, after, (object.id, old, new), steps, statement, &mut plan),
        }
    }
    for object in after.objects().filter(|object| before.get(object.id).is_none()) {
        added(before, after, object.id, steps, statement, &mut plan);
    }
    left_over(steps, &mut plan);
    plan
}

/// Statements that the scripts do not replace. What goes along with an object that a script covers (its index, its sequence) is covered with it.
fn left_over(steps: &[Step], plan: &mut SafePlan) {
    for step in steps {
        let number = step.id.statement;
        plan.not_judged.extend(step.outcome.not_judged.iter().map(|not_judged| (number, not_judged.reason.clone())));
        let changes = || step.outcome.changes.iter();
        let is_covered = |address: Address| plan.covers.contains(&address) || plan.covers.contains(&Address::whole(address.object));
        let named: Vec<Address> = changes().filter(|change| change.direction == Direction::Direct).map(|change| change.kind.address()).collect();
        if changes().next().is_some() && !named.iter().all(|address| is_covered(*address)) {
            plan.as_they_are.push(number);
        }
    }
}

fn put(plan: &mut SafePlan, way: Result<SafeWay, NoSafeWay>) {
    match way {
        Ok(way) => plan.ways.push(way),
        Err(without) => plan.without.push(without),
    }
}

fn table<'t>(
    before: &Schema,
    after: &Schema,
    (id, old, new): (ObjectId, &Table, &Table),
    steps: &[Step],
    statement: &dyn Fn(u32) -> &'t str,
    plan: &mut SafePlan,
) {
    if ddl::quoted_name(before, id) != ddl::quoted_name(after, id) {
        plan.covers.insert(Address::whole(id));
        plan.ways.push(rename::table(before, after, id));
    }
    for column in old.columns.iter().filter(|column| column.is_local) {
        match new.column(column.number) {
            None => {
                plan.covers.insert(Address::column(id, column.number));
                plan.ways.push(drop::column(before, after, id, column));
            }
            Some(is) => {
                let ways = plan.ways.len() + plan.without.len();
                if is.data_type != column.data_type {
                    if is_free(before, after, column, is) {
                        continue;
                    }
                    let using = using(steps, Address::column(id, column.number), statement);
                    put(plan, retype::column(before, after, id, (column, is), using.as_deref()));
                } else if is.name != column.name {
                    put(plan, rename::column(before, id, column, &is.name));
                }
                if is.not_null && !column.not_null && is.data_type == column.data_type && is.name == column.name {
                    plan.ways.push(add::set_not_null(before, id, column));
                }
                if plan.ways.len() + plan.without.len() > ways {
                    plan.covers.insert(Address::column(id, column.number));
                }
            }
        }
    }
    for column in new.columns.iter().filter(|column| old.column(column.number).is_none() && column.is_local) {
        if let ColumnGeneration::Default(default) = &column.generation
            && is_computed_by_each_row(after, default)
        {
            plan.covers.insert(Address::column(id, column.number));
            plan.ways.push(add::computed_default(before, after, id, column));
        }
    }
}

/// A type change that reads and writes nothing needs no second column.
fn is_free(before: &Schema, after: &Schema, was: &Column, is: &Column) -> bool {
    let _ = after;
    crate::typing::rewrite(before, &was.data_type, &is.data_type, None) == crate::typing::Rewrite::None
}

/// The expression behind `USING` of the statement that changed the column's type.
fn using<'t>(steps: &[Step], address: Address, statement: &dyn Fn(u32) -> &'t str) -> Option<String> {
    let is_it = |change: &ChangeKind| matches!(change, ChangeKind::Column(_, _, ColumnChange::Retyped { .. })) && change.address() == address;
    let change = steps.iter().flat_map(|step| &step.outcome.changes).find(|change| is_it(&change.kind))?;
    let text = statement(change.statement.statement);
    let name = steps.first().and_then(|step| step.before.column(address.object, column_of(address)?))?.name.as_str().to_ascii_lowercase();
    // The action of this column: from its name behind COLUMN (or ALTER) to the next action.
    let lower = text.to_ascii_lowercase();
    let actions = split_actions(&lower);
    let (start, end) = actions.into_iter().find(|(start, end)| {
        let words: Vec<&str> = lower.get(*start..*end).unwrap_or_default().split_whitespace().collect();
        words.iter().any(|word| word.trim_matches('"') == name) && words.contains(&"type") && words.contains(&"using")
    })?;
    let at = lower.get(start..end)?.find(" using ")?;
    text.get(start + at + 7..end).map(|expression| expression.trim().trim_end_matches(';').trim().to_owned())
}

fn column_of(address: Address) -> Option<crate::schema::ColumnNumber> {
    match address.part {
        crate::schema::Part::Column(number) => Some(number),
        crate::schema::Part::Whole | crate::schema::Part::Default(_) => None,
    }
}

/// Where the actions of an `ALTER TABLE` stand: between commas outside brackets and quotes.
fn split_actions(text: &str) -> Vec<(usize, usize)> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), 0, 0_u32, false);
    for (place, letter) in text.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' if !quoted && depth == 0 => {
                parts.push((start, place));
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push((start, text.len()));
    parts
}

/// Whether a default calls something whose value is another for each row: then every row is written when the column is added.
fn is_computed_by_each_row(schema: &Schema, default: &Definition) -> bool {
    let own = default.pieces().iter().any(|piece| match piece {
        Piece::Function { function } => match schema.get(*function).map(|object| &object.body) {
            Some(ObjectBody::Function(function)) => function.volatility == Volatility::Volatile,
            _ => true,
        },
        _ => false,
    });
    let text = default.print(schema).to_ascii_lowercase();
    let called: BTreeSet<&str> = text
        .match_indices('(')
        .filter_map(|(place, _)| text.get(..place))
        .filter_map(|head| head.rsplit(|letter: char| !(letter.is_alphanumeric() || letter == '_')).next())
        .collect();
    let built_in = schema
        .dialect
        .built_ins
        .is_some_and(|known| known.functions.iter().any(|function| called.contains(function.name) && function.volatility == BuiltInVolatility::Volatile));
    own || built_in
}

/// New indexes and constraints of tables that were there; what the migration already does the safe way stays as it is.
fn added<'t>(before: &Schema, after: &Schema, id: ObjectId, steps: &[Step], statement: &dyn Fn(u32) -> &'t str, plan: &mut SafePlan) {
    let is_old = |table: ObjectId| before.table(table).is_some();
    let made_by = steps.iter().flat_map(|step| &step.outcome.changes).find(|change| change.kind.object() == id).map(|change| change.statement.statement);
    let text = made_by.map(statement).unwrap_or_default().to_ascii_lowercase();
    let way = match after.get(id).map(|object| &object.body) {
        Some(ObjectBody::Index(index)) if is_old(index.table) && ddl::constraint_of(after, id).is_none() && index.parent.is_none() => {
            if text.contains("concurrently") { None } else { add::index(after, id) }
        }
        Some(ObjectBody::Constraint(constraint)) if is_old(constraint.owner) && constraint.is_local && constraint.parent.is_none() => {
            if text.contains("using index") { None } else { add::constraint(before, after, id) }
        }
        _ => None,
    };
    if let Some(way) = way {
        plan.covers.insert(Address::whole(id));
        put(plan, way);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_brackets_and_quotes_part_no_actions() {
        let text = "alter table t alter a type date using f(a, ',b'), alter b type int";
        let parts: Vec<&str> = split_actions(text).into_iter().map(|(start, end)| &text[start..end]).collect();
        assert_eq!(parts, ["alter table t alter a type date using f(a, ',b')", " alter b type int"]);
    }
}
