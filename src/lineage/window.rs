//! Windows: `OVER (…)` and `WINDOW w AS (…)`.

use super::Role;
use super::binder::Binder;
use super::level::Clause;
use crate::sql::tree::{Ident, NamedWindow, Window, WindowReference};

impl Binder<'_> {
    /// Makes the names of the `WINDOW` clause known before the select list is resolved.
    pub(super) fn name_windows(&mut self, windows: &[NamedWindow]) {
        for window in windows {
            if self.level().windows.contains(&window.name.name) {
                self.error("42P20", format!("window \"{}\" is already defined", window.name.name), window.name.span);
            }
            self.level().windows.push(window.name.name.clone());
        }
    }

    /// The definitions of the `WINDOW` clause.
    pub(super) fn window_clause(&mut self, windows: &[NamedWindow]) {
        for window in windows {
            self.window(&window.window);
        }
    }

    /// What follows `OVER`; its hash.
    pub(super) fn window_reference(&mut self, reference: &WindowReference) {
        match reference {
            WindowReference::Named(name) => self.window_must_exist(name),
            WindowReference::Inline(window) => self.window(window),
        }
    }

    fn window_must_exist(&mut self, name: &Ident) {
        if !self.level().windows.contains(&name.name) {
            self.error("42704", format!("window \"{}\" does not exist", name.name), name.span);
        }
    }

    fn window(&mut self, window: &Window) {
        if let Some(base) = &window.base {
            self.window_must_exist(base);
        }
        for key in &window.partition_by {
            let value = self.in_clause(Clause::WindowPartition, |binder| binder.in_role(Role::Window, |binder| binder.expression(key)));
            self.must_be_comparable(&value, key.span);
        }
        for key in &window.order_by {
            let value = self.in_clause(Clause::WindowOrder, |binder| binder.in_role(Role::Window, |binder| binder.expression(&key.expr)));
            self.must_be_sortable(&value, key.expr.span);
        }
        for bound in &window.frame_bounds {
            self.in_clause(Clause::WindowFrame, |binder| binder.in_role(Role::Window, |binder| binder.expression(bound)));
        }
    }
}
