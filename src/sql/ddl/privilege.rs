//! `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES`.

use super::function;
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::forms::Forms;
use crate::sql::session;
use crate::sql::token::Kind;
use crate::sql::tree::{
    AlterDefaultPrivileges, DropBehavior, FunctionKind, Grant, GrantDirection, GrantTarget, Grantee, Ident, ObjectKind, ObjectName, Privilege, StatementKind,
    Unread,
};

/// Behind `GRANT` or `REVOKE`.
pub(crate) fn grant(cursor: &mut Cursor<'_>, direction: GrantDirection) -> Result<StatementKind, Unread> {
    let mut grant_option = option_for(cursor, direction);
    let mut ahead = *cursor;
    ahead.until(|here| here.is_any_keyword(&["ON", "TO", "FROM"]));
    let on_objects = ahead.is_keyword("ON");
    let (privileges, target) = if on_objects {
        let privileges = privileges(cursor)?;
        cursor.expect_keyword("ON")?;
        (privileges, target(cursor)?)
    } else {
        (Vec::new(), GrantTarget::Roles(cursor.comma_separated(clause::role)?))
    };
    let grantees = grantees(cursor, direction)?;
    grant_option |= with_options(cursor)?;
    let (granted_by, behavior) = end(cursor, direction)?;
    Ok(StatementKind::Grant(Box::new(Grant { direction, privileges, target, grantees, grant_option, granted_by, behavior })))
}

/// `GRANT OPTION FOR`, and the role options of `REVOKE`.
fn option_for(cursor: &mut Cursor<'_>, direction: GrantDirection) -> bool {
    direction == GrantDirection::Revoke && ["GRANT", "ADMIN", "INHERIT", "SET"].iter().any(|word| cursor.take_keywords(&[word, "OPTION", "FOR"]))
}

fn grantees(cursor: &mut Cursor<'_>, direction: GrantDirection) -> Result<Vec<Grantee>, Unread> {
    cursor.expect_keyword(match direction {
        GrantDirection::Grant => "TO",
        GrantDirection::Revoke => "FROM",
    })?;
    cursor.comma_separated(grantee)
}

/// `PUBLIC` or a role, with the old noise word `GROUP`.
pub(crate) fn grantee(cursor: &mut Cursor<'_>) -> Result<Grantee, Unread> {
    let another = cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_)));
    if another && !Forms::of(cursor.dialect()).is_postgres {
        cursor.take_any_keyword(&["GROUP", "ROLE", "USER"]);
    } else if another {
        cursor.take_keyword("GROUP");
    }
    if cursor.take_keyword("PUBLIC") {
        return Ok(Grantee::Public);
    }
    Ok(Grantee::Role(clause::role(cursor)?))
}

/// `WITH GRANT OPTION`, `WITH ADMIN OPTION`, `WITH INHERIT TRUE, SET FALSE`.
fn with_options(cursor: &mut Cursor<'_>) -> Result<bool, Unread> {
    if !cursor.take_keyword("WITH") {
        return Ok(false);
    }
    let options = cursor.comma_separated(|cursor| {
        let word = clause::one_of(cursor, &["GRANT", "ADMIN", "INHERIT", "SET"])?;
        let value = clause::one_of(cursor, &["OPTION", "TRUE", "FALSE"])?;
        Ok(matches!(word, "GRANT" | "ADMIN") && value != "FALSE")
    })?;
    Ok(options.contains(&true))
}

fn end(cursor: &mut Cursor<'_>, direction: GrantDirection) -> Result<(Option<Ident>, DropBehavior), Unread> {
    let granted_by = if cursor.take_keywords(&["GRANTED", "BY"]) { Some(clause::role(cursor)?) } else { None };
    let behavior = match direction {
        GrantDirection::Revoke => clause::drop_behavior(cursor),
        GrantDirection::Grant => DropBehavior::Restrict,
    };
    Ok((granted_by, behavior))
}

/// `ALL [PRIVILEGES]` is the empty list; with columns it keeps its word.
fn privileges(cursor: &mut Cursor<'_>) -> Result<Vec<Privilege>, Unread> {
    if cursor.take_keyword("ALL") {
        cursor.take_keyword("PRIVILEGES");
        if cursor.is_symbol(&Kind::LParen) {
            return Ok(vec![Privilege { name: String::from("ALL"), columns: cursor.idents_in_parentheses()? }]);
        }
        return Ok(Vec::new());
    }
    cursor.comma_separated(|cursor| {
        let mut name = cursor.label()?.name.as_str().to_ascii_uppercase();
        while matches!(cursor.peek().map(|token| &token.kind), Some(Kind::Word(_))) && !cursor.is_keyword("ON") {
            name.push(' ');
            name.push_str(&cursor.label()?.name.as_str().to_ascii_uppercase());
        }
        let known = PRIVILEGES.contains(&name.as_str()) || !Forms::of(cursor.dialect()).is_postgres;
        if !known {
            return Err(cursor.error(format!("`{name}` is no privilege")));
        }
        let columns = if cursor.is_symbol(&Kind::LParen) { cursor.idents_in_parentheses()? } else { Vec::new() };
        Ok(Privilege { name, columns })
    })
}

/// Manual 5.8 (18).
const PRIVILEGES: &[&str] = &[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
    "CREATE",
    "CONNECT",
    "TEMPORARY",
    "TEMP",
    "EXECUTE",
    "USAGE",
    "SET",
    "ALTER SYSTEM",
    "MAINTAIN",
    "RULE",
];

/// Behind `ON`.
fn target(cursor: &mut Cursor<'_>) -> Result<GrantTarget, Unread> {
    if cursor.take_keyword("ALL") {
        return all_in_schema(cursor);
    }
    let routine = [("FUNCTION", Some(FunctionKind::Function)), ("PROCEDURE", Some(FunctionKind::Procedure)), ("ROUTINE", None)];
    for (word, kind) in routine {
        if cursor.is_keyword(word) && !followed_by_end(cursor) {
            cursor.skip(1);
            return Ok(GrantTarget::Functions(cursor.comma_separated(|cursor| function::signature(cursor, kind))?));
        }
    }
    if cursor.is_keyword("TABLE") || followed_by_end(cursor) {
        cursor.take_keyword("TABLE");
        return Ok(GrantTarget::Relations(clause::object_names(cursor)?));
    }
    for (words, kind) in KINDS {
        if cursor.take_keywords(words) {
            let names = cursor.comma_separated(|cursor| object(cursor, *kind))?;
            return Ok(GrantTarget::Objects(*kind, names));
        }
    }
    let start = *cursor;
    if cursor.is_keywords(&["LARGE", "OBJECT"]) || cursor.is_keyword("PARAMETER") {
        if cursor.take_keyword("PARAMETER") {
            cursor.comma_separated(session::setting_name)?;
        } else {
            cursor.skip(2);
            cursor.comma_separated(|cursor| clause::integer(cursor, "the number of a large object"))?;
        }
        return Ok(GrantTarget::Other(clause::words_of(start.without_last(cursor.rest().len()))));
    }
    if Forms::of(cursor.dialect()).is_postgres || !matches!(cursor.peek_at(1).map(|token| &token.kind), Some(Kind::Word(_))) {
        return Ok(GrantTarget::Relations(clause::object_names(cursor)?));
    }
    let part = cursor.until(|here| here.is_any_keyword(&["TO", "FROM"]));
    Ok(GrantTarget::Other(clause::words_of(part)))
}

/// The kinds that have a word of their own.
const KINDS: &[(&[&str], ObjectKind)] = &[
    (&["SEQUENCE"], ObjectKind::Sequence),
    (&["SCHEMA"], ObjectKind::Schema),
    (&["DATABASE"], ObjectKind::Database),
    (&["TYPE"], ObjectKind::Type),
    (&["DOMAIN"], ObjectKind::Domain),
    (&["LANGUAGE"], ObjectKind::Language),
    (&["TABLESPACE"], ObjectKind::Tablespace),
    (&["FOREIGN", "DATA", "WRAPPER"], ObjectKind::ForeignDataWrapper),
    (&["FOREIGN", "SERVER"], ObjectKind::Server),
];

fn object(cursor: &mut Cursor<'_>, kind: ObjectKind) -> Result<ObjectName, Unread> {
    let place = if matches!(kind, ObjectKind::Type | ObjectKind::Domain) { NamePlace::TypeOrFunction } else { NamePlace::Column };
    cursor.qualified_name(place, "a name")
}

/// A single name follows and then the grantees: the word is a table's name, not a kind.
fn followed_by_end(cursor: &Cursor<'_>) -> bool {
    cursor.peek_at(1).is_some_and(|token| token.is_word("TO") || token.is_word("FROM") || matches!(token.kind, Kind::Comma | Kind::Period))
}

/// Behind `ON ALL`.
fn all_in_schema(cursor: &mut Cursor<'_>) -> Result<GrantTarget, Unread> {
    let kind = plural(cursor, &["TABLES", "SEQUENCES", "FUNCTIONS", "PROCEDURES", "ROUTINES"])?;
    cursor.expect_keywords(&["IN", "SCHEMA"])?;
    Ok(GrantTarget::AllInSchema(kind, cursor.comma_separated(Cursor::ident)?))
}

fn plural(cursor: &mut Cursor<'_>, words: &[&str]) -> Result<ObjectKind, Unread> {
    Ok(match clause::one_of(cursor, words)? {
        "TABLES" => ObjectKind::Table,
        "SEQUENCES" => ObjectKind::Sequence,
        "FUNCTIONS" => ObjectKind::Function,
        "PROCEDURES" => ObjectKind::Procedure,
        "ROUTINES" => ObjectKind::Routine,
        "TYPES" => ObjectKind::Type,
        "SCHEMAS" => ObjectKind::Schema,
        _ => ObjectKind::LargeObject,
    })
}

/// Behind `ALTER DEFAULT PRIVILEGES`.
pub(crate) fn alter_default(cursor: &mut Cursor<'_>) -> Result<StatementKind, Unread> {
    let (mut roles, mut schemas) = (Vec::new(), Vec::new());
    loop {
        if cursor.take_keywords(&["FOR", "ROLE"]) || cursor.take_keywords(&["FOR", "USER"]) {
            roles = cursor.comma_separated(clause::role)?;
        } else if cursor.take_keywords(&["IN", "SCHEMA"]) {
            schemas = cursor.comma_separated(Cursor::ident)?;
        } else {
            break;
        }
    }
    let direction = if clause::one_of(cursor, &["GRANT", "REVOKE"])? == "GRANT" { GrantDirection::Grant } else { GrantDirection::Revoke };
    let mut grant_option = option_for(cursor, direction);
    let privileges = privileges(cursor)?;
    cursor.expect_keyword("ON")?;
    let kind = if cursor.take_keywords(&["LARGE", "OBJECTS"]) {
        ObjectKind::LargeObject
    } else {
        plural(cursor, &["TABLES", "SEQUENCES", "FUNCTIONS", "ROUTINES", "TYPES", "SCHEMAS"])?
    };
    let grantees = grantees(cursor, direction)?;
    grant_option |= with_options(cursor)?;
    end(cursor, direction)?;
    let statement = AlterDefaultPrivileges { roles, schemas, direction, privileges, kind, grantees, grant_option };
    Ok(StatementKind::AlterDefaultPrivileges(Box::new(statement)))
}
