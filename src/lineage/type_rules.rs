//! The questions that clauses ask `typing`, with the answers turned into values, refusals and unknowns of this binding.

use super::binder::Binder;
use super::resolve;
use super::value::{Value, mix};
use crate::dialect::Modelling;
use crate::name::Quoting;
use crate::schema::{Address, DataType, ObjectBody, TypeIdentity, UserType};
use crate::sql::tree::{BinaryOperator, Ident, ObjectName, TypeName};
use crate::text::Span;
use crate::typing::{self, Cast, CastContext, CommonTypeFor, Fit, Operand, SearchIn, Support, TypeError};

impl Binder<'_> {
    /// Whether types are derived at all in this dialect.
    pub(super) fn is_typed(&self) -> bool {
        self.schema.dialect.modelling == Modelling::Server
    }

    /// A value as `typing` looks at it.
    pub(super) fn operand(&self, value: &Value) -> Operand {
        Operand::of(value.data_type.as_ref())
    }

    /// The server's words for a type.
    pub(super) fn type_name(&self, data_type: &DataType) -> String {
        typing::words(self.schema, &self.namespaces, data_type)
    }

    /// The type of a written name; recorded as refused or unknown when there is none.
    pub(super) fn type_named(&mut self, name: &TypeName) -> Option<DataType> {
        match resolve::resolve_type(self.schema, self.session, name) {
            Ok(found) => {
                self.depend_on_type(&found);
                if let TypeIdentity::Object(id) = found.identity {
                    self.found.references.push((name.name.name.span, Address::whole(id)));
                }
                Some(found)
            }
            Err(_) if !self.is_typed() => None,
            Err(error) => {
                match error.unknown {
                    Some(reason) => self.unresolved(name.name.to_string(), reason.as_ref(), error.span),
                    None => self.found.errors.push(error),
                }
                None
            }
        }
    }

    /// Records what `typing` refuses or does not know.
    pub(super) fn type_error(&mut self, reference: &str, error: TypeError, opaque: bool, span: Span) {
        match error.unknown {
            Some(_) if opaque => {}
            Some(reason) => self.unresolved(reference, reason.as_ref(), span),
            None => self.error(error.sqlstate, error.message, span),
        }
    }

    /// Gives an untyped literal or parameter the type that its place wants.
    pub(super) fn settle(&mut self, value: &Value, wanted: &DataType, place: Span) {
        if !value.is_untyped() || wanted.is_builtin("unknown") {
            return;
        }
        let _ = place;
        if let Some(name) = &value.parameter {
            if let Some(parameter) = self.parameters.get_mut(name) {
                parameter.data_type.get_or_insert_with(|| wanted.clone());
            }
            return;
        }
        if let TypeIdentity::Object(_) = wanted.identity {
            self.depend_on_type(wanted);
        }
        let Some((text, span)) = value.literal.clone() else { return };
        self.found.conversions.push((span, wanted.clone()));
        if wanted.is_builtin("regclass") {
            self.relation_in_literal(&text, span);
            return;
        }
        if let TypeIdentity::Object(id) = wanted.identity
            && !wanted.array
            && self.schema.get(id).is_some_and(|object| matches!(object.body, ObjectBody::Type(UserType::Enum { .. })))
        {
            self.found.enum_literals.push((span, id, text.to_string()));
        }
        if let Fit::Refused(sqlstate, message) = typing::literal_fits(self.schema, &self.namespaces, wanted, &text) {
            self.error(sqlstate, message, span);
        }
    }

    /// `'app.clients_id_seq'::regclass`: the server looks the relation up when it reads the statement, and depends on it.
    fn relation_in_literal(&mut self, text: &str, span: Span) {
        if text.bytes().all(|byte| byte.is_ascii_digit()) || !self.is_typed() {
            return;
        }
        let Some(parts) = name_parts(text) else {
            self.error("42602", "invalid name syntax", span);
            return;
        };
        let mut idents = parts.into_iter().rev().map(|(word, quoting)| Ident { name: self.schema.dialect.fold(&word, quoting), span });
        let Some(name) = idents.next() else { return };
        let name = ObjectName { name, schema: idents.next(), database: None };
        if let Some(found) = resolve::find_relation(self.schema, self.session, &self.namespaces, &name) {
            self.depend(Address::whole(found));
            self.found.references.push((span, Address::whole(found)));
            return;
        }
        if super::catalog_relations::find(self.schema, &name).is_some() {
            return;
        }
        match resolve::why_unknown(self.schema, &name) {
            Some(reason) => self.unresolved(text, reason.as_ref(), span),
            None => self.error("42P01", format!("relation \"{text}\" does not exist"), span),
        }
    }

    /// Notes which type a constant without one gets.
    pub(super) fn note_settled(&mut self, value: &Value, wanted: Option<&DataType>, place: Span) {
        if let Some(wanted) = wanted.filter(|_| value.is_untyped()) {
            self.found.settled.push((place, wanted.clone()));
        }
    }

    /// Notes that a value of one type is converted where it stands.
    pub(super) fn note_conversion(&mut self, value: &Value, wanted: Option<&DataType>, place: Span) {
        self.note_settled(value, wanted, place);
        let (Some(own), Some(wanted)) = (&value.data_type, wanted) else { return };
        let differs = own.identity != wanted.identity || own.array != wanted.array;
        if differs && !value.is_untyped() && !typing::is_polymorphic(wanted) && !matches!(wanted.identity, TypeIdentity::Unknown(_)) {
            let base = typing::base_type(self.schema, own);
            // A domain is its base to an operator, without a word.
            if base.identity != wanted.identity || base.array != wanted.array || base.identity != own.identity {
                self.found.conversions.push((place, wanted.clone()));
            }
        }
    }

    /// `left OP right`.
    pub(super) fn binary_value(&mut self, operator: &BinaryOperator, left: &Value, right: &Value, span: Span) -> Value {
        let (symbol, qualifier) = match operator {
            BinaryOperator::Symbol(symbol) => (symbol.as_str(), None),
            BinaryOperator::Qualified(name) => (name.name.name.as_str(), name.schema.as_ref().map(|schema| schema.name.clone())),
        };
        let hash = mix(symbol, &[left.hash, right.hash]);
        let nullable = left.nullable || right.nullable || !keeps_null_away(symbol);
        if !self.is_typed() {
            return Value::of(is_comparison(symbol).then(|| DataType::builtin("bool")), nullable).hashed(hash);
        }
        let symbol = if symbol == "SIMILAR TO" {
            "~"
        } else if symbol == "NOT SIMILAR TO" {
            "!~"
        } else {
            symbol
        };
        let path = self.namespaces.clone();
        let search = match SearchIn::of(self.schema, &path, qualifier.as_ref()) {
            Ok(search) => search,
            Err(error) => {
                self.type_error(symbol, error, false, span);
                return Value::opaque().hashed(hash);
            }
        };
        let (own, other) = (self.operand(left), self.operand(right));
        let opaque = own == Operand::Opaque || other == Operand::Opaque;
        match typing::operator(self.schema, &search, symbol, &own, &other) {
            Ok(found) => {
                if let Some(id) = found.operator {
                    self.depend(Address::whole(id));
                }
                if let Some(wanted) = &found.left {
                    self.settle(left, wanted, span);
                }
                self.settle(right, &found.right, span);
                if found.right.is_builtin("record") {
                    self.rows_must_be_alike(left, right, span);
                }
                self.operands = Some((found.left.clone(), found.right.clone()));
                Value::of(Some(found.result), nullable).hashed(hash)
            }
            Err(error) => {
                self.type_error(symbol, error, opaque, span);
                Value::of(is_comparison(symbol).then(|| DataType::builtin("bool")), nullable).hashed(hash)
            }
        }
    }

    /// The same for values that become one type.
    pub(super) fn note_conversions(&mut self, values: &[Value], wanted: Option<&DataType>, places: impl Iterator<Item = Span>) {
        for (value, place) in values.iter().zip(places) {
            self.note_conversion(value, wanted, place);
        }
    }

    /// Rows are compared field by field when they are there: other types are refused then (rowtypes.c, `record_cmp`; measured on 15: 42804).
    fn rows_must_be_alike(&mut self, left: &Value, right: &Value, span: Span) {
        let (Some(own), Some(other)) = (self.fields_of(left), self.fields_of(right)) else { return };
        let is_other = |(one, two): (&super::value::Field, &super::value::Field)| match (&one.data_type, &two.data_type) {
            (Some(one), Some(two)) => {
                let known = |data_type: &DataType| !data_type.is_builtin("unknown") && !matches!(data_type.identity, TypeIdentity::Unknown(_));
                known(one) && known(two) && one.without_modifiers() != two.without_modifiers()
            }
            _ => false,
        };
        if own.len() != other.len() || own.iter().zip(other.iter()).any(is_other) {
            self.found.unlike_rows.push(span);
        }
    }

    /// `OP operand`.
    pub(super) fn prefix_value(&mut self, symbol: &str, value: &Value, span: Span) -> Value {
        let hash = mix(&format!("prefix {symbol}"), &[value.hash]);
        if !self.is_typed() {
            return Value::of(None, value.nullable).hashed(hash);
        }
        let path = self.namespaces.clone();
        let operand = self.operand(value);
        match typing::prefix_operator(self.schema, &SearchIn::Path(&path), symbol, &operand) {
            Ok(found) => {
                self.settle(value, &found.right, span);
                Value::of(Some(found.result), value.nullable).hashed(hash)
            }
            Err(error) => {
                self.type_error(symbol, error, operand == Operand::Opaque, span);
                Value::of(None, value.nullable).hashed(hash)
            }
        }
    }

    /// The one value that several become.
    pub(super) fn common_value(&mut self, values: &[Value], purpose: CommonTypeFor, span: Span) -> Value {
        let nullable = match purpose {
            CommonTypeFor::Coalesce | CommonTypeFor::Greatest | CommonTypeFor::Least => values.iter().all(|value| value.nullable),
            _ => values.iter().any(|value| value.nullable),
        };
        let hash = mix("common", &values.iter().map(|value| value.hash).collect::<Vec<_>>());
        let set = values.iter().any(|value| value.set);
        if !self.is_typed() {
            let first = values.iter().find(|value| !value.is_untyped()).and_then(|value| value.data_type.clone());
            let same = values.iter().all(|value| value.is_untyped() || value.data_type == first);
            return Value { set, ..Value::of(first.filter(|_| same), nullable) }.hashed(hash);
        }
        if matches!(purpose, CommonTypeFor::Union | CommonTypeFor::Intersect | CommonTypeFor::Except) && values.iter().all(Value::is_untyped) {
            return Value { set, ..Value::builtin("text", nullable) }.hashed(hash);
        }
        let operands: Vec<Operand> = values.iter().map(|value| self.operand(value)).collect();
        match typing::common_type(self.schema, &self.namespaces, purpose, &operands) {
            Ok(common) => {
                for value in values {
                    self.settle(value, &common, span);
                }
                let fields = values.first().and_then(|value| value.fields.clone());
                Value { set, fields, ..Value::of(Some(common), nullable) }.hashed(hash)
            }
            Err(error) => {
                self.type_error("type", error, operands.contains(&Operand::Opaque), span);
                Value { set, ..Value::of(None, nullable) }.hashed(hash)
            }
        }
    }

    /// The common type of an `IN` list, when there is one that has an array type.
    pub(super) fn common_type_if_any(&self, values: &[Value]) -> Option<DataType> {
        if !self.is_typed() {
            return None;
        }
        let operands: Vec<Operand> = values.iter().map(|value| self.operand(value)).collect();
        let common = typing::common_type(self.schema, &self.namespaces, CommonTypeFor::In, &operands).ok()?;
        typing::array_of(self.schema, &common)?;
        Some(common)
    }

    /// A condition must be boolean, or become so by assignment.
    pub(super) fn must_be_boolean(&mut self, value: &Value, words: &str, span: Span) {
        let boolean = DataType::builtin("bool");
        self.settle(value, &boolean, span);
        if let Some(own) = value.data_type.clone().filter(|own| self.is_typed() && !own.is_builtin("bool") && !own.is_builtin("unknown"))
            && matches!(typing::cast(self.schema, &own, &boolean, CastContext::Assignment), Cast::Impossible)
        {
            let shown = self.type_name(&own);
            self.error("42804", format!("argument of {words} must be type boolean, not type {shown}"), span);
        }
    }

    /// A value that must become a built-in type by assignment.
    pub(super) fn assigned_to_builtin(&mut self, value: &Value, wanted: &str, words: &str, span: Span) {
        let target = DataType::builtin(wanted);
        self.settle(value, &target, span);
        if let Some(own) = value.data_type.clone().filter(|own| self.is_typed() && !own.is_builtin("unknown"))
            && matches!(typing::cast(self.schema, &own, &target, CastContext::Assignment), Cast::Impossible)
        {
            let (shown, target) = (self.type_name(&own), self.type_name(&target));
            self.error("42804", format!("argument of {words} must be type {target}, not type {shown}"), span);
        }
    }

    /// A value stored in a column.
    pub(super) fn assigned_to(&mut self, value: &Value, target: &DataType, what: &str, said: &str, span: Span) {
        self.settle(value, target, span);
        if value.is_untyped() || !self.is_typed() {
            return;
        }
        let Some(own) = value.data_type.clone() else { return };
        if matches!(own.identity, TypeIdentity::Unknown(_)) || matches!(target.identity, TypeIdentity::Unknown(_)) {
            return;
        }
        if own.is_builtin("record") && self.row_type_of(target).is_some() {
            return;
        }
        match typing::cast(self.schema, &own, target, CastContext::Assignment) {
            Cast::By(_) => {}
            Cast::Impossible => {
                let (shown, wanted) = (self.type_name(&own), self.type_name(target));
                self.error("42804", format!("{what} is of type {wanted} but {said} is of type {shown}"), span);
            }
            Cast::Unknown(reason) => self.unresolved(what, reason.as_ref(), span),
        }
    }

    /// A written cast.
    pub(super) fn cast_value(&mut self, value: &Value, target: &DataType, span: Span) {
        self.settle(value, target, span);
        if value.is_untyped() || !self.is_typed() {
            return;
        }
        let Some(own) = value.data_type.clone() else { return };
        if matches!(own.identity, TypeIdentity::Unknown(_)) || matches!(target.identity, TypeIdentity::Unknown(_)) {
            return;
        }
        if own.is_builtin("record")
            && let Some(relation) = self.row_type_of(target)
        {
            let wanted = self.schema.columns(relation).len();
            if value.fields.as_ref().is_some_and(|fields| fields.len() != wanted) {
                let shown = self.type_name(target);
                self.error("42846", format!("cannot cast type record to {shown}"), span);
            }
            return;
        }
        match typing::cast(self.schema, &own, target, CastContext::Explicit) {
            Cast::By(_) => {
                if typing::is_stable_cast(&own, target) {
                    self.found.volatile.push(span);
                    if self.volatility == crate::sql::tree::Volatility::Immutable {
                        self.volatility = crate::sql::tree::Volatility::Stable;
                    }
                }
            }
            Cast::Impossible => {
                let (shown, wanted) = (self.type_name(&own), self.type_name(target));
                self.error("42846", format!("cannot cast type {shown} to {wanted}"), span);
            }
            Cast::Unknown(reason) => self.unresolved("cast", reason.as_ref(), span),
        }
    }

    /// `GROUP BY`, `DISTINCT` and the like need an equality operator.
    pub(super) fn must_be_comparable(&mut self, value: &Value, span: Span) {
        self.must_support(value, typing::equality, "an equality", span);
    }

    /// `ORDER BY` needs an ordering operator.
    pub(super) fn must_be_sortable(&mut self, value: &Value, span: Span) {
        self.must_support(value, typing::ordering, "an ordering", span);
    }

    fn must_support(&mut self, value: &Value, asked: impl Fn(&crate::schema::Schema, &DataType) -> Support, words: &str, span: Span) {
        let Some(own) = value.data_type.clone().filter(|own| self.is_typed() && !own.is_builtin("unknown") && !own.is_builtin("record")) else { return };
        match asked(self.schema, &own) {
            Support::No => {
                let shown = self.type_name(&own);
                self.error("42883", format!("could not identify {words} operator for type {shown}"), span);
            }
            Support::Yes | Support::Unknown(_) => {}
        }
    }

    /// Whether a type is a domain that refuses NULL.
    pub(super) fn is_not_null_domain(&self, data_type: &DataType) -> bool {
        let TypeIdentity::Object(id) = data_type.identity else { return false };
        match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Domain(domain))) => !data_type.array && (domain.not_null || self.is_not_null_domain(&domain.base)),
            _ => false,
        }
    }
}

/// The words of a name in a string: dots part them, double quotes keep them together.
fn name_parts(text: &str) -> Option<Vec<(String, Quoting)>> {
    let mut parts = Vec::new();
    let mut rest = text.trim();
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (word, after) = quoted.split_once('"')?;
            parts.push((word.to_owned(), Quoting::Quoted));
            rest = after;
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            let (word, after) = rest.split_at_checked(end)?;
            if word.is_empty() {
                return None;
            }
            parts.push((word.trim().to_owned(), Quoting::Bare));
            rest = after;
        }
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => return rest.is_empty().then_some(parts),
        }
    }
}

fn is_comparison(symbol: &str) -> bool {
    matches!(symbol, "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" | "~~" | "~~*" | "!~~" | "!~~*" | "SIMILAR TO" | "~" | "!~" | "~*" | "!~*" | "==" | "<=>")
}

/// Operators that give NULL only for NULL.
fn keeps_null_away(symbol: &str) -> bool {
    is_comparison(symbol) || matches!(symbol, "+" | "-" | "*" | "/" | "%" | "^" | "||" | "@>" | "<@" | "&&" | "&" | "|" | "#" | "?" | "?|" | "?&")
}
