//! Storage parameters (`WITH (…)`, `SET (…)`): which there are, and which values they take.
//!
//! Source: PostgreSQL 15, reloptions.c (boolRelOpts, intRelOpts, realRelOpts, enumRelOpts, parseRelOptions) and the access methods' own tables;
//! manual, CREATE TABLE and CREATE INDEX, "Storage Parameters".

use std::sync::Arc;

use super::work::{Applied, Work};
use crate::schema::{ObjectBody, ObjectId, TableKind};
use crate::sql::tree::{StorageParameter, ViewKind};

/// What the parameters are of.
#[derive(Clone, Copy, Debug)]
pub(super) enum ParametersOf<'m> {
    /// A table or materialized view.
    Table,
    /// A partitioned table, which has none.
    PartitionedTable,
    /// A view.
    View,
    /// An index of that access method.
    Index(&'m str),
    /// A column.
    Column,
}

#[derive(Clone, Copy)]
enum Values {
    Boolean,
    Integer(i64, i64),
    Real(f64, f64),
    Words(&'static [&'static str]),
}

use Values::{Boolean, Integer, Real, Words};

const LARGEST: i64 = 2_147_483_647;

const TABLE: &[(&str, Values)] =
    &[("fillfactor", Integer(10, 100)), ("toast_tuple_target", Integer(128, 8160)), ("parallel_workers", Integer(0, 1024)), ("user_catalog_table", Boolean)];

/// Of a table and of its out-of-line storage.
const VACUUM: &[(&str, Values)] = &[
    ("autovacuum_enabled", Boolean),
    ("vacuum_index_cleanup", Words(&["auto", "on", "off", "true", "false", "yes", "no", "1", "0"])),
    ("vacuum_truncate", Boolean),
    ("autovacuum_vacuum_threshold", Integer(0, LARGEST)),
    ("autovacuum_vacuum_insert_threshold", Integer(-1, LARGEST)),
    ("autovacuum_vacuum_scale_factor", Real(0.0, 100.0)),
    ("autovacuum_vacuum_insert_scale_factor", Real(0.0, 100.0)),
    ("autovacuum_vacuum_cost_delay", Real(0.0, 100.0)),
    ("autovacuum_vacuum_cost_limit", Integer(1, 10000)),
    ("autovacuum_freeze_min_age", Integer(0, 1_000_000_000)),
    ("autovacuum_freeze_max_age", Integer(100_000, 2_000_000_000)),
    ("autovacuum_freeze_table_age", Integer(0, 2_000_000_000)),
    ("autovacuum_multixact_freeze_min_age", Integer(0, 1_000_000_000)),
    ("autovacuum_multixact_freeze_max_age", Integer(10_000, 2_000_000_000)),
    ("autovacuum_multixact_freeze_table_age", Integer(0, 2_000_000_000)),
    ("log_autovacuum_min_duration", Integer(-1, LARGEST)),
];

/// Of a table alone.
const ANALYZE: &[(&str, Values)] = &[("autovacuum_analyze_threshold", Integer(0, LARGEST)), ("autovacuum_analyze_scale_factor", Real(0.0, 100.0))];

const VIEW: &[(&str, Values)] = &[("security_barrier", Boolean), ("security_invoker", Boolean), ("check_option", Words(&["local", "cascaded"]))];

const COLUMN: &[(&str, Values)] = &[("n_distinct", Real(-1.0, f64::MAX)), ("n_distinct_inherited", Real(-1.0, f64::MAX))];

const BTREE: &[(&str, Values)] = &[("fillfactor", Integer(10, 100)), ("deduplicate_items", Boolean), ("vacuum_cleanup_index_scale_factor", Real(0.0, 1e10))];
const HASH: &[(&str, Values)] = &[("fillfactor", Integer(10, 100))];
const GIST: &[(&str, Values)] = &[("fillfactor", Integer(10, 100)), ("buffering", Words(&["auto", "on", "off"]))];
const GIN: &[(&str, Values)] = &[("fastupdate", Boolean), ("gin_pending_list_limit", Integer(64, LARGEST))];
const BRIN: &[(&str, Values)] = &[("pages_per_range", Integer(1, 131_072)), ("autosummarize", Boolean)];

impl ParametersOf<'_> {
    /// The tables of what there is; `None` when it is not known.
    fn known(self) -> Option<&'static [&'static [(&'static str, Values)]]> {
        Some(match self {
            Self::Table => &[TABLE, VACUUM, ANALYZE],
            Self::PartitionedTable => &[],
            Self::View => &[VIEW],
            Self::Column => &[COLUMN],
            Self::Index("btree") => &[BTREE],
            Self::Index("hash" | "spgist") => &[HASH],
            Self::Index("gist") => &[GIST],
            Self::Index("gin") => &[GIN],
            Self::Index("brin") => &[BRIN],
            Self::Index(_) => return None,
        })
    }
}

impl Work<'_> {
    /// What the parameters of a relation are of; `None` when it has none.
    pub(super) fn parameters_of(&self, id: ObjectId) -> Option<ParametersOf<'_>> {
        match self.schema.get(id).map(|object| &object.body)? {
            ObjectBody::Table(table) if table.kind == TableKind::Partitioned => Some(ParametersOf::PartitionedTable),
            ObjectBody::Table(_) => Some(ParametersOf::Table),
            ObjectBody::View(view) if view.kind == ViewKind::Materialized => Some(ParametersOf::Table),
            ObjectBody::View(_) => Some(ParametersOf::View),
            ObjectBody::Index(index) => Some(ParametersOf::Index(&index.method)),
            _ => None,
        }
    }

    /// Refuses parameters that the server does not know and values that they do not take.
    pub(super) fn parameters_are_valid(&self, of: ParametersOf<'_>, written: &[StorageParameter]) -> Applied {
        if self.schema.dialect.built_ins.is_none() {
            return Ok(());
        }
        for (position, parameter) in written.iter().enumerate() {
            if written.iter().take(position).any(|earlier| earlier.name == parameter.name) {
                return self.refuse("22023", format!("parameter \"{}\" specified more than once", parameter.name));
            }
            if parameter.name == "oids" && matches!(of, ParametersOf::Table | ParametersOf::PartitionedTable) {
                if parameter.value.as_deref().is_none_or(|value| truth(value) != Some(false)) {
                    return self.refuse("0A000", "tables declared WITH OIDS are not supported");
                }
                continue;
            }
            self.parameter_is_known(of, parameter)?;
            self.parameter_is_valid(of, parameter)?;
        }
        Ok(())
    }

    fn parameter_is_known(&self, of: ParametersOf<'_>, parameter: &StorageParameter) -> Applied {
        if let Some((space, _)) = parameter.name.split_once('.')
            && (space != "toast" || !matches!(of, ParametersOf::Table | ParametersOf::PartitionedTable))
        {
            return self.refuse("22023", format!("unrecognized parameter namespace \"{space}\""));
        }
        if of.known().is_some() && values_of(of, &parameter.name).is_none() {
            let bare = parameter.name.rsplit('.').next().unwrap_or(&parameter.name);
            return self.refuse("22023", format!("unrecognized parameter \"{bare}\""));
        }
        Ok(())
    }

    fn parameter_is_valid(&self, of: ParametersOf<'_>, parameter: &StorageParameter) -> Applied {
        let Some(values) = values_of(of, &parameter.name) else { return Ok(()) };
        let name = parameter.name.rsplit('.').next().unwrap_or(&parameter.name);
        let value = parameter.value.as_deref().unwrap_or("true");
        let invalid = |kind: &str| self.refuse("22023", format!("invalid value for {kind} option \"{name}\": {value}"));
        let out_of_bounds = || self.refuse("22023", format!("value {value} out of bounds for option \"{name}\""));
        match values {
            Boolean if truth(value).is_none() => invalid("boolean"),
            Boolean => Ok(()),
            Integer(lowest, highest) => match value.trim().parse::<f64>() {
                Ok(number) if number.round() < int(lowest) || number.round() > int(highest) => out_of_bounds(),
                Ok(_) => Ok(()),
                Err(_) => invalid("integer"),
            },
            Real(lowest, highest) => match value.trim().parse::<f64>() {
                Ok(number) if number < lowest || number > highest => out_of_bounds(),
                Ok(_) => Ok(()),
                Err(_) => invalid("floating point"),
            },
            Words(words) if !words.iter().any(|word| word.eq_ignore_ascii_case(value)) => invalid("enum"),
            Words(_) => Ok(()),
        }
    }

    /// `RESET (a = 1)` is refused.
    pub(super) fn parameters_have_no_values(&self, written: &[StorageParameter]) -> Applied {
        if self.schema.dialect.built_ins.is_some() && written.iter().any(|parameter| parameter.value.is_some()) {
            return self.refuse("42601", "RESET must not include values for parameters");
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "bounds of options have 32 bits")]
fn int(bound: i64) -> f64 {
    bound as f64
}

fn values_of(of: ParametersOf<'_>, name: &str) -> Option<Values> {
    let tables: &[&[(&str, Values)]] = if name.starts_with("toast.") { &[VACUUM] } else { of.known()? };
    let bare = name.strip_prefix("toast.").unwrap_or(name);
    tables.iter().flat_map(|table| table.iter()).find(|(own, _)| *own == bare).map(|(_, values)| *values)
}

/// A truth value as the server reads one (bool.c, parse_bool): a word or the beginning of one.
pub(super) fn truth(text: &str) -> Option<bool> {
    let text = text.to_ascii_lowercase();
    let begins = |word: &str, least: usize| text.len() >= least && word.starts_with(&text);
    if text == "1" || begins("true", 1) || begins("yes", 1) || begins("on", 2) {
        Some(true)
    } else if text == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) {
        Some(false)
    } else {
        None
    }
}

/// Whether a parameter is kept in the relation's own list: those of the out-of-line storage are kept there, and `oids` nowhere.
fn is_own(parameter: &StorageParameter) -> bool {
    !parameter.name.starts_with("toast.") && parameter.name != "oids"
}

/// Parameters in the order in which they are kept, which is the order of the text; a bare flag is `true`.
pub(super) fn own_parameters(written: &[StorageParameter]) -> Vec<(Arc<str>, Arc<str>)> {
    let own = written.iter().filter(|parameter| is_own(parameter));
    own.map(|parameter| (Arc::from(parameter.name.as_str()), Arc::from(parameter.value.as_deref().unwrap_or("true")))).collect()
}
