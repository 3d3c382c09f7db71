//! The file as a whole.

use std::collections::BTreeMap;

use super::function::{function_entry, function_key};
use super::grants::Context;
use super::object::{other_entry, trigger_entry};
use super::sequence::sequence_entry;
use super::table::table_entry;
use super::user_type::add_type;
use super::view::view_entry;
use crate::schema::{Extension, Object, ObjectBody, ObjectId, Schema, UserType, ddl, extension_of};
use crate::snapshot::Provenance;
use crate::snapshot::file::{Document, ExtensionEntry, NamespaceEntry, Origin, Text, VERSION, text};
use crate::sql::tree::ViewKind;
use crate::text::Spanned;
use crate::yaml::{Brief, Entries};

/// The file that says what the schema is and where it came from.
pub fn describe(schema: &Schema, provenance: &Provenance) -> Document {
    let context = Context { schema, owner: common_owner(schema) };
    let version = text("");
    let mut document = Document {
        version: Spanned::new(VERSION, version.span),
        source: Some(origin(provenance)),
        owner: context.owner.clone().map(text),
        extensions: Entries::default(),
        schemas: Entries::default(),
        event_triggers: Entries::default(),
        other_objects: Vec::new(),
    };
    let mut namespaces: BTreeMap<ObjectId, NamespaceEntry> = BTreeMap::new();
    for object in schema.objects().filter(|object| extension_of(schema, object.id).is_none()) {
        match &object.body {
            ObjectBody::Schema => {
                let namespace = namespaces.entry(object.id).or_default();
                namespace.comment = Context::comment_of(object);
                namespace.owner = context.owner_of(object);
                namespace.grants = context.grants_of(object);
            }
            ObjectBody::Extension(extension) => document.extensions.0.push((text(object.name.as_str()), Brief(extension_entry(schema, object, extension)))),
            ObjectBody::Trigger(trigger) if trigger.table.is_none() => {
                document.event_triggers.0.push((text(object.name.as_str()), Brief(trigger_entry(schema, object, trigger))));
            }
            ObjectBody::Other(other) if object.namespace.is_none() => document.other_objects.push(other_entry(&context, object, other)),
            _ => {
                if let Some(namespace) = object.namespace {
                    add(&context, object, namespaces.entry(namespace).or_default());
                }
            }
        }
    }
    for (id, mut namespace) in namespaces {
        sort_namespace(&mut namespace);
        if let Some(object) = schema.get(id) {
            document.schemas.0.push((text(object.name.as_str()), namespace));
        }
    }
    sort(&mut document.extensions);
    sort(&mut document.schemas);
    sort(&mut document.event_triggers);
    document.other_objects.sort_by_key(|other| (value(other.kind.as_ref()), value(other.name.as_ref())));
    document
}

fn value(text: Option<&Text>) -> String {
    text.map(|text| text.value.clone()).unwrap_or_default()
}

fn origin(provenance: &Provenance) -> Origin {
    Origin {
        kind: Some(text(provenance.kind.clone())),
        database: provenance.database.clone().map(text),
        server_version: provenance.server_version.clone().map(text),
        taken_at: provenance.taken_at.clone().map(text),
        applied: provenance.applied.iter().map(text).collect(),
        applied_table: provenance.applied_table.clone().map(text),
    }
}

/// The owner of most objects, when every object that can have one has one.
fn common_owner(schema: &Schema) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for object in schema.objects().filter(|object| extension_of(schema, object.id).is_none()) {
        let is_owned = match &object.body {
            ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Type(_) | ObjectBody::Function(_) => true,
            ObjectBody::Sequence(_) => ddl::is_identity_of(schema, object.id).is_none(),
            ObjectBody::Schema => object.name.as_str() != "public",
            ObjectBody::Index(_)
            | ObjectBody::Constraint(_)
            | ObjectBody::Trigger(_)
            | ObjectBody::Policy(_)
            | ObjectBody::Rule(_)
            | ObjectBody::Extension(_)
            | ObjectBody::Other(_) => false,
        };
        if is_owned {
            *counts.entry(object.owner.as_ref()?.as_str()).or_default() += 1;
        }
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(owner, _)| owner.to_owned())
}

fn add(context: &Context<'_>, object: &Object, namespace: &mut NamespaceEntry) {
    let name = text(object.name.as_str());
    match &object.body {
        ObjectBody::Table(table) => namespace.tables.0.push((name, table_entry(context, object, table))),
        ObjectBody::View(view) => {
            let entry = view_entry(context, object, view);
            match view.kind {
                ViewKind::Plain => namespace.views.0.push((name, entry)),
                ViewKind::Materialized => namespace.materialized_views.0.push((name, entry)),
            }
        }
        ObjectBody::Sequence(sequence) => {
            if ddl::is_identity_of(context.schema, object.id).is_none() {
                namespace.sequences.0.push((name, sequence_entry(context, object.id, sequence)));
            }
        }
        ObjectBody::Type(user_type) => add_type(context, object, user_type, namespace),
        ObjectBody::Function(function) => namespace.functions.0.push((function_key(context, object, function), function_entry(context, object, function))),
        ObjectBody::Other(other) => namespace.other_objects.push(other_entry(context, object, other)),
        // Told with their table, or above.
        ObjectBody::Index(_)
        | ObjectBody::Constraint(_)
        | ObjectBody::Trigger(_)
        | ObjectBody::Policy(_)
        | ObjectBody::Rule(_)
        | ObjectBody::Schema
        | ObjectBody::Extension(_) => {}
    }
}

fn sort_namespace(namespace: &mut NamespaceEntry) {
    sort(&mut namespace.enums);
    sort(&mut namespace.domains);
    sort(&mut namespace.composites);
    sort(&mut namespace.ranges);
    sort(&mut namespace.base_types);
    sort(&mut namespace.sequences);
    sort(&mut namespace.tables);
    sort(&mut namespace.views);
    sort(&mut namespace.materialized_views);
    sort(&mut namespace.functions);
    namespace.other_objects.sort_by_key(|other| (value(other.kind.as_ref()), value(other.name.as_ref())));
}

fn sort<T>(entries: &mut Entries<T>) {
    entries.0.sort_by(|(one, _), (other, _)| one.value.cmp(&other.value));
}

/// An extension with the members that others can name: types and functions.
fn extension_entry(schema: &Schema, object: &Object, extension: &Extension) -> ExtensionEntry {
    let mut entry = ExtensionEntry {
        schema: extension.schema.and_then(|namespace| schema.get(namespace)).map(|namespace| text(namespace.name.as_str())),
        version: extension.version.as_deref().map(text),
        comment: Context::comment_of(object),
        ..ExtensionEntry::default()
    };
    for member in schema.dependencies().on_object(object.id).into_iter().filter_map(|dependency| schema.get(dependency.dependent.object)) {
        match &member.body {
            ObjectBody::Type(UserType::Base { category }) => entry.types.0.push((text(member.name.as_str()), text(category.to_string()))),
            ObjectBody::Function(function) => {
                let key = format!("{}({})", schema.dialect.quote(&member.name), ddl::identity_arguments(schema, function));
                entry.functions.0.push((text(key), text(ddl::result_words(schema, function).unwrap_or_else(|| String::from("void")))));
            }
            _ => {}
        }
    }
    sort(&mut entry.types);
    sort(&mut entry.functions);
    entry
}
