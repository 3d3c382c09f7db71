//! What the server asks of a routine's head: its parameters, its result, its language, its attributes. Bodies are read elsewhere.
//!
//! Source: PostgreSQL 15, interpret_function_parameter_list, compute_function_attributes and CreateFunction (functioncmds.c), ProcedureCreate (pg_proc.c).

use super::work::{Applied, Work};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::name::Name;
use crate::schema::DataType;
use crate::sql::tree::{CreateFunction, FunctionBody, FunctionKind, Parameter, ParameterMode, Returns, Volatility};
use crate::typing::is_polymorphic;

impl Work<'_> {
    /// Checks the head of a new routine.
    pub(super) fn routine_is_allowed(&mut self, statement: &CreateFunction) -> Applied {
        if self.schema.dialect.built_ins.is_none() || statement.kind == FunctionKind::Aggregate {
            return Ok(());
        }
        let language = statement.language.as_deref().unwrap_or("sql");
        self.language_exists(&Name::stored(language))?;
        let is_inline = matches!(statement.body, FunctionBody::Atomic(..) | FunctionBody::Return(..));
        if is_inline && language != "sql" {
            return self.refuse("42P13", "inline SQL function body only valid for language SQL");
        }
        self.parameters_are_allowed(&statement.parameters)?;
        self.result_is_allowed(statement, language)?;
        self.attributes_are_allowed(statement)
    }

    fn parameters_are_allowed(&mut self, parameters: &[Parameter]) -> Applied {
        let mut has_default = false;
        let is_input = |parameter: &Parameter| parameter.mode != ParameterMode::Out;
        for (place, parameter) in parameters.iter().enumerate() {
            let data_type = self.data_type(&parameter.data_type)?;
            if parameter.data_type.set_of {
                return self.refuse_at(parameter.data_type.span, "42P13", "functions cannot accept set arguments");
            }
            if parameter.mode == ParameterMode::Variadic {
                let takes_many = data_type.array
                    || ["any", "anyarray", "anycompatiblearray"].iter().any(|name| data_type.is_builtin(name))
                    || data_type.identity == DataType::builtin("int2vector").identity;
                if !takes_many {
                    return self.refuse_at(parameter.data_type.span, "42P13", "VARIADIC parameter must be an array");
                }
                if parameters.iter().skip(place + 1).any(is_input) {
                    return self.refuse_at(parameter.data_type.span, "42P13", "VARIADIC parameter must be the last input parameter");
                }
            }
            if let Some(name) = &parameter.name {
                let clashes = |other: &Parameter| {
                    let same_side =
                        !(is_pure_input(other) && parameter.mode == ParameterMode::Out) && !(other.mode == ParameterMode::Out && is_pure_input(parameter));
                    same_side && other.name.as_ref().is_some_and(|own| own.name == name.name)
                };
                if parameters.iter().take(place).any(clashes) {
                    return self.refuse_at(name.span, "42P13", format!("parameter name \"{name}\" used more than once"));
                }
            }
            match &parameter.default {
                Some(_) if !is_input(parameter) => return self.refuse_at(parameter.data_type.span, "42P13", "only input parameters can have default values"),
                Some(default) => {
                    has_default = true;
                    let scope = ExpressionScope::empty(ExpressionPurpose::ParameterDefault).assigned_to(data_type);
                    let scope = if parameter_is_polymorphic(&scope) { ExpressionScope::empty(ExpressionPurpose::ParameterDefault) } else { scope };
                    let binding = crate::lineage::bind_expression(&self.schema, &self.session, &scope, default);
                    if let Some(error) = binding.errors.into_iter().find(|error| error.unknown.is_none()) {
                        // A default sees no columns at all, so a name is one that does not exist.
                        let sqlstate = if error.sqlstate == "0A000" && error.message.contains("column reference") { "42703" } else { error.sqlstate };
                        return self.refuse_at(error.span, sqlstate, error.message);
                    }
                }
                None if has_default && is_input(parameter) && parameter.mode != ParameterMode::Variadic => {
                    return self.refuse_at(parameter.data_type.span, "42P13", "input parameters after one with a default value must also have defaults");
                }
                None => {}
            }
        }
        Ok(())
    }

    fn result_is_allowed(&self, statement: &CreateFunction, language: &str) -> Applied {
        if statement.kind == FunctionKind::Procedure {
            return Ok(());
        }
        let mut outputs = Vec::new();
        let mut takes_polymorphic = false;
        for parameter in &statement.parameters {
            let data_type = self.data_type(&parameter.data_type)?;
            takes_polymorphic |= parameter.mode != ParameterMode::Out && is_polymorphic(&data_type);
            if matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut) {
                outputs.push(data_type);
            }
        }
        let result = match &statement.returns {
            Returns::Nothing if outputs.is_empty() => return self.refuse("42P13", "function result type must be specified"),
            Returns::Nothing => return self.polymorphic_result_is_known(outputs.iter().any(is_polymorphic), takes_polymorphic),
            Returns::Table(columns) => {
                if !outputs.is_empty() {
                    return self.refuse("42601", "OUT and INOUT arguments aren't allowed in TABLE functions");
                }
                for (place, (name, _)) in columns.iter().enumerate() {
                    if columns.iter().take(place).any(|(own, _)| own.name == name.name) {
                        return self.refuse_at(name.span, "42P13", format!("parameter name \"{name}\" used more than once"));
                    }
                }
                return Ok(());
            }
            Returns::Type(written) => self.data_type(written)?,
        };
        let wanted = match outputs.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            _ => Some(DataType::builtin("record")),
        };
        if let Some(wanted) = wanted
            && wanted.without_modifiers() != result.without_modifiers()
        {
            let shown = self.shown_type(&wanted.without_modifiers());
            return self.refuse("42P13", format!("function result type must be {shown} because of OUT parameters"));
        }
        self.polymorphic_result_is_known(is_polymorphic(&result), takes_polymorphic)?;
        // What the validator of the language says (plpgsql_validator).
        for (own, words) in [("trigger", "trigger"), ("event_trigger", "event trigger")] {
            if language == "plpgsql" && result.is_builtin(own) && !statement.parameters.is_empty() && self.session.checks_bodies {
                return self.refuse("42P13", format!("{words} functions cannot have declared arguments"));
            }
        }
        if language == "sql" && (result.is_builtin("trigger") || result.is_builtin("event_trigger")) {
            return self.refuse("42P13", format!("SQL functions cannot return type {}", self.shown_type(&result)));
        }
        Ok(())
    }

    fn polymorphic_result_is_known(&self, is_polymorphic: bool, takes_polymorphic: bool) -> Applied {
        if is_polymorphic && !takes_polymorphic {
            return self.refuse("42P13", "cannot determine result data type");
        }
        Ok(())
    }

    fn attributes_are_allowed(&self, statement: &CreateFunction) -> Applied {
        let returns_set = match &statement.returns {
            Returns::Table(_) => true,
            Returns::Type(written) => written.set_of,
            Returns::Nothing => false,
        };
        if statement.kind == FunctionKind::Procedure {
            let has_others = statement.options.iter().any(|(word, _)| !matches!(word.as_str(), "TRANSFORM"));
            if statement.strict || statement.volatility != Volatility::Volatile || has_others {
                return self.refuse("42P13", "invalid attribute in procedure definition");
            }
        }
        self.options_are_allowed(&statement.options, returns_set)
    }

    /// `COST`, `ROWS`, `PARALLEL`: which values they take.
    pub(super) fn options_are_allowed(&self, options: &[(String, String)], returns_set: bool) -> Applied {
        for (place, (word, value)) in options.iter().enumerate() {
            let number = value.parse::<f64>().unwrap_or(0.0);
            let is_repeated = options.iter().take(place).any(|(other, _)| family(other) == family(word) && !matches!(word.as_str(), "SET" | "RESET"));
            if is_repeated {
                return self.refuse("42601", "conflicting or redundant options");
            }
            match word.as_str() {
                "COST" if number <= 0.0 => return self.refuse("22023", "COST must be positive"),
                "ROWS" if number <= 0.0 => return self.refuse("22023", "ROWS must be positive"),
                "ROWS" if !returns_set => return self.refuse("22023", "ROWS is not applicable when function does not return a set"),
                "PARALLEL" if !matches!(value.as_str(), "SAFE" | "UNSAFE" | "RESTRICTED") => {
                    return self.refuse("42601", "parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE");
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Attributes that say the same thing.
fn family(word: &str) -> &str {
    match word {
        "IMMUTABLE" | "STABLE" | "VOLATILE" => "volatility",
        "STRICT" | "CALLED ON NULL INPUT" | "RETURNS NULL ON NULL INPUT" => "strict",
        "LEAKPROOF" | "NOT LEAKPROOF" => "leakproof",
        "SECURITY DEFINER" | "SECURITY INVOKER" => "security",
        other => other,
    }
}

fn is_pure_input(parameter: &Parameter) -> bool {
    matches!(parameter.mode, ParameterMode::In | ParameterMode::Variadic)
}

fn parameter_is_polymorphic(scope: &ExpressionScope) -> bool {
    scope.target.as_ref().is_some_and(is_polymorphic)
}
