//! Two understandings of one subject compared: what the server would now refuse, what comes out differently, what means something else.

use std::collections::{BTreeMap, BTreeSet};

use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::path::label;
use super::permission::lost_permissions;
use super::refusal::cause_of;
use super::view_meaning::{Meaning, compare_meaning};
use crate::lineage::{BindError, Binding, DerivedColumn, Output, Role};
use crate::name::Name;
use crate::schema::{Address, DataType, ObjectBody, Part, Schema, TypeIdentity, format_type};
use crate::text::Span;

/// Everything that differs to the subject's disadvantage. What fails is said alone: what would come out if it did not fail helps nobody.
pub(super) fn compare(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let refused = refusals(before, after);
    if refused.iter().any(|difference| difference.kind == EffectKind::Breaks) {
        return refused.into_iter().filter(|difference| difference.kind == EffectKind::Breaks).collect();
    }
    let mut found = refused;
    let pairs = before.understanding.bindings.iter().zip(&after.understanding.bindings);
    // What the server refused before gives nobody an output that could be another one now.
    for (old, new) in pairs.filter(|(old, _)| !is_refused(old)) {
        found.extend(captures(before, after, old, new));
        found.extend(joins(after, old, new));
        found.extend(rows(before, old, new));
        found.extend(unlike_rows(old, new));
        found.extend(outputs(before.schema, after.schema, old, new));
    }
    found.extend(positions(before, after));
    found.extend(declared_types(before, after));
    if !before.understanding.bindings.iter().any(is_refused) {
        found.extend(meanings(before, after));
    }
    found.extend(declared_meanings(before, after));
    found
}

/// A function or type that is not in the schema may be there all the same where the query runs: what comes out beside it is still compared.
fn is_refused(binding: &Binding) -> bool {
    binding.errors.iter().any(|error| error.unknown.is_none() && !matches!(error.sqlstate, "42883" | "42704"))
}

/// What the server refuses now and did not before, and what cannot be judged now and could before.
fn refusals(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (old, new) in before.understanding.bindings.iter().zip(&after.understanding.bindings) {
        // A subject that did not work before is not blamed for that, but what is refused on top of it is: it may run where more is known than here.
        let known = |error: &BindError| old.errors.iter().any(|other| other.sqlstate == error.sqlstate && other.span == error.span);
        if let Some(error) = new.errors.iter().find(|error| !known(error)) {
            let evidence = Evidence { sqlstate: Some(error.sqlstate), message: error.message.clone(), span: Some(error.span), ..Evidence::default() };
            let about = meant_at(old, error.span);
            found.push(match &error.unknown {
                None => Difference { kind: EffectKind::Breaks, cause: cause_of(error.sqlstate), message: error.message.clone(), about, evidence },
                Some(reason) => unknown(reason.to_string(), about, evidence),
            });
        }
        for unresolved in new.unresolved.iter().filter(|unresolved| !old.unresolved.contains(unresolved)) {
            let evidence = Evidence { message: unresolved.reference.clone(), span: Some(unresolved.span), ..Evidence::default() };
            found.push(unknown(unresolved.reason.clone(), meant_at(old, unresolved.span), evidence));
        }
    }
    found.extend(missing_declarations(before, after));
    found.extend(lost_permissions(before, after));
    found
}

fn unknown(reason: String, about: Vec<Address>, evidence: Evidence) -> Difference {
    Difference { kind: EffectKind::Unknown, cause: Cause::NotUnderstood, message: reason, about, evidence }
}

/// What the text at a place meant.
pub(super) fn meant_at(binding: &Binding, span: crate::text::Span) -> Vec<Address> {
    let at = binding.references.iter().filter(|(own, _)| span.contains(*own) || own.contains(span)).map(|(_, address)| *address);
    at.collect::<BTreeSet<_>>().into_iter().collect()
}

fn missing_declarations(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let pairs = before.understanding.declared.uses.iter().zip(&after.understanding.declared.uses);
    for (old, new) in pairs.filter(|(old, new)| old.found.is_some() && new.found.is_none()) {
        let about = old.found.as_ref().map(|(address, _)| *address).into_iter().collect();
        let (sqlstate, cause, message) = match new.relation {
            Some(_) => ("42703", Cause::ColumnMissing, format!("the declared column {} is gone", new.declared.label())),
            None => ("42P01", Cause::RelationMissing, format!("the relation of the declared column {} is gone", new.declared.label())),
        };
        let evidence = Evidence { sqlstate: Some(sqlstate), message: message.clone(), span: Some(new.declared.span), ..Evidence::default() };
        found.push(match &new.unknown {
            Some(reason) => unknown(reason.clone(), about, evidence),
            None => Difference { kind: EffectKind::Breaks, cause, message, about, evidence },
        });
    }
    let positions = before.understanding.declared.positions.iter().zip(&after.understanding.declared.positions);
    for (old, new) in positions.filter(|(old, new)| old.relation.is_some() && new.relation.is_none()) {
        let message = format!("{}, which is read by position, is gone", new.label);
        let evidence = Evidence { sqlstate: Some("42P01"), message: message.clone(), span: Some(new.span), ..Evidence::default() };
        let about = old.relation.map(Address::whole).into_iter().collect();
        found.push(Difference { kind: EffectKind::Breaks, cause: Cause::RelationMissing, message, about, evidence });
    }
    found
}

/// What one place in the text means: columns of the schema, columns of what the query itself defines, and functions of a row (`t.f`).
#[derive(Default)]
struct Meant<'b> {
    columns: BTreeSet<Address>,
    derived: BTreeSet<&'b DerivedColumn>,
    functions: BTreeSet<Address>,
}

fn meanings_by_place<'b>(schema: &Schema, binding: &'b Binding) -> BTreeMap<Span, Meant<'b>> {
    let mut by_place: BTreeMap<Span, Meant<'_>> = BTreeMap::new();
    for (span, address) in &binding.references {
        if matches!(address.part, Part::Column(_)) {
            by_place.entry(*span).or_default().columns.insert(*address);
        } else if matches!(schema.get(address.object).map(|object| &object.body), Some(ObjectBody::Function(_))) {
            by_place.entry(*span).or_default().functions.insert(*address);
        }
    }
    for (span, derived) in &binding.derived {
        by_place.entry(*span).or_default().derived.insert(derived);
    }
    by_place
}

/// Names that mean another column than before. A place can mean several (the two sides of a `NATURAL` join): one that left and one that came are compared.
fn captures(before: Side<'_>, after: Side<'_>, old: &Binding, new: &Binding) -> Vec<Difference> {
    let mut found = Vec::new();
    let (then, now) = (meanings_by_place(before.schema, old), meanings_by_place(after.schema, new));
    let nothing = Meant::default();
    let places: BTreeSet<Span> = then.keys().chain(now.iter().filter(|(_, is)| !is.functions.is_empty()).map(|(span, _)| span)).copied().collect();
    for span in places {
        let was = then.get(&span).unwrap_or(&nothing);
        let Some(is) = now.get(&span).or((!was.functions.is_empty()).then_some(&nothing)) else { continue };
        let gone = was.columns.difference(&is.columns).next();
        let come = is.columns.difference(&was.columns).next();
        let gone_derived = was.derived.iter().find(|own| !is.derived.iter().any(|other| other.relation == own.relation));
        let come_derived = is.derived.iter().find(|own| !was.derived.iter().any(|other| other.relation == own.relation));
        match (gone, gone_derived, come, come_derived) {
            (Some(meant), _, Some(means), _) => {
                let columns = column_name(before.schema, *meant);
                if matches!(compare_meaning(before.schema, *meant, after.schema, *means, &columns), Meaning::Another) {
                    let (was, is) = (label(before.schema, *meant), label(after.schema, *means));
                    let message = if was == is { format!("{was} is another column of that name now") } else { format!("{was} now means {is}") };
                    found.push(captured(before.schema, message, *meant, span));
                }
            }
            (Some(meant), _, None, Some(derived)) => {
                let message = format!("{} now means the column {} of a subquery", label(before.schema, *meant), derived.name);
                found.push(captured(before.schema, message, *meant, span));
            }
            (None, Some(derived), Some(means), _) => {
                let message = format!("{} of a subquery now means {}", derived.name, label(after.schema, *means));
                found.push(captured(after.schema, message, *means, span));
            }
            (None, Some(derived), None, Some(_)) => {
                let message = format!("{} now means a column of another subquery", derived.name);
                let evidence = Evidence { message: message.clone(), span: Some(span), ..Evidence::default() };
                found.push(Difference { kind: EffectKind::ChangesSilently, cause: Cause::Captured, message, about: Vec::new(), evidence });
            }
            _ => {}
        }
        let only_functions = was.columns.is_empty() && was.derived.is_empty();
        let function_gone = was.functions.iter().find(|function| !is.functions.contains(function));
        let function_come = is.functions.iter().find(|function| !was.functions.contains(function));
        match (function_gone, come, gone, function_come) {
            (Some(function), Some(means), ..) => {
                let message = format!("the function {} gives way to the column {}", label(before.schema, *function), label(after.schema, *means));
                found.push(captured(after.schema, message, *means, span));
            }
            (None, None, Some(meant), Some(function)) => {
                let message = format!("{} now means the function {}", label(before.schema, *meant), label(after.schema, *function));
                found.push(captured(before.schema, message, *meant, span));
            }
            (Some(was), None, None, None) if only_functions && is.columns.is_empty() && is.derived.is_empty() => {
                let message = format!("a call of {} means a built-in function now", label(before.schema, *was));
                found.push(captured(before.schema, message, *was, span));
            }
            (None, None, None, Some(is)) if only_functions => {
                let message = format!("a call of a built-in function means {} now", label(after.schema, *is));
                found.push(captured(after.schema, message, *is, span));
            }
            _ => {}
        }
    }
    found
}

/// Rows used as one value that have other fields now.
fn rows(before: Side<'_>, old: &Binding, new: &Binding) -> Vec<Difference> {
    let now: BTreeMap<Span, &Vec<Name>> = new.rows.iter().map(|(span, fields)| (*span, fields)).collect();
    let mut found = Vec::new();
    for (span, fields) in &old.rows {
        let Some(is) = now.get(span).filter(|is| **is != fields) else { continue };
        let words = |names: &[Name]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let (was, is) = (words(fields), words(is));
        let message = format!("a row used as a value has other fields: {}", shape_message(&was, &is));
        let about: Vec<Address> = old.reads.iter().filter(|read| read.span == *span).map(|read| Address::whole(read.address.object)).collect();
        let about: BTreeSet<Address> = about.into_iter().filter(|address| before.schema.get(address.object).is_some()).collect();
        let evidence =
            Evidence { message: message.clone(), span: Some(*span), before: Some(was.join(", ")), after: Some(is.join(", ")), ..Evidence::default() };
        let about = about.into_iter().collect();
        found.push(Difference { kind: EffectKind::ChangesSilently, cause: Cause::OutputShape, message, about, evidence });
    }
    found
}

/// Whole rows that are compared and have fields of other types now: that is found out when there are rows.
fn unlike_rows(old: &Binding, new: &Binding) -> Vec<Difference> {
    let places = new.unlike_rows.iter().filter(|place| !old.unlike_rows.contains(place));
    let one = |place: &Span| {
        let message = String::from("rows that are compared with each other have fields of other types now, which fails as soon as there are such rows");
        let about: BTreeSet<Address> = old.reads.iter().filter(|read| place.contains(read.span)).map(|read| Address::whole(read.address.object)).collect();
        let evidence = Evidence { sqlstate: Some("42804"), message: message.clone(), span: Some(*place), ..Evidence::default() };
        Difference { kind: EffectKind::MayFail, cause: Cause::OutputType, message, about: about.into_iter().collect(), evidence }
    };
    places.map(one).collect()
}

fn captured(schema: &Schema, message: String, about: Address, span: crate::text::Span) -> Difference {
    let evidence = Evidence { message: message.clone(), span: Some(span), before: Some(label(schema, about)), ..Evidence::default() };
    Difference { kind: EffectKind::ChangesSilently, cause: Cause::Captured, message, about: vec![about], evidence }
}

/// A join without conditions of its own (`NATURAL`) that takes more columns in, or fewer.
fn joins(after: Side<'_>, old: &Binding, new: &Binding) -> Vec<Difference> {
    let joined = |binding: &Binding| -> BTreeSet<(crate::text::Span, Address)> {
        binding.reads.iter().filter(|read| read.role == Role::Join).map(|read| (read.span, read.address)).collect()
    };
    let (was, is) = (joined(old), joined(new));
    let places: BTreeSet<_> = was.iter().map(|(span, _)| *span).collect();
    let count = |set: &BTreeSet<(crate::text::Span, Address)>, place| set.iter().filter(|(span, _)| *span == place).count();
    let grown = places.into_iter().find(|place| count(&was, *place) != count(&is, *place));
    let Some(place) = grown else { return Vec::new() };
    let about: Vec<Address> = is.iter().filter(|(span, address)| *span == place && !was.contains(&(place, *address))).map(|(_, address)| *address).collect();
    let names = about.iter().map(|address| label(after.schema, *address)).collect::<Vec<_>>().join(", ");
    let message = if names.is_empty() { String::from("a join now compares fewer columns") } else { format!("a join now also compares {names}") };
    let evidence = Evidence { message: message.clone(), span: Some(place), ..Evidence::default() };
    vec![Difference { kind: EffectKind::ChangesSilently, cause: Cause::Rows, message, about, evidence }]
}

/// Columns that come out: which, in which order, of which type, with NULL or without.
fn outputs(before: &Schema, after: &Schema, old: &Binding, new: &Binding) -> Vec<Difference> {
    let names = |outputs: &[Output]| outputs.iter().map(|output| output.name.to_string()).collect::<Vec<_>>();
    let (was, is) = (names(&old.outputs), names(&new.outputs));
    let sources = || old.outputs.iter().flat_map(|output| &output.direct_sources).map(|address| Address::whole(address.object)).collect::<BTreeSet<_>>();
    if was != is {
        let message = shape_message(&was, &is);
        let about = sources().into_iter().collect();
        let evidence = Evidence { message: message.clone(), before: Some(was.join(", ")), after: Some(is.join(", ")), ..Evidence::default() };
        return vec![Difference { kind: EffectKind::ChangesSilently, cause: Cause::OutputShape, message, about, evidence }];
    }
    let mut found = Vec::new();
    for (old, new) in old.outputs.iter().zip(&new.outputs) {
        let type_text = |schema: &Schema, data_type: &Option<DataType>| data_type.as_ref().map(|data_type| format_type(schema, data_type));
        let (was, is) = (type_text(before, &old.data_type), type_text(after, &new.data_type));
        if was != is && (was.is_some() || old.data_type.is_none() != new.data_type.is_none()) {
            let (was, is) = (was.unwrap_or_else(|| String::from("unknown")), is.unwrap_or_else(|| String::from("unknown")));
            let message = format!("the type of {} changes from {was} to {is}", old.name);
            let evidence = Evidence { message: message.clone(), before: Some(was), after: Some(is), ..Evidence::default() };
            found.push(Difference { kind: EffectKind::ChangesSilently, cause: Cause::OutputType, message, about: old.direct_sources.clone(), evidence });
        } else if let (Some(was), Some(is)) = (fields_of(before, old.data_type.as_ref(), 0), fields_of(after, new.data_type.as_ref(), 0))
            && was != is
        {
            let message = format!("the rows in {} have other fields: {}", old.name, shape_message(&was, &is));
            let evidence = Evidence { message: message.clone(), before: Some(was.join(", ")), after: Some(is.join(", ")), ..Evidence::default() };
            found.push(Difference { kind: EffectKind::ChangesSilently, cause: Cause::OutputShape, message, about: old.direct_sources.clone(), evidence });
        }
        if !old.nullable && new.nullable {
            let message = format!("{} can be NULL, which it could not be before", old.name);
            let evidence = Evidence { message: message.clone(), ..Evidence::default() };
            found.push(Difference { kind: EffectKind::MayFail, cause: Cause::OutputNullability, message, about: old.direct_sources.clone(), evidence });
        }
    }
    found
}

/// The fields of a row value with their types, rows in rows opened too; `None` for what is no row of the schema.
fn fields_of(schema: &Schema, data_type: Option<&DataType>, depth: u8) -> Option<Vec<String>> {
    const DEEPEST: u8 = 8;
    let TypeIdentity::Object(id) = data_type?.identity else { return None };
    let columns = schema.columns(id);
    if columns.is_empty() || depth >= DEEPEST {
        return None;
    }
    let field = |column: &crate::schema::Column| {
        let inner = fields_of(schema, Some(&column.data_type), depth + 1).map_or_else(String::new, |inner| format!(" ({})", inner.join(", ")));
        format!("{} {}{inner}", column.name, format_type(schema, &column.data_type))
    };
    Some(columns.iter().map(field).collect())
}

fn shape_message(was: &[String], is: &[String]) -> String {
    let gone: Vec<&str> = was.iter().filter(|name| !is.contains(name)).map(String::as_str).collect();
    let new: Vec<&str> = is.iter().filter(|name| !was.contains(name)).map(String::as_str).collect();
    match (gone.is_empty(), new.is_empty()) {
        (true, true) => String::from("its columns come out in another order"),
        (true, false) => format!("it gives more columns: {}", new.join(", ")),
        (false, true) => format!("it no longer gives {}", gone.join(", ")),
        (false, false) => format!("it no longer gives {}, and gives {} instead", gone.join(", "), new.join(", ")),
    }
}

/// Columns that are read by their place.
fn positions(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (old, new) in before.understanding.declared.positions.iter().zip(&after.understanding.declared.positions) {
        if old.relation.is_none() || new.relation.is_none() {
            continue;
        }
        let moved = old.columns.iter().zip(&new.columns).position(|((_, was), (_, is))| was.name != is.name);
        let place = moved.or_else(|| (old.columns.len() != new.columns.len()).then(|| old.columns.len().min(new.columns.len())));
        let Some(place) = place else { continue };
        let name =
            |columns: &[(Address, crate::schema::Column)]| columns.get(place).map_or_else(|| String::from("nothing"), |(_, column)| column.name.to_string());
        let (was, is) = (name(&old.columns), name(&new.columns));
        let message = format!("column {} of {} is {is} instead of {was}, and it is read by position", place + 1, old.label);
        let evidence = Evidence { message: message.clone(), span: Some(new.span), before: Some(was), after: Some(is), ..Evidence::default() };
        let about = old.columns.get(place).map(|(address, _)| *address).or_else(|| old.relation.map(Address::whole)).into_iter().collect();
        found.push(Difference { kind: EffectKind::ChangesSilently, cause: Cause::Position, message, about, evidence });
    }
    found
}

/// Declared columns that have another type now.
fn declared_types(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let pairs = before.understanding.declared.uses.iter().zip(&after.understanding.declared.uses);
    let read = pairs.filter(|(old, _)| old.role != Role::Write);
    read.filter_map(|(old, new)| {
        let ((address, was), (_, is)) = (old.found.as_ref()?, new.found.as_ref()?);
        let (was, is) = (format_type(before.schema, &was.data_type), format_type(after.schema, &is.data_type));
        if was == is {
            return None;
        }
        let message = format!("the type of {} changes from {was} to {is}", old.declared.label());
        let evidence = Evidence { message: message.clone(), span: Some(new.declared.span), before: Some(was), after: Some(is), ..Evidence::default() };
        Some(Difference { kind: EffectKind::ChangesSilently, cause: Cause::OutputType, message, about: vec![*address], evidence })
    })
    .collect()
}

/// Views and tables that are still found by the same name and are something else now.
fn meanings(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let own = before.understanding.bindings.iter().zip(&after.understanding.bindings);
    // The same in the bodies that run with it, where the body is still the one that it was.
    let bodies = before.understanding.bodies.iter().filter_map(|(key, body)| Some((body, after.understanding.bodies.get(key)?)));
    let same = bodies.filter(|(old, new)| old.parts.len() == new.parts.len());
    let parts = same.flat_map(|(old, new)| old.parts.iter().zip(&new.parts)).map(|(old, new)| (&old.binding, &new.binding));
    for (place, (old, new)) in own.chain(parts).enumerate() {
        let in_a_body = place >= before.understanding.bindings.len();
        let mut seen = BTreeSet::new();
        let now: BTreeMap<Span, &Address> =
            new.references.iter().rev().filter(|(_, address)| address.part == Part::Whole).map(|(span, address)| (*span, address)).collect();
        for (span, meant) in old.references.iter().filter(|(_, address)| address.part == Part::Whole) {
            let Some(means) = now.get(span) else { continue };
            if !seen.insert((*meant, **means)) {
                continue;
            }
            let meaning = compare_meaning(before.schema, *meant, after.schema, **means, &used_columns(before.schema, old, *meant));
            let place = (!in_a_body).then_some(*span);
            found.extend(meant_otherwise((before.schema, *meant), (after.schema, **means), meaning, place));
        }
    }
    found
}

/// The same for what is declared: the relations, with the columns that are declared of them; all of them where they are read by position.
fn declared_meanings(before: Side<'_>, after: Side<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut taken: BTreeMap<(Address, Address), (BTreeSet<Name>, Span)> = BTreeMap::new();
    let uses = before.understanding.declared.uses.iter().zip(&after.understanding.declared.uses);
    for (old, new) in uses.filter(|(old, _)| old.role != Role::Write) {
        let (Some((was, column)), Some((is, _))) = (&old.found, &new.found) else { continue };
        if was.object == is.object && was != is && before.schema.table(was.object).is_some() {
            let message = format!("{} is another column of that name now", label(before.schema, *was));
            found.push(captured(before.schema, message, *was, new.declared.span));
        }
        let entry = taken.entry((Address::whole(was.object), Address::whole(is.object))).or_insert_with(|| (BTreeSet::new(), new.declared.span));
        entry.0.insert(column.name.clone());
    }
    let positions = before.understanding.declared.positions.iter().zip(&after.understanding.declared.positions);
    for (old, new) in positions {
        let (Some(was), Some(is)) = (old.relation, new.relation) else { continue };
        let entry = taken.entry((Address::whole(was), Address::whole(is))).or_insert_with(|| (BTreeSet::new(), new.span));
        entry.0.extend(old.columns.iter().map(|(_, column)| column.name.clone()));
    }
    let compared = taken.into_iter().map(|((was, is), (used, span))| (compare_meaning(before.schema, was, after.schema, is, &used), was, is, span));
    found.extend(compared.filter_map(|(meaning, was, is, span)| meant_otherwise((before.schema, was), (after.schema, is), meaning, Some(span))));
    found
}

/// What is said of a relation that is something else now.
fn meant_otherwise((before, was): (&Schema, Address), (after, is): (&Schema, Address), meaning: Meaning, span: Option<Span>) -> Option<Difference> {
    let (kind, cause, message) = match meaning {
        Meaning::Same => return None,
        Meaning::Replaced(message) => (EffectKind::MayFail, Cause::Values, message),
        Meaning::Redefined(message) => (EffectKind::ChangesSilently, Cause::Values, message),
        Meaning::Another => {
            let (old, new) = (label(before, was), label(after, is));
            let message = if old == new { format!("{old} is something else of that name now") } else { format!("{old} is {new} now") };
            (EffectKind::ChangesSilently, Cause::Captured, message)
        }
    };
    let evidence = Evidence { message: message.clone(), span, ..Evidence::default() };
    Some(Difference { kind, cause, message, about: vec![was], evidence })
}

fn column_name(schema: &Schema, address: Address) -> BTreeSet<Name> {
    let Part::Column(number) = address.part else { return BTreeSet::new() };
    schema.column(address.object, number).map(|column| column.name.clone()).into_iter().collect()
}

/// The columns of a relation that a query reads, by name.
fn used_columns(schema: &Schema, binding: &Binding, relation: Address) -> BTreeSet<Name> {
    binding.reads.iter().filter(|read| read.address.object == relation.object).flat_map(|read| column_name(schema, read.address)).collect()
}
