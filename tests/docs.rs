//! The generated pages are what the program would print now. `BLESS=1 cargo test --test docs` writes them.

use std::path::Path;

use fieldgate::text::Sources;
use fieldgate::{hazard, rules};

/// Whether pages are written or only held against what would be written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Write,
    Check,
}

#[test]
fn pages_are_what_the_program_prints() {
    let mode = if std::env::var_os("BLESS").is_some() { Mode::Write } else { Mode::Check };
    let rules = rules::load(&mut Sources::default(), &[]).unwrap();
    let pages = [("rules.md", rules::rules_page(&rules)), ("facts.md", rules::facts_page()), ("locks.md", hazard::locks_page())];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut stale = Vec::new();
    for (name, page) in pages {
        let path = folder.join(name);
        if mode == Mode::Write {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, page).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != page {
            stale.push(format!("docs/{name}"));
        }
    }
    assert!(stale.is_empty(), "{} no longer say what the program says; write them again with\n\n    BLESS=1 cargo test --test docs\n", stale.join(", "));
}
