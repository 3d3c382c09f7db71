//! Triggers, rules, policies, event triggers, and what is kept as a statement.

use std::sync::Arc;

use super::context::Context;
use crate::diagnostic::Problem;
use crate::lineage::{ExpressionPurpose, ExpressionScope, ScopeRelation, bind_expression, define_rule, names_in_condition, resolve_function};
use crate::migrate::{define_publication, define_statistics};
use crate::name::Name;
use crate::schema::{Address, Constraint, ConstraintKind, Definition, NameSpace, ObjectBody, ObjectId, OtherObject, Piece, Policy, Rule, Trigger, ddl};
use crate::snapshot::file::{OtherEntry, PolicyEntry, StateWord, StatementEntry, Text};
use crate::sql::read_trigger;
use crate::sql::tree::{CreateTrigger, Deferrability, FunctionKind, FunctionSignature, ObjectKind, TriggerEvent, TriggerState, TriggerTiming};
use crate::text::{SourceId, Span};
use crate::yaml::{Brief, Entries};

impl Context<'_> {
    /// Triggers of a table or view.
    pub(super) fn triggers(&mut self, table: ObjectId, entries: &Entries<Brief<StatementEntry>>) {
        for (name, Brief(entry)) in &entries.0 {
            let Some(text) = self.required(entry.definition.as_ref(), "definition", name) else { continue };
            let Some(trigger) = self.trigger(Some(table), text, state(entry.state)) else { continue };
            let namespace = self.schema.get(table).and_then(|object| object.namespace);
            if trigger.constraint {
                self.schema.insert(Self::name(name), namespace, ObjectBody::Constraint(constraint_row(table)));
            }
            let id = self.schema.insert(Self::name(name), namespace, ObjectBody::Trigger(trigger));
            self.comment(id, entry.comment.as_ref());
        }
    }

    /// Event triggers of the database.
    pub(super) fn event_triggers(&mut self, entries: &Entries<Brief<StatementEntry>>) {
        for (name, Brief(entry)) in &entries.0 {
            let Some(text) = self.required(entry.definition.as_ref(), "definition", name) else { continue };
            let Some(trigger) = self.trigger(None, text, state(entry.state)) else { continue };
            if let Some(id) = self.insert(NameSpace::Other(ObjectKind::EventTrigger), None, name, ObjectBody::Trigger(trigger)) {
                self.decorate(id, entry.owner.as_ref(), entry.comment.as_ref());
            }
        }
    }

    fn trigger(&mut self, table: Option<ObjectId>, text: &Text, state: TriggerState) -> Option<Trigger> {
        let id = self.source(text);
        let written = match read_trigger(self.sources, id, self.schema.dialect) {
            Ok(written) => written,
            Err(unread) => {
                self.problem(Problem::error("snapshot-trigger", format!("this is not read as a trigger: {}", unread.message)).at(text.span));
                return None;
            }
        };
        let function = self.trigger_function(table, text, &written);
        let needs = table.map(|table| self.trigger_needs(table, &written)).unwrap_or_default();
        let definition = self.trigger_definition(id, table, function, &written).needing(needs);
        Some(Trigger {
            table,
            timing: written.timing,
            events: written.events,
            for_each_row: written.for_each_row,
            constraint: written.constraint,
            state,
            definition,
        })
    }

    fn trigger_function(&mut self, table: Option<ObjectId>, text: &Text, written: &CreateTrigger) -> Option<ObjectId> {
        let signature = FunctionSignature { kind: Some(FunctionKind::Function), name: written.function.clone(), arguments: Some(Vec::new()) };
        let namespace = table.and_then(|table| self.schema.get(table)).and_then(|object| object.namespace);
        match resolve_function(&self.schema, &self.session(namespace), &signature) {
            Ok(function) => Some(function),
            Err(error) => {
                // Built in, or brought along by an extension: not an object of the schema.
                let schema = written.function.schema.as_ref().map(|schema| schema.name.as_str());
                let may_be_elsewhere =
                    schema.is_none_or(|schema| schema == "pg_catalog") || self.schema.objects().any(|object| matches!(object.body, ObjectBody::Extension(_)));
                if !may_be_elsewhere {
                    self.not_understood(text, &error.message);
                }
                None
            }
        }
    }

    /// The columns that the condition reads.
    fn trigger_needs(&self, table: ObjectId, written: &CreateTrigger) -> Vec<Address> {
        let Some(condition) = &written.condition else { return Vec::new() };
        let scope = ExpressionScope {
            relations: vec![ScopeRelation::named(table, "new"), ScopeRelation::named(table, "old")],
            ..ExpressionScope::empty(ExpressionPurpose::TriggerCondition)
        };
        let namespace = self.schema.get(table).and_then(|object| object.namespace);
        bind_expression(&self.schema, &self.session(namespace), &scope, condition).depends_on
    }

    /// The statement with the names of table, columns and function by identity.
    fn trigger_definition(&self, id: SourceId, table: Option<ObjectId>, function: Option<ObjectId>, written: &CreateTrigger) -> Definition {
        let mut marks: Vec<(Span, Piece)> = Vec::new();
        if let (Some(table), Some(name)) = (table, &written.table) {
            marks.push((name.span(), Piece::Relation { relation: table }));
            for column in written.events.iter().flat_map(|event| if let TriggerEvent::Update(columns) = event { columns.as_slice() } else { &[] }) {
                if let Some(own) = self.schema.columns(table).iter().find(|own| own.name == column.name) {
                    marks.push((column.span, Piece::Column { relation: table, column: own.number, output: None }));
                }
            }
        }
        if let (Some(table), Some(condition)) = (table, &written.condition) {
            let namespace = self.schema.get(table).and_then(|object| object.namespace);
            marks.extend(names_in_condition(&self.schema, &self.session(namespace), table, condition));
        }
        marks.extend(function.map(|function| (written.function.span(), Piece::Function { function })));
        marks.sort_by_key(|(span, _)| span.start);
        let text = self.sources.text(id).trim_end().trim_end_matches(';');
        let mut pieces = Vec::new();
        let mut at = 0_usize;
        for (span, piece) in marks {
            pieces.push(Piece::Text(Arc::from(text.get(at..span.start as usize).unwrap_or(""))));
            pieces.push(piece);
            at = span.end as usize;
        }
        pieces.push(Piece::Text(Arc::from(text.get(at..).unwrap_or(""))));
        Definition::new(pieces)
    }

    /// Rewrite rules.
    pub(super) fn rules(&mut self, table: ObjectId, entries: &Entries<Brief<StatementEntry>>) {
        for (name, Brief(entry)) in &entries.0 {
            let Some(text) = self.required(entry.definition.as_ref(), "definition", name) else { continue };
            let namespace = self.schema.get(table).and_then(|object| object.namespace);
            let written = text.value.trim().trim_end_matches(';');
            let source = self.source(&Text { value: written.to_owned(), span: text.span });
            let whole = Span::new(source, 0, u32::try_from(written.len()).unwrap_or(u32::MAX));
            let definition = define_rule(&self.schema, &self.session(namespace), self.sources, whole, table);
            let definition = definition.unwrap_or_else(|| Definition::text(written));
            let id = self.schema.insert(Self::name(name), namespace, ObjectBody::Rule(Rule { table, definition, state: state(entry.state) }));
            self.comment(id, entry.comment.as_ref());
        }
    }

    /// Row-security policies.
    pub(super) fn policies(&mut self, table: ObjectId, entries: &Entries<PolicyEntry>) {
        let namespace = self.schema.get(table).and_then(|object| object.namespace);
        let scope = ExpressionScope::of_relation(ExpressionPurpose::Policy, table);
        for (name, entry) in &entries.0 {
            let policy = Policy {
                table,
                permissive: !entry.restrictive,
                command: Arc::from(entry.command.as_ref().map_or("ALL", |text| text.value.as_str()).to_ascii_uppercase().as_str()),
                roles: entry.roles.iter().map(|role| Name::stored(role.value.as_str())).collect(),
                using: entry.using.as_ref().map(|text| self.expression(namespace, &scope, text)),
                check: entry.check.as_ref().map(|text| self.expression(namespace, &scope, text)),
            };
            let id = self.schema.insert(Self::name(name), namespace, ObjectBody::Policy(policy));
            self.comment(id, entry.comment.as_ref());
        }
    }

    /// What is kept by kind, name and statement.
    pub(super) fn other(&mut self, namespace: Option<ObjectId>, entry: &OtherEntry) {
        let (Some(kind), Some(name), Some(definition)) = (&entry.kind, &entry.name, &entry.definition) else {
            if let Some(place) = entry.kind.as_ref().or(entry.name.as_ref()).or(entry.definition.as_ref()) {
                self.problem(Problem::error("yaml-missing-key", "`kind`, `name` and `definition` are all needed here").at(place.span));
            }
            return;
        };
        let Some(known) = KINDS.iter().copied().find(|known| ddl::kind_words(*known).eq_ignore_ascii_case(&kind.value)) else {
            let words: Vec<String> = KINDS.iter().map(|known| ddl::kind_words(*known).to_ascii_lowercase()).collect();
            let problem = Problem::error("snapshot-unknown-kind", format!("`{}` is no kind of object that is kept here", kind.value)).at(kind.span);
            self.problem(problem.allowed(&kind.value, words.iter().map(String::as_str)));
            return;
        };
        let table = entry.table.as_ref().and_then(|table| self.relation(table));
        let written = definition.value.trim().trim_end_matches(';');
        let definition = match (known, table) {
            (ObjectKind::Statistics, Some(table)) => define_statistics(&self.schema, table, written),
            (ObjectKind::Publication, _) => define_publication(&self.schema, &self.session(namespace), written),
            _ => Definition::text(written),
        };
        let body = OtherObject { kind: known, table, definition };
        let id = self.schema.insert(Self::name(name), namespace, ObjectBody::Other(body));
        self.decorate(id, entry.owner.as_ref(), entry.comment.as_ref());
        self.grants(id, &entry.grants);
    }
}

/// Kinds that are kept by the statement that makes them.
const KINDS: &[ObjectKind] = &[
    ObjectKind::AccessMethod,
    ObjectKind::Cast,
    ObjectKind::Collation,
    ObjectKind::Conversion,
    ObjectKind::ForeignDataWrapper,
    ObjectKind::Language,
    ObjectKind::Operator,
    ObjectKind::OperatorClass,
    ObjectKind::OperatorFamily,
    ObjectKind::Publication,
    ObjectKind::Server,
    ObjectKind::Statistics,
    ObjectKind::Subscription,
    ObjectKind::TextSearchConfiguration,
    ObjectKind::TextSearchDictionary,
    ObjectKind::TextSearchParser,
    ObjectKind::TextSearchTemplate,
    ObjectKind::Transform,
    ObjectKind::UserMapping,
];

fn state(word: Option<StateWord>) -> TriggerState {
    match word {
        None | Some(StateWord::Enabled) => TriggerState::Enabled,
        Some(StateWord::Disabled) => TriggerState::Disabled,
        Some(StateWord::Replica) => TriggerState::Replica,
        Some(StateWord::Always) => TriggerState::Always,
    }
}

fn constraint_row(owner: ObjectId) -> Constraint {
    let deferrability = Deferrability::NotDeferrable;
    Constraint { owner, kind: ConstraintKind::Trigger, deferrability, validated: true, enforced: true, inherited_from: 0, is_local: true, parent: None }
}

/// Whether a trigger is one that fires for each row of a table.
pub(super) fn goes_down_to_partitions(trigger: &Trigger) -> bool {
    trigger.for_each_row && trigger.timing != TriggerTiming::Event
}
