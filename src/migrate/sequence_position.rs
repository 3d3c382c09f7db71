//! Where a sequence stands, set by a call of `setval`: which sequences a statement may mean.
//!
//! In: a bound statement. Out: a [`DataChange::Repositioned`] for each sequence that it may set. Where the call does not say which one, all that the
//! text may speak of are told: one too many costs nothing.

use super::DataChange;
use super::work::Work;
use crate::lineage::Binding;
use crate::schema::{ObjectBody, ObjectId};
use crate::sql::tree::Statement;

impl Work<'_> {
    /// Tells of the sequences that a statement sets.
    pub(super) fn note_positions(&mut self, statement: &Statement, binding: &Binding) {
        let text = self.sources.slice(statement.span).to_ascii_lowercase();
        if !words(&text).any(|word| word == "setval") {
            return;
        }
        for sequence in self.meant_by(&text, binding) {
            self.data(sequence, DataChange::Repositioned);
        }
    }

    /// Those that are named (`setval('app.clients_id_seq', …)`), else those of the tables that are named, else all.
    fn meant_by(&self, text: &str, binding: &Binding) -> Vec<ObjectId> {
        let is_sequence = |id: &ObjectId| matches!(self.schema.get(*id).map(|object| &object.body), Some(ObjectBody::Sequence(_)));
        let mut named: Vec<ObjectId> = binding.depends_on.iter().map(|address| address.object).filter(is_sequence).collect();
        named.dedup();
        // One call may name its sequence and the next one put the name together.
        if named.len() >= text.matches("setval").count() {
            return named;
        }
        let all: Vec<ObjectId> = self.schema.objects().map(|object| object.id).filter(is_sequence).collect();
        let of_named_tables: Vec<ObjectId> = all.iter().copied().filter(|id| named.contains(id) || self.is_of_a_table_in(*id, text)).collect();
        if of_named_tables.is_empty() { all } else { of_named_tables }
    }

    fn is_of_a_table_in(&self, sequence: ObjectId, text: &str) -> bool {
        let Some(ObjectBody::Sequence(body)) = self.schema.get(sequence).map(|object| &object.body) else { return false };
        let table = body.owned_by.and_then(|owner| self.schema.get(owner.object));
        table.is_some_and(|table| words(text).any(|word| word == table.name.as_str().to_ascii_lowercase()))
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$'))
}

#[cfg(test)]
mod tests {
    use crate::dialect;
    use crate::lineage::Session;
    use crate::migrate::{ChangeKind, DataChange, ScriptInput, TransactionMode, build, run};
    use crate::sql::read_script;
    use crate::text::Sources;

    /// The names of the sequences that a migration sets.
    fn set_by(migration: &str) -> Vec<String> {
        let mut sources = Sources::default();
        let before = "CREATE TABLE t (id serial, n bigint GENERATED ALWAYS AS IDENTITY); CREATE TABLE u (id serial); CREATE SEQUENCE alone;";
        let [before, migration] = [before, migration].map(|text| {
            let source = sources.add("script.sql", text);
            read_script(&sources, source, dialect::DEFAULT)
        });
        let schema = build(&before.statements, dialect::DEFAULT, &sources).after;
        let session = Session::new(&schema);
        let input = ScriptInput { migration: 0, statements: &migration.statements, transaction_mode: TransactionMode::Wrapped };
        let run = run(schema, session, &[input], &sources);
        let changes = run.steps.iter().flat_map(|step| {
            assert!(step.outcome.refusal.is_none() && step.outcome.not_judged.is_empty(), "{:?}", step.outcome);
            &step.outcome.changes
        });
        let set = changes.filter_map(|change| match change.kind {
            ChangeKind::Data(id, DataChange::Repositioned) => run.after.get(id).map(|object| object.name.to_string()),
            _ => None,
        });
        set.collect()
    }

    #[test]
    fn a_sequence_that_is_set_is_told_of() {
        assert_eq!(set_by("SELECT setval('t_id_seq', 5)"), ["t_id_seq"]);
        assert_eq!(set_by("SELECT pg_catalog.setval('public.t_id_seq', coalesce(max(id), 1)) FROM u"), ["t_id_seq"]);
        assert_eq!(set_by("SELECT setval(pg_get_serial_sequence('t', 'id'), 5)"), ["t_id_seq", "t_n_seq"]);
        assert_eq!(set_by("ALTER SEQUENCE alone RESTART; ALTER TABLE t ALTER n RESTART WITH 7"), ["alone", "t_n_seq"]);
        assert_eq!(set_by("TRUNCATE u RESTART IDENTITY; TRUNCATE t"), ["u_id_seq"]);
        assert_eq!(set_by("ALTER SEQUENCE alone INCREMENT 2; SELECT nextval('alone')"), Vec::<String>::new());
        assert_eq!(set_by("DO $$ BEGIN PERFORM setval('alone', 9); END $$"), ["alone"]);
    }
}
