//! Forms that look like calls and are none: `COALESCE`, `GREATEST`, `LEAST`, `NULLIF`, `CURRENT_DATE` and its kind.

use super::binder::Binder;
use super::value::{Value, mix};
use crate::schema::DataType;
use crate::sql::tree::{BinaryOperator, Call, CallSyntax, Expr, ExprKind, Volatility};
use crate::text::Span;
use crate::typing::{self, CommonTypeFor, SearchIn};

impl Binder<'_> {
    /// `COALESCE` and its kind; `None` when it is a call like any other.
    pub(super) fn built_in_form(&mut self, call: &Call, span: Span) -> Option<Value> {
        let word = call.name.name.name.as_str();
        let word = if self.is_typed() { word.to_owned() } else { word.to_lowercase() };
        let purpose = match word.as_str() {
            "coalesce" => CommonTypeFor::Coalesce,
            "greatest" => CommonTypeFor::Greatest,
            "least" => CommonTypeFor::Least,
            "nullif" if call.arguments.len() == 2 => return Some(self.null_if(call, span)),
            _ if call.syntax == CallSyntax::Keyword => return self.keyword(call, &word),
            "xmlattributes" | "xmlconcat" | "xmlelement" | "xmlforest" | "xmlparse" | "xmlpi" | "xmlroot" | "xmlserialize" => {
                return Some(self.xml(call, &word));
            }
            _ => return None,
        };
        let conditional = purpose == CommonTypeFor::Coalesce;
        let before = std::mem::replace(&mut self.level().inside_conditional, conditional);
        let values: Vec<Value> = call.arguments.iter().map(|argument| self.expression(&argument.value)).collect();
        self.level().inside_conditional = before;
        let hash = mix(&word, &values.iter().map(|value| value.hash).collect::<Vec<_>>());
        let common = self.common_value(&values, purpose, span);
        self.note_conversions(&values, common.data_type.as_ref(), call.arguments.iter().map(|argument| argument.value.span));
        Some(Value { column: None, ..common }.hashed(hash))
    }

    /// `operand COLLATE name`.
    pub(super) fn collate(&mut self, operand: &Expr, name: &crate::sql::tree::ObjectName) -> Value {
        let value = self.expression(operand);
        let hash = mix(&format!("collate {name}"), &[value.hash]);
        if value.is_untyped() {
            self.settle(&value, &DataType::builtin("text"), operand.span);
            return Value::builtin("text", value.nullable).hashed(hash);
        }
        if let Some(own) = &value.data_type
            && typing::is_collatable(self.schema, own) == Some(false)
        {
            let shown = self.type_name(own);
            self.error("42804", format!("collations are not supported by type {shown}"), operand.span);
        }
        Value { column: None, ..value }.hashed(hash)
    }

    /// The XML forms of the grammar (manual 9.15.1, 15): whatever goes in, XML comes out.
    fn xml(&mut self, call: &Call, word: &str) -> Value {
        let hashes: Vec<u64> = call.arguments.iter().map(|argument| self.expression(&argument.value).hash).collect();
        Value::builtin("xml", true).hashed(mix(word, &hashes))
    }

    fn null_if(&mut self, call: &Call, span: Span) -> Value {
        let values: Vec<Value> = call.arguments.iter().map(|argument| self.expression(&argument.value)).collect();
        let hash = mix("nullif", &values.iter().map(|value| value.hash).collect::<Vec<_>>());
        let [left, right] = values.as_slice() else { return Value::opaque() };
        self.binary_value(&BinaryOperator::Symbol("=".to_owned()), left, right, span);
        if !self.is_typed() {
            return Value::of(left.data_type.clone(), true).hashed(hash);
        }
        let path = self.namespaces.clone();
        let found = typing::operator(self.schema, &SearchIn::Path(&path), "=", &self.operand(left), &self.operand(right)).ok();
        let converted = found.and_then(|found| found.left);
        let data_type = match (&left.data_type, converted) {
            (Some(own), Some(wanted)) if wanted.without_modifiers() == own.without_modifiers() => Some(own.clone()),
            (Some(own), Some(wanted)) if typing::is_polymorphic(&wanted) => Some(typing::base_type(self.schema, own)),
            (_, wanted) => wanted,
        };
        Value::of(data_type, true).hashed(hash)
    }

    /// `CURRENT_DATE` and its kind (manual 9.9.5, 9.26, 15).
    fn keyword(&mut self, call: &Call, word: &str) -> Option<Value> {
        let (data_type, moves) = match word {
            "current_date" => ("date", true),
            "current_time" => ("timetz", true),
            "current_timestamp" => ("timestamptz", true),
            "localtime" => ("time", true),
            "localtimestamp" => ("timestamp", true),
            "current_user" | "session_user" | "user" | "current_role" | "current_catalog" | "current_schema" => ("name", true),
            _ => return None,
        };
        if moves {
            self.found.volatile.push(call.name.name.span);
            if self.volatility == Volatility::Immutable {
                self.volatility = Volatility::Stable;
            }
        }
        let modifiers: Vec<String> = call.arguments.iter().filter_map(|argument| number_of(&argument.value)).collect();
        let value = Value::of(Some(DataType::builtin(data_type).with_modifiers(modifiers)), false);
        Some(value.hashed(mix(word, &[])))
    }
}

fn number_of(expression: &Expr) -> Option<String> {
    match &*expression.kind {
        ExprKind::Literal(crate::sql::tree::Literal::Number(digits)) => Some(digits.clone()),
        _ => None,
    }
}
