//! Bodies in SQL, which the server reads when the routine is made.
//!
//! In: a routine that has just been put into the schema. Out: the refusal of what its statements name wrongly, and of a last statement that does not
//! give what the routine says it gives. Bodies in other languages are looked at when they run.
//!
//! Source: PostgreSQL 15, fmgr_sql_validator (pg_proc.c) and check_sql_fn_retval (functions.c); measured on 15.

use super::work::{Applied, Work};
use crate::lineage::{Output, SqlStatement, bind_sql_body, bind_sql_statements};
use crate::schema::{DataType, Function, ObjectBody, ObjectId, TypeIdentity};
use crate::sql::tree::{FunctionBody, ParameterMode, Statement, StatementKind};
use crate::typing::{Cast, CastContext, cast, is_polymorphic};

impl Work<'_> {
    /// Checks the body of a new routine, unless the session says otherwise (`check_function_bodies`).
    pub(super) fn body_is_valid(&self, routine: ObjectId, inline: &FunctionBody) -> Applied {
        let Some(object) = self.schema.get(routine) else { return Ok(()) };
        let ObjectBody::Function(function) = &object.body else { return Ok(()) };
        if self.schema.dialect.built_ins.is_none() || !self.session.checks_bodies || &*function.language != "sql" {
            return Ok(());
        }
        // With such a parameter nothing can be said before a call.
        if function.parameters.iter().any(|parameter| parameter.mode != ParameterMode::Out && is_polymorphic(&parameter.data_type)) {
            return Ok(());
        }
        let bound = match inline {
            FunctionBody::Return(query, span) => {
                let statement = Statement { kind: StatementKind::Query(query.clone()), span: *span };
                Some(bind_sql_statements(&self.schema, &self.session, (&object.name, function), std::slice::from_ref(&statement)))
            }
            FunctionBody::Atomic(statements, _) => Some(bind_sql_statements(&self.schema, &self.session, (&object.name, function), statements)),
            FunctionBody::Text(_) | FunctionBody::Opaque => bind_sql_body(&self.schema, &self.session, routine),
        };
        let Some(statements) = bound else { return Ok(()) };
        for statement in &statements {
            match statement {
                SqlStatement::Bound { binding, .. } => match binding.errors.first() {
                    Some(error) if error.unknown.is_none() => return self.refuse(error.sqlstate, error.message.clone()),
                    Some(_) => return Ok(()),
                    None => {}
                },
                SqlStatement::Command => {}
                SqlStatement::Unread => return Ok(()),
            }
        }
        self.last_statement_gives(function, statements.last())
    }

    fn last_statement_gives(&self, function: &Function, last: Option<&SqlStatement>) -> Applied {
        let outs: Vec<&DataType> = function
            .parameters
            .iter()
            .filter(|parameter| matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut))
            .map(|parameter| &parameter.data_type)
            .collect();
        let record = DataType::builtin("record");
        let result = match (&function.returns, outs.as_slice()) {
            (Some(returns), _) => returns,
            // A procedure gives its row of outputs.
            (None, []) => return Ok(()),
            (None, _) => &record,
        };
        if result.is_builtin("void") || is_polymorphic(result) {
            return Ok(());
        }
        let mismatch = |detail: &str| {
            let shown = self.shown_type(&result.without_modifiers());
            self.refuse_with("42P13", format!("return type mismatch in function declared to return {shown}"), detail)
        };
        let outputs = match last {
            Some(SqlStatement::Bound { binding, gives_rows: true }) => {
                if binding.open_outputs || !binding.unresolved.is_empty() {
                    return Ok(());
                }
                &binding.outputs
            }
            Some(SqlStatement::Unread) => return Ok(()),
            Some(SqlStatement::Bound { .. } | SqlStatement::Command) | None => {
                return mismatch("Function's final statement must be SELECT or INSERT/UPDATE/DELETE RETURNING.");
            }
        };
        let wanted: Vec<DataType> = if result.is_builtin("record") {
            if outs.is_empty() {
                return Ok(());
            }
            // A value that is a row itself is looked at when it comes.
            if let [one] = outputs.as_slice()
                && one.data_type.as_ref().is_some_and(|own| self.becomes(one, &record) && !own.is_builtin("unknown"))
            {
                return Ok(());
            }
            outs.into_iter().cloned().collect()
        } else {
            let row = match result.identity {
                TypeIdentity::Object(id) if !result.array => self.schema.columns(id),
                _ => &[],
            };
            if row.is_empty() {
                return match outputs.as_slice() {
                    [one] if self.becomes(one, result) => Ok(()),
                    [_] => mismatch("Actual return type is another."),
                    _ => mismatch("Final statement must return exactly one column."),
                };
            }
            // A value of the whole row will do.
            if let [one] = outputs.as_slice()
                && self.becomes(one, result)
            {
                return Ok(());
            }
            row.iter().map(|column| column.data_type.clone()).collect()
        };
        if outputs.len() != wanted.len() {
            return mismatch(if outputs.len() < wanted.len() {
                "Final statement returns too few columns."
            } else {
                "Final statement returns too many columns."
            });
        }
        if outputs.iter().zip(&wanted).all(|(output, wanted)| self.becomes(output, wanted)) {
            Ok(())
        } else {
            mismatch("Final statement returns another type.")
        }
    }

    /// Whether the server takes the value for one of that type by itself; an untyped constant is a text here.
    fn becomes(&self, output: &Output, wanted: &DataType) -> bool {
        let Some(own) = &output.data_type else { return true };
        let is_unknown = |data_type: &DataType| matches!(data_type.identity, TypeIdentity::Unknown(_));
        if is_unknown(own) || is_unknown(wanted) || (own.is_builtin("record") && matches!(wanted.identity, TypeIdentity::Object(_))) {
            return true;
        }
        let text = DataType::builtin("text");
        let own = if own.is_builtin("unknown") { &text } else { own };
        !matches!(cast(&self.schema, own, wanted, CastContext::Assignment), Cast::Impossible)
    }
}
