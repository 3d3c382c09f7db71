//! Messages with holes for facts: `{table.name}`.
//!
//! In: the text of a rule file. Out: a [`Template`] whose holes are known facts, or the hole that is none. `{{` and `}}` stand for braces.

use super::fact::Fact;
use super::fact_table::fact_named;
use super::fact_type::FactValue;

/// A text with holes.
#[derive(Clone, Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Hole(&'static Fact),
}

/// Why a text is no template: the hole, and its bytes in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TemplateFault {
    /// A brace without its partner, at this byte.
    Brace(usize),
    /// A hole that is no fact.
    Unknown(String),
}

impl Template {
    /// Reads a text.
    pub fn parse(text: &str) -> Result<Self, TemplateFault> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            plain.push_str(before);
            let offset = text.len() - from.len();
            if let Some(after) = from.strip_prefix("{{") {
                plain.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                plain.push('}');
                rest = after;
            } else {
                let inner = from.strip_prefix('{').ok_or(TemplateFault::Brace(offset))?;
                let (name, after) = inner.split_once('}').ok_or(TemplateFault::Brace(offset))?;
                let fact = fact_named(name.trim()).ok_or_else(|| TemplateFault::Unknown(name.trim().to_owned()))?;
                parts.push(Part::Text(std::mem::take(&mut plain)));
                parts.push(Part::Hole(fact));
                rest = after;
            }
        }
        plain.push_str(rest);
        parts.push(Part::Text(plain));
        Ok(Self { parts })
    }

    /// The facts in it, in order.
    pub fn facts(&self) -> impl Iterator<Item = &'static Fact> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(fact) => Some(*fact),
            Part::Text(_) => None,
        })
    }

    /// The text with its holes filled.
    pub fn fill(&self, find: impl Fn(&'static Fact) -> FactValue) -> String {
        let mut text = String::new();
        for part in &self.parts {
            match part {
                Part::Text(own) => text.push_str(own),
                Part::Hole(fact) => text.push_str(&find(fact).to_sentence()),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_braces_stay() {
        let template = Template::parse("{table.name} has {table.rows} rows {{sic}}").unwrap();
        let text = template.fill(|fact| if fact.name == "table.rows" { FactValue::Int(2_400_000) } else { "app.clients".into() });
        assert_eq!(text, "app.clients has 2,400,000 rows {sic}");
    }

    #[test]
    fn a_hole_that_is_no_fact_is_refused() {
        assert_eq!(Template::parse("{table.nmae}").unwrap_err(), TemplateFault::Unknown("table.nmae".to_owned()));
        assert_eq!(Template::parse("a } b").unwrap_err(), TemplateFault::Brace(2));
    }
}
