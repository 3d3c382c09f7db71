//! Views that rows are written through.
//!
//! In: the query of a view, or a view that is written to. Out: the refusal when the server cannot tell where the rows would go.
//!
//! Source: PostgreSQL 15, view_query_is_auto_updatable, view_col_is_auto_updatable and rewriteTargetView (rewriteHandler.c), DefineView (view.c).

use super::view::check_option_of;
use super::work::{Applied, Work};
use crate::lineage::{Binding, Session, bind_query, resolve_relation};
use crate::name::Name;
use crate::schema::{ColumnNumber, ObjectBody, ObjectId, Part};
use crate::sql::read_query;
use crate::sql::tree::{
    Distinct, From, GroupBy, ObjectName, Query, QueryBody, SelectItem, StorageParameter, TriggerEvent, TriggerState, TriggerTiming, ViewKind,
};
use crate::text::Sources;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RowWrite {
    /// `INSERT`.
    Insert,
    /// `UPDATE`.
    Update,
    /// `DELETE`.
    Delete,
}

impl RowWrite {
    /// `insert into`, as the server says it of a view and of its columns.
    fn verb(self) -> &'static str {
        match self {
            Self::Insert => "insert into",
            Self::Update => "update",
            Self::Delete => "delete from",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }

    fn is(self, event: &TriggerEvent) -> bool {
        match event {
            TriggerEvent::Insert => self == Self::Insert,
            TriggerEvent::Update(_) => self == Self::Update,
            TriggerEvent::Delete => self == Self::Delete,
            TriggerEvent::Truncate | TriggerEvent::Command(_) => false,
        }
    }
}

impl Work<'_> {
    /// `WITH CHECK OPTION` needs a view that rows can be written through.
    pub(super) fn takes_check_option(&self, query: &Query, binding: &Binding) -> Applied {
        if self.schema.dialect.built_ins.is_none() || !binding.errors.is_empty() || !binding.unresolved.is_empty() {
            return Ok(());
        }
        let none =
            (!binding.outputs.iter().any(|output| output.column.is_some())).then_some("Views that have no updatable columns are not automatically updatable.");
        match self.why_not_writable(&self.session, query, binding).or(none) {
            Some(reason) => self.refuse_with("0A000", "WITH CHECK OPTION is supported only on automatically updatable views", reason),
            None => Ok(()),
        }
    }

    /// The same for a view that is there and gets parameters.
    pub(super) fn view_takes_parameters(&self, view: ObjectId, parameters: &[StorageParameter]) -> Applied {
        match self.stored_query(view) {
            Some((query, binding)) if parameters.iter().any(|parameter| parameter.name == "check_option") => self.takes_check_option(&query, &binding),
            _ => Ok(()),
        }
    }

    /// `check_option` among the parameters is the clause in other words; taken back, there is none.
    pub(super) fn settle_check_option(&mut self, view: ObjectId, written: &[StorageParameter]) {
        let is_written = written.iter().any(|parameter| parameter.name == "check_option");
        if !is_written || self.schema.view(view).is_none() {
            return;
        }
        let option = check_option_of(written);
        self.schema.update(view, |object| {
            if let ObjectBody::View(view) = &mut object.body {
                view.parameters.retain(|(name, _)| &**name != "check_option");
                view.check_option = option;
            }
        });
    }

    /// Rows go through a view to the one relation under it, unless a trigger or a rule takes them. `columns` are those that get a value.
    pub(super) fn view_takes_rows(&self, relation: ObjectId, write: RowWrite, columns: &[Name]) -> Applied {
        if self.is_taken_over(relation, write) {
            return Ok(());
        }
        let Some((query, binding)) = self.stored_query(relation) else { return Ok(()) };
        let view = self.name_of(relation);
        let session = Session::new(&self.schema);
        if let Some(reason) = self.why_not_writable(&session, &query, &binding) {
            return self.refuse_with("55000", format!("cannot {} view \"{view}\"", write.verb()), reason);
        }
        let mut under: Option<ObjectId> = None;
        let mut passed = Vec::new();
        for column in columns {
            let place = self.schema.columns(relation).iter().position(|own| own.name == *column);
            let Some(output) = place.and_then(|place| binding.outputs.get(place)) else { continue };
            let Some((object, number)) = output.column.and_then(|address| match address.part {
                Part::Column(number) => Some((address.object, number)),
                Part::Whole | Part::Default(_) => None,
            }) else {
                let detail = "View columns that are not columns of their base relation are not updatable.";
                let verb = if write == RowWrite::Insert { "insert into" } else { "update" };
                return self.refuse_with("0A000", format!("cannot {verb} column \"{column}\" of view \"{view}\""), detail);
            };
            under = Some(object);
            passed.extend(self.name_of_column(object, number));
        }
        let under = under.or_else(|| base_relation(&query).and_then(|name| resolve_relation(&self.schema, &session, name).ok()));
        match under {
            Some(under) => self.view_takes_rows(under, write, &passed),
            None => Ok(()),
        }
    }

    fn name_of_column(&self, relation: ObjectId, number: ColumnNumber) -> Option<Name> {
        self.schema.column(relation, number).map(|column| column.name.clone())
    }

    /// The query of a plain view and what it means; `None` for what is no view, or when that is not known.
    fn stored_query(&self, view: ObjectId) -> Option<(Query, Binding)> {
        let body = self.schema.view(view).filter(|view| view.kind == ViewKind::Plain && !view.late_binding && view.unresolved.is_none())?;
        self.schema.dialect.built_ins?;
        let mut sources = Sources::default();
        let id = sources.add("<view>", body.query.print(&self.schema));
        let query = read_query(&sources, id, self.schema.dialect).ok()?;
        let binding = bind_query(&self.schema, &Session::new(&self.schema), &query);
        (binding.errors.is_empty() && binding.unresolved.is_empty()).then_some((query, binding))
    }

    /// Whether a trigger `INSTEAD OF` the write, or a rule on it, stands on the view.
    fn is_taken_over(&self, relation: ObjectId, write: RowWrite) -> bool {
        self.schema.on_table(relation).into_iter().any(|id| match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Trigger(trigger)) => trigger.timing == TriggerTiming::InsteadOf && trigger.events.iter().any(|event| write.is(event)),
            Some(ObjectBody::Rule(rule)) => {
                let text = rule.definition.print(&self.schema).to_ascii_uppercase();
                rule.state != TriggerState::Disabled && text.contains(&format!("ON {}", write.word())) && text.contains("INSTEAD")
            }
            _ => false,
        })
    }

    /// The server's reason why rows cannot be written through a query.
    fn why_not_writable(&self, session: &Session, query: &Query, binding: &Binding) -> Option<&'static str> {
        if !query.with.is_empty() {
            return Some("Views containing WITH are not automatically updatable.");
        }
        if !query.limits.is_empty() || query.limited {
            return Some("Views containing LIMIT or OFFSET are not automatically updatable.");
        }
        match &query.body {
            QueryBody::Nested(inner) => return self.why_not_writable(session, inner, binding),
            QueryBody::SetOperation { .. } => return Some("Views containing UNION, INTERSECT, or EXCEPT are not automatically updatable."),
            QueryBody::Select(select) => {
                if select.distinct != Distinct::No {
                    return Some("Views containing DISTINCT are not automatically updatable.");
                }
                if select.group_by != GroupBy::None {
                    return Some("Views containing GROUP BY are not automatically updatable.");
                }
                if select.having.is_some() {
                    return Some("Views containing HAVING are not automatically updatable.");
                }
                if binding.collects && select.items.iter().any(|item| matches!(item, SelectItem::Expr { .. })) {
                    return Some("Views that return aggregate functions, window functions or set-returning functions are not automatically updatable.");
                }
                if let [From::Relation { sample: Some(_), .. }] = select.from.as_slice() {
                    return Some("Views containing TABLESAMPLE are not automatically updatable.");
                }
            }
            QueryBody::Table(_) | QueryBody::Values(_) | QueryBody::Dml(_) => {}
            QueryBody::NotUnderstood(_) => return None,
        }
        let one = "Views that do not select from a single table or view are not automatically updatable.";
        let Some(name) = base_relation(query) else { return Some(one) };
        // What is not in the schema is a catalog of the server, which is a table or a view.
        let under = resolve_relation(&self.schema, session, name).ok()?;
        let takes = self.schema.table(under).is_some() || self.schema.view(under).is_some_and(|view| view.kind == ViewKind::Plain);
        (!takes).then_some(one)
    }
}

/// The one relation that a query reads.
fn base_relation(query: &Query) -> Option<&ObjectName> {
    match &query.body {
        QueryBody::Nested(inner) => base_relation(inner),
        QueryBody::Table(name) => Some(name),
        QueryBody::Select(select) => match select.from.as_slice() {
            [From::Relation { name, .. }] => Some(name),
            _ => None,
        },
        QueryBody::SetOperation { .. } | QueryBody::Values(_) | QueryBody::Dml(_) | QueryBody::NotUnderstood(_) => None,
    }
}
