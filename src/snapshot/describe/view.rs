//! Views and materialized views.

use super::column::columns;
use super::grants::Context;
use super::index::pairs;
use super::object::on_table;
use super::table::indexes;
use crate::dialect::ViewBinding;
use crate::schema::{Object, View};
use crate::snapshot::file::{CheckOptionWord, ViewEntry, text};
use crate::sql::tree::{CheckOption, ViewKind};

/// A view with everything that hangs on it.
pub(super) fn view_entry(context: &Context<'_>, object: &Object, view: &View) -> ViewEntry {
    let schema = context.schema;
    let parts = on_table(schema, object.id);
    ViewEntry {
        comment: Context::comment_of(object),
        owner: context.owner_of(object),
        columns: columns(schema, object.id),
        query: Some(text(view.query.print(schema).trim().trim_end_matches(';'))),
        check_option: view.check_option.map(|option| match option {
            CheckOption::Local => CheckOptionWord::Local,
            CheckOption::Cascaded => CheckOptionWord::Cascaded,
        }),
        not_populated: view.kind == ViewKind::Materialized && !view.populated,
        late_binding: view.late_binding && schema.dialect.view_binding == ViewBinding::ByIdentity,
        parameters: pairs(&view.parameters),
        indexes: indexes(schema, object.id),
        triggers: parts.triggers,
        rules: parts.rules,
        grants: context.grants_of(object),
        ..ViewEntry::default()
    }
}
