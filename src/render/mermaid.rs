//! The ways to consumers as a Mermaid diagram, which GitHub and GitLab draw inside Markdown.
//!
//! Their limits are 50,000 characters and 500 arrows (mermaid's `maxTextSize` and `maxEdges`); the map is kept far below, where it can still be read.

use super::route_map::{Bends, RouteMap, Stop};
use super::words::effect_words;
use crate::gate::Answer;
use crate::impact::EffectKind;

/// More boxes than this nobody reads.
const MOST_BOXES: usize = 60;

/// Characters of a label.
const LONGEST_LABEL: usize = 80;

/// The diagram in a fence, with a line on what did not fit; `None` when there is no way to draw.
pub(super) fn mermaid(answer: &Answer) -> Option<String> {
    let map = RouteMap::of(answer, MOST_BOXES, Bends::None);
    if map.boxes.is_empty() {
        return None;
    }
    let mut text = String::from("```mermaid\nflowchart LR\n");
    for (index, own) in map.boxes.iter().enumerate() {
        let label = label(&own.label);
        let line = match own.stop {
            Stop::Changed | Stop::Between => format!("  n{index}[\"{}<br/>{label}\"]\n", own.kind),
            Stop::Consumer => format!("  n{index}([\"{label}<br/>{}\"])\n", own.effect.map_or("", effect_words)),
            Stop::People => format!("  n{index}[/\"{label}\"/]\n"),
            Stop::Bend => continue,
        };
        text.push_str(&line);
    }
    for arrow in &map.arrows {
        let line = match arrow.effect {
            EffectKind::Breaks => "==>",
            EffectKind::ChangesSilently => "-.->",
            EffectKind::MayFail | EffectKind::Unknown => "-->",
        };
        text.push_str(&format!("  n{} {line} n{}\n", arrow.from, arrow.to));
    }
    text.push_str("```\n\nThick: breaks · dotted: changes silently · thin: may fail.\n");
    if map.left_out > 0 {
        text.push_str(&format!("\n{} more effects are not drawn; the tables have them all.\n", map.left_out));
    }
    Some(text)
}

/// A name inside a quoted label: everything that could mean something to Mermaid or HTML is written as a number.
fn label(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars().take(LONGEST_LABEL) {
        match character {
            ' ' | '.' | '_' | '-' | ',' => out.push(character),
            other if other.is_alphanumeric() => out.push(other),
            other if other.is_control() => out.push(' '),
            other => out.push_str(&format!("#{};", u32::from(other))),
        }
    }
    if text.chars().count() > LONGEST_LABEL {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn a_name_cannot_leave_its_label() {
        assert_eq!(label("a\"]; click n0 \"x\n```"), "a#34;#93;#59; click n0 #34;x #96;#96;#96;");
        assert_eq!(label("<!-- @team"), "#60;#33;-- #64;team");
    }
}
