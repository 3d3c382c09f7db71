//! One row for one table: which columns get a value, and which.

use std::collections::BTreeMap;

use super::candidate::{TextStyle, candidate};
use crate::schema::{Column, ColumnGeneration, ColumnNumber, ConstraintKind, ForeignKey, ObjectBody, ObjectId, Schema, ddl};

/// What a table's rows are made from.
#[derive(Debug)]
pub(super) struct RowPlan<'s> {
    schema: &'s Schema,
    table: ObjectId,
    columns: Vec<&'s Column>,
    /// Values that conditions and partition bounds speak of, by column.
    literals: BTreeMap<ColumnNumber, Vec<String>>,
    foreign_keys: Vec<&'s ForeignKey>,
}

/// How one attempt at a row differs from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    /// The row's number; values of other rows are others.
    pub(super) row: u32,
    /// The attempt's number; values of other attempts are others.
    pub(super) attempt: u32,
    /// Which columns are filled.
    pub(super) filled: Filled,
    /// How texts look.
    pub(super) style: TextStyle,
}

/// Which columns get a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    /// All of them.
    All,
    /// Every second one of those that may be NULL stays NULL; the other half than with another row.
    Half,
    /// Those without a default.
    WithoutDefault,
    /// Those that must not be NULL and have no default.
    Needed,
}

impl<'s> RowPlan<'s> {
    /// Rows keep to the constraints of `schema`; and, as far as columns of both are concerned, to those of `later`, which a migration is to bring.
    pub(super) fn new(schema: &'s Schema, later: Option<&'s Schema>, table: ObjectId) -> Self {
        let columns = schema.columns(table).iter().filter(|column| !fills_itself(schema, column)).collect();
        let of = |schema: &'s Schema| schema.on_table(table).into_iter().filter_map(move |id| Some((schema, schema.constraint(id)?)));
        let (mut literals, mut foreign_keys) = (BTreeMap::new(), Vec::new());
        for (own, constraint) in of(schema).chain(later.into_iter().flat_map(of)) {
            match &constraint.kind {
                ConstraintKind::ForeignKey(key) => foreign_keys.extend(is_of(schema, table, key).then_some(key)),
                ConstraintKind::Check { expression, .. } => {
                    let text = expression.print(own);
                    for column in schema.columns(table) {
                        if expression.needs().iter().any(|address| *address == crate::schema::Address::column(table, column.number)) {
                            literals.entry(column.number).or_insert_with(Vec::new).extend(literals_in(&text));
                        }
                    }
                }
                ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Exclude { .. }
                | ConstraintKind::NotNull { .. }
                | ConstraintKind::Trigger => {}
            }
        }
        let bounds = partition_literals(schema, table);
        for column in schema.table(table).and_then(|table| table.partitioning.as_ref()).iter().flat_map(|by| by.columns.iter().flatten()) {
            literals.entry(*column).or_insert_with(Vec::new).extend(bounds.iter().cloned());
        }
        Self { schema, table, columns, literals, foreign_keys }
    }

    /// The statement that inserts a row.
    pub(super) fn insert(&self, attempt: Attempt) -> Option<String> {
        let (mut names, mut values) = (Vec::new(), Vec::new());
        for (place, column) in (0_u32..).zip(&self.columns) {
            let has_default = !matches!(column.generation, ColumnGeneration::None);
            let wanted = match attempt.filled {
                Filled::All => true,
                Filled::Half => column.not_null || (place + attempt.row).is_multiple_of(2),
                Filled::WithoutDefault => !has_default,
                Filled::Needed => column.not_null && !has_default,
            };
            if !wanted {
                // A default would fill what is to be NULL.
                if attempt.filled == Filled::Half && has_default {
                    names.push(self.schema.dialect.quote(&column.name));
                    values.push(String::from("NULL"));
                }
                continue;
            }
            match self.value(column, attempt) {
                Some(value) => {
                    names.push(self.schema.dialect.quote(&column.name));
                    values.push(value);
                }
                None if column.not_null && !has_default => return None,
                None => {}
            }
        }
        let table = ddl::quoted_name(self.schema, self.table);
        Some(if names.is_empty() {
            format!("INSERT INTO {table} DEFAULT VALUES")
        } else {
            format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "))
        })
    }

    fn value(&self, column: &Column, attempt: Attempt) -> Option<String> {
        if let Some(key) = self.foreign_keys.iter().find(|key| key.columns.contains(&column.number)) {
            return Some(self.referenced(key, column.number, attempt));
        }
        let number = attempt.row + attempt.attempt * 5;
        let literals = self.literals.get(&column.number).filter(|literals| !literals.is_empty() && !attempt.attempt.is_multiple_of(4));
        if let Some(literal) = literals.and_then(|literals| literals.get((attempt.row + attempt.attempt - 1) as usize % literals.len())) {
            return Some(literal.clone());
        }
        candidate(self.schema, &column.data_type, number, attempt.style)
    }

    /// The value in a row that is there.
    fn referenced(&self, key: &ForeignKey, column: ColumnNumber, attempt: Attempt) -> String {
        let other = ddl::quoted_name(self.schema, key.references);
        let quoted = |number: &ColumnNumber| self.schema.column(key.references, *number).map(|column| self.schema.dialect.quote(&column.name));
        let order: Vec<String> = key.referenced_columns.iter().filter_map(quoted).collect();
        let place = key.columns.iter().position(|own| *own == column).unwrap_or(0);
        let wanted = key.referenced_columns.get(place).and_then(quoted).unwrap_or_default();
        let offset = attempt.row + attempt.attempt;
        format!("(SELECT {wanted} FROM {other} ORDER BY {} LIMIT 1 OFFSET {offset} % greatest((SELECT count(*) FROM {other}), 1))", order.join(", "))
    }
}

/// Whether all its columns are in the schema, on both sides.
fn is_of(schema: &Schema, table: ObjectId, key: &ForeignKey) -> bool {
    let has = |table: ObjectId, columns: &[ColumnNumber]| columns.iter().all(|column| schema.column(table, *column).is_some());
    has(table, &key.columns) && has(key.references, &key.referenced_columns)
}

/// Computed columns, identities and those that a sequence fills.
fn fills_itself(schema: &Schema, column: &Column) -> bool {
    match &column.generation {
        ColumnGeneration::Generated(..) | ColumnGeneration::Identity(..) => true,
        ColumnGeneration::Default(default) => default.print(schema).to_ascii_lowercase().contains("nextval("),
        ColumnGeneration::None => false,
    }
}

/// Numbers and quoted texts of a condition, and the neighbours of the numbers.
fn literals_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|first: char| first == '\'' || first.is_ascii_digit()) {
        let from = rest.get(start..).unwrap_or_default();
        let is_part_of_a_name = rest.get(..start).and_then(|before| before.chars().next_back()).is_some_and(|last| last.is_alphanumeric() || last == '_');
        if let Some(body) = from.strip_prefix('\'') {
            let end = closing_quote(body);
            found.push(format!("'{}'", body.get(..end).unwrap_or(body)));
            rest = body.get(end + 1..).unwrap_or_default();
        } else {
            let end = from.find(|other: char| !other.is_ascii_digit() && other != '.').unwrap_or(from.len());
            let digits = from.get(..end).unwrap_or(from);
            if !is_part_of_a_name && let Ok(number) = digits.parse::<i64>() {
                found.extend([number, number.saturating_add(1), number.saturating_sub(1)].map(|number| format!("'{number}'")));
            }
            rest = from.get(end..).unwrap_or_default();
        }
    }
    found
}

/// Where the quote closes; a doubled one does not.
fn closing_quote(body: &str) -> usize {
    let mut characters = body.char_indices().peekable();
    while let Some((place, character)) = characters.next() {
        if character == '\'' {
            if characters.peek().is_some_and(|(_, next)| *next == '\'') {
                characters.next();
            } else {
                return place;
            }
        }
    }
    body.len()
}

/// Values of the bounds of the table's partitions.
fn partition_literals(schema: &Schema, table: ObjectId) -> Vec<String> {
    let partitions = schema.objects().filter_map(|object| match &object.body {
        ObjectBody::Table(own) if own.parents.contains(&table) => own.partition_bound.as_deref(),
        _ => None,
    });
    partitions.flat_map(literals_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_a_condition_are_found_with_their_neighbours() {
        assert_eq!(literals_in("(kind = ANY (ARRAY['a'::text, 'b''s'::text]))"), ["'a'", "'b''s'"]);
        assert_eq!(literals_in("((x1 > 10))"), ["'10'", "'11'", "'9'"]);
    }
}
