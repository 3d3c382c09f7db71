//! Extended statistics: which columns and expressions they may be of.
//!
//! Source: PostgreSQL 15, CreateStatistics and AlterStatistics (statscmds.c).

use std::sync::Arc;

use super::refused::Refused;
use super::work::Work;
use super::written::{Word, Written};
use crate::name::Name;
use crate::schema::{Address, Definition, ObjectBody, ObjectId, Part, Piece, Schema, ddl};
use crate::sql::tree::ViewKind;
use crate::typing::{Support, ordering};

impl Work<'_> {
    /// What new statistics need; the addresses are the columns with any of which they go.
    pub(super) fn statistics_are_allowed(&mut self, written: &Written, table: Option<ObjectId>) -> Result<Vec<Address>, Refused> {
        let refuse = |sqlstate, message: String| Err(Refused::With(sqlstate, message));
        let Some(table) = table else { return Ok(Vec::new()) };
        let can_have = match self.schema.get(table).map(|object| &object.body) {
            Some(ObjectBody::Table(_)) => true,
            Some(ObjectBody::View(view)) => view.kind == ViewKind::Materialized,
            _ => false,
        };
        if !can_have {
            return refuse("42809", format!("cannot define statistics for relation \"{}\"", self.name_of(table)));
        }
        let words = written.words();
        let on = written.after(&["on"]).unwrap_or(0);
        let kinds = kinds(written, on);
        if let Some(wrong) = kinds.iter().find(|kind| !["ndistinct", "dependencies", "mcv"].contains(&kind.as_str())) {
            return refuse("42601", format!("unrecognized statistics kind \"{wrong}\""));
        }
        let from = words.iter().rposition(|word| word.is("from")).unwrap_or(words.len());
        let (columns, expressions) = parts(words.get(on..from).unwrap_or(&[]));
        let mut needs = Vec::new();
        for (place, name) in columns.iter().enumerate() {
            if self.is_system_column(name) {
                return refuse("0A000", String::from("statistics creation on system columns is not supported"));
            }
            let Some(column) = self.schema.columns(table).iter().find(|column| column.name == *name) else {
                return refuse("42703", format!("column \"{name}\" does not exist"));
            };
            if ordering(&self.schema, &column.data_type) == Support::No {
                let shown = self.shown_type(&column.data_type);
                return refuse("0A000", format!("column \"{name}\" cannot be used in statistics because its type {shown} has no default btree operator class"));
            }
            if columns.iter().take(place).any(|other| other == name) {
                return refuse("42701", String::from("duplicate column name in statistics definition"));
            }
            needs.push(Address::column(table, column.number));
        }
        if expressions.len() == 1 && columns.is_empty() && !kinds.is_empty() {
            return refuse("0A000", String::from("when building statistics on a single expression, statistics kinds may not be specified"));
        }
        if columns.len() + expressions.len() < 2 && expressions.is_empty() {
            return refuse("42P17", String::from("extended statistics require at least 2 columns"));
        }
        if columns.len() + expressions.len() > 8 {
            return refuse("54011", String::from("cannot have more than 8 columns in statistics"));
        }
        for expression in &expressions {
            let named = expression.iter().filter_map(|word| if let Word::Name(name, _) = word { self.schema.column_address(table, name) } else { None });
            needs.extend(named);
        }
        Ok(needs)
    }
}

/// `CREATE STATISTICS …` with its columns and its table by identity.
pub fn define_statistics(schema: &Schema, table: ObjectId, text: &str) -> Definition {
    let written = Written::of(text, schema.dialect);
    let words = written.words();
    let on = written.after(&["on"]).unwrap_or(0);
    let from = words.iter().rposition(|word| word.is("from")).unwrap_or(words.len());
    let mut pieces = Vec::new();
    let kinds = kinds(&written, on);
    let kinds = if kinds.is_empty() { String::new() } else { format!("({}) ", kinds.join(", ")) };
    // The name is put in when it is printed.
    pieces.push(Piece::Text(Arc::from(format!("CREATE STATISTICS {kinds}ON "))));
    for (place, word) in words.iter().enumerate().take(from).skip(on) {
        let column = match word {
            Word::Name(name, _) if words.get(place + 1).is_none_or(|next| next.text() != "(") => schema.column_address(table, name),
            _ => None,
        };
        match (column, word) {
            (Some(Address { object, part: Part::Column(column) }), _) => pieces.push(Piece::Column { relation: object, column, output: None }),
            (_, Word::Text(text)) => pieces.push(Piece::Text(Arc::from(ddl::literal(text)))),
            (_, Word::Name(name, _)) if name.as_str().chars().any(char::is_uppercase) => pieces.push(Piece::Text(Arc::from(schema.dialect.quote(name)))),
            (_, word) => pieces.push(Piece::Text(Arc::from(word.text()))),
        }
        pieces.push(Piece::Text(Arc::from(" ")));
    }
    pieces.push(Piece::Text(Arc::from("FROM ")));
    pieces.push(Piece::Relation { relation: table });
    Definition::new(pieces)
}

/// The kinds in parentheses before `ON`.
fn kinds(written: &Written, on: usize) -> Vec<String> {
    let has_list = written.words().iter().take(on).any(|word| word.text() == "(");
    if has_list { written.options_from(0).into_iter().map(|(name, _)| name).collect() } else { Vec::new() }
}

/// Plain columns, and the words of each expression in parentheses.
fn parts(words: &[Word]) -> (Vec<Name>, Vec<Vec<Word>>) {
    let (mut columns, mut expressions) = (Vec::new(), Vec::new());
    let mut depth = 0_usize;
    let mut part: Vec<Word> = Vec::new();
    let mut end = |part: &mut Vec<Word>| {
        match part.as_slice() {
            [] => {}
            [Word::Name(name, _)] => columns.push(name.clone()),
            _ => expressions.push(part.clone()),
        }
        part.clear();
    };
    for word in words {
        match word.text() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "," if depth == 0 => {
                end(&mut part);
                continue;
            }
            _ => {}
        }
        part.push(word.clone());
    }
    end(&mut part);
    (columns, expressions)
}
