//! Placeholders that a runner fills in before it sends a text.

/// A text with its placeholders filled in, and those that have no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Filled {
    /// The text; where nothing was filled in, the same.
    pub text: String,
    /// Names without a value, with the bytes of the mark in the *given* text.
    pub missing: Vec<(String, std::ops::Range<usize>)>,
}

/// Replaces `open name close` by the value of `name`. A placeholder without a value stays as it is.
pub(super) fn fill(text: &str, marks: (&str, &str), values: &[(String, String)]) -> Filled {
    let (open, close) = marks;
    let mut filled = Filled { text: String::with_capacity(text.len()), missing: Vec::new() };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        filled.text.push_str(before);
        let name = after.split_once(close).map(|(name, _)| name).filter(|name| !name.is_empty() && !name.contains(['\n', '\'', ';', ' ']));
        let Some(name) = name else {
            filled.text.push_str(open);
            rest = after;
            continue;
        };
        if let Some((_, value)) = values.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) {
            filled.text.push_str(value);
        } else {
            let start = text.len() - after.len() - open.len();
            filled.missing.push((name.to_owned(), start..start + open.len() + name.len() + close.len()));
            filled.text.push_str(open);
            filled.text.push_str(name);
            filled.text.push_str(close);
        }
        rest = after.get(name.len() + close.len()..).unwrap_or("");
    }
    filled.text.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn values_are_filled_in_and_missing_ones_are_told() {
        let text = "CREATE TABLE ${schema}.t; ${other} $1 ${ no }";
        let filled = fill(text, ("${", "}"), &[(String::from("schema"), String::from("app"))]);
        assert_eq!(filled.text, "CREATE TABLE app.t; ${other} $1 ${ no }");
        assert_eq!(filled.missing.len(), 1);
        assert_eq!(&text[filled.missing[0].1.clone()], "${other}");
    }
}
