//! `CREATE CAST`: between which types, and by which function.
//!
//! Source: PostgreSQL 15, CreateCast (functioncmds.c).

use super::refused::Refused;
use super::work::Work;
use super::written::{Written, WrittenName, spelled};
use crate::schema::{Address, DataType, ObjectBody, ObjectId, TypeIdentity, UserType};
use crate::sql::tree::ParameterMode;
use crate::typing::binary_coercible;

impl Work<'_> {
    /// The function of a cast: the one of that name, or among several the one that takes the written types.
    fn cast_function(&self, written: &Written, name: &WrittenName) -> Result<Vec<Address>, Refused> {
        let words = written.words();
        let start = written.after(&["with", "function"]).unwrap_or(0);
        let opens = words.iter().skip(start).position(|word| word.text() == "(").map(|place| start + place + 1);
        let inside = opens.and_then(|opens| {
            // Types have parentheses of their own, which say nothing about which function is meant.
            let mut depth = 1;
            let length = words.get(opens..)?.iter().position(|word| {
                depth += match word.text() {
                    "(" => 1,
                    ")" => -1,
                    _ => 0,
                };
                depth == 0
            })?;
            words.get(opens..opens + length)
        });
        let spaces = match &name.schema {
            Some(schema) => self.schema.namespace(schema).into_iter().collect(),
            None => self.session.namespaces(&self.schema),
        };
        let own: Vec<ObjectId> = spaces.into_iter().flat_map(|space| self.schema.functions(Some(space), &name.name)).collect();
        let (Some(inside), false) = (inside, own.is_empty()) else { return Ok(self.routines_named(name.schema.as_ref(), &name.name)) };
        let mut depth = 0;
        let parts = inside.split(|word| {
            depth += match word.text() {
                "(" | "[" => 1,
                ")" | "]" => -1,
                _ => 0,
            };
            depth == 0 && word.text() == ","
        });
        let types: Vec<DataType> = parts.filter(|part| !part.is_empty()).map(|part| self.type_spelled(&spelled(part))).collect::<Result<_, _>>()?;
        let takes = |id: &ObjectId| {
            let Some(ObjectBody::Function(function)) = self.schema.get(*id).map(|object| &object.body) else { return false };
            let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
            let inputs: Vec<DataType> = inputs.map(|parameter| parameter.data_type.without_modifiers()).collect();
            inputs.len() == types.len() && inputs.iter().zip(&types).all(|(own, wanted)| *own == wanted.without_modifiers())
        };
        match own.into_iter().find(takes) {
            Some(id) => Ok(vec![Address::whole(id)]),
            None if self.schema.dialect.built_ins.is_some_and(|own| !own.functions_named(name.name.as_str()).is_empty()) || self.has_unknown_extension() => {
                Ok(Vec::new())
            }
            None => Err(Refused::With("42883", format!("function {} does not exist", name.name))),
        }
    }

    /// What a new cast needs; the addresses are what it depends on.
    pub(super) fn cast_is_allowed(&mut self, written: &Written) -> Result<Vec<Address>, Refused> {
        let refuse = |sqlstate, message: &str| Err(Refused::With(sqlstate, message.to_owned()));
        let start = written.after(&["cast"]).unwrap_or(0) + 1;
        let middle = written.words().iter().position(|word| word.is("as")).unwrap_or(start);
        let end = written.words().iter().skip(middle).position(|word| word.text() == ")").map_or(middle, |place| middle + place);
        let part = |from: usize, to: usize| spelled(written.words().get(from..to).unwrap_or(&[]));
        let from = self.type_spelled(&part(start, middle))?;
        let to = self.type_spelled(&part(middle + 1, end))?;
        for data_type in [&from, &to] {
            if crate::typing::category(&self.schema, data_type) == Some('P') && !data_type.array && !data_type.is_builtin("record") {
                return refuse("42809", "source or target data type is a pseudo-type");
            }
        }
        let mut needs: Vec<Address> = [&from, &to].into_iter().filter_map(user_type).collect();
        if written.has(&["without", "function"]) {
            if from.identity == to.identity && from.array == to.array {
                return refuse("42P17", "source data type and target data type are the same");
            }
            let is = |data_type: &DataType, wanted: fn(&UserType) -> bool| matches!(data_type.identity, TypeIdentity::Object(id) if matches!(self.schema.get(id).map(|object| &object.body), Some(ObjectBody::Type(own)) if wanted(own)));
            for data_type in [&from, &to] {
                if is(data_type, |own| matches!(own, UserType::Composite { .. })) {
                    return refuse("42P17", "composite data types are not binary-compatible");
                }
                if is(data_type, |own| matches!(own, UserType::Enum { .. })) {
                    return refuse("42P17", "enum data types are not binary-compatible");
                }
                if data_type.array {
                    return refuse("42P17", "array data types are not binary-compatible");
                }
                if is(data_type, |own| matches!(own, UserType::Domain(_))) {
                    return refuse("42P17", "domain data types must not be marked binary-compatible");
                }
            }
            if let (Some(one), Some(other)) = (width(&from), width(&to))
                && one != other
            {
                return refuse("42P17", "source and target data types are not physically compatible");
            }
            return Ok(needs);
        }
        if let Some(name) = written.name_after(&["with", "function"]) {
            if !self.has_routine_named(name.schema.as_ref(), &name.name) {
                return Err(Refused::With("42883", format!("function {} does not exist", name.name)));
            }
            let found = self.cast_function(written, &name)?;
            if let Some(Address { object, .. }) = found.first()
                && let Some(ObjectBody::Function(function)) = self.schema.get(*object).map(|object| &object.body)
            {
                if let Some(returns) = &function.returns
                    && !binary_coercible(&self.schema, returns, &to)
                {
                    return refuse("42P17", "return data type of cast function must match or be binary-coercible to target data type");
                }
                if let Some(first) = function.parameters.first()
                    && !binary_coercible(&self.schema, &from, &first.data_type)
                {
                    return refuse("42P17", "argument of cast function must match or be binary-coercible from source data type");
                }
            }
            needs.extend(found);
        }
        let has_length_function = written.has(&["with", "function"]);
        if from.identity == to.identity && from.array == to.array && !has_length_function {
            return refuse("42P17", "source data type and target data type are the same");
        }
        Ok(needs)
    }
}

fn user_type(data_type: &DataType) -> Option<Address> {
    match data_type.identity {
        TypeIdentity::Object(id) => Some(Address::whole(id)),
        _ => None,
    }
}

/// Bytes of a built-in type of fixed length.
fn width(data_type: &DataType) -> Option<u8> {
    const WIDTHS: &[(&str, u8)] = &[
        ("bool", 1),
        ("int2", 2),
        ("int4", 4),
        ("int8", 8),
        ("float4", 4),
        ("float8", 8),
        ("oid", 4),
        ("date", 4),
        ("timestamp", 8),
        ("timestamptz", 8),
        ("uuid", 16),
    ];
    WIDTHS.iter().find(|(name, _)| data_type.is_builtin(name)).map(|(_, width)| *width)
}
