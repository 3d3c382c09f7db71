//! `DETACH PARTITION`: what goes, and what a detachment without a long lock leaves behind.
//!
//! In: the partitioned table and its partition. Out: a table of its own; with `CONCURRENTLY` it has its bound as a check.
//!
//! Source: PostgreSQL 15, ATExecDetachPartition and DetachAddConstraintIfNeeded (tablecmds.c), get_qual_for_list and get_qual_for_range (partbounds.c).

use super::partition_text::in_parentheses;
use super::work::{Applied, Work};
use crate::lineage::ExpressionPurpose;
use crate::schema::{ConstraintKind, ObjectBody, ObjectId, TableKind};
use crate::sql::read_expression;
use crate::sql::tree::{ConstraintFlags, ObjectName};
use crate::text::Sources;

impl Work<'_> {
    /// `DETACH PARTITION`.
    pub(super) fn detach_partition(&mut self, parent: ObjectId, partition: &ObjectName, concurrently: bool) -> Applied {
        if self.schema.table(parent).is_none_or(|table| table.kind != TableKind::Partitioned) {
            return self.refuse("42P17", format!("table \"{}\" is not partitioned", self.name_of(parent)));
        }
        let is_default = |child: &ObjectId| self.schema.table(*child).and_then(|table| table.partition_bound.as_deref()) == Some("DEFAULT");
        if concurrently && self.children(parent).iter().any(is_default) {
            return self.refuse("55000", "cannot detach partitions concurrently when a default partition exists");
        }
        let child = self.table_named(partition)?;
        self.name_object(child);
        if self.schema.table(child).is_none_or(|table| !table.parents.contains(&parent)) {
            return self.refuse_at(
                partition.span(),
                "42P01",
                format!("relation \"{}\" is not a partition of relation \"{}\"", self.name_of(child), self.name_of(parent)),
            );
        }
        // Nothing is ever left half detached here.
        if self.sources.slice(self.span).trim_end().to_ascii_uppercase().ends_with(" FINALIZE") {
            let detail = "There's no pending concurrent detach.";
            return self.refuse_with("55000", format!("cannot complete detaching partition \"{}\"", self.name_of(child)), detail);
        }
        let bound = self.schema.table(child).and_then(|table| table.partition_bound.clone()).filter(|_| concurrently);
        let is_partition = self.schema.table(parent).is_some_and(|table| table.partition_bound.is_some());
        self.part_from(parent, child);
        if let Some(bound) = bound {
            self.leave_partition_check(parent, child, &bound, is_partition)?;
        }
        // Row triggers that came from the parent go (DropClonedTriggersFromPartition).
        let names: Vec<_> = self.row_triggers(parent);
        for own in self.schema.on_table(child) {
            let is_clone = self.schema.get(own).is_some_and(|object| matches!(object.body, ObjectBody::Trigger(_)) && names.contains(&object.name));
            if is_clone {
                self.schema.remove(own);
            }
        }
        Ok(())
    }

    fn row_triggers(&self, table: ObjectId) -> Vec<crate::name::Name> {
        let objects = self.schema.on_table(table).into_iter().filter_map(|id| self.schema.get(id));
        objects.filter(|object| matches!(&object.body, ObjectBody::Trigger(trigger) if trigger.for_each_row)).map(|object| object.name.clone()).collect()
    }

    /// The check that stands for the bound that is gone, unless the table has it already.
    fn leave_partition_check(&mut self, parent: ObjectId, child: ObjectId, bound: &str, parent_is_partition: bool) -> Applied {
        let strategy = self.schema.table(parent).and_then(|table| table.partitioning.as_ref()).map(|own| own.strategy.clone());
        if strategy.as_deref() == Some("hash") {
            return Ok(());
        }
        let condition = if parent_is_partition { None } else { self.one_column_bound(parent, bound) };
        let mut sources = Sources::default();
        let expression = condition.and_then(|condition| {
            let id = sources.add("<partition bound>", condition);
            read_expression(&sources, id, self.schema.dialect).ok()
        });
        let Some(expression) = expression else {
            let span = self.span;
            self.leave_unjudged("the check that the detached partition is left with is not modelled for a key of several parts or levels", span, &[]);
            return Ok(());
        };
        let bound = self.bind_in(ExpressionPurpose::Check, child, &expression)?;
        let text = bound.definition.print(&self.schema);
        let is_same = |id: ObjectId| match self.schema.constraint(id).map(|constraint| &constraint.kind) {
            Some(ConstraintKind::Check { expression, .. }) => expression.print(&self.schema) == text,
            _ => false,
        };
        if self.schema.on_table(child).into_iter().any(is_same) {
            return Ok(());
        }
        let Some(namespace) = self.namespace_of(child) else { return Ok(()) };
        let column = bound.columns_of(child).first().and_then(|column| self.schema.column(child, *column)).map(|column| column.name.to_string());
        let name = self.choose_constraint_name(&self.name_of(child), column.as_deref(), "check", namespace, &[]);
        let kind = ConstraintKind::Check { expression: bound.definition, no_inherit: false };
        self.insert_constraint(child, name, kind, ConstraintFlags::default());
        Ok(())
    }

    /// The bound as the server writes it for a key of one plain column.
    fn one_column_bound(&self, parent: ObjectId, bound: &str) -> Option<String> {
        let partitioning = self.schema.table(parent)?.partitioning.as_ref()?;
        let [Some(column)] = partitioning.columns.as_slice() else { return None };
        let column = self.schema.column(parent, *column)?;
        if column.data_type.is_builtin("bpchar") {
            return None;
        }
        // A value keeps the whole type of the column; `character varying` is compared as `text`.
        let is_varchar = column.data_type.is_builtin("varchar");
        let own_type = self.shown_type(&column.data_type);
        let quoted = self.schema.dialect.quote(&column.name);
        let key = if is_varchar { format!("{quoted}::text") } else { quoted.clone() };
        let valued = |value: &String| if is_varchar { format!("{value}::{own_type}") } else { value.clone() };
        let upper = bound.to_ascii_uppercase();
        let rest = |word: &str| upper.find(word).and_then(|place| bound.get(place + word.len()..)).map(str::trim_start);
        if &*partitioning.strategy == "list" {
            let (values, _) = in_parentheses(rest("VALUES IN")?);
            let (nulls, values): (Vec<String>, Vec<String>) = values.into_iter().partition(|value| value.eq_ignore_ascii_case("null"));
            let fits = match values.as_slice() {
                [] => return Some(format!("{quoted} IS NULL")),
                [only] => format!("{key} = {}", valued(only)),
                several => format!("{key} = ANY ({}::{own_type}[])", array_literal(several)),
            };
            return Some(if nulls.is_empty() { format!("{quoted} IS NOT NULL AND {fits}") } else { format!("{quoted} IS NULL OR {fits}") });
        }
        let (from, after) = in_parentheses(rest("VALUES FROM")?);
        let (to, _) = in_parentheses(after.trim_start().get(2..)?.trim_start());
        let ([from], [to]) = (from.as_slice(), to.as_slice()) else { return None };
        let mut parts = vec![format!("{quoted} IS NOT NULL")];
        for (operator, end) in [(">=", from), ("<", to)] {
            if !end.eq_ignore_ascii_case("minvalue") && !end.eq_ignore_ascii_case("maxvalue") {
                parts.push(format!("{key} {operator} {}", valued(end)));
            }
        }
        Some(parts.join(" AND "))
    }
}

/// Constants as one constant of an array type (array_out, arrayfuncs.c).
fn array_literal(values: &[String]) -> String {
    let element = |value: &String| {
        let bare = value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).map_or_else(|| value.clone(), |inside| inside.replace("''", "'"));
        let needs_quotes = bare.is_empty()
            || bare.eq_ignore_ascii_case("null")
            || bare.contains(|letter: char| letter.is_ascii_whitespace() || matches!(letter, '{' | '}' | ',' | '"' | '\\'));
        if needs_quotes { format!("\"{}\"", bare.replace('\\', "\\\\").replace('"', "\\\"")) } else { bare }
    };
    let all: Vec<String> = values.iter().map(element).collect();
    format!("'{{{}}}'", all.join(",").replace('\'', "''"))
}
