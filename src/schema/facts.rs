//! Each object as a sheet of named facts in text, so that two schemas can be compared whatever identities they use.
//!
//! In: a schema. Out: for each thing a person can name, what is true of it. Which facts count is decided here, how two sheets are compared in `difference`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::print::qualified;
use super::{
    Aspect, Column, ColumnGeneration, Constraint, ConstraintKind, Function, GrantEntry, IndexState, Object, ObjectBody, ObjectId, Persistence, Schema,
};
use super::{Table, UserType, View, ddl, extension_of, format_type};
use crate::sql::tree::{GeneratedKind, IdentityKind, ObjectKind, TriggerState};

/// A thing that facts are about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Subject {
    /// Its kind; columns are subjects of their own.
    pub(super) kind: ObjectKind,
    /// Its name as SQL.
    pub(super) name: String,
    /// The name of the table, view or type that it is a part of.
    pub(super) parent: Option<String>,
}

/// What is true of it; what is not there is nothing special.
pub(super) type Facts = BTreeMap<Aspect, String>;

/// All subjects of a schema with their facts.
pub(super) fn facts_of(schema: &Schema) -> BTreeMap<Subject, Facts> {
    let mut all = BTreeMap::new();
    for object in schema.objects() {
        if extension_of(schema, object.id).is_some() {
            continue;
        }
        // The row that a constraint trigger has among the constraints says nothing that the trigger does not.
        if matches!(&object.body, ObjectBody::Constraint(constraint) if matches!(constraint.kind, ConstraintKind::Trigger)) {
            continue;
        }
        all.insert(subject_of(schema, object), object_facts(schema, object));
        for column in schema.columns(object.id) {
            let parent = qualified(schema, object.id);
            let name = format!("{parent}.{}", schema.dialect.quote(&column.name));
            all.insert(Subject { kind: ObjectKind::Column, name, parent: Some(parent) }, column_facts(schema, object.id, column));
        }
    }
    all
}

fn subject_of(schema: &Schema, object: &Object) -> Subject {
    let on = |table: ObjectId| Some(qualified(schema, table));
    let parent = match &object.body {
        ObjectBody::Index(index) => on(index.table),
        ObjectBody::Constraint(constraint) => on(constraint.owner),
        ObjectBody::Trigger(trigger) => trigger.table.and_then(on),
        ObjectBody::Policy(policy) => on(policy.table),
        ObjectBody::Rule(rule) => on(rule.table),
        ObjectBody::Other(other) => other.table.and_then(on),
        ObjectBody::Sequence(_) => ddl::is_identity_of(schema, object.id).and_then(on),
        ObjectBody::Schema | ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Type(_) | ObjectBody::Function(_) | ObjectBody::Extension(_) => None,
    };
    Subject { kind: object.kind(), name: ddl::name_phrase(schema, object.id), parent }
}

fn object_facts(schema: &Schema, object: &Object) -> Facts {
    let mut facts = Facts::new();
    let is_identity_sequence = ddl::is_identity_of(schema, object.id).is_some();
    if let Some(owner) = object.owner.as_ref().filter(|_| !is_identity_sequence) {
        facts.insert(Aspect::Owner, owner.to_string());
    }
    if let Some(comment) = &object.comment {
        facts.insert(Aspect::Comment, comment.to_string());
    }
    put(&mut facts, Aspect::Grants, grant_words(ddl::effective_grants(schema, object).iter()));
    match &object.body {
        ObjectBody::Schema => {}
        ObjectBody::Table(table) => table_facts(schema, table, &mut facts),
        ObjectBody::View(view) => view_facts(schema, view, &mut facts),
        ObjectBody::Index(index) => {
            if ddl::constraint_of(schema, object.id).is_none() {
                put(&mut facts, Aspect::Definition, ddl::index_definition(schema, object.id).unwrap_or_default());
            }
            if index.state == IndexState::Invalid {
                facts.insert(Aspect::Usable, String::from("invalid"));
            }
            put(&mut facts, Aspect::Parent, index.parent.map(|parent| qualified(schema, parent)).unwrap_or_default());
        }
        ObjectBody::Sequence(sequence) => {
            facts.insert(Aspect::Type, format_type(schema, &sequence.data_type));
            put(&mut facts, Aspect::Options, ddl::sequence_options(sequence).join(" "));
            put(&mut facts, Aspect::Persistence, persistence_words(sequence.persistence).to_owned());
            let owner = sequence.owned_by.and_then(|address| match address.part {
                super::Part::Column(number) => {
                    schema.column(address.object, number).map(|column| format!("{}.{}", qualified(schema, address.object), schema.dialect.quote(&column.name)))
                }
                super::Part::Whole | super::Part::Default(_) => None,
            });
            put(&mut facts, Aspect::OwnedBy, owner.unwrap_or_default());
        }
        ObjectBody::Constraint(constraint) => constraint_facts(schema, constraint, &mut facts),
        ObjectBody::Type(user_type) => type_facts(schema, object.id, user_type, &mut facts),
        ObjectBody::Function(function) => {
            // Empty lines around a body are no difference.
            let trimmed = Function { body: function.body.as_deref().map(|body| Arc::from(body.trim())), ..function.clone() };
            put(&mut facts, Aspect::Definition, ddl::function_definition(schema, object.id, &trimmed));
        }
        ObjectBody::Trigger(trigger) => {
            put(&mut facts, Aspect::Definition, ddl::statement_text(schema, object.id, &trigger.definition));
            put(&mut facts, Aspect::State, state_words(trigger.state).to_owned());
        }
        ObjectBody::Policy(policy) => put(&mut facts, Aspect::Definition, ddl::policy_definition(schema, object.id, policy)),
        ObjectBody::Rule(rule) => {
            put(&mut facts, Aspect::Definition, ddl::statement_text(schema, object.id, &rule.definition));
            put(&mut facts, Aspect::State, state_words(rule.state).to_owned());
        }
        ObjectBody::Extension(extension) => {
            put(&mut facts, Aspect::Version, extension.version.as_deref().unwrap_or_default().to_owned());
            put(&mut facts, Aspect::Parent, extension.schema.map(|namespace| qualified(schema, namespace)).unwrap_or_default());
        }
        ObjectBody::Other(other) => put(&mut facts, Aspect::Definition, ddl::statement_text(schema, object.id, &other.definition)),
    }
    facts
}

/// What is empty is nothing special and is not written down.
fn put(facts: &mut Facts, aspect: Aspect, text: String) {
    if !text.is_empty() {
        facts.insert(aspect, text);
    }
}

fn table_facts(schema: &Schema, table: &Table, facts: &mut Facts) {
    put(facts, Aspect::ColumnOrder, column_order(&table.columns));
    put(facts, Aspect::Persistence, persistence_words(table.persistence).to_owned());
    put(facts, Aspect::Parent, table.parents.iter().map(|parent| qualified(schema, *parent)).collect::<Vec<_>>().join(", "));
    put(facts, Aspect::PartitionBound, table.partition_bound.as_deref().unwrap_or_default().to_owned());
    if let Some(partitioning) = &table.partitioning {
        facts.insert(Aspect::Partitioning, format!("{} ({})", partitioning.strategy, partitioning.key.print(schema)));
    }
    put(facts, Aspect::Type, table.of_type.map(|of| qualified(schema, of)).unwrap_or_default());
    put(facts, Aspect::Options, pair_words(&table.options));
    put(facts, Aspect::Parameters, pair_words(&table.parameters));
    let row_security = match (table.row_security, table.force_row_security) {
        (false, false) => "",
        (true, false) => "enabled",
        (true, true) => "enabled and forced",
        (false, true) => "disabled and forced",
    };
    put(facts, Aspect::RowSecurity, row_security.to_owned());
    let index = table.replica_identity.and_then(|address| schema.get(address.object)).map(|index| format!("index {}", index.name));
    put(facts, Aspect::ReplicaIdentity, index.or_else(|| table.replica_identity_word.as_deref().map(str::to_owned)).unwrap_or_default());
}

/// One name a line, so that no character of a name can be taken for a separator.
fn column_order(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name.as_str().replace('\n', " ")).collect::<Vec<_>>().join("\n")
}

fn view_facts(schema: &Schema, view: &View, facts: &mut Facts) {
    put(facts, Aspect::ColumnOrder, column_order(&view.columns));
    put(facts, Aspect::Definition, view.query.print(schema).trim().trim_end_matches(';').to_owned());
    put(facts, Aspect::Parameters, pair_words(&view.parameters));
    if let Some(option) = view.check_option {
        facts.insert(
            Aspect::Options,
            String::from(match option {
                crate::sql::tree::CheckOption::Local => "local check option",
                crate::sql::tree::CheckOption::Cascaded => "cascaded check option",
            }),
        );
    }
    if view.kind == crate::sql::tree::ViewKind::Materialized && !view.populated {
        facts.insert(Aspect::Populated, String::from("not populated"));
    }
    put(facts, Aspect::Unresolved, view.unresolved.as_deref().unwrap_or_default().to_owned());
}

fn column_facts(schema: &Schema, relation: ObjectId, column: &Column) -> Facts {
    let mut facts = Facts::new();
    facts.insert(Aspect::Type, format_type(schema, &column.data_type));
    if column.not_null {
        facts.insert(Aspect::NotNull, String::from("not null"));
    }
    match &column.generation {
        ColumnGeneration::None => {}
        ColumnGeneration::Default(default) => put(&mut facts, Aspect::Default, default.print(schema)),
        ColumnGeneration::Generated(expression, kind) => {
            let kind = match kind {
                GeneratedKind::Stored => "stored",
                GeneratedKind::Virtual => "virtual",
            };
            facts.insert(Aspect::Generated, format!("{} {kind}", expression.print(schema)));
        }
        ColumnGeneration::Identity(kind, sequence) => {
            let kind = match kind {
                IdentityKind::Always => "always",
                IdentityKind::ByDefault => "by default",
            };
            facts.insert(Aspect::Identity, format!("{kind} from {}", qualified(schema, *sequence)));
        }
    }
    put(&mut facts, Aspect::Collation, column.collation.as_deref().unwrap_or_default().to_owned());
    put(&mut facts, Aspect::Comment, column.comment.as_deref().unwrap_or_default().to_owned());
    put(&mut facts, Aspect::Grants, grant_words(column.grants.iter()));
    put(&mut facts, Aspect::Options, pair_words(&column.options));
    if schema.table(relation).is_some() && column.inherited_from > 0 {
        let local = if column.is_local { " and declared here" } else { "" };
        facts.insert(Aspect::Inherited, format!("from {}{local}", column.inherited_from));
    }
    facts
}

fn constraint_facts(schema: &Schema, constraint: &Constraint, facts: &mut Facts) {
    let valid = Constraint { validated: true, ..constraint.clone() };
    put(facts, Aspect::Definition, ddl::constraint_definition(schema, &valid));
    if !constraint.validated {
        facts.insert(Aspect::Validated, String::from("not valid"));
    }
    if constraint.inherited_from > 0 {
        let local = if constraint.is_local { " and declared here" } else { "" };
        facts.insert(Aspect::Inherited, format!("from {}{local}", constraint.inherited_from));
    }
}

fn type_facts(schema: &Schema, id: ObjectId, user_type: &UserType, facts: &mut Facts) {
    match user_type {
        UserType::Enum { labels, .. } => put(facts, Aspect::Labels, labels.iter().map(|(_, label)| ddl::literal(label)).collect::<Vec<_>>().join(", ")),
        UserType::Domain(domain) => {
            facts.insert(Aspect::Type, format_type(schema, &domain.base));
            if domain.not_null {
                facts.insert(Aspect::NotNull, String::from("not null"));
            }
            put(facts, Aspect::Default, domain.default.as_ref().map(|default| default.print(schema)).unwrap_or_default());
            put(facts, Aspect::Collation, domain.collation.as_deref().unwrap_or_default().to_owned());
        }
        UserType::Composite { attributes, .. } => put(facts, Aspect::ColumnOrder, column_order(attributes)),
        UserType::Range { .. } => put(facts, Aspect::Definition, ddl::type_definition(schema, id, user_type).unwrap_or_default()),
        UserType::Base { category } => put(facts, Aspect::Kind, format!("base type of category {category}")),
        UserType::Shell => put(facts, Aspect::Kind, String::from("shell type")),
    }
}

fn persistence_words(persistence: Persistence) -> &'static str {
    match persistence {
        Persistence::Permanent => "",
        Persistence::Unlogged => "unlogged",
        Persistence::Temporary => "temporary",
    }
}

fn state_words(state: TriggerState) -> &'static str {
    match state {
        TriggerState::Enabled => "",
        TriggerState::Disabled => "disabled",
        TriggerState::Replica => "enabled on a replica",
        TriggerState::Always => "always enabled",
    }
}

fn pair_words(pairs: &[(Arc<str>, Arc<str>)]) -> String {
    let mut words: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    words.sort();
    words.join(", ")
}

fn grant_words<'e>(entries: impl Iterator<Item = &'e GrantEntry>) -> String {
    let mut words: Vec<String> = entries
        .map(|entry| {
            let grantee = entry.grantee.as_ref().map_or("PUBLIC", |role| role.as_str());
            format!("{grantee}: {}{}", entry.privilege, if entry.grant_option { " with grant option" } else { "" })
        })
        .collect();
    words.sort();
    words.join(", ")
}
