//! Types and domains: `CREATE TYPE`, `CREATE DOMAIN`, `ALTER TYPE`, `ALTER DOMAIN`.
//!
//! Source: PostgreSQL 15, typecmds.c, pg_enum.c; ALTER TYPE … ATTRIBUTE in tablecmds.c.

use std::sync::Arc;

use super::column::shown_collation;
use super::work::{Applied, Work};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::name::Name;
use crate::schema::{Address, Column, ColumnNumber, Constraint, ConstraintKind, Domain, NameSpace, ObjectBody, ObjectId, UserType};
use crate::sql::tree::{
    AlterDomainAction, AlterTypeAction, ColumnConstraintKind, ConstraintFlags, CreateDomain, CreateType, CreateTypeKind, Deferrability, DropBehavior, Expr,
    Ident, ObjectName, TableConstraint, TableConstraintKind, TemporaryKind,
};
use crate::text::Spanned;

impl Work<'_> {
    /// `CREATE TYPE`.
    pub(super) fn create_type(&mut self, statement: &CreateType) -> Applied {
        let name = statement.name.name.name.clone();
        let namespace = self.creation_namespace(&statement.name, TemporaryKind::Permanent)?;
        let existing = self.schema.find(NameSpace::Type, Some(namespace), &name);
        let shell = existing.filter(|id| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Shell))));
        if existing.is_some() && shell.is_none() {
            return self.refuse_at(statement.name.span(), "42710", format!("type \"{name}\" already exists"));
        }
        let body = match &statement.kind {
            CreateTypeKind::Enum(labels) => self.new_enum(labels)?,
            CreateTypeKind::Composite(attributes) => self.new_composite(attributes)?,
            CreateTypeKind::Range { subtype, multirange_name, options } => UserType::Range {
                subtype: self.data_type(subtype)?,
                multirange: multirange_name.as_ref().map(|name| Arc::from(name.name.name.as_str())),
                options: options.iter().map(|(name, value)| (Arc::from(name.as_str()), Arc::from(value.as_str()))).collect(),
            },
            CreateTypeKind::Base(options) => {
                let category =
                    options.iter().find(|(word, _)| word.eq_ignore_ascii_case("category")).and_then(|(_, value)| value.trim_matches('\'').chars().next());
                UserType::Base { category: category.unwrap_or('U') }
            }
            CreateTypeKind::Shell => UserType::Shell,
        };
        let id = match shell {
            Some(shell) => {
                self.schema.update(shell, |object| object.body = ObjectBody::Type(body));
                shell
            }
            None => self.insert_object(name, namespace, ObjectBody::Type(body)),
        };
        self.name_object(id);
        Ok(())
    }

    fn new_enum(&self, labels: &[String]) -> Applied<UserType> {
        for (position, label) in labels.iter().enumerate() {
            if label.len() > 63 {
                return self.refuse_with("42602", format!("invalid enum label \"{label}\""), "Labels must be 63 bytes or less.");
            }
            if labels.iter().take(position).any(|before| before == label) {
                return self.refuse("23505", "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"");
            }
        }
        let numbered = labels.iter().enumerate().map(|(number, label)| (u32::try_from(number).unwrap_or(u32::MAX), Arc::from(label.as_str())));
        Ok(UserType::Enum { labels: numbered.collect(), next_label: u32::try_from(labels.len()).unwrap_or(u32::MAX) })
    }

    fn new_composite(&self, attributes: &[(Ident, crate::sql::tree::TypeName, Option<ObjectName>)]) -> Applied<UserType> {
        let mut columns: Vec<Column> = Vec::new();
        for (position, (name, data_type, collation)) in attributes.iter().enumerate() {
            if columns.iter().any(|column| column.name == name.name) {
                return self.refuse_at(name.span, "42701", format!("column \"{name}\" specified more than once"));
            }
            let number = ColumnNumber(u16::try_from(position + 1).unwrap_or(u16::MAX));
            let mut column = Column::new(number, name.name.clone(), self.data_type(data_type)?);
            column.collation = collation.as_ref().map(shown_collation);
            columns.push(column);
        }
        let next_attribute = u16::try_from(attributes.len() + 1).unwrap_or(u16::MAX);
        Ok(UserType::Composite { attributes: columns, next_attribute })
    }

    /// `ALTER TYPE`.
    pub(super) fn alter_type(&mut self, id: ObjectId, actions: &[Spanned<AlterTypeAction>]) -> Applied {
        self.name_object(id);
        let outer = self.span;
        for action in actions {
            if actions.len() > 1 {
                self.span = action.span;
            }
            match &action.value {
                AlterTypeAction::AddValue { value, if_not_exists, neighbor } => self.add_label(id, value, *if_not_exists, neighbor.as_ref())?,
                AlterTypeAction::RenameValue { from, to } => self.rename_label(id, from, to)?,
                AlterTypeAction::AddAttribute(name, data_type) => self.add_attribute(id, name, data_type)?,
                AlterTypeAction::DropAttribute { name, if_exists, behavior } => self.drop_attribute(id, name, *if_exists, *behavior)?,
                AlterTypeAction::AlterAttribute(name, data_type, _) => self.retype_attribute(id, name, data_type)?,
                AlterTypeAction::RenameAttribute(from, to, _) => self.rename_column(id, super::alter_table::Reach::WithChildren, from, to)?,
                AlterTypeAction::SetParameters(_) => {
                    let span = action.span;
                    self.leave_unjudged("ALTER TYPE … SET (…) is not modelled", span, &[]);
                }
            }
            self.end_part();
        }
        self.span = outer;
        Ok(())
    }

    fn labels_of(&self, id: ObjectId) -> Applied<(Vec<(u32, Arc<str>)>, u32)> {
        match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Enum { labels, next_label })) => Ok((labels.clone(), *next_label)),
            _ => self.refuse("42809", format!("{} is not an enum", self.shown_name(id))),
        }
    }

    fn set_labels(&mut self, id: ObjectId, labels: Vec<(u32, Arc<str>)>, next_label: u32) {
        self.schema.update(id, |object| object.body = ObjectBody::Type(UserType::Enum { labels, next_label }));
    }

    fn add_label(&mut self, id: ObjectId, value: &str, if_not_exists: bool, neighbor: Option<&(bool, String)>) -> Applied {
        let (mut labels, next_label) = self.labels_of(id)?;
        if value.len() > 63 {
            return self.refuse_with("42602", format!("invalid enum label \"{value}\""), "Labels must be 63 bytes or less.");
        }
        if labels.iter().any(|(_, label)| &**label == value) {
            if if_not_exists {
                self.notice(format!("enum label \"{value}\" already exists, skipping"));
                return Ok(());
            }
            return self.refuse("42710", format!("enum label \"{value}\" already exists"));
        }
        let position = match neighbor {
            None => labels.len(),
            Some((before, neighbor)) => match labels.iter().position(|(_, label)| **label == **neighbor) {
                Some(position) => position + usize::from(!*before),
                None => return self.refuse("22023", format!("\"{neighbor}\" is not an existing enum label")),
            },
        };
        labels.insert(position, (next_label, Arc::from(value)));
        self.set_labels(id, labels, next_label.saturating_add(1));
        Ok(())
    }

    fn rename_label(&mut self, id: ObjectId, from: &str, to: &str) -> Applied {
        let (mut labels, next_label) = self.labels_of(id)?;
        if !labels.iter().any(|(_, label)| &**label == from) {
            return self.refuse("22023", format!("\"{from}\" is not an existing enum label"));
        }
        if labels.iter().any(|(_, label)| &**label == to) {
            return self.refuse("42710", format!("enum label \"{to}\" already exists"));
        }
        for (_, label) in &mut labels {
            if &**label == from {
                *label = Arc::from(to);
            }
        }
        self.set_labels(id, labels, next_label);
        Ok(())
    }

    fn attributes_of(&self, id: ObjectId) -> Applied<(Vec<Column>, u16)> {
        match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Composite { attributes, next_attribute })) => Ok((attributes.clone(), *next_attribute)),
            _ => self.refuse("42809", format!("\"{}\" is not a composite type", self.name_of(id))),
        }
    }

    fn set_attributes(&mut self, id: ObjectId, attributes: Vec<Column>, next_attribute: u16) {
        self.schema.update(id, |object| object.body = ObjectBody::Type(UserType::Composite { attributes, next_attribute }));
    }

    fn add_attribute(&mut self, id: ObjectId, name: &Ident, data_type: &crate::sql::tree::TypeName) -> Applied {
        let (mut attributes, next) = self.attributes_of(id)?;
        if attributes.iter().any(|column| column.name == name.name) {
            return self.refuse_at(name.span, "42701", format!("column \"{name}\" of relation \"{}\" already exists", self.name_of(id)));
        }
        self.is_no_type_of_a_table(id)?;
        let column = Column::new(ColumnNumber(next), name.name.clone(), self.data_type(data_type)?);
        self.name(Address::column(id, column.number));
        attributes.push(column);
        self.set_attributes(id, attributes, next.saturating_add(1));
        Ok(())
    }

    fn is_no_type_of_a_table(&self, id: ObjectId) -> Applied {
        let typed = self
            .schema
            .dependencies()
            .on_object(id)
            .into_iter()
            .find(|dependency| self.schema.table(dependency.dependent.object).is_some_and(|table| table.of_type == Some(id)));
        match typed {
            Some(_) => self.refuse("2BP01", format!("cannot alter type \"{}\" because it is the type of a typed table", self.name_of(id))),
            None => Ok(()),
        }
    }

    fn attribute_named(&self, id: ObjectId, name: &Ident) -> Applied<Option<Column>> {
        let (attributes, _) = self.attributes_of(id)?;
        Ok(attributes.into_iter().find(|column| column.name == name.name))
    }

    fn drop_attribute(&mut self, id: ObjectId, name: &Ident, if_exists: bool, behavior: DropBehavior) -> Applied {
        let Some(column) = self.attribute_named(id, name)? else {
            let message = format!("column \"{name}\" of relation \"{}\" does not exist", self.name_of(id));
            if if_exists {
                self.notice(format!("{message}, skipping"));
                return Ok(());
            }
            return self.refuse_at(name.span, "42703", message);
        };
        self.is_no_type_of_a_table(id)?;
        let address = Address::column(id, column.number);
        self.name(address);
        self.perform_deletion(&[address], behavior)
    }

    fn retype_attribute(&mut self, id: ObjectId, name: &Ident, data_type: &crate::sql::tree::TypeName) -> Applied {
        let Some(column) = self.attribute_named(id, name)? else {
            return self.refuse_at(name.span, "42703", format!("column \"{name}\" of relation \"{}\" does not exist", self.name_of(id)));
        };
        self.is_used_by_no_column(id)?;
        let data_type = self.data_type(data_type)?;
        self.name(Address::column(id, column.number));
        self.change_column(id, column.number, |column| column.data_type = data_type);
        Ok(())
    }

    /// Refuses to change a composite type whose values are stored (find_composite_type_dependencies).
    fn is_used_by_no_column(&self, id: ObjectId) -> Applied {
        for dependency in self.schema.dependencies().on_object(id) {
            let crate::schema::Part::Column(number) = dependency.dependent.part else { continue };
            let relation = dependency.dependent.object;
            let column = self.schema.column(relation, number).map_or_else(String::new, |column| column.name.to_string());
            let message = format!("cannot alter type \"{}\" because column \"{}.{column}\" uses it", self.name_of(id), self.name_of(relation));
            return self.refuse("0A000", message);
        }
        Ok(())
    }

    /// `CREATE DOMAIN`.
    pub(super) fn create_domain(&mut self, statement: &CreateDomain) -> Applied {
        let name = statement.name.name.name.clone();
        let namespace = self.creation_namespace(&statement.name, TemporaryKind::Permanent)?;
        if self.schema.find(NameSpace::Type, Some(namespace), &name).is_some() {
            return self.refuse_at(statement.name.span(), "42710", format!("type \"{name}\" already exists"));
        }
        let base = self.data_type(&statement.data_type)?;
        let mut domain = Domain { base: base.clone(), not_null: false, default: None, collation: statement.collation.as_ref().map(shown_collation) };
        let mut checks: Vec<(Option<&Ident>, &Expr)> = Vec::new();
        for constraint in &statement.constraints {
            match &constraint.kind {
                ColumnConstraintKind::NotNull => domain.not_null = true,
                ColumnConstraintKind::Null => domain.not_null = false,
                ColumnConstraintKind::Default(expression) => {
                    let scope = ExpressionScope::empty(ExpressionPurpose::Default).assigned_to(base.clone());
                    domain.default = Some(self.bind(&scope, expression)?.definition);
                }
                ColumnConstraintKind::Check { expression, .. } => checks.push((constraint.name.as_ref(), expression)),
                ColumnConstraintKind::PrimaryKey => return self.refuse_at(constraint.span, "42601", "primary key constraints not possible for domains"),
                ColumnConstraintKind::Unique { .. } => return self.refuse_at(constraint.span, "42601", "unique constraints not possible for domains"),
                ColumnConstraintKind::References(_) => return self.refuse_at(constraint.span, "42601", "foreign key constraints not possible for domains"),
                ColumnConstraintKind::Generated(..) | ColumnConstraintKind::Identity(..) => {
                    return self.refuse_at(constraint.span, "0A000", "specifying GENERATED is not supported for domains");
                }
            }
        }
        let id = self.insert_object(name, namespace, ObjectBody::Type(UserType::Domain(domain)));
        self.name_object(id);
        for (name, expression) in checks {
            self.add_domain_check(id, name, expression, ConstraintFlags::default())?;
        }
        Ok(())
    }

    fn add_domain_check(&mut self, domain: ObjectId, name: Option<&Ident>, expression: &Expr, flags: ConstraintFlags) -> Applied {
        let Some(ObjectBody::Type(UserType::Domain(body))) = self.schema.get(domain).map(|object| object.body.clone()) else { return Ok(()) };
        let scope = ExpressionScope { value: Some(body.base), ..ExpressionScope::empty(ExpressionPurpose::DomainCheck) };
        let bound = self.bind(&scope, expression)?;
        let name = match name {
            Some(name) if self.constraint_named(domain, &name.name).is_some() => {
                return self.refuse_at(name.span, "42710", format!("constraint \"{name}\" for domain {} already exists", self.shown_name(domain)));
            }
            Some(name) => name.name.clone(),
            None => {
                let Some(namespace) = self.namespace_of(domain) else { return Ok(()) };
                self.choose_constraint_name(&self.name_of(domain), None, "check", namespace, &[])
            }
        };
        let constraint = Constraint {
            owner: domain,
            kind: ConstraintKind::Check { expression: bound.definition, no_inherit: false },
            deferrability: Deferrability::NotDeferrable,
            validated: !flags.not_valid,
            enforced: !flags.not_enforced,
            inherited_from: 0,
            is_local: true,
            parent: None,
        };
        let namespace = self.namespace_of(domain);
        let id = self.schema.insert(name, namespace, ObjectBody::Constraint(constraint));
        self.name_object(id);
        Ok(())
    }

    /// `ALTER DOMAIN`.
    pub(super) fn alter_domain(&mut self, id: ObjectId, action: &AlterDomainAction) -> Applied {
        self.name_object(id);
        let Some(ObjectBody::Type(UserType::Domain(domain))) = self.schema.get(id).map(|object| object.body.clone()) else {
            return self.refuse("42809", format!("\"{}\" is not a domain", self.name_of(id)));
        };
        match action {
            AlterDomainAction::SetDefault(expression) => {
                let scope = ExpressionScope::empty(ExpressionPurpose::Default).assigned_to(domain.base.clone());
                let default = Some(self.bind(&scope, expression)?.definition);
                self.set_domain(id, Domain { default, ..domain });
            }
            AlterDomainAction::DropDefault => self.set_domain(id, Domain { default: None, ..domain }),
            AlterDomainAction::SetNotNull if domain.not_null => {}
            AlterDomainAction::SetNotNull => {
                self.values_must_satisfy(id, "23502", "is not NULL")?;
                self.set_domain(id, Domain { not_null: true, ..domain });
            }
            AlterDomainAction::DropNotNull => self.set_domain(id, Domain { not_null: false, ..domain }),
            AlterDomainAction::AddConstraint(constraint) => self.add_domain_constraint(id, constraint)?,
            AlterDomainAction::DropConstraint { name, if_exists, behavior } => {
                let Some(constraint) = self.constraint_named(id, &name.name) else {
                    let message = format!("constraint \"{name}\" of domain \"{}\" does not exist", self.name_of(id));
                    if *if_exists {
                        self.notice(format!("{message}, skipping"));
                        return Ok(());
                    }
                    return self.refuse_at(name.span, "42704", message);
                };
                self.name_object(constraint);
                self.perform_deletion(&[Address::whole(constraint)], *behavior)?;
            }
            AlterDomainAction::RenameConstraint(from, to) => {
                let Some(constraint) = self.constraint_named(id, &from.name) else {
                    return self.refuse_at(from.span, "42704", format!("constraint \"{from}\" for domain {} does not exist", self.shown_name(id)));
                };
                if self.constraint_named(id, &to.name).is_some() {
                    return self.refuse_at(to.span, "42710", format!("constraint \"{to}\" for domain {} already exists", self.shown_name(id)));
                }
                self.name_object(constraint);
                self.rename_object(constraint, to.name.clone());
            }
            AlterDomainAction::ValidateConstraint(name) => {
                let Some(constraint) = self.constraint_named(id, &name.name) else {
                    return self.refuse_at(name.span, "42704", format!("constraint \"{name}\" of domain \"{}\" does not exist", self.name_of(id)));
                };
                self.name_object(constraint);
                self.values_must_satisfy(id, "23514", "satisfies the constraint")?;
                self.schema.update(constraint, |object| {
                    if let ObjectBody::Constraint(constraint) = &mut object.body {
                        constraint.validated = true;
                    }
                });
            }
        }
        Ok(())
    }

    fn add_domain_constraint(&mut self, id: ObjectId, constraint: &TableConstraint) -> Applied {
        let TableConstraintKind::Check { expression, .. } = &constraint.kind else {
            return self.refuse_at(constraint.span, "42601", "only CHECK constraints are possible for domains");
        };
        if !constraint.flags.not_valid {
            self.values_must_satisfy(id, "23514", "satisfies the new constraint")?;
        }
        self.add_domain_check(id, constraint.name.as_ref(), expression, constraint.flags)
    }

    fn values_must_satisfy(&mut self, domain: ObjectId, sqlstate: &'static str, what: &str) -> Applied {
        // Values inside arrays are not looked through (find_composite_type_dependencies).
        for dependency in self.schema.dependencies().on_object(domain) {
            let crate::schema::Part::Column(number) = dependency.dependent.part else { continue };
            let relation = dependency.dependent.object;
            let Some(column) = self.schema.column(relation, number).filter(|column| column.data_type.array) else { continue };
            let message = format!("cannot alter type \"{}\" because column \"{}.{}\" uses it", self.name_of(domain), self.name_of(relation), column.name);
            return self.refuse("0A000", message);
        }
        let users = self.schema.dependencies().on_object(domain);
        let stored = users.iter().any(|dependency| self.may_hold_rows(dependency.dependent.object) && self.schema.table(dependency.dependent.object).is_some());
        if stored {
            self.may_fail(sqlstate, format!("every stored value of the domain {} {what}", self.shown_name(domain)), None);
        }
        Ok(())
    }

    fn set_domain(&mut self, id: ObjectId, domain: Domain) {
        self.schema.update(id, |object| object.body = ObjectBody::Type(UserType::Domain(domain)));
    }

    /// The type that a name of the catalog's built-in namespace means, for types made by extensions.
    pub(super) fn base_type_object(&mut self, name: &str, namespace: ObjectId, category: char) -> ObjectId {
        self.schema.insert(Name::stored(name), Some(namespace), ObjectBody::Type(UserType::Base { category }))
    }
}
