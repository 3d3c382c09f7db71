//! Publications: which tables, columns and rows they may have.
//!
//! Source: PostgreSQL 15, CreatePublication, ObjectsInPublicationToOids and TransformPubWhereClauses (publicationcmds.c).

use super::refused::{Checked, Refused, options_are_known, refuse};
use super::work::Work;
use super::written::{Word, Written, WrittenName, spelled};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{Address, ObjectId};
use crate::sql::read_expression;
use crate::sql::tree::{Ident, Volatility};
use crate::text::Sources;

/// Options of `CREATE PUBLICATION … WITH (…)`.
const OPTIONS: &[&str] = &["publish", "publish_via_partition_root"];

impl Work<'_> {
    /// What a new publication needs; its tables leave it when they are dropped.
    pub(super) fn publication_is_allowed(&mut self, written: &Written) -> Checked {
        if let Some(place) = written.after(&["with"]) {
            for (name, value) in options_are_known(written, place, OPTIONS, "publication")? {
                if name == "publish" {
                    publish_is_known(&value)?;
                }
            }
        }
        if let Some(place) = written.after(&["tables", "in", "schema"]) {
            let mut at = place;
            while let Some(Word::Name(name, _)) = written.at(at) {
                if written.at(at).is_some_and(|word| word.is("table")) {
                    break;
                }
                if !written.at(at).is_some_and(|word| word.is("current_schema")) {
                    self.namespace_named(&Ident { name: name.clone(), span: self.span })?;
                }
                at += 1;
                if written.at(at).is_some_and(|word| word.text() == ",") { at += 1 } else { break }
            }
        }
        // Tables may stand in front of schemas or behind them.
        let is_behind = |pair: &[Word]| matches!(pair, [comma, word] if comma.text() == "," && word.is("table"));
        let behind = written.words().windows(2).position(is_behind).map(|place| place + 2);
        let Some(place) = written.after(&["for", "table"]).or(behind) else { return Ok(Vec::new()) };
        self.tables_can_be_published(written, place)?;
        Ok(Vec::new())
    }

    /// `TABLE t [*] [(a, b)] [WHERE (…)], …` from a place on.
    pub(super) fn tables_can_be_published(&mut self, written: &Written, place: usize) -> Result<Vec<ObjectId>, Refused> {
        let mut tables = Vec::new();
        let mut at = place;
        loop {
            while written.at(at).is_some_and(|word| word.is("only") || word.is("table")) {
                at += 1;
            }
            let Some((name, next)) = written.name_at(at) else { break };
            if written.at(at).is_some_and(|word| word.is("tables") || word.is("with")) {
                break;
            }
            at = next;
            let table = self.published_table(&name)?;
            if !tables.contains(&table) {
                tables.push(table);
            }
            if written.at(at).is_some_and(|word| word.text() == "*") {
                at += 1;
            }
            if written.at(at).is_some_and(|word| word.text() == "(") {
                at = self.columns_exist(table, written, at)?;
            }
            if written.at(at).is_some_and(|word| word.is("where")) {
                at = self.rows_can_be_chosen(table, written, at + 1)?;
            }
            if !written.at(at).is_some_and(|word| word.text() == ",") {
                break;
            }
            at += 1;
        }
        Ok(tables)
    }

    fn published_table(&self, name: &WrittenName) -> Result<ObjectId, Refused> {
        let table = self.relation(&self.object_name(name))?;
        self.can_be_published(table)?;
        Ok(table)
    }

    fn columns_exist(&self, table: ObjectId, written: &Written, open: usize) -> Result<usize, Refused> {
        let mut at = open + 1;
        while let Some(word) = written.at(at) {
            match word {
                Word::Name(name, _) => {
                    let column = self.column_of(table, &Ident { name: name.clone(), span: self.span })?;
                    if matches!(column.generation, crate::schema::ColumnGeneration::Generated(..)) {
                        return refuse("42P10", format!("cannot use generated column \"{name}\" in publication column list"));
                    }
                }
                Word::Sign(sign) if sign == ")" => return Ok(at + 1),
                _ => {}
            }
            at += 1;
        }
        Ok(at)
    }

    fn rows_can_be_chosen(&mut self, table: ObjectId, written: &Written, open: usize) -> Result<usize, Refused> {
        let mut depth = 0_usize;
        let mut end = open;
        while let Some(word) = written.at(end) {
            match word.text() {
                "(" => depth += 1,
                ")" => depth = depth.saturating_sub(1),
                _ => {}
            }
            end += 1;
            if depth == 0 {
                break;
            }
        }
        let words: Vec<Word> = written.words().get(open..end).unwrap_or(&[]).to_vec();
        let quoted: Vec<Word> =
            words.into_iter().map(|word| if let Word::Text(text) = word { Word::Number(format!("'{}'", text.replace('\'', "''"))) } else { word }).collect();
        let mut sources = Sources::default();
        let id = sources.add("<rows of a publication>", spelled(&quoted));
        let Ok(expression) = read_expression(&sources, id, self.schema.dialect) else { return Ok(end) };
        let scope = ExpressionScope::of_relation(ExpressionPurpose::Other, table);
        let binding = crate::lineage::bind_expression(&self.schema, &self.session, &scope, &expression);
        if let Some(error) = binding.errors.into_iter().find(|error| error.unknown.is_none()) {
            return refuse(error.sqlstate, error.message);
        }
        if binding.data_type.is_some_and(|data_type| !data_type.is_builtin("bool") && !data_type.is_builtin("unknown")) {
            return refuse("42804", "argument of PUBLICATION WHERE must be type boolean");
        }
        let own_functions = binding
            .depends_on
            .iter()
            .any(|address: &Address| matches!(self.schema.get(address.object).map(|object| &object.body), Some(crate::schema::ObjectBody::Function(_))));
        if binding.volatility != Volatility::Immutable || own_functions {
            return refuse("0A000", "invalid publication WHERE expression");
        }
        Ok(end)
    }
}

fn publish_is_known(value: &[Word]) -> Result<(), Refused> {
    let text = value.iter().map(Word::text).collect::<String>();
    match text.split(',').map(str::trim).find(|word| !word.is_empty() && !["insert", "update", "delete", "truncate"].contains(word)) {
        Some(wrong) => refuse("42601", format!("unrecognized value for publication option \"publish\": \"{wrong}\"")),
        None => Ok(()),
    }
}
