//! One sequence on both sides.
//!
//! In: a sequence. Out: where the two part: the statement, both answers, and what differs in the schema after it. After a disagreement the
//! model goes on with what the server has, so that one fault is told once.

use fieldgate::dialect;
use fieldgate::lineage::Session;
use fieldgate::migrate::{Outcome, Simulation, StatementId};
use fieldgate::schema::{Aspect, DifferenceKind, Object, Schema, ddl, difference};
use fieldgate::snapshot::live::{Limits, Settings, take};
use fieldgate::snapshot::read_yaml;
use fieldgate::sql::read_script;
use fieldgate::sql::tree::{ObjectKind, StatementKind, UnreadReason};
use fieldgate::text::Sources;
use postgres::Client;

use crate::sequence::{Expected, Sequence, Written};
use crate::server::Server;
use crate::texts;

/// A database to compare with.
pub struct Bench {
    settings: Settings,
    client: Client,
    /// Asked for texts, whatever the first is in.
    asked: Client,
    is_clean: bool,
    /// What an emptied database is.
    empty: Option<Schema>,
    runs: usize,
}

/// What came of a sequence.
#[derive(Default)]
pub struct Comparison {
    /// Where the two part.
    pub differences: Vec<Parting>,
    /// The statements.
    pub run: Vec<String>,
    /// How many statements were run.
    pub statements: usize,
    /// How many of them the server accepted.
    pub accepted: usize,
    /// How many statements the model said nothing about.
    pub unjudged: usize,
    schema_differs: bool,
}

/// A place where the two part.
pub struct Parting {
    /// In which way: the kind of statement and both answers, without names.
    pub kind: String,
    /// Whether both refuse, for another reason each.
    pub is_order: bool,
    text: String,
}

impl std::fmt::Display for Parting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Parting {
    fn new(statement: &str, way: &str, text: String) -> Self {
        let verb: Vec<&str> = statement.split_whitespace().filter(|word| word.chars().all(|letter| letter.is_ascii_uppercase())).take(4).collect();
        // Every second part stands in quotes.
        let way: Vec<&str> = way.split('"').step_by(2).collect();
        Self { kind: format!("{}: {}", verb.join(" "), way.join("_")), is_order: false, text }
    }
}

/// When the two schemas are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum When<'a> {
    /// At the end.
    Once,
    EachStatement,
    /// At the end, unless they parted in this way before.
    Until(&'a str),
}

impl Bench {
    /// A new database on the server.
    pub fn new(server: &Server, name: &str) -> Self {
        server.database(name);
        Self { settings: server.settings(name), client: server.connect(name), asked: server.connect(name), is_clean: false, empty: None, runs: 0 }
    }

    /// Leaves nothing behind: roles belong to the whole server.
    pub fn finish(mut self) {
        self.clean();
    }

    /// Runs a sequence on both sides.
    pub fn run(&mut self, sequence: &Sequence) -> Comparison {
        let once = self.run_with(sequence, When::Once);
        // Where the schemas part is looked for only when they do.
        let is_wanted = std::env::var_os("FIELDGATE_DIFFERENTIAL_EACH").is_some();
        if once.schema_differs && is_wanted { self.run_with(sequence, When::EachStatement) } else { once }
    }

    /// Runs a sequence until the two part in a way.
    pub fn run_until(&mut self, sequence: &Sequence, kind: &str) -> Comparison {
        self.run_with(sequence, When::Until(kind))
    }

    fn run_with(&mut self, sequence: &Sequence, when: When<'_>) -> Comparison {
        self.clean();
        self.is_clean = false;
        let mut pair = Pair { simulation: self.empty(), comparison: Comparison::default(), in_transaction: false, changed: false, lost: false };
        for (index, written) in sequence.statements.iter().enumerate() {
            self.step(&mut pair, written);
            if pair.lost {
                break;
            }
            if let When::Until(kind) = when
                && pair.comparison.differences.iter().any(|difference| difference.kind == kind)
            {
                break;
            }
            let is_last = index + 1 == sequence.statements.len();
            let may_differ = pair.changed && (when == When::EachStatement || is_last);
            if may_differ && !pair.in_transaction {
                self.compare_schemas(&mut pair, sequence, written);
            }
        }
        pair.comparison
    }

    fn step(&mut self, pair: &mut Pair, written: &Written) {
        if std::env::var_os("FIELDGATE_DIFFERENTIAL_TRACE").is_some() {
            eprintln!("{}", written.text);
        }
        let server = self.answer(&written.text);
        pair.comparison.run.push(written.text.clone());
        pair.comparison.statements += 1;
        pair.comparison.accepted += usize::from(server.is_none());
        let before = pair.simulation.clone();
        pair.changed |= server.is_none();
        let (outcome, is_syntax) = apply(&mut pair.simulation, &written.text);
        let here = verdict(&outcome, is_syntax);
        let agrees = match (&server, &here) {
            (None, Verdict::Accepted | Verdict::NotJudged(_)) => true,
            (Some((code, _)), Verdict::Refused(own, _)) => code == own,
            (Some((code, _)), Verdict::Accepted) => outcome.may_fail.iter().any(|may_fail| may_fail.sqlstate == code),
            (Some(_), Verdict::NotJudged(_)) => true,
            (None, Verdict::Refused(..)) => false,
        };
        let is_unjudged = matches!(here, Verdict::NotJudged(_));
        pair.comparison.unjudged += usize::from(is_unjudged);
        let as_expected = match written.expected {
            Expected::Same => agrees && !is_unjudged,
            Expected::Different => !agrees,
            Expected::NotJudged => is_unjudged,
            // What is written about 15 says nothing of other versions.
            Expected::Anything => true,
        };
        if !as_expected {
            let server = server.as_ref().map_or_else(|| String::from("ok"), |(code, message)| format!("{code} {message}"));
            let may_fail: Vec<&str> = outcome.may_fail.iter().map(|may_fail| may_fail.sqlstate).collect();
            let way = match &here {
                // Which of two faults is told.
                Verdict::Refused(own, _) if server != "ok" => format!("server {}, here {own}", server.split(' ').next().unwrap_or_default()),
                _ => format!("server {server}, here {here}"),
            };
            let text = format!("  line {}: {}\n    server: {server}\n    here:   {here} {}", written.line, written.text, may_fail.join(" "));
            let is_order = server != "ok" && matches!(here, Verdict::Refused(..));
            pair.comparison.differences.push(Parting { is_order, ..Parting::new(&written.text, &way, text) });
        }
        match &server {
            // The model goes on as if the statement had not been there; inside a block it has failed, as on the server.
            Some(_) if outcome.refusal.is_none() => pair.simulation = before,
            None if !agrees || is_unjudged => {
                // What a block has done so far no snapshot tells.
                if pair.in_transaction {
                    pair.lost = true;
                } else {
                    pair.simulation = self.model();
                }
            }
            _ => {}
        }
        pair.in_transaction = self.is_in_transaction();
    }

    fn is_in_transaction(&mut self) -> bool {
        // Inside a block the time of the transaction stands still; a failed one takes no query.
        let now = "SELECT now() <> statement_timestamp()";
        let row = self.client.simple_query(now);
        row.map_or(true, |messages| messages.iter().any(|message| matches!(message, postgres::SimpleQueryMessage::Row(row) if row.get(0) == Some("t"))))
    }

    /// The server's SQLSTATE and message; `None` when it accepts.
    fn answer(&mut self, text: &str) -> Option<(String, String)> {
        let error = self.client.batch_execute(text).err()?;
        let answer = error.as_db_error().unwrap_or_else(|| panic!("the server is gone after {text}: {error}"));
        Some((answer.code().code().to_owned(), answer.message().to_owned()))
    }

    /// The schema that the server has, as a model.
    fn model(&self) -> Simulation {
        let schema = self.live();
        let session = Session::new(&schema);
        Simulation::new(schema, session)
    }

    fn empty(&mut self) -> Simulation {
        let schema = match self.empty.take() {
            Some(schema) => schema,
            None => self.live(),
        };
        self.empty = Some(schema.clone());
        let session = Session::new(&schema);
        Simulation::new(schema, session)
    }

    fn live(&self) -> Schema {
        let text = take(&self.settings, Limits::default(), None).unwrap_or_else(|error| panic!("{error}"));
        let mut sources = Sources::default();
        let id = sources.add("live", text.as_str());
        match read_yaml(&mut sources, id, dialect::named("postgres").unwrap()) {
            Ok((snapshot, _)) => snapshot.schema,
            Err(problems) => panic!("{}\n{text}", problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join("\n")),
        }
    }

    fn compare_schemas(&mut self, pair: &mut Pair, sequence: &Sequence, written: &Written) {
        let live = self.live();
        let session = pair.simulation.session().clone();
        // A snapshot has no temporary objects.
        let model = pair.simulation.clone().with_new_session(session.clone());
        let mut different = false;
        pair.changed = false;
        for one in difference(&live, model.schema()) {
            // Views keep their query as it was written, and the kinds that are kept by text keep the statement that made them: the server says
            // whether both mean the same.
            let is_text = matches!(&one.kind, DifferenceKind::Changed { aspect: Aspect::Definition, .. });
            let mut one = one;
            if is_text && KEPT_AS_WRITTEN.contains(&one.object_kind) {
                let schema = model.schema();
                let is_it = |object: &&Object| object.kind() == one.object_kind && ddl::name_phrase(schema, object.id) == one.name;
                let Some(object) = schema.objects().find(is_it) else { panic!("{} is in the model", one.name) };
                let Some(apart) = texts::apart(&mut self.asked, schema, object) else { continue };
                one.kind = DifferenceKind::Changed { aspect: Aspect::Definition, before: apart.server, after: apart.here };
            }
            if one.kind == DifferenceKind::Extra && NOT_IN_A_SNAPSHOT.contains(&one.object_kind) {
                continue;
            }
            let text = match &one.kind {
                DifferenceKind::Missing => format!("{:?} {} is on the server only", one.object_kind, one.name),
                DifferenceKind::Extra => format!("{:?} {} is in the model only", one.object_kind, one.name),
                DifferenceKind::Changed { aspect, before, after } => {
                    format!("{:?} {}: {}\n      server: {before}\n      here:   {after}", one.object_kind, one.name, aspect.words())
                }
            };
            if sequence.accepted.iter().any(|accepted| text.contains(accepted.as_str())) {
                continue;
            }
            let way = match &one.kind {
                DifferenceKind::Missing => String::from("missing"),
                DifferenceKind::Extra => String::from("extra"),
                DifferenceKind::Changed { aspect, .. } => aspect.words().to_owned(),
            };
            let way = format!("{:?} {way}", one.object_kind);
            let text = format!("  line {}: {}\n    {text}", written.line, written.text);
            pair.comparison.differences.push(Parting::new("schema", &way, text));
            different = true;
            pair.comparison.schema_differs = true;
        }
        if different {
            let next = self.model();
            let path = session.search_path.clone();
            pair.simulation = Simulation::new(next.schema().clone(), Session { search_path: path, temporary: None, ..session });
        }
    }

    /// An empty database again.
    fn clean(&mut self) {
        if self.is_clean {
            return;
        }
        self.runs += 1;
        let _ = self.client.batch_execute("ROLLBACK");
        self.client.batch_execute("RESET SESSION AUTHORIZATION").unwrap();
        self.client.batch_execute("DISCARD ALL").unwrap();
        // A sequence may have dropped what cleans up.
        self.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql").unwrap();
        self.client.batch_execute(CLEAN).unwrap_or_else(|error| panic!("the database is not emptied: {error:?}"));
        // Nobody else cleans the catalogs up.
        if self.runs.is_multiple_of(100) {
            self.client.batch_execute("VACUUM").unwrap();
        }
    }
}

struct Pair {
    simulation: Simulation,
    comparison: Comparison,
    in_transaction: bool,
    /// Whether anything can have changed since the schemas were last compared.
    changed: bool,
    /// Whether the model could not go on with what the server has.
    lost: bool,
}

enum Verdict {
    Accepted,
    Refused(&'static str, String),
    NotJudged(String),
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Accepted => write!(f, "ok"),
            Self::Refused(code, message) => write!(f, "{code} {message}"),
            Self::NotJudged(reason) => write!(f, "not judged: {reason}"),
        }
    }
}

fn apply(simulation: &mut Simulation, text: &str) -> (Outcome, bool) {
    let mut sources = Sources::default();
    let id = sources.add("statement", text);
    let script = read_script(&sources, id, dialect::named("postgres").unwrap());
    let [statement] = script.statements.as_slice() else { panic!("one statement: {text}") };
    let is_syntax = matches!(&statement.kind, StatementKind::Unread(unread) if unread.reason == UnreadReason::Syntax);
    (simulation.apply(StatementId { migration: 0, statement: 0 }, statement, &sources), is_syntax)
}

fn verdict(outcome: &Outcome, is_syntax: bool) -> Verdict {
    match (&outcome.refusal, outcome.not_judged.first()) {
        (Some(refusal), _) => Verdict::Refused(refusal.sqlstate, refusal.message.clone()),
        // What is no SQL is refused by every server; it is shown under *Not judged* since it may be SQL of another kind.
        (None, Some(_)) if is_syntax => Verdict::Refused("42601", String::from("not read")),
        (None, Some(not_judged)) => Verdict::NotJudged(not_judged.reason.clone()),
        (None, None) => Verdict::Accepted,
    }
}

/// Kinds whose text is that of their statement. Those that `texts` has no question for (a collation, an operator, a cast, a server, a wrapper, a text
/// search object, a range type) the server prints nowhere; a snapshot puts their statements together from their parts.
const KEPT_AS_WRITTEN: &[ObjectKind] = &[
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Trigger,
    ObjectKind::EventTrigger,
    ObjectKind::Rule,
    ObjectKind::Policy,
    ObjectKind::Function,
    ObjectKind::Procedure,
    ObjectKind::Aggregate,
    ObjectKind::Statistics,
    ObjectKind::Publication,
    ObjectKind::Collation,
    ObjectKind::Operator,
    ObjectKind::Cast,
    ObjectKind::Server,
    ObjectKind::ForeignDataWrapper,
    ObjectKind::TextSearchConfiguration,
    ObjectKind::TextSearchDictionary,
    ObjectKind::Type,
];

/// What the model keeps so that later statements are judged, and a snapshot does not hold.
const NOT_IN_A_SNAPSHOT: &[ObjectKind] = &[
    ObjectKind::OperatorClass,
    ObjectKind::OperatorFamily,
    ObjectKind::AccessMethod,
    ObjectKind::Language,
    ObjectKind::Role,
    ObjectKind::Subscription,
    ObjectKind::UserMapping,
    ObjectKind::Tablespace,
    ObjectKind::Transform,
    ObjectKind::Conversion,
    ObjectKind::TextSearchParser,
    ObjectKind::TextSearchTemplate,
];

/// Drops everything that a sequence can have made.
const CLEAN: &str = "
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT evtname AS name FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', one.name); END LOOP;
  FOR one IN SELECT pubname AS name FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', one.name); END LOOP;
  FOR one IN SELECT subname AS name FROM pg_subscription LOOP
    EXECUTE format('ALTER SUBSCRIPTION %I DISABLE', one.name);
    EXECUTE format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', one.name);
    EXECUTE format('DROP SUBSCRIPTION %I', one.name);
  END LOOP;
  FOR one IN SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql' LOOP EXECUTE format('DROP EXTENSION IF EXISTS %I CASCADE', one.name); END LOOP;
  FOR one IN SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE format('DROP SCHEMA %I CASCADE', one.name);
  END LOOP;
  FOR one IN SELECT fdwname AS name FROM pg_foreign_data_wrapper LOOP EXECUTE format('DROP FOREIGN DATA WRAPPER %I CASCADE', one.name); END LOOP;
  FOR one IN SELECT lanname AS name FROM pg_language WHERE oid >= 16384 AND lanname <> 'plpgsql' LOOP EXECUTE format('DROP LANGUAGE %I CASCADE', one.name); END LOOP;
  FOR one IN SELECT amname AS name FROM pg_am WHERE oid >= 16384 LOOP EXECUTE format('DROP ACCESS METHOD %I CASCADE', one.name); END LOOP;
  FOR one IN SELECT format('%s AS %s', castsource::regtype, casttarget::regtype) AS name FROM pg_cast WHERE oid >= 16384 LOOP
    EXECUTE format('DROP CAST (%s)', one.name);
  END LOOP;
  FOR one IN SELECT rolname AS name FROM pg_roles WHERE rolname !~ '^pg_' AND rolname !~ '^(postgres|kept_.*)$' LOOP
    EXECUTE format('DROP OWNED BY %I CASCADE', one.name);
    EXECUTE format('DROP ROLE %I', one.name);
  END LOOP;
END $$;
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT defaclrole::regrole::text AS name FROM pg_default_acl LOOP EXECUTE format('DROP OWNED BY %s', one.name); END LOOP;
EXCEPTION WHEN OTHERS THEN
  DELETE FROM pg_default_acl;
  DELETE FROM pg_shdepend WHERE classid = 'pg_default_acl'::regclass AND dbid = (SELECT oid FROM pg_database WHERE datname = current_database());
END $$;
CREATE SCHEMA public;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
";
