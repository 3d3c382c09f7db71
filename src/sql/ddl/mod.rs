//! Statements that define: tokens to the tree, one file a family of objects.
//!
//! In: a cursor behind the words that say what follows (`CREATE TABLE`). Out: the statement, or the token that is not understood.
//! Every reader takes the whole of its statement; what is left over is refused by the caller.

pub(crate) mod aggregate;
pub(crate) mod alter_column;
pub(crate) mod alter_index;
pub(crate) mod alter_object;
pub(crate) mod alter_table;
pub(crate) mod column;
pub(crate) mod constraint;
pub(crate) mod create_other;
pub(crate) mod create_table;
pub(crate) mod domain;
pub(crate) mod drop;
pub(crate) mod function;
pub(crate) mod index;
pub(crate) mod index_element;
pub(crate) mod policy;
pub(crate) mod privilege;
pub(crate) mod reference;
pub(crate) mod rule;
pub(crate) mod schema;
pub(crate) mod sequence;
pub(crate) mod trigger;
pub(crate) mod user_type;
pub(crate) mod view;
