//! A whole e-mail (`.eml`, RFC 5322 and 2045): plain text and HTML as alternatives, and the calendar entry attached. It opens as a draft where a
//! mail program can do that, and says that no person typed it.

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

use super::calendar::calendar;
use super::html::html;
use super::plain::plain_text;
use super::record::Channel;
use crate::notice::text::{clean, cut, short_digest};
use crate::notice::{Mailbox, Notice};

/// An e-mail.
pub(super) static MAIL: Channel =
    Channel { name: "eml", about: "an e-mail with its calendar entry, to open in a mail program", ending: "eml", between: None, render };

/// What a reader sees of a subject at most; a header has no use for more.
const SUBJECT: usize = 200;

/// An address that can never exist (RFC 2606), where a sender is demanded and none is known.
const NOBODY: &str = "nobody@fieldgate.invalid";

fn render(notice: &Notice) -> Option<String> {
    let calendar = calendar(notice);
    let alternative = multipart("multipart/alternative", "alternative", notice)
        .with(vec![MimePart::new("text/plain", plain_text(notice)), MimePart::new("text/html", html(notice))]);
    let body = match &calendar {
        None => alternative,
        Some(calendar) => {
            let method = if calendar.is_cancelled { "CANCEL" } else { "PUBLISH" };
            let kind = ContentType::new("text/calendar").attribute("charset", "utf-8").attribute("method", method);
            let entry = MimePart::new(kind, calendar.text.clone()).attachment("calendar.ics");
            multipart("multipart/mixed", "mixed", notice).with(vec![alternative, entry])
        }
    };
    let from = notice.from.email.as_deref().unwrap_or(NOBODY);
    let to: Vec<Address<'_>> = notice.to.iter().filter_map(mailbox).collect();
    let mut message = MessageBuilder::new()
        .date(Date::new(notice.written_at.as_second()))
        .from(Address::new_address(Some(clean(&notice.from.name)).filter(|name| !name.is_empty()), clean(from)))
        .subject(cut(&clean(&notice.subject), SUBJECT))
        .message_id(id(notice, &[notice.step.as_str(), &notice.written_at.to_string(), &plain_text(notice)]))
        // All messages of a series hang on the same thread, which need not be a message itself.
        .references(id(notice, &["series"]))
        .header("Content-Language", Raw::new(language(&notice.language)))
        .header("Auto-Submitted", Raw::new("auto-generated"))
        .header("X-Unsent", Raw::new("1"))
        .body(body);
    if !to.is_empty() {
        message = message.to(Address::new_list(to));
    }
    message.write_to_string().ok()
}

fn mailbox(person: &Mailbox) -> Option<Address<'static>> {
    let email = clean(person.email.as_ref()?);
    Some(Address::new_address(Some(clean(&person.name)), email))
}

/// A tag of letters, digits and `-`; nothing else can be in a language tag.
fn language(tag: &str) -> String {
    tag.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
}

/// The same for the same message: it depends on nothing but what it is of.
fn id(notice: &Notice, of: &[&str]) -> String {
    format!("{}@fieldgate.invalid", digest(notice, of))
}

fn digest(notice: &Notice, of: &[&str]) -> String {
    short_digest(&[&notice.changes.join("\n"), &*notice.recipient, &of.join("\n")].join("\n\n"))
}

struct Multipart<'x> {
    kind: ContentType<'x>,
}

/// With a boundary that is the same for the same message. `=_` stands in no quoted-printable line (RFC 2045, 6.7).
fn multipart<'x>(kind: &'x str, of: &str, notice: &Notice) -> Multipart<'x> {
    let boundary = format!("=_{of}_{}", digest(notice, &[of, notice.step.as_str()]));
    Multipart { kind: ContentType::new(kind).attribute("boundary", boundary) }
}

impl<'x> Multipart<'x> {
    fn with(self, parts: Vec<MimePart<'x>>) -> MimePart<'x> {
        MimePart::new(self.kind, parts)
    }
}
