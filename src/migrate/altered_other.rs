//! What the server asks of changes to kinds that are kept by text: operator families, dictionaries, foreign-data wrappers.
//!
//! In: the words behind the name. Out: nothing, or the refusal.
//!
//! Source: PostgreSQL 15, AlterOpFamilyAdd and AlterOpFamilyDrop (opclasscmds.c), AlterTSDictionary (tsearchcmds.c), lookup_fdw_handler_func (foreigncmds.c).

use super::refused::{Checked, Refused, refuse};
use super::work::{Applied, Work};
use super::written::{Word, Written, spelled};
use crate::schema::{ObjectBody, ObjectId};
use crate::sql::tree::ObjectKind;

impl Work<'_> {
    /// `ALTER OPERATOR FAMILY … ADD | DROP`.
    pub(super) fn family_takes(&self, words: &Written) -> Applied {
        let adds = words.has(&["add"]);
        if !adds && !words.has(&["drop"]) {
            return Ok(());
        }
        let whole = Written::of(self.sources.slice(self.span), self.schema.dialect);
        let checked = self.method_of(&whole).and_then(|method| self.members_fit(&whole, &method, adds));
        match checked {
            Ok(()) => Ok(()),
            Err(Refused::Stop(stop)) => Err(stop),
            Err(Refused::With(sqlstate, message)) => self.refuse(sqlstate, message),
        }
    }

    fn members_fit(&self, whole: &Written, method: &str, adds: bool) -> Result<(), Refused> {
        let words = whole.words();
        let mut seen: Vec<String> = Vec::new();
        for (place, word) in words.iter().enumerate() {
            if word.is("storage") && adds {
                return refuse("42601", "STORAGE cannot be specified in ALTER OPERATOR FAMILY");
            }
            let is_operator = word.is("operator");
            let Some(number) = words.get(place + 1).filter(|_| is_operator || word.is("function")).and_then(|word| word.text().parse::<i64>().ok()) else {
                continue;
            };
            let most = match (method, is_operator) {
                ("btree", _) => Some(5),
                ("hash", true) => Some(1),
                ("hash", false) => Some(3),
                _ => None,
            };
            let what = if is_operator { "operator" } else { "function" };
            if most.is_some_and(|most| !(1..=most).contains(&number)) {
                return refuse("42P17", format!("invalid {what} number {number}, must be between 1 and {}", most.unwrap_or(0)));
            }
            if !adds {
                continue;
            }
            if is_operator {
                if !words.get(place + 3).is_some_and(|word| word.text() == "(") {
                    return refuse("42601", "operator argument types must be specified in ALTER OPERATOR FAMILY");
                }
                if let Some(Word::Sign(symbol)) = words.get(place + 2)
                    && !self.has_operator(symbol)
                {
                    return refuse("42883", format!("operator does not exist: {symbol}"));
                }
            } else if let Some((name, _)) = whole.name_at(place + 2) {
                self.routine_exists(&name, "…")?;
            }
            let rest = words.iter().skip(place + 2);
            let types: Vec<Word> = rest.skip_while(|word| word.text() != "(").take_while(|word| word.text() != ")").cloned().collect();
            let member = format!("{what} {number} {}", spelled(&types));
            if seen.contains(&member) {
                return refuse("42P17", format!("{what} number {number} appears more than once"));
            }
            seen.push(member);
        }
        Ok(())
    }

    /// `IMPORT FOREIGN SCHEMA`: what it names must be there, and the wrapper must have a handler (ImportForeignSchema, foreigncmds.c).
    pub(super) fn import_is_allowed(&self, text: &str) -> Applied {
        let written = Written::of(text.get(..text.len().min(2000)).unwrap_or(""), self.schema.dialect);
        if written.after(&["import", "foreign", "schema"]) != Some(3) || self.schema.dialect.built_ins.is_none() || self.has_unknown_extension() {
            return Ok(());
        }
        let Some(name) = written.name_after(&["from", "server"]) else { return Ok(()) };
        let ident = |name: &crate::name::Name| crate::sql::tree::Ident { name: name.clone(), span: self.span };
        self.server_exists(&ident(&name.name))?;
        if let Some(into) = written.name_after(&["into"]) {
            self.namespace_named(&ident(&into.name))?;
        }
        let text_of = |id: ObjectId| match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Other(other)) => other.definition.print(&self.schema),
            _ => String::new(),
        };
        let Some(server) = self.global_object(ObjectKind::Server, &name.name) else { return Ok(()) };
        let server = Written::of(&text_of(server), self.schema.dialect);
        let Some(wrapper) = server.name_after(&["foreign", "data", "wrapper"]) else { return Ok(()) };
        if let Some(id) = self.global_object(ObjectKind::ForeignDataWrapper, &wrapper.name)
            && !Written::of(&text_of(id), self.schema.dialect).has(&["handler"])
        {
            return self.refuse("55000", format!("foreign-data wrapper \"{}\" has no handler", wrapper.name));
        }
        Ok(())
    }

    /// `ALTER TEXT SEARCH DICTIONARY d (…)`: parameters that its template takes.
    pub(super) fn dictionary_takes(&self, id: Option<ObjectId>, written: &Written) -> Applied {
        let Some(ObjectBody::Other(other)) = id.and_then(|id| self.schema.get(id)).map(|object| &object.body) else { return Ok(()) };
        let own = Written::of(&other.definition.print(&self.schema), self.schema.dialect);
        let template = own.options_from(0).into_iter().find(|(name, _)| name == "template").map(|(_, words)| spelled(&words)).unwrap_or_default();
        let mut options = written.options_from(0);
        // What is not said again stays.
        options.extend(own.options_from(0).into_iter().filter(|(name, _)| name != "template"));
        match dictionary_parameters(template.rsplit('.').next().unwrap_or(&template), &options) {
            Ok(_) => Ok(()),
            Err(Refused::Stop(stop)) => Err(stop),
            Err(Refused::With(sqlstate, message)) => self.refuse(sqlstate, message),
        }
    }

    /// `HANDLER f` and `VALIDATOR f` of `ALTER FOREIGN DATA WRAPPER`.
    pub(super) fn foreign_functions_exist(&self, kind: ObjectKind, written: &Written) -> Applied {
        if kind != ObjectKind::ForeignDataWrapper {
            return Ok(());
        }
        for word in ["handler", "validator"] {
            if let Some(name) = written.name_after(&[word]).filter(|_| !written.has(&["no", word]))
                && !self.has_routine_named(name.schema.as_ref(), &name.name)
            {
                return self.refuse("42883", format!("function {} does not exist", name.name));
            }
        }
        match self.handler_gives(written, "fdw_handler") {
            Ok(()) => Ok(()),
            Err(Refused::Stop(stop)) => Err(stop),
            Err(Refused::With(sqlstate, message)) => self.refuse(sqlstate, message),
        }
    }

    /// A handler that the schema has gives the type of handlers.
    pub(super) fn handler_gives(&self, written: &Written, wanted: &str) -> Result<(), Refused> {
        let Some(name) = written.name_after(&["handler"]).filter(|_| !written.has(&["no", "handler"])) else { return Ok(()) };
        for address in self.routines_named(name.schema.as_ref(), &name.name) {
            if let Some(ObjectBody::Function(function)) = self.schema.get(address.object).map(|object| &object.body)
                && !function.returns.as_ref().is_some_and(|returns| returns.is_builtin(wanted))
            {
                return refuse("42809", format!("function {} must return type {wanted}", name.name));
            }
        }
        Ok(())
    }
}

/// What the dictionaries of the server take (dict_simple.c, dict_snowball.c, dict_synonym.c, dict_ispell.c, dict_thesaurus.c).
pub(super) fn dictionary_parameters(template: &str, options: &[(String, Vec<Word>)]) -> Checked {
    let known: &[&str] = match template {
        "simple" => &["stopwords", "accept"],
        "snowball" => &["stopwords", "language"],
        "synonym" => &["synonyms", "casesensitive"],
        "ispell" => &["dictfile", "afffile", "stopwords"],
        "thesaurus" => &["dictfile", "dictionary"],
        _ => return Ok(Vec::new()),
    };
    if let Some((wrong, _)) = options.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        return refuse("22023", format!("unrecognized {template} dictionary parameter: \"{wrong}\""));
    }
    if template == "snowball" && !options.iter().any(|(name, _)| name == "language") {
        return refuse("22023", "missing Language parameter");
    }
    let language = options.iter().find(|(name, _)| name == "language").and_then(|(_, words)| words.first()).map(|word| word.text().to_ascii_lowercase());
    if let Some(language) = language.filter(|language| template == "snowball" && !LANGUAGES.contains(&language.as_str()) && language != "porter") {
        return refuse("42704", format!("no Snowball stemmer available for language \"{language}\""));
    }
    Ok(Vec::new())
}

/// Languages of the server's search configurations, and of its stemmer (manual 12.6; pg_ts_config of 15).
pub(super) const LANGUAGES: &[&str] = &[
    "simple",
    "arabic",
    "armenian",
    "basque",
    "catalan",
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "greek",
    "hindi",
    "hungarian",
    "indonesian",
    "irish",
    "italian",
    "lithuanian",
    "nepali",
    "norwegian",
    "portuguese",
    "romanian",
    "russian",
    "serbian",
    "spanish",
    "swedish",
    "tamil",
    "turkish",
    "yiddish",
    "estonian",
];
