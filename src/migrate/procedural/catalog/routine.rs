//! `pg_proc`.

use super::super::relation::Answer;
use super::super::system_name::SystemKind;
use super::super::value::{Datum, Shown};
use super::model::{Model, SYSTEM, not_kept, of_server};
use crate::schema::ObjectBody;
use crate::sql::tree::{FunctionKind, ParameterMode, Volatility};

impl Model<'_> {
    pub(super) fn routines(self) -> Answer {
        let mut answer = Answer::new(&["oid", "proname", "pronamespace", "prokind", "pronargs", "prorettype", "provolatile", "prosrc", "prolang"]);
        for object in self.objects() {
            let ObjectBody::Function(function) = &object.body else { continue };
            let kind = match function.kind {
                FunctionKind::Function => "f",
                FunctionKind::Procedure => "p",
                FunctionKind::Aggregate => "a",
            };
            let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out).count();
            let volatility = match function.volatility {
                Volatility::Volatile => "v",
                Volatility::Stable => "s",
                Volatility::Immutable => "i",
            };
            let values = vec![
                Self::oid(object.id),
                Datum::name(&object.name),
                Self::namespace_of(object),
                Datum::text(kind),
                i64::try_from(inputs).map_or_else(|_| not_kept(), Datum::Integer),
                function.returns.clone().map_or_else(not_kept, |returns| Datum::Type(returns, Shown::Number)),
                Datum::text(volatility),
                function.body.as_ref().map_or_else(not_kept, |body| Datum::Text(body.clone())),
                not_kept(),
            ];
            self.put(&mut answer, object, values);
        }
        let mut system = vec![Datum::unknown(SYSTEM); 9];
        for (slot, value) in system.iter_mut().zip([of_server(), Datum::SystemName(SystemKind::Routine), of_server()]) {
            *slot = value;
        }
        answer.push_perhaps(system, SYSTEM);
        self.extension_routine(&mut answer, &[Datum::unknown(SYSTEM)], 1);
        self.with_doubtful(&mut answer, |doubtful| doubtful.row(9, &[(0, &doubtful.id), (1, &doubtful.name)]));
        answer
    }

    /// The routines that an extension brought along are not objects of the schema: any name may be one of theirs.
    pub(super) fn extension_routine(self, answer: &mut Answer, first: &[Datum], name_at: usize) {
        let has_extension = self.schema.objects().any(|object| matches!(object.body, ObjectBody::Extension(_)) && object.name.as_str() != "plpgsql");
        if has_extension {
            let reason = "the routines of extensions are not listed";
            let mut values = vec![Datum::unknown(reason); answer.columns.len()];
            for (slot, value) in values.iter_mut().zip(first) {
                *slot = value.clone();
            }
            if let Some(slot) = values.get_mut(name_at) {
                *slot = Datum::unknown(reason);
            }
            answer.push_perhaps(values, reason);
        }
    }
}
