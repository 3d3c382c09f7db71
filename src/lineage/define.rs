//! Stored definitions: a bound query or expression as pieces that follow renames.
//!
//! The text is that of `sql::print`; each name in it that the binding gave a meaning becomes a reference by identity. Stars are spread,
//! and when a query uses more than one relation every column is named with its relation, so that columns added later change nothing.
//! Binding the printed text again gives the same outputs and the same dependencies. The columns of `USING` stay text: renaming one of
//! them apart from its partner makes text that no longer binds, where the server would write column aliases.

use std::collections::{BTreeMap, BTreeSet};

use super::server_form::ServerForm;
use super::{Binding, ExpressionBinding, Session, StarColumn, StarQualifier};
use crate::dialect::ViewBinding;
use crate::name::Name;
use crate::schema::{Address, Definition, ObjectBody, ObjectId, Part, Piece, Schema, UserType};
use crate::sql::print::{self, ReferenceKind};
use crate::sql::tree::{Expr, Query};
use crate::text::Span;

/// What names mean, by where they stand.
pub(super) struct Meanings<'a> {
    schema: &'a Schema,
    references: BTreeMap<(u32, u32), Vec<Address>>,
    ends: BTreeMap<u32, Address>,
    qualifiers: BTreeMap<(u32, u32), &'a StarQualifier>,
    stars: BTreeMap<(u32, u32), &'a [StarColumn]>,
    labels: BTreeMap<(u32, u32), (ObjectId, &'a str)>,
    strips_qualifiers: bool,
    /// Relations that share their name with another of the query: named with their schema.
    namesakes: BTreeSet<ObjectId>,
    qualifies: bool,
    pieces: Vec<Piece>,
}

/// A bound query as canonical text with names by identity, stars expanded.
/// In a dialect whose views find their columns by name at each query it is plain text, as written.
pub fn define_query(schema: &Schema, session: &Session, query: &Query, binding: &Binding) -> Definition {
    let _ = session;
    let Ok(printed) = print::query_pieces(query, schema.dialect) else { return Definition::text("") };
    if schema.dialect.view_binding == ViewBinding::ByName {
        return Definition::text(printed.into_iter().map(|piece| piece.text).collect::<String>());
    }
    let mut meanings = Meanings::new(schema, &binding.references, &binding.enum_literals);
    meanings.within(binding, namesakes(schema, binding));
    Definition::new(meanings.spell(&printed)).needing(binding.depends_on.iter().copied())
}

/// A bound expression as canonical text with names by identity; columns are named bare.
pub fn define_expression(schema: &Schema, session: &Session, expression: &Expr, binding: &ExpressionBinding) -> Definition {
    let _ = session;
    let mut references = binding.references.clone();
    let printed = if schema.dialect.built_ins.is_some() {
        let form = ServerForm::new(schema, &binding.conversions);
        let printed = print::expression_pieces(&form.of(expression), schema.dialect);
        references.extend(form.references());
        printed
    } else {
        print::expression_pieces(expression, schema.dialect)
    };
    let Ok(printed) = printed else { return Definition::text("") };
    let mut meanings = Meanings::new(schema, &references, &binding.enum_literals);
    meanings.strips_qualifiers = true;
    Definition::new(meanings.spell(&printed)).needing(binding.depends_on.iter().copied())
}

/// Relations of the query that have the same bare name.
pub(super) fn namesakes(schema: &Schema, binding: &Binding) -> BTreeSet<ObjectId> {
    let mut by_name: BTreeMap<&Name, BTreeSet<ObjectId>> = BTreeMap::new();
    for address in &binding.depends_on {
        if let Some(object) = schema.get(address.object)
            && matches!(object.body, ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_))
        {
            by_name.entry(&object.name).or_default().insert(address.object);
        }
    }
    by_name.into_values().filter(|same| same.len() > 1).flatten().collect()
}

fn key(span: Span) -> (u32, u32) {
    (span.start, span.end)
}

impl<'a> Meanings<'a> {
    pub(super) fn new(schema: &'a Schema, references: &[(Span, Address)], labels: &'a [(Span, ObjectId, String)]) -> Self {
        let mut by_span: BTreeMap<(u32, u32), Vec<Address>> = BTreeMap::new();
        let mut ends = BTreeMap::new();
        for (span, address) in references {
            by_span.entry(key(*span)).or_default().push(*address);
            if address.part == Part::Whole {
                ends.insert(span.end, *address);
            }
        }
        let labels = labels.iter().map(|(span, id, label)| (key(*span), (*id, label.as_str()))).collect();
        Self {
            schema,
            references: by_span,
            ends,
            qualifiers: BTreeMap::new(),
            stars: BTreeMap::new(),
            labels,
            strips_qualifiers: false,
            namesakes: BTreeSet::new(),
            qualifies: false,
            pieces: Vec::new(),
        }
    }

    /// What a query is among: relations of one name, stars, columns that need their relation in front.
    pub(super) fn within(&mut self, binding: &'a Binding, namesakes: BTreeSet<ObjectId>) {
        self.namesakes = namesakes;
        self.qualifies = binding.relations > 1;
        self.qualifiers = binding.qualifiers.iter().map(|(span, qualifier)| (key(*span), qualifier)).collect();
        self.stars = binding.stars.iter().map(|(span, columns)| (key(*span), columns.as_slice())).collect();
    }

    fn text(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            *last = format!("{last}{text}").into();
        } else if !text.is_empty() {
            self.pieces.push(Piece::Text(text.into()));
        }
    }

    pub(super) fn spell(mut self, printed: &[print::Piece]) -> Vec<Piece> {
        let mut index = 0;
        while let Some(piece) = printed.get(index) {
            index += 1;
            let Some(reference) = &piece.reference else {
                self.text(&piece.text);
                continue;
            };
            match &reference.kind {
                ReferenceKind::ColumnPart { output } => {
                    index += self.column_part(printed, index, piece, reference.span, output.as_ref().map(|name| name.as_str()))
                }
                ReferenceKind::Star => index += self.star(printed, index, piece, reference.span),
                ReferenceKind::ListedColumn => self.listed_column(piece, reference.span),
                ReferenceKind::Relation { .. } => match self.ends.get(&reference.span.end).copied() {
                    Some(address) if self.is_relation(address.object) => self.pieces.push(Piece::Relation { relation: address.object }),
                    _ => self.text(&piece.text),
                },
                ReferenceKind::Function => match self.ends.get(&reference.span.end).copied() {
                    Some(address) if self.is_function(address.object) => self.pieces.push(Piece::Function { function: address.object }),
                    _ => {
                        let bare = piece.text.strip_prefix("pg_catalog.").unwrap_or(&piece.text);
                        self.text(bare);
                    }
                },
                ReferenceKind::Type => match self.ends.get(&reference.span.end).copied() {
                    Some(address) => self.type_name(address.object, &piece.text),
                    None => self.text(canonical_type(&piece.text)),
                },
                ReferenceKind::Object => match self.ends.get(&reference.span.end).copied() {
                    Some(address) => self.pieces.push(Piece::Object { object: address.object }),
                    None => self.text(&piece.text),
                },
                ReferenceKind::Text => self.literal(piece, reference.span),
            }
        }
        self.pieces
    }

    fn is_relation(&self, id: ObjectId) -> bool {
        self.schema.get(id).is_some_and(|object| matches!(object.body, ObjectBody::Table(_) | ObjectBody::View(_) | ObjectBody::Sequence(_)))
    }

    fn is_function(&self, id: ObjectId) -> bool {
        self.schema.get(id).is_some_and(|object| matches!(object.body, ObjectBody::Function(_)))
    }

    fn type_name(&mut self, object: ObjectId, written: &str) {
        self.pieces.push(Piece::Type { object });
        // `_t` is an array of `t`; the printed type is the element's.
        let last = written.rsplit('.').next().unwrap_or(written).trim_matches('"');
        if last.starts_with('_') && self.schema.get(object).is_some_and(|found| found.name.as_str() != last) {
            self.text("[]");
        }
    }

    /// One part of a dotted column; gives how many of the pieces behind it are used up.
    fn column_part(&mut self, printed: &[print::Piece], next: usize, piece: &print::Piece, span: Span, output: Option<&str>) -> usize {
        let is_first = !printed.get(next.wrapping_sub(2)).is_some_and(|before| before.reference.is_none() && before.text.ends_with('.'));
        let meaning = self.references.get(&key(span)).and_then(|all| all.last()).copied();
        match meaning {
            Some(Address { object, part: Part::Column(column) }) => {
                if is_first && let Some(qualifier) = self.qualifiers.get(&key(span)).copied() {
                    self.qualifier(qualifier);
                }
                let keeps_case = output.map(Into::into);
                self.pieces.push(Piece::Column { relation: object, column, output: keeps_case });
                0
            }
            Some(address) if self.is_relation(address.object) => {
                let dotted = printed.get(next).is_some_and(|after| after.reference.is_none() && after.text == ".");
                if dotted && self.strips_qualifiers {
                    return 1;
                }
                let piece = self.relation_in_front(address.object);
                self.pieces.push(piece);
                0
            }
            Some(address) if self.is_function(address.object) => {
                self.pieces.push(Piece::Function { function: address.object });
                0
            }
            _ => {
                if self.is_schema_of_qualifier(printed, next) {
                    return 1;
                }
                if is_first && let Some(qualifier) = self.qualifiers.get(&key(span)).copied() {
                    self.qualifier(qualifier);
                }
                self.text(&piece.text);
                0
            }
        }
    }

    /// Whether this part is the schema in front of a relation in front of a column: the relation alone says it all.
    fn is_schema_of_qualifier(&self, printed: &[print::Piece], next: usize) -> bool {
        let dotted = printed.get(next).is_some_and(|after| after.reference.is_none() && after.text == ".");
        let relation = printed.get(next + 1).and_then(|piece| piece.reference.as_ref());
        dotted
            && relation.is_some_and(|reference| {
                self.references
                    .get(&key(reference.span))
                    .and_then(|all| all.last())
                    .is_some_and(|address| address.part == Part::Whole && self.is_relation(address.object))
            })
    }

    fn qualifier(&mut self, qualifier: &StarQualifier) {
        match qualifier {
            StarQualifier::Alias(name) => {
                let text = format!("{}.", self.schema.dialect.quote(name));
                self.text(&text);
            }
            StarQualifier::Relation(id) => {
                let piece = self.relation_in_front(*id);
                self.pieces.push(piece);
                self.text(".");
            }
        }
    }

    fn relation_in_front(&self, relation: ObjectId) -> Piece {
        if self.namesakes.contains(&relation) { Piece::Relation { relation } } else { Piece::Qualifier { relation } }
    }

    /// A star; gives how many of the pieces behind it (its options) are used up.
    fn star(&mut self, printed: &[print::Piece], next: usize, piece: &print::Piece, span: Span) -> usize {
        let Some(columns) = self.stars.get(&key(span)).copied() else {
            match self.references.get(&key(span)).and_then(|all| all.last()).copied() {
                Some(address) if self.is_relation(address.object) => {
                    self.pieces.push(Piece::Qualifier { relation: address.object });
                    self.text(".*");
                }
                _ => self.text(&piece.text),
            }
            return 0;
        };
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                self.text(", ");
            }
            if let Some(qualifier) = column.qualifier.as_ref().filter(|_| self.qualifies) {
                self.qualifier(qualifier);
            }
            let output = column.output.as_ref().unwrap_or(&column.name);
            match column.column {
                Some(Address { object, part: Part::Column(number) }) => {
                    self.pieces.push(Piece::Column { relation: object, column: number, output: Some(output.as_str().into()) });
                }
                _ => {
                    let mut text = self.schema.dialect.quote(&column.name);
                    if let Some(output) = &column.output {
                        text = format!("{text} AS {}", self.schema.dialect.quote(output));
                    }
                    self.text(&text);
                }
            }
        }
        let _ = (printed, next);
        0
    }

    fn listed_column(&mut self, piece: &print::Piece, span: Span) {
        match self.references.get(&key(span)).map(Vec::as_slice) {
            Some([Address { object, part: Part::Column(column) }]) => self.pieces.push(Piece::Column { relation: *object, column: *column, output: None }),
            _ => self.text(&piece.text),
        }
    }

    fn literal(&mut self, piece: &print::Piece, span: Span) {
        if let Some((id, label)) = self.labels.get(&key(span)).copied()
            && let Some(ObjectBody::Type(UserType::Enum { labels, .. })) = self.schema.get(id).map(|object| &object.body)
            && let Some((number, _)) = labels.iter().find(|(_, own)| &**own == label)
        {
            self.text("'");
            self.pieces.push(Piece::EnumLabel { object: id, label: *number });
            self.text("'");
            return;
        }
        match self.references.get(&key(span)).and_then(|all| all.last()).copied() {
            Some(address) => {
                self.text("'");
                self.pieces.push(Piece::RelationLiteral { relation: address.object });
                self.text("'");
            }
            None => self.text(&piece.text),
        }
    }
}

/// A built-in type's word as `format_type` spells it, where one word stands for the whole type.
fn canonical_type(word: &str) -> &str {
    match word.strip_prefix("pg_catalog.").unwrap_or(word) {
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "int2" => "smallint",
        "float8" => "double precision",
        "float4" => "real",
        "bool" => "boolean",
        "varchar" => "character varying",
        "decimal" | "dec" => "numeric",
        "timestamptz" => "timestamp with time zone",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{relation, warehouse};
    use super::super::{Output, bind_query};
    use super::*;
    use crate::name::Name;
    use crate::text::Sources;

    fn define(schema: &Schema, sql: &str) -> (Definition, Binding) {
        let mut sources = Sources::default();
        let source = sources.add("test", sql);
        let query = crate::sql::read_query(&sources, source, schema.dialect).unwrap();
        let session = Session::new(schema);
        let binding = bind_query(schema, &session, &query);
        assert_eq!(binding.errors, Vec::new(), "{sql}");
        (define_query(schema, &session, &query, &binding), binding)
    }

    #[test]
    fn stars_are_spread_and_names_follow_renames() {
        let mut schema = warehouse();
        let (definition, _) = define(&schema, "SELECT * FROM vip WHERE client_id > 1");
        assert_eq!(definition.print(&schema), "SELECT client_id FROM public.vip WHERE client_id > 1");
        let vip = relation(&schema, "vip");
        schema.update_table(vip, |table| table.columns.iter_mut().for_each(|column| column.name = Name::stored("who")));
        schema.rename(vip, Name::stored("friends"), schema.get(vip).and_then(|object| object.namespace));
        assert_eq!(definition.print(&schema), "SELECT who AS client_id FROM public.friends WHERE who > 1");
    }

    #[test]
    fn columns_are_qualified_when_there_are_several_relations() {
        let schema = warehouse();
        let (definition, _) = define(&schema, "SELECT phone, seen FROM clients JOIN visits v ON client_id = clients.id");
        assert_eq!(definition.print(&schema), "SELECT clients.phone, v.seen FROM public.clients JOIN public.visits AS v ON v.client_id = clients.id");
    }

    #[test]
    fn labels_follow_too() {
        let schema = warehouse();
        let (definition, _) = define(&schema, "SELECT id FROM clients WHERE status = 'new'");
        assert!(definition.pieces().iter().any(|piece| matches!(piece, Piece::EnumLabel { label: 0, .. })));
        assert_eq!(definition.print(&schema), "SELECT id FROM public.clients WHERE status = 'new'");
    }

    #[test]
    fn binding_the_printed_text_again_gives_the_same() {
        let schema = warehouse();
        let seen = |binding: &Binding| -> Vec<(Name, Option<crate::schema::DataType>, Vec<Address>, bool)> {
            let one = |output: &Output| (output.name.clone(), output.data_type.clone(), output.sources.clone(), output.nullable);
            binding.outputs.iter().map(one).collect()
        };
        for sql in [
            "SELECT * FROM clients",
            "SELECT c.*, v.name AS visit FROM clients c LEFT JOIN visits v ON v.client_id = c.id",
            "SELECT * FROM clients NATURAL JOIN visits",
            "SELECT name, count(*) FROM clients GROUP BY id HAVING max(paid) > 1 ORDER BY 2, name",
            "WITH q AS (SELECT * FROM vip) SELECT q.client_id, (SELECT max(seen) FROM visits WHERE client_id = q.client_id) FROM q",
            "SELECT id FROM clients WHERE id IN (SELECT client_id FROM vip) UNION ALL SELECT id FROM visits",
            "SELECT clients, row_to_json(clients.*), (clients).phone FROM clients",
            "SELECT t, clients.id FROM clients, unnest(tags) AS t",
            "SELECT x.a FROM clients AS x(a, b) WHERE b = 'x'",
            "SELECT public.clients.id::text, 'new'::mood FROM public.clients",
        ] {
            let (definition, binding) = define(&schema, sql);
            let (again, second) = define(&schema, &definition.print(&schema));
            assert_eq!(seen(&binding), seen(&second), "{sql}");
            assert_eq!(binding.depends_on, second.depends_on, "{sql}");
            assert_eq!(definition, again, "{sql}");
        }
    }
}
