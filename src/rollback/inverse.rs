//! The plan of one migration, put together in the order in which a server can carry it out.

use std::collections::BTreeSet;

use super::plan::{Loss, MovedColumn, Plan, PlanStep, Proof, Reversibility};
use super::saved_name::SAVED;
use super::saving::{Saving, save};
use super::statement_claims::statement_claims;
use super::verify::shapes;
use super::workspace::Workspace;
use super::{columns, dependents, meanwhile, obstacles, remake, renames, settings};
use crate::migrate::{ChangeKind, ColumnChange, DataChange, ObjectChange, Step};
use crate::schema::{ObjectBody, ObjectId, Schema, UserType, ddl};

/// Plans the way back from `after` to `before`; `steps` are the statements of the migration of that name. Not yet proven: see [`super::prove`].
pub fn plan(before: &Schema, after: &Schema, steps: &[Step], migration: &str) -> Plan {
    let mut saving = save(before, after, steps, migration);
    let mut work = Workspace::new(before, after);
    let remade = columns::remade_types(&work);
    let emptied = columns::emptied(&work, &saving.columns, &remade);
    saving.in_between.extend(meanwhile::limits(before, after, &saving.columns, &remade));
    dependents::choose_rebuilt(&mut work, &remade, &obstacles::obstacles(before, after, &saving));
    dependents::take_down(&mut work);
    columns::clear(&mut work, &remade, &emptied);
    columns::drop_new(&mut work);
    remake::drop_made(&mut work);
    remake::note_what_went_along(&mut work);
    renames::put_names_back(&mut work);
    settings::put_types_back(&mut work);
    let aside = put_types_aside(&mut work, &remade);
    remake::make_ground(&mut work);
    columns::bring_back(&mut work, &remade, &emptied);
    remake::drop_waiting(&mut work);
    work.extend(aside, "drop the type with the new labels");
    work.script.extend(saving.restore_rows.iter().cloned());
    columns::finish(&mut work, &remade, &emptied);
    columns::own_sequences(&mut work);
    settings::put_back(&mut work);
    remake::make_rest(&mut work);
    settings::put_marks_back(&mut work);
    settings::undo_default_privileges(&mut work);
    remake::drop_roles(&mut work);
    work.script.extend(saving.restore_positions.iter().cloned());
    if !work.script.is_empty() {
        // Bodies are put back as they were, even when they speak of what is not there.
        work.script.insert(0, PlanStep::new("SET check_function_bodies = false", "bodies come back as they were"));
    }
    saving.in_between.extend(remake::filled_anew(&work));
    let moved = moved_columns(before, after);
    let not_planned = std::mem::take(&mut work.not_planned).into_iter().chain(not_known(steps)).collect();
    let claims = statement_claims(before, after, steps, &saving);
    let mut plan = finish(work.script, saving, moved, not_planned, point_of_no_return(steps));
    plan.statements = claims;
    plan.verify_migration = shapes(after, before);
    if !plan.undo.is_empty() {
        plan.verify.splice(0..0, shapes(before, after));
    }
    plan
}

/// Renames each type that got labels, makes the old one under its name, and gives the statements that drop the new one.
fn put_types_aside(work: &mut Workspace<'_>, remade: &BTreeSet<ObjectId>) -> Vec<String> {
    let mut drops = Vec::new();
    for id in remade {
        let (Some(old), Some(ObjectBody::Type(body @ UserType::Enum { .. }))) = (work.before.get(*id), work.before.get(*id).map(|object| &object.body)) else {
            continue;
        };
        let aside = crate::name::Name::stored(format!("fieldgate_aside_{}", old.name.as_str().chars().take(40).collect::<String>()));
        let sql = ddl::rename_object(work.before, *id, &aside);
        work.push(sql, "make room for the type without the new labels");
        let made = ddl::type_definition(work.before, *id, body);
        work.extend(made, "make the type without the new labels");
        let namespace = old.namespace.and_then(|namespace| work.before.get(namespace)).map(|namespace| work.before.dialect.quote(&namespace.name));
        drops.push(format!("DROP TYPE {}.{}", namespace.unwrap_or_default(), work.before.dialect.quote(&aside)));
    }
    drops
}

/// A statement that is refused did nothing here, and a migration that stops in the middle is nothing that a way back can be claimed for.
fn not_known(steps: &[Step]) -> Vec<String> {
    let mut reasons = Vec::new();
    for outcome in steps.iter().map(|step| &step.outcome) {
        reasons.extend(outcome.refusal.iter().map(|refusal| format!("the server refuses the migration ({}): {}", refusal.sqlstate, refusal.message)));
        reasons.extend(outcome.not_judged.iter().map(|not_judged| format!("what this statement does is not known: {}", not_judged.reason)));
    }
    reasons
}

fn finish(mut undo: Vec<PlanStep>, saving: Saving, moved: Vec<MovedColumn>, not_planned: Vec<String>, point_of_no_return: Option<u32>) -> Plan {
    if undo.iter().all(|step| step.sql.starts_with("SET ")) {
        undo.clear();
    }
    let reversibility = if !not_planned.is_empty() {
        Reversibility::Impossible
    } else if !saving.loses.is_empty() {
        Reversibility::Lossy
    } else if !saving.prepare.is_empty() {
        Reversibility::ExactWithSavedData
    } else {
        Reversibility::Exact
    };
    let mut clean_up = saving.clean_up;
    if !clean_up.is_empty() {
        clean_up.push(PlanStep::new(format!("DROP SCHEMA IF EXISTS {SAVED}"), "fails while something else is still saved there, and that is right"));
    }
    let loses: Vec<Loss> = saving.loses;
    Plan {
        reversibility,
        prepare: saving.prepare,
        undo,
        verify_migration: Vec::new(),
        verify: saving.verify,
        clean_up,
        loses,
        in_between: saving.in_between,
        advice: saving.advice,
        draft: Vec::new(),
        moved,
        statements: Vec::new(),
        not_planned,
        point_of_no_return,
        recovery: None,
        proven: Proof::No,
    }
}

/// Columns that come back behind those that stayed. Columns that are new are gone by then.
fn moved_columns(before: &Schema, after: &Schema) -> Vec<MovedColumn> {
    let mut moved = Vec::new();
    for object in before.objects() {
        let (ObjectBody::Table(old), Some(new)) = (&object.body, after.table(object.id)) else { continue };
        let stays = |column: &crate::schema::Column| new.column(column.number).is_some_and(|is| !columns::changes_expression(column, is));
        let mut back: Vec<_> = old.columns.iter().filter(|column| stays(column)).collect();
        back.extend(old.columns.iter().filter(|column| !stays(column)));
        let table = before.qualified_name(object.id).map(|name| name.to_string()).unwrap_or_default();
        for (place, column) in back.iter().enumerate() {
            let Some(was) = old.columns.iter().position(|own| own.number == column.number) else { continue };
            if was != place {
                moved.push(MovedColumn { column: format!("{table}.{}", column.name), before: was + 1, after: place + 1 });
            }
        }
    }
    moved
}

/// The first statement that destroys something.
fn point_of_no_return(steps: &[Step]) -> Option<u32> {
    let destroys = |kind: &ChangeKind| match kind {
        ChangeKind::Object(_, ObjectChange::Dropped) | ChangeKind::Column(_, _, ColumnChange::Dropped(_)) => true,
        ChangeKind::Data(_, data) => !matches!(data, DataChange::Inserted | DataChange::Refreshed),
        ChangeKind::Object(..) | ChangeKind::Column(..) => false,
    };
    steps.iter().find(|step| step.outcome.changes.iter().any(|change| destroys(&change.kind))).map(|step| step.id.statement)
}
