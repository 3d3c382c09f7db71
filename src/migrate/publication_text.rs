//! What a publication publishes, as its statement says it: tables with columns and rows, schemas, options.
//!
//! In: the text of `CREATE PUBLICATION`, or of a change. Out: the parts, and the statement made of them with its names by identity.
//!
//! Source: PostgreSQL 15, CreatePublication and AlterPublication (publicationcmds.c).

use std::sync::Arc;

use super::written::{Word, Written, WrittenName, spelled};
use crate::lineage::{Session, resolve_relation};
use crate::name::{Name, Quoting};
use crate::schema::{Address, Definition, ObjectId, Part, Piece, Schema, ddl};
use crate::sql::tree::{Ident, ObjectName};
use crate::text::{Sources, Span};

/// The statement begins so; the name is put in when it is printed.
const HEAD: &str = "CREATE PUBLICATION own";
const ALL: &str = " FOR ALL TABLES";
const FOR: &str = " FOR ";
const TABLE: &str = "TABLE ";
const SCHEMAS: &str = "TABLES IN SCHEMA ";
const NEXT: &str = ", ";
const WITH: &str = " WITH (";

/// A table of a publication.
#[derive(Clone, Debug)]
pub(super) struct Member {
    /// The table.
    pub(super) table: ObjectId,
    /// Columns and rows, when they are chosen.
    choice: Vec<Piece>,
}

/// What a publication publishes.
#[derive(Clone, Debug, Default)]
pub(super) struct Published {
    all_tables: bool,
    /// Its tables.
    pub(super) members: Vec<Member>,
    /// Its schemas.
    pub(super) schemas: Vec<ObjectId>,
    /// Its options, by name.
    pub(super) options: Vec<(String, String)>,
}

/// `CREATE PUBLICATION …` with its tables, columns and schemas by identity; as it is written when a table of it is not there.
pub fn define_publication(schema: &Schema, session: &Session, text: &str) -> Definition {
    let written = Written::of(text, schema.dialect);
    match Published::read(schema, session, &written, written.after(&["publication"]).unwrap_or(0) + 1) {
        Some(published) => published.definition(),
        None => Definition::text(text),
    }
}

impl Published {
    /// The parts of a statement that [`Published::definition`] made; `None` for any other.
    pub(super) fn of(definition: &Definition) -> Option<Self> {
        let mut found = Self::default();
        let mut in_options = false;
        let (first, rest) = definition.pieces().split_first()?;
        if *first != text(HEAD) {
            return None;
        }
        for piece in rest {
            match piece {
                Piece::Relation { relation } => found.members.push(Member { table: *relation, choice: Vec::new() }),
                Piece::Object { object } => found.schemas.push(*object),
                Piece::Text(word) if &**word == WITH => in_options = true,
                Piece::Text(word) if in_options => {
                    if let Some((name, value)) = word.split_once(" = ") {
                        found.options.push((name.to_owned(), value.to_owned()));
                    }
                }
                Piece::Text(word) if &**word == ALL => found.all_tables = true,
                Piece::Text(word) if [FOR, TABLE, SCHEMAS, NEXT, ""].contains(&&**word) => {}
                other => {
                    if let Some(member) = found.members.last_mut() {
                        member.choice.push(other.clone());
                    }
                }
            }
        }
        Some(found)
    }

    /// Whether whoever reads by `other` is told of as many kinds of change by this one; by default all are told.
    pub(super) fn publishes_all_that(&self, other: &Self) -> bool {
        let own = |published: &Self| {
            let value = published.options.iter().find(|(name, _)| name == "publish").map(|(_, value)| value.trim_matches('\'').to_ascii_lowercase());
            value.map(|value| value.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>())
        };
        let same_root = self.options.iter().all(|(name, _)| name == "publish");
        same_root
            && match (own(self), own(other)) {
                (None, _) => true,
                (Some(new), Some(old)) => old.iter().all(|word| new.contains(word)),
                (Some(new), None) => ["insert", "update", "delete", "truncate"].iter().all(|word| new.iter().any(|own| own == word)),
            }
    }

    /// Sets options.
    pub(super) fn set(&mut self, change: Self) {
        self.options.retain(|(name, _)| change.options.iter().all(|(other, _)| other != name));
        self.options.extend(change.options);
        self.options.sort();
    }

    /// Takes out what is not there any more; whether there was something.
    pub(super) fn forget_what_is_gone(&mut self, schema: &Schema) -> bool {
        let before = self.members.len() + self.schemas.len();
        let is_there = |piece: &Piece| match piece {
            Piece::Column { relation, column, .. } => schema.column(*relation, *column).is_some(),
            _ => true,
        };
        self.members.retain(|member| schema.get(member.table).is_some() && member.choice.iter().all(is_there));
        self.schemas.retain(|namespace| schema.get(*namespace).is_some());
        before != self.members.len() + self.schemas.len()
    }

    /// Whether it has whole schemas, and tables of which only some columns are published: the server takes one or the other.
    pub(super) fn mixes_schemas_and_columns(&self) -> bool {
        let has_columns = |member: &Member| member.choice.first() == Some(&text(" "));
        !self.schemas.is_empty() && self.members.iter().any(has_columns)
    }

    /// Whether a table of it is published by that column.
    pub(super) fn chooses_by(&self, column: Address) -> bool {
        let is_it = |piece: &Piece| matches!(piece, Piece::Column { relation, column: number, .. } if Address::column(*relation, *number) == column);
        self.members.iter().any(|member| member.choice.iter().any(is_it))
    }

    /// Reads `FOR …` and `WITH (…)`, or the same without those words, from a place on; `None` when a table or schema is not there.
    pub(super) fn read(schema: &Schema, session: &Session, written: &Written, place: usize) -> Option<Self> {
        let mut found = Self::default();
        let mut at = place;
        let is = |at: usize, word: &str| written.at(at).is_some_and(|own| own.is(word));
        let sign = |at: usize, sign: &str| written.at(at).is_some_and(|own| own.text() == sign && matches!(own, Word::Sign(_)));
        if is(at, "for") {
            at += 1;
        }
        if is(at, "all") && is(at + 1, "tables") {
            found.all_tables = true;
            at += 2;
        }
        let mut of_schemas = false;
        while !is(at, "with") && written.at(at).is_some() && !sign(at, "(") {
            if is(at, "tables") && is(at + 1, "in") && is(at + 2, "schema") {
                of_schemas = true;
                at += 3;
            } else if is(at, "table") {
                of_schemas = false;
                at += 1;
            }
            at += usize::from(is(at, "only"));
            let (name, next) = written.name_at(at)?;
            at = next;
            if of_schemas {
                let named = if name.name.as_str() == "current_schema" { session.search_path.first() } else { Some(&name.name) };
                found.schemas.push(schema.namespace(named?)?);
            } else {
                let table = resolve_relation(schema, session, &object_name(&name)).ok()?;
                at += usize::from(sign(at, "*"));
                let mut choice = Vec::new();
                if sign(at, "(") {
                    at = copied(schema, table, written, at, &mut choice);
                }
                if is(at, "where") {
                    choice.push(text(" WHERE"));
                    at = copied(schema, table, written, at + 1, &mut choice);
                }
                found.members.push(Member { table, choice });
            }
            if !sign(at, ",") {
                break;
            }
            at += 1;
        }
        if is(at, "with") || sign(at, "(") {
            let options = written.options_from(at).into_iter();
            found.options = options.map(|(name, value)| (name, value.iter().map(quoted).collect::<Vec<_>>().join(" "))).collect();
        }
        Some(found)
    }

    /// The statement.
    pub(super) fn definition(&self) -> Definition {
        let mut pieces = vec![text(HEAD)];
        if self.all_tables {
            pieces.push(text(ALL));
        }
        let mut front = FOR;
        for (place, member) in self.members.iter().enumerate() {
            pieces.push(text(front));
            pieces.push(text(if place == 0 { TABLE } else { "" }));
            pieces.push(Piece::Relation { relation: member.table });
            pieces.extend(member.choice.iter().cloned());
            front = NEXT;
        }
        for (place, object) in self.schemas.iter().enumerate() {
            pieces.push(text(front));
            pieces.push(text(if place == 0 { SCHEMAS } else { "" }));
            pieces.push(Piece::Object { object: *object });
            front = NEXT;
        }
        for (place, (name, value)) in self.options.iter().enumerate() {
            pieces.push(text(if place == 0 { WITH } else { NEXT }));
            pieces.push(text(&format!("{name} = {}", if value.is_empty() { "true" } else { value })));
        }
        pieces.extend((!self.options.is_empty()).then(|| text(")")));
        Definition::new(pieces)
    }
}

/// What stands in parentheses from a place on, its columns by identity; the place behind it.
fn copied(schema: &Schema, table: ObjectId, written: &Written, open: usize, pieces: &mut Vec<Piece>) -> usize {
    let (mut at, mut depth) = (open, 0_usize);
    while let Some(word) = written.at(at) {
        match word.text() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        pieces.push(text(" "));
        let column = match word {
            Word::Name(name, _) if written.at(at + 1).is_none_or(|next| next.text() != "(") => schema.column_address(table, name),
            _ => None,
        };
        pieces.push(match column {
            Some(Address { object, part: Part::Column(column) }) => Piece::Column { relation: object, column, output: None },
            _ => text(&quoted(word)),
        });
        at += 1;
        if depth == 0 {
            break;
        }
    }
    at
}

fn quoted(word: &Word) -> String {
    match word {
        Word::Text(text) => ddl::literal(text),
        Word::Name(name, Quoting::Quoted) => format!("\"{}\"", name.as_str().replace('"', "\"\"")),
        word => spelled(std::slice::from_ref(word)),
    }
}

fn object_name(name: &WrittenName) -> ObjectName {
    let nowhere = Sources::default().add("<publication>", "");
    let ident = |name: &Name| Ident { name: name.clone(), span: Span::new(nowhere, 0, 0) };
    ObjectName { name: ident(&name.name), schema: name.schema.as_ref().map(ident), database: None }
}

fn text(text: &str) -> Piece {
    Piece::Text(Arc::from(text))
}
