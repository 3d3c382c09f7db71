//! Types and what may be done with them: which operator, function or cast the server would choose, what type comes out, and its refusals.
//!
//! In: a schema, where names are looked for, types of operands. Out: the choice, or the server's SQLSTATE and words. It is PostgreSQL's own
//! algorithm (manual chapter 10, version 15; compared with a server over generated calls, see `tests/data/type_resolution.tsv`) over what the
//! server has built in, what installed extensions add, and what the schema defines. What a type is called in a query, and where a column's type
//! comes from, is left to `lineage`. A dialect without built-in tables gets no answers, only "unknown".

mod call;
mod call_form;
mod choice;
mod common_type;
mod conversion;
mod fit;
mod function;
mod number_value;
mod operand;
mod operator;
mod own_storage;
mod polymorphic;
mod refusal;
mod routine;
mod search;
mod support;
mod time_value;
mod type_change;
mod type_facts;
mod type_key;
mod type_name;
mod unexplored;
mod value;

pub use call::{AggregateClause, Argument, FunctionCall, FunctionMatch, RoutineKind};
pub use common_type::{CommonTypeFor, common_type};
pub use conversion::{Cast, CastContext, CastMethod, binary_coercible, cast, is_stable_cast};
pub use fit::Fit;
pub use function::function;
pub use operand::{Certainty, Operand};
pub use operator::{OperatorMatch, operator, prefix_operator};
pub use own_storage::own_storage;
pub use refusal::TypeError;
pub use search::SearchIn;
pub use support::{Support, equality, hashing, indexing, ordering};
pub use type_change::{Rewrite, needs_using, rewrite};
pub use type_facts::{array_of, base_type, category, element_type, is_collatable, is_polymorphic, is_preferred, range_subtype, subscript, subscripting, words};
pub use type_name::{built_in_type, with_modifiers};
pub use value::literal_fits;
