//! The sentences of one language, by name, with holes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use minijinja::value::Value;
use minijinja::{Environment, UndefinedBehavior};

use super::fault::{Place, fault};
use crate::diagnostic::Problem;
use crate::notice::text::clean;
use crate::text::{Span, Spanned};

/// The languages that are built in: tag and file.
pub(super) static BUILT_IN: &[(&str, &str)] = &[("en", include_str!("../language/en.yml")), ("es", include_str!("../language/es.yml"))];

/// The sentences of one language.
#[derive(Debug)]
pub struct Phrases {
    /// Its tag.
    pub language: String,
    environment: Environment<'static>,
    places: BTreeMap<String, Place>,
    /// What went wrong while sentences were filled in, by name.
    faults: Mutex<BTreeMap<String, Problem>>,
}

impl Phrases {
    /// The built-in sentences of a language, or none of them when it is not built in, under those of the organisation.
    ///
    /// # Errors
    /// Sentences that nobody asks for, that are no templates or have holes that nobody fills; and a new language with sentences missing.
    pub(in crate::notice) fn new(language: &str, own: &[(Spanned<String>, Spanned<String>)], file: Option<Span>) -> Result<Self, Vec<Problem>> {
        let english = built_in("en");
        let mut environment = environment();
        let mut places = BTreeMap::new();
        for (key, sentence) in built_in(language) {
            // A test fills every built-in sentence, so a fault here is found before it ships.
            if environment.add_template_owned(key.clone(), sentence).is_ok() {
                places.insert(key, Place::BuiltIn);
            }
        }
        let mut problems = Vec::new();
        for (key, sentence) in own {
            if !english.contains_key(&key.value) {
                let problem = Problem::error("notice-unknown-sentence", format!("no notice has a sentence named `{}`", key.value)).at(key.span);
                problems.push(problem.allowed(&key.value, english.keys().map(String::as_str)));
                continue;
            }
            let place = Place::Value(sentence.span);
            match environment.add_template_owned(key.value.clone(), sentence.value.clone()) {
                Ok(()) => {
                    places.insert(key.value.clone(), place);
                    problems.extend(unknown_holes(&environment, key, sentence.span));
                }
                Err(error) => problems.push(fault(&key.value, place, &error)),
            }
        }
        let missing: Vec<&str> = english.keys().map(String::as_str).filter(|key| !places.contains_key(*key)).collect();
        if problems.is_empty() && !missing.is_empty() {
            let problem = Problem::error("notice-language-incomplete", format!("the language `{language}` lacks {} sentences", missing.len()));
            let problem = problem.help(format!("add: {}", missing.join(", ")));
            problems.push(file.map_or(problem.clone(), |span| problem.at(Span::new(span.source, span.start, span.start))));
        }
        if problems.is_empty() { Ok(Self { language: language.to_owned(), environment, places, faults: Mutex::default() }) } else { Err(problems) }
    }

    /// A sentence with its holes filled. What cannot be filled is written down (see [`Phrases::faults`]), and the name stands in its place.
    pub fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.fill(key, Value::from_pairs(values.iter().map(|(name, value)| (*name, Value::from(*value)))))
    }

    /// The same with values from a layout.
    pub(super) fn fill(&self, key: &str, values: Value) -> String {
        match self.environment.get_template(key).and_then(|template| template.render(values)) {
            Ok(text) => clean(&text),
            Err(error) => {
                let place = self.places.get(key).copied().unwrap_or(Place::BuiltIn);
                if let Ok(mut faults) = self.faults.lock() {
                    faults.entry(key.to_owned()).or_insert_with(|| fault(key, place, &error));
                }
                key.to_owned()
            }
        }
    }

    /// Whether the language has the sentence.
    pub fn has(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    /// What went wrong so far while sentences were filled in.
    pub fn faults(&self) -> Vec<Problem> {
        self.faults.lock().map_or_else(|_| Vec::new(), |faults| faults.values().cloned().collect())
    }
}

/// A template environment as all notices use it: every hole must be filled, and what fills it is one clean line.
pub(super) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    environment.set_formatter(|out, _, value| {
        let text = if value.is_none() { String::new() } else { clean(&value.to_string()) };
        out.write_str(&text).map_err(minijinja::Error::from)
    });
    environment
}

fn built_in(language: &str) -> BTreeMap<String, String> {
    let text = BUILT_IN.iter().find(|(name, _)| *name == language).map_or("", |(_, text)| *text);
    // A test reads every built-in file.
    serde_yaml::from_str(text).unwrap_or_default()
}

/// The holes of a sentence that ours does not have: nobody fills them.
fn unknown_holes(environment: &Environment<'_>, key: &Spanned<String>, span: Span) -> Vec<Problem> {
    let known = known_holes(&key.value);
    let own = holes(&environment.get_template(&key.value));
    let unknown = own.difference(&known).map(|hole| {
        let problem = Problem::error("notice-unknown-hole", format!("nothing fills `{{{{ {hole} }}}}` of the sentence `{}`", key.value)).at(span);
        if known.is_empty() { problem.help("this sentence has no holes") } else { problem.allowed(hole, known.iter().map(String::as_str)) }
    });
    unknown.collect()
}

/// The holes that a sentence has in any built-in language.
fn known_holes(key: &str) -> BTreeSet<String> {
    let environment = environment();
    let sentences = BUILT_IN.iter().filter_map(|(language, _)| built_in(language).remove(key));
    sentences.flat_map(|sentence| holes(&environment.template_from_str(&sentence))).collect()
}

fn holes(template: &Result<minijinja::Template<'_, '_>, minijinja::Error>) -> BTreeSet<String> {
    template.as_ref().map_or_else(|_| BTreeSet::new(), |template| template.undeclared_variables(false).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_sentences_with_the_same_holes() {
        let english = built_in("en");
        assert!(english.len() > 100, "{}", english.len());
        let environment = environment();
        for (name, _) in BUILT_IN {
            let own = built_in(name);
            assert_eq!(own.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>(), "{name}");
            for (key, sentence) in &own {
                let template = environment.template_from_str(sentence);
                assert!(template.is_ok(), "{name}: {key}: {template:?}");
                let clock = ["hour12", "hour24", "minute", "half"].map(String::from).into();
                let known = if key == "date.time" { clock } else { holes(&environment.template_from_str(&english[key])) };
                assert!(holes(&template).is_subset(&known), "{name}: {key} asks for what English does not");
            }
        }
    }

    fn own(sentences: &[(&str, &str)]) -> Vec<(Spanned<String>, Spanned<String>)> {
        let mut sources = crate::text::Sources::default();
        let id = sources.add("en.yml", "x");
        let at = |text: &str| Spanned::new(text.to_owned(), Span::new(id, 0, 1));
        sentences.iter().map(|(key, sentence)| (at(key), at(sentence))).collect()
    }

    #[test]
    fn a_sentence_of_the_organisation_wins() {
        let phrases = Phrases::new("en", &own(&[("list.and", "plus")]), None).unwrap();
        assert_eq!(phrases.say("list.and", &[]), "plus");
    }

    #[test]
    fn what_nobody_asks_for_or_fills_is_told() {
        let codes = |sentences: &[(&str, &str)]| Phrases::new("en", &own(sentences), None).unwrap_err().iter().map(|p| p.code.0).collect::<Vec<_>>();
        assert_eq!(codes(&[("list.andd", "x")]), ["notice-unknown-sentence"]);
        assert_eq!(codes(&[("trouble.code", "Say {{ cod }}")]), ["notice-unknown-hole"]);
        assert_eq!(codes(&[("trouble.code", "Say {{ code")]), ["notice-template-broken"]);
        let french = Phrases::new("fr", &own(&[("list.and", "et")]), None).unwrap_err();
        assert!(french[0].code.0 == "notice-language-incomplete" && french[0].help.as_ref().unwrap().contains("trouble.code"));
    }

    #[test]
    fn a_fault_while_filling_is_written_down() {
        let phrases = Phrases::new("en", &own(&[("trouble.code", "{{ code|nosuch }}")]), None);
        let told = phrases.map_or_else(
            |problems| problems,
            |phrases| {
                phrases.say("trouble.code", &[("code", "C")]);
                phrases.faults()
            },
        );
        assert_eq!(told[0].code.0, "notice-template-broken");
    }
}
