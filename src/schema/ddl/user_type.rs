//! Types that people define.

use std::fmt::Write as _;

use super::column::collation_name;
use super::word::{literal, quoted_name};
use crate::schema::{Column, ObjectId, Schema, UserType, format_type};

/// `CREATE TYPE …` or `CREATE DOMAIN …`, without the domain's constraints, which are objects of their own.
/// `None` for base types, whose functions in C nobody can print.
pub fn type_definition(schema: &Schema, id: ObjectId, user_type: &UserType) -> Option<String> {
    let name = quoted_name(schema, id);
    Some(match user_type {
        UserType::Enum { labels, .. } => {
            let labels: Vec<String> = labels.iter().map(|(_, label)| literal(label)).collect();
            format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", "))
        }
        UserType::Domain(domain) => {
            let mut text = format!("CREATE DOMAIN {name} AS {}", format_type(schema, &domain.base));
            if let Some(collation) = &domain.collation {
                let _ = write!(text, " COLLATE {}", collation_name(schema, collation));
            }
            if let Some(default) = &domain.default {
                let _ = write!(text, " DEFAULT {}", default.print(schema));
            }
            if domain.not_null {
                text.push_str(" NOT NULL");
            }
            text
        }
        UserType::Composite { attributes, .. } => format!("CREATE TYPE {name} AS ({})", attribute_list(schema, attributes)),
        UserType::Range { subtype, multirange, options } => {
            let mut words = vec![format!("subtype = {}", format_type(schema, subtype))];
            if let Some(multirange) = multirange {
                let namespace = schema.get(id).and_then(|object| object.namespace).and_then(|namespace| schema.get(namespace));
                let multirange = schema.dialect.quote(&crate::name::Name::stored(multirange.clone()));
                words.push(match namespace {
                    Some(namespace) => format!("multirange_type_name = {}.{multirange}", schema.dialect.quote(&namespace.name)),
                    None => format!("multirange_type_name = {multirange}"),
                });
            }
            words.extend(options.iter().map(|(word, value)| format!("{} = {value}", word.to_ascii_lowercase())));
            format!("CREATE TYPE {name} AS RANGE ({})", words.join(", "))
        }
        UserType::Shell => format!("CREATE TYPE {name}"),
        UserType::Base { .. } => return None,
    })
}

fn attribute_list(schema: &Schema, attributes: &[Column]) -> String {
    let words = attributes.iter().map(|attribute| {
        let mut text = format!("{} {}", schema.dialect.quote(&attribute.name), format_type(schema, &attribute.data_type));
        if let Some(collation) = &attribute.collation {
            let _ = write!(text, " COLLATE {}", collation_name(schema, collation));
        }
        text
    });
    words.collect::<Vec<_>>().join(", ")
}
