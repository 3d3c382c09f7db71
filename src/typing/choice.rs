//! The choice among several candidates, for operators and functions alike.
//!
//! The server's `func_select_candidate` (manual 10.2 and 10.3, step 4, 15).

use super::conversion::CastContext;
use super::type_key::{TypeKey, Types};

/// An operator or function that may be meant.
#[derive(Clone, Debug)]
pub(super) struct Candidate<P> {
    /// What it takes, in the order of the operands.
    pub takes: Vec<TypeKey>,
    /// What it is.
    pub payload: P,
}

impl Types<'_> {
    /// Whether each actual type (`None`: untyped) becomes the declared one by itself.
    pub(super) fn can_coerce(&self, actual: &[Option<TypeKey>], declared: &[TypeKey]) -> bool {
        let mut polymorphic = false;
        for (actual, declared) in actual.iter().zip(declared) {
            if *actual == Some(*declared) || self.is(*declared, "any") {
                continue;
            }
            if self.is_polymorphic(*declared) {
                polymorphic = true;
                continue;
            }
            let Some(actual) = *actual else { continue };
            if self.pathway(actual, *declared, CastContext::Implicit).is_none() && self.row_conversion(actual, *declared).is_none() {
                return false;
            }
        }
        !polymorphic || self.can_stand(actual, declared)
    }

    /// The candidate that the server prefers; `None` when it cannot decide. All candidates can take the operands.
    pub(super) fn choose<P>(&self, actual: &[Option<TypeKey>], mut candidates: Vec<Candidate<P>>) -> Option<Candidate<P>> {
        let bases: Vec<Option<TypeKey>> = actual.iter().map(|key| key.map(|key| self.base(key))).collect();
        let is_exact = |own: &Option<TypeKey>, takes: &TypeKey| *own == Some(*takes);
        keep_best(&mut candidates, |candidate| count(&bases, candidate, is_exact));
        if candidates.len() > 1 {
            let suits = |own: &Option<TypeKey>, takes: &TypeKey| is_exact(own, takes) || own.is_some_and(|own| self.is_preferred_for(own, *takes));
            keep_best(&mut candidates, |candidate| count(&bases, candidate, suits));
        }
        if candidates.len() > 1 && bases.contains(&None) {
            self.keep_by_category(&bases, &mut candidates);
        }
        if candidates.len() > 1 && bases.contains(&None) {
            self.keep_as_if_all_alike(&bases, &mut candidates);
        }
        let chosen = candidates.pop()?;
        candidates.is_empty().then_some(chosen)
    }

    fn is_preferred_for(&self, own: TypeKey, takes: TypeKey) -> bool {
        self.is_preferred(takes) && self.category(takes) == self.category(own)
    }

    /// Where operands are untyped: strings win over other categories, preferred types over others.
    fn keep_by_category<P>(&self, bases: &[Option<TypeKey>], candidates: &mut Vec<Candidate<P>>) {
        let mut wanted: Vec<(usize, char, bool)> = Vec::new();
        for place in bases.iter().enumerate().filter(|(_, base)| base.is_none()).map(|(place, _)| place) {
            let Some((category, preferred)) = self.category_at(place, candidates) else { return };
            wanted.push((place, category, preferred));
        }
        let suits = |candidate: &Candidate<P>| {
            wanted.iter().all(|(place, category, preferred)| {
                candidate.takes.get(*place).is_some_and(|takes| self.category(*takes) == *category && (!preferred || self.is_preferred(*takes)))
            })
        };
        if candidates.iter().any(suits) {
            candidates.retain(suits);
        }
    }

    /// The category that an untyped operand is taken to be of, and whether a preferred type of it is among the candidates.
    fn category_at<P>(&self, place: usize, candidates: &[Candidate<P>]) -> Option<(char, bool)> {
        let mut found: Option<(char, bool)> = None;
        let mut conflict = false;
        for takes in candidates.iter().filter_map(|candidate| candidate.takes.get(place)) {
            let (category, preferred) = (self.category(*takes), self.is_preferred(*takes));
            match &mut found {
                None => found = Some((category, preferred)),
                Some((own, any_preferred)) if *own == category => *any_preferred |= preferred,
                Some(own) if category == 'S' => *own = (category, preferred),
                Some(_) => conflict = true,
            }
        }
        found.filter(|(category, _)| !conflict || *category == 'S')
    }

    /// Where all typed operands are of one type, the untyped ones are taken to be of it too, if that leaves one candidate.
    fn keep_as_if_all_alike<P>(&self, bases: &[Option<TypeKey>], candidates: &mut Vec<Candidate<P>>) {
        let mut known = bases.iter().flatten();
        let Some(first) = known.next() else { return };
        if known.any(|other| other != first) {
            return;
        }
        let alike = vec![Some(*first); bases.len()];
        let suits = |candidate: &Candidate<P>| self.can_coerce(&alike, &candidate.takes);
        if candidates.iter().filter(|candidate| suits(candidate)).count() == 1 {
            candidates.retain(suits);
        }
    }
}

fn count<P>(bases: &[Option<TypeKey>], candidate: &Candidate<P>, suits: impl Fn(&Option<TypeKey>, &TypeKey) -> bool) -> usize {
    bases.iter().zip(&candidate.takes).filter(|(own, takes)| suits(own, takes)).count()
}

fn keep_best<P>(candidates: &mut Vec<Candidate<P>>, score: impl Fn(&Candidate<P>) -> usize) {
    let best = candidates.iter().map(&score).max().unwrap_or(0);
    candidates.retain(|candidate| score(candidate) == best);
}
