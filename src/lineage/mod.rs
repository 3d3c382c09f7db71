//! Names resolved the way the database does it: what a query reads, in which role, and what comes out.
//!
//! In: a [`crate::schema::Schema`], a search path and a query or expression of [`crate::sql::tree`]. Out: a [`Binding`]: output columns with
//! types, nullability and sources; every column read with its role and place; what the server would refuse, with SQLSTATE; what cannot be resolved, with the reason.
//! Also stored definitions: a bound query turned into the pieces that follow renames.

mod aggregate;
mod bind;
mod binder;
mod binding;
mod body;
mod built_in_form;
mod call;
mod catalog_relations;
mod column_reference;
mod conflict;
mod cte;
mod date_part;
mod define;
mod define_statement;
#[cfg(test)]
mod dialect_forms;
mod expression;
#[cfg(test)]
mod fixture;
mod group_by;
mod implication;
mod insert;
mod join;
mod late_memory;
mod late_view;
mod level;
mod merge;
mod order_by;
mod output_name;
mod pivot;
mod query;
mod relation;
mod resolve;
mod row_type;
mod scope_of_expression;
mod select;
mod server_form;
mod set_operation;
mod sql_function;
mod star;
mod subquery;
mod system_column;
mod table_function;
mod type_rules;
mod updatable_view;
mod update;
mod value;
mod variable;
mod visibility;
mod window;
mod write;

pub use bind::{bind_expression, bind_query, bind_query_without_parameters, bind_statement, bind_statement_among, bind_statement_with, bind_value_among};
pub use binding::{BindError, Binding, DerivedColumn, NamedSource, Output, Read, Role, Session, StarColumn, StarQualifier, Unresolved};
pub use body::{BodyPart, RoutineBody, SqlStatement, WriteKind, bind_body, bind_sql_body, bind_sql_statements, written};
pub use catalog_relations::is_catalog_relation;
pub use define::{define_expression, define_query};
pub use define_statement::{define_block, define_return, define_rule, define_statement, names_in_condition};
pub use resolve::{namespace_of, resolve_function, resolve_relation, resolve_type};
pub use scope_of_expression::{ExpressionBinding, ExpressionPurpose, ExpressionScope, ScopeRelation};
pub use updatable_view::why_not_updatable;
pub use variable::{Variable, VariableType, Variables};
