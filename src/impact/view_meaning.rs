//! Whether a thing that is found under the same name is still the same thing.
//!
//! A table is itself by identity. A view is what its query says: two definitions are the same when they say the same of the columns that somebody
//! takes, once what nobody takes is cut away ([`super::cut`]), name the same objects by identity, or, where an object was dropped and made again,
//! by name, and when those are the same in turn. A view that gives every row of a table and passes its columns on unchanged stands for that table
//! (a shim after a rename changes nothing for its readers); one that leaves rows out or computes a column does not.

use std::collections::BTreeSet;

use super::cut::{NamesUsed, cut, is_transparent, names_used};
use super::own_casts::casts_are_own;
use super::path::label;
use crate::name::Name;
use crate::schema::{Address, Column, Definition, ObjectBody, ObjectId, Part, Piece, Schema, View};
use crate::sql::tree::Query;
use crate::sql::{is_printed_as, print, read_query};
use crate::text::Sources;

/// How the thing found now compares with the thing found before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The same.
    Same,
    /// A table in the place of a table, or the like: rows decide.
    Replaced(String),
    /// A view with another query, a function with another body.
    Redefined(String),
    /// Something else.
    Another,
}

/// Compares what a name meant with what it means. `used` are the columns that matter, by their names before.
pub(super) fn compare_meaning(before: &Schema, meant: Address, after: &Schema, means: Address, used: &BTreeSet<Name>) -> Meaning {
    let mut comparison = Comparison { before, after, open: BTreeSet::new() };
    match (meant.part, means.part) {
        (Part::Column(_), Part::Column(_)) => comparison.columns(meant, means, used),
        _ => comparison.objects(meant.object, means.object, used),
    }
}

/// The columns below a view that decide what comes out of it, and its rows, when only these of its columns are taken; `None` when it cannot be told.
pub(super) fn needed_columns(schema: &Schema, view: &View, used: &BTreeSet<Name>) -> Option<BTreeSet<Address>> {
    let names = cut_view(schema, view, &view.query.print(schema), used)?.names;
    let is_left = |need: &&Address| match need.part {
        Part::Column(number) => schema.column(need.object, number).is_none_or(|column| names.has_column(&column.name, schema.dialect)),
        Part::Whole | Part::Default(_) => true,
    };
    Some(view.query.needs().iter().filter(is_left).copied().collect())
}

/// A view's query, cut down.
struct CutView {
    text: String,
    names: NamesUsed,
}

fn cut_view(schema: &Schema, view: &View, text: &str, used: &BTreeSet<Name>) -> Option<CutView> {
    let mut query = read(schema, text)?;
    let wanted: BTreeSet<usize> = view.columns.iter().enumerate().filter(|(_, column)| used.contains(&column.name)).map(|(place, _)| place).collect();
    cut(&mut query, Some(&wanted), schema.dialect);
    sort_items(&mut query, &view.columns, &wanted);
    Some(CutView { names: names_used(&query, schema.dialect)?, text: print::query(&query, schema.dialect).ok()? })
}

fn read(schema: &Schema, text: &str) -> Option<Query> {
    let mut sources = Sources::default();
    let id = sources.add("<view>", text);
    read_query(&sources, id, schema.dialect).ok()
}

struct Comparison<'a> {
    before: &'a Schema,
    after: &'a Schema,
    open: BTreeSet<(ObjectId, ObjectId, BTreeSet<Name>)>,
}

impl Comparison<'_> {
    fn columns(&mut self, meant: Address, means: Address, used: &BTreeSet<Name>) -> Meaning {
        if meant.object == means.object {
            return if self.before.table(meant.object).is_some() { Meaning::Another } else { self.objects(meant.object, means.object, used) };
        }
        if let Some(from) = origin(self.before, meant)
            && origin(self.after, means) == Some(from)
        {
            return Meaning::Same;
        }
        self.objects(meant.object, means.object, used)
    }

    fn objects(&mut self, meant: ObjectId, means: ObjectId, used: &BTreeSet<Name>) -> Meaning {
        if !self.open.insert((meant, means, used.clone())) {
            return Meaning::Same;
        }
        let (Some(old), Some(new)) = (self.before.get(meant), self.after.get(means)) else { return Meaning::Another };
        let same_name = self.before.qualified_name(meant) == self.after.qualified_name(means);
        match (&old.body, &new.body) {
            (ObjectBody::View(was), ObjectBody::View(is)) => match self.stands_for(means, meant, used) {
                Standing::Same => Meaning::Same,
                _ if meant == means || same_name => self.views(meant, was, is, used),
                standing => self.in_the_place(standing, meant, means),
            },
            _ if meant == means => Meaning::Same,
            (ObjectBody::Table(_), ObjectBody::View(_)) => {
                let standing = self.stands_for(means, meant, used);
                self.in_the_place(standing, meant, means)
            }
            (ObjectBody::Table(_), ObjectBody::Table(_)) if same_name => {
                Meaning::Replaced(format!("{} is a new table of the same name", label(self.after, Address::whole(means))))
            }
            (ObjectBody::Function(was), ObjectBody::Function(is)) if same_name => {
                let same = was.body == is.body && was.language == is.language && was.returns == is.returns && was.parameters == is.parameters;
                let same = same && was.bound_body.is_none() && is.bound_body.is_none();
                if same { Meaning::Same } else { Meaning::Redefined(format!("the function {} is another now", label(self.before, Address::whole(meant)))) }
            }
            _ => Meaning::Another,
        }
    }

    fn in_the_place(&self, standing: Standing, meant: ObjectId, means: ObjectId) -> Meaning {
        let (was, is) = (label(self.before, Address::whole(meant)), label(self.after, Address::whole(means)));
        match standing {
            Standing::Same => Meaning::Same,
            Standing::OtherRows => Meaning::Redefined(format!("{was} is the view {is} now, which may give other rows")),
            Standing::OtherColumn(name) => Meaning::Redefined(format!("{was} is the view {is} now, which computes {name}")),
            Standing::No => Meaning::Another,
        }
    }

    /// Whether a view stands for what was found before it.
    fn stands_for(&self, view: ObjectId, wanted: ObjectId, used: &BTreeSet<Name>) -> Standing {
        let mut at = view;
        let mut rows = true;
        let mut seen = BTreeSet::new();
        while at != wanted {
            let Some(body) = self.after.view(at).filter(|body| body.unresolved.is_none()) else { return Standing::No };
            if !seen.insert(at) {
                return Standing::No;
            }
            rows &= read(self.after, &body.query.print(self.after)).is_some_and(|query| is_transparent(&query, self.after.dialect));
            let below: BTreeSet<ObjectId> =
                body.query.needs().iter().map(|need| need.object).filter(|id| self.after.table(*id).is_some() || self.after.view(*id).is_some()).collect();
            match (below.contains(&wanted), below.first()) {
                (true, _) => {
                    rows &= below.len() == 1;
                    at = wanted;
                }
                (false, Some(only)) if below.len() == 1 => at = *only,
                _ => return Standing::No,
            }
        }
        if view == wanted {
            return Standing::No;
        }
        if !rows {
            return Standing::OtherRows;
        }
        let computed = used.iter().find(|name| {
            let was = column_named(self.before, wanted, name).map(|column| Address::column(wanted, column.number));
            let is = column_named(self.after, view, name).and_then(|column| passed_from(self.after, Address::column(view, column.number), wanted));
            was.is_some() && is != was
        });
        computed.map_or(Standing::Same, |name| Standing::OtherColumn(name.clone()))
    }

    fn views(&mut self, id: ObjectId, was: &View, is: &View, used: &BTreeSet<Name>) -> Meaning {
        let changed = || Meaning::Redefined(format!("the query of {} changed", label(self.before, Address::whole(id))));
        if was.unresolved.is_some() || is.unresolved.is_some() {
            return if was.query == is.query { Meaning::Same } else { changed() };
        }
        let (old, new) = (spelled(&was.query, self.before, None), spelled(&is.query, self.after, Some(self.before)));
        let cuts = cut_view(self.before, was, &old, used).zip(cut_view(self.after, is, &new, used));
        let names = match cuts {
            Some((one, other)) => {
                let dialect = self.before.dialect;
                // The server's spelling before and a person's after; not the other way round, where a cast that is new would be passed over.
                let same = one.text == other.text || (is_printed_as(&other.text, &one.text, dialect) && casts_are_own((self.before, was), (self.after, is)));
                if !same {
                    return changed();
                }
                Some(one.names)
            }
            None if old == new => None,
            None => return changed(),
        };
        self.below(id, was, is, names.as_ref())
    }

    /// What two definitions that say the same rest on, compared in turn.
    fn below(&mut self, id: ObjectId, was: &View, is: &View, names: Option<&NamesUsed>) -> Meaning {
        let dialect = self.before.dialect;
        let objects = |view: &View| -> BTreeSet<ObjectId> { view.query.needs().iter().map(|need| need.object).collect() };
        let now = objects(is);
        for old in objects(was) {
            let Some(object) = self.before.get(old) else { continue };
            let is_relation = self.before.table(old).is_some() || self.before.view(old).is_some();
            if !is_relation && !matches!(object.body, ObjectBody::Function(_))
                || is_relation && names.is_some_and(|names| !names.has_relation(&object.name, dialect))
            {
                continue;
            }
            let name = self.before.qualified_name(old);
            let twin = if now.contains(&old) { Some(old) } else { now.iter().copied().find(|new| self.after.qualified_name(*new) == name) };
            let Some(new) = twin else {
                return Meaning::Redefined(format!("the query of {} changed", label(self.before, Address::whole(id))));
            };
            let columns = self.before.columns(old).iter().map(|column| &column.name);
            let used: BTreeSet<Name> = columns.filter(|name| names.is_none_or(|names| names.has_column(name, dialect))).cloned().collect();
            match self.objects(old, new, &used) {
                Meaning::Same => {}
                meaning => return meaning,
            }
        }
        Meaning::Same
    }
}

/// How a view stands to what it is found in the place of.
enum Standing {
    /// It gives the same rows and columns.
    Same,
    /// It may leave rows out, or give them more than once.
    OtherRows,
    /// A column that is taken is computed.
    OtherColumn(Name),
    /// It does not read it.
    No,
}

/// The items in the order of the names that the view gives them: in which order a view has its columns is no part of what each of them means.
fn sort_items(query: &mut Query, columns: &[Column], wanted: &BTreeSet<usize>) {
    use crate::sql::tree::{ExprKind, Literal, QueryBody};
    let by_place = query.order_by.iter().any(|key| matches!(&*key.expr.kind, ExprKind::Literal(Literal::Number(_))));
    let QueryBody::Select(select) = &mut query.body else { return };
    let places: Vec<usize> = wanted.iter().copied().collect();
    let grouped = !matches!(select.group_by, crate::sql::tree::GroupBy::None);
    if by_place || grouped || select.items.len() != places.len() {
        return;
    }
    let mut named: Vec<_> = places.into_iter().map(|place| columns.get(place).map(|column| column.name.clone())).zip(select.items.drain(..)).collect();
    named.sort_by(|one, other| one.0.cmp(&other.0));
    select.items.extend(named.into_iter().map(|(_, item)| item));
}

/// A definition with bare columns (`clients.id` and `id` mean the same, both are columns by identity), in the names that `first` knows where it knows them.
fn spelled(definition: &Definition, own: &Schema, first: Option<&Schema>) -> String {
    let mut text = String::new();
    for piece in bare(definition).pieces() {
        let schema = first.filter(|first| knows(first, piece)).unwrap_or(own);
        text.push_str(&Definition::new(vec![piece.clone()]).print(schema));
    }
    text
}

fn knows(schema: &Schema, piece: &Piece) -> bool {
    match piece {
        Piece::Text(_) => false,
        Piece::Column { relation, column, .. } => schema.column(*relation, *column).is_some(),
        Piece::Relation { relation: object }
        | Piece::Qualifier { relation: object }
        | Piece::RelationLiteral { relation: object }
        | Piece::Function { function: object }
        | Piece::Type { object }
        | Piece::EnumLabel { object, .. }
        | Piece::Object { object } => schema.get(*object).is_some(),
    }
}

/// The same definition with columns by their bare names.
fn bare(definition: &Definition) -> Definition {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut after_qualifier = false;
    for piece in definition.pieces() {
        match piece {
            Piece::Qualifier { .. } => {
                after_qualifier = true;
                continue;
            }
            Piece::Text(text) if after_qualifier => {
                let rest = text.strip_prefix('.').unwrap_or(text);
                if !rest.is_empty() {
                    pieces.push(Piece::Text(rest.into()));
                }
            }
            other => pieces.push(other.clone()),
        }
        after_qualifier = false;
    }
    Definition::new(pieces)
}

fn column_named<'s>(schema: &'s Schema, relation: ObjectId, name: &Name) -> Option<&'s Column> {
    schema.columns(relation).iter().find(|column| column.name == *name)
}

/// The table column behind an address: itself, or what a view passes on unchanged.
fn origin(schema: &Schema, address: Address) -> Option<Address> {
    match schema.view(address.object) {
        None => Some(address),
        Some(_) => origin(schema, passes(schema, address)?),
    }
}

/// The column of a relation that a view, or views over views, passes on unchanged.
fn passed_from(schema: &Schema, address: Address, relation: ObjectId) -> Option<Address> {
    if address.object == relation { Some(address) } else { passed_from(schema, passes(schema, address)?, relation) }
}

fn passes(schema: &Schema, address: Address) -> Option<Address> {
    let Part::Column(number) = address.part else { return None };
    let view = schema.view(address.object)?;
    let position = view.columns.iter().position(|column| column.number == number)?;
    view.origins.get(position)?.passes
}
