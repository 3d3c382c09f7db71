//! Changes that leave a query's text and shape alone and still change what comes out: converted values, rewritten rows, other rows.
//!
//! Bindings cannot show these; the changes of the migration do, where they touch something the subject rests on.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use super::difference::{Difference, Side};
use super::effect::{Cause, EffectKind, Evidence};
use super::needed::needed;
use super::path::label;
use crate::lineage::Role;
use crate::migrate::{Change, ChangeKind, ColumnChange, DataChange, ObjectChange, Step};
use crate::name::Name;
use crate::schema::{Address, Column, ConstraintKind, DataType, ObjectBody, ObjectId, Piece, Schema, TypeIdentity, format_type};

/// What the changes of a migration do to values and rows that the subject reads.
/// `words` are those of the subject's own SQL.
pub(super) fn value_changes(steps: &[Step], words: &BTreeSet<Name>, before: Side<'_>) -> Vec<Difference> {
    let reader = Reader { side: before, words, needed: OnceCell::new(), as_value: BTreeSet::from([Role::Value]) };
    let mut found = Vec::new();
    for step in steps {
        for change in &step.outcome.changes {
            found.extend(one_change(&step.before, change, &reader));
        }
    }
    found
}

/// The subject as a reader; what its views need is looked up only when a change asks for it.
struct Reader<'a> {
    side: Side<'a>,
    words: &'a BTreeSet<Name>,
    needed: OnceCell<BTreeSet<Address>>,
    as_value: BTreeSet<Role>,
}

impl Reader<'_> {
    /// Whether the rows of a relation decide what the subject gets, in the bodies that it runs too.
    fn rests_on(&self, relation: ObjectId) -> bool {
        self.side.understanding.objects.contains(&relation) || self.side.understanding.behind.contains(&relation)
    }

    /// Whether something that the subject runs lists the labels of an enum (manual 9.10): a new one comes out though no row has it.
    fn lists_labels(&self) -> bool {
        const LISTS: [&str; 3] = ["enum_range", "enum_first", "enum_last"];
        let objects = self.side.understanding.objects.union(&self.side.understanding.behind);
        let says = |object: &ObjectId| match self.side.schema.get(*object).map(|object| &object.body) {
            Some(ObjectBody::View(view)) => {
                view.query.pieces().iter().any(|piece| matches!(piece, Piece::Text(text) if LISTS.iter().any(|list| text.contains(list))))
            }
            Some(ObjectBody::Function(function)) => {
                let stored = function.bound_body.as_ref().map(|body| body.print(self.side.schema));
                stored.as_deref().or(function.body.as_deref()).is_some_and(|text| LISTS.iter().any(|list| text.to_lowercase().contains(list)))
            }
            _ => false,
        };
        self.words.iter().any(|word| LISTS.contains(&word.as_str())) || objects.into_iter().any(says)
    }

    /// The roles of a column that decides what the subject gets.
    fn roles(&self, address: Address) -> Option<&BTreeSet<Role>> {
        let understanding = self.side.understanding;
        let Some(roles) = understanding.deep.get(&address) else {
            let read = understanding.bodies.values().flat_map(|body| &body.parts).flat_map(|part| &part.binding.reads);
            return read.into_iter().any(|read| read.address == address && read.role != Role::Write).then_some(&self.as_value);
        };
        let decides = understanding.direct.contains_key(&address) || self.needed.get_or_init(|| needed(self.side.schema, understanding)).contains(&address);
        decides.then_some(roles)
    }
}

fn one_change(at: &Schema, change: &Change, reader: &Reader<'_>) -> Option<Difference> {
    let before = reader.side;
    let address = change.kind.address();
    let roles = reader.roles(address);
    match &change.kind {
        ChangeKind::Column(object, _, ColumnChange::Retyped { .. }) if matches!(at.get(*object).map(|object| &object.body), Some(ObjectBody::Type(_))) => {
            attributes_changed(at, *object, before)
        }
        ChangeKind::Column(_, _, ColumnChange::Retyped { before: was, after: is }) => converted(at, address, was, is, roles?),
        ChangeKind::Column(_, _, ColumnChange::CollationChanged) => {
            let ordered = [Role::Order, Role::Group, Role::Filter, Role::Join, Role::Window];
            roles?.iter().any(|role| ordered.contains(role)).then(|| {
                let message = format!("{} sorts and compares by another collation", label(at, address));
                silent(Cause::Values, message, vec![address])
            })
        }
        ChangeKind::Column(_, _, ColumnChange::NotNullDropped) => {
            let roles = roles?;
            let hidden = [Role::Filter, Role::Join, Role::Group];
            (!roles.contains(&Role::Value) && roles.iter().any(|role| hidden.contains(role))).then(|| {
                let message = format!("{} can hold NULL, which comparisons skip", label(at, address));
                let query = null_query(at, address);
                may_fail(Cause::OutputNullability, message, vec![address], query)
            })
        }
        ChangeKind::Column(object, _, ColumnChange::Added | ColumnChange::Dropped(_) | ColumnChange::Renamed { .. })
            if matches!(at.get(*object).map(|object| &object.body), Some(ObjectBody::Type(_))) =>
        {
            attributes_changed(at, *object, before)
        }
        ChangeKind::Column(..) => None,
        ChangeKind::Data(relation, data) => rows_changed(at, *relation, data, reader),
        ChangeKind::Object(object, change) => object_changed(at, *object, change, reader),
    }
}

fn converted(at: &Schema, address: Address, was: &Column, is: &Column, roles: &BTreeSet<Role>) -> Option<Difference> {
    if roles.iter().all(|role| *role == Role::Write) {
        return None;
    }
    let why = conversion_loss(&was.data_type, &is.data_type)?;
    let message = format!("values of {} change: {why}", label(at, address));
    let mut difference = silent(Cause::Values, message, vec![address]);
    difference.evidence.before = Some(format_type(at, &was.data_type));
    difference.evidence.after = Some(format_type(at, &is.data_type));
    Some(difference)
}

/// Why a value read as the new type is not the value that was there, or `None` when every value stays what it is.
/// Measured on PostgreSQL 15; where nothing is known of a pair, it is said to change.
fn conversion_loss(was: &DataType, is: &DataType) -> Option<&'static str> {
    let (TypeIdentity::Builtin(old), TypeIdentity::Builtin(new)) = (&was.identity, &is.identity) else {
        return (was != is).then_some("they are converted to another kind of type");
    };
    if was.array != is.array {
        return Some("they become a list, or stop being one");
    }
    let number = |data_type: &DataType, place: usize| data_type.modifiers.get(place).and_then(|text| text.parse::<i64>().ok());
    let text = |name: &str| matches!(name, "text" | "varchar");
    match (&**old, &**new) {
        (a, b) if a == b => match (&**old, number(was, 1), number(is, 1)) {
            ("numeric", old_scale, Some(new_scale)) if old_scale.is_none_or(|old_scale| new_scale < old_scale) => Some("they are rounded"),
            ("timestamp" | "timestamptz" | "time" | "timetz" | "interval", ..)
                if number(is, 0).is_some_and(|digits| number(was, 0).is_none_or(|old| digits < old)) =>
            {
                Some("fractions of a second are rounded")
            }
            ("bpchar", ..) if was.modifiers != is.modifiers => Some("they are padded to another length"),
            _ => None,
        },
        ("int2", "int4" | "int8" | "numeric") | ("int4", "int8" | "numeric") | ("int8", "numeric") => {
            number(is, 1).is_some_and(|scale| scale > 0).then_some("they are shown with decimals")
        }
        ("float4", "float8") => Some("they are shown with more digits"),
        (a, b) if text(a) && text(b) => None,
        ("bpchar", b) if text(b) => Some("trailing blanks go"),
        ("date", "timestamp" | "timestamptz") => Some("they get a time of day"),
        ("timestamp" | "timestamptz", "date") => Some("the time of day is cut off"),
        ("timestamp", "timestamptz") | ("timestamptz", "timestamp") => Some("they are read in a time zone, and shown in the session's"),
        ("numeric" | "float4" | "float8", "int2" | "int4" | "int8") => Some("they are rounded to whole numbers"),
        ("numeric", "float4" | "float8") => Some("they are stored inexactly"),
        (_, "text" | "varchar" | "bpchar") => Some("they become text, and sort as text"),
        _ => Some("they are converted to another type"),
    }
}

/// A composite type with other attributes: values of it are other rows.
fn attributes_changed(at: &Schema, data_type: ObjectId, before: Side<'_>) -> Option<Difference> {
    let is_read = |address: &Address| before.understanding.direct.get(address).is_some_and(|roles| roles.iter().any(|role| *role != Role::Write));
    let about: Vec<Address> = columns_of_type(at, data_type, before).into_iter().filter(is_read).collect();
    let first = about.first()?;
    Some(silent(Cause::OutputShape, format!("the rows in {} have other fields", label(at, *first)), about))
}

fn rows_changed(at: &Schema, relation: ObjectId, data: &DataChange, reader: &Reader<'_>) -> Option<Difference> {
    let read = |columns: &[crate::schema::ColumnNumber]| -> Vec<Address> {
        let addresses = columns.iter().map(|column| Address::column(relation, *column));
        addresses.filter(|address| reader.roles(*address).is_some_and(|roles| roles.iter().any(|role| *role != Role::Write))).collect()
    };
    let relation_label = || label(at, Address::whole(relation));
    match data {
        DataChange::Updated { columns, all_rows: true, .. } => {
            let about = read(columns);
            let first = about.first()?;
            Some(silent(Cause::Values, format!("every value of {} is rewritten", label(at, *first)), about))
        }
        DataChange::Deleted { all_rows: true, .. } | DataChange::Truncated if reader.rests_on(relation) => {
            Some(silent(Cause::Rows, format!("all rows of {} are deleted", relation_label()), vec![Address::whole(relation)]))
        }
        DataChange::Inserted
        | DataChange::Updated { .. }
        | DataChange::Deleted { .. }
        | DataChange::Truncated
        | DataChange::Refreshed
        | DataChange::Repositioned
        | DataChange::Converted { .. } => None,
    }
}

fn object_changed(at: &Schema, object: ObjectId, change: &ObjectChange, reader: &Reader<'_>) -> Option<Difference> {
    let before = reader.side;
    let objects = &before.understanding.objects;
    let body = at.get(object).map(|object| &object.body);
    match (body, change) {
        (Some(ObjectBody::Table(_)), ObjectChange::Redefined { what, .. }) if objects.contains(&object) && what.contains("row security") => {
            let message = format!("row security of {} changes: rows can vanish without an error", label(at, Address::whole(object)));
            Some(silent(Cause::Rows, message, vec![Address::whole(object)]))
        }
        (Some(ObjectBody::Policy(policy)), _) if objects.contains(&policy.table) && at.table(policy.table).is_some_and(|table| table.row_security) => {
            let message = format!("a row-security policy of {} changes: other rows are visible", label(at, Address::whole(policy.table)));
            Some(silent(Cause::Rows, message, vec![Address::whole(policy.table)]))
        }
        (Some(ObjectBody::Table(table)), ObjectChange::Dropped) => {
            let parent = table.parents.iter().find(|parent| objects.contains(parent))?;
            let message = format!("the rows of {} are no longer in {}", label(at, Address::whole(object)), label(at, Address::whole(*parent)));
            Some(silent(Cause::Rows, message, vec![Address::whole(*parent)]))
        }
        (Some(ObjectBody::Table(_)), ObjectChange::Redefined { what, .. }) if what.contains("parents") && objects.contains(&object) => {
            let message = format!("{} has other parents: its rows come out of other tables", label(at, Address::whole(object)));
            Some(silent(Cause::Rows, message, vec![Address::whole(object)]))
        }
        (Some(ObjectBody::Function(_)), ObjectChange::Redefined { .. }) if objects.contains(&object) => {
            Some(silent(Cause::Values, format!("the function {} is another now", label(at, Address::whole(object))), vec![Address::whole(object)]))
        }
        (Some(ObjectBody::Type(_)), ObjectChange::Redefined { what, before: was, after: is }) if what.contains("renamed") => {
            let about = columns_of_type(at, object, before);
            let first = about.first()?;
            Some(silent(Cause::Values, format!("{} shows {is} where it showed {was}", label(at, *first)), about))
        }
        (Some(ObjectBody::Type(_)), ObjectChange::Redefined { what, .. })
            if what.contains("label added") && reader.rests_on(object) && reader.lists_labels() =>
        {
            let message = format!("{} has another label, and the labels are listed", label(at, Address::whole(object)));
            Some(silent(Cause::Values, message, vec![Address::whole(object)]))
        }
        (Some(ObjectBody::Constraint(constraint)), ObjectChange::Dropped) => {
            let (ConstraintKind::Unique { columns, .. } | ConstraintKind::PrimaryKey { columns, .. }) = &constraint.kind else { return None };
            let about: Vec<Address> = columns.iter().map(|column| Address::column(constraint.owner, *column)).collect();
            let joined = about.iter().all(|address| before.understanding.deep.get(address).is_some_and(|roles| roles.contains(&Role::Join)));
            let query = duplicates_query(at, constraint.owner, columns);
            if let Some(message) = arbiter_lost(at, constraint.owner, before) {
                return Some(silent(Cause::Rows, message, vec![Address::whole(constraint.owner)]));
            }
            (joined && !about.is_empty()).then(|| {
                let message = format!("{} is no longer unique: a join on it can give rows twice", label(at, Address::whole(constraint.owner)));
                may_fail(Cause::Rows, message, about, query)
            })
        }
        (Some(ObjectBody::Index(index)), ObjectChange::Dropped) if index.unique => {
            let message = arbiter_lost(at, index.table, before)?;
            Some(silent(Cause::Rows, message, vec![Address::whole(index.table)]))
        }
        _ => None,
    }
}

/// `ON CONFLICT DO NOTHING` without a target rests on every unique index: a row that one of them kept out is added when it is gone.
fn arbiter_lost(at: &Schema, table: ObjectId, before: Side<'_>) -> Option<String> {
    let rests = before.understanding.bindings.iter().any(|binding| binding.any_conflict.binary_search(&table).is_ok());
    rests.then(|| format!("a unique index of {} is gone: rows that were passed over are added now", label(at, Address::whole(table))))
}

fn columns_of_type(at: &Schema, data_type: ObjectId, before: Side<'_>) -> Vec<Address> {
    let is_of_type = |address: &&Address| match address.part {
        crate::schema::Part::Column(number) => {
            at.column(address.object, number).is_some_and(|column| column.data_type.identity == TypeIdentity::Object(data_type))
        }
        crate::schema::Part::Whole | crate::schema::Part::Default(_) => false,
    };
    before.understanding.direct.keys().filter(is_of_type).copied().collect()
}

fn silent(cause: Cause, message: String, about: Vec<Address>) -> Difference {
    let evidence = Evidence { message: message.clone(), ..Evidence::default() };
    Difference { kind: EffectKind::ChangesSilently, cause, message, about, evidence }
}

fn may_fail(cause: Cause, message: String, about: Vec<Address>, query: Option<String>) -> Difference {
    let evidence = Evidence { message: message.clone(), query, ..Evidence::default() };
    Difference { kind: EffectKind::MayFail, cause, message, about, evidence }
}

fn null_query(schema: &Schema, address: Address) -> Option<String> {
    let crate::schema::Part::Column(number) = address.part else { return None };
    let table = schema.dialect.quote_qualified(&schema.qualified_name(address.object)?);
    let column = schema.dialect.quote(&schema.column(address.object, number)?.name);
    Some(format!("SELECT count(*) FROM {table} WHERE {column} IS NULL;"))
}

fn duplicates_query(schema: &Schema, table: ObjectId, columns: &[crate::schema::ColumnNumber]) -> Option<String> {
    let name = schema.dialect.quote_qualified(&schema.qualified_name(table)?);
    let columns: Vec<String> = columns.iter().filter_map(|number| schema.column(table, *number)).map(|column| schema.dialect.quote(&column.name)).collect();
    let list = columns.join(", ");
    Some(format!("SELECT {list}, count(*) FROM {name} GROUP BY {list} HAVING count(*) > 1;"))
}
