//! What stands in the tree: that each word of a statement ends up in the field that means it.

use crate::sql::read_script;
use crate::sql::tree::*;
use crate::text::Sources;

fn one(text: &str) -> StatementKind {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let script = read_script(&sources, id, crate::dialect::named("postgres").unwrap());
    assert_eq!(script.statements.len(), 1, "{text}");
    script.statements.into_iter().next().unwrap().kind
}

fn table(text: &str) -> CreateTable {
    match one(text) {
        StatementKind::CreateTable(table) => *table,
        other => panic!("{other:?}"),
    }
}

fn actions(text: &str) -> Vec<AlterTableAction> {
    match one(text) {
        StatementKind::AlterTable(table) => table.actions.into_iter().map(|action| action.value).collect(),
        other => panic!("{other:?}"),
    }
}

fn names<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

#[test]
fn a_table_keeps_its_elements_in_order() {
    let table = table(
        "CREATE UNLOGGED TABLE IF NOT EXISTS s.\"T\" (A int NOT NULL DEFAULT 1, CONSTRAINT c CHECK (a > 0) NO INHERIT, LIKE u INCLUDING ALL, b text COLLATE \"C\")",
    );
    assert_eq!((table.name.to_string().as_str(), table.temporary, table.if_not_exists), ("s.T", TemporaryKind::Unlogged, true));
    let [TableElement::Column(a), TableElement::Constraint(c), TableElement::Like(u, options), TableElement::Column(b)] = table.elements.as_slice() else {
        panic!("{:?}", table.elements)
    };
    assert_eq!((a.name.to_string().as_str(), a.constraints.len()), ("a", 2));
    assert!(matches!(a.constraints[0].kind, ColumnConstraintKind::NotNull) && matches!(a.constraints[1].kind, ColumnConstraintKind::Default(_)));
    assert!(matches!(c.kind, TableConstraintKind::Check { no_inherit: true, .. }) && names(c.name.as_slice()) == "c");
    assert_eq!((u.to_string().as_str(), options.len(), options[0].what.as_str()), ("u", 1, "ALL"));
    assert_eq!(names(b.collation.as_slice()), "C");
}

#[test]
fn a_default_ends_before_the_next_constraint() {
    let table = table(
        "CREATE TABLE t (a text DEFAULT 'x' || lower('Y') COLLATE \"C\" NOT NULL UNIQUE, b bool DEFAULT (1 IN (1)) CHECK (b), c int DEFAULT 1 PRIMARY KEY)",
    );
    let counts: Vec<usize> = table
        .elements
        .iter()
        .map(|element| match element {
            TableElement::Column(column) => column.constraints.len(),
            _ => 0,
        })
        .collect();
    assert_eq!(counts, [3, 2, 2]);
}

#[test]
fn partitions_keep_bounds_as_normal_text() {
    let partition = table("CREATE TABLE p PARTITION OF s.t (b NOT NULL) FOR VALUES FROM ( 'a', 1 ) TO (MAXVALUE , 2) PARTITION BY list (lower(b))");
    let (parent, bound) = partition.partition_of.unwrap();
    assert_eq!((parent.to_string().as_str(), bound.0.as_str()), ("s.t", "FOR VALUES FROM ('a', 1) TO (MAXVALUE, 2)"));
    assert_eq!(partition.partition_by.map(|by| (by.strategy, by.elements.len())), Some((String::from("list"), 1)));
    let TableElement::Column(column) = &partition.elements[0] else { panic!() };
    assert!(column.data_type.is_none() && matches!(column.constraints[0].kind, ColumnConstraintKind::NotNull));
    let hash = table("CREATE TABLE p PARTITION OF t FOR VALUES WITH (remainder 1, modulus 4)").partition_of.unwrap().1;
    assert_eq!(hash.0, "FOR VALUES WITH (modulus 4, remainder 1)");
    assert_eq!(table("CREATE TABLE p PARTITION OF t DEFAULT").partition_of.unwrap().1.0, "DEFAULT");
}

#[test]
fn keys_say_everything_about_themselves() {
    let table = table(
        "CREATE TABLE t (a int, PRIMARY KEY (a) INCLUDE (b) DEFERRABLE INITIALLY DEFERRED, UNIQUE NULLS NOT DISTINCT (a, b), FOREIGN KEY (a) REFERENCES s.u (x) MATCH FULL ON DELETE SET NULL (a) ON UPDATE CASCADE NOT VALID)",
    );
    let constraints: Vec<&TableConstraint> = table
        .elements
        .iter()
        .filter_map(|element| match element {
            TableElement::Constraint(constraint) => Some(constraint),
            _ => None,
        })
        .collect();
    assert!(matches!(&constraints[0].kind, TableConstraintKind::PrimaryKey { columns, include, .. } if columns.len() == 1 && names(include) == "b"));
    assert_eq!(constraints[0].flags.deferrability, Some(Deferrability::InitiallyDeferred));
    assert!(matches!(&constraints[1].kind, TableConstraintKind::Unique { nulls_not_distinct: true, columns, .. } if columns.len() == 2));
    let TableConstraintKind::ForeignKey { references, .. } = &constraints[2].kind else { panic!() };
    assert_eq!((references.table.to_string().as_str(), references.matching, references.on_delete), ("s.u", ForeignKeyMatch::Full, ForeignKeyAction::SetNull));
    assert_eq!((references.on_update, names(&references.on_delete_columns).as_str()), (ForeignKeyAction::Cascade, "a"));
    assert!(constraints[2].flags.not_valid);
}

#[test]
fn flags_belong_to_the_constraint_before_them() {
    let table = table("CREATE TABLE t (a int REFERENCES u DEFERRABLE INITIALLY DEFERRED NOT NULL, b int UNIQUE NOT DEFERRABLE)");
    let TableElement::Column(a) = &table.elements[0] else { panic!() };
    assert_eq!(a.constraints[0].flags.deferrability, Some(Deferrability::InitiallyDeferred));
    assert_eq!(a.constraints[1].flags, ConstraintFlags::default());
    let TableElement::Column(b) = &table.elements[1] else { panic!() };
    assert_eq!(b.constraints[0].flags.deferrability, Some(Deferrability::NotDeferrable));
}

#[test]
fn identity_options_come_in_any_order() {
    let StatementKind::CreateSequence(sequence) =
        one("CREATE SEQUENCE s AS int START WITH 5 INCREMENT BY -2 NO MINVALUE MAXVALUE 10 NO CYCLE CACHE 3 OWNED BY a.t.c")
    else {
        panic!()
    };
    let options = sequence.options;
    assert_eq!((options.start, options.increment, options.minimum, options.maximum), (Some(5), Some(-2), Some(None), Some(Some(10))));
    assert_eq!((options.cycle, options.cache), (Some(false), Some(3)));
    assert!(matches!(options.owned_by, Some(OwnedBy::Column(table, column)) if table.to_string() == "a.t" && column.to_string() == "c"));
    let found = actions("ALTER TABLE t ALTER a SET GENERATED ALWAYS SET START 7 RESTART");
    let AlterTableAction::AlterColumn { action: AlterColumn::SetIdentity(kind, options), .. } = &found[0] else { panic!("{found:?}") };
    assert_eq!((*kind, options.start, options.restart), (Some(IdentityKind::Always), Some(7), Some(None)));
}

#[test]
fn each_action_of_a_list_is_its_own() {
    let found = actions(
        "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int, DROP COLUMN IF EXISTS b CASCADE, ALTER c SET DATA TYPE text USING c::text, ALTER d DROP NOT NULL, ADD CHECK (a > 0) NOT VALID, VALIDATE CONSTRAINT e",
    );
    assert!(matches!(&found[0], AlterTableAction::AddColumn { if_not_exists: true, .. }));
    assert!(matches!(&found[1], AlterTableAction::DropColumn { if_exists: true, behavior: DropBehavior::Cascade, .. }));
    assert!(matches!(&found[2], AlterTableAction::AlterColumn { action: AlterColumn::Type { using: Some(_), .. }, .. }));
    assert!(matches!(&found[3], AlterTableAction::AlterColumn { action: AlterColumn::DropNotNull, .. }));
    assert!(matches!(&found[4], AlterTableAction::AddConstraint(constraint) if constraint.flags.not_valid && constraint.name.is_none()));
    assert!(matches!(&found[5], AlterTableAction::ValidateConstraint(_)));
}

#[test]
fn a_column_may_be_called_by_an_unreserved_word() {
    assert!(matches!(&actions("ALTER TABLE t ADD index int")[0], AlterTableAction::AddColumn { column, .. } if column.name.to_string() == "index"));
    assert!(
        matches!(&actions("ALTER TABLE t ADD \"constraint\" int")[0], AlterTableAction::AddColumn { column, .. } if column.name.to_string() == "constraint")
    );
    assert!(matches!(&actions("ALTER TABLE t RENAME type TO value")[0], AlterTableAction::RenameColumn { from, .. } if from.to_string() == "type"));
    assert!(matches!(&actions("ALTER TABLE t DROP key")[0], AlterTableAction::DropColumn { column, .. } if column.to_string() == "key"));
}

#[test]
fn index_keys_tell_columns_from_expressions() {
    let StatementKind::CreateIndex(index) = one(
        "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.t USING gin (a text_ops DESC NULLS LAST, lower(b) COLLATE \"C\", (a || b), s.f(x)) INCLUDE (d) WHERE a > 1 AND b",
    ) else {
        panic!()
    };
    assert!(index.unique && index.concurrently && index.only && index.predicate.is_some());
    let kinds: Vec<&str> = index
        .elements
        .iter()
        .map(|element| match &*element.expr.kind {
            ExprKind::Column(_) => "column",
            ExprKind::Call(_) => "call",
            ExprKind::Binary(..) => "operator",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["column", "call", "operator", "call"]);
    assert_eq!(
        (names(index.elements[0].operator_class.as_slice()).as_str(), index.elements[0].descending, index.elements[0].nulls_first),
        ("text_ops", true, Some(false))
    );
    assert_eq!(names(index.elements[1].collation.as_slice()), "C");
}

#[test]
fn the_words_behind_a_view_are_no_part_of_its_query() {
    let mut sources = Sources::default();
    let id = sources.add("t", "CREATE OR REPLACE VIEW v (a) AS SELECT 1 WITH LOCAL CHECK OPTION; CREATE MATERIALIZED VIEW m AS SELECT 2 WITH NO DATA");
    let script = read_script(&sources, id, crate::dialect::named("postgres").unwrap());
    let views: Vec<&CreateView> = script
        .statements
        .iter()
        .filter_map(|statement| match &statement.kind {
            StatementKind::CreateView(view) => Some(&**view),
            _ => None,
        })
        .collect();
    assert_eq!((sources.slice(views[0].query_span), views[0].check_option, views[0].or_replace), ("SELECT 1", Some(CheckOption::Local), true));
    assert_eq!((sources.slice(views[1].query_span), views[1].with_data, views[1].kind), ("SELECT 2", false, ViewKind::Materialized));
}

#[test]
fn dropping_concurrently_is_no_index_of_that_name() {
    let StatementKind::Drop(drop) = one("DROP INDEX CONCURRENTLY IF EXISTS a, s.b CASCADE") else { panic!() };
    assert!(drop.concurrently && drop.if_exists && drop.behavior == DropBehavior::Cascade);
    let found: Vec<String> = drop
        .targets
        .iter()
        .map(|target| match target {
            DropTarget::Object(object) => object.name.to_string(),
            DropTarget::OwnedBy(role) => role.to_string(),
        })
        .collect();
    assert_eq!(found, ["a", "s.b"]);
}

#[test]
fn a_function_is_read_whole() {
    let text = "CREATE OR REPLACE FUNCTION s.f(a int, OUT b text, INOUT double precision, VARIADIC d text[] DEFAULT '{}') RETURNS SETOF record LANGUAGE PLPGSQL STABLE STRICT SECURITY DEFINER COST 10 SET search_path = a, b AS $x$ body $x$";
    let StatementKind::CreateFunction(function) = one(text) else { panic!() };
    let modes: Vec<ParameterMode> = function.parameters.iter().map(|parameter| parameter.mode).collect();
    assert_eq!(modes, [ParameterMode::In, ParameterMode::Out, ParameterMode::InOut, ParameterMode::Variadic]);
    assert!(function.parameters[2].name.is_none() && function.parameters[3].default.is_some());
    assert!(matches!(&function.returns, Returns::Type(data_type) if data_type.set_of));
    assert_eq!(
        (function.language.as_deref(), function.volatility, function.strict, function.security_definer),
        (Some("plpgsql"), Volatility::Stable, true, true)
    );
    assert_eq!(function.settings, [(String::from("search_path"), String::from("a, b"))]);
    let FunctionBody::Text(body) = &function.body else { panic!() };
    assert_eq!((body.body.as_str(), body.verbatim), (" body ", true));
    assert_eq!(text.get(body.span.start as usize..body.span.end as usize), Some(" body "));
}

#[test]
fn an_atomic_body_holds_statements() {
    let StatementKind::CreateFunction(function) =
        one("CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC INSERT INTO t VALUES (1); SELECT CASE WHEN a THEN 1 END FROM t; END")
    else {
        panic!()
    };
    assert!(matches!(&function.body, FunctionBody::Atomic(statements, _) if statements.len() == 2));
}

#[test]
fn a_signature_counts_input_types_only() {
    let StatementKind::Drop(drop) = one("DROP FUNCTION f(a int, OUT b text, VARIADIC c text[]), g") else { panic!() };
    let signatures: Vec<Option<usize>> = drop
        .targets
        .iter()
        .map(|target| match target {
            DropTarget::Object(object) => object.signature.as_ref().and_then(|signature| signature.arguments.as_ref().map(Vec::len)),
            DropTarget::OwnedBy(_) => None,
        })
        .collect();
    assert_eq!(signatures, [Some(2), None]);
}

#[test]
fn comments_name_what_they_are_on() {
    let StatementKind::Comment(comment) = one("COMMENT ON COLUMN s.t.c IS 'it''s'") else { panic!() };
    assert_eq!((comment.object.kind, comment.object.name.to_string().as_str()), (ObjectKind::Column, "c"));
    assert_eq!((names(comment.object.on.as_slice()).as_str(), comment.text.as_deref()), ("s.t", Some("it's")));
    let StatementKind::Comment(comment) = one("COMMENT ON CONSTRAINT c ON DOMAIN d IS NULL") else { panic!() };
    assert_eq!((comment.object.kind, comment.text), (ObjectKind::DomainConstraint, None));
}

#[test]
fn grants_say_what_on_what_to_whom() {
    let StatementKind::Grant(grant) = one("GRANT SELECT, UPDATE (a, b) ON s.t, u TO r, PUBLIC WITH GRANT OPTION") else { panic!() };
    assert_eq!((grant.privileges.len(), names(&grant.privileges[1].columns).as_str(), grant.grant_option), (2, "a,b", true));
    assert!(matches!(&grant.target, GrantTarget::Relations(all) if names(all) == "s.t,u"));
    assert_eq!(grant.grantees[1], Grantee::Public);
    assert!(matches!(one("GRANT a, b TO c"), StatementKind::Grant(grant) if matches!(&grant.target, GrantTarget::Roles(roles) if roles.len() == 2)));
    assert!(matches!(one("REVOKE ALL ON ALL TABLES IN SCHEMA s FROM r"), StatementKind::Grant(grant)
        if grant.privileges.is_empty() && grant.direction == GrantDirection::Revoke && matches!(&grant.target, GrantTarget::AllInSchema(ObjectKind::Table, _))));
}

#[test]
fn settings_are_told_from_modes() {
    let StatementKind::Session(Session::Set { name, values, local }) = one("SET LOCAL search_path TO \"App\", public") else { panic!() };
    assert_eq!((name.as_str(), values.len(), local), ("search_path", 2, true));
    assert!(matches!(&values[0], SettingValue::Word(word) if word.to_string() == "App"));
    assert!(matches!(one("SET TIME ZONE 'UTC'"), StatementKind::Session(Session::Set { name, .. }) if name == "timezone"));
    assert!(matches!(one("SET x TO DEFAULT"), StatementKind::Session(Session::Set { values, .. }) if values.is_empty()));
    assert!(matches!(one("SET CONSTRAINTS ALL DEFERRED"), StatementKind::Transaction(Transaction::Mode(words)) if words == "SET CONSTRAINTS ALL DEFERRED"));
    assert!(matches!(one("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"), StatementKind::Transaction(Transaction::Mode(_))));
}

#[test]
fn set_config_is_a_set() {
    let StatementKind::Session(Session::Set { name, values, local }) = one("SELECT pg_catalog.set_config('search_path', 'App, \"B\"', false)") else {
        panic!()
    };
    assert_eq!((name.as_str(), local), ("search_path", false));
    assert_eq!(values, [SettingValue::Text(String::from("app")), SettingValue::Text(String::from("B"))]);
    assert!(
        matches!(one("SELECT set_config('search_path', '', false)"), StatementKind::Session(Session::Set { values, .. }) if values == [SettingValue::Text(String::new())])
    );
}

#[test]
fn select_into_makes_a_table() {
    let StatementKind::CreateTableAs(made) = one("SELECT a INTO TEMP x FROM t UNION SELECT b FROM u") else { panic!() };
    assert_eq!((made.name.to_string().as_str(), made.temporary), ("x", TemporaryKind::Temporary));
    let StatementKind::CreateTableAs(made) = one("CREATE TABLE x (a, b) AS SELECT 1, 2 WITH NO DATA") else { panic!() };
    assert_eq!((names(&made.columns).as_str(), made.with_data), ("a,b", false));
}

#[test]
fn a_write_behind_with_is_a_write() {
    assert!(matches!(one("WITH x AS (SELECT 1) DELETE FROM t USING x"), StatementKind::Dml(dml) if matches!(*dml, Dml::Delete(_))));
    assert!(matches!(one("WITH update AS (SELECT 1) SELECT * FROM update"), StatementKind::Query(_)));
    assert!(matches!(one("EXPLAIN ANALYZE DELETE FROM t"), StatementKind::Dml(_)));
    assert!(matches!(one("EXPLAIN DELETE FROM t"), StatementKind::NoEffect { .. }));
}

#[test]
fn maintenance_says_what_decides_its_lock() {
    let verb = |text: &str| match one(text) {
        StatementKind::Maintenance(found) => (found.verb, found.concurrently, names(&found.targets)),
        other => panic!("{other:?}"),
    };
    assert_eq!(verb("VACUUM (FULL, VERBOSE) a, s.b"), (String::from("VACUUM FULL"), false, String::from("a,s.b")));
    assert_eq!(verb("VACUUM (FULL off) a"), (String::from("VACUUM"), false, String::from("a")));
    assert_eq!(verb("REINDEX (VERBOSE) TABLE CONCURRENTLY t"), (String::from("REINDEX TABLE"), true, String::from("t")));
    assert!(
        matches!(one("LOCK TABLE a, b IN SHARE ROW EXCLUSIVE MODE"), StatementKind::Lock { tables, mode } if tables.len() == 2 && mode == "SHARE ROW EXCLUSIVE")
    );
    assert!(matches!(one("LOCK a"), StatementKind::Lock { mode, .. } if mode == "ACCESS EXCLUSIVE"));
}

#[test]
fn other_objects_keep_what_they_mention() {
    let StatementKind::CreateOther { kind, name, mentions, .. } = one("CREATE STATISTICS s.x ON a, b FROM app.t") else { panic!() };
    assert_eq!((kind, name.to_string().as_str()), (ObjectKind::Statistics, "s.x"));
    assert_eq!(names(&mentions), "app.t");
    assert!(matches!(one("CREATE RULE r AS ON INSERT TO a.t DO INSTEAD DELETE FROM b.u"), StatementKind::CreateOther { kind: ObjectKind::Rule, mentions, .. }
        if names(&mentions) == "a.t,b.u"));
    assert!(matches!(one("CREATE PUBLICATION p FOR TABLE a, s.b"), StatementKind::CreateOther { mentions, .. } if names(&mentions) == "a,s.b"));
}
