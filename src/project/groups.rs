//! The files of a folder put together by migration: there, back, settings.

use std::collections::{BTreeMap, BTreeSet};

use super::layout::{FileRole, Layout, Part};
use super::natural_order::natural;
use super::roots::{Extent, Root, has_sql_ending};

/// The files of one migration.
#[derive(Clone, Debug)]
pub(super) struct Group {
    /// What they have in common.
    pub role: FileRole,
    /// The way there.
    pub up: String,
    /// The way back.
    pub down: Option<String>,
    /// Settings for the runner.
    pub settings: Option<String>,
}

/// What came of a folder.
#[derive(Clone, Debug, Default)]
pub(super) struct Groups {
    /// In the order of application, repeatable ones last.
    pub all: Vec<Group>,
    /// The file with the order of all.
    pub plan: Option<String>,
    /// Ways back whose way there is not in the folder.
    pub orphans: Vec<String>,
    /// SQL files that the tool would not take for migrations.
    pub strangers: Vec<String>,
}

/// Files of one name.
#[derive(Default)]
struct Named {
    role: Option<FileRole>,
    up: Option<String>,
    down: Option<String>,
    settings: Option<String>,
}

/// Puts the files of a folder together. Of a folder of which only some files are wanted, only the migrations of those are given.
pub(super) fn groups(root: &Root, layout: &'static Layout) -> Groups {
    let mut found = Groups::default();
    let mut by_name: BTreeMap<(bool, String, String), Named> = BTreeMap::new();
    for file in &root.files {
        let Some(role) = (layout.role)(file) else {
            if has_sql_ending(file) && root.wanted.contains(file) {
                found.strangers.push(file.clone());
            }
            continue;
        };
        match role.part {
            Part::Plan => found.plan = Some(file.clone()),
            Part::Beside => {}
            Part::Up | Part::Down | Part::Settings => {
                let named = by_name.entry((role.repeatable, role.order.clone(), role.name.clone())).or_default();
                match role.part {
                    Part::Up => named.up = Some(file.clone()),
                    Part::Down => named.down = Some(file.clone()),
                    Part::Settings | Part::Plan | Part::Beside => named.settings = Some(file.clone()),
                }
                if named.role.is_none() || role.part == Part::Up {
                    named.role = Some(role);
                }
            }
        }
    }
    pair_by_id(&mut by_name);
    for named in by_name.into_values() {
        take(named, root, &mut found);
    }
    found.all.sort_by(|a, b| {
        let by_version = natural(&a.role.order, &b.role.order).then_with(|| natural(&a.role.name, &b.role.name));
        a.role.repeatable.cmp(&b.role.repeatable).then(by_version)
    });
    found
}

/// A way back may bear another title than its way there: then the version decides, when it is the only one.
fn pair_by_id(by_name: &mut BTreeMap<(bool, String, String), Named>) {
    let mut alone: BTreeMap<String, Vec<(bool, String, String)>> = BTreeMap::new();
    for (key, named) in by_name.iter() {
        if let (Some(role), Some(_), None) = (&named.role, &named.up, &named.down) {
            alone.entry(role.id.clone()).or_default().push(key.clone());
        }
    }
    let lost: Vec<_> = by_name.iter().filter(|(_, named)| named.up.is_none() && named.down.is_some()).map(|(key, _)| key.clone()).collect();
    for key in lost {
        let id = by_name.get(&key).and_then(|named| named.role.as_ref()).map(|role| role.id.clone()).unwrap_or_default();
        let Some([partner]) = alone.get(&id).map(Vec::as_slice) else { continue };
        let Some(down) = by_name.remove(&key).and_then(|named| named.down) else { continue };
        if let Some(named) = by_name.get_mut(partner) {
            named.down = Some(down);
        }
    }
}

fn take(named: Named, root: &Root, found: &mut Groups) {
    let Some(role) = named.role else { return };
    let is_wanted = |file: &Option<String>| file.as_ref().is_some_and(|file| root.wanted.contains(file));
    let (there, back) = (is_wanted(&named.up), is_wanted(&named.down));
    match (named.up, named.down) {
        (Some(up), down) if there => found.all.push(Group { role, up, down, settings: named.settings }),
        // Only the way back was named: it is what is to be looked at.
        (_, Some(down)) if back && root.extent == Extent::Files => found.all.push(Group { role, up: down, down: None, settings: named.settings }),
        (None, Some(down)) if back => found.orphans.push(down),
        (_, _) => {}
    }
}

/// Brings groups into the order of a plan; names of migrations that the plan does not have are given back, and stand last.
pub(super) fn order_by_plan(groups: &mut [Group], plan: &[String]) -> Vec<String> {
    let places: BTreeMap<&str, usize> = plan.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    groups.sort_by_key(|group| places.get(group.role.id.as_str()).copied().unwrap_or(usize::MAX));
    let known: BTreeSet<&str> = places.keys().copied().collect();
    groups.iter().filter(|group| !known.contains(group.role.id.as_str())).map(|group| group.role.name.clone()).collect()
}
