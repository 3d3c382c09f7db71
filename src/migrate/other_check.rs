//! What the server asks of the kinds that are kept by text: options that it knows, objects that must be there.
//!
//! Sources as in `other.rs`.

use super::altered_other::{LANGUAGES, dictionary_parameters};
use super::refused::{Checked, Refused, options_are_known, refuse};
use super::work::{Applied, Work};
use super::written::{Word, Written, WrittenName, spelled};
use crate::name::Name;
use crate::schema::{Address, NameSpace, ObjectBody, ObjectId};
use crate::sql::tree::{Ident, ObjectKind, ObjectName};

/// Options that `postgresql_fdw_validator` knows (libpq's own).
const CONNECTION: &[&str] =
    &["authtype", "service", "user", "password", "connect_timeout", "dbname", "host", "hostaddr", "port", "tty", "options", "requiressl", "sslmode", "gsslib"];

/// Options of `CREATE SUBSCRIPTION … WITH (…)`.
const SUBSCRIPTION: &[&str] =
    &["connect", "create_slot", "enabled", "slot_name", "copy_data", "synchronous_commit", "binary", "streaming", "two_phase", "disable_on_error", "refresh"];

impl Work<'_> {
    /// What a new object of the kind needs; the addresses are what it depends on.
    pub(super) fn other_is_allowed(&mut self, kind: ObjectKind, written: &Written, table: Option<ObjectId>) -> Checked {
        match kind {
            ObjectKind::Statistics => self.statistics_are_allowed(written, table),
            ObjectKind::Publication => self.publication_is_allowed(written),
            ObjectKind::Subscription => {
                let place = written.after(&["with"]).unwrap_or(usize::MAX);
                options_are_known(written, place, SUBSCRIPTION, "subscription")?;
                let connection = written.after(&["connection"]).and_then(|place| written.at(place)).map(Word::text);
                if connection.is_some_and(|text| !text.contains('=') && !text.starts_with("postgres") && !text.trim().is_empty()) {
                    return refuse("42601", "invalid connection string syntax: missing \"=\"");
                }
                if self.in_transaction && !written.has(&["connect"]) {
                    return refuse("25001", "CREATE SUBSCRIPTION ... WITH (create_slot = true) cannot run inside a transaction block");
                }
                Ok(Vec::new())
            }
            ObjectKind::ForeignDataWrapper => {
                for word in ["handler", "validator"] {
                    if let Some(name) = written.name_after(&[word]).filter(|_| !written.has(&["no", word])) {
                        self.routine_exists(&name, "")?;
                    }
                }
                self.handler_gives(written, "fdw_handler")?;
                foreign_options(written)?;
                Ok(Vec::new())
            }
            ObjectKind::Server => self.server_is_allowed(written),
            ObjectKind::UserMapping => {
                let Some(server) = written.name_after(&["server"]) else { return Ok(Vec::new()) };
                let role = written.after(&["for"]).and_then(|place| written.at(place)).cloned();
                if let Some(Word::Name(role, _)) = role {
                    self.role_exists(&Ident { name: role, span: self.span })?;
                }
                foreign_options(written)?;
                Ok(vec![self.foreign_object(ObjectKind::Server, &server.name)?])
            }
            ObjectKind::Collation => self.new_collation_is_allowed(written),
            ObjectKind::Conversion => {
                let sides = ["for", "to"].map(|word| written.after(&[word]).and_then(|place| written.at(place)));
                if sides.iter().flatten().any(|word| word.text().eq_ignore_ascii_case("SQL_ASCII")) {
                    return refuse("42P17", "encoding conversion to or from \"SQL_ASCII\" is not supported");
                }
                for (word, what) in [("for", "source"), ("to", "destination")] {
                    let encoding =
                        written.after(&[word]).and_then(|place| written.at(place)).map(|word| word.text().to_ascii_lowercase().replace(['-', '_'], ""));
                    if let Some(encoding) = encoding.filter(|encoding| !ENCODINGS.contains(&encoding.as_str())) {
                        return refuse("42704", format!("{what} encoding \"{encoding}\" does not exist"));
                    }
                }
                match written.name_after(&["from"]) {
                    Some(name) => self.routine_exists(&name, "integer, integer, cstring, internal, integer, boolean"),
                    None => Ok(Vec::new()),
                }
            }
            ObjectKind::TextSearchConfiguration | ObjectKind::TextSearchDictionary | ObjectKind::TextSearchParser | ObjectKind::TextSearchTemplate => {
                self.text_search_is_allowed(kind, written)
            }
            ObjectKind::Operator => self.operator_is_allowed(written),
            ObjectKind::OperatorFamily => {
                self.method_of(written)?;
                Ok(Vec::new())
            }
            ObjectKind::OperatorClass => self.operator_class_is_allowed(written),
            ObjectKind::Cast => self.cast_is_allowed(written),
            ObjectKind::Language if !written.has(&["handler"]) => {
                let name = written.name_after(&["language"]).map_or_else(String::new, |name| name.name.to_string());
                if name == "plpgsql" && !written.has(&["or", "replace"]) {
                    return refuse("42710", "extension \"plpgsql\" already exists");
                }
                // Without a handler it is an extension, which the server has or has not.
                if !name.starts_with("pl") {
                    return refuse("0A000", format!("extension \"{name}\" is not available"));
                }
                Ok(Vec::new())
            }
            ObjectKind::Language => {
                let names = [written.name_after(&["handler"]), written.name_after(&["inline"]), written.name_after(&["validator"])];
                let mut needs = Vec::new();
                for name in names.into_iter().flatten() {
                    needs.extend(self.routine_exists(&name, "")?);
                }
                Ok(needs)
            }
            ObjectKind::Transform => {
                let type_place = written.after(&["for"]).unwrap_or(0);
                let until = written.after(&["language"]).unwrap_or(0);
                let words = written.words().get(type_place..until.saturating_sub(1)).unwrap_or(&[]);
                self.type_spelled(&spelled(words))?;
                if let Some(language) = written.name_after(&["language"]) {
                    self.language_exists(&language.name)?;
                }
                for side in ["from", "to"] {
                    if let Some(name) = written.name_after(&[side, "sql", "with", "function"]) {
                        let takes_internal = ["recv", "send", "_in", "_out", "lextype"].iter().any(|end| name.name.as_str().ends_with(end));
                        if !takes_internal {
                            self.routine_exists(&name, "internal")?;
                        }
                    }
                }
                Ok(Vec::new())
            }
            ObjectKind::AccessMethod => self.access_method_is_allowed(written),
            ObjectKind::Database => {
                if self.in_transaction {
                    return refuse("25001", "CREATE DATABASE cannot run inside a transaction block");
                }
                Ok(Vec::new())
            }
            ObjectKind::Tablespace => {
                if self.in_transaction {
                    return refuse("25001", "CREATE TABLESPACE cannot run inside a transaction block");
                }
                let location = written.after(&["location"]).and_then(|place| written.at(place)).map(Word::text).unwrap_or_default();
                if !location.starts_with('/') {
                    return refuse("42P17", "tablespace location must be an absolute path");
                }
                Ok(Vec::new())
            }
            ObjectKind::Rule => match table {
                Some(table) => self.rule_is_allowed(table),
                None => Ok(Vec::new()),
            },
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn routine_exists(&self, name: &WrittenName, arguments: &str) -> Checked {
        if !self.has_routine_named(name.schema.as_ref(), &name.name) {
            return refuse("42883", format!("function {}({arguments}) does not exist", name.name));
        }
        Ok(self.routines_named(name.schema.as_ref(), &name.name))
    }

    /// Refuses a language that neither the server nor the schema has.
    pub(super) fn language_exists(&self, name: &Name) -> Applied {
        let known = matches!(name.as_str(), "sql" | "plpgsql" | "c" | "internal");
        if known || self.global_object(ObjectKind::Language, name).is_some() || self.has_unknown_extension() || self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        if name.as_str().starts_with("pl") && self.schema.objects().any(|object| matches!(object.body, ObjectBody::Extension(_)) && object.name == *name) {
            return Ok(());
        }
        self.refuse("42704", format!("language \"{name}\" does not exist"))
    }

    /// Refuses a foreign server that is not there.
    pub(super) fn server_exists(&self, server: &Ident) -> Applied {
        if self.global_object(ObjectKind::Server, &server.name).is_some() || self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        self.refuse_unless_known(&ObjectName::bare(server.clone()))?;
        self.refuse_at(server.span, "42704", format!("server \"{server}\" does not exist"))
    }

    fn foreign_object(&self, kind: ObjectKind, name: &Name) -> Result<Address, Refused> {
        match self.global_object(kind, name) {
            Some(id) => Ok(Address::whole(id)),
            None => refuse("42704", format!("{} \"{name}\" does not exist", super::describe::other_word(kind))),
        }
    }

    fn server_is_allowed(&self, written: &Written) -> Checked {
        let Some(name) = written.name_after(&["foreign", "data", "wrapper"]) else { return Ok(Vec::new()) };
        let of_an_extension =
            ["postgres_fdw", "file_fdw", "dblink_fdw"].contains(&name.name.as_str()) && self.schema.find(NameSpace::Extension, None, &name.name).is_some();
        let options = foreign_options(written)?;
        if of_an_extension || (self.has_unknown_extension() && self.global_object(ObjectKind::ForeignDataWrapper, &name.name).is_none()) {
            return Ok(Vec::new());
        }
        let wrapper = self.foreign_object(ObjectKind::ForeignDataWrapper, &name.name)?;
        let text = match self.schema.get(wrapper.object).map(|object| &object.body) {
            Some(ObjectBody::Other(other)) => other.definition.print(&self.schema),
            _ => String::new(),
        };
        if text.contains("postgresql_fdw_validator")
            && let Some(wrong) = options.iter().find(|option| !CONNECTION.contains(&option.as_str()))
        {
            return refuse("42601", format!("invalid option \"{wrong}\""));
        }
        Ok(vec![wrapper])
    }

    fn new_collation_is_allowed(&self, written: &Written) -> Checked {
        let options = written.options_from(0);
        if options.iter().any(|(name, _)| name == "from") && options.len() > 1 {
            return refuse("42601", "conflicting or redundant options");
        }
        if let Some(from) = written.name_after(&["from"]) {
            let name = self.object_name(&from);
            self.collation_exists(&name)?;
            return Ok(Vec::new());
        }
        let known = ["from", "locale", "lc_collate", "lc_ctype", "provider", "deterministic", "version", "rules"];
        if let Some((wrong, _)) = options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
            return refuse("42601", format!("collation attribute \"{wrong}\" not recognized"));
        }
        for (place, (name, _)) in options.iter().enumerate() {
            if options.iter().take(place).any(|(other, _)| other == name) {
                return refuse("42601", "conflicting or redundant options");
            }
        }
        let value =
            |wanted: &str| options.iter().find(|(name, _)| name == wanted).and_then(|(_, words)| words.first()).map(|word| word.text().to_ascii_lowercase());
        let provider = value("provider").unwrap_or_else(|| String::from("libc"));
        if !["libc", "icu", "builtin"].contains(&provider.as_str()) {
            return refuse("42P17", format!("unrecognized collation provider: {provider}"));
        }
        if value("locale").is_some() && (value("lc_collate").is_some() || value("lc_ctype").is_some()) {
            return refuse("42601", "conflicting or redundant options");
        }
        if value("locale").is_none() && provider == "libc" {
            for (own, word) in [("lc_collate", value("lc_collate")), ("lc_ctype", value("lc_ctype"))] {
                if word.is_none() {
                    return refuse("42P17", format!("parameter \"{own}\" must be specified"));
                }
            }
        }
        if value("deterministic").is_some_and(|word| super::storage_parameter::truth(&word) == Some(false)) && provider == "libc" {
            return refuse("0A000", "nondeterministic collations not supported with this provider");
        }
        Ok(Vec::new())
    }

    pub(super) fn object_name(&self, name: &WrittenName) -> ObjectName {
        let ident = |name: &Name| Ident { name: name.clone(), span: self.span };
        ObjectName { name: ident(&name.name), schema: name.schema.as_ref().map(ident), database: None }
    }

    fn text_search_is_allowed(&self, kind: ObjectKind, written: &Written) -> Checked {
        let options = written.options_from(0);
        let value = |wanted: &str| options.iter().find(|(name, _)| name == wanted).map(|(_, words)| spelled(words).trim_matches('"').to_owned());
        let known: &[&str] = match kind {
            ObjectKind::TextSearchConfiguration => &["parser", "copy"],
            ObjectKind::TextSearchTemplate => &["init", "lexize"],
            ObjectKind::TextSearchParser => &["start", "gettoken", "end", "headline", "lextypes"],
            _ => &[],
        };
        if options.is_empty() {
            return refuse("42601", "syntax error at or near \")\"");
        }
        if !known.is_empty() {
            options_are_among(&options, known, super::describe::other_word(kind))?;
        }
        if matches!(kind, ObjectKind::TextSearchTemplate | ObjectKind::TextSearchParser) {
            for (_, words) in &options {
                let name = spelled(words);
                let bare = name.rsplit('.').next().unwrap_or(&name);
                let is_of_the_server = ["prsd_", "dsimple_", "dsnowball_", "dispell_", "dsynonym_", "thesaurus_"].iter().any(|start| bare.starts_with(start));
                if !is_of_the_server && !self.has_routine_named(None, &Name::stored(bare)) {
                    return refuse("42883", format!("function {bare}(internal) does not exist"));
                }
            }
        }
        let exists = |kind: ObjectKind, name: &str, own: &[&str]| {
            let bare = name.rsplit('.').next().unwrap_or(name);
            own.contains(&bare) || self.schema.objects().any(|object| object.kind() == kind && object.name.as_str() == bare) || self.has_unknown_extension()
        };
        match kind {
            ObjectKind::TextSearchConfiguration => match (value("parser"), value("copy")) {
                (Some(_), Some(_)) => refuse("42601", "cannot specify both PARSER and COPY options"),
                (None, None) => refuse("42P17", "text search parser is required"),
                (Some(parser), None) if !exists(ObjectKind::TextSearchParser, &parser, &["default"]) => {
                    refuse("42704", format!("text search parser \"{parser}\" does not exist"))
                }
                (None, Some(copy)) if !exists(ObjectKind::TextSearchConfiguration, &copy, LANGUAGES) => {
                    refuse("42704", format!("text search configuration \"{copy}\" does not exist"))
                }
                _ => Ok(Vec::new()),
            },
            ObjectKind::TextSearchDictionary => match value("template") {
                None => refuse("42P17", "text search template is required"),
                Some(template) if !exists(ObjectKind::TextSearchTemplate, &template, &["simple", "synonym", "ispell", "thesaurus", "snowball"]) => {
                    refuse("42704", format!("text search template \"{template}\" does not exist"))
                }
                Some(template) => {
                    let others = options.iter().filter(|(name, _)| name != "template").cloned().collect::<Vec<_>>();
                    dictionary_parameters(template.rsplit('.').next().unwrap_or(&template), &others)
                }
            },
            ObjectKind::TextSearchTemplate if value("lexize").is_none() => refuse("42P17", "text search template lexize method is required"),
            ObjectKind::TextSearchTemplate => options_are_among(&options, &["init", "lexize"], "text search template"),
            _ => {
                for (word, method) in [("start", "start"), ("gettoken", "gettoken"), ("end", "end"), ("lextypes", "lextypes")] {
                    if value(word).is_none() {
                        return refuse("42P17", format!("text search parser {method} method is required"));
                    }
                }
                options_are_among(&options, &["start", "gettoken", "end", "headline", "lextypes"], "text search parser")
            }
        }
    }

    pub(super) fn method_of(&self, written: &Written) -> Result<String, Refused> {
        let method = written.name_after(&["using"]).map_or_else(String::new, |name| name.name.to_string());
        let known = ["btree", "hash", "gist", "gin", "spgist", "brin"].contains(&method.as_str());
        if !known && self.global_object(ObjectKind::AccessMethod, &Name::stored(method.as_str())).is_none() && !self.has_unknown_extension() {
            return refuse("42704", format!("access method \"{method}\" does not exist"));
        }
        Ok(method)
    }

    fn operator_class_is_allowed(&mut self, written: &Written) -> Checked {
        let start = written.after(&["for", "type"]).unwrap_or(0);
        let end = written.after(&["using"]).unwrap_or(1).saturating_sub(1);
        let method = self.method_of(written)?;
        let data_type = self.type_spelled(&spelled(written.words().get(start..end).unwrap_or(&[])))?;
        if let Some(family) = written.name_after(&["family"]) {
            let name = self.object_name(&family);
            if self.operator_class_object(ObjectKind::OperatorFamily, &name).is_none() && !family.name.as_str().ends_with("_ops") {
                return refuse("42704", format!("operator family \"{}\" does not exist for access method \"{method}\"", family.name));
            }
        }
        if written.has(&["default"]) && crate::typing::indexing(&self.schema, &data_type, &method) == crate::typing::Support::Yes {
            return refuse("42710", "could not make operator class be default for its type: the type has one");
        }
        let most = match method.as_str() {
            "btree" => Some(5),
            "hash" => Some(1),
            _ => None,
        };
        let words = written.words();
        for (place, word) in words.iter().enumerate() {
            let number = words.get(place + 1).and_then(|word| word.text().parse::<i64>().ok());
            if word.is("operator")
                && let (Some(number), Some(most)) = (number, most)
                && !(1..=most).contains(&number)
            {
                return refuse("42P17", format!("invalid operator number {number}, must be between 1 and {most}"));
            }
            if word.is("function")
                && let Some((name, _)) = written.name_at(place + 2)
            {
                self.routine_exists(&name, "…")?;
            }
            if word.is("operator")
                && let Some(Word::Sign(symbol)) = words.get(place + 2)
                && !self.has_operator(symbol)
            {
                return refuse("42883", format!("operator does not exist: {symbol}"));
            }
        }
        Ok(Vec::new())
    }

    /// Whether the server or the schema has an operator of that symbol.
    pub(super) fn has_operator(&self, symbol: &str) -> bool {
        let own = self.schema.in_name_space(NameSpace::Other(ObjectKind::Operator)).any(|id| self.name_of(id).contains(symbol));
        own || self.schema.dialect.built_ins.is_none_or(|built_ins| !built_ins.operators_named(symbol).is_empty())
    }

    fn access_method_is_allowed(&self, written: &Written) -> Checked {
        let Some(handler) = written.name_after(&["handler"]) else { return Ok(Vec::new()) };
        self.routine_exists(&handler, "internal")?;
        let wanted = if written.has(&["type", "index"]) { "index_am_handler" } else { "table_am_handler" };
        let name = handler.name.as_str();
        let gives = if name == "heap_tableam_handler" { "table_am_handler" } else { "index_am_handler" };
        let is_own = name == "heap_tableam_handler" || ["bthandler", "hashhandler", "gisthandler", "ginhandler", "spghandler", "brinhandler"].contains(&name);
        if is_own && gives != wanted {
            return refuse("42809", format!("function {name} must return type {wanted}"));
        }
        Ok(Vec::new())
    }
}

/// Encodings that PostgreSQL knows, without dashes and underscores (manual 24.3).
const ENCODINGS: &[&str] = &[
    "big5",
    "euccn",
    "eucjp",
    "eucjis2004",
    "euckr",
    "euctw",
    "gb18030",
    "gbk",
    "iso88595",
    "iso88596",
    "iso88597",
    "iso88598",
    "johab",
    "koi8r",
    "koi8u",
    "latin1",
    "latin2",
    "latin3",
    "latin4",
    "latin5",
    "latin6",
    "latin7",
    "latin8",
    "latin9",
    "latin10",
    "muleinternal",
    "sjis",
    "shiftjis2004",
    "sqlascii",
    "uhc",
    "utf8",
    "unicode",
    "win866",
    "win874",
    "win1250",
    "win1251",
    "win1252",
    "win1253",
    "win1254",
    "win1255",
    "win1256",
    "win1257",
    "win1258",
    "alt",
    "win",
    "abc",
    "tcvn",
    "vscii",
    "mskanji",
    "koi8",
    "iso88591",
    "iso88592",
];

fn options_are_among(options: &[(String, Vec<Word>)], known: &[&str], what: &str) -> Checked {
    match options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((wrong, _)) => refuse("42601", format!("{what} parameter \"{wrong}\" not recognized")),
        None => Ok(Vec::new()),
    }
}

/// `OPTIONS (a 'x', …)`: each name once.
fn foreign_options(written: &Written) -> Result<Vec<String>, Refused> {
    let Some(place) = written.after(&["options"]) else { return Ok(Vec::new()) };
    let names: Vec<String> = written.options_from(place).into_iter().map(|(name, _)| name).collect();
    for (place, name) in names.iter().enumerate() {
        if names.iter().take(place).any(|other| other == name) {
            return refuse("42710", format!("option \"{name}\" provided more than once"));
        }
    }
    Ok(names)
}
