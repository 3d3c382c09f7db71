//! The proof that nothing of the source was lost: every name, constant and deciding word in it shows up again when the crate prints what it read.
//!
//! The crate accepts some texts by dropping or renaming a part (`ONLY t`, a frame's end, options it does not keep); such a text is refused.

use std::collections::BTreeMap;

use sqlparser::keywords::Keyword;

use crate::sql::cursor::Cursor;
use crate::sql::token::Kind;
use crate::sql::tokenize;
use crate::sql::tree::{Unread, UnreadReason};
use crate::text::{Sources, Span};

/// Words of the grammar that change the meaning when they are lost.
const DECIDING: &[&str] = &["NOT", "EXCEPT", "EXCLUDE", "ONLY", "ROLLUP", "CUBE", "IGNORE", "LEFT", "RIGHT", "FULL", "ANTI", "SEMI", "QUALIFY", "RECURSIVE"];

/// Compares the first `count` tokens of the slice with what the crate prints.
pub(super) fn check(slice: Cursor<'_>, count: usize, parsed: &impl std::fmt::Display) -> Result<(), Unread> {
    let printed = parsed.to_string();
    let mut sources = Sources::default();
    let id = sources.add("<printed>", printed.as_str());
    let Ok(tokens) = tokenize::tokenize(&printed, sources.whole(id), slice.dialect()) else {
        // What the crate prints is not always SQL; then nothing can be compared, and nothing is proven.
        return Err(lost(slice, slice.rest_span(), "what was read cannot be checked against its text"));
    };
    let mut present: BTreeMap<String, usize> = BTreeMap::new();
    for token in &tokens {
        for mark in marks_of(&token.kind) {
            *present.entry(mark).or_default() += 1;
        }
    }
    for token in slice.rest().iter().take(count) {
        for mark in marks_of(&token.kind) {
            match present.get_mut(&mark) {
                Some(left) if *left > 0 => *left -= 1,
                _ => return Err(lost(slice, token.span, &format!("`{}` is not understood here", slice.text_of(token.span)))),
            }
        }
    }
    Ok(())
}

/// What must be there again; nothing for what may come and go.
fn marks_of(kind: &Kind) -> Vec<String> {
    match kind {
        // BigQuery's `project.dataset.table` in one pair of quotes is printed in three.
        Kind::Word(word) if word.quote_style.is_some() => word.value.split('.').map(str::to_lowercase).collect(),
        Kind::Word(word) if word.keyword == Keyword::NoKeyword => vec![word.value.to_lowercase()],
        Kind::Word(word) => {
            let deciding = DECIDING.iter().filter(|deciding| word.value.eq_ignore_ascii_case(deciding));
            deciding.map(|deciding| format!("{deciding}!")).collect()
        }
        Kind::Number(number, _) => vec![format!("{number}#")],
        Kind::SingleQuotedString(text) | Kind::NationalStringLiteral(text) => vec![format!("'{text}")],
        Kind::Placeholder(text) => vec![format!("${text}")],
        _ => Vec::new(),
    }
}

fn lost(slice: Cursor<'_>, span: Span, message: &str) -> Unread {
    let mut unread = slice.refusal(UnreadReason::NotModelled, message);
    unread.span = span;
    unread
}
