//! `CREATE AGGREGATE`: what it is made of, and what comes out.
//!
//! Source: PostgreSQL 15, DefineAggregate (aggregatecmds.c) and AggregateCreate (pg_aggregate.c).

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{DataType, ObjectBody, TypeIdentity};
use crate::sql::tree::CreateFunction;

impl Work<'_> {
    /// The type of the result: the state's, or the final function's.
    pub(super) fn aggregate_result(&self, statement: &CreateFunction) -> Applied<Option<DataType>> {
        let option = |words: &[&str]| statement.options.iter().find(|(name, _)| words.contains(&name.as_str())).map(|(_, value)| value.as_str());
        let Some(transition) = option(&["SFUNC", "SFUNC1"]) else { return self.refuse("42P13", "aggregate sfunc must be specified") };
        let Some(state) = option(&["STYPE", "STYPE1"]) else { return self.refuse("42P13", "aggregate stype must be specified") };
        let state = self.type_spelled(state)?;
        for function in [Some(transition), option(&["FINALFUNC"])].into_iter().flatten() {
            let (schema, name) = function.rsplit_once('.').map_or((None, function), |(schema, name)| (Some(Name::stored(schema)), name));
            if !self.has_routine_named(schema.as_ref(), &Name::stored(name.trim_matches('"'))) {
                return self.refuse("42883", format!("function {function} does not exist"));
            }
        }
        let Some(last) = option(&["FINALFUNC"]) else { return Ok(Some(state)) };
        let own = self.routines_named(None, &Name::stored(last.trim_matches('"')));
        if let Some(ObjectBody::Function(function)) = own.first().and_then(|address| self.schema.get(address.object)).map(|object| &object.body) {
            return Ok(function.returns.clone());
        }
        let reason = format!("what the function {last} gives back");
        Ok(Some(DataType { identity: TypeIdentity::Unknown(Arc::from(reason)), modifiers: Arc::from([]), array: false }))
    }
}
