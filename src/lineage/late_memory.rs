//! What one binding remembers of views that are looked up late.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::Binding;
use crate::schema::ObjectId;

/// What was found of late views in one binding; shared with the bindings of their own queries.
#[derive(Clone, Default)]
pub(super) struct LateViews {
    /// Views that are bound.
    pub known: Rc<RefCell<BTreeMap<ObjectId, Rc<Understood>>>>,
    /// Views whose queries are being bound, the outermost first.
    pub open: Vec<ObjectId>,
}

/// The query of a late view, bound; or why not.
pub(super) enum Understood {
    /// What it means.
    Bound(Binding),
    /// Why it cannot be said.
    Unread(String),
}
