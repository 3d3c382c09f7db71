//! The names that the server chooses when a statement gives none (`t_pkey`, `t_a_b_key`, `t_a_seq`, `t_expr_idx`).
//!
//! Source: PostgreSQL 15, makeObjectName, ChooseRelationName and ChooseIndexName (indexcmds.c), ChooseConstraintName (pg_constraint.c),
//! FigureIndexColname (parse_target.c).

use super::work::Work;
use crate::name::Name;
use crate::schema::{NameSpace, ObjectId};
use crate::sql::tree::{Expr, ExprKind, IndexElement};

const LONGEST_NAME: usize = 63;

/// `name1_name2_label`, the longer of the two names cut until it fits.
pub(super) fn object_name(first: &str, second: Option<&str>, label: &str) -> Name {
    let overhead = usize::from(second.is_some()) + if label.is_empty() { 0 } else { label.len() + 1 };
    let room = LONGEST_NAME.saturating_sub(overhead);
    let (mut first_bytes, mut second_bytes) = (first.len(), second.map_or(0, str::len));
    while first_bytes + second_bytes > room {
        if first_bytes > second_bytes {
            first_bytes -= 1;
        } else {
            second_bytes -= 1;
        }
    }
    let mut text = clip(first, first_bytes).to_owned();
    if let Some(second) = second {
        text.push('_');
        text.push_str(clip(second, second_bytes));
    }
    if !label.is_empty() {
        text.push('_');
        text.push_str(label);
    }
    Name::stored(text)
}

fn clip(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while end > 0 && !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or("")
}

/// Whether a name of an index must not be that of a constraint either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meant {
    Relation,
    Constraint,
}

impl Work<'_> {
    /// A free name for a relation.
    pub(super) fn choose_relation_name(&self, first: &str, second: Option<&str>, label: &str, namespace: ObjectId, meant: Meant) -> Name {
        numbered(label, |label| {
            let name = object_name(first, second, label);
            let taken = self.schema.find(NameSpace::Relation, Some(namespace), &name).is_some()
                || (meant == Meant::Constraint && self.schema.has_constraint_named(Some(namespace), &name));
            (!taken).then_some(name)
        })
    }

    /// A free name for a constraint; `others` are chosen already by the same statement.
    pub(super) fn choose_constraint_name(&self, first: &str, second: Option<&str>, label: &str, namespace: ObjectId, others: &[Name]) -> Name {
        numbered(label, |label| {
            let name = object_name(first, second, label);
            let taken = others.contains(&name) || self.schema.has_constraint_named(Some(namespace), &name);
            (!taken).then_some(name)
        })
    }
}

/// The first name that is free, with a number behind its label where it must be.
pub(super) fn numbered(label: &str, mut attempt: impl FnMut(&str) -> Option<Name>) -> Name {
    let mut label_now = label.to_owned();
    for pass in 1..u32::MAX {
        if let Some(name) = attempt(&label_now) {
            return name;
        }
        label_now = format!("{label}{pass}");
    }
    Name::stored(label_now)
}

/// The middle part of an index's name: its columns joined by `_`, up to the limit.
pub(super) fn index_name_addition<'n>(columns: impl IntoIterator<Item = &'n str>) -> String {
    let mut text = String::new();
    let mut taken: Vec<String> = Vec::new();
    for column in columns {
        // A name that is there already gets a number (ChooseIndexColumnNames, indexcmds.c).
        let again = (1..).map(|number: u32| format!("{column}{number}"));
        let own = std::iter::once(column.to_owned()).chain(again).find(|own| !taken.contains(own)).unwrap_or_default();
        taken.push(own.clone());
        let column = own.as_str();
        if !text.is_empty() {
            text.push('_');
        }
        text.push_str(clip(column, LONGEST_NAME));
        if text.len() > LONGEST_NAME {
            break;
        }
    }
    text
}

/// The names that the columns of an index get: its columns', or one figured from the expression, made unique by a number.
pub(super) fn index_column_names(elements: &[IndexElement]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for element in elements {
        let wanted = figured_name(&element.expr).map_or_else(|| String::from("expr"), |(name, _)| name);
        let mut name = wanted.clone();
        for number in 1..u32::MAX {
            if !names.contains(&name) {
                break;
            }
            let digits = number.to_string();
            name = format!("{}{digits}", clip(&wanted, LONGEST_NAME - digits.len()));
        }
        names.push(name);
    }
    names
}

/// The name of an expression and how good it is: 2 for a real one, 1 for a type's name or `case`.
fn figured_name(expr: &Expr) -> Option<(String, u8)> {
    let good = |name: &str| Some((name.to_owned(), 2));
    match &*expr.kind {
        ExprKind::Column(parts) => good(parts.last()?.name.as_str()),
        ExprKind::Field(_, field) => good(field.name.as_str()),
        ExprKind::Subscript(inner, _) => figured_name(inner),
        ExprKind::Call(call) => good(call.name.name.name.as_str()),
        ExprKind::Cast { operand, target, .. } => match figured_name(operand) {
            Some((name, 2)) => Some((name, 2)),
            _ => Some((internal_type_word(target.name.name.name.as_str()).to_owned(), 1)),
        },
        ExprKind::Collate(inner, _) => figured_name(inner),
        ExprKind::Grouping(_) => good("grouping"),
        ExprKind::Case { otherwise, .. } => match otherwise.as_ref().and_then(figured_name) {
            Some((name, 2)) => Some((name, 2)),
            _ => Some((String::from("case"), 1)),
        },
        ExprKind::Array(_) | ExprKind::ArraySubquery(_) => good("array"),
        ExprKind::Row(_) => good("row"),
        ExprKind::Exists(_) => good("exists"),
        _ => None,
    }
}

/// The last word of the internal name behind SQL's own spelling (gram.y, SystemTypeName).
fn internal_type_word(word: &str) -> &str {
    match word {
        "integer" | "int" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "boolean" => "bool",
        "real" => "float4",
        "double precision" | "float" => "float8",
        "decimal" | "dec" => "numeric",
        "character varying" => "varchar",
        "character" | "char" => "bpchar",
        "timestamp with time zone" => "timestamptz",
        "timestamp without time zone" => "timestamp",
        "time with time zone" => "timetz",
        "time without time zone" => "time",
        "bit varying" => "varbit",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_name_is_cut_first() {
        let table = "a".repeat(40);
        let column = "b".repeat(40);
        let name = object_name(&table, Some(&column), "fkey");
        assert_eq!(name.as_str().len(), 63);
        // Measured on 15: 57 characters are left for both; the second gives way when they are even.
        assert_eq!(name.as_str(), format!("{}_{}_fkey", "a".repeat(29), "b".repeat(28)));
    }

    #[test]
    fn a_table_alone_keeps_its_label() {
        assert_eq!(object_name("t", None, "pkey").as_str(), "t_pkey");
    }
}
