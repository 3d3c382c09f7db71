//! The channels that carry a notice: each lays the same sentences out within its own limits, and escapes what it is given.

mod markdown;
mod plain;
mod record;

pub use record::Channel;

/// All channels, in the order in which they are listed to a user.
pub static ALL: &[&Channel] = &[&plain::PLAIN, &markdown::MARKDOWN];

/// The channel of that name, or `None`.
pub fn named(name: &str) -> Option<&'static Channel> {
    ALL.iter().copied().find(|channel| channel.name == name)
}
