//! Many consumers under many changes: what the server says before and after each, and what the model says of it, cell by cell.
//!
//! `matrix/consumers.sql` and `matrix/changes.sql` have one on each line. In a cell the server prepares the consumer's statement and runs it, before and
//! after the change: names, types and rows that come out, or an SQLSTATE. Every cell must agree, or stand in `matrix/reasons.tsv` with a reason:
//! a part of the change, a part of the consumer (`*` for any), what disagrees, why. A line that fits no cell is a fault too.

use std::io::Read;

use fieldgate::dialect;
use fieldgate::impact::{Cause, Effect, EffectKind, Impact, Subject, assess};
use fieldgate::lineage::Session;
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::name::Name;
use fieldgate::sql::read_script;
use fieldgate::text::Sources;
use postgres::{Client, SimpleQueryMessage};

use crate::server::server;

const SCHEMA: &str = include_str!("matrix/schema.sql");
const CONSUMERS: &str = include_str!("matrix/consumers.sql");
const CHANGES: &str = include_str!("matrix/changes.sql");
const REASONS: &str = include_str!("matrix/reasons.tsv");

/// One cell of so many is looked at; `FIELDGATE_TEST_CASES=all` looks at every one.
const SHARE: usize = 6;

/// What came out when the statement was run.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ran {
    Rows(Vec<Vec<Option<String>>>),
    Refused(String),
    NotRun,
}

/// The server's word on a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    /// Names and types of what comes out, or the SQLSTATE.
    described: Result<Vec<(String, String)>, String>,
    ran: Ran,
}

fn code(error: &postgres::Error) -> String {
    error.code().map_or_else(|| error.to_string(), |code| code.code().to_owned())
}

fn ask(client: &mut Client, query: &str) -> Word {
    client.batch_execute("SAVEPOINT asked").unwrap();
    let word = if query.starts_with("COPY") { copied(client, query) } else { prepared(client, query) };
    client.batch_execute("ROLLBACK TO SAVEPOINT asked").unwrap();
    word
}

fn copied(client: &mut Client, query: &str) -> Word {
    let mut text = String::new();
    let outcome = match client.copy_out(query) {
        Ok(mut reader) => reader.read_to_string(&mut text).map(|_| ()).map_err(|error| error.to_string()),
        Err(error) => Err(code(&error)),
    };
    match outcome {
        Ok(()) => Word { described: Ok(Vec::new()), ran: Ran::Rows(vec![vec![Some(text)]]) },
        Err(code) => Word { described: Err(code), ran: Ran::NotRun },
    }
}

fn prepared(client: &mut Client, query: &str) -> Word {
    let statement = match client.prepare(query) {
        Ok(statement) => statement,
        Err(error) => return Word { described: Err(code(&error)), ran: Ran::NotRun },
    };
    let plain = statement.columns().iter().map(|column| (column.name().to_owned(), column.type_().name().to_owned())).collect();
    let described = with_modifiers(client, query).unwrap_or(plain);
    if !statement.params().is_empty() {
        return Word { described: Ok(described), ran: Ran::NotRun };
    }
    let ran = match client.simple_query(query) {
        Err(error) => Ran::Refused(code(&error)),
        Ok(messages) => Ran::Rows(
            messages
                .iter()
                .filter_map(|message| match message {
                    SimpleQueryMessage::Row(row) => Some((0..row.len()).map(|place| row.get(place).map(str::to_owned)).collect()),
                    SimpleQueryMessage::CommandComplete(count) => Some(vec![Some(count.to_string())]),
                    _ => None,
                })
                .collect(),
        ),
    };
    Word { described: Ok(described), ran }
}

/// Types with their modifiers, through a table made from the query; `None` when there can be no such table.
fn with_modifiers(client: &mut Client, query: &str) -> Option<Vec<(String, String)>> {
    if !query.starts_with("SELECT") && !query.starts_with("TABLE") {
        return None;
    }
    client.batch_execute("SAVEPOINT described").unwrap();
    let made = client.batch_execute(&format!("CREATE TEMP TABLE described AS {query} WITH NO DATA"));
    let rows = made.ok().and_then(|()| {
        let asked =
            "SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'described'::regclass AND attnum > 0 ORDER BY attnum";
        client.query(asked, &[]).ok()
    });
    client.batch_execute("ROLLBACK TO SAVEPOINT described").unwrap();
    rows.map(|rows| rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// Makes the warehouse, and the change when there is one; gives the SQLSTATE when that is refused.
fn prepare(client: &mut Client, change: Option<&str>) -> Option<String> {
    client.batch_execute("BEGIN; SET LOCAL TimeZone = 'America/New_York'; SET LOCAL search_path = app, rep, public").unwrap();
    client.batch_execute(SCHEMA).unwrap();
    change.and_then(|change| client.batch_execute(change).err().map(|error| code(&error)))
}

struct Model {
    impact: Impact,
    refusal: Option<String>,
}

fn model(change: &str, consumers: &[&str]) -> Model {
    let dialect = dialect::named("postgres").unwrap();
    let mut sources = Sources::default();
    let mut script = |name: &str, text: &str| {
        let id = sources.add(name, text);
        read_script(&sources, id, dialect)
    };
    let (ddl, change) = (script("ddl", SCHEMA), script("change", change));
    let queries: Vec<_> = consumers.iter().map(|query| script("query", query)).collect();
    let first = build(&ddl.statements, dialect, &sources).after;
    let mut session = Session::new(&first);
    session.search_path = ["app", "rep", "public"].map(Name::stored).to_vec();
    let input = ScriptInput { migration: 0, statements: &change.statements, transaction_mode: TransactionMode::Wrapped };
    let run = run(first.clone(), session.clone(), &[input], &sources);
    let subjects: Vec<Subject> = queries
        .into_iter()
        .enumerate()
        .map(|(place, query)| Subject {
            id: place.to_string().into(),
            name: place.to_string(),
            session: session.clone(),
            statements: query.statements,
            reads: Vec::new(),
            positions: Vec::new(),
            writes: Vec::new(),
        })
        .collect();
    let refusal = run.steps.iter().find_map(|step| step.outcome.refusal.as_ref()).map(|refusal| refusal.sqlstate.to_owned());
    Model { impact: assess(&first, &run, &subjects, &sources), refusal }
}

/// What is wrong in a cell: `None` when model and server agree.
fn disagreement(before: &Word, after: &Word, effects: &[&Effect]) -> Option<&'static str> {
    let has = |kind: EffectKind| effects.iter().any(|effect| effect.kind == kind);
    let told = |cause: Cause| effects.iter().any(|effect| effect.cause == cause && effect.kind == EffectKind::ChangesSilently);
    let breaks = has(EffectKind::Breaks);
    let any = !effects.is_empty();
    let Ok(was) = &before.described else { return None };
    match &after.described {
        Err(code) => {
            let right = effects.iter().any(|effect| effect.kind == EffectKind::Breaks && effect.evidence.sqlstate == Some(code));
            match (right, breaks, has(EffectKind::Unknown)) {
                (true, ..) => None,
                (false, true, _) => Some("another code"),
                (false, false, true) => Some("unknown"),
                (false, false, false) => Some("a missed refusal"),
            }
        }
        Ok(_) if matches!(&after.ran, Ran::Refused(_)) && before.ran != after.ran => (!any).then_some("a missed failure"),
        Ok(_) if breaks => Some("a false refusal"),
        Ok(is) if was != is => {
            let names = |word: &[(String, String)]| word.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
            let cause = if names(was) == names(is) { Cause::OutputType } else { Cause::OutputShape };
            (!told(cause)).then_some("untold columns")
        }
        Ok(_) if before.ran != after.ran => (!any).then_some("untold values"),
        Ok(_) if has(EffectKind::Unknown) => Some("unknown"),
        Ok(_) => has(EffectKind::ChangesSilently).then_some("values that stay here"),
    }
}

struct Reason {
    change: &'static str,
    consumer: &'static str,
    what: &'static str,
}

impl Reason {
    fn fits(&self, change: &str, consumer: &str, what: &str) -> bool {
        let part = |part: &str, whole: &str| part == "*" || whole.contains(part);
        self.what == what && part(self.change, change) && part(self.consumer, consumer)
    }
}

fn reasons() -> Vec<Reason> {
    let lines = REASONS.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let parts: Vec<&'static str> = line.split('\t').collect();
            assert!(parts.len() == 4 && !parts[3].is_empty(), "a line has four parts, the last a reason: {line}");
            Reason { change: parts[0], consumer: parts[1], what: parts[2] }
        })
        .collect()
}

#[test]
fn every_cell_of_the_matrix_agrees_with_the_server_or_has_a_reason() {
    let Some(server) = server() else { return };
    server.database("matrix");
    let mut client = server.connect("matrix");
    let consumers: Vec<&str> = CONSUMERS.lines().collect();
    let everything = std::env::var("FIELDGATE_TEST_CASES").is_ok_and(|cases| cases == "all");
    let reasons = reasons();
    let mut used = vec![false; reasons.len()];
    let mut faults = Vec::new();
    prepare(&mut client, None);
    let before: Vec<Word> = consumers.iter().map(|query| ask(&mut client, query)).collect();
    client.batch_execute("ROLLBACK").unwrap();
    for (row, change) in CHANGES.lines().enumerate() {
        let model = model(change, &consumers);
        for (broken, query) in model.impact.broken_before.iter().filter_map(|broken| Some((broken, consumers.get(broken.consumer.parse::<usize>().ok()?)?))) {
            faults.push(format!("not understood before: {query}: {}", broken.message));
        }
        let refused = prepare(&mut client, Some(change));
        if refused != model.refusal {
            faults.push(format!("the change itself: server {refused:?}, model {:?}: {change}", model.refusal));
        }
        for (place, query) in consumers.iter().enumerate().filter(|(place, _)| refused.is_none() && (everything || (row + place) % SHARE == 0)) {
            let after = ask(&mut client, query);
            let id = place.to_string();
            let effects: Vec<&Effect> = model.impact.effects.iter().filter(|effect| *effect.consumer == *id).collect();
            let Some(what) = disagreement(&before[place], &after, &effects) else { continue };
            match reasons.iter().position(|reason| reason.fits(change, query, what)) {
                Some(line) => used[line] = true,
                None => {
                    let said: Vec<String> = effects.iter().map(|effect| format!("{:?} {:?} {}", effect.kind, effect.cause, effect.message)).collect();
                    faults.push(format!("{what}\n  {change}\n  {query}\n  server: {:?}\n  model: {}", after.described, said.join("; ")));
                }
            }
        }
        client.batch_execute("ROLLBACK").unwrap();
    }
    let stale = reasons.iter().zip(&used).filter(|(_, used)| everything && !**used);
    faults.extend(stale.map(|(reason, _)| format!("no cell needs this reason any more: {} / {} / {}", reason.change, reason.consumer, reason.what)));
    faults.dedup();
    assert!(faults.is_empty(), "{} cells disagree\n{}", faults.len(), faults.join("\n"));
}
