//! The text of a partition's bound taken apart, and put together as a condition.

/// One end of a range over the columns of the key. What follows the first endless column does not count; `operators` are those of an end
/// that goes to the last column, and of one that is cut off by an endless column on the far side.
pub(super) fn side_of_range(keys: &[String], values: &[String], operators: (&str, &str)) -> Option<String> {
    let is_endless = |value: &String| value.eq_ignore_ascii_case("minvalue") || value.eq_ignore_ascii_case("maxvalue");
    let place = values.iter().position(is_endless);
    let count = place.unwrap_or(values.len());
    let (keys, fixed) = (keys.get(..count)?, values.get(..count)?);
    if fixed.is_empty() {
        return None;
    }
    // From (1, MAXVALUE): only what is above 1. To (1, MAXVALUE): 1 is still in.
    let goes_beyond = place.and_then(|place| values.get(place)).is_some_and(|value| value.eq_ignore_ascii_case("maxvalue"));
    let operator = match (place.is_some(), goes_beyond) {
        (true, true) => operators.1,
        _ => operators.0,
    };
    let row = |all: &[String]| if let [one] = all { one.clone() } else { format!("({})", all.join(", ")) };
    Some(format!("{} {operator} {}", row(keys), row(fixed)))
}

/// `(a, b)` at the front: its parts, and what follows.
pub(super) fn in_parentheses(text: &str) -> (Vec<String>, &str) {
    let mut parts = Vec::new();
    let (mut depth, mut in_string, mut start) = (0_usize, false, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '\'' => in_string = !in_string,
            _ if in_string => {}
            '(' | '[' => {
                depth += 1;
                if depth == 1 {
                    start = place + 1;
                }
            }
            ')' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    parts.push(text.get(start..place).unwrap_or("").trim().to_owned());
                    return (parts.into_iter().filter(|part| !part.is_empty()).collect(), text.get(place + 1..).unwrap_or(""));
                }
            }
            ',' if depth == 1 => {
                parts.push(text.get(start..place).unwrap_or("").trim().to_owned());
                start = place + 1;
            }
            _ => {}
        }
    }
    (parts, "")
}
