//! Built-in functions that conditions of migrations call.
//!
//! Source: manual 9.4, 9.19, 9.26 (PostgreSQL 15). One that is not here gives a value that is not known.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::text::{array_literal, quote_identifier, quote_literal, quoted, together};
use super::value::{Datum, Fragment, Shape, Shown};
use crate::name::Name;
use crate::schema::{NameSpace, ObjectBody, format_type_in};
use crate::sql::tree::{Call, CallSyntax};

impl Evaluator<'_> {
    /// A call.
    pub(super) fn call(&mut self, call: &Call) -> Datum {
        if let Some((_, value)) = self.results.iter().find(|(span, _)| *span == call.name.span()) {
            return value.clone();
        }
        let plain = call.over.is_none() && call.filter.is_none() && call.within_group.is_empty() && !call.distinct;
        let of_server = call.name.schema.as_ref().is_none_or(|schema| schema.name.as_str() == "pg_catalog");
        let name = call.name.name.name.as_str();
        if !plain || !of_server || (call.syntax != CallSyntax::Keyword && self.is_users_own(&call.name.name.name)) {
            return Datum::unknown(format!("what `{}` gives is not known", call.name));
        }
        let values: Vec<Datum> = call.arguments.iter().map(|argument| self.value(&argument.value)).collect();
        if let Some(value) = self.session_value(name, &values).or_else(|| self.null_value(name, &values)) {
            return value;
        }
        if values.contains(&Datum::Null) && !matches!(name, "concat" | "concat_ws" | "format" | "quote_nullable") {
            return Datum::Null;
        }
        self.identity_value(name, &values).or_else(|| self.text_value(name, &values)).unwrap_or_else(|| {
            let reason = values.iter().find_map(Datum::reason).unwrap_or_else(|| Arc::from(format!("what `{}` gives is not known", call.name)));
            Datum::unknown(reason)
        })
    }

    /// Whether a function of the user may answer to the bare name: it could be found first only with another type, but then nothing is known.
    fn is_users_own(&self, name: &Name) -> bool {
        self.session.namespaces(self.schema).into_iter().any(|namespace| !self.schema.functions(Some(namespace), name).is_empty())
    }

    fn session_value(&self, name: &str, values: &[Datum]) -> Option<Datum> {
        Some(match (name, values) {
            ("current_schema", []) => {
                let mut path = self.session.search_path.iter();
                path.find(|name| name.as_str() != "pg_catalog" && self.schema.namespace(name).is_some()).map_or(Datum::Null, Datum::name)
            }
            ("current_database" | "current_catalog", []) => Datum::Same("current_database"),
            ("current_user" | "current_role" | "user", []) => self.session.role.as_ref().map_or(Datum::Same("current_user"), Datum::name),
            ("session_user", []) => Datum::Same("session_user"),
            ("current_schemas", [with_implicit]) => {
                let implicit = with_implicit.truth().ok()?.then(|| Datum::text("pg_catalog"));
                let path = self.session.search_path.iter().filter(|name| self.schema.namespace(name).is_some()).map(Datum::name);
                Datum::List(implicit.into_iter().chain(path).collect())
            }
            ("current_setting", [Datum::Text(setting), ..]) => match (&**setting, self.schema.server.major_version) {
                ("server_version_num", major) => {
                    let major = i64::from(major.unwrap_or(15));
                    Datum::Between(major * 10_000, major * 10_000 + 9_999)
                }
                ("search_path", _) => {
                    let path: Vec<String> = self.session.search_path.iter().map(|name| self.schema.dialect.quote(name)).collect();
                    Datum::text(path.join(", "))
                }
                _ => Datum::unknown(format!("the setting {setting} is not known")),
            },
            _ => return None,
        })
    }

    /// Functions that take NULL as a value.
    #[expect(clippy::unused_self, reason = "reads as the other families of functions")]
    fn null_value(&self, name: &str, values: &[Datum]) -> Option<Datum> {
        match (name, values) {
            ("coalesce", values) => {
                for value in values {
                    match value {
                        Datum::Null => {}
                        other => return Some(other.clone()),
                    }
                }
                Some(Datum::Null)
            }
            ("nullif", [a, b]) => match a.equals(b) {
                Datum::Boolean(true) => Some(Datum::Null),
                Datum::Boolean(false) | Datum::Null => Some(a.clone()),
                other => Some(other),
            },
            ("quote_nullable", [Datum::Null]) => Some(Datum::text("NULL")),
            _ => None,
        }
    }

    fn identity_value(&self, name: &str, values: &[Datum]) -> Option<Datum> {
        Some(match (name, values) {
            ("to_regclass", [Datum::Text(text)]) => self.relation_if_any(text),
            ("to_regtype", [Datum::Text(text)]) => match self.data_type_named(text) {
                Ok(found) => found.map_or(Datum::Null, |data_type| Datum::Type(data_type, Shown::Name)),
                Err(reason) => Datum::unknown(reason),
            },
            ("to_regnamespace", [Datum::Text(text)]) => {
                let name = super::text::name_in(self.schema.dialect, text)?.name.name;
                if let Some(reason) = self.schema.why_unknown(&name) {
                    return Some(Datum::unknown(Arc::clone(reason)));
                }
                match self.schema.namespace(&name) {
                    Some(id) => Datum::Object(id, Shown::Name),
                    None if super::system_name::SystemKind::Schema.may_be_called(name.as_str()) => Datum::unknown("it is a schema of the server"),
                    None => Datum::Null,
                }
            }
            ("to_regproc", [Datum::Text(text)]) => {
                let name = super::text::name_in(self.schema.dialect, text)?;
                self.routine_if_any(&name)
            }
            ("pg_table_is_visible" | "pg_type_is_visible", [Datum::Object(id, _)]) => {
                let object = self.schema.get(*id)?;
                let space = if name == "pg_table_is_visible" { NameSpace::Relation } else { NameSpace::Type };
                let first = self.session.namespaces(self.schema).into_iter().find_map(|namespace| self.schema.find(space, Some(namespace), &object.name));
                Datum::Boolean(first == Some(*id))
            }
            ("format_type", [Datum::Type(data_type, _), modifier]) => {
                let shown = if *modifier == Datum::Null { data_type.without_modifiers() } else { data_type.clone() };
                Datum::text(format_type_in(self.schema, &shown, &self.session.search_path))
            }
            ("pg_get_serial_sequence", [Datum::Text(table), Datum::Text(column)]) => {
                let Datum::Object(id, _) = self.relation_named(table) else { return None };
                let column = self.schema.columns(id).iter().find(|own| own.name.as_str() == &**column)?;
                let owner = crate::schema::Address::column(id, column.number);
                let owned = self.schema.objects().find(|object| matches!(&object.body, ObjectBody::Sequence(sequence) if sequence.owned_by == Some(owner)));
                let name = owned.and_then(|object| self.schema.qualified_name(object.id));
                name.map_or(Datum::Null, |name| {
                    let dialect = self.schema.dialect;
                    Datum::text(format!("{}.{}", dialect.quote(&name.schema), dialect.quote(&name.name)))
                })
            }
            _ => return None,
        })
    }

    fn routine_if_any(&self, name: &crate::sql::tree::ObjectName) -> Datum {
        let bare = &name.name.name;
        if let Some(reason) = self.schema.why_unknown(bare) {
            return Datum::unknown(Arc::clone(reason));
        }
        let namespaces = match &name.schema {
            Some(schema) => crate::lineage::namespace_of(self.schema, self.session, &schema.name).into_iter().collect(),
            None => self.session.namespaces(self.schema),
        };
        let found: Vec<_> = namespaces.into_iter().flat_map(|namespace| self.schema.functions(Some(namespace), bare)).collect();
        match found.as_slice() {
            [only] => Datum::Object(*only, Shown::Name),
            [] if !super::system_name::SystemKind::Routine.may_be_called(bare.as_str()) => Datum::Null,
            _ => Datum::unknown("there may be several routines of that name"),
        }
    }

    fn text_value(&self, name: &str, values: &[Datum]) -> Option<Datum> {
        Some(match (name, values) {
            ("format", [Datum::Text(template), rest @ ..]) => self.format(template, rest),
            ("quote_ident", [value]) => together(quoted(self.shown(value), |text| quote_identifier(self.schema.dialect, text), Shape::Identifier)?),
            ("quote_literal" | "quote_nullable", [value]) => together(quoted(self.shown(value), quote_literal, Shape::Anything)?),
            ("concat", values) => together(values.iter().filter_map(|value| self.shown(value)).flatten()),
            ("concat_ws", [Datum::Text(between), values @ ..]) => {
                let shown: Vec<Vec<Fragment>> = values.iter().filter_map(|value| self.shown(value)).collect();
                together(joined_with(shown, between))
            }
            ("lower", [Datum::Text(text)]) => Datum::text(text.to_lowercase()),
            ("upper", [Datum::Text(text)]) => Datum::text(text.to_uppercase()),
            ("length" | "char_length" | "character_length", [Datum::Text(text)]) => i64::try_from(text.chars().count()).ok().map(Datum::Integer)?,
            ("trim" | "btrim", [Datum::Text(text)]) => Datum::text(text.trim_matches(' ')),
            ("replace", [Datum::Text(text), Datum::Text(from), Datum::Text(to)]) => {
                if from.is_empty() {
                    Datum::Text(text.clone())
                } else {
                    Datum::text(text.replace(&**from, to))
                }
            }
            ("left", [Datum::Text(text), Datum::Integer(count)]) if *count >= 0 => {
                Datum::text(text.chars().take(usize::try_from(*count).ok()?).collect::<String>())
            }
            ("substring" | "substr", [Datum::Text(text), Datum::Integer(from)]) if *from >= 1 => {
                Datum::text(text.chars().skip(usize::try_from(*from).ok()?.checked_sub(1)?).collect::<String>())
            }
            ("substring" | "substr", [Datum::Text(text), Datum::Integer(from), Datum::Integer(count)]) if *from >= 1 && *count >= 0 => {
                let letters = text.chars().skip(usize::try_from(*from).ok()?.checked_sub(1)?);
                Datum::text(letters.take(usize::try_from(*count).ok()?).collect::<String>())
            }
            ("split_part", [Datum::Text(text), Datum::Text(between), Datum::Integer(place)]) if *place >= 1 && !between.is_empty() => {
                Datum::text(text.split(&**between).nth(usize::try_from(*place).ok()?.checked_sub(1)?).unwrap_or(""))
            }
            ("starts_with", [Datum::Text(text), Datum::Text(start)]) => Datum::Boolean(text.starts_with(&**start)),
            ("strpos", [Datum::Text(text), Datum::Text(part)]) => {
                let place = text.find(&**part).and_then(|at| text.get(..at)).map_or(0, |before| before.chars().count() + 1);
                i64::try_from(place).ok().map(Datum::Integer)?
            }
            ("array_length", [Datum::List(items), Datum::Integer(1)]) => {
                if items.is_empty() {
                    Datum::Null
                } else {
                    i64::try_from(items.len()).ok().map(Datum::Integer)?
                }
            }
            ("cardinality", [Datum::List(items)]) => i64::try_from(items.len()).ok().map(Datum::Integer)?,
            ("array_append", [list @ Datum::List(_), item]) => self.joined(list, item),
            ("array_to_string", [Datum::List(items), Datum::Text(between)]) => {
                let shown = items.iter().filter_map(|item| self.shown(item)).collect();
                together(joined_with(shown, between))
            }
            ("string_to_array", [Datum::Text(text), Datum::Text(between)]) if !between.is_empty() => {
                if text.is_empty() {
                    Datum::List(Vec::new())
                } else {
                    Datum::List(text.split(&**between).map(Datum::text).collect())
                }
            }
            ("array_position", [Datum::List(items), wanted]) => {
                let mut place = Datum::Null;
                for (number, item) in (1_i64..).zip(items) {
                    match item.equals(wanted).truth() {
                        Ok(true) => {
                            place = Datum::Integer(number);
                            break;
                        }
                        Ok(false) => {}
                        Err(reason) => return Some(Datum::unknown(reason)),
                    }
                }
                place
            }
            ("array", [Datum::Text(text)]) => array_literal(text).map(Datum::List)?,
            _ => return None,
        })
    }
}

fn joined_with(all: Vec<Vec<Fragment>>, between: &str) -> Vec<Fragment> {
    let mut fragments = Vec::new();
    for (index, shown) in all.into_iter().enumerate() {
        if index > 0 {
            fragments.push(Fragment::Known(between.to_owned()));
        }
        fragments.extend(shown);
    }
    fragments
}
