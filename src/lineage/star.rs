//! `*`, `t.*`, and what warehouses allow behind them.

use std::rc::Rc;

use super::binder::Binder;
use super::level::{RelationKind, Visible};
use super::value::{Item, OutputColumn, Value, mix};
use super::{Role, StarColumn, StarQualifier};
use crate::name::Name;
use crate::sql::tree::{ObjectName, StarOptions};
use crate::text::Span;

impl Binder<'_> {
    /// Spreads a star. The second part says why there may be more columns, when that is so.
    pub(super) fn star(&mut self, qualifier: Option<&ObjectName>, options: &StarOptions, span: Span) -> (Vec<Item>, Option<Rc<str>>) {
        let (level, relations) = match qualifier {
            None => (self.levels.len().saturating_sub(1), self.relations_of_bare_star()),
            Some(name) => match self.find_relation(name.schema.as_ref(), &name.name) {
                Some((level, relation)) => (level, vec![relation]),
                None => return self.star_of_a_row(name, span),
            },
        };
        if relations.is_empty() {
            self.error("42601", "SELECT * with no tables specified is not valid", span);
        }
        let mut items = Vec::new();
        let mut uncertain = None;
        let mut expanded = Vec::new();
        for relation in relations {
            self.star_of_relation(level, relation, options, span, &mut items, &mut expanded);
            if let Some(found) = self.levels.get(level).and_then(|here| here.relations.get(relation)) {
                uncertain = uncertain.or_else(|| found.uncertain.clone());
            }
        }
        self.found.stars.push((span, expanded));
        self.replace_in_star(options, &mut items);
        (items, uncertain)
    }

    fn relations_of_bare_star(&mut self) -> Vec<usize> {
        let level = self.level();
        level.visible.iter().filter(|one| one.by_column && !one.lateral_only).map(|one: &Visible| one.relation).collect()
    }

    /// `a.*` where `a` is a variable or a column: its fields.
    fn star_of_a_row(&mut self, name: &ObjectName, span: Span) -> (Vec<Item>, Option<Rc<str>>) {
        let is_own = name.schema.as_ref().is_none_or(|routine| self.variables.labels.contains(&routine.name));
        if is_own && let Some(row) = self.variable(&name.name.name).or_else(|| self.named_parameter(&name.name.name)) {
            let start = self.log.len();
            return self.spread_fields(&row, start, span);
        }
        // Refused or not, what is meant can be seen when the relation is there under another name.
        let hidden = if self.is_typed() { None } else { self.relation_behind_alias(&name.name.name) };
        if let Some(relation) = hidden {
            self.error("42P01", format!("invalid reference to FROM-clause entry for table \"{}\"", name.name), name.span());
            let level = self.levels.len().saturating_sub(1);
            let mut items = Vec::new();
            self.star_of_relation(level, relation, &StarOptions::default(), span, &mut items, &mut Vec::new());
            return (items, Some(Rc::from("the relation of the star has another name here")));
        }
        if self.schema.dialect.dots_reach_into_columns && name.schema.is_none() {
            let start = self.log.len();
            let value = self.column_reference(std::slice::from_ref(&name.name), name.span());
            return self.spread_fields(&value, start, span);
        }
        self.error("42P01", format!("missing FROM-clause entry for table \"{}\"", name.name), name.span());
        (Vec::new(), Some(Rc::from("the relation of the star is not known")))
    }

    /// The relation of the level that has that name of its own and is called something else here.
    fn relation_behind_alias(&self, name: &Name) -> Option<usize> {
        let here = self.levels.last()?;
        here.relations.iter().position(|relation| match &relation.kind {
            RelationKind::Stored(id) => self.schema.get(*id).is_some_and(|object| object.name == *name),
            RelationKind::Missing(written) => written.rsplit('.').next() == Some(name.as_str()),
            _ => false,
        })
    }

    fn star_of_relation(&mut self, level: usize, relation: usize, options: &StarOptions, span: Span, items: &mut Vec<Item>, expanded: &mut Vec<StarColumn>) {
        let Some(here) = self.levels.get(level) else { return };
        let Some(found) = here.relations.get(relation) else { return };
        let columns: Vec<(usize, Name)> =
            found.columns.iter().enumerate().filter(|(_, column)| !column.hidden).map(|(index, column)| (index, column.name.clone())).collect();
        for (index, name) in columns {
            if options.except.iter().any(|except| except.name == name) {
                continue;
            }
            let start = self.log.len();
            let references = self.found.references.len();
            let derived = self.found.derived.len();
            let value = self.use_column_as(level, relation, index, Role::Star, span);
            self.found.references.truncate(references);
            self.found.derived.truncate(derived);
            let Some(used) = self.log.last() else { continue };
            let (sources, star_reads) = (Rc::clone(&used.sources), Rc::clone(&used.reads));
            let output = options.rename.iter().find(|(from, _)| from.name == name).map(|(_, to)| to.name.clone());
            expanded.push(self.star_column(level, relation, index, &name, output.clone()));
            let column = OutputColumn { name: output.unwrap_or(name), value, sources, star_reads, place: span };
            let item = self.item(column, start);
            items.push(item);
        }
    }

    /// How a column of a star would be written by itself.
    pub(super) fn star_column(&self, level: usize, relation: usize, column: usize, name: &Name, output: Option<Name>) -> StarColumn {
        let nothing = StarColumn { qualifier: None, name: name.clone(), column: None, output: output.clone() };
        let Some(here) = self.levels.get(level) else { return nothing };
        let mut at = (relation, column);
        let mut alias = here.visible.iter().find(|one| one.relation == at.0 && one.by_name);
        while let Some(found) = here.relations.get(at.0).and_then(|found| found.columns.get(at.1)) {
            if let Some(own) = alias {
                let stored = here.relations.get(at.0).and_then(|found| match found.kind {
                    RelationKind::Stored(id) if !own.is_alias => Some(StarQualifier::Relation(id)),
                    _ => None,
                });
                let qualifier = stored.or_else(|| own.name.clone().map(StarQualifier::Alias));
                return StarColumn { qualifier, name: found.name.clone(), column: found.column.filter(|_| found.direct), output };
            }
            let Some(base) = found.base else { break };
            at = base;
            alias = here.visible.iter().find(|one| one.relation == at.0 && one.by_name);
        }
        nothing
    }

    /// `REPLACE (x AS a)`.
    fn replace_in_star(&mut self, options: &StarOptions, items: &mut [Item]) {
        for (expression, name) in &options.replace {
            let start = self.log.len();
            let value = self.expression(expression);
            let sources = self.sources_since(start);
            match items.iter_mut().find(|item| item.column.name == name.name) {
                Some(item) => {
                    item.column.value = value;
                    item.column.sources = sources;
                    item.column.star_reads = Rc::from([]);
                    item.start = start;
                    item.end = self.log.len();
                }
                None => self.error("42703", format!("column \"{}\" does not exist", name.name), name.span),
            }
        }
    }

    /// The fields of a row value, each as an item.
    pub(super) fn spread_fields(&mut self, value: &Value, start: usize, span: Span) -> (Vec<Item>, Option<Rc<str>>) {
        let Some(fields) = self.fields_of(value) else {
            if value.data_type.is_some() {
                self.error("42809", "column notation .* applied to a value that is no row", span);
            } else {
                self.unresolved("*", "the fields of this value are not known", span);
            }
            return (Vec::new(), Some(Rc::from("the fields of a value are not known")));
        };
        let items = fields.iter().enumerate().map(|(index, field)| {
            let value = Value::of(field.data_type.clone(), true).hashed(mix("field", &[value.hash, index as u64]));
            let sources =
                if field.sources.followed.is_empty() && field.sources.named.is_empty() { self.sources_since(start) } else { Rc::clone(&field.sources) };
            let column = OutputColumn { name: field.name.clone(), value, sources, star_reads: Rc::from([]), place: span };
            self.item(column, start)
        });
        (items.collect(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{outputs, reads, refusals};

    #[test]
    fn a_star_is_every_column_in_order() {
        assert_eq!(outputs("SELECT * FROM vip, (SELECT 1 AS one) s"), ["client_id integer", "one integer"]);
        assert_eq!(refusals("SELECT *"), ["42601"]);
    }

    #[test]
    fn columns_of_a_star_are_read_as_such_until_somebody_names_them() {
        assert_eq!(reads("SELECT * FROM vip"), ["vip.client_id Star"]);
        assert_eq!(reads("SELECT client_id FROM (SELECT * FROM vip) s"), ["vip.client_id Value", "vip.client_id Star"]);
    }
}
