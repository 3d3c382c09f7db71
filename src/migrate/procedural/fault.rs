//! Errors inside a body: what was raised or refused, and which handler catches it.
//!
//! Source: manual appendix A and 43.6.8 (PostgreSQL 15). A condition name whose code ends in `000` stands for its whole class;
//! `others` catches everything but `query_canceled` and `assert_failure` (both measured on 15).

use std::sync::Arc;

use super::super::Refusal;
use crate::text::Span;

/// An error on its way out of the body.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// The five characters; those of `RAISE … USING ERRCODE` may be anybody's.
    pub(super) code: Arc<str>,
    /// What is told when nobody catches it.
    pub(super) refusal: Refusal,
    /// What has to hold for it not to happen, and a query that gives a row when it happens; `None` when it happens for sure.
    pub(super) unless: Option<(String, Option<String>)>,
}

impl Fault {
    /// An error of the server.
    pub(super) fn new(code: &'static str, message: impl Into<String>, span: Span) -> Self {
        Self::refused(Refusal { sqlstate: code, message: message.into(), detail: None, span })
    }

    /// A refusal.
    pub(super) fn refused(refusal: Refusal) -> Self {
        Self { code: Arc::from(refusal.sqlstate), refusal, unless: None }
    }

    /// One that the body raises itself, under any code.
    pub(super) fn raised(code: &str, message: String, span: Span) -> Self {
        let known = CONDITIONS.iter().find(|(_, own)| *own == code).map(|(_, own)| *own);
        let detail = if known.is_none() { Some(format!("Raised with SQLSTATE {code}.")) } else { None };
        Self { code: Arc::from(code), refusal: Refusal { sqlstate: known.unwrap_or("P0001"), message, detail, span }, unless: None }
    }

    /// Whether a handler for these conditions catches it.
    pub(super) fn is_caught_by(&self, conditions: &[String]) -> bool {
        is_caught(&self.code, conditions)
    }
}

/// Whether a handler for these conditions catches a code.
pub(super) fn is_caught(code: &str, conditions: &[String]) -> bool {
    conditions.iter().any(|condition| {
        if condition == "others" {
            return code != "57014" && code != "P0004";
        }
        match code_of(condition) {
            Some(class) if class.ends_with("000") => class.get(..2) == code.get(..2),
            Some(own) => own == code,
            None => condition.eq_ignore_ascii_case(code),
        }
    })
}

/// The code of a condition name.
pub(super) fn code_of(condition: &str) -> Option<&'static str> {
    CONDITIONS.iter().find(|(name, _)| *name == condition).map(|(_, code)| *code)
}

/// Condition names and their codes.
const CONDITIONS: &[(&str, &str)] = &[
    ("sql_statement_not_yet_complete", "03000"),
    ("connection_exception", "08000"),
    ("connection_does_not_exist", "08003"),
    ("connection_failure", "08006"),
    ("triggered_action_exception", "09000"),
    ("feature_not_supported", "0A000"),
    ("invalid_transaction_initiation", "0B000"),
    ("locator_exception", "0F000"),
    ("invalid_grantor", "0L000"),
    ("invalid_grant_operation", "0LP01"),
    ("invalid_role_specification", "0P000"),
    ("diagnostics_exception", "0Z000"),
    ("stacked_diagnostics_accessed_without_active_handler", "0Z002"),
    ("case_not_found", "20000"),
    ("cardinality_violation", "21000"),
    ("data_exception", "22000"),
    ("string_data_right_truncation", "22001"),
    ("numeric_value_out_of_range", "22003"),
    ("null_value_not_allowed", "22004"),
    ("error_in_assignment", "22005"),
    ("invalid_datetime_format", "22007"),
    ("datetime_field_overflow", "22008"),
    ("division_by_zero", "22012"),
    ("invalid_parameter_value", "22023"),
    ("invalid_text_representation", "22P02"),
    ("bad_copy_file_format", "22P04"),
    ("integrity_constraint_violation", "23000"),
    ("restrict_violation", "23001"),
    ("not_null_violation", "23502"),
    ("foreign_key_violation", "23503"),
    ("unique_violation", "23505"),
    ("check_violation", "23514"),
    ("exclusion_violation", "23P01"),
    ("invalid_cursor_state", "24000"),
    ("invalid_transaction_state", "25000"),
    ("active_sql_transaction", "25001"),
    ("read_only_sql_transaction", "25006"),
    ("no_active_sql_transaction", "25P01"),
    ("in_failed_sql_transaction", "25P02"),
    ("invalid_sql_statement_name", "26000"),
    ("triggered_data_change_violation", "27000"),
    ("invalid_authorization_specification", "28000"),
    ("dependent_privilege_descriptors_still_exist", "2B000"),
    ("dependent_objects_still_exist", "2BP01"),
    ("invalid_transaction_termination", "2D000"),
    ("sql_routine_exception", "2F000"),
    ("function_executed_no_return_statement", "2F005"),
    ("modifying_sql_data_not_permitted", "2F002"),
    ("invalid_cursor_name", "34000"),
    ("external_routine_exception", "38000"),
    ("external_routine_invocation_exception", "39000"),
    ("savepoint_exception", "3B000"),
    ("invalid_savepoint_specification", "3B001"),
    ("invalid_catalog_name", "3D000"),
    ("invalid_schema_name", "3F000"),
    ("transaction_rollback", "40000"),
    ("serialization_failure", "40001"),
    ("deadlock_detected", "40P01"),
    ("syntax_error_or_access_rule_violation", "42000"),
    ("insufficient_privilege", "42501"),
    ("syntax_error", "42601"),
    ("invalid_name", "42602"),
    ("invalid_column_definition", "42611"),
    ("name_too_long", "42622"),
    ("duplicate_column", "42701"),
    ("ambiguous_column", "42702"),
    ("undefined_column", "42703"),
    ("undefined_object", "42704"),
    ("duplicate_object", "42710"),
    ("duplicate_alias", "42712"),
    ("duplicate_function", "42723"),
    ("ambiguous_function", "42725"),
    ("grouping_error", "42803"),
    ("datatype_mismatch", "42804"),
    ("wrong_object_type", "42809"),
    ("invalid_foreign_key", "42830"),
    ("cannot_coerce", "42846"),
    ("undefined_function", "42883"),
    ("reserved_name", "42939"),
    ("undefined_table", "42P01"),
    ("undefined_parameter", "42P02"),
    ("duplicate_cursor", "42P03"),
    ("duplicate_database", "42P04"),
    ("duplicate_prepared_statement", "42P05"),
    ("duplicate_schema", "42P06"),
    ("duplicate_table", "42P07"),
    ("ambiguous_parameter", "42P08"),
    ("ambiguous_alias", "42P09"),
    ("invalid_column_reference", "42P10"),
    ("invalid_cursor_definition", "42P11"),
    ("invalid_database_definition", "42P12"),
    ("invalid_function_definition", "42P13"),
    ("invalid_prepared_statement_definition", "42P14"),
    ("invalid_schema_definition", "42P15"),
    ("invalid_table_definition", "42P16"),
    ("invalid_object_definition", "42P17"),
    ("indeterminate_datatype", "42P18"),
    ("invalid_recursion", "42P19"),
    ("windowing_error", "42P20"),
    ("collation_mismatch", "42P21"),
    ("indeterminate_collation", "42P22"),
    ("generated_always", "428C9"),
    ("with_check_option_violation", "44000"),
    ("insufficient_resources", "53000"),
    ("disk_full", "53100"),
    ("out_of_memory", "53200"),
    ("too_many_connections", "53300"),
    ("program_limit_exceeded", "54000"),
    ("statement_too_complex", "54001"),
    ("too_many_columns", "54011"),
    ("object_not_in_prerequisite_state", "55000"),
    ("object_in_use", "55006"),
    ("cant_change_runtime_param", "55P02"),
    ("lock_not_available", "55P03"),
    ("unsafe_new_enum_value_usage", "55P04"),
    ("operator_intervention", "57000"),
    ("query_canceled", "57014"),
    ("system_error", "58000"),
    ("undefined_file", "58P01"),
    ("duplicate_file", "58P02"),
    ("fdw_error", "HV000"),
    ("plpgsql_error", "P0000"),
    ("raise_exception", "P0001"),
    ("no_data_found", "P0002"),
    ("too_many_rows", "P0003"),
    ("assert_failure", "P0004"),
    ("internal_error", "XX000"),
    ("data_corrupted", "XX001"),
    ("index_corrupted", "XX002"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(code: &str, condition: &str) -> bool {
        is_caught(code, &[condition.to_owned()])
    }

    #[test]
    fn conditions_catch_their_code_or_their_class() {
        assert!(caught("42P07", "duplicate_table"));
        assert!(!caught("42P07", "duplicate_object"));
        assert!(caught("42P07", "syntax_error_or_access_rule_violation"));
        assert!(caught("42P07", "42P07"));
        assert!(caught("MYERR", "MYERR"));
        assert!(caught("42P07", "others") && !caught("P0004", "others"));
    }
}
