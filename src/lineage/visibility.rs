//! Which relation or column a name finds, level by level from the inside out.
//!
//! Rules: parse_relation.c, colNameToVar and refnameNamespaceItem (PostgreSQL 15): the first level that knows the name decides, twice at one level is ambiguous.

use super::binder::Binder;
use super::level::RelationKind;
use crate::name::Name;
use crate::schema::NameSpace;
use crate::sql::tree::Ident;
use crate::text::Span;

/// What looking for a bare column name gave.
pub(super) enum Found {
    /// Nothing.
    Nothing,
    /// One: level, relation, column.
    One(usize, usize, usize),
    /// Refused already.
    Refused,
}

impl Binder<'_> {
    /// Looks for a bare column name, level by level.
    pub(super) fn find_column(&mut self, name: &Name, span: Span) -> Found {
        for level in (0..self.levels.len()).rev() {
            match self.find_column_at(level, name, span) {
                Found::Nothing => {}
                found => return found,
            }
        }
        Found::Nothing
    }

    /// Looks for a bare column name at one level.
    pub(super) fn find_column_at(&mut self, level: usize, name: &Name, span: Span) -> Found {
        let Some(here) = self.levels.get(level) else { return Found::Nothing };
        let mut found: Option<(usize, usize, bool)> = None;
        for visible in here.visible.iter().filter(|one| one.by_column && (!one.lateral_only || here.lateral_active)) {
            let Some(relation) = here.relations.get(visible.relation) else { continue };
            let mut matches = relation.columns.iter().enumerate().filter(|(_, column)| column.name == *name);
            let Some((index, _)) = matches.next() else { continue };
            let again = matches.next().is_some();
            let same_base = found.is_some_and(|(first, at, _)| first == visible.relation && at == index);
            if again || (found.is_some() && !same_base) {
                self.error("42702", format!("column reference \"{name}\" is ambiguous"), span);
                return Found::Refused;
            }
            found = Some((visible.relation, index, visible.lateral_only && !visible.lateral_allowed));
        }
        match found {
            None => Found::Nothing,
            Some((_, _, true)) => {
                self.error("42P10", format!("invalid reference to FROM-clause entry for column \"{name}\""), span);
                Found::Refused
            }
            Some((relation, column, false)) => Found::One(level, relation, column),
        }
    }

    /// Looks for a relation by name: level and index.
    pub(super) fn find_relation(&self, schema: Option<&Ident>, name: &Ident) -> Option<(usize, usize)> {
        let identity = schema.and_then(|schema| {
            let space = super::namespace_of(self.schema, self.session, &schema.name)?;
            self.schema.find(NameSpace::Relation, Some(space), &name.name)
        });
        for level in (0..self.levels.len()).rev() {
            let here = self.levels.get(level)?;
            for visible in here.visible.iter().filter(|one| one.by_name && (!one.lateral_only || here.lateral_active)) {
                if visible.name.as_ref() != Some(&name.name) {
                    continue;
                }
                let Some(schema) = schema else { return Some((level, visible.relation)) };
                if visible.is_alias {
                    continue;
                }
                let matches = match here.relations.get(visible.relation).map(|relation| &relation.kind) {
                    Some(RelationKind::Stored(id)) => identity == Some(*id),
                    Some(RelationKind::Missing(written)) => written.rsplit('.').nth(1).is_some_and(|own| own == schema.name.as_str()),
                    Some(RelationKind::Catalog) => matches!(schema.name.as_str(), "pg_catalog" | "information_schema"),
                    _ => false,
                };
                if matches {
                    return Some((level, visible.relation));
                }
            }
        }
        None
    }

    /// Whether a relation has a name of its own in the query.
    pub(super) fn is_called_by_alias(&self, level: usize, relation: usize) -> bool {
        self.levels.get(level).is_some_and(|here| here.visible.iter().any(|one| one.relation == relation && one.by_name && one.is_alias))
    }

    /// Whether two relations of a level answer to one name.
    pub(super) fn name_is_ambiguous(&self, level: usize, schema: Option<&Ident>, name: &Ident) -> bool {
        if schema.is_some() {
            return false;
        }
        let Some(here) = self.levels.get(level) else { return false };
        let same = here.visible.iter().filter(|one| one.by_name && (!one.lateral_only || here.lateral_active) && one.name.as_ref() == Some(&name.name));
        same.count() > 1
    }

    /// Whether a relation can be seen only by what may not use it.
    pub(super) fn lateral_forbids(&self, level: usize, relation: usize) -> bool {
        self.levels.get(level).is_some_and(|here| here.visible.iter().any(|one| one.relation == relation && one.lateral_only && !one.lateral_allowed))
    }
}
