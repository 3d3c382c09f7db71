//! Sequences, alone and behind identity columns.

use std::fmt::Write as _;

use super::word::quoted_name;
use crate::name::Name;
use crate::schema::{Column, DataType, ObjectBody, ObjectId, Part, Persistence, Schema, Sequence, format_type};

/// The lowest and highest value of a sequence of that type when nothing else is said, ascending or descending
/// (manual, CREATE SEQUENCE, 15: 1 and the type's maximum; the type's minimum and -1).
pub fn sequence_range(data_type: &DataType, increment: i64) -> (i64, i64) {
    let (lowest, highest) = match () {
        () if data_type.is_builtin("int2") => (i64::from(i16::MIN), i64::from(i16::MAX)),
        () if data_type.is_builtin("int4") => (i64::from(i32::MIN), i64::from(i32::MAX)),
        () => (i64::MIN, i64::MAX),
    };
    if increment < 0 { (lowest, -1) } else { (1, highest) }
}

/// The options that differ from the defaults, each in its own words, in the order of the manual; `AS type` is not among them.
pub fn sequence_options(sequence: &Sequence) -> Vec<String> {
    let (minimum, maximum) = sequence_range(&sequence.data_type, sequence.increment);
    let start = if sequence.increment < 0 { sequence.maximum } else { sequence.minimum };
    let mut words = Vec::new();
    if sequence.increment != 1 {
        words.push(format!("INCREMENT BY {}", sequence.increment));
    }
    if sequence.minimum != minimum {
        words.push(format!("MINVALUE {}", sequence.minimum));
    }
    if sequence.maximum != maximum {
        words.push(format!("MAXVALUE {}", sequence.maximum));
    }
    if sequence.start != start {
        words.push(format!("START WITH {}", sequence.start));
    }
    if sequence.cache != 1 {
        words.push(format!("CACHE {}", sequence.cache));
    }
    if sequence.cycle {
        words.push(String::from("CYCLE"));
    }
    words
}

/// `CREATE SEQUENCE …`, without its owner column: the table may not be there yet.
pub(super) fn create_sequence(schema: &Schema, id: ObjectId, sequence: &Sequence) -> String {
    let mut text = String::from(match sequence.persistence {
        Persistence::Permanent => "CREATE SEQUENCE ",
        Persistence::Unlogged => "CREATE UNLOGGED SEQUENCE ",
        Persistence::Temporary => "CREATE TEMPORARY SEQUENCE ",
    });
    text.push_str(&quoted_name(schema, id));
    if !sequence.data_type.is_builtin("int8") {
        let _ = write!(text, " AS {}", format_type(schema, &sequence.data_type));
    }
    for words in sequence_options(sequence) {
        text.push(' ');
        text.push_str(&words);
    }
    text
}

/// `ALTER SEQUENCE … OWNED BY …` of a sequence that a column owns and that is not an identity's.
pub(super) fn owned_by(schema: &Schema, id: ObjectId, sequence: &Sequence) -> Option<String> {
    let owner = sequence.owned_by?;
    let Part::Column(number) = owner.part else { return None };
    let column = schema.column(owner.object, number)?;
    if is_identity_of(schema, id).is_some() {
        return None;
    }
    Some(format!("ALTER SEQUENCE {} OWNED BY {}.{}", quoted_name(schema, id), quoted_name(schema, owner.object), schema.dialect.quote(&column.name)))
}

/// The table whose identity column the sequence serves.
pub fn is_identity_of(schema: &Schema, sequence: ObjectId) -> Option<ObjectId> {
    let ObjectBody::Sequence(body) = &schema.get(sequence)?.body else { return None };
    let owner = body.owned_by?;
    let Part::Column(number) = owner.part else { return None };
    let column = schema.column(owner.object, number)?;
    matches!(column.generation, crate::schema::ColumnGeneration::Identity(_, own) if own == sequence).then_some(owner.object)
}

/// ` (SEQUENCE NAME … START WITH …)`, or nothing when all is as the server would choose it.
pub(super) fn identity_options(schema: &Schema, relation: ObjectId, column: &Column, sequence: ObjectId) -> String {
    let Some(object) = schema.get(sequence) else { return String::new() };
    let ObjectBody::Sequence(body) = &object.body else { return String::new() };
    let mut words = Vec::new();
    let table = schema.get(relation);
    let chosen = table.map(|table| chosen_sequence_name(&table.name, &column.name));
    if chosen.as_ref() != Some(&object.name) || table.and_then(|table| table.namespace) != object.namespace {
        words.push(format!("SEQUENCE NAME {}", quoted_name(schema, sequence)));
    }
    words.extend(sequence_options(body));
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(" ")) }
}

/// The name the server chooses for the sequence of a column when it is free: `table_column_seq`, both cut so that it fits into 63 bytes
/// (makeObjectName, indexcmds.c, 15: the longer of the two loses a byte at a time).
pub fn chosen_sequence_name(table: &Name, column: &Name) -> Name {
    let (table, column) = (table.as_str(), column.as_str());
    let room = 63 - "__seq".len();
    let (mut first, mut second) = (table.len(), column.len());
    while first + second > room {
        if first > second { first -= 1 } else { second -= 1 }
    }
    let cut = |text: &str, mut end: usize| {
        while end > 0 && !text.is_char_boundary(end) {
            end -= 1;
        }
        text.get(..end).unwrap_or("").to_owned()
    };
    Name::stored(format!("{}_{}_seq", cut(table, first), cut(column, second)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(data_type: &str) -> Sequence {
        let data_type = DataType::builtin(data_type);
        let (minimum, maximum) = sequence_range(&data_type, 1);
        Sequence {
            data_type,
            start: 1,
            increment: 1,
            minimum,
            maximum,
            cache: 1,
            cycle: false,
            owned_by: None,
            persistence: Persistence::Permanent,
            last_value: None,
        }
    }

    #[test]
    fn only_what_differs_from_the_default_is_written() {
        assert!(sequence_options(&sequence("int4")).is_empty());
        let mut own = sequence("int8");
        own.increment = -2;
        own.minimum = -100;
        own.maximum = -1;
        own.start = -1;
        own.cycle = true;
        assert_eq!(sequence_options(&own), ["INCREMENT BY -2", "MINVALUE -100", "CYCLE"]);
    }

    /// Measured on 15: an identity column of a table with a name of 60 bytes.
    #[test]
    fn a_long_name_is_cut_where_the_server_cuts_it() {
        let table = Name::stored("a".repeat(60));
        assert_eq!(chosen_sequence_name(&table, &Name::stored("id")).as_str(), format!("{}_id_seq", "a".repeat(56)));
    }
}
