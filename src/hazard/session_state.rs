//! What is in force while statements run: the open transaction with its locks, and the timeouts.

use std::collections::BTreeSet;

use super::LockMode;
use crate::migrate::TransactionMode;
use crate::name::Name;
use crate::schema::ObjectId;
use crate::sql::tree::{Session, SettingValue, Transaction};

/// What the tool that runs migrations sets on its connection, as the configuration declares it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunnerSettings {
    /// `lock_timeout` in milliseconds.
    pub lock_timeout_ms: Option<u64>,
    /// `statement_timeout` in milliseconds.
    pub statement_timeout_ms: Option<u64>,
}

/// Whose transaction is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransactionOf {
    /// The runner's or the script's: it goes on behind the statement.
    Script,
    /// The statement's own: it ends with it.
    Statement,
}

/// The timeouts in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Timeouts {
    pub lock_ms: Option<u64>,
    pub statement_ms: Option<u64>,
}

/// What is in force while statements run.
#[derive(Debug)]
pub(super) struct SessionState {
    runner: Timeouts,
    timeouts: Timeouts,
    /// What the timeouts go back to at the end of the transaction: after `SET LOCAL`, and after a rollback.
    local_before: Option<Timeouts>,
    at_begin: Timeouts,
    /// The timeouts at each savepoint, to which ROLLBACK TO goes back.
    savepoints: Vec<(Name, Timeouts)>,
    open: bool,
    /// Shared with every hazard that remembers it.
    held: imbl::OrdMap<ObjectId, LockMode>,
    made_in_transaction: BTreeSet<ObjectId>,
    made_in_run: BTreeSet<ObjectId>,
}

impl SessionState {
    pub fn new(runner: RunnerSettings) -> Self {
        let timeouts = Timeouts { lock_ms: runner.lock_timeout_ms, statement_ms: runner.statement_timeout_ms };
        Self {
            runner: timeouts,
            timeouts,
            local_before: None,
            at_begin: timeouts,
            savepoints: Vec::new(),
            open: false,
            held: imbl::OrdMap::new(),
            made_in_transaction: BTreeSet::new(),
            made_in_run: BTreeSet::new(),
        }
    }

    /// A new migration: a connection of its own, or at least a fresh transaction.
    pub fn start_migration(&mut self, mode: TransactionMode) {
        self.end_transaction();
        self.timeouts = self.runner;
        if mode == TransactionMode::Wrapped {
            self.begin();
        }
    }

    pub fn is_open(&self) -> bool {
        self.open
    }

    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// What earlier statements of the transaction hold, strongest lock each.
    pub fn held(&self) -> &imbl::OrdMap<ObjectId, LockMode> {
        &self.held
    }

    pub fn was_made_in_transaction(&self, relation: ObjectId) -> bool {
        self.made_in_transaction.contains(&relation)
    }

    pub fn was_made_in_run(&self, relation: ObjectId) -> bool {
        self.made_in_run.contains(&relation)
    }

    /// A lock that stays until the transaction ends; without one nothing stays.
    pub fn hold(&mut self, relation: ObjectId, lock: LockMode) {
        if self.open && self.held.get(&relation).is_none_or(|own| *own < lock) {
            self.held.insert(relation, lock);
        }
    }

    /// A relation that a statement made.
    pub fn made(&mut self, relation: ObjectId) {
        self.made_in_run.insert(relation);
        if self.open {
            self.made_in_transaction.insert(relation);
        }
    }

    /// What a `BEGIN`, `COMMIT` … does.
    pub fn transaction(&mut self, statement: &Transaction) {
        match statement {
            Transaction::Begin => self.begin(),
            Transaction::Commit => self.end_transaction(),
            Transaction::CommitAndChain => {
                self.end_transaction();
                self.begin();
            }
            Transaction::Rollback => {
                let before = self.at_begin;
                self.end_transaction();
                self.timeouts = before;
            }
            Transaction::RollbackAndChain => {
                let before = self.at_begin;
                self.end_transaction();
                self.timeouts = before;
                self.begin();
            }
            Transaction::Savepoint(name) => self.savepoints.push((name.name.clone(), self.timeouts)),
            Transaction::Release(name) => {
                if let Some(position) = self.savepoint(&name.name) {
                    self.savepoints.truncate(position);
                }
            }
            // It gives back what was locked since, too; that is kept here, which errs on the safe side.
            Transaction::RollbackTo(name) => {
                if let Some((position, (_, timeouts))) = self.savepoint(&name.name).and_then(|position| Some((position, self.savepoints.get(position)?))) {
                    self.timeouts = *timeouts;
                    self.savepoints.truncate(position + 1);
                }
            }
            Transaction::Mode(_) => {}
        }
    }

    fn savepoint(&self, name: &Name) -> Option<usize> {
        self.savepoints.iter().rposition(|(own, _)| own == name)
    }

    /// Opens a transaction for what runs inside one statement, unless one is open; says whose transaction it then is.
    pub fn open_for_a_statement(&mut self) -> TransactionOf {
        if self.open {
            return TransactionOf::Script;
        }
        self.begin();
        TransactionOf::Statement
    }

    /// Ends it with the statement.
    pub fn close_for_a_statement(&mut self) {
        self.end_transaction();
    }

    /// What a `SET` or `RESET` does that may not run: of a timeout before and after, the longer one.
    pub fn session_perhaps(&mut self, statement: &Session) {
        let before = self.timeouts;
        self.session(statement);
        let longer = |one: Option<u64>, other: Option<u64>| one.zip(other).map(|(one, other)| one.max(other));
        self.timeouts =
            Timeouts { lock_ms: longer(before.lock_ms, self.timeouts.lock_ms), statement_ms: longer(before.statement_ms, self.timeouts.statement_ms) };
    }

    /// What a `SET` or `RESET` does to the timeouts.
    pub fn session(&mut self, statement: &Session) {
        match statement {
            Session::Set { name, values, local } => {
                let value = match values.first() {
                    None => None,
                    Some(SettingValue::Word(word)) => Some(parse_duration_ms(word.name.as_str())),
                    Some(SettingValue::Text(text) | SettingValue::Number(text)) => Some(parse_duration_ms(text)),
                    // It is set to something; what, is not known here.
                    Some(SettingValue::Computed(_)) => Some(Some(u64::MAX)),
                };
                if *local {
                    // SET LOCAL outside of a transaction does nothing but warn (manual, sql-set).
                    if !self.open {
                        return;
                    }
                    self.local_before.get_or_insert(self.timeouts);
                }
                self.set(name, value);
            }
            Session::Reset(Some(name)) => self.set(name, None),
            Session::Reset(None) => self.timeouts = self.runner,
            Session::Other(_) => {}
        }
    }

    /// `None` goes back to the runner's value; `Some(None)` and zero mean no timeout.
    fn set(&mut self, name: &str, value: Option<Option<u64>>) {
        let value = |default: Option<u64>| value.unwrap_or(default).filter(|milliseconds| *milliseconds > 0);
        match name {
            "lock_timeout" => self.timeouts.lock_ms = value(self.runner.lock_ms),
            "statement_timeout" => self.timeouts.statement_ms = value(self.runner.statement_ms),
            _ => {}
        }
    }

    fn begin(&mut self) {
        if !self.open {
            self.open = true;
            self.at_begin = self.timeouts;
        }
    }

    fn end_transaction(&mut self) {
        self.open = false;
        self.held = imbl::OrdMap::new();
        self.savepoints.clear();
        self.made_in_transaction.clear();
        if let Some(before) = self.local_before.take() {
            self.timeouts = before;
        }
    }
}

/// A duration as PostgreSQL's settings write it (`2s`, `500 ms`, `1.5s`, `3000`; manual 20.1.1), in milliseconds; a bare number is milliseconds.
/// What is less than a thousandth is rounded up, so that it does not pass for none.
pub fn parse_duration_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|character: char| !(character.is_ascii_digit() || character == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let (whole, thousandths) = decimal(number)?;
    let factor: u64 = match unit.trim() {
        "" | "ms" => 1,
        "s" => 1_000,
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "us" => return Some(whole.div_ceil(1_000)),
        _ => return None,
    };
    whole.checked_mul(factor)?.checked_add((factor * thousandths).div_ceil(1_000))
}

/// The whole part of a number, and the thousandths behind its point.
fn decimal(number: &str) -> Option<(u64, u64)> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let whole = if whole.is_empty() && !fraction.is_empty() { 0 } else { whole.parse().ok()? };
    let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
    Some((whole, padded.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, value: &str, local: bool) -> Session {
        Session::Set { name: name.to_owned(), values: vec![SettingValue::Text(value.to_owned())], local }
    }

    #[test]
    fn durations_are_read_as_the_server_reads_them() {
        assert_eq!(parse_duration_ms("2s"), Some(2_000));
        assert_eq!(parse_duration_ms("500 ms"), Some(500));
        assert_eq!(parse_duration_ms("3000"), Some(3_000));
        assert_eq!(parse_duration_ms("1min"), Some(60_000));
        assert_eq!(parse_duration_ms("1.5s"), Some(1_500));
        assert_eq!(parse_duration_ms(".5 min"), Some(30_000));
        assert_eq!(parse_duration_ms("1.2.3s"), None);
        assert_eq!(parse_duration_ms("soon"), None);
    }

    #[test]
    fn a_local_timeout_ends_with_its_transaction() {
        let mut state = SessionState::new(RunnerSettings::default());
        state.transaction(&Transaction::Begin);
        state.session(&set("lock_timeout", "2s", true));
        assert_eq!(state.timeouts().lock_ms, Some(2_000));
        state.transaction(&Transaction::Commit);
        assert_eq!(state.timeouts().lock_ms, None);
    }

    #[test]
    fn a_rollback_takes_settings_back() {
        let mut state = SessionState::new(RunnerSettings::default());
        state.transaction(&Transaction::Begin);
        state.session(&set("lock_timeout", "2s", false));
        state.transaction(&Transaction::Rollback);
        assert_eq!(state.timeouts().lock_ms, None);
    }

    #[test]
    fn going_back_to_a_savepoint_takes_settings_back() {
        let mut state = SessionState::new(RunnerSettings::default());
        let mut sources = crate::text::Sources::default();
        let source = sources.add("savepoint.sql", "a");
        let name = crate::sql::tree::Ident { name: Name::stored("a"), span: sources.whole(source) };
        state.transaction(&Transaction::Begin);
        state.transaction(&Transaction::Savepoint(name.clone()));
        state.session(&set("lock_timeout", "2s", false));
        state.transaction(&Transaction::RollbackTo(name));
        assert_eq!(state.timeouts().lock_ms, None);
    }

    #[test]
    fn zero_means_no_timeout() {
        let mut state = SessionState::new(RunnerSettings { lock_timeout_ms: Some(1_000), statement_timeout_ms: None });
        state.session(&set("lock_timeout", "0", false));
        assert_eq!(state.timeouts().lock_ms, None);
    }
}
