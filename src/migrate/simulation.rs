//! A schema that statements are applied to, with its session and its transactions.
//!
//! In: a schema, statements in order. Out: for each an [`Outcome`]; a refused statement leaves the schema as it was.
//! What a statement does is in the file of its subject; this file only keeps time.

use crate::lineage::Session;
use crate::schema::Schema;
use crate::sql::tree::Statement;
use crate::text::Sources;

use super::{Outcome, StatementId};

/// Statements applied one after the other.
#[derive(Clone, Debug)]
pub struct Simulation {
    schema: Schema,
    session: Session,
}

impl Simulation {
    /// Starts with a schema and a session, outside of any transaction.
    pub fn new(schema: Schema, session: Session) -> Self {
        Self { schema, session }
    }

    /// Applies one statement.
    pub fn apply(&mut self, id: StatementId, statement: &Statement, sources: &Sources) -> Outcome {
        let _ = (id, statement, sources);
        Outcome::default()
    }

    /// The schema now.
    pub fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The session now.
    pub fn session(&self) -> &Session {
        &self.session
    }
}
