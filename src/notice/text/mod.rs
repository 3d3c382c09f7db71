//! Text as people read it: made safe, measured, cut to length. No channel's syntax.

mod clean;
mod cut;
mod digest;

pub use clean::clean;
pub use cut::{cut, fitting};
pub use digest::{digest, short_digest};
