//! Names for what is saved: one for each table that is copied, in a schema of their own, told apart by migration, so that several ways back
//! can be kept side by side.

use std::collections::BTreeSet;

use super::damage::label;
use crate::name::Name;
use crate::schema::{ObjectId, Schema};

/// The schema for saved rows.
pub(super) const SAVED: &str = "fieldgate_saved";

/// The longest name that PostgreSQL keeps whole, in bytes (manual, 4.1.1, 15: NAMEDATALEN - 1).
const LONGEST: usize = 63;

/// Gives out names.
#[derive(Debug)]
pub(super) struct SavedNames {
    mark: String,
    taken: BTreeSet<String>,
}

impl SavedNames {
    /// For what one migration needs; of its name the number in front is taken, else the beginning.
    pub(super) fn of(migration: &str) -> Self {
        let letters = migration.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }).collect::<String>();
        let letters = letters.trim_matches('_');
        let number: String = letters.chars().take_while(|letter| *letter != '_').collect();
        let mark = if number.chars().any(|letter| letter.is_ascii_digit()) { number } else { letters.to_owned() };
        Self { mark: mark.chars().take(18).collect::<String>().trim_matches('_').to_owned(), taken: BTreeSet::new() }
    }

    /// A name that nobody has yet, qualified and quoted.
    pub(super) fn next(&mut self, schema: &Schema, id: ObjectId) -> String {
        let full = label(schema, id).replace('.', "__");
        let tail = if self.mark.is_empty() { String::new() } else { format!("__{}", self.mark) };
        let mut number = 1_u32;
        loop {
            let count = if number == 1 { String::new() } else { format!("_{number}") };
            let room = LONGEST.saturating_sub(tail.len() + count.len());
            let mut stem = String::new();
            for letter in full.chars() {
                if stem.len() + letter.len_utf8() > room {
                    break;
                }
                stem.push(letter);
            }
            let name = format!("{stem}{count}{tail}");
            if self.taken.insert(name.clone()) {
                return format!("{SAVED}.{}", schema.dialect.quote(&Name::stored(name)));
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_the_number_of_the_migration() {
        for (name, mark) in [
            ("0042_contact_phone", "0042"),
            ("20260101120000_x", "20260101120000"),
            ("V2__names", "v2"),
            ("drop phone", "drop_phone"),
            ("", ""),
            ("2026-01-01-120000_x", "2026"),
        ] {
            assert_eq!(SavedNames::of(name).mark, mark);
        }
    }
}
