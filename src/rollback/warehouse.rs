//! The warehouses' own means: clones, snapshots, `UNDROP`, going back in time; how long each can, by the vendor's page. Nothing of this was run.
//!
//! In: a plan in the words of PostgreSQL and what the migration destroys. Out: the same plan in the means of the warehouse.

use super::damage::{Damage, is_computed, primary_key};
use super::destruction::damages;
use super::plan::{Plan, PlanStep, Proof, RecoveryWindow, Reversibility};
use super::saved_name::SAVED;
use crate::migrate::Step;
use crate::schema::{Column, ObjectId, Schema, ddl};

/// The names that statements are made of.
struct Names {
    /// The table.
    table: String,
    /// Its copy.
    copy: String,
    /// All stored columns.
    columns: Vec<String>,
    /// Those whose values are lost.
    lost: Vec<String>,
    /// `t.key = s.key AND …`; `None` without a primary key.
    key: Option<String>,
}

/// What one warehouse can do.
struct Means {
    dialect: &'static str,
    days: Option<i32>,
    words: &'static str,
    source: &'static str,
    /// Before the migration.
    save: fn(&Names) -> String,
    /// Brings a dropped table back.
    table_back: fn(&Names) -> String,
    /// Brings all rows back as they were, when they cannot be told apart by a key.
    rows_back: fn(&Names) -> String,
    /// Puts lost values back by key.
    values_back: fn(&Names) -> Option<String>,
    /// Takes the copy away.
    clean_up: fn(&Names) -> String,
}

const ALL: &[Means] = &[
    Means {
        dialect: "snowflake",
        days: Some(1),
        words: "Time Travel brings back a dropped table for one day, or as many as DATA_RETENTION_TIME_IN_DAYS says (up to 90 with Enterprise Edition); the clone stays until it is dropped",
        source: "https://docs.snowflake.com/en/user-guide/data-time-travel",
        save: |names| format!("CREATE TABLE {} CLONE {}", names.copy, names.table),
        table_back: |names| format!("UNDROP TABLE {}", names.table),
        rows_back: |names| format!("ALTER TABLE {} SWAP WITH {}", names.table, names.copy),
        values_back: update_from,
        clean_up: drop_table,
    },
    Means {
        dialect: "bigquery",
        days: Some(7),
        words: "time travel reaches back seven days unless the data set's setting is shorter (two at least); the snapshot table stays until it is dropped",
        source: "https://cloud.google.com/bigquery/docs/time-travel",
        save: |names| format!("CREATE SNAPSHOT TABLE {} CLONE {}", names.copy, names.table),
        table_back: |names| format!("CREATE TABLE {} CLONE {}", names.table, names.copy),
        rows_back: |names| format!("CREATE OR REPLACE TABLE {} CLONE {}", names.table, names.copy),
        values_back: |names| {
            let key = names.key.as_ref()?;
            let set: Vec<String> = names.lost.iter().map(|column| format!("{column} = s.{column}")).collect();
            Some(format!("UPDATE {} AS t SET {} FROM {} AS s WHERE {key}", names.table, set.join(", "), names.copy))
        },
        clean_up: |names| format!("DROP SNAPSHOT TABLE {}", names.copy),
    },
    Means {
        dialect: "databricks",
        days: Some(7),
        words: "a dropped managed table comes back for seven days, older versions until VACUUM removes their files (seven days by default); the clone stays until it is dropped",
        source: "https://docs.databricks.com/aws/en/sql/language-manual/delta-restore",
        save: |names| format!("CREATE TABLE {} DEEP CLONE {}", names.copy, names.table),
        table_back: |names| format!("UNDROP TABLE {}", names.table),
        rows_back: |names| format!("INSERT OVERWRITE {} SELECT {} FROM {}", names.table, names.columns.join(", "), names.copy),
        values_back: |names| {
            let key = names.key.as_ref()?;
            let set: Vec<String> = names.lost.iter().map(|column| format!("t.{column} = s.{column}")).collect();
            Some(format!("MERGE INTO {} AS t USING {} AS s ON {key} WHEN MATCHED THEN UPDATE SET {}", names.table, names.copy, set.join(", ")))
        },
        clean_up: drop_table,
    },
    Means {
        dialect: "redshift",
        days: Some(1),
        words: "automated snapshots are kept for one day unless the cluster says longer; a single table is brought back from one with `aws redshift restore-table-from-cluster-snapshot`",
        source: "https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html",
        save: copy_table,
        table_back: |names| format!("CREATE TABLE {} AS SELECT * FROM {}", names.table, names.copy),
        rows_back: insert_all,
        values_back: |names| {
            let key = names.key.as_ref()?;
            let set: Vec<String> = names.lost.iter().map(|column| format!("{column} = s.{column}")).collect();
            Some(format!("UPDATE {} AS t SET {} FROM {} AS s WHERE {key}", names.table, set.join(", "), names.copy))
        },
        clean_up: drop_table,
    },
    Means {
        dialect: "clickhouse",
        days: None,
        words: "a dropped table comes back with UNDROP for eight minutes by default (database_atomic_delay_before_drop_table_sec); after that only the copy helps",
        source: "https://clickhouse.com/docs/sql-reference/statements/undrop",
        save: |names| format!("CREATE TABLE {} CLONE AS {}", names.copy, names.table),
        table_back: |names| format!("RENAME TABLE {} TO {}", names.copy, names.table),
        rows_back: |names| format!("EXCHANGE TABLES {} AND {}", names.table, names.copy),
        values_back: |_| None,
        clean_up: drop_table,
    },
    Means {
        dialect: "mysql",
        days: None,
        words: "every DDL statement commits by itself, so a script that stops leaves what it did; only the copy brings values back",
        source: "https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html",
        save: copy_table,
        table_back: |names| format!("RENAME TABLE {} TO {}", names.copy, names.table),
        rows_back: insert_all,
        values_back: |names| {
            let key = names.key.as_ref()?;
            let set: Vec<String> = names.lost.iter().map(|column| format!("t.{column} = s.{column}")).collect();
            Some(format!("UPDATE {} AS t JOIN {} AS s ON {key} SET {}", names.table, names.copy, set.join(", ")))
        },
        clean_up: drop_table,
    },
    Means {
        dialect: "mssql",
        days: None,
        words: "only the copy, or a restore of the database to a point in time, brings values back",
        source: "https://learn.microsoft.com/sql/relational-databases/backup-restore/restore-a-sql-server-database-to-a-point-in-time-full-recovery-model",
        save: |names| format!("SELECT * INTO {} FROM {}", names.copy, names.table),
        table_back: |names| format!("SELECT * INTO {} FROM {}", names.table, names.copy),
        rows_back: insert_all,
        values_back: |names| {
            let key = names.key.as_ref()?;
            let set: Vec<String> = names.lost.iter().map(|column| format!("t.{column} = s.{column}")).collect();
            Some(format!("UPDATE t SET {} FROM {} AS t JOIN {} AS s ON {key}", set.join(", "), names.table, names.copy))
        },
        clean_up: drop_table,
    },
    Means {
        dialect: "sqlite",
        days: None,
        words: "only a copy of the whole file, made before with VACUUM INTO 'file', brings back everything; the copy of the table brings back its rows",
        source: "https://www.sqlite.org/lang_vacuum.html",
        save: copy_table,
        table_back: |names| format!("ALTER TABLE {} RENAME TO {}", names.copy, names.table),
        rows_back: insert_all,
        values_back: update_from,
        clean_up: drop_table,
    },
    Means {
        dialect: "duckdb",
        days: None,
        words: "only a copy of the file, or EXPORT DATABASE, brings back everything; the copy of the table brings back its rows",
        source: "https://duckdb.org/docs/stable/sql/statements/export",
        save: copy_table,
        table_back: |names| format!("CREATE TABLE {} AS SELECT * FROM {}", names.table, names.copy),
        rows_back: insert_all,
        values_back: update_from,
        clean_up: drop_table,
    },
    Means {
        dialect: "generic",
        days: None,
        words: "only the copy brings values back; what else the database can do, its own manual says",
        source: "",
        save: copy_table,
        table_back: |names| format!("CREATE TABLE {} AS SELECT * FROM {}", names.table, names.copy),
        rows_back: insert_all,
        values_back: update_from,
        clean_up: drop_table,
    },
];

fn copy_table(names: &Names) -> String {
    format!("CREATE TABLE {} AS SELECT * FROM {}", names.copy, names.table)
}

fn drop_table(names: &Names) -> String {
    format!("DROP TABLE {}", names.copy)
}

fn insert_all(names: &Names) -> String {
    let columns = names.columns.join(", ");
    format!("INSERT INTO {} ({columns}) SELECT {columns} FROM {}", names.table, names.copy)
}

fn update_from(names: &Names) -> Option<String> {
    let key = names.key.as_ref()?;
    let set: Vec<String> = names.lost.iter().map(|column| format!("{column} = s.{column}")).collect();
    Some(format!("UPDATE {} AS t SET {} FROM {} AS s WHERE {key}", names.table, set.join(", "), names.copy))
}

/// The plan in the means of the schema's own warehouse; PostgreSQL's is left as it is. Never proven: nothing here is run.
#[must_use]
pub fn by_means_of(plan: Plan, before: &Schema, after: &Schema, steps: &[Step]) -> Plan {
    let name = before.dialect.name;
    if name == "postgres" {
        return plan;
    }
    let means = ALL.iter().find(|means| means.dialect == name).or_else(|| ALL.last());
    means.map_or(plan.clone(), |means| in_means(plan, means, before, after, steps))
}

fn in_means(mut plan: Plan, means: &Means, before: &Schema, after: &Schema, steps: &[Step]) -> Plan {
    let is_ours = |step: &PlanStep| {
        let sql = &step.sql;
        let is_guard = sql.starts_with("SET ")
            || [" TRIGGER USER", "ENABLE TRIGGER", "ENABLE ALWAYS TRIGGER", "ENABLE REPLICA TRIGGER"].iter().any(|words| sql.contains(words));
        !sql.contains(SAVED) && !is_guard
    };
    let all = damages(before, after, steps, &mut Vec::new());
    let dropped: Vec<String> = all.iter().filter(|(_, damage)| damage.table).map(|(table, _)| ddl::quoted_name(before, *table)).collect();
    // A table that comes back as a whole is not made first.
    let is_made = |step: &PlanStep| dropped.iter().any(|table| step.sql.starts_with(&format!("CREATE TABLE {table} ")));
    plan.undo.retain(|step| is_ours(step) && !is_made(step));
    // The locks are those of PostgreSQL.
    for step in &mut plan.undo {
        step.loads.clear();
    }
    plan.prepare.clear();
    plan.clean_up.clear();
    plan.in_between.clear();
    plan.verify.clear();
    plan.verify_migration.clear();
    for (table, damage) in &all {
        let names = names(before, *table, damage);
        plan.prepare.push(PlanStep::new((means.save)(&names), format!("keep {} as it is", names.table)));
        plan.clean_up.push(PlanStep::new((means.clean_up)(&names), "the copy is no longer wanted"));
        if damage.table {
            plan.undo.push(PlanStep::new((means.table_back)(&names), format!("bring {} back", names.table)));
        } else if damage.rows {
            plan.undo.push(PlanStep::new((means.rows_back)(&names), format!("bring the rows of {} back; what was written since is not in them", names.table)));
        } else if let Some(sql) = (means.values_back)(&names) {
            plan.undo.push(PlanStep::new(sql, format!("put {} of {} back", names.lost.join(", "), names.table)));
        } else {
            plan.not_planned.push(format!("there is no statement that puts {} of {} back: they are in {}", names.lost.join(", "), names.table, names.copy));
        }
    }
    if !plan.not_planned.is_empty() {
        plan.reversibility = Reversibility::Impossible;
    }
    plan.recovery = Some(RecoveryWindow { days: means.days, words: means.words, source: means.source });
    plan.proven = Proof::No;
    plan
}

fn names(schema: &Schema, table: ObjectId, damage: &Damage) -> Names {
    let quote = |column: &Column| schema.dialect.quote(&column.name);
    let name = ddl::quoted_name(schema, table);
    let own = schema.get(table).map(|object| format!("{}__before", object.name.as_str())).unwrap_or_default();
    let own = schema.dialect.quote(&crate::name::Name::stored(own));
    let namespace = schema.get(table).and_then(|object| object.namespace).and_then(|id| schema.get(id)).map(|object| schema.dialect.quote(&object.name));
    let columns = schema.columns(table);
    let key = primary_key(schema, table).filter(|key| key.iter().all(|number| !damage.columns.contains(number)));
    let key = key.map(|key| {
        let names = key.iter().filter_map(|number| schema.column(table, *number)).map(quote);
        names.map(|name| format!("t.{name} = s.{name}")).collect::<Vec<_>>().join(" AND ")
    });
    Names {
        table: name,
        copy: namespace.map_or(own.clone(), |namespace| format!("{namespace}.{own}")),
        columns: columns.iter().filter(|column| !is_computed(column)).map(quote).collect(),
        lost: columns.iter().filter(|column| damage.columns.contains(&column.number)).map(quote).collect(),
        key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lineage::Session;
    use crate::migrate::{ScriptInput, TransactionMode, build, run};
    use crate::sql::read_script;
    use crate::text::Sources;

    /// The plan of a migration as it would be in a warehouse, whatever its grammar.
    fn planned(dialect: &str, migration: &str) -> Plan {
        let mut sources = Sources::default();
        let postgres = crate::dialect::named("postgres").unwrap();
        let id = sources.add("schema", "CREATE SCHEMA app; CREATE TABLE app.clients (id int PRIMARY KEY, phone text); CREATE TABLE app.notes (body text);");
        let before = build(&read_script(&sources, id, postgres).statements, postgres, &sources).after;
        let id = sources.add("migration", migration);
        let script = read_script(&sources, id, postgres);
        let session = Session::new(&before);
        let input = ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped };
        let run = run(before.clone(), session, &[input], &sources);
        let plan = super::super::plan(&before, &run.after, &run.steps, "");
        let means = ALL.iter().find(|means| means.dialect == dialect).unwrap();
        in_means(plan, means, &before, &run.after, &run.steps)
    }

    fn texts(steps: &[PlanStep]) -> Vec<&str> {
        steps.iter().map(|step| step.sql.as_str()).collect()
    }

    #[test]
    fn a_dropped_column_comes_back_from_a_clone() {
        let plan = planned("snowflake", "ALTER TABLE app.clients DROP COLUMN phone");
        assert_eq!(texts(&plan.prepare), ["CREATE TABLE app.clients__before CLONE app.clients"]);
        assert_eq!(
            texts(&plan.undo),
            ["ALTER TABLE app.clients ADD COLUMN phone text", "UPDATE app.clients AS t SET phone = s.phone FROM app.clients__before AS s WHERE t.id = s.id"]
        );
        assert_eq!((plan.proven, plan.recovery.unwrap().days), (Proof::No, Some(1)));
    }

    #[test]
    fn a_dropped_table_comes_back_as_a_whole() {
        assert_eq!(texts(&planned("snowflake", "DROP TABLE app.notes").undo), ["UNDROP TABLE app.notes"]);
        assert_eq!(texts(&planned("bigquery", "DROP TABLE app.notes").undo), ["CREATE TABLE app.notes CLONE app.notes__before"]);
    }

    #[test]
    fn without_a_key_nobody_claims_that_values_come_back() {
        let plan = planned("databricks", "UPDATE app.notes SET body = 'x'");
        assert_eq!((plan.reversibility, plan.not_planned.len()), (Reversibility::Impossible, 1));
    }

    #[test]
    fn every_window_has_the_page_of_its_vendor() {
        assert!(ALL.iter().all(|means| means.dialect == "generic" || means.source.starts_with("https://")));
    }
}
