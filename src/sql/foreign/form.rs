//! Calls, and forms that are another way to write a call, out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, node};
use crate::sql::tree::{Argument, Call, CallSyntax, Expr, ExprKind, Ident, Literal, ObjectName, Unread};
use crate::text::Span;

impl Converter<'_> {
    pub fn form(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::Convert { is_try, expr, data_type, charset, target_before_value: _, styles } => {
                let value = self.expression(*expr)?;
                let mut styles = self.expressions(styles)?;
                styles.extend(charset.map(|charset| self.text(&charset.to_string())));
                Ok(self.cast(value, data_type, is_try, styles))
            }
            E::Cast { kind, expr, data_type, format } => {
                let lenient = matches!(kind, ast::CastKind::TryCast | ast::CastKind::SafeCast);
                let value = self.expression(*expr)?;
                let format = format.map(|format| self.text(&format.to_string())).into_iter().collect();
                Ok(self.cast(value, Some(data_type), lenient, format))
            }
            E::AtTimeZone { timestamp, time_zone } => {
                let arguments = vec![self.expression(*time_zone)?, self.expression(*timestamp)?];
                Ok(self.special("timezone", arguments, CallSyntax::AtTimeZone))
            }
            E::Extract { field, syntax: _, expr } => {
                let arguments = vec![self.text(&field.to_string().to_lowercase()), self.expression(*expr)?];
                Ok(self.special("extract", arguments, CallSyntax::Extract))
            }
            E::Ceil { expr, field } => self.rounded("ceil", *expr, field),
            E::Floor { expr, field } => self.rounded("floor", *expr, field),
            E::Position { expr, r#in } => {
                let arguments = vec![self.expression(*r#in)?, self.expression(*expr)?];
                Ok(self.special("position", arguments, CallSyntax::Special))
            }
            E::Substring { expr, substring_from, substring_for, special, shorthand: _ } => {
                let mut arguments = vec![self.expression(*expr)?];
                let from = self.optional(substring_from.map(|from| *from))?;
                arguments.push(from.unwrap_or_else(|| node(ExprKind::Literal(Literal::Number(String::from("1"))), self.whole)));
                arguments.extend(self.optional(substring_for.map(|length| *length))?);
                let syntax = if special { CallSyntax::Function } else { CallSyntax::Special };
                Ok(self.special("substring", arguments, syntax))
            }
            E::Trim { trim_where, trim_what, expr, trim_characters } => self.trim(trim_where, trim_what, *expr, trim_characters),
            E::Overlay { expr, overlay_what, overlay_from, overlay_for } => {
                let mut arguments = vec![self.expression(*expr)?, self.expression(*overlay_what)?, self.expression(*overlay_from)?];
                arguments.extend(self.optional(overlay_for.map(|length| *length))?);
                Ok(self.special("overlay", arguments, CallSyntax::Special))
            }
            E::TypedString(typed) => {
                let operand = self.value(typed.value);
                let target = self.data_type(&typed.data_type);
                let span = operand.span;
                Ok(node(ExprKind::Cast { operand, target, lenient: false }, span))
            }
            E::Function(function) => self.function(function),
            E::Map(map) => {
                let mut arguments = Vec::new();
                for entry in map.entries {
                    arguments.extend([self.expression(*entry.key)?, self.expression(*entry.value)?]);
                }
                Ok(self.special("map", arguments, CallSyntax::Function))
            }
            E::Interval(interval) => self.interval(interval),
            E::MatchAgainst { columns, match_value, opt_search_modifier: _ } => {
                let columns: Result<Vec<Expr>, Unread> =
                    columns.iter().map(|column| Ok(self.compound(self.parts(column).ok_or_else(|| self.refuse("a computed name"))?))).collect();
                let mut arguments = columns?;
                arguments.push(self.value(match_value));
                Ok(self.special("match", arguments, CallSyntax::Function))
            }
            _ => Ok(self.not_understood("an expression of another kind")),
        }
    }

    fn cast(&self, value: Expr, target: Option<ast::DataType>, lenient: bool, more: Vec<Expr>) -> Expr {
        let span = value.span;
        let operand = if more.is_empty() { value } else { self.special("convert", std::iter::once(value).chain(more).collect(), CallSyntax::Function) };
        match target {
            Some(target) => node(ExprKind::Cast { operand, target: self.data_type(&target), lenient }, span),
            None => operand,
        }
    }

    fn rounded(&self, name: &str, value: ast::Expr, field: ast::CeilFloorKind) -> Result<Expr, Unread> {
        let mut arguments = vec![self.expression(value)?];
        match field {
            ast::CeilFloorKind::DateTimeField(ast::DateTimeField::NoDateTime) => {}
            ast::CeilFloorKind::DateTimeField(field) => arguments.push(self.text(&field.to_string())),
            ast::CeilFloorKind::Scale(scale) => arguments.push(self.value(scale)),
        }
        Ok(self.special(name, arguments, CallSyntax::Function))
    }

    fn trim(
        &self,
        side: Option<ast::TrimWhereField>,
        what: Option<Box<ast::Expr>>,
        value: ast::Expr,
        characters: Option<Vec<ast::Expr>>,
    ) -> Result<Expr, Unread> {
        let name = match side {
            None | Some(ast::TrimWhereField::Both) => "btrim",
            Some(ast::TrimWhereField::Leading) => "ltrim",
            Some(ast::TrimWhereField::Trailing) => "rtrim",
        };
        let mut arguments = vec![self.expression(value)?];
        arguments.extend(self.optional(what.map(|what| *what))?);
        arguments.extend(self.expressions(characters.unwrap_or_default())?);
        Ok(self.special(name, arguments, CallSyntax::Special))
    }

    fn interval(&self, interval: ast::Interval) -> Result<Expr, Unread> {
        let field = match (&interval.leading_field, &interval.last_field) {
            (Some(first), Some(last)) => Some(format!("{first} TO {last}")),
            (Some(first), None) => Some(first.to_string()),
            (None, _) => None,
        };
        let value = self.expression(*interval.value)?;
        let span = value.span;
        if let ExprKind::Literal(Literal::String(text) | Literal::Number(text)) = &*value.kind {
            return Ok(node(ExprKind::Literal(Literal::Interval(text.clone(), field)), span));
        }
        let arguments = std::iter::once(value).chain(field.map(|field| self.text(&field))).collect();
        Ok(self.special("interval", arguments, CallSyntax::Function))
    }

    pub fn text(&self, text: &str) -> Expr {
        node(ExprKind::Literal(Literal::String(text.to_owned())), self.whole)
    }

    pub fn special(&self, name: &str, arguments: Vec<Expr>, syntax: CallSyntax) -> Expr {
        let span = self.span_over(None, arguments.iter().filter(|argument| argument.span != self.whole));
        special_at(name, arguments, syntax, span)
    }
}

/// A call that is written as syntax, at that place.
pub(super) fn special_at(name: &str, arguments: Vec<Expr>, syntax: CallSyntax, span: Span) -> Expr {
    let name = ObjectName::bare(Ident { name: crate::name::Name::stored(name), span });
    let arguments = arguments.into_iter().map(|value| Argument { name: None, value, variadic: false }).collect();
    let call = Call { name, arguments, distinct: false, order_by: Vec::new(), within_group: Vec::new(), filter: None, over: None, ignore_nulls: false, syntax };
    node(ExprKind::Call(call), span)
}
