//! What a failed connection or query means, told from the server's code and the library's words.

use postgres::error::SqlState;

use super::LiveError;
use super::settings::Settings;

/// What it means that a connection did not come about.
pub(super) fn of_connection(error: &postgres::Error, settings: &Settings) -> LiveError {
    let place = settings.place();
    let reason = settings.redacted(&words(error));
    if let Some(code) = error.code() {
        if *code == SqlState::INVALID_CATALOG_NAME {
            return LiveError::Database { place, database: settings.database.clone() };
        }
        if *code == SqlState::INVALID_PASSWORD || *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION || *code == SqlState::INSUFFICIENT_PRIVILEGE {
            return LiveError::Login { place, user: settings.user.clone(), reason };
        }
        return LiveError::Failed { place, what: "the first answer", reason };
    }
    if reason.contains("server does not support TLS") {
        return LiveError::NoTls { place };
    }
    if reason.contains("TLS") || reason.contains("certificate") {
        return LiveError::Tls { place, reason };
    }
    if reason.contains("password") || reason.contains("authentication") {
        return LiveError::Login { place, user: settings.user.clone(), reason };
    }
    LiveError::Unreachable { place, reason }
}

/// What it means that a query did not come about.
pub(super) fn of_query(error: &postgres::Error, what: &'static str, settings: &Settings) -> LiveError {
    let place = settings.place();
    let reason = settings.redacted(&words(error));
    match error.code() {
        Some(code) if *code == SqlState::QUERY_CANCELED || *code == SqlState::LOCK_NOT_AVAILABLE => LiveError::TimedOut { place, what, reason },
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => LiveError::Privilege { user: settings.user.clone(), what, reason },
        _ => LiveError::Failed { place, what, reason },
    }
}

/// The message with its causes, the server's own words when there are any.
fn words(error: &postgres::Error) -> String {
    if let Some(answer) = error.as_db_error() {
        let detail = answer.detail().map(|detail| format!(" ({detail})")).unwrap_or_default();
        return format!("{}{detail}", answer.message());
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        let more = inner.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = inner.source();
    }
    text
}
