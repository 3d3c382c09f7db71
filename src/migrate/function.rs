//! Functions, procedures and aggregates.
//!
//! Source: PostgreSQL 15, ProcedureCreate (pg_proc.c), functioncmds.c.

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::lineage::{Binding, bind_statement_with, define_block, define_return};
use crate::name::Name;
use crate::schema::{Address, DataType, Definition, Function, FunctionParameter, ObjectBody, ObjectId, support_functions};
use crate::sql::tree::{CreateFunction, FunctionBody, FunctionKind, ParameterMode, Returns, Statement, StatementKind, TemporaryKind, Volatility};

impl Work<'_> {
    /// `CREATE [OR REPLACE] FUNCTION | PROCEDURE | AGGREGATE`.
    pub(super) fn create_function(&mut self, statement: &CreateFunction) -> Applied {
        let namespace = self.creation_namespace(&statement.name, TemporaryKind::Permanent)?;
        self.routine_is_allowed(statement)?;
        let function = self.function_from(statement)?;
        let name = statement.name.name.name.clone();
        let inputs = input_types(&function);
        let existing = self.schema.functions(Some(namespace), &name).into_iter().find(|id| match self.schema.get(*id).map(|object| &object.body) {
            Some(ObjectBody::Function(other)) => input_types(other) == inputs,
            _ => false,
        });
        let Some(existing) = existing else {
            self.refuse_unless_known(&statement.name)?;
            let id = self.insert_object(name, namespace, ObjectBody::Function(function));
            if statement.kind == FunctionKind::Aggregate {
                self.add_needs_of_aggregate(id, statement);
            }
            self.name_object(id);
            return self.body_is_valid(id, &statement.body);
        };
        if !statement.or_replace {
            return self.refuse("42723", format!("function \"{name}\" already exists with same argument types"));
        }
        self.may_replace(existing)?;
        self.can_replace(existing, &function)?;
        self.name_object(existing);
        self.schema.update(existing, |object| object.body = ObjectBody::Function(function));
        self.body_is_valid(existing, &statement.body)
    }

    fn function_from(&mut self, statement: &CreateFunction) -> Applied<Function> {
        let mut parameters = Vec::new();
        for parameter in &statement.parameters {
            parameters.push(FunctionParameter {
                mode: parameter.mode,
                name: parameter.name.as_ref().map(|name| name.name.clone()),
                data_type: self.data_type(&parameter.data_type)?,
                default: parameter.default.as_ref().map(|default| Arc::from(self.sources.slice(default.span))),
            });
        }
        let (returns, returns_set) = match &statement.returns {
            Returns::Type(written) => (Some(self.data_type(written)?), written.set_of),
            Returns::Table(columns) => {
                for (name, data_type) in columns {
                    let data_type = self.data_type(data_type)?;
                    parameters.push(FunctionParameter { mode: ParameterMode::Out, name: Some(name.name.clone()), data_type, default: None });
                }
                (self.type_of_outputs(&parameters), true)
            }
            Returns::Nothing => (self.type_of_outputs(&parameters), false),
        };
        let returns = match statement.kind {
            FunctionKind::Procedure => None,
            FunctionKind::Aggregate if self.schema.dialect.built_ins.is_some() => self.aggregate_result(statement)?,
            FunctionKind::Aggregate | FunctionKind::Function => returns,
        };
        let inputs: Vec<(Option<Name>, DataType)> = parameters
            .iter()
            .filter(|parameter| parameter.mode != ParameterMode::Out)
            .map(|parameter| (parameter.name.clone(), parameter.data_type.clone()))
            .collect();
        let (body, bound_body) = match &statement.body {
            FunctionBody::Text(block) => (Some(Arc::from(block.body.as_str())), None),
            FunctionBody::Atomic(statements, span) => {
                let text = self.sources.slice(*span);
                let mut bindings = Vec::new();
                for one in statements {
                    let binding = bind_statement_with(&self.schema, &self.session, one, &statement.name.name.name, &inputs);
                    self.inline_body_binds(&binding)?;
                    bindings.push(binding);
                }
                let needs: Vec<Address> = bindings.iter().flat_map(|binding| binding.depends_on.iter().copied()).collect();
                let definition = define_block(&self.schema, &self.session, statements.iter().zip(&bindings));
                (None, Some(definition.unwrap_or_else(|| Definition::text(text)).needing(needs)))
            }
            FunctionBody::Return(query, span) => {
                let only = Statement { kind: StatementKind::Query(query.clone()), span: *span };
                let binding = bind_statement_with(&self.schema, &self.session, &only, &statement.name.name.name, &inputs);
                self.inline_body_binds(&binding)?;
                let definition = define_return(&self.schema, &self.session, query, &binding);
                let definition = definition.unwrap_or_else(|| Definition::text(format!("RETURN {}", self.sources.slice(*span))));
                (None, Some(definition.needing(binding.depends_on)))
            }
            FunctionBody::Opaque => (None, None),
        };
        let language = statement.language.clone().unwrap_or_else(|| String::from(if bound_body.is_some() { "sql" } else { "plpgsql" }));
        let options = texts(&statement.options);
        let support = match statement.kind {
            FunctionKind::Aggregate => support_functions(&self.schema, &self.session.namespaces(&self.schema), &options),
            FunctionKind::Function | FunctionKind::Procedure => Vec::new(),
        };
        Ok(Function {
            kind: statement.kind,
            parameters,
            returns,
            returns_set,
            language: Arc::from(language),
            body,
            bound_body,
            support,
            volatility: statement.volatility,
            strict: statement.strict,
            security_definer: statement.security_definer,
            settings: statement.settings.iter().map(|(name, value)| (Arc::from(name.as_str()), self.value_in_force(name, value))).collect(),
            options,
        })
    }

    /// A body that stands in the statement itself is read with it, whatever the session says.
    fn inline_body_binds(&self, binding: &Binding) -> Applied {
        match binding.errors.first() {
            Some(error) if error.unknown.is_none() && self.schema.dialect.built_ins.is_some() => Err(self.refuse_bound(error.clone())),
            _ => Ok(()),
        }
    }

    /// What `OUT` parameters make: nothing, the one type, or a record.
    #[expect(clippy::unused_self, reason = "reads as the other rules of routines")]
    fn type_of_outputs(&self, parameters: &[FunctionParameter]) -> Option<DataType> {
        let mut outputs = parameters.iter().filter(|parameter| matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut));
        match (outputs.next(), outputs.next()) {
            (None, _) => None,
            (Some(one), None) => Some(one.data_type.clone()),
            (Some(_), Some(_)) => Some(DataType::builtin("record")),
        }
    }

    /// What `CREATE OR REPLACE` may not change (ProcedureCreate).
    fn can_replace(&self, existing: ObjectId, new: &Function) -> Applied {
        let Some(ObjectBody::Function(old)) = self.schema.get(existing).map(|object| &object.body) else { return Ok(()) };
        let name = self.name_of(existing);
        if old.kind != new.kind {
            let word = |kind| match kind {
                FunctionKind::Function => "a function",
                FunctionKind::Procedure => "a procedure",
                FunctionKind::Aggregate => "an aggregate function",
            };
            return self.refuse_with("42809", "cannot change routine kind", format!("\"{name}\" is {}.", word(old.kind)));
        }
        let hint = format!("Use DROP {} {} first.", if old.kind == FunctionKind::Procedure { "PROCEDURE" } else { "FUNCTION" }, self.shown_signature(existing));
        // What a final function over `internal` gives is not known.
        let is_unknown = |function: &Function| {
            function.kind == FunctionKind::Aggregate
                && function.returns.as_ref().is_some_and(|returns| matches!(returns.identity, crate::schema::TypeIdentity::Unknown(_)))
        };
        let is_known = !is_unknown(old) && !is_unknown(new);
        if is_known && (old.returns != new.returns || old.returns_set != new.returns_set) {
            return self.refuse_with("42P13", "cannot change return type of existing function", hint);
        }
        let outputs = |function: &Function| -> Vec<_> {
            let all = function.parameters.iter().filter(|parameter| matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut));
            all.map(|parameter| (parameter.name.clone(), parameter.data_type.clone())).collect()
        };
        if outputs(old) != outputs(new) && outputs(old).len() + outputs(new).len() > 0 {
            return self.refuse_with("42P13", "cannot change return type of existing function", hint);
        }
        let inputs = |function: &Function| -> Vec<FunctionParameter> {
            function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out).cloned().collect()
        };
        for (was, is) in inputs(old).iter().zip(inputs(new)) {
            if let Some(was_name) = &was.name
                && is.name.as_ref() != Some(was_name)
            {
                return self.refuse_with("42P13", format!("cannot change name of input parameter \"{was_name}\""), hint);
            }
            if was.default.is_some() && is.default.is_none() {
                return self.refuse_with("42P13", "cannot remove parameter defaults from existing function", hint);
            }
        }
        Ok(())
    }

    /// `ALTER FUNCTION` options.
    pub(super) fn alter_function(&mut self, id: ObjectId, changes: &[(String, String)]) {
        self.name_object(id);
        let mut changes = changes.to_vec();
        for (_, value) in changes.iter_mut().filter(|(word, _)| word == "SET") {
            if let Some(name) = value.strip_suffix("FROM CURRENT").map(|name| name.trim_end_matches([' ', '=']).to_owned()) {
                *value = format!("{name}={}", self.value_in_force(&name, "FROM CURRENT"));
            }
        }
        self.schema.update(id, |object| {
            let ObjectBody::Function(function) = &mut object.body else { return };
            for (word, value) in &changes {
                apply_option(function, word, value);
            }
        });
    }
}

fn apply_option(function: &mut Function, word: &str, value: &str) {
    match word {
        "IMMUTABLE" => function.volatility = Volatility::Immutable,
        "STABLE" => function.volatility = Volatility::Stable,
        "VOLATILE" => function.volatility = Volatility::Volatile,
        "STRICT" | "RETURNS NULL ON NULL INPUT" => function.strict = true,
        "CALLED ON NULL INPUT" => function.strict = false,
        "SECURITY DEFINER" | "EXTERNAL SECURITY DEFINER" => function.security_definer = true,
        "SECURITY INVOKER" | "EXTERNAL SECURITY INVOKER" => function.security_definer = false,
        "SET" => {
            let (name, value) = value.split_once(|letter: char| letter == '=' || letter.is_whitespace()).unwrap_or((value, ""));
            // `SET name = value` and `SET name TO value`.
            let value = value.trim_start();
            let to = value.get(..3).filter(|start| start.trim_end().eq_ignore_ascii_case("to")).map_or(0, str::len);
            let value = value.strip_prefix('=').or_else(|| value.get(to..)).unwrap_or(value);
            let name: Arc<str> = Arc::from(name.trim());
            let value = value.trim_start_matches(|letter: char| letter == '=' || letter.is_whitespace());
            function.settings.retain(|(own, _)| *own != name);
            function.settings.push((name, Arc::from(value.trim())));
        }
        "RESET" if value.eq_ignore_ascii_case("all") => function.settings.clear(),
        "RESET" => function.settings.retain(|(own, _)| **own != *value),
        _ => {
            function.options.retain(|(own, _)| &**own != word);
            function.options.push((Arc::from(word), Arc::from(value)));
        }
    }
}

fn input_types(function: &Function) -> Vec<DataType> {
    let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
    inputs.map(|parameter| parameter.data_type.without_modifiers()).collect()
}

fn texts(pairs: &[(String, String)]) -> Vec<(Arc<str>, Arc<str>)> {
    pairs.iter().map(|(name, value)| (Arc::from(name.as_str()), Arc::from(value.as_str()))).collect()
}
