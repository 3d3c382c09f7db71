//! Another type: a second column of the new type that follows the first; in the end the two change names, and the first is kept for the way back.

use std::collections::BTreeSet;

use super::batches::{not_null, update_in_batches};
use super::rename::{firing, own_name};
use super::way::{NoSafeWay, Phase, SafeWay, WayBuilder};
use crate::name::Name;
use crate::rollback::plan::{Check, PlanStep};
use crate::schema::{Address, Column, ColumnGeneration, ObjectBody, ObjectId, Schema, ddl, format_type};
use crate::typing::needs_using;

/// The scripts; `using` is the expression behind `USING`, in the names of before.
pub(super) fn column(before: &Schema, after: &Schema, table: ObjectId, (was, is): (&Column, &Column), using: Option<&str>) -> Result<SafeWay, NoSafeWay> {
    let name = ddl::quoted_name(before, table);
    let quote = |name: &str| before.dialect.quote(&Name::stored(name.to_owned()));
    let (own, new_type, old_type) = (before.dialect.quote(&was.name), format_type(after, &is.data_type), format_type(before, &was.data_type));
    let subject = format!("{name}.{own}: {old_type} becomes {new_type}");
    let no = |reason: String| NoSafeWay { subject: subject.clone(), reason };
    if was.name != is.name {
        return Err(no(String::from("it is renamed, too: do one after the other")));
    }
    if !matches!(was.generation, ColumnGeneration::None | ColumnGeneration::Default(_)) {
        return Err(no(String::from("an identity or computed column cannot be kept equal by a trigger")));
    }
    if let Some(constraint) = constraint_over(before, table, was) {
        return Err(no(format!(
            "the column is part of the constraint {constraint}, which would have to be made on the second column too; take it off first, or change the type in a quiet hour"
        )));
    }
    let bare: String = was.name.as_str().chars().take(50).collect();
    let (copy, kept) = (quote(&format!("{bare}__new")), quote(&format!("{bare}__old")));
    let mut way = WayBuilder::new(subject.clone(), &format!("{}_{bare}", before.get(table).map(|object| object.name.as_str()).unwrap_or_default()));
    let sync = sync(before, table, (&own, &copy), &new_type, using);
    let mut second = Column::new(was.number, Name::stored(format!("{bare}__new")), is.data_type.clone());
    second.collation.clone_from(&is.collation);
    let mut expand =
        vec![PlanStep::new(ddl::add_column(after, table, &second).replacen(&ddl::quoted_name(after, table), &name, 1), "a second column, of the new type")];
    expand.extend(sync.make.iter().cloned());
    way.wrapped(Phase::Expand, expand);
    let converted = using.map_or_else(|| format!("{own}::{new_type}"), |using| format!("({using})"));
    let (fill, note) = update_in_batches(before, table, &format!("{copy} = {converted}"), &format!("{copy} IS DISTINCT FROM {converted}"));
    note.into_iter().for_each(|note| way.note(note));
    let nulls = is.not_null.then(|| not_null(before, table, &copy));
    let mut backfill = vec![fill];
    backfill.extend(nulls.iter().flat_map(|nulls| [nulls.expand.clone(), nulls.validate.clone()]));
    let indexes = indexes_over(before, table, was);
    for index in &indexes {
        backfill.push(PlanStep::new(
            index.beside(before, &own, &copy).ok_or_else(|| no(format!("the index {} has an expression or a condition over it", index.name)))?,
            "the index on the second column",
        ));
    }
    way.one_by_one(Phase::Backfill, backfill);
    way.verify(checks(before, &name, &own, &copy, &converted, (&old_type, was, is)));
    contract(before, after, table, &mut way, &Swap { own: &own, copy: &copy, kept: &kept, was, is, sync: &sync, indexes: &indexes });
    way.wrapped(
        Phase::UndoBeforeContract,
        [sync.drop.clone(), vec![PlanStep::new(format!("ALTER TABLE {name} DROP COLUMN {copy}"), "the second column goes")]].concat(),
    );
    way.wrapped(Phase::Remove, vec![PlanStep::new(format!("ALTER TABLE {name} DROP COLUMN {kept}"), "after this only a backup brings the old values back")]);
    undo_after(before, after, table, &mut way, &Swap { own: &own, copy: &copy, kept: &kept, was, is, sync: &sync, indexes: &indexes });
    firing(before, table, &mut way);
    way.note("new rows and changes go through the old column until the contract; write to it, not to the second one");
    way.note("the column stands behind the others from the contract on: `SELECT *`, `COPY` without a column list and `INSERT` without one see another order");
    Ok(way.done())
}

struct Sync {
    make: Vec<PlanStep>,
    drop: Vec<PlanStep>,
}

/// A trigger that keeps the second column in step with the first.
fn sync(schema: &Schema, table: ObjectId, (own, copy): (&str, &str), new_type: &str, using: Option<&str>) -> Sync {
    let name = ddl::quoted_name(schema, table);
    let object = schema.get(table);
    let bare = object.map(|object| object.name.as_str().to_owned()).unwrap_or_default();
    let namespace =
        object.and_then(|object| object.namespace).and_then(|namespace| schema.get(namespace)).map(|namespace| schema.dialect.quote(&namespace.name));
    let plain: String = own.chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    let function = format!("{}.{}", namespace.unwrap_or_default(), own_name(schema, &["sync", &bare, &plain]));
    let trigger = own_name(schema, &["sync", &plain]);
    let value = using.map_or_else(
        || format!("NEW.{own}::{new_type}"),
        |using| format!("(SELECT {using} FROM (SELECT NEW.*) AS {})", schema.dialect.quote(&Name::stored(bare.clone()))),
    );
    let body = format!(
        "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $fieldgate$\nBEGIN\n  NEW.{copy} := {value};\n  RETURN NEW;\nEND\n$fieldgate$"
    );
    Sync {
        make: vec![
            PlanStep::new(body, "the second column follows the first"),
            PlanStep::new(
                format!("CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {function}()"),
                "the second column follows the first",
            ),
        ],
        drop: vec![
            PlanStep::new(format!("DROP TRIGGER {trigger} ON {name}"), "the columns part"),
            PlanStep::new(format!("DROP FUNCTION {function}()"), "the columns part"),
        ],
    }
}

fn checks(schema: &Schema, name: &str, own: &str, copy: &str, converted: &str, (old_type, was, is): (&str, &Column, &Column)) -> Vec<Check> {
    let mut checks = vec![Check {
        sql: format!("SELECT count(*) FROM {name} WHERE {copy} IS DISTINCT FROM {converted}"),
        expected: String::from("0"),
        purpose: String::from("the second column has followed"),
    }];
    if needs_using(schema, &is.data_type, &was.data_type) == Some(false) {
        checks.push(Check {
            sql: format!("SELECT count(*) FROM {name} WHERE {copy}::{old_type} IS DISTINCT FROM {own}"),
            expected: String::from("0, or the number of rows that are meant to lose something"),
            purpose: String::from("rows that the new type cannot hold as they are"),
        });
    }
    checks
}

struct Swap<'a> {
    own: &'a str,
    copy: &'a str,
    kept: &'a str,
    was: &'a Column,
    is: &'a Column,
    sync: &'a Sync,
    indexes: &'a [IndexOver],
}

/// The names change hands in one short transaction; views over the column are made again, since they are bound to the column and not to its name.
fn contract(before: &Schema, after: &Schema, table: ObjectId, way: &mut WayBuilder, swap: &Swap<'_>) {
    let name = ddl::quoted_name(before, table);
    let mut steps = vec![PlanStep::new(format!("LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"), "for the moment that this takes")];
    steps.extend(swap.sync.drop.iter().cloned());
    steps.extend(views_down(before, table, swap.was));
    for (from, to) in [(swap.own, swap.kept), (swap.copy, swap.own)] {
        steps.push(PlanStep::new(format!("ALTER TABLE {name} RENAME COLUMN {from} TO {to}"), "the names change hands"));
    }
    for action in [format!("ALTER COLUMN {} DROP DEFAULT", swap.kept), format!("ALTER COLUMN {} DROP NOT NULL", swap.kept)] {
        steps.push(PlanStep::new(format!("ALTER TABLE {name} {action}"), "new rows need not fill the old one"));
    }
    if swap.is.not_null {
        steps.extend(
            not_null(before, table, swap.copy)
                .contract
                .into_iter()
                .map(|step| PlanStep::new(step.sql.replace(&format!("COLUMN {}", swap.copy), &format!("COLUMN {}", swap.own)), step.purpose)),
        );
    }
    steps.extend(ddl::set_default(after, table, swap.is).map(|sql| PlanStep::new(sql, "its default")));
    for index in swap.indexes {
        steps.extend(index.take_over(before).into_iter().map(|sql| PlanStep::new(sql, "the index under its name")));
    }
    if let Some(comment) = &swap.is.comment {
        steps.push(PlanStep::new(ddl::set_column_comment(after, table, &swap.is.name, Some(comment)), "its comment"));
    }
    let views: BTreeSet<ObjectId> = views_over(after, table, swap.is);
    steps.extend(ddl::create_all(after, &views).into_iter().map(|sql| PlanStep::new(sql, "views over it, on the new column")));
    way.wrapped(Phase::Contract, steps);
}

/// The old column takes its name back; what was written since is converted where the server can.
fn undo_after(before: &Schema, after: &Schema, table: ObjectId, way: &mut WayBuilder, swap: &Swap<'_>) {
    let name = ddl::quoted_name(before, table);
    let (own, kept, old_type) = (swap.own, swap.kept, format_type(before, &swap.was.data_type));
    let mut steps = vec![PlanStep::new(format!("LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"), "for the moment that this takes")];
    steps.extend(views_down(after, table, swap.is));
    let new_type = format_type(after, &swap.is.data_type);
    if needs_using(before, &swap.is.data_type, &swap.was.data_type) == Some(false) {
        let sql = format!("UPDATE {name} SET {kept} = {own}::{old_type} WHERE {kept}::{new_type} IS DISTINCT FROM {own}");
        steps.push(PlanStep::new(sql, "what was written since, converted; what was not keeps its old value to the last digit"));
    } else {
        way.note(format!(
            "rows written after the contract have no {old_type}: the server does not convert {new_type} to it; give them a value before the undo"
        ));
    }
    for (from, to) in [(own, swap.copy), (kept, own)] {
        steps.push(PlanStep::new(format!("ALTER TABLE {name} RENAME COLUMN {from} TO {to}"), "the names change hands again"));
    }
    for index in swap.indexes {
        steps.extend(index.give_back(before).into_iter().map(|sql| PlanStep::new(sql, "the index on the old column")));
    }
    steps.push(PlanStep::new(format!("ALTER TABLE {name} DROP COLUMN {}", swap.copy), "the new one goes"));
    steps.extend(ddl::set_default(before, table, swap.was).map(|sql| PlanStep::new(sql, "its default")));
    if swap.was.not_null {
        steps.push(PlanStep::new(ddl::set_not_null(before, table, &swap.was.name), "refuse NULL again"));
    }
    let views = views_over(before, table, swap.was);
    steps.extend(ddl::create_all(before, &views).into_iter().map(|sql| PlanStep::new(sql, "views over it, on the old column")));
    way.wrapped(Phase::UndoAfterContract, steps);
}

/// All views that read the column, and those that read them.
fn views_over(schema: &Schema, table: ObjectId, column: &Column) -> BTreeSet<ObjectId> {
    let is_view = |id: ObjectId| matches!(schema.get(id).map(|object| &object.body), Some(ObjectBody::View(_)));
    let first = schema.dependencies().on(Address::column(table, column.number)).into_iter().map(|dependency| dependency.dependent.object);
    let mut open: Vec<ObjectId> = first.filter(|id| is_view(*id)).collect();
    let mut views = BTreeSet::new();
    while let Some(view) = open.pop() {
        if views.insert(view) {
            open.extend(schema.dependencies().on_object(view).into_iter().map(|dependency| dependency.dependent.object).filter(|id| is_view(*id)));
        }
    }
    // Indexes of materialized views come with them.
    let parts: Vec<ObjectId> = views.iter().flat_map(|view| schema.on_table(*view)).collect();
    views.extend(parts);
    views
}

fn views_down(schema: &Schema, table: ObjectId, column: &Column) -> Vec<PlanStep> {
    let views = views_over(schema, table, column);
    let order = ddl::creation_order(schema).into_iter().rev().filter(|id| views.contains(id) && schema.view(*id).is_some());
    order.map(|id| PlanStep::new(ddl::drop_object(schema, id), "views are bound to the column: they are made again below")).collect()
}

/// The name of a constraint over the column, other than NOT NULL.
fn constraint_over(schema: &Schema, table: ObjectId, column: &Column) -> Option<String> {
    let users = schema.dependencies().on(Address::column(table, column.number)).into_iter().map(|dependency| dependency.dependent.object);
    users.filter(|id| schema.constraint(*id).is_some()).find_map(|id| schema.get(id)).map(|object| object.name.to_string())
}

/// An index over the column and its stand-in.
struct IndexOver {
    name: String,
    id: ObjectId,
    plain: bool,
}

fn indexes_over(schema: &Schema, table: ObjectId, column: &Column) -> Vec<IndexOver> {
    let uses = |id: &ObjectId| schema.dependencies().of_object(*id).iter().any(|dependency| dependency.on == Address::column(table, column.number));
    let indexes = schema.on_table(table).into_iter().filter(|id| schema.index(*id).is_some() && uses(id));
    let found = indexes.filter_map(|id| {
        let (object, index) = (schema.get(id)?, schema.index(id)?);
        let plain = index.predicate.is_none() && index.keys.iter().all(|key| key.column.is_some()) && index.include.is_empty();
        Some(IndexOver { name: object.name.as_str().to_owned(), id, plain })
    });
    found.collect()
}

impl IndexOver {
    fn stand_in(&self, schema: &Schema) -> String {
        own_name(schema, &["index", &self.name])
    }

    /// The same index on the second column; `None` when that cannot be said by putting one name for another.
    fn beside(&self, schema: &Schema, own: &str, copy: &str) -> Option<String> {
        let index = schema.index(self.id).filter(|_| self.plain)?;
        let keys: Vec<String> = index.keys.iter().map(|key| ddl::key_words(schema, index.table, key)).collect();
        let keys = keys.into_iter().map(|words| match words.strip_prefix(own) {
            Some(rest) if rest.is_empty() || rest.starts_with(' ') => format!("{copy}{rest}"),
            _ => words,
        });
        let unique = if index.unique { "UNIQUE " } else { "" };
        let keys = keys.collect::<Vec<_>>().join(", ");
        Some(format!(
            "CREATE {unique}INDEX CONCURRENTLY {} ON {} USING {} ({keys})",
            self.stand_in(schema),
            ddl::quoted_name(schema, index.table),
            index.method
        ))
    }

    /// Its name goes to the stand-in; it stays under the stand-in's, for the way back.
    fn take_over(&self, schema: &Schema) -> Vec<String> {
        self.exchanged(schema)
    }

    fn give_back(&self, schema: &Schema) -> Vec<String> {
        self.exchanged(schema)
    }

    fn exchanged(&self, schema: &Schema) -> Vec<String> {
        let quote = |name: &str| schema.dialect.quote(&Name::stored(name.to_owned()));
        let (stand_in, meanwhile) = (self.stand_in(schema), own_name(schema, &["meanwhile", &self.name]));
        let namespace =
            schema.get(self.id).and_then(|object| object.namespace).and_then(|id| schema.get(id)).map(|object| quote(object.name.as_str())).unwrap_or_default();
        vec![
            format!("ALTER INDEX {namespace}.{} RENAME TO {meanwhile}", quote(&self.name)),
            format!("ALTER INDEX {namespace}.{stand_in} RENAME TO {}", quote(&self.name)),
            format!("ALTER INDEX {namespace}.{meanwhile} RENAME TO {stand_in}"),
        ]
    }
}
