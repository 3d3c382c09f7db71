//! The one connection: opened, asked, closed.

use postgres::{Client, IsolationLevel, NoTls, Transaction};
use serde_json::{Map, Value};

use super::applied::RUNNER_TABLES;
use super::fault::{of_connection, of_query};
use super::settings::Settings;
use super::tls::connector;
use super::tree::{name_owner_once, push, put, shorten_keys};
use super::{LiveError, TlsMode};
use super::{object_query, relation_query};
use crate::snapshot::emit::emit;
use crate::snapshot::file::{Document, VERSION};
use crate::snapshot::snapshot_file::document_yaml;
use crate::text::Sources;
use crate::yaml::read;

/// How long the server may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For one query, in milliseconds.
    pub statement_timeout_ms: u64,
    /// For a lock that somebody else holds, in milliseconds.
    pub lock_timeout_ms: u64,
}

impl Default for Limits {
    /// A minute for a query, three seconds for a lock.
    fn default() -> Self {
        Self { statement_timeout_ms: 60_000, lock_timeout_ms: 3_000 }
    }
}

/// The oldest major version whose catalogs are read.
const OLDEST: u32 = 12;

/// Takes a snapshot and gives the text of its file. `taken_at` is the moment that is written down, RFC 3339 in UTC.
///
/// # Errors
/// When there is no connection, the server is too old or no PostgreSQL, something may not be read, or it takes too long.
pub fn take(settings: &Settings, limits: Limits, taken_at: Option<&str>) -> Result<String, LiveError> {
    let mut client = connect(settings)?;
    let version = server_version(&mut client, settings)?;
    let mut reading = Reading { transaction: begin(&mut client, settings, limits)?, settings, tree: Map::new() };
    reading.head(&version, taken_at)?;
    reading.objects(version.major)?;
    reading.relations(version.major)?;
    reading.applied()?;
    let mut tree = reading.tree;
    name_owner_once(&mut tree);
    Ok(canonical(&emit(&Value::Object(in_order(tree)))))
}

/// Opens a connection.
///
/// # Errors
/// When nobody answers, or the answer is no.
pub fn connect(settings: &Settings) -> Result<Client, LiveError> {
    let config = settings.config();
    let client = match settings.tls {
        TlsMode::Disable => config.connect(NoTls),
        mode => config.connect(connector(mode, settings.root_certificates.as_deref())?),
    };
    client.map_err(|error| of_connection(&error, settings))
}

struct Version {
    text: String,
    major: u32,
}

fn server_version(client: &mut Client, settings: &Settings) -> Result<Version, LiveError> {
    let row = client.query_one("SELECT current_setting('server_version'), current_setting('server_version_num'), version()", &[]);
    let row = row.map_err(|error| of_query(&error, "the server's version", settings))?;
    let (text, number, banner): (String, String, String) = (row.get(0), row.get(1), row.get(2));
    let place = settings.place();
    if !banner.starts_with("PostgreSQL") || banner.contains("Redshift") {
        return Err(LiveError::OtherServer { place, version: banner });
    }
    let major = number.parse::<u32>().unwrap_or(0) / 10_000;
    if major < OLDEST {
        return Err(LiveError::TooOld { place, version: text });
    }
    let text = text.split_whitespace().next().unwrap_or("").to_owned();
    Ok(Version { text, major })
}

/// One moment of the database, read only, with limits, and with every name shown with its schema.
fn begin<'c>(client: &'c mut Client, settings: &Settings, limits: Limits) -> Result<Transaction<'c>, LiveError> {
    let fault = |error: postgres::Error| of_query(&error, "the session's settings", settings);
    let mut transaction = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start().map_err(fault)?;
    let commands = format!(
        "SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; SET LOCAL search_path = ''; SET LOCAL quote_all_identifiers = off;
         SET LOCAL DateStyle = 'ISO, MDY'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL standard_conforming_strings = on",
        limits.statement_timeout_ms, limits.lock_timeout_ms
    );
    transaction.batch_execute(&commands).map_err(fault)?;
    Ok(transaction)
}

/// All columns but the last, and the last.
type Row = (Vec<Option<String>>, Value);

struct Reading<'c, 's> {
    transaction: Transaction<'c>,
    settings: &'s Settings,
    tree: Map<String, Value>,
}

impl Reading<'_, '_> {
    /// The rows of a catalog query: all columns but the last as texts, the last as JSON; sorted by the texts, in the same way on every server.
    fn rows(&mut self, what: &'static str, query: &str) -> Result<Vec<Row>, LiveError> {
        let rows = self.transaction.query(query, &[]).map_err(|error| of_query(&error, what, self.settings))?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let last = row.len().saturating_sub(1);
            let fault = |error: postgres::Error| of_query(&error, what, self.settings);
            let texts: Result<Vec<Option<String>>, postgres::Error> = (0..last).map(|place| row.try_get(place)).collect();
            all.push((texts.map_err(fault)?, row.try_get(last).map_err(fault)?));
        }
        all.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(all)
    }

    fn head(&mut self, version: &Version, taken_at: Option<&str>) -> Result<(), LiveError> {
        let database = self.rows("the database's name", "SELECT current_database()::text, '{}'::json")?;
        let database = database.into_iter().next().and_then(|(texts, _)| texts.into_iter().next().flatten());
        self.tree.insert(String::from("version"), Value::from(VERSION));
        let mut source = Map::new();
        source.insert(String::from("kind"), Value::from("postgres"));
        source.extend(database.map(|database| (String::from("database"), Value::from(database))));
        source.insert(String::from("server_version"), Value::from(version.text.as_str()));
        source.extend(taken_at.map(|taken_at| (String::from("taken_at"), Value::from(taken_at))));
        self.tree.insert(String::from("source"), Value::Object(source));
        self.tree.insert(String::from("schemas"), Value::Object(Map::new()));
        Ok(())
    }

    fn objects(&mut self, version: u32) -> Result<(), LiveError> {
        for (texts, body) in self.rows("schemas", &object_query::namespaces())? {
            self.put(&["schemas"], &texts, body);
        }
        for (texts, mut body) in self.rows("extensions", &object_query::extensions())? {
            forget_known_members(texts.first().and_then(Option::as_deref), &mut body);
            self.put(&["extensions"], &texts, body);
        }
        for (texts, body) in self.rows("types", &object_query::types(version))? {
            self.put(&["schemas"], &texts, body);
        }
        for (texts, body) in self.rows("routines", &object_query::functions(version))? {
            let [Some(schema), Some(key)] = texts.as_slice() else { continue };
            put(&mut self.tree, &["schemas", schema, "functions", key], body);
        }
        for (texts, body) in self.rows("event triggers", &object_query::event_triggers())? {
            self.put(&["event_triggers"], &texts, body);
        }
        for (texts, body) in self.rows("other objects", &object_query::others(version))? {
            match texts.first().and_then(Option::as_deref) {
                Some(schema) => push(&mut self.tree, &["schemas", schema, "other_objects"], body),
                None => push(&mut self.tree, &["other_objects"], body),
            }
        }
        Ok(())
    }

    fn relations(&mut self, version: u32) -> Result<(), LiveError> {
        for (texts, body) in self.rows("sequences", &relation_query::sequences())? {
            let [Some(schema), Some(name)] = texts.as_slice() else { continue };
            put(&mut self.tree, &["schemas", schema, "sequences", name], body);
        }
        for (texts, body) in self.rows("tables and views", &relation_query::relations(version))? {
            self.put(&["schemas"], &texts, body);
        }
        for (texts, body) in self.rows("constraints", &relation_query::constraints(version))? {
            let [Some(schema), Some(list), Some(relation), Some(kind), Some(name)] = texts.as_slice() else { continue };
            // A table has one primary key, which keeps its name inside.
            let path = [["schemas", schema, list, relation, kind].as_slice(), &[name]].concat();
            let path = if kind == "primary_key" { path.get(..5).unwrap_or(&path) } else { &path };
            put(&mut self.tree, path, body);
        }
        for (texts, mut body) in self.rows("indexes", &relation_query::indexes(version))? {
            let [Some(schema), Some(list), Some(relation), Some(name)] = texts.as_slice() else { continue };
            shorten_keys(&mut body);
            put(&mut self.tree, &["schemas", schema, list, relation, "indexes", name], body);
        }
        for (texts, body) in self.rows("triggers, rules and policies", &object_query::on_tables())? {
            self.put(&["schemas"], &texts, body);
        }
        Ok(())
    }

    fn put(&mut self, root: &[&str], texts: &[Option<String>], body: Value) {
        let path: Vec<&str> = root.iter().copied().chain(texts.iter().flatten().map(String::as_str)).collect();
        put(&mut self.tree, &path, body);
    }

    /// Migrations that the first runner's table found says are applied. A table that may not be read says nothing.
    fn applied(&mut self) -> Result<(), LiveError> {
        for runner in RUNNER_TABLES {
            let find = format!(
                "SELECT format('%I.%I', n.nspname, c.relname), json_build_object('readable', has_table_privilege(c.oid, 'SELECT'))
                 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relname = '{}' AND a.attname = '{}' AND NOT a.attisdropped AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' ORDER BY 1 LIMIT 1",
                runner.name, runner.has_column
            );
            let Some((texts, body)) = self.rows("the migration tool's table", &find)?.into_iter().next() else { continue };
            let (Some(Some(table)), Some(true)) = (texts.first(), body.get("readable").and_then(Value::as_bool)) else { continue };
            let list = format!("SELECT coalesce(json_agg(own.name), '[]') FROM ({}) AS own(name)", runner.query.replace("{table}", table));
            let names = self.rows("the migration tool's table", &list)?;
            let names = names.into_iter().next().map(|(_, names)| names).unwrap_or_default();
            put(&mut self.tree, &["source", "applied"], names);
            put(&mut self.tree, &["source", "applied_table"], Value::from(table.as_str()));
            break;
        }
        Ok(())
    }
}

/// What the dialect knows of an extension needs no place in the file.
fn forget_known_members(name: Option<&str>, body: &mut Value) {
    let known = crate::dialect::named("postgres").and_then(|dialect| dialect.built_ins);
    let is_known = name.is_some_and(|name| known.is_some_and(|known| known.extensions.contains(&name)));
    if let Some(map) = body.as_object_mut()
        && is_known
    {
        map.remove("types");
        map.remove("functions");
    }
}

/// The same file with every key in its place and short forms where there are some. A text that is not read back stays as it is, for its reader to say why.
fn canonical(text: &str) -> String {
    let mut sources = Sources::default();
    let id = sources.add("live", text);
    match read::<Document>(&sources, id) {
        Ok(document) => document_yaml(&document),
        Err(_) => text.to_owned(),
    }
}

/// The parts of the file in the order in which people read it.
fn in_order(mut tree: Map<String, Value>) -> Map<String, Value> {
    let mut ordered = Map::new();
    for key in ["version", "source", "owner", "extensions", "schemas", "event_triggers", "other_objects"] {
        if let Some(value) = tree.shift_remove(key) {
            ordered.insert(key.to_owned(), value);
        }
    }
    ordered.extend(tree);
    ordered
}
