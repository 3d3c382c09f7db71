//! Lengths of time as PostgreSQL's settings write them (manual 20.1.1, 15): a number with `us`, `ms`, `s`, `min`, `h` or `d`; alone, milliseconds.

/// Milliseconds, rounded up so that a short time does not become "no limit"; `None` when it is no length of time.
pub(super) fn milliseconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    match unit.trim() {
        "" | "ms" => Some(number),
        "us" => Some(number.div_ceil(1000)),
        "s" => number.checked_mul(1000),
        "min" => number.checked_mul(60_000),
        "h" => number.checked_mul(3_600_000),
        "d" => number.checked_mul(86_400_000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn units_are_those_of_postgresql() {
        assert_eq!(milliseconds("5s"), Some(5000));
        assert_eq!(milliseconds("250"), Some(250));
        assert_eq!(milliseconds("2 min"), Some(120_000));
        assert_eq!(milliseconds("1us"), Some(1));
        for text in ["", "s", "5 sec", "-1", "1.5s", "99999999999999999999d"] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
