//! Sqitch: `deploy/x.sql` and `revert/x.sql`, in the order of `sqitch.plan`, run by psql.
//!
//! Source: Sqitch manual, "sqitchchanges" and "sqitch-rework" (a change deployed before a tag and reworked after it is kept as `x@tag.sql`).

use std::collections::BTreeMap;

use super::record::{FileRole, Layout, Part, Recognised, Records, RunMode, whole_files};

/// Sqitch.
pub(super) static SQITCH: Layout = Layout {
    name: "sqitch",
    title: "Sqitch",
    recognised: Recognised::ByPath(|path| path == "sqitch.plan"),
    role,
    scripts: whole_files,
    plan: Some(plan),
    run: RunMode::EachStatement,
    placeholders: None,
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    if path == "sqitch.plan" {
        return Some(FileRole::new("", "sqitch.plan", Part::Plan));
    }
    let (folder, rest) = path.split_once('/')?;
    let name = rest.strip_suffix(".sql")?;
    let part = match folder {
        "deploy" => Part::Up,
        "revert" => Part::Down,
        "verify" => Part::Beside,
        _ => return None,
    };
    Some(FileRole::new(name, name, part))
}

/// The names of the files in the order of the plan.
fn plan(text: &str) -> Vec<String> {
    let mut changes: Vec<(String, Option<String>)> = Vec::new();
    let mut untagged = 0;
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or("").trim();
        if line.is_empty() || line.starts_with(['%', '#']) {
            continue;
        }
        let Some(word) = line.split_whitespace().next() else { continue };
        if word.starts_with('@') {
            for (_, tag) in changes.iter_mut().skip(untagged) {
                *tag = Some(word.to_owned());
            }
            untagged = changes.len();
        } else {
            changes.push((word.trim_start_matches('+').to_owned(), None));
        }
    }
    let last: BTreeMap<String, usize> = changes.iter().enumerate().map(|(index, (name, _))| (name.clone(), index)).collect();
    let named = |(index, (name, tag)): (usize, (String, Option<String>))| match tag {
        // Reworked later: the file as it was then bears the tag.
        Some(tag) if last.get(&name).is_some_and(|latest| *latest > index) => format!("{name}{tag}"),
        Some(_) | None => name,
    };
    changes.into_iter().enumerate().map(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_gives_the_order_and_old_versions_bear_their_tag() {
        let text = "%syntax-version=1.0.0\n%project=x\n\nusers 2024-01-01T00:00:00Z Ann <a@x> # users\nlists [users] 2024-01-02T00:00:00Z Ann <a@x>\n@v1 2024-01-03T00:00:00Z Ann <a@x> # tag\n\nusers [users@v1] 2024-01-04T00:00:00Z Ann <a@x> # rework\n";
        assert_eq!(plan(text), ["users@v1", "lists", "users"]);
        assert_eq!(role("deploy/users@v1.sql").map(|role| role.id), Some(String::from("users@v1")));
        assert_eq!(role("verify/users.sql").map(|role| role.part), Some(Part::Beside));
    }
}
