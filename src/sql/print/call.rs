//! Calls, special syntax, windows.

use super::expression::string_constant;
use super::piece::{ReferenceKind, Unprintable};
use super::writer::{Printed, Writer};
use crate::sql::postgres::Power;
use crate::sql::tree::{Argument, Call, CallSyntax, Expr, ExprKind, Literal, OrderBy, Window, WindowReference};
use crate::text::Span;

/// Built-in forms whose names are words of PostgreSQL's grammar and mean something else in quotes.
const GRAMMAR_CALLS: &[&str] = &["coalesce", "greatest", "least", "nullif", "overlay", "substring", "xmlconcat"];

impl Writer {
    /// A call with everything that hangs on it.
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Printed {
        match call.syntax {
            CallSyntax::Function => self.plain_call(call)?,
            CallSyntax::Keyword => self.keyword(call)?,
            CallSyntax::Extract => self.extract(call, span)?,
            CallSyntax::AtTimeZone => self.at_time_zone(call, span)?,
            CallSyntax::Special => self.special(call, span)?,
        }
        if !call.within_group.is_empty() {
            self.text(" WITHIN GROUP (");
            self.order_by(&call.within_group)?;
            self.text(")");
        }
        if let Some(filter) = &call.filter {
            self.text(" FILTER (WHERE ");
            self.expr(filter, Power::Lowest)?;
            self.text(")");
        }
        if call.ignore_nulls {
            self.text(" IGNORE NULLS");
        }
        match &call.over {
            None => {}
            Some(WindowReference::Named(name)) => {
                self.text(" OVER ");
                self.local(name);
            }
            Some(WindowReference::Inline(window)) => {
                self.text(" OVER ");
                self.window(window)?;
            }
        }
        Ok(())
    }

    fn plain_call(&mut self, call: &Call) -> Printed {
        let word = call.name.name.name.as_str();
        if call.name.schema.is_none() && GRAMMAR_CALLS.contains(&word) {
            self.reference(word.to_owned(), ReferenceKind::Function, call.name.span());
        } else {
            self.object(&call.name, ReferenceKind::Function);
        }
        self.text("(");
        if call.distinct {
            self.text("DISTINCT ");
        }
        self.separated(&call.arguments, Writer::argument)?;
        if !call.order_by.is_empty() {
            self.text(" ");
            self.order_by(&call.order_by)?;
        }
        self.text(")");
        Ok(())
    }

    fn argument(&mut self, argument: &Argument) -> Printed {
        if argument.variadic {
            self.text("VARIADIC ");
        }
        if let Some(name) = &argument.name {
            self.local(name);
            self.text(" => ");
        }
        self.expr(&argument.value, Power::Lowest)
    }

    fn keyword(&mut self, call: &Call) -> Printed {
        self.text(&call.name.name.name.as_str().to_ascii_uppercase());
        if !call.arguments.is_empty() {
            self.text("(");
            self.separated(&call.arguments, Writer::argument)?;
            self.text(")");
        }
        Ok(())
    }

    fn extract(&mut self, call: &Call, span: Span) -> Printed {
        let [field, value] = call.arguments.as_slice() else {
            return Err(misshapen(call, span));
        };
        self.text("EXTRACT(");
        let field_text = text_of(&field.value).ok_or_else(|| misshapen(call, span))?;
        self.text(&string_constant(field_text));
        self.text(" FROM ");
        self.expr(&value.value, Power::Lowest)?;
        self.text(")");
        Ok(())
    }

    fn at_time_zone(&mut self, call: &Call, span: Span) -> Printed {
        match call.arguments.as_slice() {
            [value] => {
                self.expr(&value.value, Power::AtTimeZone)?;
                self.text(" AT LOCAL");
                Ok(())
            }
            [zone, value] => {
                self.expr(&value.value, Power::AtTimeZone)?;
                self.text(" AT TIME ZONE ");
                self.expr(&zone.value, Power::Collate)
            }
            _ => Err(misshapen(call, span)),
        }
    }

    fn special(&mut self, call: &Call, span: Span) -> Printed {
        let values: Vec<&Expr> = call.arguments.iter().map(|argument| &argument.value).collect();
        match (call.name.name.name.as_str(), values.as_slice()) {
            ("pg_collation_for", [value]) => self.worded(&[("COLLATION FOR (", *value)], ")"),
            ("position", [text, sought]) => {
                self.text("POSITION(");
                self.expr(sought, Power::Primary)?;
                self.text(" IN ");
                self.expr(text, Power::Primary)?;
                self.text(")");
                Ok(())
            }
            ("substring", [text, from]) => self.worded(&[("SUBSTRING(", *text), (" FROM ", *from)], ")"),
            ("substring", [text, from, length]) => self.worded(&[("SUBSTRING(", *text), (" FROM ", *from), (" FOR ", *length)], ")"),
            ("substring similar", [text, pattern, escape]) => self.worded(&[("SUBSTRING(", *text), (" SIMILAR ", *pattern), (" ESCAPE ", *escape)], ")"),
            ("overlay", [text, placing, from]) => self.worded(&[("OVERLAY(", *text), (" PLACING ", *placing), (" FROM ", *from)], ")"),
            ("overlay", [text, placing, from, length]) => {
                self.worded(&[("OVERLAY(", *text), (" PLACING ", *placing), (" FROM ", *from), (" FOR ", *length)], ")")
            }
            ("btrim", rest) => self.trim("BOTH", rest, call, span),
            ("ltrim", rest) => self.trim("LEADING", rest, call, span),
            ("rtrim", rest) => self.trim("TRAILING", rest, call, span),
            ("overlaps", [a, b, c, d]) => self.worded(&[("(", *a), (", ", *b), (") OVERLAPS (", *c), (", ", *d)], ")"),
            ("normalize", [text]) => self.worded(&[("NORMALIZE(", *text)], ")"),
            ("normalize", [text, form]) => {
                self.worded(&[("NORMALIZE(", *text)], ", ")?;
                self.word_of(form, call, span)?;
                self.text(")");
                Ok(())
            }
            ("like_escape" | "similar_to_escape", _) => self.plain_call(call),
            _ => self.xml(call, span),
        }
    }

    /// Words and operands in turn.
    fn worded(&mut self, parts: &[(&str, &Expr)], close: &str) -> Printed {
        for (word, value) in parts {
            self.text(word);
            self.expr(value, Power::Lowest)?;
        }
        self.text(close);
        Ok(())
    }

    fn trim(&mut self, side: &str, values: &[&Expr], call: &Call, span: Span) -> Printed {
        match values {
            [text] => self.worded(&[(&format!("TRIM({side} FROM "), *text)], ")"),
            [text, what] => self.worded(&[(&format!("TRIM({side} "), *what), (" FROM ", *text)], ")"),
            _ => Err(misshapen(call, span)),
        }
    }

    /// A string argument that stands for a word of the syntax.
    fn word_of(&mut self, word: &Expr, call: &Call, span: Span) -> Printed {
        let text = text_of(word).ok_or_else(|| misshapen(call, span))?;
        self.text(text);
        Ok(())
    }

    fn name_of(&mut self, name: &Expr, call: &Call, span: Span) -> Printed {
        let text = text_of(name).ok_or_else(|| misshapen(call, span))?;
        let quoted = self.dialect.quote(&crate::name::Name::stored(text));
        self.text(&quoted);
        Ok(())
    }

    /// `DOCUMENT x` or `CONTENT x`.
    pub(super) fn xml_kind_and_value(&mut self, call: &Call) -> Printed {
        let [kind, value] = call.arguments.as_slice() else {
            return Err(misshapen(call, call.name.span()));
        };
        self.word_of(&kind.value, call, kind.value.span)?;
        self.text(" ");
        self.expr(&value.value, Power::Lowest)
    }

    fn xml(&mut self, call: &Call, span: Span) -> Printed {
        let values: Vec<&Expr> = call.arguments.iter().map(|argument| &argument.value).collect();
        match (call.name.name.name.as_str(), values.as_slice()) {
            (word @ ("xmlelement" | "xmlpi"), [name, content @ ..]) => {
                self.text(&format!("{}(NAME ", word.to_ascii_uppercase()));
                self.name_of(name, call, span)?;
                for part in content {
                    self.text(", ");
                    self.expr(part, Power::Lowest)?;
                }
            }
            ("xmlforest", [list]) => {
                // The list prints its own word and parentheses.
                return self.expr(list, Power::Primary);
            }
            (word @ ("xmlattributes" | "xmlforest"), _) => {
                self.text(&format!("{}(", word.to_ascii_uppercase()));
                self.separated(&call.arguments, |writer, argument| {
                    writer.expr(&argument.value, Power::Lowest)?;
                    if let Some(name) = &argument.name {
                        writer.text(" AS ");
                        writer.local(name);
                    }
                    Ok(())
                })?;
            }
            ("xmlparse", [_, _]) => {
                self.text("XMLPARSE(");
                self.xml_kind_and_value(call)?;
            }
            ("xmlroot", [document, version, rest @ ..]) => {
                self.worded(&[("XMLROOT(", *document)], ", VERSION ")?;
                if matches!(*version.kind, ExprKind::Literal(Literal::Null)) {
                    self.text("NO VALUE");
                } else {
                    self.expr(version, Power::Lowest)?;
                }
                if let [standalone] = rest {
                    self.text(", STANDALONE ");
                    self.word_of(standalone, call, span)?;
                }
            }
            ("xmlexists", [path, document]) => {
                self.text("XMLEXISTS(");
                self.expr(path, Power::Primary)?;
                self.text(" PASSING ");
                self.expr(document, Power::Primary)?;
            }
            _ => return Err(misshapen(call, span)),
        }
        self.text(")");
        Ok(())
    }

    /// `ORDER BY …`.
    pub(super) fn order_by(&mut self, keys: &[OrderBy]) -> Printed {
        self.text("ORDER BY ");
        self.separated(keys, |writer, key| {
            writer.expr(&key.expr, Power::Lowest)?;
            if key.descending {
                writer.text(" DESC");
            }
            match key.nulls_first {
                Some(true) => writer.text(" NULLS FIRST"),
                Some(false) => writer.text(" NULLS LAST"),
                None => {}
            }
            Ok(())
        })
    }

    /// `(PARTITION BY … ORDER BY … frame)`.
    pub(super) fn window(&mut self, window: &Window) -> Printed {
        self.text("(");
        let mut first = true;
        let mut space = |writer: &mut Self| {
            if !std::mem::take(&mut first) {
                writer.text(" ");
            }
        };
        if let Some(base) = &window.base {
            space(self);
            self.local(base);
        }
        if !window.partition_by.is_empty() {
            space(self);
            self.text("PARTITION BY ");
            self.expressions(&window.partition_by)?;
        }
        if !window.order_by.is_empty() {
            space(self);
            self.order_by(&window.order_by)?;
        }
        if let Some(frame) = &window.frame {
            space(self);
            self.text(frame);
        }
        self.text(")");
        Ok(())
    }
}

fn text_of(expr: &Expr) -> Option<&str> {
    match &*expr.kind {
        ExprKind::Literal(Literal::String(text)) => Some(text),
        _ => None,
    }
}

/// A special call with arguments that its syntax has no place for; no reader makes one.
fn misshapen(call: &Call, span: Span) -> Unprintable {
    Unprintable { what: format!("{} with {} arguments", call.name.name.name, call.arguments.len()), span }
}
