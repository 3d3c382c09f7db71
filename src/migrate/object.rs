//! What all kinds share: comments, `ALTER kind …`, new schemas, and objects that are kept by kind, name and text.
//!
//! Source: PostgreSQL 15, comment.c, alter.c (AlterObjectRename_internal, AlterObjectNamespace_internal), schemacmds.c.

use std::sync::Arc;

use super::describe::other_word;
use super::trigger::pieces_of;
use super::work::{Applied, Work};
use crate::schema::{Address, NameSpace, ObjectBody, ObjectId, OtherObject, Piece, Rule};
use crate::sql::tree::{AlterIndex, AlterIndexAction, AlterTableAction};
use crate::sql::tree::{
    AlterObject, Comment, CreateSchema, Ident, ObjectAction, ObjectKind, ObjectName, ObjectReference, RelationKind, Statement, TemporaryKind, TriggerState,
};

impl Work<'_> {
    /// `COMMENT ON`.
    pub(super) fn comment(&mut self, statement: &Comment) -> Applied {
        let reference = &statement.object;
        let text: Option<Arc<str>> = statement.text.as_deref().filter(|text| !text.is_empty()).map(Arc::from);
        if reference.kind == ObjectKind::Column {
            let Some(on) = &reference.on else { return Ok(()) };
            let relation = self.relation(on)?;
            let column = self.column_of(relation, &reference.name.name)?;
            self.name(Address::column(relation, column.number));
            self.change_column(relation, column.number, |column| column.comment = text);
            return Ok(());
        }
        if matches!(reference.kind, ObjectKind::Database | ObjectKind::Role | ObjectKind::Tablespace | ObjectKind::LargeObject) {
            return Ok(());
        }
        let Some(id) = self.existing(reference)? else { return Ok(()) };
        self.name_object(id);
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
            _ => Ok(None),
        }
    }

    /// `ALTER kind name action`.
    pub(super) fn alter_object(&mut self, statement: &AlterObject) -> Applied {
        let reference = &statement.object;
        if let ObjectAction::Other { words, .. } = &statement.action {
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
            None => match self.existing(reference)? {
                Some(id) => id,
                None => return Ok(()),
            },
        };
        self.name_object(id);
        match &statement.action {
            ObjectAction::Rename(to) => self.rename_any(id, reference, to),
            ObjectAction::SetSchema(schema) => self.move_any(id, schema),
            ObjectAction::Owner(role) => {
                self.set_owner(id, role);
                Ok(())
            }
            ObjectAction::Type(actions) => self.alter_type(id, actions),
            ObjectAction::Domain(action) => self.alter_domain(id, action),
            ObjectAction::Policy { roles, using, check } => self.alter_policy(id, roles.as_ref(), using.as_ref(), check.as_ref()),
            ObjectAction::Function(changes) => {
                self.alter_function(id, changes);
                Ok(())
            }
            ObjectAction::Other { words, mentions } => {
                let touched: Vec<&ObjectName> = mentions.iter().collect();
                let span = self.span;
                self.leave_unjudged(format!("ALTER {} … {words} is not modelled", other_word(reference.kind).to_uppercase()), span, &touched);
                Ok(())
            }
        }
    }

    fn rename_any(&mut self, id: ObjectId, reference: &ObjectReference, to: &Ident) -> Applied {
        let word = other_word(reference.kind);
        let taken = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_) | ObjectBody::Index(_)) => return self.rename_relation(id, to),
            Some(ObjectBody::Constraint(constraint)) => {
                let owner = constraint.owner;
                return self.rename_constraint(owner, super::alter_table::Reach::WithChildren, &reference.name.name, to);
            }
            Some(ObjectBody::Type(_)) => self.schema.find(NameSpace::Type, self.namespace_of(id), &to.name),
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
            Some(ObjectBody::Trigger(trigger)) => trigger.table.and_then(|table| self.hanging(table, &to.name, |body| matches!(body, ObjectBody::Trigger(_)))),
            Some(ObjectBody::Policy(policy)) => self.hanging(policy.table, &to.name, |body| matches!(body, ObjectBody::Policy(_))),
            Some(ObjectBody::Rule(rule)) => self.hanging(rule.table, &to.name, |body| matches!(body, ObjectBody::Rule(_))),
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
        let Some(name) = self.schema.get(id).map(|object| object.name.clone()) else { return Ok(()) };
        if self.namespace_of(id) == Some(to) {
            return Ok(());
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
            None => return self.refuse_at(statement.name.span(), "42P01", format!("relation \"{}\" does not exist", statement.name)),
        };
        let action = match &statement.action {
            AlterIndexAction::Rename(to) => AlterTableAction::Rename(ObjectName::bare(to.clone())),
            AlterIndexAction::SetSchema(schema) => AlterTableAction::SetSchema(schema.clone()),
            AlterIndexAction::SetParameters(parameters) => AlterTableAction::SetParameters(parameters.clone()),
            AlterIndexAction::ResetParameters(parameters) => AlterTableAction::ResetParameters(parameters.clone()),
            AlterIndexAction::AttachPartition(child) => {
                let child = self.relation(child)?;
                self.name_object(child);
                let constraint = self.constraint_of_index(id);
                self.attach_index(child, id, constraint);
                return Ok(());
            }
            AlterIndexAction::Physical(words) => {
                let span = self.span;
                self.leave_unjudged(format!("ALTER INDEX … {words} is not modelled"), span, &[&statement.name]);
                return Ok(());
            }
        };
        // `ALTER INDEX … RENAME` works on any relation (manual, ALTER INDEX; 15).
        let kind = if matches!(action, AlterTableAction::Rename(_)) { RelationKind::Table } else { RelationKind::Index };
        self.alter_relation_action(kind, id, &action)
    }

    /// `CREATE SCHEMA`; the statements inside it are given back, to be applied with the schema first on the path.
    pub(super) fn create_schema<'s>(&mut self, statement: &'s CreateSchema) -> Applied<&'s [Statement]> {
        let name = statement.name.name.clone();
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
            self.schema.update(id, |object| object.owner = Some(owner.name.clone()));
        }
        self.name_object(id);
        Ok(&statement.elements)
    }

    /// The columns between `ON` and `FROM` of extended statistics: with any of them the statistics go.
    fn columns_of_statistics(&self, table: ObjectId) -> Vec<Address> {
        let text = self.sources.slice(self.span);
        let words: Vec<&str> =
            text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '"')).filter(|word| !word.is_empty()).collect();
        let place = |wanted: &str| words.iter().rposition(|word| word.eq_ignore_ascii_case(wanted));
        let (Some(on), Some(from)) = (words.iter().position(|word| word.eq_ignore_ascii_case("on")), place("from")) else { return Vec::new() };
        let between = words.get(on + 1..from).unwrap_or(&[]);
        let quoted = |word: &str| word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).map(crate::name::Name::stored);
        let names = between.iter().map(|word| quoted(word).unwrap_or_else(|| self.schema.dialect.fold(word, crate::name::Quoting::Bare)));
        names.filter_map(|name| self.schema.column_address(table, &name)).collect()
    }

    /// An object that is kept by kind, name and text.
    pub(super) fn create_other(&mut self, kind: ObjectKind, name: &ObjectName, if_not_exists: bool, or_replace: bool, mentions: &[ObjectName]) -> Applied {
        let mut marks = Vec::new();
        for mention in mentions {
            if let Ok(Some(relation)) = self.relation_if_any(mention) {
                marks.push((mention.span(), Piece::Relation { relation }));
            }
        }
        let definition = pieces_of(self.sources.slice(self.span), self.span, marks);
        let table = match kind {
            ObjectKind::Rule | ObjectKind::Statistics => match mentions.first() {
                Some(mention) => Some(self.relation(mention)?),
                None => None,
            },
            _ => None,
        };
        let definition = match table {
            Some(table) if kind == ObjectKind::Statistics => definition.needing(self.columns_of_statistics(table)),
            _ => definition,
        };
        let namespace = if is_in_a_schema(kind) {
            Some(match (&name.schema, table) {
                (None, Some(table)) if kind != ObjectKind::Statistics => self.namespace_of(table).unwrap_or(table),
                _ => self.creation_namespace(name, TemporaryKind::Permanent)?,
            })
        } else {
            None
        };
        let own = name.name.name.clone();
        let existing = match (kind, table) {
            (ObjectKind::Rule, Some(table)) => self.hanging(table, &own, |body| matches!(body, ObjectBody::Rule(_))),
            (ObjectKind::Operator | ObjectKind::OperatorClass | ObjectKind::OperatorFamily, _) => None,
            // Statistics hang on their table, so their name is looked for there too.
            (ObjectKind::Statistics, Some(table)) => self.hanging(table, &own, |body| matches!(body, ObjectBody::Other(other) if other.kind == kind)),
            _ => self.schema.find(NameSpace::Other(kind), namespace, &own),
        };
        if let Some(existing) = existing {
            if if_not_exists {
                self.notice(format!("{} \"{own}\" already exists, skipping", other_word(kind)));
                return Ok(());
            }
            if !or_replace {
                let of = match table {
                    Some(table) if kind == ObjectKind::Rule => format!(" for relation \"{}\"", self.name_of(table)),
                    _ => String::new(),
                };
                return self.refuse_at(name.span(), "42710", format!("{} \"{own}\"{of} already exists", other_word(kind)));
            }
            self.schema.remove(existing);
        }
        let body = match (kind, table) {
            (ObjectKind::Rule, Some(table)) => ObjectBody::Rule(Rule { table, definition, state: TriggerState::Enabled }),
            _ => ObjectBody::Other(OtherObject { kind, table, definition }),
        };
        let id = self.insert_in(own, namespace, body);
        self.name_object(id);
        Ok(())
    }
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
