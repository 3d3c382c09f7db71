//! The variables of a body at work: what each is, and what it holds as far as that is known.

use super::value::Datum;
use crate::lineage::{Variable, VariableType, Variables};
use crate::name::Name;
use crate::sql::plpgsql::PlConflict;

/// One variable with its value.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Its name.
    pub(super) name: Name,
    /// What kind of value it holds.
    pub(super) data_type: VariableType,
    /// What it holds.
    pub(super) value: Datum,
}

/// The variables in sight.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// The innermost last.
    pub(super) slots: Vec<Slot>,
    /// Labels of blocks, and the routine's name.
    pub(super) labels: Vec<Name>,
    /// `#variable_conflict`.
    pub(super) conflict: PlConflict,
    /// `$1`, `$2` …: of the routine, or of `EXECUTE … USING`.
    pub(super) parameters: Vec<Datum>,
}

impl Scope {
    /// The value of the variable of that name.
    pub(super) fn value(&self, name: &Name) -> Option<&Datum> {
        self.slots.iter().rev().find(|slot| slot.name == *name).map(|slot| &slot.value)
    }

    /// The value of `$n`.
    pub(super) fn parameter(&self, written: &str) -> Option<&Datum> {
        let number: usize = written.strip_prefix('$')?.parse().ok()?;
        self.parameters.get(number.checked_sub(1)?)
    }

    /// Adds a variable; it hides those of the same name.
    pub(super) fn declare(&mut self, name: Name, data_type: VariableType, value: Datum) {
        self.slots.push(Slot { name, data_type, value });
    }

    /// Gives a variable, or a part of it (`r.f`, `a[1]`), a value. `target` is as written, in lower case.
    pub(super) fn assign(&mut self, target: &str, value: Datum, data_type: Option<VariableType>) {
        let target = target.replace('"', "");
        let (name, path) = match target.find(['.', '[']) {
            Some(at) => target.split_at(at),
            None => (target.as_str(), ""),
        };
        let is_label = path.starts_with('.') && self.labels.iter().any(|label| label.as_str() == name);
        if is_label && self.slots.iter().all(|slot| slot.name.as_str() != name) {
            return self.assign(path.trim_start_matches('.'), value, data_type);
        }
        let Some(slot) = self.slots.iter_mut().rev().find(|slot| slot.name.as_str() == name.trim()) else { return };
        if path.is_empty() {
            slot.value = value;
            if let Some(data_type) = data_type
                && matches!(slot.data_type, VariableType::Record(_) | VariableType::Unknown)
            {
                slot.data_type = data_type;
            }
            return;
        }
        let field = path.strip_prefix('.');
        match (&mut slot.value, field) {
            (Datum::Row(fields), Some(field)) => match fields.iter_mut().find(|(own, _)| own.as_str() == field) {
                Some((_, own)) => *own = value,
                None => slot.value = Datum::unknown("a part of it was changed"),
            },
            (other, _) => *other = Datum::unknown("a part of it was changed"),
        }
    }

    /// Forgets what the variables hold that differ from another way through the same body.
    pub(super) fn forget_differences(&mut self, other: &Scope, reason: &std::sync::Arc<str>) {
        for (slot, twin) in self.slots.iter_mut().zip(&other.slots) {
            if slot.value != twin.value {
                slot.value = Datum::unknown(std::sync::Arc::clone(reason));
            }
            if slot.data_type != twin.data_type {
                slot.data_type = VariableType::Unknown;
            }
        }
    }

    /// The variables as names are resolved with them.
    pub(super) fn variables(&self) -> Variables {
        let all = self.slots.iter().map(|slot| Variable { name: slot.name.clone(), data_type: slot.data_type.clone() }).collect();
        Variables { all, labels: self.labels.clone(), conflict: self.conflict }
    }
}
