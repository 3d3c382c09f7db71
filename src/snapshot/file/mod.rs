//! The snapshot file as it is written: types that read and write YAML and JSON, without any meaning yet.
//!
//! In: a tree of [`crate::yaml`]. Out: [`Document`], all text as it stands in the file, with places. What the names in it mean is `build`'s business.
//! Everything that is as the database would have it by itself is left out, so that a file written by hand stays short.

mod column;
mod constraint;
mod document;
mod function;
mod index;
mod namespace;
mod object;
mod sequence;
mod table;
mod user_type;
mod view;
mod word;

pub use column::{ColumnEntry, IdentityWord};
pub use constraint::{ActionWord, CheckEntry, DeferrableWord, ExclusionElement, ExclusionEntry, ForeignKeyEntry, KeyEntry, MatchWord, NotNullEntry};
pub use document::{Document, ExtensionEntry, Origin, VERSION};
pub use function::{FunctionEntry, FunctionWord, VolatilityWord};
pub use index::{IndexEntry, KeyPart, NullsWord};
pub use namespace::NamespaceEntry;
pub use object::{OtherEntry, PolicyEntry, StateWord, StatementEntry};
pub use sequence::SequenceEntry;
pub use table::{ForeignEntry, RowSecurityWord, TableEntry};
pub use user_type::{BaseEntry, CompositeEntry, DomainEntry, EnumEntry, RangeEntry};
pub use view::{CheckOptionWord, ViewEntry};
pub use word::{Grants, Text, is_false, is_nothing, is_zero, text};
