//! Where aggregates, window functions and functions that give sets may stand, and which query level an aggregate belongs to.
//!
//! Rules and words: parse_agg.c and parse_func.c (PostgreSQL 15).

use std::rc::Rc;

use super::binder::Binder;
use super::level::Clause;
use crate::text::Span;

impl Binder<'_> {
    /// An aggregate over the uses since `start`: it belongs to the innermost level that they use, and may stand where that level's clause lets it.
    pub(super) fn aggregate_at(&mut self, start: usize, nested_from: usize, span: Span) {
        self.over_rows = true;
        let used: Vec<u32> = self.log.get(start..).unwrap_or(&[]).iter().map(|one| one.level).collect();
        let index = (0..self.levels.len()).rev().find(|index| self.levels.get(*index).is_some_and(|level| used.contains(&level.id)));
        let index = index.unwrap_or_else(|| self.levels.len().saturating_sub(1));
        let Some(level) = self.levels.get_mut(index) else { return };
        let id = level.id;
        let clause = level.clause;
        level.has_aggregates |= clause.forbids_aggregates().is_none();
        self.found.collects |= index == 0;
        for one in self.log.iter_mut().skip(start).filter(|one| one.level == id) {
            one.aggregated = true;
        }
        if self.aggregates.get(nested_from..).is_some_and(|inside| inside.contains(&id)) {
            self.error("42803", "aggregate function calls cannot be nested", span);
        }
        self.aggregates.push(id);
        if let Some(words) = clause.forbids_aggregates() {
            self.error("42803", format!("aggregate functions are not allowed in {words}"), span);
        }
        if start == self.log.len() {
            self.uses_all_rows(id, span);
        }
    }

    /// `count(*)` draws from every relation of the level as a whole.
    fn uses_all_rows(&mut self, id: u32, span: Span) {
        let mut sources = super::value::Sources::default();
        if let Some(level) = self.levels.iter().find(|level| level.id == id) {
            for relation in &level.relations {
                if let super::level::RelationKind::Missing(written) = &relation.kind {
                    sources.named.insert(super::NamedSource { relation: written.to_string(), column: "*".to_owned() });
                }
            }
        }
        let sources = Rc::new(sources);
        self.log.push(super::level::ColumnUse { level: id, relation: usize::MAX, column: None, span, aggregated: true, sources, reads: Rc::from([]) });
    }

    pub(super) fn window_call_here(&mut self, span: Span) {
        self.window_calls += 1;
        self.found.collects |= self.levels.len() == 1;
        let clause = self.level().clause;
        if let Some(words) = clause.forbids_windows() {
            self.error("42P20", format!("window functions are not allowed in {words}"), span);
        }
    }

    pub(super) fn set_returning_here(&mut self, span: Span) {
        self.found.collects |= self.levels.len() == 1;
        let level = self.level();
        let words = if level.inside_conditional { Some("CASE") } else { level.clause.forbids_sets() };
        if let Some(words) = words {
            self.error("0A000", format!("set-returning functions are not allowed in {words}"), span);
        }
    }
}

/// Names that are aggregates in every dialect, for those whose functions are not known.
pub(super) fn is_aggregate_word(word: &str) -> bool {
    matches!(
        word,
        "count"
            | "sum"
            | "avg"
            | "min"
            | "max"
            | "array_agg"
            | "string_agg"
            | "listagg"
            | "group_concat"
            | "bool_and"
            | "bool_or"
            | "every"
            | "any_value"
            | "median"
            | "stddev"
            | "variance"
            | "json_agg"
            | "jsonb_agg"
            | "approx_count_distinct"
            | "count_if"
            | "first"
            | "last"
            | "percentile_cont"
            | "percentile_disc"
            | "mode"
    )
}

impl Clause {
    /// The server's words for a place where no aggregate may stand.
    fn forbids_aggregates(self) -> Option<&'static str> {
        Some(match self {
            Self::Where => "WHERE",
            Self::JoinCondition => "JOIN conditions",
            Self::FromFunction => "functions in FROM",
            Self::GroupBy => "GROUP BY",
            Self::Limit => "LIMIT",
            Self::Values | Self::InsertValues => "VALUES",
            Self::UpdateSource => "UPDATE",
            Self::Returning => "RETURNING",
            Self::MergeWhen => "MERGE WHEN conditions",
            Self::WindowFrame => "window ROWS",
            Self::Check => "check constraints",
            Self::Default => "DEFAULT expressions",
            Self::Generated => "column generation expressions",
            Self::IndexKey => "index expressions",
            Self::IndexPredicate => "index predicates",
            Self::Conversion => "transform expressions",
            Self::PartitionKey => "partition key expressions",
            Self::PartitionBound => "partition bound",
            Self::Policy => "policy expressions",
            Self::TriggerCondition => "trigger WHEN conditions",
            Self::CallArgument => "CALL arguments",
            Self::Other
            | Self::SelectList
            | Self::FromSubquery
            | Self::Having
            | Self::Qualify
            | Self::OrderBy
            | Self::DistinctOn
            | Self::WindowPartition
            | Self::WindowOrder => return None,
        })
    }

    /// The same for window functions.
    fn forbids_windows(self) -> Option<&'static str> {
        match self {
            Self::Having => Some("HAVING"),
            Self::WindowPartition | Self::WindowOrder => Some("window definitions"),
            Self::FromSubquery | Self::SelectList | Self::OrderBy | Self::DistinctOn | Self::Qualify | Self::Other => None,
            other => other.forbids_aggregates(),
        }
    }

    /// The same for functions that give a set.
    fn forbids_sets(self) -> Option<&'static str> {
        match self {
            Self::Having => Some("HAVING"),
            Self::InsertValues | Self::FromFunction | Self::GroupBy | Self::Values | Self::Returning | Self::WindowFrame => None,
            other => other.forbids_aggregates(),
        }
    }
}
