//! What changes do to consumers: each is bound before and after, and the two bindings compared.
//!
//! In: the schemas of a run step by step, its changes, and consumers as [`Subject`]s. Out: [`Effect`]s, each with the change that causes it,
//! the path from the changed thing to the consumer, and evidence; and who did not work even before. Who is told, and whether it blocks,
//! is decided above.
//!
//! A subject is bound once against the first schema, and again only after a migration that can reach it: one that changes an object
//! it rests on, makes an object of a name it uses, or was not understood where it matters.

mod attribution;
mod bodies;
mod company;
mod compare;
mod cut;
mod declared;
mod difference;
mod effect;
mod effects;
mod needed;
mod own_casts;
mod path;
mod permission;
mod reach;
mod refusal;
mod rights;
mod subject;
mod touches;
mod understanding;
mod uses;
mod values;
mod view_meaning;
mod writes;

pub use effect::{Cause, Effect, EffectKind, Evidence, PathStep};
pub use effects::{BrokenBefore, Impact, assess};
pub use own_casts::casts_are_own;
pub use subject::{DeclaredColumn, DeclaredRelation, Subject};
pub use touches::{Touches, touches};
pub use uses::{Use, Uses, uses};
