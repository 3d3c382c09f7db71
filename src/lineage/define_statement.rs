//! Stored statements: what a rule does and what a body in SQL says, as pieces that follow renames.
//!
//! In: a statement with its binding, or the text of a rule. Out: its canonical text with names by identity. As on the server, the columns that an
//! `INSERT` writes are listed, stars are spread, and an output keeps its name when its column gets another.

use super::define::{Meanings, define_query, namesakes};
use super::{Binding, ExpressionPurpose, ExpressionScope, ScopeRelation, Session, Variable, VariableType, Variables, bind_expression, bind_statement_among};
use crate::name::Name;
use crate::schema::{Address, Definition, ObjectBody, ObjectId, Part, Piece, Schema};
use crate::sql::tree::{Dml, Expr, Ident, Insert, Query, RuleEvent, RuleParts, Statement, StatementKind};
use crate::sql::{print, read_rule_part};
use crate::text::{Sources, Span};

/// A bound statement as canonical text with names by identity; `None` for what cannot be printed.
pub fn define_statement(schema: &Schema, session: &Session, statement: &Statement, binding: &Binding) -> Option<Definition> {
    match &statement.kind {
        StatementKind::Query(query) => {
            let definition = define_query(schema, session, query, binding);
            let is_empty = definition.pieces().iter().all(|piece| matches!(piece, Piece::Text(text) if text.is_empty()));
            (!is_empty).then_some(definition)
        }
        StatementKind::Dml(dml) => {
            let mut references = binding.references.clone();
            let listed = listed(schema, dml, binding, &mut references);
            let printed = print::dml_pieces(listed.as_ref().unwrap_or(dml), schema.dialect).ok()?;
            let mut meanings = Meanings::new(schema, &references, &binding.enum_literals);
            meanings.within(binding, namesakes(schema, binding));
            Some(Definition::new(meanings.spell(&printed)).needing(binding.depends_on.iter().copied()))
        }
        _ => None,
    }
}

/// An `INSERT` without a list of columns, with the columns that it writes; each name at a place that no text has.
fn listed(schema: &Schema, dml: &Dml, binding: &Binding, references: &mut Vec<(Span, Address)>) -> Option<Dml> {
    let Dml::Insert(insert) = dml else { return None };
    if !insert.columns.is_empty() || binding.written.is_empty() {
        return None;
    }
    let mut columns = Vec::new();
    for (place, output) in binding.written.iter().enumerate() {
        let Some(address @ Address { object, part: Part::Column(number) }) = output.column else { return None };
        let name = schema.column(object, number)?.name.clone();
        let end = u32::MAX.saturating_sub(u32::try_from(place).unwrap_or(u32::MAX));
        let span = Span::new(insert.span.source, end.saturating_sub(1), end);
        references.push((span, address));
        columns.push(Ident { name, span });
    }
    Some(Dml::Insert(Insert { columns, ..insert.clone() }))
}

/// `BEGIN ATOMIC … END` over statements with their bindings; `None` when one cannot be printed.
pub fn define_block<'a>(schema: &Schema, session: &Session, statements: impl Iterator<Item = (&'a Statement, &'a Binding)>) -> Option<Definition> {
    let mut pieces = vec![text("BEGIN ATOMIC\n")];
    let mut needs = Vec::new();
    for (statement, binding) in statements {
        let definition = define_statement(schema, session, statement, binding)?;
        pieces.push(text(" "));
        pieces.extend(definition.pieces().iter().cloned());
        pieces.push(text(";\n"));
        needs.extend(definition.needs().iter().copied());
    }
    pieces.push(text("END"));
    Some(Definition::new(pieces).needing(needs))
}

/// `RETURN …` of a value that was bound as a query of its own.
pub fn define_return(schema: &Schema, session: &Session, query: &Query, binding: &Binding) -> Option<Definition> {
    let definition = define_query(schema, session, query, binding);
    let (Piece::Text(first), rest) = definition.pieces().split_first()? else { return None };
    let value = first.strip_prefix("SELECT ")?;
    let pieces = std::iter::once(text(&format!("RETURN {value}"))).chain(rest.iter().cloned()).collect();
    Some(Definition::new(pieces).needing(definition.needs().iter().copied()))
}

/// `CREATE RULE …` as canonical text with names by identity; `None` for what cannot be read or printed.
pub fn define_rule(schema: &Schema, session: &Session, sources: &Sources, span: Span, table: ObjectId) -> Option<Definition> {
    let rule = read_rule_part(sources, span, schema.dialect).ok()?;
    let event = match rule.event {
        RuleEvent::Select => return None,
        RuleEvent::Insert => "INSERT",
        RuleEvent::Update => "UPDATE",
        RuleEvent::Delete => "DELETE",
    };
    let mut pieces = vec![text(&format!("CREATE RULE {} AS ON {event} TO ", schema.dialect.quote(&rule.name.name))), Piece::Relation { relation: table }];
    let mut needs = Vec::new();
    if let Some(condition) = &rule.condition {
        let binding = bind_expression(schema, session, &rows_scope(table, ExpressionPurpose::Policy), condition);
        pieces.push(text(" WHERE "));
        pieces.extend(followed(schema, sources, condition, &binding.references));
        needs.extend(binding.depends_on);
    }
    pieces.push(text(if rule.instead { " DO INSTEAD " } else { " DO ALSO " }));
    actions(schema, session, table, &rule, &mut pieces, &mut needs)?;
    needs.retain(|address| *address != Address::whole(table));
    Some(Definition::new(pieces).needing(needs))
}

fn actions(schema: &Schema, session: &Session, table: ObjectId, rule: &RuleParts, pieces: &mut Vec<Piece>, needs: &mut Vec<Address>) -> Option<()> {
    let row = |name: &str| Variable { name: Name::stored(name), data_type: VariableType::Row(table) };
    let variables = Variables { all: vec![row("new"), row("old")], ..Variables::default() };
    if rule.actions.is_empty() {
        pieces.push(text("NOTHING"));
        return Some(());
    }
    let several = rule.actions.len() > 1;
    pieces.extend(several.then(|| text("(")));
    for (place, action) in rule.actions.iter().enumerate() {
        pieces.extend((place > 0).then(|| text("; ")));
        let binding = bind_statement_among(schema, session, action, &variables, &[]);
        let definition = define_statement(schema, session, action, &binding)?;
        pieces.extend(definition.pieces().iter().cloned());
        needs.extend(definition.needs().iter().copied());
    }
    pieces.extend(several.then(|| text(")")));
    Some(())
}

/// The rows of a relation as `new` and `old`.
fn rows_scope(table: ObjectId, purpose: ExpressionPurpose) -> ExpressionScope {
    ExpressionScope { relations: vec![ScopeRelation::named(table, "new"), ScopeRelation::named(table, "old")], ..ExpressionScope::empty(purpose) }
}

/// The names in the condition of a trigger of the relation that follow renames: where they stand, and what they are.
pub fn names_in_condition(schema: &Schema, session: &Session, table: ObjectId, condition: &Expr) -> Vec<(Span, Piece)> {
    let binding = bind_expression(schema, session, &rows_scope(table, ExpressionPurpose::TriggerCondition), condition);
    marks(schema, &binding.references)
}

fn marks(schema: &Schema, references: &[(Span, Address)]) -> Vec<(Span, Piece)> {
    let mark = |(span, address): &(Span, Address)| match address.part {
        Part::Column(column) => Some((*span, Piece::Column { relation: address.object, column, output: None })),
        Part::Whole if matches!(schema.get(address.object)?.body, ObjectBody::Function(_)) => Some((*span, Piece::Function { function: address.object })),
        Part::Whole | Part::Default(_) => None,
    };
    references.iter().filter_map(mark).collect()
}

/// An expression as it is written, with its columns and functions by identity.
fn followed(schema: &Schema, sources: &Sources, expression: &Expr, references: &[(Span, Address)]) -> Vec<Piece> {
    let mut marks = marks(schema, references);
    marks.sort_by_key(|(span, _)| span.start);
    let (source, mut at, mut pieces) = (expression.span.source, expression.span.start, Vec::new());
    for (span, piece) in marks {
        if span.source == source && span.start >= at {
            pieces.push(text(sources.slice(Span::new(source, at, span.start))));
            pieces.push(piece);
            at = span.end;
        }
    }
    pieces.push(text(sources.slice(Span::new(source, at, expression.span.end))));
    pieces
}

fn text(text: &str) -> Piece {
    Piece::Text(text.into())
}
