//! The allowed word that a mistyped one was probably meant to be.

/// The allowed word closest to `word`, or `None` when none is close: a swap, a slip or a missing letter counts as close, another word does not.
///
/// Of two equally close words the one that stands first in `allowed` is taken.
pub fn nearest<'a>(word: &str, allowed: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word);
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in allowed {
        let other = plain(candidate);
        let distance = strsim::damerau_levenshtein(&wanted, &other);
        // A third of the longer word may differ, and one slip is forgiven in any word of three letters or more.
        let limit = (wanted.chars().count().max(other.chars().count()) / 3).max(1);
        let close = distance <= limit && distance < other.chars().count();
        if close && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Case and the choice of separator are no difference between two words.
fn plain(word: &str) -> String {
    word.chars().map(|character| if matches!(character, '-' | '_' | ' ' | '.') { '_' } else { character.to_ascii_lowercase() }).collect()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(nearest("migratoins", ["dialect", "migrations", "snapshot"]), Some("migrations"));
        assert_eq!(nearest("Search-Path", ["search_path"]), Some("search_path"));
        assert_eq!(nearest("exprt", ["report", "export"]), Some("export"));
    }

    #[test]
    fn another_word_is_not_near() {
        assert_eq!(nearest("colour", ["dialect", "rules", "gate"]), None);
        assert_eq!(nearest("x", ["y"]), None);
    }
}
