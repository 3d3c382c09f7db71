//! Schemas and migrations made of numbers: every kind of object that a way back has to think of, and statements that change, drop and rewrite them.

use proptest::prelude::*;

/// Types whose values a generated schema holds.
const TYPES: &[&str] = &[
    "integer",
    "bigint",
    "smallint",
    "text",
    "varchar(20)",
    "char(5)",
    "numeric(10,2)",
    "boolean",
    "date",
    "timestamp",
    "timestamptz",
    "jsonb",
    "uuid",
    "text[]",
    "s.kind",
    "s.kind[]",
    "s.positive",
    "s.pair",
    "double precision",
    "bytea",
    "inet",
    "int4range",
    "text COLLATE \"C\"",
];

/// One column: its type, whether NULL is refused, what else stands behind it.
type Column = (usize, bool, u8);

/// One table: its columns, how its key is made, and what hangs on it.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    key: u8,
    parts: u16,
}

/// A schema and a migration on it.
#[derive(Clone, Debug)]
pub struct Case {
    tables: Vec<Table>,
    others: u16,
    statements: Vec<(u8, usize, usize, usize)>,
}

/// Generated cases, with at most so many statements.
pub fn cases(statements: usize) -> impl Strategy<Value = Case> {
    let column = (0..TYPES.len(), prop::bool::weighted(0.3), any::<u8>());
    let table = (prop::collection::vec(column, 1..5), any::<u8>(), any::<u16>()).prop_map(|(columns, key, parts)| Table { columns, key, parts });
    let statement = (any::<u8>(), 0..4_usize, 0..4_usize, 0..TYPES.len());
    (prop::collection::vec(table, 1..4), any::<u16>(), prop::collection::vec(statement, 1..=statements)).prop_map(|(tables, others, statements)| Case {
        tables,
        others,
        statements,
    })
}

impl Case {
    /// The schema before.
    pub fn schema(&self) -> String {
        let mut text = String::from(
            "CREATE SCHEMA s; CREATE SCHEMA r; CREATE TYPE s.kind AS ENUM ('a', 'b', 'c'); CREATE DOMAIN s.positive AS integer CHECK (VALUE > -1000000);
CREATE TYPE s.pair AS (x integer, y text); CREATE SEQUENCE s.counter START 10; CREATE TABLE s.log (at timestamp DEFAULT now(), what text);
CREATE FUNCTION s.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION s.note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO s.log (what) VALUES (TG_OP); RETURN NULL; END $$;
CREATE FUNCTION s.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n * 2 $$;\n",
        );
        for (number, table) in self.tables.iter().enumerate() {
            let mut table = table.clone();
            if number == 0 && self.others & 32 != 0 {
                // A child that is made under a constraint that is not valid has it valid; one that was there before has it as its parent has it:
                // which of the two a dump is restored to depends on its order.
                table.parts &= !1024;
            }
            text.push_str(&table.text(number, number.checked_sub(1).map(|above| (above, self.tables[above].has_key()))));
        }
        if self.others & 1 != 0 {
            text.push_str("CREATE VIEW s.v AS SELECT id, c0 FROM s.t0; COMMENT ON VIEW s.v IS 'a view'; GRANT SELECT ON s.v TO PUBLIC;\n");
        }
        if self.others & 3 == 3 {
            text.push_str("CREATE VIEW s.w AS SELECT count(*) AS n FROM s.v;\n");
        }
        if self.others & 4 != 0 {
            text.push_str("CREATE MATERIALIZED VIEW s.m AS SELECT id, c0 FROM s.t0; CREATE INDEX m_id ON s.m (id);\n");
        }
        if self.others & 8 != 0 {
            text.push_str(
                "CREATE TABLE s.p (k integer NOT NULL, v text, w integer DEFAULT 3) PARTITION BY RANGE (k); CREATE TABLE s.p1 PARTITION OF s.p FOR VALUES FROM (MINVALUE) TO (100);
CREATE TABLE s.p2 PARTITION OF s.p DEFAULT; CREATE INDEX p_v ON s.p (v);\n",
            );
            if self.others & 16 != 0 {
                text.push_str("ALTER TABLE s.p ADD PRIMARY KEY (k);\n");
            }
        }
        if self.others & 32 != 0 {
            text.push_str("CREATE TABLE s.child (extra text) INHERITS (s.t0);\n");
        }
        if self.others & 64 != 0 {
            text.push_str("CREATE TABLE s.ring (id integer PRIMARY KEY, other integer); CREATE TABLE s.back (id integer PRIMARY KEY, ring integer REFERENCES s.ring);\nALTER TABLE s.ring ADD FOREIGN KEY (other) REFERENCES s.back (id);\n");
        }
        if self.others & 128 != 0 {
            text.push_str("CREATE STATISTICS s.st ON id, c0 FROM s.t0; ALTER TABLE s.t0 ALTER COLUMN c0 SET STATISTICS 200;\n");
        }
        if self.others & 512 != 0 {
            text.push_str("ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO PUBLIC;\n");
        }
        text
    }

    /// Whether the migration is one transaction; where it is not, a new label can be used by the next statement.
    pub fn is_wrapped(&self) -> bool {
        self.others & 256 == 0
    }

    /// The migration.
    pub fn migration(&self) -> String {
        let statements: Vec<String> = self.statements.iter().map(|numbers| self.statement(*numbers)).collect();
        statements.join(";\n")
    }

    #[expect(clippy::too_many_lines, reason = "one line for each kind of statement")]
    fn statement(&self, (what, table, column, of): (u8, usize, usize, usize)) -> String {
        let table = table % self.tables.len();
        let column = column % self.tables[table].columns.len();
        let (t, c, of) = (format!("s.t{table}"), format!("c{column}"), TYPES[of % TYPES.len()]);
        match what % 64 {
            0 => format!("ALTER TABLE {t} DROP COLUMN {c} CASCADE"),
            1 => format!("ALTER TABLE {t} RENAME COLUMN {c} TO renamed"),
            2 => format!("ALTER TABLE {t} ADD COLUMN added {of}"),
            3 => {
                let plain = of.split(" COLLATE").next().unwrap_or(of);
                format!("ALTER TABLE {t} ALTER COLUMN {c} TYPE {plain} USING {c}::text::{plain}")
            }
            4 => format!("DROP TABLE {t} CASCADE"),
            5 => format!("ALTER TABLE {t} ALTER COLUMN {c} SET NOT NULL"),
            6 => format!("ALTER TABLE {t} ALTER COLUMN {c} DROP NOT NULL"),
            7 => format!("DELETE FROM {t}"),
            8 if column % 2 == 0 && !self.is_wrapped() => format!("UPDATE {t} SET {c} = 'd' WHERE {c} IS NOT NULL"),
            8 => format!("UPDATE {t} SET {c} = NULL"),
            9 => format!("TRUNCATE {t} CASCADE"),
            10 => String::from("ALTER TYPE s.kind ADD VALUE 'd' BEFORE 'b'"),
            11 => String::from("DROP VIEW IF EXISTS s.v CASCADE"),
            12 => format!("ALTER TABLE {t} RENAME TO other"),
            13 => format!("ALTER TABLE {t} ALTER COLUMN {c} TYPE text"),
            14 => format!("ALTER TABLE {t} SET SCHEMA r"),
            15 => String::from("ALTER TYPE s.kind RENAME VALUE 'a' TO 'first'"),
            16 => String::from("DROP TYPE s.kind CASCADE"),
            17 => String::from("ALTER TYPE s.pair ADD ATTRIBUTE z date"),
            18 => String::from("ALTER TYPE s.pair DROP ATTRIBUTE y"),
            19 => String::from("DROP DOMAIN s.positive CASCADE"),
            20 => format!("DELETE FROM {t} WHERE id IS NULL OR id > 2"),
            21 => format!("UPDATE {t} SET id = id + 1000"),
            22 => format!("UPDATE {t} SET {c} = (SELECT {c} FROM {t} LIMIT 1) WHERE id IS NOT NULL"),
            23 => format!("TRUNCATE {t} RESTART IDENTITY CASCADE"),
            24 => String::from("ALTER SEQUENCE s.counter RESTART WITH 3"),
            25 => String::from("SELECT setval('s.counter', 4)"),
            26 => String::from("DROP SEQUENCE s.counter"),
            27 => format!("ALTER TABLE {t} DROP CONSTRAINT IF EXISTS t{table}_pkey CASCADE"),
            28 => format!("ALTER TABLE {t} ADD COLUMN made integer GENERATED ALWAYS AS (1 + 1) STORED"),
            29 => format!("ALTER TABLE {t} ALTER COLUMN {c} SET DEFAULT NULL"),
            30 => format!("COMMENT ON COLUMN {t}.{c} IS 'another'"),
            31 => format!("GRANT UPDATE ({c}) ON {t} TO PUBLIC"),
            32 => format!("REVOKE ALL ON {t} FROM PUBLIC"),
            33 => format!("ALTER TABLE {t} ENABLE ROW LEVEL SECURITY"),
            34 => format!("ALTER TABLE {t} FORCE ROW LEVEL SECURITY"),
            35 => format!("CREATE UNIQUE INDEX made_index ON {t} (id)"),
            36 => format!("CREATE TABLE s.made (id integer PRIMARY KEY, r {of}); CREATE VIEW s.made_view AS SELECT * FROM s.made"),
            37 => String::from("DROP MATERIALIZED VIEW IF EXISTS s.m"),
            38 => String::from("DROP TABLE IF EXISTS s.p1"),
            39 => String::from("ALTER TABLE IF EXISTS s.p DETACH PARTITION s.p2"),
            40 => String::from("ALTER TABLE IF EXISTS s.p DROP COLUMN v"),
            41 => String::from("ALTER TABLE IF EXISTS s.p ALTER COLUMN w TYPE smallint"),
            42 => String::from("ALTER TABLE IF EXISTS s.child NO INHERIT s.t0"),
            43 => String::from("DROP TABLE IF EXISTS s.child"),
            44 if self.others & 8 != 0 => String::from("UPDATE s.p SET v = 'x', w = w + 1"),
            45 if self.others & 8 != 0 => String::from("DELETE FROM s.p WHERE k < 5"),
            46 if self.others & 64 != 0 => {
                String::from("UPDATE s.ring SET other = NULL; UPDATE s.back SET ring = NULL; DELETE FROM s.ring; DELETE FROM s.back")
            }
            47 if self.others & 1 != 0 => String::from("UPDATE s.v SET c0 = NULL"),
            48 if self.others & 1 != 0 => String::from("CREATE OR REPLACE VIEW s.v AS SELECT id, c0, 1 AS more FROM s.t0"),
            49 => String::from("ALTER SCHEMA s RENAME TO z"),
            50 => format!("ALTER TABLE {t} REPLICA IDENTITY FULL"),
            51 => format!("ALTER TABLE {t} SET (fillfactor = 70)"),
            52 => format!("ALTER TABLE {t} ALTER COLUMN {c} SET STATISTICS 50"),
            53 => format!("ALTER TABLE {t} DISABLE TRIGGER USER"),
            54 => format!("WITH gone AS (DELETE FROM {t} RETURNING *) INSERT INTO s.log (what) SELECT 'x' FROM gone"),
            55 => format!("WITH written AS (UPDATE {t} SET {c} = NULL RETURNING id) SELECT count(*) FROM written"),
            56 => String::from("CREATE OR REPLACE FUNCTION s.twice(n integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT n + n $$"),
            57 => String::from("DROP FUNCTION s.touch() CASCADE"),
            58 => format!("ALTER TABLE {t} ALTER COLUMN id TYPE bigint"),
            59 => format!("ALTER TABLE {t} ADD CONSTRAINT made_check CHECK (id > -5) NOT VALID"),
            60 => format!("ALTER TABLE {t} SET UNLOGGED"),
            61 => String::from("DROP SCHEMA s CASCADE"),
            62 => format!("UPDATE {t} SET id = -id"),
            _ => format!("ALTER TABLE {t} ADD COLUMN stamp timestamptz DEFAULT now() NOT NULL"),
        }
    }
}

impl Table {
    fn has_key(&self) -> bool {
        self.key % 5 != 0
    }

    fn text(&self, number: usize, above: Option<(usize, bool)>) -> String {
        let mut parts = vec![String::from(match self.key % 5 {
            0 => "id integer",
            1 => "id integer PRIMARY KEY",
            2 => "id serial PRIMARY KEY",
            3 => "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
            _ => "id integer GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
        })];
        for (place, (of, not_null, more)) in self.columns.iter().enumerate() {
            let more = match more % 8 {
                0 => " UNIQUE",
                1 if TYPES[*of] == "text" => " DEFAULT 'none'",
                2 if TYPES[*of] == "integer" => " CHECK (TRUE)",
                _ => "",
            };
            let more = if more == " UNIQUE" && matches!(TYPES[*of], "s.pair" | "boolean") { "" } else { more };
            parts.push(format!("c{place} {}{}{more}", TYPES[*of], if *not_null { " NOT NULL" } else { "" }));
        }
        if let Some((above, true)) = above {
            let action = ["CASCADE", "SET NULL", "NO ACTION", "SET DEFAULT"][usize::from(self.parts % 4)];
            parts.push(format!("parent integer REFERENCES s.t{above} ON DELETE {action} ON UPDATE CASCADE"));
        }
        if self.parts & 4 != 0 {
            parts.push(String::from("twofold integer GENERATED ALWAYS AS (id * 2) STORED"));
        }
        let mut text = format!("CREATE TABLE s.t{number} ({});\n", parts.join(", "));
        let mut add = |bit: u16, sql: String| {
            if self.parts & bit != 0 {
                text.push_str(&sql);
            }
        };
        add(8, format!("CREATE INDEX i{number} ON s.t{number} (c0);\n"));
        add(16, format!("CREATE TRIGGER touch BEFORE UPDATE ON s.t{number} FOR EACH ROW EXECUTE FUNCTION s.touch();\n"));
        if self.parts & 96 == 96 {
            text.push_str(&format!("CREATE TRIGGER note AFTER DELETE OR UPDATE ON s.t{number} FOR EACH ROW EXECUTE FUNCTION s.note();\n"));
        }
        let mut add = |bit: u16, sql: String| {
            if self.parts & bit != 0 {
                text.push_str(&sql);
            }
        };
        add(128, format!("COMMENT ON TABLE s.t{number} IS 'it''s one'; GRANT SELECT, INSERT ON s.t{number} TO PUBLIC;\n"));
        add(256, format!("ALTER TABLE s.t{number} ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON s.t{number} USING (id > 0);\n"));
        add(512, format!("CREATE UNIQUE INDEX u{number} ON s.t{number} (id) WHERE id > 0;\n"));
        add(1024, format!("ALTER TABLE s.t{number} ADD CONSTRAINT old_rule CHECK (s.twice(id) > 2) NOT VALID;\n"));
        text
    }
}
