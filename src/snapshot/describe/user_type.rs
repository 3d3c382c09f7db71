//! Types that people define.

use super::column::columns;
use super::constraint::domain_checks;
use super::grants::Context;
use crate::schema::{Object, UserType, format_type};
use crate::snapshot::file::{BaseEntry, CompositeEntry, DomainEntry, EnumEntry, NamespaceEntry, RangeEntry, text};
use crate::yaml::{Brief, Entries};

/// Puts a type into the list of its kind.
pub(super) fn add_type(context: &Context<'_>, object: &Object, user_type: &UserType, namespace: &mut NamespaceEntry) {
    let schema = context.schema;
    let name = text(object.name.as_str());
    let (comment, owner, grants) = (Context::comment_of(object), context.owner_of(object), context.grants_of(object));
    match user_type {
        UserType::Enum { labels, .. } => {
            let labels = labels.iter().map(|(_, label)| text(&**label)).collect();
            namespace.enums.0.push((name, Brief(EnumEntry { labels, comment, owner, grants })));
        }
        UserType::Domain(domain) => {
            let entry = DomainEntry {
                data_type: Some(text(format_type(schema, &domain.base))),
                not_null: domain.not_null,
                default: domain.default.as_ref().map(|default| text(default.print(schema))),
                collation: domain.collation.as_deref().map(text),
                checks: domain_checks(schema, object.id),
                comment,
                owner,
                grants,
            };
            namespace.domains.0.push((name, Brief(entry)));
        }
        UserType::Composite { .. } => namespace.composites.0.push((name, CompositeEntry { attributes: columns(schema, object.id), comment, owner, grants })),
        UserType::Range { subtype, multirange, options } => {
            let options = Entries(options.iter().map(|(word, value)| (text(word.to_ascii_lowercase()), text(&**value))).collect());
            let entry =
                RangeEntry { subtype: Some(text(format_type(schema, subtype))), multirange: multirange.as_deref().map(text), options, comment, owner, grants };
            namespace.ranges.0.push((name, entry));
        }
        UserType::Base { category } => namespace.base_types.0.push((name, BaseEntry { category: Some(text(category.to_string())), comment, owner, grants })),
        UserType::Shell => namespace.base_types.0.push((name, BaseEntry { category: None, comment, owner, grants })),
    }
}
