//! `DO` blocks.
//!
//! In: a block of code. Out: the effect of what can be read in it; the rest is not judged.

use super::work::{Applied, Work};
use crate::sql::tree::CodeBlock;

impl Work<'_> {
    /// `DO $$ … $$`.
    pub(super) fn run_block(&mut self, block: &CodeBlock) -> Applied {
        let span = self.span;
        self.leave_unjudged(format!("what this block of {} does is not read", block.language), span, &[]);
        Ok(())
    }
}
