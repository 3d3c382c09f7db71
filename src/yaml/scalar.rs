//! What a plain scalar is, by the core schema of YAML 1.2 (chapter 10.3.2): `yes`, `on` and `no` are text.

/// What a plain scalar is when nobody asks for a certain type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Resolved<'t> {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number from zero up.
    Unsigned(u64),
    /// A whole number below zero.
    Signed(i64),
    /// A number with a fraction or an exponent, `.inf`, `.nan`.
    Float(f64),
    /// Anything else.
    Text(&'t str),
}

/// Whether a plain scalar means nothing at all.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// `true` and `false` in the three spellings of the core schema.
pub(super) fn as_bool(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// A whole number: decimal with an optional sign, `0x…` or `0o…`.
pub(super) fn as_integer(text: &str) -> Option<i128> {
    if let Some(digits) = text.strip_prefix("0x") {
        return i128::from_str_radix(digits, 16).ok();
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return i128::from_str_radix(digits, 8).ok();
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// A number of any kind.
pub(super) fn as_float(text: &str) -> Option<f64> {
    match text {
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return Some(f64::NEG_INFINITY),
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    let starts_like_a_number = text.strip_prefix(['-', '+']).unwrap_or(text).starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let looks_like_one = starts_like_a_number && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    if looks_like_one { text.parse().ok() } else { None }
}

/// What a plain scalar is.
pub(super) fn resolve(text: &str) -> Resolved<'_> {
    if is_null(text) {
        return Resolved::Null;
    }
    if let Some(value) = as_bool(text) {
        return Resolved::Bool(value);
    }
    if let Some(value) = as_integer(text) {
        return match (u64::try_from(value), i64::try_from(value)) {
            (Ok(value), _) => Resolved::Unsigned(value),
            (Err(_), Ok(value)) => Resolved::Signed(value),
            (Err(_), Err(_)) => Resolved::Text(text),
        };
    }
    as_float(text).map_or(Resolved::Text(text), Resolved::Float)
}

#[cfg(test)]
mod tests {
    use super::{Resolved, resolve};

    #[test]
    fn dates_versions_and_yes_are_text() {
        for text in ["2026-10-01", "15.18.1", "yes", "off", "-", ".", "1e", "555-0100", "v1", "+", "0x"] {
            assert_eq!(resolve(text), Resolved::Text(text));
        }
    }

    #[test]
    fn numbers_are_numbers() {
        assert_eq!(resolve("0042"), Resolved::Unsigned(42));
        assert_eq!(resolve("-7"), Resolved::Signed(-7));
        assert_eq!(resolve("0x1F"), Resolved::Unsigned(31));
        assert_eq!(resolve("15.10"), Resolved::Float(15.1));
        assert_eq!(resolve("~"), Resolved::Null);
    }
}
