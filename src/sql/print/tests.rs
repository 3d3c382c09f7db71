//! The law: what is printed reads as the same tree, whatever stands inside what.

use proptest::prelude::*;

use super::{ReferenceKind, expression, query_pieces};
use crate::dialect::{Dialect, named};
use crate::name::Name;
use crate::sql::tree::{
    Argument, BinaryOperator, Call, CallSyntax, CaseBranch, Connective, Expr, ExprKind, Ident, IsTest, Literal, ObjectName, Quantifier, SubscriptRange,
    TypeName, UnaryOperator,
};
use crate::sql::{read_expression, read_query, read_type};
use crate::text::{Sources, Span};

fn postgres() -> &'static Dialect {
    named("postgres").unwrap()
}

fn nowhere() -> Span {
    let mut sources = Sources::default();
    let id = sources.add("t", "");
    sources.whole(id)
}

fn ident(name: &str) -> Ident {
    Ident { name: Name::stored(name), span: nowhere() }
}

fn expr(kind: ExprKind) -> Expr {
    Expr { kind: Box::new(kind), span: nowhere() }
}

fn data_type(text: &str) -> TypeName {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    read_type(&sources, id, postgres()).unwrap()
}

fn call(name: &str, arguments: Vec<Expr>, syntax: CallSyntax) -> Expr {
    let arguments = arguments.into_iter().map(|value| Argument { name: None, value, variadic: false }).collect();
    expr(ExprKind::Call(Call {
        name: ObjectName::bare(ident(name)),
        arguments,
        distinct: false,
        order_by: Vec::new(),
        within_group: Vec::new(),
        filter: None,
        over: None,
        ignore_nulls: false,
        syntax,
    }))
}

fn logical(connective: Connective, all: Vec<Expr>) -> Expr {
    Expr::connected(connective, all).unwrap()
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        prop::sample::select(vec!["a", "Select", "user", "ä", "x\"y", "value"]).prop_map(|name| expr(ExprKind::Column(vec![ident(name)]))),
        Just(expr(ExprKind::Column(vec![ident("t"), ident("end")]))),
        prop::sample::select(vec!["1", "1.5", "0x1F", "1e10"]).prop_map(|digits| expr(ExprKind::Literal(Literal::Number(digits.to_owned())))),
        "[a-z'\\\\$]{0,4}".prop_map(|text| expr(ExprKind::Literal(Literal::String(text)))),
        Just(expr(ExprKind::Literal(Literal::Null))),
        Just(expr(ExprKind::Literal(Literal::Boolean(true)))),
        Just(expr(ExprKind::Literal(Literal::Interval(String::from("1"), Some(String::from("DAY")))))),
        Just(expr(ExprKind::Parameter(String::from("$1")))),
        Just(call("current_date", Vec::new(), CallSyntax::Keyword)),
    ]
}

fn operator() -> impl Strategy<Value = BinaryOperator> {
    let symbols =
        vec!["=", "<", "<>", ">=", "+", "-", "*", "/", "%", "^", "||", "->", "@>", "?", "#>>", "~", "~~", "!~~*", "SIMILAR TO", "NOT SIMILAR TO", "&"];
    prop_oneof![
        9 => prop::sample::select(symbols).prop_map(|symbol| BinaryOperator::Symbol(symbol.to_owned())),
        1 => Just(BinaryOperator::Qualified(ObjectName { database: None, schema: Some(ident("app")), name: ident("===") })),
    ]
}

/// Any tree that a reader can make: conditions joined side by side are one node.
fn tree() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(5, 60, 4, |inner| {
        let pair = (inner.clone(), inner.clone());
        let triple = (inner.clone(), inner.clone(), inner.clone());
        let list = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            4 => (inner.clone(), operator(), inner.clone()).prop_map(|(left, operator, right)| expr(ExprKind::Binary(left, operator, right))),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|all| logical(Connective::And, all)),
            2 => prop::collection::vec(inner.clone(), 2..4).prop_map(|all| logical(Connective::Or, all)),
            1 => inner.clone().prop_map(|operand| expr(ExprKind::Unary(UnaryOperator::Not, operand))),
            2 => (prop::sample::select(vec!["-", "+", "@", "~"]), inner.clone())
                .prop_map(|(symbol, operand)| expr(ExprKind::Unary(UnaryOperator::Symbol(symbol.to_owned()), operand))),
            1 => (inner.clone(), prop::sample::select(vec![IsTest::Null, IsTest::True, IsTest::Form(String::from("NFC NORMALIZED"))]), any::<bool>())
                .prop_map(|(operand, test, negated)| expr(ExprKind::Is { operand, test, negated })),
            1 => (pair.clone(), any::<bool>())
                .prop_map(|((operand, other), negated)| expr(ExprKind::Is { operand, test: IsTest::DistinctFrom(other), negated })),
            1 => (triple.clone(), any::<bool>(), any::<bool>())
                .prop_map(|((operand, low, high), negated, symmetric)| expr(ExprKind::Between { operand, low, high, negated, symmetric })),
            1 => (inner.clone(), list.clone(), any::<bool>()).prop_map(|(operand, list, negated)| expr(ExprKind::InList { operand, list, negated })),
            1 => (pair.clone(), operator()).prop_map(|((operand, right), operator)| expr(ExprKind::Quantified { operand, operator, quantifier: Quantifier::Any, right })),
            1 => (inner.clone(), prop::sample::select(vec!["int", "numeric(10, 2)", "timestamp(3) with time zone", "app.\"T\"[]", "\"char\""]))
                .prop_map(|(operand, name)| expr(ExprKind::Cast { operand, target: data_type(name), lenient: false })),
            1 => inner.clone().prop_map(|operand| expr(ExprKind::Collate(operand, ObjectName::bare(ident("C"))))),
            1 => pair.clone().prop_map(|(zone, value)| call("timezone", vec![zone, value], CallSyntax::AtTimeZone)),
            1 => pair.clone().prop_map(|(text, sought)| call("position", vec![text, sought], CallSyntax::Special)),
            1 => triple.clone().prop_map(|(left, pattern, escape)| {
                let pattern = call("like_escape", vec![pattern, escape], CallSyntax::Special);
                expr(ExprKind::Binary(left, BinaryOperator::Symbol(String::from("~~")), pattern))
            }),
            1 => list.clone().prop_map(|arguments| call("coalesce", arguments, CallSyntax::Function)),
            1 => triple.prop_map(|(when, then, otherwise)| {
                expr(ExprKind::Case { operand: None, branches: vec![CaseBranch { when, then }], otherwise: Some(otherwise) })
            }),
            1 => list.clone().prop_map(|elements| expr(ExprKind::Array(elements))),
            1 => list.prop_map(|fields| expr(ExprKind::Row(fields))),
            1 => pair.prop_map(|(base, index)| expr(ExprKind::Subscript(base, SubscriptRange::Slice(Some(index), None)))),
            1 => inner.prop_map(|base| expr(ExprKind::Field(base, ident("f")))),
        ]
    })
}

/// The tree without places.
fn shape(tree: &Expr) -> String {
    let text = format!("{tree:?}");
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        kept.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_printed_reads_as_the_same_tree(tree in tree()) {
        let printed = expression(&tree, postgres()).unwrap();
        let mut sources = Sources::default();
        let id = sources.add("t", printed.as_str());
        let read = read_expression(&sources, id, postgres());
        prop_assert!(read.is_ok(), "{printed}\n{read:?}");
        prop_assert_eq!(shape(&read.unwrap()), shape(&tree), "{}", printed);
    }
}

/// The pieces that are names, as `kind:text`.
fn names(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let query = read_query(&sources, id, postgres()).unwrap();
    let pieces = query_pieces(&query, postgres()).unwrap();
    let named = pieces.into_iter().filter_map(|piece| {
        let reference = piece.reference?;
        let kind = match reference.kind {
            ReferenceKind::ColumnPart { output: Some(output) } => format!("part as {output}"),
            ReferenceKind::ColumnPart { output: None } => String::from("part"),
            ReferenceKind::Star => String::from("star"),
            ReferenceKind::ListedColumn => String::from("listed"),
            ReferenceKind::Relation { aliased: true } => String::from("aliased relation"),
            ReferenceKind::Relation { aliased: false } => String::from("relation"),
            ReferenceKind::Function => String::from("function"),
            ReferenceKind::Type => String::from("type"),
            ReferenceKind::Object => String::from("object"),
            ReferenceKind::Text => String::from("text"),
        };
        assert!(sources.slice(reference.span).eq_ignore_ascii_case(&piece.text), "{} {}", sources.slice(reference.span), piece.text);
        Some(format!("{kind}:{}", piece.text))
    });
    named.collect()
}

#[test]
fn every_name_is_a_piece_at_its_place() {
    assert_eq!(
        names("SELECT a, c.b, a AS d, c.*, lower(x)::app.t FROM app.clients JOIN u AS v USING (k) WHERE nextval('s') = 1 COLLATE \"C\""),
        [
            "part as a:a",
            "part:c",
            "part as b:b",
            "part:a",
            "star:c.*",
            "function:lower",
            "part:x",
            "type:app.t",
            "relation:app.clients",
            "aliased relation:u",
            "listed:k",
            "function:nextval",
            "text:'s'",
            "object:\"C\""
        ]
    );
}
