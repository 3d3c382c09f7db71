//! Whether a notice is plain: how hard it is to read, how long its sentences are, which words nobody outside our trade knows.

use super::document::Notice;
use super::readability::{Readability, readability, sentences, words};
use super::template::Templates;
use crate::diagnostic::Problem;
use crate::text::Spanned;

/// A longer sentence is two thoughts.
const MOST_WORDS: usize = 20;
/// A longer paragraph is not read.
const MOST_SENTENCES: usize = 5;

/// What is not plain in a notice, each with its heading and sentence; and how hard the whole is to read. `known` are texts of files that may be the
/// place of a fault: reasons, and other sentences that people wrote. `names` are what people call their reports: a word in them is theirs.
pub fn lint(notice: &Notice, templates: &Templates, known: &[Spanned<String>], names: &[&str]) -> (Readability, Vec<Problem>) {
    let avoid = templates.language(&notice.language).map(|phrases| phrases.say("lint.avoid", &[])).unwrap_or_default();
    let avoid: Vec<String> = avoid.split('|').map(|word| word.trim().to_lowercase()).filter(|word| !word.is_empty()).collect();
    let who = format!("{}, {}", notice.recipient, notice.step.as_str());
    let mut problems = Vec::new();
    let titles = notice.sections.iter().map(|section| section.title.as_str());
    let mut all: Vec<&str> = std::iter::once(notice.subject.as_str()).chain(titles).collect();
    for section in &notice.sections {
        for line in &section.lines {
            let found = sentences(line.text());
            if found.len() > MOST_SENTENCES {
                let message = format!("{} sentences in one paragraph, at most {MOST_SENTENCES} are plain", found.len());
                problems.push(fault("notice-paragraph-long", &who, &section.title, line.text(), &message, known));
            }
            for sentence in &found {
                problems.extend(
                    sentence_faults(sentence, &without(sentence, names), &avoid)
                        .into_iter()
                        .map(|(code, message)| fault(code, &who, &section.title, sentence, &message, known)),
                );
            }
            all.extend(found);
        }
    }
    let measured = readability(&notice.language, &all);
    if measured.is_plain() == Some(false) {
        let message = format!("{who}: this notice is hard to read: {}", measured.words());
        problems.push(Problem::warning("notice-hard-to-read", message).help("use shorter sentences and shorter words"));
    }
    (measured, problems)
}

/// A sentence without the names in it.
fn without(sentence: &str, names: &[&str]) -> String {
    names.iter().filter(|name| !name.is_empty()).fold(sentence.to_owned(), |text, name| text.replace(name, "…"))
}

/// `bare` is the sentence without the names that people gave.
fn sentence_faults(sentence: &str, bare: &str, avoid: &[String]) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    let count = words(sentence).len();
    if count > MOST_WORDS {
        faults.push(("notice-sentence-long", format!("{count} words in one sentence, at most {MOST_WORDS} are plain")));
    }
    let lower = format!(" {} ", bare.to_lowercase());
    for word in avoid {
        let is_there = lower.match_indices(word.as_str()).any(|(start, found)| {
            let before = lower.get(..start).and_then(|text| text.chars().next_back());
            let after = lower.get(start + found.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        });
        if is_there {
            faults.push(("notice-word-not-plain", format!("`{word}` is not plain")));
        }
    }
    for word in sentence.split_whitespace().filter(|word| is_technical(word)) {
        faults.push(("notice-word-technical", format!("`{word}` is a name of technicians")));
    }
    faults
}

/// `clients_pkey`, `app.clients.phone`: names that nobody outside our trade has seen. Addresses are no such names.
fn is_technical(word: &str) -> bool {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric() && letter != '_');
    if word.contains(['@', '/', ':']) {
        return false;
    }
    let parts: Vec<&str> = word.split('.').collect();
    let is_name = |part: &&str| part.len() > 1 && part.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
    word.contains('_') || (parts.len() > 1 && parts.iter().all(is_name) && parts.iter().all(|part| part.starts_with(|first: char| first.is_ascii_lowercase())))
}

fn fault(code: &'static str, who: &str, title: &str, sentence: &str, message: &str, known: &[Spanned<String>]) -> Problem {
    let problem = Problem::warning(code, format!("{who}, under \"{title}\": {message}: {sentence}"));
    match known.iter().find(|text| text.value.contains(sentence) || sentence.contains(text.value.trim())) {
        Some(place) => problem.at(place.span),
        None => problem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(sentence: &str) -> Vec<&'static str> {
        sentence_faults(sentence, sentence, &[String::from("be affected"), String::from("via")]).into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn long_sentences_and_our_own_words_are_found() {
        assert_eq!(codes("Your report may be affected via the new field."), ["notice-word-not-plain"; 2]);
        assert_eq!(codes("The index clients_pkey of app.clients is new."), ["notice-word-technical"; 2]);
        assert_eq!(codes(&"word ".repeat(21)), ["notice-sentence-long"]);
        assert!(codes("Write to data-help@example.org, phone 555-0100, e.g. at 6:30 pm. Aviation is fine.").is_empty());
    }
}
