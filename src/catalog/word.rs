//! The closed words of a catalog.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a consumer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConsumerKind {
    /// Read by people, once in a while.
    Report,
    /// Looked at by people, always there.
    Dashboard,
    /// A file that is handed on.
    Export,
    /// Another system that is kept the same.
    Sync,
    /// What writes into the warehouse: a form, a load.
    Ingest,
    /// A program that people work with.
    App,
    /// A calculation that others build on.
    Model,
}

impl ConsumerKind {
    /// All kinds, in the order in which they are listed to a user.
    pub const ALL: [Self; 7] = [Self::Report, Self::Dashboard, Self::Export, Self::Sync, Self::Ingest, Self::App, Self::Model];

    /// The word in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Dashboard => "dashboard",
            Self::Export => "export",
            Self::Sync => "sync",
            Self::Ingest => "ingest",
            Self::App => "app",
            Self::Model => "model",
        }
    }
}

/// How much hangs on a consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    /// It can wait.
    Low,
    /// It is missed within days.
    Medium,
    /// Work stands still without it.
    High,
}

impl Criticality {
    /// All words, from the least.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// The word in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// How often a consumer is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cadence {
    /// All the time.
    Continuous,
    /// Every hour.
    Hourly,
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every month.
    Monthly,
    /// Every three months.
    Quarterly,
    /// Once a year: the one that everybody forgets.
    Yearly,
    /// When somebody asks.
    OnDemand,
}

impl Cadence {
    /// All words, from the most often.
    pub const ALL: [Self; 8] = [Self::Continuous, Self::Hourly, Self::Daily, Self::Weekly, Self::Monthly, Self::Quarterly, Self::Yearly, Self::OnDemand];

    /// The word in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Continuous => "continuous",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
            Self::OnDemand => "on_demand",
        }
    }

    /// After so many days without a look at it an entry is doubted: half a year, and for yearly ones a year and a month.
    pub fn stale_after_days(self) -> i64 {
        match self {
            Self::Continuous | Self::Hourly | Self::Daily | Self::Weekly | Self::Monthly | Self::Quarterly | Self::OnDemand => 183,
            Self::Yearly => 396,
        }
    }
}

/// Who repairs a consumer when the warehouse changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FixedBy {
    /// Those who look after the warehouse.
    DataTeam,
    /// The department, by its owner.
    Owner,
    /// Somebody outside: a vendor.
    Vendor,
}

impl FixedBy {
    /// The word in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DataTeam => "data_team",
            Self::Owner => "owner",
            Self::Vendor => "vendor",
        }
    }
}
