//! The databases: one filled-in record each, and what PostgreSQL has built in.
//!
//! In: a dialect's name. Out: a [`Dialect`], whose fields decide everything that differs between databases.
//! Nothing elsewhere asks "is it PostgreSQL?": it asks a field here.

mod built_in;
mod postgres;
mod record;

pub use built_in::{
    BuiltInCastContext, BuiltInCastMethod, BuiltInColumn, BuiltInFunction, BuiltInOperator, BuiltInOperatorClass, BuiltInRelation, BuiltInRoutine, BuiltInType,
    BuiltInVolatility, BuiltIns, ExtensionCode, Subscripting, TypeCode, TypeKind,
};
pub use record::{AliasPlace, DdlTransactions, Dialect, Grammar, Modelling, ViewBinding};

/// All dialects, in the order in which they are listed to a user.
pub static ALL: &[&Dialect] = &[&postgres::POSTGRES];

/// The dialect when nothing is said.
pub static DEFAULT: &Dialect = &postgres::POSTGRES;

/// The dialect of that name, or `None`.
pub fn named(name: &str) -> Option<&'static Dialect> {
    ALL.iter().copied().find(|dialect| dialect.name == name)
}
