//! What GitHub says to a job, and the one thing that a job says to GitHub: the comment on a pull request.
//!
//! In: the event that started a job, and an address with a token. Out: what the job is about, and one comment that is kept up to date.
//! Requests go through the `curl` program, which every runner has: fieldgate promises to need no network, and has no client for it inside.

mod comment;
mod event;
mod request;

pub use comment::{Needed, Posted, comment};
pub use event::{Bases, Event};
pub use request::{Api, ApiError};
