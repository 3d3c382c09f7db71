//! `ALTER COLUMN … TYPE`: what stands in the way, and what goes with it.
//!
//! Source: PostgreSQL 15, ATPrepAlterColumnType and ATExecAlterColumnType (tablecmds.c).

use super::column::{is_own_collation, shown_collation};
use super::convertible::Doubt;
use super::reach::Reach;
use super::work::{Applied, Work};
use super::{Conversion, DataChange};
use crate::lineage::ExpressionPurpose;
use crate::schema::{Address, Column, ColumnGeneration, ConstraintKind, DataType, ObjectBody, ObjectId, Part};
use crate::sql::tree::{Expr, ObjectName, TypeName};
use crate::typing::{Rewrite, needs_using, rewrite};

impl Work<'_> {
    /// Changes the type of a column, in children too.
    pub(super) fn change_type(
        &mut self,
        table: ObjectId,
        reach: Reach,
        column: &Column,
        written: &TypeName,
        collation: Option<&ObjectName>,
        using: Option<&Expr>,
    ) -> Applied {
        if column.inherited_from > 0 {
            return self.refuse("42P16", format!("cannot alter inherited column \"{}\"", column.name));
        }
        if self.schema.table(table).is_some_and(|body| body.of_type.is_some()) {
            return self.refuse("42809", "cannot alter column type of typed table");
        }
        self.is_no_partition_key(table, column, "alter")?;
        let target = self.data_type(written)?;
        if using.is_some() && self.schema.table(table).is_some_and(|body| body.kind == crate::schema::TableKind::Foreign) {
            return self.refuse("42809", format!("\"{}\" is not a table", self.name_of(table)));
        }
        self.column_type_is_allowed(&column.name, &target, Some(table))?;
        self.row_type_is_unused(table)?;
        self.collation_fits(collation, &target)?;
        let collation = collation.map(shown_collation).filter(|collation| !is_own_collation(&target, collation));
        if matches!(column.generation, ColumnGeneration::Generated(..)) && using.is_some() {
            let detail = format!("Column \"{}\" is a generated column.", column.name);
            return self.refuse_with("42611", "cannot specify USING when altering type of generated column", detail);
        }
        if matches!(column.generation, ColumnGeneration::Identity(..)) && !["int2", "int4", "int8"].iter().any(|name| target.is_builtin(name)) {
            return self.refuse("22023", "identity column type must be smallint, integer, or bigint");
        }
        let source_type = match using {
            Some(using) => self.bind_in(ExpressionPurpose::Conversion, table, using)?.data_type,
            None => Some(column.data_type.clone()),
        };
        self.can_be_cast(column, source_type.as_ref(), &target, using)?;
        let children = self.children(table);
        if reach == Reach::Alone && !children.is_empty() {
            return self.refuse("42P16", format!("type of inherited column \"{}\" must be changed in child tables too", column.name));
        }
        // Every table below is asked before any is changed.
        self.is_inherited_from_here_alone(table, &column.name, "alter")?;
        for below in self.descendants(table).into_iter().skip(1) {
            if let Some(own) = self.schema.columns(below).iter().find(|own| own.name == column.name).cloned() {
                self.is_no_partition_key(below, &own, "alter")?;
            }
        }
        self.rows_must_fit(table, reach, column, &target, using);
        self.change_type_here(table, column, &target, collation.as_ref(), using)?;
        for child in children {
            let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
            if let Some(own) = own {
                self.change_type_below(child, &own, &target, collation.as_ref(), using)?;
            }
        }
        self.identity_follows(column, &target)
    }

    /// The sequence of an identity column gets the column's type (transformAlterTableStmt).
    fn identity_follows(&mut self, column: &Column, target: &DataType) -> Applied {
        let ColumnGeneration::Identity(_, sequence) = column.generation else { return Ok(()) };
        self.retype_sequence(sequence, target)
    }

    fn change_type_below(
        &mut self,
        table: ObjectId,
        column: &Column,
        target: &DataType,
        collation: Option<&std::sync::Arc<str>>,
        using: Option<&Expr>,
    ) -> Applied {
        if column.data_type == *target && column.collation.as_ref() == collation {
            return Ok(());
        }
        self.change_type_here(table, column, target, collation, using)?;
        for child in self.children(table) {
            let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
            if let Some(own) = own {
                self.change_type_below(child, &own, target, collation, using)?;
            }
        }
        Ok(())
    }

    fn can_be_cast(&self, column: &Column, from: Option<&DataType>, to: &DataType, using: Option<&Expr>) -> Applied {
        let Some(from) = from else { return Ok(()) };
        if from.is_builtin("unknown") || needs_using(&self.schema, from, to) != Some(true) {
            return Ok(());
        }
        let (name, shown) = (&column.name, self.shown_type(&to.without_modifiers()));
        match using {
            Some(_) => self.refuse_with(
                "42804",
                format!("result of USING clause for column \"{name}\" cannot be cast automatically to type {shown}"),
                "You might need to add an explicit cast.",
            ),
            None => {
                let hint = format!("You might need to specify \"USING {}::{}\".", self.schema.dialect.quote(name), self.shown_type(to));
                self.refuse_with("42804", format!("column \"{name}\" cannot be cast automatically to type {shown}"), hint)
            }
        }
    }

    fn change_type_here(
        &mut self,
        table: ObjectId,
        column: &Column,
        target: &DataType,
        collation: Option<&std::sync::Arc<str>>,
        using: Option<&Expr>,
    ) -> Applied {
        self.default_can_follow(column, target)?;
        self.nothing_forbids_new_type(table, column)?;
        self.rows_must_convert(table, column, target, using);
        let new_type = target.clone();
        let collation = collation.cloned();
        self.change_column(table, column.number, |column| {
            column.data_type = new_type;
            column.collation = collation;
        });
        self.expressions_still_bind(table, column)?;
        self.keys_still_fit(table, column, target)
    }

    /// Checks and index expressions over the column are read anew with the new type (ATPostAlterTypeParse).
    fn expressions_still_bind(&mut self, table: ObjectId, column: &Column) -> Applied {
        let address = Address::column(table, column.number);
        let mut stored = Vec::new();
        for id in self.schema.on_table(table) {
            match self.schema.get(id).map(|object| &object.body) {
                Some(ObjectBody::Constraint(constraint)) => {
                    if let ConstraintKind::Check { expression, .. } = &constraint.kind {
                        stored.push((ExpressionPurpose::Check, expression.clone()));
                    }
                }
                Some(ObjectBody::Index(index)) => {
                    let keys = index.keys.iter().filter(|key| key.column.is_none());
                    stored.extend(keys.map(|key| (ExpressionPurpose::IndexKey, key.expression.clone())));
                    stored.extend(index.predicate.iter().map(|predicate| (ExpressionPurpose::IndexPredicate, predicate.clone())));
                }
                _ => {}
            }
        }
        for (purpose, definition) in stored {
            if definition.needs().contains(&address) {
                self.still_binds(purpose, table, &definition)?;
            }
        }
        Ok(())
    }

    /// The default must be assignable to the new type too.
    fn default_can_follow(&self, column: &Column, target: &DataType) -> Applied {
        let ColumnGeneration::Default(definition) = &column.generation else { return Ok(()) };
        let own_type = self.type_of_stored(definition).unwrap_or_else(|| column.data_type.clone());
        if needs_using(&self.schema, &own_type, target) == Some(true) {
            let shown = self.shown_type(&target.without_modifiers());
            return self.refuse("42804", format!("default for column \"{}\" cannot be cast automatically to type {shown}", column.name));
        }
        Ok(())
    }

    /// Views, policies, trigger conditions and generated columns keep a column's type.
    fn nothing_forbids_new_type(&self, table: ObjectId, column: &Column) -> Applied {
        let address = Address::column(table, column.number);
        for dependency in self.schema.dependencies().on(address) {
            let dependent = dependency.dependent;
            let name = &column.name;
            if dependent.object == table {
                if let Part::Default(number) = dependent.part
                    && number != column.number
                {
                    let other = self.schema.column(table, number).map_or_else(String::new, |column| column.name.to_string());
                    let detail = format!("Column \"{name}\" is used by generated column \"{other}\".");
                    return self.refuse_with("0A000", "cannot alter type of a column used by a generated column", detail);
                }
                continue;
            }
            let description = self.description(Address::whole(dependent.object));
            match self.schema.get(dependent.object).map(|object| &object.body) {
                Some(ObjectBody::View(_)) => {
                    let detail = format!("rule _RETURN on {description} depends on column \"{name}\"");
                    return self.refuse_with("0A000", "cannot alter type of a column used by a view or rule", detail);
                }
                Some(ObjectBody::Rule(_)) => {
                    let detail = format!("{description} depends on column \"{name}\"");
                    return self.refuse_with("0A000", "cannot alter type of a column used by a view or rule", detail);
                }
                Some(ObjectBody::Trigger(_)) => {
                    let detail = format!("{description} depends on column \"{name}\"");
                    return self.refuse_with("0A000", "cannot alter type of a column used in a trigger definition", detail);
                }
                Some(ObjectBody::Policy(_)) => {
                    let detail = format!("{description} depends on column \"{name}\"");
                    return self.refuse_with("0A000", "cannot alter type of a column used in a policy definition", detail);
                }
                Some(ObjectBody::Function(_)) => {
                    let detail = format!("{description} depends on column \"{name}\"");
                    return self.refuse_with("0A000", "cannot alter type of a column used by a function or procedure", detail);
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Foreign keys on both sides and indexes must still be possible with the new type.
    fn keys_still_fit(&self, table: ObjectId, column: &Column, target: &DataType) -> Applied {
        for dependency in self.schema.dependencies().on(Address::column(table, column.number)) {
            let id = dependency.dependent.object;
            let Some(constraint) = self.schema.constraint(id) else {
                let is_key = self.schema.index(id).is_some_and(|index| {
                    &*index.method == "btree" && index.keys.iter().any(|key| key.column == Some(column.number) && key.operator_class.is_none())
                });
                if is_key && self.is_unsortable(target) {
                    let shown = self.shown_type(&target.without_modifiers());
                    return self.refuse("42704", format!("data type {shown} has no default operator class for access method \"btree\""));
                }
                continue;
            };
            let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
            let type_of = |relation: ObjectId, number| {
                if relation == table && number == column.number {
                    return Some(target.clone());
                }
                self.schema.column(relation, number).map(|column| column.data_type.clone())
            };
            for (own, other) in key.columns.iter().zip(&key.referenced_columns) {
                let (Some(own_type), Some(other_type)) = (type_of(constraint.owner, *own), type_of(key.references, *other)) else { continue };
                if self.are_comparable(&own_type, &other_type) {
                    continue;
                }
                let name = |relation, number| self.schema.column(relation, number).map_or_else(String::new, |column| column.name.to_string());
                let detail = format!(
                    "Key columns \"{}\" and \"{}\" are of incompatible types: {} and {}.",
                    name(constraint.owner, *own),
                    name(key.references, *other),
                    self.shown_type(&own_type),
                    self.shown_type(&other_type)
                );
                return self.refuse_with("42804", format!("foreign key constraint \"{}\" cannot be implemented", self.name_of(id)), detail);
            }
        }
        Ok(())
    }

    /// Values are converted when the bytes cannot stay.
    fn rows_must_convert(&mut self, table: ObjectId, column: &Column, target: &DataType, using: Option<&Expr>) {
        let converts = match using {
            Some(_) => true,
            None => {
                let time_zone = self.session.time_zone.clone();
                !matches!(rewrite(&self.schema, &column.data_type, target, time_zone.as_deref()), Rewrite::None)
            }
        };
        if !converts || using.is_none() && column.data_type == *target {
            return;
        }
        let by = if using.is_some() { Conversion::Expression } else { Conversion::Cast };
        self.data(table, DataChange::Converted { column: column.number, by });
    }

    /// Whether the rows let it happen, asked once for a table and all below it.
    fn rows_must_fit(&mut self, table: ObjectId, reach: Reach, column: &Column, target: &DataType, using: Option<&Expr>) {
        if !self.may_hold_rows_below(table) {
            return;
        }
        let name = self.schema.dialect.quote(&column.name);
        let Doubt::Some { sqlstate, condition } = self.doubt_of_conversion(table, &column.data_type, &name, using, target) else { return };
        let query = condition.map(|condition| format!("SELECT 1 FROM {} WHERE {condition} LIMIT 1", self.rows_of(table, reach)));
        let condition = format!("every value of {}.{} can be converted to {}", self.shown_name(table), column.name, self.shown_type(target));
        self.may_fail(sqlstate, condition, query);
    }
}
