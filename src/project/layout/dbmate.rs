//! dbmate: one file with `-- migrate:up` and `-- migrate:down`, each perhaps with `transaction:false`.
//!
//! Source: dbmate README, "Creating Migrations" and "Migration Options"; without a transaction a section is one message.

use super::lines::{annotation, lines};
use super::record::{FileRole, Layout, Part, Place, Recognised, Records, RunMode, Script, ScriptFault, Texts, direct, numbered};

/// dbmate.
pub(super) static DBMATE: Layout = Layout {
    name: "dbmate",
    title: "dbmate",
    recognised: Recognised::ByText(|text| lines(text).any(|(_, _, line)| annotation(line, "migrate:up").is_some())),
    role,
    scripts,
    plan: None,
    run: RunMode::Wrapped,
    placeholders: None,
    records: Records::Each,
};

fn role(path: &str) -> Option<FileRole> {
    let stem = direct(path)?.strip_suffix(".sql")?;
    let (version, _) = numbered(stem)?;
    Some(FileRole::new(version, stem, Part::Up))
}

fn scripts(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let mut up = None;
    let mut down = None;
    for (start, end, line) in lines(texts.up) {
        if let Some(options) = annotation(line, "migrate:up").filter(|_| up.is_none()) {
            up = Some((end, run_of(options)));
        } else if let Some(options) = annotation(line, "migrate:down").filter(|_| down.is_none()) {
            down = Some((start, end, run_of(options)));
        }
    }
    let Some((up_start, run)) = up else {
        let message = String::from("dbmate finds no `-- migrate:up` in this file");
        return Err(ScriptFault {
            at: 0..texts.up.find('\n').unwrap_or(texts.up.len()),
            message,
            help: String::from("add the line `-- migrate:up` above the first statement"),
        });
    };
    let length = texts.up.len();
    // The sections may stand in either order: each goes on to the other one's mark or to the end.
    let up_end = down.map(|(start, _, _)| start).filter(|start| *start >= up_start).unwrap_or(length);
    let back = down.map(|(start, end, run)| {
        let stop = if start < up_start { lines(texts.up).find(|(_, end, _)| *end == up_start).map_or(length, |(start, _, _)| start) } else { length };
        (Place::InUp(end..stop.max(end)), run)
    });
    let (down, down_run) = back.map_or((None, None), |(place, run)| (Some(place), run));
    Ok(vec![Script { id: None, up: Place::InUp(up_start..up_end), down, run, down_run }])
}

fn run_of(options: &str) -> Option<RunMode> {
    options.split_whitespace().any(|option| option.eq_ignore_ascii_case("transaction:false")).then_some(RunMode::OneMessage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_their_options_are_told_apart() {
        let text = "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY i ON t (a);\n\n-- migrate:down\nDROP INDEX i;\n";
        let script = scripts(&Texts { up: text, ..Texts::default() }).unwrap().remove(0);
        let Place::InUp(up) = script.up else { panic!("in the file") };
        assert_eq!(text[up].trim(), "CREATE INDEX CONCURRENTLY i ON t (a);");
        let Some(Place::InUp(down)) = script.down else { panic!("in the file") };
        assert_eq!(text[down].trim(), "DROP INDEX i;");
        assert_eq!((script.run, script.down_run), (Some(RunMode::OneMessage), None));
    }

    #[test]
    fn a_file_without_a_section_is_refused() {
        assert!(scripts(&Texts { up: "SELECT 1;\n", ..Texts::default() }).is_err());
    }
}
