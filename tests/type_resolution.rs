//! What type comes out of operators, functions, casts and stored values: our answer against a sample of the server's own.
//!
//! The sample and how it was taken: `tests/generate/type_resolution.sh`.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and reads its own files"
)]

use std::fmt::Write as _;
use std::path::Path;

use fieldgate::dialect;
use fieldgate::name::Name;
use fieldgate::schema::{Column, ColumnNumber, DataType, Domain, NameSpace, ObjectBody, ObjectId, Schema, TypeIdentity, UserType};
use fieldgate::typing::{self, Cast, CastContext, CommonTypeFor, FunctionCall, Operand, SearchIn, Support, TypeError};

/// The schema that the sample was asked in.
fn schema() -> (Schema, ObjectId) {
    let mut schema = Schema::new(dialect::named("postgres").unwrap());
    let space = schema.insert(Name::stored("bi"), None, ObjectBody::Schema);
    let mut add = |name: &str, body: UserType| schema.insert(Name::stored(name), Some(space), ObjectBody::Type(body));
    let domain = |base: DataType| UserType::Domain(Domain { base, not_null: false, default: None, collation: None });
    add("mood", UserType::Enum { labels: vec![(0, "a".into())], next_label: 1 });
    add("dtext", domain(DataType::builtin("text")));
    add("dint", domain(DataType::builtin("int4")));
    add("darr", domain(DataType::builtin("int4").array_of()));
    add("drange", domain(DataType::builtin("int4range")));
    let field = |number, name: &str, data_type: &str| Column::new(ColumnNumber(number), Name::stored(name), DataType::builtin(data_type));
    add("pair", UserType::Composite { attributes: vec![field(1, "a", "int4"), field(2, "b", "text")], next_attribute: 3 });
    add("note", UserType::Composite { attributes: vec![field(1, "a", "int4"), field(2, "b", "json")], next_attribute: 3 });
    add("span", UserType::Range { subtype: DataType::builtin("int4"), multirange: Some("span_multirange".into()), options: Vec::new() });
    (schema, space)
}

/// `_int4` is the array of `int4`; the names of `bi` are its types.
fn data_type(schema: &Schema, space: ObjectId, name: &str) -> DataType {
    let found = |name: &str| schema.find(NameSpace::Type, Some(space), &Name::stored(name)).map(DataType::object);
    if let Some(element) = name.strip_prefix('_') {
        return found(element).unwrap_or_else(|| DataType::builtin(element)).array_of();
    }
    found(name).unwrap_or_else(|| DataType::builtin(name))
}

fn name_of(schema: &Schema, data_type: &DataType) -> String {
    let bare = match &data_type.identity {
        TypeIdentity::Builtin(name) | TypeIdentity::Unknown(name) => name.to_string(),
        TypeIdentity::Object(id) => schema.get(*id).unwrap().name.to_string(),
    };
    if data_type.array { format!("_{bare}") } else { bare }
}

fn support(found: Support, refusal: &str) -> String {
    match found {
        Support::Yes => String::from("yes"),
        Support::No => format!("ERR {refusal}"),
        Support::Unknown(reason) => format!("not known: {reason}"),
    }
}

fn answer(schema: &Schema, space: ObjectId, kind: &str, name: &str, operands: &str) -> String {
    let types: Vec<DataType> = operands.split(' ').map(|name| data_type(schema, space, name)).collect();
    let values: Vec<Operand> = types.iter().map(|data_type| Operand::of(Some(data_type))).collect();
    let refused = |error: TypeError| if error.unknown.is_some() { format!("not known: {}", error.message) } else { format!("ERR {}", error.sqlstate) };
    let system = SearchIn::System(Name::stored("pg_catalog"), &[]);
    let cast = |context, refusal: &str| match typing::cast(schema, &types[0], &types[1], context) {
        Cast::By(_) => operands.split(' ').nth(1).unwrap().to_owned(),
        Cast::Impossible => format!("ERR {refusal}"),
        Cast::Unknown(reason) => format!("not known: {reason}"),
    };
    match (kind, &values[..]) {
        ("operator", [left, right]) => typing::operator(schema, &system, name, left, right).map_or_else(refused, |found| name_of(schema, &found.result)),
        ("operator", [operand]) => typing::prefix_operator(schema, &system, name, operand).map_or_else(refused, |found| name_of(schema, &found.result)),
        ("function", _) => {
            let name = Name::stored(name);
            let call = FunctionCall::plain(system, &name, values);
            typing::function(schema, &call).map_or_else(refused, |found| name_of(schema, &found.result))
        }
        ("cast", _) => cast(CastContext::Explicit, "42846"),
        ("assignment", _) => cast(CastContext::Assignment, "42804"),
        // A view's column that is still untyped becomes text.
        ("coalesce", _) => typing::common_type(schema, &[], CommonTypeFor::Coalesce, &values).map_or_else(refused, |found| name_of(schema, &found)),
        ("order", _) => support(typing::ordering(schema, &types[0]), "42883"),
        ("distinct", _) => support(typing::equality(schema, &types[0]), "42883"),
        ("index", _) => {
            let is_gin_array = name == "gin" && types[0].array;
            support(typing::indexing(schema, &types[0], name), if is_gin_array { "42883" } else { "42704" })
        }
        _ => panic!("no such kind: {kind}"),
    }
}

#[test]
fn every_answer_of_the_sample_is_ours_too() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/type_resolution.tsv");
    let text = std::fs::read_to_string(&file).unwrap();
    let (schema, space) = schema();
    let mut asked = 0;
    let mut wrong = String::new();
    for line in text.lines().filter(|line| !line.starts_with("# ")) {
        let fields: Vec<&str> = line.split('\t').collect();
        let [kind, name, operands, theirs] = fields[..] else { panic!("not a row: {line}") };
        asked += 1;
        let ours = answer(&schema, space, kind, name, operands);
        if ours != theirs {
            writeln!(wrong, "{line}  <>  {ours}").unwrap();
        }
    }
    assert!(asked > 1_000, "the sample was not found");
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{wrong}", wrong.lines().count());
}
