//! Functions, procedures and aggregates.

use std::sync::Arc;

use super::{DataType, Definition, ObjectId};
use crate::name::Name;
use crate::sql::tree::{FunctionKind, ParameterMode, Volatility};

/// A parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionParameter {
    /// `IN`, `OUT` …; columns of `RETURNS TABLE` are `Out`.
    pub mode: ParameterMode,
    /// Its name.
    pub name: Option<Name>,
    /// Its type.
    pub data_type: DataType,
    /// Its default, as text.
    pub default: Option<Arc<str>>,
}

/// A routine. Several may share a name; the input types tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Which kind.
    pub kind: FunctionKind,
    /// All parameters in order.
    pub parameters: Vec<FunctionParameter>,
    /// What it gives back; `None` for procedures. With `OUT` parameters: their type or `record`.
    pub returns: Option<DataType>,
    /// `SETOF`, `TABLE`.
    pub returns_set: bool,
    /// Lower case.
    pub language: Arc<str>,
    /// The body as text; `None` for aggregates and C functions.
    pub body: Option<Arc<str>>,
    /// The body whose names were bound at creation (`BEGIN ATOMIC`, `RETURN`), so that the server guards them; `None` for a body kept as text.
    pub bound_body: Option<Definition>,
    /// The functions that an aggregate is made of, as far as their names tell which they are: the server guards them.
    pub support: Vec<ObjectId>,
    /// `IMMUTABLE` …
    pub volatility: Volatility,
    /// `STRICT`.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `SET name = value`.
    pub settings: Vec<(Arc<str>, Arc<str>)>,
    /// Everything else, name upper case.
    pub options: Vec<(Arc<str>, Arc<str>)>,
}
