//! Why version control could not be asked.

/// Why version control could not be asked.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GitError {
    /// There is no `git`.
    #[error("the program git was not found")]
    #[diagnostic(help("install git, or name the migrations as arguments instead of --base"))]
    NoProgram,
    /// The folder is in no repository.
    #[error("this folder is in no git repository: {0}")]
    #[diagnostic(help("run it inside the repository, or name the migrations as arguments instead of --base"))]
    NoRepository(String),
    /// The base cannot be found because the clone has only a part of the history.
    #[error("the base `{0}` is not in this clone, which has only a part of the history")]
    #[diagnostic(help(
        "on GitHub give actions/checkout `fetch-depth: 2` for a pull request (its base is then HEAD^1), or `fetch-depth: 0`; on GitLab set GIT_DEPTH to 0; else run `git fetch --unshallow`"
    ))]
    Shallow(String),
    /// There is no such commit.
    #[error("there is no commit `{0}`")]
    #[diagnostic(help("name a branch, a tag or a commit that this clone has, for example origin/main; `git fetch origin main` brings it"))]
    NoSuchCommit(String),
    /// The two have no commit in common.
    #[error("the branch and `{0}` have no commit in common")]
    #[diagnostic(help("is this the branch that the change goes to?"))]
    Unrelated(String),
    /// Git said something else.
    #[error("git {command} ended with {status}: {message}")]
    Refused {
        /// What was asked.
        command: String,
        /// Its exit status.
        status: String,
        /// Its words.
        message: String,
    },
    /// Git could not be run.
    #[error("git could not be run: {0}")]
    Io(#[from] std::io::Error),
    /// Git said something that cannot be read.
    #[error("git {0} said something that cannot be read")]
    Unreadable(&'static str),
}
