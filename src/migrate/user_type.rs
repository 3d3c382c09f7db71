//! Types and domains: `CREATE TYPE`, `CREATE DOMAIN`, `ALTER TYPE`, `ALTER DOMAIN`.
//!
//! Source: PostgreSQL 15, typecmds.c, pg_enum.c; ALTER TYPE … ATTRIBUTE in tablecmds.c.

use std::sync::Arc;

use super::column::{is_own_collation, shown_collation};
use super::work::{Applied, Work};
use super::written::Written;
use crate::name::Name;
use crate::schema::{Address, Column, ColumnNumber, Dependency, DependencyKind, NameSpace, ObjectBody, ObjectId, UserType};
use crate::sql::tree::{AlterTypeAction, CreateType, CreateTypeKind, DropBehavior, Ident, ObjectName, TemporaryKind};
use crate::text::Spanned;

impl Work<'_> {
    /// `CREATE TYPE`.
    pub(super) fn create_type(&mut self, statement: &CreateType) -> Applied {
        let name = statement.name.name.name.clone();
        let namespace = self.creation_namespace(&statement.name, TemporaryKind::Permanent)?;
        let existing = self.schema.find(NameSpace::Type, Some(namespace), &name);
        let shell = existing.filter(|id| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Shell))));
        if shell.is_some() && matches!(statement.kind, CreateTypeKind::Shell) {
            return self.refuse_at(statement.name.span(), "42710", format!("type \"{name}\" already exists"));
        }
        if shell.is_none() && matches!(statement.kind, CreateTypeKind::Base(_)) && self.schema.dialect.built_ins.is_some() {
            return self.refuse_at(statement.name.span(), "42710", format!("type \"{name}\" does not exist"));
        }
        if existing.is_some() && shell.is_none() {
            return self.refuse_at(statement.name.span(), "42710", format!("type \"{name}\" already exists"));
        }
        let body = match &statement.kind {
            CreateTypeKind::Enum(labels) => self.new_enum(labels)?,
            CreateTypeKind::Composite(attributes) => self.new_composite(attributes)?,
            CreateTypeKind::Range { subtype, multirange_name, options } => {
                self.range_is_allowed(namespace, subtype, multirange_name.as_ref(), options, shell.is_some())?;
                UserType::Range {
                    subtype: self.data_type(subtype)?,
                    multirange: multirange_name.as_ref().map(|name| Arc::from(name.name.name.as_str())),
                    options: options.iter().map(|(name, value)| (Arc::from(name.as_str()), Arc::from(value.as_str()))).collect(),
                }
            }
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
        if let CreateTypeKind::Base(options) = &statement.kind {
            self.add_needs_of_base(id, options);
        }
        self.name_object(id);
        Ok(())
    }

    /// Subtype, options and the name of the multirange of a new range type (DefineRange).
    fn range_is_allowed(
        &self,
        namespace: ObjectId,
        subtype: &crate::sql::tree::TypeName,
        multirange: Option<&ObjectName>,
        options: &[(String, String)],
        is_shell: bool,
    ) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let known = ["SUBTYPE_OPCLASS", "COLLATION", "CANONICAL", "SUBTYPE_DIFF"];
        for (place, (name, _)) in options.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return self.refuse("42601", format!("type attribute \"{}\" not recognized", name.to_ascii_lowercase()));
            }
            if options.iter().take(place).any(|(other, _)| other == name) {
                return self.refuse("42601", "conflicting or redundant options");
            }
        }
        let subtype = self.data_type(subtype)?;
        if crate::typing::category(&self.schema, &subtype) == Some('P') && !subtype.array {
            return self.refuse("42804", format!("range subtype cannot be {}", self.shown_type(&subtype)));
        }
        if let Some((_, class)) = options.iter().find(|(name, _)| name == "SUBTYPE_OPCLASS") {
            let parts = Written::of(class, self.schema.dialect);
            if let Some((name, _)) = parts.name_at(0) {
                let name = self.object_name(&name);
                self.operator_class_fits("btree", Some(&name), &subtype)?;
            }
        }
        if options.iter().any(|(name, _)| name == "CANONICAL") && !is_shell {
            return self.refuse_with(
                "42P17",
                "cannot specify a canonical function without a pre-created shell type",
                "Create the type as a shell type, then create its canonicalization function, then do a full CREATE TYPE.",
            );
        }
        if options.iter().any(|(name, _)| name == "COLLATION") && crate::typing::is_collatable(&self.schema, &subtype) == Some(false) {
            return self.refuse("42809", "range collation specified but subtype does not support collation");
        }
        if !options.iter().any(|(name, _)| name == "SUBTYPE_OPCLASS") && self.is_unsortable(&subtype) {
            let shown = self.shown_type(&subtype.without_modifiers());
            return self.refuse("42704", format!("data type {shown} has no default operator class for access method \"btree\""));
        }
        if let Some((_, function)) = options.iter().find(|(name, _)| name == "SUBTYPE_DIFF") {
            let bare = Name::stored(function.rsplit('.').next().unwrap_or(function));
            if !self.has_routine_named(None, &bare) {
                let shown = self.shown_type(&subtype.without_modifiers());
                return self.refuse("42883", format!("function {bare}({shown}, {shown}) does not exist"));
            }
        }
        if let Some(name) = multirange
            && self.schema.find(NameSpace::Type, Some(namespace), &name.name.name).is_some()
        {
            return self.refuse("42710", format!("type \"{}\" already exists", name.name));
        }
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
            let data_type = self.data_type(data_type)?;
            self.column_type_is_allowed(&name.name, &data_type, None)?;
            self.collation_fits(collation.as_ref(), &data_type)?;
            let mut column = Column::new(number, name.name.clone(), data_type);
            column.collation = collation.as_ref().map(shown_collation).filter(|collation| !is_own_collation(&column.data_type, collation));
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
                AlterTypeAction::AddAttribute(name, data_type, behavior) => self.add_attribute(id, name, data_type, *behavior)?,
                AlterTypeAction::DropAttribute { name, if_exists, behavior } => self.drop_attribute(id, name, *if_exists, *behavior)?,
                AlterTypeAction::AlterAttribute(name, data_type, behavior) => self.retype_attribute(id, name, data_type, *behavior)?,
                AlterTypeAction::RenameAttribute(from, to, behavior) => self.rename_attribute(id, from, to, *behavior)?,
                AlterTypeAction::SetParameters(_)
                    if self.schema.dialect.built_ins.is_some()
                        && !matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Base { .. } | UserType::Shell))) =>
                {
                    return self.refuse("42809", format!("\"{}\" is not a base type", self.shown_name(id)));
                }
                AlterTypeAction::SetParameters(parameters) => self.base_type_takes(id, parameters)?,
            }
            self.end_part();
        }
        self.span = outer;
        Ok(())
    }

    /// `SET (…)` of a base type: how values are stored and read, which nobody sees (AlterType).
    fn base_type_takes(&mut self, id: ObjectId, parameters: &[crate::sql::tree::StorageParameter]) -> Applied {
        if matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Shell))) {
            return self.refuse("42704", format!("type \"{}\" is only a shell", self.name_of(id)));
        }
        for parameter in parameters {
            let value = parameter.value.as_deref().unwrap_or_default();
            match parameter.name.as_str() {
                "storage" if ["plain", "external", "extended", "main"].contains(&value.to_ascii_lowercase().as_str()) => {}
                "storage" => return self.refuse("22023", format!("storage \"{value}\" not recognized")),
                "receive" | "send" | "typmod_in" | "typmod_out" | "analyze" | "subscript" => {
                    let written = Written::of(value, self.schema.dialect);
                    if let Some((name, _)) = written.name_at(0)
                        && !name.name.as_str().eq_ignore_ascii_case("none")
                        && !self.has_routine_named(name.schema.as_ref(), &name.name)
                    {
                        return self.refuse("42883", format!("function {}(internal) does not exist", name.name));
                    }
                }
                other => return self.refuse("42601", format!("type attribute \"{other}\" not recognized")),
            }
        }
        Ok(())
    }

    /// A base type needs the functions that read and write its values.
    fn add_needs_of_base(&mut self, id: ObjectId, options: &[(String, String)]) {
        const FUNCTIONS: &[&str] = &["INPUT", "OUTPUT", "RECEIVE", "SEND", "TYPMOD_IN", "TYPMOD_OUT", "ANALYZE", "SUBSCRIPT"];
        for (_, value) in options.iter().filter(|(word, _)| FUNCTIONS.contains(&word.as_str())) {
            let written = Written::of(value, self.schema.dialect);
            let Some((name, _)) = written.name_at(0) else { continue };
            for on in self.routines_named(name.schema.as_ref(), &name.name) {
                let need = Dependency { dependent: Address::whole(id), on, kind: DependencyKind::Normal };
                self.schema.dependencies_mut().add(need);
            }
        }
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
        if self.in_transaction && self.schema.dialect.built_ins.is_some() {
            self.new_labels.insert((id, value.to_owned()));
        }
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
            // Only a composite type has a relation, which is looked for first.
            Some(ObjectBody::Type(_)) => self.refuse("42P01", format!("relation \"{}\" does not exist", self.name_of(id))),
            _ => self.refuse("42809", format!("\"{}\" is not a composite type", self.name_of(id))),
        }
    }

    fn set_attributes(&mut self, id: ObjectId, attributes: Vec<Column>, next_attribute: u16) {
        self.schema.update(id, |object| object.body = ObjectBody::Type(UserType::Composite { attributes, next_attribute }));
    }

    /// `RENAME ATTRIBUTE`, in typed tables too.
    fn rename_attribute(&mut self, id: ObjectId, from: &Ident, to: &Ident, behavior: DropBehavior) -> Applied {
        if behavior != DropBehavior::Cascade {
            self.is_no_type_of_a_table(id)?;
        }
        self.rename_column(id, super::reach::Reach::WithChildren, from, to)?;
        for table in self.tables_of_type(id) {
            let number = self.schema.columns(table).iter().find(|column| column.name == from.name).map(|column| column.number);
            if let Some(number) = number {
                self.change_column(table, number, |column| column.name = to.name.clone());
            }
        }
        Ok(())
    }

    /// Tables that were made `OF` the type.
    fn tables_of_type(&self, id: ObjectId) -> Vec<ObjectId> {
        let mut tables: Vec<ObjectId> = self.schema.dependencies().on_object(id).into_iter().map(|dependency| dependency.dependent.object).collect();
        tables.retain(|table| self.schema.table(*table).is_some_and(|table| table.of_type == Some(id)));
        tables.sort_unstable();
        tables.dedup();
        tables
    }

    fn add_attribute(&mut self, id: ObjectId, name: &Ident, data_type: &crate::sql::tree::TypeName, behavior: DropBehavior) -> Applied {
        let (mut attributes, next) = self.attributes_of(id)?;
        if attributes.iter().any(|column| column.name == name.name) {
            return self.refuse_at(name.span, "42701", format!("column \"{name}\" of relation \"{}\" already exists", self.name_of(id)));
        }
        let is_serial = data_type.name.schema.is_none()
            && ["serial", "serial2", "serial4", "serial8", "smallserial", "bigserial"].contains(&data_type.name.name.name.as_str());
        if is_serial && self.schema.dialect.built_ins.is_some() {
            return self.refuse_at(data_type.span, "42809", format!("sequence cannot be owned by relation \"{}\"", self.name_of(id)));
        }
        let column = Column::new(ColumnNumber(next), name.name.clone(), self.data_type(data_type)?);
        self.column_type_is_allowed(&column.name, &column.data_type, Some(id))?;
        if behavior == DropBehavior::Cascade {
            for table in self.tables_of_type(id) {
                self.append_column(table, Column { is_local: false, ..column.clone() });
            }
        } else {
            self.is_no_type_of_a_table(id)?;
        }
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
        let mut tables = Vec::new();
        if behavior == DropBehavior::Cascade {
            for table in self.tables_of_type(id) {
                tables.extend(self.schema.column_address(table, &name.name));
            }
        } else {
            self.is_no_type_of_a_table(id)?;
        }
        if !tables.is_empty() {
            self.perform_deletion(&tables, behavior)?;
        }
        let address = Address::column(id, column.number);
        self.name(address);
        self.perform_deletion(&[address], behavior)
    }

    fn retype_attribute(&mut self, id: ObjectId, name: &Ident, data_type: &crate::sql::tree::TypeName, behavior: DropBehavior) -> Applied {
        let Some(column) = self.attribute_named(id, name)? else {
            return self.refuse_at(name.span, "42703", format!("column \"{name}\" of relation \"{}\" does not exist", self.name_of(id)));
        };
        self.is_used_by_no_column(id)?;
        let data_type = self.data_type(data_type)?;
        self.column_type_is_allowed(&name.name, &data_type, Some(id))?;
        if behavior == DropBehavior::Cascade {
            for table in self.tables_of_type(id) {
                let number = self.schema.columns(table).iter().find(|own| own.name == name.name).map(|own| own.number);
                if let Some(number) = number {
                    let data_type = data_type.clone();
                    self.change_column(table, number, |column| column.data_type = data_type);
                }
            }
        } else {
            self.is_no_type_of_a_table(id)?;
        }
        self.name(Address::column(id, column.number));
        self.change_column(id, column.number, |column| column.data_type = data_type);
        Ok(())
    }

    /// Refuses to change a composite type whose values are stored (find_composite_type_dependencies).
    fn is_used_by_no_column(&self, id: ObjectId) -> Applied {
        let mut looked_at = vec![id];
        let mut next = 0;
        while let Some(data_type) = looked_at.get(next).copied() {
            next += 1;
            for dependency in self.schema.dependencies().on_object(data_type) {
                let relation = dependency.dependent.object;
                // Types made of it, domains over it, and views are looked through.
                if matches!(self.schema.get(relation).map(|object| &object.body), Some(ObjectBody::Type(_))) {
                    if !looked_at.contains(&relation) {
                        looked_at.push(relation);
                    }
                    continue;
                }
                let crate::schema::Part::Column(number) = dependency.dependent.part else { continue };
                let column = self.schema.column(relation, number).map_or_else(String::new, |column| column.name.to_string());
                let message = format!("cannot alter type \"{}\" because column \"{}.{column}\" uses it", self.name_of(id), self.name_of(relation));
                return self.refuse("0A000", message);
            }
        }
        Ok(())
    }

    /// The type that a name of the catalog's built-in namespace means, for types made by extensions.
    pub(super) fn base_type_object(&mut self, name: &str, namespace: ObjectId, category: char) -> ObjectId {
        self.schema.insert(Name::stored(name), Some(namespace), ObjectBody::Type(UserType::Base { category }))
    }
}
