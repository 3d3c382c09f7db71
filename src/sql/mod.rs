//! Text to statements: what a migration and a query can do, in a tree of our own, with true places.
//!
//! In: a source and its dialect. Out: [`Script`]: statements in order, each understood ([`tree::Statement`]) or not, with the reason.
//! The only room that names the parser crate. Nothing here knows a schema: names are as written, not resolved.

mod clause;
mod complexity;
mod copy;
mod cursor;
mod cut_names;
mod data_type;
mod ddl;
mod dml;
mod expression;
mod foreign;
mod forms;
mod grammar;
mod lexer;
mod lexical;
mod maintenance;
mod mentions;
mod part;
mod postgres;
mod printed_as;
mod query;
mod refusal;
mod routine_call;
mod routine_text;
mod script;
mod session;
mod splitter;
mod stack;
mod statement;
mod template;
#[cfg(test)]
mod tests;
mod token;
mod tokenize;
mod transaction;

pub mod plpgsql;
pub mod print;
pub mod tree;

pub use cut_names::cut_names;
pub use part::{read_expression, read_expression_part, read_function, read_query, read_query_part, read_rule_part, read_trigger, read_type};
pub use printed_as::{is_own_number, is_printed_as, operand_words};
pub use routine_text::writing_statements;
pub use script::{CommentKind, Script, ScriptComment, read_script, read_script_part};
pub use template::{TemplateKind, read_template, read_template_part};
