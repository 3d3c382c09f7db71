//! The house stays a house: imports go down, nothing turns in a circle, every file says what it is for.
//!
//! Inside one crate the compiler allows any import, so this test does what the compiler does between crates. It reads the sources
//! as text: every path that starts with `crate::` or `super::`, in `use` lines and in code.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Rooms from the ground up. A room may import rooms on lower floors, and on its own floor only as listed in `NEIGHBOURS`.
const FLOORS: &[&[&str]] = &[
    &["text", "name"],
    &["dialect", "diagnostic", "git", "github"],
    &["sql", "yaml"],
    &["schema"],
    &["typing"],
    &["lineage"],
    &["migrate"],
    &["catalog", "snapshot", "project"],
    &["impact", "hazard", "server"],
    &["rules", "rollback"],
    &["notice"],
    &["gate"],
    &["render"],
    &["cli"],
];

/// Imports between rooms of one floor that are wanted, each with its reason.
const NEIGHBOURS: &[(&str, &str, &str)] = &[];

/// Names that say nothing.
const EMPTY_WORDS: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc", "shared", "stuff", "manager"];

/// A file of more lines is perhaps two ideas.
const MOST_LINES: usize = 500;

/// Files that may be longer, each with its reason. One that is no longer needed fails.
const LONG_FILES: &[(&str, &str)] =
    &[("sql/tree/query.rs", "expressions, queries and writing statements contain each other: in several files they would be a circle of files")];

struct File {
    path: PathBuf,
    module: Vec<String>,
    text: String,
}

impl File {
    fn is_door(&self) -> bool {
        self.path.file_name().is_some_and(|name| name == "mod.rs")
    }

    fn room(&self) -> Option<&str> {
        self.module.first().map(String::as_str).filter(|room| *room != "main" && *room != "lib")
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(&root().join("src"), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the sources were not found");
    files
}

fn collect(folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let inside = path.strip_prefix(root().join("src")).unwrap().with_extension("");
            let mut module: Vec<String> = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            if module.last().is_some_and(|last| last == "mod") {
                module.pop();
            }
            files.push(File { text: std::fs::read_to_string(&path).unwrap(), path, module });
        }
    }
}

/// The code alone: comments and the test module at the foot are left out, since tests import what they like.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or(text);
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line.split(" // ").next().unwrap_or("") }).collect::<Vec<_>>().join("\n")
}

/// Paths into the crate that a file names, each as words from the crate's root; groups `{a, b}` are spread. A door's re-exports are no imports.
fn imports(file: &File) -> BTreeSet<Vec<String>> {
    let mut paths = BTreeSet::new();
    if file.is_door() {
        return paths;
    }
    let code = code(&file.text);
    let inside_word = |start: usize| code[..start].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$');
    for (start, _) in code.match_indices("crate::") {
        if !inside_word(start) {
            spread(&code[start + "crate::".len()..], &[], &mut paths);
        }
    }
    for (start, _) in code.match_indices("super::") {
        if inside_word(start) || code[..start].ends_with("super::") {
            continue;
        }
        let mut rest = &code[start..];
        let mut base = file.module.clone();
        while let Some(tail) = rest.strip_prefix("super::") {
            base.pop();
            rest = tail;
        }
        spread(rest, &base, &mut paths);
    }
    paths
}

fn spread(text: &str, base: &[String], paths: &mut BTreeSet<Vec<String>>) {
    let text = text.trim_start();
    let word: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    if !word.is_empty() {
        let mut path = base.to_vec();
        if word != "self" {
            path.push(word.clone());
        }
        match text[word.len()..].strip_prefix("::") {
            Some(rest) => spread(rest, &path, paths),
            None => {
                paths.insert(path);
            }
        }
        return;
    }
    let Some(group) = text.strip_prefix('{') else {
        paths.insert(base.to_vec());
        return;
    };
    let mut depth = 0;
    let mut start = 0;
    for (index, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                spread(&group[start..index], base, paths);
                return;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                spread(&group[start..index], base, paths);
                start = index + 1;
            }
            _ => {}
        }
    }
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn every_room_has_a_floor() {
    for file in files() {
        let Some(room) = file.room() else { continue };
        assert!(floor(room).is_some(), "{}: give the room `{room}` a floor in tests/house.rs", file.path.display());
    }
}

#[test]
fn imports_go_down() {
    let mut wrong = Vec::new();
    for file in files() {
        let Some(own) = file.room() else { continue };
        for path in imports(&file) {
            let Some(other) = path.first().filter(|other| *other != own) else { continue };
            let Some((from, to)) = floor(own).zip(floor(other)) else {
                wrong.push(format!("{}: `crate::{}` is no room (lib.rs is only a door)", file.path.display(), path.join("::")));
                continue;
            };
            let neighbour = from == to && NEIGHBOURS.iter().any(|(a, b, _)| a == &own && b == other);
            if to >= from && !neighbour {
                wrong.push(format!("{}: {own} (floor {}) imports {other} (floor {})", file.path.display(), from + 1, to + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that do not go down:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_part_of_a_circle() {
    let files = files();
    let modules: BTreeMap<Vec<String>, usize> = files.iter().enumerate().map(|(index, file)| (file.module.clone(), index)).collect();
    let exports = exports(&files);
    let mut arrows: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        for path in imports(file) {
            if let Some(target) = resolve(&path, &modules, &exports)
                && target != index
                && !files[target].is_door()
            {
                arrows.entry(index).or_default().insert(target);
            }
        }
    }
    let shown: Vec<String> = circles(files.len(), &arrows)
        .iter()
        .map(|circle| circle.iter().map(|index| files[*index].module.join("::")).collect::<Vec<_>>().join(" <-> "))
        .collect();
    assert!(shown.is_empty(), "files that import each other:\n{}", shown.join("\n"));
}

/// What each door re-exports: (module, name) to the module that defines it.
fn exports(files: &[File]) -> BTreeMap<(Vec<String>, String), Vec<String>> {
    let mut exports = BTreeMap::new();
    for file in files.iter().filter(|file| file.is_door()) {
        for statement in code(&file.text).split(';').filter_map(|statement| statement.split("use ").nth(1)) {
            let mut paths = BTreeSet::new();
            spread(statement.trim_start_matches("self::"), &file.module, &mut paths);
            for path in paths {
                if let Some((name, home)) = path.split_last() {
                    exports.insert((file.module.clone(), name.clone()), home.to_vec());
                }
            }
        }
    }
    exports
}

/// The file that a path means: through doors to the file that defines the name.
fn resolve(path: &[String], modules: &BTreeMap<Vec<String>, usize>, exports: &BTreeMap<(Vec<String>, String), Vec<String>>) -> Option<usize> {
    let depth = (1..=path.len()).rev().find(|depth| modules.contains_key(&path[..*depth]))?;
    let module = &path[..depth];
    if let Some(name) = path.get(depth)
        && let Some(home) = exports.get(&(module.to_vec(), name.clone()))
        && home.as_slice() != module
    {
        let mut further = home.clone();
        further.push(name.clone());
        return resolve(&further, modules, exports);
    }
    modules.get(module).copied()
}

/// Groups of two or more that reach each other (Tarjan's strongly connected components).
fn circles(count: usize, arrows: &BTreeMap<usize, BTreeSet<usize>>) -> Vec<Vec<usize>> {
    struct Search<'a> {
        arrows: &'a BTreeMap<usize, BTreeSet<usize>>,
        order: Vec<Option<usize>>,
        low: Vec<usize>,
        stack: Vec<usize>,
        next: usize,
        found: Vec<Vec<usize>>,
    }
    fn visit(search: &mut Search<'_>, node: usize) {
        search.order[node] = Some(search.next);
        search.low[node] = search.next;
        search.next += 1;
        search.stack.push(node);
        for target in search.arrows.get(&node).into_iter().flatten().copied() {
            match search.order[target] {
                None => {
                    visit(search, target);
                    search.low[node] = search.low[node].min(search.low[target]);
                }
                Some(order) if search.stack.contains(&target) => search.low[node] = search.low[node].min(order),
                Some(_) => {}
            }
        }
        if Some(search.low[node]) == search.order[node] {
            let from = search.stack.iter().position(|member| *member == node).unwrap();
            let mut group = search.stack.split_off(from);
            if group.len() > 1 {
                group.sort_unstable();
                search.found.push(group);
            }
        }
    }
    let mut search = Search { arrows, order: vec![None; count], low: vec![0; count], stack: Vec::new(), next: 0, found: Vec::new() };
    for node in 0..count {
        if search.order[node].is_none() {
            visit(&mut search, node);
        }
    }
    search.found
}

#[test]
fn every_file_says_what_it_is_for() {
    for file in files() {
        assert!(file.text.starts_with("//!"), "{}: a file opens with `//!`", file.path.display());
    }
}

#[test]
fn names_say_what_a_file_holds() {
    for file in files() {
        for word in &file.module {
            assert!(!EMPTY_WORDS.contains(&word.as_str()), "{}: `{word}` names nothing", file.path.display());
        }
    }
}

#[test]
fn files_hold_one_idea() {
    let lines = |file: &File| file.text.split("#[cfg(test)]\nmod ").next().unwrap_or("").lines().count();
    let mut long = Vec::new();
    let mut excused = BTreeSet::new();
    for file in files().iter().filter(|file| lines(file) > MOST_LINES) {
        match LONG_FILES.iter().find(|(path, _)| file.path.ends_with(path)) {
            Some((path, _)) => {
                excused.insert(*path);
            }
            None => long.push(format!("{} {}", lines(file), file.path.display())),
        }
    }
    long.extend(LONG_FILES.iter().filter(|(path, _)| !excused.contains(path)).map(|(path, _)| format!("{path} is short enough: take it off the list")));
    assert!(long.is_empty(), "files of more than {MOST_LINES} lines without their tests:\n{}", long.join("\n"));
}

#[test]
fn doors_hold_no_logic() {
    for file in files().iter().filter(|file| file.is_door()) {
        let functions = code(&file.text).matches("fn ").count();
        assert!(functions <= 2, "{}: a door holds documentation, modules, re-exports and an open list", file.path.display());
    }
}

#[test]
fn only_the_sql_room_names_the_parser_crate() {
    for file in files() {
        assert!(file.room() == Some("sql") || !code(&file.text).contains("sqlparser"), "{}: only src/sql names the parser crate", file.path.display());
    }
}

#[test]
fn a_circle_would_be_seen() {
    let arrows = BTreeMap::from([(0, BTreeSet::from([1])), (1, BTreeSet::from([2])), (2, BTreeSet::from([0])), (3, BTreeSet::from([0]))]);
    assert_eq!(circles(4, &arrows), vec![vec![0, 1, 2]]);
}
