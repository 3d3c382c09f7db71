//! Expressions evaluated over the model: what a migration asks of the catalog, and texts it puts together.
//!
//! In: an expression, the variables and the rows in sight. Out: a [`Datum`], which says of itself when it is not known and why.
//! Nothing is refused here: what the server would refuse was found when the names were resolved.

use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

use super::relation::Answer;
use super::scope::Scope;
use super::text::{cast_text, is_like};
use super::value::{Datum, Shape, Shown, and, not, or};
use crate::lineage::{Session, resolve_type};
use crate::name::Name;
use crate::schema::{DataType, Schema};
use crate::sql::plpgsql::PlConflict;
use crate::sql::tree::{BinaryOperator, Connective, Expr, ExprKind, Ident, IsTest, Literal, Quantifier, SubscriptRange, TypeName, UnaryOperator};
use crate::text::Span;

/// How many steps an evaluation may take: a question to the catalog takes a few for each row.
const MOST_STEPS: u32 = 3_000_000;

/// A relation in `FROM`, with the row it stands at.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// What it is called.
    pub(super) name: Option<Name>,
    /// Its columns.
    pub(super) columns: Arc<[Name]>,
    /// The present row; `None` while it is not joined yet.
    pub(super) values: Option<Rc<[Datum]>>,
}

/// One evaluation.
pub(super) struct Evaluator<'e> {
    /// What is asked.
    pub(super) schema: &'e Schema,
    /// How names are found.
    pub(super) session: &'e Session,
    /// The variables.
    pub(super) scope: &'e Scope,
    /// The rows in sight, the innermost query last.
    pub(super) levels: Vec<Vec<Seen>>,
    /// Common table expressions in sight, the innermost last.
    pub(super) ctes: Vec<(Name, Answer)>,
    /// What calls of the user's functions gave back, by the places of their names.
    pub(super) results: &'e [(Span, Datum)],
    steps: u32,
}

impl<'e> Evaluator<'e> {
    /// An evaluation that sees these variables.
    pub(super) fn new(schema: &'e Schema, session: &'e Session, scope: &'e Scope) -> Self {
        Self { schema, session, scope, levels: Vec::new(), ctes: Vec::new(), results: &[], steps: 0 }
    }

    /// The same, knowing what calls gave back.
    pub(super) fn knowing(mut self, results: &'e [(Span, Datum)]) -> Self {
        self.results = results;
        self
    }

    /// Whether there is still time.
    pub(super) fn takes_a_step(&mut self) -> bool {
        self.steps = self.steps.saturating_add(1);
        self.steps < MOST_STEPS
    }

    /// The value of an expression.
    pub(super) fn value(&mut self, expr: &Expr) -> Datum {
        if !self.takes_a_step() {
            return Datum::unknown("it takes too long to find out");
        }
        match &*expr.kind {
            ExprKind::Literal(literal) => literal_value(literal),
            ExprKind::Column(parts) => self.column(parts),
            ExprKind::Parameter(written) => self.scope.parameter(written).cloned().unwrap_or_else(|| Datum::unknown("its parameters are not known")),
            ExprKind::Unary(UnaryOperator::Not, operand) => not(&self.value(operand)),
            ExprKind::Unary(UnaryOperator::Symbol(symbol), operand) => match (symbol.as_str(), self.value(operand)) {
                ("-", Datum::Integer(value)) => value.checked_neg().map_or_else(|| Datum::unknown("it is too large"), Datum::Integer),
                ("+", value @ Datum::Integer(_)) => value,
                (_, value) => not_computed(&value),
            },
            ExprKind::Binary(left, operator, right) => self.binary(left, operator, right),
            ExprKind::Connected(connective, operands) => self.connected(*connective, operands),
            ExprKind::Is { operand, test, negated } => self.is(operand, test, *negated),
            ExprKind::Between { operand, low, high, negated, symmetric: false } => {
                let (value, low, high) = (self.value(operand), self.value(low), self.value(high));
                let inside = and(&value.ordered(&low, Ordering::is_ge), &value.ordered(&high, Ordering::is_le));
                if *negated { not(&inside) } else { inside }
            }
            ExprKind::InList { operand, list, negated } => {
                let value = self.value(operand);
                let mut found = Datum::Boolean(false);
                for item in list {
                    let item = self.value(item);
                    found = or(&found, &value.equals(&item));
                }
                if *negated { not(&found) } else { found }
            }
            ExprKind::InSubquery { operand, query, negated } => {
                let value = self.value(operand);
                let answer = self.query(query);
                let found = is_among(&value, &answer);
                if *negated { not(&found) } else { found }
            }
            ExprKind::Quantified { operand, operator, quantifier, right } => self.quantified(operand, operator, *quantifier, right),
            ExprKind::Exists(query) => exists(&self.query(query)),
            ExprKind::Subquery(query) => scalar(&self.query(query)),
            ExprKind::Cast { operand, target, .. } => {
                let value = self.value(operand);
                self.cast(value, target)
            }
            ExprKind::Collate(operand, _) => self.value(operand),
            ExprKind::Call(call) => self.call(call),
            ExprKind::Case { operand, branches, otherwise } => self.case(operand.as_ref(), branches, otherwise.as_ref()),
            ExprKind::Array(items) => Datum::List(items.iter().map(|item| self.value(item)).collect()),
            ExprKind::ArraySubquery(query) => {
                let answer = self.query(query);
                match answer.doubt() {
                    Some(reason) => Datum::unknown(reason),
                    None => Datum::List(answer.lines.into_iter().filter_map(|line| line.values.into_iter().next()).collect()),
                }
            }
            ExprKind::Row(items) => Datum::List(items.iter().map(|item| self.value(item)).collect()),
            ExprKind::Subscript(operand, SubscriptRange::Index(index)) => match (self.value(operand), self.value(index)) {
                (Datum::List(items), Datum::Integer(index)) => {
                    usize::try_from(index).ok().and_then(|index| items.into_iter().nth(index.checked_sub(1)?)).unwrap_or(Datum::Null)
                }
                (value, _) => not_computed(&value),
            },
            ExprKind::Field(operand, field) => match self.value(operand) {
                Datum::Row(fields) => field_of(&fields, field),
                value => not_computed(&value),
            },
            ExprKind::Star(_)
            | ExprKind::Default
            | ExprKind::Between { .. }
            | ExprKind::Subscript(..)
            | ExprKind::AllFields(_)
            | ExprKind::Struct(_)
            | ExprKind::Lambda(..)
            | ExprKind::Grouping(_)
            | ExprKind::NotUnderstood(_) => Datum::unknown("an expression of this kind is not evaluated"),
        }
    }

    /// A name: a column of a row in sight, from the inside out, else a variable.
    fn column(&mut self, parts: &[Ident]) -> Datum {
        match parts {
            [name] => {
                let variable = self.scope.value(&name.name);
                if self.scope.conflict == PlConflict::UseVariable
                    && let Some(value) = variable
                {
                    return value.clone();
                }
                self.bare(&name.name).or_else(|| variable.cloned()).unwrap_or_else(not_here)
            }
            [qualifier, name] => {
                if let Some(value) = self.qualified(&qualifier.name, &name.name) {
                    return value;
                }
                match self.scope.value(&qualifier.name) {
                    Some(Datum::Row(fields)) => field_of(fields, name),
                    Some(other) => Datum::Unknown(Shape::Anything, other.reason().unwrap_or_else(|| Arc::from("it is no row"))),
                    None => self.scope.value(&name.name).filter(|_| self.scope.labels.contains(&qualifier.name)).cloned().unwrap_or_else(not_here),
                }
            }
            [_, qualifier, name] => self.qualified(&qualifier.name, &name.name).unwrap_or_else(not_here),
            _ => not_here(),
        }
    }

    fn bare(&self, name: &Name) -> Option<Datum> {
        for level in self.levels.iter().rev() {
            for seen in level {
                if let Some(place) = seen.columns.iter().position(|column| column == name) {
                    return Some(at(seen, place));
                }
            }
            // A relation as a value: its whole row.
            if level.iter().any(|seen| seen.name.as_ref() == Some(name)) {
                return Some(Datum::unknown("whole rows are not compared"));
            }
        }
        None
    }

    fn qualified(&self, qualifier: &Name, name: &Name) -> Option<Datum> {
        let seen = self.levels.iter().rev().find_map(|level| level.iter().find(|seen| seen.name.as_ref() == Some(qualifier)))?;
        let place = seen.columns.iter().position(|column| column == name);
        Some(place.map_or_else(not_here, |place| at(seen, place)))
    }

    /// Up to the first operand that decides.
    fn connected(&mut self, connective: Connective, operands: &[Expr]) -> Datum {
        let (decides, join): (_, fn(&Datum, &Datum) -> Datum) = match connective {
            Connective::And => (Datum::Boolean(false), and),
            Connective::Or => (Datum::Boolean(true), or),
        };
        let mut found = not(&decides);
        for operand in operands {
            found = join(&found, &self.value(operand));
            if found == decides {
                break;
            }
        }
        found
    }

    fn binary(&mut self, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Datum {
        let a = self.value(left);
        match operator {
            BinaryOperator::Symbol(symbol) => {
                let b = self.value(right);
                self.operator(symbol, &a, &b)
            }
            BinaryOperator::Qualified(name) => {
                let b = self.value(right);
                self.operator(name.name.name.as_str(), &a, &b)
            }
        }
    }

    fn operator(&self, symbol: &str, a: &Datum, b: &Datum) -> Datum {
        match symbol {
            "=" => self.compared(a, b).0.equals(&self.compared(a, b).1),
            "<>" | "!=" => not(&self.compared(a, b).0.equals(&self.compared(a, b).1)),
            "<" => a.ordered(b, Ordering::is_lt),
            "<=" => a.ordered(b, Ordering::is_le),
            ">" => a.ordered(b, Ordering::is_gt),
            ">=" => a.ordered(b, Ordering::is_ge),
            "||" => self.joined(a, b),
            "+" | "-" | "*" => arithmetic(symbol, a, b),
            "~~" => is_like(a, b, false),
            "!~~" => not(&is_like(a, b, false)),
            "~~*" => is_like(a, b, true),
            "!~~*" => not(&is_like(a, b, true)),
            "@>" => contains(a, b),
            "<@" => contains(b, a),
            _ => Datum::unknown(format!("the operator {symbol} is not evaluated")),
        }
    }

    /// Two values in one form: a text beside an identity is the name of what is meant.
    fn compared(&self, a: &Datum, b: &Datum) -> (Datum, Datum) {
        let as_identity = |text: &str, other: &Datum| match other {
            Datum::Object(_, Shown::Name) | Datum::Phantom(_) => Some(self.relation_named(text)),
            Datum::Type(_, Shown::Name) => Some(self.type_named(text)),
            _ => None,
        };
        match (a, b) {
            (Datum::Text(text), other) => (as_identity(text, other).unwrap_or_else(|| a.clone()), b.clone()),
            (other, Datum::Text(text)) => (a.clone(), as_identity(text, other).unwrap_or_else(|| b.clone())),
            _ => (a.clone(), b.clone()),
        }
    }

    fn is(&mut self, operand: &Expr, test: &IsTest, negated: bool) -> Datum {
        let value = self.value(operand);
        let found = match test {
            IsTest::Null => match &value {
                Datum::Null => Datum::Boolean(true),
                Datum::Unknown(_, reason) => Datum::unknown(Arc::clone(reason)),
                Datum::Row(fields) => match fields.iter().find_map(|(_, value)| value.reason()) {
                    Some(reason) => Datum::unknown(reason),
                    None => Datum::Boolean(fields.iter().all(|(_, value)| *value == Datum::Null)),
                },
                _ => Datum::Boolean(false),
            },
            IsTest::True => value.truth().map_or_else(Datum::unknown, |truth| Datum::Boolean(truth && value != Datum::Null)),
            IsTest::False => value.truth().map_or_else(Datum::unknown, |truth| Datum::Boolean(!truth && value != Datum::Null)),
            IsTest::Unknown => match &value {
                Datum::Unknown(_, reason) => Datum::unknown(Arc::clone(reason)),
                other => Datum::Boolean(*other == Datum::Null),
            },
            IsTest::DistinctFrom(other) => match (&value, &self.value(other)) {
                (Datum::Null, Datum::Null) => Datum::Boolean(false),
                (Datum::Null, Datum::Unknown(_, reason)) | (Datum::Unknown(_, reason), Datum::Null) => Datum::unknown(Arc::clone(reason)),
                (Datum::Null, _) | (_, Datum::Null) => Datum::Boolean(true),
                (a, b) => not(&a.equals(b)),
            },
            IsTest::Form(_) => not_computed(&value),
        };
        if negated { not(&found) } else { found }
    }

    fn quantified(&mut self, operand: &Expr, operator: &BinaryOperator, quantifier: Quantifier, right: &Expr) -> Datum {
        let value = self.value(operand);
        let BinaryOperator::Symbol(symbol) = operator else { return not_computed(&value) };
        if let ExprKind::Subquery(query) = &*right.kind {
            let answer = self.query(query);
            // An array that comes out of a query stands in one row.
            return match (symbol.as_str(), quantifier) {
                ("=", Quantifier::Any) => is_among(&value, &answer),
                _ => Datum::unknown("a comparison with all rows of a query is not evaluated"),
            };
        }
        let items = match self.value(right) {
            Datum::List(items) => items,
            Datum::Text(text) => match super::text::array_literal(&text) {
                Some(items) => items,
                None => return Datum::unknown("the array is not understood"),
            },
            other => return not_computed(&other),
        };
        let mut found = Datum::Boolean(quantifier == Quantifier::All);
        for item in &items {
            let holds = self.operator(symbol, &value, item);
            found = if quantifier == Quantifier::Any { or(&found, &holds) } else { and(&found, &holds) };
        }
        found
    }

    fn case(&mut self, operand: Option<&Expr>, branches: &[crate::sql::tree::CaseBranch], otherwise: Option<&Expr>) -> Datum {
        let operand = operand.map(|operand| self.value(operand));
        for branch in branches {
            let when = self.value(&branch.when);
            let holds = match &operand {
                Some(operand) => operand.equals(&when),
                None => when,
            };
            match holds.truth() {
                Ok(true) => return self.value(&branch.then),
                Ok(false) => {}
                Err(reason) => return Datum::unknown(reason),
            }
        }
        otherwise.map_or(Datum::Null, |otherwise| self.value(otherwise))
    }

    /// `value::type`.
    fn cast(&mut self, value: Datum, target: &TypeName) -> Datum {
        let Ok(data_type) = resolve_type(self.schema, self.session, target) else { return not_computed(&value) };
        self.converted(value, &data_type)
    }

    /// A value as one of a type.
    pub(super) fn converted(&self, value: Datum, data_type: &DataType) -> Datum {
        if value == Datum::Null {
            return value;
        }
        let crate::schema::TypeIdentity::Builtin(name) = &data_type.identity else {
            return match value {
                Datum::Text(_) => value,
                other => not_computed(&other),
            };
        };
        match (&**name, value) {
            (_, Datum::Text(text)) if data_type.array => {
                super::text::array_literal(&text).map_or_else(|| Datum::unknown("the array is not understood"), Datum::List)
            }
            (_, value @ Datum::List(_)) => value,
            ("text" | "varchar" | "name" | "bpchar" | "char", value) => cast_text(&value, |datum| self.shown(datum)),
            ("regclass", Datum::Text(text)) => self.relation_named(&text),
            ("regtype", Datum::Text(text)) => self.type_named(&text),
            ("regnamespace", Datum::Text(text)) => {
                let name = self.schema.dialect.fold(text.trim_matches('"'), crate::name::Quoting::Bare);
                self.schema
                    .namespace(&name)
                    .map_or_else(|| Datum::unknown(format!("there is no schema {text} in the model")), |id| Datum::Object(id, Shown::Name))
            }
            ("regclass" | "regtype" | "regnamespace" | "regproc" | "regrole", Datum::Object(id, _)) => Datum::Object(id, Shown::Name),
            ("regtype", Datum::Type(data_type, _)) => Datum::Type(data_type, Shown::Name),
            ("oid", Datum::Object(id, _)) => Datum::Object(id, Shown::Number),
            ("oid", Datum::Type(data_type, _)) => Datum::Type(data_type, Shown::Number),
            ("bool", value) => value.truth().map_or_else(Datum::unknown, Datum::Boolean),
            ("int2" | "int4" | "int8", Datum::Boolean(value)) => Datum::Integer(i64::from(value)),
            ("int2" | "int4" | "int8" | "numeric" | "oid", value) => match value {
                Datum::Integer(_) | Datum::Between(..) | Datum::Column(..) => value,
                Datum::Text(text) => text.trim().parse().map_or_else(|_| Datum::unknown("it is no whole number"), Datum::Integer),
                Datum::Unknown(_, reason) => Datum::Unknown(Shape::Digits, reason),
                other => not_computed(&other),
            },
            (_, value @ (Datum::Text(_) | Datum::Same(_) | Datum::SystemName(_))) => value,
            (_, value) => not_computed(&value),
        }
    }
}

fn at(seen: &Seen, place: usize) -> Datum {
    match &seen.values {
        Some(values) => values.get(place).cloned().unwrap_or_else(not_here),
        None => Datum::unknown("the rows are not joined yet"),
    }
}

fn not_here() -> Datum {
    Datum::unknown("a name in it is not one that the model has a value for")
}

fn not_computed(value: &Datum) -> Datum {
    Datum::unknown(value.reason().unwrap_or_else(|| Arc::from("this is not evaluated")))
}

fn field_of(fields: &[(Name, Datum)], field: &Ident) -> Datum {
    fields.iter().find(|(name, _)| *name == field.name).map_or_else(not_here, |(_, value)| value.clone())
}

fn literal_value(literal: &Literal) -> Datum {
    match literal {
        Literal::Null => Datum::Null,
        Literal::Boolean(value) => Datum::Boolean(*value),
        Literal::Number(digits) => digits.parse().map_or_else(|_| Datum::unknown("only whole numbers are computed with"), Datum::Integer),
        Literal::String(text) => Datum::text(text.as_str()),
        Literal::Bits(_) | Literal::Hex(_) | Literal::Interval(..) => Datum::unknown("a constant of this kind is not evaluated"),
    }
}

fn arithmetic(symbol: &str, a: &Datum, b: &Datum) -> Datum {
    let (Some((a, again)), Some((b, and_again))) = (a.bounds(), b.bounds()) else {
        let reason = a.reason().or_else(|| b.reason()).unwrap_or_else(|| Arc::from("this is not computed"));
        return if matches!((a, b), (Datum::Null, _) | (_, Datum::Null)) { Datum::Null } else { Datum::Unknown(Shape::Digits, reason) };
    };
    let result = match symbol {
        _ if a != again || b != and_again => None,
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        _ => a.checked_mul(b),
    };
    result.map_or_else(|| Datum::Unknown(Shape::Digits, Arc::from("this is not computed")), Datum::Integer)
}

fn contains(outer: &Datum, inner: &Datum) -> Datum {
    let (Datum::List(outer), Datum::List(inner)) = (outer, inner) else { return not_computed(if outer.reason().is_some() { outer } else { inner }) };
    inner.iter().fold(Datum::Boolean(true), |all, item| and(&all, &outer.iter().fold(Datum::Boolean(false), |any, own| or(&any, &own.equals(item)))))
}

/// `EXISTS`.
pub(super) fn exists(answer: &Answer) -> Datum {
    if answer.certain().next().is_some() {
        return Datum::Boolean(true);
    }
    answer.doubt().map_or(Datum::Boolean(false), Datum::unknown)
}

/// A query as a value: its only row; no row is NULL.
pub(super) fn scalar(answer: &Answer) -> Datum {
    if let Some(reason) = answer.doubt() {
        return Datum::unknown(reason);
    }
    match answer.lines.as_slice() {
        [] => Datum::Null,
        [line] => line.values.first().cloned().unwrap_or(Datum::Null),
        _ => Datum::unknown("the query gives more than one row"),
    }
}

fn is_among(value: &Datum, answer: &Answer) -> Datum {
    let mut found = Datum::Boolean(false);
    for line in &answer.lines {
        let same = line.values.first().map_or(Datum::Null, |own| value.equals(own));
        let same = match (&line.perhaps, same.truth()) {
            (Some(reason), Ok(true) | Err(_)) => Datum::unknown(Arc::clone(reason)),
            _ => same,
        };
        found = or(&found, &same);
    }
    match &answer.open {
        Some(reason) => or(&found, &Datum::unknown(Arc::clone(reason))),
        None => found,
    }
}
