//! Names resolved the way the database does it: what a query reads, in which role, and what comes out.
//!
//! In: a [`crate::schema::Schema`], a search path and a query or expression of [`crate::sql::tree`]. Out: a [`Binding`]: output columns with
//! types, nullability and sources; every column read with its role and place; what the server would refuse, with SQLSTATE; what cannot be resolved, with the reason.
//! Also stored definitions: a bound query turned into the pieces that follow renames.

mod binding;

pub use binding::{BindError, Binding, Output, Read, Role, Session, Unresolved};
