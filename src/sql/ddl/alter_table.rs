//! `ALTER [FOREIGN] TABLE`: every action with its own place (manual, ALTER TABLE, 18; the lists and words of other dialects where forms allow).

use super::{alter_column, column, constraint, create_table};
use crate::sql::clause;
use crate::sql::cursor::{Cursor, NamePlace};
use crate::sql::data_type;
use crate::sql::expression;
use crate::sql::forms::Forms;
use crate::sql::token::Kind;
use crate::sql::tree::{
    AlterColumn, AlterTable, AlterTableAction, ColumnConstraintKind, ColumnDefinition, Ident, Maintenance, ObjectName, RelationKind, ReplicaIdentity,
    RowSecurity, StatementKind, TriggerState, Unread, UnreadReason,
};
use crate::text::Spanned;

/// Behind `ALTER TABLE`.
pub(crate) fn alter(cursor: &mut Cursor<'_>, kind: RelationKind) -> Result<StatementKind, Unread> {
    if cursor.is_keywords(&["ALL", "IN", "TABLESPACE"]) {
        return all_in_tablespace(cursor, "ALTER TABLE");
    }
    let if_exists = clause::if_exists(cursor);
    let (name, only) = clause::relation(cursor)?;
    let actions = actions(cursor)?;
    Ok(StatementKind::AlterTable(Box::new(AlterTable { kind, name, if_exists, only, actions })))
}

/// `ALL IN TABLESPACE a [OWNED BY r] SET TABLESPACE b [NOWAIT]`.
pub(crate) fn all_in_tablespace(cursor: &mut Cursor<'_>, verb: &str) -> Result<StatementKind, Unread> {
    cursor.expect_keywords(&["ALL", "IN", "TABLESPACE"])?;
    cursor.ident()?;
    if cursor.take_keywords(&["OWNED", "BY"]) {
        cursor.comma_separated(clause::role)?;
    }
    cursor.expect_keywords(&["SET", "TABLESPACE"])?;
    cursor.ident()?;
    cursor.take_keyword("NOWAIT");
    let verb = format!("{verb} ALL IN TABLESPACE");
    Ok(StatementKind::Maintenance(Maintenance { verb, concurrently: false, targets: Vec::new(), columns: Vec::new(), index: None }))
}

/// The comma list of actions.
pub(crate) fn actions(cursor: &mut Cursor<'_>) -> Result<Vec<Spanned<AlterTableAction>>, Unread> {
    let forms = Forms::of(cursor.dialect());
    let mut all: Vec<Spanned<AlterTableAction>> = Vec::new();
    loop {
        let start = cursor.mark();
        let at = *cursor;
        let goes_on = forms.add_lists && matches!(all.last(), Some(last) if is_addition(&last.value)) && !begins_action(cursor);
        let found = if goes_on { add(cursor)? } else { action(cursor)? };
        let span = cursor.span_since(start);
        let in_list = !all.is_empty() || cursor.is_symbol(&Kind::Comma);
        if in_list && forms.is_postgres && found.iter().any(stands_alone) {
            return Err(at.error("this action cannot stand in a list with others"));
        }
        all.extend(found.into_iter().map(|action| Spanned::new(action, span)));
        if !cursor.take_symbol(&Kind::Comma) {
            return Ok(all);
        }
    }
}

fn is_addition(action: &AlterTableAction) -> bool {
    matches!(action, AlterTableAction::AddColumn { .. } | AlterTableAction::AddConstraint(_))
}

fn begins_action(cursor: &Cursor<'_>) -> bool {
    cursor.is_any_keyword(&["ADD", "DROP", "ALTER", "MODIFY", "CHANGE", "RENAME", "SET", "UNSET"])
}

/// Renaming, moving and partitions are statements of their own in PostgreSQL's grammar (gram.y, RenameStmt, partition_cmd).
fn stands_alone(action: &AlterTableAction) -> bool {
    matches!(
        action,
        AlterTableAction::Rename(_)
            | AlterTableAction::RenameColumn { .. }
            | AlterTableAction::RenameConstraint { .. }
            | AlterTableAction::SetSchema(_)
            | AlterTableAction::AttachPartition(..)
            | AlterTableAction::DetachPartition { .. }
    )
}

/// One action; MySQL's `CHANGE` is several in one.
fn action(cursor: &mut Cursor<'_>) -> Result<Vec<AlterTableAction>, Unread> {
    if let Some(physical) = physical(cursor) {
        return Ok(vec![physical]);
    }
    if cursor.take_keyword("ADD") {
        return add(cursor);
    }
    if cursor.take_keyword("DROP") {
        return drop(cursor);
    }
    if Forms::of(cursor.dialect()).modify_columns && cursor.is_any_keyword(&["MODIFY", "CHANGE"]) {
        return modify(cursor);
    }
    if cursor.take_keyword("ALTER") {
        return alter_part(cursor);
    }
    let action = if cursor.take_keyword("RENAME") {
        rename(cursor)?
    } else if cursor.take_keyword("SET") {
        set(cursor)?
    } else if cursor.take_keyword("RESET") {
        AlterTableAction::ResetParameters(clause::storage_parameters(cursor)?)
    } else if cursor.take_keywords(&["OWNER", "TO"]) {
        AlterTableAction::Owner(clause::role(cursor)?)
    } else if cursor.take_keywords(&["VALIDATE", "CONSTRAINT"]) {
        AlterTableAction::ValidateConstraint(cursor.ident()?)
    } else if cursor.take_keyword("INHERIT") {
        AlterTableAction::Inherit(cursor.object_name()?)
    } else if cursor.take_keywords(&["NO", "INHERIT"]) {
        AlterTableAction::NoInherit(cursor.object_name()?)
    } else if cursor.take_keyword("OF") {
        AlterTableAction::OfType(cursor.qualified_name(NamePlace::TypeOrFunction, "a type")?)
    } else if cursor.take_keywords(&["NOT", "OF"]) {
        AlterTableAction::NotOfType
    } else if cursor.take_keywords(&["ATTACH", "PARTITION"]) {
        let partition = cursor.object_name()?;
        AlterTableAction::AttachPartition(partition, create_table::partition_bound(cursor)?)
    } else if cursor.take_keywords(&["DETACH", "PARTITION"]) {
        let partition = cursor.object_name()?;
        // `FINALIZE` ends what a concurrent detach began, under an ordinary lock.
        let concurrently = cursor.take_any_keyword(&["CONCURRENTLY", "FINALIZE"]) == Some("CONCURRENTLY");
        AlterTableAction::DetachPartition { partition, concurrently }
    } else if cursor.take_keywords(&["CLUSTER", "ON"]) {
        AlterTableAction::ClusterOn(Some(cursor.ident()?))
    } else if cursor.take_keywords(&["REPLICA", "IDENTITY"]) {
        AlterTableAction::ReplicaIdentity(replica_identity(cursor)?)
    } else if cursor.is_any_keyword(&["ENABLE", "DISABLE", "FORCE", "NO"]) {
        switch(cursor)?
    } else if cursor.is_keyword("OPTIONS") {
        AlterTableAction::Physical(format!("OPTIONS ({})", clause::foreign_options(cursor)?.unwrap_or_default()))
    } else if cursor.take_keywords(&["SWAP", "WITH"]) {
        AlterTableAction::SwapWith(cursor.object_name()?)
    } else {
        return Err(cursor.expected("an action of `ALTER TABLE`"));
    };
    Ok(vec![action])
}

/// A storage action of another dialect, to the comma.
fn physical(cursor: &mut Cursor<'_>) -> Option<AlterTableAction> {
    let known = Forms::of(cursor.dialect()).physical_actions;
    known.iter().find(|words| cursor.is_keywords(words))?;
    let part = cursor.until_comma();
    Some(AlterTableAction::Physical(clause::words_of(part)))
}

/// Words that other dialects put behind `ADD`, `DROP` and `MODIFY` for things that are no columns.
const NO_COLUMNS: &[&str] = &[
    "SEARCH",
    "ROW",
    "INDEX",
    "KEY",
    "PERIOD",
    "PARTITION",
    "PROJECTION",
    "STATISTICS",
    "REPLICA",
    "ROLLUP",
    "TTL",
    "SETTING",
    "QUERY",
    "SAMPLE",
    "ORDER",
    "COMMENT",
    "FEATURE",
    "POLICY",
    "FULLTEXT",
    "SPATIAL",
    "PRIMARY",
];

fn refuse_no_column(cursor: &Cursor<'_>) -> Result<(), Unread> {
    let has_more = cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_) | Kind::LParen));
    if !Forms::of(cursor.dialect()).is_postgres && cursor.is_any_keyword(NO_COLUMNS) && has_more {
        return Err(cursor.refusal(UnreadReason::NotModelled, "this kind of action is not read in this dialect"));
    }
    Ok(())
}

/// Behind `ADD`.
fn add(cursor: &mut Cursor<'_>) -> Result<Vec<AlterTableAction>, Unread> {
    let forms = Forms::of(cursor.dialect());
    if forms.bare_alter_type && (cursor.is_keyword("DEFAULT") || cursor.is_keyword("CONSTRAINT")) && has_default_for(cursor) {
        return default_for(cursor);
    }
    if constraint::begins(cursor) {
        return Ok(vec![AlterTableAction::AddConstraint(constraint::table_constraint(cursor)?)]);
    }
    if cursor.take_keyword("COLUMN") || (!forms.is_postgres && cursor.take_keyword("COLUMNS")) {
        // Then it is a column for certain.
    } else {
        refuse_no_column(cursor)?;
    }
    let if_not_exists = clause::if_not_exists(cursor);
    if !forms.is_postgres && cursor.is_symbol(&Kind::LParen) {
        let mut inside = cursor.parentheses()?;
        let columns = inside.comma_separated(|inside| added_column(inside, if_not_exists))?;
        inside.finish()?;
        return Ok(columns);
    }
    Ok(vec![added_column(cursor, if_not_exists)?])
}

fn added_column(cursor: &mut Cursor<'_>, if_not_exists: bool) -> Result<AlterTableAction, Unread> {
    let column = column::definition(cursor)?;
    let forms = Forms::of(cursor.dialect());
    let position = if forms.modify_columns || forms.add_lists { alter_column::position(cursor)? } else { None };
    Ok(AlterTableAction::AddColumn { if_not_exists, column, position })
}

/// `ADD [CONSTRAINT n] DEFAULT e FOR c` (SQL Server).
fn has_default_for(cursor: &Cursor<'_>) -> bool {
    cursor.is_keyword("DEFAULT") || cursor.peek_at(2).is_some_and(|token| token.is_word("DEFAULT"))
}

fn default_for(cursor: &mut Cursor<'_>) -> Result<Vec<AlterTableAction>, Unread> {
    constraint::constraint_name(cursor)?;
    cursor.expect_keyword("DEFAULT")?;
    let mut part = cursor.until(|here| here.is_keyword("FOR") || here.is_symbol(&Kind::Comma));
    let value = expression::read(&mut part)?;
    part.finish()?;
    cursor.expect_keyword("FOR")?;
    Ok(vec![AlterTableAction::AlterColumn { column: cursor.ident()?, action: AlterColumn::SetDefault(value) }])
}

/// Behind `DROP`.
fn drop(cursor: &mut Cursor<'_>) -> Result<Vec<AlterTableAction>, Unread> {
    let forms = Forms::of(cursor.dialect());
    let foreign_words = forms.modify_columns && (cursor.take_keywords(&["FOREIGN", "KEY"]) || cursor.take_keyword("CHECK"));
    if foreign_words || cursor.take_keyword("CONSTRAINT") {
        let if_exists = clause::if_exists(cursor);
        let name = cursor.ident()?;
        return Ok(vec![AlterTableAction::DropConstraint { if_exists, name, behavior: clause::drop_behavior(cursor) }]);
    }
    let says_column = cursor.take_keyword("COLUMN") || (!forms.is_postgres && cursor.take_keyword("COLUMNS"));
    if !says_column {
        refuse_no_column(cursor)?;
        if forms.bare_alter_type {
            return Err(cursor.refusal(UnreadReason::NotModelled, "whether a constraint or a column is dropped here is not told by the statement"));
        }
    }
    let if_exists = clause::if_exists(cursor);
    if !forms.is_postgres && cursor.is_symbol(&Kind::LParen) {
        let columns = cursor.idents_in_parentheses()?;
        let behavior = clause::drop_behavior(cursor);
        return Ok(columns.into_iter().map(|column| AlterTableAction::DropColumn { if_exists, column, behavior }).collect());
    }
    let mut columns = vec![column::column_name(cursor)?];
    // `DROP COLUMN a, b` goes on without repeating the verb.
    while forms.add_lists && cursor.is_symbol(&Kind::Comma) && cursor.peek_at(1).is_some_and(|token| matches!(token.kind, Kind::Word(_))) {
        let mut ahead = *cursor;
        ahead.skip(1);
        if begins_action(&ahead) {
            break;
        }
        cursor.skip(1);
        cursor.take_keyword("COLUMN");
        columns.push(column::column_name(cursor)?);
    }
    let behavior = clause::drop_behavior(cursor);
    Ok(columns.into_iter().map(|column| AlterTableAction::DropColumn { if_exists, column, behavior }).collect())
}

/// Behind `ALTER`.
fn alter_part(cursor: &mut Cursor<'_>) -> Result<Vec<AlterTableAction>, Unread> {
    if cursor.take_keyword("CONSTRAINT") {
        let name = cursor.ident()?;
        if cursor.is_any_keyword(&["ENFORCED", "INHERIT", "NO"]) || cursor.is_keywords(&["NOT", "ENFORCED"]) {
            return Err(cursor.refusal(UnreadReason::NotModelled, "enforcing and inheriting an existing constraint anew is not read"));
        }
        let mut flags = crate::sql::tree::ConstraintFlags::default();
        if !constraint::one_flag(cursor, &mut flags)? {
            return Err(cursor.expected("what the constraint becomes"));
        }
        while constraint::one_flag(cursor, &mut flags)? {}
        return Ok(vec![AlterTableAction::AlterConstraint(name, flags)]);
    }
    cursor.take_keyword("COLUMN");
    let column = alter_column::target(cursor)?;
    if cursor.is_keyword("OPTIONS") {
        let options = clause::foreign_options(cursor)?.unwrap_or_default();
        return Ok(vec![AlterTableAction::Physical(format!("ALTER COLUMN {column} OPTIONS ({options})"))]);
    }
    if Forms::of(cursor.dialect()).bare_alter_type {
        return bare_type(cursor, &column);
    }
    Ok(vec![AlterTableAction::AlterColumn { column, action: alter_column::action(cursor)? }])
}

/// `ALTER COLUMN c type [NULL | NOT NULL]` of SQL Server, where no word means that nulls are allowed.
fn bare_type(cursor: &mut Cursor<'_>, column: &Ident) -> Result<Vec<AlterTableAction>, Unread> {
    let data_type = data_type::read(cursor)?;
    let collation = column::collation(cursor)?;
    let not_null = cursor.take_keywords(&["NOT", "NULL"]);
    if !not_null {
        cursor.take_keyword("NULL");
    }
    let nullability = if not_null { AlterColumn::SetNotNull } else { AlterColumn::DropNotNull };
    let actions = [AlterColumn::Type { data_type, collation, using: None }, nullability];
    Ok(actions.into_iter().map(|action| AlterTableAction::AlterColumn { column: column.clone(), action }).collect())
}

/// `MODIFY c definition` and `CHANGE a b definition`: the whole definition is replaced.
fn modify(cursor: &mut Cursor<'_>) -> Result<Vec<AlterTableAction>, Unread> {
    let changes = cursor.is_keyword("CHANGE");
    cursor.skip(1);
    if !cursor.take_keyword("COLUMN") {
        refuse_no_column(cursor)?;
    }
    let mut actions = Vec::new();
    let from = if changes { Some(column::column_name(cursor)?) } else { None };
    if !changes && cursor.peek_at(1).is_some_and(|token| ["SET", "DROP", "UNSET", "COMMENT", "TYPE"].iter().any(|word| token.is_word(word))) {
        let column = column::column_name(cursor)?;
        return Ok(vec![AlterTableAction::AlterColumn { column, action: alter_column::action(cursor)? }]);
    }
    let definition = column::definition(cursor)?;
    let position = alter_column::position(cursor)?;
    if let Some(from) = from.filter(|from| *from != definition.name) {
        actions.push(AlterTableAction::RenameColumn { from, to: definition.name.clone() });
    }
    let column = definition.name.clone();
    let mut changes = redefined(cursor, definition)?;
    changes.extend(position.map(AlterColumn::Position));
    actions.extend(changes.into_iter().map(|action| AlterTableAction::AlterColumn { column: column.clone(), action }));
    Ok(actions)
}

/// What a definition that replaces another one does to the column.
fn redefined(cursor: &Cursor<'_>, definition: ColumnDefinition) -> Result<Vec<AlterColumn>, Unread> {
    let replaces = Forms::of(cursor.dialect()).modify_replaces;
    let mut changes = Vec::new();
    let mut push = |action| changes.push(action);
    if let Some(data_type) = definition.data_type {
        push(AlterColumn::Type { data_type, collation: definition.collation, using: None });
    }
    let (mut not_null, mut default) = (false, None);
    for constraint in definition.constraints {
        match constraint.kind {
            ColumnConstraintKind::NotNull => not_null = true,
            ColumnConstraintKind::Null => {}
            ColumnConstraintKind::Default(value) => default = Some(value),
            ColumnConstraintKind::Identity(kind, options) => push(AlterColumn::SetIdentity(Some(kind), options)),
            ColumnConstraintKind::Generated(..)
            | ColumnConstraintKind::PrimaryKey
            | ColumnConstraintKind::Unique { .. }
            | ColumnConstraintKind::Check { .. }
            | ColumnConstraintKind::References(_) => {
                let unread = cursor.refusal(UnreadReason::NotModelled, "this constraint is not read in a changed column");
                return Err(Unread { span: constraint.span, ..unread });
            }
        }
    }
    match (not_null, replaces) {
        (true, _) => push(AlterColumn::SetNotNull),
        (false, true) => push(AlterColumn::DropNotNull),
        (false, false) => {}
    }
    match (default, replaces) {
        (Some(value), _) => push(AlterColumn::SetDefault(value)),
        (None, true) => push(AlterColumn::DropDefault),
        (None, false) => {}
    }
    if let Some((_, text)) = definition.options.iter().find(|(word, _)| word == "COMMENT") {
        push(AlterColumn::Comment(Some(text.trim_matches('\'').to_owned())));
    }
    Ok(changes)
}

/// Behind `RENAME`.
fn rename(cursor: &mut Cursor<'_>) -> Result<AlterTableAction, Unread> {
    if cursor.take_keyword("TO") {
        // A qualified new name is another dialect's; PostgreSQL takes a bare one.
        let name = if Forms::of(cursor.dialect()).is_postgres { ObjectName::bare(cursor.ident()?) } else { cursor.object_name()? };
        return Ok(AlterTableAction::Rename(name));
    }
    if cursor.take_keyword("CONSTRAINT") {
        let from = cursor.ident()?;
        cursor.expect_keyword("TO")?;
        return Ok(AlterTableAction::RenameConstraint { from, to: cursor.ident()? });
    }
    cursor.take_keyword("COLUMN");
    let from = column::column_name(cursor)?;
    cursor.expect_keyword("TO")?;
    Ok(AlterTableAction::RenameColumn { from, to: column::column_name(cursor)? })
}

/// Behind `SET`.
fn set(cursor: &mut Cursor<'_>) -> Result<AlterTableAction, Unread> {
    Ok(if cursor.take_keyword("SCHEMA") {
        AlterTableAction::SetSchema(cursor.ident()?)
    } else if cursor.take_keyword("TABLESPACE") {
        let tablespace = cursor.ident()?;
        cursor.take_keyword("NOWAIT");
        AlterTableAction::SetTablespace(tablespace)
    } else if cursor.take_keyword("LOGGED") {
        AlterTableAction::SetUnlogged(false)
    } else if cursor.take_keyword("UNLOGGED") {
        AlterTableAction::SetUnlogged(true)
    } else if cursor.take_keywords(&["ACCESS", "METHOD"]) {
        AlterTableAction::SetAccessMethod(cursor.label()?)
    } else if cursor.take_keywords(&["WITHOUT", "CLUSTER"]) {
        AlterTableAction::ClusterOn(None)
    } else if cursor.take_keywords(&["WITHOUT", "OIDS"]) {
        AlterTableAction::Physical(String::from("SET WITHOUT OIDS"))
    } else if cursor.is_symbol(&Kind::LParen) {
        AlterTableAction::SetParameters(clause::storage_parameters(cursor)?)
    } else {
        return Err(cursor.expected("what is set on the table"));
    })
}

fn replica_identity(cursor: &mut Cursor<'_>) -> Result<ReplicaIdentity, Unread> {
    if cursor.take_keywords(&["USING", "INDEX"]) {
        return Ok(ReplicaIdentity::Index(cursor.ident()?));
    }
    Ok(match clause::one_of(cursor, &["DEFAULT", "FULL", "NOTHING"])? {
        "FULL" => ReplicaIdentity::Full,
        "NOTHING" => ReplicaIdentity::Nothing,
        _ => ReplicaIdentity::Default,
    })
}

/// `ENABLE`, `DISABLE` and `[NO] FORCE` of triggers, rules and row security.
fn switch(cursor: &mut Cursor<'_>) -> Result<AlterTableAction, Unread> {
    const SECURITY: &[&str] = &["ROW", "LEVEL", "SECURITY"];
    let verb = clause::one_of(cursor, &["ENABLE", "DISABLE", "FORCE", "NO"])?;
    if verb == "NO" {
        cursor.expect_keyword("FORCE")?;
    }
    if matches!(verb, "FORCE" | "NO") || cursor.is_keyword("ROW") {
        cursor.expect_keywords(SECURITY)?;
        return Ok(AlterTableAction::RowSecurity(match verb {
            "ENABLE" => RowSecurity::Enable,
            "DISABLE" => RowSecurity::Disable,
            "FORCE" => RowSecurity::Force,
            _ => RowSecurity::NoForce,
        }));
    }
    let state = if verb == "DISABLE" {
        TriggerState::Disabled
    } else {
        match cursor.take_any_keyword(&["REPLICA", "ALWAYS"]) {
            Some("REPLICA") => TriggerState::Replica,
            Some(_) => TriggerState::Always,
            None => TriggerState::Enabled,
        }
    };
    if cursor.take_keyword("RULE") {
        return Ok(AlterTableAction::Rule(state, cursor.ident()?));
    }
    cursor.expect_keyword("TRIGGER")?;
    if cursor.take_any_keyword(&["ALL", "USER"]).is_some() {
        return Ok(AlterTableAction::Trigger(state, None));
    }
    Ok(AlterTableAction::Trigger(state, Some(cursor.ident()?)))
}
