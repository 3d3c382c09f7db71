//! What changes do to consumers: each is bound before and after, and the two bindings compared.
//!
//! In: the schemas of a run step by step, its changes, and the catalog's consumers. Out: [`Effect`]s, each with the change that causes it,
//! the path from the changed thing to the consumer, and evidence. Who is told, and whether it blocks, is decided above.

mod effect;

pub use effect::{Cause, Effect, EffectKind, Evidence, PathStep};
