//! The smallest words of a statement: a quoted name, a literal, the words of a kind, a list of parameters.

use std::sync::Arc;

use crate::schema::print::qualified;
use crate::schema::{ObjectId, Schema};
use crate::sql::tree::ObjectKind;

/// The object's name as SQL: with its schema where it has one, quoted where needed; a bare name for what lives on a table.
pub fn quoted_name(schema: &Schema, id: ObjectId) -> String {
    qualified(schema, id)
}

/// A string literal.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The words of the kind as `ALTER`, `DROP` and `COMMENT ON` want them.
pub fn kind_words(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Table => "TABLE",
        ObjectKind::ForeignTable => "FOREIGN TABLE",
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Index => "INDEX",
        ObjectKind::Sequence => "SEQUENCE",
        ObjectKind::Schema => "SCHEMA",
        ObjectKind::Database => "DATABASE",
        ObjectKind::Type => "TYPE",
        ObjectKind::Domain => "DOMAIN",
        ObjectKind::Function => "FUNCTION",
        ObjectKind::Procedure => "PROCEDURE",
        ObjectKind::Routine => "ROUTINE",
        ObjectKind::Aggregate => "AGGREGATE",
        ObjectKind::Operator => "OPERATOR",
        ObjectKind::OperatorClass => "OPERATOR CLASS",
        ObjectKind::OperatorFamily => "OPERATOR FAMILY",
        ObjectKind::Cast => "CAST",
        ObjectKind::Collation => "COLLATION",
        ObjectKind::Conversion => "CONVERSION",
        ObjectKind::Extension => "EXTENSION",
        ObjectKind::Trigger => "TRIGGER",
        ObjectKind::EventTrigger => "EVENT TRIGGER",
        ObjectKind::Rule => "RULE",
        ObjectKind::Policy => "POLICY",
        ObjectKind::Constraint | ObjectKind::DomainConstraint => "CONSTRAINT",
        ObjectKind::Column => "COLUMN",
        ObjectKind::Role => "ROLE",
        ObjectKind::Tablespace => "TABLESPACE",
        ObjectKind::Language => "LANGUAGE",
        ObjectKind::Publication => "PUBLICATION",
        ObjectKind::Subscription => "SUBSCRIPTION",
        ObjectKind::Statistics => "STATISTICS",
        ObjectKind::Server => "SERVER",
        ObjectKind::ForeignDataWrapper => "FOREIGN DATA WRAPPER",
        ObjectKind::UserMapping => "USER MAPPING",
        ObjectKind::TextSearchConfiguration => "TEXT SEARCH CONFIGURATION",
        ObjectKind::TextSearchDictionary => "TEXT SEARCH DICTIONARY",
        ObjectKind::TextSearchParser => "TEXT SEARCH PARSER",
        ObjectKind::TextSearchTemplate => "TEXT SEARCH TEMPLATE",
        ObjectKind::AccessMethod => "ACCESS METHOD",
        ObjectKind::Transform => "TRANSFORM",
        ObjectKind::LargeObject => "LARGE OBJECT",
        ObjectKind::Foreign => "OBJECT",
    }
}

/// `name='value', …` of `WITH (…)`; a value of plain characters stands without quotes.
pub(super) fn parameter_list(parameters: &[(Arc<str>, Arc<str>)]) -> String {
    let words = parameters.iter().map(|(name, value)| {
        let plain = !value.is_empty() && value.chars().all(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-'));
        if plain { format!("{name}={value}") } else { format!("{name}={}", literal(value)) }
    });
    words.collect::<Vec<_>>().join(", ")
}
