//! What somebody may no longer do who could before: the consumer itself, or the owner of a view or routine that it goes through.
//!
//! In: the two sides of a subject. Out: a refusal (42501) for each thing on which the consumer's declared role had what it needs, by its own grants,
//! those of `PUBLIC` or as the owner, and has it no longer; and where the role is not declared, or had its right in a way that is not in the model
//! (membership in another role), that it may fail when anybody lost such a right. A right that nobody had and nobody has lost is no effect.
//!
//! Source: manual 5.7 (15): reading needs SELECT on the relation or on each column read, adding rows INSERT, changing columns UPDATE, removing rows
//! DELETE; a name in a schema needs USAGE of the schema, a call EXECUTE, `nextval` in a default USAGE or UPDATE of the sequence. What a view reads is
//! checked with the rights of its owner, or of whoever asks (`security_invoker`, sql-createview); what a stored definition names needs no schema.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use super::rights::{Need, Rights, holders, may, named_needs};
use crate::lineage::Role;
use crate::name::Name;
use crate::schema::{Address, ColumnNumber, Object, ObjectBody, ObjectId, Part, Schema, View};
use crate::sql::tree::ViewKind;
use crate::text::Span;

/// Everything that was allowed before and is not, or may not be, any more.
pub(super) fn lost_permissions(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let statements = before.understanding.bindings.iter().zip(&after.understanding.bindings).zip(&before.understanding.roles);
    for ((old, new), role) in statements {
        let had = named_needs(before.schema, old, &before.understanding.writes);
        for (object, need) in named_needs(after.schema, new, &after.understanding.writes) {
            let is_space = |schema: &Schema, id: ObjectId| matches!(schema.get(id).map(|object| &object.body), Some(ObjectBody::Schema));
            let kind = is_space(after.schema, object);
            let in_its_place = || had.iter().find(|(id, was)| was.span == need.span && is_space(before.schema, **id) == kind).map(|(id, _)| *id);
            let was = if had.contains_key(&object) { Some(object) } else { in_its_place() };
            let Some(was) = was else { continue };
            let rights = Rights { before: (before.schema, was), after: (after.schema, object) };
            found.extend(one_need(rights, role.as_ref(), &need));
        }
    }
    found.extend(declared(before, after));
    found.extend(views_checked(before, after));
    found.extend(bodies_checked(before, after));
    found
}

/// What is declared and not written in SQL: whose role is not known.
fn declared(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut needs: BTreeMap<(ObjectId, ObjectId), Need> = BTreeMap::new();
    let mut add = |was: ObjectId, is: ObjectId, privilege: &'static str, column: Option<ColumnNumber>, span: Span| {
        let need = needs.entry((was, is)).or_default();
        need.span.get_or_insert(span);
        need.privileges.entry(privilege).or_default().extend(column);
    };
    let uses = before.understanding.declared.uses.iter().zip(&after.understanding.declared.uses);
    for (old, new) in uses {
        let (Some((was, _)), Some((is, column))) = (&old.found, &new.found) else { continue };
        let privileges: &[&'static str] = if old.role == Role::Write { &["INSERT", "UPDATE"] } else { &["SELECT"] };
        privileges.iter().for_each(|privilege| add(was.object, is.object, privilege, Some(column.number), new.declared.span));
    }
    let positions = before.understanding.declared.positions.iter().zip(&after.understanding.declared.positions);
    for (old, new) in positions {
        if let (Some(was), Some(is)) = (old.relation, new.relation) {
            add(was, is, "SELECT", None, new.span);
        }
    }
    let spaces: Vec<(ObjectId, ObjectId, Option<Span>)> =
        needs.iter().filter_map(|((was, is), need)| Some((before.schema.get(*was)?.namespace?, after.schema.get(*is)?.namespace?, need.span))).collect();
    for (was, is, span) in spaces {
        needs.entry((was, is)).or_insert_with(|| Need { privileges: BTreeMap::from([("USAGE", BTreeSet::new())]), span });
    }
    let one = |((was, is), need): (&(ObjectId, ObjectId), &Need)| one_need(Rights { before: (before.schema, *was), after: (after.schema, *is) }, None, need);
    needs.iter().filter_map(one).collect()
}

/// What the bodies of routines name, with the rights of the caller or, where the routine says so, of its owner (`SECURITY DEFINER`).
fn bodies_checked(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let role = before.understanding.roles.iter().flatten().next();
    for (key, old) in &before.understanding.bodies {
        let Some(new) = after.understanding.bodies.get(key).filter(|new| new.parts.len() == old.parts.len()) else { continue };
        let Some(object) = after.schema.get(key.0) else { continue };
        let ObjectBody::Function(function) = &object.body else { continue };
        let checker = if function.security_definer { object.owner.as_ref() } else { role };
        for (was, is) in old.parts.iter().zip(&new.parts) {
            let (had, writes) = (named_needs(before.schema, &was.binding, &was.writes.iter().copied().collect()), is.writes.iter().copied().collect());
            for (object, need) in named_needs(after.schema, &is.binding, &writes) {
                if had.contains_key(&object) {
                    let rights = Rights { before: (before.schema, object), after: (after.schema, object) };
                    found.extend(one_need(rights, checker, &need).map(|difference| through(difference, before.schema, key.0)));
                }
            }
        }
    }
    found
}

/// What one thing needs, of the consumer itself.
fn one_need(rights: Rights<'_>, role: Option<&Name>, need: &Need) -> Option<Difference> {
    for (privilege, columns) in &need.privileges {
        if let Some(role) = role
            && may(rights.before, Some(role), privilege, columns)
        {
            if rights.lost(Some(role), privilege, columns) {
                return Some(refused(rights, role, privilege, need));
            }
            continue;
        }
        // What the role has through another one is not known: anybody's loss may be its own.
        if let Some(who) = holders(rights.before, privilege).into_iter().find(|who| rights.lost(who.as_ref(), privilege, columns)) {
            let who = who.map_or_else(|| String::from("PUBLIC"), |name| name.to_string());
            let message = format!("{who} loses {privilege} on {}: a consumer that has it from there fails", label(rights.before.0, rights.address()));
            return Some(may_be_refused(rights, message, need));
        }
    }
    None
}

/// What the views that the subject goes through read, checked with the rights of their owners or of whoever asks.
fn views_checked(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    if after.schema.dialect.built_ins.is_none() {
        return found;
    }
    let role = before.understanding.roles.iter().flatten().next();
    for id in before.understanding.objects.intersection(&after.understanding.objects) {
        let (Some((old_object, old)), Some((new_object, new))) = (running_view(before.schema, *id), running_view(after.schema, *id)) else { continue };
        let same_checker = is_invoker(old) == is_invoker(new) && (is_invoker(new) || old_object.owner == new_object.owner);
        for (object, need) in below(after.schema, new) {
            let rights = Rights { before: (before.schema, object), after: (after.schema, object) };
            let checker = if is_invoker(new) { role } else { new_object.owner.as_ref() };
            if same_checker {
                if before.schema.get(object).is_some() && below(before.schema, old).contains_key(&object) {
                    found.extend(one_need(rights, checker, &need).map(|difference| through(difference, before.schema, *id)));
                }
                continue;
            }
            let has_all = checker.is_some_and(|who| need.privileges.iter().all(|(privilege, columns)| may(rights.after, Some(who), privilege, columns)));
            if has_all || (checker.is_none() && !is_invoker(new)) {
                continue;
            }
            let who = if is_invoker(new) { String::from("whoever asks") } else { checker.map(ToString::to_string).unwrap_or_default() };
            let (view, table) = (label(after.schema, Address::whole(*id)), label(after.schema, Address::whole(object)));
            found.push(may_be_refused(rights, format!("{view} reads {table} with the rights of {who} now"), &need));
            if is_invoker(new) != is_invoker(old) && after.schema.table(object).is_some_and(|table| table.row_security) {
                let message = format!("row security of {table} is that of {who} in {view} now: other rows are visible");
                let evidence = Evidence { message: message.clone(), ..Evidence::default() };
                let about = vec![Address::whole(*id)];
                found.push(Difference { kind: EffectKind::ChangesSilently, cause: Cause::Rows, message, about, evidence });
            }
        }
    }
    found
}

/// A view whose query runs when it is read.
fn running_view(schema: &Schema, id: ObjectId) -> Option<(&Object, &View)> {
    let object = schema.get(id)?;
    match &object.body {
        ObjectBody::View(view) if view.kind != ViewKind::Materialized => Some((object, view)),
        _ => None,
    }
}

fn is_invoker(view: &View) -> bool {
    let is_on = |value: &str| !matches!(value.trim_matches('\'').to_ascii_lowercase().as_str(), "false" | "off" | "no" | "0");
    view.parameters.iter().any(|(name, value)| &**name == "security_invoker" && is_on(value))
}

/// The relations that a view's query reads, with the columns.
fn below(schema: &Schema, view: &View) -> BTreeMap<ObjectId, Need> {
    let mut needs: BTreeMap<ObjectId, Need> = BTreeMap::new();
    for need in view.query.needs() {
        if !matches!(schema.get(need.object).map(|object| &object.body), Some(ObjectBody::Table(_) | ObjectBody::View(_))) {
            continue;
        }
        let columns = needs.entry(need.object).or_default().privileges.entry("SELECT").or_insert_with(BTreeSet::new);
        if let Part::Column(number) = need.part {
            columns.insert(number);
        }
    }
    needs
}

/// What goes through it fails, and with it who uses that; its owner may be a superuser, which nothing here tells.
fn through(difference: Difference, schema: &Schema, view: ObjectId) -> Difference {
    let message = format!("{} may no longer run: {}", label(schema, Address::whole(view)), difference.message);
    Difference { kind: EffectKind::MayFail, evidence: Evidence { message: message.clone(), span: None, ..difference.evidence }, message, ..difference }
}

fn refused(rights: Rights<'_>, role: &Name, privilege: &str, need: &Need) -> Difference {
    let (schema, object) = rights.after;
    let kind = match schema.get(object).map(|object| &object.body) {
        Some(ObjectBody::View(view)) if view.kind == ViewKind::Materialized => "materialized view",
        Some(ObjectBody::View(_)) => "view",
        Some(ObjectBody::Function(_)) => "function",
        Some(ObjectBody::Schema) => "schema",
        Some(ObjectBody::Sequence(_)) => "sequence",
        _ => "table",
    };
    let name = schema.get(object).map_or_else(String::new, |object| object.name.to_string());
    let message = format!("permission denied for {kind} {name}");
    // A value that is given takes no number of the sequence.
    let certain = kind != "sequence";
    let told = format!("{message}: the role {role} no longer has {privilege}");
    let evidence = Evidence { sqlstate: Some("42501"), message: told, span: need.span, ..Evidence::default() };
    let kind = if certain { EffectKind::Breaks } else { EffectKind::MayFail };
    Difference { kind, cause: Cause::Permission, message, about: vec![rights.address()], evidence }
}

fn may_be_refused(rights: Rights<'_>, message: String, need: &Need) -> Difference {
    let evidence = Evidence { message: message.clone(), span: need.span, ..Evidence::default() };
    Difference { kind: EffectKind::MayFail, cause: Cause::Permission, message, about: vec![rights.address()], evidence }
}
