//! `SET`, `RESET`, `SET ROLE` and `set_config`: what of a session decides how names are found.
//!
//! In: a session statement. Out: the session after it; what is computed cannot be known, and is said to be so.

use std::sync::Arc;

use super::work::Work;
use crate::name::{Name, Quoting};
use crate::sql::tree::{Session as SessionStatement, SettingValue};

/// How long a setting holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    /// Until the session ends or it is set again.
    Session,
    /// Until the transaction ends.
    Transaction,
}

impl Work<'_> {
    /// Changes the session; gives how long the change holds.
    pub(super) fn set(&mut self, statement: &SessionStatement) -> Lifetime {
        match statement {
            SessionStatement::Set { name, values, local } => {
                self.set_one(name, values);
                if *local { Lifetime::Transaction } else { Lifetime::Session }
            }
            SessionStatement::Reset(name) => {
                match name.as_deref() {
                    Some(name) => self.set_one(name, &[]),
                    None => {
                        for name in ["search_path", "timezone", "check_function_bodies"] {
                            self.set_one(name, &[]);
                        }
                        // `RESET ALL` leaves the role as it is, `DISCARD ALL` does not (manual, DISCARD).
                        if self.sources.slice(self.span).trim_start().to_ascii_uppercase().starts_with("DISCARD") {
                            self.set_one("session_authorization", &[]);
                        }
                    }
                }
                Lifetime::Session
            }
            SessionStatement::Other(_) => Lifetime::Session,
        }
    }

    fn set_one(&mut self, name: &str, values: &[SettingValue]) {
        let computed = values.iter().any(|value| matches!(value, SettingValue::Computed(_)));
        if computed && ["search_path", "role", "timezone", "session authorization", "session_authorization"].contains(&name) {
            let span = self.span;
            self.leave_unjudged(format!("the new value of {name} is computed, so names after it cannot be resolved for sure"), span, &[]);
            return;
        }
        match name {
            "search_path" => self.session.search_path = self.path_from(values),
            "role" | "session authorization" | "session_authorization" => {
                let role = match values.first() {
                    Some(SettingValue::Word(word)) if matches!(word.name.as_str(), "none" | "default") => None,
                    Some(SettingValue::Word(word)) => Some(word.name.clone()),
                    Some(SettingValue::Text(text)) if text == "none" => None,
                    Some(SettingValue::Text(text)) => Some(Name::stored(text.as_str())),
                    _ => None,
                };
                // Without a role of its own the session works as whom it was handed to.
                if name == "role" {
                    self.session.role = role.or_else(|| self.session.authorization.clone());
                } else {
                    self.session.role.clone_from(&role);
                    self.session.authorization = role;
                }
            }
            "check_function_bodies" => {
                let word = match values.first() {
                    Some(SettingValue::Word(word)) => word.name.to_string(),
                    Some(SettingValue::Text(text) | SettingValue::Number(text)) => text.to_ascii_lowercase(),
                    Some(SettingValue::Computed(_)) | None => String::new(),
                };
                self.session.checks_bodies = !matches!(word.as_str(), "off" | "false" | "no" | "0");
            }
            "timezone" | "time zone" => {
                self.session.time_zone = match values.first() {
                    Some(SettingValue::Text(text) | SettingValue::Number(text)) => Some(text.clone()),
                    Some(SettingValue::Word(word)) => Some(word.name.to_string()),
                    _ => None,
                };
            }
            _ => {}
        }
    }

    /// The search path: `"$user"` is the role's own schema, an empty string is no schema, a text of `set_config` holds a list.
    fn path_from(&self, values: &[SettingValue]) -> Vec<Name> {
        if values.is_empty() {
            return crate::lineage::Session::new(&self.schema).search_path;
        }
        let mut path = Vec::new();
        for value in values {
            match value {
                SettingValue::Word(word) => path.push(word.name.clone()),
                SettingValue::Text(text) if values.len() == 1 && text.contains(',') => path.extend(text.split(',').map(|part| self.path_entry(part))),
                SettingValue::Text(text) if text.is_empty() => {}
                SettingValue::Text(text) => path.push(Name::stored(text.trim_matches('"'))),
                SettingValue::Number(_) | SettingValue::Computed(_) => {}
            }
        }
        path.retain(|name| !name.as_str().is_empty());
        for name in &mut path {
            if name.as_str() == "$user"
                && let Some(role) = &self.session.role
            {
                *name = role.clone();
            }
        }
        path
    }

    /// What a routine keeps of `SET name FROM CURRENT`: the value in force here, as the server writes it down; every other value is given back.
    pub(super) fn value_in_force(&mut self, name: &str, value: &str) -> Arc<str> {
        if value != "FROM CURRENT" {
            return Arc::from(value);
        }
        let literal = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let current = match name.to_ascii_lowercase().as_str() {
            "search_path" if self.session.search_path == self.path_from(&[]) => Some(String::from("'$user', 'public'")),
            "search_path" if self.session.search_path.is_empty() => Some(String::from("''")),
            "search_path" => Some(self.session.search_path.iter().map(|schema| literal(schema.as_str())).collect::<Vec<_>>().join(", ")),
            "timezone" => self.session.time_zone.as_deref().map(literal),
            _ => None,
        };
        let span = self.span;
        current.map_or_else(
            || {
                self.leave_unjudged(format!("the value of {name} in this session is not known, so what the routine keeps of it is not either"), span, &[]);
                Arc::from(value)
            },
            Arc::from,
        )
    }

    fn path_entry(&self, part: &str) -> Name {
        let part = part.trim();
        match part.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => Name::stored(quoted),
            None => self.schema.dialect.fold(part, Quoting::Bare),
        }
    }
}
