//! `drift` against a live server: what nobody wrote a migration for is told, what a waiting migration explains is not.

use std::path::Path;
use std::process::Command;

use crate::server::server;

fn fieldgate(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_fieldgate")).args(arguments).current_dir(folder).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn what_no_migration_explains_is_drift() {
    let Some(server) = server() else { return };
    server.database("drift");
    let mut live = server.connect("drift");
    live.batch_execute("CREATE TABLE clients (id bigint PRIMARY KEY, phone text)").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("postgresql://postgres@localhost/drift?host={}", server.socket().display());
    let root = folder.path();
    std::fs::create_dir(root.join("migrations")).unwrap();
    std::fs::write(root.join("migrations/0001_city.sql"), "ALTER TABLE clients ADD COLUMN city text;\n").unwrap();
    std::fs::write(root.join("fieldgate.yml"), "migrations: [migrations]\nsnapshot: snapshot.yml\n").unwrap();
    let (code, said) = fieldgate(root, &["snapshot", "take", &url, "--output", "snapshot.yml"]);
    assert_eq!(code, 0, "{said}");

    let drift = || fieldgate(root, &["drift", "--database", &url]);
    assert_eq!(drift().0, 0, "{}", drift().1);
    live.batch_execute("ALTER TABLE clients ADD COLUMN city text").unwrap();
    let (code, said) = drift();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("0001_city") && said.contains("No drift beside them"), "{said}");
    live.batch_execute("ALTER TABLE clients ALTER COLUMN phone TYPE varchar(20)").unwrap();
    let (code, said) = drift();
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("public.clients.phone: type was text, is character varying(20)") && said.contains("1 difference"), "{said}");
}
