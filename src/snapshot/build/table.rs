//! Tables: everything about them but columns, constraints and indexes.

use std::sync::Arc;

use super::context::{Context, pairs};
use crate::diagnostic::Problem;
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{Address, ColumnNumber, Definition, ObjectId, Partitioning, Persistence, Piece, Size, TableKind};
use crate::snapshot::file::{RowSecurityWord, TableEntry, Text};
use crate::yaml::Entries;

impl Context<'_> {
    /// Kind, parents, storage, estimates.
    pub(super) fn table(&mut self, id: ObjectId, entry: &TableEntry) {
        let parents: Vec<ObjectId> = entry.inherits.iter().chain(&entry.partition_of).filter_map(|parent| self.relation(parent)).collect();
        let of_type = entry.of_type.as_ref().and_then(|text| self.relation(text));
        let mut options = table_options(&entry.options);
        if let Some(foreign) = &entry.foreign {
            options.extend(foreign.server.as_ref().map(|text| (Arc::from("SERVER"), Arc::from(text.value.as_str()))));
            options.extend(foreign.options.as_ref().map(|text| (Arc::from("OPTIONS"), Arc::from(text.value.as_str()))));
        }
        let kind = match (&entry.foreign, &entry.partition_by) {
            (Some(_), _) => TableKind::Foreign,
            (None, Some(_)) => TableKind::Partitioned,
            (None, None) => TableKind::Ordinary,
        };
        self.schema.update_table(id, |table| {
            table.kind = kind;
            table.persistence = if entry.unlogged { Persistence::Unlogged } else { Persistence::Permanent };
            table.parents = parents;
            table.partition_bound = entry.bound.as_ref().map(|text| Arc::from(text.value.as_str()));
            table.of_type = of_type;
            table.parameters = pairs(&entry.parameters);
            table.options = options;
            (table.row_security, table.force_row_security) = match entry.row_security {
                None => (false, false),
                Some(RowSecurityWord::Enabled) => (true, false),
                Some(RowSecurityWord::Forced) => (true, true),
                Some(RowSecurityWord::ForcedButDisabled) => (false, true),
            };
            table.size = entry.rows.map(|rows| Size { rows, bytes: entry.bytes });
        });
        if entry.partition_of.is_some() != entry.bound.is_some() {
            let place = entry.partition_of.as_ref().or(entry.bound.as_ref());
            if let Some(place) = place {
                self.problem(Problem::error("snapshot-partition", "a partition needs both `partition_of` and `bound`").at(place.span));
            }
        }
    }

    /// The partition key, once columns and routines are there.
    pub(super) fn partitioning(&mut self, id: ObjectId, entry: &TableEntry) {
        let Some(text) = &entry.partition_by else { return };
        let split = text.value.split_once('(').and_then(|(strategy, rest)| Some((strategy.trim().to_ascii_lowercase(), rest.trim_end().strip_suffix(')')?)));
        let Some((strategy, keys)) = split.filter(|(strategy, _)| matches!(strategy.as_str(), "range" | "list" | "hash")) else {
            let problem = Problem::error("snapshot-partition", format!("`{}` is not read as a way to partition", text.value)).at(text.span);
            self.problem(problem.help("write `RANGE (…)`, `LIST (…)` or `HASH (…)`"));
            return;
        };
        let mut columns = Vec::new();
        let mut pieces = Vec::new();
        for (place, key) in split_keys(keys).into_iter().enumerate() {
            if place > 0 {
                pieces.push(Piece::Text(Arc::from(", ")));
            }
            let (column, definition) = self.partition_key(id, &Text { value: key, span: text.span });
            columns.push(column);
            pieces.extend(definition.pieces().iter().cloned());
        }
        let partitioning = Partitioning { strategy: Arc::from(strategy), columns, key: Definition::new(pieces) };
        self.schema.update_table(id, |table| table.partitioning = Some(partitioning));
    }

    /// A column, perhaps with options behind it, or an expression.
    fn partition_key(&mut self, id: ObjectId, key: &Text) -> (Option<ColumnNumber>, Definition) {
        let columns = self.schema.columns(id);
        let named = columns
            .iter()
            .map(|column| (column.number, self.schema.dialect.quote(&column.name)))
            .find(|(_, quoted)| key.value.strip_prefix(quoted.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')));
        if let Some((number, quoted)) = named {
            let rest = key.value.get(quoted.len()..).unwrap_or("");
            let column = Piece::Column { relation: id, column: number, output: None };
            return (Some(number), Definition::new(vec![column, Piece::Text(Arc::from(rest))]));
        }
        let namespace = self.schema.get(id).and_then(|object| object.namespace);
        (None, self.expression(namespace, &ExpressionScope::of_relation(ExpressionPurpose::PartitionKey, id), key))
    }

    /// What identifies a row in replication, once indexes are there.
    pub(super) fn replica_identity(&mut self, id: ObjectId, entry: &TableEntry) {
        let Some(text) = &entry.replica_identity else { return };
        let word = match text.value.as_str() {
            "full" => Some("FULL"),
            "nothing" => Some("NOTHING"),
            _ => None,
        };
        if let Some(word) = word {
            self.schema.update_table(id, |table| table.replica_identity_word = Some(Arc::from(word)));
            return;
        }
        let is_it = |index: &ObjectId| self.schema.index(*index).is_some() && self.schema.get(*index).is_some_and(|object| object.name.as_str() == text.value);
        let index = self.schema.on_table(id).into_iter().find(is_it);
        if let Some(index) = index {
            self.schema.update_table(id, |table| table.replica_identity = Some(Address::whole(index)));
        } else {
            let problem = Problem::error("snapshot-unknown-index", format!("the table has no index `{}`", text.value)).at(text.span);
            self.problem(problem.help("`replica_identity` is `full`, `nothing` or the name of an index of the table"));
        }
    }
}

/// Option words with their spaces: `cluster_on` is `CLUSTER ON`.
fn table_options(entries: &Entries<Text>) -> Vec<(Arc<str>, Arc<str>)> {
    let word = |name: &Text| Arc::from(name.value.to_ascii_uppercase().replace('_', " "));
    entries.0.iter().map(|(name, value)| (word(name), Arc::from(value.value.as_str()))).collect()
}

/// Splits at commas outside of parentheses and quotes.
fn split_keys(text: &str) -> Vec<String> {
    let (mut depth, mut quote) = (0_usize, None);
    let mut keys = vec![String::new()];
    for character in text.chars() {
        match (quote, character) {
            (Some(open), close) if open == close => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                keys.push(String::new());
                continue;
            }
            (Some(_) | None, _) => {}
        }
        if let Some(last) = keys.last_mut() {
            last.push(character);
        }
    }
    keys.iter().map(|key| key.trim().to_owned()).collect()
}
