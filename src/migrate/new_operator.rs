//! `CREATE OPERATOR`: its types and its function.
//!
//! In: the words of the statement. Out: what the operator depends on, or the refusal.
//!
//! Source: PostgreSQL 15, DefineOperator (operatorcmds.c), LookupFuncName (parse_func.c).

use super::refused::{Checked, Refused, refuse};
use super::work::{Stop, Work};
use super::written::{Word, Written, WrittenName, spelled};
use crate::name::Name;
use crate::schema::{DataType, ObjectBody, ObjectId};
use crate::sql::tree::ParameterMode;

impl Work<'_> {
    /// Checks a new operator.
    pub(super) fn operator_is_allowed(&mut self, written: &Written) -> Checked {
        if written.words().iter().any(|word| matches!(word, Word::Sign(sign) if sign == "=>")) {
            return refuse("42601", "syntax error at or near \"=>\"");
        }
        let options = written.options_from(0);
        let has = |wanted: &str| options.iter().any(|(name, _)| name == wanted);
        let function = options.iter().find(|(name, _)| name == "function" || name == "procedure").map(|(_, words)| spelled(words));
        let Some(function) = function else { return refuse("42P13", "operator function must be specified") };
        if !has("leftarg") && !has("rightarg") {
            return refuse("42P13", "operator argument types must be specified");
        }
        if !has("rightarg") {
            return refuse("42P13", "operator right argument type must be specified");
        }
        for (side, words) in options.iter().filter(|(side, _)| side == "leftarg" || side == "rightarg") {
            if words.first().is_some_and(|word| word.is("setof")) {
                return refuse("42P13", format!("SETOF type not allowed for operator argument {side}"));
            }
        }
        let (schema, name) = function.rsplit_once('.').map_or((None, function.as_str()), |(schema, name)| (Some(schema), name));
        let name = WrittenName { schema: schema.map(Name::stored), name: Name::stored(name) };
        let found = self.routine_exists(&name, "…")?;
        self.operator_has_function(&name, &options)?;
        for (what, arguments) in [("restrict", "internal, oid, internal, integer"), ("join", "internal, oid, internal, smallint, internal")] {
            if let Some((_, words)) = options.iter().find(|(own, _)| own == what) {
                self.estimator_exists(words, arguments)?;
            }
        }
        if self.gives_boolean(&name, &found) == Some(false) {
            for (what, words) in
                [("negator", "negators"), ("restrict", "restriction selectivity"), ("join", "join selectivity"), ("merges", "merge join"), ("hashes", "hash")]
            {
                if has(what) {
                    return refuse("42P13", format!("only boolean operators can have or be: {words}"));
                }
            }
        }
        let symbol = written.words().iter().find_map(|word| if let Word::Sign(sign) = word { Some(sign.as_str()) } else { None });
        let negator = options.iter().find(|(own, _)| own == "negator").and_then(|(_, words)| words.last());
        let same_sides = match ["leftarg", "rightarg"].map(|side| options.iter().find(|(own, _)| own == side).map(|(_, words)| spelled(words))) {
            [Some(left), Some(right)] => left == right,
            [left, right] => left.is_none() || right.is_none(),
        };
        if same_sides && symbol.is_some() && negator.map(Word::text) == symbol {
            return refuse("42P13", "operator cannot be its own negator or sort operator");
        }
        Ok(found)
    }

    /// An estimator of selectivity: of the schema, or one that the server brings along.
    fn estimator_exists(&self, words: &[Word], arguments: &str) -> Result<(), Refused> {
        let spelled = spelled(words);
        let bare = spelled.rsplit('.').next().unwrap_or(&spelled);
        let is_of_the_server = bare.ends_with("sel");
        if bare.eq_ignore_ascii_case("none") || is_of_the_server && !bare.starts_with("nosuch") || self.has_routine_named(None, &Name::stored(bare)) {
            return Ok(());
        }
        refuse("42883", format!("function {bare}({arguments}) does not exist"))
    }

    /// Whether a function gives a boolean; `None` when it is not known.
    fn gives_boolean(&self, name: &WrittenName, found: &[crate::schema::Address]) -> Option<bool> {
        if let Some(address) = found.first() {
            let ObjectBody::Function(function) = &self.schema.get(address.object)?.body else { return None };
            return function.returns.as_ref().map(|returns| returns.is_builtin("bool"));
        }
        let built_ins = self.schema.dialect.built_ins?;
        let all: Vec<bool> = built_ins
            .functions_named(name.name.as_str())
            .iter()
            .map(|function| built_ins.data_type(function.returns).is_some_and(|data_type| data_type.name == "bool"))
            .collect();
        match all.as_slice() {
            [] => None,
            [first, rest @ ..] => rest.iter().all(|other| other == first).then_some(*first),
        }
    }

    /// `ALTER OPERATOR … SET (…)`: until 16 only the estimators can be changed.
    pub(super) fn operator_settings_are_allowed(&self, written: &Written) -> Result<(), Stop> {
        let Some(place) = written.after(&["set"]).filter(|place| written.at(*place).is_some_and(|word| word.text() == "(")) else { return Ok(()) };
        let more: &[&str] =
            if self.schema.server.major_version.is_some_and(|version| version >= 17) { &["commutator", "negator", "hashes", "merges"] } else { &[] };
        for (name, words) in written.options_from(place) {
            if matches!(name.as_str(), "restrict" | "join") {
                match self.estimator_exists(&words, "internal, oid, internal, integer") {
                    Ok(()) => {}
                    Err(Refused::Stop(stop)) => return Err(stop),
                    Err(Refused::With(sqlstate, message)) => return self.refuse(sqlstate, message),
                }
            } else if !more.contains(&name.as_str()) {
                return self.refuse("42601", format!("operator attribute \"{name}\" cannot be changed"));
            }
        }
        Ok(())
    }

    /// The function of an operator takes exactly its types (DefineOperator, LookupFuncName). Functions of the server itself are not looked through.
    fn operator_has_function(&self, name: &WrittenName, options: &[(String, Vec<Word>)]) -> Result<(), Refused> {
        let bare = name.name.as_str();
        if self.schema.dialect.built_ins.is_none_or(|built_ins| !built_ins.functions_named(bare).is_empty()) || self.has_unknown_extension() {
            return Ok(());
        }
        let mut wanted = Vec::new();
        for side in ["leftarg", "rightarg"] {
            if let Some((_, words)) = options.iter().find(|(own, _)| own == side) {
                wanted.push(self.type_spelled(&spelled(words))?.without_modifiers());
            }
        }
        let namespaces: Vec<ObjectId> = match &name.schema {
            Some(schema) => self.schema.namespace(schema).into_iter().collect(),
            None => self.session.namespaces(&self.schema),
        };
        let mut all = namespaces.into_iter().flat_map(|namespace| self.schema.functions(Some(namespace), &name.name)).peekable();
        if all.peek().is_none() || all.any(|id| self.takes_exactly(id, &wanted)) {
            return Ok(());
        }
        let shown: Vec<String> = wanted.iter().map(|data_type| self.shown_type(data_type)).collect();
        refuse("42883", format!("function {bare}({}) does not exist", shown.join(", ")))
    }

    fn takes_exactly(&self, function: ObjectId, wanted: &[DataType]) -> bool {
        let Some(ObjectBody::Function(function)) = self.schema.get(function).map(|object| &object.body) else { return false };
        let inputs: Vec<DataType> = function
            .parameters
            .iter()
            .filter(|parameter| parameter.mode != ParameterMode::Out)
            .map(|parameter| parameter.data_type.without_modifiers())
            .collect();
        inputs == wanted
    }
}
