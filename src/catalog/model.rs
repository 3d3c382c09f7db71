//! The catalog as the program works with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::reference::Reference;
use super::word::{Cadence, ConsumerKind, Criticality, FixedBy};
use crate::name::Name;
use crate::text::{Span, Spanned};

/// A person of a department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// First and last name.
    pub name: String,
    /// What they do.
    pub role: Option<String>,
    /// Where they read.
    pub email: Option<String>,
    /// A Slack channel.
    pub slack: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
}

/// A department.
#[derive(Clone, Debug)]
pub struct Department {
    /// Its id in files.
    pub id: Arc<str>,
    /// Where it is declared; `None` for one that is only named by a query of a folder.
    pub span: Option<Span>,
    /// Its name, as people say it.
    pub name: String,
    /// Who reads its notices.
    pub contacts: Vec<Contact>,
    /// The language of its notices.
    pub language: Option<String>,
}

/// A field's plain name.
#[derive(Clone, Debug)]
pub struct Field {
    /// The field.
    pub reference: Reference,
    /// What people call it.
    pub label: String,
    /// The list in which they see it.
    pub list: Option<String>,
    /// What it means.
    pub description: Option<String>,
}

/// Who looks after a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// First and last name.
    pub name: String,
    /// Where they read.
    pub email: Option<String>,
    /// A Slack channel or name.
    pub slack: Option<String>,
}

/// The SQL of a consumer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConsumerSql {
    /// The text, at its place in its own file or in the catalog file.
    pub part: Span,
}

/// Whatever depends on the warehouse.
#[derive(Clone, Debug)]
pub struct Consumer {
    /// Its id.
    pub id: Arc<str>,
    /// Where it is declared: its id in the catalog, or the beginning of its file.
    pub span: Span,
    /// Its name, as people say it.
    pub name: String,
    /// What it is.
    pub kind: ConsumerKind,
    /// What it is made with.
    pub tool: Option<String>,
    /// The department that needs it: a key of [`Catalog::departments`].
    pub department: Option<Arc<str>>,
    /// Who looks after it.
    pub owner: Option<Owner>,
    /// How much hangs on it.
    pub criticality: Option<Criticality>,
    /// How often it is used.
    pub cadence: Option<Cadence>,
    /// When somebody last looked whether this entry is still true.
    pub last_checked: Option<Spanned<Date>>,
    /// Who repairs it.
    pub fixed_by: Option<FixedBy>,
    /// What it is for.
    pub description: Option<String>,
    /// Where it is found.
    pub url: Option<String>,
    /// E-mail addresses of others who use it.
    pub recipients: Vec<String>,
    /// Its SQL.
    pub sql: Option<ConsumerSql>,
    /// What it reads, beside its SQL.
    pub reads: Vec<Reference>,
    /// Relations of which it takes columns by their place.
    pub reads_by_position: Vec<Reference>,
    /// What it writes, beside its SQL.
    pub writes: Vec<Reference>,
    /// Where names without a schema are looked for; `None`: as everywhere.
    pub search_path: Option<Vec<Name>>,
    /// The database role it works as.
    pub role: Option<Name>,
}

impl Consumer {
    /// Whether nothing says what it reads or writes, so that nothing can be judged for it.
    pub fn is_opaque(&self) -> bool {
        self.sql.is_none() && self.reads.is_empty() && self.reads_by_position.is_empty() && self.writes.is_empty()
    }
}

/// Who depends on the warehouse.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// By id.
    pub departments: BTreeMap<Arc<str>, Department>,
    /// By the folded name, `schema.table.column`.
    pub fields: BTreeMap<String, Field>,
    /// By id.
    pub consumers: BTreeMap<Arc<str>, Consumer>,
}

impl Catalog {
    /// The department that a consumer belongs to.
    pub fn department_of(&self, consumer: &Consumer) -> Option<&Department> {
        consumer.department.as_ref().and_then(|id| self.departments.get(id))
    }
}
