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
    /// How several messages stand in one stream; `None` when each has to be a file of its own.
    pub between: Option<&'static str>,
    /// The whole message; `None` when the channel has nothing to say of it (a message without a date is no calendar entry).
    pub render: fn(&Notice) -> Option<String>,
}
