//! The file beside a migration as it is written. The JSON Schema comes from these types, so their comments are what an editor shows.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::text::Spanned;
use crate::yaml::{Entries, WordOr};

/// What is to be known of a change beside its SQL: why, when, who agreed. Stands next to the migration as `NAME.fieldgate.yml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "Change record (NAME.fieldgate.yml)")]
pub struct RawSidecar {
    /// The id of the change, as people quote it: `CHG-2026-047`.
    pub change: Option<Spanned<String>>,
    /// Where it is discussed: a pull request or a ticket.
    pub link: Option<String>,
    /// Who asked for it.
    pub requester: Option<WordOr<RawPerson>>,
    /// Why, in one plain sentence.
    pub reason: Option<Spanned<String>>,
    /// What happens when it is not done.
    pub if_not_done: Option<String>,
    /// How bad it would be, and how likely.
    pub risk: Option<Risk>,
    /// How it is decided on.
    #[serde(rename = "type")]
    pub change_type: Option<ChangeType>,
    /// When it is applied.
    pub window: Option<RawWindow>,
    /// Who approved it.
    pub approver: Option<WordOr<RawPerson>>,
    /// The last day on which the old name still works.
    pub old_name_until: Option<Spanned<String>>,
    /// Old field → the field that takes its place: `app.clients.phone: app.clients.contact_phone`.
    #[schemars(with = "std::collections::BTreeMap<String, String>")]
    pub replaced_by: Entries<Spanned<String>>,
    /// Until when a department can object.
    pub object_until: Option<Spanned<String>>,
    /// Until when everything can be put back.
    pub undo_until: Option<Spanned<String>>,
    /// When the next message comes.
    pub next_message: Option<Spanned<String>>,
    /// What stays the same, in plain sentences.
    pub stays_the_same: Vec<String>,
    /// `reason` and `stays_the_same` in other languages, by language: `es: { reason: … }`.
    pub translations: Entries<RawTranslation>,
    /// What went wrong with it, for the message about an incident.
    pub incident: Option<RawIncident>,
    /// Departments that agreed, by id.
    pub sign_offs: Entries<RawSignOff>,
    /// Who tried it, and when.
    pub tests: Vec<RawTest>,
}

/// A person.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Person")]
pub struct RawPerson {
    /// First and last name.
    pub name: String,
    /// Where they read.
    pub email: Option<Spanned<String>>,
    /// What they do.
    pub role: Option<String>,
}

/// When a change is applied.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Window")]
pub struct RawWindow {
    /// Its beginning: with an offset, or in the organisation's time zone.
    pub start: Spanned<String>,
    /// Its end.
    pub end: Spanned<String>,
    /// Whether people can go on working meanwhile.
    pub work_goes_on: Option<bool>,
}

/// What is said in another language.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Translation")]
pub struct RawTranslation {
    /// Why, in one plain sentence.
    pub reason: Option<Spanned<String>>,
    /// What stays the same, in plain sentences.
    pub stays_the_same: Vec<String>,
    /// What is done about an incident now, in plain sentences.
    pub doing: Vec<String>,
    /// What people can do meanwhile, in plain sentences.
    pub meanwhile: Vec<String>,
}

/// What went wrong.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(rename = "Incident")]
pub struct RawIncident {
    /// Since when.
    pub since: Option<Spanned<String>>,
    /// What is done about it now, in plain sentences.
    pub doing: Vec<String>,
    /// What people can do meanwhile, in plain sentences.
    pub meanwhile: Vec<String>,
    /// When people hear more.
    pub next_update: Option<Spanned<String>>,
}

/// A department's agreement.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "SignOff")]
pub struct RawSignOff {
    /// Who agreed.
    pub name: String,
    /// On which day.
    pub on: Spanned<String>,
    /// Fingerprints of the findings that were agreed to. All effects on the department when neither findings nor effects are named.
    #[serde(default)]
    pub findings: Vec<Spanned<String>>,
    /// Effects that were agreed to, by consumer and field.
    #[serde(default)]
    pub effects: Vec<RawSignedEffect>,
}

/// An effect that a department agrees to.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "SignedEffect")]
pub struct RawSignedEffect {
    /// The consumer's id in the catalog.
    pub consumer: Spanned<String>,
    /// The field it is about, as `schema.table.column`; all effects on the consumer when there is none.
    pub field: Option<Spanned<String>>,
}

/// A trial run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Test")]
pub struct RawTest {
    /// Who tried it.
    pub name: String,
    /// On which day.
    pub on: Spanned<String>,
    /// What was tried, and what came of it.
    pub what: String,
}

/// How bad, and how likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// Hardly anybody would notice.
    Low,
    /// Some work would stand still.
    Medium,
    /// Departments would stand still, or data would be lost.
    High,
}

/// How a change is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeType {
    /// Of a kind that is approved once and for all.
    Standard,
    /// Approved by itself, before it is applied.
    Normal,
    /// Applied first, approved afterwards.
    Emergency,
}
