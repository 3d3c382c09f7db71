//! What is read in the other dialects, seen through the printed text; and that both readers agree on what both read.

use std::sync::LazyLock;

use crate::dialect::{Dialect, Grammar, named};
use crate::sql::cursor::Cursor;
use crate::sql::tree::Unread;
use crate::sql::{print, tokenize};
use crate::text::Sources;

/// A dialect of that grammar that is like PostgreSQL otherwise; words are not reserved.
fn dialect(grammar: Grammar) -> &'static Dialect {
    static ALL: LazyLock<Vec<Dialect>> = LazyLock::new(|| {
        let model = named("postgres").unwrap();
        let grammars = [
            Grammar::Generic,
            Grammar::Redshift,
            Grammar::Snowflake,
            Grammar::BigQuery,
            Grammar::Databricks,
            Grammar::DuckDb,
            Grammar::MySql,
            Grammar::SqlServer,
            Grammar::ClickHouse,
            Grammar::Sqlite,
        ];
        grammars.into_iter().map(|grammar| Dialect { grammar, is_no_type_name: |_| false, ..*model }).collect()
    });
    ALL.iter().find(|dialect| dialect.grammar == grammar).unwrap()
}

fn whole<T>(text: &str, dialect: &'static Dialect, read: impl FnOnce(&mut Cursor<'_>) -> Result<T, Unread>) -> Result<T, String> {
    let mut sources = Sources::default();
    let id = sources.add("t", text);
    let tokens = tokenize::tokenize(text, sources.whole(id), dialect).map_err(|unread| unread.message)?;
    let mut cursor = Cursor::new(&tokens, text, dialect, sources.whole(id));
    let value = read(&mut cursor).map_err(|unread| format!("{} at `{}`", unread.message, sources.slice(unread.span)))?;
    cursor.finish().map_err(|unread| unread.message)?;
    Ok(value)
}

fn query(grammar: Grammar, text: &str) -> String {
    match whole(text, dialect(grammar), super::query) {
        Ok(tree) => print::query(&tree, dialect(grammar)).unwrap_or_else(|unprintable| format!("unprintable: {}", unprintable.what)),
        Err(message) => message,
    }
}

fn dml(grammar: Grammar, text: &str) -> String {
    match whole(text, dialect(grammar), super::dml) {
        Ok(tree) => print::dml(&tree, dialect(grammar)).unwrap_or_else(|unprintable| format!("unprintable: {}", unprintable.what)),
        Err(message) => message,
    }
}

#[test]
fn snowflake_paths_and_qualify_are_read() {
    assert_eq!(
        query(Grammar::Snowflake, "select t.v:a.b[0]::string as x, row_number() over (partition by y order by z) as n from t qualify n = 1"),
        "SELECT t.v['a']['b'][0]::string AS x, row_number() OVER (PARTITION BY y ORDER BY z) AS n FROM t QUALIFY n = 1"
    );
    assert_eq!(
        query(Grammar::Snowflake, "select f.value from t, lateral flatten(input => t.v) f"),
        "SELECT f.value FROM t, LATERAL flatten(input => t.v) AS f"
    );
    assert_eq!(query(Grammar::Snowflake, "select * exclude (a) rename b as c from t"), "SELECT * EXCEPT (a) RENAME (b AS c) FROM t");
}

#[test]
fn bigquery_structures_and_offsets_are_read() {
    assert_eq!(
        query(Grammar::BigQuery, "select struct(a as b, 2), [1, 2], x in unnest(y) from t, unnest(z) as e with offset as o"),
        "SELECT STRUCT(a AS b, 2), ARRAY[1, 2], x = ANY (y) FROM t, unnest(z) WITH ORDINALITY AS e(e, o)"
    );
    assert_eq!(query(Grammar::BigQuery, "select * except (a) replace (b + 1 as b) from `p.d.t`"), "SELECT * EXCEPT (a) REPLACE (b + 1 AS b) FROM p.d.t");
    assert_eq!(query(Grammar::BigQuery, "select safe_cast(a as int64) from t"), "SELECT TRY_CAST(a AS int64) FROM t");
}

#[test]
fn databricks_and_duckdb_forms_are_read() {
    assert_eq!(query(Grammar::Databricks, "select a, e from t lateral view explode(b) v as e"), "SELECT a, e FROM t CROSS JOIN LATERAL explode(b) AS v(e)");
    assert_eq!(
        query(Grammar::Databricks, "select transform(a, x -> x + 1) from t left semi join u on t.i = u.i"),
        "SELECT transform(a, (x) -> x + 1) FROM t SEMI JOIN u ON t.i = u.i"
    );
    assert_eq!(query(Grammar::DuckDb, "from t"), "SELECT * FROM t");
    assert_eq!(query(Grammar::DuckDb, "select a from t group by all order by all"), "SELECT a FROM t GROUP BY ALL ORDER BY ALL");
    assert_eq!(query(Grammar::DuckDb, "select 1 union all by name select 2"), "SELECT 1 UNION ALL BY NAME SELECT 2");
}

#[test]
fn server_and_mysql_forms_are_read() {
    assert_eq!(query(Grammar::SqlServer, "select top 3 [a b], @v from t cross apply f(t.x) as g"), "SELECT \"a b\", @v FROM t CROSS JOIN f(t.x) AS g LIMIT 3");
    assert_eq!(
        query(Grammar::MySql, "select a, count(*) from t group by a with rollup limit 2, 3"),
        "SELECT a, count(*) FROM t GROUP BY GROUPING SETS ((a), ()) LIMIT 3 OFFSET 2"
    );
    assert_eq!(
        dml(Grammar::MySql, "insert into t (a) values (1) on duplicate key update b = values(b)"),
        "INSERT INTO t (a) VALUES (1) ON CONFLICT DO UPDATE SET b = \"values\"(b)"
    );
    assert_eq!(dml(Grammar::MySql, "update t join u on t.i = u.i set t.a = u.b where u.c"), "UPDATE t SET a = u.b FROM u WHERE t.i = u.i AND u.c");
    assert_eq!(dml(Grammar::SqlServer, "update a set x = 1 from t as a"), "UPDATE t AS a SET x = 1");
}

#[test]
fn merges_know_their_target() {
    assert_eq!(
        dml(Grammar::Snowflake, "merge into t using s on t.k = s.k when matched then update set t.v = s.v when not matched then insert (k) values (s.k)"),
        "MERGE INTO t USING s ON t.k = s.k WHEN MATCHED THEN UPDATE SET v = s.v WHEN NOT MATCHED THEN INSERT (k) VALUES (s.k)"
    );
}

#[test]
fn what_the_crate_loses_is_refused() {
    // `ONLY` would be the table and `t` its alias; here the words are all there again, so PostgreSQL is not read this way.
    assert!(query(Grammar::Snowflake, "select a from t connect by prior b = c").contains("not read"));
    assert!(query(Grammar::ClickHouse, "select a from t array join b").contains("not read"));
    assert!(query(Grammar::Generic, "select a from").contains("Expected"));
}

#[test]
fn an_expression_ends_where_the_next_part_begins() {
    let rest = |text: &str, read: fn(&mut Cursor<'_>) -> Result<crate::sql::tree::Expr, Unread>| {
        let mut sources = Sources::default();
        let id = sources.add("t", text);
        let tokens = tokenize::tokenize(text, sources.whole(id), dialect(Grammar::MySql)).unwrap();
        let mut cursor = Cursor::new(&tokens, text, dialect(Grammar::MySql), sources.whole(id));
        let tree = read(&mut cursor).unwrap();
        (print::expression(&tree, dialect(Grammar::MySql)).unwrap(), cursor.text_of(cursor.rest_span()).to_owned(), sources.slice(tree.span).to_owned())
    };
    assert_eq!(rest("a + f(b, 1), c", super::expression), (String::from("a + f(b, 1)"), String::from(", c"), String::from("a + f(b, 1")));
    assert_eq!(rest("'x' NOT NULL COMMENT 'y'", super::default_expression).1, "NOT NULL COMMENT 'y'");
    assert_eq!(rest("now() ON UPDATE now()", super::default_expression).1, "ON UPDATE now()");
    assert_eq!(rest("NULL AFTER a", super::default_expression).1, "AFTER a");
}

#[test]
fn long_chains_are_refused_or_read_on_a_small_stack() {
    let on_a_small_stack = |text: String| {
        let work = move || match whole(&text, dialect(Grammar::Generic), super::query) {
            Ok(tree) => print::query(&tree.clone(), dialect(Grammar::Generic)).map_or_else(|unprintable| unprintable.what, |_| String::from("read")),
            Err(message) => message,
        };
        std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(work).unwrap().join().unwrap()
    };
    assert_eq!(on_a_small_stack(format!("SELECT a{}", " OR a = 1".repeat(2_000))), "read");
    assert_eq!(on_a_small_stack(format!("SELECT a{}", " + a".repeat(250))), "read");
    assert_eq!(on_a_small_stack(format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(250))), "read");
    assert!(on_a_small_stack(format!("SELECT a{}", " OR a = 1".repeat(100_000))).contains("too long"));
    assert!(on_a_small_stack(format!("SELECT a{}", " + a".repeat(100_000))).contains("too long"));
    assert!(on_a_small_stack(format!("SELECT 1{}", " UNION ALL SELECT 1".repeat(100_000))).contains("too long"));
    assert!(on_a_small_stack(format!("SELECT {}1{}", "(".repeat(10_000), ")".repeat(10_000))).contains("too deep"));
    assert_eq!(on_a_small_stack(format!("SELECT a IN ({}1)", "'some text', ".repeat(20_000))), "read");
}

/// The tree without places.
fn shape(tree: &impl std::fmt::Debug) -> String {
    let text = format!("{tree:?}");
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        kept.push_str(before);
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept
}

#[test]
fn both_readers_agree_on_postgres() {
    let postgres = named("postgres").unwrap();
    for text in [
        "SELECT a, t.b AS c, count(*) FILTER (WHERE d) FROM s.t AS t LEFT JOIN u ON t.x = u.x WHERE a = 1 AND (b OR NOT c) GROUP BY a, 2 HAVING max(e) > 3 ORDER BY 1 DESC LIMIT 5 OFFSET 6",
        "WITH a AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM a, b NATURAL JOIN c WHERE x IN (1, 2) AND y NOT IN (SELECT z FROM w) AND EXISTS (SELECT 1)",
        "SELECT CASE a WHEN 1 THEN 2 ELSE 3 END, b::numeric(10, 2), c * 2 - d, d || e -> 'f', g[1], ARRAY[1, 2], (h).i FROM t",
        "SELECT sum(a) OVER (PARTITION BY b ORDER BY c ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (SELECT 1 AS a) AS s",
        "SELECT a IS NOT DISTINCT FROM b, c BETWEEN 1 AND 2, d LIKE 'x%', e ILIKE ANY (ARRAY['y']), f AT TIME ZONE 'utc', extract(year FROM g) FROM t",
    ] {
        let own = whole(text, postgres, crate::sql::query::read).unwrap();
        let other = whole(text, postgres, super::query).unwrap();
        assert_eq!(shape(&own), shape(&other), "{text}");
    }
}
