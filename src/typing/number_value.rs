//! Texts of numbers, booleans and UUIDs.

use super::fit::Fit;

/// Any beginning of `true`, `false`, `yes`, `no`, or `on`, `of`, `off`, `1`, `0` (manual 8.6, 15).
pub(super) fn boolean(text: &str) -> Fit {
    let word = text.trim_ascii().to_ascii_lowercase();
    let begins = |whole: &str| !word.is_empty() && whole.starts_with(&word);
    let is_word = ["true", "false", "yes", "no"].into_iter().any(begins) || matches!(word.as_str(), "on" | "of" | "off" | "1" | "0");
    if is_word { Fit::Accepted } else { syntax("boolean", text) }
}

/// Decimal digits with a sign; from 16 on also other bases and `_` (`later`).
pub(super) fn integer(text: &str, type_name: &str, least: i64, most: i64, later: bool) -> Fit {
    let trimmed = text.trim_ascii();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let out_of_range = || Fit::Refused("22003", format!("value \"{text}\" is out of range for type {type_name}"));
    let behind = digits.trim_start_matches(|digit: char| digit.is_ascii_digit());
    let number = trimmed.strip_suffix(behind).unwrap_or(trimmed);
    // The server stops at the first digit that is too much, whatever stands behind it.
    let fits = number.parse::<i64>().is_ok_and(|value| (least..=most).contains(&value));
    match (behind.is_empty(), digits.len() > behind.len()) {
        (true, true) if fits => Fit::Accepted,
        (false, true) if later && behind.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') => Fit::Unknown,
        (_, true) if !fits => out_of_range(),
        _ => syntax(type_name, text),
    }
}

/// A decimal number, infinity or NaN; what only C's `strtod` reads is left to the server.
pub(super) fn floating(text: &str, type_name: &str) -> Fit {
    let trimmed = text.trim_ascii();
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed).to_ascii_lowercase();
    if matches!(unsigned.as_str(), "inf" | "infinity" | "nan") {
        return Fit::Accepted;
    }
    match decimal(&unsigned) {
        // Larger or smaller ones may be out of range.
        Some(exponent) if exponent.abs() <= 20 && unsigned.len() <= 15 => Fit::Accepted,
        Some(_) => Fit::Unknown,
        None if unsigned.starts_with("0x") => Fit::Unknown,
        None => syntax(type_name, text),
    }
}

/// A decimal number, infinity (from 14 on) or NaN. With a precision the value may be too large for it.
pub(super) fn numeric(text: &str, later: bool, unlimited: bool) -> Fit {
    let trimmed = text.trim_ascii();
    let unsigned = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed).to_ascii_lowercase();
    if matches!(unsigned.as_str(), "nan" | "inf" | "infinity") {
        return Fit::Unknown;
    }
    match decimal(&unsigned) {
        Some(exponent) if unlimited && exponent.abs() <= 1000 => Fit::Accepted,
        Some(_) => Fit::Unknown,
        None if later && unsigned.starts_with(|first: char| first.is_ascii_digit()) => Fit::Unknown,
        None => syntax("numeric", text),
    }
}

/// The exponent of a decimal number: digits, a point, `e` and an exponent; `None` for anything else.
fn decimal(text: &str) -> Option<i64> {
    let (mantissa, exponent) = match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            (mantissa, exponent.parse().unwrap_or(i64::MAX))
        }
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() || !fraction.is_empty();
    (some && is_digits(whole) && is_digits(fraction)).then_some(exponent)
}

/// 32 hexadecimal digits, a hyphen after any group of four, braces around (manual 8.12, 15).
pub(super) fn uuid(text: &str) -> Fit {
    let inside = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}'),
        None => Some(text),
    };
    let mut digits = 0_usize;
    let mut after_hyphen = false;
    let is_well_formed = inside.is_some_and(|inside| {
        inside.chars().all(|letter| {
            let fits = match letter {
                '-' => digits > 0 && digits.is_multiple_of(4) && digits < 32 && !after_hyphen,
                _ => letter.is_ascii_hexdigit(),
            };
            after_hyphen = letter == '-';
            digits += usize::from(!after_hyphen);
            fits
        })
    });
    if is_well_formed && digits == 32 { Fit::Accepted } else { syntax("uuid", text) }
}

fn syntax(type_name: &str, text: &str) -> Fit {
    Fit::Refused("22P02", format!("invalid input syntax for type {type_name}: \"{text}\""))
}
