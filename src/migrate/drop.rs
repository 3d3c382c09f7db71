//! `DROP` of every kind: which object is meant, and what the server says when there is none.
//!
//! Source: PostgreSQL 15, RemoveRelations (tablecmds.c), RemoveObjects and does_not_exist_skipping (dropcmds.c). What goes along is in `deletion.rs`.

use super::describe::other_word;
use super::work::{Applied, Work};
use crate::schema::{Address, NameSpace, ObjectBody, ObjectId, TableKind, UserType};
use crate::sql::tree::{Drop, DropBehavior, DropTarget, FunctionKind, FunctionSignature, Ident, ObjectKind, ObjectReference, ViewKind};

impl Work<'_> {
    /// `DROP …`.
    pub(super) fn drop_objects(&mut self, statement: &Drop) -> Applied {
        if statement.concurrently && self.in_transaction {
            return self.refuse("25001", "DROP INDEX CONCURRENTLY cannot run inside a transaction block");
        }
        let owners: Vec<&Ident> =
            statement.targets.iter().filter_map(|target| if let DropTarget::OwnedBy(role) = target { Some(role) } else { None }).collect();
        if !owners.is_empty() {
            return self.drop_owned(&owners, statement.behavior);
        }
        self.drop_is_allowed(statement)?;
        let mut addresses = Vec::new();
        for target in &statement.targets {
            match target {
                DropTarget::OwnedBy(_) => {}
                DropTarget::Object(reference) if reference.kind == ObjectKind::Role => self.drop_role(&reference.name.name, statement.if_exists)?,
                DropTarget::Object(reference) => {
                    self.collation_columns(reference, statement.behavior, &mut addresses)?;
                    if let Some(id) = self.dropped_object(reference, statement.if_exists)? {
                        let table = self.schema.index(id).and_then(|index| self.schema.table(index.table));
                        if statement.concurrently && table.is_some_and(|table| table.kind == TableKind::Partitioned) {
                            return self.refuse_at(reference.span, "0A000", format!("cannot drop partitioned index \"{}\" concurrently", reference.name));
                        }
                        self.name_object(id);
                        if !addresses.contains(&Address::whole(id)) {
                            addresses.push(Address::whole(id));
                        }
                    }
                }
            }
        }
        self.perform_deletion(&addresses, statement.behavior)
    }

    /// Columns know their collation by name: those that have it go along, or keep it.
    fn collation_columns(&self, reference: &ObjectReference, behavior: DropBehavior, addresses: &mut Vec<Address>) -> Applied {
        if reference.kind != ObjectKind::Collation {
            return Ok(());
        }
        let Some(collation) = self.collation_object(&reference.name) else { return Ok(()) };
        let columns = self.columns_with_collation(collation);
        if behavior != DropBehavior::Cascade && !columns.is_empty() {
            return self.refuse_at(reference.span, "2BP01", format!("cannot drop collation {} because other objects depend on it", reference.name));
        }
        addresses.extend(columns);
        Ok(())
    }

    fn drop_is_allowed(&self, statement: &Drop) -> Applied {
        if statement.concurrently && statement.targets.len() > 1 {
            return self.refuse("0A000", "DROP INDEX CONCURRENTLY does not support dropping multiple objects");
        }
        if statement.concurrently && statement.behavior == DropBehavior::Cascade {
            return self.refuse("0A000", "DROP INDEX CONCURRENTLY does not support CASCADE");
        }
        Ok(())
    }

    fn dropped_object(&mut self, reference: &ObjectReference, if_exists: bool) -> Applied<Option<ObjectId>> {
        let found = self.referenced_object(reference)?;
        if let Some(id) = found {
            if reference.kind == ObjectKind::Type && (self.schema.table(id).is_some() || self.schema.view(id).is_some()) {
                let owner = self.description(crate::schema::Address::whole(id));
                let message = format!("cannot drop type {} because {owner} requires it", reference.name);
                return self.refuse_with("2BP01", message, format!("You can drop {owner} instead."));
            }
            if reference.kind == ObjectKind::Function && self.is_aggregate(id) {
                return self.refuse_at(reference.span, "42809", format!("\"{}\" is an aggregate function", reference.name));
            }
            return Ok(found);
        }
        if matches!(reference.kind, ObjectKind::Table) && reference.on.is_none() {
            self.is_no_system_relation(&reference.name)?;
        }
        if !if_exists && matches!(reference.kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate) {
            // The types of the arguments are looked for before the routine.
            for argument in reference.signature.iter().flat_map(|signature| signature.arguments.iter().flatten()) {
                self.data_type(argument)?;
            }
        }
        let is_of_the_server = match reference.kind {
            ObjectKind::Language => matches!(reference.name.name.name.as_str(), "sql" | "c" | "internal"),
            ObjectKind::AccessMethod => ["heap", "btree", "hash", "gist", "gin", "spgist", "brin"].contains(&reference.name.name.name.as_str()),
            _ => false,
        };
        if is_of_the_server && self.schema.dialect.built_ins.is_some() {
            let word = other_word(reference.kind);
            return self.refuse_at(reference.span, "2BP01", format!("cannot drop {word} {} because it is required by the database system", reference.name));
        }
        let (sqlstate, message) = self.missing_words(reference);
        if if_exists {
            // Said with other words when it is no fault (does_not_exist_skipping).
            let message = match (reference.kind, &reference.on) {
                (ObjectKind::Trigger | ObjectKind::Policy, Some(_)) => message.replacen("\" for table \"", "\" for relation \"", 1),
                (ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate, _)
                    if reference.signature.as_ref().is_none_or(|signature| signature.arguments.is_none()) =>
                {
                    let word = if reference.kind == ObjectKind::Routine { "function" } else { other_word(reference.kind) };
                    format!("{word} {}() does not exist", reference.name)
                }
                _ => message,
            };
            self.notice(format!("{message}, skipping"));
            return Ok(None);
        }
        self.refuse_at(reference.span, sqlstate, message)
    }

    /// The object that a reference of `DROP`, `COMMENT` or `ALTER` means; `None` when there is none.
    pub(super) fn referenced_object(&self, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        let name = &reference.name;
        match reference.kind {
            ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index | ObjectKind::Sequence => {
                let found = self.relation_if_any(name)?;
                if let Some(id) = found {
                    self.relation_is(id, reference)?;
                }
                Ok(found)
            }
            ObjectKind::Schema => {
                let found = self.schema.namespace(&name.name.name);
                if found.is_none() {
                    self.refuse_unless_known(name)?;
                }
                Ok(found)
            }
            ObjectKind::Type | ObjectKind::Domain => {
                let found = self.type_named(name)?;
                if found.is_none() && self.is_built_in_type(name) {
                    return self.built_in_type_is_meant(reference);
                }
                if let Some(id) = found
                    && reference.kind == ObjectKind::Domain
                    && !matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Domain(_))))
                {
                    return self.refuse_at(reference.span, "42809", format!("\"{name}\" is not a domain"));
                }
                Ok(found)
            }
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => self.referenced_routine(reference),
            ObjectKind::Extension => Ok(self.schema.find(NameSpace::Extension, None, &name.name.name)),
            ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy | ObjectKind::Constraint | ObjectKind::DomainConstraint => {
                self.referenced_part(reference)
            }
            ObjectKind::EventTrigger => Ok(self.event_trigger_named(&name.name.name)),
            kind => self.referenced_other(kind, reference),
        }
    }

    /// `ALTER` and `COMMENT ON FUNCTION` take an aggregate too; `DROP FUNCTION` and new options do not.
    pub(super) fn is_aggregate(&self, id: ObjectId) -> bool {
        self.schema.get(id).is_some_and(|object| object.kind() == ObjectKind::Aggregate)
    }

    fn referenced_routine(&self, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        let kind = match reference.kind {
            ObjectKind::Procedure => Some(FunctionKind::Procedure),
            ObjectKind::Aggregate => Some(FunctionKind::Aggregate),
            ObjectKind::Function => Some(FunctionKind::Function),
            _ => None,
        };
        let signature = match &reference.signature {
            Some(signature) => signature.clone(),
            None => FunctionSignature { kind, name: reference.name.clone(), arguments: None },
        };
        self.refuse_unless_known(&signature.name)?;
        match crate::lineage::resolve_function(&self.schema, &self.session, &signature) {
            Ok(id) => Ok(Some(id)),
            Err(error) if error.unknown.is_none() && matches!(error.sqlstate, "42883" | "3F000" | "42704") => Ok(None),
            Err(error) => Err(self.refuse_bound(error)),
        }
    }

    fn referenced_part(&self, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        let Some(owner) = &reference.on else { return Ok(None) };
        let owner = match reference.kind {
            ObjectKind::DomainConstraint => self.type_named(owner)?,
            _ => self.relation_if_any(owner)?,
        };
        let Some(owner) = owner else { return Ok(None) };
        if reference.kind == ObjectKind::Rule && reference.name.name.name.as_str() == "_RETURN" && self.schema.view(owner).is_some() {
            let name = self.name_of(owner);
            if self.sources.slice(self.span).to_ascii_uppercase().starts_with("DROP") {
                let word = self.relation_word(owner);
                return self.refuse_at(reference.span, "2BP01", format!("cannot drop rule _RETURN on {word} {name} because {word} {name} requires it"));
            }
            return self.refuse_at(reference.span, "42P17", "renaming an ON SELECT rule is not allowed");
        }
        let kind = reference.kind;
        Ok(self.hanging(owner, &reference.name.name.name, |body| match kind {
            ObjectKind::Trigger => matches!(body, ObjectBody::Trigger(_)),
            ObjectKind::Rule => matches!(body, ObjectBody::Rule(_)),
            ObjectKind::Policy => matches!(body, ObjectBody::Policy(_)),
            _ => matches!(body, ObjectBody::Constraint(_)),
        }))
    }

    fn referenced_other(&self, kind: ObjectKind, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        self.refuse_unless_known(&reference.name)?;
        let space = NameSpace::Other(kind);
        if kind == ObjectKind::Operator && self.schema.dialect.built_ins.is_some() {
            return self.referenced_operator(reference);
        }
        let mut spelled = reference.name.clone();
        match kind {
            ObjectKind::Cast if self.schema.dialect.built_ins.is_some() => match self.cast_name(spelled.name.name.as_str()) {
                Ok(name) => spelled.name.name = name,
                Err(super::work::Stop::Refused(_)) => return Ok(None),
                Err(stop) => return Err(stop),
            },
            ObjectKind::UserMapping => spelled.name.name = self.mapping_name(spelled.name.name.as_str()),
            _ => {}
        }
        let name = &spelled;
        let global = self.schema.find(space, None, &name.name.name);
        if global.is_some() {
            return Ok(global);
        }
        let found = match &name.schema {
            Some(schema) => self.schema.namespace(&schema.name).and_then(|namespace| self.schema.find(space, Some(namespace), &name.name.name)),
            None => self.session.namespaces(&self.schema).into_iter().find_map(|namespace| self.schema.find(space, Some(namespace), &name.name.name)),
        };
        // Statistics hang on a table and have no entry of their own among the names.
        Ok(found.or_else(|| {
            let object = self.schema.objects().find(|object| object.kind() == kind && object.name == name.name.name);
            object.map(|object| object.id)
        }))
    }

    /// A type of the server itself is no domain and no enum, and stays.
    fn built_in_type_is_meant(&self, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        let name = reference.name.name.name.as_str();
        if reference.kind == ObjectKind::Domain {
            return self.refuse_at(reference.span, "42809", format!("{name} is not a domain"));
        }
        if self.sources.slice(self.span).to_ascii_uppercase().starts_with("DROP") {
            return self.refuse_at(reference.span, "2BP01", format!("cannot drop type {name} because it is required by the database system"));
        }
        if self.sources.slice(self.span).to_ascii_uppercase().contains(" VALUE ") {
            return self.refuse_at(reference.span, "42809", format!("{name} is not an enum"));
        }
        Ok(None)
    }

    /// An operator by its symbol and the types of its operands.
    fn referenced_operator(&self, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        let name = &reference.name;
        let mut types = Vec::new();
        for argument in reference.signature.iter().flat_map(|signature| signature.arguments.iter().flatten()) {
            types.push(Some(self.data_type(argument)?));
        }
        if types.len() == 1 {
            types.insert(0, None);
        }
        let namespaces = match &name.schema {
            Some(schema) => self.schema.namespace(&schema.name).into_iter().collect(),
            None => self.session.namespaces(&self.schema),
        };
        let find = |namespace| {
            self.schema.find(NameSpace::Other(ObjectKind::Operator), Some(namespace), &self.operator_name(name.name.name.as_str(), Some(namespace), &types))
        };
        Ok(namespaces.into_iter().find_map(find))
    }

    /// `DROP TABLE` of a view and the like.
    fn relation_is(&self, id: ObjectId, reference: &ObjectReference) -> Applied {
        let actual = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(table)) if table.kind == TableKind::Foreign => ObjectKind::ForeignTable,
            Some(ObjectBody::Table(_)) => ObjectKind::Table,
            Some(ObjectBody::View(view)) if view.kind == ViewKind::Materialized => ObjectKind::MaterializedView,
            Some(ObjectBody::View(_)) => ObjectKind::View,
            Some(ObjectBody::Index(_)) => ObjectKind::Index,
            Some(ObjectBody::Sequence(_)) => ObjectKind::Sequence,
            Some(ObjectBody::Type(_)) => ObjectKind::Type,
            _ => reference.kind,
        };
        if actual == reference.kind {
            return Ok(());
        }
        let article = |kind| match kind {
            ObjectKind::Index => "an index",
            ObjectKind::Table => "a table",
            ObjectKind::ForeignTable => "a foreign table",
            ObjectKind::View => "a view",
            ObjectKind::MaterializedView => "a materialized view",
            ObjectKind::Sequence => "a sequence",
            _ => "a type",
        };
        let (words, verb) = (article(actual), other_word(actual).to_uppercase());
        let hint = format!("Use DROP {verb} to remove {words}.");
        self.refuse_with("42809", format!("\"{}\" is not {}", self.name_of(id), article(reference.kind)), hint)
    }

    fn missing_words(&self, reference: &ObjectReference) -> (&'static str, String) {
        let name = &reference.name;
        let word = other_word(reference.kind);
        match reference.kind {
            ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index | ObjectKind::Sequence => {
                match &name.schema {
                    Some(schema) if self.schema.namespace(&schema.name).is_none() => ("3F000", format!("schema \"{}\" does not exist", schema.name)),
                    // An index that is not there is not an undefined table (DropErrorMsgNonExistent).
                    _ if matches!(reference.kind, ObjectKind::Index | ObjectKind::ForeignTable) => {
                        ("42704", format!("{word} \"{}\" does not exist", name.name))
                    }
                    _ => ("42P01", format!("{word} \"{}\" does not exist", name.name)),
                }
            }
            ObjectKind::Schema => ("3F000", format!("schema \"{}\" does not exist", name.name)),
            ObjectKind::Type | ObjectKind::Domain => match &name.schema {
                Some(schema) if self.schema.namespace(&schema.name).is_none() => ("3F000", format!("schema \"{}\" does not exist", schema.name)),
                _ => ("42704", format!("type \"{name}\" does not exist")),
            },
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => ("42883", self.missing_routine_words(reference)),
            ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy | ObjectKind::Constraint | ObjectKind::DomainConstraint => match &reference.on {
                Some(on) if !matches!(self.relation_if_any(on), Ok(Some(_))) && reference.kind != ObjectKind::DomainConstraint => {
                    ("42P01", format!("relation \"{on}\" does not exist"))
                }
                Some(on) if reference.kind == ObjectKind::Rule => ("42704", format!("rule \"{}\" for relation \"{}\" does not exist", name.name, on.name)),
                Some(on) => ("42704", format!("{word} \"{}\" for table \"{}\" does not exist", name.name, on.name)),
                None => ("42704", format!("{word} \"{}\" does not exist", name.name)),
            },
            ObjectKind::Operator => ("42883", format!("operator does not exist: {name}")),
            ObjectKind::Database => ("3D000", format!("{word} \"{name}\" does not exist")),
            _ => ("42704", format!("{word} \"{name}\" does not exist")),
        }
    }

    /// What the server says of a routine that is not there.
    pub(super) fn missing_routine_words(&self, reference: &ObjectReference) -> String {
        let word = match reference.kind {
            ObjectKind::Procedure => "procedure",
            ObjectKind::Aggregate => "aggregate",
            _ => "function",
        };
        match reference.signature.as_ref().and_then(|signature| signature.arguments.as_ref()) {
            Some(arguments) => {
                let types: Vec<String> = arguments
                    .iter()
                    .map(|argument| {
                        self.data_type(argument).map_or_else(|_| argument.name.to_string(), |data_type| self.shown_type(&data_type.without_modifiers()))
                    })
                    .collect();
                format!("{word} {}({}) does not exist", reference.name, types.join(","))
            }
            None => format!("could not find a {word} named \"{}\"", reference.name),
        }
    }
}
