//! A sequence.

use super::{Address, DataType};

/// A sequence. Who owns it decides what it goes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: DataType,
    /// `START WITH`.
    pub start: i64,
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub minimum: i64,
    /// `MAXVALUE`.
    pub maximum: i64,
    /// `CACHE`.
    pub cache: i64,
    /// `CYCLE`.
    pub cycle: bool,
    /// `OWNED BY`, or the identity column.
    pub owned_by: Option<Address>,
    /// How it lives.
    pub persistence: super::Persistence,
    /// The last value given out, when a live snapshot read it.
    pub last_value: Option<i64>,
}
