//! What printed text is made of.

use crate::name::Name;
use crate::text::Span;

/// One stretch of printed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text, quoted where it must be.
    pub text: String,
    /// The name it is, when it is one that may mean an object.
    pub reference: Option<Reference>,
}

/// A name in printed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// What kind of thing it may mean.
    pub kind: ReferenceKind,
    /// Where the name stands in the text that was read.
    pub span: Span,
}

/// Kinds of name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// One part of a dotted column reference: the column, the relation or alias in front of it, or a field behind it.
    ColumnPart {
        /// On the last part of a select item that has no alias: the name that the output keeps whatever the column is called later.
        output: Option<Name>,
    },
    /// `*` or `t.*`, in a select list or as a value.
    Star,
    /// A column in a list of columns that are written to, or of `USING`, `SEARCH`, `CYCLE`.
    ListedColumn,
    /// A relation, schema included, in `FROM` or as a target.
    Relation {
        /// Whether the rest of the text calls it by an alias.
        aliased: bool,
    },
    /// A function, schema included.
    Function,
    /// A type, schema included, without modifiers and brackets.
    Type,
    /// A collation, an operator with a schema, a sampling method, a constraint.
    Object,
    /// A string constant, which may be the name of a sequence or the label of an enum; the text holds its quotes.
    Text,
}

/// The tree holds something that was read but has no room in it; it cannot be printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unprintable {
    /// What it is.
    pub what: String,
    /// Where.
    pub span: Span,
}
