//! How the receiver of a text can show it.

/// Whether colour may be used. It is never the only sign of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Text alone.
    Plain,
    /// ANSI escapes.
    Ansi,
}

/// Which characters lines and signs are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Symbols {
    /// Letters and signs of ASCII.
    Ascii,
    /// Box drawing and the like.
    Unicode,
}

/// How the receiver of a text can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colour may be used.
    pub colour: Colour,
    /// Which characters lines are drawn with.
    pub symbols: Symbols,
    /// Columns to fit into.
    pub width: usize,
}

impl Style {
    /// The width when nobody says.
    pub const WIDTH: usize = 100;

    /// For a file or a pipe.
    pub fn plain() -> Self {
        Self { colour: Colour::Plain, symbols: Symbols::Unicode, width: Self::WIDTH }
    }
}
