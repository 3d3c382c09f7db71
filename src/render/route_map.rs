//! The ways from what is changed through views to consumers and the people behind them, as a drawing needs them: boxes in columns, and arrows.
//!
//! In: the effects of an answer. Out: a [`RouteMap`] of bounded size; what did not fit is counted. How it is drawn is left to each format.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{consumer_name, department_and_owner};
use crate::gate::Answer;
use crate::impact::{Effect, EffectKind};

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    /// What changes.
    Changed,
    /// A view, table or function on the way.
    Between,
    /// A report, export, form …
    Consumer,
    /// Those who use it.
    People,
    /// Nothing: room that an arrow over several columns needs in between.
    Bend,
}

/// Whether arrows over several columns get room in those between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bends {
    /// They do.
    Kept,
    /// Who draws it finds the way.
    None,
}

/// One box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Box {
    /// What it stands for.
    pub stop: Stop,
    /// `column`, `view`, `consumer`, `department` …
    pub kind: &'static str,
    /// Its name for people.
    pub label: String,
    /// How it is hit, for a consumer.
    pub effect: Option<EffectKind>,
    /// Its column, from 0 on the left.
    pub column: usize,
    /// Its row in the column, from 0 at the top.
    pub row: usize,
}

/// One arrow between boxes, by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrow {
    /// From.
    pub from: usize,
    /// To.
    pub to: usize,
    /// The worst effect that goes along it.
    pub effect: EffectKind,
}

/// Boxes and arrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RouteMap {
    /// In the order in which they were met.
    pub boxes: Vec<Box>,
    /// Sorted.
    pub arrows: Vec<Arrow>,
    /// Effects that did not fit.
    pub left_out: usize,
}

type Key = (Stop, String);

#[derive(Default)]
struct Draft {
    index: BTreeMap<Key, usize>,
    map: RouteMap,
    arrows: BTreeMap<(usize, usize), EffectKind>,
}

impl RouteMap {
    /// Draws the effects, the worst first, as long as there is room for all boxes of one. What could not be judged has no way to draw.
    pub(super) fn of(answer: &Answer, most_boxes: usize, bends: Bends) -> Self {
        let mut effects: Vec<&Effect> = answer.effects.iter().filter(|effect| effect.kind != EffectKind::Unknown).collect();
        effects.sort_by_key(|effect| (effect.kind, department_and_owner(answer, &effect.consumer), &effect.consumer, effect.migration));
        let mut draft = Draft::default();
        for effect in effects {
            let stops = stops(answer, effect);
            let new: BTreeSet<&Key> = stops.iter().map(|(key, _, _)| key).filter(|key| !draft.index.contains_key(*key)).collect();
            if draft.map.boxes.len() + new.len() > most_boxes {
                draft.map.left_out += 1;
            } else {
                draft.add(effect.kind, &stops);
            }
        }
        draft.laid_out(bends)
    }

    /// How many columns and rows it needs.
    pub(super) fn size(&self) -> (usize, usize) {
        let most = |part: fn(&Box) -> usize| self.boxes.iter().map(|one| part(one) + 1).max().unwrap_or(0);
        (most(|one| one.column), most(|one| one.row))
    }
}

/// The boxes of one effect: what they are known by, the kind, and the label.
fn stops(answer: &Answer, effect: &Effect) -> Vec<(Key, &'static str, String)> {
    let mut all = Vec::new();
    let way = effect.path.split_last().map_or(&[][..], |(_, way)| way);
    for (index, step) in way.iter().enumerate() {
        let stop = if index == 0 { Stop::Changed } else { Stop::Between };
        all.push(((stop, format!("{} {}", step.kind, step.label)), step.kind, step.label.clone()));
    }
    if way.is_empty() {
        let migration = answer.migrations.get(effect.migration as usize).map_or("", |judged| judged.migration.name.as_str());
        all.push(((Stop::Changed, format!("migration {migration}")), "migration", migration.to_owned()));
    }
    let name = consumer_name(answer, &effect.consumer).to_owned();
    let word = answer.catalog.consumers.get(&effect.consumer).map_or("consumer", |consumer| consumer.kind.as_str());
    all.push(((Stop::Consumer, effect.consumer.to_string()), word, name));
    let (department, owner) = department_and_owner(answer, &effect.consumer);
    let people = match (department.is_empty(), owner.is_empty()) {
        (true, true) => return all,
        (false, true) => department,
        (true, false) => owner,
        (false, false) => format!("{department}: {owner}"),
    };
    all.push(((Stop::People, people.clone()), "people", people));
    all
}

impl Draft {
    fn add(&mut self, effect: EffectKind, stops: &[(Key, &'static str, String)]) {
        let mut before: Option<usize> = None;
        for (place, (key, kind, label)) in stops.iter().enumerate() {
            let index = *self.index.entry(key.clone()).or_insert_with(|| {
                self.map.boxes.push(Box { stop: key.0, kind, label: label.clone(), effect: None, column: 0, row: 0 });
                self.map.boxes.len() - 1
            });
            if let Some(own) = self.map.boxes.get_mut(index) {
                own.column = own.column.max(place);
                if key.0 == Stop::Consumer {
                    own.effect = Some(own.effect.map_or(effect, |other| other.min(effect)));
                }
            }
            if let Some(before) = before.filter(|before| *before != index) {
                let worst = self.arrows.entry((before, index)).or_insert(effect);
                *worst = effect.min(*worst);
            }
            before = Some(index);
        }
    }

    /// Consumers stand in one column and people in the next; rows follow those of the consumers, so that few arrows cross.
    fn laid_out(self, bends: Bends) -> RouteMap {
        let mut map = self.map;
        map.arrows = self.arrows.into_iter().map(|((from, to), effect)| Arrow { from, to, effect }).collect();
        let last = map.boxes.iter().filter(|one| matches!(one.stop, Stop::Changed | Stop::Between)).map(|one| one.column).max().unwrap_or(0);
        for one in &mut map.boxes {
            match one.stop {
                Stop::Consumer => one.column = last + 1,
                Stop::People => one.column = last + 2,
                Stop::Changed | Stop::Between | Stop::Bend => {}
            }
        }
        if bends == Bends::Kept {
            bend(&mut map);
        }
        let mut place: BTreeMap<usize, usize> = BTreeMap::new();
        rows(&mut map, last + 1, &mut place);
        for column in (0..=last).rev().chain([last + 2]) {
            rows(&mut map, column, &mut place);
        }
        map
    }
}

/// Cuts each arrow over several columns into arrows from column to column.
fn bend(map: &mut RouteMap) {
    let mut short = Vec::new();
    for arrow in std::mem::take(&mut map.arrows) {
        let column = |index: usize| map.boxes.get(index).map_or(0, |one| one.column);
        let (first, last) = (column(arrow.from), column(arrow.to));
        let mut from = arrow.from;
        for column in first + 1..last {
            map.boxes.push(Box { stop: Stop::Bend, kind: "", label: String::new(), effect: None, column, row: 0 });
            let to = map.boxes.len() - 1;
            short.push(Arrow { from, to, effect: arrow.effect });
            from = to;
        }
        short.push(Arrow { from, ..arrow });
    }
    map.arrows = short;
}

/// Gives the boxes of a column their rows, by the mean row of those neighbours that have one.
fn rows(map: &mut RouteMap, column: usize, place: &mut BTreeMap<usize, usize>) {
    let mut order: Vec<(usize, usize)> = Vec::new();
    let mut sums: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for arrow in &map.arrows {
        for (own, other) in [(arrow.from, arrow.to), (arrow.to, arrow.from)] {
            if let Some(row) = place.get(&other) {
                let sum = sums.entry(own).or_default();
                *sum = (sum.0 + row, sum.1 + 1);
            }
        }
    }
    for (index, _) in map.boxes.iter().enumerate().filter(|(_, one)| one.column == column) {
        // In hundredths of a row, so that ties are only between equals.
        let mean = sums.get(&index).map_or(index * 100, |(sum, count)| sum * 100 / count);
        order.push((mean, index));
    }
    order.sort_unstable();
    for (row, (_, index)) in order.into_iter().enumerate() {
        place.insert(index, row);
        if let Some(own) = map.boxes.get_mut(index) {
            own.row = row;
        }
    }
}
