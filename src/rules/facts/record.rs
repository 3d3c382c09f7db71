//! Facts about the change record beside a migration, and about the day on which it is applied.

use std::collections::BTreeSet;

use super::super::fact::{Fact, fact};
use super::super::fact_type::{FactType, FactValue, Subject};
use super::super::item::Item;
use super::place::{WEEKDAYS, weekday};
use crate::project::{ChangeType, Risk};

const RISKS: &[&str] = &["low", "medium", "high", "none"];
const TYPES: &[&str] = &["standard", "normal", "emergency", "none"];

pub(in crate::rules) const FACTS: &[Fact] = &[
    fact("record.is_written", FactType::Bool, Subject::ALL, "Whether a change record (`NAME.fieldgate.yml`) stands beside the migration.", |item| {
        item.migration.record.written.into()
    }),
    fact("record.change", FactType::Text, Subject::ALL, "The id of the change; empty when none is given.", |item| item.migration.record.change.clone().into()),
    fact("record.reason", FactType::Text, Subject::ALL, "Why it is done; empty when nobody says.", |item| item.migration.record.reason.clone().into()),
    fact("record.requester", FactType::Text, Subject::ALL, "Who asked for it; empty when nobody says.", |item| item.migration.record.requester.clone().into()),
    fact("record.approver", FactType::Text, Subject::ALL, "Who approved it; empty when nobody did.", |item| item.migration.record.approver.clone().into()),
    fact("record.risk", FactType::Word(RISKS), Subject::ALL, "Its risk as written; `none` when nobody says.", |item| {
        match item.migration.record.risk {
            Some(Risk::Low) => "low",
            Some(Risk::Medium) => "medium",
            Some(Risk::High) => "high",
            None => "none",
        }
        .into()
    }),
    fact("record.type", FactType::Word(TYPES), Subject::ALL, "How it is decided on; `none` when nobody says.", |item| {
        match item.migration.record.change_type {
            Some(ChangeType::Standard) => "standard",
            Some(ChangeType::Normal) => "normal",
            Some(ChangeType::Emergency) => "emergency",
            None => "none",
        }
        .into()
    }),
    fact("record.tests", FactType::Int, Subject::ALL, "How many trial runs it lists.", |item| item.migration.record.tests.into()),
    fact("record.replaced", FactType::Texts, Subject::ALL, "Old fields for which it names one that takes their place, as `schema.table.column`.", |item| {
        item.migration.record.replaced.clone().into()
    }),
    fact(
        "record.old_name_until",
        FactType::Text,
        Subject::ALL,
        "The last day on which the old name works, as `2027-01-31`; empty when none is named.",
        |item| item.migration.record.old_name_until.map_or_else(String::new, |day| day.to_string()).into(),
    ),
    fact("record.signed_off_by", FactType::Texts, Subject::ALL, "Departments that agreed, by id; sorted.", |item| {
        let mut departments: Vec<String> = item.migration.record.sign_offs.iter().map(|sign_off| sign_off.department.value.clone()).collect();
        departments.sort();
        departments.into()
    }),
    fact(
        "release.is_planned",
        FactType::Bool,
        Subject::ALL,
        "Whether the record says when it is applied. When it does not, the other facts of this group speak of the day of the check.",
        |item| item.migration.record.window.is_some().into(),
    ),
    fact("release.date", FactType::Text, Subject::ALL, "The day on which it is applied, as `2027-01-31`, where the organisation is.", |item| {
        release(item).to_string().into()
    }),
    fact("release.end_date", FactType::Text, Subject::ALL, "The day on which that ends.", |item| release_end(item).to_string().into()),
    fact("release.day", FactType::Int, Subject::ALL, "The day of the month on which it is applied.", |item| i64::from(release(item).day()).into()),
    fact("release.end_day", FactType::Int, Subject::ALL, "The day of the month on which that ends.", |item| i64::from(release_end(item).day()).into()),
    fact("release.month", FactType::Int, Subject::ALL, "The month in which it is applied, from 1.", |item| i64::from(release(item).month()).into()),
    fact("release.weekday", FactType::Word(WEEKDAYS), Subject::ALL, "The day of the week on which it is applied.", |item| weekday(release(item)).into()),
    fact("release.hour", FactType::Int, Subject::ALL, "The hour of the day at which it begins, from 0; -1 when nobody says.", |item| {
        item.migration.record.window.as_ref().map_or(-1, |(start, _)| i64::from(start.hour())).into()
    }),
    fact(
        "notice.days",
        FactType::Int,
        &[Subject::Change, Subject::Effect],
        "Whole days from the first notice (by the log of notices) to the day on which it is applied, of the department that had the least; -1 when one was \
         never told. Departments are those of the consumers that are hit; when none is, it is 0.",
        notice_days,
    ),
    fact(
        "notice.missing",
        FactType::Texts,
        &[Subject::Change, Subject::Effect],
        "Departments of consumers that are hit and were never told, by id; sorted.",
        |item| hit(item).into_iter().filter(|department| !item.migration.record.told.contains_key(department)).collect::<Vec<_>>().into(),
    ),
    fact(
        "release.days_ahead",
        FactType::Int,
        Subject::ALL,
        "Whole days from the day of the check to the day on which it is applied; 0 when nobody says when.",
        |item| days(item.world.input.today, release(item)).into(),
    ),
];

fn release(item: &Item<'_>) -> jiff::civil::Date {
    item.migration.record.window.as_ref().map_or(item.world.input.today, |(start, _)| start.date())
}

fn release_end(item: &Item<'_>) -> jiff::civil::Date {
    item.migration.record.window.as_ref().map_or(item.world.input.today, |(_, end)| end.date())
}

fn days(from: jiff::civil::Date, to: jiff::civil::Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// Departments of the consumers that are hit, by id.
fn hit(item: &Item<'_>) -> BTreeSet<String> {
    let catalog = &item.world.input.catalog.consumers;
    let departments = item.effects().into_iter().filter_map(|effect| catalog.get(&effect.consumer)).map(|consumer| consumer.department_id.to_string());
    departments.filter(|department| !department.is_empty()).collect()
}

fn notice_days(item: &Item<'_>) -> FactValue {
    let told = &item.migration.record.told;
    let day = release(item);
    let least = hit(item).iter().map(|department| told.get(department).map_or(-1, |first| days(*first, day))).min();
    least.unwrap_or(0).into()
}
