//! A PostgreSQL server of the installed binaries: its data in a temporary folder, a Unix socket and no port, gone when it is dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use fieldgate::snapshot::live::{Environment, Settings};
use postgres::{Client, NoTls};

/// A running server.
pub struct Server {
    folder: tempfile::TempDir,
    binaries: PathBuf,
    user: Option<&'static str>,
}

/// The server of this test run, started by whoever asks first; `None` when the tests may pass without one.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER
        .get_or_init(|| {
            let Some(binaries) = find_binaries() else {
                let help =
                    "no PostgreSQL server is installed here: install one (Debian: `apt-get install postgresql`), or put `initdb` and `postgres` on the PATH";
                if std::env::var_os("FIELDGATE_TESTS_WITHOUT_POSTGRES").is_some_and(|value| value == "1") {
                    eprintln!("\nNOT TESTED: {help}\n");
                    return None;
                }
                panic!("{help}; FIELDGATE_TESTS_WITHOUT_POSTGRES=1 lets this test pass unrun");
            };
            let server = Server::start(binaries);
            stop_at_exit(&server);
            Some(server)
        })
        .as_ref()
}

/// Statics are not dropped: a process of the shell waits for this one to end and stops the server.
fn stop_at_exit(server: &Server) {
    let script = format!(
        "while kill -0 {} 2>/dev/null; do sleep 0.3; done; p=$(head -1 '{data}/postmaster.pid' 2>/dev/null) && kill -INT $p; sleep 1; rm -rf '{folder}'",
        std::process::id(),
        data = server.data().display(),
        folder = server.folder.path().display(),
    );
    let _ = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
}

fn find_binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let of_config = Command::new("pg_config").arg("--bindir").output().ok().map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    debian.sort();
    debian.reverse();
    on_path.chain(of_config).chain(debian).find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"))
}

impl Server {
    fn start(binaries: PathBuf) -> Self {
        let folder = tempfile::Builder::new().prefix("fieldgate-pg").tempdir().expect("a temporary folder");
        // The server refuses to run as root.
        let user = is_root().then(|| ["postgres", "nobody"].into_iter().find(|user| run(Command::new("id").arg(user))).expect("a user that is not root"));
        let server = Self { folder, binaries, user };
        if let Some(user) = user {
            assert!(run(Command::new("chown").arg(user).arg(server.folder.path())));
        }
        let data = server.data().display().to_string();
        assert!(server.tool("initdb", &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]), "initdb failed");
        let socket = server.folder.path().display().to_string();
        let options = format!("-c listen_addresses='' -c unix_socket_directories='{socket}' -c fsync=off -c full_page_writes=off -c max_connections=50");
        assert!(server.tool("pg_ctl", &["-D", &data, "-w", "-l", &format!("{socket}/log"), "-o", &options, "start"]), "the server did not start");
        server
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs one of PostgreSQL's programs, as somebody else when we are root.
    fn tool(&self, name: &str, arguments: &[&str]) -> bool {
        let program = self.binaries.join(name);
        match self.user {
            Some(user) => run(Command::new("setpriv").args(["--reuid", user, "--regid", &group_of(user), "--clear-groups"]).arg(program).args(arguments)),
            None => run(Command::new(program).args(arguments)),
        }
    }

    /// Where its socket is.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// How to reach a database.
    pub fn settings(&self, database: &str) -> Settings {
        let url = format!("host={} user=postgres dbname={database}", self.socket().display());
        Settings::new(Some(&url), &Environment::default()).unwrap()
    }

    /// A connection to a database.
    pub fn connect(&self, database: &str) -> Client {
        let words = format!("host={} user=postgres dbname={database}", self.socket().display());
        Client::connect(&words, NoTls).unwrap()
    }

    /// Makes an empty database of its own for a test.
    pub fn database(&self, name: &str) {
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        // Two `CREATE DATABASE` at once wait for each other's template.
        let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        self.connect("postgres").batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
    }
}

fn group_of(user: &str) -> String {
    let output = Command::new("id").args(["-g", user]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn run(command: &mut Command) -> bool {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
