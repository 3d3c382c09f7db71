//! Domains: `CREATE DOMAIN`, `ALTER DOMAIN`.
//!
//! Source: PostgreSQL 15, DefineDomain and the AlterDomain functions (typecmds.c).

use super::column::{is_own_collation, shown_collation};
use super::work::{Applied, Work};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{Address, Constraint, ConstraintKind, Domain, NameSpace, ObjectBody, ObjectId, UserType};
use crate::sql::tree::{
    AlterDomainAction, ColumnConstraintKind, ConstraintFlags, CreateDomain, Deferrability, Expr, Ident, TableConstraint, TableConstraintKind, TemporaryKind,
};

impl Work<'_> {
    /// `CREATE DOMAIN`.
    pub(super) fn create_domain(&mut self, statement: &CreateDomain) -> Applied {
        let name = statement.name.name.name.clone();
        let namespace = self.creation_namespace(&statement.name, TemporaryKind::Permanent)?;
        let existing = self.schema.find(NameSpace::Type, Some(namespace), &name);
        let is_shell = |id: &ObjectId| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Shell)));
        let shell = existing.filter(is_shell);
        if existing.is_some() && shell.is_none() {
            return self.refuse_at(statement.name.span(), "42710", format!("type \"{name}\" already exists"));
        }
        let base = self.data_type(&statement.data_type)?;
        if self.schema.dialect.built_ins.is_some() {
            let is_pseudo = base.is_builtin("unknown") || crate::typing::category(&self.schema, &base) == Some('P');
            if is_pseudo && !base.array {
                return self.refuse_at(statement.data_type.span, "42804", format!("\"{}\" is not a valid base type for a domain", self.shown_type(&base)));
            }
            self.collation_fits(statement.collation.as_ref(), &base)?;
            self.domain_constraints_agree(&statement.constraints)?;
        }
        let mut domain = Domain {
            base: base.clone(),
            not_null: false,
            default: None,
            collation: statement.collation.as_ref().map(shown_collation).filter(|collation| !is_own_collation(&base, collation)),
        };
        let mut checks: Vec<(Option<&Ident>, &Expr)> = Vec::new();
        for constraint in &statement.constraints {
            match &constraint.kind {
                ColumnConstraintKind::NotNull => domain.not_null = true,
                ColumnConstraintKind::Null => domain.not_null = false,
                ColumnConstraintKind::Default(expression) => {
                    domain.default = self.default_of(&base, expression)?;
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
        let id = match shell {
            Some(shell) => {
                self.schema.update(shell, |object| object.body = ObjectBody::Type(UserType::Domain(domain)));
                shell
            }
            None => self.insert_object(name, namespace, ObjectBody::Type(UserType::Domain(domain))),
        };
        self.name_object(id);
        for (name, expression) in checks {
            self.add_domain_check(id, name, expression, ConstraintFlags::default())?;
        }
        Ok(())
    }

    /// One default, and not both `NULL` and `NOT NULL` (DefineDomain).
    fn domain_constraints_agree(&self, constraints: &[crate::sql::tree::ColumnConstraint]) -> Applied {
        let mut nullable = None;
        let mut has_default = false;
        for constraint in constraints {
            if constraint.flags.deferrability.is_some() {
                return self.refuse_at(constraint.span, "0A000", "specifying constraint deferrability not supported for domains");
            }
            match &constraint.kind {
                ColumnConstraintKind::Default(_) if has_default => return self.refuse_at(constraint.span, "42601", "multiple default expressions"),
                ColumnConstraintKind::Default(_) => has_default = true,
                ColumnConstraintKind::NotNull | ColumnConstraintKind::Null => {
                    let wanted = matches!(constraint.kind, ColumnConstraintKind::Null);
                    if nullable.is_some_and(|own| own != wanted) {
                        return self.refuse_at(constraint.span, "42601", "conflicting NULL/NOT NULL constraints");
                    }
                    nullable = Some(wanted);
                }
                ColumnConstraintKind::Check { no_inherit: true, .. } => {
                    return self.refuse_at(constraint.span, "42P17", "check constraints for domains cannot be marked NO INHERIT");
                }
                _ => {}
            }
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
                let default = self.default_of(&domain.base, expression)?;
                self.set_domain(id, Domain { default, ..domain });
            }
            AlterDomainAction::DropDefault => self.set_domain(id, Domain { default: None, ..domain }),
            AlterDomainAction::SetNotNull if domain.not_null => {}
            AlterDomainAction::SetNotNull => {
                self.values_must_satisfy(id, "23502", "is not NULL", "value IS NULL")?;
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
                let check = match self.schema.constraint(constraint).map(|constraint| &constraint.kind) {
                    Some(ConstraintKind::Check { expression, .. }) => format!("NOT ({})", expression.print(&self.schema)),
                    _ => String::from("true"),
                };
                self.values_must_satisfy(id, "23514", "satisfies the constraint", &check)?;
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
            let condition = format!("NOT ({})", self.sources.slice(expression.span));
            self.values_must_satisfy(id, "23514", "satisfies the new constraint", &condition)?;
        }
        self.add_domain_check(id, constraint.name.as_ref(), expression, constraint.flags)
    }

    fn values_must_satisfy(&mut self, domain: ObjectId, sqlstate: &'static str, what: &str, fails: &str) -> Applied {
        // Values inside arrays are not looked through (find_composite_type_dependencies).
        for dependency in self.schema.dependencies().on_object(domain) {
            let crate::schema::Part::Column(number) = dependency.dependent.part else { continue };
            let relation = dependency.dependent.object;
            let Some(column) = self.schema.column(relation, number).filter(|column| column.data_type.array) else { continue };
            let message = format!("cannot alter type \"{}\" because column \"{}.{}\" uses it", self.name_of(domain), self.name_of(relation), column.name);
            return self.refuse("0A000", message);
        }
        let mut columns = Vec::new();
        for dependency in self.schema.dependencies().on_object(domain) {
            let (relation, crate::schema::Part::Column(number)) = (dependency.dependent.object, dependency.dependent.part) else { continue };
            let Some(column) = self.schema.column(relation, number).filter(|_| self.schema.table(relation).is_some() && self.may_hold_rows(relation)) else {
                continue;
            };
            columns.push(format!("SELECT {} AS value FROM {}", self.schema.dialect.quote(&column.name), self.qualified(relation)));
        }
        if !columns.is_empty() {
            let query = format!("SELECT 1 FROM ({}) v WHERE {fails} LIMIT 1", columns.join(" UNION ALL "));
            self.may_fail(sqlstate, format!("every stored value of the domain {} {what}", self.shown_name(domain)), Some(query));
        }
        Ok(())
    }

    fn set_domain(&mut self, id: ObjectId, domain: Domain) {
        self.schema.update(id, |object| object.body = ObjectBody::Type(UserType::Domain(domain)));
    }
}
