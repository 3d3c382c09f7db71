//! A database that was made for the proof and goes with it. No statement of ours runs in any other.

use std::collections::BTreeSet;

use postgres::Client;

use super::error::ServerError;
use super::throw_away::ThrowAwayServer;
use crate::snapshot::live::{self, Settings};

/// Where the database is made.
#[derive(Debug)]
pub enum Place {
    /// On a server that was made for it.
    ThrowAway(Box<ThrowAwayServer>),
    /// On somebody's server: nothing there is touched but the new database.
    Named(Box<Settings>),
}

impl Place {
    /// How to reach one of its databases; without a name the one that is there already.
    fn settings(&self, database: Option<&str>) -> Result<Settings, ServerError> {
        match self {
            Self::ThrowAway(server) => server.settings(database.unwrap_or("postgres")),
            Self::Named(settings) => {
                let mut settings = (**settings).clone();
                settings.database = database.map_or(settings.database, str::to_owned);
                Ok(settings)
            }
        }
    }
}

/// A new database. Dropped, it is gone, with roles that a throw-away server got for it.
#[derive(Debug)]
pub struct OwnDatabase<'p> {
    place: &'p Place,
    name: String,
}

impl<'p> OwnDatabase<'p> {
    /// Makes one under a name that nobody has: when the name is taken, the server refuses, and nothing is touched.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub fn create(place: &'p Place) -> Result<Self, ServerError> {
        let mut client = live::connect(&place.settings(None)?)?;
        let fault = |error: postgres::Error| ServerError::of(&error, "making a database for the proof");
        let row = client.query_one("SELECT 'fieldgate_proof_' || substr(md5(random()::text || clock_timestamp()::text), 1, 16)", &[]).map_err(fault)?;
        let name: String = row.try_get(0).map_err(fault)?;
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).map_err(fault)?;
        let own = Self { place, name };
        let comment = "made by fieldgate for a proof; it is dropped at the end, and may be dropped at any time";
        client.batch_execute(&format!("COMMENT ON DATABASE {} IS '{comment}'", own.name)).map_err(fault)?;
        Ok(own)
    }

    /// How to reach it.
    ///
    /// # Errors
    /// When the address is not understood.
    pub fn settings(&self) -> Result<Settings, ServerError> {
        self.place.settings(Some(&self.name))
    }

    /// A connection to it, with limits of time.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn connect(&self) -> Result<Client, ServerError> {
        let mut client = live::connect(&self.settings()?)?;
        let limits = "SET statement_timeout = '120s'; SET lock_timeout = '10s'; SET client_min_messages = error";
        client.batch_execute(limits).map_err(|error| ServerError::of(&error, "setting limits of time"))?;
        Ok(client)
    }

    /// `15.18`.
    ///
    /// # Errors
    /// When it cannot be reached.
    pub fn version(&self) -> Result<String, ServerError> {
        let mut client = self.connect()?;
        let row = client.query_one("SELECT split_part(current_setting('server_version'), ' ', 1)", &[]);
        row.and_then(|row| row.try_get(0)).map_err(|error| ServerError::of(&error, "asking for the version"))
    }

    /// Sees to it that roles exist: makes them on a throw-away server, and refuses on any other.
    ///
    /// # Errors
    /// When one is missing on a server that is not ours.
    pub fn need_roles(&self, roles: &BTreeSet<String>) -> Result<(), ServerError> {
        let mut client = self.connect()?;
        let fault = |error: postgres::Error| ServerError::of(&error, "looking at the roles");
        let rows = client.query("SELECT rolname::text FROM pg_catalog.pg_roles", &[]).map_err(fault)?;
        let known: BTreeSet<String> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
        for role in roles.difference(&known) {
            match self.place {
                Place::Named(_) => return Err(ServerError::NoRole { role: role.clone() }),
                Place::ThrowAway(_) => client.batch_execute(&format!("CREATE ROLE \"{}\"", role.replace('"', "\"\""))).map_err(fault)?,
            }
        }
        Ok(())
    }

    fn remove(&self) -> Result<(), ServerError> {
        let fault = |error: postgres::Error| ServerError::of(&error, "dropping the proof's database");
        let mut client = live::connect(&self.place.settings(None)?)?;
        let others = "SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()";
        // A role that may not see others' sessions has none there but its own.
        let _ = client.execute(others, &[&self.name]);
        // A subscription or slot of the migration would keep the database: only on our own server is that ours to remove.
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {}", self.name)).map_err(fault)?;
        if let Place::ThrowAway(_) = self.place {
            let rows =
                client.query("SELECT quote_ident(rolname) FROM pg_catalog.pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'", &[]).map_err(fault)?;
            for role in rows.iter().filter_map(|row| row.try_get::<_, String>(0).ok()) {
                client.batch_execute(&format!("DROP ROLE {role}")).map_err(fault)?;
            }
        }
        Ok(())
    }
}

impl Drop for OwnDatabase<'_> {
    fn drop(&mut self) {
        // Nobody is left to tell; the comment on the database tells whoever finds it.
        let _ = self.remove();
    }
}
