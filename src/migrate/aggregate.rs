//! `CREATE AGGREGATE`: what it is made of, and what comes out.
//!
//! Source: PostgreSQL 15, DefineAggregate (aggregatecmds.c) and AggregateCreate (pg_aggregate.c).

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{Address, DataType, Dependency, DependencyKind, ObjectBody, TypeIdentity};
use crate::sql::tree::CreateFunction;

impl Work<'_> {
    /// The functions of an aggregate, on which it depends.
    pub(super) fn add_needs_of_aggregate(&mut self, id: crate::schema::ObjectId, statement: &CreateFunction) {
        const FUNCTIONS: &[&str] = &["SFUNC", "SFUNC1", "FINALFUNC", "COMBINEFUNC", "SERIALFUNC", "DESERIALFUNC", "MSFUNC", "MINVFUNC", "MFINALFUNC"];
        for (_, function) in statement.options.iter().filter(|(name, _)| FUNCTIONS.contains(&name.as_str())) {
            let (schema, name) = function.rsplit_once('.').map_or((None, function.as_str()), |(schema, name)| (Some(Name::stored(schema)), name));
            for on in self.routines_named(schema.as_ref(), &Name::stored(name.trim_matches('"'))) {
                let need = Dependency { dependent: Address::whole(id), on, kind: DependencyKind::Normal };
                self.schema.dependencies_mut().add(need);
            }
        }
    }

    /// What belongs to the moving form stands with its state, and only with it (DefineAggregate).
    fn moving_parts_agree<'o>(&self, option: &impl Fn(&[&str]) -> Option<&'o str>) -> Applied {
        let has = |word: &str| option(&[word]).is_some();
        if has("MSTYPE") {
            for word in ["MSFUNC", "MINVFUNC"] {
                if !has(word) {
                    return self.refuse("42P13", format!("aggregate {} must be specified when mstype is specified", word.to_ascii_lowercase()));
                }
            }
            return Ok(());
        }
        match ["MSFUNC", "MINVFUNC", "MFINALFUNC", "MSSPACE", "MINITCOND"].into_iter().find(|word| has(word)) {
            Some(word) => self.refuse("42P13", format!("aggregate {} must not be specified without mstype", word.to_ascii_lowercase())),
            None => Ok(()),
        }
    }

    /// The type of the result: the state's, or the final function's.
    pub(super) fn aggregate_result(&self, statement: &CreateFunction) -> Applied<Option<DataType>> {
        let option = |words: &[&str]| statement.options.iter().find(|(name, _)| words.contains(&name.as_str())).map(|(_, value)| value.as_str());
        let Some(transition) = option(&["SFUNC", "SFUNC1"]) else { return self.refuse("42P13", "aggregate sfunc must be specified") };
        let Some(state) = option(&["STYPE", "STYPE1"]) else { return self.refuse("42P13", "aggregate stype must be specified") };
        self.moving_parts_agree(&option)?;
        let text = self.sources.slice(self.span);
        let lists_arguments = text.matches('(').count() > 1 || option(&["BASETYPE"]).is_some();
        if statement.parameters.is_empty() && !lists_arguments && !text.to_ascii_lowercase().contains("basetype") {
            return self.refuse("42P13", "aggregate input type must be specified");
        }
        let state = self.type_spelled(state)?;
        let takes_any =
            |parameter: &crate::sql::tree::Parameter| self.data_type(&parameter.data_type).is_ok_and(|data_type| crate::typing::is_polymorphic(&data_type));
        if crate::typing::is_polymorphic(&state) && !statement.parameters.iter().any(takes_any) {
            return self.refuse("42P13", "cannot determine transition data type");
        }
        if [option(&["SERIALFUNC"]), option(&["DESERIALFUNC"])].iter().flatten().count() == 1 {
            return self.refuse("42P13", "must specify both or neither of serialization and deserialization functions");
        }
        if let Some(word) = option(&["PARALLEL"]).filter(|word| !["safe", "unsafe", "restricted"].contains(&word.to_ascii_lowercase().as_str())) {
            return self.refuse("42601", format!("parameter \"parallel\" must be SAFE, RESTRICTED, or UNSAFE, not {word}"));
        }
        if let Some(first) = option(&["INITCOND", "INITCOND1"])
            && let crate::typing::Fit::Refused(sqlstate, message) = crate::typing::literal_fits(&self.schema, &[], &state, first.trim_matches('\''))
        {
            return self.refuse(sqlstate, message);
        }
        // Functions over `internal` are called by no query, and are not in the tables of what the server brings along.
        if state.is_builtin("internal") {
            let reason = "what the final function gives back";
            return Ok(Some(DataType { identity: TypeIdentity::Unknown(Arc::from(reason)), modifiers: Arc::from([]), array: false }));
        }
        for function in [Some(transition), option(&["FINALFUNC"])].into_iter().flatten() {
            let (schema, name) = function.rsplit_once('.').map_or((None, function), |(schema, name)| (Some(Name::stored(schema)), name));
            if !self.has_routine_named(schema.as_ref(), &Name::stored(name.trim_matches('"'))) {
                return self.refuse("42883", format!("function {function} does not exist"));
            }
        }
        for function in [option(&["MSFUNC"]), option(&["MINVFUNC"])].into_iter().flatten() {
            if !self.has_routine_named(None, &Name::stored(function.trim_matches('"'))) {
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
