//! What has to be decided for each database. A struct to fill in, so that a new dialect cannot forget a decision.

use std::sync::LazyLock;

use super::BuiltIns;
use crate::name::{Folding, Name, Quoting};

/// Which grammar reads the dialect's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named as the database is")]
pub enum Grammar {
    Generic,
    Postgres,
    Redshift,
    Snowflake,
    BigQuery,
    Databricks,
    DuckDb,
    MySql,
    SqlServer,
    ClickHouse,
    Sqlite,
}

/// How a view finds its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewBinding {
    /// At creation, by identity: it follows renames, and what it uses cannot be dropped from under it (PostgreSQL).
    ByIdentity,
    /// At each query, by name: nothing is refused, and the view breaks later (Snowflake, BigQuery, late-binding Redshift).
    ByName,
}

/// What becomes of the columns of a view that is looked up late, when its query would give others than at its creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateColumns {
    /// The view has whatever its query gives.
    AsTheQueryGives,
    /// It has the columns it was made with, found by name; more are passed over, a missing one fails.
    AsMadeByName,
    /// It fails unless there are as many as it was made with; they are taken in order.
    AsManyAsMade,
}

/// What a failed script leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DdlTransactions {
    /// Schema changes can be rolled back.
    Transactional,
    /// Each schema change commits at once.
    AutoCommit,
}

/// How far the simulation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modelling {
    /// As the server: types, casts, dependencies, refusals.
    Server,
    /// Objects and names; what needs the server's own rules is said to be not judged.
    Names,
}

/// A clause in which the dialect lets an output name of the select list stand for its expression, when no column has that name.
/// (`GROUP BY` and `ORDER BY` know output names everywhere.)
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AliasPlace {
    /// Later items of the same select list.
    SelectList,
    /// `WHERE`.
    Where,
    /// `HAVING`.
    Having,
    /// `QUALIFY`.
    Qualify,
}

/// What a name means outside of the select list when a column of a relation and an output both have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AliasPrecedence {
    /// The column.
    ColumnFirst,
    /// The output (ClickHouse).
    AliasFirst,
}

/// What an output column is called that nobody named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnnamedOutput {
    /// By PostgreSQL's rules: the function's name, the type of a cast, `?column?`.
    AsPostgres,
    /// The text of the expression, as far as spaces go.
    AsWritten,
}

/// One database.
#[derive(Debug)]
pub struct Dialect {
    /// The word in `fieldgate.yml`.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Which grammar reads its text.
    pub grammar: Grammar,
    /// What happens to the case of names.
    pub folding: Folding,
    /// Names are cut to so many bytes.
    pub max_identifier_bytes: Option<usize>,
    /// The character before and the one after a quoted identifier, as this dialect prints it.
    pub identifier_quotes: (char, char),
    /// Where unqualified names are looked for when nothing else is said.
    pub search_path: &'static [&'static str],
    /// How a view finds its columns.
    pub view_binding: ViewBinding,
    /// What becomes of the columns of a view that finds them by name.
    pub late_columns: LateColumns,
    /// What a failed script leaves behind.
    pub ddl_transactions: DdlTransactions,
    /// How far the simulation goes.
    pub modelling: Modelling,
    /// What it brings along: types, functions, operators, casts; `None` where no tables of it are kept and types are not followed.
    pub built_ins: Option<&'static LazyLock<BuiltIns>>,
    /// Where else than in `GROUP BY` and `ORDER BY` output names can be used.
    pub alias_places: &'static [AliasPlace],
    /// Which of the two such a name means when both have it.
    pub alias_precedence: AliasPrecedence,
    /// What an output column is called that nobody named.
    pub unnamed_output: UnnamedOutput,
    /// Whether `a.b` can mean the field `b` of a column `a` (BigQuery's structs), not only the column of a relation.
    pub dots_reach_into_columns: bool,
    /// The relations that the database brings along, a line each column: relation (with its schema unless it is `pg_catalog`), kind,
    /// column, type by internal name, `t` for not null. Empty when none are known.
    pub system_relations: &'static str,
    /// Words that must be quoted to be a name.
    pub is_reserved: fn(&str) -> bool,
    /// Words (lower case) that are no table or column name without quotes.
    pub is_no_column_name: fn(&str) -> bool,
    /// Words (lower case) that are no type or function name without quotes.
    pub is_no_type_name: fn(&str) -> bool,
}

impl Dialect {
    /// Whether a view looks its columns up at each query; `asked` when its definition says so (`WITH NO SCHEMA BINDING`).
    pub fn binds_late(&self, asked: bool) -> bool {
        match self.view_binding {
            ViewBinding::ByName => true,
            ViewBinding::ByIdentity => asked,
        }
    }

    /// A name in the form this database stores it.
    pub fn fold(&self, word: &str, quoting: Quoting) -> Name {
        Name::fold(word, quoting, self.folding, self.max_identifier_bytes)
    }

    /// A name as SQL text: quoted when it would not be read back as itself.
    pub fn quote(&self, name: &Name) -> String {
        let text = name.as_str();
        let mut characters = text.chars();
        let starts_well = characters.next().is_some_and(|first| first == '_' || first.is_ascii_alphabetic());
        let plain = starts_well
            && characters.all(|character| character == '_' || character == '$' || character.is_ascii_alphanumeric())
            && !(self.is_reserved)(text)
            && self.fold(text, Quoting::Bare).as_str() == text;
        if plain {
            return text.to_owned();
        }
        let (open, close) = self.identifier_quotes;
        let mut quoted = String::with_capacity(text.len() + 2);
        quoted.push(open);
        for character in text.chars() {
            quoted.push(character);
            if character == close {
                quoted.push(character);
            }
        }
        quoted.push(close);
        quoted
    }

    /// `schema.name` as SQL text.
    pub fn quote_qualified(&self, name: &crate::name::QualifiedName) -> String {
        format!("{}.{}", self.quote(&name.schema), self.quote(&name.name))
    }
}
