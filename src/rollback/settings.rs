//! Everything of a kept object that is neither name nor column: owner, grants, comment, row security, parameters, sequences, types, functions.

use std::collections::BTreeSet;

use super::workspace::Workspace;
use crate::name::Name;
use crate::schema::{DefaultGrant, GrantEntry, Object, ObjectBody, ObjectId, Persistence, Schema, Sequence, Table, UserType, ddl};
use crate::sql::tree::ObjectKind;

/// Puts the settings of every kept object back. Names and columns are the old ones by now.
pub(super) fn put_back(work: &mut Workspace<'_>) {
    for id in work.kept.clone() {
        if work.rebuilt.contains(&id) {
            continue;
        }
        let (Some(old), Some(new)) = (work.before.get(id).cloned(), work.after.get(id).cloned()) else { continue };
        body(work, id, &old, &new);
        if old.owner != new.owner
            && let Some(owner) = &old.owner
        {
            let sql = ddl::set_owner(work.before, id, owner);
            work.extend(sql, "give the old owner back");
        }
        if old.comment != new.comment {
            let sql = ddl::set_comment(work.before, id, old.comment.as_deref());
            work.push(sql, "give the comment back");
        }
        grants(work, id, &old, &new);
    }
}

fn body(work: &mut Workspace<'_>, id: ObjectId, old: &Object, new: &Object) {
    match (&old.body, &new.body) {
        (ObjectBody::Table(was), ObjectBody::Table(is)) => table(work, id, was, is),
        (ObjectBody::Sequence(was), ObjectBody::Sequence(is)) => sequence(work, id, was, is),
        (ObjectBody::Function(was), ObjectBody::Function(is)) if was != is => {
            let sql = ddl::function_definition(work.before, id, was).replacen("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1);
            work.push(sql.replacen("CREATE PROCEDURE", "CREATE OR REPLACE PROCEDURE", 1), "give the old body back");
        }
        (ObjectBody::Type(was), ObjectBody::Type(is)) => user_type(work, id, was, is),
        (ObjectBody::Index(was), ObjectBody::Index(is)) if was.parameters != is.parameters => {
            let phrase = ddl::object_phrase(work.before, id);
            let statements = parameters(&was.parameters, &is.parameters).into_iter().map(|action| format!("ALTER {phrase} {action}"));
            work.extend(statements, "give the old parameters back");
        }
        _ => {}
    }
}

fn table(work: &mut Workspace<'_>, id: ObjectId, was: &Table, is: &Table) {
    let mut actions: Vec<String> = Vec::new();
    if was.row_security != is.row_security {
        actions.push(format!("{} ROW LEVEL SECURITY", if was.row_security { "ENABLE" } else { "DISABLE" }));
    }
    if was.force_row_security != is.force_row_security {
        actions.push(format!("{} ROW LEVEL SECURITY", if was.force_row_security { "FORCE" } else { "NO FORCE" }));
    }
    if was.persistence != is.persistence {
        actions.push(String::from(if was.persistence == Persistence::Unlogged { "SET UNLOGGED" } else { "SET LOGGED" }));
    }
    actions.extend(parameters(&was.parameters, &is.parameters));
    if was.partition_bound.is_none() && is.partition_bound.is_none() {
        for parent in is.parents.iter().filter(|parent| !was.parents.contains(parent) && work.kept.contains(parent)) {
            actions.push(format!("NO INHERIT {}", ddl::quoted_name(work.before, *parent)));
        }
        for parent in was.parents.iter().filter(|parent| !is.parents.contains(parent)) {
            actions.push(format!("INHERIT {}", ddl::quoted_name(work.before, *parent)));
        }
    } else if was.partition_bound != is.partition_bound {
        let own = ddl::quoted_name(work.before, id);
        if let Some(parent) = is.parents.first().filter(|parent| is.partition_bound.is_some() && work.kept.contains(parent)) {
            let sql = ddl::alter_table(work.before, *parent, &format!("DETACH PARTITION {own}"));
            work.push(sql, "take the partition out again");
        }
        if let (Some(parent), Some(bound)) = (was.parents.first(), &was.partition_bound) {
            let sql = ddl::alter_table(work.before, *parent, &format!("ATTACH PARTITION {own} {bound}"));
            work.push(sql, "put the partition back");
        }
    }
    if was.of_type != is.of_type {
        actions.push(was.of_type.map_or_else(|| String::from("NOT OF"), |of| format!("OF {}", ddl::quoted_name(work.before, of))));
    }
    for (word, what) in [("TABLESPACE", "pg_default"), ("ACCESS METHOD", "heap")] {
        let (old, new) = (option(was, word), option(is, word));
        if old != new {
            actions.push(format!("SET {word} {}", work.before.dialect.quote(&Name::stored(old.unwrap_or(what)))));
        }
    }
    let rest =
        |table: &Table| table.options.iter().filter(|(word, _)| !matches!(&**word, "TABLESPACE" | "ACCESS METHOD" | "CLUSTER ON")).cloned().collect::<Vec<_>>();
    if rest(was) != rest(is) || was.partitioning.as_ref().map(|by| &by.strategy) != is.partitioning.as_ref().map(|by| &by.strategy) {
        work.not_planned.push(format!("storage options of {} changed, and there is no plan to put them back", ddl::quoted_name(work.before, id)));
    }
    let statements: Vec<String> = actions.iter().map(|action| ddl::alter_table(work.before, id, action)).collect();
    work.extend(statements, "give the table its old settings back");
}

fn option<'t>(table: &'t Table, word: &str) -> Option<&'t str> {
    table.options.iter().find(|(own, _)| &**own == word).map(|(_, value)| &**value)
}

/// What names an index of a kept table, when that index is there again: the replica identity, and the order of clustering.
pub(super) fn put_marks_back(work: &mut Workspace<'_>) {
    for id in work.kept.clone() {
        let (Some(was), Some(is)) = (work.before.table(id), work.after.table(id)) else { continue };
        let is_new = |index: ObjectId| work.gone.contains(&index) || work.rebuilt.contains(&index);
        let mut actions = Vec::new();
        let identity = |table: &Table| (table.replica_identity.map(|address| address.object), table.replica_identity_word.clone());
        if identity(was) != identity(is) || was.replica_identity.is_some_and(|address| is_new(address.object)) {
            let index = was.replica_identity.and_then(|address| work.before.get(address.object)).map(|index| work.before.dialect.quote(&index.name));
            let words = match (&was.replica_identity_word, index) {
                (Some(word), _) => word.to_string(),
                (None, Some(index)) => format!("USING INDEX {index}"),
                (None, None) => String::from("DEFAULT"),
            };
            actions.push(format!("REPLICA IDENTITY {words}"));
        }
        let cluster = option(was, "CLUSTER ON");
        let is_made_again = cluster.is_some_and(|name| {
            work.before.on_table(id).into_iter().any(|part| is_new(part) && work.before.get(part).is_some_and(|index| index.name.as_str() == name))
        });
        if cluster != option(is, "CLUSTER ON") || is_made_again {
            actions.push(
                cluster.map_or_else(|| String::from("SET WITHOUT CLUSTER"), |name| format!("CLUSTER ON {}", work.before.dialect.quote(&Name::stored(name)))),
            );
        }
        let statements: Vec<String> = actions.iter().map(|action| ddl::alter_table(work.before, id, action)).collect();
        work.extend(statements, "give the table its old settings back");
    }
}

/// `SET (…)` and `RESET (…)` that lead from one list of parameters to the other.
fn parameters(was: &[(std::sync::Arc<str>, std::sync::Arc<str>)], is: &[(std::sync::Arc<str>, std::sync::Arc<str>)]) -> Vec<String> {
    let set: Vec<String> = was.iter().filter(|own| !is.contains(own)).map(|(name, value)| format!("{name} = {value}")).collect();
    let reset: Vec<&str> = is.iter().filter(|(name, _)| !was.iter().any(|(own, _)| own == name)).map(|(name, _)| &**name).collect();
    let mut actions = Vec::new();
    if !set.is_empty() {
        actions.push(format!("SET ({})", set.join(", ")));
    }
    if !reset.is_empty() {
        actions.push(format!("RESET ({})", reset.join(", ")));
    }
    actions
}

fn sequence(work: &mut Workspace<'_>, id: ObjectId, was: &Sequence, is: &Sequence) {
    let name = ddl::quoted_name(work.before, id);
    let shape = |sequence: &Sequence| {
        (sequence.data_type.clone(), sequence.start, sequence.increment, sequence.minimum, sequence.maximum, sequence.cache, sequence.cycle)
    };
    if shape(was) != shape(is) {
        let cycle = if was.cycle { "CYCLE" } else { "NO CYCLE" };
        let kind = crate::schema::format_type(work.before, &was.data_type);
        let sql = format!(
            "ALTER SEQUENCE {name} AS {kind} INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {} CACHE {} {cycle}",
            was.increment, was.minimum, was.maximum, was.start, was.cache
        );
        work.push(sql, "give the sequence its old limits back");
    }
    if was.owned_by != is.owned_by && ddl::is_identity_of(work.before, id).is_none() {
        let owner = was.owned_by.and_then(|address| match address.part {
            crate::schema::Part::Column(number) => {
                let column = work.before.column(address.object, number)?;
                Some(format!("{}.{}", ddl::quoted_name(work.before, address.object), work.before.dialect.quote(&column.name)))
            }
            crate::schema::Part::Whole | crate::schema::Part::Default(_) => None,
        });
        work.push(format!("ALTER SEQUENCE {name} OWNED BY {}", owner.as_deref().unwrap_or("NONE")), "give the sequence its old owner back");
    }
}

/// Labels and attributes that kept types had: rows that are put back name them.
pub(super) fn put_types_back(work: &mut Workspace<'_>) {
    for id in work.kept.clone() {
        let (Some(ObjectBody::Type(was)), Some(ObjectBody::Type(is))) =
            (work.before.get(id).map(|object| object.body.clone()), work.after.get(id).map(|object| object.body.clone()))
        else {
            continue;
        };
        let name = ddl::quoted_name(work.before, id);
        match (&was, &is) {
            (UserType::Enum { labels: old, .. }, UserType::Enum { labels: new, .. }) => {
                for (number, label) in new {
                    if let Some((_, before)) = old.iter().find(|(own, before)| own == number && before != label) {
                        let sql = format!("ALTER TYPE {name} RENAME VALUE {} TO {}", ddl::literal(label), ddl::literal(before));
                        work.push(sql, "give the label its old name back");
                    }
                }
            }
            (UserType::Composite { attributes: old, .. }, UserType::Composite { attributes: new, .. }) => {
                let statements = attributes(work.before, &name, old, new);
                work.extend(statements, "give the type its old attributes back");
            }
            _ => {}
        }
    }
}

fn user_type(work: &mut Workspace<'_>, id: ObjectId, was: &UserType, is: &UserType) {
    let name = ddl::quoted_name(work.before, id);
    match (was, is) {
        // See `put_types_back`.
        (UserType::Enum { .. }, UserType::Enum { .. }) | (UserType::Composite { .. }, UserType::Composite { .. }) => {}
        (UserType::Domain(old), UserType::Domain(new)) => {
            if old.not_null != new.not_null {
                work.push(format!("ALTER DOMAIN {name} {} NOT NULL", if old.not_null { "SET" } else { "DROP" }), "give the domain its old rule back");
            }
            if old.default != new.default {
                let action = old.default.as_ref().map_or_else(|| String::from("DROP DEFAULT"), |default| format!("SET DEFAULT {}", default.print(work.before)));
                work.push(format!("ALTER DOMAIN {name} {action}"), "give the domain its old default back");
            }
        }
        (was, is) if was != is => work.not_planned.push(format!("the type {name} changed, and there is no plan to put it back")),
        _ => {}
    }
}

fn attributes(schema: &Schema, name: &str, old: &[crate::schema::Column], new: &[crate::schema::Column]) -> Vec<String> {
    let mut statements = Vec::new();
    for attribute in new.iter().filter(|attribute| !old.iter().any(|own| own.number == attribute.number)) {
        statements.push(format!("ALTER TYPE {name} DROP ATTRIBUTE {}", schema.dialect.quote(&attribute.name)));
    }
    for attribute in old {
        let quoted = schema.dialect.quote(&attribute.name);
        let data_type = crate::schema::format_type(schema, &attribute.data_type);
        match new.iter().find(|own| own.number == attribute.number) {
            None => statements.push(format!("ALTER TYPE {name} ADD ATTRIBUTE {quoted} {data_type}")),
            Some(is) => {
                if is.name != attribute.name {
                    statements.push(format!("ALTER TYPE {name} RENAME ATTRIBUTE {} TO {quoted}", schema.dialect.quote(&is.name)));
                }
                if is.data_type != attribute.data_type {
                    statements.push(format!("ALTER TYPE {name} ALTER ATTRIBUTE {quoted} TYPE {data_type}"));
                }
            }
        }
    }
    statements
}

fn grants(work: &mut Workspace<'_>, id: ObjectId, old: &Object, new: &Object) {
    let phrase = grant_phrase(work.before, id);
    let (was, is) = (ddl::effective_grants(work.before, old), ddl::effective_grants(work.after, new));
    change_grants(work, &phrase, None, &was, &is);
    owner_options(work, &phrase, old, new);
    for column in work.before.columns(id).to_vec() {
        let was: BTreeSet<GrantEntry> = column.grants.iter().cloned().collect();
        let is: BTreeSet<GrantEntry> = work.after.column(id, column.number).map(|column| column.grants.iter().cloned().collect()).unwrap_or_default();
        change_grants(work, &phrase, Some(&column.name), &was, &is);
    }
}

/// The owner may always give its privileges on; that it was told so as well is written down, and is put back.
fn owner_options(work: &mut Workspace<'_>, phrase: &str, old: &Object, new: &Object) {
    let Some(owner) = old.owner.as_ref().filter(|owner| new.owner.as_ref() == Some(owner)) else { return };
    let options = |object: &Object| -> BTreeSet<GrantEntry> {
        object.grants.iter().flatten().filter(|entry| entry.grant_option && entry.grantee.as_ref() == Some(owner)).cloned().collect()
    };
    let (was, is) = (options(old), options(new));
    let quoted = work.before.dialect.quote(owner);
    let taken: Vec<String> = is.difference(&was).map(|entry| format!("REVOKE GRANT OPTION FOR {} ON {phrase} FROM {quoted}", entry.privilege)).collect();
    let given: Vec<String> = was.difference(&is).map(|entry| format!("GRANT {} ON {phrase} TO {quoted} WITH GRANT OPTION", entry.privilege)).collect();
    work.extend(taken, "take new privileges away");
    work.extend(given, "give old privileges back");
}

/// What `ALTER DEFAULT PRIVILEGES` gives to objects that are made again, and what it takes from them, although they were without it before.
pub(super) fn undo_default_privileges(work: &mut Workspace<'_>) {
    let defaults: Vec<DefaultGrant> = work.after.default_grants().cloned().collect();
    if defaults.is_empty() {
        return;
    }
    let dialect = work.before.dialect;
    let grantee = |entry: &GrantEntry| entry.grantee.as_ref().map_or_else(|| String::from("PUBLIC"), |role| dialect.quote(role));
    let mut statements = Vec::new();
    for object in work.gone.iter().chain(&work.rebuilt).filter_map(|id| work.before.get(*id)) {
        let kind = match &object.body {
            ObjectBody::Table(_) | ObjectBody::View(_) => ObjectKind::Table,
            ObjectBody::Sequence(_) => ObjectKind::Sequence,
            ObjectBody::Function(_) => ObjectKind::Function,
            ObjectBody::Type(_) => ObjectKind::Type,
            ObjectBody::Schema => ObjectKind::Schema,
            _ => continue,
        };
        let held = ddl::effective_grants(work.before, object);
        let is_held = |entry: &GrantEntry| held.iter().any(|own| own.grantee == entry.grantee && own.privilege == entry.privilege);
        let phrase = grant_phrase(work.before, object.id);
        for default in defaults.iter().filter(|default| default.kind == kind && default.namespace.is_none_or(|namespace| object.namespace == Some(namespace))) {
            let entry = &default.entry;
            if entry.grantee.is_some() && entry.grantee == object.owner {
                continue;
            }
            match (default.is_revoked, is_held(entry)) {
                (false, false) => statements.push(format!("REVOKE {} ON {phrase} FROM {}", entry.privilege, grantee(entry))),
                (true, true) => statements.push(format!("GRANT {} ON {phrase} TO {}", entry.privilege, grantee(entry))),
                (false, true) | (true, false) => {}
            }
        }
    }
    work.extend(statements, "what is given to every new object was not given to this one");
}

fn grant_phrase(schema: &Schema, id: ObjectId) -> String {
    let phrase = ddl::object_phrase(schema, id);
    ["MATERIALIZED VIEW ", "FOREIGN TABLE ", "VIEW "]
        .iter()
        .find_map(|kind| phrase.strip_prefix(kind).map(|name| format!("TABLE {name}")))
        .or_else(|| phrase.strip_prefix("DOMAIN ").map(|name| format!("TYPE {name}")))
        .unwrap_or(phrase)
}

fn change_grants(work: &mut Workspace<'_>, phrase: &str, column: Option<&Name>, was: &BTreeSet<GrantEntry>, is: &BTreeSet<GrantEntry>) {
    let dialect = work.before.dialect;
    let columns = column.map_or_else(String::new, |column| format!(" ({})", dialect.quote(column)));
    let grantee = |entry: &GrantEntry| entry.grantee.as_ref().map_or_else(|| String::from("PUBLIC"), |role| dialect.quote(role));
    let taken: Vec<String> = is.difference(was).map(|entry| format!("REVOKE {}{columns} ON {phrase} FROM {}", entry.privilege, grantee(entry))).collect();
    let given: Vec<String> = was
        .difference(is)
        .map(|entry| {
            let option = if entry.grant_option { " WITH GRANT OPTION" } else { "" };
            format!("GRANT {}{columns} ON {phrase} TO {}{option}", entry.privilege, grantee(entry))
        })
        .collect();
    work.extend(taken, "take new privileges away");
    work.extend(given, "give old privileges back");
}
