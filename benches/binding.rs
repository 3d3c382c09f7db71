//! How long names take to resolve: hard queries, and a large catalog under a small change. Run with `cargo bench --bench binding`.
//!
//! The large one is asked with changes that reach one consumer, some and none: what cannot be reached is bound once, before, and never again.

use std::fmt::Write;

use divan::{Bencher, black_box};
use fieldgate::dialect;
use fieldgate::impact::{Subject, assess};
use fieldgate::lineage::{Session, bind_statement};
use fieldgate::migrate::{ScriptInput, TransactionMode, build, run};
use fieldgate::schema::Schema;
use fieldgate::sql::{Script, read_script};
use fieldgate::text::Sources;

fn main() {
    divan::main();
}

/// Meals that a kitchen makes, sites that hand them out, and who pays for them.
const KITCHEN: &str = "
CREATE TABLE region (region_id bigint PRIMARY KEY, region_name text NOT NULL);
CREATE TABLE site (site_id bigint PRIMARY KEY, site_name text NOT NULL, region_id bigint NOT NULL REFERENCES region, opened date, budget numeric(12,2));
CREATE TABLE supplier (supplier_id bigint PRIMARY KEY, supplier_name text, site_id bigint, balance numeric(12,2), remark text);
CREATE TABLE ingredient (ingredient_id bigint PRIMARY KEY, ingredient_name text, kind text, unit_size integer, list_price numeric(10,2));
CREATE TABLE offer (ingredient_id bigint, supplier_id bigint, available integer, unit_cost numeric(10,2), PRIMARY KEY (ingredient_id, supplier_id));
CREATE TABLE client (client_id bigint PRIMARY KEY, client_name text, site_id bigint, phone text, balance numeric(12,2), segment text);
CREATE TABLE purchase (purchase_id bigint PRIMARY KEY, client_id bigint, status char(1), total numeric(12,2), ordered_on date, priority text, clerk text);
CREATE TABLE purchase_line (purchase_id bigint, line_number integer, ingredient_id bigint, supplier_id bigint, quantity numeric(10,2), price numeric(12,2),
  discount numeric(4,2), tax numeric(4,2), returned char(1), shipped_on date, promised_on date, received_on date, ship_mode text,
  PRIMARY KEY (purchase_id, line_number));
";

/// Twenty-two questions of the kind that decision makers ask: many joins, correlated subqueries, case by case sums.
const QUESTIONS: [&str; 22] = [
    "SELECT returned, status, sum(quantity) AS pieces, sum(price * (1 - discount)) AS net, sum(price * (1 - discount) * (1 + tax)) AS gross, avg(discount) AS mean, count(*) AS n FROM purchase_line JOIN purchase USING (purchase_id) WHERE shipped_on <= date '2026-09-01' - interval '90 days' GROUP BY returned, status ORDER BY returned, status",
    "SELECT s.balance, s.supplier_name, r.region_name, i.ingredient_id FROM ingredient i, supplier s, offer o, site t, region r WHERE i.ingredient_id = o.ingredient_id AND s.supplier_id = o.supplier_id AND i.unit_size = 15 AND s.site_id = t.site_id AND t.region_id = r.region_id AND o.unit_cost = (SELECT min(unit_cost) FROM offer p, supplier q, site u WHERE i.ingredient_id = p.ingredient_id AND q.supplier_id = p.supplier_id AND q.site_id = u.site_id AND u.region_id = r.region_id) ORDER BY s.balance DESC LIMIT 100",
    "SELECT l.purchase_id, sum(price * (1 - discount)) AS revenue, ordered_on FROM client c JOIN purchase p ON c.client_id = p.client_id JOIN purchase_line l ON l.purchase_id = p.purchase_id WHERE segment = 'SCHOOL' AND ordered_on < date '2026-03-15' AND shipped_on > date '2026-03-15' GROUP BY l.purchase_id, ordered_on ORDER BY revenue DESC, ordered_on LIMIT 10",
    "SELECT priority, count(*) AS late FROM purchase p WHERE ordered_on >= date '2026-07-01' AND EXISTS (SELECT 1 FROM purchase_line l WHERE l.purchase_id = p.purchase_id AND promised_on < received_on) GROUP BY priority ORDER BY priority",
    "SELECT t.site_name, sum(l.price * (1 - l.discount)) AS revenue FROM client c, purchase p, purchase_line l, supplier s, site t, region r WHERE c.client_id = p.client_id AND l.purchase_id = p.purchase_id AND l.supplier_id = s.supplier_id AND c.site_id = s.site_id AND s.site_id = t.site_id AND t.region_id = r.region_id AND r.region_name = 'NORTH' GROUP BY t.site_name ORDER BY revenue DESC",
    "SELECT sum(price * discount) AS saved FROM purchase_line WHERE shipped_on >= date '2026-01-01' AND discount BETWEEN 0.05 AND 0.07 AND quantity < 24",
    "SELECT from_site, to_site, year_of, sum(volume) AS revenue FROM (SELECT a.site_name AS from_site, b.site_name AS to_site, extract(year FROM shipped_on) AS year_of, price * (1 - discount) AS volume FROM supplier s, purchase_line l, purchase p, client c, site a, site b WHERE s.supplier_id = l.supplier_id AND p.purchase_id = l.purchase_id AND c.client_id = p.client_id AND s.site_id = a.site_id AND c.site_id = b.site_id) AS shipping GROUP BY from_site, to_site, year_of ORDER BY 1, 2, 3",
    "SELECT year_of, sum(CASE WHEN place = 'EAST' THEN volume ELSE 0 END) / nullif(sum(volume), 0) AS share FROM (SELECT extract(year FROM ordered_on) AS year_of, price * (1 - discount) AS volume, t.site_name AS place FROM purchase_line l JOIN purchase p USING (purchase_id) JOIN supplier s USING (supplier_id) JOIN site t USING (site_id)) AS all_of_them GROUP BY year_of ORDER BY year_of",
    "SELECT place, year_of, sum(amount) AS profit FROM (SELECT t.site_name AS place, extract(year FROM ordered_on) AS year_of, price * (1 - discount) - o.unit_cost * quantity AS amount FROM ingredient i, supplier s, purchase_line l, offer o, purchase p, site t WHERE s.supplier_id = l.supplier_id AND o.supplier_id = l.supplier_id AND o.ingredient_id = l.ingredient_id AND i.ingredient_id = l.ingredient_id AND p.purchase_id = l.purchase_id AND s.site_id = t.site_id AND ingredient_name LIKE '%bean%') AS profit GROUP BY place, year_of ORDER BY place, year_of DESC",
    "SELECT c.client_id, client_name, sum(price * (1 - discount)) AS lost, c.balance, phone FROM client c JOIN purchase p ON p.client_id = c.client_id JOIN purchase_line l ON l.purchase_id = p.purchase_id WHERE returned = 'R' GROUP BY c.client_id ORDER BY lost DESC LIMIT 20",
    "SELECT ingredient_id, sum(unit_cost * available) AS worth FROM offer o JOIN supplier s USING (supplier_id) JOIN site t ON t.site_id = s.site_id WHERE t.site_name = 'HARBOUR' GROUP BY ingredient_id HAVING sum(unit_cost * available) > (SELECT sum(unit_cost * available) * 0.0001 FROM offer, supplier WHERE offer.supplier_id = supplier.supplier_id) ORDER BY worth DESC",
    "SELECT ship_mode, sum(CASE WHEN priority IN ('1', '2') THEN 1 ELSE 0 END) AS high, sum(CASE WHEN priority NOT IN ('1', '2') THEN 1 ELSE 0 END) AS low FROM purchase p, purchase_line l WHERE p.purchase_id = l.purchase_id AND promised_on < received_on AND shipped_on < promised_on GROUP BY ship_mode ORDER BY ship_mode",
    "SELECT orders, count(*) AS clients FROM (SELECT c.client_id, count(purchase_id) FROM client c LEFT JOIN purchase p ON c.client_id = p.client_id AND clerk NOT LIKE '%special%' GROUP BY c.client_id) AS per_client (client_id, orders) GROUP BY orders ORDER BY clients DESC, orders DESC",
    "SELECT 100.00 * sum(CASE WHEN kind LIKE 'PROMO%' THEN price * (1 - discount) ELSE 0 END) / sum(price * (1 - discount)) AS share FROM purchase_line l, ingredient i WHERE l.ingredient_id = i.ingredient_id AND shipped_on >= date '2026-09-01'",
    "WITH revenue (supplier, total) AS (SELECT supplier_id, sum(price * (1 - discount)) FROM purchase_line WHERE shipped_on >= date '2026-01-01' GROUP BY supplier_id) SELECT s.supplier_id, supplier_name, total FROM supplier s, revenue WHERE s.supplier_id = supplier AND total = (SELECT max(total) FROM revenue) ORDER BY s.supplier_id",
    "SELECT kind, unit_size, count(DISTINCT o.supplier_id) AS suppliers FROM offer o, ingredient i WHERE i.ingredient_id = o.ingredient_id AND unit_size IN (1, 4, 7) AND o.supplier_id NOT IN (SELECT supplier_id FROM supplier WHERE remark LIKE '%complaint%') GROUP BY kind, unit_size ORDER BY suppliers DESC, kind",
    "SELECT sum(price) / 7.0 AS yearly FROM purchase_line l, ingredient i WHERE i.ingredient_id = l.ingredient_id AND quantity < (SELECT 0.2 * avg(quantity) FROM purchase_line WHERE ingredient_id = i.ingredient_id)",
    "SELECT client_name, c.client_id, p.purchase_id, ordered_on, total, sum(quantity) FROM client c, purchase p, purchase_line l WHERE p.purchase_id IN (SELECT purchase_id FROM purchase_line GROUP BY purchase_id HAVING sum(quantity) > 300) AND c.client_id = p.client_id AND p.purchase_id = l.purchase_id GROUP BY client_name, c.client_id, p.purchase_id, ordered_on, total ORDER BY total DESC LIMIT 100",
    "SELECT sum(price * (1 - discount)) AS revenue FROM purchase_line l JOIN ingredient i ON i.ingredient_id = l.ingredient_id WHERE (kind = 'DRY' AND quantity BETWEEN 1 AND 11) OR (kind = 'COLD' AND quantity BETWEEN 10 AND 20 AND unit_size < 10)",
    "SELECT supplier_name, site_name FROM supplier s JOIN site t USING (site_id) WHERE supplier_id IN (SELECT supplier_id FROM offer o WHERE ingredient_id IN (SELECT ingredient_id FROM ingredient WHERE ingredient_name LIKE 'oat%') AND available > (SELECT 0.5 * sum(quantity) FROM purchase_line l WHERE l.ingredient_id = o.ingredient_id AND l.supplier_id = o.supplier_id)) ORDER BY supplier_name",
    "SELECT supplier_name, count(*) AS waits FROM supplier s, purchase_line a, purchase p WHERE s.supplier_id = a.supplier_id AND p.purchase_id = a.purchase_id AND p.status = 'F' AND a.received_on > a.promised_on AND EXISTS (SELECT * FROM purchase_line b WHERE b.purchase_id = a.purchase_id AND b.supplier_id <> a.supplier_id) AND NOT EXISTS (SELECT * FROM purchase_line d WHERE d.purchase_id = a.purchase_id AND d.supplier_id <> a.supplier_id AND d.received_on > d.promised_on) GROUP BY supplier_name ORDER BY waits DESC LIMIT 100",
    "SELECT code, count(*) AS clients, sum(balance) AS total FROM (SELECT substring(phone FROM 1 FOR 2) AS code, balance FROM client c WHERE balance > (SELECT avg(balance) FROM client WHERE balance > 0) AND NOT EXISTS (SELECT * FROM purchase p WHERE p.client_id = c.client_id)) AS sleeping GROUP BY code ORDER BY code",
];

/// A schema and the scripts of its readers.
struct Case {
    schema: Schema,
    sources: Sources,
    scripts: Vec<Script>,
}

fn case(ddl: &str, queries: impl IntoIterator<Item = String>) -> Case {
    let dialect = dialect::DEFAULT;
    let mut sources = Sources::default();
    let id = sources.add("ddl", ddl);
    let schema = build(&read_script(&sources, id, dialect).statements, dialect, &sources).after;
    let mut scripts = Vec::new();
    for query in queries {
        let id = sources.add("query", query);
        scripts.push(read_script(&sources, id, dialect));
    }
    Case { schema, sources, scripts }
}

#[divan::bench]
fn twenty_two_hard_questions(bencher: Bencher<'_, '_>) {
    let case = case(KITCHEN, QUESTIONS.into_iter().map(String::from));
    let session = Session::new(&case.schema);
    bencher.bench_local(|| {
        for statement in case.scripts.iter().flat_map(|script| &script.statements) {
            let binding = bind_statement(&case.schema, &session, statement);
            assert!(binding.errors.is_empty() && binding.unresolved.is_empty(), "{:?} {:?}", binding.errors, binding.unresolved);
            black_box(&binding);
        }
    });
}

const TABLES: usize = 2_000;
const VIEWS: usize = 200;

fn warehouse() -> String {
    let mut text = String::new();
    for table in 0..TABLES {
        let _ = writeln!(text, "CREATE TABLE t{table} (id bigint PRIMARY KEY, name text, amount numeric(12,2), made timestamptz, other_id bigint);");
    }
    for view in 0..VIEWS {
        let table = view * 10;
        let _ = writeln!(text, "CREATE VIEW v{view} AS SELECT a.id, a.name, b.amount FROM t{table} a JOIN t{} b ON b.id = a.other_id;", table + 1);
    }
    text
}

/// Half of the consumers read views, half tables.
fn consumer(number: usize) -> String {
    if number % 2 == 0 {
        format!("SELECT name, sum(amount) AS total FROM v{} WHERE id > 5 GROUP BY name ORDER BY total DESC", number % VIEWS)
    } else {
        format!(
            "SELECT x.name, y.amount FROM t{} x JOIN t{} y ON y.id = x.other_id WHERE x.made > now() - interval '7 days'",
            number % TABLES,
            (number * 7) % TABLES
        )
    }
}

/// A thousand consumers, two hundred views, two thousand tables, and one statement that reaches some, one or nobody.
#[divan::bench(args = ["ALTER TABLE t0 DROP COLUMN name CASCADE", "ALTER TABLE t3 RENAME COLUMN made TO created", "CREATE TABLE another (id bigint)"])]
fn a_thousand_consumers(bencher: Bencher<'_, '_>, change: &str) {
    let mut case = case(&warehouse(), (0..1_000).map(consumer));
    let session = Session::new(&case.schema);
    let id = case.sources.add("change", change);
    let script = read_script(&case.sources, id, dialect::DEFAULT);
    let subjects: Vec<Subject> = case
        .scripts
        .iter()
        .enumerate()
        .map(|(number, script)| Subject {
            id: format!("c{number}").into(),
            name: format!("c{number}"),
            session: session.clone(),
            statements: script.statements.clone(),
            reads: Vec::new(),
            positions: Vec::new(),
            writes: Vec::new(),
        })
        .collect();
    let input = [ScriptInput { migration: 0, statements: &script.statements, transaction_mode: TransactionMode::Wrapped }];
    let run = run(case.schema.clone(), session.clone(), &input, &case.sources);
    bencher.bench_local(|| black_box(assess(&case.schema, &run, &subjects, &case.sources)));
}
