//! Places: each statement, action, column and constraint covers exactly its own text.

use crate::sql::read_script;
use crate::sql::tree::{AlterTableAction, StatementKind, TableElement};
use crate::text::Sources;

fn slices(text: &str, of: impl Fn(&Sources, &StatementKind) -> Vec<String>) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let script = read_script(&sources, id, crate::dialect::named("postgres").unwrap());
    script.statements.iter().flat_map(|statement| of(&sources, &statement.kind)).collect()
}

#[test]
fn a_statement_runs_from_its_first_word_to_its_last_token() {
    let text = "  -- a\nDROP TABLE a /* b */ ; \n\n COMMENT ON TABLE ä IS 'x' -- c\n;";
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let script = read_script(&sources, id, crate::dialect::named("postgres").unwrap());
    let found: Vec<&str> = script.statements.iter().map(|statement| sources.slice(statement.span)).collect();
    assert_eq!(found, ["DROP TABLE a", "COMMENT ON TABLE ä IS 'x'"]);
    let comments: Vec<&str> = script.comments.iter().map(|comment| sources.slice(comment.span)).collect();
    assert_eq!(comments, ["-- a", "/* b */", "-- c"]);
}

#[test]
fn each_action_has_its_own_place() {
    let text = "ALTER TABLE t ADD COLUMN a int NOT NULL, /* x */ DROP b CASCADE, ALTER c TYPE text USING f(c, 1)";
    let found = slices(text, |sources, kind| match kind {
        StatementKind::AlterTable(table) => table.actions.iter().map(|action| sources.slice(action.span).to_owned()).collect(),
        _ => Vec::new(),
    });
    assert_eq!(found, ["ADD COLUMN a int NOT NULL", "DROP b CASCADE", "ALTER c TYPE text USING f(c, 1)"]);
}

#[test]
fn columns_and_constraints_have_their_own_places() {
    let text = "CREATE TABLE t (\n  a int DEFAULT 1 CONSTRAINT q NOT NULL DEFERRABLE,\n  CONSTRAINT c CHECK (a > 0) NOT VALID\n)";
    let found = slices(text, |sources, kind| match kind {
        StatementKind::CreateTable(table) => table
            .elements
            .iter()
            .flat_map(|element| match element {
                TableElement::Column(column) => {
                    let mut spans = vec![column.span];
                    spans.extend(column.constraints.iter().map(|constraint| constraint.span));
                    spans
                }
                TableElement::Constraint(constraint) => vec![constraint.span],
                TableElement::Like(..) => Vec::new(),
            })
            .map(|span| sources.slice(span).to_owned())
            .collect(),
        _ => Vec::new(),
    });
    let column = "a int DEFAULT 1 CONSTRAINT q NOT NULL DEFERRABLE";
    assert_eq!(found, [column, "DEFAULT 1", "CONSTRAINT q NOT NULL DEFERRABLE", "CONSTRAINT c CHECK (a > 0) NOT VALID"]);
}

#[test]
fn an_added_column_leaves_the_verb_out_of_its_place() {
    let found = slices("ALTER TABLE t ADD COLUMN IF NOT EXISTS a numeric(10, 2)", |sources, kind| match kind {
        StatementKind::AlterTable(table) => table
            .actions
            .iter()
            .filter_map(|action| match &action.value {
                AlterTableAction::AddColumn { column, .. } => column.data_type.as_ref().map(|data_type| (column.span, data_type.span)),
                _ => None,
            })
            .flat_map(|(column, data_type)| [sources.slice(column).to_owned(), sources.slice(data_type).to_owned()])
            .collect(),
        _ => Vec::new(),
    });
    assert_eq!(found, ["a numeric(10, 2)", "numeric(10, 2)"]);
}

#[test]
fn a_refusal_points_at_its_token_and_names_what_it_touches() {
    let mut sources = Sources::default();
    let id = sources.add("t", "SELECT 1;\nALTER TABLE app.t FROB x;\nSELECT 2;");
    let script = read_script(&sources, id, crate::dialect::named("postgres").unwrap());
    let StatementKind::Unread(unread) = &script.statements[1].kind else { panic!("it is read") };
    assert_eq!((sources.slice(unread.span), unread.head.as_str()), ("FROB", "ALTER TABLE"));
    assert_eq!(unread.mentions.iter().map(ToString::to_string).collect::<Vec<_>>(), ["app.t"]);
    assert!(matches!(script.statements[2].kind, StatementKind::Query(_)));
}

#[test]
fn a_part_of_a_file_keeps_the_places_of_the_file() {
    let mut sources = Sources::default();
    let id = sources.add("t", "-- up\nDROP TABLE a;\n-- down\nDROP TABLE b;");
    let whole = sources.whole(id);
    let part = crate::text::Span::new(id, 28, whole.end);
    let script = crate::sql::read_script_part(&sources, id, part, crate::dialect::named("postgres").unwrap());
    assert_eq!(script.statements.len(), 1);
    assert_eq!(sources.slice(script.statements[0].span), "DROP TABLE b");
}
