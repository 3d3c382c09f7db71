//! Text inside Markdown, and pages of Markdown that keep within a size.

/// Text of the user inside Markdown: nothing in it becomes a tag, a table cell, a mention or an issue number.
pub(super) fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' => out.push_str("\\|"),
            '@' | '#' => {
                // A character of no width behind it keeps GitHub from seeing a mention.
                out.push(character);
                out.push('\u{200b}');
            }
            '*' | '_' | '`' | '[' | ']' | '\\' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            '\n' | '\r' => out.push(' '),
            other if other.is_control() => out.push('?'),
            other => out.push(other),
        }
    }
    out
}

/// A code block whose fence is longer than any run of backticks in it.
pub(super) fn fenced(text: &str, language: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

/// Room that is kept for the sentence that says what was left out.
const RESERVE: usize = 400;

/// A page that stays below a number of bytes: whole entries are left out, and counted.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    most_bytes: usize,
    left_out: usize,
}

impl Page {
    pub(super) fn new(most_bytes: usize) -> Self {
        Self { text: String::new(), most_bytes: most_bytes.saturating_sub(RESERVE), left_out: 0 }
    }

    fn fits(&self, more: usize) -> bool {
        self.text.len() + more <= self.most_bytes
    }

    /// A part that is there whole or not at all.
    pub(super) fn part(&mut self, text: &str) {
        if self.fits(text.len()) { self.text.push_str(text) } else { self.left_out += 1 }
    }

    /// A head and its entries, as many as there is room for; no head without an entry.
    pub(super) fn list(&mut self, head: &str, entries: impl IntoIterator<Item = String>) {
        let mut head = Some(head);
        for entry in entries {
            let needed = head.map_or(0, str::len) + entry.len();
            if !self.fits(needed) {
                self.left_out += 1;
                continue;
            }
            if let Some(head) = head.take() {
                self.text.push_str(head);
            }
            self.text.push_str(&entry);
        }
    }

    /// The page, with a sentence on what was left out.
    pub(super) fn finish(mut self, elsewhere: &str) -> String {
        if self.left_out > 0 {
            self.text.push_str(&format!("\n**{} more entries did not fit here.** {elsewhere}\n", self.left_out));
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fenced("a ```` b", "sql"), "`````sql\na ```` b\n`````\n");
    }

    #[test]
    fn a_page_stays_below_its_size_and_says_what_is_missing() {
        let mut page = Page::new(1000);
        page.list("head\n", (0..100).map(|number| format!("{number:>40}\n")));
        let text = page.finish("See the summary.");
        assert!(text.len() <= 1000, "{}", text.len());
        assert!(text.contains("more entries did not fit here.** See the summary."), "{text}");
    }

    #[test]
    fn text_of_others_stays_text() {
        assert_eq!(safe("<!-- @team #1 |`x`"), "&lt;!-- @\u{200b}team #\u{200b}1 \\|\\`x\\`");
    }
}
