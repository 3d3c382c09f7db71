//! Values shown as text, and texts that name an object.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::text::{name_in, quote_identifier, quote_literal, quoted, together};
use super::value::{Datum, Fragment, Shape, Shown};
use crate::schema::{DataType, NameSpace, ObjectId, format_type_in};

impl Evaluator<'_> {
    /// A value as text in fragments; `None` for NULL.
    pub(super) fn shown(&self, value: &Datum) -> Option<Vec<Fragment>> {
        let known = |text: String| Some(vec![Fragment::Known(text)]);
        match value {
            Datum::Null => None,
            Datum::Boolean(value) => known(String::from(if *value { "t" } else { "f" })),
            Datum::Integer(value) => known(value.to_string()),
            Datum::Text(text) => known(text.to_string()),
            Datum::Object(id, Shown::Name) => known(self.name_of(*id)),
            Datum::Type(data_type, Shown::Name) => known(format_type_in(self.schema, data_type, &self.session.search_path)),
            Datum::Pattern(fragments) => Some(fragments.clone()),
            Datum::Unknown(shape, reason) => Some(vec![Fragment::Hole(*shape, Arc::clone(reason))]),
            Datum::Between(..) | Datum::Column(..) | Datum::Object(..) | Datum::Type(..) | Datum::Phantom(_) => {
                Some(vec![Fragment::Hole(Shape::Digits, value.reason().unwrap_or_else(|| Arc::from("its number is not known")))])
            }
            Datum::List(_) | Datum::Row(_) | Datum::Same(_) | Datum::SystemName(_) => {
                Some(vec![Fragment::Hole(Shape::Anything, value.reason().unwrap_or_else(|| Arc::from("arrays and rows are not shown as text")))])
            }
        }
    }

    /// An object as `regclass` shows it: without its schema when the search path finds it.
    fn name_of(&self, id: ObjectId) -> String {
        let Some(object) = self.schema.get(id) else { return String::new() };
        let dialect = self.schema.dialect;
        let own = dialect.quote(&object.name);
        let Some(namespace) = object.namespace else { return own };
        let first = self.session.namespaces(self.schema).into_iter().find_map(|space| self.schema.find(NameSpace::Relation, Some(space), &object.name));
        match self.schema.get(namespace) {
            Some(namespace) if first != Some(id) => format!("{}.{own}", dialect.quote(&namespace.name)),
            _ => own,
        }
    }

    /// `a || b`.
    pub(super) fn joined(&self, a: &Datum, b: &Datum) -> Datum {
        match (a, b) {
            (Datum::Null, _) | (_, Datum::Null) => Datum::Null,
            (Datum::List(a), Datum::List(b)) => Datum::List(a.iter().chain(b).cloned().collect()),
            (Datum::List(a), b) => Datum::List(a.iter().chain(std::iter::once(b)).cloned().collect()),
            (a, Datum::List(b)) => Datum::List(std::iter::once(a).chain(b).cloned().collect()),
            (a, b) => together(self.shown(a).into_iter().chain(self.shown(b)).flatten()),
        }
    }

    /// `format(text, …)` (manual 9.4.1): `%s`, `%I`, `%L`, `%%`, with positions; widths are not followed.
    pub(super) fn format(&self, template: &str, values: &[Datum]) -> Datum {
        let mut fragments = Vec::new();
        let mut letters = template.chars().peekable();
        let mut next = 0_usize;
        let mut known = String::new();
        while let Some(letter) = letters.next() {
            if letter != '%' {
                known.push(letter);
                continue;
            }
            let mut digits = String::new();
            while let Some(digit) = letters.next_if(char::is_ascii_digit) {
                digits.push(digit);
            }
            if !digits.is_empty() {
                if letters.next_if_eq(&'$').is_none() {
                    return Datum::unknown("widths in format() are not followed");
                }
                next = digits.parse::<usize>().ok().and_then(|position| position.checked_sub(1)).unwrap_or(usize::MAX);
            }
            let kind = letters.next();
            if kind == Some('%') {
                known.push('%');
                continue;
            }
            let Some(value) = values.get(next) else { return Datum::unknown("format() has too few arguments") };
            next = next.saturating_add(1);
            let shown = match kind {
                Some('s') => self.shown(value).unwrap_or_default(),
                Some('I') => match quoted(self.shown(value), |text| quote_identifier(self.schema.dialect, text), Shape::Identifier) {
                    Some(shown) => shown,
                    None => return Datum::unknown("format() fails: a name is NULL"),
                },
                Some('L') => quoted(self.shown(value), quote_literal, Shape::Anything).unwrap_or_else(|| vec![Fragment::Known(String::from("NULL"))]),
                _ => return Datum::unknown("this format() is not understood"),
            };
            fragments.push(Fragment::Known(std::mem::take(&mut known)));
            fragments.extend(shown);
        }
        fragments.push(Fragment::Known(known));
        together(fragments)
    }

    /// The relation that a text names (`'app.clients'::regclass`).
    pub(super) fn relation_named(&self, text: &str) -> Datum {
        let Some(name) = name_in(self.schema.dialect, text) else { return Datum::unknown(format!("`{text}` is no name of a relation")) };
        match crate::lineage::resolve_relation(self.schema, self.session, &name) {
            Ok(id) => match self.schema.why_unknown(&name.name.name) {
                Some(reason) => Datum::Unknown(Shape::Identifier, Arc::clone(reason)),
                None => Datum::Object(id, Shown::Name),
            },
            Err(error) => Datum::Unknown(Shape::Identifier, error.unknown.unwrap_or_else(|| Arc::from(error.message.as_str()))),
        }
    }

    /// `to_regclass(text)`: NULL when there is none.
    pub(super) fn relation_if_any(&self, text: &str) -> Datum {
        let Some(name) = name_in(self.schema.dialect, text) else { return Datum::unknown(format!("`{text}` is no name of a relation")) };
        if let Some(reason) = self.schema.why_unknown(&name.name.name) {
            return Datum::unknown(Arc::clone(reason));
        }
        match crate::lineage::resolve_relation(self.schema, self.session, &name) {
            Ok(id) => Datum::Object(id, Shown::Name),
            Err(error) => match error.unknown {
                Some(reason) => Datum::unknown(reason),
                None if super::system_name::SystemKind::Relation.may_be_called(name.name.name.as_str()) => Datum::unknown("it may be a relation of the server"),
                None => Datum::Null,
            },
        }
    }

    /// The type that a text names (`'app.status'::regtype`).
    pub(super) fn type_named(&self, text: &str) -> Datum {
        match self.data_type_named(text) {
            Ok(Some(data_type)) => Datum::Type(data_type, Shown::Name),
            Ok(None) => Datum::unknown(format!("there is no type {text} in the model")),
            Err(reason) => Datum::unknown(reason),
        }
    }

    /// The type that a text names; `Ok(None)` when there is none.
    pub(super) fn data_type_named(&self, text: &str) -> Result<Option<DataType>, Arc<str>> {
        let mut sources = crate::text::Sources::default();
        let source = sources.add("type", text);
        let Ok(written) = crate::sql::read_type(&sources, source, self.schema.dialect) else { return Err(Arc::from("it is no name of a type")) };
        if let Some(reason) = self.schema.why_unknown(&written.name.name.name) {
            return Err(Arc::clone(reason));
        }
        match crate::lineage::resolve_type(self.schema, self.session, &written) {
            Ok(data_type) => Ok(Some(data_type)),
            Err(error) => error.unknown.map_or(Ok(None), Err),
        }
    }
}
