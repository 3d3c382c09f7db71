//! `EXECUTE` of a text of which only parts are known: `DROP TABLE events_%s` over the rows of a table.
//!
//! What is put in is digits or one name. So the text is one of few: with each value that makes a name which the model has, or with a value that
//! makes none. Each is run on a copy, and what they do differently is unknown; a name that may be made is unknown by its beginning and its end.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::machine::{Machine, give_up};
use super::value::{Datum, Fragment, Shape};
use super::ways::{Doubt, End, Moment, State, Ways};
use crate::name::Name;
use crate::text::Span;

/// Texts that are tried.
const MOST_TEXTS: usize = 60;

/// Stands for a number that no name in the model has.
const ANY_NUMBER: &str = "7005071930210047";

/// Stands for a name that the model does not have.
const ANY_NAME: &str = "fieldgate_any_name_7005071930210047";

/// A hole with what stands around it.
struct Hole {
    shape: Shape,
    before: String,
    after: String,
    is_name: bool,
}

impl Machine<'_> {
    /// Runs a text with holes.
    pub(super) fn run_pattern<'a>(&self, state: State<'a>, fragments: &[Fragment], parameters: &[Datum], into: &[String], span: Span) -> Ways<'a> {
        let reason = fragments.iter().find_map(|fragment| match fragment {
            Fragment::Hole(_, reason) => Some(Arc::clone(reason)),
            Fragment::Known(_) => None,
        });
        let reason = reason.unwrap_or_else(|| Arc::from("a part of it is not known"));
        let holes = holes(fragments);
        if holes.iter().any(|hole| hole.shape == Shape::Anything) {
            return give_up(state, format!("which statement is run here is not known: {reason}"), span);
        }
        let Some(texts) = texts(fragments, &holes, &state) else {
            return give_up(state, format!("which of many statements is run here is not known: {reason}"), span);
        };
        let doubt = Doubt { reason: Arc::from(format!("which of several names is meant here is not known: {reason}")), span };
        let origin = Moment::of(&state);
        let mut all = Vec::new();
        for text in texts {
            let ways = self.run_text(state.clone(), &text, parameters.to_vec(), into, span);
            let makes_something = ways
                .all
                .iter()
                .any(|way| !matches!(way.end, End::Fail(_)) && !super::ways::touched_names(&state.work.schema, &way.state.work.schema).is_empty());
            // What stands for any name must not be left in the model as if it were there.
            if makes_something && text.contains(ANY_NUMBER) {
                all.push(Ways::next(state.clone()));
            }
            all.push(ways);
        }
        let mut ways = Ways::several(all, &origin, &doubt);
        for way in &mut ways.all {
            if let End::Fail(fault) = &mut way.end {
                clean(&mut fault.refusal.message);
                fault.refusal.detail.iter_mut().for_each(clean);
                if fault.unless.is_none() {
                    fault.unless = Some((String::from("every name that is put together here is one that the statement can be run with"), None));
                }
            }
            as_patterns(&mut way.state);
        }
        ways
    }
}

fn holes(fragments: &[Fragment]) -> Vec<Hole> {
    let text_at = |place: Option<usize>| match place.and_then(|place| fragments.get(place)) {
        Some(Fragment::Known(text)) => text.as_str(),
        _ => "",
    };
    let part = |letter: &char| letter.is_alphanumeric() || *letter == '_' || *letter == '$';
    let mut all = Vec::new();
    let mut known = String::new();
    for (place, fragment) in fragments.iter().enumerate() {
        match fragment {
            Fragment::Known(text) => known.push_str(text),
            Fragment::Hole(shape, _) => {
                let mut before: Vec<char> = text_at(place.checked_sub(1)).chars().rev().take_while(part).collect();
                before.reverse();
                let after: String = text_at(Some(place + 1)).chars().take_while(part).collect();
                let in_string = known.matches('\'').count() % 2 == 1;
                let is_name = !in_string && (*shape == Shape::Identifier || !before.is_empty());
                all.push(Hole { shape: *shape, before: before.into_iter().collect(), after, is_name });
            }
        }
    }
    all
}

/// All texts that it can be; `None` when they are too many.
fn texts(fragments: &[Fragment], holes: &[Hole], state: &State<'_>) -> Option<Vec<String>> {
    let mut texts = vec![String::new()];
    let mut holes = holes.iter();
    for fragment in fragments {
        match fragment {
            Fragment::Known(known) => texts.iter_mut().for_each(|text| text.push_str(known)),
            Fragment::Hole(..) => {
                let values = values(holes.next()?, state);
                if texts.len().saturating_mul(values.len()) > MOST_TEXTS {
                    return None;
                }
                texts = texts.iter().flat_map(|text| values.iter().map(move |value| format!("{text}{value}"))).collect();
            }
        }
    }
    Some(texts)
}

/// What can stand in a hole: values that make a name of the model, and one that makes none.
fn values(hole: &Hole, state: &State<'_>) -> BTreeSet<String> {
    let any = if hole.shape == Shape::Digits { ANY_NUMBER } else { ANY_NAME };
    let mut values = BTreeSet::from([any.to_owned()]);
    if !hole.is_name {
        return values;
    }
    let dialect = state.work.schema.dialect;
    let mut add = |name: &Name| {
        let inside = name.as_str().strip_prefix(hole.before.as_str()).and_then(|rest| rest.strip_suffix(hole.after.as_str()));
        let Some(inside) = inside.filter(|inside| !inside.is_empty()) else { return };
        if hole.shape == Shape::Digits {
            if inside.chars().all(|letter| letter.is_ascii_digit()) {
                values.insert(inside.to_owned());
            }
        } else {
            values.insert(dialect.quote(&Name::stored(inside)));
        }
    };
    for object in state.work.schema.objects() {
        add(&object.name);
        for column in state.work.schema.columns(object.id) {
            add(&column.name);
        }
    }
    values
}

/// Names that stand for any name become patterns: what is asked of a name like that is unknown.
fn as_patterns(state: &mut State<'_>) {
    let stands_in: Vec<(Name, Arc<str>)> = state
        .work
        .schema
        .unknown_names()
        .filter(|(name, _)| name.as_str().contains(ANY_NUMBER))
        .map(|(name, reason)| (name.clone(), Arc::clone(reason)))
        .collect();
    for (name, reason) in stands_in {
        state.work.schema.forget_unknown(&name);
        let token = if name.as_str().contains(ANY_NAME) { ANY_NAME } else { ANY_NUMBER };
        if let Some((start, end)) = name.as_str().split_once(token) {
            state.work.schema.mark_pattern_unknown(start, end, reason);
        }
    }
    let (schema, session) = (state.work.schema.clone(), state.work.session.clone());
    state.work.stand_at(schema, session);
    for one in &mut state.work.not_judged {
        clean(&mut one.reason);
        for name in &mut one.touches {
            let mut text = name.to_string();
            clean(&mut text);
            *name = Arc::from(text);
        }
    }
    for one in &mut state.work.may_fail {
        clean(&mut one.condition);
    }
    state.work.notices.iter_mut().for_each(clean);
    state.work.inner.each_text(clean);
}

fn clean(text: &mut String) {
    if text.contains(ANY_NUMBER) {
        *text = text.replace(ANY_NAME, "…").replace(ANY_NUMBER, "…");
    }
}
