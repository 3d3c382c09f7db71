//! What the server asks of a trigger before it makes it.
//!
//! Source: PostgreSQL 15, CreateTriggerFiringOn (trigger.c), validate_ddl_tags and CreateEventTrigger (event_trigger.c).

use super::work::{Applied, Work};
use super::written::{Word, Written};
use crate::schema::{ColumnGeneration, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{CreateTrigger, Expr, ExprKind, Ident, TriggerEvent, TriggerTiming, ViewKind};

impl Work<'_> {
    /// What a condition before the row is written may not look at (CreateTriggerFiringOn).
    pub(super) fn condition_reads_what_is_there(&self, table: ObjectId, statement: &CreateTrigger, condition: &Expr) -> Applied {
        if statement.timing != TriggerTiming::Before || self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let mut columns = Vec::new();
        new_columns(condition, &mut columns);
        let is_generated = |column: &crate::schema::Column| matches!(column.generation, ColumnGeneration::Generated(..));
        for name in columns {
            let own = self.schema.columns(table);
            let reads = match name {
                Some(name) if self.is_system_column(&name.name) && !own.iter().any(|column| column.name == name.name) => {
                    return self.refuse_at(name.span, "0A000", "BEFORE trigger's WHEN condition cannot reference NEW system columns");
                }
                Some(name) => own.iter().any(|column| column.name == name.name && is_generated(column)),
                None => own.iter().any(is_generated),
            };
            if reads {
                return self.refuse_at(condition.span, "42P17", "BEFORE trigger's WHEN condition cannot reference NEW generated columns");
            }
        }
        Ok(())
    }

    /// Timing, events, condition and transition tables of a trigger of a relation.
    pub(super) fn trigger_is_allowed(&self, table: ObjectId, statement: &CreateTrigger) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        if statement.constraint && statement.or_replace {
            return self.refuse("0A000", "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported");
        }
        let has = |wanted: fn(&TriggerEvent) -> bool| statement.events.iter().any(wanted);
        if has(|event| matches!(event, TriggerEvent::Truncate)) && statement.for_each_row {
            return self.refuse("0A000", "TRUNCATE FOR EACH ROW triggers are not supported");
        }
        if statement.timing == TriggerTiming::InsteadOf {
            if !statement.for_each_row {
                return self.refuse("0A000", "INSTEAD OF triggers must be FOR EACH ROW");
            }
            if statement.condition.is_some() {
                return self.refuse("0A000", "INSTEAD OF triggers cannot have WHEN conditions");
            }
            if has(|event| matches!(event, TriggerEvent::Update(columns) if !columns.is_empty())) {
                return self.refuse("0A000", "INSTEAD OF triggers cannot have column lists");
            }
        }
        for event in &statement.events {
            let TriggerEvent::Update(columns) = event else { continue };
            for (place, column) in columns.iter().enumerate() {
                if columns.iter().take(place).any(|other| other.name == column.name) {
                    return self.refuse_at(column.span, "42701", format!("column \"{column}\" specified more than once"));
                }
            }
        }
        self.transitions_are_allowed(table, statement)?;
        match &statement.condition {
            Some(condition) => self.condition_is_allowed(statement, condition),
            None => Ok(()),
        }
    }

    fn transitions_are_allowed(&self, table: ObjectId, statement: &CreateTrigger) -> Applied {
        if statement.transition_tables.is_empty() {
            return Ok(());
        }
        let name = self.name_of(table);
        match self.schema.get(table).map(|object| &object.body) {
            Some(ObjectBody::Table(body)) if body.kind == TableKind::Foreign => {
                return self.refuse("42809", format!("\"{name}\" is a foreign table"));
            }
            Some(ObjectBody::View(view)) if view.kind == ViewKind::Plain => return self.refuse("42809", format!("\"{name}\" is a view")),
            Some(ObjectBody::Table(body)) if statement.for_each_row && body.partition_bound.is_some() => {
                return self.refuse("0A000", "ROW triggers with transition tables are not supported on partitions");
            }
            Some(ObjectBody::Table(body)) if statement.for_each_row && !body.parents.is_empty() => {
                return self.refuse("0A000", "ROW triggers with transition tables are not supported on inheritance children");
            }
            _ => {}
        }
        if statement.timing != TriggerTiming::After {
            return self.refuse("42P17", "transition table name can only be specified for an AFTER trigger");
        }
        if statement.events.iter().any(|event| matches!(event, TriggerEvent::Truncate)) {
            return self.refuse("0A000", "TRUNCATE triggers with transition tables are not supported");
        }
        if statement.events.len() > 1 {
            return self.refuse("0A000", "transition tables cannot be specified for triggers with more than one event");
        }
        if statement.events.iter().any(|event| matches!(event, TriggerEvent::Update(columns) if !columns.is_empty())) {
            return self.refuse("0A000", "transition tables cannot be specified for triggers with column lists");
        }
        let is = |wanted: fn(&TriggerEvent) -> bool| statement.events.iter().any(wanted);
        let mut seen: Vec<bool> = Vec::new();
        for (is_old, _) in &statement.transition_tables {
            let fits = if *is_old {
                is(|event| matches!(event, TriggerEvent::Delete | TriggerEvent::Update(_)))
            } else {
                is(|event| matches!(event, TriggerEvent::Insert | TriggerEvent::Update(_)))
            };
            if !fits {
                let (word, events) = if *is_old { ("OLD", "a DELETE or UPDATE") } else { ("NEW", "an INSERT or UPDATE") };
                return self.refuse("42P17", format!("{word} TABLE can only be specified for {events} trigger"));
            }
            if seen.contains(is_old) {
                return self.refuse("42P17", format!("{} TABLE cannot be specified multiple times", if *is_old { "OLD" } else { "NEW" }));
            }
            seen.push(*is_old);
        }
        if let [(_, one), (_, other)] = statement.transition_tables.as_slice()
            && one.name == other.name
        {
            return self.refuse("42P17", "OLD TABLE name and NEW TABLE name cannot be the same");
        }
        Ok(())
    }

    /// Which rows a condition may look at.
    fn condition_is_allowed(&self, statement: &CreateTrigger, condition: &Expr) -> Applied {
        let mut names = Vec::new();
        rows_named(condition, &mut names);
        let (old, new) = (names.contains(&"old"), names.contains(&"new"));
        if !statement.for_each_row && (old || new) {
            return self.refuse_at(condition.span, "42P17", "statement trigger's WHEN condition cannot reference column values");
        }
        let inserts = statement.events.iter().any(|event| matches!(event, TriggerEvent::Insert));
        let deletes = statement.events.iter().any(|event| matches!(event, TriggerEvent::Delete));
        if inserts && old {
            return self.refuse_at(condition.span, "42P17", "INSERT trigger's WHEN condition cannot reference OLD values");
        }
        if deletes && new {
            return self.refuse_at(condition.span, "42P17", "DELETE trigger's WHEN condition cannot reference NEW values");
        }
        Ok(())
    }

    /// Event and tags of an event trigger.
    pub(super) fn event_trigger_is_allowed(&self, statement: &CreateTrigger) -> Applied {
        const EVENTS: &[&str] = &["ddl_command_start", "ddl_command_end", "sql_drop", "table_rewrite", "login"];
        let has_login = self.schema.server.major_version.is_none_or(|version| version >= 17);
        for event in &statement.events {
            let TriggerEvent::Command(words) = event else { continue };
            let written = Written::of(words, self.schema.dialect);
            let name = written.at(0).map(|word| word.text().to_ascii_lowercase()).unwrap_or_default();
            if !EVENTS.contains(&name.as_str()) || (name == "login" && !has_login) {
                return self.refuse("42601", format!("unrecognized event name \"{name}\""));
            }
            let variable = written.after(&["when"]).and_then(|place| written.at(place)).map(|word| word.text().to_ascii_lowercase());
            if let Some(variable) = variable.filter(|variable| variable != "tag") {
                return self.refuse("42601", format!("unrecognized filter variable \"{variable}\""));
            }
            if written.words().iter().filter(|word| word.is("tag")).count() > 1 {
                return self.refuse("42601", "filter variable \"tag\" specified more than once");
            }
            for word in written.words() {
                let Word::Text(tag) = word else { continue };
                let tag = tag.to_ascii_uppercase();
                match (tag_kind(&tag), name.as_str()) {
                    (TagKind::None, _) => {
                        return self.refuse("42601", format!("filter value \"{}\" not recognized for filter variable \"tag\"", word.text()));
                    }
                    (TagKind::NoTrigger, _) | (TagKind::Trigger, "table_rewrite") => {
                        return self.refuse("0A000", format!("event triggers are not supported for {tag}"));
                    }
                    (_, "login") => return self.refuse("0A000", "tag filtering is not supported for login event triggers"),
                    (TagKind::Trigger | TagKind::Rewrite, _) => {}
                }
            }
        }
        Ok(())
    }
}

/// What an event trigger makes of the tag of a command.
enum TagKind {
    /// No command has it.
    None,
    /// Event triggers do not fire for it.
    NoTrigger,
    /// They do.
    Trigger,
    /// They do, and so do those of `table_rewrite`.
    Rewrite,
}

/// Source: PostgreSQL 15, cmdtaglist.h.
fn tag_kind(tag: &str) -> TagKind {
    const OBJECTS: &[&str] = &[
        "ACCESS METHOD",
        "AGGREGATE",
        "CAST",
        "COLLATION",
        "CONSTRAINT",
        "CONVERSION",
        "DOMAIN",
        "EXTENSION",
        "FOREIGN DATA WRAPPER",
        "FOREIGN TABLE",
        "FUNCTION",
        "INDEX",
        "LANGUAGE",
        "MATERIALIZED VIEW",
        "OPERATOR",
        "OPERATOR CLASS",
        "OPERATOR FAMILY",
        "POLICY",
        "PROCEDURE",
        "PUBLICATION",
        "ROUTINE",
        "RULE",
        "SCHEMA",
        "SEQUENCE",
        "SERVER",
        "STATISTICS",
        "SUBSCRIPTION",
        "TABLE",
        "TEXT SEARCH CONFIGURATION",
        "TEXT SEARCH DICTIONARY",
        "TEXT SEARCH PARSER",
        "TEXT SEARCH TEMPLATE",
        "TRANSFORM",
        "TRIGGER",
        "TYPE",
        "USER MAPPING",
        "VIEW",
    ];
    const SHARED: &[&str] = &["DATABASE", "EVENT TRIGGER", "ROLE", "TABLESPACE"];
    match tag {
        "ALTER TABLE" | "ALTER MATERIALIZED VIEW" | "ALTER TYPE" => return TagKind::Rewrite,
        "ALTER DEFAULT PRIVILEGES"
        | "ALTER LARGE OBJECT"
        | "COMMENT"
        | "CREATE TABLE AS"
        | "DROP OWNED"
        | "GRANT"
        | "IMPORT FOREIGN SCHEMA"
        | "REFRESH MATERIALIZED VIEW"
        | "REVOKE"
        | "SECURITY LABEL"
        | "SELECT INTO" => return TagKind::Trigger,
        "ALTER SYSTEM" | "ANALYZE" | "BEGIN" | "CALL" | "CHECKPOINT" | "CLOSE" | "CLUSTER" | "COMMIT" | "COPY" | "DEALLOCATE" | "DECLARE CURSOR" | "DELETE"
        | "DISCARD" | "DO" | "EXECUTE" | "EXPLAIN" | "FETCH" | "GRANT ROLE" | "INSERT" | "LISTEN" | "LOAD" | "LOCK TABLE" | "MERGE" | "MOVE" | "NOTIFY"
        | "PREPARE" | "REASSIGN OWNED" | "REINDEX" | "RELEASE" | "RESET" | "REVOKE ROLE" | "ROLLBACK" | "SAVEPOINT" | "SELECT" | "SET" | "SET CONSTRAINTS"
        | "SHOW" | "START TRANSACTION" | "TRUNCATE TABLE" | "UNLISTEN" | "UPDATE" | "VACUUM" => return TagKind::NoTrigger,
        _ => {}
    }
    match tag.split_once(' ') {
        Some(("CREATE" | "ALTER" | "DROP", object)) if OBJECTS.contains(&object) => TagKind::Trigger,
        Some(("CREATE" | "ALTER" | "DROP", object)) if SHARED.contains(&object) => TagKind::NoTrigger,
        _ => TagKind::None,
    }
}

/// The columns of `new` in an expression; `None` for the whole row.
fn new_columns<'e>(expression: &'e Expr, columns: &mut Vec<Option<&'e Ident>>) {
    match &*expression.kind {
        ExprKind::Column(parts) if parts.first().is_some_and(|first| first.name.as_str() == "new") => columns.push(parts.get(1)),
        ExprKind::Star(Some(name)) if name.name.name.as_str() == "new" => columns.push(None),
        _ => expression.operands().into_iter().for_each(|part| new_columns(part, columns)),
    }
}

/// `old` and `new` in front of columns, and alone.
fn rows_named(expression: &Expr, names: &mut Vec<&'static str>) {
    let mut add = |word: &str| match word {
        "old" => names.push("old"),
        "new" => names.push("new"),
        _ => {}
    };
    match &*expression.kind {
        ExprKind::Column(parts) => {
            if let Some(first) = parts.first() {
                add(first.name.as_str());
            }
        }
        ExprKind::Star(Some(name)) => add(name.name.name.as_str()),
        _ => expression.operands().into_iter().for_each(|part| rows_named(part, names)),
    }
}
