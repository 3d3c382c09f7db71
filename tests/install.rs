//! `action/install.sh`: a released program is taken only when its SHA-256 is the one that the action's own repository has. Against a server on the
//! loopback, with files that are made for each test.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

const FILE: &str = "fieldgate-v1.2.3-x86_64-unknown-linux-musl.tar.gz";

/// A server that has one file, and the paths that it was asked for.
fn server(file: Option<Vec<u8>>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = asked.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut first = String::new();
            reader.read_line(&mut first).unwrap();
            let mut line = String::new();
            while reader.read_line(&mut line).is_ok_and(|length| length > 0) && !line.trim().is_empty() {
                line.clear();
            }
            kept.lock().unwrap().push(first.split_whitespace().nth(1).unwrap_or("").to_owned());
            let (status, body) = match &file {
                Some(bytes) => ("200 OK", bytes.as_slice()),
                None => ("404 Not Found", &b"no"[..]),
            };
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
            let _ = stream.write_all(body);
        }
    });
    (address, asked)
}

/// A packed program that says hello.
fn packed(folder: &Path) -> Vec<u8> {
    let inside = folder.join("packed");
    std::fs::create_dir_all(&inside).unwrap();
    std::fs::write(inside.join("fieldgate"), "#!/bin/sh\necho released\n").unwrap();
    assert!(Command::new("chmod").args(["+x", "fieldgate"]).current_dir(&inside).status().unwrap().success());
    assert!(Command::new("tar").args(["-czf", "../packed.tar.gz", "fieldgate"]).current_dir(&inside).status().unwrap().success());
    std::fs::read(folder.join("packed.tar.gz")).unwrap()
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The action's files with a list of checksums, and a place for tools.
struct Checkout {
    folder: TempDir,
}

impl Checkout {
    fn new(checksum: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
        let action = folder.path().join("a checkout/action");
        std::fs::create_dir_all(&action).unwrap();
        std::fs::copy(root.join("action/install.sh"), action.join("install.sh")).unwrap();
        std::fs::write(action.join("checksums.txt"), format!("# released files\n{checksum}  {FILE}\n")).unwrap();
        for name in ["Cargo.toml", "Cargo.lock", "build.rs"] {
            std::fs::write(folder.path().join("a checkout").join(name), "x\n").unwrap();
        }
        for name in ["src", "rules", "fixtures/example"] {
            std::fs::create_dir_all(folder.path().join("a checkout").join(name)).unwrap();
        }
        Self { folder }
    }

    /// Runs `install.sh find` as the action does; its outputs as lines.
    fn find(&self, downloads: &str, surroundings: &[(&str, &str)]) -> (Output, String) {
        let outputs = self.folder.path().join("outputs.txt");
        let _ = std::fs::remove_file(&outputs);
        let ran = Command::new("bash")
            .arg(self.folder.path().join("a checkout/action/install.sh"))
            .arg("find")
            .env("GITHUB_OUTPUT", &outputs)
            .env("RUNNER_TOOL_CACHE", self.folder.path().join("tools"))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", "X64")
            .env("FIELDGATE_ACTION_REPOSITORY", "acme/fieldgate")
            .env("FIELDGATE_DOWNLOADS", downloads)
            .env_remove("FIELDGATE_BINARY")
            .envs(surroundings.iter().copied())
            .output()
            .unwrap();
        (ran, std::fs::read_to_string(outputs).unwrap_or_default())
    }

    /// Everything that lies where tools are kept.
    fn kept(&self) -> Vec<String> {
        let listed = Command::new("find").arg(self.folder.path().join("tools")).args(["-type", "f"]).output().unwrap();
        String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect()
    }
}

/// A PATH with what the script needs, and without cargo.
fn without_cargo(folder: &Path) -> String {
    let bin = folder.join("bin");
    std::fs::create_dir_all(&bin).unwrap();
    for name in ["bash", "curl", "tar", "gzip", "grep", "tail", "cut", "sha256sum", "shasum", "mkdir", "rm", "uname", "dirname", "find", "sort", "sh", "env"] {
        let from = std::env::split_paths(&std::env::var_os("PATH").unwrap()).map(|folder| folder.join(name)).find(|file| file.is_file());
        if let Some(from) = from {
            let _ = std::os::unix::fs::symlink(from, bin.join(name));
        }
    }
    bin.display().to_string()
}

#[test]
fn the_released_program_is_fetched_once_and_runs() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = packed(folder.path());
    let checkout = Checkout::new(&sum(&bytes));
    let (address, asked) = server(Some(bytes));
    for _ in 0..2 {
        let (ran, outputs) = checkout.find(&address, &[]);
        assert!(ran.status.success(), "{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
        let program = outputs.trim().strip_prefix("program=").unwrap().to_owned();
        let said = Command::new(program).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout), "released\n");
    }
    assert_eq!(*asked.lock().unwrap(), [format!("/v1.2.3/{FILE}")], "what is there is not fetched again");
}

#[test]
fn another_file_under_the_released_name_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = packed(folder.path());
    let checkout = Checkout::new(&sum(b"what was released"));
    let (address, _) = server(Some(bytes));
    let (ran, outputs) = checkout.find(&address, &[]);
    assert_eq!(ran.status.code(), Some(2));
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(said.starts_with("::error title=fieldgate::") && said.contains("its SHA-256 is another one"), "{said}");
    assert_eq!((outputs.as_str(), checkout.kept()), ("", Vec::new()), "nothing of it is kept, and nothing is built in its place");
}

#[test]
fn an_archive_without_the_program_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("other"), "x").unwrap();
    assert!(Command::new("tar").args(["-czf", "other.tar.gz", "other"]).current_dir(folder.path()).status().unwrap().success());
    let bytes = std::fs::read(folder.path().join("other.tar.gz")).unwrap();
    let checkout = Checkout::new(&sum(&bytes));
    let (address, _) = server(Some(bytes));
    let (ran, outputs) = checkout.find(&address, &[]);
    assert_eq!((ran.status.code(), outputs.as_str()), (Some(2), ""), "{}", String::from_utf8_lossy(&ran.stdout));
}

#[test]
fn what_cannot_be_fetched_is_built_when_there_is_cargo() {
    let checkout = Checkout::new(&sum(b"x"));
    let (address, asked) = server(None);
    let (ran, outputs) = checkout.find(&address, &[]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(asked.lock().unwrap().len(), 1);
    let key = outputs.lines().find_map(|line| line.strip_prefix("key=")).unwrap();
    assert!(outputs.starts_with("build=true\n") && key.starts_with("fieldgate-x86_64-unknown-linux-musl-"), "{outputs}");
    std::fs::write(checkout.folder.path().join("a checkout/src/main.rs"), "fn main() {}\n").unwrap();
    let (_, changed) = checkout.find(&address, &[]);
    assert!(!changed.contains(key), "other sources are kept under another key");

    let path = without_cargo(checkout.folder.path());
    let (ran, outputs) = checkout.find(&address, &[("PATH", &path)]);
    assert_eq!((ran.status.code(), outputs.as_str()), (Some(2), ""));
    assert!(String::from_utf8_lossy(&ran.stdout).contains("no cargo to build one"), "{}", String::from_utf8_lossy(&ran.stdout));
}

#[test]
fn a_platform_without_a_release_and_a_program_that_is_not_there_are_told() {
    let checkout = Checkout::new(&sum(b"x"));
    let (address, asked) = server(None);
    let path = without_cargo(checkout.folder.path());
    let (ran, _) = checkout.find(&address, &[("RUNNER_OS", "Plan9"), ("PATH", &path)]);
    assert_eq!((ran.status.code(), asked.lock().unwrap().len()), (Some(2), 0), "nothing is asked for");
    let (ran, outputs) = checkout.find(&address, &[("FIELDGATE_BINARY", "/nowhere/fieldgate")]);
    assert_eq!((ran.status.code(), outputs.as_str()), (Some(2), ""));
    let (ran, outputs) = checkout.find(&address, &[("FIELDGATE_BINARY", "/bin/sh")]);
    assert!(ran.status.success() && outputs == "program=/bin/sh\n", "{outputs}");
}
