//! Cutting to a length, with a sign that something is missing.

/// The text in at most `most` characters: whole when it fits, else cut after a word, with `…` at the end.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    // Half a word says less than none, unless the whole text is one word.
    let end = kept.rfind(' ').filter(|end| *end > kept.len() / 2).unwrap_or(kept.len());
    let kept = kept.get(..end).unwrap_or(&kept).trim_end_matches([' ', ',', ';', ':']);
    if most == 0 { String::new() } else { format!("{kept}…") }
}

/// How many of `sizes`, from the first on, fit into `most` when what is left out costs `rest` more; all of them when they fit without it.
pub fn fitting(sizes: &[usize], most: usize, rest: usize) -> usize {
    let total: usize = sizes.iter().sum();
    if total <= most {
        return sizes.len();
    }
    let mut sum = rest;
    sizes
        .iter()
        .take_while(|size| {
            sum = sum.saturating_add(**size);
            sum <= most
        })
        .count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_cut_stands_after_a_word() {
        assert_eq!(cut("one two three", 9), "one two…");
        assert_eq!(cut("one two", 7), "one two");
        assert_eq!(cut("abcdefgh", 4), "abc…");
    }

    proptest! {
        #[test]
        fn a_cut_is_never_too_long(text in "\\PC{0,60}", most in 0_usize..40) {
            let cut = cut(&text, most);
            prop_assert!(cut.chars().count() <= most);
            prop_assert!(cut == text || cut.ends_with('…') || most == 0);
        }

        #[test]
        fn what_fits_fits(sizes in proptest::collection::vec(0_usize..50, 0..20), most in 0_usize..300, rest in 0_usize..30) {
            let count = fitting(&sizes, most, rest);
            let sum: usize = sizes[..count].iter().sum();
            let cost = if count < sizes.len() { sum + rest } else { sum };
            prop_assert!(cost <= most || count == 0);
        }
    }
}
