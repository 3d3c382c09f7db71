//! What version control knows of a repository: the base of a branch, the files that the branch adds, edits, renames or deletes, and texts as the base
//! has them. Read with the `git` program; nothing is written, fetched or run.
//!
//! In: a folder and the name of a base. Out: a [`Base`] with its [`FileChange`]s and texts. Which of the files are migrations is known above.

mod base;
mod failure;
mod history;
mod program;

pub use base::{Base, FileChange, FileStatus, commit};
pub use failure::GitError;
pub use history::{Commit, commit_that_added};
