//! What a change of type does to the rows: our answer against the server's own.
//!
//! The answers and how they were taken: `tests/generate/type_changes.sh`.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test fails by panicking, and reads its own files")]

use std::fmt::Write as _;
use std::path::Path;

use fieldgate::dialect;
use fieldgate::name::Name;
use fieldgate::schema::{Column, ColumnNumber, Constraint, ConstraintKind, DataType, Definition, Domain, NameSpace, ObjectBody, ObjectId, Schema, UserType};
use fieldgate::sql::tree::Deferrability;
use fieldgate::typing::{self, Rewrite};

/// The schema that the answers were taken in.
fn schema() -> (Schema, ObjectId) {
    let mut schema = Schema::new(dialect::named("postgres").unwrap());
    let space = schema.insert(Name::stored("bi"), None, ObjectBody::Schema);
    let mut add = |name: &str, body: UserType| schema.insert(Name::stored(name), Some(space), ObjectBody::Type(body));
    let domain = |base: DataType, not_null| UserType::Domain(Domain { base, not_null, default: None, collation: None });
    add("mood", UserType::Enum { labels: vec![(0, "a".into())], next_label: 1 });
    let field = |number, name: &str, data_type: &str| Column::new(ColumnNumber(number), Name::stored(name), DataType::builtin(data_type));
    add("pair", UserType::Composite { attributes: vec![field(1, "a", "int4"), field(2, "b", "text")], next_attribute: 3 });
    add("dtext", domain(DataType::builtin("text"), false));
    add("dint", domain(DataType::builtin("int4"), false));
    add("dshort", domain(DataType::builtin("varchar").with_modifiers([String::from("5")]), false));
    let checked = add("dcheck", domain(DataType::builtin("text"), false));
    add("dchecked", domain(DataType::object(checked), false));
    add("dnotnull", domain(DataType::builtin("int4"), true));
    let kind = ConstraintKind::Check { expression: Definition::text("VALUE <> 'x'::text"), no_inherit: false };
    let constraint = Constraint {
        owner: checked,
        kind,
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

/// `timestamp(3) with time zone`, `varchar(5)[]`, `mood`.
fn data_type(schema: &Schema, space: ObjectId, spelled: &str) -> DataType {
    let (element, array) = spelled.strip_suffix("[]").map_or((spelled, false), |element| (element, true));
    let (words, modifiers) = match element.split_once('(') {
        Some((before, rest)) => {
            let (inside, behind) = rest.split_once(')').unwrap();
            (format!("{before}{behind}"), inside.split(',').map(str::to_owned).collect())
        }
        None => (element.to_owned(), Vec::new()),
    };
    let (words, modifiers) = match words.strip_prefix("interval ") {
        Some(fields) => (String::from("interval"), [vec![fields.to_owned()], modifiers].concat()),
        None => (words, modifiers),
    };
    let found = typing::built_in_type(schema, &words, &modifiers, false).unwrap();
    let found = found.unwrap_or_else(|| DataType::object(schema.find(NameSpace::Type, Some(space), &Name::stored(words)).unwrap()));
    if array { found.array_of() } else { found }
}

fn answer(schema: &Schema, from: &DataType, to: &DataType, zone: &str) -> String {
    match typing::needs_using(schema, from, to) {
        None => return String::from("not known"),
        Some(true) => return String::from("ERR 42804"),
        Some(false) => {}
    }
    match typing::rewrite(schema, from, to, Some(zone)) {
        Rewrite::None => String::from("none"),
        Rewrite::Full => String::from("full"),
        Rewrite::Unknown(reason) => format!("not known: {reason}"),
    }
}

#[test]
fn every_change_of_type_costs_what_the_server_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/type_changes.tsv");
    let text = std::fs::read_to_string(&file).unwrap();
    let (schema, space) = schema();
    let mut asked = 0;
    let mut wrong = String::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [before, after, at_utc, elsewhere] = fields[..] else { panic!("not a row: {line}") };
        let (from, to) = (data_type(&schema, space, before), data_type(&schema, space, after));
        for (zone, theirs) in [("UTC", at_utc), ("America/New_York", elsewhere)] {
            asked += 1;
            let ours = answer(&schema, &from, &to, zone);
            if ours != theirs {
                writeln!(wrong, "{line}  <>  {ours} in {zone}").unwrap();
            }
        }
    }
    assert!(asked > 1_000, "the answers were not found");
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{wrong}", wrong.lines().count());
}
