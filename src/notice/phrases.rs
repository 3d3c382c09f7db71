//! The sentences of a language, by name, with holes.

use std::collections::BTreeMap;

use minijinja::{Environment, UndefinedBehavior, Value};

/// The languages that are built in: name and file.
static BUILT_IN: &[(&str, &str)] = &[("en", include_str!("language/en.yml"))];

/// The sentences of one language.
#[derive(Debug)]
pub(super) struct Phrases {
    /// Its name.
    pub(super) language: String,
    environment: Environment<'static>,
}

impl Phrases {
    /// The built-in language of that name; English when there is none.
    pub(super) fn of(language: &str) -> Self {
        let (name, text) = BUILT_IN.iter().find(|(name, _)| *name == language).or(BUILT_IN.first()).copied().unwrap_or(("en", ""));
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        // A test reads every built-in file and fills every sentence, so a fault here is found before it ships.
        let sentences: BTreeMap<String, String> = serde_yaml::from_str(text).unwrap_or_default();
        for (key, sentence) in sentences {
            if environment.add_template_owned(key, sentence).is_err() {
                continue;
            }
        }
        Self { language: name.to_owned(), environment }
    }

    /// A sentence with its holes filled. A sentence that is not there, or lacks a value, gives its own name, which no test lets pass.
    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let context = Value::from_pairs(values.iter().map(|(name, value)| (*name, Value::from(*value))));
        let filled = self.environment.get_template(key).and_then(|template| template.render(context));
        filled.map_or_else(|_| key.to_owned(), |text| text.trim().to_owned())
    }

    /// Whether the language has the sentence.
    pub(super) fn has(&self, key: &str) -> bool {
        self.environment.get_template(key).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_sentences() {
        let keys = |text: &str| serde_yaml::from_str::<BTreeMap<String, String>>(text).unwrap().into_keys().collect::<Vec<_>>();
        let english = keys(BUILT_IN[0].1);
        assert!(english.len() > 30);
        for (name, text) in BUILT_IN {
            assert_eq!(keys(text), english, "{name}");
        }
    }

    #[test]
    fn every_sentence_is_a_template() {
        for (name, text) in BUILT_IN {
            let phrases = Phrases::of(name);
            for key in serde_yaml::from_str::<BTreeMap<String, String>>(text).unwrap().into_keys() {
                assert!(phrases.has(&key), "{name}: {key}");
            }
        }
    }
}
