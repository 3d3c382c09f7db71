//! Whether a notice is plain: how hard it is to read, how long its sentences are, which words nobody outside our trade knows.

use super::document::Notice;
use super::readability::{Readability, readability, sentences, words};
use super::template::Templates;
use crate::diagnostic::Problem;
use crate::text::{SourceId, Sources, Span};

/// A longer sentence is two thoughts.
const MOST_WORDS: usize = 20;
/// A longer paragraph is not read.
const MOST_SENTENCES: usize = 5;

/// The files in which people write sentences: change records, catalog, words of the organisation.
#[derive(Debug)]
pub struct Written<'a> {
    /// All texts.
    pub sources: &'a Sources,
    /// Which of them, in the order in which a sentence is looked for.
    pub files: Vec<SourceId>,
}

/// What is not plain in a notice, each with its heading, its sentence, and its place when somebody wrote it into a file; and how hard the whole is to
/// read. `names` are what people call their reports: a word in them is theirs.
pub fn lint(notice: &Notice, templates: &Templates, written: &Written<'_>, names: &[&str]) -> (Readability, Vec<Problem>) {
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
                problems.push(fault("notice-paragraph-long", &who, &section.title, line.text(), &message, written));
            }
            for sentence in &found {
                problems.extend(
                    sentence_faults(sentence, &without(sentence, names), &avoid)
                        .into_iter()
                        .map(|(code, message)| fault(code, &who, &section.title, sentence, &message, written)),
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

fn fault(code: &'static str, who: &str, title: &str, sentence: &str, message: &str, written: &Written<'_>) -> Problem {
    let problem = Problem::warning(code, format!("{who}, under \"{title}\": {message}: {sentence}"));
    match written.place(sentence) {
        Some(span) => problem.at(span),
        None => problem,
    }
}

/// So many words in a row are no chance.
const FEWEST_WORDS: usize = 3;

impl Written<'_> {
    /// Where a sentence was written: the most of its words in a row that a file has, since a sentence has holes that others fill.
    fn place(&self, sentence: &str) -> Option<Span> {
        let starts: Vec<usize> = sentence.split_whitespace().filter_map(|word| (word.as_ptr() as usize).checked_sub(sentence.as_ptr() as usize)).collect();
        let ends: Vec<usize> = starts.iter().zip(sentence.split_whitespace()).map(|(start, word)| start + word.len()).collect();
        let count = starts.len();
        for length in (FEWEST_WORDS.min(count)..=count).rev() {
            for first in 0..=count - length {
                let (Some(start), Some(end)) = (starts.get(first), ends.get((first + length).saturating_sub(1))) else { continue };
                let part = sentence.get(*start..*end).filter(|part| !part.is_empty()).unwrap_or(sentence);
                if let Some(span) = self.find(part) {
                    return Some(span);
                }
            }
        }
        None
    }

    fn find(&self, part: &str) -> Option<Span> {
        self.files.iter().find_map(|file| {
            let start = u32::try_from(self.sources.text(*file).find(part)?).ok()?;
            Some(Span::new(*file, start, start.saturating_add(u32::try_from(part.len()).ok()?)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(sentence: &str) -> Vec<&'static str> {
        sentence_faults(sentence, sentence, &[String::from("be affected"), String::from("via")]).into_iter().map(|(code, _)| code).collect()
    }

    #[test]
    fn a_sentence_is_found_where_it_was_written() {
        let mut sources = Sources::default();
        let file = sources.add("en.yml", "a: \"Please update {{ names }} as soon as you possibly can.\"\n");
        let written = Written { sources: &sources, files: vec![file] };
        let found = written.place("Please update the intake form as soon as you possibly can.").unwrap();
        assert_eq!(sources.slice(found), "as soon as you possibly can.");
        assert_eq!(written.place("Nobody wrote this at all."), None);
    }

    #[test]
    fn long_sentences_and_our_own_words_are_found() {
        assert_eq!(codes("Your report may be affected via the new field."), ["notice-word-not-plain"; 2]);
        assert_eq!(codes("The index clients_pkey of app.clients is new."), ["notice-word-technical"; 2]);
        assert_eq!(codes(&"word ".repeat(21)), ["notice-sentence-long"]);
        assert!(codes("Write to data-help@example.org, phone 555-0100, e.g. at 6:30 pm. Aviation is fine.").is_empty());
    }
}
