//! PostgreSQL 12 to 18, measured on 15.

mod built_ins;
mod keywords;
mod record;

pub use record::POSTGRES;
