//! The HTML report: one file that needs nothing else. It is read without a script, offline, on a phone, on paper and without colour.

mod drawing;
mod markup;
mod page;
mod sections;

pub(super) use page::HTML;
