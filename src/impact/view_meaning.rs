//! Whether a thing that is found under the same name is still the same thing.
//!
//! A table is itself by identity. A view is what its query says: two definitions are the same when they name the same objects by
//! identity, or, where an object was dropped and made again, by name, and when those are the same in turn. A view that passes a
//! table's column on unchanged stands for that column (a shim after a rename changes nothing for its readers).

use std::collections::BTreeSet;

use super::path::label;
use crate::name::Name;
use crate::schema::{Address, Definition, ObjectBody, ObjectId, Part, Piece, Schema, View};
use crate::sql::tree::{Distinct, ExprKind, QueryBody, SelectItem};
use crate::sql::{print, read_query};
use crate::text::Sources;

/// How the thing found now compares with the thing found before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The same.
    Same,
    /// A table in the place of a table, or the like: rows decide.
    Replaced(String),
    /// A view with another query.
    Redefined(String),
    /// Something else.
    Another,
}

/// Compares what a name meant with what it means. `used` are the columns that matter, by their names before.
pub(super) fn compare_meaning(before: &Schema, meant: Address, after: &Schema, means: Address, used: &BTreeSet<Name>) -> Meaning {
    let meaning = compare_objects(before, meant, after, means, &mut BTreeSet::new());
    match (&meaning, before.view(meant.object), after.view(means.object)) {
        (Meaning::Redefined(_), Some(was), Some(is)) if same_for(before, was, after, is, used) => Meaning::Same,
        _ => meaning,
    }
}

/// Whether two queries of a view are the same as far as these columns go: the same text once the select list is cut down to them.
fn same_for(before: &Schema, was: &View, after: &Schema, is: &View, used: &BTreeSet<Name>) -> bool {
    let cut = |schema: &Schema, view: &View| {
        let mut sources = Sources::default();
        let id = sources.add("<view>", bare(&view.query).print(schema));
        let mut query = read_query(&sources, id, schema.dialect).ok()?;
        let QueryBody::Select(select) = &mut query.body else { return None };
        if select.distinct != Distinct::No {
            return None;
        }
        select.items.retain(|item| output_name(item).is_none_or(|name| used.contains(name)));
        print::query(&query, schema.dialect).ok()
    };
    let (was, is) = (cut(before, was), cut(after, is));
    was.is_some() && was == is
}

/// The same definition with columns by their bare names: `clients.id` and `id` mean the same here, since both are columns by identity.
fn bare(definition: &Definition) -> Definition {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut after_qualifier = false;
    for piece in definition.pieces() {
        match piece {
            Piece::Qualifier { .. } => after_qualifier = true,
            Piece::Text(text) if after_qualifier => {
                let rest = text.strip_prefix('.').unwrap_or(text);
                if !rest.is_empty() {
                    pieces.push(Piece::Text(rest.into()));
                }
                after_qualifier = false;
            }
            other => {
                pieces.push(other.clone());
                after_qualifier = false;
            }
        }
    }
    Definition::new(join_texts(pieces))
}

/// Neighbouring texts as one, so that two definitions can be compared piece by piece.
fn join_texts(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), &piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => *before = format!("{before}{text}").into(),
            _ => joined.push(piece),
        }
    }
    joined
}

fn output_name(item: &SelectItem) -> Option<&Name> {
    match item {
        SelectItem::Expr { alias: Some(alias), .. } => Some(&alias.name),
        SelectItem::Expr { alias: None, expr } => match &*expr.kind {
            ExprKind::Column(parts) => parts.last().map(|part| &part.name),
            _ => None,
        },
        SelectItem::Star { .. } => None,
    }
}

/// The columns of a relation that a view reads, by name.
fn needed_of(schema: &Schema, view: &View, relation: ObjectId) -> BTreeSet<Name> {
    let columns = view.query.needs().iter().filter(|need| need.object == relation).filter_map(|need| match need.part {
        Part::Column(number) => schema.column(relation, number),
        Part::Whole | Part::Default(_) => None,
    });
    columns.map(|column| column.name.clone()).collect()
}

fn compare_objects(before: &Schema, meant: Address, after: &Schema, means: Address, open: &mut BTreeSet<(ObjectId, ObjectId)>) -> Meaning {
    if !open.insert((meant.object, means.object)) {
        return Meaning::Same;
    }
    let (Some(old), Some(new)) = (before.get(meant.object), after.get(means.object)) else { return Meaning::Another };
    let same_name = before.qualified_name(meant.object) == after.qualified_name(means.object);
    match (&old.body, &new.body) {
        (ObjectBody::View(was), ObjectBody::View(is)) if meant.object == means.object || same_name => {
            let changed = || Meaning::Redefined(format!("the query of {} changed", label(before, Address::whole(meant.object))));
            if was.unresolved.is_some() || is.unresolved.is_some() {
                return if was.query == is.query { Meaning::Same } else { changed() };
            }
            match matching_needs(before, &was.query, after, &is.query) {
                None => changed(),
                Some(pairs) => {
                    let worse = pairs.into_iter().map(|(old, new)| {
                        match (compare_objects(before, Address::whole(old), after, Address::whole(new), open), before.view(old), after.view(new)) {
                            (Meaning::Redefined(_), Some(inner), Some(now)) if same_for(before, inner, after, now, &needed_of(before, was, old)) => {
                                Meaning::Same
                            }
                            (meaning, ..) => meaning,
                        }
                    });
                    worse.into_iter().find(|meaning| *meaning != Meaning::Same).unwrap_or(Meaning::Same)
                }
            }
        }
        _ if meant.object == means.object => Meaning::Same,
        (ObjectBody::Table(_), ObjectBody::View(_)) | (ObjectBody::View(_), ObjectBody::Table(_) | ObjectBody::View(_)) => {
            if origin(before, meant).is_some_and(|origin_before| passes_on(after, means, before, origin_before)) { Meaning::Same } else { Meaning::Another }
        }
        (ObjectBody::Table(_), ObjectBody::Table(_)) if same_name => {
            Meaning::Replaced(format!("{} is a new table of the same name", label(after, Address::whole(means.object))))
        }
        _ => Meaning::Another,
    }
}

/// The pairs of views below two definitions that have to be compared in turn, when the definitions are the same otherwise; `None` when they are not.
fn matching_needs(before: &Schema, was: &Definition, after: &Schema, is: &Definition) -> Option<Vec<(ObjectId, ObjectId)>> {
    let (was, is) = (bare(was), bare(is));
    if was.pieces().len() != is.pieces().len() {
        return None;
    }
    let mut pairs = BTreeSet::new();
    for (old, new) in was.pieces().iter().zip(is.pieces()) {
        match (old, new) {
            (Piece::Text(old), Piece::Text(new)) => {
                if old != new {
                    return None;
                }
            }
            (Piece::Column { relation: r, column: c, .. }, Piece::Column { relation: s, column: d, .. }) => {
                let same = if r == s { c == d } else { name_of(before, *r, Some(*c)) == name_of(after, *s, Some(*d)) };
                if !same {
                    return None;
                }
                pairs.insert((*r, *s));
            }
            (Piece::EnumLabel { object: a, label: m }, Piece::EnumLabel { object: b, label: n }) if m == n => {
                if a != b && name_of(before, *a, None) != name_of(after, *b, None) {
                    return None;
                }
            }
            (old, new) => {
                let (a, b) = whole(old).zip(whole(new))?;
                if std::mem::discriminant(old) != std::mem::discriminant(new) || (a != b && name_of(before, a, None) != name_of(after, b, None)) {
                    return None;
                }
                pairs.insert((a, b));
            }
        }
    }
    let relations = pairs.into_iter().filter(|(old, _)| before.view(*old).is_some() || before.table(*old).is_some());
    Some(relations.collect())
}

fn whole(piece: &Piece) -> Option<ObjectId> {
    match piece {
        Piece::Text(_) | Piece::Column { .. } | Piece::EnumLabel { .. } => None,
        Piece::Relation { relation } | Piece::Qualifier { relation } | Piece::RelationLiteral { relation } => Some(*relation),
        Piece::Function { function: object } | Piece::Type { object } | Piece::Object { object } => Some(*object),
    }
}

fn name_of(schema: &Schema, object: ObjectId, column: Option<crate::schema::ColumnNumber>) -> (Option<crate::name::QualifiedName>, Option<crate::name::Name>) {
    (schema.qualified_name(object), column.and_then(|number| schema.column(object, number)).map(|column| column.name.clone()))
}

/// The table column behind an address: itself, or what a view passes on unchanged.
fn origin(schema: &Schema, address: Address) -> Option<Address> {
    let Part::Column(number) = address.part else { return Some(address) };
    match schema.view(address.object) {
        None => Some(address),
        Some(view) => {
            let position = view.columns.iter().position(|column| column.number == number)?;
            origin(schema, view.origins.get(position)?.passes?)
        }
    }
}

/// Whether the thing that is found now passes the old column on. For a whole relation: whether it reads from the old one.
fn passes_on(after: &Schema, means: Address, before: &Schema, origin_before: Address) -> bool {
    match means.part {
        Part::Column(_) => origin(after, means) == Some(origin_before),
        Part::Whole | Part::Default(_) => {
            let below = |schema: &Schema, id: ObjectId| schema.view(id).map(|view| view.query.needs().iter().map(|need| need.object).collect::<BTreeSet<_>>());
            let tables_before = below(before, origin_before.object).unwrap_or_else(|| BTreeSet::from([origin_before.object]));
            below(after, means.object).is_some_and(|below| below.is_superset(&tables_before))
        }
    }
}
