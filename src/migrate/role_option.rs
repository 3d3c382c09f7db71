//! Options of `CREATE ROLE`.
//!
//! Source: PostgreSQL 15, gram.y (AlterOptRoleElem) and CreateRole (user.c).

use super::work::{Applied, Work};
use super::written::{Word, Written};
use crate::name::Name;
use crate::sql::tree::Ident;

impl Work<'_> {
    /// Options of `CREATE ROLE` and `ALTER ROLE`, from a place on; gives the roles that it becomes a member of, and those that become members of it.
    pub(super) fn role_options_are_valid(&self, written: &Written, start: usize) -> Applied<(Vec<Name>, Vec<Name>)> {
        const SWITCHES: &[&str] = &["superuser", "createdb", "createrole", "inherit", "login", "replication", "bypassrls"];
        let mut seen: Vec<&str> = Vec::new();
        let (mut groups, mut members) = (Vec::new(), Vec::new());
        let mut place = start;
        while let Some(word) = written.at(place) {
            place += 1;
            let text = word.text().to_ascii_lowercase();
            let bare = text.strip_prefix("no").filter(|rest| SWITCHES.contains(rest)).unwrap_or(&text).to_owned();
            if let Some(switch) = SWITCHES.iter().find(|own| **own == bare) {
                if seen.contains(switch) {
                    return self.refuse("42601", "conflicting or redundant options");
                }
                seen.push(switch);
                continue;
            }
            match text.as_str() {
                "with" | "encrypted" => {}
                "password"
                    if place >= 2
                        && written.at(place - 2).is_some_and(|word| word.is("encrypted"))
                        && written.at(place).is_some_and(|word| word.is("null")) =>
                {
                    return self.refuse("42601", "syntax error at or near \"NULL\"");
                }
                "password" | "sysid" => place += 1,
                "connection" => {
                    let is_negative = matches!(written.at(place + 1), Some(Word::Sign(sign)) if sign == "-");
                    let number = written.at(place + 1 + usize::from(is_negative)).and_then(|word| word.text().parse::<i64>().ok()).unwrap_or(0);
                    if is_negative && number > 1 {
                        return self.refuse("22023", format!("invalid connection limit: -{number}"));
                    }
                    place += 2 + usize::from(is_negative);
                }
                "valid" => {
                    let until = written.at(place + 1).map(Word::text).unwrap_or_default();
                    let moment = crate::schema::DataType::builtin("timestamptz");
                    if let crate::typing::Fit::Refused(sqlstate, message) = crate::typing::literal_fits(&self.schema, &[], &moment, until) {
                        return self.refuse(sqlstate, message);
                    }
                    place += 2;
                }
                "in" | "role" | "user" | "admin" | "group" => {
                    if text == "in" {
                        place += 1;
                    }
                    while let Some(Word::Name(name, _)) = written.at(place) {
                        self.role_exists(&Ident { name: name.clone(), span: self.span })?;
                        if text == "in" {
                            groups.push(name.clone())
                        } else {
                            members.push(name.clone())
                        }
                        place += 1;
                        if written.at(place).is_some_and(|word| word.text() == ",") { place += 1 } else { break }
                    }
                }
                _ => return self.refuse("42601", format!("unrecognized role option \"{text}\"")),
            }
        }
        Ok((groups, members))
    }
}
