//! `WITH CHECK OPTION`, written as a clause or as a parameter of the view.
//!
//! In: the query of a view, or new parameters of one. Out: the refusal when rows cannot be written through it.
//!
//! Source: PostgreSQL 15, DefineView (view.c) and view_query_is_auto_updatable (rewriteHandler.c).

use super::view::check_option_of;
use super::work::{Applied, Work};
use crate::lineage::{Binding, Session, bind_query, why_not_updatable};
use crate::schema::{ObjectBody, ObjectId};
use crate::sql::read_query;
use crate::sql::tree::{Query, StorageParameter, ViewKind};
use crate::text::Sources;

impl Work<'_> {
    /// `WITH CHECK OPTION` needs a view that rows can be written through.
    pub(super) fn takes_check_option(&self, query: &Query, binding: &Binding) -> Applied {
        if self.schema.dialect.built_ins.is_none() || !binding.errors.is_empty() || !binding.unresolved.is_empty() {
            return Ok(());
        }
        let none =
            (!binding.outputs.iter().any(|output| output.column.is_some())).then_some("Views that have no updatable columns are not automatically updatable.");
        match why_not_updatable(&self.schema, &self.session, query).or(none) {
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
}
