//! Who is hit when an old name, kept beside the new one for a while, ends.
//!
//! A change record says which name takes the place of which (`replaced_by`), and until when the old one works. Its end is a change like any other, so
//! it is tried like any other: each old name is dropped from the model after everything, and all consumers are bound again.

use super::inputs::Inputs;
use super::subjects::subjects;
use crate::impact;
use crate::migrate::{Run, ScriptInput, TransactionMode, run};
use crate::name::{Name, QualifiedName, Quoting};
use crate::notice::OldNameEnd;
use crate::schema::{ObjectBody, Schema};
use crate::sql::read_script;
use crate::sql::tree::ViewKind;

/// Every promised old name that is still there after everything, with who is hit when it ends.
pub(super) fn old_names(inputs: &mut Inputs, after: &Run) -> Vec<OldNameEnd> {
    let mut ends = Vec::new();
    let mut scripts = Vec::new();
    for (index, migration) in (0_u32..).zip(&inputs.migrations) {
        let Some(sidecar) = migration.sidecar.as_ref().filter(|sidecar| sidecar.old_name_until.is_some()) else { continue };
        for (old, new) in &sidecar.replaced_by {
            let not_judged = match drop_statement(&after.after, &old.value) {
                Drop::Statement(sql) => {
                    let id = inputs.sources.add(format!("<end of {}>", old.value), sql);
                    scripts.push((ends.len(), read_script(&inputs.sources, id, after.after.dialect)));
                    None
                }
                Drop::NotThere => continue,
                Drop::Unknown(reason) => Some(reason),
            };
            ends.push(OldNameEnd { migration: index, old: old.value.clone(), new: new.value.clone(), effects: Vec::new(), not_judged });
        }
    }
    if scripts.is_empty() {
        return ends;
    }
    let mut whole = Run { after: after.after.clone(), steps: Vec::new() };
    for (number, script) in &scripts {
        let migration = u32::try_from(*number).unwrap_or(u32::MAX);
        let input = ScriptInput { migration, statements: &script.statements, transaction_mode: TransactionMode::EachStatement };
        let part = run(whole.after, inputs.session.clone(), &[input], &inputs.sources);
        whole.steps.extend(part.steps);
        whole.after = part.after;
    }
    let subjects = subjects(&inputs.catalog, &after.after, &inputs.session, &inputs.sources);
    for mut effect in impact::assess(&after.after, &whole, &subjects, &inputs.sources).effects {
        if let Some(end) = ends.get_mut(effect.migration as usize) {
            effect.migration = end.migration;
            // Its change is one of the trial, which nobody else knows.
            effect.change = None;
            end.effects.push(effect);
        }
    }
    ends
}

enum Drop {
    Statement(String),
    NotThere,
    Unknown(String),
}

/// What ends a name: `schema.table.column`, or `schema.table`.
fn drop_statement(schema: &Schema, name: &str) -> Drop {
    let parts: Vec<Name> = name.split('.').map(|part| schema.dialect.fold(part.trim(), Quoting::Bare)).collect();
    let (namespace, table, column) = match parts.as_slice() {
        [namespace, table] => (namespace, table, None),
        [namespace, table, column] => (namespace, table, Some(column)),
        _ => return Drop::Unknown(format!("`{name}` is not written as schema.table.column")),
    };
    let Some(relation) = schema.relation(&QualifiedName::new(namespace.clone(), table.clone())) else { return Drop::NotThere };
    let table = schema.dialect.quote_qualified(&QualifiedName::new(namespace.clone(), table.clone()));
    match (column, schema.get(relation).map(|object| &object.body)) {
        (None, Some(ObjectBody::View(view))) => {
            let kind = match view.kind {
                ViewKind::Plain => "VIEW",
                ViewKind::Materialized => "MATERIALIZED VIEW",
            };
            Drop::Statement(format!("DROP {kind} {table} CASCADE;\n"))
        }
        (None, Some(ObjectBody::Table(_))) => Drop::Statement(format!("DROP TABLE {table} CASCADE;\n")),
        (Some(column), Some(ObjectBody::Table(_))) if schema.columns(relation).iter().any(|own| own.name == *column) => {
            Drop::Statement(format!("ALTER TABLE {table} DROP COLUMN {} CASCADE;\n", schema.dialect.quote(column)))
        }
        (Some(_), Some(ObjectBody::Table(_))) => Drop::NotThere,
        _ => Drop::Unknown(format!("{name} is no column of a table, so its end cannot be tried")),
    }
}
