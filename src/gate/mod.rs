//! The gate: everything that was read goes in, one answer comes out. The room to read first.
//!
//! [`check`] is the pipeline from top to bottom. Nothing in it asks for a rule, a dialect or a format by name.
//! Reading files is done before it (`project`, `snapshot`, `catalog`), writing after it (`render`, `notice`).

mod answer;
mod down;
mod example;
mod inputs;
mod old_name;
mod on_server;
mod pipeline;
mod safe;
mod script_lineage;
mod subjects;
mod uses;
mod verdict;
mod waits;

pub use answer::{Answer, JudgedMigration, NotJudgedItem};
pub use example::{ExampleFault, answer as answer_example, try_examples};
pub use inputs::Inputs;
pub use on_server::prove_on_server;
pub use pipeline::check;
pub use safe::{DatedSafePlan, safe_way};
pub use script_lineage::{ScriptLineage, ScriptOutput, lineage_of};
pub use subjects::unread_reason;
pub use uses::{FieldUses, field_uses};
pub use verdict::{Verdict, blocks, verdict};
