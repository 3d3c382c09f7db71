//! What an investigation found, in the order in which a person on call needs it, with the first message to those who asked.

/// Something that was done to a thing.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The migration's name.
    pub migration: String,
    /// Its number in the history; `None` for one that waits.
    pub index: Option<u32>,
    /// `file:line`.
    pub place: String,
    /// In one line.
    pub what: String,
    /// The commit that brought the file, with who and when; `None` when version control does not say.
    pub commit: Option<String>,
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Investigation {
    /// What was asked about.
    pub what: String,
    /// Whether it is real.
    pub state: String,
    /// The last migration that did something to it after it was made, or waits to.
    pub since: Option<String>,
    /// All that was done to it, in order.
    pub occurrences: Vec<Occurrence>,
    /// Who else rests on it.
    pub others: Vec<String>,
    /// Consumers that do not work by the snapshot, each with the reason.
    pub broken_now: Vec<String>,
    /// Statements of the history that could not be replayed.
    pub not_replayed: usize,
    /// Statements of the history.
    pub statements: usize,
    /// How much comes back, and the script.
    pub way_back: Option<(String, String)>,
    /// Where people turn to.
    pub help: Option<String>,
}

/// The whole of it as Markdown.
pub fn investigation_text(found: &Investigation) -> String {
    let mut text = format!("# {}\n\n## Is it real?\n\n{}\n", found.what, found.state);
    text.push_str("\n## Since when?\n\n");
    if found.occurrences.is_empty() {
        text.push_str("No migration in the files says that it did anything to it. If it did change, somebody did it by hand: `fieldgate drift` tells.\n");
    }
    for one in &found.occurrences {
        let commit = one.commit.as_ref().map(|commit| format!("\n  {commit}")).unwrap_or_default();
        text.push_str(&format!("- {}: {} ({}){commit}\n", one.migration, one.what, one.place));
    }
    if found.not_replayed > 0 {
        text.push_str(&format!(
            "\nThis history is not whole: {} of {} statements could not be replayed from the files alone.\n",
            found.not_replayed, found.statements
        ));
    }
    list(&mut text, "Who else?", &found.others, "Nobody else of the catalog rests on it.");
    if !found.broken_now.is_empty() {
        list(&mut text, "What does not work now", &found.broken_now, "");
    }
    text.push_str("\n## The way back\n\n");
    match (&found.way_back, &found.since) {
        (Some((how, script)), Some(migration)) => {
            text.push_str(&format!(
                "From {migration}, {how}. `fieldgate plan` gives the whole runbook; rows that came since are not in it.\n\n```sql\n{script}```\n"
            ));
        }
        (_, Some(migration)) => text.push_str(&format!("Nothing can be undone of {migration} by a script alone; `fieldgate plan` says why.\n")),
        (_, None) => text.push_str("No migration changed it after it was made, so there is nothing to undo.\n"),
    }
    text.push_str(&format!("\n## The first message\n\n> {}\n", first_message(found)));
    text
}

fn list(text: &mut String, title: &str, lines: &[String], nobody: &str) {
    text.push_str(&format!("\n## {title}\n\n"));
    if lines.is_empty() {
        text.push_str(&format!("{nobody}\n"));
    }
    for line in lines {
        text.push_str(&format!("- {line}\n"));
    }
}

fn first_message(found: &Investigation) -> String {
    let others = match found.others.len() {
        0 => String::new(),
        1..=5 => format!(" These may be touched too: {}.", found.others.join(", ")),
        many => format!(" {many} other reports and forms may be touched too."),
    };
    let help = found.help.as_ref().map(|help| format!(" If you see something else that is wrong, tell {help}.")).unwrap_or_default();
    format!(
        "We have heard that {} does not look right, and we are looking into it.{others} Nothing is lost by waiting. You will hear from us within the hour.{help}",
        found.what
    )
}
