//! Expressions: each kind resolved to a value with its type; names, calls and subqueries have files of their own.
//!
//! Order and rules are those of parse_expr.c (PostgreSQL 15).

use std::rc::Rc;

use super::binder::{Binder, Parameter};
use super::level::Clause;
use super::value::{Field, Value, mix};
use crate::dialect::Subscripting;
use crate::name::Name;
use crate::schema::DataType;
use crate::sql::tree::{BinaryOperator, CaseBranch, Connective, Expr, ExprKind, Ident, IsTest, Literal, SubscriptRange, UnaryOperator};
use crate::text::Span;
use crate::typing::{self, Cast, CastContext, CommonTypeFor};

impl Binder<'_> {
    /// An expression of any kind.
    pub(super) fn expression(&mut self, expression: &Expr) -> Value {
        let start = self.log.len();
        let value = self.deeper(expression.span, |binder| binder.expression_of_kind(expression)).unwrap_or_else(Value::opaque);
        self.note_node(value.hash, start);
        value
    }

    fn expression_of_kind(&mut self, expression: &Expr) -> Value {
        let span = expression.span;
        match &*expression.kind {
            ExprKind::Column(parts) => self.column_in_clause(parts, span),
            ExprKind::Star(qualifier) => self.star_value(qualifier.as_ref(), span),
            ExprKind::Literal(literal) => literal_value(literal, span),
            ExprKind::Parameter(written) => self.parameter(written, span),
            ExprKind::Default => self.default_value(span),
            ExprKind::Unary(operator, operand) => self.unary(operator, operand, span),
            ExprKind::Binary(..) => self.binary_chain(expression),
            ExprKind::Connected(connective, _) => self.connected(expression, *connective),
            ExprKind::Is { operand, test, negated } => self.is_test(operand, test, *negated, span),
            ExprKind::Between { operand, low, high, negated, symmetric } => {
                let words = if *negated { "not between" } else { "between" };
                self.between(operand, low, high, if *symmetric { "between symmetric" } else { words }, span)
            }
            ExprKind::InList { operand, list, negated } => self.in_list(operand, list, *negated, span),
            ExprKind::InSubquery { operand, query, negated } => self.in_subquery(operand, query, *negated, span),
            ExprKind::Quantified { operand, operator, quantifier: _, right } => self.quantified(operand, operator, right, span),
            ExprKind::Exists(query) => self.exists(query, span),
            ExprKind::Subquery(query) => self.scalar_subquery(query, span),
            ExprKind::Cast { operand, target, lenient } => self.cast_expression(operand, target, *lenient, span),
            ExprKind::Collate(operand, name) => self.collate(operand, name),
            ExprKind::Call(call) => self.call(call, span),
            ExprKind::Case { operand, branches, otherwise } => self.case(operand.as_ref(), branches, otherwise.as_ref(), span),
            ExprKind::Array(elements) => self.array(elements, span),
            ExprKind::ArraySubquery(query) => self.array_subquery(query, span),
            ExprKind::Row(parts) => self.row(parts),
            ExprKind::Subscript(operand, range) => self.subscripted(operand, range, span),
            ExprKind::Field(operand, field) => {
                let row = self.expression(operand);
                self.field_of(&row, field, span)
            }
            ExprKind::AllFields(operand) => self.expression(operand),
            ExprKind::Struct(fields) => self.structure(fields),
            ExprKind::Lambda(parameters, body) => self.lambda(parameters, body, span),
            ExprKind::Grouping(arguments) => {
                let hashes: Vec<u64> = arguments.iter().map(|argument| self.expression(argument).hash).collect();
                Value::builtin("int4", false).hashed(mix("grouping", &hashes))
            }
            ExprKind::NotUnderstood(what) => {
                self.unresolved(what.as_str(), "this form of expression is not read", span);
                Value::opaque().hashed(mix(what, &[u64::from(span.start)]))
            }
        }
    }

    fn column_in_clause(&mut self, parts: &[Ident], span: Span) -> Value {
        if self.levels.len() == 1 && self.level().clause == Clause::Default {
            self.error("0A000", "cannot use column reference in DEFAULT expression", span);
            return Value::opaque();
        }
        if self.levels.len() == 1 && self.level().clause == Clause::PartitionBound {
            self.error("42P10", "cannot use column reference in partition bound expression", span);
            return Value::opaque();
        }
        self.column_reference(parts, span)
    }

    fn star_value(&mut self, qualifier: Option<&crate::sql::tree::ObjectName>, span: Span) -> Value {
        let Some(name) = qualifier else { return Value::opaque().hashed(mix("*", &[])) };
        match self.find_relation(name.schema.as_ref(), &name.name) {
            Some((level, relation)) => self.whole_row(level, relation, span),
            None => {
                self.error("42P01", format!("missing FROM-clause entry for table \"{}\"", name.name), name.span());
                Value::opaque()
            }
        }
    }

    fn parameter(&mut self, written: &str, span: Span) -> Value {
        if let Some(value) = self.column_by_place(written, span) {
            return value;
        }
        let key: Rc<str> = Rc::from(written);
        let unnamed = written == "?";
        if self.parameters_are_known && written.starts_with('$') && !self.parameters.contains_key(&key) {
            self.error("42P02", format!("there is no parameter {written}"), span);
        }
        let hash = mix(written, &[if unnamed { u64::from(span.start) } else { 0 }]);
        let known = self.parameters.entry(Rc::clone(&key)).or_insert(Parameter { name: None, data_type: None }).data_type.clone();
        match known.filter(|_| !unnamed) {
            Some(data_type) => Value::of(Some(data_type), true).hashed(hash),
            None => Value { parameter: Some(key), ..Value::builtin("unknown", true) }.hashed(hash),
        }
    }

    fn default_value(&mut self, span: Span) -> Value {
        if !self.default_allowed {
            self.error("42601", "DEFAULT is not allowed in this context", span);
        }
        Value::opaque()
    }

    fn unary(&mut self, operator: &UnaryOperator, operand: &Expr, span: Span) -> Value {
        match operator {
            UnaryOperator::Not => {
                let value = self.expression(operand);
                self.must_be_boolean(&value, "NOT", operand.span);
                Value::builtin("bool", value.nullable).hashed(mix("not", &[value.hash]))
            }
            UnaryOperator::Symbol(symbol) => {
                if let ExprKind::Literal(Literal::Number(digits)) = &*operand.kind
                    && symbol == "-"
                {
                    return literal_value(&Literal::Number(format!("-{digits}")), span);
                }
                let value = self.expression(operand);
                self.prefix_value(symbol, &value, span)
            }
        }
    }

    /// Left-deep chains (`1 + 1 + …`) without recursion.
    fn binary_chain(&mut self, expression: &Expr) -> Value {
        let mut links = Vec::new();
        let mut first = expression;
        while let ExprKind::Binary(left, operator, right) = &*first.kind {
            links.push((first, operator, left, right));
            first = left;
        }
        let start = self.log.len();
        let mut left = self.expression(first);
        while let Some((whole, operator, left_expression, right)) = links.pop() {
            left = self.binary(&left, left_expression, operator, right, whole.span);
            self.note_node(left.hash, start);
        }
        left
    }

    /// `a AND b AND c`: brackets inside do not change what it means.
    fn connected(&mut self, expression: &Expr, connective: Connective) -> Value {
        let word = match connective {
            Connective::And => "AND",
            Connective::Or => "OR",
        };
        let mut nullable = false;
        let mut hashes = Vec::new();
        for operand in expression.joined_by(connective) {
            let value = self.expression(operand);
            self.must_be_boolean(&value, word, operand.span);
            nullable |= value.nullable;
            hashes.push(value.hash);
        }
        Value::builtin("bool", nullable).hashed(mix(word, &hashes))
    }

    fn binary(&mut self, left: &Value, left_expression: &Expr, operator: &BinaryOperator, right: &Expr, span: Span) -> Value {
        if let (ExprKind::Row(own), ExprKind::Subquery(query)) = (&*left_expression.kind, &*right.kind) {
            return self.row_against_subquery(left, own.len(), operator, query, span);
        }
        let other = self.expression(right);
        if let (ExprKind::Row(own), ExprKind::Row(others)) = (&*left_expression.kind, &*right.kind) {
            return self.compare_rows((left, own.len()), (&other, others.len()), operator, span);
        }
        self.operands = None;
        let value = self.binary_value(operator, left, &other, span);
        if let Some((wanted_left, wanted_right)) = self.operands.take() {
            self.note_conversion(left, wanted_left.as_ref(), left_expression.span);
            self.note_conversion(&other, Some(&wanted_right), right.span);
        }
        value
    }

    fn is_test(&mut self, operand: &Expr, test: &IsTest, negated: bool, span: Span) -> Value {
        let value = self.expression(operand);
        let word = if negated { "is not" } else { "is" };
        let hash = match test {
            IsTest::Null => mix(word, &[value.hash, 1]),
            IsTest::True | IsTest::False | IsTest::Unknown => {
                self.must_be_boolean(&value, "IS TRUE", operand.span);
                let which = match test {
                    IsTest::True => 2,
                    IsTest::False => 3,
                    _ => 4,
                };
                mix(word, &[value.hash, which])
            }
            IsTest::DistinctFrom(other) => {
                let other = self.expression(other);
                self.binary_value(&BinaryOperator::Symbol("=".to_owned()), &value, &other, span);
                mix(word, &[value.hash, other.hash, 5])
            }
            IsTest::Form(form) => mix(form, &[value.hash, u64::from(negated)]),
        };
        if value.is_untyped() && matches!(test, IsTest::Null) {
            self.settle(&value, &DataType::builtin("text"), operand.span);
        }
        Value::builtin("bool", matches!(test, IsTest::Form(_)) && value.nullable).hashed(hash)
    }

    fn between(&mut self, operand: &Expr, low: &Expr, high: &Expr, word: &str, span: Span) -> Value {
        let value = self.expression(operand);
        let (low_span, high_span) = (low.span, high.span);
        let low = self.expression(low);
        let high = self.expression(high);
        for (symbol, bound, place) in [(">=", &low, low_span), ("<=", &high, high_span)] {
            self.operands = None;
            self.binary_value(&BinaryOperator::Symbol(symbol.to_owned()), &value, bound, span);
            if let Some((wanted_left, wanted_right)) = self.operands.take() {
                self.note_conversion(&value, wanted_left.as_ref(), operand.span);
                self.note_conversion(bound, Some(&wanted_right), place);
            }
        }
        let nullable = value.nullable || low.nullable || high.nullable;
        Value::builtin("bool", nullable).hashed(mix(word, &[value.hash, low.hash, high.hash]))
    }

    fn in_list(&mut self, operand: &Expr, list: &[Expr], negated: bool, span: Span) -> Value {
        let value = self.expression(operand);
        let equals = BinaryOperator::Symbol(if negated { "<>" } else { "=" }.to_owned());
        let mut constants = Vec::new();
        let mut others = Vec::new();
        let mut hashes = vec![value.hash];
        let mut nullable = value.nullable;
        for item in list {
            let start = self.log.len();
            let one = self.expression(item);
            hashes.push(one.hash);
            nullable |= one.nullable;
            let is_row = matches!(&*item.kind, ExprKind::Row(_)) || matches!(&*operand.kind, ExprKind::Row(_));
            if self.log.len() == start && !is_row { constants.push((one, item)) } else { others.push((one, item)) }
        }
        if constants.len() > 1 {
            let mut values = vec![value.clone()];
            values.extend(constants.iter().map(|(one, _)| one.clone()));
            if let Some(common) = self.common_type_if_any(&values) {
                for (one, item) in &constants {
                    self.settle(one, &common, item.span);
                }
                self.settle(&value, &common, operand.span);
                self.operands = None;
                self.binary_value(&equals, &value, &Value::of(Some(common.clone()), nullable), span);
                if let Some((wanted_left, wanted_right)) = self.operands.take() {
                    self.note_conversion(&value, wanted_left.as_ref(), operand.span);
                    if wanted_right.identity != common.identity
                        && let Some(array) = typing::array_of(self.schema, &wanted_right)
                    {
                        self.found.conversions.push((span, array));
                    }
                }
                for (one, item) in &constants {
                    self.note_conversion(one, Some(&common), item.span);
                }
                constants.clear();
            }
        }
        for (one, item) in constants.iter().chain(&others) {
            match (&*operand.kind, &*item.kind) {
                (ExprKind::Row(own), ExprKind::Row(parts)) => {
                    self.compare_rows((&value, own.len()), (one, parts.len()), &equals, span);
                }
                _ => {
                    self.binary_value(&equals, &value, one, span);
                }
            }
        }
        Value::builtin("bool", nullable).hashed(mix(if negated { "not in" } else { "in" }, &hashes))
    }

    fn cast_expression(&mut self, operand: &Expr, target: &crate::sql::tree::TypeName, lenient: bool, span: Span) -> Value {
        let data_type = self.type_named(target);
        let shown = data_type.as_ref().map_or_else(|| target.name.to_string(), |found| format!("{found:?}"));
        let value = match (&*operand.kind, &data_type) {
            (ExprKind::Array(elements), Some(found)) => match typing::element_type(self.schema, found) {
                Some(element) => self.array_cast(elements, &element, span),
                None => self.expression(operand),
            },
            _ => self.expression(operand),
        };
        let hash = mix(&format!("cast {shown}"), &[value.hash]);
        let Some(found) = data_type else { return Value::opaque().hashed(hash) };
        self.found.casts.push((operand.span, found.clone()));
        let already_there = matches!(&*operand.kind, ExprKind::Array(_)) && value.data_type.is_none();
        if !already_there {
            self.cast_value(&value, &found, span);
        }
        let fields = value.fields.clone().filter(|_| value.data_type.as_ref() == Some(&found));
        Value { fields, ..Value::of(Some(found), value.nullable || lenient) }.hashed(hash)
    }

    fn array_cast(&mut self, elements: &[Expr], element: &DataType, span: Span) -> Value {
        let mut hashes = Vec::new();
        for one in elements {
            if let ExprKind::Array(inner) = &*one.kind {
                hashes.push(self.array_cast(inner, element, span).hash);
                continue;
            }
            let value = self.expression(one);
            let inner = value.data_type.as_ref().is_some_and(|data_type| data_type.array);
            if !inner {
                self.cast_value(&value, element, one.span);
            }
            hashes.push(value.hash);
        }
        Value::of(None, false).hashed(mix("array", &hashes))
    }

    fn case(&mut self, operand: Option<&Expr>, branches: &[CaseBranch], otherwise: Option<&Expr>, span: Span) -> Value {
        let subject = operand.map(|expression| (self.expression(expression), expression));
        let mut hashes: Vec<u64> = subject.iter().map(|(value, _)| value.hash).collect();
        let mut results = Vec::new();
        let before = std::mem::replace(&mut self.level().inside_conditional, true);
        for branch in branches {
            let when = self.expression(&branch.when);
            hashes.push(when.hash);
            match &subject {
                Some((subject, _)) => {
                    let plain = if subject.is_untyped() { Value::builtin("text", true) } else { subject.clone() };
                    self.binary_value(&BinaryOperator::Symbol("=".to_owned()), &plain, &when, branch.when.span);
                }
                None => self.must_be_boolean(&when, "CASE/WHEN", branch.when.span),
            }
            let then = self.expression(&branch.then);
            hashes.push(then.hash);
            results.push(then);
        }
        let last = match otherwise {
            Some(expression) => self.expression(expression),
            None => Value::builtin("unknown", true),
        };
        self.level().inside_conditional = before;
        hashes.push(last.hash);
        results.insert(0, last);
        let common = self.common_value(&results, CommonTypeFor::Case, span);
        let places = otherwise.map(|last| last.span).into_iter().chain(branches.iter().map(|branch| branch.then.span));
        let given = if otherwise.is_some() { results.as_slice() } else { results.get(1..).unwrap_or_default() };
        self.note_conversions(given, common.data_type.as_ref(), places);
        Value { column: None, ..common }.hashed(mix("case", &hashes))
    }

    fn array(&mut self, elements: &[Expr], span: Span) -> Value {
        let values: Vec<Value> = elements.iter().map(|element| self.expression(element)).collect();
        let hash = mix("array", &values.iter().map(|value| value.hash).collect::<Vec<_>>());
        if values.is_empty() {
            if self.is_typed() {
                self.error("42P18", "cannot determine type of empty array", span);
            }
            return Value::opaque().hashed(hash);
        }
        let common = self.common_value(&values, CommonTypeFor::Array, span);
        let data_type =
            common.data_type.map(|element| if element.array { element } else { typing::array_of(self.schema, &element).unwrap_or_else(|| element.array_of()) });
        Value::of(data_type, false).hashed(hash)
    }

    fn row(&mut self, parts: &[Expr]) -> Value {
        let mut fields = Vec::new();
        let mut hashes = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let start = self.log.len();
            let value = self.expression(part);
            hashes.push(value.hash);
            let name = Name::stored(format!("f{}", index + 1));
            fields.push(Field { name, data_type: value.data_type.clone(), sources: self.sources_since(start) });
        }
        Value { fields: Some(fields.into()), ..Value::builtin("record", false) }.hashed(mix("row()", &hashes))
    }

    fn subscripted(&mut self, operand: &Expr, range: &SubscriptRange, span: Span) -> Value {
        let value = self.expression(operand);
        let (indexes, slice): (Vec<&Expr>, bool) = match range {
            SubscriptRange::Index(index) => (vec![index], false),
            SubscriptRange::Slice(from, to) => (from.iter().chain(to).collect(), true),
        };
        let kind = value.data_type.as_ref().and_then(|data_type| typing::subscripting(self.schema, data_type));
        let mut hashes = vec![value.hash, u64::from(slice)];
        for index in indexes {
            let one = self.expression(index);
            hashes.push(one.hash);
            match kind {
                Some(Subscripting::Array | Subscripting::Fixed) => self.array_subscript(&one, index.span),
                Some(Subscripting::Text) => self.settle(&one, &DataType::builtin("text"), index.span),
                Some(Subscripting::Document | Subscripting::None) | None => {}
            }
        }
        let hash = mix("[]", &hashes);
        let Some(data_type) = value.data_type.clone().filter(|_| self.is_typed()) else { return Value::opaque().hashed(hash) };
        if value.is_untyped() {
            self.error("42804", "cannot subscript type unknown because it does not support subscripting", span);
            return Value::opaque().hashed(hash);
        }
        match typing::subscript(self.schema, &data_type) {
            Some(_) if slice => Value::of(Some(typing::base_type(self.schema, &data_type)), true).hashed(hash),
            Some(element) => Value::of(Some(element), true).hashed(hash),
            None => {
                if !matches!(data_type.identity, crate::schema::TypeIdentity::Unknown(_)) {
                    let shown = self.type_name(&data_type);
                    self.error("42804", format!("cannot subscript type {shown} because it does not support subscripting"), span);
                }
                Value::opaque().hashed(hash)
            }
        }
    }

    /// An index of an array becomes an integer as a stored value does (array_subscript_transform, arraysubs.c, 15).
    fn array_subscript(&mut self, index: &Value, span: Span) {
        let integer = DataType::builtin("int4");
        self.settle(index, &integer, span);
        let is_misfit = |own: &DataType| matches!(typing::cast(self.schema, own, &integer, CastContext::Assignment), Cast::Impossible);
        if self.is_typed() && !index.is_untyped() && index.data_type.as_ref().is_some_and(is_misfit) {
            self.error("42804", "array subscript must have type integer", span);
        }
    }

    fn structure(&mut self, fields: &[(Option<Ident>, Expr)]) -> Value {
        let mut known = Vec::new();
        let mut hashes = Vec::new();
        for (index, (name, expression)) in fields.iter().enumerate() {
            let start = self.log.len();
            let value = self.expression(expression);
            hashes.push(value.hash);
            let name = name.as_ref().map_or_else(|| Name::stored(format!("f{}", index + 1)), |name| name.name.clone());
            known.push(Field { name, data_type: value.data_type, sources: self.sources_since(start) });
        }
        Value { fields: Some(known.into()), ..Value::opaque() }.hashed(mix("struct", &hashes))
    }

    fn lambda(&mut self, parameters: &[Ident], body: &Expr, span: Span) -> Value {
        let clause = self.level().clause;
        self.open_level(clause);
        let columns = parameters.iter().map(|parameter| super::level::RelationColumn::computed(parameter.name.clone(), None, true)).collect();
        let kind = super::level::RelationKind::Derived;
        let visible = self.add_relation(super::level::Relation { kind, columns, span, uncertain: None, row_type: None }, None, None);
        self.level().visible = visible;
        let value = self.expression(body);
        self.close_level();
        Value::opaque().hashed(mix("lambda", &[value.hash]))
    }
}

/// A constant (manual 4.1.2, 15).
fn literal_value(literal: &Literal, span: Span) -> Value {
    let hash = mix("literal", &[mix(&format!("{literal:?}"), &[])]);
    let value = match literal {
        Literal::Null => Value::builtin("unknown", true),
        Literal::Boolean(_) => Value::builtin("bool", false),
        Literal::Number(digits) => Value::builtin(number_type(digits), false),
        Literal::String(text) => Value { literal: Some((Rc::from(text.as_str()), span)), ..Value::builtin("unknown", false) },
        Literal::Bits(_) | Literal::Hex(_) => Value::builtin("bit", false),
        Literal::Interval(_, fields) => {
            Value::of(Some(DataType::builtin("interval").with_modifiers(interval_modifiers(fields.as_deref().unwrap_or("")))), false)
        }
    };
    value.hashed(hash)
}

/// `DAY TO SECOND(3)`, `(3)`: the fields, then the digits of the fraction.
fn interval_modifiers(text: &str) -> Vec<String> {
    let (fields, digits) = text.split_once('(').unwrap_or((text, ""));
    let parts = [fields.trim().to_lowercase(), digits.trim_end_matches(')').trim().to_owned()];
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

fn number_type(digits: &str) -> &'static str {
    if digits.parse::<i32>().is_ok() {
        "int4"
    } else if digits.parse::<i64>().is_ok() {
        "int8"
    } else {
        "numeric"
    }
}
