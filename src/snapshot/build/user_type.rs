//! Domains and ranges, once all types have names.

use std::sync::Arc;

use super::context::{Context, options};
use crate::lineage::{ExpressionPurpose, ExpressionScope};
use crate::schema::{DataType, ObjectBody, ObjectId, UserType};
use crate::snapshot::file::{DomainEntry, RangeEntry, Text};

impl Context<'_> {
    /// The type below a domain.
    pub(super) fn domain_base(&mut self, id: ObjectId, name: &Text, entry: &DomainEntry) {
        let Some(text) = self.required(entry.data_type.as_ref(), "type", name) else { return };
        let namespace = self.schema.get(id).and_then(|object| object.namespace);
        let base = self.data_type(namespace, text);
        self.schema.update(id, |object| {
            if let ObjectBody::Type(UserType::Domain(domain)) = &mut object.body {
                domain.base = base;
                domain.collation = entry.collation.as_ref().map(|text| Arc::from(text.value.as_str()));
            }
        });
    }

    /// Default and conditions of a domain, once routines are there.
    pub(super) fn domain_rules(&mut self, id: ObjectId, entry: &DomainEntry) {
        let namespace = self.schema.get(id).and_then(|object| object.namespace);
        let base = match self.schema.get(id).map(|object| &object.body) {
            Some(ObjectBody::Type(UserType::Domain(domain))) => domain.base.clone(),
            _ => DataType::builtin("text"),
        };
        if let Some(text) = &entry.default {
            let scope = ExpressionScope::empty(ExpressionPurpose::Default).assigned_to(base.clone());
            let default = self.expression(namespace, &scope, text);
            self.schema.update(id, |object| {
                if let ObjectBody::Type(UserType::Domain(domain)) = &mut object.body {
                    domain.default = Some(default);
                }
            });
        }
        let scope = ExpressionScope { value: Some(base), ..ExpressionScope::empty(ExpressionPurpose::DomainCheck) };
        self.checks(id, &entry.checks, &scope);
    }

    /// What a range is of.
    pub(super) fn range(&mut self, id: ObjectId, name: &Text, entry: &RangeEntry) {
        let Some(text) = self.required(entry.subtype.as_ref(), "subtype", name) else { return };
        let namespace = self.schema.get(id).and_then(|object| object.namespace);
        let subtype = self.data_type(namespace, text);
        let body =
            UserType::Range { subtype, multirange: entry.multirange.as_ref().map(|text| Arc::from(text.value.as_str())), options: options(&entry.options) };
        self.schema.update(id, |object| object.body = ObjectBody::Type(body));
    }
}
