//! Other names: both work until the notice window is over.

use super::batches::update_in_batches;
use super::way::{NoSafeWay, Phase, SafeWay, WayBuilder};
use crate::name::Name;
use crate::rollback::plan::{Check, PlanStep};
use crate::rollback::workspace::calls_a_sequence;
use crate::schema::{Column, ColumnGeneration, ObjectBody, ObjectId, Schema, ddl, format_type};

/// A name of at most 63 bytes for something of our own beside a table.
pub(super) fn own_name(schema: &Schema, parts: &[&str]) -> String {
    let name: String = format!("fieldgate_{}", parts.join("_")).chars().filter(|letter| letter.is_alphanumeric() || *letter == '_').take(55).collect();
    schema.dialect.quote(&Name::stored(name))
}

/// A column's new name: a second column that a trigger keeps equal; in the end the second goes and the first takes its name, so that indexes, constraints,
/// views and grants never move.
pub(super) fn column(before: &Schema, table: ObjectId, was: &Column, new: &Name) -> Result<SafeWay, NoSafeWay> {
    let name = ddl::quoted_name(before, table);
    let quote = |name: &Name| before.dialect.quote(name);
    let (from, to) = (quote(&was.name), quote(new));
    let subject = format!("{name}.{from} becomes {name}.{to}");
    if matches!(was.generation, ColumnGeneration::Generated(..)) {
        let reason = String::from("a computed column cannot be kept equal by a trigger: rename it, and give readers both names in a view");
        return Err(NoSafeWay { subject, reason });
    }
    let (bare_table, kind) = (before.get(table).map(|object| object.name.as_str().to_owned()).unwrap_or_default(), format_type(before, &was.data_type));
    let mut way = WayBuilder::new(subject, &format!("{bare_table}_{}", new.as_str()));
    let namespace = before.get(table).and_then(|object| object.namespace).and_then(|namespace| before.get(namespace)).map(|namespace| quote(&namespace.name));
    let function = format!("{}.{}", namespace.unwrap_or_default(), own_name(before, &["sync", &bare_table, new.as_str()]));
    let trigger = own_name(before, &["sync", new.as_str()]);
    let is_default = match &was.generation {
        ColumnGeneration::Default(default) if !calls_a_sequence(before, default) => {
            format!("\n    ELSIF NEW.{from} IS NOT DISTINCT FROM ({})::{kind} THEN NEW.{from} := NEW.{to};", default.print(before))
        }
        _ => String::new(),
    };
    let body = format!(
        "CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $fieldgate$\nBEGIN\n  IF TG_OP = 'INSERT' THEN\n    IF NEW.{to} IS NULL THEN NEW.{to} := NEW.{from};\n    \
         ELSIF NEW.{from} IS NULL THEN NEW.{from} := NEW.{to};{is_default}\n    ELSIF NEW.{from} IS DISTINCT FROM NEW.{to} THEN\n      \
         RAISE EXCEPTION 'two values for one field: % and %', NEW.{from}, NEW.{to};\n    END IF;\n  ELSIF NEW.{to} IS DISTINCT FROM OLD.{to} THEN NEW.{from} := NEW.{to};\n  \
         ELSIF NEW.{from} IS DISTINCT FROM OLD.{from} THEN NEW.{to} := NEW.{from};\n  END IF;\n  RETURN NEW;\nEND\n$fieldgate$"
    );
    let mut copy = Column::new(was.number, new.clone(), was.data_type.clone());
    copy.collation.clone_from(&was.collation);
    let mut expand = vec![
        PlanStep::new(ddl::add_column(before, table, &copy), "the new name, beside the old one"),
        PlanStep::new(body, "whoever writes one name writes both"),
        PlanStep::new(
            format!("CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {name} FOR EACH ROW EXECUTE FUNCTION {function}()"),
            "whoever writes one name writes both",
        ),
    ];
    for entry in &was.grants {
        let to_whom = entry.grantee.as_ref().map_or_else(|| String::from("PUBLIC"), quote);
        expand.push(PlanStep::new(format!("GRANT {} ({to}) ON TABLE {name} TO {to_whom}", entry.privilege), "who may use the old name may use the new one"));
    }
    way.wrapped(Phase::Expand, expand);
    let (backfill, note) = update_in_batches(before, table, &format!("{to} = {from}"), &format!("{to} IS DISTINCT FROM {from}"));
    way.one_by_one(Phase::Backfill, vec![backfill]);
    if let Some(note) = note {
        way.note(note);
    }
    way.verify(vec![
        Check {
            sql: format!("SELECT count(*) FROM {name} WHERE {from} IS DISTINCT FROM {to}"),
            expected: String::from("0"),
            purpose: String::from("both names hold the same"),
        },
        Check {
            sql: views_over(&name, new.as_str()),
            expected: String::from("0"),
            purpose: String::from("no view was made over the copy; one that was must be made over the old name again, and follows the rename"),
        },
    ]);
    let drop_sync = [
        PlanStep::new(format!("DROP TRIGGER {trigger} ON {name}"), "there is only one name from here on"),
        PlanStep::new(format!("DROP FUNCTION {function}()"), "there is only one name from here on"),
    ];
    let drop_copy = PlanStep::new(format!("ALTER TABLE {name} DROP COLUMN {to}"), "the copy goes");
    let mut contract = vec![PlanStep::new(format!("LOCK TABLE {name} IN ACCESS EXCLUSIVE MODE"), "for the milliseconds that this takes")];
    contract.extend(drop_sync.iter().cloned());
    contract.push(drop_copy.clone());
    contract.push(PlanStep::new(
        ddl::rename_column(before, table, &was.name, new),
        "the column itself takes the new name, with its indexes, constraints, views and grants",
    ));
    way.wrapped(Phase::Contract, contract);
    way.wrapped(Phase::UndoBeforeContract, drop_sync.into_iter().chain([drop_copy]).collect());
    way.wrapped(Phase::UndoAfterContract, vec![PlanStep::new(ddl::rename_column(before, table, new, &was.name), "the old name again; nothing is lost")]);
    firing(before, table, &mut way);
    Ok(way.done())
}

/// Other triggers of the table see every row of the backfill.
pub(super) fn firing(schema: &Schema, table: ObjectId, way: &mut WayBuilder) {
    let triggers = schema.on_table(table).into_iter().filter_map(|id| schema.get(id)).filter(|object| matches!(object.body, ObjectBody::Trigger(_)));
    let names: Vec<&str> = triggers.map(|object| object.name.as_str()).collect();
    if !names.is_empty() {
        way.note(format!("the backfill writes every row once, and these triggers fire for it: {}", names.join(", ")));
    }
}

/// How many views read a column of a table.
fn views_over(table: &str, column: &str) -> String {
    format!(
        "SELECT count(*) FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_attribute AS a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refobjid = {}::regclass AND a.attname = {}",
        ddl::literal(table),
        ddl::literal(column)
    )
}

/// A table's new name: a view under the old one, through which reads and writes go on.
pub(super) fn table(before: &Schema, after: &Schema, id: ObjectId) -> SafeWay {
    let (old, new) = (ddl::quoted_name(before, id), ddl::quoted_name(after, id));
    let mut way = WayBuilder::new(format!("{old} becomes {new}"), &new);
    let has_row_security = before.table(id).is_some_and(|table| table.row_security);
    let options = if has_row_security { " WITH (security_invoker = true)" } else { "" };
    let there = rename_steps(before, after, id);
    let back = rename_steps(after, before, id);
    let mut expand = there;
    expand.push(PlanStep::new(format!("CREATE VIEW {old}{options} AS SELECT * FROM {new}"), "the old name still reads and writes"));
    if let Some(object) = before.get(id) {
        if let Some(owner) = &object.owner {
            expand.push(PlanStep::new(format!("ALTER VIEW {old} OWNER TO {}", before.dialect.quote(owner)), "the same owner"));
        }
        for entry in object.grants.iter().flatten().filter(|entry| object.owner != entry.grantee) {
            let to_whom = entry.grantee.as_ref().map_or_else(|| String::from("PUBLIC"), |role| before.dialect.quote(role));
            expand.push(PlanStep::new(format!("GRANT {} ON TABLE {old} TO {to_whom}", entry.privilege), "who may use the table may use its old name"));
        }
    }
    way.wrapped(Phase::Expand, expand);
    way.verify(vec![Check {
        sql: format!("SELECT (SELECT count(*) FROM {old}) = (SELECT count(*) FROM {new})"),
        expected: String::from("t"),
        purpose: String::from("both names show the same rows"),
    }]);
    let drop_view = PlanStep::new(format!("DROP VIEW {old}"), "the old name ends");
    way.wrapped(Phase::Contract, vec![drop_view.clone()]);
    way.wrapped(Phase::UndoBeforeContract, [vec![drop_view], back.clone()].concat());
    way.wrapped(Phase::UndoAfterContract, back);
    way.note("`COPY … FROM` and `LOCK TABLE` by the old name, and statements that name a system column, do not go through the view");
    way.done()
}

/// `SET SCHEMA` and `RENAME TO`, as far as they are needed.
fn rename_steps(from: &Schema, to: &Schema, id: ObjectId) -> Vec<PlanStep> {
    let (Some(old), Some(new)) = (from.get(id), to.get(id)) else { return Vec::new() };
    let mut steps = Vec::new();
    let namespace = |schema: &Schema, id: Option<ObjectId>| id.and_then(|id| schema.get(id)).map(|object| object.name.clone());
    let (first, second) = (namespace(from, old.namespace), namespace(to, new.namespace));
    let mut current = ddl::quoted_name(from, id);
    if let Some(second) = second.filter(|second| first.as_ref() != Some(second)) {
        steps.push(PlanStep::new(format!("ALTER TABLE {current} SET SCHEMA {}", from.dialect.quote(&second)), "the table itself"));
        current = format!("{}.{}", from.dialect.quote(&second), from.dialect.quote(&old.name));
    }
    if old.name != new.name {
        steps.push(PlanStep::new(format!("ALTER TABLE {current} RENAME TO {}", from.dialect.quote(&new.name)), "the table itself"));
    }
    steps
}
