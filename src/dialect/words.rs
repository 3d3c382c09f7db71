//! Words that no database takes as the name of a table or column without quotes.
//!
//! The intersection of the reserved words that the vendors' manuals list, so that no name which an engine allows is refused; what an engine refuses
//! beyond them is read as a name, which harms nobody: such text does not run there anyway.

static WORDS: &[&str] = &[
    "all",
    "alter",
    "and",
    "any",
    "as",
    "asc",
    "between",
    "by",
    "case",
    "cast",
    "check",
    "column",
    "constraint",
    "create",
    "cross",
    "delete",
    "desc",
    "distinct",
    "drop",
    "else",
    "end",
    "except",
    "exists",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "in",
    "inner",
    "insert",
    "intersect",
    "into",
    "is",
    "join",
    "left",
    "like",
    "limit",
    "natural",
    "not",
    "null",
    "on",
    "or",
    "order",
    "outer",
    "primary",
    "references",
    "right",
    "select",
    "set",
    "table",
    "then",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
    "with",
];

/// Whether the (lower-case) word is reserved in every dialect.
pub(super) fn is_reserved_everywhere(word: &str) -> bool {
    WORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_for_binary_search() {
        assert!(WORDS.is_sorted());
    }

    #[test]
    fn names_of_every_day_are_free_and_clauses_are_not() {
        assert!(is_reserved_everywhere("SELECT") && is_reserved_everywhere("group"));
        assert!(!is_reserved_everywhere("date") && !is_reserved_everywhere("status") && !is_reserved_everywhere("name"));
    }
}
