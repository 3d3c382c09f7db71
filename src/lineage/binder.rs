//! The state of one binding: levels, common table expressions in sight, and everything found so far.
//!
//! Each kind of clause adds its methods in a file of its own. Errors go on in the order in which the server would come to them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::late_memory::LateViews;
use super::level::{Clause, ColumnUse, Level, Node, RelationColumn};
use super::value::{OutputColumn, Sources, Value};
use super::{BindError, Binding, Output, Read, Role, Session, Unresolved, Variables};
use crate::name::Name;
use crate::schema::{Address, DataType, ObjectId, Part, Schema};
use crate::sql::tree::Volatility;
use crate::text::Span;

/// Queries nested deeper than this are not followed.
const DEEPEST: u32 = 128;

/// A common table expression in sight.
#[derive(Clone, Debug)]
pub(super) struct CteInSight {
    /// Its name.
    pub name: Name,
    /// Its columns.
    pub columns: Rc<[OutputColumn]>,
    /// Where it is defined.
    pub span: Span,
    /// Why it cannot be read, when it cannot: `(SQLSTATE, message)`.
    pub refused: Option<(&'static str, &'static str)>,
    /// Why its columns are not all known.
    pub uncertain: Option<Rc<str>>,
}

/// A parameter of the query.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    /// Its name, when it has one.
    pub name: Option<Name>,
    /// Its type, once the context has given one.
    pub data_type: Option<DataType>,
}

/// The state of one binding.
pub(super) struct Binder<'a> {
    /// What is bound against.
    pub schema: &'a Schema,
    /// How names are found.
    pub session: &'a Session,
    /// The namespaces of the search path, in order.
    pub namespaces: Vec<ObjectId>,
    /// Everything found so far.
    pub found: Binding,
    /// Everything depended on so far.
    pub depends_on: BTreeSet<Address>,
    /// Open query levels, the outermost first.
    pub levels: Vec<Level>,
    /// Common table expressions in sight, the innermost last.
    pub ctes: Vec<CteInSight>,
    /// Parameters by the way they are written.
    pub parameters: BTreeMap<Rc<str>, Parameter>,
    /// The type of `VALUE`.
    pub domain_value: Option<DataType>,
    /// Every use of a column, in the order of resolution.
    pub log: Vec<ColumnUse>,
    /// The role of a column that is read now.
    pub role: Role,
    /// Whether bare `DEFAULT` may stand here.
    pub default_allowed: bool,
    /// The most volatile function so far.
    pub volatility: Volatility,
    /// Levels of the aggregates met so far, in order.
    pub aggregates: Vec<u32>,
    /// How many window functions were met so far.
    pub window_calls: usize,
    /// Whether an aggregate or window function was met since it was last put out.
    pub over_rows: bool,
    /// In a function of `FROM`: its `OUT` columns, filled by the call.
    pub out_columns: Option<Vec<(Name, DataType)>>,
    /// Whether a procedure is called, not a function.
    pub calls_procedure: bool,
    /// What the operands of the last operator are converted to.
    pub operands: Option<(Option<DataType>, DataType)>,
    /// SQL functions whose bodies are being looked at.
    pub inlined: Vec<ObjectId>,
    /// Views looked up at this query.
    pub late_views: LateViews,
    /// How many relations other than joins the query has named so far.
    pub relations_seen: usize,
    /// The variables of the body that the text stands in.
    pub variables: Rc<Variables>,
    /// Whether there are no other parameters than those that were given a type before.
    pub parameters_are_known: bool,
    next_level: u32,
    depth: u32,
}

impl<'a> Binder<'a> {
    /// A binding in which nothing is found yet.
    pub fn new(schema: &'a Schema, session: &'a Session) -> Self {
        Self {
            schema,
            session,
            namespaces: session.namespaces(schema),
            found: Binding::default(),
            depends_on: BTreeSet::new(),
            levels: Vec::new(),
            ctes: Vec::new(),
            parameters: BTreeMap::new(),
            domain_value: None,
            log: Vec::new(),
            role: Role::Value,
            default_allowed: false,
            volatility: Volatility::Immutable,
            aggregates: Vec::new(),
            window_calls: 0,
            over_rows: false,
            out_columns: None,
            calls_procedure: false,
            operands: None,
            inlined: Vec::new(),
            late_views: LateViews::default(),
            relations_seen: 0,
            variables: Rc::default(),
            parameters_are_known: false,
            next_level: 0,
            depth: 0,
        }
    }

    /// Opens a query level; whoever opens one closes it.
    pub fn open_level(&mut self, clause: Clause) {
        let mut level = Level::new(self.next_level);
        level.clause = clause;
        self.next_level += 1;
        self.levels.push(level);
    }

    /// Closes the innermost level.
    pub fn close_level(&mut self) -> Option<Level> {
        self.levels.pop()
    }

    /// The innermost level.
    pub fn level(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.open_level(Clause::Other);
        }
        let last = self.levels.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "one was pushed just now when there was none")]
        &mut self.levels[last]
    }

    /// Does something with another clause in force.
    pub fn in_clause<T>(&mut self, clause: Clause, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.level().clause, clause);
        let result = work(self);
        self.level().clause = before;
        result
    }

    /// Does something with another role in force.
    pub fn in_role<T>(&mut self, role: Role, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.role, role);
        let result = work(self);
        self.role = before;
        result
    }

    /// Goes one step deeper, or says that it is too deep.
    pub fn deeper<T>(&mut self, span: Span, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEEPEST {
            self.unresolved("nested", "it is nested too deeply to be followed", span);
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        Some(result)
    }

    /// Records a refusal.
    pub fn error(&mut self, sqlstate: &'static str, message: impl Into<String>, span: Span) {
        self.found.errors.push(BindError::new(sqlstate, message, span));
    }

    /// Records something unknown.
    pub fn unresolved(&mut self, reference: impl Into<String>, reason: impl Into<String>, span: Span) {
        self.found.unresolved.push(Unresolved { reference: reference.into(), reason: reason.into(), span });
    }

    /// Records a dependency.
    pub fn depend(&mut self, address: Address) {
        self.depends_on.insert(address);
    }

    /// Records the user-defined types in a type.
    pub fn depend_on_type(&mut self, data_type: &DataType) {
        if let crate::schema::TypeIdentity::Object(id) = data_type.identity {
            self.depend(Address::whole(id));
        }
    }

    /// Records a use of a column of the schema.
    pub fn read(&mut self, address: Address, role: Role, span: Span) {
        self.found.reads.push(Read { address, role, span });
        self.depend(address);
        if address.part != Part::Whole {
            self.depend(Address::whole(address.object));
        }
    }

    /// Records what the use of a relation's column reads.
    pub fn read_column(&mut self, column: &RelationColumn, role: Role, span: Span) {
        for address in column.reads.iter() {
            self.read(*address, role, span);
        }
    }

    /// Puts a node of the present level into its list.
    pub fn note_node(&mut self, hash: u64, start: usize) {
        let end = self.log.len();
        if end > start {
            self.level().nodes.push(Node { hash, start, end });
        }
    }

    /// Everything that the uses from `start` on draw from.
    pub fn sources_since(&self, start: usize) -> Rc<Sources> {
        let uses = self.log.get(start..).unwrap_or(&[]);
        if let [only] = uses {
            return Rc::clone(&only.sources);
        }
        let mut sources = Sources::default();
        for one in uses {
            sources.extend(&one.sources);
        }
        Rc::new(sources)
    }

    /// Where the values of a view's column come from, views followed down to tables.
    pub fn follow(&self, address: Address, into: &mut BTreeSet<Address>) {
        self.follow_deeper(address, into, 0);
    }

    fn follow_deeper(&self, address: Address, into: &mut BTreeSet<Address>, depth: u32) {
        let Part::Column(number) = address.part else {
            into.insert(address);
            return;
        };
        let origin = self.schema.view(address.object).and_then(|view| {
            let position = view.columns.iter().position(|column| column.number == number)?;
            view.origins.get(position)
        });
        match origin {
            Some(origin) if depth < 64 => {
                for source in &origin.sources {
                    self.follow_deeper(*source, into, depth + 1);
                }
            }
            _ => {
                into.insert(address);
            }
        }
    }

    /// The result as it is given out.
    pub fn outputs(&self, columns: &[OutputColumn]) -> Vec<Output> {
        columns.iter().map(|column| self.output(&column.name, &column.value, &column.sources, column.place)).collect()
    }

    /// One column of the result.
    pub fn output(&self, name: &Name, value: &Value, sources: &Sources, span: Span) -> Output {
        let data_type = if value.is_untyped() { Some(DataType::builtin("text")) } else { value.data_type.clone() };
        Output {
            name: name.clone(),
            data_type,
            nullable: value.nullable,
            sources: sources.followed.iter().copied().collect(),
            direct_sources: sources.direct.iter().copied().collect(),
            named_sources: sources.named.iter().cloned().collect(),
            column: value.column,
            span,
        }
    }

    /// Closes the binding: everything sorted, nothing twice.
    pub fn finish(mut self) -> Binding {
        self.found.relations = self.relations_seen;
        if self.relations_seen < 2 {
            self.found.qualifiers.clear();
        }
        self.found.reads.sort();
        self.found.reads.dedup();
        self.found.depends_on = self.depends_on.into_iter().collect();
        self.found.references.sort_unstable();
        self.found.references.dedup();
        self.found.derived.sort();
        self.found.derived.dedup();
        self.found.rows.sort();
        self.found.rows.dedup();
        self.found.inserts.sort_unstable();
        self.found.inserts.dedup();
        self.found.any_conflict.sort_unstable();
        self.found.any_conflict.dedup();
        self.found.volatile.sort_unstable();
        self.found.volatile.dedup();
        let mut seen = BTreeSet::new();
        self.found.errors.retain(|error| seen.insert((error.sqlstate, error.span, error.message.clone())));
        let mut seen = BTreeSet::new();
        self.found.unresolved.retain(|one| seen.insert((one.span, one.reference.clone(), one.reason.clone())));
        self.found
    }
}
