//! Sequences: `CREATE SEQUENCE`, `ALTER SEQUENCE`, and those behind `serial` and identity columns.
//!
//! Source: PostgreSQL 15, sequence.c (init_params, process_owned_by).

use super::DataChange;
use super::naming::Meant;
use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Address, ColumnGeneration, DataType, NameSpace, ObjectBody, ObjectId, Part, Persistence, Sequence};
use crate::sql::tree::{AlterSequence, CreateSequence, Ident, ObjectName, OwnedBy, RelationKind, SequenceOptions, TemporaryKind};

impl Work<'_> {
    /// `CREATE SEQUENCE`.
    pub(super) fn create_sequence(&mut self, statement: &CreateSequence) -> Applied {
        let namespace = self.creation_namespace(&statement.name, statement.temporary)?;
        let name = statement.name.name.name.clone();
        if self.schema.find(NameSpace::Relation, Some(namespace), &name).is_some() {
            if statement.if_not_exists {
                self.notice(format!("relation \"{name}\" already exists, skipping"));
                return Ok(());
            }
            return self.refuse_at(statement.name.span(), "42P07", format!("relation \"{name}\" already exists"));
        }
        let mut sequence = self.sequence_from(&statement.options, &DataType::builtin("int8"))?;
        sequence.persistence = persistence(statement.temporary);
        let id = self.insert_object(name, namespace, ObjectBody::Sequence(sequence));
        self.name_object(id);
        if let Some(owner) = &statement.options.owned_by {
            self.own_sequence(id, owner)?;
        }
        Ok(())
    }

    /// A new sequence by its options.
    fn sequence_from(&self, options: &SequenceOptions, default_type: &DataType) -> Applied<Sequence> {
        let data_type = match &options.data_type {
            Some(written) => self.sequence_type(&self.data_type(written)?)?,
            None => default_type.clone(),
        };
        let sequence = Sequence {
            data_type,
            start: 0,
            increment: 1,
            minimum: 0,
            maximum: 0,
            cache: 1,
            cycle: false,
            owned_by: None,
            persistence: Persistence::Permanent,
            last_value: None,
        };
        self.with_options(sequence, options, Limits::Reset)
    }

    fn sequence_type(&self, data_type: &DataType) -> Applied<DataType> {
        if ["int2", "int4", "int8"].iter().any(|name| data_type.is_builtin(name)) {
            return Ok(data_type.clone());
        }
        self.refuse("22023", "sequence type must be smallint, integer, or bigint")
    }

    fn with_options(&self, mut sequence: Sequence, options: &SequenceOptions, limits: Limits) -> Applied<Sequence> {
        let old_range = type_range(&sequence.data_type);
        if let Some(written) = &options.data_type {
            sequence.data_type = self.sequence_type(&self.data_type(written)?)?;
        }
        let (lowest, highest) = type_range(&sequence.data_type);
        let retyped = limits == Limits::Keep && options.data_type.is_some();
        let (resets_maximum, resets_minimum) = (retyped && sequence.maximum == old_range.1, retyped && sequence.minimum == old_range.0);
        sequence.increment = options.increment.unwrap_or(sequence.increment);
        if sequence.increment == 0 {
            return self.refuse("22023", "INCREMENT must not be zero");
        }
        let ascending = sequence.increment > 0;
        let type_word = self.shown_type(&sequence.data_type);
        sequence.cycle = options.cycle.unwrap_or(sequence.cycle);
        match options.maximum {
            Some(Some(maximum)) => sequence.maximum = maximum,
            None if limits == Limits::Keep && !resets_maximum => {}
            Some(None) | None => sequence.maximum = if ascending || resets_maximum { highest } else { -1 },
        }
        if sequence.maximum < lowest || sequence.maximum > highest {
            return self.refuse("22023", format!("MAXVALUE ({}) is out of range for sequence data type {type_word}", sequence.maximum));
        }
        match options.minimum {
            Some(Some(minimum)) => sequence.minimum = minimum,
            None if limits == Limits::Keep && !resets_minimum => {}
            Some(None) | None => sequence.minimum = if !ascending || resets_minimum { lowest } else { 1 },
        }
        if sequence.minimum < lowest || sequence.minimum > highest {
            return self.refuse("22023", format!("MINVALUE ({}) is out of range for sequence data type {type_word}", sequence.minimum));
        }
        if sequence.minimum >= sequence.maximum {
            return self.refuse("22023", format!("MINVALUE ({}) must be less than MAXVALUE ({})", sequence.minimum, sequence.maximum));
        }
        match options.start {
            Some(start) => sequence.start = start,
            None if limits == Limits::Reset => sequence.start = if ascending { sequence.minimum } else { sequence.maximum },
            None => {}
        }
        if sequence.start < sequence.minimum {
            return self.refuse("22023", format!("START value ({}) cannot be less than MINVALUE ({})", sequence.start, sequence.minimum));
        }
        if sequence.start > sequence.maximum {
            return self.refuse("22023", format!("START value ({}) cannot be greater than MAXVALUE ({})", sequence.start, sequence.maximum));
        }
        if let Some(restart) = options.restart {
            let value = restart.unwrap_or(sequence.start);
            if value < sequence.minimum {
                return self.refuse("22023", format!("RESTART value ({value}) cannot be less than MINVALUE ({})", sequence.minimum));
            }
            if value > sequence.maximum {
                return self.refuse("22023", format!("RESTART value ({value}) cannot be greater than MAXVALUE ({})", sequence.maximum));
            }
            sequence.last_value = Some(value);
        }
        sequence.cache = options.cache.unwrap_or(sequence.cache);
        if sequence.cache <= 0 {
            return self.refuse("22023", format!("CACHE ({}) must be greater than zero", sequence.cache));
        }
        Ok(sequence)
    }

    /// The sequence of a `serial` or identity column, named by the server unless the options name it.
    pub(super) fn column_sequence(&mut self, column: Address, column_name: &Name, data_type: &DataType, options: &SequenceOptions) -> Applied<ObjectId> {
        let table = column.object;
        let (namespace, name) = match &options.name {
            Some(name) => (self.creation_namespace(name, TemporaryKind::Permanent)?, name.name.name.clone()),
            None => {
                let Some(namespace) = self.namespace_of(table) else { return self.refuse("3F000", "no schema has been selected to create in") };
                let name = self.choose_relation_name(&self.name_of(table), Some(column_name.as_str()), "seq", namespace, Meant::Relation);
                (namespace, name)
            }
        };
        if self.schema.find(NameSpace::Relation, Some(namespace), &name).is_some() {
            return self.refuse("42P07", format!("relation \"{name}\" already exists"));
        }
        let mut sequence = self.sequence_from(options, data_type)?;
        sequence.owned_by = Some(column);
        if let Some(table) = self.schema.table(table) {
            sequence.persistence = table.persistence;
        }
        Ok(self.insert_object(name, namespace, ObjectBody::Sequence(sequence)))
    }

    /// `ALTER SEQUENCE`.
    pub(super) fn alter_sequence(&mut self, statement: &AlterSequence) -> Applied {
        let Some(id) = self.sequence_named(&statement.name, statement.if_exists)? else { return Ok(()) };
        self.name_object(id);
        if let Some(action) = &statement.action {
            return self.alter_relation_action(RelationKind::Sequence, id, action);
        }
        self.set_sequence_options(id, &statement.options)?;
        if let Some(owner) = &statement.options.owned_by {
            self.own_sequence(id, owner)?;
        }
        Ok(())
    }

    /// Changes the options of a sequence that is there.
    pub(super) fn set_sequence_options(&mut self, id: ObjectId, options: &SequenceOptions) -> Applied {
        let Some(ObjectBody::Sequence(sequence)) = self.schema.get(id).map(|object| object.body.clone()) else { return Ok(()) };
        let changed = self.with_options(sequence, options, Limits::Keep)?;
        self.schema.update(id, |object| object.body = ObjectBody::Sequence(changed));
        if options.restart.is_some() {
            self.data(id, DataChange::Repositioned);
        }
        Ok(())
    }

    /// Gives a sequence another integer type; limits that were those of the old type become those of the new one.
    pub(super) fn retype_sequence(&mut self, id: ObjectId, target: &DataType) -> Applied {
        let Some(ObjectBody::Sequence(mut sequence)) = self.schema.get(id).map(|object| object.body.clone()) else { return Ok(()) };
        let (old, new) = (type_range(&sequence.data_type), type_range(target));
        sequence.data_type = target.without_modifiers();
        if sequence.maximum == old.1 {
            sequence.maximum = new.1;
        }
        if sequence.minimum == old.0 {
            sequence.minimum = new.0;
        }
        if sequence.maximum > new.1 {
            let word = self.shown_type(target);
            return self.refuse("22023", format!("MAXVALUE ({}) is out of range for sequence data type {word}", sequence.maximum));
        }
        self.schema.update(id, |object| object.body = ObjectBody::Sequence(sequence));
        Ok(())
    }

    fn sequence_named(&mut self, name: &ObjectName, if_exists: bool) -> Applied<Option<ObjectId>> {
        match self.relation_if_any(name)? {
            None if if_exists => {
                self.notice(format!("relation \"{name}\" does not exist, skipping"));
                Ok(None)
            }
            None => self.no_relation(name),
            Some(id) if matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Sequence(_))) => Ok(Some(id)),
            Some(_) => self.refuse_at(name.span(), "42809", format!("\"{}\" is not a sequence", name.name.name)),
        }
    }

    fn own_sequence(&mut self, sequence: ObjectId, owner: &OwnedBy) -> Applied {
        if self.identity_of(sequence).is_some() {
            return self.refuse_with(
                "0A000",
                "cannot change ownership of identity sequence",
                format!("Sequence \"{}\" is linked to table \"{}\".", self.name_of(sequence), self.owner_name(sequence)),
            );
        }
        let address = match owner {
            OwnedBy::None => None,
            OwnedBy::Column(table, column) => Some(self.owning_column(sequence, table, column)?),
        };
        self.schema.update(sequence, |object| {
            if let ObjectBody::Sequence(sequence) = &mut object.body {
                sequence.owned_by = address;
            }
        });
        Ok(())
    }

    fn owning_column(&self, sequence: ObjectId, table: &ObjectName, column: &Ident) -> Applied<Address> {
        let id = self.relation(table)?;
        if self.schema.table(id).is_none() && self.schema.view(id).is_none() {
            return self.refuse_at(table.span(), "42809", format!("sequence cannot be owned by relation \"{}\"", table.name.name));
        }
        if self.namespace_of(id) != self.namespace_of(sequence) {
            return self.refuse_at(table.span(), "55000", "sequence must be in same schema as table it is linked to");
        }
        match self.schema.column_address(id, &column.name) {
            Some(address) => Ok(address),
            None => self.refuse_at(column.span, "42703", format!("column \"{}\" of relation \"{}\" does not exist", column.name, table.name.name)),
        }
    }

    fn owner_name(&self, sequence: ObjectId) -> String {
        match self.schema.get(sequence).map(|object| &object.body) {
            Some(ObjectBody::Sequence(Sequence { owned_by: Some(address), .. })) => self.name_of(address.object),
            _ => String::new(),
        }
    }

    /// The identity column that a sequence belongs to.
    fn identity_of(&self, sequence: ObjectId) -> Option<Address> {
        let Some(ObjectBody::Sequence(Sequence { owned_by: Some(address), .. })) = self.schema.get(sequence).map(|object| &object.body) else { return None };
        let Part::Column(number) = address.part else { return None };
        let column = self.schema.column(address.object, number)?;
        matches!(column.generation, ColumnGeneration::Identity(_, own) if own == sequence).then_some(*address)
    }

    /// The sequences of a table's identity columns and `serial`s, which are as lasting as the table (ATPrepChangePersistence and its sequences, 15).
    pub(super) fn identity_sequences(&self, table: ObjectId) -> Vec<ObjectId> {
        if self.schema.table(table).is_some() { self.sequences_of(table) } else { Vec::new() }
    }

    /// Sequences that belong to columns of a table: they move and change owner with it.
    pub(super) fn sequences_of(&self, table: ObjectId) -> Vec<ObjectId> {
        let mut all: Vec<ObjectId> = self
            .schema
            .dependencies()
            .on_object(table)
            .into_iter()
            .map(|dependency| dependency.dependent.object)
            .filter(|id| {
                matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Sequence(sequence)) if sequence.owned_by.is_some_and(|owner| owner.object == table))
            })
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether limits that are not written stay or take the defaults of the type.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Limits {
    Reset,
    Keep,
}

fn type_range(data_type: &DataType) -> (i64, i64) {
    if data_type.is_builtin("int2") {
        (i64::from(i16::MIN), i64::from(i16::MAX))
    } else if data_type.is_builtin("int4") {
        (i64::from(i32::MIN), i64::from(i32::MAX))
    } else {
        (i64::MIN, i64::MAX)
    }
}

/// How long a relation lives, by what is written.
pub(super) fn persistence(temporary: TemporaryKind) -> Persistence {
    match temporary {
        TemporaryKind::Permanent => Persistence::Permanent,
        TemporaryKind::Temporary => Persistence::Temporary,
        TemporaryKind::Unlogged => Persistence::Unlogged,
    }
}
