//! Expressions out of the parser crate's tree.

use sqlparser::ast;

use super::convert::Converter;
use crate::sql::tree::{
    Argument, BinaryOperator, Call, CallSyntax, CaseBranch, Expr, ExprKind, Ident, IsTest, Literal, ObjectName, Quantifier, SubscriptRange, UnaryOperator,
    Unread,
};
use crate::text::Span;

/// Words that are values, not columns, although the crate calls them names.
const VALUE_WORDS: &[&str] = &[
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_DATETIME",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "SESSION_USER",
    "SYSTEM_USER",
];

impl Converter {
    /// Expressions.
    pub fn expressions(&self, all: Vec<ast::Expr>) -> Result<Vec<Expr>, Unread> {
        all.into_iter().map(|expr| self.expression(expr)).collect()
    }

    /// An expression that may be missing.
    pub fn optional(&self, expr: Option<ast::Expr>) -> Result<Option<Expr>, Unread> {
        expr.map(|expr| self.expression(expr)).transpose()
    }

    /// An expression.
    pub fn expression(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::Identifier(ident) => Ok(self.identifier(&ident)),
            E::CompoundIdentifier(idents) => Ok(self.compound(self.idents(&idents))),
            E::CompoundFieldAccess { root, access_chain } => self.access(*root, access_chain),
            E::JsonAccess { value, path } => self.json_path(*value, path),
            E::IsFalse(operand) => self.is(*operand, IsTest::False, false),
            E::IsNotFalse(operand) => self.is(*operand, IsTest::False, true),
            E::IsTrue(operand) => self.is(*operand, IsTest::True, false),
            E::IsNotTrue(operand) => self.is(*operand, IsTest::True, true),
            E::IsNull(operand) => self.is(*operand, IsTest::Null, false),
            E::IsNotNull(operand) => self.is(*operand, IsTest::Null, true),
            E::IsUnknown(operand) => self.is(*operand, IsTest::Unknown, false),
            E::IsNotUnknown(operand) => self.is(*operand, IsTest::Unknown, true),
            E::IsDistinctFrom(left, right) => {
                let right = self.expression(*right)?;
                self.is(*left, IsTest::DistinctFrom(right), false)
            }
            E::IsNotDistinctFrom(left, right) => {
                let right = self.expression(*right)?;
                self.is(*left, IsTest::DistinctFrom(right), true)
            }
            E::IsJson { expr, kind: _, unique_keys: _, negated } => self.is(*expr, IsTest::Form(String::from("JSON")), negated),
            E::IsNormalized { expr, form, negated } => {
                let form = form.map_or_else(|| String::from("NORMALIZED"), |form| format!("{form} NORMALIZED"));
                self.is(*expr, IsTest::Form(form), negated)
            }
            E::InList { expr, list, negated } => {
                let operand = self.expression(*expr)?;
                let list = self.expressions(list)?;
                let span = self.span_over(Some(operand.span), &list);
                Ok(self.expr(ExprKind::InList { operand, list, negated }, span))
            }
            E::InSubquery { expr, subquery, negated } => {
                let operand = self.expression(*expr)?;
                let query = Box::new(self.query(*subquery)?);
                let span = operand.span.to(query.span);
                Ok(self.expr(ExprKind::InSubquery { operand, query, negated }, span))
            }
            E::InUnnest { expr, array_expr, negated } => {
                let quantified = self.quantified(*expr, BinaryOperator::Symbol(String::from("=")), Quantifier::Any, *array_expr)?;
                Ok(self.negated(quantified, negated))
            }
            E::Between { expr, negated, low, high } => {
                let (operand, low, high) = (self.expression(*expr)?, self.expression(*low)?, self.expression(*high)?);
                let span = operand.span.to(high.span);
                Ok(self.expr(ExprKind::Between { operand, low, high, negated, symmetric: false }, span))
            }
            E::BinaryOp { left, op, right } => self.binary(*left, op, *right),
            E::Like { negated, any, expr, pattern, escape_char } => self.like(("~~", negated, any), *expr, *pattern, escape_char),
            E::ILike { negated, any, expr, pattern, escape_char } => self.like(("~~*", negated, any), *expr, *pattern, escape_char),
            E::SimilarTo { negated, expr, pattern, escape_char } => self.like(("SIMILAR TO", negated, false), *expr, *pattern, escape_char),
            E::RLike { negated, expr, pattern, regexp } => {
                let matched = self.operation(*expr, if regexp { "REGEXP" } else { "RLIKE" }, *pattern)?;
                Ok(self.negated(matched, negated))
            }
            E::AnyOp { left, compare_op, right, is_some: _ } => self.quantified(*left, self.operator(compare_op)?, Quantifier::Any, *right),
            E::AllOp { left, compare_op, right } => self.quantified(*left, self.operator(compare_op)?, Quantifier::All, *right),
            E::UnaryOp { op, expr } => self.unary(op, *expr),
            E::Convert { is_try, expr, data_type, charset, target_before_value: _, styles } => {
                let value = self.expression(*expr)?;
                let mut styles = self.expressions(styles)?;
                styles.extend(charset.map(|charset| self.text(&charset.to_string())));
                self.cast(value, data_type, is_try, styles)
            }
            E::Cast { kind, expr, data_type, format } => {
                let lenient = matches!(kind, ast::CastKind::TryCast | ast::CastKind::SafeCast);
                let value = self.expression(*expr)?;
                let format = format.map(|format| self.text(&format.to_string())).into_iter().collect();
                self.cast(value, Some(data_type), lenient, format)
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
                arguments.push(from.unwrap_or_else(|| self.expr(ExprKind::Literal(Literal::Number(String::from("1"))), self.whole)));
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
            E::Collate { expr, collation } => {
                let operand = self.expression(*expr)?;
                let collation = self.object_name(&collation)?;
                let span = operand.span.to(collation.span());
                Ok(self.expr(ExprKind::Collate(operand, collation), span))
            }
            E::Nested(inner) | E::Prefixed { prefix: _, value: inner } => self.expression(*inner),
            E::Value(value) => Ok(self.value(value)),
            E::TypedString(typed) => {
                let operand = self.value(typed.value);
                let target = self.data_type(&typed.data_type);
                let span = operand.span;
                Ok(self.expr(ExprKind::Cast { operand, target, lenient: false }, span))
            }
            E::Function(function) => self.function(function),
            E::Case { case_token: _, end_token: _, operand, conditions, else_result } => self.case(operand, conditions, else_result),
            E::Exists { subquery, negated } => {
                let query = self.query(*subquery)?;
                let span = query.span;
                let exists = self.expr(ExprKind::Exists(Box::new(query)), span);
                Ok(self.negated(exists, negated))
            }
            E::Subquery(query) => {
                let query = self.query(*query)?;
                let span = query.span;
                Ok(self.expr(ExprKind::Subquery(Box::new(query)), span))
            }
            E::Tuple(fields) => {
                let fields = self.expressions(fields)?;
                let span = self.span_over(None, &fields);
                Ok(self.expr(ExprKind::Row(fields), span))
            }
            E::Struct { values, fields } => self.structure(values, fields),
            E::Dictionary(fields) => {
                let fields = fields.into_iter().map(|field| Ok((Some(self.ident(&field.key)), self.expression(*field.value)?)));
                Ok(self.expr(ExprKind::Struct(fields.collect::<Result<_, Unread>>()?), self.whole))
            }
            E::Map(map) => {
                let mut arguments = Vec::new();
                for entry in map.entries {
                    arguments.extend([self.expression(*entry.key)?, self.expression(*entry.value)?]);
                }
                Ok(self.special("map", arguments, CallSyntax::Function))
            }
            E::Array(array) => {
                let elements = self.expressions(array.elem)?;
                let span = self.span_over(None, &elements);
                Ok(self.expr(ExprKind::Array(elements), span))
            }
            E::Interval(interval) => self.interval(interval),
            E::MatchAgainst { columns, match_value, opt_search_modifier: _ } => {
                let columns: Result<Vec<Expr>, Unread> =
                    columns.iter().map(|column| Ok(self.compound(self.parts(column).ok_or_else(|| self.refuse("a computed name"))?))).collect();
                let mut arguments = columns?;
                arguments.push(self.value(match_value));
                Ok(self.special("match", arguments, CallSyntax::Function))
            }
            E::Wildcard(token) => Ok(self.expr(ExprKind::Star(None), self.span(token.0.span))),
            E::QualifiedWildcard(name, _) => {
                let name = self.object_name(&name)?;
                let span = name.span();
                Ok(self.expr(ExprKind::Star(Some(name)), span))
            }
            E::Lambda(lambda) => {
                let parameters: Vec<Ident> = lambda.params.iter().map(|parameter| self.ident(&parameter.name)).collect();
                let body = self.expression(*lambda.body)?;
                let span = body.span;
                Ok(self.expr(ExprKind::Lambda(parameters, body), span))
            }
            E::MemberOf(member) => self.operation(*member.value, "MEMBER OF", *member.array),
            E::GroupingSets(_) | E::Cube(_) | E::Rollup(_) => Ok(self.not_understood("grouping sets outside GROUP BY")),
            E::Named { expr: _, name: _ } => Ok(self.not_understood("a named value outside a structure")),
            E::OuterJoin(_) => Ok(self.not_understood("an outer join written as (+)")),
            E::Prior(_) => Ok(self.not_understood("PRIOR")),
        }
    }

    fn identifier(&self, ident: &ast::Ident) -> Expr {
        let span = self.span(ident.span);
        if ident.quote_style.is_none() {
            let upper = ident.value.to_ascii_uppercase();
            if upper == "DEFAULT" {
                return self.expr(ExprKind::Default, span);
            }
            if ident.value.starts_with('@') {
                return self.expr(ExprKind::Parameter(ident.value.clone()), span);
            }
            if VALUE_WORDS.contains(&upper.as_str()) {
                return self.special_at(&upper.to_ascii_lowercase(), Vec::new(), CallSyntax::Keyword, span);
            }
        }
        self.expr(ExprKind::Column(vec![self.ident(ident)]), span)
    }

    /// Up to four parts are a column; what follows are fields of it.
    fn compound(&self, mut parts: Vec<Ident>) -> Expr {
        let fields = parts.split_off(parts.len().min(4));
        let span = parts.iter().map(|part| part.span).reduce(Span::to).unwrap_or(self.whole);
        let column = self.expr(ExprKind::Column(parts), span);
        fields.into_iter().fold(column, |base, field| {
            let span = base.span.to(field.span);
            self.expr(ExprKind::Field(base, field), span)
        })
    }

    /// `a.b[1].c`: leading parts without brackets belong to the column's name.
    fn access(&self, root: ast::Expr, chain: Vec<ast::AccessExpr>) -> Result<Expr, Unread> {
        let mut parts = match &root {
            ast::Expr::Identifier(ident) => vec![self.ident(ident)],
            ast::Expr::CompoundIdentifier(idents) => self.idents(idents),
            _ => Vec::new(),
        };
        let mut base = None;
        if parts.is_empty() {
            base = Some(self.expression(root)?);
        }
        for access in chain {
            match access {
                ast::AccessExpr::Dot(ast::Expr::Identifier(ident)) => {
                    let field = self.ident(&ident);
                    match base.take() {
                        None => parts.push(field),
                        Some(inner) => {
                            let span = inner.span.to(field.span);
                            base = Some(self.expr(ExprKind::Field(inner, field), span));
                        }
                    }
                }
                ast::AccessExpr::Dot(_) => return Ok(self.not_understood("a call behind a dot")),
                ast::AccessExpr::Subscript(subscript) => {
                    let inner = base.take().unwrap_or_else(|| self.compound(std::mem::take(&mut parts)));
                    let range = self.subscript(subscript)?;
                    let span = inner.span;
                    base = Some(self.expr(ExprKind::Subscript(inner, range), span));
                }
            }
        }
        Ok(base.unwrap_or_else(|| self.compound(parts)))
    }

    fn subscript(&self, subscript: ast::Subscript) -> Result<SubscriptRange, Unread> {
        match subscript {
            ast::Subscript::Index { index } => Ok(SubscriptRange::Index(self.expression(index)?)),
            ast::Subscript::Slice { lower_bound, upper_bound, stride: None } => {
                Ok(SubscriptRange::Slice(self.optional(lower_bound)?, self.optional(upper_bound)?))
            }
            ast::Subscript::Slice { .. } => Ok(SubscriptRange::Index(self.not_understood("a slice with a step"))),
        }
    }

    /// `v:a.b[0]`: the path as subscripts.
    fn json_path(&self, value: ast::Expr, path: ast::JsonPath) -> Result<Expr, Unread> {
        let mut base = self.expression(value)?;
        for element in path.path {
            let key = match element {
                ast::JsonPathElem::Dot { key, quoted: _ } => self.text(&key),
                ast::JsonPathElem::Bracket { key } | ast::JsonPathElem::ColonBracket { key } => self.expression(key)?,
            };
            let span = base.span;
            base = self.expr(ExprKind::Subscript(base, SubscriptRange::Index(key)), span);
        }
        Ok(base)
    }

    fn is(&self, operand: ast::Expr, test: IsTest, negated: bool) -> Result<Expr, Unread> {
        let operand = self.expression(operand)?;
        let span = operand.span;
        Ok(self.expr(ExprKind::Is { operand, test, negated }, span))
    }

    fn negated(&self, expr: Expr, negated: bool) -> Expr {
        let span = expr.span;
        if negated { self.expr(ExprKind::Unary(UnaryOperator::Not, expr), span) } else { expr }
    }

    /// A chain of operators, however long, without recursion on its left side.
    fn binary(&self, left: ast::Expr, op: ast::BinaryOperator, right: ast::Expr) -> Result<Expr, Unread> {
        let mut waiting = vec![(op, right)];
        let mut first = left;
        while let ast::Expr::BinaryOp { left, op, right } = first {
            waiting.push((op, *right));
            first = *left;
        }
        let mut chain: (Option<BinaryOperator>, Vec<Expr>) = (None, vec![self.expression(first)?]);
        while let Some((op, right)) = waiting.pop() {
            let operator = self.operator(op)?;
            let right = self.expression(right)?;
            let goes_on = matches!(operator, BinaryOperator::And | BinaryOperator::Or) && chain.0.as_ref() == Some(&operator);
            if !goes_on {
                let left = self.closed(chain)?;
                chain = (Some(operator), vec![left]);
            }
            chain.1.push(right);
        }
        self.closed(chain)
    }

    fn closed(&self, (operator, mut operands): (Option<BinaryOperator>, Vec<Expr>)) -> Result<Expr, Unread> {
        let joined = match operator {
            Some(operator) => crate::sql::chain::balanced(operands, &operator),
            None => operands.pop(),
        };
        joined.ok_or_else(|| self.refuse("an empty chain"))
    }

    fn operation(&self, left: ast::Expr, symbol: &str, right: ast::Expr) -> Result<Expr, Unread> {
        let (left, right) = (self.expression(left)?, self.expression(right)?);
        let span = left.span.to(right.span);
        Ok(self.expr(ExprKind::Binary(left, BinaryOperator::Symbol(symbol.to_owned()), right), span))
    }

    fn operator(&self, op: ast::BinaryOperator) -> Result<BinaryOperator, Unread> {
        Ok(match op {
            ast::BinaryOperator::And => BinaryOperator::And,
            ast::BinaryOperator::Or => BinaryOperator::Or,
            ast::BinaryOperator::NotEq => BinaryOperator::Symbol(String::from("<>")),
            ast::BinaryOperator::Assignment => return Err(self.refuse("an assignment inside an expression")),
            // Every other one prints as its symbol or word.
            other => BinaryOperator::Symbol(other.to_string()),
        })
    }

    fn unary(&self, op: ast::UnaryOperator, operand: ast::Expr) -> Result<Expr, Unread> {
        let operand = self.expression(operand)?;
        let span = operand.span;
        let operator = match op {
            ast::UnaryOperator::Not | ast::UnaryOperator::BangNot => UnaryOperator::Not,
            other => UnaryOperator::Symbol(other.to_string()),
        };
        Ok(self.expr(ExprKind::Unary(operator, operand), span))
    }

    fn quantified(&self, left: ast::Expr, operator: BinaryOperator, quantifier: Quantifier, right: ast::Expr) -> Result<Expr, Unread> {
        let (operand, right) = (self.expression(left)?, self.expression(right)?);
        let span = operand.span.to(right.span);
        Ok(self.expr(ExprKind::Quantified { operand, operator, quantifier, right }, span))
    }

    fn like(&self, (symbol, negated, any): (&str, bool, bool), left: ast::Expr, pattern: ast::Expr, escape: Option<Box<ast::Expr>>) -> Result<Expr, Unread> {
        if any {
            let quantified = self.quantified(left, BinaryOperator::Symbol(symbol.to_owned()), Quantifier::Any, pattern)?;
            return Ok(self.negated(quantified, negated));
        }
        let left = self.expression(left)?;
        let mut pattern = self.expression(pattern)?;
        if let Some(escape) = escape {
            pattern = self.special("like_escape", vec![pattern, self.expression(*escape)?], CallSyntax::Special);
        }
        let symbol = match (symbol, negated) {
            ("SIMILAR TO", true) => String::from("NOT SIMILAR TO"),
            (symbol, true) => format!("!{symbol}"),
            (symbol, false) => symbol.to_owned(),
        };
        let span = left.span.to(pattern.span);
        Ok(self.expr(ExprKind::Binary(left, BinaryOperator::Symbol(symbol), pattern), span))
    }

    /// A cast; a format or style is kept as further arguments of a call inside it.
    fn cast(&self, value: Expr, target: Option<ast::DataType>, lenient: bool, more: Vec<Expr>) -> Result<Expr, Unread> {
        let span = value.span;
        let operand = if more.is_empty() { value } else { self.special("convert", std::iter::once(value).chain(more).collect(), CallSyntax::Function) };
        Ok(match target {
            Some(target) => self.expr(ExprKind::Cast { operand, target: self.data_type(&target), lenient }, span),
            None => operand,
        })
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

    fn case(&self, operand: Option<Box<ast::Expr>>, conditions: Vec<ast::CaseWhen>, otherwise: Option<Box<ast::Expr>>) -> Result<Expr, Unread> {
        let operand = self.optional(operand.map(|operand| *operand))?;
        let branches = conditions.into_iter().map(|branch| Ok(CaseBranch { when: self.expression(branch.condition)?, then: self.expression(branch.result)? }));
        let branches: Vec<CaseBranch> = branches.collect::<Result<_, Unread>>()?;
        let otherwise = self.optional(otherwise.map(|otherwise| *otherwise))?;
        let inner = branches.iter().flat_map(|branch| [&branch.when, &branch.then]).chain(&operand).chain(&otherwise);
        let span = self.span_over(None, inner);
        Ok(self.expr(ExprKind::Case { operand, branches, otherwise }, span))
    }

    fn structure(&self, values: Vec<ast::Expr>, fields: Vec<ast::StructField>) -> Result<Expr, Unread> {
        let mut declared = fields.into_iter().map(|field| field.field_name);
        let fields = values.into_iter().map(|value| {
            let named = declared.next().flatten().map(|name| self.ident(&name));
            match value {
                ast::Expr::Named { expr, name } => Ok((Some(self.ident(&name)), self.expression(*expr)?)),
                other => Ok((named, self.expression(other)?)),
            }
        });
        let fields: Vec<(Option<Ident>, Expr)> = fields.collect::<Result<_, Unread>>()?;
        let span = self.span_over(None, fields.iter().map(|(_, value)| value));
        Ok(self.expr(ExprKind::Struct(fields), span))
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
            return Ok(self.expr(ExprKind::Literal(Literal::Interval(text.clone(), field)), span));
        }
        let arguments = std::iter::once(value).chain(field.map(|field| self.text(&field))).collect();
        Ok(self.special("interval", arguments, CallSyntax::Function))
    }

    /// A constant.
    pub fn value(&self, value: ast::ValueWithSpan) -> Expr {
        use ast::Value as V;
        let literal = match value.value {
            V::Number(digits, _) => Literal::Number(digits),
            V::SingleQuotedString(text)
            | V::TripleSingleQuotedString(text)
            | V::TripleDoubleQuotedString(text)
            | V::EscapedStringLiteral(text)
            | V::UnicodeStringLiteral(text)
            | V::SingleQuotedRawStringLiteral(text)
            | V::DoubleQuotedRawStringLiteral(text)
            | V::TripleSingleQuotedRawStringLiteral(text)
            | V::TripleDoubleQuotedRawStringLiteral(text)
            | V::NationalStringLiteral(text)
            | V::DoubleQuotedString(text) => Literal::String(text),
            V::DollarQuotedString(quoted) => Literal::String(quoted.value),
            V::QuoteDelimitedStringLiteral(quoted) | V::NationalQuoteDelimitedStringLiteral(quoted) => Literal::String(quoted.value),
            V::SingleQuotedByteStringLiteral(text)
            | V::DoubleQuotedByteStringLiteral(text)
            | V::TripleSingleQuotedByteStringLiteral(text)
            | V::TripleDoubleQuotedByteStringLiteral(text) => Literal::Bits(text),
            V::HexStringLiteral(digits) => Literal::Hex(digits),
            V::Boolean(value) => Literal::Boolean(value),
            V::Null => Literal::Null,
            V::Placeholder(text) => return self.expr(ExprKind::Parameter(text), self.span(value.span)),
        };
        self.expr(ExprKind::Literal(literal), self.span(value.span))
    }

    /// A word of the syntax as a constant.
    pub fn text(&self, text: &str) -> Expr {
        self.expr(ExprKind::Literal(Literal::String(text.to_owned())), self.whole)
    }

    /// A call that is written as syntax.
    pub fn special(&self, name: &str, arguments: Vec<Expr>, syntax: CallSyntax) -> Expr {
        let span = self.span_over(None, arguments.iter().filter(|argument| argument.span != self.whole));
        self.special_at(name, arguments, syntax, span)
    }

    fn special_at(&self, name: &str, arguments: Vec<Expr>, syntax: CallSyntax, span: Span) -> Expr {
        let name = ObjectName::bare(Ident { name: crate::name::Name::stored(name), span });
        let arguments = arguments.into_iter().map(|value| Argument { name: None, value, variadic: false }).collect();
        let call =
            Call { name, arguments, distinct: false, order_by: Vec::new(), within_group: Vec::new(), filter: None, over: None, ignore_nulls: false, syntax };
        self.expr(ExprKind::Call(call), span)
    }
}
