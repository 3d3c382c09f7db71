//! Routines.

use super::grants::Context;
use crate::schema::{Function, Object, ddl};
use crate::snapshot::file::{FunctionEntry, FunctionWord, Text, VolatilityWord, text};
use crate::sql::tree::{FunctionKind, Volatility};
use crate::yaml::Entries;

/// The key of a routine: its name, quoted where SQL needs it, with the types of its input arguments.
pub(super) fn function_key(context: &Context<'_>, object: &Object, function: &Function) -> Text {
    text(format!("{}({})", context.schema.dialect.quote(&object.name), ddl::identity_arguments(context.schema, function)))
}

/// A routine.
pub(super) fn function_entry(context: &Context<'_>, object: &Object, function: &Function) -> FunctionEntry {
    let schema = context.schema;
    let arguments = ddl::argument_list(schema, function);
    FunctionEntry {
        comment: Context::comment_of(object),
        owner: context.owner_of(object),
        kind: match function.kind {
            FunctionKind::Function => None,
            FunctionKind::Procedure => Some(FunctionWord::Procedure),
            FunctionKind::Aggregate => Some(FunctionWord::Aggregate),
        },
        arguments: (!arguments.is_empty()).then(|| text(arguments)),
        returns: ddl::result_words(schema, function).map(text),
        language: (&*function.language != "sql").then(|| text(&*function.language)),
        volatility: match function.volatility {
            Volatility::Volatile => None,
            Volatility::Stable => Some(VolatilityWord::Stable),
            Volatility::Immutable => Some(VolatilityWord::Immutable),
        },
        strict: function.strict,
        security_definer: function.security_definer,
        settings: Entries(function.settings.iter().map(|(name, value)| (text(&**name), text(ddl::canonical_setting(name, value)))).collect()),
        options: Entries(function.options.iter().map(|(word, value)| (text(word.to_ascii_lowercase()), text(&**value))).collect()),
        body: function.body.as_deref().filter(|_| function.bound_body.is_none()).map(text),
        bound_body: function.bound_body.as_ref().map(|body| text(body.print(schema))),
        grants: context.grants_of(object),
    }
}
