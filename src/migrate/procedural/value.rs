//! Values as far as the model knows them: what a condition compares, what a variable holds, what a text is put together from.

use std::cmp::Ordering;
use std::sync::Arc;

use super::system_name::SystemKind;
use crate::name::Name;
use crate::schema::{ColumnNumber, DataType, ObjectId};

/// How an identity is shown when it becomes text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// As a number (`oid`), which the model does not know.
    Number,
    /// As a name (`regclass`, `regtype`).
    Name,
}

/// What the text of an unknown value can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Anything.
    Anything,
    /// Digits, perhaps behind a minus.
    Digits,
    /// One identifier, quoted where it must be (`%I`, `regclass`).
    Identifier,
}

/// A stretch of a text of which not everything is known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fragment {
    /// Known.
    Known(String),
    /// Not known: what it can be, and why it is not known.
    Hole(Shape, Arc<str>),
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Datum {
    /// NULL.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number of which only the bounds are known, both included.
    Between(i64, i64),
    /// Text, a name too.
    Text(Arc<str>),
    /// An array.
    List(Vec<Datum>),
    /// A row.
    Row(Vec<(Name, Datum)>),
    /// The identity of an object.
    Object(ObjectId, Shown),
    /// The identity of something of that name that may have been made.
    Phantom(Arc<str>),
    /// The identity of a type.
    Type(DataType, Shown),
    /// The number that a column has in its relation.
    Column(ObjectId, ColumnNumber),
    /// Something that is not known but is the same each time (`current_database()`).
    Same(&'static str),
    /// The name of something that the server brings along.
    SystemName(SystemKind),
    /// A text with holes.
    Pattern(Vec<Fragment>),
    /// Not known, and why.
    Unknown(Shape, Arc<str>),
}

impl Datum {
    /// A text.
    pub(super) fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A name as text.
    pub(super) fn name(name: &Name) -> Self {
        Self::Text(Arc::from(name.as_str()))
    }

    /// Nothing is known.
    pub(super) fn unknown(reason: impl Into<Arc<str>>) -> Self {
        Self::Unknown(Shape::Anything, reason.into())
    }

    /// Why it is not known; `None` when it is.
    pub(super) fn reason(&self) -> Option<Arc<str>> {
        match self {
            Self::Unknown(_, reason) => Some(Arc::clone(reason)),
            Self::Pattern(fragments) => fragments.iter().find_map(|fragment| match fragment {
                Fragment::Hole(_, reason) => Some(Arc::clone(reason)),
                Fragment::Known(_) => None,
            }),
            Self::Between(..) => Some(Arc::from("how many rows there are is not known")),
            Self::Same(what) => Some(Arc::from(format!("{what} is not known"))),
            Self::SystemName(..) => Some(Arc::from("what the server brings along is not listed")),
            Self::List(items) => items.iter().find_map(Self::reason),
            Self::Null
            | Self::Boolean(_)
            | Self::Integer(_)
            | Self::Text(_)
            | Self::Row(_)
            | Self::Object(..)
            | Self::Phantom(_)
            | Self::Type(..)
            | Self::Column(..) => None,
        }
    }

    fn because(&self, other: &Self) -> Self {
        let reason = self.reason().or_else(|| other.reason());
        Self::unknown(reason.unwrap_or_else(|| Arc::from("the model cannot compare these values")))
    }

    /// Whether it is certainly true; NULL counts as false; an unknown gives the reason.
    pub(super) fn truth(&self) -> Result<bool, Arc<str>> {
        match self {
            Self::Boolean(value) => Ok(*value),
            Self::Null => Ok(false),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "t" | "true" | "yes" | "on" | "1" | "y" => Ok(true),
                "f" | "false" | "no" | "off" | "0" | "n" => Ok(false),
                _ => Err(Arc::from("it is no truth value")),
            },
            other => Err(other.reason().unwrap_or_else(|| Arc::from("it is no truth value"))),
        }
    }

    /// `a = b`.
    pub(super) fn equals(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => Self::Null,
            (Self::Unknown(..), _) | (_, Self::Unknown(..)) => self.because(other),
            (Self::Text(a), Self::Text(b)) => Self::Boolean(a == b),
            (Self::Boolean(a), Self::Boolean(b)) => Self::Boolean(a == b),
            (Self::Boolean(a), text @ Self::Text(_)) | (text @ Self::Text(_), Self::Boolean(a)) => {
                text.truth().map_or_else(Self::unknown, |b| Self::Boolean(*a == b))
            }
            (Self::Object(a, _), Self::Object(b, _)) => Self::Boolean(a == b),
            (Self::Phantom(a), Self::Phantom(b)) => Self::Boolean(a == b),
            (Self::Phantom(_), Self::Object(..) | Self::Type(..) | Self::Integer(0))
            | (Self::Object(..) | Self::Type(..) | Self::Integer(0), Self::Phantom(_)) => Self::Boolean(false),
            (Self::Type(a, _), Self::Type(b, _)) => Self::Boolean(a.without_modifiers() == b.without_modifiers()),
            // The row type of a relation, and a type of the schema, are known by their object.
            (Self::Type(data_type, _), Self::Object(id, _)) | (Self::Object(id, _), Self::Type(data_type, _)) => {
                Self::Boolean(data_type.without_modifiers() == DataType::object(*id))
            }
            // An identity is never 0.
            (Self::Object(..) | Self::Type(..), Self::Integer(0)) | (Self::Integer(0), Self::Object(..) | Self::Type(..)) => Self::Boolean(false),
            (Self::Column(a, m), Self::Column(b, n)) if a == b => Self::Boolean(m == n),
            (Self::Same(a), Self::Same(b)) if a == b => Self::Boolean(true),
            (Self::SystemName(kind), Self::Text(text)) | (Self::Text(text), Self::SystemName(kind)) => {
                if kind.may_be_called(text) {
                    self.because(other)
                } else {
                    Self::Boolean(false)
                }
            }
            (Self::List(a), Self::List(b)) => lists_equal(a, b),
            _ => match self.bounds().zip(other.bounds()) {
                Some(((a, b), (c, d))) if a == b && c == d => Self::Boolean(a == c),
                Some(((_, b), (c, _))) if b < c => Self::Boolean(false),
                Some(((a, _), (_, d))) if d < a => Self::Boolean(false),
                _ => self.because(other),
            },
        }
    }

    /// How two values are ordered; `None` when that is not known.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Boolean(a), Self::Boolean(b)) => Some(a.cmp(b)),
            (Self::Text(a), Self::Text(b)) if a == b => Some(Ordering::Equal),
            _ => {
                let ((a, b), (c, d)) = self.bounds().zip(other.bounds())?;
                match () {
                    () if b < c => Some(Ordering::Less),
                    () if a > d => Some(Ordering::Greater),
                    () if a == b && c == d && a == c => Some(Ordering::Equal),
                    () => None,
                }
            }
        }
    }

    /// Whether `a < b` … holds, by which orders of the two satisfy it.
    pub(super) fn ordered(&self, other: &Self, satisfies: impl Fn(Ordering) -> bool) -> Self {
        if matches!(self, Self::Null) || matches!(other, Self::Null) {
            return Self::Null;
        }
        if let Some(order) = self.compare(other) {
            return Self::Boolean(satisfies(order));
        }
        // Bounds that touch: `count >= 1` is decided although the count is not known.
        if let Some(((a, b), (c, d))) = self.bounds().zip(other.bounds()) {
            if b <= c && satisfies(Ordering::Less) == satisfies(Ordering::Equal) {
                return Self::Boolean(satisfies(Ordering::Less));
            }
            if a >= d && satisfies(Ordering::Greater) == satisfies(Ordering::Equal) {
                return Self::Boolean(satisfies(Ordering::Greater));
            }
        }
        self.because(other)
    }

    /// The least and the greatest that a number can be; a text of digits is one where a number is wanted. Column numbers begin with 1.
    pub(super) fn bounds(&self) -> Option<(i64, i64)> {
        match self {
            Self::Integer(value) => Some((*value, *value)),
            Self::Between(low, high) => Some((*low, *high)),
            Self::Column(..) => Some((1, 1600)),
            Self::Text(text) => text.trim().parse().ok().map(|value| (value, value)),
            _ => None,
        }
    }
}

fn lists_equal(a: &[Datum], b: &[Datum]) -> Datum {
    if a.len() != b.len() {
        return Datum::Boolean(false);
    }
    let mut unknown = None;
    for (a, b) in a.iter().zip(b) {
        match a.equals(b) {
            Datum::Boolean(true) => {}
            Datum::Boolean(false) => return Datum::Boolean(false),
            other => unknown = Some(other),
        }
    }
    unknown.unwrap_or(Datum::Boolean(true))
}

/// Kleene's `AND`.
pub(super) fn and(a: &Datum, b: &Datum) -> Datum {
    match (a.truth(), b.truth()) {
        (Ok(false), _) if !matches!(a, Datum::Null) => Datum::Boolean(false),
        (_, Ok(false)) if !matches!(b, Datum::Null) => Datum::Boolean(false),
        (Err(reason), _) | (_, Err(reason)) => Datum::unknown(reason),
        (Ok(_), Ok(_)) if matches!(a, Datum::Null) || matches!(b, Datum::Null) => Datum::Null,
        (Ok(a), Ok(b)) => Datum::Boolean(a && b),
    }
}

/// `NOT`.
pub(super) fn not(value: &Datum) -> Datum {
    match value {
        Datum::Null => Datum::Null,
        other => other.truth().map_or_else(Datum::unknown, |truth| Datum::Boolean(!truth)),
    }
}

/// Kleene's `OR`.
pub(super) fn or(a: &Datum, b: &Datum) -> Datum {
    not(&and(&not(a), &not(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_does_not_hide_what_is() {
        let unknown = Datum::unknown("rows");
        assert_eq!(and(&unknown, &Datum::Boolean(false)), Datum::Boolean(false));
        assert_eq!(or(&unknown, &Datum::Boolean(true)), Datum::Boolean(true));
        assert!(and(&unknown, &Datum::Boolean(true)).truth().is_err());
        assert_eq!(or(&Datum::Null, &Datum::Boolean(false)), Datum::Null);
    }

    #[test]
    fn bounds_decide_as_far_as_they_go() {
        let count = Datum::Between(1, i64::MAX);
        assert_eq!(count.ordered(&Datum::Integer(0), Ordering::is_gt), Datum::Boolean(true));
        assert_eq!(count.ordered(&Datum::Integer(1), Ordering::is_ge), Datum::Boolean(true));
        assert_eq!(count.equals(&Datum::Integer(0)), Datum::Boolean(false));
        assert!(count.equals(&Datum::Integer(5)).truth().is_err());
    }

    #[test]
    fn names_of_the_server_are_not_ours() {
        let system = Datum::SystemName(SystemKind::Relation);
        assert_eq!(system.equals(&Datum::text("clients")), Datum::Boolean(false));
        assert!(system.equals(&Datum::text("pg_class")).truth().is_err());
        assert!(system.equals(&Datum::text("tables")).truth().is_err());
    }
}
