//! `pg_constraint`, and the views of constraints in `information_schema`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::{Datum, Shape};
use super::model::{Model, SYSTEM, not_kept, of_server};
use crate::schema::{ColumnNumber, Constraint, ConstraintKind, Object, ObjectBody, ObjectId};
use crate::sql::tree::{Deferrability, ForeignKeyAction};

const NOT_NULL: &str = "the server makes up names for NOT NULL constraints";

impl Model<'_> {
    pub(super) fn constraints(self) -> Answer {
        let mut answer = Answer::new(&[
            "oid",
            "conname",
            "connamespace",
            "contype",
            "conrelid",
            "contypid",
            "conindid",
            "confrelid",
            "conkey",
            "confkey",
            "convalidated",
            "condeferrable",
            "condeferred",
            "conislocal",
            "confdeltype",
            "confupdtype",
        ]);
        for object in self.objects() {
            let ObjectBody::Constraint(constraint) = &object.body else { continue };
            let values = self.constraint(object, constraint);
            self.put(&mut answer, object, values);
        }
        let unknown = Datum::unknown(SYSTEM);
        let mut system = vec![unknown; 16];
        for (place, value) in [(0, of_server()), (1, Datum::SystemName(SystemKind::Constraint)), (2, of_server()), (4, of_server())] {
            if let Some(slot) = system.get_mut(place) {
                *slot = value;
            }
        }
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(16, &[(4, &doubtful.id)]));
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(16, &[(1, &doubtful.name)]));
        answer
    }

    fn constraint(self, object: &Object, constraint: &Constraint) -> Vec<Datum> {
        let is_domain = matches!(self.schema.get(constraint.owner).map(|owner| &owner.body), Some(ObjectBody::Type(_)));
        let (relation, domain) = if is_domain { (Datum::Integer(0), Self::oid(constraint.owner)) } else { (Self::oid(constraint.owner), Datum::Integer(0)) };
        let numbers = |table: ObjectId, columns: &[ColumnNumber]| Datum::List(columns.iter().map(|column| Datum::Column(table, *column)).collect());
        let foreign = match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some(key),
            _ => None,
        };
        let index = match &constraint.kind {
            ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. } => Self::oid(*index),
            ConstraintKind::ForeignKey(key) => key.referenced_index.map_or_else(not_kept, Self::oid),
            ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::Trigger => Datum::Integer(0),
        };
        let keys = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => numbers(constraint.owner, columns),
            ConstraintKind::ForeignKey(key) => numbers(constraint.owner, &key.columns),
            ConstraintKind::NotNull { column } => numbers(constraint.owner, &[*column]),
            ConstraintKind::Check { .. } | ConstraintKind::Exclude { .. } | ConstraintKind::Trigger => not_kept(),
        };
        vec![
            Self::oid(object.id),
            Datum::name(&object.name),
            Self::namespace_of(object),
            Datum::text(letter(&constraint.kind)),
            relation,
            domain,
            index,
            foreign.map_or(Datum::Integer(0), |key| Self::oid(key.references)),
            keys,
            foreign.map_or(Datum::Null, |key| numbers(key.references, &key.referenced_columns)),
            Datum::Boolean(constraint.validated),
            Datum::Boolean(constraint.deferrability != Deferrability::NotDeferrable),
            Datum::Boolean(constraint.deferrability == Deferrability::InitiallyDeferred),
            Datum::Boolean(constraint.is_local),
            Datum::text(foreign.map_or(" ", |key| action(key.on_delete))),
            Datum::text(foreign.map_or(" ", |key| action(key.on_update))),
        ]
    }

    pub(super) fn table_constraints(self) -> Answer {
        let mut answer = Answer::new(&[
            "constraint_catalog",
            "constraint_schema",
            "constraint_name",
            "table_catalog",
            "table_schema",
            "table_name",
            "constraint_type",
            "is_deferrable",
            "initially_deferred",
        ]);
        let database = Datum::Same("current_database");
        let word = |yes: bool| Datum::text(if yes { "YES" } else { "NO" });
        for object in self.objects() {
            let ObjectBody::Constraint(constraint) = &object.body else { continue };
            let Some(kind) = type_words(&constraint.kind) else { continue };
            let Some(table) = self.schema.get(constraint.owner).filter(|owner| self.schema.table(owner.id).is_some()) else { continue };
            let schema = self.namespace_name(table);
            let values = vec![
                database.clone(),
                schema.clone(),
                Datum::name(&object.name),
                database.clone(),
                schema,
                Datum::name(&table.name),
                Datum::text(kind),
                word(constraint.deferrability != Deferrability::NotDeferrable),
                word(constraint.deferrability == Deferrability::InitiallyDeferred),
            ];
            self.put(&mut answer, object, values);
        }
        // NOT NULL is listed as a check with a name made of numbers (`2200_16386_1_not_null`, measured on 15).
        for object in self.objects().filter(|object| self.schema.table(object.id).is_some()) {
            let schema = self.namespace_name(object);
            let name = Datum::Unknown(Shape::Anything, NOT_NULL.into());
            for _ in self.schema.columns(object.id).iter().filter(|column| column.not_null) {
                let values = vec![
                    database.clone(),
                    schema.clone(),
                    name.clone(),
                    database.clone(),
                    schema.clone(),
                    Datum::name(&object.name),
                    Datum::text("CHECK"),
                    word(false),
                    word(false),
                ];
                answer.push(values);
            }
        }
        let system = [(2, &Datum::SystemName(SystemKind::Constraint)), (5, &Datum::SystemName(SystemKind::Relation))];
        let mut values = vec![Datum::unknown(SYSTEM); 9];
        for (place, value) in system {
            if let Some(slot) = values.get_mut(place) {
                *slot = value.clone();
            }
        }
        answer.push_perhaps(values, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(9, &[(0, &database), (4, &doubtful.schema), (5, &doubtful.name)]));
        answer
    }

    /// The columns of keys; with `referenced`, of what they refer to, and of checks nothing.
    pub(super) fn key_columns(self) -> Answer {
        let mut answer = Answer::new(&[
            "constraint_catalog",
            "constraint_schema",
            "constraint_name",
            "table_catalog",
            "table_schema",
            "table_name",
            "column_name",
            "ordinal_position",
        ]);
        let database = Datum::Same("current_database");
        for object in self.objects() {
            let ObjectBody::Constraint(constraint) = &object.body else { continue };
            let Some(table) = self.schema.get(constraint.owner) else { continue };
            let columns = match &constraint.kind {
                ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => columns.as_slice(),
                ConstraintKind::ForeignKey(key) => key.columns.as_slice(),
                ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::Exclude { .. } | ConstraintKind::Trigger => continue,
            };
            let schema = self.namespace_name(table);
            for (place, number) in (1_i64..).zip(columns) {
                let Some(column) = self.schema.column(constraint.owner, *number) else { continue };
                let values = vec![
                    database.clone(),
                    schema.clone(),
                    Datum::name(&object.name),
                    database.clone(),
                    schema.clone(),
                    Datum::name(&table.name),
                    Datum::name(&column.name),
                    Datum::Integer(place),
                ];
                self.put(&mut answer, object, values);
            }
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(8, &[(0, &database), (4, &doubtful.schema), (5, &doubtful.name)]));
        answer
    }

    pub(super) fn referential_constraints(self) -> Answer {
        let mut answer = Answer::new(&["constraint_catalog", "constraint_schema", "constraint_name", "unique_constraint_name", "update_rule", "delete_rule"]);
        let database = Datum::Same("current_database");
        for object in self.objects() {
            let ObjectBody::Constraint(constraint) = &object.body else { continue };
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let schema = self.schema.get(constraint.owner).map_or(Datum::Null, |table| self.namespace_name(table));
            let rule = |action| Datum::text(rule_words(action));
            let values = vec![database.clone(), schema, Datum::name(&object.name), not_kept(), rule(key.on_update), rule(key.on_delete)];
            self.put(&mut answer, object, values);
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(6, &[(0, &database)]));
        answer
    }
}

fn letter(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::PrimaryKey { .. } => "p",
        ConstraintKind::Unique { .. } => "u",
        ConstraintKind::Check { .. } => "c",
        ConstraintKind::NotNull { .. } => "n",
        ConstraintKind::ForeignKey(_) => "f",
        ConstraintKind::Exclude { .. } => "x",
        ConstraintKind::Trigger => "t",
    }
}

fn type_words(kind: &ConstraintKind) -> Option<&'static str> {
    match kind {
        ConstraintKind::PrimaryKey { .. } => Some("PRIMARY KEY"),
        ConstraintKind::Unique { .. } => Some("UNIQUE"),
        ConstraintKind::Check { .. } => Some("CHECK"),
        ConstraintKind::ForeignKey(_) => Some("FOREIGN KEY"),
        ConstraintKind::NotNull { .. } | ConstraintKind::Exclude { .. } | ConstraintKind::Trigger => None,
    }
}

fn action(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "a",
        ForeignKeyAction::Restrict => "r",
        ForeignKeyAction::Cascade => "c",
        ForeignKeyAction::SetNull => "n",
        ForeignKeyAction::SetDefault => "d",
    }
}

fn rule_words(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "NO ACTION",
        ForeignKeyAction::Restrict => "RESTRICT",
        ForeignKeyAction::Cascade => "CASCADE",
        ForeignKeyAction::SetNull => "SET NULL",
        ForeignKeyAction::SetDefault => "SET DEFAULT",
    }
}
