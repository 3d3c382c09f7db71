//! Catalogs out of other tools' files, from the import to the check: what is imported is valid, is told when a change hits it, and what cannot
//! be read is counted and named, at the import and again at the check.

use super::Folder;

const FILES: [(&str, &str); 10] = [
    ("schema.sql", include_str!("../data/imports/schema.sql")),
    ("dbt/manifest.json", include_str!("../data/imports/dbt/manifest.json")),
    ("metabase/cards.json", include_str!("../data/imports/metabase/cards.json")),
    ("metabase/collections.json", include_str!("../data/imports/metabase/collections.json")),
    ("metabase/dashboard.json", include_str!("../data/imports/metabase/dashboard.json")),
    ("metabase/database.json", include_str!("../data/imports/metabase/database.json")),
    ("sql/weekly.sql", include_str!("../data/imports/sql/weekly.sql")),
    ("sql/broken.sql", include_str!("../data/imports/sql/broken.sql")),
    ("fieldgate.yml", "catalog: [catalog]\n"),
    ("catalog/people.yml", "departments:\n  finance:\n    name: Finance\n"),
];

fn imported() -> Folder {
    let folder = Folder::new(&FILES);
    let dbt = folder.run(&["catalog", "import", "dbt", "dbt", "--output", "catalog/dbt.yml"]);
    dbt.ends_with(3);
    assert!(dbt.err.contains("3 new; 1 not read"), "{}", dbt.err);
    assert!(dbt.err.contains("not read: the code of model forecast: a Python model has no SQL"), "{}", dbt.err);
    let metabase = folder.run(&["catalog", "import", "metabase", "metabase", "--output", "catalog/metabase.yml"]);
    metabase.ends_with(3);
    assert!(metabase.err.contains("4 new; 2 not read"), "{}", metabase.err);
    assert!(metabase.err.contains("not read: card 10 (On a question)"), "{}", metabase.err);
    assert!(metabase.err.contains("not read: the SQL of metabase-card-11"), "{}", metabase.err);
    let sql = folder.run(&["catalog", "import", "sql", "sql", "--output", "catalog/sql.yml"]);
    sql.ends_with(3);
    assert!(sql.err.contains("not read: the SQL of broken"), "{}", sql.err);
    folder
}

#[test]
fn what_is_imported_from_every_tool_is_one_valid_catalog() {
    let folder = imported();
    folder.run(&["catalog", "validate"]).ends_with(0);
    // Once more: nothing is new, nothing is lost.
    let again = folder.run(&["catalog", "import", "metabase", "metabase", "--output", "catalog/metabase.yml"]);
    assert!(again.err.contains("nothing new; 2 not read"), "{}", again.err);
    folder.run(&["catalog", "validate"]).ends_with(0);
}

#[test]
fn imported_consumers_are_judged_and_what_was_not_read_is_said_again() {
    let folder = imported();
    folder.write("drop.sql", b"ALTER TABLE app.intakes DROP COLUMN phone, DROP COLUMN state;\n");
    let checked = folder.run(&["check", "--ddl", "schema.sql", "--format", "json", "drop.sql"]);
    checked.ends_with(1);
    let answer: serde_json::Value = serde_json::from_str(&checked.out).unwrap();
    let breaks = |consumer: &str| {
        let effects = answer["effects"].as_array().unwrap();
        effects.iter().any(|effect| effect["consumer"] == consumer && effect["effect"] == "breaks" && effect["evidence"]["sqlstate"] == "42703")
    };
    // Compiled code, a card in the newer form, a field filter that stands nowhere in the SQL, a file with a head.
    for consumer in ["dbt-model-meals", "metabase-card-8", "metabase-card-7", "weekly"] {
        assert!(breaks(consumer), "{consumer}: {}", checked.out);
    }
    for consumer in ["dbt-exposure-board", "metabase-card-9"] {
        assert!(!breaks(consumer), "{consumer}: {}", checked.out);
    }
    let not_judged = answer["not_judged"].as_array().unwrap();
    for consumer in ["broken", "metabase-card-11"] {
        assert!(not_judged.iter().any(|one| one["consumer"] == consumer), "{consumer}: {}", checked.out);
    }
}
