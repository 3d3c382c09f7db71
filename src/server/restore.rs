//! A schema made in an empty database.

use std::collections::BTreeSet;

use postgres::Client;

use super::error::ServerError;
use super::own_database::OwnDatabase;
use crate::schema::{GrantEntry, ObjectBody, Schema, ddl};

/// Makes everything that the schema holds.
///
/// # Errors
/// When the server refuses a statement, or a role is missing on a server that is not ours.
pub fn restore(schema: &Schema, database: &OwnDatabase<'_>) -> Result<(), ServerError> {
    database.need_roles(&roles(schema))?;
    let mut client = database.connect()?;
    let fault = |error: postgres::Error| ServerError::of(&error, "restoring the snapshot");
    client.batch_execute("SET check_function_bodies = false").map_err(fault)?;
    let statements = ddl::statements(schema);
    // All in one message is quick; one that is refused is found by itself.
    if client.batch_execute(&statements.join(";\n")).is_ok() {
        return Ok(());
    }
    for statement in &statements {
        run(&mut client, statement)?;
    }
    Ok(())
}

fn run(client: &mut Client, statement: &str) -> Result<(), ServerError> {
    let first = statement.lines().next().unwrap_or_default();
    client.batch_execute(statement).map_err(|error| ServerError::of(&error, format!("restoring the snapshot (`{first}`)")))
}

/// Every role that the schema speaks of.
fn roles(schema: &Schema) -> BTreeSet<String> {
    let mut roles = BTreeSet::new();
    let of_grants = |grants: &[GrantEntry]| grants.iter().filter_map(|entry| entry.grantee.as_ref()).map(|role| role.as_str().to_owned()).collect::<Vec<_>>();
    for object in schema.objects() {
        roles.extend(object.owner.as_ref().map(|owner| owner.as_str().to_owned()));
        roles.extend(object.grants.as_deref().map(of_grants).unwrap_or_default());
        roles.extend(schema.columns(object.id).iter().flat_map(|column| of_grants(&column.grants)));
        match &object.body {
            ObjectBody::Policy(policy) => roles.extend(policy.roles.iter().map(|role| role.as_str().to_owned())),
            ObjectBody::Schema
            | ObjectBody::Table(_)
            | ObjectBody::View(_)
            | ObjectBody::Index(_)
            | ObjectBody::Sequence(_)
            | ObjectBody::Constraint(_)
            | ObjectBody::Type(_)
            | ObjectBody::Function(_)
            | ObjectBody::Trigger(_)
            | ObjectBody::Rule(_)
            | ObjectBody::Extension(_)
            | ObjectBody::Other(_) => {}
        }
    }
    // Words, and roles that every server has.
    roles.retain(|role| !role.starts_with("pg_") && !matches!(role.to_ascii_lowercase().as_str(), "public" | "current_user" | "session_user" | "current_role"));
    roles
}
