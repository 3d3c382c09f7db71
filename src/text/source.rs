//! Texts with a name and an id, read from files once; the only place that opens a file of the user.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{LineIndex, Position, SourceId, Span};

/// The largest file that is read, in bytes. A migration of this size is data, not schema, and would need gigabytes to parse.
pub const MAX_SOURCE_BYTES: u64 = 64 * 1024 * 1024;

/// One text and where it came from.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: Arc<str>,
    lines: LineIndex,
}

impl Source {
    /// The path as the user would type it, with `/`; or a word in angle brackets for text that is in no file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text, without a byte-order mark.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The line table.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}

/// A span as people read it: file, and 1-based first and last place; the last is exclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The name of the source.
    pub file: String,
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
}

/// Why a file could not be read as text.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ReadError {
    /// The system refused.
    #[error("cannot read {path}: {reason}")]
    Io {
        /// As the user gave it.
        path: PathBuf,
        /// The system's words.
        reason: std::io::Error,
    },
    /// More than [`MAX_SOURCE_BYTES`].
    #[error("{path} is too large: {bytes} bytes, and fieldgate reads at most {MAX_SOURCE_BYTES}")]
    #[diagnostic(help("a file of this size holds data; keep schema changes in a file of their own, and load data with the warehouse's own loader"))]
    TooLarge {
        /// As the user gave it.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Not UTF-8.
    #[error("{path} is not UTF-8 text: byte {offset} (0-based) on line {line} cannot be decoded")]
    #[diagnostic(help("save the file as UTF-8 (without a byte-order mark); UTF-16 and Latin-1 files are not read"))]
    NotUtf8 {
        /// As the user gave it.
        path: PathBuf,
        /// 0-based offset of the first bad byte.
        offset: usize,
        /// 1-based line of it.
        line: usize,
    },
    /// A NUL character, which no database accepts in SQL text.
    #[error("{path} holds a NUL character at byte {offset} (0-based) on line {line}")]
    #[diagnostic(help("this looks like a binary or UTF-16 file"))]
    Nul {
        /// As the user gave it.
        path: PathBuf,
        /// 0-based offset.
        offset: usize,
        /// 1-based line of it.
        line: usize,
    },
}

/// All texts of one run. Ids are given in the order of reading, so they are the same in every run on the same input.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text that is in no file, or was read elsewhere.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> SourceId {
        let text = text.into();
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.all.push(Source { name: name.into(), lines: LineIndex::new(&text), text });
        id
    }

    /// Reads a file, once for each call, and takes a UTF-8 byte-order mark off.
    ///
    /// # Errors
    /// When the file cannot be opened, is larger than [`MAX_SOURCE_BYTES`], is not UTF-8 or holds a NUL.
    pub fn load(&mut self, path: &Path) -> Result<SourceId, ReadError> {
        let text = read_text(path)?;
        Ok(self.add(path.display().to_string().replace('\\', "/"), text))
    }

    /// Shows a source under another name: one that was read from where it does not live.
    pub fn rename(&mut self, id: SourceId, name: String) {
        if let Some(source) = self.all.get_mut(id.0 as usize) {
            source.name = name;
        }
    }

    /// The source of an id given by this collection.
    pub fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.get(id.0 as usize)
    }

    /// The text of a whole source; empty for an id of another collection.
    pub fn text(&self, id: SourceId) -> &str {
        self.get(id).map_or("", |source| source.text())
    }

    /// The text that a span covers; empty for a span of another collection.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.source).get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// File, lines and columns of a span.
    pub fn place(&self, span: Span) -> Place {
        let Some(source) = self.get(span.source) else {
            let start = Position { line: 1, column: 1 };
            return Place { file: String::from("<unknown>"), start, end: start };
        };
        Place { file: source.name.clone(), start: source.lines.position(&source.text, span.start), end: source.lines.position(&source.text, span.end) }
    }

    /// A span over a whole source.
    pub fn whole(&self, id: SourceId) -> Span {
        Span::new(id, 0, u32::try_from(self.text(id).len()).unwrap_or(u32::MAX))
    }

    /// Ids and sources in the order of reading.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.all.iter().enumerate().map(|(index, source)| (SourceId(u32::try_from(index).unwrap_or(u32::MAX)), source))
    }
}

fn read_text(path: &Path) -> Result<String, ReadError> {
    let io = |reason| ReadError::Io { path: path.to_path_buf(), reason };
    let file = std::fs::File::open(path).map_err(io)?;
    let metadata = file.metadata().map_err(io)?;
    if metadata.is_dir() {
        return Err(io(std::io::Error::new(std::io::ErrorKind::IsADirectory, "is a folder, and a file is needed here")));
    }
    if metadata.len() > MAX_SOURCE_BYTES {
        return Err(ReadError::TooLarge { path: path.to_path_buf(), bytes: metadata.len() });
    }
    let mut bytes = Vec::new();
    // A pipe or a growing file has no honest length: read one byte more than allowed and see.
    file.take(MAX_SOURCE_BYTES + 1).read_to_end(&mut bytes).map_err(io)?;
    if bytes.len() as u64 > MAX_SOURCE_BYTES {
        return Err(ReadError::TooLarge { path: path.to_path_buf(), bytes: bytes.len() as u64 });
    }
    decode(path, bytes)
}

fn decode(path: &Path, bytes: Vec<u8>) -> Result<String, ReadError> {
    let line_of = |bytes: &[u8], offset: usize| 1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count();
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        ReadError::NotUtf8 { path: path.to_path_buf(), offset, line: line_of(error.as_bytes(), offset) }
    })?;
    if let Some(offset) = text.find('\0') {
        return Err(ReadError::Nul { path: path.to_path_buf(), offset, line: line_of(text.as_bytes(), offset) });
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_text() {
        let text = decode(Path::new("a.sql"), b"\xef\xbb\xbfSELECT 1".to_vec()).unwrap();
        assert_eq!(text, "SELECT 1");
    }

    #[test]
    fn a_latin_1_file_is_refused_at_its_line() {
        let error = decode(Path::new("a.sql"), b"-- ok\n-- caf\xe9".to_vec()).unwrap_err();
        assert_eq!(error.to_string(), "a.sql is not UTF-8 text: byte 12 (0-based) on line 2 cannot be decoded");
    }

    #[test]
    fn a_nul_is_refused() {
        assert!(matches!(decode(Path::new("a.sql"), b"a\0".to_vec()), Err(ReadError::Nul { offset: 1, line: 1, .. })));
    }
}
