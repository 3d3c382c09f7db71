//! `RAISE`: the code and the message of an error that a body makes itself.

use super::fault::{Fault, code_of};
use super::machine::Machine;
use super::value::Datum;
use super::ways::{State, Ways};
use crate::sql::plpgsql::PlRaised;
use crate::sql::tree::Expr;
use crate::text::Span;

impl Machine<'_> {
    /// `RAISE`.
    pub(super) fn raise<'a>(&self, state: State<'a>, fails: bool, what: &PlRaised, values: &[Expr], options: &[(String, Expr)], span: Span) -> Ways<'a> {
        let all = values.iter().chain(options.iter().map(|(_, value)| value)).cloned();
        let (all, state) = match self.all_evaluated(state, all) {
            Ok(done) => done,
            Err(ways) => return ways,
        };
        let shown: Vec<String> = all.iter().take(values.len()).map(as_message).collect();
        let given: Vec<String> = all.iter().skip(values.len()).map(as_message).collect();
        let option = |name: &str| options.iter().zip(&given).find(|((own, _), _)| own == name).map(|(_, value)| value.clone());
        let (code, message) = match what {
            PlRaised::Again => {
                let fault = state.caught.clone();
                let lost = || Fault::new("0Z002", "RAISE without parameters cannot be used outside an exception handler", span);
                return Ways::fail(fault.unwrap_or_else(lost), state);
            }
            PlRaised::Message(format) => (option("errcode"), filled(format, &shown)),
            PlRaised::Condition(condition) => (Some(condition.clone()), condition.clone()),
            PlRaised::Options => (option("errcode"), option("message").unwrap_or_else(|| String::from("unhandled exception"))),
        };
        if !fails {
            let mut state = state;
            state.work.notice(message);
            return Ways::next(state);
        }
        let code = code.map_or_else(|| String::from("P0001"), |code| code_of(&code.to_ascii_lowercase()).map_or(code, str::to_owned));
        let message = option("message").unwrap_or(message);
        Ways::fail(Fault::raised(&code, message, span), state)
    }
}

/// A value as a message shows it.
fn as_message(value: &Datum) -> String {
    match value {
        Datum::Text(text) => text.to_string(),
        Datum::Integer(number) => number.to_string(),
        Datum::Null => String::from("<NULL>"),
        _ => String::from("…"),
    }
}

/// `%` in a format of `RAISE`, one after the other; `%%` is a percent sign.
fn filled(format: &str, values: &[String]) -> String {
    let mut text = String::new();
    let mut values = values.iter();
    let mut letters = format.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '%' if letters.next_if_eq(&'%').is_some() => text.push('%'),
            '%' => text.push_str(values.next().map_or("", String::as_str)),
            other => text.push(other),
        }
    }
    text
}
