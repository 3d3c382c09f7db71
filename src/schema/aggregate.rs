//! Of which functions an aggregate is made.

use std::sync::Arc;

use super::{ObjectId, Schema};
use crate::name::Name;

/// The functions in the schema that the options of an aggregate name. One of several with the same name is not told apart, and left out.
#[must_use]
pub fn support_functions(schema: &Schema, path: &[ObjectId], options: &[(Arc<str>, Arc<str>)]) -> Vec<ObjectId> {
    /// The parts of an aggregate that are functions (manual, CREATE AGGREGATE, 15).
    const PARTS: [&str; 10] = ["SFUNC", "SFUNC1", "FINALFUNC", "COMBINEFUNC", "SERIALFUNC", "DESERIALFUNC", "MSFUNC", "MINVFUNC", "MFINALFUNC", "FINALFUNC1"];
    let mut found = Vec::new();
    for (_, value) in options.iter().filter(|(word, _)| PARTS.contains(&word.to_ascii_uppercase().as_str())) {
        let unquoted = |part: &str| Name::stored(part.trim().trim_matches('"'));
        let (namespaces, name) = match value.rsplit_once('.') {
            Some((namespace, name)) => (schema.namespace(&unquoted(namespace)).into_iter().collect(), unquoted(name)),
            None => (path.to_vec(), unquoted(value)),
        };
        let first = namespaces.into_iter().map(|namespace| schema.functions(Some(namespace), &name)).find(|all| !all.is_empty());
        if let Some([only]) = first.as_deref() {
            found.push(*only);
        }
    }
    found.sort();
    found.dedup();
    found
}
