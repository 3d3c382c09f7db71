//! What facts can be, and what rules can be about.

/// What a rule looks at, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// Each change to the schema or to rows.
    Change,
    /// Each statement that was applied or refused.
    Statement,
    /// Each table that a statement locks, reads or writes and that was there before.
    Table,
    /// Each effect on a consumer.
    Effect,
    /// Each migration as a whole.
    Migration,
    /// Each way back that is written.
    WayBack,
    /// Each statement that the server would refuse.
    Refusal,
    /// Each condition on rows that decides whether a statement works.
    MayFail,
    /// Each thing that was not understood.
    NotJudged,
    /// Each comment that allows a rule, and is at fault.
    Suppression,
    /// Each thing that is done to the file of a migration.
    File,
    /// Each sign-off of a department that is at fault.
    SignOff,
}

impl Subject {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Change,
        Self::Statement,
        Self::Table,
        Self::Effect,
        Self::Migration,
        Self::WayBack,
        Self::Refusal,
        Self::MayFail,
        Self::NotJudged,
        Self::Suppression,
        Self::File,
        Self::SignOff,
    ];

    /// The word after `for:`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Statement => "statement",
            Self::Table => "table",
            Self::Effect => "effect",
            Self::Migration => "migration",
            Self::WayBack => "way_back",
            Self::Refusal => "refusal",
            Self::MayFail => "may_fail",
            Self::NotJudged => "not_judged",
            Self::Suppression => "suppression",
            Self::File => "file",
            Self::SignOff => "sign_off",
        }
    }

    /// What it is, for the documentation.
    pub fn about(self) -> &'static str {
        match self {
            Self::Change => "each change to the schema or to rows, those that go along with `CASCADE` too",
            Self::Statement => "each statement, the refused one too",
            Self::Table => "each table that a statement locks, reads or writes, when it was there before the statement",
            Self::Effect => "each effect of a migration on a consumer; asked last, so that it is known what other findings have told already",
            Self::Migration => "each migration as a whole",
            Self::WayBack => "each way back (`down`) that is written",
            Self::Refusal => "each statement that the server would refuse",
            Self::MayFail => "each statement that works or fails by what is in the rows",
            Self::NotJudged => "each statement, or part of one, that was not understood",
            Self::Suppression => "each `fieldgate: allow` comment that is at fault",
            Self::File => {
                "each thing that is done to the file of a migration: edited, renamed or deleted by the branch (with `--base`), or numbered out of line"
            }
            Self::SignOff => "each sign-off in the change record that is at fault",
        }
    }
}

/// The type of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// Any text.
    Text,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// A list of a few words.
    Words(&'static [&'static str]),
}

impl FactType {
    /// For the documentation.
    pub fn title(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Text => "text",
            Self::Word(_) => "word",
            Self::Texts => "list of texts",
            Self::Words(_) => "list of words",
        }
    }
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A text or word.
    Text(String),
    /// A list.
    Texts(Vec<String>),
}

impl FactValue {
    /// In a sentence: numbers with their thousands apart, lists with commas.
    pub fn to_sentence(&self) -> String {
        match self {
            Self::Bool(true) => String::from("yes"),
            Self::Bool(false) => String::from("no"),
            Self::Int(number) => grouped(*number),
            Self::Text(text) => text.clone(),
            Self::Texts(texts) => texts.join(", "),
        }
    }
}

impl From<bool> for FactValue {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for FactValue {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for FactValue {
    fn from(value: usize) -> Self {
        Self::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

impl From<String> for FactValue {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<&str> for FactValue {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Vec<String>> for FactValue {
    fn from(value: Vec<String>) -> Self {
        Self::Texts(value)
    }
}

/// `2,400,000`.
pub(crate) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    if number < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_groups_of_three() {
        assert_eq!(grouped(2_400_000), "2,400,000");
        assert_eq!(grouped(-999), "-999");
        assert_eq!(grouped(1_000), "1,000");
    }
}
