//! A value from a file becomes a piece of one line.

/// One line without anything that acts instead of being read: control characters, line ends of any kind, marks that turn the direction of
/// writing or cannot be seen, and the characters that templates use as signs among themselves.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
            blank = true;
        } else if !is_invisible(letter) {
            if blank && !out.is_empty() {
                out.push(' ');
            }
            blank = false;
            out.push(letter);
        }
    }
    out
}

/// Characters that change what is around them, or hide: direction marks, joiners outside words, soft hyphens, tags, private signs.
fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn a_value_is_one_line_and_nothing_acts() {
        assert_eq!(clean(" a\r\nBcc: x\u{2028}y\t z "), "a Bcc: x y z");
        assert_eq!(clean("pay\u{202e}roll\u{200b}\u{e000}"), "payroll");
        assert_eq!(clean("Niño 👩\u{200d}🍳"), "Niño 👩\u{200d}🍳");
    }
}
