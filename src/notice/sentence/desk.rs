//! What every sentence needs at hand.

use std::sync::Arc;

use super::{Moments, PlainNames};
use crate::notice::facts::{NoticeFacts, Occasion};
use crate::notice::template::Phrases;
use crate::project::NoticeStep;

/// Facts, language and clock of one message.
pub(in crate::notice) struct Desk<'a> {
    /// What is known.
    pub facts: &'a NoticeFacts<'a>,
    /// What is to be said.
    pub occasion: &'a Occasion,
    /// The sentences of the language.
    pub phrases: Arc<Phrases>,
    /// Days and times in that language.
    pub moments: Moments,
    /// Plain names of fields and lists.
    pub names: &'a PlainNames<'a>,
}

impl Desk<'_> {
    /// A sentence of the language.
    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.phrases.say(key, values)
    }

    /// A sentence about a change: in the form for what is done, where the message comes after it and the language has that form.
    pub(super) fn say_change(&self, name: &str, values: &[(&str, &str)]) -> String {
        let after = format!("changed.{name}");
        let is_after = matches!(self.occasion.step, NoticeStep::Done | NoticeStep::Incident | NoticeStep::RolledBack);
        if is_after && self.phrases.has(&after) { self.say(&after, values) } else { self.say(&format!("change.{name}"), values) }
    }

    /// `A`, `A and B`, `A, B and C`.
    pub(super) fn list<T: AsRef<str>>(&self, things: &[T]) -> String {
        let and = self.say("list.and", &[]);
        match things {
            [] => String::new(),
            [one] => one.as_ref().to_owned(),
            [first @ .., last] => {
                let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
                format!("{} {and} {}", first.join(", "), last.as_ref())
            }
        }
    }

    /// The same with at most `most` things by name, and how many more there are.
    pub(super) fn short_list<T: AsRef<str>>(&self, things: &[T], most: usize) -> String {
        let mut named: Vec<String> = things.iter().take(most).map(|thing| thing.as_ref().to_owned()).collect();
        if let Some(more) = things.len().checked_sub(most).filter(|more| *more > 0) {
            named.push(self.say("list.more_fields", &[("number", &more.to_string())]));
        }
        self.list(&named)
    }
}
