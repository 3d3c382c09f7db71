//! One notice, in sentences, before any channel lays it out.

use std::sync::Arc;

/// One thing of the department that is touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affected {
    /// Its name.
    pub name: String,
    /// What the reader will see, and who mends it, in sentences.
    pub what: String,
}

/// What one department is told. Every text is a plain sentence or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The department's id.
    pub department: Arc<str>,
    /// Its name.
    pub department_name: String,
    /// The language of the sentences (`en`).
    pub language: String,
    /// The headings, in the order of the sections below: to do, changes, when, affected, unchanged, why, trouble.
    pub headings: Headings,
    /// The subject line.
    pub subject: String,
    /// What the reader has to do, in order; at least one sentence ("nothing" is an answer).
    pub to_do: Vec<String>,
    /// What changes.
    pub changes: Vec<String>,
    /// When, and whether work can go on.
    pub when: Vec<String>,
    /// Reports, exports and forms of this department that are touched.
    pub affected: Vec<Affected>,
    /// What stays the same.
    pub unchanged: Vec<String>,
    /// Why it is done.
    pub why: Vec<String>,
    /// What to do if something looks wrong, and when the next message comes.
    pub trouble: Vec<String>,
    /// Who signs.
    pub sender: Option<String>,
}

/// The titles of the sections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headings {
    pub to_do: String,
    pub changes: String,
    pub when: String,
    pub affected: String,
    pub unchanged: String,
    pub why: String,
    pub trouble: String,
}

impl Notice {
    /// The sections that have something to say, with their titles, in order.
    pub fn sections(&self) -> Vec<(&str, Vec<String>)> {
        let affected = self.affected.iter().map(|affected| format!("{}: {}", affected.name, affected.what)).collect();
        let all = [
            (&self.headings.to_do, self.to_do.clone()),
            (&self.headings.changes, self.changes.clone()),
            (&self.headings.when, self.when.clone()),
            (&self.headings.affected, affected),
            (&self.headings.unchanged, self.unchanged.clone()),
            (&self.headings.why, self.why.clone()),
            (&self.headings.trouble, self.trouble.clone()),
        ];
        all.into_iter().filter(|(_, lines)| !lines.is_empty()).map(|(title, lines)| (title.as_str(), lines)).collect()
    }
}
