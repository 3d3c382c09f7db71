//! Which file applies which statement: the one place that knows all kinds, without a catch-all.

use super::Repetition;
use super::dml::Identities;
use super::inner::Started;
use super::settings::Lifetime;
use super::work::{Applied, Work};
use crate::sql::tree::{Query, QueryBody, Statement, StatementKind, TemporaryKind, UnreadReason};

/// What a statement leaves to the keeper of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Nothing.
    Nothing,
    /// A setting was changed.
    Setting(Lifetime),
}

impl Work<'_> {
    /// Applies one statement. Transaction control is not here: it is the simulation's.
    pub(super) fn apply(&mut self, statement: &Statement) -> Applied<After> {
        self.version_knows(statement)?;
        self.role_may(statement)?;
        match &statement.kind {
            StatementKind::Session(session) => return Ok(After::Setting(self.set(session))),
            StatementKind::CreateTable(create) => self.create_table(create),
            StatementKind::CreateTableAs(create) => self.create_table_as(create),
            StatementKind::AlterTable(alter) => self.alter_table(alter),
            StatementKind::CreateView(create) => self.create_view(create),
            StatementKind::AlterView(alter) => self.alter_view(alter),
            StatementKind::RefreshView(refresh) => self.refresh_view(refresh),
            StatementKind::CreateIndex(create) => self.create_index(create),
            StatementKind::AlterIndex(alter) => self.alter_index(alter),
            StatementKind::CreateSequence(create) => self.create_sequence(create),
            StatementKind::AlterSequence(alter) => self.alter_sequence(alter),
            StatementKind::CreateSchema(create) => {
                let elements = self.create_schema(create)?;
                self.apply_inside(&create.name.name, elements)
            }
            StatementKind::CreateType(create) => self.create_type(create),
            StatementKind::CreateDomain(create) => self.create_domain(create),
            StatementKind::CreateFunction(create) => self.create_function(create),
            StatementKind::CreateTrigger(create) => self.create_trigger(create),
            StatementKind::CreatePolicy(create) => self.create_policy(create),
            StatementKind::CreateExtension(create) => self.create_extension(create),
            StatementKind::AlterObject(alter) => self.alter_object(alter),
            StatementKind::Drop(drop) => self.drop_objects(drop),
            StatementKind::Comment(comment) => self.comment(comment),
            StatementKind::Grant(grant) => self.grant(grant),
            StatementKind::AlterDefaultPrivileges(alter) => self.alter_default_privileges(alter),
            StatementKind::Truncate { tables, alone, cascade, restart_identity } => {
                let identities = if *restart_identity { Identities::Restart } else { Identities::Continue };
                self.truncate(tables, alone, *cascade, identities)
            }
            StatementKind::Dml(dml) => self.write_rows(statement, dml),
            StatementKind::Copy(copy) => self.copy(copy),
            StatementKind::Query(query) => self.run_query(statement, query),
            StatementKind::Do(block) => return self.run_block(block),
            StatementKind::Call(call) => return self.call_procedure(statement, call),
            StatementKind::Lock { tables, .. } => self.lock(tables),
            StatementKind::Maintenance(maintenance) => self.maintain(maintenance),
            StatementKind::CreateOther { kind, name, or_replace, if_not_exists, mentions } => {
                self.create_other(*kind, name, *if_not_exists, *or_replace, mentions)
            }
            StatementKind::AlterSystem => self.alter_system(),
            StatementKind::Transaction(_) | StatementKind::MetaCommand(_) | StatementKind::NoEffect { .. } => Ok(()),
            StatementKind::Unread(unread) => {
                if let UnreadReason::Refused(code) = unread.reason {
                    return self.refuse_at(unread.span, code.sqlstate(), unread.message.clone());
                }
                self.import_is_allowed(self.sources.slice(statement.span))?;
                let touched: Vec<_> = unread.mentions.iter().collect();
                self.leave_unjudged(format!("this statement was not understood: {}", unread.message), unread.span, &touched);
                Ok(())
            }
        }
        .map(|()| After::Nothing)
    }

    /// Statements of `CREATE SCHEMA`: the new schema comes first on the path.
    fn apply_inside(&mut self, schema: &crate::name::Name, elements: &[Statement]) -> Applied {
        let path = self.session.search_path.clone();
        self.session.search_path.insert(0, schema.clone());
        // Relations before what stands on them, whatever the order written (transformCreateSchemaStmtElements, parse_utilcmd.c).
        let rank = |element: &&Statement| match &element.kind {
            StatementKind::CreateSequence(_) => 0,
            StatementKind::CreateTable(_) => 1,
            StatementKind::CreateView(_) => 2,
            StatementKind::CreateIndex(_) => 3,
            StatementKind::CreateTrigger(_) => 4,
            _ => 5,
        };
        let mut ordered: Vec<&Statement> = elements.iter().collect();
        if self.schema.dialect.built_ins.is_some() {
            ordered.sort_by_key(rank);
        }
        for element in ordered {
            let temporary = match &element.kind {
                StatementKind::CreateTable(create) => create.temporary,
                StatementKind::CreateView(create) => create.temporary,
                StatementKind::CreateSequence(create) => create.temporary,
                _ => TemporaryKind::Permanent,
            };
            if temporary == TemporaryKind::Temporary && self.schema.dialect.built_ins.is_some() {
                return self.refuse_at(element.span, "42P16", "cannot create temporary relation in non-temporary schema");
            }
            self.end_part();
            self.span = element.span;
            let started = Started::of(&self.schema, &self.session, self.found.len());
            self.apply(element)?;
            self.end_part();
            self.remember_inner(started, element, Repetition::Once);
        }
        self.session.search_path = path;
        Ok(())
    }

    /// A query at the top: `SELECT … INTO` makes a table, a call may do anything, the rest only reads.
    fn run_query(&mut self, statement: &Statement, query: &Query) -> Applied {
        if let QueryBody::Select(select) = &query.body
            && let Some(into) = &select.into
        {
            self.bind_stored_query(query)?;
            let place = self.place_for_relation(into, select.into_temporary, false)?;
            let super::create_table::Place::Free(namespace) = place else { return Ok(()) };
            self.table_from_query(namespace, into, query, &[], select.into_temporary)?;
            return Ok(());
        }
        if let QueryBody::Dml(dml) = &query.body {
            return self.write_rows(statement, dml);
        }
        self.check_binding(statement)?;
        self.note_written_in(&query.with)?;
        self.run_calls(statement, query)
    }
}
