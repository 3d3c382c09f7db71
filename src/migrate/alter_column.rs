//! `ALTER COLUMN`: nullability, default, generation, identity and settings. The change of type is in `alter_type_of_column.rs`.
//!
//! Source: PostgreSQL 15, ATExecSetNotNull, ATExecDropNotNull, ATExecColumnDefault, ATExecAddIdentity and relatives (tablecmds.c).

use std::sync::Arc;

use super::reach::Reach;
use super::storage_parameter::ParametersOf;
use super::work::{Applied, Work};
use crate::schema::{Address, Column, ColumnGeneration, ConstraintKind, ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{AlterColumn, Expr, GeneratedKind, Ident, IdentityKind, SequenceOptions, StorageParameter, ViewKind};

impl Work<'_> {
    /// `ALTER COLUMN c …`.
    pub(super) fn alter_column(&mut self, table: ObjectId, reach: Reach, name: &Ident, action: &AlterColumn) -> Applied {
        self.action_suits_relation(table, action)?;
        self.is_no_system_column(name, "alter")?;
        if self.schema.index(table).is_some() {
            return self.index_column_takes_statistics(table, name);
        }
        let column = self.column_of(table, name)?;
        self.name(Address::column(table, column.number));
        match action {
            AlterColumn::Type { data_type, collation, using } => self.change_type(table, reach, &column, data_type, collation.as_ref(), using.as_ref()),
            AlterColumn::SetNotNull => {
                let is_partitioned = self.schema.table(table).is_some_and(|table| table.kind == TableKind::Partitioned);
                if reach == Reach::Alone && is_partitioned && !column.not_null && !self.children(table).is_empty() {
                    return self.refuse("42P16", "constraint must be added to child tables too");
                }
                self.set_not_null(table, reach, &column);
                Ok(())
            }
            AlterColumn::DropNotNull => self.drop_not_null(table, reach, &column),
            AlterColumn::SetDefault(expression) => self.set_default(table, reach, &column, Some(expression)),
            AlterColumn::DropDefault => self.set_default(table, reach, &column, None),
            AlterColumn::SetExpression(expression) => self.set_expression(table, &column, expression),
            AlterColumn::DropExpression { if_exists } => self.drop_expression(table, reach, &column, *if_exists),
            AlterColumn::AddIdentity(kind, options) => self.add_identity(table, &column, *kind, options),
            AlterColumn::SetIdentity(kind, options) => self.set_identity(table, &column, *kind, options),
            AlterColumn::DropIdentity { if_exists } => self.drop_identity(table, &column, *if_exists),
            AlterColumn::SetStatistics(target) => {
                if *target < -1 {
                    return self.refuse("22023", format!("statistics target {target} is too low"));
                }
                let target = &(*target).min(10_000);
                self.set_option_below(table, reach, &column, "STATISTICS", Some(target.to_string()).filter(|_| *target >= 0).as_deref());
                Ok(())
            }
            AlterColumn::SetStorage(word) => {
                self.storage_fits(&column, word)?;
                let own = self.default_storage(&column);
                self.set_option_below(table, reach, &column, "STORAGE", Some(word.as_str()).filter(|word| *word != "DEFAULT" && *word != own));
                Ok(())
            }
            AlterColumn::SetCompression(word) => {
                self.compression_fits(&column, word)?;
                self.set_column_option(table, &column, "COMPRESSION", Some(word.as_str()).filter(|word| *word != "default"));
                Ok(())
            }
            AlterColumn::SetParameters(parameters) => {
                self.parameters_are_valid(ParametersOf::Column, parameters)?;
                self.set_column_parameters(table, &column, parameters);
                Ok(())
            }
            AlterColumn::ResetParameters(parameters) => {
                self.parameters_have_no_values(parameters)?;
                for parameter in parameters {
                    self.set_column_option(table, &column, &parameter.name, None);
                }
                Ok(())
            }
            AlterColumn::Comment(text) => {
                let text = text.as_deref().map(Arc::from);
                self.change_column(table, column.number, |column| column.comment = text);
                Ok(())
            }
            AlterColumn::Position(_) => self.unknown("the place of a column is not modelled in this dialect", self.span, Vec::new()),
        }
    }

    /// The one action on a column of an index by name: `SET STATISTICS`, where the column is an expression (ATExecSetStatistics).
    fn index_column_takes_statistics(&self, index: ObjectId, name: &Ident) -> Applied {
        let Some(body) = self.schema.index(index) else { return Ok(()) };
        let keys = body.keys.iter().map(|key| key.column).chain(body.include.iter().copied().map(Some));
        let plain = keys.clone().flatten().filter_map(|number| self.schema.column(body.table, number));
        if plain.into_iter().any(|column| column.name == name.name) {
            let message = format!("cannot alter statistics on non-expression column \"{name}\" of index \"{}\"", self.name_of(index));
            return self.refuse_with("0A000", message, "Alter statistics on table column instead.");
        }
        // What the server calls an expression is not in the model.
        if keys.into_iter().any(|column| column.is_none()) {
            return Ok(());
        }
        self.refuse_at(name.span, "42703", format!("column \"{name}\" of relation \"{}\" does not exist", self.name_of(index)))
    }

    /// Actions that a table's columns can take and those of other relations cannot (ATSimplePermissions).
    fn action_suits_relation(&self, relation: ObjectId, action: &AlterColumn) -> Applied {
        let (is_view, is_stored_view, is_index) = match self.schema.get(relation).map(|object| &object.body) {
            Some(ObjectBody::View(view)) => (view.kind == ViewKind::Plain, view.kind == ViewKind::Materialized, false),
            Some(ObjectBody::Index(_)) => (false, false, true),
            Some(ObjectBody::Sequence(_)) => (false, false, false),
            _ => return Ok(()),
        };
        let (word, is_allowed) = match action {
            AlterColumn::SetDefault(_) | AlterColumn::DropDefault => ("SET DEFAULT", is_view),
            AlterColumn::SetStatistics(_) => ("SET STATISTICS", is_stored_view || is_index),
            AlterColumn::SetStorage(_) => ("SET STORAGE", is_stored_view),
            AlterColumn::SetCompression(_) => ("SET COMPRESSION", is_stored_view),
            AlterColumn::SetParameters(_) | AlterColumn::ResetParameters(_) => ("SET", is_stored_view),
            AlterColumn::Type { .. } => ("SET DATA TYPE", false),
            AlterColumn::SetNotNull => ("SET NOT NULL", false),
            AlterColumn::DropNotNull => ("DROP NOT NULL", false),
            AlterColumn::SetExpression(_) => ("SET EXPRESSION", false),
            AlterColumn::DropExpression { .. } => ("DROP EXPRESSION", false),
            AlterColumn::AddIdentity(..) => ("ADD IDENTITY", false),
            AlterColumn::SetIdentity(..) => ("SET", false),
            AlterColumn::DropIdentity { .. } => ("DROP IDENTITY", false),
            AlterColumn::Comment(_) | AlterColumn::Position(_) => return Ok(()),
        };
        if is_allowed || self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let detail = format!("This operation is not supported for {}s.", self.relation_word(relation));
        self.refuse_with("42809", format!("ALTER action ALTER COLUMN ... {word} cannot be performed on relation \"{}\"", self.name_of(relation)), detail)
    }

    fn set_column_parameters(&mut self, table: ObjectId, column: &Column, parameters: &[StorageParameter]) {
        for parameter in parameters {
            self.set_column_option(table, column, &parameter.name, Some(parameter.value.as_deref().unwrap_or("true")));
        }
    }

    /// Children take it over at once (ATSimpleRecursion, tablecmds.c; measured on 15); parameters and compression they do not.
    fn set_option_below(&mut self, table: ObjectId, reach: Reach, column: &Column, word: &str, value: Option<&str>) {
        self.set_column_option(table, column, word, value);
        if reach == Reach::Alone {
            return;
        }
        for child in self.children(table) {
            if let Some(own) = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned() {
                self.set_option_below(child, reach, &own, word, value);
            }
        }
    }

    fn set_column_option(&mut self, table: ObjectId, column: &Column, word: &str, value: Option<&str>) {
        self.change_column(table, column.number, |column| {
            column.options.retain(|(own, _)| &**own != word);
            if let Some(value) = value {
                column.options.push((Arc::from(word), Arc::from(value)));
                column.options.sort();
            }
        });
    }

    fn set_not_null(&mut self, table: ObjectId, reach: Reach, column: &Column) {
        if !column.not_null {
            let proved = self.has_not_null_check(table, column);
            if !proved {
                self.rows_must_not_be_null(table, column);
            }
            self.change_column(table, column.number, |column| column.not_null = true);
        }
        if reach == Reach::Alone {
            return;
        }
        for child in self.children(table) {
            let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
            if let Some(own) = own {
                self.set_not_null(child, reach, &own);
            }
        }
    }

    /// Whether a valid `CHECK (c IS NOT NULL)` makes the scan needless (NotNullImpliedByRelConstraints).
    fn has_not_null_check(&self, table: ObjectId, column: &Column) -> bool {
        use crate::schema::Piece;
        self.schema.on_table(table).into_iter().filter_map(|id| self.schema.constraint(id)).any(|constraint| match &constraint.kind {
            ConstraintKind::Check { expression, .. } if constraint.validated => {
                let only = expression.needs() == [Address::column(table, column.number)];
                let text: String = expression.pieces().iter().map(|piece| if let Piece::Text(text) = piece { &**text } else { "" }).collect();
                let bare: String = text.chars().filter(|letter| !matches!(letter, '(' | ')')).collect();
                only && bare.trim().eq_ignore_ascii_case("IS NOT NULL")
            }
            _ => false,
        })
    }

    fn drop_not_null(&mut self, table: ObjectId, reach: Reach, column: &Column) -> Applied {
        if matches!(column.generation, ColumnGeneration::Identity(..)) {
            return self.refuse("42601", format!("column \"{}\" of relation \"{}\" is an identity column", column.name, self.name_of(table)));
        }
        if self.primary_key(table).is_some_and(|(_, columns)| columns.contains(&column.number)) {
            return self.refuse("42P16", format!("column \"{}\" is in a primary key", column.name));
        }
        self.identifies_no_row(table, column.number, column.name.as_str())?;
        let partition_parent = self.schema.table(table).filter(|table| table.partition_bound.is_some()).and_then(|table| table.parents.first().copied());
        if let Some(parent) = partition_parent
            && self.schema.columns(parent).iter().any(|own| own.name == column.name && own.not_null)
        {
            return self.refuse("42P16", format!("column \"{}\" is marked NOT NULL in parent table", column.name));
        }
        self.change_column(table, column.number, |column| column.not_null = false);
        if reach == Reach::Alone {
            return Ok(());
        }
        for child in self.children(table) {
            let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
            if let Some(own) = own {
                self.drop_not_null(child, reach, &own)?;
            }
        }
        Ok(())
    }

    fn set_default(&mut self, table: ObjectId, reach: Reach, column: &Column, expression: Option<&Expr>) -> Applied {
        let of = |what: &str| format!("column \"{}\" of relation \"{}\" is {what}", column.name, self.name_of(table));
        match &column.generation {
            ColumnGeneration::Identity(..) => return self.refuse("42601", of("an identity column")),
            ColumnGeneration::Generated(..) => return self.refuse("42601", of("a generated column")),
            ColumnGeneration::None | ColumnGeneration::Default(_) => {}
        }
        let generation = match expression {
            Some(expression) => self.default_expression(column, expression)?.map_or(ColumnGeneration::None, ColumnGeneration::Default),
            None => ColumnGeneration::None,
        };
        self.set_generation(table, column.number, generation);
        if reach == Reach::Alone {
            return Ok(());
        }
        for child in self.children(table) {
            let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
            if let Some(own) = own {
                self.set_default(child, reach, &own, expression)?;
            }
        }
        Ok(())
    }

    fn set_expression(&mut self, table: ObjectId, column: &Column, expression: &Expr) -> Applied {
        let ColumnGeneration::Generated(_, kind) = column.generation else {
            return self.refuse("55000", format!("column \"{}\" of relation \"{}\" is not a generated column", column.name, self.name_of(table)));
        };
        let definition = self.generation_expression(table, column, expression)?;
        self.set_generation(table, column.number, ColumnGeneration::Generated(definition, kind));
        Ok(())
    }

    fn drop_expression(&mut self, table: ObjectId, reach: Reach, column: &Column, if_exists: bool) -> Applied {
        // Asked first, whether or not there is an expression (ATPrepDropExpression).
        if column.inherited_from > 0 {
            return self.refuse("42P16", "cannot drop generation expression from inherited column");
        }
        if !matches!(column.generation, ColumnGeneration::Generated(_, GeneratedKind::Stored)) {
            let message = format!("column \"{}\" of relation \"{}\" is not a stored generated column", column.name, self.name_of(table));
            if if_exists {
                self.notice(format!("{message}, skipping"));
                return Ok(());
            }
            return self.refuse("55000", message);
        }
        let children = self.children(table);
        if reach == Reach::Alone && !children.is_empty() {
            return self.refuse("0A000", "ALTER TABLE / DROP EXPRESSION must be applied to child tables too");
        }
        self.set_generation(table, column.number, ColumnGeneration::None);
        for child in children {
            let own = self.schema.columns(child).iter().find(|own| own.name == column.name).cloned();
            if let Some(own) = own {
                self.set_generation(child, own.number, ColumnGeneration::None);
            }
        }
        Ok(())
    }

    fn add_identity(&mut self, table: ObjectId, column: &Column, kind: IdentityKind, options: &SequenceOptions) -> Applied {
        let of = |what: &str| format!("column \"{}\" of relation \"{}\" {what}", column.name, self.name_of(table));
        if matches!(column.generation, ColumnGeneration::Identity(..)) {
            return self.refuse("55000", of("is already an identity column"));
        }
        if !["int2", "int4", "int8"].iter().any(|name| column.data_type.is_builtin(name)) {
            return self.refuse("22023", "identity column type must be smallint, integer, or bigint");
        }
        if !column.not_null {
            return self.refuse("55000", of("must be declared NOT NULL before identity can be added"));
        }
        match column.generation {
            ColumnGeneration::Identity(..) => return Ok(()),
            ColumnGeneration::Default(_) | ColumnGeneration::Generated(..) => return self.refuse("55000", of("already has a default value")),
            ColumnGeneration::None => {}
        }
        let address = Address::column(table, column.number);
        let sequence = self.column_sequence(address, &column.name, &column.data_type, options)?;
        self.set_generation(table, column.number, ColumnGeneration::Identity(kind, sequence));
        Ok(())
    }

    fn set_identity(&mut self, table: ObjectId, column: &Column, kind: Option<IdentityKind>, options: &SequenceOptions) -> Applied {
        let ColumnGeneration::Identity(own, sequence) = column.generation else {
            return self.refuse("55000", format!("column \"{}\" of relation \"{}\" is not an identity column", column.name, self.name_of(table)));
        };
        self.set_generation(table, column.number, ColumnGeneration::Identity(kind.unwrap_or(own), sequence));
        self.set_sequence_options(sequence, options)
    }

    fn drop_identity(&mut self, table: ObjectId, column: &Column, if_exists: bool) -> Applied {
        let ColumnGeneration::Identity(_, sequence) = column.generation else {
            let message = format!("column \"{}\" of relation \"{}\" is not an identity column", column.name, self.name_of(table));
            if if_exists {
                self.notice(format!("{message}, skipping"));
                return Ok(());
            }
            return self.refuse("55000", message);
        };
        self.set_generation(table, column.number, ColumnGeneration::None);
        self.schema.update(sequence, |object| {
            if let ObjectBody::Sequence(sequence) = &mut object.body {
                sequence.owned_by = None;
            }
        });
        self.perform_deletion(&[Address::whole(sequence)], crate::sql::tree::DropBehavior::Restrict)
    }
}
