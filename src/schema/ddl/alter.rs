//! Single changes to what is there: the statements that a rollback puts together.

use std::fmt::Write as _;

use super::column::{column_definition, generation_words};
use super::constraint::constraint_definition;
use super::phrase::{name_phrase, object_phrase, relation_words};
use super::word::{kind_words, literal, quoted_name};
use crate::name::Name;
use crate::schema::{Column, ObjectBody, ObjectId, Schema, UserType, format_type};

/// `ALTER TABLE t action` (or `ALTER VIEW`, `ALTER MATERIALIZED VIEW`, `ALTER FOREIGN TABLE`).
pub fn alter_table(schema: &Schema, relation: ObjectId, action: &str) -> String {
    format!("ALTER {} {} {action}", relation_words(schema, relation), quoted_name(schema, relation))
}

/// `ALTER TABLE t ADD COLUMN …` with the column as it is in this schema.
pub fn add_column(schema: &Schema, relation: ObjectId, column: &Column) -> String {
    alter_table(schema, relation, &format!("ADD COLUMN {}", column_definition(schema, relation, column)))
}

/// `ALTER TABLE t DROP COLUMN c`.
pub fn drop_column(schema: &Schema, relation: ObjectId, column: &Name) -> String {
    alter_table(schema, relation, &format!("DROP COLUMN {}", schema.dialect.quote(column)))
}

/// `ALTER TABLE t RENAME COLUMN a TO b`.
pub fn rename_column(schema: &Schema, relation: ObjectId, from: &Name, to: &Name) -> String {
    alter_table(schema, relation, &format!("RENAME COLUMN {} TO {}", schema.dialect.quote(from), schema.dialect.quote(to)))
}

/// `ALTER TABLE t ALTER COLUMN c TYPE …` to the type and collation the column has in this schema, with a `USING` expression when one is given.
pub fn alter_column_type(schema: &Schema, relation: ObjectId, column: &Column, using: Option<&str>) -> String {
    let mut action = format!("ALTER COLUMN {} TYPE {}", schema.dialect.quote(&column.name), format_type(schema, &column.data_type));
    if let Some(collation) = &column.collation {
        let _ = write!(action, " COLLATE {}", super::column::collation_name(schema, collation));
    }
    if let Some(using) = using {
        let _ = write!(action, " USING {using}");
    }
    alter_table(schema, relation, &action)
}

/// `ALTER TABLE t ALTER COLUMN c SET DEFAULT …` or `ADD GENERATED … AS IDENTITY`, as the column has it in this schema; `None` when it has neither.
pub fn set_default(schema: &Schema, relation: ObjectId, column: &Column) -> Option<String> {
    use crate::schema::ColumnGeneration;
    let words = generation_words(schema, relation, column);
    let action = match &column.generation {
        ColumnGeneration::Default(_) => format!("SET{words}"),
        ColumnGeneration::Identity(..) => format!("ADD{words}"),
        ColumnGeneration::None | ColumnGeneration::Generated(..) => return None,
    };
    Some(alter_table(schema, relation, &format!("ALTER COLUMN {} {action}", schema.dialect.quote(&column.name))))
}

/// `ALTER TABLE t ALTER COLUMN c DROP DEFAULT`.
pub fn drop_default(schema: &Schema, relation: ObjectId, column: &Name) -> String {
    alter_table(schema, relation, &format!("ALTER COLUMN {} DROP DEFAULT", schema.dialect.quote(column)))
}

/// `ALTER TABLE t ALTER COLUMN c SET NOT NULL`.
pub fn set_not_null(schema: &Schema, relation: ObjectId, column: &Name) -> String {
    alter_table(schema, relation, &format!("ALTER COLUMN {} SET NOT NULL", schema.dialect.quote(column)))
}

/// `ALTER TABLE t ALTER COLUMN c DROP NOT NULL`.
pub fn drop_not_null(schema: &Schema, relation: ObjectId, column: &Name) -> String {
    alter_table(schema, relation, &format!("ALTER COLUMN {} DROP NOT NULL", schema.dialect.quote(column)))
}

/// `ALTER TABLE [ONLY] t ADD CONSTRAINT …` (or `ALTER DOMAIN`), as the constraint is in this schema; `None` for what is no constraint of its own.
pub fn add_constraint(schema: &Schema, id: ObjectId) -> Option<String> {
    let object = schema.get(id)?;
    let ObjectBody::Constraint(constraint) = &object.body else { return None };
    let definition = constraint_definition(schema, constraint);
    if definition.is_empty() {
        return None;
    }
    let name = schema.dialect.quote(&object.name);
    Some(format!("ALTER {} ADD CONSTRAINT {name} {definition}", constraint_owner(schema, constraint.owner, &constraint.kind)))
}

/// `ALTER TABLE t DROP CONSTRAINT c`; `None` for what is no constraint.
pub fn drop_constraint(schema: &Schema, id: ObjectId) -> Option<String> {
    let object = schema.get(id)?;
    let ObjectBody::Constraint(constraint) = &object.body else { return None };
    let owner = match schema.get(constraint.owner).map(|owner| &owner.body) {
        Some(ObjectBody::Type(UserType::Domain(_))) => format!("DOMAIN {}", quoted_name(schema, constraint.owner)),
        _ => format!("{} {}", relation_words(schema, constraint.owner), quoted_name(schema, constraint.owner)),
    };
    Some(format!("ALTER {owner} DROP CONSTRAINT {}", schema.dialect.quote(&object.name)))
}

/// `TABLE ONLY t`, `TABLE t` or `DOMAIN d`. A key's index is made for each partition by itself, so `ONLY`; conditions and references go down to children.
fn constraint_owner(schema: &Schema, owner: ObjectId, kind: &crate::schema::ConstraintKind) -> String {
    use crate::schema::ConstraintKind;
    let name = quoted_name(schema, owner);
    let is_domain = matches!(schema.get(owner).map(|owner| &owner.body), Some(ObjectBody::Type(UserType::Domain(_))));
    if is_domain {
        return format!("DOMAIN {name}");
    }
    match kind {
        ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => format!("TABLE ONLY {name}"),
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => {
            format!("{} {name}", relation_words(schema, owner))
        }
    }
}

/// `DROP kind name`, without `CASCADE`; for constraints see [`drop_constraint`].
pub fn drop_object(schema: &Schema, id: ObjectId) -> String {
    drop_constraint(schema, id).unwrap_or_else(|| format!("DROP {}", object_phrase(schema, id)))
}

/// `ALTER kind name RENAME TO …`; `to` is the new name.
pub fn rename_object(schema: &Schema, id: ObjectId, to: &Name) -> String {
    let to = schema.dialect.quote(to);
    let Some(object) = schema.get(id) else { return String::from("???") };
    if let ObjectBody::Constraint(constraint) = &object.body {
        let owner = match schema.get(constraint.owner).map(|owner| &owner.body) {
            Some(ObjectBody::Type(UserType::Domain(_))) => "DOMAIN",
            _ => relation_words(schema, constraint.owner),
        };
        return format!("ALTER {owner} {} RENAME CONSTRAINT {} TO {to}", quoted_name(schema, constraint.owner), schema.dialect.quote(&object.name));
    }
    format!("ALTER {} {} RENAME TO {to}", kind_words(object.kind()), name_phrase(schema, id))
}

/// `ALTER kind name SET SCHEMA …`.
pub fn move_object(schema: &Schema, id: ObjectId, to: &Name) -> String {
    format!("ALTER {} SET SCHEMA {}", object_phrase(schema, id), schema.dialect.quote(to))
}

/// `COMMENT ON kind name IS …`; `None` takes the comment away.
pub fn set_comment(schema: &Schema, id: ObjectId, comment: Option<&str>) -> String {
    format!("COMMENT ON {} IS {}", object_phrase(schema, id), comment.map_or_else(|| String::from("NULL"), literal))
}

/// `COMMENT ON COLUMN t.c IS …`.
pub fn set_column_comment(schema: &Schema, relation: ObjectId, column: &Name, comment: Option<&str>) -> String {
    let comment = comment.map_or_else(|| String::from("NULL"), literal);
    format!("COMMENT ON COLUMN {}.{} IS {comment}", quoted_name(schema, relation), schema.dialect.quote(column))
}

/// `ALTER kind name OWNER TO role`; `None` for what has no owner of its own.
pub fn set_owner(schema: &Schema, id: ObjectId, owner: &Name) -> Option<String> {
    let object = schema.get(id)?;
    let can_be_owned = match &object.body {
        ObjectBody::Schema | ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_) | ObjectBody::Type(_) | ObjectBody::Function(_) => true,
        ObjectBody::Trigger(trigger) => trigger.table.is_none(),
        ObjectBody::Other(other) => other.table.is_none() && !matches!(other.kind, crate::sql::tree::ObjectKind::Cast),
        ObjectBody::Index(_) | ObjectBody::Constraint(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) | ObjectBody::Extension(_) => false,
    };
    can_be_owned.then(|| format!("ALTER {} OWNER TO {}", object_phrase(schema, id), schema.dialect.quote(owner)))
}
