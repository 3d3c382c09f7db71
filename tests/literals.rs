//! Which texts are values of which types: what we are certain of against the server's own answers.
//!
//! The answers and how they were taken: `tests/generate/literals.sh`.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test fails by panicking, and reads its own files")]

use std::fmt::Write as _;
use std::path::Path;

use fieldgate::dialect;
use fieldgate::name::Name;
use fieldgate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, DataType, Definition, Domain, NameSpace, ObjectBody, ObjectId, Schema, UserType};
use fieldgate::sql::tree::Deferrability;
use fieldgate::typing::{self, Fit};

/// The schema that the answers were taken in.
fn schema() -> (Schema, ObjectId) {
    let mut schema = Schema::new(dialect::named("postgres").unwrap());
    let space = schema.insert(Name::stored("bi"), None, ObjectBody::Schema);
    let mut add = |name: &str, body: UserType| schema.insert(Name::stored(name), Some(space), ObjectBody::Type(body));
    let domain = || UserType::Domain(Domain { base: DataType::builtin("int4"), not_null: false, default: None, collation: None });
    add("mood", UserType::Enum { labels: vec![(0, "sad".into()), (1, "ok".into()), (2, "Happy".into())], next_label: 3 });
    let field = |number, name: &str, data_type: &str| Column::new(ColumnNumber(number), Name::stored(name), DataType::builtin(data_type));
    add("pair", UserType::Composite { attributes: vec![field(1, "a", "int4"), field(2, "b", "text")], next_attribute: 3 });
    add("dint", domain());
    let checked = add("dcheck", domain());
    let constraint = Constraint {
        owner: checked,
        kind: ConstraintKind::Check { expression: Definition::text("VALUE > 100"), no_inherit: false },
        deferrability: Deferrability::NotDeferrable,
        validated: true,
        enforced: true,
        inherited_from: 0,
        is_local: true,
        parent: None,
    };
    schema.insert(Name::stored("dcheck_check"), Some(space), ObjectBody::Constraint(constraint));
    (schema, space)
}

fn data_type(schema: &Schema, space: ObjectId, spelled: &str) -> DataType {
    let (element, array) = spelled.strip_suffix("[]").map_or((spelled, false), |element| (element, true));
    let (words, modifiers) = match element.split_once('(') {
        Some((words, inside)) => (words, inside.trim_end_matches(')').split(',').map(str::to_owned).collect()),
        None => (element, Vec::new()),
    };
    let found = typing::built_in_type(schema, words, &modifiers, false).unwrap();
    let found = found.unwrap_or_else(|| DataType::object(schema.find(NameSpace::Type, Some(space), &Name::stored(words)).unwrap()));
    if array { found.array_of() } else { found }
}

#[test]
fn what_is_certain_of_a_literal_is_what_the_server_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/literals.tsv");
    let text = std::fs::read_to_string(&file).unwrap();
    let (schema, space) = schema();
    let (mut asked, mut certain) = (0, 0);
    let mut wrong = String::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [spelled, value, theirs] = fields[..] else { panic!("not a row: {line}") };
        asked += 1;
        let ours = match typing::literal_fits(&schema, &[space], &data_type(&schema, space, spelled), value) {
            Fit::Accepted => String::from("ok"),
            Fit::Refused(sqlstate, message) => format!("{sqlstate} {message}"),
            Fit::Unknown => continue,
        };
        certain += 1;
        if ours != theirs {
            writeln!(wrong, "{line}  <>  {ours}").unwrap();
        }
    }
    assert!(asked > 2_000, "the answers were not found");
    assert!(wrong.is_empty(), "{} of {certain} differ:\n{wrong}", wrong.lines().count());
    assert!(certain * 100 > asked * 75, "certain of only {certain} of {asked}");
}
