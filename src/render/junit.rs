//! JUnit's XML, which every CI shows. One suite for each migration, with a case for each finding and each consumer that was asked, so that a run in
//! which nothing was looked at is not green.

use std::collections::BTreeSet;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite, XmlString};

use super::format::Format;
use super::remark::{Remark, path_in_repository, remarks, spot};
use super::words::{consumer_name, effect_standing, verdict_sentence};
use crate::gate::{Answer, Verdict};

/// `--format junit`.
pub(super) static JUNIT: Format =
    Format { name: "junit", about: "JUnit's XML, a case for each finding and each consumer", ending: "xml", render: |answer, _| render(answer) };

fn render(answer: &Answer) -> String {
    let all = remarks(answer);
    let mut report = Report::new("fieldgate");
    report.add_test_suites((0_u32..).zip(&answer.migrations).map(|(index, _)| suite(answer, index, &all)));
    report.add_test_suite(rest(answer, &all));
    // It is written into memory, which refuses nothing.
    report.to_string().unwrap_or_default()
}

/// The findings of one migration, and the consumers it leaves alone.
fn suite(answer: &Answer, index: u32, all: &[Remark<'_>]) -> TestSuite {
    let name = answer.migrations.get(index as usize).map_or("", |judged| judged.migration.name.as_str());
    let mut suite = TestSuite::new(text(name));
    let own = all.iter().filter(|remark| remark.finding.is_some_and(|finding| finding.migration == index));
    suite.add_test_cases(own.map(|remark| case(answer, name, remark)));
    let effects = answer.effects.iter().filter(|effect| effect.migration == index);
    let hit: BTreeSet<&str> = effects.clone().map(|effect| &*effect.consumer).collect();
    // Whether it counts is said by the findings above.
    suite.add_test_cases(effects.map(|effect| {
        let told = format!("consumer {} {}", consumer_name(answer, &effect.consumer), effect_standing(answer, effect));
        passed(name, &told, &effect.message)
    }));
    let untouched = answer.catalog.consumers.values().filter(|consumer| !hit.contains(&*consumer.id));
    suite.add_test_cases(untouched.map(|consumer| passed(name, &format!("consumer {} is not hit", consumer.name), "")));
    suite
}

/// What belongs to no migration, and the verdict.
fn rest(answer: &Answer, all: &[Remark<'_>]) -> TestSuite {
    let name = "fieldgate";
    let mut suite = TestSuite::new(name);
    let of_a_migration = |remark: &Remark<'_>| remark.finding.is_some_and(|finding| (finding.migration as usize) < answer.migrations.len());
    suite.add_test_cases(all.iter().filter(|remark| !of_a_migration(remark)).map(|remark| case(answer, name, remark)));
    let sentence = verdict_sentence(answer);
    suite.add_test_case(match answer.verdict {
        Verdict::Pass | Verdict::Warn => passed(name, "verdict", &sentence),
        Verdict::NotJudged => test_case(name, "verdict", not_understood(&sentence)),
        Verdict::Block => test_case(name, "verdict", failed("verdict", &sentence, "")),
    });
    suite
}

fn case(answer: &Answer, class: &str, remark: &Remark<'_>) -> TestCase {
    let help = remark.help.unwrap_or("");
    let name = format!("{}: {}", remark.rule, remark.message);
    let mut case = match (remark.suppressed, remark.blocks, remark.finding) {
        (Some(allowed), _, _) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(text(&allowed.words()));
            test_case(class, &name, status)
        }
        (None, true, Some(_)) => test_case(class, &name, failed(remark.rule, remark.message, help)),
        (None, true, None) => test_case(class, &name, not_understood(remark.message)),
        (None, false, _) => passed(class, &name, &format!("{}: {}\n{help}", remark.level.as_str(), remark.message)),
    };
    if let Some(span) = remark.span {
        let place = answer.sources.place(span);
        let shown = spot(answer, span).map(|spot| spot.path).or_else(|| path_in_repository(answer, &place.file)).unwrap_or(place.file);
        case.extra.insert(text("file"), text(&shown));
        case.extra.insert(text("line"), text(&place.start.line.to_string()));
    }
    case
}

fn test_case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(text(name), status);
    case.set_classname(text(class));
    case
}

fn passed(class: &str, name: &str, said: &str) -> TestCase {
    let mut case = test_case(class, name, TestCaseStatus::success());
    if !said.is_empty() {
        case.set_system_out(text(said));
    }
    case
}

fn failed(kind: &str, message: &str, description: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_type(text(kind)).set_message(text(message)).set_description(text(description));
    status
}

fn not_understood(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(text("not-judged")).set_message(text(message));
    status
}

/// What XML 1.0 has no character for is a question mark, so that it is seen that something stood there.
fn text(text: &str) -> XmlString {
    let is_foreign = |letter: char| (letter.is_control() && !matches!(letter, '\n' | '\t')) || matches!(letter, '\u{fffe}' | '\u{ffff}');
    XmlString::new(text.replace(is_foreign, "?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_attribute_or_is_no_xml() {
        let mut report = Report::new("r");
        let mut suite = TestSuite::new("s");
        suite.add_test_case(test_case("c\"<b>&", "\u{1}]]>", failed("k", "m\"", "]]></failure>\u{ffff}")));
        report.add_test_suite(suite);
        let xml = report.to_string().unwrap();
        assert!(
            xml.contains("classname=\"c&quot;&lt;b&gt;&amp;\"") && xml.contains("name=\"?]]&gt;\"") && xml.contains("]]&gt;&lt;/failure&gt;?</failure>"),
            "{xml}"
        );
    }
}
