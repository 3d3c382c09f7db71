//! Columns of kept tables put back: what is new goes, what is gone comes back bare, types return, and at the end defaults, NOT NULL and the rest.

use std::collections::BTreeSet;

use super::meanwhile::labels;
use super::workspace::{Workspace, calls_a_sequence};
use crate::schema::{Address, Column, ColumnGeneration, DataType, ObjectBody, ObjectId, Part, Schema, TypeIdentity, UserType, ddl, format_type};
use crate::typing::{needs_using, own_storage};

/// Whether the column's stored values are computed otherwise, so that it has to be made again.
pub(super) fn changes_expression(was: &Column, is: &Column) -> bool {
    let generated = |column: &Column| matches!(column.generation, ColumnGeneration::Generated(..));
    generated(was) && was.generation != is.generation
}

/// Tables that are in both schemas and stand, with their columns on both sides.
fn kept_tables(work: &Workspace<'_>) -> Vec<ObjectId> {
    work.kept.iter().copied().filter(|id| work.before.table(*id).is_some() && work.after.table(*id).is_some()).collect()
}

/// A column that exists on this table by itself, or by a parent too: only the former is changed here.
fn is_own(column: &Column) -> bool {
    column.is_local || column.inherited_from == 0
}

/// Enums that got labels: PostgreSQL cannot drop a label, so the type is made again under its name and every column converted.
pub(super) fn remade_types(work: &Workspace<'_>) -> BTreeSet<ObjectId> {
    let labels = |schema: &Schema, id: ObjectId| match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::Type(UserType::Enum { labels, .. })) => Some(labels.iter().map(|(number, _)| *number).collect::<Vec<_>>()),
        _ => None,
    };
    work.kept.iter().copied().filter(|id| labels(work.before, *id) != labels(work.after, *id)).collect()
}

/// Whether the column has to be converted.
pub(super) fn is_retyped(remade: &BTreeSet<ObjectId>, was: &Column, is: &Column) -> bool {
    was.data_type != is.data_type || was.collation != is.collation || was_remade(remade, is)
}

/// Whether its type is made again.
fn was_remade(remade: &BTreeSet<ObjectId>, is: &Column) -> bool {
    matches!(&is.data_type.identity, TypeIdentity::Object(id) if remade.contains(id))
}

/// Columns that are emptied while they get their old type back, and filled from what was saved: the server could not convert every value
/// back by itself (`jsonb` to an array, say), and one that it could not would stop the whole way back.
pub(super) fn emptied(work: &Workspace<'_>, saved: &BTreeSet<Address>, remade: &BTreeSet<ObjectId>) -> BTreeSet<Address> {
    let is_emptied = |address: &&Address| {
        let Part::Column(number) = address.part else { return false };
        let (Some(was), Some(is)) = (work.before.column(address.object, number), work.after.column(address.object, number)) else { return false };
        // A label that is new may have been given to rows by the migration itself.
        was_remade(remade, is) || was.data_type != is.data_type && !assigns(work.before, &is.data_type, &was.data_type)
    };
    saved.iter().filter(is_emptied).copied().collect()
}

/// Takes defaults, identities and expressions off columns that get others, and NOT NULL where NULL was allowed.
pub(super) fn clear(work: &mut Workspace<'_>, remade: &BTreeSet<ObjectId>, emptied: &BTreeSet<Address>) {
    for id in kept_tables(work) {
        let columns: Vec<Column> = work.now.columns(id).to_vec();
        for column in columns.iter().filter(|column| is_own(column)) {
            let Some(was) = work.before.column(id, column.number).cloned() else { continue };
            if changes_expression(&was, column) {
                continue;
            }
            let retyped = is_retyped(remade, &was, column);
            let quoted = work.now.dialect.quote(&column.name);
            let same_identity = matches!((&was.generation, &column.generation), (ColumnGeneration::Identity(..), ColumnGeneration::Identity(..)));
            if (was.generation != column.generation || retyped) && !same_identity {
                let action = match &column.generation {
                    ColumnGeneration::None => None,
                    ColumnGeneration::Default(_) => Some("DROP DEFAULT"),
                    ColumnGeneration::Generated(..) => Some("DROP EXPRESSION"),
                    ColumnGeneration::Identity(..) => Some("DROP IDENTITY"),
                };
                if let Some(action) = action {
                    let sql = ddl::alter_table(&work.now, id, &format!("ALTER COLUMN {quoted} {action}"));
                    work.push(sql, "take the new default off");
                }
            }
            if column.not_null && (!was.not_null || emptied.contains(&Address::column(id, column.number))) {
                let sql = ddl::drop_not_null(&work.now, id, &column.name);
                work.push(sql, "allow NULL again");
            }
        }
    }
}

/// Drops columns that are new, and those whose expression changed.
pub(super) fn drop_new(work: &mut Workspace<'_>) {
    for id in kept_tables(work) {
        let columns: Vec<Column> = work.now.columns(id).to_vec();
        for column in columns.iter().filter(|column| is_own(column)) {
            let goes = work.before.column(id, column.number).is_none_or(|was| changes_expression(was, column));
            if goes {
                let sql = ddl::drop_column(&work.now, id, &column.name);
                work.push(sql, "drop the new column");
                let number = column.number;
                work.now.update_table(id, |table| table.columns.retain(|other| other.number != number));
            }
        }
    }
}

/// Adds dropped columns without default and NOT NULL, and gives the others their type back. Names are the old ones by now.
pub(super) fn bring_back(work: &mut Workspace<'_>, remade: &BTreeSet<ObjectId>, emptied: &BTreeSet<Address>) {
    for id in kept_tables(work) {
        let columns: Vec<Column> = work.before.columns(id).to_vec();
        for column in columns.iter().filter(|column| is_own(column)) {
            match work.after.column(id, column.number).filter(|is| !changes_expression(column, is)) {
                None if matches!(column.generation, ColumnGeneration::Generated(..)) => {}
                None => {
                    let mut bare = column.clone();
                    bare.generation = ColumnGeneration::None;
                    bare.not_null = false;
                    let sql = ddl::add_column(work.before, id, &bare);
                    work.push(sql, "add the dropped column again");
                }
                Some(is) if is_retyped(remade, column, is) => {
                    let using = if emptied.contains(&Address::column(id, column.number)) {
                        Some(what_fits(work.before, remade, column, is))
                    } else if was_remade(remade, is) {
                        // The new labels' type and the old one's have nothing in common but their texts.
                        Some(format!("{}::text::{}", work.before.dialect.quote(&column.name), format_type(work.before, &column.data_type)))
                    } else {
                        conversion(work.before, &is.data_type, column)
                    };
                    let sql = ddl::alter_column_type(work.before, id, column, using.as_deref());
                    work.push(sql, "give the column its old type back");
                }
                Some(_) => {}
            }
        }
    }
}

/// NULL; of an enum whose labels go, the value where it is an old label: a row that was added since keeps it.
fn what_fits(schema: &Schema, remade: &BTreeSet<ObjectId>, was: &Column, is: &Column) -> String {
    let target = format_type(schema, &was.data_type);
    let labels = match &was.data_type.identity {
        TypeIdentity::Object(id) if was_remade(remade, is) && was.data_type == is.data_type && !is.data_type.array => labels(schema, *id),
        _ => None,
    };
    match labels {
        Some(labels) => {
            let quoted = schema.dialect.quote(&was.name);
            let labels = labels.iter().map(|label| ddl::literal(label)).collect::<Vec<_>>().join(", ");
            format!("CASE WHEN {quoted}::text IN ({labels}) THEN {quoted}::text::{target} END")
        }
        None => format!("NULL::{target}"),
    }
}

/// `USING` where the server has no conversion that it applies by itself on assignment. Where it has one, none is written, so that a value
/// that does not fit is refused and not cut.
fn conversion(schema: &Schema, from: &DataType, to: &Column) -> Option<String> {
    if assigns(schema, from, &to.data_type) {
        return None;
    }
    let quoted = schema.dialect.quote(&to.name);
    let target = format_type(schema, &to.data_type);
    let direct = matches!((&from.identity, &to.data_type.identity), (TypeIdentity::Builtin(_), TypeIdentity::Builtin(old)) if is_text(old) || &**old == "jsonb" || &**old == "json")
        || matches!(&from.identity, TypeIdentity::Builtin(new) if is_text(new));
    Some(if direct && !from.array { format!("{quoted}::{target}") } else { format!("{quoted}::text::{target}") })
}

fn is_text(name: &str) -> bool {
    matches!(name, "text" | "varchar" | "bpchar" | "name")
}

/// Whether the server converts by itself on assignment. A type of which nothing is known is taken to need words.
fn assigns(schema: &Schema, from: &DataType, to: &DataType) -> bool {
    needs_using(schema, from, to) == Some(false)
}

/// Sequences that were made again belong to columns of kept tables again, now that those are there.
pub(super) fn own_sequences(work: &mut Workspace<'_>) {
    for id in work.gone.clone() {
        let Some(ObjectBody::Sequence(sequence)) = work.before.get(id).map(|object| &object.body) else { continue };
        let Some(owner) = sequence.owned_by.filter(|owner| work.kept.contains(&owner.object)) else { continue };
        let Part::Column(number) = owner.part else { continue };
        let Some(column) = work.before.column(owner.object, number).filter(|_| ddl::is_identity_of(work.before, id).is_none()) else { continue };
        let (table, column) = (ddl::quoted_name(work.before, owner.object), work.before.dialect.quote(&column.name));
        let sql = format!("ALTER SEQUENCE {} OWNED BY {table}.{column}", ddl::quoted_name(work.before, id));
        work.push(sql, "the sequence belongs to its column again");
    }
}

/// NOT NULL, defaults, identities, computed columns, comments and storage: everything that had to wait for rows and other objects.
pub(super) fn finish(work: &mut Workspace<'_>, remade: &BTreeSet<ObjectId>, emptied: &BTreeSet<Address>) {
    for id in kept_tables(work) {
        let columns: Vec<Column> = work.before.columns(id).to_vec();
        for column in columns.iter().filter(|column| is_own(column)) {
            let mut is = work.after.column(id, column.number).filter(|is| !changes_expression(column, is)).cloned();
            if let Some(is) = is.as_mut().filter(|_| emptied.contains(&Address::column(id, column.number))) {
                is.not_null = false;
            }
            finish_one(work, remade, id, column, is.as_ref());
        }
    }
}

fn finish_one(work: &mut Workspace<'_>, remade: &BTreeSet<ObjectId>, id: ObjectId, column: &Column, is: Option<&Column>) {
    let computed = matches!(column.generation, ColumnGeneration::Generated(..));
    if is.is_none() && computed {
        let sql = ddl::add_column(work.before, id, column);
        work.push(sql, "add the computed column again");
    } else {
        if let (true, None, ColumnGeneration::Default(default)) = (column.not_null, is, &column.generation)
            && !calls_a_sequence(work.before, default)
        {
            let (table, quoted) = (ddl::quoted_name(work.before, id), work.before.dialect.quote(&column.name));
            let sql = format!("UPDATE {table} SET {quoted} = {} WHERE {quoted} IS NULL", default.print(work.before));
            work.push(sql, "rows added since the migration get the default");
        }
        if column.not_null && is.is_none_or(|is| !is.not_null) {
            let sql = ddl::set_not_null(work.before, id, &column.name);
            work.push(sql, "refuse NULL again");
        }
        let retyped = is.is_some_and(|is| is_retyped(remade, column, is));
        match (&column.generation, is.map(|is| &is.generation)) {
            (ColumnGeneration::Identity(old, _), Some(ColumnGeneration::Identity(new, _))) => {
                if old != new {
                    let words = if *old == crate::sql::tree::IdentityKind::Always { "ALWAYS" } else { "BY DEFAULT" };
                    let quoted = work.before.dialect.quote(&column.name);
                    let sql = ddl::alter_table(work.before, id, &format!("ALTER COLUMN {quoted} SET GENERATED {words}"));
                    work.push(sql, "give the identity its old rule back");
                }
            }
            (generation, other) if other != Some(generation) || retyped => {
                let sql = ddl::set_default(work.before, id, column);
                work.extend(sql, "give the column its old default back");
            }
            _ => {}
        }
    }
    if is.and_then(|is| is.comment.clone()) != column.comment {
        let sql = ddl::set_column_comment(work.before, id, &column.name, column.comment.as_deref());
        work.push(sql, "give the comment back");
    }
    storage(work, id, column, is);
}

fn storage(work: &mut Workspace<'_>, id: ObjectId, column: &Column, is: Option<&Column>) {
    let options = is.map_or(&[][..], |is| is.options.as_slice());
    let quoted = work.before.dialect.quote(&column.name);
    for (word, value) in &column.options {
        if !options.contains(&(word.clone(), value.clone())) {
            let action = match &**word {
                "STORAGE" | "COMPRESSION" | "STATISTICS" => format!("ALTER COLUMN {quoted} SET {word} {value}"),
                _ => format!("ALTER COLUMN {quoted} SET ({word} = {value})"),
            };
            let sql = alone(ddl::alter_table(work.before, id, &action));
            work.push(sql, "give the column its old storage back");
        }
    }
    for (word, _) in options.iter().filter(|(word, _)| !column.options.iter().any(|(own, _)| own == word)) {
        let action = match &**word {
            "STATISTICS" => format!("ALTER COLUMN {quoted} SET STATISTICS -1"),
            "COMPRESSION" => format!("ALTER COLUMN {quoted} SET COMPRESSION default"),
            "STORAGE" => match own_storage(work.before, &column.data_type) {
                Some(own) => format!("ALTER COLUMN {quoted} SET STORAGE {own}"),
                None => {
                    work.not_planned.push(format!("the storage of {} is another now, and its old one is the type's own", column.name));
                    continue;
                }
            },
            _ => format!("ALTER COLUMN {quoted} RESET ({word})"),
        };
        let sql = alone(ddl::alter_table(work.before, id, &action));
        work.push(sql, "give the column its old storage back");
    }
}
/// The statement for the table itself: a child that had another setting keeps it.
fn alone(sql: String) -> String {
    if sql.starts_with("ALTER TABLE ") || sql.starts_with("ALTER FOREIGN TABLE ") { sql.replacen("TABLE ", "TABLE ONLY ", 1) } else { sql }
}
