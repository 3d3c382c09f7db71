//! What a rule does, read against the schema: its condition and its actions see `new` and `old` as the event has them.
//!
//! Source: PostgreSQL 15, transformRuleStmt (parse_utilcmd.c), DefineQueryRewrite and checkRuleResultList (rewriteDefine.c).

use super::refused::{Checked, Refused, refuse};
use super::work::Work;
use crate::lineage::{
    BindError, Binding, ExpressionPurpose, ExpressionScope, ScopeRelation, Variable, VariableType, Variables, bind_expression, bind_statement_among,
};
use crate::name::Name;
use crate::schema::{Address, ObjectBody, ObjectId, TableKind};
use crate::sql::read_rule_part;
use crate::sql::tree::{Dml, RuleEvent, RuleParts, Statement, StatementKind, ViewKind};

impl Work<'_> {
    /// What a new rule of a relation needs; the addresses are what it depends on.
    pub(super) fn rule_is_allowed(&mut self, table: ObjectId) -> Checked {
        let Ok(rule) = read_rule_part(self.sources, self.span, self.schema.dialect) else { return Ok(Vec::new()) };
        let name = self.name_of(table);
        match self.schema.get(table).map(|object| &object.body) {
            Some(ObjectBody::Table(_)) => {}
            Some(ObjectBody::View(view)) if view.kind == ViewKind::Materialized => {
                return refuse("0A000", "rules on materialized views are not supported");
            }
            Some(ObjectBody::View(_)) => {}
            _ => return refuse("42809", format!("relation \"{name}\" cannot have rules")),
        }
        if rule.event == RuleEvent::Select {
            return self.select_rule(table, &rule);
        }
        let mut needs = Vec::new();
        if let Some(condition) = &rule.condition {
            let seen = |row: &str, event| if rule.event == event { None } else { Some(ScopeRelation::named(table, row)) };
            let relations = seen("new", RuleEvent::Delete).into_iter().chain(seen("old", RuleEvent::Insert)).collect();
            let scope = ExpressionScope { relations, ..ExpressionScope::empty(ExpressionPurpose::Policy) };
            let binding = bind_expression(&self.schema, &self.session, &scope, condition);
            first_error(binding.errors)?;
            needs.extend(binding.depends_on);
        }
        let mut returns = 0;
        for action in &rule.actions {
            match &action.kind {
                StatementKind::Query(_) | StatementKind::Dml(_) => {
                    let binding = self.rule_action(table, &rule, action)?;
                    if gives_rows(action) {
                        returns += 1;
                        self.rows_of_rule(table, &rule, &binding, returns)?;
                    }
                    needs.extend(binding.depends_on);
                }
                StatementKind::NoEffect { .. } | StatementKind::Session(_) if rule.condition.is_some() => {
                    return refuse("42P17", "rules with WHERE conditions can only have SELECT, INSERT, UPDATE, or DELETE actions");
                }
                StatementKind::NoEffect { .. } | StatementKind::Unread(_) => {}
                StatementKind::Session(crate::sql::tree::Session::Other(words)) if words.to_ascii_uppercase().starts_with("NOTIFY") => {}
                _ => return refuse("42601", "syntax error in the action of a rule"),
            }
        }
        needs.retain(|address: &Address| address.object != table);
        Ok(needs)
    }

    /// `ON SELECT`: the rule of a view, which a table had to become one.
    fn select_rule(&mut self, table: ObjectId, rule: &RuleParts) -> Checked {
        let name = self.name_of(table);
        if self.schema.table(table).is_none() {
            return refuse("55000", format!("\"{name}\" is already a view"));
        }
        let [Statement { kind: StatementKind::Query(query), .. }] = rule.actions.as_slice() else {
            return refuse("0A000", "rules on SELECT must have action INSTEAD SELECT");
        };
        if !rule.instead || rule.condition.is_some() {
            return refuse("0A000", "rules on SELECT must have action INSTEAD SELECT");
        }
        if rule.name.name.as_str() != "_RETURN" {
            return refuse("42P17", format!("view rule for \"{name}\" must be named \"_RETURN\""));
        }
        if self.schema.table(table).is_some_and(|body| body.kind == TableKind::Partitioned) {
            return refuse("42809", format!("cannot convert partitioned table \"{name}\" to a view"));
        }
        self.table_becomes_view(table, query)?;
        Ok(Vec::new())
    }

    fn rule_action(&mut self, table: ObjectId, rule: &RuleParts, action: &Statement) -> Result<Binding, Refused> {
        let row = |name: &str| Variable { name: Name::stored(name), data_type: VariableType::Row(table) };
        let rows = match rule.event {
            RuleEvent::Insert => vec![row("new")],
            RuleEvent::Delete => vec![row("old")],
            RuleEvent::Update | RuleEvent::Select => vec![row("new"), row("old")],
        };
        let variables = Variables { all: rows, ..Variables::default() };
        let mut binding = bind_statement_among(&self.schema, &self.session, action, &variables, &[]);
        let errors = std::mem::take(&mut binding.errors);
        for (event, other) in [(RuleEvent::Insert, "old"), (RuleEvent::Delete, "new")] {
            let names_other = |error: &BindError| error.sqlstate == "42P01" && error.message.contains(&format!("\"{other}\""));
            if rule.event == event && errors.iter().any(names_other) {
                let word = if event == RuleEvent::Insert { "INSERT" } else { "DELETE" };
                return Err(Refused::With("42P17", format!("ON {word} rule cannot use {}", other.to_uppercase())));
            }
        }
        first_error(errors)?;
        Ok(binding)
    }

    /// `RETURNING` in a rule stands for the rows of the relation.
    fn rows_of_rule(&self, table: ObjectId, rule: &RuleParts, binding: &Binding, count: usize) -> Result<(), Refused> {
        if count > 1 {
            return refuse("0A000", "cannot have multiple RETURNING lists in a rule");
        }
        if rule.condition.is_some() {
            return refuse("0A000", "RETURNING lists are not supported in conditional rules");
        }
        if !rule.instead {
            return refuse("0A000", "RETURNING lists are not supported in non-INSTEAD rules");
        }
        if binding.open_outputs {
            return Ok(());
        }
        let columns = self.schema.columns(table);
        for (position, (column, output)) in columns.iter().zip(&binding.outputs).enumerate() {
            if output.data_type.as_ref().is_some_and(|own| own.without_modifiers() != column.data_type.without_modifiers()) {
                return refuse("42P17", format!("RETURNING list's entry {} has different type from column \"{}\"", position + 1, column.name));
            }
        }
        match binding.outputs.len().cmp(&columns.len()) {
            std::cmp::Ordering::Less => refuse("42P17", "RETURNING list has too few entries"),
            std::cmp::Ordering::Greater => refuse("42P17", "RETURNING list has too many entries"),
            std::cmp::Ordering::Equal => Ok(()),
        }
    }
}

fn first_error(errors: Vec<BindError>) -> Result<(), Refused> {
    match errors.into_iter().find(|error| error.unknown.is_none()) {
        Some(error) => refuse(error.sqlstate, error.message),
        None => Ok(()),
    }
}

/// Whether a writing action gives its rows back.
fn gives_rows(action: &Statement) -> bool {
    let StatementKind::Dml(dml) = &action.kind else { return false };
    match &**dml {
        Dml::Insert(insert) => !insert.returning.is_empty(),
        Dml::Update(update) => !update.returning.is_empty(),
        Dml::Delete(delete) => !delete.returning.is_empty(),
        Dml::Merge(_) => false,
    }
}
