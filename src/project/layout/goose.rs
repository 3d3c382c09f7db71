//! goose: one file with `-- +goose Up` and `-- +goose Down`; `-- +goose NO TRANSACTION` for the whole file.
//!
//! Source: goose documentation, "SQL Annotations". goose sends statement by statement, split at semicolons and by `StatementBegin`/`End`.

use super::lines::{annotation, lines};
use super::record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts, direct, numbered};

/// goose.
pub(super) static GOOSE: Layout = Layout {
    name: "goose",
    title: "goose",
    recognised: Recognised::ByText(|text| lines(text).any(|(_, _, line)| is_mark(line, "Up"))),
    role,
    scripts,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: None,
    records: Records::Each,
};

fn is_mark(line: &str, word: &str) -> bool {
    annotation(line, "+goose").is_some_and(|rest| rest.eq_ignore_ascii_case(word))
}

fn role(path: &str) -> Option<FileRole> {
    let stem = direct(path)?.strip_suffix(".sql")?;
    let (version, _) = numbered(stem)?;
    Some(FileRole::new(version, stem, Part::Up))
}

fn scripts(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let mark = |word: &str| lines(texts.up).find(|(_, _, line)| is_mark(line, word)).map(|(start, end, _)| (start, end));
    let Some((_, up_start)) = mark("Up") else {
        let message = String::from("goose finds no `-- +goose Up` in this file");
        return Err(ScriptFault {
            at: 0..texts.up.find('\n').unwrap_or(texts.up.len()),
            message,
            help: String::from("add the line `-- +goose Up` above the first statement"),
        });
    };
    let down_mark = mark("Down");
    let up_end = down_mark.map_or(texts.up.len(), |(start, _)| start).max(up_start);
    let down = down_mark.map(|(_, end)| Place::InUp(end..texts.up.len()));
    let run = mark("NO TRANSACTION").map(|_| RunMode::EachStatement);
    Ok(vec![Script { id: None, up: Place::InUp(up_start..up_end), down, run, down_run: run }])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_directive_holds_for_both_ways() {
        let text = "-- +goose NO TRANSACTION\n-- +goose Up\nCREATE INDEX CONCURRENTLY i ON t (a);\n-- +goose Down\n-- +goose StatementBegin\nDROP INDEX i;\n-- +goose StatementEnd\n";
        let script = scripts(&Texts { up: text, ..Texts::default() }).unwrap().remove(0);
        let Place::InUp(up) = script.up else { panic!("in the file") };
        assert_eq!(&text[up], "CREATE INDEX CONCURRENTLY i ON t (a);\n");
        let Some(Place::InUp(down)) = script.down else { panic!("in the file") };
        assert!(text[down].contains("DROP INDEX i;"));
        assert_eq!((script.run, script.down_run), (Some(RunMode::EachStatement), Some(RunMode::EachStatement)));
    }
}
