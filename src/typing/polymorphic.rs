//! Types that stand for other types: `anyelement`, `anyarray`, `anycompatible` and their kin.
//!
//! Two families (manual 38.2.5, 15). In the first all actual types must be identical; in the second they are brought to one common type.
//! Whether a candidate can be meant and what it then gives are asked by the same rules.

use super::type_key::{TypeKey, Types};
use crate::dialect::TypeKind;

/// The types that stand for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    Element,
    NonArray,
    Enum,
    Array,
    Range,
    Multirange,
    Compatible,
    CompatibleNonArray,
    CompatibleArray,
    CompatibleRange,
    CompatibleMultirange,
}

/// Why the types of a chosen candidate cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsettled {
    /// All arguments are untyped.
    Untyped,
    /// They contradict each other.
    Contradiction,
    /// There is no array over that type.
    NoArray(TypeKey),
}

/// What each of the standing types was found to be.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a kind of standing type that was seen or not")]
struct Found {
    element: Option<TypeKey>,
    array: Option<TypeKey>,
    range: Option<TypeKey>,
    multirange: Option<TypeKey>,
    /// Whether a type of the first family was seen.
    first: bool,
    /// Whether `anyelement`, `anynonarray` or `anyenum` was seen.
    has_element: bool,
    non_array: bool,
    is_enum: bool,
    /// Whether a type of the second family was seen.
    second: bool,
    compatible: Vec<TypeKey>,
    compatible_array: bool,
    compatible_range: Option<TypeKey>,
    compatible_multirange: Option<TypeKey>,
    compatible_non_array: bool,
    common: Option<TypeKey>,
}

impl Types<'_> {
    fn stand(&self, key: TypeKey) -> Option<Stand> {
        let row = self.built_in(key).filter(|row| row.kind == TypeKind::Pseudo)?;
        Some(match row.name {
            "anyelement" => Stand::Element,
            "anynonarray" => Stand::NonArray,
            "anyenum" => Stand::Enum,
            "anyarray" => Stand::Array,
            "anyrange" => Stand::Range,
            "anymultirange" => Stand::Multirange,
            "anycompatible" => Stand::Compatible,
            "anycompatiblenonarray" => Stand::CompatibleNonArray,
            "anycompatiblearray" => Stand::CompatibleArray,
            "anycompatiblerange" => Stand::CompatibleRange,
            "anycompatiblemultirange" => Stand::CompatibleMultirange,
            _ => return None,
        })
    }

    /// Whether it stands for another type.
    pub(super) fn is_polymorphic(&self, key: TypeKey) -> bool {
        self.stand(key).is_some()
    }

    /// Whether the actual types (`None`: untyped) can stand in for the declared ones.
    pub(super) fn can_stand(&self, actual: &[Option<TypeKey>], declared: &[TypeKey]) -> bool {
        let mut found = Found::default();
        self.collect(&mut found, actual, declared).is_some() && (!found.is_used() || self.settle(&mut found).is_some())
    }

    /// The declared types and the result with the actual types in them.
    pub(super) fn settled(&self, actual: &[Option<TypeKey>], declared: &[TypeKey], result: TypeKey) -> Result<(Vec<TypeKey>, TypeKey), Unsettled> {
        let mut found = Found::default();
        match self.stand(result) {
            Some(Stand::Element) => found.has_element = true,
            Some(Stand::NonArray) => (found.has_element, found.non_array) = (true, true),
            Some(Stand::Enum) => (found.has_element, found.is_enum) = (true, true),
            Some(Stand::CompatibleNonArray) => found.compatible_non_array = true,
            _ => {}
        }
        self.collect(&mut found, actual, declared).ok_or(Unsettled::Contradiction)?;
        if !found.is_used() {
            return Ok((declared.to_vec(), result));
        }
        if found.array.is_some_and(|array| self.is(array, "anyarray")) {
            return if found.has_element { Err(Unsettled::Contradiction) } else { Ok((declared.to_vec(), result)) };
        }
        self.settle(&mut found).ok_or(Unsettled::Contradiction)?;
        if found.first && found.element.is_none() {
            return Err(Unsettled::Untyped);
        }
        if found.multirange.is_none() {
            found.multirange = found.range.and_then(|range| self.multirange_of(range));
        }
        if found.second && found.common.is_none() {
            found.common = self.named("text");
        }
        if found.compatible_array {
            self.array_over(found.common)?;
        }
        let parameters = actual.iter().zip(declared).map(|(actual, declared)| self.parameter(&found, *actual, *declared)).collect::<Result<_, _>>()?;
        Ok((parameters, self.replaced(&found, result)?))
    }

    /// Reads the actual types off the arguments; `None` when two contradict each other.
    fn collect(&self, found: &mut Found, actual: &[Option<TypeKey>], declared: &[TypeKey]) -> Option<()> {
        for (actual, declared) in actual.iter().zip(declared) {
            let Some(stand) = self.stand(*declared) else { continue };
            found.see(stand);
            let Some(actual) = *actual else { continue };
            let base = self.base(actual);
            match stand {
                Stand::Element | Stand::NonArray | Stand::Enum => agree(&mut found.element, actual)?,
                Stand::Array => agree(&mut found.array, base)?,
                Stand::Range => agree(&mut found.range, base)?,
                Stand::Multirange => agree(&mut found.multirange, base)?,
                Stand::Compatible | Stand::CompatibleNonArray => found.compatible.push(actual),
                Stand::CompatibleArray => found.compatible.push(self.element(base)?),
                Stand::CompatibleRange => {
                    if found.compatible_range.is_none() {
                        found.compatible.push(self.range_subtype(base)?);
                    }
                    agree(&mut found.compatible_range, base)?;
                }
                Stand::CompatibleMultirange => {
                    if found.compatible_multirange.is_none() {
                        found.compatible.push(self.range_subtype(self.range_of_multirange(base)?)?);
                    }
                    agree(&mut found.compatible_multirange, base)?;
                }
            }
        }
        Some(())
    }

    /// Draws conclusions from one to the other; `None` when they contradict each other.
    fn settle(&self, found: &mut Found) -> Option<()> {
        if let Some(array) = found.array {
            if self.is(array, "anyarray") {
                return if found.has_element { None } else { Some(()) };
            }
            agree(&mut found.element, self.element(array)?)?;
        }
        if let Some(multirange) = found.multirange {
            agree(&mut found.range, self.range_of_multirange(multirange)?)?;
        }
        if let Some(range) = found.range {
            agree(&mut found.element, self.range_subtype(range)?)?;
        }
        if found.non_array && found.element.is_some_and(|element| self.element(self.base(element)).is_some()) {
            return None;
        }
        if found.is_enum && found.element.is_none_or(|element| self.kind(element) != TypeKind::Enum) {
            return None;
        }
        if found.second { self.settle_compatible(found) } else { Some(()) }
    }

    fn settle_compatible(&self, found: &mut Found) -> Option<()> {
        if let Some(multirange) = found.compatible_multirange {
            agree(&mut found.compatible_range, self.range_of_multirange(multirange)?)?;
        }
        if found.compatible.is_empty() {
            return Some(());
        }
        let known: Vec<Option<TypeKey>> = found.compatible.iter().copied().map(Some).collect();
        let common = self.select_common(&known)?;
        if !found.compatible.iter().all(|own| self.can_coerce(&[Some(*own)], &[common])) {
            return None;
        }
        if found.compatible_array && self.array_of(common).is_none() {
            return None;
        }
        if found.compatible_range.is_some_and(|range| self.range_subtype(range) != Some(common)) {
            return None;
        }
        if found.compatible_non_array && self.element(self.base(common)).is_some() {
            return None;
        }
        found.common = Some(common);
        Some(())
    }

    /// What an argument becomes: a typed one of the first family stays what it is.
    fn parameter(&self, found: &Found, actual: Option<TypeKey>, declared: TypeKey) -> Result<TypeKey, Unsettled> {
        match (self.stand(declared), actual) {
            (Some(Stand::Element | Stand::NonArray | Stand::Enum), Some(actual)) => Ok(actual),
            (Some(Stand::Array | Stand::Range | Stand::Multirange), Some(actual)) => Ok(self.base(actual)),
            _ => self.replaced(found, declared),
        }
    }

    fn replaced(&self, found: &Found, declared: TypeKey) -> Result<TypeKey, Unsettled> {
        let settled = match self.stand(declared) {
            None => Some(declared),
            Some(Stand::Element | Stand::NonArray | Stand::Enum) => found.element,
            Some(Stand::Array) => match found.array {
                Some(array) => Some(array),
                None => Some(self.array_over(found.element)?),
            },
            Some(Stand::Range) => found.range,
            Some(Stand::Multirange) => found.multirange,
            Some(Stand::Compatible | Stand::CompatibleNonArray) => found.common,
            Some(Stand::CompatibleArray) => Some(self.array_over(found.common)?),
            Some(Stand::CompatibleRange) => found.compatible_range,
            Some(Stand::CompatibleMultirange) => found.compatible_multirange.or_else(|| found.compatible_range.and_then(|range| self.multirange_of(range))),
        };
        settled.ok_or(Unsettled::Untyped)
    }

    fn array_over(&self, element: Option<TypeKey>) -> Result<TypeKey, Unsettled> {
        let element = element.ok_or(Unsettled::Untyped)?;
        self.array_of(element).ok_or(Unsettled::NoArray(element))
    }
}

impl Found {
    fn is_used(&self) -> bool {
        self.first || self.second
    }

    fn see(&mut self, stand: Stand) {
        match stand {
            Stand::Element | Stand::NonArray | Stand::Enum => {
                (self.first, self.has_element) = (true, true);
                self.non_array |= stand == Stand::NonArray;
                self.is_enum |= stand == Stand::Enum;
            }
            Stand::Array | Stand::Range | Stand::Multirange => self.first = true,
            Stand::Compatible | Stand::CompatibleRange | Stand::CompatibleMultirange => self.second = true,
            Stand::CompatibleNonArray => (self.second, self.compatible_non_array) = (true, true),
            Stand::CompatibleArray => (self.second, self.compatible_array) = (true, true),
        }
    }
}

fn agree(slot: &mut Option<TypeKey>, actual: TypeKey) -> Option<()> {
    match *slot {
        Some(own) if own != actual => None,
        _ => {
            *slot = Some(actual);
            Some(())
        }
    }
}
