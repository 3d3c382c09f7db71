//! A small warehouse for the tests of this room, and short ways to bind text against it.
//!
//! `clients(id key, name not null, phone, status mood, born date, paid numeric(10,2), tags text[], notes jsonb)`,
//! `visits(id key, client_id, name, seen timestamp)`, `vip(client_id)`, a view `active` over clients, and a type `mood`.

use super::{Binding, ExpressionBinding, ExpressionScope, Session, bind_expression, bind_query, bind_statement, define_query};
use crate::name::Name;
use crate::schema::{
    Address, Column, ColumnOrigin, Constraint, ConstraintKind, DataType, Definition, Index, IndexKey, IndexState, NameSpace, ObjectBody, ObjectId, Part,
    Schema, Table, UserType, View,
};
use crate::sql::tree::{Deferrability, StatementKind, ViewKind};
use crate::text::Sources;

/// The warehouse.
pub(super) fn warehouse() -> Schema {
    let mut schema = Schema::new(crate::dialect::named("postgres").unwrap());
    let public = schema.insert(Name::stored("public"), None, ObjectBody::Schema);
    let labels = vec![(0, "new".into()), (1, "active".into())];
    let mood = schema.insert(Name::stored("mood"), Some(public), ObjectBody::Type(UserType::Enum { labels, next_label: 2 }));
    let numeric = DataType::builtin("numeric").with_modifiers(vec!["10".to_owned(), "2".to_owned()]);
    let clients = [
        ("id", DataType::builtin("int4"), true),
        ("name", DataType::builtin("text"), true),
        ("phone", DataType::builtin("text"), false),
        ("status", DataType::object(mood), false),
        ("born", DataType::builtin("date"), false),
        ("paid", numeric, false),
        ("tags", DataType::builtin("text").array_of(), false),
        ("notes", DataType::builtin("jsonb"), false),
    ];
    let clients = table(&mut schema, public, "clients", &clients, true);
    let visits = [
        ("id", DataType::builtin("int4"), true),
        ("client_id", DataType::builtin("int4"), true),
        ("name", DataType::builtin("text"), false),
        ("seen", DataType::builtin("timestamp"), false),
    ];
    table(&mut schema, public, "visits", &visits, true);
    table(&mut schema, public, "vip", &[("client_id", DataType::builtin("int4"), true)], false);
    view(&mut schema, public, clients);
    schema
}

fn table(schema: &mut Schema, space: ObjectId, name: &str, columns: &[(&str, DataType, bool)], keyed: bool) -> ObjectId {
    let mut table = Table::new();
    for (column, data_type, not_null) in columns {
        let number = table.take_column_number();
        let mut column = Column::new(number, Name::stored(*column), data_type.clone());
        column.not_null = *not_null;
        table.columns.push(column);
    }
    let first = table.columns.first().unwrap().number;
    let id = schema.insert(Name::stored(name), Some(space), ObjectBody::Table(table));
    if keyed {
        let key =
            IndexKey { column: Some(first), expression: Definition::text("id"), collation: None, operator_class: None, descending: false, nulls_first: false };
        let index = Index {
            table: id,
            unique: true,
            method: "btree".into(),
            keys: vec![key],
            include: Vec::new(),
            nulls_not_distinct: false,
            predicate: None,
            parameters: Vec::new(),
            tablespace: None,
            state: IndexState::Valid,
            parent: None,
            only: false,
        };
        let index = schema.insert(Name::stored(format!("{name}_pkey")), Some(space), ObjectBody::Index(index));
        let kind = ConstraintKind::PrimaryKey { columns: vec![first], index };
        let constraint = Constraint {
            owner: id,
            kind,
            deferrability: Deferrability::NotDeferrable,
            validated: true,
            enforced: true,
            inherited_from: 0,
            is_local: true,
            parent: None,
        };
        schema.insert(Name::stored(format!("{name}_pkey")), Some(space), ObjectBody::Constraint(constraint));
    }
    id
}

fn view(schema: &mut Schema, space: ObjectId, clients: ObjectId) {
    let mut sources = Sources::default();
    let source = sources.add("view", "SELECT id, name AS called FROM clients");
    let query = crate::sql::read_query(&sources, source, schema.dialect).unwrap();
    let session = Session::new(schema);
    let binding = bind_query(schema, &session, &query);
    let definition = define_query(schema, &session, &query, &binding);
    let mut columns = Vec::new();
    let mut origins = Vec::new();
    for (index, output) in binding.outputs.iter().enumerate() {
        let number = crate::schema::ColumnNumber(u16::try_from(index + 1).unwrap());
        columns.push(Column::new(number, output.name.clone(), output.data_type.clone().unwrap()));
        origins.push(ColumnOrigin {
            sources: output.direct_sources.clone(),
            never_null: !output.nullable,
            passes: output.column,
            output: Some(output.name.clone()),
        });
    }
    let body = View {
        kind: ViewKind::Plain,
        columns,
        origins,
        query: definition,
        written: None,
        check_option: None,
        parameters: Vec::new(),
        populated: true,
        late_binding: false,
        unresolved: None,
    };
    assert!(schema.get(clients).is_some());
    schema.insert(Name::stored("active"), Some(space), ObjectBody::View(body));
}

/// The relation of that name in `public`.
pub(super) fn relation(schema: &Schema, name: &str) -> ObjectId {
    let public = schema.namespace(&Name::stored("public")).unwrap();
    schema.find(NameSpace::Relation, Some(public), &Name::stored(name)).unwrap()
}

/// Binds one statement against the warehouse.
pub(super) fn bind(sql: &str) -> Binding {
    bind_in(&warehouse(), sql)
}

/// Binds one statement.
pub(super) fn bind_in(schema: &Schema, sql: &str) -> Binding {
    let mut sources = Sources::default();
    let source = sources.add("test", sql);
    let script = crate::sql::read_script(&sources, source, schema.dialect);
    let statement = script.statements.first().unwrap();
    assert!(!matches!(statement.kind, StatementKind::Unread(_)), "{:?}", statement.kind);
    bind_statement(schema, &Session::new(schema), statement)
}

/// Binds an expression.
pub(super) fn bind_alone(schema: &Schema, scope: &ExpressionScope, sql: &str) -> ExpressionBinding {
    let mut sources = Sources::default();
    let source = sources.add("test", sql);
    let expression = crate::sql::read_expression(&sources, source, schema.dialect).unwrap();
    bind_expression(schema, &Session::new(schema), scope, &expression)
}

/// The SQLSTATEs of a statement, in order.
pub(super) fn refusals(sql: &str) -> Vec<&'static str> {
    bind(sql).errors.iter().map(|error| error.sqlstate).collect()
}

/// `name type` of each output.
pub(super) fn outputs(sql: &str) -> Vec<String> {
    let schema = warehouse();
    let binding = bind_in(&schema, sql);
    assert_eq!(binding.errors, Vec::new());
    assert_eq!(binding.unresolved, Vec::new());
    let shown = |data_type: &Option<DataType>| data_type.as_ref().map_or("?".to_owned(), |known| crate::schema::format_type(&schema, known));
    binding.outputs.iter().map(|output| format!("{} {}", output.name, shown(&output.data_type))).collect()
}

/// `table.column role` of each read.
pub(super) fn reads(sql: &str) -> Vec<String> {
    let schema = warehouse();
    let binding = bind_in(&schema, sql);
    let mut reads: Vec<String> = binding.reads.iter().map(|read| format!("{} {:?}", called(&schema, read.address), read.role)).collect();
    reads.dedup();
    reads
}

/// `table.column`.
pub(super) fn called(schema: &Schema, address: Address) -> String {
    let object = schema.get(address.object).map_or_else(String::new, |object| object.name.to_string());
    match address.part {
        Part::Column(number) => format!("{object}.{}", schema.column(address.object, number).map_or_else(String::new, |column| column.name.to_string())),
        Part::Whole | Part::Default(_) => object,
    }
}
