//! What all kinds share: comments, `ALTER kind …`, new schemas, and objects that are kept by kind, name and text.
//!
//! Source: PostgreSQL 15, comment.c, alter.c (AlterObjectRename_internal, AlterObjectNamespace_internal), schemacmds.c.

use std::sync::Arc;

use super::describe::other_word;
use super::work::{Applied, Work};
use crate::schema::{Address, NameSpace, ObjectBody, ObjectId};
use crate::sql::tree::{AlterIndex, AlterIndexAction, AlterTableAction, AlterTypeAction};
use crate::sql::tree::{AlterObject, Comment, CreateSchema, Ident, ObjectAction, ObjectKind, ObjectName, ObjectReference, RelationKind, Statement, ViewKind};

impl Work<'_> {
    /// `COMMENT ON`.
    pub(super) fn comment(&mut self, statement: &Comment) -> Applied {
        let reference = &statement.object;
        let text: Option<Arc<str>> = statement.text.as_deref().filter(|text| !text.is_empty()).map(Arc::from);
        if reference.kind == ObjectKind::Column {
            let Some(on) = &reference.on else { return Ok(()) };
            let relation = self.relation(on)?;
            if self.schema.index(relation).is_some() || matches!(self.schema.get(relation).map(|object| &object.body), Some(ObjectBody::Sequence(_))) {
                return self.refuse_at(reference.span, "42809", format!("cannot set comment on relation \"{}\"", on.name));
            }
            // A comment on one of these is in no snapshot.
            let has_system_columns =
                self.schema.table(relation).is_some() || self.schema.view(relation).is_some_and(|view| view.kind == ViewKind::Materialized);
            if has_system_columns && self.is_system_column(&reference.name.name.name) {
                return Ok(());
            }
            let column = self.column_of(relation, &reference.name.name)?;
            self.name(Address::column(relation, column.number));
            self.change_column(relation, column.number, |column| column.comment = text);
            return Ok(());
        }
        if reference.kind == ObjectKind::Role {
            return self.role_exists(&reference.name.name);
        }
        if matches!(reference.kind, ObjectKind::Table | ObjectKind::View) && self.relation_or_catalog(&reference.name)?.is_none() {
            return Ok(());
        }
        let Some(id) = self.existing(reference)? else { return Ok(()) };
        self.name_object(id);
        if reference.kind == ObjectKind::Type && (self.schema.table(id).is_some() || self.schema.view(id).is_some()) {
            // The row type of a table has comments of its own, which no snapshot holds.
            return Ok(());
        }
        self.schema.update(id, |object| object.comment = text);
        Ok(())
    }

    /// The object that a reference means, or the refusal; `None` for kinds of which only those made here are known.
    fn existing(&self, reference: &ObjectReference) -> Applied<Option<ObjectId>> {
        if let Some(id) = self.referenced_object(reference)? {
            return Ok(Some(id));
        }
        let (name, word) = (&reference.name, other_word(reference.kind));
        let refuse = |sqlstate, message: String| self.refuse_at(reference.span, sqlstate, message);
        match reference.kind {
            ObjectKind::Table | ObjectKind::ForeignTable | ObjectKind::View | ObjectKind::MaterializedView | ObjectKind::Index | ObjectKind::Sequence => {
                refuse("42P01", format!("relation \"{name}\" does not exist"))
            }
            ObjectKind::Schema => refuse("3F000", format!("schema \"{name}\" does not exist")),
            ObjectKind::Type | ObjectKind::Domain => refuse("42704", format!("type \"{name}\" does not exist")),
            ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine | ObjectKind::Aggregate => {
                refuse("42883", self.missing_routine_words(reference))
            }
            ObjectKind::Extension if name.name.name.as_str() == "plpgsql" => Ok(None),
            ObjectKind::Extension => refuse("42704", format!("extension \"{name}\" does not exist")),
            ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Constraint | ObjectKind::Rule | ObjectKind::DomainConstraint => {
                if let Some(on) = &reference.on {
                    if reference.kind != ObjectKind::DomainConstraint {
                        self.relation(on)?;
                    }
                    return refuse("42704", format!("{word} \"{}\" for table \"{}\" does not exist", name.name, on.name));
                }
                refuse("42704", format!("{word} \"{name}\" does not exist"))
            }
            ObjectKind::Role => self.role_exists(&name.name).map(|()| None),
            ObjectKind::Collation => self.collation_exists(name).map(|()| None),
            ObjectKind::Language => self.language_exists(&name.name.name).map(|()| None),
            ObjectKind::AccessMethod if self.schema.dialect.built_ins.is_some() => {
                let known = ["heap", "btree", "hash", "gist", "gin", "spgist", "brin"].contains(&name.name.name.as_str());
                if known || self.has_unknown_extension() { Ok(None) } else { refuse("42704", format!("{word} \"{name}\" does not exist")) }
            }
            ObjectKind::Tablespace if matches!(name.name.name.as_str(), "pg_default" | "pg_global") => Ok(None),
            // Which databases and large objects there are is not in the model.
            ObjectKind::Database | ObjectKind::LargeObject | ObjectKind::Column | ObjectKind::Foreign => Ok(None),
            ObjectKind::Operator if self.schema.dialect.built_ins.is_some_and(|built_ins| !built_ins.operators_named(name.name.name.as_str()).is_empty()) => {
                Ok(None)
            }
            ObjectKind::Conversion if !name.name.name.as_str().contains("_to_") && self.schema.dialect.built_ins.is_some() && !self.has_unknown_extension() => {
                refuse("42704", format!("{word} \"{name}\" does not exist"))
            }
            ObjectKind::Cast | ObjectKind::Conversion | ObjectKind::Transform => Ok(None),
            ObjectKind::OperatorClass | ObjectKind::OperatorFamily | ObjectKind::TextSearchConfiguration | ObjectKind::TextSearchDictionary
                if self.is_of_the_server(reference.kind, name.name.name.as_str()) =>
            {
                Ok(None)
            }
            ObjectKind::Operator => refuse("42883", format!("operator does not exist: {name}")),
            _ if self.schema.dialect.built_ins.is_none() || self.has_unknown_extension() => Ok(None),
            _ => refuse("42704", format!("{word} \"{name}\" does not exist")),
        }
    }

    /// Whether the server brings along an object of that kind and name, as far as names tell.
    fn is_of_the_server(&self, kind: ObjectKind, name: &str) -> bool {
        match kind {
            ObjectKind::OperatorClass | ObjectKind::OperatorFamily => name.ends_with("_ops"),
            ObjectKind::TextSearchConfiguration => {
                matches!(name, "simple" | "english" | "german" | "french" | "spanish" | "russian" | "italian" | "portuguese")
            }
            _ => name == "simple" || name.ends_with("_stem"),
        }
    }

    /// `ALTER kind name action`.
    pub(super) fn alter_object(&mut self, statement: &AlterObject) -> Applied {
        let reference = &statement.object;
        if let ObjectAction::Reassign { from, to } = &statement.action {
            return self.reassign_owned(from, to);
        }
        if self.schema.dialect.built_ins.is_none()
            && let ObjectAction::Other { words, .. } = &statement.action
        {
            let reason = format!("ALTER {} … {words} is not modelled", other_word(reference.kind).to_uppercase());
            // Nothing of these is in the model, and who reads by replication or by a role's settings may be hit.
            if matches!(reference.kind, ObjectKind::Database | ObjectKind::Role | ObjectKind::Tablespace | ObjectKind::Publication | ObjectKind::Subscription) {
                let span = self.span;
                self.leave_unjudged(reason, span, &[&reference.name]);
                return Ok(());
            }
            if reference.kind == ObjectKind::Extension && words.to_ascii_uppercase().starts_with("UPDATE") {
                let span = self.span;
                self.leave_unjudged(reason, span, &[]);
                return Ok(());
            }
        }
        let id = match self.referenced_object(reference)? {
            Some(id) => id,
            None if statement.if_exists => {
                self.notice(format!("{} \"{}\" does not exist, skipping", other_word(reference.kind), reference.name));
                return Ok(());
            }
            // An attribute is a column of the type's relation, which is looked for as one.
            None if matches!(&statement.action, ObjectAction::Type(actions) if actions.iter().any(|action| is_of_attribute(&action.value))) => {
                return self.no_relation(&reference.name);
            }
            None => match self.existing(reference)? {
                Some(id) => id,
                None => return self.alter_unknown(statement),
            },
        };
        if reference.kind == ObjectKind::Type
            && (self.schema.table(id).is_some() || self.schema.view(id).is_some())
            && matches!(statement.action, ObjectAction::Rename(_) | ObjectAction::SetSchema(_) | ObjectAction::Owner(_))
        {
            return self.refuse_with("42809", format!("{} is a table's row type", self.shown_name(id)), "Use ALTER TABLE instead.");
        }
        self.name_object(id);
        match &statement.action {
            ObjectAction::Reassign { .. } => Ok(()),
            ObjectAction::Rename(to) => self.rename_any(id, reference, to),
            ObjectAction::SetSchema(schema) => self.move_any(id, schema),
            ObjectAction::Owner(role) => self.set_owner(id, role),
            ObjectAction::Type(actions) => self.alter_type(id, actions),
            ObjectAction::Domain(action) => self.alter_domain(id, action),
            ObjectAction::Policy { roles, using, check } => self.alter_policy(id, roles.as_ref(), using.as_ref(), check.as_ref()),
            ObjectAction::Function(changes) => {
                let returns_set = matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Function(function)) if function.returns_set);
                if self.is_aggregate(id) {
                    return self.refuse_at(reference.span, "42809", format!("\"{}\" is an aggregate function", reference.name));
                }
                if self.schema.dialect.built_ins.is_some() {
                    let only_for_functions = |word: &str| {
                        !word.starts_with("SECURITY") && !matches!(word, "SET" | "RESET" | "EXTERNAL SECURITY DEFINER" | "EXTERNAL SECURITY INVOKER")
                    };
                    let is_procedure = self.schema.get(id).is_some_and(|object| object.kind() == ObjectKind::Procedure);
                    if is_procedure && changes.iter().any(|(word, _)| only_for_functions(word)) && !changes.iter().any(|(word, _)| word.contains("DEPENDS")) {
                        return self.refuse("42P13", "invalid attribute in procedure definition");
                    }
                    self.options_are_allowed(changes, returns_set)?;
                }
                self.alter_function(id, changes);
                Ok(())
            }
            ObjectAction::Other { words, mentions } if self.schema.dialect.built_ins.is_some() => self.alter_other(Some(id), reference, words, mentions),
            ObjectAction::Other { words, mentions } => {
                let touched: Vec<&ObjectName> = mentions.iter().collect();
                let span = self.span;
                self.leave_unjudged(format!("ALTER {} … {words} is not modelled", other_word(reference.kind).to_uppercase()), span, &touched);
                Ok(())
            }
        }
    }

    /// `ALTER` of what the model has no object of: roles, databases, tablespaces, what the server brings along.
    fn alter_unknown(&mut self, statement: &AlterObject) -> Applied {
        let reference = &statement.object;
        match &statement.action {
            ObjectAction::Other { words, mentions } => self.alter_other(None, reference, words, mentions),
            ObjectAction::Owner(role) => self.role_exists(role),
            ObjectAction::Rename(to) if reference.kind == ObjectKind::Role => {
                self.role_exists(&reference.name.name)?;
                if self.global_object(ObjectKind::Role, &to.name).is_some() {
                    return self.refuse_at(to.span, "42710", format!("role \"{to}\" already exists"));
                }
                self.schema.forget_role(&reference.name.name.name);
                self.schema.remember_role(&to.name);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn rename_any(&mut self, id: ObjectId, reference: &ObjectReference, to: &Ident) -> Applied {
        let word = other_word(reference.kind);
        let taken = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_) | ObjectBody::Index(_)) => return self.rename_relation(id, to),
            Some(ObjectBody::Constraint(constraint)) => {
                let owner = constraint.owner;
                return self.rename_constraint(owner, super::reach::Reach::WithChildren, &reference.name.name, to);
            }
            Some(ObjectBody::Type(crate::schema::UserType::Composite { .. })) => return self.rename_relation(id, to),
            Some(ObjectBody::Type(_)) => self.schema.find(NameSpace::Type, self.namespace_of(id), &to.name),
            Some(ObjectBody::Schema) if to.name.as_str().starts_with("pg_") => {
                return self.refuse_with("42939", format!("unacceptable schema name \"{to}\""), "The prefix \"pg_\" is reserved for system schemas.");
            }
            Some(ObjectBody::Schema) => self.schema.namespace(&to.name),
            Some(ObjectBody::Function(function)) => {
                let inputs = |function: &crate::schema::Function| -> Vec<crate::schema::DataType> {
                    let own = function.parameters.iter().filter(|parameter| parameter.mode != crate::sql::tree::ParameterMode::Out);
                    own.map(|parameter| parameter.data_type.without_modifiers()).collect()
                };
                let own = inputs(function);
                self.schema
                    .functions(self.namespace_of(id), &to.name)
                    .into_iter()
                    .find(|other| matches!(self.schema.get(*other).map(|object| &object.body), Some(ObjectBody::Function(other)) if inputs(other) == own))
            }
            Some(ObjectBody::Trigger(trigger)) if trigger.table.is_none() => self.event_trigger_named(&to.name),
            Some(ObjectBody::Trigger(trigger)) => trigger.table.and_then(|table| self.hanging(table, &to.name, |body| matches!(body, ObjectBody::Trigger(_)))),
            Some(ObjectBody::Policy(policy)) => self.hanging(policy.table, &to.name, |body| matches!(body, ObjectBody::Policy(_))),
            Some(ObjectBody::Rule(rule)) => self.hanging(rule.table, &to.name, |body| matches!(body, ObjectBody::Rule(_))),
            Some(ObjectBody::Other(other)) if other.kind == ObjectKind::Statistics => self.statistics_named(self.namespace_of(id), &to.name),
            Some(ObjectBody::Other(other)) => self.schema.find(NameSpace::Other(other.kind), self.namespace_of(id), &to.name),
            Some(ObjectBody::Extension(_)) | None => None,
        };
        if taken.is_some() {
            let sqlstate = match reference.kind {
                ObjectKind::Schema => "42P06",
                ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Aggregate | ObjectKind::Routine => "42723",
                _ => "42710",
            };
            return self.refuse_at(to.span, sqlstate, format!("{word} \"{to}\" already exists"));
        }
        if matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Trigger(_))) {
            let is_clone = self.schema.dependencies().of_object(id).iter().any(|dependency| dependency.kind == crate::schema::DependencyKind::Partition);
            if is_clone {
                // The server says so without an SQLSTATE of its own (renametrig_internal, trigger.c).
                return self.refuse("XX000", format!("cannot rename trigger \"{}\"", self.name_of(id)));
            }
            for clone in self.clones_of(id) {
                self.rename_object(clone, to.name.clone());
            }
        }
        self.rename_object(id, to.name.clone());
        Ok(())
    }

    fn move_any(&mut self, id: ObjectId, schema: &Ident) -> Applied {
        let space = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_) | ObjectBody::Index(_)) => return self.move_relation(id, schema),
            Some(ObjectBody::Extension(_)) => {
                let to = self.namespace_named(schema)?;
                return self.move_extension(id, to);
            }
            Some(ObjectBody::Type(_)) => Some(NameSpace::Type),
            Some(ObjectBody::Other(other)) => Some(NameSpace::Other(other.kind)),
            _ => None,
        };
        let to = self.namespace_named(schema)?;
        let Some(mut name) = self.schema.get(id).map(|object| object.name.clone()) else { return Ok(()) };
        if self.namespace_of(id) == Some(to) {
            return Ok(());
        }
        // The name of an operator bears its schema.
        if space == Some(NameSpace::Other(ObjectKind::Operator))
            && let (Some(old), Some(new)) = (self.namespace_of(id).and_then(|old| self.schema.get(old)), self.schema.get(to))
            && let Some(rest) = name.as_str().strip_prefix(&format!("{}.", self.schema.dialect.quote(&old.name)))
        {
            name = crate::name::Name::stored(format!("{}.{rest}", self.schema.dialect.quote(&new.name)));
        }
        if let Some(space) = space
            && self.schema.find(space, Some(to), &name).is_some()
        {
            return self.refuse("42710", format!("type \"{name}\" already exists in schema \"{}\"", self.name_of(to)));
        }
        self.schema.rename(id, name, Some(to));
        for constraint in self.schema.on_table(id) {
            if let Some(name) = self.schema.get(constraint).map(|object| object.name.clone()) {
                self.schema.rename(constraint, name, Some(to));
            }
        }
        Ok(())
    }

    fn move_extension(&mut self, id: ObjectId, to: ObjectId) -> Applied {
        let members: Vec<ObjectId> = self
            .schema
            .dependencies()
            .on_object(id)
            .into_iter()
            .filter(|dependency| dependency.kind == crate::schema::DependencyKind::Extension)
            .map(|dependency| dependency.dependent.object)
            .collect();
        for member in members {
            if let Some(name) = self.schema.get(member).map(|object| object.name.clone()) {
                self.schema.rename(member, name, Some(to));
            }
        }
        self.schema.update(id, |object| {
            if let ObjectBody::Extension(extension) = &mut object.body {
                extension.schema = Some(to);
            }
        });
        Ok(())
    }

    /// `ALTER INDEX`.
    pub(super) fn alter_index(&mut self, statement: &AlterIndex) -> Applied {
        let id = match self.relation_if_any(&statement.name)? {
            Some(id) => id,
            None if statement.if_exists => {
                self.notice(format!("relation \"{}\" does not exist, skipping", statement.name.name));
                return Ok(());
            }
            None => return self.no_relation(&statement.name),
        };
        let action = match &statement.action {
            AlterIndexAction::Rename(to) => AlterTableAction::Rename(ObjectName::bare(to.clone())),
            AlterIndexAction::SetSchema(schema) => AlterTableAction::SetSchema(schema.clone()),
            AlterIndexAction::SetParameters(parameters) => AlterTableAction::SetParameters(parameters.clone()),
            AlterIndexAction::ResetParameters(parameters) => AlterTableAction::ResetParameters(parameters.clone()),
            AlterIndexAction::AttachPartition(child) => {
                let child = self.relation(child)?;
                return self.attach_written_index(id, child);
            }
            AlterIndexAction::Physical(words) => return self.alter_index_storage(id, words),
        };
        // `ALTER INDEX … RENAME` works on any relation (manual, ALTER INDEX; 15).
        let kind = if matches!(action, AlterTableAction::Rename(_)) { RelationKind::Table } else { RelationKind::Index };
        self.alter_relation_action(kind, id, &action)
    }

    /// `CREATE SCHEMA`; the statements inside it are given back, to be applied with the schema first on the path.
    pub(super) fn create_schema<'s>(&mut self, statement: &'s CreateSchema) -> Applied<&'s [Statement]> {
        let name = statement.name.name.clone();
        if let Some(owner) = &statement.owner {
            self.role_exists(owner)?;
        }
        if statement.if_not_exists && !statement.elements.is_empty() && self.schema.dialect.built_ins.is_some() {
            return self.refuse("0A000", "CREATE SCHEMA IF NOT EXISTS cannot include schema elements");
        }
        if name.as_str().starts_with("pg_") {
            return self.refuse_with("42939", format!("unacceptable schema name \"{name}\""), "The prefix \"pg_\" is reserved for system schemas.");
        }
        if self.schema.namespace(&name).is_some() {
            if statement.if_not_exists {
                self.notice(format!("schema \"{name}\" already exists, skipping"));
                return Ok(&[]);
            }
            return self.refuse_at(statement.name.span, "42P06", format!("schema \"{name}\" already exists"));
        }
        let id = self.insert_in(name, None, ObjectBody::Schema);
        if let Some(owner) = &statement.owner {
            self.set_owner(id, owner)?;
        }
        self.name_object(id);
        Ok(&statement.elements)
    }
}

/// Whether the action is on an attribute.
fn is_of_attribute(action: &AlterTypeAction) -> bool {
    match action {
        AlterTypeAction::AddAttribute(..)
        | AlterTypeAction::DropAttribute { .. }
        | AlterTypeAction::AlterAttribute(..)
        | AlterTypeAction::RenameAttribute(..) => true,
        AlterTypeAction::AddValue { .. } | AlterTypeAction::RenameValue { .. } | AlterTypeAction::SetParameters(_) => false,
    }
}
