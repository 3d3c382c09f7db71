//! Bodies of routines that the server keeps as text: what their static SQL means in a schema, though the server looks only when they run.
//!
//! In: a routine, and for a trigger its table. Out: a [`RoutineBody`]: for each statement what it needs and what the server would refuse at run time;
//! and whether anything in it is put together at run time. Measured on PostgreSQL 15: `DROP COLUMN` and `RENAME` pass, the next call fails.

use super::resolve::resolve_relation;
use super::{BindError, Binding, Session, Variable, VariableType, Variables, bind_statement_among, bind_statement_with, bind_value_among, resolve_type};
use crate::name::{Name, Quoting};
use crate::schema::{DataType, Function, ObjectBody, ObjectId, Schema};
use crate::sql::plpgsql::{PlBlock, PlExecute, PlKind, PlLoop, PlStatement, PlText, PlType, read};
use crate::sql::read_script;
use crate::sql::tree::{CopyDirection, Dml, Expr, ObjectName, ParameterMode, Query, QueryBody, Statement, StatementKind};
use crate::text::{Sources, Span};

/// What a body means in one schema.
#[derive(Clone, Debug, Default)]
pub struct RoutineBody {
    /// One for each statement and value, in the order of the text.
    pub parts: Vec<BodyPart>,
    /// Why not everything in it is known: SQL that is put together, a language that is not read.
    pub not_followed: Option<String>,
}

/// One statement or value of a body.
#[derive(Clone, Debug)]
pub struct BodyPart {
    /// What it means; places are those in the body.
    pub binding: Binding,
    /// Whether a handler of the body may catch what fails in it.
    pub guarded: bool,
    /// Its line in the body, 1-based.
    pub line: u32,
    /// The tables it writes to, each with the kind of write.
    pub writes: Vec<(ObjectId, WriteKind)>,
}

/// How a statement writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WriteKind {
    /// `INSERT`, and `COPY … FROM`.
    Insert,
    /// `INSERT … ON CONFLICT`.
    Upsert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
    /// Any of them: `MERGE`, and who only says that it writes.
    Any,
}

impl BodyPart {
    /// What the server would refuse when it comes to this statement.
    pub fn error(&self) -> Option<&BindError> {
        self.binding.errors.first()
    }
}

/// Resolves the body of a routine; `table` is the one that a trigger fires on. `None` when it has no body that is kept as text.
pub fn bind_body(schema: &Schema, session: &Session, routine: ObjectId, table: Option<ObjectId>) -> Option<RoutineBody> {
    let object = schema.get(routine)?;
    let ObjectBody::Function(function) = &object.body else { return None };
    let text = function.body.as_ref().filter(|_| function.bound_body.is_none())?;
    let mut sources = Sources::default();
    let source = sources.add("body", &**text);
    let mut session = session.clone();
    if let Some(path) = own_path(schema, function) {
        session.search_path = path;
    }
    let mut walk = Walk {
        schema,
        session,
        sources: &sources,
        variables: Variables::default(),
        parameters: parameters(function),
        guarded: false,
        found: RoutineBody::default(),
    };
    match &*function.language {
        "sql" => {
            walk.variables.labels.push(object.name.clone());
            for statement in &read_script(&sources, source, schema.dialect).statements {
                walk.sql(statement);
            }
        }
        "plpgsql" => match read(&sources, sources.whole(source), schema.dialect) {
            Ok(block) => {
                walk.variables = variables_of(&object.name, function, table);
                walk.variables.conflict = block.conflict;
                walk.block(&block);
            }
            Err(unread) => walk.found.not_followed = Some(unread.message),
        },
        other => walk.found.not_followed = Some(format!("a body in {other} is not read")),
    }
    Some(walk.found)
}

/// A statement of a body in SQL.
#[derive(Clone, Debug)]
pub enum SqlStatement {
    /// It is read when the routine is made.
    Bound {
        /// What it means.
        binding: Binding,
        /// Whether rows come out of it.
        gives_rows: bool,
    },
    /// It is looked at when it runs.
    Command,
    /// It was not understood.
    Unread,
}

/// The statements of a body in SQL, as the server reads them when the routine is made: each on the schema that is there. `None` for another routine.
pub fn bind_sql_body(schema: &Schema, session: &Session, routine: ObjectId) -> Option<Vec<SqlStatement>> {
    let object = schema.get(routine)?;
    let ObjectBody::Function(function) = &object.body else { return None };
    if &*function.language != "sql" {
        return None;
    }
    let text = function.body.as_ref().filter(|_| function.bound_body.is_none())?;
    let mut sources = Sources::default();
    let source = sources.add("body", &**text);
    let mut session = session.clone();
    if let Some(path) = own_path(schema, function) {
        session.search_path = path;
    }
    Some(bind_sql_statements(schema, &session, (&object.name, function), &read_script(&sources, source, schema.dialect).statements))
}

/// The same for statements that stand in the statement that makes the routine.
pub fn bind_sql_statements(schema: &Schema, session: &Session, (name, function): (&Name, &Function), statements: &[Statement]) -> Vec<SqlStatement> {
    let parameters = parameters(function);
    let one = |statement: &Statement| match &statement.kind {
        StatementKind::Query(_) | StatementKind::Dml(_) | StatementKind::Call(_) | StatementKind::CreateTableAs(_) => {
            let binding = bind_statement_with(schema, session, statement, name, &parameters);
            let reads = matches!(&statement.kind, StatementKind::Query(query) if !matches!(query.body, QueryBody::Dml(_)));
            let writes = matches!(&statement.kind, StatementKind::Query(_) | StatementKind::Dml(_));
            let gives_rows = reads || (writes && !binding.outputs.is_empty());
            SqlStatement::Bound { binding, gives_rows }
        }
        StatementKind::Unread(_) => SqlStatement::Unread,
        _ => SqlStatement::Command,
    };
    statements.iter().map(one).collect()
}

struct Walk<'w> {
    schema: &'w Schema,
    session: Session,
    sources: &'w Sources,
    variables: Variables,
    parameters: Vec<(Option<Name>, DataType)>,
    guarded: bool,
    found: RoutineBody,
}

impl Walk<'_> {
    fn block(&mut self, block: &PlBlock) {
        let (variables, labels) = (self.variables.all.len(), self.variables.labels.len());
        self.variables.labels.extend(block.label.as_ref().map(|label| label.name.clone()));
        for declaration in &block.declarations {
            if let Some(default) = &declaration.default {
                self.value(default);
            }
            let data_type = match &declaration.data_type {
                PlType::Type(written) if written.name.name.name.as_str() == "record" => VariableType::Unknown,
                PlType::Type(written) => resolve_type(self.schema, &self.session, written).map_or(VariableType::Unknown, VariableType::Value),
                PlType::RowOf(relation) => resolve_relation(self.schema, &self.session, relation).map_or(VariableType::Unknown, VariableType::Row),
                PlType::Cursor(..) | PlType::Alias(_) => VariableType::Unknown,
            };
            self.variables.all.push(Variable { name: declaration.name.name.clone(), data_type });
            if let PlType::Cursor(arguments, query) = &declaration.data_type {
                let mark = self.variables.all.len();
                for (name, data_type) in arguments {
                    let data_type = resolve_type(self.schema, &self.session, data_type).map_or(VariableType::Unknown, VariableType::Value);
                    self.variables.all.push(Variable { name: name.name.clone(), data_type });
                }
                self.query(query);
                self.variables.all.truncate(mark);
            }
        }
        let outer = self.guarded;
        self.guarded |= !block.handlers.is_empty();
        self.list(&block.statements);
        self.guarded = outer;
        for handler in &block.handlers {
            let mark = self.variables.all.len();
            for name in ["sqlstate", "sqlerrm"] {
                self.variables.all.push(Variable { name: Name::stored(name), data_type: VariableType::Value(DataType::builtin("text")) });
            }
            self.list(&handler.statements);
            self.variables.all.truncate(mark);
        }
        self.variables.all.truncate(variables);
        self.variables.labels.truncate(labels);
    }

    fn list(&mut self, statements: &[PlStatement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &PlStatement) {
        match &statement.kind {
            PlKind::Block(block) => self.block(block),
            PlKind::Sql(sql, into) => {
                let outputs = self.sql(sql);
                self.assign(&into.targets, outputs);
            }
            PlKind::Perform(query) | PlKind::ReturnQuery(query) | PlKind::OpenQuery(query) => {
                self.query(query);
            }
            PlKind::Execute(execute) | PlKind::ReturnExecute(execute) | PlKind::OpenExecute(execute) => self.execute(execute),
            PlKind::Assign(_, value) | PlKind::Assert(value) => {
                self.value(value);
            }
            PlKind::If { branches, otherwise } => {
                for branch in branches {
                    self.value(&branch.condition);
                    self.list(&branch.statements);
                }
                self.list(otherwise);
            }
            PlKind::Case { operand, branches, otherwise } => {
                operand.iter().for_each(|operand| self.value(operand));
                for branch in branches {
                    self.value(&branch.condition);
                    self.list(&branch.statements);
                }
                self.list(otherwise.as_deref().unwrap_or_default());
            }
            PlKind::Loop { over, statements, .. } => self.turn(over, statements),
            PlKind::Leave { when, .. } => when.iter().for_each(|when| self.value(when)),
            PlKind::Return { value, .. } => value.iter().for_each(|value| self.value(value)),
            PlKind::Raise { values, options, .. } => {
                values.iter().for_each(|value| self.value(value));
                options.iter().for_each(|(_, value)| self.value(value));
            }
            PlKind::Receive(targets) => self.assign(targets, None),
            PlKind::Nothing(_) => {}
            PlKind::Unread(unread) => self.not_followed(&unread.message),
        }
    }

    fn turn(&mut self, over: &PlLoop, statements: &[PlStatement]) {
        let mark = self.variables.all.len();
        match over {
            PlLoop::Endless => {}
            PlLoop::While(condition) => self.value(condition),
            PlLoop::Integers(variable, bounds, _) => {
                bounds.iter().for_each(|bound| self.value(bound));
                let data_type = VariableType::Value(DataType::builtin("int4"));
                self.variables.all.push(Variable { name: variable.name.clone(), data_type });
            }
            PlLoop::Rows(variables, query) => {
                let outputs = self.query(query);
                self.assign(variables, outputs);
            }
            PlLoop::Executed(variables, execute) => {
                self.execute(execute);
                self.assign(variables, None);
            }
            PlLoop::Cursor(variable, _, arguments) => {
                arguments.iter().for_each(|argument| self.value(argument));
                self.variables.all.push(Variable { name: variable.name.clone(), data_type: VariableType::Unknown });
            }
            PlLoop::Elements(variables, array) => {
                self.value(array);
                self.assign(variables, None);
            }
        }
        self.list(statements);
        self.variables.all.truncate(mark);
    }

    /// What a record holds from here on.
    fn assign(&mut self, targets: &[String], outputs: Option<Vec<(Name, Option<DataType>)>>) {
        for target in targets {
            let name = target.trim_matches('"');
            if let Some(variable) = self.variables.all.iter_mut().rev().find(|variable| variable.name.as_str() == name)
                && matches!(variable.data_type, VariableType::Record(_) | VariableType::Unknown)
            {
                variable.data_type = match &outputs {
                    Some(outputs) if targets.len() == 1 => VariableType::Record(outputs.clone()),
                    _ => VariableType::Unknown,
                };
            }
        }
    }

    fn execute(&mut self, execute: &PlExecute) {
        execute.parameters.iter().for_each(|parameter| self.value(parameter));
        match &execute.text {
            PlText::Statements(statements) => {
                let variables = std::mem::take(&mut self.variables);
                let parameters = std::mem::take(&mut self.parameters);
                for statement in statements {
                    self.sql(statement);
                }
                (self.variables, self.parameters) = (variables, parameters);
            }
            PlText::Constant(..) => self.not_followed("a text with escapes is run"),
            PlText::Computed(text) => {
                self.value(text);
                self.not_followed("a text is put together and run");
            }
        }
        self.assign(&execute.into, None);
    }

    fn not_followed(&mut self, reason: &str) {
        self.found.not_followed.get_or_insert_with(|| reason.to_owned());
    }

    fn query(&mut self, query: &Query) -> Option<Vec<(Name, Option<DataType>)>> {
        self.sql(&Statement { kind: StatementKind::Query(Box::new(query.clone())), span: query.span })
    }

    /// A statement; gives the columns that come out of it.
    fn sql(&mut self, statement: &Statement) -> Option<Vec<(Name, Option<DataType>)>> {
        match &statement.kind {
            StatementKind::Query(_) | StatementKind::Dml(_) | StatementKind::Call(_) | StatementKind::CreateTableAs(_) => {}
            StatementKind::Truncate { .. } | StatementKind::Lock { .. } | StatementKind::RefreshView(_) => {}
            StatementKind::Unread(unread) => {
                self.not_followed(&unread.message);
                return None;
            }
            StatementKind::Session(_) | StatementKind::Transaction(_) | StatementKind::NoEffect { .. } | StatementKind::MetaCommand(_) => return None,
            _ => {
                self.not_followed("it changes the schema while it runs");
                return None;
            }
        }
        let binding = bind_statement_among(self.schema, &self.session, statement, &self.variables, &self.parameters);
        let known = binding.errors.is_empty() && !binding.open_outputs;
        let outputs = known.then(|| binding.outputs.iter().map(|output| (output.name.clone(), output.data_type.clone())).collect());
        let writes = written(self.schema, &self.session, statement);
        self.push(binding, statement.span, writes);
        outputs
    }

    fn value(&mut self, value: &Expr) {
        let binding = bind_value_among(self.schema, &self.session, value, &self.variables, &self.parameters);
        self.push(binding, value.span, Vec::new());
    }

    fn push(&mut self, binding: Binding, span: Span, writes: Vec<(ObjectId, WriteKind)>) {
        let line = self.sources.get(span.source).map_or(1, |source| source.lines().position(source.text(), span.start).line);
        self.found.parts.push(BodyPart { binding, guarded: self.guarded, line, writes });
    }
}

/// The tables that a statement writes to, and how; those in its `WITH` too.
pub fn written(schema: &Schema, session: &Session, statement: &Statement) -> Vec<(ObjectId, WriteKind)> {
    let mut targets = Vec::new();
    match &statement.kind {
        StatementKind::Dml(dml) => targets_of(dml, &mut targets),
        StatementKind::Query(query) => targets_in(query, &mut targets),
        StatementKind::Copy(copy) if copy.direction == CopyDirection::In => targets.extend(copy.table.as_ref().map(|table| (table, WriteKind::Insert))),
        _ => {}
    }
    targets.into_iter().filter_map(|(target, kind)| Some((resolve_relation(schema, session, target).ok()?, kind))).collect()
}

/// A writing statement may stand in the `WITH` of the outermost query only (manual 7.8.4).
fn targets_in<'q>(query: &'q Query, targets: &mut Vec<(&'q ObjectName, WriteKind)>) {
    query.with.iter().for_each(|part| targets_in(&part.query, targets));
    if let QueryBody::Dml(dml) = &query.body {
        targets_of(dml, targets);
    }
}

fn targets_of<'q>(dml: &'q Dml, targets: &mut Vec<(&'q ObjectName, WriteKind)>) {
    let (with, target, kind) = match dml {
        Dml::Insert(insert) => (&insert.with, &insert.target, if insert.on_conflict.is_some() { WriteKind::Upsert } else { WriteKind::Insert }),
        Dml::Update(update) => (&update.with, &update.target, WriteKind::Update),
        Dml::Delete(delete) => (&delete.with, &delete.target, WriteKind::Delete),
        Dml::Merge(merge) => (&merge.with, &merge.target, WriteKind::Any),
    };
    with.iter().for_each(|part| targets_in(&part.query, targets));
    targets.push((target, kind));
}

fn parameters(function: &Function) -> Vec<(Option<Name>, DataType)> {
    let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
    inputs.map(|parameter| (parameter.name.clone(), parameter.data_type.clone())).collect()
}

/// What a body in PL/pgSQL sees from the start: parameters, `FOUND`, and in a trigger the rows and what the server tells (manual 43.10).
fn variables_of(name: &Name, function: &Function, table: Option<ObjectId>) -> Variables {
    let builtin = |name: &str| VariableType::Value(DataType::builtin(name));
    let mut all: Vec<Variable> = Vec::new();
    for (place, parameter) in function.parameters.iter().enumerate() {
        let name = parameter.name.clone().unwrap_or_else(|| Name::stored(format!("${}", place + 1)));
        all.push(Variable { name, data_type: VariableType::Value(parameter.data_type.clone()) });
    }
    all.push(Variable { name: Name::stored("found"), data_type: builtin("bool") });
    let is_trigger = function.returns.as_ref().is_some_and(|returns| returns.is_builtin("trigger") || returns.is_builtin("event_trigger"));
    if is_trigger {
        for row in ["new", "old"] {
            all.push(Variable { name: Name::stored(row), data_type: table.map_or(VariableType::Unknown, VariableType::Row) });
        }
        let told = [("tg_op", "text"), ("tg_name", "name"), ("tg_when", "text"), ("tg_level", "text"), ("tg_table_name", "name"), ("tg_relname", "name")];
        let more = [("tg_table_schema", "name"), ("tg_relid", "oid"), ("tg_nargs", "int4"), ("tg_event", "text"), ("tg_tag", "text")];
        for (name, data_type) in told.into_iter().chain(more) {
            all.push(Variable { name: Name::stored(name), data_type: builtin(data_type) });
        }
        all.push(Variable { name: Name::stored("tg_argv"), data_type: VariableType::Value(DataType::builtin("text").array_of()) });
    }
    Variables { all, labels: vec![name.clone()], ..Variables::default() }
}

/// The search path that a routine sets for itself.
fn own_path(schema: &Schema, function: &Function) -> Option<Vec<Name>> {
    let (_, value) = function.settings.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case("search_path"))?;
    let entries = value.split(',').map(|part| part.trim().trim_matches('\'')).filter(|part| !part.is_empty());
    let entry = |part: &str| match part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(quoted) => Name::stored(quoted),
        None => schema.dialect.fold(part, Quoting::Bare),
    };
    Some(entries.map(entry).filter(|name| !name.as_str().is_empty()).collect())
}
