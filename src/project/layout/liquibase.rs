//! Liquibase's formatted SQL: a file with several change sets, each a migration of its own, with its way back in comments.
//!
//! Source: Liquibase documentation, "Formatted SQL changelog": `--changeset author:id attribute:value`, `--rollback SQL`, `/* liquibase rollback … */`.

use super::lines::{annotation, blank, lines};
use super::record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts};

/// Liquibase formatted SQL.
pub(super) static LIQUIBASE: Layout = Layout {
    name: "liquibase",
    title: "Liquibase formatted SQL",
    recognised: Recognised::ByText(|text| text.lines().find(|line| !line.trim().is_empty()).is_some_and(is_head)),
    role,
    scripts,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: Some(("${", "}")),
    records: Records::Each,
};

fn is_head(line: &str) -> bool {
    annotation(line, "liquibase").is_some_and(|rest| rest.to_ascii_lowercase().split_whitespace().eq(["formatted", "sql"]))
}

fn role(path: &str) -> Option<FileRole> {
    let stem = path.strip_suffix(".sql")?;
    let name = stem.rsplit_once('/').map_or(stem, |(_, name)| name);
    Some(FileRole { id: name.to_owned(), name: name.to_owned(), order: stem.to_owned(), part: Part::Up, repeatable: false })
}

fn scripts(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let text = texts.up;
    let heads: Vec<(usize, usize, &str)> = lines(text).filter_map(|(start, end, line)| annotation(line, "changeset").map(|rest| (start, end, rest))).collect();
    let Some((first, _, _)) = heads.first() else {
        let message = String::from("Liquibase finds no `--changeset` in this file");
        return Err(ScriptFault {
            at: 0..text.find('\n').unwrap_or(text.len()),
            message,
            help: String::from("add a line `--changeset author:id` above the first statement"),
        });
    };
    let stray = lines(text).find(|(start, _, line)| start < first && !line.trim().is_empty() && !line.trim_start().starts_with("--"));
    if let Some((start, _, line)) = stray {
        let message = String::from("this stands before the first change set, and Liquibase does not run it");
        return Err(ScriptFault { at: start..start + line.len(), message, help: String::from("move it below a `--changeset author:id` line") });
    }
    let mut scripts = Vec::with_capacity(heads.len());
    for (index, (_, body, head)) in heads.iter().enumerate() {
        let stop = heads.get(index + 1).map_or(text.len(), |(start, _, _)| *start);
        let mut words = head.split_whitespace();
        let id = words.next().unwrap_or("").to_owned();
        let off = words
            .any(|word| word.split_once(':').is_some_and(|(key, value)| key.eq_ignore_ascii_case("runInTransaction") && value.eq_ignore_ascii_case("false")));
        let run = off.then_some(RunMode::EachStatement);
        scripts.push(Script { id: Some(id), up: Place::InUp(*body..stop), down: rollback(text, *body, stop).map(Place::Masked), run, down_run: run });
    }
    Ok(scripts)
}

/// The text of the way back at its own places, everything else blank; `None` when the change set has none.
fn rollback(text: &str, start: usize, stop: usize) -> Option<String> {
    let mut masked = String::with_capacity(text.len());
    let mut found = false;
    let mut in_block = false;
    for (begin, end, line) in lines(text) {
        let whole = text.get(begin..end).unwrap_or("");
        let inside = begin >= start && end <= stop;
        if !inside {
            masked.push_str(&blank(whole));
        } else if in_block {
            in_block = !line.contains("*/");
            masked.push_str(&keep_before(whole, "*/"));
        } else if line.trim_start().to_ascii_lowercase().starts_with("/* liquibase rollback") {
            found = true;
            in_block = !line.contains("*/");
            masked.push_str(&blank(whole));
        } else if let Some(rest) = annotation(line, "rollback") {
            found = true;
            let is_word = matches!(rest.to_ascii_lowercase().as_str(), "empty" | "not required");
            let head = if is_word { whole.len() } else { line.len() - rest.len().min(line.len()) };
            let (before, after) = whole.split_at_checked(head).unwrap_or((whole, ""));
            masked.push_str(&blank(before));
            masked.push_str(after);
        } else {
            masked.push_str(&blank(whole));
        }
    }
    found.then_some(masked)
}

/// A line up to a mark, blanks from there on.
fn keep_before(line: &str, mark: &str) -> String {
    let (kept, rest) = line.split_at_checked(line.find(mark).unwrap_or(line.len())).unwrap_or((line, ""));
    format!("{kept}{}", blank(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "--liquibase formatted sql\n\n--changeset ann:1\nCREATE TABLE é (a int);\n--rollback DROP TABLE é;\n\n--changeset bob:2 runInTransaction:false splitStatements:true\nCREATE INDEX CONCURRENTLY i ON t (a);\n/* liquibase rollback\nDROP INDEX\n  i;\n*/\n--changeset bob:3\nSELECT 1;\n";

    #[test]
    fn each_change_set_is_a_migration() {
        let scripts = scripts(&Texts { up: TEXT, ..Texts::default() }).unwrap();
        let ids: Vec<_> = scripts.iter().map(|script| (script.id.as_deref(), script.run, script.down.is_some())).collect();
        assert_eq!(ids, [(Some("ann:1"), None, true), (Some("bob:2"), Some(RunMode::EachStatement), true), (Some("bob:3"), None, false)]);
    }

    #[test]
    fn the_way_back_keeps_its_places() {
        let scripts = scripts(&Texts { up: TEXT, ..Texts::default() }).unwrap();
        let masked = |index: usize| match &scripts[index].down {
            Some(Place::Masked(text)) => text.clone(),
            _ => panic!("masked"),
        };
        assert_eq!(masked(0).trim(), "DROP TABLE é;");
        assert_eq!(masked(0).find("DROP"), TEXT.find("DROP"));
        assert_eq!(masked(1).split_whitespace().collect::<Vec<_>>(), ["DROP", "INDEX", "i;"]);
        assert_eq!(masked(1).len(), TEXT.len());
    }

    #[test]
    fn statements_outside_change_sets_are_refused() {
        assert!(scripts(&Texts { up: "--liquibase formatted sql\nDROP TABLE t;\n--changeset a:1\n", ..Texts::default() }).is_err());
    }
}
