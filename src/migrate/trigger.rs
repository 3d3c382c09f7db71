//! Triggers, event triggers and rules.
//!
//! Source: PostgreSQL 15, CreateTriggerFiringOn (trigger.c), DefineQueryRewrite (rewriteDefine.c).

use std::sync::Arc;

use super::reach::Reach;
use super::work::{Applied, Work};
use crate::lineage::{ExpressionPurpose, ExpressionScope, ScopeRelation, names_in_condition};
use crate::schema::{Address, Constraint, ConstraintKind, Definition, Dependency, DependencyKind, NameSpace, ObjectBody, ObjectId, Piece, TableKind, Trigger};
use crate::sql::tree::{CreateTrigger, Deferrability, Ident, ObjectKind, TriggerEvent, TriggerState, TriggerTiming, ViewKind};

impl Work<'_> {
    /// `CREATE [OR REPLACE] TRIGGER`, `CREATE EVENT TRIGGER`.
    pub(super) fn create_trigger(&mut self, statement: &CreateTrigger) -> Applied {
        let Some(table_name) = &statement.table else { return self.create_event_trigger(statement) };
        let table = self.relation(table_name)?;
        self.can_have_trigger(table, statement)?;
        self.trigger_is_allowed(table, statement)?;
        self.update_columns_exist(table, statement)?;
        let mut needs = self.update_columns(table, statement);
        if let Some(condition) = &statement.condition {
            let scope = ExpressionScope {
                // Both rows are seen without their names too, so that a bare column is one of two.
                relations: ["new", "old"].map(|row| ScopeRelation { columns_visible: true, ..ScopeRelation::named(table, row) }).to_vec(),
                ..ExpressionScope::empty(ExpressionPurpose::TriggerCondition)
            };
            self.condition_reads_what_is_there(table, statement, condition)?;
            needs.extend(self.bind(&scope, condition)?.definition.needs().iter().copied().filter(|address| *address != Address::whole(table)));
        }
        let function = self.trigger_function(statement)?;
        let existing = self.hanging(table, &statement.name.name, |body| matches!(body, ObjectBody::Trigger(_)));
        if existing.is_some() && !statement.or_replace {
            let message = format!("trigger \"{}\" for relation \"{}\" already exists", statement.name, self.name_of(table));
            return self.refuse_at(statement.name.span, "42710", message);
        }
        self.trigger_can_be_replaced(existing, table)?;
        let definition = self.trigger_definition(statement, Some(table), function).needing(needs);
        let trigger = Trigger {
            table: Some(table),
            timing: statement.timing,
            events: statement.events.clone(),
            for_each_row: statement.for_each_row,
            constraint: statement.constraint,
            state: TriggerState::Enabled,
            definition,
        };
        let namespace = self.namespace_of(table);
        let id = match existing {
            Some(id) => {
                self.schema.update(id, |object| object.body = ObjectBody::Trigger(trigger));
                id
            }
            None => self.schema.insert(statement.name.name.clone(), namespace, ObjectBody::Trigger(trigger)),
        };
        self.name_object(id);
        if statement.constraint && existing.is_none() {
            let body = Constraint {
                owner: table,
                kind: ConstraintKind::Trigger,
                deferrability: statement.flags.deferrability.unwrap_or(Deferrability::NotDeferrable),
                validated: true,
                enforced: true,
                inherited_from: 0,
                is_local: true,
                parent: None,
            };
            let constraint = self.schema.insert(statement.name.name.clone(), namespace, ObjectBody::Constraint(body));
            // The constraint is a part of its trigger (CreateTriggerFiringOn).
            let part = Dependency { dependent: Address::whole(constraint), on: Address::whole(id), kind: DependencyKind::Internal };
            self.schema.dependencies_mut().add(part);
        }
        let is_partitioned = self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
        if is_partitioned && statement.for_each_row {
            for child in self.children(table) {
                self.copy_trigger(table, id, child);
            }
        }
        Ok(())
    }

    /// Foreign tables have triggers of `TRUNCATE` since 16.
    fn is_before_16(&self) -> bool {
        self.schema.server.major_version.is_none_or(|version| version < 16)
    }

    /// A constraint trigger, and one that came from a partitioned table, is not replaced.
    fn trigger_can_be_replaced(&self, existing: Option<ObjectId>, table: ObjectId) -> Applied {
        let Some(ObjectBody::Trigger(trigger)) = existing.and_then(|id| self.schema.get(id)).map(|object| &object.body) else { return Ok(()) };
        let (own, relation) = (self.name_of(existing.unwrap_or(table)), self.name_of(table));
        if existing.is_some_and(|id| self.schema.dependencies().of_object(id).iter().any(|dependency| dependency.kind == DependencyKind::Partition)) {
            return self.refuse("42710", format!("trigger \"{own}\" for relation \"{relation}\" is an internal or a child trigger"));
        }
        if trigger.constraint {
            return self.refuse("42710", format!("trigger \"{own}\" for relation \"{relation}\" is a constraint trigger"));
        }
        Ok(())
    }

    fn can_have_trigger(&self, table: ObjectId, statement: &CreateTrigger) -> Applied {
        let name = self.name_of(table);
        let empties = statement.events.iter().any(|event| matches!(event, TriggerEvent::Truncate));
        if let Some(from) = &statement.from {
            self.relation(from)?;
        }
        match self.schema.get(table).map(|object| &object.body) {
            Some(ObjectBody::Table(_)) if statement.timing == TriggerTiming::InsteadOf => {
                self.refuse_with("42809", format!("\"{name}\" is a table"), "Tables cannot have INSTEAD OF triggers.")
            }
            Some(ObjectBody::Table(body)) if body.kind == TableKind::Partitioned && statement.for_each_row && !statement.transition_tables.is_empty() => self
                .refuse_with(
                    "0A000",
                    format!("\"{name}\" is a partitioned table"),
                    "ROW triggers with transition tables are not supported on partitioned tables.",
                ),
            Some(ObjectBody::Table(body)) if body.kind == TableKind::Foreign && (statement.constraint || empties && self.is_before_16()) => {
                self.refuse_with("42809", format!("\"{name}\" is a foreign table"), "Foreign tables cannot have TRUNCATE or constraint triggers.")
            }
            Some(ObjectBody::Table(_)) => Ok(()),
            Some(ObjectBody::View(view)) if view.kind == ViewKind::Plain => {
                if statement.timing != TriggerTiming::InsteadOf && statement.for_each_row {
                    return self.refuse_with("42809", format!("\"{name}\" is a view"), "Views cannot have row-level BEFORE or AFTER triggers.");
                }
                if empties {
                    return self.refuse_with("42809", format!("\"{name}\" is a view"), "Views cannot have TRUNCATE triggers.");
                }
                Ok(())
            }
            _ => self.refuse("42809", format!("relation \"{name}\" cannot have triggers")),
        }
    }

    fn update_columns_exist(&self, table: ObjectId, statement: &CreateTrigger) -> Applied {
        for event in &statement.events {
            let TriggerEvent::Update(columns) = event else { continue };
            for column in columns {
                self.column_of(table, column)?;
            }
        }
        Ok(())
    }

    fn update_columns(&self, table: ObjectId, statement: &CreateTrigger) -> Vec<Address> {
        let mut all = Vec::new();
        for event in &statement.events {
            if let TriggerEvent::Update(columns) = event {
                all.extend(columns.iter().filter_map(|column| self.schema.column_address(table, &column.name)));
            }
        }
        all
    }

    /// The function of a trigger: one of the schema without arguments, or a built-in one.
    fn trigger_function(&mut self, statement: &CreateTrigger) -> Applied<Option<ObjectId>> {
        let name = &statement.function;
        let built_in = name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog")
            && ["suppress_redundant_updates_trigger", "tsvector_update_trigger", "tsvector_update_trigger_column"].contains(&name.name.name.as_str());
        if built_in {
            return Ok(None);
        }
        let signature =
            crate::sql::tree::FunctionSignature { kind: Some(crate::sql::tree::FunctionKind::Function), name: name.clone(), arguments: Some(Vec::new()) };
        self.refuse_unless_known(name)?;
        let function = match crate::lineage::resolve_function(&self.schema, &self.session, &signature) {
            Ok(function) => function,
            // A trigger function that an extension brings along is not an object of the schema.
            Err(error) if error.sqlstate == "42883" && self.is_of_an_extension(name) => return Ok(None),
            Err(error) if error.sqlstate == "42883" => return self.refuse_at(name.span(), "42883", format!("function {name}() does not exist")),
            Err(error) => return Err(self.refuse_bound(error)),
        };
        if let Some(ObjectBody::Function(body)) = self.schema.get(function).map(|object| &object.body) {
            let wanted = if statement.timing == TriggerTiming::Event { "event_trigger" } else { "trigger" };
            if !body.returns.as_ref().is_some_and(|returns| returns.is_builtin(wanted)) {
                return self.refuse_at(name.span(), "42P17", format!("function {} must return type {wanted}", name.name));
            }
        }
        Ok(Some(function))
    }

    /// `CREATE TRIGGER …` with the table's and the function's names by identity, the rest as written.
    fn trigger_definition(&self, statement: &CreateTrigger, table: Option<ObjectId>, function: Option<ObjectId>) -> Definition {
        let text = self.sources.slice(self.span);
        let mut marks: Vec<(crate::text::Span, Piece)> = Vec::new();
        if let (Some(table), Some(name)) = (table, &statement.table) {
            marks.push((name.span(), Piece::Relation { relation: table }));
            for event in &statement.events {
                if let TriggerEvent::Update(columns) = event {
                    for column in columns {
                        if let Some(number) = self.schema.columns(table).iter().find(|own| own.name == column.name).map(|own| own.number) {
                            marks.push((column.span, Piece::Column { relation: table, column: number, output: None }));
                        }
                    }
                }
            }
        }
        if let (Some(table), Some(condition)) = (table, &statement.condition) {
            marks.extend(names_in_condition(&self.schema, &self.session, table, condition));
        }
        if let Some(function) = function {
            marks.push((statement.function.span(), Piece::Function { function }));
        }
        pieces_of(text, self.span, marks)
    }

    fn create_event_trigger(&mut self, statement: &CreateTrigger) -> Applied {
        let space = NameSpace::Other(ObjectKind::EventTrigger);
        self.event_trigger_is_allowed(statement)?;
        if self.schema.find(space, None, &statement.name.name).is_some() || self.event_trigger_named(&statement.name.name).is_some() {
            return self.refuse_at(statement.name.span, "42710", format!("event trigger \"{}\" already exists", statement.name));
        }
        let function = self.trigger_function(statement)?;
        let trigger = Trigger {
            table: None,
            timing: TriggerTiming::Event,
            events: statement.events.clone(),
            for_each_row: false,
            constraint: false,
            state: TriggerState::Enabled,
            definition: self.trigger_definition(statement, None, function),
        };
        let id = self.insert_in(statement.name.name.clone(), None, ObjectBody::Trigger(trigger));
        self.name_object(id);
        Ok(())
    }

    /// The event trigger of that name.
    pub(super) fn event_trigger_named(&self, name: &crate::name::Name) -> Option<ObjectId> {
        let is = |object: &&crate::schema::Object| object.name == *name && matches!(&object.body, ObjectBody::Trigger(trigger) if trigger.table.is_none());
        self.schema.objects().find(is).map(|object| object.id)
    }

    /// The triggers of partitions, and of theirs, that came from a trigger of their table.
    pub(super) fn clones_of(&self, trigger: ObjectId) -> Vec<ObjectId> {
        let clones = self.schema.dependencies().on_object(trigger).into_iter().filter(|dependency| dependency.kind == DependencyKind::Partition);
        let mut all = Vec::new();
        for clone in clones.map(|dependency| dependency.dependent.object) {
            if matches!(self.schema.get(clone).map(|object| &object.body), Some(ObjectBody::Trigger(_))) {
                all.push(clone);
                all.extend(self.clones_of(clone));
            }
        }
        all
    }

    /// A row trigger of a partitioned table on one of its partitions.
    pub(super) fn copy_trigger(&mut self, parent: ObjectId, trigger: ObjectId, child: ObjectId) {
        let Some(object) = self.schema.get(trigger).cloned() else { return };
        let ObjectBody::Trigger(body) = &object.body else { return };
        if self.hanging(child, &object.name, |body| matches!(body, ObjectBody::Trigger(_))).is_some() {
            return;
        }
        let parent_trigger = trigger;
        let copy = Trigger { table: Some(child), definition: self.moved_to(&body.definition, parent, child), ..body.clone() };
        let namespace = self.namespace_of(child);
        let id = self.schema.insert(object.name.clone(), namespace, ObjectBody::Trigger(copy));
        let whole = Address::whole(id);
        self.schema.dependencies_mut().add(Dependency { dependent: whole, on: Address::whole(parent_trigger), kind: DependencyKind::Partition });
        self.schema.dependencies_mut().add(Dependency { dependent: whole, on: Address::whole(child), kind: DependencyKind::Partition });
        if self.schema.table(child).is_some_and(|table| table.kind == TableKind::Partitioned) {
            for grandchild in self.children(child) {
                self.copy_trigger(child, id, grandchild);
            }
        }
    }

    /// A row trigger with transition tables keeps its table from having a parent (FindTriggerIncompatibleWithInheritance).
    pub(super) fn triggers_allow_parent(&self, table: ObjectId, what: &str) -> Applied {
        for object in self.schema.on_table(table).into_iter().filter_map(|id| self.schema.get(id)) {
            let ObjectBody::Trigger(trigger) = &object.body else { continue };
            let text = trigger.definition.print(&self.schema).to_ascii_uppercase();
            if trigger.for_each_row && text.split(" WHEN ").next().is_some_and(|start| start.split_whitespace().any(|word| word == "REFERENCING")) {
                let message = format!("trigger \"{}\" prevents table \"{}\" from becoming {what}", object.name, self.name_of(table));
                return self.refuse("0A000", message);
            }
        }
        Ok(())
    }

    /// `ENABLE`/`DISABLE TRIGGER`.
    pub(super) fn set_trigger_state(&mut self, table: ObjectId, reach: Reach, name: Option<&Ident>, state: TriggerState) -> Applied {
        let triggers: Vec<ObjectId> = match name {
            Some(name) => match self.hanging(table, &name.name, |body| matches!(body, ObjectBody::Trigger(_))) {
                Some(id) => vec![id],
                None => {
                    return self.refuse_at(name.span, "42704", format!("trigger \"{name}\" for table \"{}\" does not exist", self.name_of(table)));
                }
            },
            None => {
                let all = self.schema.on_table(table).into_iter();
                all.filter(|id| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Trigger(_)))).collect()
            }
        };
        for id in triggers {
            self.name_object(id);
            self.set_state(id, state);
            if reach == Reach::WithChildren {
                for clone in self.clones_of(id) {
                    self.set_state(clone, state);
                }
            }
        }
        Ok(())
    }

    /// `ENABLE`/`DISABLE RULE`.
    pub(super) fn set_rule_state(&mut self, table: ObjectId, name: &Ident, state: TriggerState) -> Applied {
        match self.hanging(table, &name.name, |body| matches!(body, ObjectBody::Rule(_))) {
            Some(id) => {
                self.name_object(id);
                self.set_state(id, state);
                Ok(())
            }
            None => self.refuse_at(name.span, "42704", format!("rule \"{name}\" for relation \"{}\" does not exist", self.name_of(table))),
        }
    }

    fn set_state(&mut self, id: ObjectId, state: TriggerState) {
        self.schema.update(id, |object| match &mut object.body {
            ObjectBody::Trigger(trigger) => trigger.state = state,
            ObjectBody::Rule(rule) => rule.state = state,
            _ => {}
        });
    }
}

/// A text with some of its names replaced by what they mean.
pub(super) fn pieces_of(text: &str, span: crate::text::Span, mut marks: Vec<(crate::text::Span, Piece)>) -> Definition {
    marks.sort_by_key(|(place, _)| place.start);
    let mut pieces = Vec::new();
    let mut at = span.start;
    for (place, piece) in marks {
        if place.source != span.source || place.start < at {
            continue;
        }
        let before = text.get((at - span.start) as usize..(place.start - span.start) as usize).unwrap_or("");
        pieces.push(Piece::Text(Arc::from(before)));
        pieces.push(piece);
        at = place.end;
    }
    pieces.push(Piece::Text(Arc::from(text.get((at.saturating_sub(span.start)) as usize..).unwrap_or(""))));
    Definition::new(pieces)
}
