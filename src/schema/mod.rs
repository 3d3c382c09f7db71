//! The warehouse schema at one moment: objects with identities, names to find them by, and who depends on whom.
//!
//! In: edits by those who build or change it (`snapshot`, `migrate`). Out: look-ups by name and identity, dependencies in both
//! directions, the schema printed as DDL, two schemas compared. It knows no statement and refuses nothing but broken invariants;
//! what a server would refuse is decided in `migrate`.
//!
//! What an object depends on follows from its body (`derived.rs`), so whoever inserts or updates an object keeps `pg_depend` right without a word.
//!
//! A [`Schema`] is cheap to clone: every map in it shares what did not change, so a statement is tried on a clone and the clone kept or dropped.

mod aggregate;
mod aspect;
mod column;
mod constraint;
mod data_type;
pub mod ddl;
mod definition;
mod dependency;
mod derived;
mod difference;
mod facts;
mod format_type;
mod function;
mod grant;
mod identity;
mod index;
mod membership;
mod object;
mod print;
mod roles;
mod schema;
mod sequence;
mod table;
mod user_type;
mod view;

pub use aggregate::support_functions;
pub use aspect::Aspect;
pub use column::{Column, ColumnGeneration};
pub use constraint::{Constraint, ConstraintKind, ForeignKey};
pub use data_type::{DataType, TypeIdentity};
pub use definition::{Definition, Piece};
pub use dependency::{Dependencies, Dependency, DependencyKind};
pub use difference::{Difference, DifferenceKind, difference};
pub use format_type::{format_type, format_type_in};
pub use function::{Function, FunctionParameter};
pub use grant::GrantEntry;
pub use identity::{Address, ColumnNumber, ObjectId, Part};
pub use index::{Index, IndexKey, IndexState};
pub use membership::extension_of;
pub use object::{Extension, Policy, Rule, Trigger};
pub use object::{Object, ObjectBody, OtherObject};
pub use roles::DefaultGrant;
pub use schema::{NameSpace, Schema, ServerFacts};
pub use sequence::Sequence;
pub use table::{Partitioning, Persistence, Size, Table, TableKind};
pub use user_type::{Domain, UserType};
pub use view::{ColumnOrigin, View};
