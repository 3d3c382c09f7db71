//! Constants: the lexer has resolved quotes and escapes; numbers are kept as written.

use super::reader::{Reader, Reading};
use crate::sql::token::Kind;
use crate::sql::tree::{Expr, ExprKind, Literal};

impl Reader<'_> {
    /// Whether a string constant of any quoting is next.
    pub(super) fn is_string(&self) -> bool {
        self.is_string_at(0)
    }

    /// Whether a string constant of any quoting stands so many places further.
    pub(super) fn is_string_at(&self, ahead: usize) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.string().is_some())
    }

    /// The value of the string constant here.
    pub(super) fn string(&mut self) -> Reading<String> {
        let Some(text) = self.peek().and_then(|token| token.string()) else {
            return Err(self.expected("a string"));
        };
        self.skip(1);
        Ok(text.to_owned())
    }

    /// The constant here, if there is one: number, string, bits.
    pub(super) fn constant(&mut self) -> Option<Expr> {
        let token = self.peek()?;
        let literal = match &token.kind {
            Kind::Number(number, _) => Literal::Number(number.clone()),
            Kind::HexStringLiteral(digits) => Literal::Hex(digits.clone()),
            Kind::SingleQuotedByteStringLiteral(digits) => Literal::Bits(digits.clone()),
            _ => Literal::String(token.string()?.to_owned()),
        };
        self.skip(1);
        Some(Expr { kind: Box::new(ExprKind::Literal(literal)), span: token.span })
    }
}
