//! What organisations can replace: the sentences of each language, and the layouts that put them in order.
//!
//! Built in are `language/*.yml` and `layout/*.j2`; a folder of the organisation is laid over them, file by file and sentence by sentence.
//! A fault in a file of the organisation is shown at its line. What a layout prints is read back as headings and lines ([`outline`]), so
//! that every channel lays out the same thing, and a value that looks like a heading is none.

mod fault;
mod layouts;
mod outline;
mod phrases;
mod templates;

pub(super) use phrases::Phrases;
pub use templates::Templates;
