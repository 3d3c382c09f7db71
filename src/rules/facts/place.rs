//! Facts about the migration and the day.

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, Subject};
use crate::migrate::TransactionMode;

const TRANSACTIONS: &[&str] = &["wrapped", "each_statement"];
pub(in crate::rules) const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("migration.name", FactType::Text, Subject::ALL, "Its name without folder and ending.", |item| (&*item.migration.name).into()),
    fact("migration.path", FactType::Text, Subject::ALL, "Its path, with `/`.", |item| (&*item.migration.path).into()),
    fact("migration.transaction", FactType::Word(TRANSACTIONS), Subject::ALL, "Whether its runner puts one transaction around it.", |item| {
        match item.migration.transaction_mode {
            TransactionMode::Wrapped => "wrapped",
            TransactionMode::EachStatement => "each_statement",
        }
        .into()
    }),
    fact("migration.statements", FactType::Int, Subject::ALL, "How many statements it has.", |item| item.migration.statements.len().into()),
    fact("migration.has_down", FactType::Bool, Subject::ALL, "Whether a way back is written.", |item| item.migration.down.written.is_some().into()),
    fact("migration.down_lost", FactType::Texts, Subject::ALL, "What the written way back does not bring back; empty when all comes back.", |item| {
        item.migration.down.lost.clone().into()
    }),
    fact("migration.down_lost_in_short", FactType::Text, Subject::ALL, "The first of it in one line, and how much more there is.", |item| {
        in_short(&item.migration.down.lost).into()
    }),
    fact("migration.down_lost_list", FactType::Text, Subject::ALL, "All of it, one line each, when it is too much for one line; else empty.", |item| {
        listed(&item.migration.down.lost).into()
    }),
    fact("migration.down_refused", FactType::Text, Subject::ALL, "Why the server would refuse the written way back; empty when it would not.", |item| {
        item.migration.down.refused.clone().unwrap_or_default().into()
    }),
    fact("migration.irreversible", FactType::Texts, Subject::ALL, "What no way back can restore; empty when there is nothing.", |item| {
        item.migration.down.irreversible.clone().into()
    }),
    fact("today.date", FactType::Text, Subject::ALL, "The day of the check, as `2027-01-31`; such days compare with `<`.", |item| {
        item.world.input.today.to_string().into()
    }),
    fact("today.day", FactType::Int, Subject::ALL, "The day of the month.", |item| i64::from(item.world.input.today.day()).into()),
    fact("today.month", FactType::Int, Subject::ALL, "The month, from 1.", |item| i64::from(item.world.input.today.month()).into()),
    fact("today.weekday", FactType::Word(WEEKDAYS), Subject::ALL, "The day of the week.", |item| weekday(item.world.input.today).into()),
];

/// The word for a day of the week.
pub(in crate::rules) fn weekday(day: jiff::civil::Date) -> &'static str {
    let index = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
    WEEKDAYS.get(index).copied().unwrap_or("monday")
}

/// So many things are named in one line, each with so many letters.
const NAMED: usize = 3;
const LETTERS: usize = 110;

fn in_short(lost: &[String]) -> String {
    let mut words: Vec<String> = lost.iter().take(NAMED).map(|one| cut(one)).collect();
    if let Some(more) = lost.len().checked_sub(NAMED).filter(|more| *more > 0) {
        words.push(format!("and {more} more"));
    }
    words.join("; ")
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LETTERS { text.to_owned() } else { format!("{}…", text.chars().take(LETTERS).collect::<String>().trim_end()) }
}

fn listed(lost: &[String]) -> String {
    let is_told = lost.len() <= NAMED && lost.iter().all(|one| one.chars().count() <= LETTERS);
    if is_told { String::new() } else { lost.iter().map(|one| format!("- {one}")).collect::<Vec<_>>().join("\n") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_is_told_in_short_and_then_in_full() {
        let few = [String::from("column a is missing")];
        assert_eq!((in_short(&few).as_str(), listed(&few).as_str()), ("column a is missing", ""));
        let many: Vec<String> = (0..5).map(|number| format!("column {number} is missing")).collect();
        assert_eq!(in_short(&many), "column 0 is missing; column 1 is missing; column 2 is missing; and 2 more");
        assert_eq!(listed(&many).lines().count(), 5);
    }
}
