//! A way back tried on a real PostgreSQL: the schema before with generated rows, prepare, migration, way back, clean up; then schema and rows are compared.
//!
//! In: texts and a place to try them. Out: a [`ServerProof`], which says how far it got and what differed. What a plan makes of it is [`super::held_to`]'s.

use std::collections::{BTreeMap, BTreeSet};

use postgres::Client;

use super::proof::is_order;
use super::saved_name::SAVED;
use crate::migrate::TransactionMode;
use crate::name::Name;
use crate::schema::{Aspect, Difference, DifferenceKind, Schema, difference};
use crate::server::{Filling, OwnDatabase, Place, RowStyle, Rows, ServerError, fill, restore, rows_of};
use crate::snapshot::live::{self, Limits};
use crate::snapshot::read_yaml;
use crate::sql::tree::ObjectKind;
use crate::text::Sources;

/// Statements as they are sent.
#[derive(Clone, Debug)]
pub struct SentScript {
    /// One after the other, without semicolons.
    pub statements: Vec<String>,
    /// Whether they are one transaction.
    pub transaction_mode: TransactionMode,
}

/// What is tried.
#[derive(Clone, Debug)]
pub struct Trial<'a> {
    /// The schema to start from, and to come back to.
    pub before: &'a Schema,
    /// What the migration makes of it.
    pub after: &'a Schema,
    /// Where names without a schema are looked for.
    pub search_path: &'a [Name],
    /// What is run before the migration; nothing for a hand-written way back.
    pub prepare: Vec<String>,
    /// The migration.
    pub migration: SentScript,
    /// The way back.
    pub way_back: SentScript,
    /// What is run at the end.
    pub clean_up: Vec<String>,
}

/// How far it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServerOutcome {
    /// Schema and rows are as they were.
    Restored,
    /// The schema is as it was; what is not the same in the rows.
    SchemaOnly(Vec<String>),
    /// The way back was refused, or the schema is another; in what.
    NotRestored(Vec<String>),
    /// It could not be tried; why.
    NotTried(String),
}

/// What a server said to a way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerProof {
    /// Its version; empty when it was not reached.
    pub version: String,
    /// Tables, rows, and what could not be filled.
    pub filling: Filling,
    /// How rows were made: less varied ones are taken when the migration is refused on others.
    pub row_style: RowStyle,
    /// Why the migration was refused on more varied rows, when it was.
    pub refused_on_rows: Vec<String>,
    /// How far it got.
    pub outcome: ServerOutcome,
}

impl ServerProof {
    /// The word in JSON.
    pub fn word(&self) -> &'static str {
        match &self.outcome {
            ServerOutcome::Restored => "restored",
            ServerOutcome::SchemaOnly(_) => "schema_only",
            ServerOutcome::NotRestored(_) => "not_restored",
            ServerOutcome::NotTried(_) => "not_tried",
        }
    }

    /// What differed, or why it was not tried; empty when all is as it was.
    pub fn differences(&self) -> &[String] {
        match &self.outcome {
            ServerOutcome::Restored => &[],
            ServerOutcome::SchemaOnly(differences) | ServerOutcome::NotRestored(differences) => differences,
            ServerOutcome::NotTried(reason) => std::slice::from_ref(reason),
        }
    }
}

/// Where a trial stopped.
enum Stop {
    /// The migration was refused: by the rows, perhaps.
    Migration(ServerError),
    /// Something else than the way back is at fault.
    Other(ServerError),
}

impl From<ServerError> for Stop {
    fn from(error: ServerError) -> Self {
        Self::Other(error)
    }
}

/// Tries it. Every database it makes is dropped again.
pub fn try_on_server(trial: &Trial<'_>, place: &Place) -> ServerProof {
    let mut proof = ServerProof {
        version: String::new(),
        filling: Filling { filled: 0, rows: 0, empty: BTreeMap::new() },
        row_style: RowStyle::None,
        refused_on_rows: Vec::new(),
        outcome: ServerOutcome::NotTried(String::from("nothing was tried")),
    };
    let mut roles = BTreeSet::new();
    let mut styles = [RowStyle::Varied, RowStyle::Fitting, RowStyle::None].into_iter().peekable();
    while let Some(style) = styles.peek().copied() {
        proof.row_style = style;
        match attempt(trial, place, style, &roles, &mut proof) {
            Ok(outcome) => {
                proof.outcome = outcome;
                return proof;
            }
            // A role that the migration speaks of and no schema does.
            Err(Stop::Migration(error) | Stop::Other(error)) if missing_role(&error).is_some_and(|role| roles.insert(role)) => {}
            Err(Stop::Migration(error)) if style == RowStyle::None => {
                proof.outcome = ServerOutcome::NotTried(format!("the migration itself is refused: {error}"));
                return proof;
            }
            Err(Stop::Migration(error)) => {
                proof.refused_on_rows.push(error.to_string());
                styles.next();
            }
            Err(Stop::Other(error)) => {
                proof.outcome = ServerOutcome::NotTried(error.to_string());
                return proof;
            }
        }
    }
    proof
}

/// `role "x" does not exist`, by its code and words (a throw-away server speaks English).
fn missing_role(error: &ServerError) -> Option<String> {
    let ServerError::Refused { sqlstate, message, .. } = error else { return None };
    let name = message.strip_prefix("role \"")?.strip_suffix("\" does not exist")?;
    (sqlstate == "42704").then(|| name.to_owned())
}

fn attempt(trial: &Trial<'_>, place: &Place, style: RowStyle, roles: &BTreeSet<String>, proof: &mut ServerProof) -> Result<ServerOutcome, Stop> {
    let database = OwnDatabase::create(place)?;
    proof.version = database.version()?;
    database.need_roles(roles)?;
    restore(trial.before, &database)?;
    proof.filling = fill(trial.before, trial.after, &mut database.connect()?, style)?;
    let (schema_before, rows_before) = moment(trial, &database)?;
    let others: Vec<String> = difference(trial.before, &schema_before).iter().filter(|one| !is_spelling(one)).map(ToString::to_string).collect();
    if let [first, rest @ ..] = others.as_slice() {
        let more = if rest.is_empty() { String::new() } else { format!("; and {} more", rest.len()) };
        return Ok(ServerOutcome::NotTried(format!("the schema that the server was given is not the one of the snapshot: {first}{more}")));
    }
    let one_by_one = TransactionMode::EachStatement;
    send(&database, trial, &trial.prepare, one_by_one, "what is to be saved before the migration").map_err(Stop::Migration)?;
    send(&database, trial, &trial.migration.statements, trial.migration.transaction_mode, "the migration").map_err(Stop::Migration)?;
    for (statements, mode, what) in
        [(&trial.way_back.statements, trial.way_back.transaction_mode, "the way back"), (&trial.clean_up, one_by_one, "the cleaning up after it")]
    {
        match send(&database, trial, statements, mode, what) {
            Ok(()) => {}
            Err(error) if missing_role(&error).is_some() => return Err(error.into()),
            Err(error) => return Ok(ServerOutcome::NotRestored(vec![error.to_string()])),
        }
    }
    let (schema_after, rows_after) = moment(trial, &database)?;
    let differences: Vec<String> =
        difference(&schema_before, &schema_after).iter().filter(|difference| !is_order(difference)).map(ToString::to_string).collect();
    if !differences.is_empty() {
        return Ok(ServerOutcome::NotRestored(differences));
    }
    let differences: Vec<String> = rows_before.differences(&rows_after).iter().map(ToString::to_string).collect();
    Ok(if differences.is_empty() { ServerOutcome::Restored } else { ServerOutcome::SchemaOnly(differences) })
}

/// Texts that the server words anew when it is given them, what is filled there or is not, and the comment that every extension brings along.
fn is_spelling(difference: &Difference) -> bool {
    match &difference.kind {
        DifferenceKind::Changed { aspect: Aspect::Comment, .. } => difference.object_kind == ObjectKind::Extension,
        DifferenceKind::Changed { aspect, .. } => matches!(aspect, Aspect::Definition | Aspect::Default | Aspect::Generated | Aspect::Populated),
        // Triggers make tables when rows are filled in.
        DifferenceKind::Extra => true,
        DifferenceKind::Missing => false,
    }
}

/// Schema and rows as they are now.
fn moment(trial: &Trial<'_>, database: &OwnDatabase<'_>) -> Result<(Schema, Rows), ServerError> {
    let text = live::take(&database.settings()?, Limits::default(), None)?;
    let mut sources = Sources::default();
    let id = sources.add("<proof>", text);
    let (snapshot, _) = read_yaml(&mut sources, id, trial.before.dialect)
        .map_err(|problems| ServerError::NotUnderstood { reason: problems.into_iter().next().map(|problem| problem.message).unwrap_or_default() })?;
    Ok((snapshot.schema, rows_of(&mut database.connect()?, SAVED)?))
}

/// Sends statements over a connection of their own, as their runner would.
fn send(database: &OwnDatabase<'_>, trial: &Trial<'_>, statements: &[String], mode: TransactionMode, what: &str) -> Result<(), ServerError> {
    if statements.is_empty() {
        return Ok(());
    }
    let mut client = database.connect()?;
    let path: Vec<String> = trial.search_path.iter().map(|name| trial.before.dialect.quote(name)).collect();
    if !path.is_empty() {
        execute(&mut client, &format!("SET search_path = {}", path.join(", ")), what)?;
    }
    if mode == TransactionMode::Wrapped {
        execute(&mut client, "BEGIN", what)?;
    }
    for statement in statements {
        execute(&mut client, statement, what)?;
    }
    if mode == TransactionMode::Wrapped {
        execute(&mut client, "COMMIT", what)?;
    }
    Ok(())
}

fn execute(client: &mut Client, statement: &str, what: &str) -> Result<(), ServerError> {
    client.batch_execute(statement).map_err(|error| match error.as_db_error() {
        Some(answer) => ServerError::Refused {
            what: format!("{what} (`{}`)", shortened(statement)),
            sqlstate: answer.code().code().to_owned(),
            message: answer.message().to_owned(),
        },
        None => ServerError::Broken { what: format!("{what} was run"), reason: error.to_string() },
    })
}

/// One line of at most a hundred characters.
fn shortened(statement: &str) -> String {
    let line = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= 100 { line } else { format!("{}…", line.chars().take(99).collect::<String>()) }
}
