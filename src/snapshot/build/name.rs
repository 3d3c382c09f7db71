//! Names inside the values of the file: `app.clients`, `app."My Table".id`.

/// The parts of a dotted name, quotes taken off; bare parts are taken as they stand, not folded, since a file holds names as they are stored.
/// `None` when a quote is never closed or a part is empty.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut parts = Vec::new();
    let mut current = String::new();
    let mut characters = text.chars().peekable();
    let mut was_quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '"' if current.is_empty() && !was_quoted => {
                loop {
                    match characters.next()? {
                        '"' if characters.peek() == Some(&'"') => {
                            characters.next();
                            current.push('"');
                        }
                        '"' => break,
                        other => current.push(other),
                    }
                }
                was_quoted = true;
            }
            '.' => {
                if current.is_empty() {
                    return None;
                }
                parts.push(std::mem::take(&mut current));
                was_quoted = false;
            }
            _ if was_quoted => return None,
            other => current.push(other),
        }
    }
    if current.is_empty() {
        return None;
    }
    parts.push(current);
    Some(parts)
}

/// The name in front of the argument types of a routine's key, and the types: `contact_line(bigint)` → `contact_line`, `bigint`.
pub(super) fn split_signature(key: &str) -> Option<(String, &str)> {
    let open = if let Some(rest) = key.strip_prefix('"') {
        let mut end = 0;
        let mut quotes = rest.char_indices().filter(|(_, character)| *character == '"').map(|(at, _)| at).peekable();
        while let Some(at) = quotes.next() {
            if quotes.peek() == Some(&(at + 1)) {
                quotes.next();
                continue;
            }
            end = at + 2;
            break;
        }
        end
    } else {
        key.find('(')?
    };
    let (name, arguments) = key.split_at_checked(open)?;
    let arguments = arguments.strip_prefix('(')?.strip_suffix(')')?;
    match split(name)?.as_slice() {
        [name] => Some((name.clone(), arguments)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_quotes_inside_quotes_are_letters() {
        assert_eq!(split("app.clients").unwrap(), ["app", "clients"]);
        assert_eq!(split("app.\"a.b\"\"c\".id").unwrap(), ["app", "a.b\"c", "id"]);
        assert_eq!(split("app."), None);
        assert_eq!(split("\"app"), None);
    }

    #[test]
    fn a_routine_is_its_name_and_its_types() {
        assert_eq!(split_signature("contact_line(bigint, text)"), Some((String::from("contact_line"), "bigint, text")));
        assert_eq!(split_signature("\"My(f\"()"), Some((String::from("My(f"), "")));
        assert_eq!(split_signature("contact_line"), None);
    }
}
