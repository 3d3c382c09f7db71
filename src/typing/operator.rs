//! Which operator `a op b` means.
//!
//! The server's `oper` (manual 10.2, 15): the exact one, where an untyped side is taken to be of the other side's type; else the ones that both
//! sides become by themselves, and the best of them.

use std::sync::Arc;

use super::choice::Candidate;
use super::polymorphic::Unsettled;
use super::type_key::{TypeKey, Types};
use super::{Certainty, Operand, SearchIn, TypeError, words};
use crate::dialect::BuiltInOperator;
use crate::schema::{DataType, ObjectId, Schema};

/// The chosen operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorMatch {
    /// What the left operand is converted to; `None` for a prefix operator.
    pub left: Option<DataType>,
    /// What the right operand is converted to.
    pub right: DataType,
    /// What comes out.
    pub result: DataType,
    /// The operator, when it is one of the schema.
    pub operator: Option<ObjectId>,
    /// What it is to sorting, when it is in a btree family: 1 `<`, 2 `<=`, 3 `=`, 4 `>=`, 5 `>`.
    pub btree_strategy: Option<u8>,
    /// How sure the choice is. With [`Certainty::IfAccepted`] only the result is meant.
    pub certainty: Certainty,
}

/// The operator that `left name right` means.
///
/// # Errors
/// `42883` when there is none, `42725` when several fit equally, `42804` when a polymorphic type stays open.
pub fn operator(schema: &Schema, search: &SearchIn<'_>, name: &str, left: &Operand, right: &Operand) -> Result<OperatorMatch, TypeError> {
    // `!=` is the grammar's other spelling (manual 9.2, 15).
    Search { schema, place: search, name: if name == "!=" { "<>" } else { name }, operands: vec![left, right] }.find()
}

/// The operator that `name operand` means.
///
/// # Errors
/// As [`operator`].
pub fn prefix_operator(schema: &Schema, search: &SearchIn<'_>, name: &str, operand: &Operand) -> Result<OperatorMatch, TypeError> {
    Search { schema, place: search, name, operands: vec![operand] }.find()
}

struct Search<'a> {
    schema: &'a Schema,
    place: &'a SearchIn<'a>,
    name: &'a str,
    operands: Vec<&'a Operand>,
}

type Found = Candidate<&'static BuiltInOperator>;

impl Search<'_> {
    fn find(&self) -> Result<OperatorMatch, TypeError> {
        let Some(types) = Types::of(self.schema) else {
            return Err(self.not_known(format!("operators of {} are not followed", self.schema.dialect.title)));
        };
        let mut keys = Vec::with_capacity(self.operands.len());
        for operand in &self.operands {
            match operand {
                Operand::Untyped => keys.push(None),
                Operand::Known(data_type) => match types.key(data_type) {
                    Some(key) => keys.push(Some(key)),
                    None => return self.vaguely(&types),
                },
                Operand::Opaque => return self.vaguely(&types),
            }
        }
        let candidates = self.candidates(&types);
        if let Some(exact) = exact(&types, &keys, &candidates) {
            return self.settle(&types, &keys, exact);
        }
        let fitting: Vec<Found> = candidates.into_iter().filter(|candidate| types.can_coerce(&keys, &candidate.takes)).collect();
        let unexplored = || types.why_operator_may_exist(self.name, &keys);
        if types.has_operator_of_its_own(self.name) {
            return Err(self.not_found().or_unknown(unexplored()));
        }
        match fitting.len() {
            0 => Err(self.not_found().or_unknown(unexplored())),
            _ => match types.choose(&keys, fitting) {
                Some(chosen) => self.settle(&types, &keys, &chosen),
                None => Err(self
                    .error("42725", "operator is not unique: ")
                    .hinting("Could not choose a best candidate operator. You might need to add explicit type casts.")),
            },
        }
    }

    /// All operators of the name with that many operands, the first of several with the same operands.
    fn candidates(&self, types: &Types<'_>) -> Vec<Found> {
        let mut found: Vec<(usize, Found)> = Vec::new();
        for row in types.tables.operators_named(self.name) {
            if row.left.is_some() != (self.operands.len() == 2) {
                continue;
            }
            let rank = match row.extension {
                None => self.place.rank_of_system(self.schema, None),
                Some(extension) => self.place.rank_of_extension(types, extension),
            };
            let Some(rank) = rank else { continue };
            let takes = row.left.iter().chain([&row.right]).map(|code| TypeKey::BuiltIn(*code)).collect();
            found.push((rank, Candidate { takes, payload: row }));
        }
        found.sort_by_key(|(rank, _)| *rank);
        let mut candidates: Vec<Found> = Vec::with_capacity(found.len());
        let in_one_place = found.first().map(|(rank, _)| *rank) == found.last().map(|(rank, _)| *rank);
        for (_, candidate) in found {
            if in_one_place || !candidates.iter().any(|own| own.takes == candidate.takes) {
                candidates.push(candidate);
            }
        }
        candidates
    }

    fn settle(&self, types: &Types<'_>, keys: &[Option<TypeKey>], chosen: &Found) -> Result<OperatorMatch, TypeError> {
        let result = TypeKey::BuiltIn(chosen.payload.result);
        let (takes, result) = types.settled(keys, &chosen.takes, result).map_err(|why| match why {
            Unsettled::Untyped => TypeError::new("42804", "could not determine polymorphic type because input has type unknown"),
            Unsettled::Contradiction => self.not_found(),
            Unsettled::NoArray(element) => {
                TypeError::new("42704", format!("could not find array type for data type {}", words(self.schema, self.place.path(), &types.data_type(element))))
            }
        })?;
        let mut takes = takes.into_iter().map(|key| types.data_type(key));
        let left = if keys.len() == 2 { takes.next() } else { None };
        let right = takes.next().unwrap_or_else(|| DataType::builtin("unknown"));
        let strategy = chosen.payload.btree_strategy;
        Ok(OperatorMatch { left, right, result: types.data_type(result), operator: None, btree_strategy: strategy, certainty: Certainty::Sure })
    }

    /// With an operand of which nothing is known: the result, when all operators that could be meant have the same.
    fn vaguely(&self, types: &Types<'_>) -> Result<OperatorMatch, TypeError> {
        let why = || self.not_known("the type of an operand is not known");
        let keys: Vec<Option<TypeKey>> = self.operands.iter().map(|operand| key_of(types, operand)).collect();
        let mut candidates = self.candidates(types);
        candidates.retain(|candidate| candidate.takes.iter().any(|key| types.is_polymorphic(*key)) || types.can_coerce(&keys, &candidate.takes));
        let Some(first) = candidates.first() else { return Err(why()) };
        let result = first.payload.result;
        let is_same = candidates.iter().all(|candidate| candidate.payload.result == result);
        if !is_same || types.is_polymorphic(TypeKey::BuiltIn(result)) {
            return Err(why());
        }
        let open = || DataType::builtin("unknown");
        let left = (self.operands.len() == 2).then(open);
        let result = types.data_type(TypeKey::BuiltIn(result));
        Ok(OperatorMatch { left, right: open(), result, operator: None, btree_strategy: None, certainty: Certainty::IfAccepted })
    }

    fn not_found(&self) -> TypeError {
        let hint = "No operator matches the given name and argument types. You might need to add explicit type casts.";
        self.error("42883", "operator does not exist: ").hinting(hint)
    }

    fn not_known(&self, reason: impl Into<Arc<str>>) -> TypeError {
        self.not_found().or_unknown(Some(reason.into()))
    }

    fn error(&self, sqlstate: &'static str, beginning: &str) -> TypeError {
        let shown = |operand: &Operand| match operand {
            Operand::Known(data_type) => words(self.schema, self.place.path(), data_type),
            Operand::Untyped | Operand::Opaque => String::from("unknown"),
        };
        let qualified = match self.place.qualifier(self.schema) {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.to_owned(),
        };
        let text = match self.operands[..] {
            [left, right] => format!("{beginning}{} {qualified} {}", shown(left), shown(right)),
            [operand] => format!("{beginning}{qualified} {}", shown(operand)),
            _ => format!("{beginning}{qualified}"),
        };
        TypeError::new(sqlstate, text)
    }
}

fn key_of(types: &Types<'_>, operand: &Operand) -> Option<TypeKey> {
    match operand {
        Operand::Known(data_type) => types.key(data_type),
        Operand::Untyped | Operand::Opaque => None,
    }
}

/// The operator over exactly these types; an untyped side has the other's type, or that type's base.
fn exact<'c>(rules: &Types<'_>, keys: &[Option<TypeKey>], candidates: &'c [Found]) -> Option<&'c Found> {
    let find = |wanted: &[TypeKey]| candidates.iter().find(|candidate| candidate.takes == wanted);
    match *keys {
        [Some(left), Some(right)] => find(&[left, right]),
        [Some(typed), None] | [None, Some(typed)] => find(&[typed, typed]).or_else(|| {
            let base = rules.base(typed);
            if base == typed { None } else { find(&[base, base]) }
        }),
        [Some(operand)] => find(&[operand]),
        _ => None,
    }
}
