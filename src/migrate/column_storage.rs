//! How the values of a column are kept: out of line or not, compressed or not.
//!
//! Source: PostgreSQL 15, GetAttributeStorage, GetAttributeCompression and MergeAttributes (tablecmds.c), pg_type.dat (typstorage).

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::schema::{Column, ObjectBody, TypeIdentity, UserType};
use crate::typing::base_type;

impl Work<'_> {
    /// `STORAGE` of types of fixed length is `PLAIN`.
    pub(super) fn storage_fits(&self, column: &Column, word: &str) -> Applied {
        if !["PLAIN", "EXTERNAL", "EXTENDED", "MAIN", "DEFAULT"].contains(&word) {
            return self.refuse("22023", format!("invalid storage type \"{}\"", word.to_ascii_lowercase()));
        }
        if !matches!(word, "PLAIN" | "DEFAULT") && self.is_of_fixed_length(column) {
            return self.refuse("0A000", format!("column data type {} can only have storage PLAIN", self.shown_type(&column.data_type.without_modifiers())));
        }
        Ok(())
    }

    pub(super) fn compression_fits(&self, column: &Column, word: &str) -> Applied {
        if self.is_of_fixed_length(column) && word != "default" {
            return self.refuse("0A000", format!("column data type {} does not support compression", self.shown_type(&column.data_type.without_modifiers())));
        }
        if !["pglz", "lz4", "default"].contains(&word) {
            return self.refuse("22023", format!("invalid compression method \"{word}\""));
        }
        Ok(())
    }

    /// Whether values of the type are never moved out of line (pg_type.typstorage `p`).
    fn is_of_fixed_length(&self, column: &Column) -> bool {
        const FIXED: &[&str] = &[
            "bool",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "oid",
            "date",
            "time",
            "timetz",
            "timestamp",
            "timestamptz",
            "interval",
            "uuid",
            "money",
            "name",
            "char",
            "macaddr",
            "macaddr8",
            "point",
            "lseg",
            "box",
            "line",
            "circle",
            "pg_lsn",
            "xid",
            "cid",
            "tid",
            "regclass",
            "regtype",
            "regproc",
        ];
        let base = base_type(&self.schema, &column.data_type);
        FIXED.iter().any(|name| base.is_builtin(name))
            || matches!(base.identity, TypeIdentity::Object(id) if !base.array && matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(UserType::Enum { .. }))))
    }

    /// What a new column says about its values, as the server keeps it: nothing where it is what the type has of itself.
    pub(super) fn options_fit(&self, column: &mut Column) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let value = |word: &str| column.options.iter().find(|(own, _)| &**own == word).map(|(_, value)| Arc::clone(value));
        if let Some(word) = value("COMPRESSION") {
            self.compression_fits(column, &word)?;
        }
        let storage = value("STORAGE").map(|word| word.to_ascii_uppercase());
        if let Some(word) = &storage {
            self.storage_fits(column, word)?;
        }
        let own = self.default_storage(column);
        column.options.retain(|(word, value)| !(&**word == "COMPRESSION" && &**value == "default" || &**word == "STORAGE"));
        if let Some(word) = storage.filter(|word| word != "DEFAULT" && *word != own) {
            column.options.push((Arc::from("STORAGE"), Arc::from(word.as_str())));
        }
        Ok(())
    }

    /// How values of a column's type are kept when nothing is said.
    pub(super) fn default_storage(&self, column: &Column) -> &'static str {
        let base = base_type(&self.schema, &column.data_type);
        let is = |names: &[&str]| names.iter().any(|name| base.is_builtin(name));
        if self.is_of_fixed_length(column) || is(&["tsquery", "oidvector", "int2vector"]) {
            "PLAIN"
        } else if is(&["numeric", "inet", "cidr"]) {
            "MAIN"
        } else {
            "EXTENDED"
        }
    }

    /// How values of a column are kept.
    pub(super) fn storage(&self, column: &Column) -> String {
        let said = column.options.iter().find(|(word, _)| &**word == "STORAGE").map(|(_, value)| value.to_ascii_uppercase());
        said.unwrap_or_else(|| self.default_storage(column).to_owned())
    }

    /// Two parents, or a parent and what is copied from another table, keep the values of a column alike.
    pub(super) fn same_storage(&self, one: &Column, other: &Column, word: &str) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        let (first, second) = (self.storage(one), self.storage(other));
        if first != second {
            let message = format!("{word} \"{}\" has a storage parameter conflict", one.name);
            return self.refuse_with("42804", message, format!("{first} versus {second}"));
        }
        let compression = |column: &Column| column.options.iter().find(|(word, _)| &**word == "COMPRESSION").map(|(_, value)| Arc::clone(value));
        if let (Some(first), Some(second)) = (compression(one), compression(other))
            && first != second
        {
            let message = format!("{word} \"{}\" has a compression method conflict", one.name);
            return self.refuse_with("42804", message, format!("{first} versus {second}"));
        }
        Ok(())
    }
}
