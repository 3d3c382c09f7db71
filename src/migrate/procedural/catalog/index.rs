//! `pg_index`, `pg_indexes`, `pg_trigger`, `pg_policy`, `pg_policies`, `pg_rules`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::{Datum, Shown};
use super::model::{Model, SYSTEM, not_kept, of_server};
use crate::schema::{ConstraintKind, IndexState, ObjectBody, ObjectId};
use crate::sql::tree::TriggerState;

impl Model<'_> {
    pub(super) fn index_entries(self) -> Answer {
        let mut answer = Answer::new(&["indexrelid", "indrelid", "indisunique", "indisprimary", "indisvalid", "indnatts", "indkey"]);
        for object in self.objects() {
            let ObjectBody::Index(index) = &object.body else { continue };
            let keys = index.keys.iter().map(|key| key.column.map_or(Datum::Integer(0), |column| Datum::Column(index.table, column)));
            let included = index.include.iter().map(|column| Datum::Column(index.table, *column));
            let columns = i64::try_from(index.keys.len() + index.include.len()).unwrap_or(i64::MAX);
            let values = vec![
                Self::oid(object.id),
                Self::oid(index.table),
                Datum::Boolean(index.unique),
                Datum::Boolean(self.is_primary(object.id, index.table)),
                Datum::Boolean(index.state == IndexState::Valid),
                Datum::Integer(columns),
                Datum::List(keys.chain(included).collect()),
            ];
            self.put(&mut answer, object, values);
        }
        answer.push_perhaps(vec![of_server(), of_server(), not_kept(), not_kept(), not_kept(), not_kept(), not_kept()], SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(7, &[(1, &doubtful.id)]));
        answer
    }

    fn is_primary(self, id: ObjectId, table: ObjectId) -> bool {
        let constraints = self.schema.on_table(table).into_iter().filter_map(|id| self.schema.constraint(id));
        constraints.map(|constraint| &constraint.kind).any(|kind| matches!(kind, ConstraintKind::PrimaryKey { index, .. } if *index == id))
    }

    pub(super) fn index_list(self) -> Answer {
        let mut answer = Answer::new(&["schemaname", "tablename", "indexname", "tablespace", "indexdef"]);
        for object in self.objects() {
            let ObjectBody::Index(index) = &object.body else { continue };
            let Some(table) = self.schema.get(index.table) else { continue };
            let tablespace = index.tablespace.as_ref().map_or(Datum::Null, |tablespace| Datum::Text(tablespace.clone()));
            let values = vec![self.namespace_name(table), Datum::name(&table.name), Datum::name(&object.name), tablespace, not_kept()];
            self.put(&mut answer, object, values);
        }
        let system = vec![
            Datum::SystemName(SystemKind::Schema),
            Datum::SystemName(SystemKind::Relation),
            Datum::SystemName(SystemKind::Relation),
            not_kept(),
            not_kept(),
        ];
        answer.push_perhaps(system, SYSTEM);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(5, &[(2, &doubtful.name)]));
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(5, &[(0, &doubtful.schema), (1, &doubtful.name)]));
        answer
    }

    pub(super) fn triggers(self) -> Answer {
        let mut answer = Answer::new(&["oid", "tgrelid", "tgname", "tgisinternal", "tgenabled", "tgfoid"]);
        for object in self.objects() {
            let ObjectBody::Trigger(trigger) = &object.body else { continue };
            let Some(table) = trigger.table else { continue };
            let function = trigger
                .definition
                .needs()
                .iter()
                .map(|need| need.object)
                .find(|id| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Function(_))));
            let values = vec![
                Self::oid(object.id),
                Self::oid(table),
                Datum::name(&object.name),
                Datum::Boolean(false),
                Datum::text(state_letter(trigger.state)),
                function.map_or_else(not_kept, |id| Datum::Object(id, Shown::Number)),
            ];
            self.put(&mut answer, object, values);
        }
        let unknown = Datum::unknown(SYSTEM);
        answer.push_perhaps(
            vec![unknown.clone(), unknown.clone(), Datum::SystemName(SystemKind::Trigger), Datum::Boolean(true), unknown.clone(), unknown],
            SYSTEM,
        );
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(6, &[(1, &doubtful.id)]));
        answer
    }

    pub(super) fn policies(self) -> Answer {
        let mut answer = Answer::new(&["oid", "polname", "polrelid"]);
        for object in self.objects() {
            let ObjectBody::Policy(policy) = &object.body else { continue };
            self.put(&mut answer, object, vec![Self::oid(object.id), Datum::name(&object.name), Self::oid(policy.table)]);
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(3, &[(2, &doubtful.id)]));
        answer
    }

    pub(super) fn policy_list(self) -> Answer {
        let mut answer = Answer::new(&["schemaname", "tablename", "policyname", "permissive", "cmd"]);
        for object in self.objects() {
            let ObjectBody::Policy(policy) = &object.body else { continue };
            let Some(table) = self.schema.get(policy.table) else { continue };
            let permissive = if policy.permissive { "PERMISSIVE" } else { "RESTRICTIVE" };
            let command = Datum::Text(policy.command.clone());
            let values = vec![self.namespace_name(table), Datum::name(&table.name), Datum::name(&object.name), Datum::text(permissive), command];
            self.put(&mut answer, object, values);
        }
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(5, &[(0, &doubtful.schema), (1, &doubtful.name)]));
        answer
    }
}

fn state_letter(state: TriggerState) -> &'static str {
    match state {
        TriggerState::Enabled => "O",
        TriggerState::Disabled => "D",
        TriggerState::Replica => "R",
        TriggerState::Always => "A",
    }
}
