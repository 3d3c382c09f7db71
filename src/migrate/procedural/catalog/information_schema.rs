//! `information_schema.columns`, `.triggers` and `.routines`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::Datum;
use super::model::{Model, SYSTEM, not_kept, relation_kind};
use crate::schema::{ColumnGeneration, DataType, ObjectBody, TypeIdentity, format_type};
use crate::sql::tree::{FunctionKind, IdentityKind, TriggerEvent};

impl Model<'_> {
    pub(super) fn listed_columns(self) -> Answer {
        let mut answer = Answer::new(&[
            "table_catalog",
            "table_schema",
            "table_name",
            "column_name",
            "ordinal_position",
            "column_default",
            "is_nullable",
            "data_type",
            "udt_schema",
            "udt_name",
            "character_maximum_length",
            "numeric_precision",
            "numeric_scale",
            "is_identity",
            "identity_generation",
            "is_generated",
        ]);
        let word = |yes: bool| Datum::text(if yes { "YES" } else { "NO" });
        for object in self.objects().filter(|object| relation_kind(object).is_some_and(|kind| ["r", "p", "v", "f"].contains(&kind))) {
            let schema = self.namespace_name(object);
            for column in self.schema.columns(object.id) {
                let has_default = matches!(column.generation, ColumnGeneration::Default(_));
                let identity = match &column.generation {
                    ColumnGeneration::Identity(IdentityKind::Always, _) => Some("ALWAYS"),
                    ColumnGeneration::Identity(IdentityKind::ByDefault, _) => Some("BY DEFAULT"),
                    ColumnGeneration::None | ColumnGeneration::Default(_) | ColumnGeneration::Generated(..) => None,
                };
                let (type_words, type_schema, type_name) = self.type_words(&column.data_type);
                let length = |place: usize| {
                    let modifier = column.data_type.modifiers.get(place).and_then(|modifier| modifier.parse().ok());
                    modifier.map_or(Datum::Null, Datum::Integer)
                };
                let is_text = column.data_type.is_builtin("varchar") || column.data_type.is_builtin("bpchar");
                let is_numeric = column.data_type.is_builtin("numeric");
                let values = vec![
                    Datum::Same("current_database"),
                    schema.clone(),
                    Datum::name(&object.name),
                    Datum::name(&column.name),
                    Datum::Column(object.id, column.number),
                    if has_default { default_text() } else { Datum::Null },
                    word(!column.not_null),
                    type_words,
                    type_schema,
                    type_name,
                    if is_text { length(0) } else { Datum::Null },
                    if is_numeric { length(0) } else { not_kept() },
                    if is_numeric { length(1) } else { not_kept() },
                    word(identity.is_some()),
                    identity.map_or(Datum::Null, Datum::text),
                    Datum::text(if matches!(column.generation, ColumnGeneration::Generated(..)) { "ALWAYS" } else { "NEVER" }),
                ];
                self.put(&mut answer, object, values);
            }
        }
        let mut system = vec![Datum::unknown(SYSTEM); 16];
        for (place, value) in [(1, Datum::SystemName(SystemKind::Schema)), (2, Datum::SystemName(SystemKind::Relation))] {
            if let Some(slot) = system.get_mut(place) {
                *slot = value;
            }
        }
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(16, &[(1, &doubtful.schema), (2, &doubtful.name)]));
        answer
    }

    /// `data_type`, `udt_schema` and `udt_name` (measured on 15: arrays are `ARRAY`, types of the user `USER-DEFINED`).
    fn type_words(self, data_type: &DataType) -> (Datum, Datum, Datum) {
        let bare = data_type.without_modifiers();
        match &bare.identity {
            TypeIdentity::Builtin(name) if bare.array => (Datum::text("ARRAY"), Datum::text("pg_catalog"), Datum::text(format!("_{name}"))),
            TypeIdentity::Builtin(name) => {
                let words = match &**name {
                    "bpchar" => String::from("character"),
                    "bit" => String::from("bit"),
                    _ => format_type(self.schema, &bare),
                };
                (Datum::text(words), Datum::text("pg_catalog"), Datum::Text(name.clone()))
            }
            TypeIdentity::Object(id) => {
                let Some(object) = self.schema.get(*id) else { return (not_kept(), not_kept(), not_kept()) };
                let schema = self.namespace_name(object);
                if bare.array {
                    return (Datum::text("ARRAY"), schema, Datum::text(format!("_{}", object.name)));
                }
                match &object.body {
                    // A domain is shown as what is below it.
                    ObjectBody::Type(crate::schema::UserType::Domain(domain)) => self.type_words(&domain.base),
                    _ => (Datum::text("USER-DEFINED"), schema, Datum::name(&object.name)),
                }
            }
            TypeIdentity::Unknown(_) => (not_kept(), not_kept(), not_kept()),
        }
    }

    pub(super) fn listed_triggers(self) -> Answer {
        let mut answer = Answer::new(&["trigger_catalog", "trigger_schema", "trigger_name", "event_manipulation", "event_object_schema", "event_object_table"]);
        for object in self.objects() {
            let ObjectBody::Trigger(trigger) = &object.body else { continue };
            let Some(table) = trigger.table.and_then(|table| self.schema.get(table)) else { continue };
            let schema = self.namespace_name(table);
            for event in &trigger.events {
                let word = match event {
                    TriggerEvent::Insert => "INSERT",
                    TriggerEvent::Update(_) => "UPDATE",
                    TriggerEvent::Delete => "DELETE",
                    TriggerEvent::Truncate | TriggerEvent::Command(_) => continue,
                };
                let values = vec![
                    Datum::Same("current_database"),
                    schema.clone(),
                    Datum::name(&object.name),
                    Datum::text(word),
                    schema.clone(),
                    Datum::name(&table.name),
                ];
                self.put(&mut answer, object, values);
            }
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(6, &[(4, &doubtful.schema), (5, &doubtful.name)]));
        answer
    }

    pub(super) fn listed_routines(self) -> Answer {
        let mut answer = Answer::new(&["routine_catalog", "routine_schema", "routine_name", "routine_type"]);
        for object in self.objects() {
            let ObjectBody::Function(function) = &object.body else { continue };
            let kind = match function.kind {
                FunctionKind::Function => Datum::text("FUNCTION"),
                FunctionKind::Procedure => Datum::text("PROCEDURE"),
                FunctionKind::Aggregate => Datum::Null,
            };
            let values = vec![Datum::Same("current_database"), self.namespace_name(object), Datum::name(&object.name), kind];
            self.put(&mut answer, object, values);
        }
        answer.push_perhaps(
            vec![Datum::Same("current_database"), Datum::SystemName(SystemKind::Schema), Datum::SystemName(SystemKind::Routine), Datum::unknown(SYSTEM)],
            SYSTEM,
        );
        self.extension_routine(&mut answer, &[Datum::Same("current_database")], 2);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(4, &[(1, &doubtful.schema), (2, &doubtful.name)]));
        answer
    }
}

fn default_text() -> Datum {
    Datum::unknown("how the server prints a default is not kept")
}
