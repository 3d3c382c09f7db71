//! From a byte offset to the line and column that a person, an editor or GitHub counts, and back.

/// A line and column; both 1-based, the column in characters (Unicode scalar values; a tab is one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// 1-based line. A line ends at `\n`; the `\r` of `\r\n` belongs to the line it ends.
    pub line: u32,
    /// 1-based column, in characters.
    pub column: u32,
}

/// Where each line of a text starts. Made once for each source, so that every later look-up is a binary search.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Reads the text once. Offsets are `u32`: [`super::MAX_SOURCE_BYTES`] keeps every source below that.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        for (offset, byte) in text.bytes().enumerate() {
            if byte == b'\n'
                && let Ok(next) = u32::try_from(offset + 1)
            {
                starts.push(next);
            }
        }
        Self { starts }
    }

    /// The line and column of a byte offset; an offset past the end counts as the end.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = (offset as usize).min(text.len());
        let line = self.starts.partition_point(|start| *start as usize <= offset);
        let start = self.starts.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        let before = text.get(start..floor_boundary(text, offset)).unwrap_or("");
        Position { line: small(line), column: small(before.chars().count() + 1) }
    }

    /// The byte offset of a line and column, or `None` when the text has no such line. A column past the line's end counts as its end.
    pub fn offset(&self, text: &str, position: Position) -> Option<u32> {
        let index = (position.line as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |next| *next as usize);
        let line = text.get(start..end)?;
        let inside = line.char_indices().nth(position.column.saturating_sub(1) as usize).map_or(line.len(), |(at, _)| at);
        u32::try_from(start + inside).ok()
    }

    /// The bytes of a 1-based line without its line end, or `None` when there is no such line.
    pub fn line<'t>(&self, text: &'t str, line: u32) -> Option<&'t str> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.starts.get(index)? as usize;
        let end = self.starts.get(index + 1).map_or(text.len(), |next| *next as usize);
        text.get(start..end).map(|line| line.trim_end_matches(['\n', '\r']))
    }
}

fn floor_boundary(text: &str, mut offset: usize) -> usize {
    while offset > 0 && !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn small(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_not_bytes() {
        let text = "α β\r\nx";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 3), Position { line: 1, column: 3 });
        assert_eq!(index.position(text, 7), Position { line: 2, column: 1 });
        assert_eq!(index.offset(text, Position { line: 2, column: 1 }), Some(7));
        assert_eq!(index.line(text, 1), Some("α β"));
    }

    #[test]
    fn a_place_past_the_end_is_the_end() {
        let index = LineIndex::new("ab");
        assert_eq!(index.position("ab", 99), Position { line: 1, column: 3 });
        assert_eq!(index.offset("ab", Position { line: 5, column: 1 }), None);
    }
}
