//! All passes in their order.

use super::context::Context;
use super::object::goes_down_to_partitions;
use super::shell::{Shells, shells};
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::lineage::{Binding, bind_statement_with, define_block, define_return};
use crate::name::Name;
use crate::schema::{Address, DataType, Definition, ObjectBody, ObjectId, Piece, Schema, Trigger, ddl, support_functions};
use crate::snapshot::Provenance;
use crate::snapshot::file::{Document, Origin, Text};
use crate::sql::read_script;
use crate::sql::tree::{FunctionBody, FunctionKind, ParameterMode, Statement, StatementKind};
use crate::text::Sources;
use crate::yaml::Brief;

/// The schema that a file means, where it came from, and everything in it that does not fit.
/// The schema is whole as far as it is understood, even when there are problems.
pub fn build(document: &Document, dialect: &'static Dialect, sources: &mut Sources, file: &str) -> (Schema, Provenance, Vec<Problem>) {
    let provenance = provenance(document.source.as_ref());
    let mut schema = Schema::new(dialect);
    schema.server.major_version = provenance.server_version.as_deref().and_then(major_version);
    let owner = document.owner.as_ref().map(|owner| Name::stored(owner.value.as_str()));
    let mut context = Context { sources, schema, problems: Vec::new(), owner, file: file.to_owned() };
    let shells = shells(&mut context, document);
    let extensions = context.extensions(&document.extensions);
    types_of_columns(&mut context, &shells);
    for (extension, namespace, entry) in extensions {
        context.extension_functions(extension, namespace, entry);
    }
    for (namespace, key, entry) in &shells.functions {
        context.function(*namespace, key, entry);
    }
    sequences(&mut context, &shells);
    contents(&mut context, &shells);
    context.views(&shells.views);
    for (id, _, entry) in &shells.views {
        context.indexes(*id, &entry.indexes);
    }
    aggregates(&mut context);
    bound_bodies(&mut context);
    what_hangs_on_tables(&mut context, &shells);
    context.event_triggers(&document.event_triggers);
    for (namespace, other) in &shells.others {
        context.other(*namespace, other);
    }
    (context.schema, provenance, context.problems)
}

/// The number in front of the first dot: `15.18` is 15.
fn major_version(version: &str) -> Option<u32> {
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn provenance(origin: Option<&Origin>) -> Provenance {
    let Some(origin) = origin else { return Provenance { kind: String::from("file"), ..Provenance::default() } };
    let value = |text: &Option<Text>| text.as_ref().map(|text| text.value.clone());
    Provenance {
        kind: value(&origin.kind).unwrap_or_else(|| String::from("file")),
        database: value(&origin.database),
        server_version: value(&origin.server_version),
        taken_at: value(&origin.taken_at),
        applied: origin.applied.iter().map(|text| text.value.clone()).collect(),
        applied_table: value(&origin.applied_table),
    }
}

fn types_of_columns(context: &mut Context<'_>, shells: &Shells<'_>) {
    for (id, name, entry) in &shells.domains {
        context.domain_base(*id, name, entry);
    }
    for (id, name, entry) in &shells.ranges {
        context.range(*id, name, entry);
    }
    for (id, entry) in &shells.composites {
        context.shell_columns(*id, &entry.attributes);
    }
    for (id, _, entry) in &shells.tables {
        context.shell_columns(*id, &entry.columns);
    }
    for (id, _, entry) in &shells.views {
        context.shell_columns(*id, &entry.columns);
    }
}

fn sequences(context: &mut Context<'_>, shells: &Shells<'_>) {
    for (id, entry) in &shells.sequences {
        let namespace = context.schema.get(*id).and_then(|object| object.namespace);
        let owner = entry.owned_by.as_ref().and_then(|text| context.owner_column(text));
        let data_type = match &entry.data_type {
            Some(text) => context.data_type(namespace, text),
            None => crate::schema::DataType::builtin("int8"),
        };
        let body = super::sequence::sequence_of(entry, data_type, owner);
        context.schema.update(*id, |object| object.body = ObjectBody::Sequence(body));
    }
    for (id, _, entry) in &shells.tables {
        context.identities(*id, &entry.columns);
    }
}

/// What tables and domains consist of besides columns.
fn contents(context: &mut Context<'_>, shells: &Shells<'_>) {
    for (id, _, entry) in &shells.domains {
        context.domain_rules(*id, entry);
    }
    for (id, _, entry) in &shells.tables {
        context.table(*id, entry);
    }
    for (id, _, entry) in &shells.tables {
        context.partitioning(*id, entry);
        context.generations(*id, &entry.columns);
    }
    for (id, _, entry) in &shells.views {
        context.generations(*id, &entry.columns);
    }
    for (id, name, entry) in &shells.tables {
        context.constraints(*id, name, entry);
        context.indexes(*id, &entry.indexes);
        context.replica_identity(*id, entry);
    }
    for (id, _, entry) in &shells.tables {
        context.foreign_keys(*id, &entry.foreign_keys);
    }
    for (id, name, entry) in &shells.tables {
        context.attach_indexes(*id, &entry.indexes);
        context.attach_constraints(*id, name, entry);
    }
}

/// What aggregates are made of.
fn aggregates(context: &mut Context<'_>) {
    let made_of = |object: &crate::schema::Object| match &object.body {
        ObjectBody::Function(function) if function.kind == FunctionKind::Aggregate => {
            let path: Vec<ObjectId> = object.namespace.into_iter().collect();
            Some((object.id, support_functions(&context.schema, &path, &function.options)))
        }
        _ => None,
    };
    let all: Vec<(ObjectId, Vec<ObjectId>)> = context.schema.objects().filter_map(made_of).collect();
    for (id, support) in all {
        context.schema.update(id, |object| {
            if let ObjectBody::Function(function) = &mut object.body {
                function.support = support;
            }
        });
    }
}

/// What routines with a bound body need.
fn bound_bodies(context: &mut Context<'_>) {
    let is_bound = |object: &&crate::schema::Object| matches!(&object.body, ObjectBody::Function(function) if function.bound_body.is_some());
    let bound: Vec<ObjectId> = context.schema.objects().filter(is_bound).map(|object| object.id).collect();
    for id in bound {
        let (needs, definition) = context.read_body(id);
        context.schema.update(id, |object| {
            if let ObjectBody::Function(function) = &mut object.body
                && let Some(body) = &function.bound_body
            {
                function.bound_body = Some(definition.unwrap_or_else(|| body.clone()).needing(needs));
            }
        });
    }
}

impl Context<'_> {
    /// What the statements of the body need, and the body with names by identity, read from the statement that makes the routine.
    fn read_body(&mut self, id: ObjectId) -> (Vec<Address>, Option<Definition>) {
        let Some(ObjectBody::Function(function)) = self.schema.get(id).map(|object| &object.body) else { return (Vec::new(), None) };
        let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
        let inputs: Vec<(Option<Name>, DataType)> = inputs.map(|parameter| (parameter.name.clone(), parameter.data_type.clone())).collect();
        let statement = ddl::function_definition(&self.schema, id, function);
        let session = self.session(self.schema.get(id).and_then(|object| object.namespace));
        let source = self.sources.add(format!("{}: {}", self.file, ddl::name_phrase(&self.schema, id)), statement);
        let script = read_script(self.sources, source, self.schema.dialect);
        let (mut needs, mut definition) = (Vec::new(), None);
        for statement in &script.statements {
            let StatementKind::CreateFunction(function) = &statement.kind else { continue };
            let name = &function.name.name.name;
            match &function.body {
                FunctionBody::Atomic(statements, _) => {
                    let bound: Vec<Binding> = statements.iter().map(|inner| bind_statement_with(&self.schema, &session, inner, name, &inputs)).collect();
                    needs.extend(bound.iter().flat_map(|binding| binding.depends_on.iter().copied()));
                    if bound.iter().all(|binding| binding.errors.is_empty()) {
                        definition = define_block(&self.schema, &session, statements.iter().zip(&bound));
                    }
                }
                FunctionBody::Return(query, span) => {
                    let inner = Statement { kind: StatementKind::Query(query.clone()), span: *span };
                    let binding = bind_statement_with(&self.schema, &session, &inner, name, &inputs);
                    if binding.errors.is_empty() {
                        definition = define_return(&self.schema, &session, query, &binding);
                    }
                    needs.extend(binding.depends_on);
                }
                FunctionBody::Text(_) | FunctionBody::Opaque => {}
            }
        }
        needs.retain(|need| need.object != id);
        (needs, definition)
    }
}

fn what_hangs_on_tables(context: &mut Context<'_>, shells: &Shells<'_>) {
    for (id, _, entry) in &shells.tables {
        context.triggers(*id, &entry.triggers);
        context.rules(*id, &entry.rules);
        context.policies(*id, &entry.policies);
    }
    for (id, _, entry) in &shells.views {
        context.triggers(*id, &entry.triggers);
        context.rules(*id, &entry.rules);
    }
    for (id, _, entry) in &shells.tables {
        if entry.triggers.0.iter().any(|(_, Brief(_))| entry.partition_by.is_some()) {
            context.copy_triggers(*id);
        }
    }
}

impl Context<'_> {
    /// Row triggers of a partitioned table are on its partitions too.
    fn copy_triggers(&mut self, table: ObjectId) {
        let triggers: Vec<(Name, Trigger)> = self
            .schema
            .on_table(table)
            .into_iter()
            .filter_map(|id| self.schema.get(id))
            .filter_map(|object| match &object.body {
                ObjectBody::Trigger(trigger) if goes_down_to_partitions(trigger) => Some((object.name.clone(), trigger.clone())),
                _ => None,
            })
            .collect();
        let children: Vec<ObjectId> = self
            .schema
            .dependencies()
            .on_object(table)
            .into_iter()
            .map(|dependency| dependency.dependent.object)
            .filter(|id| self.schema.table(*id).is_some_and(|child| child.partition_bound.is_some() && child.parents.contains(&table)))
            .collect();
        for child in children {
            for (name, trigger) in &triggers {
                let is_there = self
                    .schema
                    .on_table(child)
                    .into_iter()
                    .any(|id| self.schema.get(id).is_some_and(|object| object.name == *name && matches!(object.body, ObjectBody::Trigger(_))));
                if is_there {
                    continue;
                }
                let copy = Trigger { table: Some(child), definition: moved(&trigger.definition, table, child), ..trigger.clone() };
                let namespace = self.schema.get(child).and_then(|object| object.namespace);
                self.schema.insert(name.clone(), namespace, ObjectBody::Trigger(copy));
            }
            self.copy_triggers(child);
        }
    }
}

/// The same statement about another table.
fn moved(definition: &Definition, from: ObjectId, to: ObjectId) -> Definition {
    let pieces = definition.pieces().iter().map(|piece| match piece {
        Piece::Relation { relation } if *relation == from => Piece::Relation { relation: to },
        Piece::Column { relation, column, output } if *relation == from => Piece::Column { relation: to, column: *column, output: output.clone() },
        other => other.clone(),
    });
    Definition::new(pieces.collect())
}
