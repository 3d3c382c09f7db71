//! What every channel says of itself.

use crate::notice::Notice;

/// One channel.
#[derive(Debug)]
pub struct Channel {
    /// The word for `--channel`.
    pub name: &'static str,
    /// For the list in the help.
    pub about: &'static str,
    /// The ending of its files, without a dot.
    pub ending: &'static str,
    /// The whole message.
    pub render: fn(&Notice) -> String,
}
