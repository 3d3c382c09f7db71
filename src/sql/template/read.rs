//! Reads a template.

use super::hole::TemplateKind;
use super::mask::{Masked, mask};
use crate::dialect::Dialect;
use crate::sql::script::{self, Script};
use crate::sql::tree::{Statement, StatementKind, Unread, UnreadReason};
use crate::text::{SourceId, Sources, Span};

/// Reads a whole source that is a template of that kind. What is not read because of a hole has the reason [`UnreadReason::Template`].
pub fn read_template(sources: &Sources, source: SourceId, kind: TemplateKind, dialect: &'static Dialect) -> Script {
    read_template_part(sources, sources.whole(source), kind, dialect)
}

/// The same for a part of a source: SQL that stands inside another file.
pub fn read_template_part(sources: &Sources, part: Span, kind: TemplateKind, dialect: &'static Dialect) -> Script {
    let source = part.source;
    if kind == TemplateKind::None {
        return script::read_script_part(sources, source, part, dialect);
    }
    let base = part.start as usize;
    let offset = |byte: usize| u32::try_from(base.saturating_add(byte)).unwrap_or(u32::MAX);
    let place = |(start, end): (usize, usize)| Span::new(source, offset(start), offset(end));
    match mask(sources.slice(part), kind) {
        Ok(Masked { text, holes }) => {
            let whole = sources.text(source);
            let before = whole.get(..base).unwrap_or("");
            let behind = whole.get(part.end as usize..).unwrap_or("");
            let mut script = script::read_text(&format!("{before}{text}{behind}"), part, dialect);
            let holes: Vec<Span> = holes.into_iter().map(place).collect();
            for statement in &mut script.statements {
                blame_hole(statement, &holes);
            }
            script
        }
        Err(refused) => {
            let unread = Unread {
                reason: UnreadReason::Template,
                message: refused.reason.to_owned(),
                span: place(refused.place),
                head: String::new(),
                mentions: Vec::new(),
            };
            let statement = Statement { kind: StatementKind::Unread(unread), span: part };
            Script { source, statements: vec![statement], comments: Vec::new() }
        }
    }
}

/// A syntax error at a hole is the template's.
fn blame_hole(statement: &mut Statement, holes: &[Span]) {
    let StatementKind::Unread(unread) = &mut statement.kind else {
        return;
    };
    let at_error = holes.iter().find(|hole| hole.start <= unread.span.start && unread.span.start <= hole.end);
    if unread.reason == UnreadReason::Syntax
        && let Some(hole) = at_error
    {
        unread.reason = UnreadReason::Template;
        unread.message = String::from("what the template makes of this place is not known");
        unread.span = *hole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::named;
    use crate::sql::tree::QueryBody;

    #[test]
    fn places_are_those_of_the_template() {
        let mut sources = Sources::default();
        let id = sources.add("t", "SELECT ä FROM t WHERE b = {{ x }} AND c");
        let script = read_template(&sources, id, TemplateKind::Metabase, named("postgres").unwrap());
        let StatementKind::Query(query) = &script.statements[0].kind else { panic!("{script:?}") };
        let QueryBody::Select(select) = &query.body else { panic!("{query:?}") };
        assert_eq!(sources.slice(select.filter.as_ref().unwrap().span), "b = {{ x }} AND c");
    }

    #[test]
    fn a_value_where_a_relation_must_stand_is_the_templates_fault() {
        let mut sources = Sources::default();
        let id = sources.add("t", "SELECT a FROM {{ x }} WHERE b");
        let script = read_template(&sources, id, TemplateKind::Metabase, named("postgres").unwrap());
        let StatementKind::Unread(unread) = &script.statements[0].kind else { panic!("{script:?}") };
        assert_eq!((unread.reason, sources.slice(unread.span)), (UnreadReason::Template, "{{ x }}"));
    }
}
