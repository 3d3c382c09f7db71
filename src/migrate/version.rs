//! What the version of the server decides: which statements it does not know yet, and which it no longer takes.
//!
//! In: a statement, and the major version that the snapshot tells. Out: the refusal of that version. Without a version nothing is refused here:
//! the model is that of 15, and what came later is taken as the version that brought it takes it. One row of [`GATES`] for each word; its source
//! is the release notes of the version that brought it (manual, appendix E), tried on 12 to 18.

use super::work::{Applied, Work};
use crate::sql::tree::{
    AlterColumn, AlterDomainAction, AlterTableAction, ColumnConstraintKind, ColumnDefinition, CreateView, Dml, FunctionBody, FunctionKind, GeneratedKind,
    GrantTarget, LikeOption, ObjectAction, ObjectKind, ParameterMode, QueryBody, Statement, StatementKind, TableConstraint, TableConstraintKind, TableElement,
    TypeName, ViewKind,
};

/// A word of a statement that not every version knows.
struct Gate {
    /// The major version that brought it.
    since: u32,
    /// What an older one says.
    sqlstate: &'static str,
    /// The word, for people.
    what: &'static str,
    /// Whether a statement has it.
    is_in: fn(&Statement, &str) -> bool,
}

const SYNTAX: &str = "42601";
const NOT_SUPPORTED: &str = "0A000";

const GATES: &[Gate] = &[
    Gate { since: 13, sqlstate: SYNTAX, what: "ALTER VIEW … RENAME COLUMN", is_in: |statement, _| renames_view_column(statement) },
    Gate {
        since: 13,
        sqlstate: SYNTAX,
        what: "DROP EXPRESSION",
        is_in: |statement, _| alters_column(statement, |action| matches!(action, AlterColumn::DropExpression { .. })),
    },
    Gate { since: 13, sqlstate: SYNTAX, what: "WITH TIES", is_in: |statement, _| matches!(&statement.kind, StatementKind::Query(query) if query.with_ties) },
    Gate {
        since: 14,
        sqlstate: "42704",
        what: "a type of several ranges",
        is_in: |statement, _| has_column_type(statement, |data_type| data_type.name.name.name.as_str().ends_with("multirange")),
    },
    Gate {
        since: 15,
        sqlstate: "22023",
        what: "a scale below zero or above the precision",
        is_in: |statement, _| has_column_type(statement, is_scaled_widely),
    },
    Gate { since: 14, sqlstate: SYNTAX, what: "COMPRESSION", is_in: |statement, _| has_compression(statement) },
    Gate {
        since: 14,
        sqlstate: SYNTAX,
        what: "CREATE OR REPLACE TRIGGER",
        is_in: |statement, _| matches!(&statement.kind, StatementKind::CreateTrigger(trigger) if trigger.or_replace),
    },
    Gate { since: 14, sqlstate: SYNTAX, what: "DETACH PARTITION … CONCURRENTLY", is_in: |statement, text| detaches_in_two_steps(statement, text) },
    Gate {
        since: 14,
        sqlstate: SYNTAX,
        what: "a body of a routine in SQL itself",
        is_in: |statement, _| matches!(&statement.kind, StatementKind::CreateFunction(create) if matches!(create.body, FunctionBody::Atomic(..) | FunctionBody::Return(..))),
    },
    Gate { since: 14, sqlstate: NOT_SUPPORTED, what: "procedures cannot have OUT arguments", is_in: |statement, _| is_procedure_with_output(statement) },
    Gate { since: 15, sqlstate: SYNTAX, what: "MERGE", is_in: |statement, _| dml(statement).is_some_and(|dml| matches!(dml, Dml::Merge(_))) },
    Gate { since: 15, sqlstate: SYNTAX, what: "NULLS NOT DISTINCT", is_in: |statement, _| has_nulls_not_distinct(statement) },
    Gate {
        since: 15,
        sqlstate: SYNTAX,
        what: "SET ACCESS METHOD",
        is_in: |statement, _| alters_table(statement, |action| matches!(action, AlterTableAction::SetAccessMethod(_))),
    },
    Gate { since: 15, sqlstate: "22023", what: "unrecognized parameter \"security_invoker\"", is_in: |statement, _| has_security_invoker(statement) },
    Gate {
        since: 15,
        sqlstate: SYNTAX,
        what: "ON DELETE SET NULL (column)",
        is_in: |statement, _| {
            has_constraint(
                statement,
                |constraint| matches!(&constraint.kind, TableConstraintKind::ForeignKey { references, .. } if !references.on_delete_columns.is_empty()),
            )
        },
    },
    Gate {
        since: 15,
        sqlstate: SYNTAX,
        what: "a filter, a column list or schemas of a publication",
        is_in: |statement, text| publishes_parts(statement, text),
    },
    Gate {
        since: 15,
        sqlstate: NOT_SUPPORTED,
        what: "CREATE UNLOGGED SEQUENCE",
        is_in: |statement, _| matches!(&statement.kind, StatementKind::CreateSequence(create) if create.temporary == crate::sql::tree::TemporaryKind::Unlogged),
    },
    Gate { since: 16, sqlstate: SYNTAX, what: "STORAGE of a new column", is_in: |statement, _| has_column_option(statement, "STORAGE") },
    Gate {
        since: 17,
        sqlstate: SYNTAX,
        what: "SET EXPRESSION",
        is_in: |statement, _| alters_column(statement, |action| matches!(action, AlterColumn::SetExpression(_))),
    },
    Gate {
        since: 17,
        sqlstate: SYNTAX,
        what: "RETURNING of MERGE",
        is_in: |statement, _| dml(statement).is_some_and(|dml| matches!(dml, Dml::Merge(merge) if !merge.returning.is_empty())),
    },
    Gate {
        since: 17,
        sqlstate: SYNTAX,
        what: "the privilege MAINTAIN",
        is_in: |statement, _| {
            matches!(&statement.kind, StatementKind::Grant(grant)
                if !matches!(grant.target, GrantTarget::Roles(_)) && grant.privileges.iter().any(|privilege| privilege.name == "MAINTAIN"))
        },
    },
    Gate {
        since: 17,
        sqlstate: SYNTAX,
        what: "a constraint NOT NULL of a domain",
        is_in: |statement, text| {
            matches!(&statement.kind, StatementKind::AlterObject(alter)
                if matches!(alter.action, ObjectAction::Domain(AlterDomainAction::SetNotNull)) && text.to_ascii_uppercase().contains(" ADD "))
        },
    },
    Gate {
        since: 18,
        sqlstate: SYNTAX,
        what: "default privileges on large objects",
        is_in: |statement, _| matches!(&statement.kind, StatementKind::AlterDefaultPrivileges(alter) if alter.kind == ObjectKind::LargeObject),
    },
    Gate {
        since: 15,
        sqlstate: SYNTAX,
        what: "privileges on settings",
        is_in: |statement, _| matches!(&statement.kind, StatementKind::Grant(grant) if matches!(&grant.target, GrantTarget::Other(words) if words.to_ascii_uppercase().starts_with("PARAMETER"))),
    },
    Gate { since: 18, sqlstate: SYNTAX, what: "VIRTUAL", is_in: |statement, _| has_virtual_column(statement) },
    Gate {
        since: 18,
        sqlstate: SYNTAX,
        what: "NOT NULL as a constraint of a table",
        is_in: |statement, _| has_constraint(statement, |constraint| matches!(constraint.kind, TableConstraintKind::NotNull { .. })),
    },
    Gate { since: 18, sqlstate: SYNTAX, what: "NOT ENFORCED", is_in: |statement, _| has_constraint(statement, |constraint| constraint.flags.not_enforced) },
    Gate { since: 18, sqlstate: SYNTAX, what: "WITHOUT OVERLAPS, PERIOD", is_in: |statement, _| has_constraint(statement, is_temporal) },
];

impl Work<'_> {
    /// Refuses what the server's version does not know.
    pub(super) fn version_knows(&self, statement: &Statement) -> Applied {
        let (Some(version), true) = (self.schema.server.major_version, self.schema.dialect.built_ins.is_some()) else { return Ok(()) };
        let newest = GATES.iter().map(|gate| gate.since).max().unwrap_or(0);
        if version >= newest {
            return Ok(());
        }
        let text = self.sources.slice(statement.span);
        match GATES.iter().find(|gate| version < gate.since && (gate.is_in)(statement, text)) {
            Some(gate) => {
                let message = format!("{} is known since PostgreSQL {}, and the server is {version}", gate.what, gate.since);
                self.refuse_at(statement.span, gate.sqlstate, message)
            }
            None => Ok(()),
        }
    }
}

fn alters_table(statement: &Statement, is: impl Fn(&AlterTableAction) -> bool) -> bool {
    matches!(&statement.kind, StatementKind::AlterTable(alter) if alter.actions.iter().any(|action| is(&action.value)))
}

fn alters_column(statement: &Statement, is: impl Fn(&AlterColumn) -> bool) -> bool {
    alters_table(statement, |action| matches!(action, AlterTableAction::AlterColumn { action, .. } if is(action)))
}

fn renames_view_column(statement: &Statement) -> bool {
    use crate::sql::tree::AlterViewAction;
    matches!(&statement.kind, StatementKind::AlterView(alter) if alter.kind == ViewKind::Plain && matches!(alter.action, AlterViewAction::RenameColumn { .. }))
}

/// The columns that a statement defines.
fn columns(statement: &Statement) -> Vec<&ColumnDefinition> {
    match &statement.kind {
        StatementKind::CreateTable(create) => create
            .elements
            .iter()
            .filter_map(|element| match element {
                TableElement::Column(column) => Some(column),
                TableElement::Constraint(_) | TableElement::Like(..) => None,
            })
            .collect(),
        StatementKind::AlterTable(alter) => alter
            .actions
            .iter()
            .filter_map(|action| match &action.value {
                AlterTableAction::AddColumn { column, .. } => Some(column),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a column gets such a type.
fn has_column_type(statement: &Statement, is: impl Fn(&TypeName) -> bool) -> bool {
    columns(statement).into_iter().any(|column| column.data_type.as_ref().is_some_and(&is))
        || alters_column(statement, |action| matches!(action, AlterColumn::Type { data_type, .. } if is(data_type)))
}

/// `numeric(5, -2)`, `numeric(2, 4)`.
fn is_scaled_widely(data_type: &TypeName) -> bool {
    let [precision, scale] = data_type.modifiers.as_slice() else { return false };
    let is_numeric = ["numeric", "decimal", "dec"].contains(&data_type.name.name.name.as_str());
    match (precision.trim().parse::<i32>(), scale.trim().parse::<i32>()) {
        (Ok(precision), Ok(scale)) => is_numeric && !(0..=precision).contains(&scale),
        _ => false,
    }
}

/// Whether a constraint of a table, or of a column seen as one, is such a one.
fn has_constraint(statement: &Statement, is: impl Fn(&TableConstraint) -> bool) -> bool {
    let of_columns = columns(statement).into_iter().flat_map(|column| column.constraints.iter()).any(|constraint| {
        let kind = match &constraint.kind {
            ColumnConstraintKind::References(references) => TableConstraintKind::ForeignKey { columns: Vec::new(), references: references.clone() },
            ColumnConstraintKind::Check { expression, no_inherit } => TableConstraintKind::Check { expression: expression.clone(), no_inherit: *no_inherit },
            _ => return constraint.flags.not_enforced,
        };
        is(&TableConstraint { name: constraint.name.clone(), kind, flags: constraint.flags, span: constraint.span })
    });
    let own = match &statement.kind {
        StatementKind::CreateTable(create) => create.elements.iter().any(|element| matches!(element, TableElement::Constraint(constraint) if is(constraint))),
        StatementKind::AlterTable(alter) => {
            alter.actions.iter().any(|action| matches!(&action.value, AlterTableAction::AddConstraint(constraint) if is(constraint)))
        }
        _ => false,
    };
    of_columns || own
}

fn is_temporal(constraint: &TableConstraint) -> bool {
    match &constraint.kind {
        TableConstraintKind::PrimaryKey { without_overlaps, .. } | TableConstraintKind::Unique { without_overlaps, .. } => *without_overlaps,
        TableConstraintKind::ForeignKey { references, .. } => references.period,
        TableConstraintKind::UsingIndex { .. }
        | TableConstraintKind::Check { .. }
        | TableConstraintKind::NotNull { .. }
        | TableConstraintKind::Exclude { .. } => false,
    }
}

fn has_column_option(statement: &Statement, word: &str) -> bool {
    columns(statement).into_iter().any(|column| column.options.iter().any(|(own, _)| own == word))
}

fn has_compression(statement: &Statement) -> bool {
    let is_compression = |option: &LikeOption| option.what == "COMPRESSION";
    let is_liked = match &statement.kind {
        StatementKind::CreateTable(create) => {
            create.elements.iter().any(|element| matches!(element, TableElement::Like(_, options) if options.iter().any(is_compression)))
        }
        _ => false,
    };
    is_liked || has_column_option(statement, "COMPRESSION") || alters_column(statement, |action| matches!(action, AlterColumn::SetCompression(_)))
}

fn has_virtual_column(statement: &Statement) -> bool {
    let is_virtual = |kind: &ColumnConstraintKind| matches!(kind, ColumnConstraintKind::Generated(_, GeneratedKind::Virtual));
    columns(statement).into_iter().any(|column| column.constraints.iter().any(|constraint| is_virtual(&constraint.kind)))
}

fn has_nulls_not_distinct(statement: &Statement) -> bool {
    let of_columns = columns(statement).into_iter().flat_map(|column| column.constraints.iter());
    let mut kinds = of_columns.map(|constraint| &constraint.kind);
    kinds.any(|kind| matches!(kind, ColumnConstraintKind::Unique { nulls_not_distinct: true }))
        || has_constraint(statement, |constraint| matches!(constraint.kind, TableConstraintKind::Unique { nulls_not_distinct: true, .. }))
        || matches!(&statement.kind, StatementKind::CreateIndex(create) if create.nulls_not_distinct)
}

fn detaches_in_two_steps(statement: &Statement, text: &str) -> bool {
    let finalizes = || text.trim_end_matches(';').trim_end().to_ascii_uppercase().ends_with("FINALIZE");
    alters_table(statement, |action| matches!(action, AlterTableAction::DetachPartition { concurrently, .. } if *concurrently || finalizes()))
}

fn is_procedure_with_output(statement: &Statement) -> bool {
    matches!(&statement.kind, StatementKind::CreateFunction(create)
        if create.kind == FunctionKind::Procedure && create.parameters.iter().any(|parameter| parameter.mode == ParameterMode::Out))
}

fn has_security_invoker(statement: &Statement) -> bool {
    matches!(&statement.kind, StatementKind::CreateView(create) if is_invokers(create))
}

fn is_invokers(create: &CreateView) -> bool {
    create.parameters.iter().any(|parameter| parameter.name == "security_invoker")
}

/// `FOR TABLE t (a)`, `FOR TABLE t WHERE (…)`, `FOR TABLES IN SCHEMA s`.
fn publishes_parts(statement: &Statement, text: &str) -> bool {
    let is_publication = match &statement.kind {
        StatementKind::CreateOther { kind, .. } => *kind == ObjectKind::Publication,
        StatementKind::AlterObject(alter) => alter.object.kind == ObjectKind::Publication && matches!(alter.action, ObjectAction::Other { .. }),
        _ => false,
    };
    // What stands before the options.
    let upper = text.to_ascii_uppercase();
    let tables = upper.split(" WITH ").next().unwrap_or_default();
    is_publication && (tables.contains('(') && tables.contains("TABLE") || tables.contains("TABLES IN SCHEMA"))
}

/// The writing statement that a statement is, or that stands behind its `WITH`.
fn dml(statement: &Statement) -> Option<&Dml> {
    match &statement.kind {
        StatementKind::Dml(dml) => Some(dml),
        StatementKind::Query(query) => match &query.body {
            QueryBody::Dml(dml) => Some(dml),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::GATES;

    #[test]
    fn every_word_came_with_a_version_that_is_supported() {
        assert!(GATES.iter().all(|gate| (13..=18).contains(&gate.since) && gate.sqlstate.len() == 5));
    }
}
