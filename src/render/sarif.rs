//! SARIF 2.1.0, as GitHub's code scanning takes it.
//!
//! What GitHub asks for beyond the standard (`help.text`, a location with a region, a fingerprint) the standard's own shapes do not demand:
//! `docs.github.com/code-security/reference/code-scanning/sarif-files`. Tests hold it against GitHub's rules.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use serde_sarif::sarif::{
    ArtifactLocation, Location, Message, MultiformatMessageString, PhysicalLocation, PropertyBag, Region, ReportingConfiguration, ReportingDescriptor,
    Result as SarifResult, ResultLevel, Run, RunAutomationDetails, Sarif, Suppression, Tool, ToolComponent,
};

use super::format::Format;
use super::remark::{NOT_JUDGED, Remark, path_in_repository, remarks, spot};
use super::words::consumer_name;
use crate::gate::Answer;
use crate::rules::{Family, Level, Rule, SuppressedBy};
use crate::text::Span;

/// `--format sarif`.
pub(super) static SARIF: Format = Format {
    name: "sarif",
    about: "SARIF 2.1.0, for GitHub code scanning and editors",
    ending: "sarif",
    // Texts and numbers only, and no map with other keys than texts: nothing that JSON refuses.
    render: |answer, _| serde_json::to_string_pretty(&document(answer)).map(|text| text + "\n").unwrap_or_default(),
};

/// GitHub shows so many characters of a description.
const LONGEST_DESCRIPTION: usize = 1000;

/// Locations of one result beside the first; GitHub keeps a hundred.
const MOST_RELATED: usize = 50;

/// The schema that a document names.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What paths are relative to.
const ROOT: &str = "%SRCROOT%";

fn document(answer: &Answer) -> Sarif {
    let said = remarks(answer);
    let names: BTreeSet<&str> = said.iter().map(|remark| remark.rule).collect();
    let index: BTreeMap<&str, i64> = names.iter().copied().zip(0_i64..).collect();
    let rules: Vec<ReportingDescriptor> = names.iter().map(|name| answer.rules.get(name).map_or_else(not_judged_rule, rule)).collect();
    let results: Vec<SarifResult> = said.iter().map(|remark| result(answer, remark, &index)).collect();
    let driver = ToolComponent::builder().name("fieldgate").semantic_version(env!("CARGO_PKG_VERSION")).rules(rules).build();
    let root = ArtifactLocation::builder().description(message("The root of the repository.")).build();
    let run = Run::builder()
        .tool(Tool::builder().driver(driver).build())
        .automation_details(RunAutomationDetails::builder().id(format!("fieldgate/{}", answer.folder_in_repository)).build())
        .column_kind("unicodeCodePoints")
        .original_uri_base_ids(BTreeMap::from([(String::from(ROOT), root)]))
        .results(results)
        .build();
    Sarif::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build()
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn words(text: impl Into<String>) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}

fn rule(rule: &Rule) -> ReportingDescriptor {
    let family = match rule.family {
        Family::Contract => "contract",
        Family::Operation => "operation",
    };
    let mut help = format!("{}\n\nfieldgate explain {} says more.", rule.why.trim(), rule.id);
    let mut markdown = format!("{}\n\n`fieldgate explain {}` says more.", rule.why.trim(), rule.id);
    if let Some(link) = &rule.link {
        help.push_str(&format!("\n{link}"));
        markdown.push_str(&format!("\n\n<{link}>"));
    }
    let mut entry = ReportingDescriptor::builder()
        .id(&*rule.id)
        .name(pascal(&rule.id))
        .short_description(words(cut(&format!("{}.", rule.title.trim_end_matches('.')))))
        .full_description(words(cut(rule.why.trim())))
        .help(MultiformatMessageString::builder().text(help).markdown(markdown).build())
        .default_configuration(ReportingConfiguration::builder().level("warning").build())
        .properties(tagged(family))
        .build();
    entry.help_uri.clone_from(&rule.link);
    entry
}

/// What was not judged has no rule of its own, and needs an entry as if it had.
fn not_judged_rule() -> ReportingDescriptor {
    ReportingDescriptor::builder()
        .id(NOT_JUDGED)
        .name(pascal(NOT_JUDGED))
        .short_description(words("Something was not understood."))
        .full_description(words("A statement or a query was not understood, so nobody can say that it is safe."))
        .help(words("Look at it, or say it in a way that can be read. What was not understood is not called safe."))
        .default_configuration(ReportingConfiguration::builder().level("error").build())
        .properties(tagged("contract"))
        .build()
}

fn tagged(family: &str) -> PropertyBag {
    PropertyBag::builder().tags(vec![family.to_owned()]).additional_properties(BTreeMap::from([(String::from("precision"), json!("high"))])).build()
}

fn result(answer: &Answer, remark: &Remark<'_>, index: &BTreeMap<&str, i64>) -> SarifResult {
    let level = match remark.level {
        Level::Error => ResultLevel::Error,
        Level::Warning => ResultLevel::Warning,
        Level::Info => ResultLevel::Note,
    };
    let text = match remark.help {
        Some(help) => format!("{}\n\n{help}", remark.message),
        None => remark.message.to_owned(),
    };
    let fingerprints = BTreeMap::from([
        (String::from("primaryLocationLineHash"), format!("{}:1", remark.fingerprint)),
        (String::from("fieldgate/v1"), remark.fingerprint.clone()),
    ]);
    let mut result = SarifResult::builder()
        .rule_id(remark.rule)
        .level(level)
        .message(message(&text))
        .locations(vec![location(answer, remark.span)])
        .partial_fingerprints(fingerprints)
        .build();
    result.rule_index = index.get(remark.rule).copied();
    result.related_locations = Some(related(answer, remark)).filter(|related| !related.is_empty());
    result.suppressions = remark.suppressed.map(|allowed| {
        let kind = match allowed.by {
            SuppressedBy::Comment => "inSource",
            SuppressedBy::SignOff | SuppressedBy::Baseline => "external",
        };
        let place = location(answer, Some(allowed.span));
        vec![Suppression::builder().kind(kind).status("accepted").justification(allowed.words()).location(place).build()]
    });
    result
}

/// A place; what is in no file is shown at the settings, since a place is asked for.
fn location(answer: &Answer, span: Option<Span>) -> Location {
    let spot = span.and_then(|span| spot(answer, span));
    let (path, region) = match &spot {
        Some(spot) => {
            // An empty place has no region of its own.
            let end_column = if (spot.line, spot.column) == (spot.end_line, spot.end_column) { spot.end_column + 1 } else { spot.end_column };
            (spot.path.clone(), [spot.line, spot.column, spot.end_line, end_column])
        }
        None => {
            let named = answer.config.source.and_then(|id| answer.sources.get(id)).map_or("fieldgate.yml", |source| source.name());
            (path_in_repository(answer, named).unwrap_or_else(|| String::from("fieldgate.yml")), [1, 1, 1, 2])
        }
    };
    let [start_line, start_column, end_line, end_column] = region;
    let region = Region::builder().start_line(start_line).start_column(start_column).end_line(end_line).end_column(end_column).build();
    let file = ArtifactLocation::builder().uri(uri(&path)).uri_base_id(ROOT).build();
    Location::builder().physical_location(PhysicalLocation::builder().artifact_location(file).region(region).build()).build()
}

/// Where consumers are hit in their own SQL.
fn related(answer: &Answer, remark: &Remark<'_>) -> Vec<Location> {
    let Some(finding) = remark.finding else { return Vec::new() };
    let hit = answer.effects.iter().filter(|effect| effect.migration == finding.migration && finding.consumers.contains(&effect.consumer));
    let placed = hit.take(MOST_RELATED).filter_map(|effect| Some((effect, effect.evidence.span.filter(|span| spot(answer, *span).is_some())?)));
    let numbered = placed.zip(1_i64..);
    let all = numbered.map(|((effect, span), number)| {
        let mut place = location(answer, Some(span));
        place.id = Some(number);
        place.message = Some(message(&format!("{}: {}", consumer_name(answer, &effect.consumer), effect.message)));
        place
    });
    all.collect()
}

/// A path as a relative reference (RFC 3986, 4.2): everything but unreserved characters and `/` in percent.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// `column-dropped` as `ColumnDropped`, the way names of rules are written there.
fn pascal(id: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    id.split('-').map(capital).collect()
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST_DESCRIPTION { text.to_owned() } else { text.chars().take(LONGEST_DESCRIPTION - 1).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_blanks_is_a_reference() {
        assert_eq!(uri("db migrations/0001 $(x).sql"), "db%20migrations/0001%20%24%28x%29.sql");
    }

    #[test]
    fn a_rule_has_a_name_without_dashes() {
        assert_eq!(pascal("column-dropped"), "ColumnDropped");
    }
}
