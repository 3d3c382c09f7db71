//! Names that mean a column: `c`, `t.c`, `s.t.c`, and `t` as a whole row.
//!
//! By the server's rules (parse_relation.c, colNameToVar and refnameNamespaceItem; parse_expr.c, transformColumnRef; PostgreSQL 15): each level
//! from the inside out, the first level that knows the name decides, twice at one level is ambiguous.

use std::rc::Rc;

use super::binder::Binder;
use super::level::{Clause, ColumnUse, RelationColumn, RelationKind};
use super::value::{Field, Sources, Value, mix};
use super::visibility::Found;
use super::{DerivedColumn, NamedSource, Role};
use crate::dialect::AliasPrecedence;
use crate::name::Name;
use crate::schema::{Address, DataType};
use crate::sql::tree::Ident;
use crate::text::Span;

impl Binder<'_> {
    /// A column reference of any form.
    pub(super) fn column_reference(&mut self, parts: &[Ident], span: Span) -> Value {
        match parts {
            [] => Value::opaque(),
            [column] => self.bare_column(column, span),
            [relation, column] => self.qualified_column(None, relation, column, span),
            [schema, relation, column] => self.three_part_column(schema, relation, column, span),
            [_, schema, relation, column, ..] => self.qualified_column(Some(schema), relation, column, span),
        }
    }

    fn three_part_column(&mut self, first: &Ident, second: &Ident, third: &Ident, span: Span) -> Value {
        let labelled = self.variables.labels.contains(&first.name) && self.variable(&second.name).is_some();
        if labelled && let Some(value) = self.variable_field(second, third, false, span) {
            return value;
        }
        if self.find_relation(Some(first), second).is_none() && self.variables.labels.contains(&first.name) {
            let value = self.named_parameter(&second.name).and_then(|row| self.field_of_parameter(&row, third, span));
            if let Some(value) = value {
                return value;
            }
        }
        if !self.schema.dialect.dots_reach_into_columns || self.find_relation(Some(first), second).is_some() {
            return self.qualified_column(Some(first), second, third, span);
        }
        let inner = self.qualified_column(None, first, second, span);
        self.field_of(&inner, third, span)
    }

    fn bare_column(&mut self, column: &Ident, span: Span) -> Value {
        if let Some(value) = self.alias_reference(&column.name, true, span) {
            return value;
        }
        match self.find_column(&column.name, span) {
            Found::One(level, relation, index) => {
                if let Some(value) = self.variable_beside_column(column, span) {
                    return value;
                }
                self.note_qualifier(level, relation, index, column);
                self.use_column(level, relation, index, column.span)
            }
            Found::Refused => Value::opaque(),
            Found::Nothing => match self.bare_system_column(column, span) {
                Some(value) => value,
                None => self.bare_name_that_is_no_column(column, span),
            },
        }
    }

    /// Records what could be put in front of a bare column name, unless that would mean another relation here.
    fn note_qualifier(&mut self, level: usize, relation: usize, index: usize, column: &Ident) {
        let Some(qualifier) = self.star_column(level, relation, index, &column.name, None).qualifier else { return };
        let name = match &qualifier {
            super::StarQualifier::Alias(name) => Some(name.clone()),
            super::StarQualifier::Relation(id) => self.schema.get(*id).map(|object| object.name.clone()),
        };
        let Some(name) = name else { return };
        let found = self.find_relation(None, &Ident { name, span: column.span });
        if let Some((seen, index_seen)) = found
            && seen == level
            && self.column_belongs_to(level, (relation, index), index_seen)
        {
            self.found.qualifiers.push((column.span, qualifier));
        }
    }

    fn column_belongs_to(&self, level: usize, mut at: (usize, usize), wanted: usize) -> bool {
        loop {
            if at.0 == wanted {
                return true;
            }
            match self.levels.get(level).and_then(|here| here.relations.get(at.0)?.columns.get(at.1)?.base) {
                Some(base) => at = base,
                None => return false,
            }
        }
    }

    fn bare_name_that_is_no_column(&mut self, column: &Ident, span: Span) -> Value {
        if !self.is_uncertain_here()
            && let Some(value) = self.alias_reference(&column.name, false, span)
        {
            return value;
        }
        if column.name.as_str() == "value"
            && let Some(data_type) = self.domain_value.clone()
        {
            return Value::of(Some(data_type), true).hashed(mix("value", &[]));
        }
        if let Some((level, relation)) = self.find_relation(None, column) {
            if let Some(value) = self.variable_beside_column(column, span) {
                return value;
            }
            return self.whole_row(level, relation, span);
        }
        if let Some(value) = self.variable(&column.name) {
            return value;
        }
        if let Some(value) = self.named_parameter(&column.name) {
            return value;
        }
        if let Some(value) = self.column_of_an_uncertain_relation(&column.name, span) {
            return value;
        }
        self.error("42703", format!("column \"{}\" does not exist", column.name), span);
        Value::opaque()
    }

    /// Whether a relation of the innermost level may have columns that the schema does not know.
    fn is_uncertain_here(&self) -> bool {
        self.levels.last().is_some_and(|here| here.relations.iter().any(|relation| relation.uncertain.is_some()))
    }

    /// The value of the parameter of that name.
    pub(super) fn named_parameter(&self, name: &Name) -> Option<Value> {
        let (written, parameter) = self.parameters.iter().find(|(_, parameter)| parameter.name.as_ref() == Some(name))?;
        Some(Value::of(parameter.data_type.clone(), true).hashed(mix(written, &[])))
    }

    /// When a relation in sight may have columns that the schema does not know, the name may be one of them.
    fn column_of_an_uncertain_relation(&mut self, name: &Name, span: Span) -> Option<Value> {
        for level in (0..self.levels.len()).rev() {
            let mut candidates: Vec<(usize, Rc<str>)> = Vec::new();
            let here = self.levels.get(level)?;
            for visible in here.visible.iter().filter(|one| (one.by_column || one.by_name) && (!one.lateral_only || here.lateral_active)) {
                if let Some(relation) = here.relations.get(visible.relation)
                    && !matches!(relation.kind, RelationKind::Join)
                    && let Some(reason) = &relation.uncertain
                {
                    candidates.push((visible.relation, Rc::clone(reason)));
                }
            }
            let Some((_, reason)) = candidates.first().cloned() else { continue };
            self.unknown_column(name.as_str(), &reason, span);
            let relations: Vec<usize> = candidates.into_iter().map(|(relation, _)| relation).collect();
            return Some(self.use_unknown_column(level, &relations, name, span));
        }
        None
    }

    /// Uses a column that nobody declared, of one of these relations.
    fn use_unknown_column(&mut self, level: usize, relations: &[usize], name: &Name, span: Span) -> Value {
        let mut sources = Sources::default();
        let only = relations.len() == 1;
        let mut first = None;
        if let Some(here) = self.levels.get(level) {
            for index in relations {
                let Some(relation) = here.relations.get(*index) else { continue };
                first = first.or(Some((here.id, *index)));
                match &relation.kind {
                    // Which of several it belongs to is not guessed.
                    _ if !only => {
                        sources.named.insert(NamedSource { relation: String::from("?"), column: name.as_str().to_owned() });
                    }
                    RelationKind::Missing(written) => {
                        sources.named.insert(NamedSource { relation: written.to_string(), column: name.as_str().to_owned() });
                    }
                    // Whatever it gives comes out of what it is given.
                    RelationKind::Function | RelationKind::ScalarFunction => {
                        relation.columns.iter().for_each(|column| sources.extend(&column.sources));
                    }
                    _ => {
                        for column in relation.columns.iter().filter(|column| column.name.as_str() == "*") {
                            for source in &column.sources.named {
                                let column = if source.column == "*" { name.as_str().to_owned() } else { source.column.clone() };
                                sources.named.insert(NamedSource { relation: source.relation.clone(), column });
                            }
                        }
                    }
                }
            }
        }
        let (id, relation) = first.unwrap_or((0, 0));
        self.log.push(ColumnUse { level: id, relation, column: None, span, aggregated: true, sources: Rc::new(sources), reads: Rc::from([]) });
        Value::opaque().hashed(mix(name.as_str(), &[u64::from(id), 99]))
    }

    /// `t.c`, `s.t.c`.
    pub(super) fn qualified_column(&mut self, schema: Option<&Ident>, relation: &Ident, column: &Ident, span: Span) -> Value {
        if schema.is_none() && !self.variables.all.is_empty() {
            let has_column = self.find_relation(None, relation).is_some_and(|(level, index)| self.has_column(level, index, &column.name));
            if let Some(value) = self.variable_field(relation, column, has_column, span) {
                return value;
            }
        }
        let Some((level, index)) = self.find_relation(schema, relation) else {
            return self.qualifier_not_found(schema, relation, column, span);
        };
        if self.name_is_ambiguous(level, schema, relation) {
            self.error("42P09", format!("table reference \"{}\" is ambiguous", relation.name), relation.span);
            return Value::opaque();
        }
        if self.lateral_forbids(level, index) {
            self.error("42P10", format!("invalid reference to FROM-clause entry for table \"{}\"", relation.name), relation.span);
            return Value::opaque();
        }
        if let Some(Some(id)) = self.levels.get(level).and_then(|here| here.relations.get(index)).map(|found| match found.kind {
            RelationKind::Stored(id) => Some(id),
            _ => None,
        }) && !self.is_called_by_alias(level, index)
        {
            self.found.references.push((relation.span, Address::whole(id)));
        }
        self.column_of(level, index, column, span)
    }

    fn has_column(&self, level: usize, relation: usize, name: &Name) -> bool {
        let found = self.levels.get(level).and_then(|here| here.relations.get(relation));
        found.is_some_and(|found| found.columns.iter().any(|own| own.name == *name))
    }

    fn column_of(&mut self, level: usize, relation: usize, column: &Ident, span: Span) -> Value {
        let Some(found) = self.levels.get(level).and_then(|here| here.relations.get(relation)) else { return Value::opaque() };
        let mut matches = found.columns.iter().enumerate().filter(|(_, own)| own.name == column.name);
        let by_place = self.place_written(column.name.as_str()).filter(|place| *place < found.columns.len());
        let first = matches.next().map(|(index, _)| index).or(by_place);
        let again = matches.next().is_some();
        let uncertain = found.uncertain.clone();
        if again {
            self.error("42702", format!("column reference \"{}\" is ambiguous", column.name), span);
            return Value::opaque();
        }
        if let Some(index) = first {
            return self.use_column(level, relation, index, column.span);
        }
        if let Some(value) = self.system_column(level, relation, column) {
            return value;
        }
        if let Some(reason) = uncertain {
            self.unknown_column(column.name.as_str(), &reason, span);
            return self.use_unknown_column(level, &[relation], &column.name, span);
        }
        if let Some(value) = self.function_of_row(level, relation, column, span) {
            return value;
        }
        let name = self.levels.get(level).and_then(|here| here.visible.iter().find(|one| one.relation == relation)).and_then(|one| one.name.clone());
        if let Some(name) = &name
            && let Some(value) = self.parameter_by_two_names(name, column, span)
        {
            return value;
        }
        let shown = name.map_or_else(|| column.name.to_string(), |name| format!("{name}.{}", column.name));
        self.error("42703", format!("column {shown} does not exist"), span);
        Value::opaque()
    }

    fn qualifier_not_found(&mut self, schema: Option<&Ident>, relation: &Ident, column: &Ident, span: Span) -> Value {
        if self.schema.dialect.dots_reach_into_columns && schema.is_none() {
            let mark = self.found.errors.len();
            if let Found::One(level, found, index) = self.find_column(&relation.name, relation.span) {
                let row = self.use_column(level, found, index, relation.span);
                return self.field_of(&row, column, span);
            }
            self.found.errors.truncate(mark);
        }
        if schema.is_none()
            && let Some(value) = self.parameter_by_two_names(&relation.name, column, span)
        {
            return value;
        }
        let hidden = self.levels.iter().any(|level| level.visible.iter().any(|one| one.name.as_ref() == Some(&relation.name)));
        let message = if hidden { "invalid reference to FROM-clause entry for table" } else { "missing FROM-clause entry for table" };
        self.error("42P01", format!("{message} \"{}\"", relation.name), relation.span);
        Value::opaque()
    }

    /// `routine.parameter`, or `parameter.field` of a row, in the body of an SQL function (functions.c, sql_fn_post_column_ref; measured on 15).
    fn parameter_by_two_names(&mut self, first: &Name, second: &Ident, span: Span) -> Option<Value> {
        if self.variables.labels.contains(first)
            && let Some(value) = self.named_parameter(&second.name)
        {
            return Some(value);
        }
        let row = self.named_parameter(first)?;
        self.field_of_parameter(&row, second, span)
    }

    /// The field of a row that a parameter holds; what is no field of it is no name of anything.
    fn field_of_parameter(&mut self, row: &Value, field: &Ident, span: Span) -> Option<Value> {
        let marks = (self.found.errors.len(), self.found.reads.len(), self.found.references.len());
        let value = self.field_of(row, field, span);
        if self.found.errors.len() == marks.0 {
            return Some(value);
        }
        self.found.errors.truncate(marks.0);
        self.found.reads.truncate(marks.1);
        self.found.references.truncate(marks.2);
        None
    }

    /// `$1` is the first column of what is read (Snowflake, Literals and variables: columns by position).
    pub(super) fn column_by_place(&mut self, written: &str, span: Span) -> Option<Value> {
        let place = self.place_written(written)?;
        let level = self.levels.len().checked_sub(1)?;
        let here = self.levels.get(level)?;
        let relations: Vec<usize> = here.visible.iter().filter(|one| one.by_column && !one.lateral_only).map(|one| one.relation).collect();
        if let [only] = relations.as_slice()
            && here.relations.get(*only).is_some_and(|relation| relation.uncertain.is_none() && place < relation.columns.len())
        {
            return Some(self.use_column(level, *only, place, span));
        }
        self.unresolved(written, "which column has this place is not known", span);
        Some(Value::opaque())
    }

    fn place_written(&self, written: &str) -> Option<usize> {
        let digits = written.strip_prefix('$').filter(|_| self.schema.dialect.grammar == crate::dialect::Grammar::Snowflake)?;
        digits.parse::<usize>().ok()?.checked_sub(1)
    }

    /// A use of a column: its read is recorded, its place and its value given.
    pub(super) fn use_column(&mut self, level: usize, relation: usize, column: usize, span: Span) -> Value {
        let role = self.role;
        self.use_column_as(level, relation, column, role, span)
    }

    /// The same in a role.
    pub(super) fn use_column_as(&mut self, level: usize, relation: usize, column: usize, role: Role, span: Span) -> Value {
        let Some((own, base)) = self.base_of(level, relation, column) else { return Value::opaque() };
        let (here, relation_span) = match self.levels.get(level) {
            Some(here) => (here.id, here.relations.get(base.0).map_or(span, |relation| relation.span)),
            None => return Value::opaque(),
        };
        self.read_column(&own, role, span);
        match own.column {
            Some(address) if own.direct => self.found.references.push((span, address)),
            _ => self.found.derived.push((span, DerivedColumn { relation: relation_span, position: base.1, name: own.name.clone() })),
        }
        let aggregated = false;
        self.log.push(ColumnUse {
            level: here,
            relation: base.0,
            column: Some(base.1),
            span,
            aggregated,
            sources: Rc::clone(&own.sources),
            reads: Rc::clone(&own.reads),
        });
        Value {
            data_type: own.data_type.clone(),
            nullable: own.nullable,
            literal: None,
            fields: own.fields.clone(),
            column: own.column,
            hash: mix("column", &[u64::from(here), base.0 as u64, base.1 as u64]),
            set: false,
            parameter: None,
        }
    }

    /// The column itself, and which column of which joined relation it is.
    fn base_of(&self, level: usize, relation: usize, column: usize) -> Option<(RelationColumn, (usize, usize))> {
        let here = self.levels.get(level)?;
        let mut at = (relation, column);
        let mut found = here.relations.get(at.0)?.columns.get(at.1)?;
        while let Some(base) = found.base {
            at = base;
            found = here.relations.get(at.0)?.columns.get(at.1)?;
        }
        Some((found.clone(), at))
    }

    /// `t` as a value: the whole row.
    pub(super) fn whole_row(&mut self, level: usize, relation: usize, span: Span) -> Value {
        let Some(here) = self.levels.get(level) else { return Value::opaque() };
        let Some(found) = here.relations.get(relation) else { return Value::opaque() };
        let id = here.id;
        if found.kind == RelationKind::ScalarFunction && found.columns.len() == 1 {
            return self.use_column(level, relation, 0, span);
        }
        let columns: Vec<usize> = found.columns.iter().enumerate().filter(|(_, column)| !column.hidden).map(|(index, _)| index).collect();
        let row_type = found.row_type;
        let kind = found.kind.clone();
        if let RelationKind::Stored(object) = kind
            && !self.is_called_by_alias(level, relation)
        {
            self.found.references.push((span, Address::whole(object)));
        }
        let start = self.log.len();
        let mut fields = Vec::new();
        for index in columns {
            let Some((own, _)) = self.base_of(level, relation, index) else { continue };
            self.read_column(&own, Role::Star, span);
            fields.push(Field { name: self.name_of(level, relation, index), data_type: own.data_type.clone(), sources: Rc::clone(&own.sources) });
        }
        let mut sources = Sources::default();
        for field in &fields {
            sources.extend(&field.sources);
        }
        if let RelationKind::Missing(written) = &kind {
            sources.named.insert(NamedSource { relation: written.to_string(), column: "*".to_owned() });
        }
        self.log.truncate(start);
        self.log.push(ColumnUse { level: id, relation, column: None, span, aggregated: false, sources: Rc::new(sources), reads: Rc::from([]) });
        self.found.rows.push((span, fields.iter().map(|field| field.name.clone()).collect()));
        let data_type = row_type.map_or_else(|| DataType::builtin("record"), DataType::object);
        Value { fields: Some(fields.into()), ..Value::of(Some(data_type), true) }.hashed(mix("row", &[u64::from(id), relation as u64]))
    }

    fn name_of(&self, level: usize, relation: usize, column: usize) -> Name {
        let found = self.levels.get(level).and_then(|here| here.relations.get(relation)?.columns.get(column));
        found.map_or_else(|| Name::stored(""), |column| column.name.clone())
    }

    /// An output name used in another clause, where the dialect allows it.
    fn alias_reference(&mut self, name: &Name, first: bool, span: Span) -> Option<Value> {
        let here = self.levels.last()?;
        let aliases_first = self.schema.dialect.alias_precedence == AliasPrecedence::AliasFirst;
        if !here.aliases_visible || aliases_first != first {
            return None;
        }
        let (_, found) = here.aliases.iter().find(|(own, _)| own == name)?;
        let found = found.clone();
        let id = here.id;
        let place = found.place;
        self.found.derived.push((span, DerivedColumn { relation: place, position: 0, name: name.clone() }));
        let aggregated = here.clause != Clause::SelectList;
        self.log.push(ColumnUse {
            level: id,
            relation: usize::MAX,
            column: None,
            span,
            aggregated,
            sources: Rc::clone(&found.sources),
            reads: Rc::clone(&found.star_reads),
        });
        Some(found.value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{bind, bind_in, called, reads, refusals, warehouse};

    #[test]
    fn a_name_that_two_relations_have_is_ambiguous() {
        assert_eq!(refusals("SELECT name FROM clients, visits"), ["42702"]);
        assert_eq!(refusals("SELECT clients.name FROM clients, visits"), Vec::<&str>::new());
    }

    #[test]
    fn the_innermost_level_that_knows_a_name_has_it() {
        let schema = warehouse();
        let binding = bind_in(&schema, "SELECT id FROM clients WHERE id IN (SELECT client_id FROM vip)");
        let meant: Vec<String> = binding.references.iter().map(|(_, address)| called(&schema, *address)).collect();
        assert!(meant.contains(&"vip.client_id".to_owned()));
    }

    #[test]
    fn a_name_that_the_inner_query_lost_means_the_outer_one() {
        let schema = warehouse();
        let sql = "SELECT id FROM visits WHERE client_id IN (SELECT client_id FROM clients)";
        let binding = bind_in(&schema, sql);
        assert_eq!(binding.errors, Vec::new());
        let inner = u32::try_from(sql.rfind("client_id").unwrap()).unwrap();
        let meant = binding.references.iter().find(|(span, _)| span.start == inner).unwrap().1;
        assert_eq!(called(&schema, meant), "visits.client_id");
    }

    #[test]
    fn what_is_missing_is_told_apart() {
        assert_eq!(refusals("SELECT nope FROM clients"), ["42703"]);
        assert_eq!(refusals("SELECT clients.nope FROM clients"), ["42703"]);
        assert_eq!(refusals("SELECT nope.id FROM clients"), ["42P01"]);
        assert_eq!(refusals("SELECT id FROM nope"), ["42P01"]);
        assert_eq!(refusals("SELECT c.id FROM clients c, clients c"), ["42712", "42P09"]);
    }

    #[test]
    fn a_relation_that_is_missing_gives_unknowns_no_second_refusal() {
        let binding = bind("SELECT a, n.b FROM nope n WHERE c = 1");
        assert_eq!(binding.errors.len(), 1);
        let named: Vec<String> =
            binding.outputs.iter().flat_map(|output| &output.named_sources).map(|one| format!("{}.{}", one.relation, one.column)).collect();
        assert_eq!(named, ["nope.a", "nope.b"]);
    }

    #[test]
    fn what_nobody_understood_makes_unknowns_not_refusals() {
        let mut schema = warehouse();
        schema.mark_unknown(crate::name::Name::stored("mystery"), "a statement was not read");
        let binding = bind_in(&schema, "SELECT a FROM mystery");
        assert_eq!(binding.errors, Vec::new());
        assert_eq!(binding.unresolved.len(), 2);
        schema.mark_unknown(crate::name::Name::stored("clients"), "a statement was not read");
        let binding = bind_in(&schema, "SELECT perhaps_new FROM clients");
        assert_eq!(binding.errors, Vec::new());
        assert!(!binding.unresolved.is_empty());
    }

    #[test]
    fn system_columns_are_there_and_read_nothing() {
        assert_eq!(refusals("SELECT ctid, clients.xmin FROM clients"), Vec::<&str>::new());
        assert_eq!(refusals("SELECT ctid FROM clients, visits"), ["42702"]);
        assert_eq!(reads("SELECT ctid FROM clients"), Vec::<String>::new());
    }
}
