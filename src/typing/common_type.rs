//! One type for several expressions.
//!
//! The server's `select_common_type` (manual 10.5, 15): a type that is preferred in its category is never left, another is left for one that it
//! becomes by itself and that does not become it. A domain survives only when all have it.

use std::sync::Arc;

use super::type_key::{TypeKey, Types};
use super::{Operand, TypeError, words};
use crate::schema::{DataType, ObjectId, Schema};

/// What needs one type for several expressions; only the words of a refusal depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as SQL names it")]
pub enum CommonTypeFor {
    Union,
    Intersect,
    Except,
    /// The `ELSE` (or an untyped NULL in its place) stands first among the operands.
    Case,
    Coalesce,
    Greatest,
    Least,
    Array,
    Values,
    JoinUsing,
    In,
    /// Hypothetical-set aggregates.
    WithinGroup,
}

impl CommonTypeFor {
    /// The word in the server's messages.
    fn word(self) -> &'static str {
        match self {
            Self::Union => "UNION",
            Self::Intersect => "INTERSECT",
            Self::Except => "EXCEPT",
            Self::Case => "CASE",
            Self::Coalesce => "COALESCE",
            Self::Greatest => "GREATEST",
            Self::Least => "LEAST",
            Self::Array => "ARRAY",
            Self::Values => "VALUES",
            Self::JoinUsing => "JOIN/USING",
            Self::In => "IN",
            Self::WithinGroup => "WITHIN GROUP",
        }
    }
}

/// The type that all of them become, with the modifiers when all have the same. All untyped gives `text`. The path decides how types are called in a refusal.
///
/// # Errors
/// `42804` when the types are of different categories, `42846` when one cannot be converted. Not known when the type of one is not known and
/// the others do not decide.
pub fn common_type(schema: &Schema, path: &[ObjectId], purpose: CommonTypeFor, operands: &[Operand]) -> Result<DataType, TypeError> {
    if let Some(same) = same_type(operands) {
        return Ok(same);
    }
    let opaque = |reason: &str| TypeError::new("42804", format!("{} types cannot be matched", purpose.word())).or_unknown(Some(Arc::from(reason)));
    let Some(types) = Types::of(schema) else { return Err(opaque("types of this database are not followed")) };
    let mut keys = Vec::with_capacity(operands.len());
    for operand in operands {
        keys.push(match operand {
            Operand::Known(data_type) => Some(types.key(data_type).ok_or_else(|| opaque("nothing is known of one of the types"))?),
            Operand::Untyped => None,
            Operand::Opaque => return Err(opaque("the type of one of the expressions is not known")),
        });
    }
    let shown = |key: TypeKey| words(schema, path, &types.data_type(key));
    let common = types
        .select_common_or_clash(&keys)
        .map_err(|(one, other)| TypeError::new("42804", format!("{} types {} and {} cannot be matched", purpose.word(), shown(one), shown(other))))?;
    let Some(common) = common else { return Err(opaque("types of this database are not followed")) };
    let misfit = keys.iter().flatten().find(|key| !types.can_coerce(&[Some(**key)], &[common]));
    if let Some(misfit) = misfit {
        let unknown = types.is_unexplored(*misfit) || types.has_casts_of_its_own(*misfit, common);
        let message = format!("{} could not convert type {} to {}", purpose.word(), shown(*misfit), shown(common));
        return Err(TypeError::new("42846", message).or_unknown(unknown.then(|| "the schema defines casts that are not followed".into())));
    }
    Ok(types.data_type(common))
}

/// The type of all of them, when it is one and the same; modifiers stay only when they are the same too, and an untyped operand is none.
fn same_type(operands: &[Operand]) -> Option<DataType> {
    let mut all = operands.iter().map(|operand| match operand {
        Operand::Known(data_type) => Some(data_type),
        Operand::Untyped | Operand::Opaque => None,
    });
    let first = all.next()??;
    let mut modifiers_agree = true;
    for other in all {
        let other = other?;
        if other.identity != first.identity || other.array != first.array {
            return None;
        }
        modifiers_agree &= other.modifiers == first.modifiers;
    }
    Some(if modifiers_agree { first.clone() } else { first.without_modifiers() })
}

impl Types<'_> {
    /// The common type; `None` when the categories differ. Whether each can be converted to it is not asked.
    pub(super) fn select_common(&self, keys: &[Option<TypeKey>]) -> Option<TypeKey> {
        self.select_common_or_clash(keys).ok().flatten()
    }

    /// The common type, or the two types that cannot be matched.
    fn select_common_or_clash(&self, keys: &[Option<TypeKey>]) -> Result<Option<TypeKey>, (TypeKey, TypeKey)> {
        if let Some(Some(first)) = keys.first()
            && keys.iter().all(|key| *key == Some(*first))
        {
            return Ok(Some(*first));
        }
        let mut picked: Option<TypeKey> = None;
        for next in keys.iter().flatten().map(|key| self.base(*key)) {
            let Some(own) = picked else {
                picked = Some(next);
                continue;
            };
            if next == own {
                continue;
            }
            if self.category(next) != self.category(own) {
                return Err((own, next));
            }
            if !self.is_preferred(own) && self.can_coerce(&[Some(own)], &[next]) && !self.can_coerce(&[Some(next)], &[own]) {
                picked = Some(next);
            }
        }
        Ok(picked.or_else(|| self.named("text")))
    }
}
