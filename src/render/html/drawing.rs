//! The ways to consumers as inline SVG: what changes on the left, the people on the right. Effects differ by their lines and are written out, so the
//! drawing is read without colour; the tables below it say the same to those who do not see it.

use super::super::route_map::{Arrow, Bends, Box, RouteMap, Stop};
use super::super::words::{count, effect_words};
use super::markup::escaped;
use crate::gate::Answer;
use crate::impact::EffectKind;

/// Boxes that are drawn at most.
const MOST_BOXES: usize = 160;

const WIDTH: usize = 230;
const HEIGHT: usize = 46;
const GAP_X: usize = 70;
const GAP_Y: usize = 14;
const MARGIN: usize = 12;
const HEAD: usize = 26;

/// Characters of a label that fit into a box.
const LONGEST_LABEL: usize = 28;

/// The drawing in its section; empty when there is nothing to draw.
pub(super) fn drawing(answer: &Answer) -> String {
    let map = RouteMap::of(answer, MOST_BOXES, Bends::Kept);
    if map.boxes.is_empty() {
        return String::new();
    }
    let (columns, rows) = map.size();
    let width = 2 * MARGIN + columns * (WIDTH + GAP_X) - GAP_X;
    let height = 2 * MARGIN + HEAD + rows * (HEIGHT + GAP_Y) - GAP_Y;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"map-title map-text\">\n\
         <title id=\"map-title\">From what changes to the people</title>\n<desc id=\"map-text\">{}</desc>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\"/></marker></defs>\n",
        escaped(&in_words(&map)),
    );
    for (column, title) in titles(columns) {
        svg.push_str(&format!("<text class=\"head\" x=\"{}\" y=\"{}\">{title}</text>\n", left(column), MARGIN + 12));
    }
    for arrow in &map.arrows {
        svg.push_str(&line(&map, arrow));
    }
    for own in map.boxes.iter().filter(|own| own.stop != Stop::Bend) {
        svg.push_str(&drawn(own));
    }
    svg.push_str("</svg>");
    let left_out = if map.left_out > 0 { format!("<p>{} more effects are not drawn; the tables have them all.</p>", map.left_out) } else { String::new() };
    format!(
        "<section aria-labelledby=\"map\"><h2 id=\"map\">How it gets there</h2>\n\
         <p class=\"key\"><span class=\"line breaks\"></span> breaks <span class=\"line silent\"></span> changes silently <span class=\"line may\"></span> may fail</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Drawing, can be scrolled sideways\">\n{svg}\n</div>{left_out}</section>\n"
    )
}

fn titles(columns: usize) -> Vec<(usize, &'static str)> {
    let mut titles = vec![(0, "What changes")];
    match columns {
        0..=1 => {}
        2 => titles.push((1, "Who uses it")),
        3 => titles.extend([(1, "Who uses it"), (2, "People")]),
        _ => titles.extend([(1, "Through"), (columns - 2, "Who uses it"), (columns - 1, "People")]),
    }
    titles
}

fn in_words(map: &RouteMap) -> String {
    let number = |stop: Stop| map.boxes.iter().filter(|one| one.stop == stop).count();
    format!("{} changed, {} hit; each is a row of the tables below.", count(number(Stop::Changed), "thing"), count(number(Stop::Consumer), "consumer"))
}

fn left(column: usize) -> usize {
    MARGIN + column * (WIDTH + GAP_X)
}

fn top(row: usize) -> usize {
    MARGIN + HEAD + row * (HEIGHT + GAP_Y)
}

fn line(map: &RouteMap, arrow: &Arrow) -> String {
    let (Some(from), Some(to)) = (map.boxes.get(arrow.from), map.boxes.get(arrow.to)) else { return String::new() };
    // Through a bend the arrow goes on straight to where its next part begins.
    let (through, tip) = if to.stop == Stop::Bend { (format!("H{}", left(to.column) + WIDTH), "") } else { (String::new(), " marker-end=\"url(#tip)\"") };
    let (x1, y1) = (left(from.column) + WIDTH, top(from.row) + HEIGHT / 2);
    let (x2, y2) = (left(to.column), top(to.row) + HEIGHT / 2);
    let bend = GAP_X / 2;
    let (c1, c2) = (x1 + bend, x2.saturating_sub(bend));
    format!("<path class=\"way {}\"{tip} d=\"M{x1} {y1}C{c1} {y1} {c2} {y2} {x2} {y2}{through}\"/>\n", class(arrow.effect))
}

fn class(effect: EffectKind) -> &'static str {
    match effect {
        EffectKind::Breaks => "breaks",
        EffectKind::ChangesSilently => "silent",
        EffectKind::MayFail | EffectKind::Unknown => "may",
    }
}

fn drawn(own: &Box) -> String {
    let (x, y) = (left(own.column), top(own.row));
    let (first, second) = match own.stop {
        Stop::Changed | Stop::Between => (own.kind.to_owned(), shortened(&own.label)),
        Stop::Consumer => (format!("{} {}", own.kind, own.effect.map_or("", effect_words)), shortened(&own.label)),
        Stop::People | Stop::Bend => (String::from("tell"), shortened(&own.label)),
    };
    let shape = match own.stop {
        Stop::Changed => "changed",
        Stop::Between => "between",
        Stop::Consumer => own.effect.map_or("between", class),
        Stop::People | Stop::Bend => "people",
    };
    let round = if own.stop == Stop::Consumer { HEIGHT / 2 } else { 4 };
    format!(
        "<g><title>{}</title><rect class=\"box {shape}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"{round}\"/>\
         <text class=\"kind\" x=\"{}\" y=\"{}\">{}</text><text x=\"{}\" y=\"{}\">{}</text></g>\n",
        escaped(&own.label),
        x + 14,
        y + 17,
        escaped(&first),
        x + 14,
        y + 35,
        escaped(&second),
    )
}

/// The end of a long name says more than its beginning.
fn shortened(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST_LABEL { text.to_owned() } else { format!("…{}", text.chars().skip(length - LONGEST_LABEL + 1).collect::<String>()) }
}
