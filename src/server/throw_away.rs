//! A server of its own: its data in a temporary folder, a socket and no port, gone when its owner is.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::binaries::Binaries;
use super::error::ServerError;
use super::privilege::LentUser;
use crate::snapshot::live::{Environment, Settings};

/// A running server. Dropped, it is stopped and its folder removed; when this process dies without a word, its guard does the same.
#[derive(Debug)]
pub struct ThrowAwayServer {
    folder: tempfile::TempDir,
    binaries: Binaries,
    user: Option<LentUser>,
    guard: Option<(Child, Option<ChildStdin>)>,
}

/// The longest path of a folder whose socket still has a valid address (`sun_path` of 104 bytes on macOS, 108 on Linux).
const LONGEST_FOLDER: usize = 80;

impl ThrowAwayServer {
    /// Makes and starts one. Nothing is written outside one new temporary folder.
    ///
    /// # Errors
    /// When the system has no sockets, the programs fail, or root has nobody to run it.
    pub fn start(binaries: Binaries) -> Result<Self, ServerError> {
        if !cfg!(unix) {
            return Err(ServerError::NotStarted { reason: String::from("throw-away servers need a system with Unix sockets") });
        }
        let folder = folder().map_err(|error| ServerError::NotStarted { reason: error.to_string() })?;
        let user = LentUser::needed()?;
        if let Some(user) = user {
            user.give(folder.path())?;
        }
        let mut server = Self { folder, binaries, user, guard: None };
        let data = server.data().display().to_string();
        server.tool("initdb", &["-D", &data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"])?;
        server.guard = guard(server.folder.path());
        let socket = server.folder.path().display().to_string();
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{socket}' -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=50 \
             -c autovacuum=off -c wal_level=logical -c lc_messages=C"
        );
        server.tool("pg_ctl", &["-D", &data, "-w", "-t", "60", "-l", &format!("{socket}/log"), "-o", &options, "start"])?;
        Ok(server)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Runs one of the programs, as somebody else when we are root.
    fn tool(&self, name: &str, arguments: &[&str]) -> Result<(), ServerError> {
        let mut command = Command::new(self.binaries.folder.join(name));
        // A background server keeps what it inherits: it must not hold our pipes.
        let output = self.folder.path().join(format!("{name}.out"));
        let file = std::fs::File::create(&output).map_err(|error| ServerError::NotStarted { reason: error.to_string() })?;
        let errors = file.try_clone().map_err(|error| ServerError::NotStarted { reason: error.to_string() })?;
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null()).stdout(file).stderr(errors);
        if let Some(user) = self.user {
            user.lend(&mut command);
        }
        let status = command.status().map_err(|error| ServerError::NotStarted { reason: format!("{name}: {error}") })?;
        if status.success() {
            return Ok(());
        }
        let said = std::fs::read_to_string(&output).unwrap_or_default();
        let said = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim().to_owned();
        Err(ServerError::NotStarted { reason: format!("{name} failed: {said}") })
    }

    /// The folder with its socket.
    pub fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// The programs it runs on.
    pub fn binaries(&self) -> &Binaries {
        &self.binaries
    }

    /// How to reach one of its databases.
    ///
    /// # Errors
    /// Never in practice: the address is our own.
    pub fn settings(&self, database: &str) -> Result<Settings, ServerError> {
        let words = format!("host='{}' user=postgres dbname='{database}'", self.socket().display());
        Ok(Settings::new(Some(&words), &Environment::default())?)
    }
}

impl Drop for ThrowAwayServer {
    fn drop(&mut self) {
        match self.guard.take() {
            // The guard waits for the end of its input.
            Some((mut guard, input)) => {
                drop(input);
                let _ = guard.wait();
            }
            None => {
                let data = self.data().display().to_string();
                let _ = self.tool("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
            }
        }
    }
}

/// A temporary folder with a path short enough for a socket.
fn folder() -> std::io::Result<tempfile::TempDir> {
    let usual = tempfile::Builder::new().prefix("fieldgate-pg").tempdir()?;
    if usual.path().as_os_str().len() <= LONGEST_FOLDER {
        return Ok(usual);
    }
    tempfile::Builder::new().prefix("fieldgate-pg").tempdir_in("/tmp")
}

/// A process of the shell that outlives us: when our end of its input closes, for whatever reason, it stops the server and removes the folder.
#[cfg(unix)]
fn guard(folder: &Path) -> Option<(Child, Option<ChildStdin>)> {
    use std::os::unix::process::CommandExt;
    const SCRIPT: &str = "trap '' INT TERM HUP QUIT\nread -r _\nfor _ in 1 2 3; do\n  p=$(head -n 1 \"$1/data/postmaster.pid\" 2>/dev/null) || break\n  \
                          kill -QUIT \"$p\" 2>/dev/null || break\n  for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 \"$p\" 2>/dev/null || break 2; sleep 0.1; done\ndone\nrm -rf \"$1\"\n";
    let mut command = Command::new("sh");
    command.args(["-c", SCRIPT, "sh"]).arg(folder).current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    // Not in the terminal's foreground group, so that Ctrl-C does not reach it.
    command.process_group(0);
    let mut child = command.spawn().ok()?;
    let input = child.stdin.take();
    Some((child, input))
}

#[cfg(not(unix))]
fn guard(_: &Path) -> Option<(Child, Option<ChildStdin>)> {
    None
}
