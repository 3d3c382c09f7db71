//! A schema, or a part of it, printed as statements that make it again.
//!
//! In: a [`crate::schema::Schema`]. Out: PostgreSQL statements without their semicolons, names quoted where needed and always with
//! their schema, so that they mean the same whatever the `search_path` is. [`print`] joins them to a script that runs on an empty database.
//! Rows, and the last value of a sequence, are not part of a schema. Which statements are needed to undo a change is decided in `rollback`.

mod alter;
mod column;
mod constraint;
mod create;
mod function;
mod grant;
mod index;
mod other;
mod phrase;
mod script;
mod sequence;
mod table;
mod user_type;
mod view;
mod word;

pub use alter::{
    add_column, add_constraint, alter_column_type, alter_table, drop_column, drop_constraint, drop_default, drop_not_null, drop_object, move_object,
    rename_column, rename_object, set_column_comment, set_comment, set_default, set_not_null, set_owner,
};
pub use column::column_definition;
pub use constraint::constraint_definition;
pub use create::create;
pub use function::{argument_list, canonical_setting, function_definition, identity_arguments, result_words};
pub use grant::{default_grants, effective_grants, grant_statements};
pub use index::{constraint_of, index_definition, key_words};
pub use other::{is_inherited_trigger, policy_definition, statement_text, trigger_definition};
pub use phrase::{name_phrase, object_phrase};
pub use script::{create_all, creation_order, print, statements};
pub use sequence::{chosen_sequence_name, is_identity_of, sequence_options, sequence_range};
pub use user_type::type_definition;
pub use view::view_definition;
pub use word::{kind_words, literal, quoted_name};
