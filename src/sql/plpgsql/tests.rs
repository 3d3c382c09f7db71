//! What is read of a body.

use super::{PlBlock, PlConflict, PlDirection, PlExecute, PlKind, PlLeave, PlLoop, PlRaised, PlStatement, PlText, PlType, read};
use crate::dialect::named;
use crate::sql::tree::{ExprKind, StatementKind, Unread};
use crate::text::Sources;

fn body_in(text: &str) -> (Sources, Result<PlBlock, Unread>) {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let block = read(&sources, sources.whole(id), named("postgres").unwrap());
    (sources, block)
}

fn body(text: &str) -> PlBlock {
    body_in(text).1.unwrap_or_else(|unread| panic!("{text}: {}", unread.message))
}

fn statements(text: &str) -> Vec<PlStatement> {
    body(&format!("BEGIN {text} END")).statements
}

fn only(text: &str) -> PlKind {
    let mut all = statements(text);
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0).kind
}

#[test]
fn declarations_keep_names_types_and_defaults() {
    let block = body(
        "<<l>> DECLARE a int := 1 + 2; b CONSTANT text NOT NULL DEFAULT 'x'; c app.t%ROWTYPE; d app.t.e%TYPE; f record; \
         g CURSOR (h int) FOR SELECT * FROM t WHERE i = h; j ALIAS FOR $1; k int = 3; BEGIN NULL; END l;",
    );
    let names: Vec<&str> = block.declarations.iter().map(|declaration| declaration.name.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "d", "f", "g", "j", "k"]);
    assert!(block.declarations[1].not_null && block.declarations[1].default.is_some());
    assert!(matches!(&block.declarations[2].data_type, PlType::RowOf(name) if name.to_string() == "app.t"));
    assert!(matches!(&block.declarations[3].data_type, PlType::Type(found) if found.of_column.is_some()));
    assert!(matches!(&block.declarations[5].data_type, PlType::Cursor(arguments, _) if arguments.len() == 1));
}

#[test]
fn sql_is_read_with_true_places_and_its_variables() {
    let text = "BEGIN ALTER TABLE t ADD COLUMN c int; SELECT a, b INTO STRICT v, r.f FROM t; INSERT INTO t VALUES (1) RETURNING id INTO w; END";
    let (sources, block) = body_in(text);
    let block = block.unwrap();
    let [alter, select, insert] = block.statements.as_slice() else { panic!("{block:?}") };
    assert!(matches!(&alter.kind, PlKind::Sql(statement, into) if matches!(statement.kind, StatementKind::AlterTable(_)) && into.targets.is_empty()));
    assert_eq!(sources.slice(alter.span), "ALTER TABLE t ADD COLUMN c int");
    assert!(
        matches!(&select.kind, PlKind::Sql(statement, into) if matches!(statement.kind, StatementKind::Query(_)) && into.targets == ["v", "r.f"] && into.strict)
    );
    assert!(matches!(&insert.kind, PlKind::Sql(statement, into) if matches!(statement.kind, StatementKind::Dml(_)) && into.targets == ["w"] && !into.strict));
}

#[test]
fn conditions_mark_what_may_not_run() {
    let kind = only(
        "IF NOT EXISTS (SELECT 1 FROM t WHERE CASE WHEN a THEN b END) THEN DROP TABLE t; ELSIF count(*) > 1 FROM u THEN NULL; ELSE PERFORM f(x) FROM t; END IF;",
    );
    let PlKind::If { branches, otherwise } = kind else { panic!("{kind:?}") };
    assert_eq!((branches.len(), otherwise.len()), (2, 1));
    assert!(matches!(*branches[0].condition.kind, ExprKind::Unary(..)));
    assert!(matches!(*branches[1].condition.kind, ExprKind::Subquery(_)));
    assert!(matches!(otherwise[0].kind, PlKind::Perform(_)));
    let kind = only("CASE x WHEN 1, 2 THEN NULL; ELSE a := 1; END CASE;");
    assert!(matches!(kind, PlKind::Case { operand: Some(_), branches, otherwise: Some(_) } if matches!(*branches[0].condition.kind, ExprKind::Row(_))));
}

#[test]
fn loops_know_what_they_go_over() {
    let over = |text: &str| match only(text) {
        PlKind::Loop { over, .. } => over,
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(over("FOR i IN REVERSE 1..10 BY 2 LOOP NULL; END LOOP;"), PlLoop::Integers(name, bounds, PlDirection::Reverse) if name.name.as_str() == "i" && bounds.len() == 3)
    );
    assert!(matches!(over("FOR i IN a.b..array_length(c, 1) LOOP NULL; END LOOP;"), PlLoop::Integers(_, bounds, PlDirection::Forward) if bounds.len() == 2));
    assert!(matches!(over("<<l>> FOR r IN SELECT * FROM t LOOP NULL; END LOOP l;"), PlLoop::Rows(variables, _) if variables == ["r"]));
    assert!(matches!(over("FOR a, b IN EXECUTE 'SELECT 1' USING x LOOP NULL; END LOOP;"), PlLoop::Executed(variables, _) if variables == ["a", "b"]));
    assert!(matches!(over("FOR r IN c(1) LOOP NULL; END LOOP;"), PlLoop::Cursor(_, cursor, arguments) if cursor.name.as_str() == "c" && arguments.len() == 1));
    assert!(matches!(over("FOREACH x SLICE 1 IN ARRAY y LOOP EXIT WHEN x; END LOOP;"), PlLoop::Elements(..)));
    assert!(matches!(over("WHILE a LOOP CONTINUE; END LOOP;"), PlLoop::While(_)));
    assert!(matches!(over("LOOP EXIT; END LOOP;"), PlLoop::Endless));
}

#[test]
fn texts_that_are_run_are_read_when_they_are_constant() {
    let text = "BEGIN EXECUTE 'ALTER TABLE t DROP COLUMN c'; EXECUTE $q$DROP TABLE a; DROP TABLE b$q$; END";
    let (sources, block) = body_in(text);
    let block = block.unwrap();
    let read = |statement: &PlStatement| match &statement.kind {
        PlKind::Execute(PlExecute { text: PlText::Statements(all), .. }) => all.iter().map(|one| sources.slice(one.span).to_owned()).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(read(&block.statements[0]), ["ALTER TABLE t DROP COLUMN c"]);
    assert_eq!(read(&block.statements[1]), ["DROP TABLE a", "DROP TABLE b"]);
    assert!(
        matches!(only("EXECUTE 'SELECT ''x''' INTO v;"), PlKind::Execute(PlExecute { text: PlText::Constant(text, _), into, .. }) if text == "SELECT 'x'" && into == ["v"])
    );
    assert!(matches!(
        only("EXECUTE format('DROP TABLE %I', n) USING a, b;"),
        PlKind::Execute(PlExecute { text: PlText::Computed(_), parameters, .. }) if parameters.len() == 2
    ));
}

#[test]
fn returns_raises_and_assignments_are_told() {
    assert!(matches!(only("RETURN NEW;"), PlKind::Return { value: Some(_), leaves: true }));
    assert!(matches!(only("RETURN NEXT r;"), PlKind::Return { leaves: false, .. }));
    assert!(matches!(only("RETURN QUERY SELECT 1;"), PlKind::ReturnQuery(_)));
    assert!(matches!(only("RETURN;"), PlKind::Return { value: None, .. }));
    assert!(
        matches!(only("RAISE NOTICE 'a % b', x, f(y);"), PlKind::Raise { fails: false, what: PlRaised::Message(format), values, .. } if values.len() == 2 && format == "a % b")
    );
    assert!(
        matches!(only("RAISE EXCEPTION USING message = 'a', hint = b;"), PlKind::Raise { fails: true, what: PlRaised::Options, options, .. } if options.len() == 2 && options[0].0 == "message")
    );
    assert!(matches!(only("RAISE unique_violation;"), PlKind::Raise { fails: true, what: PlRaised::Condition(name), .. } if name == "unique_violation"));
    assert!(matches!(only("RAISE SQLSTATE '22012';"), PlKind::Raise { what: PlRaised::Condition(code), .. } if code == "22012"));
    assert!(matches!(only("RAISE;"), PlKind::Raise { fails: true, what: PlRaised::Again, .. }));
    assert!(matches!(only("NEW.search[1] := a || b;"), PlKind::Assign(target, _) if target == "new.search[1]"));
    assert!(matches!(only("x = count(*) FROM t;"), PlKind::Assign(_, value) if matches!(*value.kind, ExprKind::Subquery(_))));
    assert!(matches!(only("GET DIAGNOSTICS n = ROW_COUNT;"), PlKind::Receive(targets) if targets == ["n"]));
    assert!(matches!(only("FETCH NEXT FROM c INTO a, b;"), PlKind::Receive(targets) if targets == ["a", "b"]));
}

#[test]
fn labels_and_the_rule_for_conflicts_are_kept() {
    let block = body("#variable_conflict use_column\n<<o>> DECLARE a int; BEGIN <<l>> LOOP EXIT l WHEN a > 1; CONTINUE; END LOOP l; END o");
    assert_eq!(block.conflict, PlConflict::UseColumn);
    assert_eq!(block.label.as_ref().map(|label| label.name.as_str()), Some("o"));
    let PlKind::Loop { label: Some(label), statements, .. } = &block.statements[0].kind else { panic!("{block:?}") };
    assert_eq!(label.name.as_str(), "l");
    assert!(matches!(&statements[0].kind, PlKind::Leave { how: PlLeave::Exit, label: Some(label), when: Some(_) } if label.name.as_str() == "l"));
    assert!(matches!(&statements[1].kind, PlKind::Leave { how: PlLeave::Continue, label: None, when: None }));
}

#[test]
fn handlers_and_inner_blocks_are_kept() {
    let block =
        body("BEGIN BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN duplicate_object OR SQLSTATE '42710' THEN NULL; WHEN others THEN RAISE; END; END");
    let PlKind::Block(inner) = &block.statements[0].kind else { panic!("{block:?}") };
    assert_eq!(inner.handlers[0].conditions, ["duplicate_object", "42710"]);
    assert_eq!(inner.handlers[1].conditions, ["others"]);
}

#[test]
fn what_is_not_read_stands_in_its_place() {
    let all = statements("ALTER TABLE t FROB x; DROP TABLE u;");
    assert!(matches!(all[0].kind, PlKind::Unread(_)));
    assert!(matches!(all[1].kind, PlKind::Sql(..)));
    assert!(matches!(only("IF a b c THEN NULL; END IF;"), PlKind::If { branches, .. } if matches!(*branches[0].condition.kind, ExprKind::NotUnderstood(_))));
    assert!(body_in("BEGIN IF a THEN NULL; END").1.is_err());
    assert!(body_in("SELECT 1").1.is_err());
}
