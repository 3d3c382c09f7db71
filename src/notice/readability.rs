//! How hard a text is to read, by the measure of its language.
//!
//! English: the grade of Flesch and Kincaid, 0.39 · words per sentence + 11.8 · syllables per word − 15.59. Spanish: the scale of Fernández Huerta,
//! 206.84 − 60 · syllables per word − 1.02 · words per sentence, where 60 and more is what eight years of school read with ease. Headings and items
//! count as sentences. Syllables are groups of vowels, with the mute e of English; a dictionary would differ by about half a grade.

/// What a language is measured by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Readability {
    /// Years of school, by Flesch and Kincaid: less is easier.
    Grade(f64),
    /// Points of 100, by Fernández Huerta: more is easier.
    Ease(f64),
    /// There is no measure for the language.
    NotMeasured,
}

/// The hardest grade that is plain.
const MOST_GRADE: f64 = 8.0;
/// The fewest points that are plain.
const LEAST_EASE: f64 = 60.0;

impl Readability {
    /// Whether eight years of school are enough; `None` when there is no measure.
    pub fn is_plain(self) -> Option<bool> {
        match self {
            Self::Grade(grade) => Some(grade <= MOST_GRADE),
            Self::Ease(points) => Some(points >= LEAST_EASE),
            Self::NotMeasured => None,
        }
    }

    /// For people: `grade 6.1 of at most 8 (Flesch-Kincaid)`.
    pub fn words(self) -> String {
        match self {
            Self::Grade(grade) => format!("grade {grade:.1}, at most {MOST_GRADE} is plain (Flesch-Kincaid)"),
            Self::Ease(points) => format!("{points:.0} points, at least {LEAST_EASE} is plain (Fernández Huerta)"),
            Self::NotMeasured => String::from("no measure for this language"),
        }
    }
}

/// Measures sentences of a language.
pub fn readability(language: &str, sentences: &[&str]) -> Readability {
    let base = language.split('-').next().unwrap_or(language);
    let words: Vec<&str> = sentences.iter().flat_map(|sentence| words(sentence)).collect();
    let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    if words.is_empty() || sentences.is_empty() {
        return Readability::NotMeasured;
    }
    let per_sentence = count(words.len()) / count(sentences.len());
    let per_word = |syllables: fn(&str) -> usize| count(words.iter().map(|word| syllables(word)).sum()) / count(words.len());
    match base {
        "en" => Readability::Grade(0.39 * per_sentence + 11.8 * per_word(english_syllables) - 15.59),
        "es" => Readability::Ease(206.84 - 60.0 * per_word(spanish_syllables) - 1.02 * per_sentence),
        _ => Readability::NotMeasured,
    }
}

/// The sentences of a text: it ends at `.`, `!` or `?` before a blank or at its end. Points inside a word, a number or an address end nothing.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let ends = matches!(letter, '.' | '!' | '?') && letters.peek().is_none_or(|(_, next)| next.is_whitespace());
        if ends {
            let end = at + letter.len_utf8();
            all.push(text.get(start..end).unwrap_or("").trim());
            start = end;
        }
    }
    all.push(text.get(start..).unwrap_or("").trim());
    all.retain(|sentence| sentence.chars().any(char::is_alphanumeric));
    all
}

/// Its words: what holds a letter. Numbers, addresses and ids are looked at, not read word by word.
pub(super) fn words(sentence: &str) -> Vec<&str> {
    let trimmed = sentence.split_whitespace().map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()));
    trimmed.filter(|word| word.chars().any(char::is_alphabetic) && !word.contains(['@', '/']) && !word.chars().any(|letter| letter.is_ascii_digit())).collect()
}

fn english_syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let is_vowel = |letter: char| "aeiouy".contains(letter);
    let mut groups = 0;
    let mut before = false;
    for letter in word.chars() {
        let vowel = is_vowel(letter);
        groups += usize::from(vowel && !before);
        before = vowel;
    }
    // `made`, `changed`: the last e is mute, but not in `table` or `needed`.
    let mute = (word.ends_with('e') && !word.ends_with("le")) || (word.ends_with("ed") && !word.ends_with("ted") && !word.ends_with("ded"));
    groups.saturating_sub(usize::from(mute && groups > 1)).max(1)
}

fn spanish_syllables(word: &str) -> usize {
    let word = word.to_lowercase();
    let is_strong = |letter: char| "aeoáéíóú".contains(letter);
    let is_vowel = |letter: char| "aeiouáéíóúü".contains(letter);
    let mut count = 0;
    let mut previous: Option<char> = None;
    let letters: Vec<char> = word.chars().collect();
    for (index, letter) in letters.iter().copied().enumerate() {
        // The u of `que`, `gui` is mute.
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let mute = letter == 'u' && matches!(before, Some('q' | 'g')) && letters.get(index + 1).is_some_and(|next| "eiéí".contains(*next));
        if !is_vowel(letter) || mute {
            previous = None;
            continue;
        }
        // Two strong vowels are two syllables, a weak one joins its neighbour.
        let joins = previous.is_some_and(|previous| !(is_strong(previous) && is_strong(letter)));
        count += usize::from(!joins);
        previous = Some(letter);
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_are_counted_as_spoken() {
        for (word, count) in [("change", 1), ("table", 2), ("needed", 2), ("changed", 1), ("report", 2), ("department", 3), ("the", 1), ("may", 1)] {
            assert_eq!(english_syllables(word), count, "{word}");
        }
        for (word, count) in [("cambio", 2), ("día", 2), ("que", 1), ("nombre", 2), ("leer", 2), ("reunión", 2), ("río", 2), ("guía", 2), ("el", 1)] {
            assert_eq!(spanish_syllables(word), count, "{word}");
        }
    }

    #[test]
    fn points_inside_words_end_no_sentence() {
        assert_eq!(
            sentences("Write to a.b@example.org. Call 555-0100! Rates are 4.25 now"),
            ["Write to a.b@example.org.", "Call 555-0100!", "Rates are 4.25 now"]
        );
    }

    #[test]
    fn short_words_in_short_sentences_are_plain() {
        let plain = readability("en", &["You do not need to do anything.", "We update it."]);
        assert_eq!(plain.is_plain(), Some(true));
        let hard = ["Organisational stakeholders utilising downstream analytical deliverables may experience intermittent unavailability of information."];
        assert_eq!(readability("en", &hard).is_plain(), Some(false));
        assert_eq!(readability("es", &["No tiene que hacer nada."]).is_plain(), Some(true));
        let hard = [
            "Las organizaciones departamentales experimentarán indisponibilidades intermitentes relacionadas con funcionalidades analíticas correspondientes.",
        ];
        assert_eq!(readability("es-MX", &hard).is_plain(), Some(false));
        assert_eq!(readability("fr", &["Bonjour."]).is_plain(), None);
    }
}
