//! Words that PostgreSQL does not take as a bare name, and how strictly.
//!
//! Source: `pg_get_keywords()` of PostgreSQL 15, categories R (reserved), T (reserved, can be function or type) and C (unreserved, cannot be function or type).
//! `quote_identifier()` quotes every word that is not category U, so these are all of them.

/// Category R: never a name without quotes.
static RESERVED: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// Category T: a function or type name, but no table or column without quotes.
static TYPE_OR_FUNCTION: &[&str] = &[
    "authorization",
    "binary",
    "collation",
    "concurrently",
    "cross",
    "current_schema",
    "freeze",
    "full",
    "ilike",
    "inner",
    "is",
    "isnull",
    "join",
    "left",
    "like",
    "natural",
    "notnull",
    "outer",
    "overlaps",
    "right",
    "similar",
    "tablesample",
    "verbose",
];

/// Category C: a column or table name, but no function or type name without quotes.
static COLUMN_NAME: &[&str] = &[
    "between",
    "bigint",
    "bit",
    "boolean",
    "char",
    "character",
    "coalesce",
    "dec",
    "decimal",
    "exists",
    "extract",
    "float",
    "greatest",
    "grouping",
    "inout",
    "int",
    "integer",
    "interval",
    "least",
    "national",
    "nchar",
    "none",
    "normalize",
    "nullif",
    "numeric",
    "out",
    "overlay",
    "position",
    "precision",
    "real",
    "row",
    "setof",
    "smallint",
    "substring",
    "time",
    "timestamp",
    "treat",
    "trim",
    "values",
    "varchar",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
];

/// Whether the server itself would quote the (lower-case) word when it prints a name.
pub fn must_be_quoted(word: &str) -> bool {
    [RESERVED, TYPE_OR_FUNCTION, COLUMN_NAME].iter().any(|words| words.binary_search(&word).is_ok())
}

/// Whether the (lower-case) word cannot be a table or column name without quotes.
pub fn is_no_column_name(word: &str) -> bool {
    [RESERVED, TYPE_OR_FUNCTION].iter().any(|words| words.binary_search(&word).is_ok())
}

/// Whether the (lower-case) word cannot be a function or type name without quotes.
pub fn is_no_type_name(word: &str) -> bool {
    [RESERVED, COLUMN_NAME].iter().any(|words| words.binary_search(&word).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_for_binary_search() {
        for words in [RESERVED, TYPE_OR_FUNCTION, COLUMN_NAME] {
            assert!(words.is_sorted());
        }
    }

    #[test]
    fn words_are_quoted_as_the_server_does() {
        assert!(must_be_quoted("user") && must_be_quoted("left") && must_be_quoted("values"));
        assert!(!must_be_quoted("name") && !must_be_quoted("status"));
    }
}
