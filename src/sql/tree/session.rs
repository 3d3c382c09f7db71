//! What a script does to its session and its transactions.

use super::{Expr, Ident};

/// `SET` and its relatives.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// `SET [LOCAL] name = values`, `SET TIME ZONE z`, `SET ROLE r` (as `role`), and `SELECT set_config('name', 'value', local)`.
    Set {
        /// Lower case.
        name: String,
        /// The values in order; empty for `DEFAULT`.
        values: Vec<SettingValue>,
        /// `LOCAL`: until the transaction ends.
        local: bool,
    },
    /// `RESET name`; `None` for `ALL` and `DISCARD ALL`.
    Reset(Option<String>),
    /// `SHOW`, `DISCARD PLANS`, `DEALLOCATE`, `LISTEN` …: nothing that is modelled.
    Other(String),
}

/// One value of a setting.
#[derive(Clone, Debug, PartialEq)]
pub enum SettingValue {
    /// A bare or double-quoted word.
    Word(Ident),
    /// A string.
    Text(String),
    /// A number with its unit words if any.
    Number(String),
    /// Something computed, which is not judged.
    Computed(Expr),
}

/// Transaction control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`.
    Commit,
    /// `COMMIT AND CHAIN`: the next transaction begins at once.
    CommitAndChain,
    /// `ROLLBACK`, `ABORT`.
    Rollback,
    /// `ROLLBACK AND CHAIN`.
    RollbackAndChain,
    /// `SAVEPOINT s`.
    Savepoint(Ident),
    /// `RELEASE SAVEPOINT s`.
    Release(Ident),
    /// `ROLLBACK TO SAVEPOINT s`.
    RollbackTo(Ident),
    /// `SET TRANSACTION …`, `SET CONSTRAINTS …`: its words.
    Mode(String),
}
