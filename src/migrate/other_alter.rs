//! `ALTER` of the kinds that are kept by kind, name and text.
//!
//! In: the words behind the name. Out: the object with what was added to its text, or the refusal. What such a change means for those who read
//! by it (replication, foreign rows, search) is not followed, and is said where a reader can be hit.
//!
//! Source: PostgreSQL 15, the command files named in `other.rs`, and extension.c.

use super::describe::other_word;
use super::publication_text::Published;
use super::refused::Refused;
use super::work::{Applied, Work};
use super::written::{Word, Written};
use crate::schema::{Address, Dependency, DependencyKind, NameSpace, ObjectBody, ObjectId, OtherObject, Piece, TableKind};
use crate::sql::tree::{Ident, ObjectKind, ObjectName, ObjectReference};

/// What happens to somebody who works through the object.
enum Reach {
    /// Nothing that a reader notices.
    Nobody,
    /// Readers can be hit, and it is not followed how.
    Readers,
}

impl Work<'_> {
    /// One action on an object that is there.
    pub(super) fn alter_other(&mut self, id: Option<ObjectId>, reference: &ObjectReference, words: &str, mentions: &[ObjectName]) -> Applied {
        let written = Written::of(words, self.schema.dialect);
        if let Some(extension) = written.name_after(&["depends", "on", "extension"]) {
            if self.schema.find(NameSpace::Extension, None, &extension.name).is_none() && extension.name.as_str() != "plpgsql" {
                return self.refuse("42704", format!("extension \"{}\" does not exist", extension.name));
            }
            return Ok(());
        }
        let reach = match reference.kind {
            ObjectKind::Publication => self.alter_publication(id, &written, mentions)?,
            ObjectKind::Subscription => {
                self.known_options(
                    &written,
                    "subscription",
                    &["slot_name", "synchronous_commit", "binary", "streaming", "disable_on_error", "copy_data", "refresh", "lsn"],
                )?;
                Reach::Readers
            }
            ObjectKind::Statistics => Reach::Nobody,
            ObjectKind::EventTrigger => {
                self.alter_event_trigger(id, &written);
                Reach::Nobody
            }
            ObjectKind::Server | ObjectKind::ForeignDataWrapper | ObjectKind::UserMapping => {
                self.foreign_functions_exist(reference.kind, &written)?;
                self.foreign_options_change(id, &written)?;
                Reach::Readers
            }
            ObjectKind::Collation => Reach::Nobody,
            ObjectKind::TextSearchConfiguration => {
                self.alter_search_configuration(&written)?;
                Reach::Readers
            }
            ObjectKind::Operator => {
                self.operator_settings_are_allowed(&written)?;
                Reach::Readers
            }
            ObjectKind::OperatorFamily => {
                self.family_takes(&written)?;
                Reach::Readers
            }
            ObjectKind::TextSearchDictionary => {
                self.dictionary_takes(id, &written)?;
                Reach::Readers
            }
            ObjectKind::Role => return self.alter_role(id, reference, &written, words),
            ObjectKind::Database | ObjectKind::Tablespace => {
                if words.to_ascii_uppercase().starts_with("SET") || words.to_ascii_uppercase().starts_with("RESET") { Reach::Readers } else { Reach::Nobody }
            }
            ObjectKind::Extension => return self.alter_extension(id, &written, words),
            _ => Reach::Readers,
        };
        if let Some(id) = id
            && reference.kind != ObjectKind::Publication
        {
            self.append_to(id, words);
        }
        if matches!(reach, Reach::Readers) && matches!(reference.kind, ObjectKind::Subscription | ObjectKind::Publication | ObjectKind::Database) {
            let span = self.span;
            self.leave_unjudged(format!("who reads through the {} may be hit: ALTER … {words} is not followed to them", other_word(reference.kind)), span, &[]);
        }
        Ok(())
    }

    /// The text of the object with the change behind it.
    fn append_to(&mut self, id: ObjectId, words: &str) {
        let text = words.to_owned();
        self.schema.update(id, |object| {
            if let ObjectBody::Other(OtherObject { definition, .. }) = &mut object.body {
                let mut pieces = definition.pieces().to_vec();
                pieces.push(Piece::Text(format!("; {text}").into()));
                let needs = definition.needs().to_vec();
                *definition = crate::schema::Definition::new(pieces).needing(needs);
            }
        });
    }

    fn known_options(&self, written: &Written, what: &str, known: &[&str]) -> Applied {
        let Some(place) = written.after(&["set"]).filter(|place| written.at(*place).is_some_and(|word| word.text() == "(")) else { return Ok(()) };
        match written.options_from(place).iter().find(|(name, _)| !known.contains(&name.as_str())) {
            Some((wrong, _)) => self.refuse("42601", format!("unrecognized {what} parameter: \"{wrong}\"")),
            None => Ok(()),
        }
    }

    /// The tables of a publication stand in its text; what is added and taken out is kept as dependencies.
    fn alter_publication(&mut self, id: Option<ObjectId>, written: &Written, mentions: &[ObjectName]) -> Applied<Reach> {
        self.known_options(written, "publication", &["publish", "publish_via_partition_root"])?;
        let Some(id) = id else { return Ok(Reach::Readers) };
        let _ = mentions;
        let verb = written.at(0).map(Word::text).unwrap_or_default().to_ascii_lowercase();
        if written.after(&[&verb, "table"]) == Some(2) {
            match self.tables_can_be_published(written, 2) {
                Ok(_) => {}
                Err(Refused::Stop(stop)) => return Err(stop),
                Err(Refused::With(sqlstate, message)) => return self.refuse(sqlstate, message),
            }
        }
        if let Some(place) = written.after(&["tables", "in", "schema"])
            && let Some((name, _)) = written.name_at(place)
        {
            self.namespace_named(&Ident { name: name.name, span: self.span })?;
        }
        let definition = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Other(other)) => other.definition.clone(),
            _ => return Ok(Reach::Readers),
        };
        let (Some(mut own), Some(change)) = (Published::of(&definition), Published::read(&self.schema, &self.session, written, 1)) else {
            // What it publishes is not known, and neither is what it publishes now.
            let span = self.span;
            self.leave_unjudged("what the publication publishes is not known", span, &[]);
            return Ok(Reach::Readers);
        };
        match verb.as_str() {
            "add" => self.add_to_publication(id, &mut own, change)?,
            "drop" => self.drop_from_publication(&mut own, &change)?,
            "set" if change.options.is_empty() => {
                own.members = change.members;
                own.schemas = change.schemas;
            }
            "set" => {
                if change.publishes_all_that(&own) {
                    own.set(change);
                    self.publish(id, &own);
                    return Ok(Reach::Nobody);
                }
                own.set(change);
            }
            _ => return Ok(Reach::Nobody),
        }
        self.publish(id, &own);
        Ok(if verb == "add" { Reach::Nobody } else { Reach::Readers })
    }

    fn alter_event_trigger(&mut self, id: Option<ObjectId>, written: &Written) {
        use crate::sql::tree::TriggerState;
        let state = if written.has(&["disable"]) {
            TriggerState::Disabled
        } else if written.has(&["replica"]) {
            TriggerState::Replica
        } else if written.has(&["always"]) {
            TriggerState::Always
        } else {
            TriggerState::Enabled
        };
        if let Some(id) = id {
            self.schema.update(id, |object| {
                if let ObjectBody::Trigger(trigger) = &mut object.body {
                    trigger.state = state;
                }
            });
        }
    }

    /// `OPTIONS (ADD a 'x', SET b 'y', DROP c)` against the options that the text has.
    fn foreign_options_change(&mut self, id: Option<ObjectId>, written: &Written) -> Applied {
        let (Some(id), Some(place)) = (id, written.after(&["options"])) else { return Ok(()) };
        let Some(ObjectBody::Other(other)) = self.schema.get(id).map(|object| &object.body) else { return Ok(()) };
        let text = other.definition.print(&self.schema);
        let mut own = options_of(&text, self.schema.dialect);
        self.options_after(&mut own, written, place).map(|_| ())
    }

    /// The names of options after a change; refuses one that is there twice or not at all (transformGenericOptions).
    fn options_after(&self, own: &mut Vec<String>, written: &Written, place: usize) -> Applied<()> {
        for (verb, value) in written.options_from(place) {
            let named = value.first().filter(|word| matches!(word, Word::Name(..))).map(|word| word.text().to_owned());
            let (verb, name) = match (verb.as_str(), named) {
                ("add" | "set" | "drop", Some(name)) => (verb.clone(), name),
                _ => (String::from("add"), verb.clone()),
            };
            let has = own.contains(&name);
            match verb.as_str() {
                "add" if has => return self.refuse("42710", format!("option \"{name}\" provided more than once")),
                "add" => own.push(name),
                _ if !has => return self.refuse("42704", format!("option \"{name}\" not found")),
                "drop" => own.retain(|other| *other != name),
                _ => {}
            }
        }
        Ok(())
    }

    /// `OPTIONS (…)` of a foreign table or of one of its columns: which there are is kept, their values are not in a snapshot.
    pub(super) fn change_foreign_options(&mut self, table: ObjectId, words: &str) -> Applied {
        let written = Written::of(words, self.schema.dialect);
        let place = written.after(&["options"]).unwrap_or(0);
        let column = written.name_after(&["alter", "column"]).map(|name| name.name);
        let key = column.as_ref().map_or_else(|| String::from("OPTIONS"), |column| format!("OPTIONS OF {column}"));
        let Some(body) = self.schema.table(table) else { return Ok(()) };
        if body.kind != TableKind::Foreign {
            return self.refuse("42809", format!("ALTER action OPTIONS cannot be performed on relation \"{}\"", self.name_of(table)));
        }
        if let Some(column) = &column
            && body.column_named(column).is_none()
        {
            return self.refuse("42703", format!("column \"{column}\" of relation \"{}\" does not exist", self.name_of(table)));
        }
        let known = body.options.iter().find(|(word, _)| **word == *key).map(|(_, value)| value.to_string());
        // A snapshot holds no options of foreign tables: which there are is not known.
        let Some(known) = known else { return Ok(()) };
        let mut own = options_of(&format!("OPTIONS ({known})"), self.schema.dialect);
        self.options_after(&mut own, &written, place)?;
        let value = own.join(",");
        self.set_option(table, &key, Some(&value));
        Ok(())
    }

    fn alter_search_configuration(&self, written: &Written) -> Applied {
        const TOKENS: &[&str] = &[
            "asciiword",
            "word",
            "numword",
            "asciihword",
            "hword",
            "numhword",
            "hword_asciipart",
            "hword_part",
            "hword_numpart",
            "email",
            "protocol",
            "url",
            "host",
            "url_path",
            "file",
            "sfloat",
            "float",
            "int",
            "uint",
            "version",
            "tag",
            "entity",
            "blank",
        ];
        let Some(place) = written.after(&["for"]) else { return Ok(()) };
        let mut at = place;
        while let Some(Word::Name(token, _)) = written.at(at) {
            if !TOKENS.contains(&token.as_str()) {
                return self.refuse("22023", format!("token type \"{token}\" does not exist"));
            }
            at += 1;
            if written.at(at).is_some_and(|word| word.text() == ",") { at += 1 } else { break }
        }
        let Some(mut at) = written.after(&["with"]) else { return Ok(()) };
        while let Some((name, next)) = written.name_at(at) {
            let own = self.schema.objects().any(|object| object.kind() == ObjectKind::TextSearchDictionary && object.name == name.name);
            let built_in = name.name.as_str() == "simple" || name.name.as_str().ends_with("_stem");
            if !own && !built_in && !self.has_unknown_extension() {
                return self.refuse("42704", format!("text search dictionary \"{}\" does not exist", name.name));
            }
            at = next;
            if written.at(at).is_some_and(|word| word.text() == ",") { at += 1 } else { break }
        }
        Ok(())
    }

    /// `ALTER ROLE`: what a role may do less, or sees first, can hit those who use it.
    fn alter_role(&mut self, id: Option<ObjectId>, reference: &ObjectReference, written: &Written, words: &str) -> Applied {
        use crate::sql::tree::{GrantDirection, Grantee};
        self.role_exists(&reference.name.name)?;
        // `ALTER GROUP g ADD USER a, b` is `GRANT g TO a, b`.
        for (verb, direction) in [("add", GrantDirection::Grant), ("drop", GrantDirection::Revoke)] {
            let Some(mut place) = written.after(&[verb, "user"]).filter(|place| *place == 2) else { continue };
            let mut members = Vec::new();
            while let Some(Word::Name(member, _)) = written.at(place) {
                members.push(Grantee::Role(Ident { name: member.clone(), span: self.span }));
                place += 2;
            }
            return self.grant_roles(direction, std::slice::from_ref(&reference.name.name), &members);
        }
        if !["set", "reset", "in"].iter().any(|word| written.at(0).is_some_and(|first| first.is(word))) && self.schema.dialect.built_ins.is_some() {
            self.role_options_are_valid(written, 0)?;
        }
        if let Some(id) = id {
            self.append_to(id, words);
        }
        let takes_away = written
            .words()
            .iter()
            .any(|word| ["nologin", "nosuperuser", "noinherit", "nobypassrls", "noreplication", "set", "reset", "drop"].iter().any(|own| word.is(own)));
        if takes_away {
            let span = self.span;
            self.leave_unjudged(format!("what the role {} does can change: ALTER ROLE … {words} is not followed", reference.name), span, &[]);
        }
        Ok(())
    }

    /// `UPDATE`, `ADD member`, `DROP member`.
    fn alter_extension(&mut self, id: Option<ObjectId>, written: &Written, words: &str) -> Applied {
        let Some(id) = id else { return Ok(()) };
        if written.at(0).is_some_and(|word| word.is("update")) {
            if written.at(1).is_some() {
                let span = self.span;
                self.leave_unjudged(format!("what another version of the extension brings is not known: ALTER EXTENSION … {words}"), span, &[]);
            }
            return Ok(());
        }
        let Some(member) = self.member_of_words(written)? else {
            let span = self.span;
            self.leave_unjudged(format!("ALTER EXTENSION … {words} is not modelled"), span, &[]);
            return Ok(());
        };
        let tie = Dependency { dependent: Address::whole(member), on: Address::whole(id), kind: DependencyKind::Extension };
        let owner = crate::schema::extension_of(&self.schema, member);
        let (shown, name) = (self.description(Address::whole(member)), self.name_of(id));
        if written.at(0).is_some_and(|word| word.is("add")) {
            if let Some(owner) = owner {
                return self.refuse("55000", format!("{shown} is already a member of extension \"{}\"", self.name_of(owner)));
            }
            self.schema.dependencies_mut().add(tie);
        } else {
            if owner != Some(id) {
                return self.refuse("55000", format!("{shown} is not a member of extension \"{name}\""));
            }
            self.schema.dependencies_mut().remove(tie);
        }
        self.name_object(member);
        Ok(())
    }

    fn member_of_words(&self, written: &Written) -> Applied<Option<ObjectId>> {
        let relation = written.at(1).is_some_and(|word| ["table", "view", "sequence"].iter().any(|own| word.is(own)));
        let is_type = written.at(1).is_some_and(|word| word.is("type") || word.is("domain"));
        let place = 2;
        let Some((name, _)) = written.name_at(place) else { return Ok(None) };
        let name = self.object_name(&name);
        if relation {
            return self.relation(&name).map(Some);
        }
        if is_type {
            return match self.type_named(&name)? {
                Some(id) => Ok(Some(id)),
                None => self.refuse("42704", format!("type \"{name}\" does not exist")),
            };
        }
        Ok(None)
    }
}

/// The names of the options in a statement's text.
fn options_of(text: &str, dialect: &'static crate::dialect::Dialect) -> Vec<String> {
    let mut own: Vec<String> = Vec::new();
    for statement in text.split("; ") {
        let written = Written::of(statement, dialect);
        let Some(place) = written.after(&["options"]) else { continue };
        for (verb, value) in written.options_from(place) {
            let named = value.first().filter(|word| matches!(word, Word::Name(..))).map(|word| word.text().to_owned());
            match (verb.as_str(), named) {
                ("drop", Some(name)) => own.retain(|other| *other != name),
                ("add" | "set", Some(name)) if !own.contains(&name) => own.push(name),
                ("add" | "set", Some(_)) => {}
                _ => own.push(verb),
            }
        }
    }
    own
}
