//! Where each statement of a script begins and ends, found on bytes alone: linear, and with no memory per byte.
//!
//! In: the text of a script. Out: pieces in order, and every comment. A piece that is broken (a quote that is never closed) is one piece;
//! all pieces before it stand. What a statement says is left to the readers.

use super::lexical::{self, Element, ElementKind, Lexical};
use crate::dialect::{Dialect, Grammar};

/// A statement, or a line for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// First byte of its first word.
    pub start: usize,
    /// One past its last byte, the semicolon not included.
    pub end: usize,
}

/// Kinds of piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PieceKind {
    /// Text for the server.
    Statement,
    /// `\connect …`: text for psql.
    MetaCommand,
    /// An element that opens at this byte is never closed.
    Unterminated(ElementKind, usize),
}

/// What a script is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pieces {
    /// In the order of the text.
    pub pieces: Vec<Piece>,
    /// Every comment: whether it is a block comment, first byte, one past the last.
    pub comments: Vec<(bool, usize, usize)>,
}

/// Splits a script.
pub(crate) fn split(text: &str, dialect: &Dialect) -> Pieces {
    let mut splitter = Splitter {
        bytes: text.as_bytes(),
        at: 0,
        rules: Lexical::of(dialect),
        grammar: dialect.grammar,
        running: None,
        delimiter: b";".to_vec(),
        found: Pieces::default(),
    };
    while splitter.at < splitter.bytes.len() {
        splitter.step();
    }
    splitter.finish_statement();
    splitter.found
}

/// So many words at the head of a statement decide how it ends.
const HEAD_WORDS: usize = 10;

/// The statement that is being read.
#[derive(Clone, Debug, Default)]
struct Running {
    start: usize,
    end: usize,
    head: Vec<(usize, usize)>,
    previous: (usize, usize),
    parentheses: usize,
    /// Open `BEGIN` and `CASE` of a routine's body.
    blocks: usize,
    copies_from_stdin: bool,
}

struct Splitter<'t> {
    bytes: &'t [u8],
    at: usize,
    rules: Lexical,
    grammar: Grammar,
    running: Option<Running>,
    delimiter: Vec<u8>,
    found: Pieces,
}

impl Splitter<'_> {
    fn step(&mut self) {
        let Some(byte) = self.bytes.get(self.at).copied() else { return };
        if byte.is_ascii_whitespace() || byte == 0x0b {
            self.at += 1;
            return;
        }
        if (self.rules.delimiter_lines || self.rules.batch_lines) && self.at_line_start() && self.client_line() {
            return;
        }
        if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(&self.delimiter)) && self.delimiter_ends_here() {
            self.end_at_delimiter();
            return;
        }
        if byte == b'\\' && self.rules.psql && self.meta_command() {
            return;
        }
        if let Some(element) = self.rules.element(self.bytes, self.at, b"") {
            self.element(element);
            return;
        }
        if lexical::starts_word(byte) {
            self.word();
            return;
        }
        match byte {
            b'(' => self.running().parentheses += 1,
            b')' => self.running().parentheses = self.running().parentheses.saturating_sub(1),
            _ => {}
        }
        // A digit swallows the word glued to it, so that `1e'` opens no escape string.
        let end = if byte.is_ascii_digit() { lexical::word_end(self.bytes, self.at) } else { self.at + 1 };
        self.extend(end.max(self.at + 1));
    }

    fn running(&mut self) -> &mut Running {
        let at = self.at;
        self.running.get_or_insert_with(|| Running { start: at, end: at, ..Running::default() })
    }

    fn extend(&mut self, end: usize) {
        self.running().end = end;
        self.at = end;
    }

    fn element(&mut self, element: Element) {
        let start = self.at;
        let is_comment = matches!(element.kind, ElementKind::LineComment | ElementKind::BlockComment);
        if !element.is_closed {
            let first = self.running.take().map_or(start, |running| running.start);
            let end = self.bytes.trim_ascii_end().len().max(start + 1);
            self.found.pieces.push(Piece { kind: PieceKind::Unterminated(element.kind, start), start: first, end });
            self.at = self.bytes.len();
            return;
        }
        let is_hint = self.rules.hints_are_content && self.bytes.get(start + 2) == Some(&b'!') && element.kind == ElementKind::BlockComment;
        if is_comment && !is_hint {
            self.found.comments.push((element.kind == ElementKind::BlockComment, start, element.end));
            self.at = element.end;
        } else {
            self.extend(element.end);
        }
    }

    fn word(&mut self) {
        let start = self.at;
        let end = lexical::word_end(self.bytes, start);
        // The string behind `E`, `r` and the like has that word's rules.
        let prefix = self.bytes.get(start..end).unwrap_or(b"");
        if prefix.len() <= 2
            && matches!(self.bytes.get(end), Some(b'\'' | b'"'))
            && let Some(element) = self.rules.element(self.bytes, end, prefix)
            && element.kind == ElementKind::String
        {
            self.running();
            self.at = end;
            self.element(element);
            return;
        }
        self.note_word(start, end);
        self.extend(end);
    }

    fn is(&self, word: (usize, usize), text: &str) -> bool {
        self.bytes.get(word.0..word.1).is_some_and(|bytes| bytes.eq_ignore_ascii_case(text.as_bytes()))
    }

    fn is_any(&self, word: (usize, usize), texts: &[&str]) -> bool {
        texts.iter().any(|text| self.is(word, text))
    }

    fn note_word(&mut self, start: usize, end: usize) {
        let word = (start, end);
        self.running();
        let Some(running) = &self.running else { return };
        let is_copy = running.head.first().is_some_and(|first| self.is(*first, "copy"));
        let from_stdin = is_copy && self.is(running.previous, "from") && self.is(word, "stdin");
        let blocks = self.blocks_after(running, word);
        let running = self.running();
        running.copies_from_stdin |= from_stdin;
        running.blocks = blocks;
        running.previous = word;
        if running.head.len() < HEAD_WORDS {
            running.head.push(word);
        }
    }

    /// How many blocks are open after a word.
    fn blocks_after(&self, running: &Running, word: (usize, usize)) -> usize {
        let open = running.blocks;
        let ends_something_else = self.is(running.previous, "end") && self.is_any(word, &["if", "loop", "while", "repeat", "for", "case"]);
        if self.is(word, "case") && open > 0 && !ends_something_else {
            return open + 1;
        }
        if self.is(word, "end") && open > 0 {
            let next = self.next_word(word.1);
            let closes_no_block = next.is_some_and(|next| self.is_any(next, &["if", "loop", "while", "repeat", "for"]));
            return if closes_no_block { open } else { open - 1 };
        }
        match self.grammar {
            Grammar::Postgres | Grammar::Redshift | Grammar::DuckDb | Grammar::ClickHouse | Grammar::Generic => {
                let atomic = self.is(word, "atomic") && self.is(running.previous, "begin") && self.creates(running, &["function", "procedure"]);
                open + usize::from(atomic)
            }
            Grammar::MySql | Grammar::Sqlite => {
                let begins = self.is(word, "begin") && self.creates(running, &["function", "procedure", "trigger", "event"]);
                open + usize::from(begins)
            }
            Grammar::BigQuery | Grammar::Snowflake | Grammar::Databricks => {
                let opens = self.is(word, "begin") && (open > 0 || self.creates(running, &["function", "procedure"]) || self.begins_block(running, word));
                open + usize::from(opens)
            }
            Grammar::SqlServer => open,
        }
    }

    /// A `BEGIN` at the head that is no transaction.
    fn begins_block(&self, running: &Running, word: (usize, usize)) -> bool {
        let transaction = &["transaction", "tran", "work", "name", "isolation", "read"];
        running.head.is_empty()
            && self.next_word(word.1).is_some_and(|next| !self.is_any(next, transaction))
            && self.bytes.get(word.1..).is_some_and(|rest| !rest.trim_ascii_start().starts_with(b";"))
    }

    fn creates(&self, running: &Running, kinds: &[&str]) -> bool {
        running.head.first().is_some_and(|first| self.is_any(*first, &["create", "alter"])) && running.head.iter().take(8).any(|word| self.is_any(*word, kinds))
    }

    /// The next bare word after white space, when it is a word.
    fn next_word(&self, from: usize) -> Option<(usize, usize)> {
        let space = self.bytes.get(from..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let start = from + space;
        lexical::starts_word(*self.bytes.get(start)?).then(|| (start, lexical::word_end(self.bytes, start)))
    }

    fn delimiter_ends_here(&self) -> bool {
        let Some(running) = &self.running else { return true };
        let in_rule = running.parentheses > 0 && self.creates(running, &["rule"]);
        let in_batch = self.rules.batch_lines && self.creates(running, &["procedure", "proc", "function", "trigger"]);
        running.blocks == 0 && !in_rule && !in_batch
    }

    fn end_at_delimiter(&mut self) {
        let copies = self.running.as_ref().is_some_and(|running| running.copies_from_stdin);
        self.finish_statement();
        self.at += self.delimiter.len();
        if copies && self.rules.psql {
            self.skip_copy_data();
        }
    }

    fn finish_statement(&mut self) {
        if let Some(running) = self.running.take() {
            self.found.pieces.push(Piece { kind: PieceKind::Statement, start: running.start, end: running.end });
        }
    }

    /// Rows of `COPY … FROM stdin;` up to the line `\.`, or to the end.
    fn skip_copy_data(&mut self) {
        self.at = self.line_end(self.at);
        while let Some(rest) = self.bytes.get(self.at..).filter(|rest| !rest.is_empty()) {
            let skip = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count().min(1 + usize::from(rest.starts_with(b"\r\n")));
            let line = self.at + skip;
            let end = self.line_end(line);
            self.at = end;
            if self.bytes.get(line..end).is_some_and(|text| text.trim_ascii_end() == b"\\.") || (skip == 0 && end == line) {
                return;
            }
        }
    }

    fn line_end(&self, from: usize) -> usize {
        let length = self.bytes.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b'\n' || *byte == b'\r'));
        length.map_or(self.bytes.len(), |length| from + length)
    }

    fn at_line_start(&self) -> bool {
        let before = self.bytes.get(..self.at).unwrap_or(b"");
        let blanks = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        blanks < 64 && before.len().checked_sub(blanks + 1).is_none_or(|last| matches!(before.get(last), Some(b'\n' | b'\r')))
    }

    /// `DELIMITER //` and `GO`: read by a client, and no part of a statement.
    fn client_line(&mut self) -> bool {
        let end = self.line_end(self.at);
        let line = self.bytes.get(self.at..end).unwrap_or(b"").trim_ascii();
        let word_length = line.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (word, rest) = line.split_at_checked(word_length).unwrap_or((line, b""));
        let rest = rest.trim_ascii();
        if self.rules.delimiter_lines && self.running.is_none() && word.eq_ignore_ascii_case(b"delimiter") && !rest.is_empty() {
            self.delimiter = rest.to_vec();
        } else if self.rules.batch_lines && word.eq_ignore_ascii_case(b"go") && rest.iter().all(u8::is_ascii_digit) {
            self.finish_statement();
        } else {
            return false;
        }
        self.at = end;
        true
    }

    /// A backslash outside any quote: psql's, to the end of the line. Inside a statement only `\g` and its like end it.
    fn meta_command(&mut self) -> bool {
        let end = self.line_end(self.at);
        let line = self.bytes.get(self.at..end).unwrap_or(b"").trim_ascii_end();
        let name_length = line.iter().skip(1).take_while(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'.' | b'!' | b'?' | b';')).count();
        let name = line.get(1..=name_length).unwrap_or(b"");
        let sends = matches!(name, b"g" | b"gx" | b"gexec" | b"gset" | b"gdesc" | b"watch" | b"crosstabview" | b";");
        if self.running.is_some() && !sends {
            return false;
        }
        self.finish_statement();
        self.found.pieces.push(Piece { kind: PieceKind::MetaCommand, start: self.at, end: self.at + line.len() });
        self.at = end;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<&str> {
        in_dialect(text, crate::dialect::named("postgres").unwrap())
    }

    fn in_dialect<'t>(text: &'t str, dialect: &Dialect) -> Vec<&'t str> {
        split(text, dialect).pieces.iter().map(|piece| &text[piece.start..piece.end]).collect()
    }

    fn like(grammar: Grammar) -> Dialect {
        let model = crate::dialect::named("postgres").unwrap();
        Dialect { grammar, ..*model }
    }

    #[test]
    fn a_semicolon_in_quotes_and_comments_ends_nothing() {
        assert_eq!(pieces("SELECT ';' ; -- a;b\nSELECT /* ; /* ; */ ; */ 1;;"), ["SELECT ';'", "SELECT /* ; /* ; */ ; */ 1"]);
        assert_eq!(pieces("SELECT E'\\';'; SELECT \"a;\"\"b\"; SELECT '\\'; x"), ["SELECT E'\\';'", "SELECT \"a;\"\"b\"", "SELECT '\\'", "x"]);
        assert_eq!(pieces("DO $x$ BEGIN; $$ ; $x$; SELECT a$b$;SELECT U&'d\\0061;';"), ["DO $x$ BEGIN; $$ ; $x$", "SELECT a$b$", "SELECT U&'d\\0061;'"]);
    }

    #[test]
    fn an_atomic_body_is_one_statement() {
        let text = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN a THEN 1 END; SELECT 2; END; SELECT 3";
        assert_eq!(pieces(text).len(), 2);
        assert_eq!(pieces("BEGIN; SELECT 1; END; SELECT 2").len(), 4);
        assert_eq!(pieces("CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); SELECT 3").len(), 2);
    }

    #[test]
    fn copied_rows_are_no_statements() {
        let text = "COPY t (a) FROM stdin;\r\n1;'\t\\N\r\n\\.\r\nSELECT 1;";
        assert_eq!(pieces(text), ["COPY t (a) FROM stdin", "SELECT 1"]);
        assert_eq!(pieces("COPY t FROM stdin;\n\\.\n\nSELECT 1;"), ["COPY t FROM stdin", "SELECT 1"]);
    }

    #[test]
    fn lines_for_psql_are_pieces_of_their_own() {
        let found = split("\\restrict abc\nSELECT 1;\n\\connect db\nSELECT 2 \\gexec\n", crate::dialect::named("postgres").unwrap());
        let kinds: Vec<PieceKind> = found.pieces.iter().map(|piece| piece.kind).collect();
        let (statement, line) = (PieceKind::Statement, PieceKind::MetaCommand);
        assert_eq!(kinds, [line, statement, line, statement, line]);
    }

    #[test]
    fn what_is_never_closed_is_one_piece_and_the_rest_stands() {
        let found = split("SELECT 1; SELECT 'a; SELECT 2;", crate::dialect::named("postgres").unwrap());
        assert_eq!(found.pieces.len(), 2);
        assert_eq!(found.pieces[1], Piece { kind: PieceKind::Unterminated(ElementKind::String, 17), start: 10, end: 30 });
    }

    #[test]
    fn comments_are_kept_with_their_place() {
        let text = "-- a\nSELECT /* b */ 1 -- c\r\n;";
        let found = split(text, crate::dialect::named("postgres").unwrap());
        let comments: Vec<&str> = found.comments.iter().map(|(_, start, end)| &text[*start..*end]).collect();
        assert_eq!(comments, ["-- a", "/* b */", "-- c"]);
        assert_eq!(pieces(text), ["SELECT /* b */ 1"]);
    }

    #[test]
    fn mysql_delimiters_and_bodies_hold_semicolons() {
        let mysql = like(Grammar::MySql);
        assert_eq!(in_dialect("DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END //\nDELIMITER ;\nSELECT 2;", &mysql).len(), 2);
        let body = "CREATE TRIGGER t BEFORE INSERT ON x FOR EACH ROW BEGIN IF a THEN SET b = CASE c WHEN 1 THEN 2 END; END IF; END; SELECT 1";
        assert_eq!(in_dialect(body, &mysql).len(), 2);
        assert_eq!(in_dialect("SELECT 'it\\'s;' # ;\n; SELECT `a;b`;", &mysql).len(), 2);
    }

    #[test]
    fn go_ends_a_batch() {
        let sql_server = like(Grammar::SqlServer);
        assert_eq!(in_dialect("CREATE PROC p AS SELECT 1; SELECT [a;b];\nGO\nSELECT 2\ngo\n", &sql_server).len(), 2);
    }

    #[test]
    fn a_block_of_a_warehouse_is_one_statement() {
        let bigquery = like(Grammar::BigQuery);
        assert_eq!(in_dialect("BEGIN SELECT 1; SELECT 2; END; BEGIN TRANSACTION; SELECT 3; COMMIT;", &bigquery).len(), 4);
    }
}
