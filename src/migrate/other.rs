//! `CREATE` of the kinds that the model keeps by kind, name and text: what the server asks of each before it makes it.
//!
//! In: the statement's text and the names in it. Out: the object with what it depends on, or the refusal.
//!
//! Source: PostgreSQL 15: publicationcmds.c, subscriptioncmds.c, foreigncmds.c, collationcmds.c, conversioncmds.c, tsearchcmds.c, operatorcmds.c,
//! opclasscmds.c, functioncmds.c (CreateCast, CreateTransform), amcmds.c, proclang.c, statscmds.c, dbcommands.c, tablespace.c.

use super::describe::other_word;
use super::publication_text::define_publication;
use super::refused::Refused;
use super::statistics::define_statistics;
use super::trigger::pieces_of;
use super::work::{Applied, Work};
use super::written::{Word, Written, spelled};
use crate::lineage::define_rule;
use crate::name::Name;
use crate::schema::{Address, DataType, NameSpace, ObjectBody, ObjectId, OtherObject, Piece, Rule};
use crate::sql::read_type;
use crate::sql::tree::{ObjectKind, ObjectName, TemporaryKind, TriggerState};
use crate::text::Sources;

impl Work<'_> {
    /// An object that is kept by kind, name and text.
    pub(super) fn create_other(&mut self, kind: ObjectKind, name: &ObjectName, if_not_exists: bool, or_replace: bool, mentions: &[ObjectName]) -> Applied {
        let written = Written::of(self.sources.slice(self.span), self.schema.dialect);
        let is_postgres = self.schema.dialect.built_ins.is_some();
        let mut marks = Vec::new();
        for mention in mentions {
            if let Ok(Some(relation)) = self.relation_if_any(mention) {
                marks.push((mention.span(), Piece::Relation { relation }));
            }
        }
        let mut needs = Vec::new();
        let table = match kind {
            ObjectKind::Rule | ObjectKind::Statistics => match mentions.first() {
                Some(mention) => Some(self.relation(mention)?),
                None => None,
            },
            _ => None,
        };
        if kind == ObjectKind::Role {
            let start = written.words().iter().position(|word| word.is("role") || word.is("user") || word.is("group")).map_or(0, |place| place + 2);
            let (groups, members) = self.role_options_are_valid(&written, start)?;
            let definition = pieces_of(self.sources.slice(self.span), self.span, Vec::new());
            self.create_role(&name.name, OtherObject { kind, table: None, definition })?;
            for group in groups {
                self.schema.join_role(&group, &name.name.name);
            }
            for member in members {
                self.schema.join_role(&name.name.name, &member);
            }
            return Ok(());
        }
        let namespace = match (is_in_a_schema(kind), &name.schema, table) {
            (false, ..) => None,
            (true, None, Some(table)) if kind != ObjectKind::Statistics => Some(self.namespace_of(table).unwrap_or(table)),
            (true, ..) => Some(self.creation_namespace(name, TemporaryKind::Permanent)?),
        };
        let own = self.other_name(kind, &name.name.name, namespace, &written)?;
        let names_view_rule = kind == ObjectKind::Rule && own.as_str() == "_RETURN" && table.is_some_and(|table| self.schema.view(table).is_some());
        if names_view_rule && is_postgres && !written.has(&["on", "select"]) {
            return self.refuse_at(name.span(), "42710", format!("rule \"{own}\" for relation already exists"));
        }
        let existing = match (kind, table) {
            (ObjectKind::Rule, Some(table)) => self.hanging(table, &own, |body| matches!(body, ObjectBody::Rule(_))),
            // Statistics hang on their table and have no entry of their own among the names.
            (ObjectKind::Statistics, _) => self.statistics_named(namespace, &own),
            (ObjectKind::OperatorClass | ObjectKind::OperatorFamily, _) => self.same_method(kind, namespace, &own, &written),
            _ => self.schema.find(NameSpace::Other(kind), namespace, &own),
        };
        if existing.is_some() {
            if if_not_exists {
                self.notice(format!("{} \"{own}\" already exists, skipping", other_word(kind)));
                return Ok(());
            }
            if !or_replace {
                let of = match table {
                    Some(table) if kind == ObjectKind::Rule => format!(" for relation \"{}\"", self.name_of(table)),
                    _ => String::new(),
                };
                let sqlstate = match kind {
                    ObjectKind::TextSearchConfiguration | ObjectKind::TextSearchDictionary | ObjectKind::TextSearchParser | ObjectKind::TextSearchTemplate => {
                        "23505"
                    }
                    ObjectKind::Operator => "42723",
                    ObjectKind::Database => "42P04",
                    _ => "42710",
                };
                return self.refuse_at(name.span(), sqlstate, format!("{} \"{own}\"{of} already exists", other_word(kind)));
            }
        }
        if is_postgres {
            match self.other_is_allowed(kind, &written, table) {
                Ok(more) => needs.extend(more),
                Err(Refused::Stop(stop)) => return Err(stop),
                Err(Refused::With(sqlstate, message)) => return self.refuse(sqlstate, message),
            }
        }
        // The rule of a view is the view itself.
        if kind == ObjectKind::Rule && own.as_str() == "_RETURN" && table.is_some_and(|table| self.schema.view(table).is_some()) {
            return Ok(());
        }
        if let Some(existing) = existing {
            self.schema.remove(existing);
        }
        let definition = match (kind, table) {
            (ObjectKind::Rule, Some(table)) if is_postgres => define_rule(&self.schema, &self.session, self.sources, self.span, table),
            (ObjectKind::Statistics, Some(table)) if is_postgres => Some(define_statistics(&self.schema, table, self.sources.slice(self.span))),
            (ObjectKind::Publication, _) if is_postgres => Some(define_publication(&self.schema, &self.session, self.sources.slice(self.span))),
            _ => None,
        };
        let definition = definition.unwrap_or_else(|| pieces_of(self.sources.slice(self.span), self.span, marks)).needing(needs);
        let body = match (kind, table) {
            (ObjectKind::Rule, Some(table)) => ObjectBody::Rule(Rule { table, definition, state: TriggerState::Enabled }),
            _ => ObjectBody::Other(OtherObject { kind, table, definition }),
        };
        let id = self.insert_in(own, namespace, body);
        self.name_object(id);
        Ok(())
    }

    pub(super) fn statistics_named(&self, namespace: Option<ObjectId>, name: &Name) -> Option<ObjectId> {
        let same = |object: &&crate::schema::Object| object.kind() == ObjectKind::Statistics && object.name == *name && object.namespace == namespace;
        self.schema.objects().find(same).map(|object| object.id)
    }

    /// A class or family of that name for the same access method.
    fn same_method(&self, kind: ObjectKind, namespace: Option<ObjectId>, name: &Name, written: &Written) -> Option<ObjectId> {
        let found = self.schema.find(NameSpace::Other(kind), namespace, name)?;
        let ObjectBody::Other(other) = &self.schema.get(found)?.body else { return None };
        let text = other.definition.print(&self.schema);
        let method = |written: &Written| written.name_after(&["using"]).map(|name| name.name);
        (method(&Written::of(&text, self.schema.dialect)) == method(written)).then_some(found)
    }

    /// The name that a kind without a name of its own goes by, as a snapshot has it.
    pub(super) fn other_name(&mut self, kind: ObjectKind, name: &Name, namespace: Option<ObjectId>, written: &Written) -> Applied<Name> {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(name.clone());
        }
        match kind {
            ObjectKind::Cast => self.cast_name(name.as_str()),
            ObjectKind::Operator => {
                let options = written.options_from(0);
                let side = |wanted: &str| options.iter().find(|(word, _)| word == wanted).map(|(_, words)| spelled(words));
                let mut types = Vec::new();
                for side in [side("leftarg"), side("rightarg")] {
                    types.push(match side {
                        Some(text) => Some(self.type_spelled(&text)?),
                        None => None,
                    });
                }
                Ok(self.operator_name(name.as_str(), namespace, &types))
            }
            ObjectKind::UserMapping => Ok(self.mapping_name(name.as_str())),
            _ => Ok(name.clone()),
        }
    }

    /// `(public.mood AS integer)`.
    pub(super) fn cast_name(&self, written: &str) -> Applied<Name> {
        let upper = written.to_ascii_uppercase();
        let Some(place) = upper.find(" AS ") else { return Ok(Name::stored(written)) };
        let from = self.type_spelled(written.get(..place).unwrap_or(""))?;
        let to = self.type_spelled(written.get(place + 4..).unwrap_or(""))?;
        let shown = |data_type: &DataType| crate::schema::format_type(&self.schema, &data_type.without_modifiers());
        Ok(Name::stored(format!("({} AS {})", shown(&from), shown(&to))))
    }

    /// `public.+++ (integer, text)`.
    pub(super) fn operator_name(&self, symbol: &str, namespace: Option<ObjectId>, types: &[Option<DataType>]) -> Name {
        let schema = namespace.and_then(|namespace| self.schema.get(namespace)).map(|object| format!("{}.", self.schema.dialect.quote(&object.name)));
        let shown = |data_type: &Option<DataType>| match data_type {
            Some(data_type) => crate::schema::format_type(&self.schema, &data_type.without_modifiers()),
            None => String::from("NONE"),
        };
        Name::stored(format!("{}{symbol} ({})", schema.unwrap_or_default(), types.iter().map(shown).collect::<Vec<_>>().join(", ")))
    }

    /// `FOR maria SERVER s`.
    pub(super) fn mapping_name(&self, written: &str) -> Name {
        let words = Written::of(written, self.schema.dialect);
        let who = words.after(&["for"]).and_then(|place| words.at(place)).map_or("", Word::text).to_owned();
        let server = words.name_after(&["server"]).map_or_else(String::new, |name| name.name.to_string());
        Name::stored(format!("FOR {} SERVER {server}", if who == "user" { "current_user" } else { &who }))
    }

    /// The type of that text.
    pub(super) fn type_spelled(&self, text: &str) -> Applied<DataType> {
        let mut sources = Sources::default();
        let id = sources.add("<type>", text.trim());
        match read_type(&sources, id, self.schema.dialect) {
            Ok(written) => self.data_type(&written),
            Err(unread) => self.refuse("42601", unread.message),
        }
    }

    /// Whether the schema, the server or an installed extension has a routine of that name.
    pub(super) fn has_routine_named(&self, schema: Option<&Name>, name: &Name) -> bool {
        let Some(built_ins) = self.schema.dialect.built_ins else { return true };
        let namespaces = match schema {
            Some(schema) => self.schema.namespace(schema).into_iter().collect(),
            None => self.session.namespaces(&self.schema),
        };
        let own = namespaces.into_iter().any(|namespace| !self.schema.functions(Some(namespace), name).is_empty());
        let installed = |code| built_ins.extension(code).is_some_and(|name| self.schema.find(NameSpace::Extension, None, &Name::stored(name)).is_some());
        own || is_internal(name.as_str())
            || built_ins.functions_named(name.as_str()).iter().any(|function| function.extension.is_none_or(installed))
            || self.has_unknown_extension()
    }

    /// The routines of the schema of that name, on which what names them depends.
    pub(super) fn routines_named(&self, schema: Option<&Name>, name: &Name) -> Vec<Address> {
        let namespaces = match schema {
            Some(schema) => self.schema.namespace(schema).into_iter().collect(),
            None => self.session.namespaces(&self.schema),
        };
        let found = namespaces.into_iter().map(|namespace| self.schema.functions(Some(namespace), name)).find(|all| !all.is_empty());
        match found.unwrap_or_default().as_slice() {
            [only] => vec![Address::whole(*only)],
            _ => Vec::new(),
        }
    }
}

/// Functions that no query calls (handlers, conversions, parts of text search), which the tables of built-ins leave out.
fn is_internal(name: &str) -> bool {
    let is_conversion = name.contains("_to_") && (name.starts_with("utf8_") || name.ends_with("_utf8") || name.ends_with("_mic") || name.starts_with("mic_"));
    let is_handler =
        name.ends_with("handler") && ["heap_tableam", "bt", "hash", "gist", "gin", "spg", "brin", "plpgsql_call"].iter().any(|own| name.starts_with(own));
    is_conversion
        || is_handler
        || matches!(name, "plpgsql_inline_handler" | "plpgsql_validator" | "fmgr_sql_validator" | "fmgr_c_validator" | "fmgr_internal_validator")
}

fn is_in_a_schema(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Rule
            | ObjectKind::Statistics
            | ObjectKind::Collation
            | ObjectKind::Conversion
            | ObjectKind::Operator
            | ObjectKind::OperatorClass
            | ObjectKind::OperatorFamily
            | ObjectKind::TextSearchConfiguration
            | ObjectKind::TextSearchDictionary
            | ObjectKind::TextSearchParser
            | ObjectKind::TextSearchTemplate
    )
}
