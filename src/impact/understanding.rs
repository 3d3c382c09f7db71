//! One subject against one schema: the bindings of its statements, and what it declares looked up.

use std::collections::{BTreeMap, BTreeSet};

use super::declared::Declarations;
use super::subject::Subject;
use crate::lineage::{Binding, Role, RoutineBody, Session, Unresolved, WriteKind, bind_body, bind_statement, written};
use crate::name::Name;
use crate::schema::{Address, DataType, ObjectBody, ObjectId, Part, Schema, Trigger, TypeIdentity};
use crate::sql::tree::{Session as SessionStatement, SettingValue, Statement, StatementKind, TriggerEvent, TriggerState};

/// What a subject means in one schema.
#[derive(Clone, Debug)]
pub(super) struct Understanding {
    /// One for each statement that reads or writes.
    pub(super) bindings: Vec<Binding>,
    /// The role that each of them runs as, when it is known.
    pub(super) roles: Vec<Option<Name>>,
    /// What it declares.
    pub(super) declared: Declarations,
    /// Every column it reads or writes itself, with the roles.
    pub(super) direct: BTreeMap<Address, BTreeSet<Role>>,
    /// The same, and every column that the views it reads rest on.
    pub(super) deep: BTreeMap<Address, BTreeSet<Role>>,
    /// Every object it rests on, through views and functions.
    pub(super) objects: BTreeSet<ObjectId>,
    /// The bodies that run when it does and that the server keeps as text: of routines, and of triggers with their table.
    pub(super) bodies: BTreeMap<(ObjectId, Option<ObjectId>), RoutineBody>,
    /// The trigger functions that run when it writes to a table, or when such a body does.
    pub(super) fires: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    /// The tables it writes to itself, and how.
    pub(super) writes: BTreeSet<(ObjectId, WriteKind)>,
    /// What only those bodies rest on.
    pub(super) behind: BTreeSet<ObjectId>,
}

impl Understanding {
    /// Binds every statement and looks every declaration up.
    pub(super) fn of(schema: &Schema, subject: &Subject) -> Self {
        let mut session = subject.session.clone();
        let (mut bindings, mut roles) = (Vec::new(), Vec::new());
        let mut writes = Vec::new();
        for statement in &subject.statements {
            writes.extend(written(schema, &session, statement));
            if let Some(binding) = bind_one(schema, &mut session, statement) {
                bindings.push(binding);
                roles.push(session.role.clone());
            }
        }
        let declared = Declarations::of(schema, subject);
        let mut direct: BTreeMap<Address, BTreeSet<Role>> = declared.roles();
        for read in bindings.iter().flat_map(|binding| &binding.reads) {
            direct.entry(read.address).or_default().insert(read.role);
        }
        let named = bindings.iter().flat_map(|binding| &binding.depends_on).map(|address| address.object).chain(direct.keys().map(|address| address.object));
        let mut objects = closure(schema, named.collect());
        let mut deep = deep_reads(schema, &direct, &objects);
        // What a view reads that is looked up at each query.
        for address in bindings.iter().flat_map(|binding| &binding.depends_on).filter(|address| matches!(address.part, Part::Column(_))) {
            deep.entry(*address).or_insert_with(|| BTreeSet::from([Role::Value]));
        }
        objects.extend(deep.keys().filter_map(|address| type_of(schema, *address)));
        objects.extend(row_types(schema, bindings.iter().flat_map(|binding| &binding.outputs).filter_map(|output| output.data_type.as_ref())));
        let heirs = heirs(schema, &objects);
        objects.extend(heirs);
        let declared_writes = declared.roles().into_iter().filter(|(_, roles)| roles.contains(&Role::Write));
        writes.extend(declared_writes.map(|(address, _)| (address.object, WriteKind::Any)));
        let own_writes = writes.iter().copied().collect();
        let mut behind = Behind { schema, session: &subject.session, bodies: BTreeMap::new(), fires: BTreeMap::new(), seen: BTreeSet::new() };
        behind.follow(&objects, writes);
        let Behind { bodies, fires, seen, .. } = behind;
        Self { bindings, roles, declared, direct, deep, objects, bodies, fires, writes: own_writes, behind: seen }
    }

    /// What an object of the subject rests on, or sets off.
    pub(super) fn below(&self, schema: &Schema, id: ObjectId) -> BTreeSet<ObjectId> {
        let mut below: BTreeSet<ObjectId> = needs_of(schema, id).iter().map(|need| need.object).collect();
        let own = self.bodies.range((id, None)..).take_while(|((routine, _), _)| *routine == id);
        below.extend(own.flat_map(|(_, body)| &body.parts).flat_map(|part| &part.binding.depends_on).map(|need| need.object));
        below.extend(self.fires.get(&id).into_iter().flatten().copied());
        below
    }

    /// Whether everything resolves and nothing would be refused.
    pub(super) fn works(&self) -> bool {
        self.bindings.iter().all(|binding| binding.errors.is_empty() && binding.unresolved.is_empty()) && self.declared.missing().next().is_none()
    }
}

/// Follows the bodies that the server looks into only when they run.
struct Behind<'a> {
    schema: &'a Schema,
    session: &'a Session,
    bodies: BTreeMap<(ObjectId, Option<ObjectId>), RoutineBody>,
    fires: BTreeMap<ObjectId, BTreeSet<ObjectId>>,
    seen: BTreeSet<ObjectId>,
}

impl Behind<'_> {
    fn follow(&mut self, objects: &BTreeSet<ObjectId>, writes: Vec<(ObjectId, WriteKind)>) {
        let mut open: Vec<(ObjectId, Option<ObjectId>)> = objects.iter().map(|id| (*id, None)).collect();
        let mut writes = writes;
        let mut written = BTreeSet::new();
        loop {
            while let Some((id, table)) = open.pop() {
                if self.bodies.contains_key(&(id, table)) {
                    continue;
                }
                let Some(body) = bind_body(self.schema, self.session, id, table) else { continue };
                for part in &body.parts {
                    writes.extend(part.writes.iter().copied());
                    for need in closure(self.schema, part.binding.depends_on.iter().map(|need| need.object).collect()) {
                        if !objects.contains(&need) && self.seen.insert(need) {
                            open.push((need, None));
                        }
                    }
                }
                self.bodies.insert((id, table), body);
            }
            let Some(write) = writes.pop() else { return };
            if written.insert(write) {
                for function in self.set_off(write) {
                    self.fires.entry(write.0).or_default().insert(function);
                    self.seen.insert(function);
                    open.push((function, Some(write.0)));
                }
            }
        }
    }

    /// The functions of the triggers that a write to a table sets off.
    fn set_off(&self, (table, kind): (ObjectId, WriteKind)) -> Vec<ObjectId> {
        let mut functions = Vec::new();
        for id in self.schema.on_table(table) {
            let Some(ObjectBody::Trigger(trigger)) = self.schema.get(id).map(|object| &object.body) else { continue };
            if sets_off(trigger, kind) {
                functions.extend(trigger.definition.needs().iter().map(|need| need.object));
            }
        }
        functions.retain(|id| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Function(_))));
        functions
    }
}

/// Whether a write sets a trigger off.
pub(super) fn sets_off(trigger: &Trigger, kind: WriteKind) -> bool {
    let fires = trigger.events.iter().any(|event| match event {
        TriggerEvent::Insert => matches!(kind, WriteKind::Insert | WriteKind::Upsert | WriteKind::Any),
        TriggerEvent::Update(_) => matches!(kind, WriteKind::Update | WriteKind::Upsert | WriteKind::Any),
        TriggerEvent::Delete => matches!(kind, WriteKind::Delete | WriteKind::Any),
        TriggerEvent::Truncate | TriggerEvent::Command(_) => false,
    });
    fires && !matches!(trigger.state, TriggerState::Disabled | TriggerState::Replica)
}

/// The binding of a statement that reads or writes; settings move the session; everything else cannot be judged.
fn bind_one(schema: &Schema, session: &mut Session, statement: &Statement) -> Option<Binding> {
    match &statement.kind {
        StatementKind::Query(_) | StatementKind::Dml(_) | StatementKind::Copy(_) | StatementKind::RefreshView(_) | StatementKind::Call(_) => {
            Some(bind_statement(schema, session, statement))
        }
        StatementKind::Session(SessionStatement::Set { name, values, .. }) if name == "search_path" => {
            session.search_path = values
                .iter()
                .filter_map(|value| match value {
                    SettingValue::Word(word) => Some(word.name.clone()),
                    SettingValue::Text(text) => Some(Name::stored(text.as_str())),
                    SettingValue::Number(_) | SettingValue::Computed(_) => None,
                })
                .collect();
            None
        }
        StatementKind::Session(SessionStatement::Set { name, values, .. }) if name == "role" => {
            session.role = match values.as_slice() {
                [SettingValue::Word(word)] if word.name.as_str() != "none" => Some(word.name.clone()),
                [SettingValue::Text(text)] if text != "none" => Some(Name::stored(text.as_str())),
                _ => None,
            };
            None
        }
        StatementKind::Session(SessionStatement::Reset(name)) => {
            if name.as_deref().is_none_or(|name| name == "role") {
                session.role = None;
            }
            None
        }
        StatementKind::Session(_) | StatementKind::Transaction(_) | StatementKind::MetaCommand(_) | StatementKind::NoEffect { .. } => None,
        StatementKind::Unread(unread) => Some(not_bound(&unread.head, &unread.message, unread.span)),
        other => Some(not_bound("statement", &format!("a consumer that does this is not judged: {}", kind_words(other)), statement.span)),
    }
}

fn not_bound(reference: &str, reason: &str, span: crate::text::Span) -> Binding {
    Binding { unresolved: vec![Unresolved { reference: reference.to_owned(), reason: reason.to_owned(), span }], ..Binding::default() }
}

fn kind_words(kind: &StatementKind) -> String {
    let debug = format!("{kind:?}");
    debug.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}

/// The objects and everything below them: what views are made of, functions their definitions call, types.
pub(super) fn closure(schema: &Schema, start: BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
    let mut seen = start.clone();
    let mut open: Vec<ObjectId> = start.into_iter().collect();
    while let Some(id) = open.pop() {
        for need in needs_of(schema, id) {
            if seen.insert(need.object) {
                open.push(need.object);
            }
        }
    }
    seen
}

/// What a view or a routine with a bound body rests on; tables rest on nothing that a reader sees.
pub(super) fn needs_of(schema: &Schema, id: ObjectId) -> &[Address] {
    match schema.get(id).map(|object| &object.body) {
        Some(ObjectBody::View(view)) => view.query.needs(),
        Some(ObjectBody::Function(function)) => function.bound_body.as_ref().map_or(&[], |body| body.needs()),
        _ => &[],
    }
}

/// The enum, domain or other type of the schema that a column has: what happens to the type happens to its values.
fn type_of(schema: &Schema, address: Address) -> Option<ObjectId> {
    let Part::Column(number) = address.part else { return None };
    match schema.column(address.object, number)?.data_type.identity {
        TypeIdentity::Object(id) => Some(id),
        TypeIdentity::Builtin(_) | TypeIdentity::Unknown(_) => None,
    }
}

/// The tables that inherit from these, partitions too: whoever reads the parent reads their rows.
fn heirs(schema: &Schema, objects: &BTreeSet<ObjectId>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<ObjectId> = objects.iter().copied().filter(|id| schema.table(*id).is_some()).collect();
    while let Some(parent) = open.pop() {
        for dependency in schema.dependencies().on_object(parent) {
            let child = dependency.dependent.object;
            if schema.table(child).is_some_and(|table| table.parents.contains(&parent)) && found.insert(child) {
                open.push(child);
            }
        }
    }
    found
}

/// The row types of values that come out, and the types of their fields in turn.
fn row_types<'t>(schema: &'t Schema, outputs: impl Iterator<Item = &'t DataType>) -> BTreeSet<ObjectId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&DataType> = outputs.collect();
    while let Some(data_type) = open.pop() {
        if let TypeIdentity::Object(id) = data_type.identity
            && found.insert(id)
        {
            open.extend(schema.columns(id).iter().map(|column| &column.data_type));
        }
    }
    found
}

/// A column below a view is used in the ways in which the view is.
fn deep_reads(schema: &Schema, direct: &BTreeMap<Address, BTreeSet<Role>>, objects: &BTreeSet<ObjectId>) -> BTreeMap<Address, BTreeSet<Role>> {
    let mut deep = direct.clone();
    for id in objects {
        for need in needs_of(schema, *id) {
            if matches!(need.part, Part::Column(_)) {
                deep.entry(*need).or_default().insert(Role::Value);
            }
        }
    }
    deep
}
