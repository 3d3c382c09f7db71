//! The throw-away server of this test run.

use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use fieldgate::server::{Binaries, ThrowAwayServer, find_binaries};
use fieldgate::snapshot::live::Settings;
use postgres::{Client, NoTls};

/// A running server.
pub struct Server(ThrowAwayServer);

/// The server of this test run, started by whoever asks first; `None` when the tests may pass without one.
/// A static is not dropped: the server's guard sees this process end.
pub fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

impl Server {
    /// Starts another one; `None` when the tests may pass without one.
    pub fn start() -> Option<Self> {
        let Some(binaries) = find_binaries(std::env::var("PATH").ok().as_deref(), None) else {
            let help = "no PostgreSQL server is installed here: install one (Debian: `apt-get install postgresql`), or put `initdb` and `postgres` on the PATH";
            if std::env::var_os("FIELDGATE_TESTS_WITHOUT_POSTGRES").is_some_and(|value| value == "1") {
                eprintln!("\nNOT TESTED: {help}\n");
                return None;
            }
            panic!("{help}; FIELDGATE_TESTS_WITHOUT_POSTGRES=1 lets this test pass unrun");
        };
        Some(Self::of(binaries))
    }

    /// Starts one of these programs.
    #[allow(dead_code, reason = "only some tests ask for other versions")]
    pub fn of(binaries: Binaries) -> Self {
        Self(ThrowAwayServer::start(binaries).unwrap_or_else(|error| panic!("{error}")))
    }

    /// Where its socket is.
    pub fn socket(&self) -> &Path {
        self.0.socket()
    }

    /// How to reach a database.
    pub fn settings(&self, database: &str) -> Settings {
        self.0.settings(database).unwrap()
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
