//! What a role may do: who owns an object, who may create in a schema, what takes a superuser.
//!
//! In: a statement and the role that the session has taken (`SET ROLE`, `SET SESSION AUTHORIZATION`). Out: the refusal of the server.
//! Only a role that this run made is judged, since of no other it is known what it may do; whoever opened the connection may do everything.
//!
//! Source: PostgreSQL 15, aclchk.c, and the checks of each command (tablecmds.c, typecmds.c, functioncmds.c, foreigncmds.c …).

use std::collections::BTreeSet;

use super::work::{Applied, Work};
use super::written::Written;
use crate::name::Name;
use crate::schema::{Address, ObjectBody, ObjectId};
use crate::sql::tree::{
    AlterTableAction, AlterViewAction, ColumnConstraintKind, CreateTable, CreateTypeKind, DropTarget, GrantTarget, Ident, ObjectKind, ObjectName, References,
    SettingValue, Statement, StatementKind, TableConstraintKind, TableElement, TemporaryKind,
};
use crate::text::Span;

/// What the role at work has.
#[derive(Clone, Debug)]
pub(super) struct Powers {
    /// The role, and every one whose privileges it has.
    pub(super) has: BTreeSet<Name>,
    /// The role, and every one that it is a member of.
    pub(super) member_of: BTreeSet<Name>,
    pub(super) creates_roles: bool,
    pub(super) creates_databases: bool,
}

impl Work<'_> {
    /// Refuses a statement that the role may not run.
    pub(super) fn role_may(&self, statement: &Statement) -> Applied {
        let Some(powers) = self.powers() else { return Ok(()) };
        match &statement.kind {
            StatementKind::CreateTable(create) => self.may_create_table(&powers, create),
            StatementKind::CreateTableAs(create) => self.may_create(&powers, &create.name, create.temporary),
            StatementKind::CreateView(create) => {
                self.may_create(&powers, &create.name, create.temporary)?;
                if create.or_replace { self.may_change(&powers, &create.name) } else { Ok(()) }
            }
            StatementKind::CreateSequence(create) => self.may_create(&powers, &create.name, create.temporary),
            StatementKind::CreateIndex(create) => self.may_change(&powers, &create.table),
            StatementKind::AlterTable(alter) => {
                self.may_change(&powers, &alter.name)?;
                alter.actions.iter().try_for_each(|action| self.may_act_on_table(&powers, &alter.name, &action.value))
            }
            StatementKind::AlterView(alter) => {
                self.may_change(&powers, &alter.name)?;
                match &alter.action {
                    AlterViewAction::Owner(role) => self.may_give(&powers, &alter.name, role),
                    AlterViewAction::SetSchema(schema) => self.may_create_in(&powers, schema),
                    _ => Ok(()),
                }
            }
            StatementKind::AlterIndex(alter) => self.may_change(&powers, &alter.name),
            StatementKind::AlterSequence(alter) => self.may_change(&powers, &alter.name),
            StatementKind::RefreshView(refresh) => self.may_maintain(&powers, &refresh.name),
            StatementKind::CreatePolicy(create) => self.may_change(&powers, &create.table),
            StatementKind::CreateTrigger(create) => match &create.table {
                Some(table) => self.may_use_table(&powers, table, "TRIGGER"),
                None => self.denied(statement.span, format!("permission denied to create event trigger \"{}\"", create.name)),
            },
            StatementKind::CreateSchema(create) => {
                if let Some(owner) = &create.owner {
                    self.may_become(&powers, owner)?;
                }
                self.may_create_in_database(&powers, statement.span)
            }
            StatementKind::CreateType(create) => match create.kind {
                CreateTypeKind::Base(_) | CreateTypeKind::Shell => self.denied(statement.span, "must be superuser to create a base type"),
                _ => self.may_create(&powers, &create.name, TemporaryKind::Permanent),
            },
            StatementKind::CreateDomain(create) => self.may_create(&powers, &create.name, TemporaryKind::Permanent),
            StatementKind::CreateFunction(create) => {
                self.may_create(&powers, &create.name, TemporaryKind::Permanent)?;
                match create.language.as_deref() {
                    Some(language @ ("c" | "internal")) => self.denied(statement.span, format!("permission denied for language {language}")),
                    _ if create.options.iter().any(|(word, _)| word == "LEAKPROOF") => {
                        self.denied(statement.span, "only superuser can define a leakproof function")
                    }
                    _ => Ok(()),
                }
            }
            StatementKind::AlterObject(alter) => self.may_alter(&powers, &alter.object, &alter.action, statement.span),
            StatementKind::Drop(drop) => drop.targets.iter().try_for_each(|target| match target {
                DropTarget::Object(reference) => self.may_drop(&powers, reference),
                DropTarget::OwnedBy(role) => self.may_become(&powers, role),
            }),
            StatementKind::Comment(comment) => self.may_comment(&powers, &comment.object),
            StatementKind::Grant(grant) => match &grant.target {
                GrantTarget::Relations(names) => names.iter().try_for_each(|name| self.may_grant_on(&powers, name)),
                GrantTarget::Roles(roles) => roles.iter().try_for_each(|role| self.may_grant_role(&powers, role)),
                GrantTarget::Objects(..) | GrantTarget::Functions(_) | GrantTarget::AllInSchema(..) | GrantTarget::Other(_) => Ok(()),
            },
            StatementKind::AlterDefaultPrivileges(alter) => alter.roles.iter().try_for_each(|role| self.may_become(&powers, role)),
            StatementKind::Truncate { tables, .. } => tables.iter().try_for_each(|table| self.may_use_table(&powers, table, "TRUNCATE")),
            StatementKind::Maintenance(maintenance) if maintenance.verb.starts_with("REINDEX") || maintenance.verb == "CLUSTER" => {
                match maintenance.verb.as_str() {
                    "REINDEX SCHEMA" | "REINDEX DATABASE" | "REINDEX SYSTEM" => Ok(()),
                    _ => maintenance.targets.iter().try_for_each(|target| self.may_maintain(&powers, target)),
                }
            }
            StatementKind::CreateOther { kind, name, or_replace, mentions, .. } => {
                self.may_create_other(&powers, *kind, name, *or_replace, mentions, statement.span)
            }
            StatementKind::AlterSystem => self.denied(statement.span, "permission denied to set parameter"),
            StatementKind::Session(crate::sql::tree::Session::Set { name, values, .. }) if name == "role" => self.may_take_role(values, statement.span),
            StatementKind::CreateExtension(_)
            | StatementKind::Dml(_)
            | StatementKind::Copy(_)
            | StatementKind::Query(_)
            | StatementKind::Session(_)
            | StatementKind::Transaction(_)
            | StatementKind::Do(_)
            | StatementKind::Call(_)
            | StatementKind::Lock { .. }
            | StatementKind::Maintenance(_)
            | StatementKind::MetaCommand(_)
            | StatementKind::NoEffect { .. }
            | StatementKind::Unread(_) => Ok(()),
        }
    }

    /// What the role has; `None` when it may do everything, or when that is not known.
    fn powers(&self) -> Option<Powers> {
        if self.depth > 0 || self.schema.dialect.built_ins.is_none() {
            return None;
        }
        self.powers_of(self.session.role.as_ref()?)
    }

    fn powers_of(&self, role: &Name) -> Option<Powers> {
        if self.role_is(role, "superuser", false)? {
            return None;
        }
        let (mut has, mut member_of) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(role.clone(), true)];
        while let Some((one, is_inherited)) = open.pop() {
            let is_new = member_of.insert(one.clone());
            let is_gain = is_inherited && has.insert(one.clone());
            if !is_new && !is_gain {
                continue;
            }
            if one.as_str().starts_with("pg_") {
                // Of the roles that every server has these two change what is judged here.
                if matches!(one.as_str(), "pg_maintain" | "pg_create_subscription" | "pg_database_owner") {
                    return None;
                }
                continue;
            }
            let passes_on = self.role_is(&one, "inherit", true)?;
            open.extend(self.schema.groups_of(&one).into_iter().map(|group| (group, is_inherited && passes_on)));
        }
        let (creates_roles, creates_databases) = (self.role_is(role, "createrole", false)?, self.role_is(role, "createdb", false)?);
        Some(Powers { has, member_of, creates_roles, creates_databases })
    }

    /// An attribute of a role that this run made: the last word about it counts. `None` for any other role.
    pub(super) fn role_is(&self, role: &Name, attribute: &str, otherwise: bool) -> Option<bool> {
        let id = self.role_object(role)?;
        let ObjectBody::Other(other) = &self.schema.get(id)?.body else { return None };
        let written = Written::of(&other.definition.print(&self.schema), self.schema.dialect);
        let negated = format!("no{attribute}");
        let said = written.words().iter().filter_map(|word| if word.is(attribute) { Some(true) } else { word.is(&negated).then_some(false) });
        Some(said.last().unwrap_or(otherwise))
    }

    #[expect(clippy::unused_self, reason = "reads as the other ways to refuse")]
    pub(super) fn denied<T>(&self, span: Span, message: impl Into<String>) -> Applied<T> {
        self.refuse_at(span, "42501", message)
    }

    /// Who owns an object: parts of a table belong to the table's owner.
    pub(super) fn owns(&self, powers: &Powers, id: ObjectId) -> bool {
        let Some(object) = self.schema.get(id) else { return true };
        let whole = match &object.body {
            ObjectBody::Index(index) => self.schema.get(index.table),
            ObjectBody::Constraint(constraint) => self.schema.get(constraint.owner),
            ObjectBody::Trigger(trigger) => trigger.table.and_then(|table| self.schema.get(table)),
            ObjectBody::Policy(policy) => self.schema.get(policy.table),
            ObjectBody::Rule(rule) => self.schema.get(rule.table),
            _ => Some(object),
        };
        whole.unwrap_or(object).owner.as_ref().is_some_and(|owner| powers.has.contains(owner))
    }

    /// Whether the role has a privilege; `None` when it is not known.
    pub(super) fn has(&self, powers: &Powers, id: ObjectId, privilege: &str) -> Option<bool> {
        let object = self.schema.get(id)?;
        if self.owns(powers, id) || self.session.temporary == Some(id) {
            return Some(true);
        }
        let Some(grants) = &object.grants else {
            return match &object.body {
                // What everybody may do in it depends on the version that made the database.
                ObjectBody::Schema if matches!(object.name.as_str(), "public" | "pg_catalog" | "information_schema") => None,
                ObjectBody::Function(_) | ObjectBody::Type(_) => Some(true),
                _ => Some(false),
            };
        };
        let is_theirs = |grantee: &Option<Name>| grantee.as_ref().is_none_or(|grantee| powers.has.contains(grantee));
        Some(grants.iter().any(|grant| &*grant.privilege == privilege && is_theirs(&grant.grantee)))
    }

    /// A schema that is written must be open to the role.
    pub(super) fn may_look_into(&self, powers: &Powers, name: &ObjectName) -> Applied {
        let Some(schema) = &name.schema else { return Ok(()) };
        match self.schema.namespace(&schema.name) {
            Some(namespace) if self.has(powers, namespace, "USAGE") == Some(false) => {
                self.denied(schema.span, format!("permission denied for schema {}", schema.name))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn must_own(&self, powers: &Powers, id: ObjectId, span: Span) -> Applied {
        if self.owns(powers, id) {
            return Ok(());
        }
        let word = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Trigger(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_)) => "relation",
            _ => return self.denied(span, format!("must be owner of {}", self.description(Address::whole(id)))),
        };
        self.denied(span, format!("must be owner of {word} {}", self.name_of(id)))
    }

    /// A relation must belong to the role; one that is not there is refused elsewhere.
    pub(super) fn may_change(&self, powers: &Powers, name: &ObjectName) -> Applied {
        self.may_look_into(powers, name)?;
        match self.relation_if_any(name) {
            Ok(Some(id)) => self.must_own(powers, id, name.span()),
            _ => Ok(()),
        }
    }

    /// The same for work on storage, which can be granted since 17.
    fn may_maintain(&self, powers: &Powers, name: &ObjectName) -> Applied {
        match self.relation_if_any(name) {
            Ok(Some(id)) if self.has(powers, id, "MAINTAIN") == Some(true) => Ok(()),
            _ => self.may_change(powers, name),
        }
    }

    /// What is replaced must belong to the role.
    pub(super) fn may_replace(&self, id: ObjectId) -> Applied {
        match self.powers() {
            Some(powers) => self.must_own(&powers, id, self.span),
            None => Ok(()),
        }
    }

    /// Whether the role can give a privilege on; without a grant option nothing is given, and nothing is refused.
    pub(super) fn may_pass_on(&self, id: ObjectId, privilege: &str) -> bool {
        let Some(powers) = self.powers() else { return true };
        let is_theirs = |grant: &&crate::schema::GrantEntry| grant.grantee.as_ref().is_none_or(|grantee| powers.has.contains(grantee));
        let passes = |grant: &crate::schema::GrantEntry| grant.grant_option && &*grant.privilege == privilege;
        self.owns(&powers, id)
            || self.schema.get(id).is_some_and(|object| object.grants.iter().flatten().filter(is_theirs).any(passes))
            || self.schema.columns(id).iter().any(|column| column.grants.iter().filter(is_theirs).any(passes))
    }

    fn may_use_table(&self, powers: &Powers, name: &ObjectName, privilege: &str) -> Applied {
        self.may_look_into(powers, name)?;
        match self.relation_if_any(name) {
            Ok(Some(id)) if self.has(powers, id, privilege) == Some(false) => {
                let is_on_columns = self.schema.columns(id).iter().any(|column| column.grants.iter().any(|grant| &*grant.privilege == privilege));
                if is_on_columns {
                    return Ok(());
                }
                let word = if self.schema.view(id).is_some() { "view" } else { "table" };
                self.denied(name.span(), format!("permission denied for {word} {}", name.name))
            }
            _ => Ok(()),
        }
    }

    /// A new object goes to a schema in which the role may create.
    pub(super) fn may_create(&self, powers: &Powers, name: &ObjectName, temporary: TemporaryKind) -> Applied {
        if temporary == TemporaryKind::Temporary || name.schema.as_ref().is_some_and(|schema| schema.name.as_str() == "pg_temp") {
            return Ok(());
        }
        match &name.schema {
            Some(schema) => self.may_create_in(powers, schema),
            None => {
                // Schemas that the role cannot look into are not on its path.
                let open = self.session.search_path.iter().filter_map(|word| self.schema.namespace(word));
                let Some(first) = open.into_iter().find(|namespace| self.has(powers, *namespace, "USAGE") != Some(false)) else { return Ok(()) };
                self.namespace_takes(powers, first, name.span())
            }
        }
    }

    pub(super) fn may_create_in(&self, powers: &Powers, schema: &Ident) -> Applied {
        match self.schema.namespace(&schema.name) {
            Some(namespace) => self.namespace_takes(powers, namespace, schema.span),
            None => Ok(()),
        }
    }

    pub(super) fn namespace_takes(&self, powers: &Powers, namespace: ObjectId, span: Span) -> Applied {
        if self.has(powers, namespace, "CREATE") == Some(false) {
            return self.denied(span, format!("permission denied for schema {}", self.name_of(namespace)));
        }
        Ok(())
    }

    pub(super) fn may_create_in_database(&self, powers: &Powers, span: Span) -> Applied {
        if self.schema.database_creators().any(|role| role.as_ref().is_none_or(|role| powers.has.contains(role))) {
            return Ok(());
        }
        self.denied(span, "permission denied for database")
    }

    fn may_create_table(&self, powers: &Powers, create: &CreateTable) -> Applied {
        self.may_create(powers, &create.name, create.temporary)?;
        for parent in create.inherits.iter().chain(create.partition_of.iter().map(|(parent, _)| parent)) {
            self.may_change(powers, parent)?;
        }
        if let Some(server) = create.server.as_ref().and_then(|server| self.global_object(ObjectKind::Server, &server.name))
            && self.has(powers, server, "USAGE") == Some(false)
        {
            return self.denied(create.name.span(), format!("permission denied for foreign server {}", self.name_of(server)));
        }
        for element in &create.elements {
            match element {
                TableElement::Column(column) => {
                    for constraint in &column.constraints {
                        if let ColumnConstraintKind::References(references) = &constraint.kind {
                            self.may_refer(powers, references)?;
                        }
                    }
                }
                TableElement::Constraint(constraint) => {
                    if let TableConstraintKind::ForeignKey { references, .. } = &constraint.kind {
                        self.may_refer(powers, references)?;
                    }
                }
                TableElement::Like(table, _) => self.may_use_table(powers, table, "SELECT")?,
            }
        }
        Ok(())
    }

    fn may_refer(&self, powers: &Powers, references: &References) -> Applied {
        // The key is looked for first (ATAddForeignKeyConstraint).
        let Ok(Some(table)) = self.relation_if_any(&references.table) else { return Ok(()) };
        let mut wanted: Vec<_> = references.columns.iter().filter_map(|column| self.schema.column_address(table, &column.name)).collect();
        wanted.sort();
        let is_key = self.schema.on_table(table).into_iter().filter_map(|id| self.schema.index(id)).any(|index| {
            let mut own: Vec<_> = index.keys.iter().filter_map(|key| key.column).map(|column| Address::column(table, column)).collect();
            own.sort();
            index.unique && (own == wanted || wanted.is_empty())
        });
        if is_key { self.may_use_table(powers, &references.table, "REFERENCES") } else { Ok(()) }
    }

    fn may_act_on_table(&self, powers: &Powers, name: &ObjectName, action: &AlterTableAction) -> Applied {
        match action {
            AlterTableAction::AddConstraint(constraint) => match &constraint.kind {
                TableConstraintKind::ForeignKey { references, .. } => self.may_refer(powers, references),
                _ => Ok(()),
            },
            AlterTableAction::AttachPartition(table, _) | AlterTableAction::Inherit(table) => self.may_change(powers, table),
            AlterTableAction::Owner(role) => self.may_give(powers, name, role),
            AlterTableAction::SetSchema(schema) => self.may_create_in(powers, schema),
            _ => Ok(()),
        }
    }

    /// `OWNER TO`: the role must be a member of the new owner, who must be allowed to create where the object is.
    fn may_give(&self, powers: &Powers, name: &ObjectName, role: &Ident) -> Applied {
        self.may_become(powers, role)?;
        match self.relation_if_any(name) {
            Ok(Some(id)) => self.new_owner_may_create(role, self.namespace_of(id)),
            _ => Ok(()),
        }
    }

    pub(super) fn new_owner_may_create(&self, role: &Ident, namespace: Option<ObjectId>) -> Applied {
        match (self.powers_of(&role.name), namespace) {
            (Some(powers), Some(namespace)) => self.namespace_takes(&powers, namespace, role.span),
            _ => Ok(()),
        }
    }

    /// A role must be one that the session could take.
    pub(super) fn may_become(&self, powers: &Powers, role: &Ident) -> Applied {
        let word = role.name.as_str();
        let is_self = matches!(word, "current_user" | "current_role" | "session_user" | "user");
        if is_self || powers.member_of.contains(&role.name) || !self.is_own_role(&role.name) {
            return Ok(());
        }
        self.denied(role.span, format!("must be member of role \"{word}\""))
    }

    fn may_take_role(&self, values: &[SettingValue], span: Span) -> Applied {
        let wanted = match values.first() {
            Some(SettingValue::Word(word)) => word.name.clone(),
            Some(SettingValue::Text(text)) => Name::stored(text.as_str()),
            _ => return Ok(()),
        };
        // Who began the session decides, not who is at work.
        let Some(powers) = self.session.authorization.as_ref().and_then(|role| self.powers_of(role)) else { return Ok(()) };
        if wanted.as_str() == "none" || powers.member_of.contains(&wanted) || !self.is_own_role(&wanted) {
            return Ok(());
        }
        self.denied(span, format!("permission denied to set role \"{wanted}\""))
    }
}
