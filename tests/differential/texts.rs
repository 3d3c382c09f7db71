//! Whether a text of the model means what the server has.
//!
//! In: an object of the model whose text is not, letter for letter, what the server prints. Out: nothing when the server, given the model's text,
//! prints the same as for its own object; else both. So every rename that the model followed inside a text is tried, not believed. The objects are
//! made in a transaction that is rolled back, on a connection of its own, in which no event trigger fires.
//!
//! Kinds that the server prints by a function of its own are asked for by it, others by their rows in the catalogs.

use fieldgate::schema::{Function, Object, ObjectBody, Schema, ddl};
use fieldgate::sql::tree::ObjectKind;
use postgres::{Client, SimpleQueryMessage};

/// What both say.
pub struct Apart {
    /// The server's own.
    pub server: String,
    /// What the server makes of the model's.
    pub here: String,
}

/// How to make the object again, and how to ask for its text.
struct Trial {
    makes: Vec<String>,
    asks: String,
    asks_again: String,
}

/// Asks the server; `None` when both mean the same.
pub fn apart(client: &mut Client, schema: &Schema, object: &Object) -> Option<Apart> {
    let trial = trial(schema, object)?;
    client.batch_execute("BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL check_function_bodies = off").unwrap();
    let server = answer(client, &trial.asks).unwrap_or_else(|error| error);
    let here = trial.makes.iter().try_for_each(|statement| client.batch_execute(statement).map_err(|error| said(&error)));
    let here = here.and_then(|()| answer(client, &trial.asks_again));
    client.batch_execute("ROLLBACK").unwrap();
    match here {
        Ok(here) if here == server => None,
        Ok(here) => Some(Apart { server, here }),
        Err(error) => Some(Apart { server, here: format!("{error}\n{}", trial.makes.join(";\n")) }),
    }
}

fn said(error: &postgres::Error) -> String {
    error.as_db_error().map_or_else(|| error.to_string(), |error| format!("{} {}", error.code().code(), error.message()))
}

fn answer(client: &mut Client, question: &str) -> Result<String, String> {
    let messages = client.simple_query(question).map_err(|error| said(&error))?;
    let rows = messages.iter().filter_map(|message| if let SimpleQueryMessage::Row(row) = message { Some(row.get(0).unwrap_or("NULL")) } else { None });
    Ok(rows.collect::<Vec<_>>().join("\n"))
}

fn trial(schema: &Schema, object: &Object) -> Option<Trial> {
    let phrase = ddl::object_phrase(schema, object.id);
    let name = ddl::literal(&ddl::quoted_name(schema, object.id));
    let own = ddl::literal(object.name.as_str());
    let on = |table| ddl::literal(&ddl::quoted_name(schema, table));
    // Dropped and made again under the same name.
    let again = |text: String, asks: String| Trial { makes: vec![format!("DROP {phrase} CASCADE"), text], asks_again: asks.clone(), asks };
    match &object.body {
        ObjectBody::View(view) => {
            let columns: Vec<String> = view.columns.iter().map(|column| schema.dialect.quote(&column.name)).collect();
            let columns = if columns.is_empty() { String::new() } else { format!(" ({})", columns.join(", ")) };
            let query = view.query.print(schema);
            Some(Trial {
                makes: vec![format!("CREATE TEMPORARY VIEW own_text{columns} AS {query}")],
                asks: format!("SELECT pg_get_viewdef({name}::regclass)"),
                asks_again: String::from("SELECT pg_get_viewdef('pg_temp.own_text'::regclass)"),
            })
        }
        ObjectBody::Trigger(trigger) => match trigger.table {
            // The server makes it with the trigger of the partitioned table, whose text is looked at.
            Some(_) if ddl::is_inherited_trigger(schema, object.id) => None,
            Some(table) => Some(again(
                ddl::statement_text(schema, object.id, &trigger.definition),
                format!("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = {own} AND tgrelid = {}::regclass", on(table)),
            )),
            None => Some(again(
                ddl::statement_text(schema, object.id, &trigger.definition),
                format!("SELECT evtevent, evtfoid::regprocedure, evttags FROM pg_event_trigger WHERE evtname = {own}").replacen(
                    "evtevent, evtfoid::regprocedure, evttags",
                    "concat_ws(' ', evtevent, evtfoid::regprocedure, evttags)",
                    1,
                ),
            )),
        },
        ObjectBody::Rule(rule) => Some(again(
            ddl::statement_text(schema, object.id, &rule.definition),
            format!("SELECT pg_get_ruledef(oid) FROM pg_rewrite WHERE rulename = {own} AND ev_class = {}::regclass", on(rule.table)),
        )),
        // A role of the session is written down by its name.
        ObjectBody::Policy(policy) => Some(again(
            ddl::policy_definition(schema, object.id, policy),
            format!(
                "SELECT to_jsonb(p) FROM pg_policies p WHERE policyname = {own} AND format('%I.%I', schemaname, tablename)::regclass = {}::regclass",
                on(policy.table)
            ),
        )),
        ObjectBody::Function(function) => Some(routine(schema, object, function)),
        ObjectBody::Other(other) if other.kind == ObjectKind::Statistics => Some(again(
            ddl::statement_text(schema, object.id, &other.definition),
            format!("SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext WHERE stxname = {own}"),
        )),
        ObjectBody::Other(other) if other.kind == ObjectKind::Publication => Some(again(
            ddl::statement_text(schema, object.id, &other.definition),
            format!(
                "SELECT to_jsonb(p) - 'oid' - 'pubowner' FROM pg_publication p WHERE pubname = {own} \
                 UNION ALL SELECT to_jsonb(t) FROM (SELECT * FROM pg_publication_tables WHERE pubname = {own} ORDER BY schemaname, tablename) t"
            ),
        )),
        _ => None,
    }
}

fn routine(schema: &Schema, object: &Object, function: &Function) -> Trial {
    let signature = ddl::literal(&ddl::name_phrase(schema, object.id));
    let text = ddl::function_definition(schema, object.id, function);
    if object.kind() == ObjectKind::Aggregate {
        let asks = format!("SELECT to_jsonb(a) - 'aggfnoid' FROM pg_aggregate a WHERE aggfnoid = {signature}::regprocedure");
        return Trial { makes: vec![format!("DROP {} CASCADE", ddl::object_phrase(schema, object.id)), text], asks_again: asks.clone(), asks };
    }
    let asks = format!("SELECT pg_get_functiondef({signature}::regprocedure)");
    Trial { makes: vec![text.replacen("CREATE ", "CREATE OR REPLACE ", 1)], asks_again: asks.clone(), asks }
}
