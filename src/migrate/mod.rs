//! Statements applied to a schema by the server's rules: the schema after, what changed, and what the server would refuse.
//!
//! In: a [`crate::schema::Schema`] and [`crate::sql`] statements. Out: for each statement an [`Outcome`]: the typed [`Change`]s or the [`Refusal`].
//! Changes are not written down by hand in each statement's code: they are what two schemas differ in, object by object and by identity,
//! so no effect of a statement (a cascade, an inherited column, a dropped index) can be forgotten. Only what happens to rows is told by the statement.

mod access_method;
mod aggregate;
mod alter_column;
mod alter_table;
mod alter_type_of_column;
mod apply;
mod change;
mod changes;
mod check_merging;
mod clustering;
mod column;
mod column_check;
mod column_storage;
mod constraint;
mod convertible;
mod create_table;
mod deletion;
mod describe;
mod dml;
mod domain;
mod drop;
mod expression;
mod extension;
mod foreign_key;
mod found;
mod function;
mod grant;
mod index;
mod index_switch;
mod inheritance;
mod inner;
mod maintenance;
mod naming;
mod new_cast;
mod object;
mod occasion;
mod other;
mod other_alter;
mod other_check;
mod outcome;
mod partition_bound;
mod policy;
mod procedural;
mod publication;
mod reach;
mod refused;
mod rename;
mod resolve;
mod role;
mod role_option;
mod routine_check;
mod rows;
mod run;
mod sequence;
mod settings;
mod simulation;
mod statistics;
mod storage_parameter;
mod table_column;
mod table_like;
mod trigger;
mod trigger_check;
mod type_rule;
mod user_type;
mod view;
mod work;
mod written;

pub use change::{Change, ChangeId, ChangeKind, ColumnChange, Conversion, DataChange, Direction, ObjectChange, StatementId};
pub use inner::{Certainty, InnerStatement, Repetition};
pub use outcome::{MayFail, NotJudged, Outcome, Refusal};
pub use run::{Run, ScriptInput, Step, TransactionMode, build, run};
pub use simulation::Simulation;
