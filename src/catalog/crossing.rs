//! Raw catalog files → one catalog: ids unique, references known, days and addresses real, each fault at its line.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::inline_sql;
use super::model::{Catalog, Consumer, ConsumerSql, Contact, Department, Field, Owner};
use super::raw::{RawCatalog, RawConsumer, RawContact, RawDepartment, RawField, RawOwner};
use super::reference::reference;
use crate::diagnostic::Problem;
use crate::dialect::Dialect;
use crate::name::Quoting;
use crate::text::{Sources, Span, Spanned};
use crate::yaml::{self, OneOrMany, WordOr};

/// Puts files together.
pub(super) struct Merger<'m> {
    /// What is there so far.
    pub catalog: Catalog,
    dialect: &'static Dialect,
    sources: &'m mut Sources,
    problems: &'m mut Vec<Problem>,
    /// Departments that consumers name, to be looked up when all files are read.
    wanted: Vec<Spanned<String>>,
    field_places: BTreeMap<String, Span>,
}

impl<'m> Merger<'m> {
    pub(super) fn new(dialect: &'static Dialect, sources: &'m mut Sources, problems: &'m mut Vec<Problem>) -> Self {
        Self { catalog: Catalog::default(), dialect, sources, problems, wanted: Vec::new(), field_places: BTreeMap::new() }
    }

    /// Reads one file into what is there.
    pub(super) fn file(&mut self, path: &Path) {
        let id = match self.sources.load(path) {
            Ok(id) => id,
            Err(error) => return self.problems.push(error.into()),
        };
        let node = match yaml::parse(self.sources, id) {
            Ok(node) => node,
            Err(problems) => return self.problems.extend(problems),
        };
        let (raw, problems) = yaml::decode::<RawCatalog>(&node);
        self.problems.extend(problems);
        let Some(raw) = raw else { return };
        let folder = path.parent().unwrap_or(Path::new(""));
        for (id, department) in raw.departments.0 {
            self.department(&id, department);
        }
        for (name, field) in raw.fields.0 {
            self.field(&name, field);
        }
        for (id, consumer) in raw.consumers.0 {
            self.consumer(&id, consumer, folder);
        }
    }

    /// Looks up what could not be known before all files were read.
    pub(super) fn finish(self) -> Catalog {
        for word in &self.wanted {
            if self.catalog.departments.contains_key(word.value.as_str()) {
                continue;
            }
            let problem = Problem::error("catalog-unknown-department", format!("there is no department `{}`", word.value)).at(word.span);
            let known = self.catalog.departments.keys().map(AsRef::as_ref);
            self.problems.push(problem.allowed(&word.value, known).help("departments are declared under `departments:` in any file of the catalog"));
        }
        self.catalog
    }

    fn department(&mut self, id: &Spanned<String>, raw: RawDepartment) {
        self.check_id(id, "department");
        let contacts = raw.contacts.into_iter().map(|contact| self.contact(contact)).collect();
        let key: Arc<str> = id.value.as_str().into();
        let department = Department { id: key.clone(), span: Some(id.span), name: raw.name, contacts, language: raw.language };
        if let Some(first) = self.catalog.departments.get(&key).and_then(|first| first.span) {
            return self.twice("department", id, first);
        }
        self.catalog.departments.insert(key, department);
    }

    fn contact(&mut self, raw: RawContact) -> Contact {
        let email = raw.email.and_then(|address| yaml::e_mail(&address, self.problems));
        Contact { name: raw.name, role: raw.role, email, slack: raw.slack, phone: raw.phone }
    }

    fn field(&mut self, name: &Spanned<String>, raw: RawField) {
        let Some(reference) = reference(name, self.dialect, self.problems) else { return };
        let key = reference.key();
        if let Some(first) = self.field_places.get(&key) {
            return self.twice("field", name, *first);
        }
        self.field_places.insert(key.clone(), name.span);
        self.catalog.fields.insert(key, Field { reference, label: raw.label, list: raw.list, description: raw.description });
    }

    fn consumer(&mut self, id: &Spanned<String>, raw: RawConsumer, folder: &Path) {
        self.check_id(id, "consumer");
        let key: Arc<str> = id.value.as_str().into();
        if let Some(first) = self.catalog.consumers.get(&key).map(|first| first.span) {
            return self.twice("consumer", id, first);
        }
        let names_sql = raw.sql.is_some() || raw.sql_file.is_some();
        let sql = self.sql(&id.value, raw.sql, raw.sql_file, folder);
        let mut names =
            |list: OneOrMany<Spanned<String>>| list.into_vec().iter().filter_map(|name| reference(name, self.dialect, self.problems)).collect::<Vec<_>>();
        let (reads, reads_by_position, writes) = (names(raw.reads), names(raw.reads_by_position), names(raw.writes));
        self.wanted.extend(raw.department.clone());
        let last_checked = raw.last_checked.and_then(|day| yaml::date(&day, self.problems).map(|date| Spanned::new(date, day.span)));
        let search_path = raw.search_path.map(|names| names.iter().map(|name| self.dialect.fold(&name.value, Quoting::Bare)).collect());
        let consumer = Consumer {
            id: key.clone(),
            span: id.span,
            name: raw.name.unwrap_or_else(|| id.value.clone()),
            kind: raw.kind,
            tool: raw.tool,
            department: raw.department.map(|word| word.value.into()),
            owner: raw.owner.map(|owner| self.owner(owner)),
            criticality: raw.criticality,
            cadence: raw.cadence,
            last_checked,
            fixed_by: raw.fixed_by,
            description: raw.description,
            url: raw.url,
            recipients: raw.recipients.iter().filter_map(|address| yaml::e_mail(address, self.problems)).collect(),
            sql,
            reads,
            reads_by_position,
            writes,
            search_path,
            role: raw.role.map(|role| self.dialect.fold(&role, Quoting::Quoted)),
        };
        if consumer.is_opaque() && !names_sql {
            let problem =
                Problem::warning("catalog-consumer-says-nothing", format!("nothing says what `{}` reads or writes, so it cannot be judged", id.value));
            self.problems.push(problem.at(id.span).help("give it `sql:`, `sql_file:`, `reads:`, `reads_by_position:` or `writes:`"));
        }
        self.catalog.consumers.insert(key, consumer);
    }

    fn owner(&mut self, raw: WordOr<RawOwner>) -> Owner {
        match raw {
            WordOr::Word(name) => Owner { name: name.value, email: None, slack: None },
            WordOr::Fields(owner) => {
                let email = owner.email.and_then(|address| yaml::e_mail(&address, self.problems));
                Owner { name: owner.name, email, slack: owner.slack }
            }
        }
    }

    fn sql(&mut self, id: &str, sql: Option<Spanned<String>>, file: Option<Spanned<String>>, folder: &Path) -> Option<ConsumerSql> {
        if let (Some(sql), Some(file)) = (&sql, &file) {
            let problem = Problem::error("catalog-sql-twice", format!("`{id}` has both `sql` and `sql_file`")).at(file.span).label(sql.span, "and here");
            self.problems.push(problem.help("keep one of the two"));
            return None;
        }
        if let Some(sql) = sql {
            return Some(ConsumerSql { part: inline_sql::place(&sql, id, self.sources) });
        }
        let file = file?;
        match self.sources.load(&folder.join(&file.value)) {
            Ok(source) => Some(ConsumerSql { part: self.sources.whole(source) }),
            Err(error) => {
                // The fault is shown where the file is named; its own place, if it has one, is in the message.
                let problem = Problem::from(error).at(file.span);
                self.problems.push(problem.help("`sql_file` is relative to the folder of this catalog file"));
                None
            }
        }
    }

    fn check_id(&mut self, id: &Spanned<String>, what: &str) {
        let well_formed = !id.value.is_empty() && id.value.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.'));
        if !well_formed {
            let problem = Problem::error("catalog-invalid-id", format!("`{}` is no id of a {what}", id.value)).at(id.span);
            self.problems.push(problem.help("an id is made of letters, digits, `-`, `_` and `.`: it names files and is quoted in messages"));
        }
    }

    fn twice(&mut self, what: &str, id: &Spanned<String>, first: Span) {
        let problem = Problem::error("catalog-id-twice", format!("the {what} `{}` is declared twice", id.value)).at(id.span).label(first, "first here");
        self.problems.push(problem.help("ids are unique over all files of the catalog: give one another id, or put the two together"));
    }
}
