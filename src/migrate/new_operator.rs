//! `CREATE OPERATOR`: its types and its function.
//!
//! In: the words of the statement. Out: what the operator depends on, or the refusal.
//!
//! Source: PostgreSQL 15, DefineOperator (operatorcmds.c), LookupFuncName (parse_func.c).

use super::refused::{Checked, Refused, refuse};
use super::work::Work;
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
        let (schema, name) = function.rsplit_once('.').map_or((None, function.as_str()), |(schema, name)| (Some(schema), name));
        let name = WrittenName { schema: schema.map(Name::stored), name: Name::stored(name) };
        let found = self.routine_exists(&name, "…")?;
        self.operator_has_function(&name, &options)?;
        Ok(found)
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
