//! The sentences of a message: what is known of a change, said in the words of one language.
//!
//! In: a [`Desk`], which holds facts, language and clock, and what touches one recipient ([`Touched`]). Out: lists of whole sentences.
//! Which of them stand under which heading is decided by layouts.

mod affected;
mod changes;
mod desk;
mod moments;
mod net_change;
mod plain_names;
mod promise;
mod record;
mod series;
mod subject;
mod to_do;
mod touched;
mod trouble;
mod when;

pub(super) use affected::{affected, hit};
pub(super) use changes::changes;
pub(super) use desk::Desk;
pub(super) use moments::Moments;
pub(super) use plain_names::PlainNames;
pub(super) use promise::{Promise, promise};
pub(super) use record::record;
pub(super) use series::{answer, doing, happened, meanwhile, scope, summary};
pub(super) use subject::{code, subject, what};
pub(super) use to_do::to_do;
pub(super) use touched::{Back, Hit, Touched};
pub(super) use trouble::{contact, lost, next, undo};
pub(super) use when::{old_name, unchanged, when, why};
