//! Notices as people get them: every channel and every message of the series byte for byte, read back by other people's parsers, at sizes around
//! each limit, with hostile names, and in a real browser. `BLESS=1 cargo test --test notices` writes `fixtures/notices/expected` again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use fieldgate::notice::channel;
use fieldgate::notice::{CalendarEntry, Line, Mailbox, Notice, Section, Shortening, Span, Standing};
use fieldgate::project::{NoticeAudience, NoticeStep};
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The program in a folder, with nothing of this process's surroundings.
fn fieldgate(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fieldgate"));
    command.arg("notice").args(arguments).current_dir(folder).env_clear().output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The cases: a name, the folder of the repository, and what is told of.
const CASES: &[(&str, &str, &[&str])] = &[
    ("example-0047", "example", &["migrations/0047_contact_phone.up.sql"]),
    ("example-0049", "example", &["migrations/0049_donor_system_names.up.sql"]),
    ("kept-name", "notices/kept-name", &["--ddl", "schema.sql"]),
    ("waits", "notices/waits", &[]),
];

/// The messages with the moment at which each is written.
const STEPS: &[(&str, &str)] = &[
    ("announce", "2026-11-22T15:00:00Z"),
    ("reminder", "2026-12-07T15:00:00Z"),
    ("done", "2026-12-16T02:00:00Z"),
    ("old-name-ends", "2027-01-22T15:00:00Z"),
    ("rolled-back", "2026-12-16T15:00:00Z"),
    ("incident", "2026-12-09T00:05:00Z"),
];

/// All files of a case, by name.
fn files(case: &str) -> BTreeMap<String, Vec<u8>> {
    let (_, repository, arguments) = CASES.iter().find(|(name, _, _)| *name == case).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().display().to_string();
    for (step, now) in STEPS {
        for (audience, channels) in [("staff", &[][..]), ("helpdesk", &["--channel", "text", "--channel", "html"]), ("record", &["--channel", "md"])] {
            if audience == "record" && *step != "announce" {
                continue;
            }
            let own = ["--step", step, "--audience", audience, "--now", now, "--out", &target];
            let ran = fieldgate(&root().join(repository), &[&own, channels, *arguments].concat());
            assert!(ran.status.success(), "{case} {step} {audience}: {}", err(&ran));
        }
    }
    let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    entries.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap())).collect()
}

/// The files of a case with an ending, by name; each case is written once for all tests.
fn written(case: &str, ending: &str) -> Vec<(String, String)> {
    static ALL: LazyLock<BTreeMap<&str, BTreeMap<String, Vec<u8>>>> = LazyLock::new(|| CASES.iter().map(|(case, _, _)| (*case, files(case))).collect());
    let own = ALL[case].iter().filter(|(name, _)| name.ends_with(ending));
    own.map(|(name, bytes)| (name.clone(), String::from_utf8(bytes.clone()).unwrap())).collect()
}

/// Which files are kept to be read: the first message of one case in every channel, every message as text, and what else differs by message.
fn is_kept(case: &str, name: &str) -> bool {
    let announces = !STEPS.iter().any(|(step, _)| name.contains(&format!(".{step}.")));
    let in_every_channel = case == "example-0047" && announces && name.starts_with("client-services");
    let in_spanish = case == "example-0047" && announces && name.starts_with("volunteers") && (name.ends_with(".slack.json") || name.ends_with(".eml"));
    in_every_channel || in_spanish || [".txt", ".ics"].iter().any(|ending| name.ends_with(ending)) && !name.ends_with(".digest.txt") || name == "record.md"
}

#[test]
fn every_channel_and_message_is_what_is_expected() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = Vec::new();
    for (case, _, _) in CASES {
        let folder = root().join("notices/expected").join(case);
        let printed = files(case);
        if bless {
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir_all(&folder).unwrap();
            for (name, bytes) in printed.iter().filter(|(name, _)| is_kept(case, name)) {
                std::fs::write(folder.join(name), bytes).unwrap();
            }
            continue;
        }
        let known: BTreeSet<String> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        wrong.extend(known.iter().filter(|name| !printed.contains_key(*name)).map(|name| format!("{case}/{name} is no longer written")));
        for (name, bytes) in printed.iter().filter(|(name, _)| is_kept(case, name)) {
            if std::fs::read(folder.join(name)).unwrap_or_default() != *bytes {
                wrong.push(format!("{case}/{name} is another"));
            }
        }
    }
    for channel in channel::ALL {
        let ending = format!(".{}", channel.ending);
        assert!(CASES.iter().any(|(case, _, _)| written(case, &ending).iter().any(|(name, _)| is_kept(case, name))), "no {} is kept", channel.name);
    }
    assert!(wrong.is_empty(), "{}\nread the difference, then: BLESS=1 cargo test --test notices", wrong.join("\n"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(files("kept-name"), files("kept-name"));
}

#[test]
fn no_notice_to_staff_holds_sql_or_a_name_of_technicians() {
    for (case, _, _) in CASES {
        for (name, text) in written(case, ".txt").into_iter().filter(|(name, _)| !name.starts_with("record")) {
            for forbidden in ["app.", "reporting.", "staging.", "SELECT", "ALTER", "COLUMN", "0047_", "42703", "clients", "{{", "heading."] {
                let allowed = forbidden == "clients" && text.contains("Active clients");
                assert!(!text.contains(forbidden) || allowed, "{case}/{name} holds {forbidden}:\n{text}");
            }
        }
    }
}

#[test]
fn every_shipped_notice_is_plain() {
    for (case, repository, arguments) in CASES {
        for (step, now) in STEPS {
            for audience in ["staff", "helpdesk"] {
                let ran = fieldgate(&root().join(repository), &[&["--lint", "--step", step, "--audience", audience, "--now", now], *arguments].concat());
                assert!(ran.status.success(), "{case} {step} {audience}: {}{}", out(&ran), err(&ran));
            }
        }
    }
    // The whole example too, with all its ten migrations in one notice for each department.
    let ran = fieldgate(&root().join("example"), &["--lint", "--now", "2026-11-22"]);
    assert!(ran.status.success(), "{}{}", out(&ran), err(&ran));
    assert_eq!(out(&ran).lines().count(), 5);
}

#[test]
fn who_only_waits_is_told_so_and_nobody_else() {
    let texts = written("waits", ".txt");
    let text = |name: &str| texts.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str());
    let saving = text("client-services.txt").unwrap();
    assert!(
        saving.contains("Delivery form: You can go on reading. Saving waits while we work, up to 4 minutes by our estimate. It can take longer."),
        "{saving}"
    );
    assert!(saving.contains("Please save your work before 6:00 pm on Tuesday, December 8."), "{saving}");
    let reading = text("volunteers.txt").unwrap();
    assert!(reading.contains("Shift plan: Espera mientras trabajamos, hasta 45 segundos según nuestro cálculo."), "{reading}");
    assert!(!texts.iter().any(|(name, _)| name.starts_with("finance")), "who reads does not wait for an index, and a small table is nothing: {texts:?}");
    assert!(text("client-services.done.txt").unwrap().contains("It works as before, without waiting."));
    assert!(text("client-services.incident.txt").is_none() && text("client-services.rolled-back.txt").is_none());
}

#[test]
fn a_wait_of_unknown_length_is_told_to_whoever_plans_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("schema.sql"), "CREATE TABLE t (id bigint, a text);").unwrap();
    std::fs::write(folder.path().join("up.sql"), "CREATE INDEX t_a ON t (a);").unwrap();
    let catalog = "departments: { care: { name: Care } }\nconsumers: { form: { name: Form, kind: ingest, department: care, writes: [public.t.a] } }\n";
    std::fs::write(folder.path().join("catalog.yml"), catalog).unwrap();
    let ran = fieldgate(folder.path(), &["--ddl", "schema.sql", "--catalog", "catalog.yml", "up.sql"]);
    assert!(ran.status.success() && out(&ran).is_empty(), "{}", out(&ran));
    assert!(err(&ran).contains("nobody can say how long Form will wait") && err(&ran).contains("there is nobody to tell"), "{}", err(&ran));
}

#[test]
fn what_cannot_be_recorded_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out").display().to_string();
    let ran = fieldgate(&root().join("notices/waits"), &["--record", "--out", &target]);
    assert_eq!((ran.status.code(), out(&ran).as_str(), Path::new(&target).exists()), (Some(2), "", false), "{}", err(&ran));
    assert!(err(&ran).contains("nothing says where to write down who was told"), "{}", err(&ran));
}

#[test]
fn a_fault_of_language_is_shown_where_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("fieldgate.yml", "migrations: [m]\nsnapshot: s.yml\ncatalog: [c.yml]\nnotices: { templates: words }\n"),
        ("s.yml", "version: 1\nschemas: { app: { tables: { t: { columns: { a: { type: text }, b: { type: text } } } } } }\n"),
        (
            "c.yml",
            "departments: { care: { name: Care } }\nfields: { app.t.a: { label: A }, app.t.b: { label: B } }\nconsumers: { r: { name: Report, kind: report, department: care, sql: SELECT a FROM app.t } }\n",
        ),
        ("m/1_a.sql", "ALTER TABLE app.t DROP COLUMN a;\n"),
        ("m/1_a.fieldgate.yml", "change: X\nreason: We tidy up.\nstays_the_same:\n  - The schema of everything else stays as it has been.\n"),
        ("words/en.yml", "unchanged.default: \"{{ 'Nothing' }} that is deprecated has been touched by us.\"\n"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let ran = fieldgate(folder.path(), &["--lint"]);
    assert_eq!(ran.status.code(), Some(1), "{}", err(&ran));
    for place in ["m/1_a.fieldgate.yml:4:5", "words/en.yml:1:37"] {
        assert!(err(&ran).contains(place), "{place} in\n{}", err(&ran));
    }
}

#[test]
fn an_e_mail_is_read_back_whole_by_another_parser() {
    for (case, _, _) in CASES {
        for (name, raw) in written(case, ".eml") {
            assert!(raw.is_ascii() && !raw.replace("\r\n", "").contains(['\r', '\n']), "{name}: lines end with CRLF");
            assert!(raw.split("\r\n").all(|line| line.len() <= 998), "{name}");
            let head = raw.split("\r\n\r\n").next().unwrap();
            assert!(head.split("\r\n").all(|line| line.len() <= 78), "{name}: {head}");
            let mail = MessageParser::new().parse(raw.as_bytes()).unwrap();
            assert_eq!(mail.from().unwrap().first().unwrap().address(), Some("data-help@example.org"), "{name}");
            assert!(mail.to().is_some() && mail.date().is_some() && mail.message_id().is_some(), "{name}");
            assert_eq!((mail.text_body_count(), mail.html_body_count()), (1, 1), "{name}");
            // The alternatives are the same files as the channels of their own.
            let stem = name.strip_suffix(".eml").unwrap();
            let text = |ending: &str| written(case, ending).into_iter().find(|(name, _)| *name == format!("{stem}.{ending}")).map(|(_, text)| text);
            let body = mail.body_text(0).unwrap().replace("\r\n", "\n");
            assert_eq!(body.trim_end(), text("txt").unwrap().trim_end(), "{name}");
            assert_eq!(mail.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), text("html").unwrap().trim_end(), "{name}");
            assert_eq!(body.lines().next().unwrap(), mail.subject().unwrap(), "{name}");
            // What is attached is the calendar file, byte for byte.
            let calendar = text("ics");
            assert_eq!(mail.attachment_count(), usize::from(calendar.is_some()), "{name}");
            if let (Some(part), Some(calendar)) = (mail.attachment(0), calendar) {
                assert_eq!(part.content_type().unwrap().subtype(), Some("calendar"), "{name}");
                assert_eq!(String::from_utf8_lossy(part.contents()).replace("\r\n", "\n").trim_end(), calendar.replace("\r\n", "\n").trim_end(), "{name}");
            }
        }
    }
}

/// What a calendar file says: the method, and for each event its properties by name.
fn events(text: &str) -> (String, Vec<BTreeMap<String, String>>) {
    assert!(text.split("\r\n").all(|line| line.len() <= 75) && !text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    let unfolded = icalendar::parser::unfold(text);
    let calendar = icalendar::parser::read_calendar(&unfolded).unwrap();
    let property = |name: &str| calendar.properties.iter().find(|property| property.name.as_str() == name).map(|property| property.val.as_str().to_owned());
    assert_eq!(property("VERSION").as_deref(), Some("2.0"));
    assert!(property("PRODID").is_some());
    let events = calendar.components.iter().filter(|component| component.name.as_str() == "VEVENT");
    let events = events.map(|event| event.properties.iter().map(|property| (property.name.as_str().to_owned(), property.val.as_str().to_owned())).collect());
    (property("METHOD").unwrap(), events.collect())
}

#[test]
fn a_calendar_is_read_back_and_its_entries_are_updated_and_cancelled() {
    for (case, _, _) in CASES {
        let mut sequences: BTreeMap<(String, String), Vec<(i64, String)>> = BTreeMap::new();
        for (name, text) in written(case, ".ics") {
            let (method, events) = events(&text);
            assert_eq!(method == "CANCEL", name.contains("rolled-back"), "{name}");
            let recipient = name.split('.').next().unwrap().to_owned();
            for event in events {
                for needed in ["UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "TRANSP", "STATUS"] {
                    assert!(event.contains_key(needed), "{name} has no {needed}");
                }
                assert_eq!(event["STATUS"] == "CANCELLED", method == "CANCEL", "{name}");
                let key = (recipient.clone(), event["UID"].clone());
                sequences.entry(key).or_default().push((event["SEQUENCE"].parse().unwrap(), event["DTSTAMP"].clone()));
            }
        }
        let least = if *case == "waits" { 2 } else { 3 };
        assert!(sequences.values().any(|all| all.len() >= least), "{case}: the same entry is sent several times");
        for all in sequences.values_mut() {
            let count = all.len();
            all.sort_by(|one, other| one.1.cmp(&other.1));
            assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0), "a later message has a higher sequence: {all:?}");
            assert_eq!(all.iter().map(|(number, _)| number).collect::<BTreeSet<_>>().len(), count);
        }
    }
    let (_, kept) = events(&written("kept-name", "client-services.ics")[0].1);
    assert_eq!((kept[0]["DTSTART"].as_str(), kept[0]["DTEND"].as_str()), ("20261208T230000Z", "20261208T233000Z"));
    assert_eq!((kept[1]["DTSTART"].as_str(), kept[1]["DTEND"].as_str()), ("20270129", "20270130"));
}

/// A notice of so many lines of so many characters.
fn notice_of(lines: usize, length: usize) -> Notice {
    let words = |number: usize| {
        let mut text = format!("Line {number} ");
        while text.chars().count() + 5 <= length {
            text.push_str("word ");
        }
        text.trim_end().to_owned()
    };
    let section =
        |title: &str, numbers: std::ops::Range<usize>| Section { title: title.to_owned(), lines: numbers.map(|number| Line::Item(words(number))).collect() };
    let mut sections = vec![section("First", 0..lines / 2), section("Second", lines / 2..lines)];
    sections.retain(|section| !section.lines.is_empty());
    Notice {
        recipient: "care".into(),
        recipient_name: String::from("Care"),
        audience: NoticeAudience::Staff,
        step: NoticeStep::Announce,
        changes: vec![String::from("CHG-1")],
        language: String::from("en"),
        subject: words(lines),
        digest: (0..lines).map(words).collect(),
        sections,
        sender: Some(String::from("Tess Okoro")),
        from: Mailbox { name: String::from("Help"), email: Some(String::from("help@example.org")), phone: None, slack: None },
        to: vec![Mailbox { name: String::from("Ann"), email: Some(String::from("ann@example.org")), phone: None, slack: None }],
        written_at: "2026-11-22T15:00:00Z".parse().unwrap(),
        entries: vec![entry("Window", "Text")],
        shortening: Shortening::new("LEFT OUT {0}"),
    }
}

fn entry(title: &str, text: &str) -> CalendarEntry {
    let (start, end) = ("2026-12-08T23:00:00Z".parse().unwrap(), "2026-12-08T23:30:00Z".parse().unwrap());
    CalendarEntry { uid: String::from("1@fieldgate"), span: Span::Moments(start, end), title: title.into(), text: text.into(), standing: Standing::Confirmed }
}

fn render(name: &str, notice: &Notice) -> String {
    (channel::named(name).unwrap().render)(notice).unwrap()
}

/// Lines that are shown, and the number that is said to be left out.
fn shown(text: &str) -> (usize, usize) {
    let shown = text.matches("Line ").count();
    let left_out = text.split("LEFT OUT ").nth(1).map_or(0, |rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap());
    (shown, left_out)
}

/// Sizes around which the limits lie.
fn sizes() -> impl Iterator<Item = (usize, usize)> {
    let counts = [1, 2, 5, 10, 20, 40, 44, 45, 46, 50, 51, 60, 80, 100, 150, 200, 400, 1000];
    counts.into_iter().flat_map(|count| [10, 30, 100, 149, 150, 151, 250, 500, 1000, 2999, 3000, 3001].map(|length| (count, length)))
}

#[test]
fn slack_keeps_its_limits_at_any_size() {
    for (lines, length) in sizes() {
        let text = render("slack", &notice_of(lines, length));
        let message: serde_json::Value = serde_json::from_str(&text).unwrap();
        let blocks = message["blocks"].as_array().unwrap();
        assert!(blocks.len() <= 50, "{lines} of {length}: {} blocks", blocks.len());
        let all: usize = blocks.iter().map(|block| block.to_string().chars().count()).sum();
        assert!(all <= 13_000, "{lines} of {length}: {all} characters of blocks");
        assert!(message["text"].as_str().unwrap().chars().count() <= 400);
        for block in blocks {
            let (text, most) = match block["type"].as_str().unwrap() {
                "header" => (&block["text"]["text"], 150),
                "section" => (&block["text"]["text"], 3000),
                "context" => (&block["elements"][0]["text"], 3000),
                other => panic!("{other}"),
            };
            let count = text.as_str().unwrap().chars().count();
            assert!(count > 0 && count <= most, "{lines} of {length}: {count} of {most}");
        }
        let body: String = blocks.iter().filter(|block| block["type"] != "header").map(ToString::to_string).collect();
        let (shown, left_out) = shown(&body);
        assert_eq!(shown + left_out, lines, "{lines} of {length}");
    }
}

#[test]
fn teams_keeps_its_limit_at_any_size() {
    for (lines, length) in sizes() {
        let text = render("teams", &notice_of(lines, length));
        assert!(text.len() <= 20 * 1024 + 1, "{lines} of {length}: {} bytes", text.len());
        let message: serde_json::Value = serde_json::from_str(&text).unwrap();
        let card = &message["attachments"][0]["content"];
        assert_eq!((card["type"].as_str(), card["version"].as_str()), (Some("AdaptiveCard"), Some("1.4")));
        let body: String = card["body"].as_array().unwrap().iter().skip(1).map(ToString::to_string).collect();
        let (shown, left_out) = shown(&body);
        assert_eq!(shown + left_out, lines, "{lines} of {length}");
    }
}

#[test]
fn a_page_for_mail_programs_and_a_text_message_keep_their_limits() {
    for (lines, length) in sizes() {
        let notice = notice_of(lines, length);
        let page = render("html", &notice);
        assert!(page.len() < 102 * 1000, "{lines} of {length}: {} bytes", page.len());
        let (shown, left_out) = shown(page.split("</h1>").nth(1).unwrap());
        assert_eq!(shown + left_out, lines, "{lines} of {length}");
        assert!(render("digest", &notice).trim_end().chars().count() <= 300, "{lines} of {length}");
    }
}

/// Text that tries to be more than text.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<!channel>"),
        Just("<@U012>"),
        Just("<!here|x>"),
        Just("</td><script>alert(1)</script>"),
        Just("\" onload=\"x"),
        Just("\r\nBcc: all@example.org"),
        Just("\r\n\r\nbody"),
        Just("\nEND:VEVENT\nBEGIN:VEVENT\n"),
        Just("=HYPERLINK(\"http://x\")"),
        Just("+1"),
        Just("@SUM(A1)"),
        Just("# heading"),
        Just("## When"),
        Just("\n- item"),
        Just("1. "),
        Just("[a](http://b)"),
        Just("![i](http://b)"),
        Just("*b* _i_ `c` ~s~"),
        Just("{{DATE(2017-02-14,SHORT)}}"),
        Just("=?utf-8?q?x?="),
        Just("\u{202e}gnp"),
        Just("\u{2028}"),
        Just("\u{0}"),
        Just("--=_mixed"),
        Just("&amp;"),
        Just("&lt;"),
        Just("\\"),
        Just(";,:"),
        Just("Ñandú 👩\u{200d}🍳"),
        Just("{% raw %}"),
        Just("{{ x }}"),
        Just("\u{e000}## x"),
        Just("<at>Ann</at>"),
        Just("a b"),
    ];
    proptest::collection::vec(prop_oneof![piece.prop_map(String::from), "\\PC{0,8}"], 1..5).prop_map(|pieces| pieces.concat())
}

fn hostile_notice() -> impl Strategy<Value = Notice> {
    (hostile(), hostile(), hostile(), hostile(), hostile(), hostile()).prop_map(|(subject, title, line, sender, name, uid)| {
        let mut notice = notice_of(2, 20);
        notice.subject.clone_from(&subject);
        notice.recipient_name.clone_from(&name);
        notice.changes = vec![uid];
        notice.sections = vec![Section { title, lines: vec![Line::Item(line.clone()), Line::Step(subject.clone()), Line::Paragraph(name.clone())] }];
        notice.digest = vec![subject, line.clone()];
        notice.sender = Some(sender.clone());
        notice.from.name = sender;
        notice.to = vec![Mailbox { name, email: Some(String::from("ann@example.org")), phone: Some(line.clone()), slack: None }];
        notice.entries = vec![entry(&line, &notice.subject)];
        notice
    })
}

/// The tags of a page, in order.
fn tags(page: &str) -> Vec<String> {
    page.match_indices('<').map(|(start, _)| page[start..].chars().take_while(|letter| !letter.is_whitespace() && *letter != '>').collect()).collect()
}

/// Every text in a JSON value.
fn texts(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => into.push(text.clone()),
        serde_json::Value::Array(all) => all.iter().for_each(|one| texts(one, into)),
        serde_json::Value::Object(all) => all.values().for_each(|one| texts(one, into)),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_name_stays_a_name_in_every_channel(notice in hostile_notice()) {
        let mut calm = notice.clone();
        calm.subject = "a".into();
        calm.sections = vec![Section { title: "a".into(), lines: vec![Line::Item("a".into()), Line::Step("a".into()), Line::Paragraph("a".into())] }];
        calm.sender = Some("a".into());

        // HTML: the same tags as with harmless words.
        let has_words = |text: &str| text.chars().any(|letter| letter.is_ascii_alphanumeric());
        let page = render("html", &notice);
        let is_whole = notice.sections[0].lines.iter().all(|line| has_words(line.text())) && has_words(&notice.sections[0].title);
        if is_whole {
            prop_assert_eq!(tags(&page), tags(&render("html", &calm)));
        }
        prop_assert!(!page.contains("<script") && !page.contains(" onload=\"x"));

        // Plain text and Markdown: the same lines, and no other heading.
        let markdown = render("md", &notice);
        if is_whole {
            prop_assert_eq!(render("text", &notice).lines().count(), render("text", &calm).lines().count());
            prop_assert_eq!(markdown.lines().count(), render("md", &calm).lines().count());
        }
        prop_assert!(markdown.lines().filter(|line| line.starts_with('#')).count() <= 2);
        prop_assert!(!markdown.replace("<!-- -->", "").contains('<') && !markdown.replace("\\]", "").contains("]("));

        // E-mail: the same headers, the same parts, and nobody else gets it.
        let raw = render("eml", &notice);
        let mail = MessageParser::new().parse(raw.as_bytes()).unwrap();
        let names: Vec<String> = mail.headers().iter().map(|header| header.name().to_owned()).collect();
        let calm_raw = render("eml", &calm);
        let calm_mail = MessageParser::new().parse(calm_raw.as_bytes()).unwrap();
        prop_assert_eq!(names, calm_mail.headers().iter().map(|header| header.name().to_owned()).collect::<Vec<_>>());
        prop_assert_eq!((mail.text_body_count(), mail.html_body_count(), mail.attachment_count()), (1, 1, 1));
        prop_assert!(mail.bcc().is_none());
        prop_assert_eq!(mail.to().unwrap().iter().count(), 1);
        prop_assert!(raw.split("\r\n").all(|line| line.len() <= 998));

        // Calendar: one event with the words in it.
        let (_, events) = events(&render("ics", &notice));
        prop_assert_eq!(events.len(), 1);

        // Slack: no sign of Slack's own is left.
        let message: serde_json::Value = serde_json::from_str(&render("slack", &notice)).unwrap();
        let mut all = Vec::new();
        texts(&message["blocks"].as_array().unwrap()[1..].to_vec().into(), &mut all);
        texts(&message["text"], &mut all);
        prop_assert!(all.iter().all(|text| !text.contains(['<', '>'])), "{:?}", all);

        // Teams: no date macro, and no link in what reads Markdown.
        let card: serde_json::Value = serde_json::from_str(&render("teams", &notice)).unwrap();
        for element in card["attachments"][0]["content"]["body"].as_array().unwrap() {
            let mut own = Vec::new();
            texts(element, &mut own);
            prop_assert!(own.iter().all(|text| !text.contains("{{")));
            prop_assert!(element["type"] != "TextBlock" || !element["text"].as_str().unwrap().contains("]("));
        }

        // Spreadsheets: one line for each person, and no cell is a formula.
        let table = render("csv", &notice);
        prop_assert_eq!(table.lines().count(), 2);
        // The quotes around a cell are no part of it, those within are: `"""=1"` is a text that begins with a quote.
        let line = table.split("\r\n").nth(1).unwrap();
        prop_assert!(!line.strip_prefix('"').unwrap_or(line).split(",\"").any(|cell| cell.starts_with(['=', '+', '-', '@'])));
        prop_assert!(render("digest", &notice).trim_end().chars().count() <= 300);
    }
}

#[test]
fn who_was_told_is_written_down_once() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("notices/kept-name"), folder.path());
    let record = |now: &str, step: &str| {
        let ran = fieldgate(folder.path(), &["--ddl", "schema.sql", "--record", "--now", now, "--step", step]);
        assert!(ran.status.success(), "{}", err(&ran));
        std::fs::read_to_string(folder.path().join("told.yml")).unwrap()
    };
    let first = record("2026-11-24", "announce");
    assert!(first.contains("- { change: CHG-042, department: client-services, step: announce, audience: staff, on: 2026-11-24, text: "), "{first}");
    assert_eq!(first.matches("- {").count(), 2, "one line for each department that is touched: {first}");
    assert_eq!(record("2026-11-24", "announce"), first);
    assert_eq!(record("2026-12-07", "reminder").matches("- {").count(), 4);
    // The log is read before anything is judged: one that cannot be read ends the run.
    std::fs::write(folder.path().join("told.yml"), "told:\n  - { chnge: x }\n").unwrap();
    let refused = fieldgate(folder.path(), &["--ddl", "schema.sql"]);
    assert!(refused.status.code() == Some(2) && err(&refused).contains("told.yml:2"), "{}", err(&refused));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, &target).map(drop).unwrap() }
    }
}

/// The repository with one text in a file replaced.
fn changed(file: &str, old: &str, new: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("notices/kept-name"), folder.path());
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
    assert!(text.contains(old), "{file} does not hold {old}");
    std::fs::write(folder.path().join(file), text.replace(old, new)).unwrap();
    folder
}

fn refused(folder: &Path, arguments: &[&str], words: &[&str]) {
    let ran = fieldgate(folder, &[&["--ddl", "schema.sql", "--now", "2026-11-24"], arguments].concat());
    assert_eq!(ran.status.code(), Some(2), "{}{}", out(&ran), err(&ran));
    // The lines are wrapped where the terminal ends.
    let said = err(&ran).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for word in words {
        assert!(said.contains(word), "{word} is not in:\n{}", err(&ran));
    }
}

#[test]
fn a_missing_plain_name_says_where_to_add_it() {
    let folder = changed("catalog.yml", "  app.clients.phone: { label: phone, list: Client list }\n", "");
    refused(folder.path(), &[], &["app.clients.phone has no plain name", "add to catalog.yml", "app.clients.phone: { label: …, list: Client list }"]);
}

#[test]
fn templates_of_the_organisation_win_and_their_faults_are_shown_at_their_line() {
    let folder = changed("fieldgate.yml", "notices: { log: told.yml }", "notices: { templates: words }");
    let words = folder.path().join("words");
    std::fs::create_dir_all(&words).unwrap();
    std::fs::write(words.join("en.yml"), "heading.to_do: Your part\n").unwrap();
    std::fs::write(words.join("reminder.j2"), "## {{ say('heading.to_do') }}\n{% for line in to_do %}\n- {{ line }}\n{% endfor %}\n").unwrap();
    let ran = fieldgate(folder.path(), &["--ddl", "schema.sql", "--now", "2026-12-07", "--step", "reminder", "--department", "client-services"]);
    assert!(out(&ran).contains("Your part\nMaria Lopez: please update") && !out(&ran).contains("When"), "{}{}", out(&ran), err(&ran));

    std::fs::write(words.join("en.yml"), "heading.to_do: Your part\nto_do.nothing: \"{{ whom }}\"\n").unwrap();
    refused(folder.path(), &[], &["nothing fills `{{ whom }}`", "words/en.yml:2"]);
    std::fs::write(words.join("en.yml"), "heading.todo: Your part\n").unwrap();
    refused(folder.path(), &[], &["no notice has a sentence named `heading.todo`", "did you mean `heading.to_do`?"]);
    std::fs::remove_file(words.join("en.yml")).unwrap();
    std::fs::write(words.join("announce.j2"), "## Now\n{% for line in to_do %}\n").unwrap();
    refused(folder.path(), &[], &["announce.j2", "cannot be filled in"]);
    std::fs::write(words.join("announce.j2"), "## Now\n- {{ todo }}\n").unwrap();
    refused(folder.path(), &[], &["announce.j2:2", "cannot be filled in"]);
}

#[test]
fn a_language_that_nobody_wrote_and_a_department_that_nobody_knows_are_told() {
    let folder = changed("catalog.yml", "language: es", "language: fr");
    refused(folder.path(), &[], &["no sentences for notices in the language `fr`", "catalog.yml:5", "fr.yml"]);
    let known = root().join("notices/kept-name");
    refused(&known, &["--department", "client-service"], &["there is no department `client-service`", "did you mean `client-services`?"]);
    refused(&known, &["--channel", "eml"], &["cannot be printed one after the other", "--output-dir"]);
    let folder = changed("fieldgate.yml", "notices: { log: told.yml }", "");
    refused(folder.path(), &["--record"], &["nothing says where to write down who was told", "notices: { log: notices.yml }"]);
}

#[test]
fn one_name_for_a_set_of_changes_stands_in_its_messages() {
    let ran = fieldgate(&root().join("example"), &["--now", "2026-11-22", "--change-set", "CHG-WINTER", "--department", "client-services"]);
    assert!(out(&ran).contains("(CHG-WINTER)") && !out(&ran).contains("CHG-2026-047"), "{}", out(&ran));
    assert_eq!(out(&ran).matches("What you need to do").count(), 1, "one notice, though five migrations touch the department");
}

/// A browser, when there is one.
fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("FIELDGATE_TESTS_CHROMIUM").map(PathBuf::from);
    let folders = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell"];
    named.or_else(|| folders.iter().flat_map(|folder| names.iter().map(|name| folder.join(name))).find(|path| path.is_file()))
}

#[test]
fn a_browser_shows_the_page_without_scrolling_sideways() {
    let Some(browser) = chromium() else {
        assert!(
            std::env::var_os("FIELDGATE_TESTS_WITHOUT_BROWSER").is_some(),
            "there is no Chromium here; install it, or set FIELDGATE_TESTS_WITHOUT_BROWSER=1 to go without (tests/run does either)"
        );
        return;
    };
    for (case, _, _) in CASES {
        let pages = written(case, ".html");
        let seen = seen_by(&browser, &pages);
        assert_eq!(seen.len(), 2 * pages.len(), "{case}");
        for one in seen {
            let (name, width) = (&one["name"], one["width"].as_f64().unwrap());
            assert!(one["scroll"].as_f64().unwrap() <= width && one["fits"] == true, "{case}/{name}: {one}");
            assert!(one["column"].as_f64().unwrap() <= 600.5 && one["font"].as_f64().unwrap() >= 16.0, "{case}/{name}: {one}");
            assert!(["en", "es"].contains(&one["lang"].as_str().unwrap()) && one["role"] == "presentation", "{case}/{name}: {one}");
            assert!(one["h1"] == 1 && one["h2"].as_u64().unwrap() >= 4 && one["items"] == one["loose"], "{case}/{name}: {one}");
            assert!(one["words"].as_str().unwrap().contains(one["title"].as_str().unwrap()), "{case}/{name}: {one}");
        }
    }
}

#[test]
fn microsofts_own_renderer_shows_every_card_whole() {
    let Some(browser) = chromium() else { return };
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let modules = root.join("target/test-tools/node/node_modules");
    if !modules.join("adaptivecards").is_dir() {
        assert!(
            std::env::var_os("FIELDGATE_TESTS_WITHOUT_TOOLS").is_some(),
            "the package adaptivecards is not here: `tests/run` installs it; FIELDGATE_TESTS_WITHOUT_TOOLS=1 lets this test pass unrun"
        );
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut cards: Vec<(String, String)> = CASES.iter().flat_map(|(case, _, _)| written(case, ".teams.json")).collect();
    // One that is cut, and one whose words try to be more than words.
    cards.push((String::from("long"), render("teams", &notice_of(400, 500))));
    let mut hostile = notice_of(2, 20);
    hostile.subject = String::from("<at>Ann</at> {{DATE(2017-02-14,SHORT)}} [a](http://b) **x** # y");
    hostile.sections = vec![Section { title: hostile.subject.clone(), lines: vec![Line::Item(hostile.subject.clone())] }];
    cards.push((String::from("hostile"), render("teams", &hostile)));
    let shown = |cards: &[(String, String)]| {
        let files: Vec<PathBuf> = (0..)
            .zip(cards)
            .map(|(number, (name, text)): (u32, _)| {
                let path = folder.path().join(format!("{number}-{name}"));
                std::fs::write(&path, text).unwrap();
                path
            })
            .collect();
        let mut command = Command::new("node");
        command.arg(root.join("tests/notices/teams.cjs")).arg(&browser).args(files).env("NODE_PATH", &modules).output().unwrap()
    };
    let ran = shown(&cards);
    assert!(ran.status.success(), "{}", err(&ran));
    let broken = vec![(String::from("broken"), cards[0].1.replace("RichTextBlock", "RichText"))];
    assert!(!shown(&broken).status.success(), "a renderer that objects to nothing would be seen");
}

/// What a browser makes of pages. Each stands in a frame as wide as a small telephone and in one as wide as a desk, and a script beside the frames looks
/// at them.
fn seen_by(browser: &Path, pages: &[(String, String)]) -> Vec<serde_json::Value> {
    let folder = tempfile::tempdir().unwrap();
    let frames: String = pages
        .iter()
        .flat_map(|(name, page)| {
            let page = page.replace('&', "&amp;").replace('"', "&quot;");
            [320, 1024].map(|width| format!("<iframe name=\"{name}\" width=\"{width}\" height=\"900\" srcdoc=\"{page}\"></iframe>"))
        })
        .collect();
    let script = "<script>addEventListener('load', () => { const all = [...document.querySelectorAll('iframe')].map(frame => { \
        const page = frame.contentDocument; const root = page.documentElement; const width = Number(frame.width); \
        const table = page.querySelector('table'); \
        return { name: frame.name, width, scroll: root.scrollWidth, lang: root.lang, title: page.title, words: page.body.innerText, \
        fits: [...page.querySelectorAll('*')].every(one => one.getBoundingClientRect().right <= width + 0.5), \
        h1: page.querySelectorAll('h1').length, h2: page.querySelectorAll('h2').length, \
        items: page.querySelectorAll('ul > li, ol > li').length, loose: page.querySelectorAll('li').length, \
        role: table.getAttribute('role'), column: table.getBoundingClientRect().width, \
        font: Math.min(...[...page.querySelectorAll('p, li')].map(one => parseFloat(getComputedStyle(one).fontSize))) }; }); \
        document.body.textContent = 'RESULT' + JSON.stringify(all) + 'END'; });</script>";
    let path = folder.path().join("frames.html");
    std::fs::write(&path, format!("<!DOCTYPE html><meta charset=\"utf-8\"><body style=\"margin: 0\">{frames}{script}</body>")).unwrap();
    let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
    let ran = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--window-size=1400,1000", "--dump-dom", &profile])
        .arg(format!("file://{}", path.display()))
        .output()
        .unwrap();
    let dom = out(&ran);
    let result = dom.rsplit("RESULT").next().and_then(|rest| rest.split("END").next()).filter(|_| dom.contains("RESULT"));
    let result = result.unwrap_or_else(|| panic!("the browser gave no answer: {dom}{}", err(&ran)));
    serde_json::from_str(&result.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).unwrap()
}
