//! Expressions out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, node};
use super::form::special_at;
use super::predicate::perhaps_negated;
use crate::sql::tree::{CallSyntax, CaseBranch, Expr, ExprKind, Ident, Literal, SubscriptRange, Unread};
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

impl Converter<'_> {
    pub fn expressions(&self, all: Vec<ast::Expr>) -> Result<Vec<Expr>, Unread> {
        all.into_iter().map(|expr| self.expression(expr)).collect()
    }

    pub fn optional(&self, expr: Option<ast::Expr>) -> Result<Option<Expr>, Unread> {
        expr.map(|expr| self.expression(expr)).transpose()
    }

    pub fn expression(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::Identifier(..)
            | E::CompoundIdentifier(..)
            | E::CompoundFieldAccess { .. }
            | E::JsonAccess { .. }
            | E::Wildcard(..)
            | E::QualifiedWildcard(..) => self.name(expr),
            E::IsFalse(..)
            | E::IsNotFalse(..)
            | E::IsTrue(..)
            | E::IsNotTrue(..)
            | E::IsNull(..)
            | E::IsNotNull(..)
            | E::IsUnknown(..)
            | E::IsNotUnknown(..)
            | E::IsDistinctFrom(..)
            | E::IsNotDistinctFrom(..)
            | E::IsJson { .. }
            | E::IsNormalized { .. } => self.test(expr),
            E::InList { .. }
            | E::InSubquery { .. }
            | E::InUnnest { .. }
            | E::Between { .. }
            | E::BinaryOp { .. }
            | E::Like { .. }
            | E::ILike { .. }
            | E::SimilarTo { .. }
            | E::RLike { .. }
            | E::AnyOp { .. }
            | E::AllOp { .. }
            | E::UnaryOp { .. }
            | E::Collate { .. }
            | E::MemberOf(..) => self.comparison(expr),
            E::Convert { .. }
            | E::Cast { .. }
            | E::AtTimeZone { .. }
            | E::Extract { .. }
            | E::Ceil { .. }
            | E::Floor { .. }
            | E::Position { .. }
            | E::Substring { .. }
            | E::Trim { .. }
            | E::Overlay { .. }
            | E::TypedString(..)
            | E::Function(..)
            | E::Map(..)
            | E::Interval(..)
            | E::MatchAgainst { .. } => self.form(expr),
            E::Case { .. } | E::Exists { .. } | E::Subquery(..) | E::Tuple(..) | E::Struct { .. } | E::Dictionary(..) | E::Array(..) | E::Lambda(..) => {
                self.composite(expr)
            }
            E::Nested(inner) | E::Prefixed { prefix: _, value: inner } => self.expression(*inner),
            E::Value(value) => Ok(self.value(value)),
            E::GroupingSets(_) | E::Cube(_) | E::Rollup(_) => Ok(self.not_understood("grouping sets outside GROUP BY")),
            E::Named { expr: _, name: _ } => Ok(self.not_understood("a named value outside a structure")),
            E::OuterJoin(_) => Ok(self.not_understood("an outer join written as (+)")),
            E::Prior(_) => Ok(self.not_understood("PRIOR")),
        }
    }

    fn name(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::Identifier(ident) => Ok(self.identifier(&ident)),
            E::CompoundIdentifier(idents) => Ok(self.compound(self.idents(&idents))),
            E::CompoundFieldAccess { root, access_chain } => self.access(*root, access_chain),
            E::JsonAccess { value, path } => self.json_path(*value, path),
            E::Wildcard(token) => Ok(node(ExprKind::Star(None), self.span(token.0.span))),
            E::QualifiedWildcard(name, _) => {
                let name = self.object_name(&name)?;
                let span = name.span();
                Ok(node(ExprKind::Star(Some(name)), span))
            }
            _ => Ok(self.not_understood("an expression of another kind")),
        }
    }

    fn composite(&self, expr: ast::Expr) -> Result<Expr, Unread> {
        use ast::Expr as E;
        match expr {
            E::Case { case_token: _, end_token: _, operand, conditions, else_result } => self.case(operand, conditions, else_result),
            E::Exists { subquery, negated } => {
                let query = self.query(*subquery)?;
                let span = query.span;
                let exists = node(ExprKind::Exists(Box::new(query)), span);
                Ok(perhaps_negated(exists, negated))
            }
            E::Subquery(query) => {
                let query = self.query(*query)?;
                let span = query.span;
                Ok(node(ExprKind::Subquery(Box::new(query)), span))
            }
            E::Tuple(fields) => {
                let fields = self.expressions(fields)?;
                let span = self.span_over(None, &fields);
                Ok(node(ExprKind::Row(fields), span))
            }
            E::Struct { values, fields } => self.structure(values, fields),
            E::Dictionary(fields) => {
                let fields = fields.into_iter().map(|field| Ok((Some(self.ident(&field.key)), self.expression(*field.value)?)));
                Ok(node(ExprKind::Struct(fields.collect::<Result<_, Unread>>()?), self.whole))
            }
            E::Array(array) => {
                let elements = self.expressions(array.elem)?;
                let span = self.span_over(None, &elements);
                Ok(node(ExprKind::Array(elements), span))
            }
            E::Lambda(lambda) => {
                let parameters: Vec<Ident> = lambda.params.iter().map(|parameter| self.ident(&parameter.name)).collect();
                let body = self.expression(*lambda.body)?;
                let span = body.span;
                Ok(node(ExprKind::Lambda(parameters, body), span))
            }
            _ => Ok(self.not_understood("an expression of another kind")),
        }
    }

    fn identifier(&self, ident: &ast::Ident) -> Expr {
        let span = self.span(ident.span);
        if ident.quote_style.is_none() {
            let upper = ident.value.to_ascii_uppercase();
            if upper == "DEFAULT" {
                return node(ExprKind::Default, span);
            }
            if ident.value.starts_with('@') {
                return node(ExprKind::Parameter(ident.value.clone()), span);
            }
            if VALUE_WORDS.contains(&upper.as_str()) {
                return special_at(&upper.to_ascii_lowercase(), Vec::new(), CallSyntax::Keyword, span);
            }
        }
        node(ExprKind::Column(vec![self.ident(ident)]), span)
    }

    pub fn compound(&self, mut parts: Vec<Ident>) -> Expr {
        let fields = parts.split_off(parts.len().min(4));
        let span = parts.iter().map(|part| part.span).reduce(Span::to).unwrap_or(self.whole);
        let column = node(ExprKind::Column(parts), span);
        fields.into_iter().fold(column, |base, field| {
            let span = base.span.to(field.span);
            node(ExprKind::Field(base, field), span)
        })
    }

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
                            base = Some(node(ExprKind::Field(inner, field), span));
                        }
                    }
                }
                ast::AccessExpr::Dot(_) => return Ok(self.not_understood("a call behind a dot")),
                ast::AccessExpr::Subscript(subscript) => {
                    let inner = base.take().unwrap_or_else(|| self.compound(std::mem::take(&mut parts)));
                    let range = self.subscript(subscript)?;
                    let span = inner.span;
                    base = Some(node(ExprKind::Subscript(inner, range), span));
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

    fn json_path(&self, value: ast::Expr, path: ast::JsonPath) -> Result<Expr, Unread> {
        let mut base = self.expression(value)?;
        for element in path.path {
            let key = match element {
                ast::JsonPathElem::Dot { key, quoted: _ } => self.text(&key),
                ast::JsonPathElem::Bracket { key } | ast::JsonPathElem::ColonBracket { key } => self.expression(key)?,
            };
            let span = base.span;
            base = node(ExprKind::Subscript(base, SubscriptRange::Index(key)), span);
        }
        Ok(base)
    }

    fn case(&self, operand: Option<Box<ast::Expr>>, conditions: Vec<ast::CaseWhen>, otherwise: Option<Box<ast::Expr>>) -> Result<Expr, Unread> {
        let operand = self.optional(operand.map(|operand| *operand))?;
        let branches = conditions.into_iter().map(|branch| Ok(CaseBranch { when: self.expression(branch.condition)?, then: self.expression(branch.result)? }));
        let branches: Vec<CaseBranch> = branches.collect::<Result<_, Unread>>()?;
        let otherwise = self.optional(otherwise.map(|otherwise| *otherwise))?;
        let inner = branches.iter().flat_map(|branch| [&branch.when, &branch.then]).chain(&operand).chain(&otherwise);
        let span = self.span_over(None, inner);
        Ok(node(ExprKind::Case { operand, branches, otherwise }, span))
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
        Ok(node(ExprKind::Struct(fields), span))
    }

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
            V::Placeholder(text) => return node(ExprKind::Parameter(text), self.span(value.span)),
        };
        node(ExprKind::Literal(literal), self.span(value.span))
    }
}
