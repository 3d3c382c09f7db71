//! What the statements of one file read and give, taken together.
//!
//! In: a script and the schema before it. Out: a [`ScriptLineage`]: every column read, with its roles, and what comes out in the end. A table or
//! view that one statement makes or fills and a later one reads is a step on the way: sources are followed through it, and it is no output.
//! Relations that the schema does not know are called what the script calls them.

use std::collections::{BTreeMap, BTreeSet};

use crate::dialect::UnnamedOutput;
use crate::lineage::{Binding, Output, Role, Session, Unresolved, bind_statement};
use crate::migrate::{Simulation, StatementId};
use crate::schema::{Address, Part, Schema, format_type};
use crate::sql::tree::{Dml, ObjectName, Statement, StatementKind};
use crate::sql::{Script, writing_statements};
use crate::text::{Sources, Span};

/// What a script reads and gives.
#[derive(Clone, Debug, Default)]
pub struct ScriptLineage {
    /// Columns with their roles and the first place of each, by relation and column.
    pub reads: BTreeMap<(String, String), (BTreeSet<Role>, Span)>,
    /// What comes out in the end, in order.
    pub outputs: Vec<ScriptOutput>,
    /// What a server would refuse: SQLSTATE, message, place.
    pub refused: Vec<(&'static str, String, Span)>,
    /// What could not be resolved.
    pub unresolved: Vec<Unresolved>,
}

/// A column that comes out or is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptOutput {
    /// Its name.
    pub name: String,
    /// The relation it is written to; `None` when it is the result of a query.
    pub target: Option<String>,
    /// Its type in the server's words, when it is known.
    pub data_type: Option<String>,
    /// Whether NULL can come.
    pub nullable: bool,
    /// Where its values come from: `schema.table.column`.
    pub sources: BTreeSet<String>,
}

/// Columns of relations that the script fills: where their values come from.
type Filled = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// Reads a script as a whole.
pub fn lineage_of(script: &Script, schema: &Schema, session: &Session, sources: &Sources) -> ScriptLineage {
    let mut lineage = ScriptLineage::default();
    let mut flow = Flow::default();
    let mut simulation = Simulation::new(schema.clone(), session.clone());
    for (index, statement) in script.statements.iter().enumerate() {
        let inside = match &statement.kind {
            StatementKind::Unread(_) => writing_statements(sources, statement.span, schema.dialect),
            _ => Vec::new(),
        };
        for one in std::iter::once(statement).chain(&inside) {
            lineage.take(one, (simulation.schema(), simulation.session()), sources, &mut flow);
        }
        if changes_the_schema(statement) {
            let id = StatementId { migration: 0, statement: u32::try_from(index).unwrap_or(u32::MAX) };
            simulation.apply(id, statement, sources);
        }
    }
    lineage.outputs.retain(|output| output.target.as_ref().is_none_or(|target| !flow.read_again.contains(&(target.clone(), output.name.clone()))));
    lineage
}

/// What flows between the statements of a script.
#[derive(Default)]
struct Flow {
    filled: Filled,
    /// Relations and columns that a later statement reads.
    read_again: BTreeSet<(String, String)>,
}

impl ScriptLineage {
    fn take(&mut self, statement: &Statement, (schema, session): (&Schema, &Session), sources: &Sources, flow: &mut Flow) {
        let binding = bind(schema, session, statement);
        let target = target_of(statement).map(|name| relation_label(schema, session, name));
        self.take_reads(&binding, schema);
        self.refused.extend(binding.errors.iter().map(|error| (error.sqlstate, error.message.clone(), error.span)));
        self.unresolved.extend(binding.unresolved.iter().cloned());
        let writes = !binding.written.is_empty();
        let read: Vec<_> = read_by(&binding, schema).filter(|(label, _)| target.as_ref() != Some(label) && flow.filled.contains_key(label)).collect();
        flow.read_again.extend(read);
        let mut outputs = Vec::new();
        for output in if writes { &binding.written } else { &binding.outputs } {
            let (from, through) = followed(labels(output, schema), &flow.filled);
            flow.read_again.extend(through);
            outputs.push(ScriptOutput {
                name: name_of(output, schema, sources),
                target: target.clone().filter(|_| writes),
                data_type: output.data_type.as_ref().map(|data_type| format_type(schema, data_type)),
                nullable: output.nullable,
                sources: from,
            });
        }
        if let Some(target) = target.filter(|_| writes) {
            let columns = flow.filled.entry(target).or_default();
            for output in &outputs {
                columns.entry(output.name.clone()).or_default().extend(output.sources.iter().cloned());
            }
        }
        self.outputs.extend(outputs);
    }

    fn take_reads(&mut self, binding: &Binding, schema: &Schema) {
        for read in &binding.reads {
            if let Some(key) = names(schema, read.address) {
                let entry = self.reads.entry(key).or_insert_with(|| (BTreeSet::new(), read.span));
                entry.0.insert(read.role);
                entry.1 = entry.1.min(read.span);
            }
        }
    }

    /// Whether everything is known.
    pub fn is_clean(&self) -> bool {
        self.refused.is_empty() && self.unresolved.is_empty()
    }
}

/// A statement that cannot be read is unresolved as a whole.
fn bind(schema: &Schema, session: &Session, statement: &Statement) -> Binding {
    match &statement.kind {
        StatementKind::Unread(unread) => {
            Binding { unresolved: vec![Unresolved { reference: unread.head.clone(), reason: unread.message.clone(), span: unread.span }], ..Binding::default() }
        }
        _ => bind_statement(schema, session, statement),
    }
}

/// The relation that a statement fills.
fn target_of(statement: &Statement) -> Option<&ObjectName> {
    match &statement.kind {
        StatementKind::Dml(dml) => Some(match &**dml {
            Dml::Insert(insert) => &insert.target,
            Dml::Update(update) => &update.target,
            Dml::Delete(delete) => &delete.target,
            Dml::Merge(merge) => &merge.target,
        }),
        StatementKind::CreateTableAs(create) => Some(&create.name),
        StatementKind::CreateView(create) => Some(&create.name),
        _ => None,
    }
}

/// Rows that are written change no schema, and a table that only the script knows of could not be found.
fn changes_the_schema(statement: &Statement) -> bool {
    !matches!(
        statement.kind,
        StatementKind::Query(_) | StatementKind::Dml(_) | StatementKind::Copy(_) | StatementKind::Do(_) | StatementKind::Call(_) | StatementKind::Unread(_)
    )
}

/// What a relation is called: with its schema when it is there or will be made, else as written.
fn relation_label(schema: &Schema, session: &Session, name: &ObjectName) -> String {
    match crate::lineage::resolve_relation(schema, session, name) {
        Ok(id) => schema.qualified_name(id).map_or_else(|| name.to_string(), |name| name.to_string()),
        Err(_) => match &name.schema {
            Some(_) => name.to_string(),
            None => made_in(schema, session).map_or_else(|| name.to_string(), |space| format!("{space}.{name}")),
        },
    }
}

/// The schema in which a relation without one is made.
fn made_in(schema: &Schema, session: &Session) -> Option<String> {
    session.search_path.iter().find(|space| schema.namespace(space).is_some()).map(ToString::to_string)
}

/// Sources with the relations that the script filled replaced by what they were filled from; and which those were.
fn followed(own: BTreeSet<String>, filled: &Filled) -> (BTreeSet<String>, BTreeSet<(String, String)>) {
    let mut found = BTreeSet::new();
    let mut through = BTreeSet::new();
    for source in own {
        let Some((relation, column)) = source.rsplit_once('.') else {
            found.insert(source);
            continue;
        };
        let Some((known_as, columns)) = filled_relation(relation, filled) else {
            found.insert(source);
            continue;
        };
        match column {
            "*" => through.extend(columns.keys().map(|column| (known_as.to_owned(), column.clone()))),
            _ => _ = through.insert((known_as.to_owned(), column.to_owned())),
        }
        match (columns.get(column), columns.get("*")) {
            (Some(from), _) => found.extend(from.iter().cloned()),
            (None, Some(from)) => found.extend(from.iter().map(|one| one.strip_suffix(".*").map_or_else(|| one.clone(), |table| format!("{table}.{column}")))),
            (None, None) if column == "*" => found.extend(columns.values().flatten().cloned()),
            (None, None) => {
                found.insert(source);
            }
        }
    }
    (found, through)
}

/// A relation that was filled, by its full label or by the bare name that a later statement uses for it.
fn filled_relation<'f>(relation: &str, filled: &'f Filled) -> Option<(&'f str, &'f BTreeMap<String, BTreeSet<String>>)> {
    if let Some((name, columns)) = filled.get_key_value(relation) {
        return Some((name, columns));
    }
    if relation.contains('.') {
        return None;
    }
    let mut matching = filled.iter().filter(|(name, _)| name.rsplit('.').next() == Some(relation));
    let (name, columns) = matching.next()?;
    matching.next().is_none().then_some((name.as_str(), columns))
}

/// Columns that a statement reads, with their relations.
fn read_by(binding: &Binding, schema: &Schema) -> impl Iterator<Item = (String, String)> {
    binding.reads.iter().filter(|read| read.role != Role::Write).filter_map(|read| names(schema, read.address))
}

/// A column's relation and name.
fn names(schema: &Schema, address: Address) -> Option<(String, String)> {
    let Part::Column(number) = address.part else { return None };
    let relation = schema.qualified_name(address.object)?;
    Some((relation.to_string(), schema.column(address.object, number)?.name.to_string()))
}

/// Where an output comes from: `schema.table.column`, or what the query calls a relation that the schema does not know.
fn labels(output: &Output, schema: &Schema) -> BTreeSet<String> {
    let known = output.sources.iter().filter_map(|address| names(schema, *address)).map(|(relation, column)| format!("{relation}.{column}"));
    let named = output.named_sources.iter().map(|source| format!("{}.{}", source.relation, source.column));
    known.chain(named).collect()
}

/// The name of an output; one that nobody named is called what the database calls it.
fn name_of(output: &Output, schema: &Schema, sources: &Sources) -> String {
    if output.name.as_str() != "?column?" {
        return output.name.to_string();
    }
    match schema.dialect.unnamed_output {
        UnnamedOutput::AsPostgres => output.name.to_string(),
        UnnamedOutput::AsWritten => sources.slice(output.span).split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::named;
    use crate::migrate::build;
    use crate::sql::read_script;

    fn lineage(ddl: &str, text: &str) -> ScriptLineage {
        let dialect = named("generic").unwrap();
        let mut sources = Sources::default();
        let id = sources.add("ddl", ddl);
        let schema = build(&read_script(&sources, id, dialect).statements, dialect, &sources).after;
        let id = sources.add("script", text);
        lineage_of(&read_script(&sources, id, dialect), &schema, &Session::new(&schema), &sources)
    }

    fn pairs(lineage: &ScriptLineage) -> Vec<String> {
        lineage.outputs.iter().flat_map(|output| output.sources.iter().map(|source| format!("{source} -> {}", output.name))).collect()
    }

    #[test]
    fn what_is_made_on_the_way_is_followed() {
        let script = "CREATE TABLE step AS SELECT id AS n, name FROM clients; INSERT INTO result SELECT n, upper(name) FROM step;";
        let found = lineage("CREATE TABLE clients (id INT, name TEXT);", script);
        assert_eq!(pairs(&found), ["public.clients.id -> n", "public.clients.name -> upper(name)"]);
    }

    #[test]
    fn an_unknown_relation_is_called_as_it_is_written() {
        let found = lineage("", "INSERT INTO b SELECT a.x AS y FROM a");
        assert_eq!(pairs(&found), ["a.x -> y"]);
        assert!(!found.is_clean());
    }

    #[test]
    fn two_results_of_one_file_are_both_there() {
        let found = lineage("CREATE TABLE t (a INT, b INT);", "SELECT a FROM t; SELECT b FROM t;");
        assert_eq!(pairs(&found), ["public.t.a -> a", "public.t.b -> b"]);
    }
}
