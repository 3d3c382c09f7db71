//! The channels that carry a notice: each lays the same sentences out within its own limits, and escapes what it is given.
//!
//! What does not fit is left out from the end, and the message says how much that was.

mod calendar;
mod digest;
mod html;
mod mail;
mod markdown;
mod plain;
mod record;
mod roster;
mod slack;
mod teams;

pub use plain::plain_text;
pub use record::Channel;

/// All channels, in the order in which they are listed to a user.
pub static ALL: &[&Channel] =
    &[&plain::PLAIN, &markdown::MARKDOWN, &html::HTML, &mail::MAIL, &slack::SLACK, &teams::TEAMS, &calendar::CALENDAR, &digest::DIGEST, &roster::ROSTER];

/// The channel of that name, or `None`.
pub fn named(name: &str) -> Option<&'static Channel> {
    ALL.iter().copied().find(|channel| channel.name == name)
}
