//! What has to be decided for each tool. A struct to fill in, so that a new layout cannot forget a decision.

use std::ops::Range;

/// How a runner sends a text to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RunMode {
    /// In a transaction that the runner opens and commits.
    Wrapped,
    /// In one message, without a transaction of the runner's.
    OneMessage,
    /// Statement by statement, each by itself.
    EachStatement,
}

/// What a file is to its migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The way there, or a file that holds both ways.
    Up,
    /// The way back.
    Down,
    /// Settings of this migration for the runner.
    Settings,
    /// The order of all migrations.
    Plan,
    /// Belongs to the tool and is not run (a check, a baseline, a template).
    Beside,
}

/// What a file's path says, without a look into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRole {
    /// What the runner's own table records.
    pub id: String,
    /// For people; also the name of the sidecar.
    pub name: String,
    /// What the order goes by.
    pub order: String,
    /// What the file is to its migration.
    pub part: Part,
    /// Whether it is applied again whenever its text changes.
    pub repeatable: bool,
}

/// How a folder is seen to be of this layout.
#[derive(Clone, Copy, Debug)]
pub enum Recognised {
    /// By what stands in a file.
    ByText(fn(&str) -> bool),
    /// By a path below the folder.
    ByPath(fn(&str) -> bool),
    /// Not at all: it has to be named.
    WhenNamed,
    /// It takes what is left.
    Always,
}

/// What the runner's own table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// A row for each migration.
    Each,
    /// One row: the last version; all before it are applied too.
    Last,
}

/// The texts of one migration.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts<'t> {
    /// Of the way there, or of both.
    pub up: &'t str,
    /// Of the way back, when it is a file of its own.
    pub down: Option<&'t str>,
    /// Of the settings.
    pub settings: Option<&'t str>,
}

/// Where a script stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Bytes of the file of the way there.
    InUp(Range<usize>),
    /// The whole file of the way back.
    Down,
    /// A text as long as the file of the way there, with blanks for all that is not meant, so that its places are those of the file.
    Masked(String),
}

/// One migration out of the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Its id inside the file, when a file holds several.
    pub id: Option<String>,
    /// The way there.
    pub up: Place,
    /// The way back.
    pub down: Option<Place>,
    /// How the way there is sent, when the text says so.
    pub run: Option<RunMode>,
    /// How the way back is sent, when the text says so.
    pub down_run: Option<RunMode>,
}

/// Why the tool would not read a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptFault {
    /// Bytes of the file of the way there.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to put it right.
    pub help: String,
}

/// One tool.
#[derive(Debug)]
pub struct Layout {
    /// The word in `fieldgate.yml`.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// How a folder is seen to be of this layout.
    pub recognised: Recognised,
    /// What a path below the folder says; `None`: no file of this layout.
    pub role: fn(&str) -> Option<FileRole>,
    /// The migrations in the texts that belong together.
    pub scripts: fn(&Texts<'_>) -> Result<Vec<Script>, ScriptFault>,
    /// The ids in their order, out of the text of a [`Part::Plan`]; `None` when the tool has none.
    pub plan: Option<fn(&str) -> Vec<String>>,
    /// How a text is sent when it does not say so itself.
    pub run: RunMode,
    /// The opening and closing marks of placeholders that the runner fills in.
    pub placeholders: Option<(&'static str, &'static str)>,
    /// What the runner's own table holds.
    pub records: Records,
}

impl PartialEq for Layout {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Layout {}

impl FileRole {
    /// A file whose order is that of its id.
    pub(super) fn new(id: impl Into<String>, name: impl Into<String>, part: Part) -> Self {
        let id = id.into();
        Self { order: id.clone(), id, name: name.into(), part, repeatable: false }
    }
}

/// The texts as they are: one file there, perhaps one back.
#[expect(clippy::unnecessary_wraps, reason = "stands where other layouts can fail")]
pub(super) fn whole_files(texts: &Texts<'_>) -> Result<Vec<Script>, ScriptFault> {
    let down = texts.down.map(|_| Place::Down);
    Ok(vec![Script { id: None, up: Place::InUp(0..texts.up.len()), down, run: None, down_run: None }])
}

/// `0042_add_zip` → `0042` and `add_zip`: digits up to a separator.
pub(super) fn numbered(stem: &str) -> Option<(&str, &str)> {
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    let (version, rest) = stem.split_at_checked(digits)?;
    let title = rest.strip_prefix(['_', '-'])?;
    (digits > 0).then_some((version, title))
}

/// The file name of a path, when it stands directly in the folder.
pub(super) fn direct(path: &str) -> Option<&str> {
    (!path.contains('/')).then_some(path)
}
