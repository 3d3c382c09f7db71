//! Where the database is: a URL or `key=value` words, then `PG*` variables, then what libpq takes by itself (manual 34.1 and 34.15, 15).

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use super::LiveError;
use super::password::from_file;
use crate::diagnostic::nearest;

/// What of the process a connection is looked up in. Given by the command line, which alone reads the environment.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Variables by name.
    pub variables: BTreeMap<String, String>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// The user's name in the system.
    pub user: Option<String>,
}

/// How far an encrypted connection is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// Never encrypted: sockets on this machine, loopback, or the user said so.
    Disable,
    /// Encrypted and verified when the server offers it.
    Prefer,
    /// Encrypted, to whomever answers.
    Require,
    /// Encrypted, and the certificate comes from a known authority.
    VerifyCa,
    /// And it is made out to the host.
    VerifyFull,
}

/// Everything needed to connect. Its `Debug` shows no password.
#[derive(Clone)]
pub struct Settings {
    /// Hosts with ports, or folders of sockets.
    pub hosts: Vec<(String, u16)>,
    /// The role.
    pub user: String,
    /// The database.
    pub database: String,
    /// How far TLS is trusted.
    pub tls: TlsMode,
    /// A file with certificates, or `system`.
    pub root_certificates: Option<String>,
    /// Seconds to wait for each host.
    pub connect_timeout_s: u64,
    /// Options for the server (`-c name=value`).
    pub options: Option<String>,
    password: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settings({} user={} database={} tls={:?})", self.place(), self.user, self.database, self.tls)
    }
}

/// The words that are understood; those of libpq that change nothing here are taken and passed over.
const WORDS: &[&str] = &["host", "hostaddr", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "connect_timeout", "options", "passfile"];

/// Words of libpq that change nothing for a reader.
const IGNORED: &[&str] = &[
    "application_name",
    "fallback_application_name",
    "client_encoding",
    "keepalives",
    "channel_binding",
    "target_session_attrs",
    "gssencmode",
    "sslnegotiation",
];

impl Settings {
    /// Puts together what the URL says, what the environment says, and what goes without saying.
    ///
    /// # Errors
    /// When the URL has words that are not understood.
    pub fn new(url: Option<&str>, environment: &Environment) -> Result<Self, LiveError> {
        let written = url.map(parse).transpose()?.unwrap_or_default();
        let value = |word: &str, variable: &str| {
            let from_url = written.get(word).filter(|value| !value.is_empty()).cloned();
            from_url.or_else(|| environment.variables.get(variable).filter(|value| !value.is_empty()).cloned())
        };
        let user = value("user", "PGUSER").or_else(|| environment.user.clone()).ok_or_else(|| refuse("no user is named"))?;
        let database = value("dbname", "PGDATABASE").unwrap_or_else(|| user.clone());
        let hosts = hosts(value("hostaddr", "PGHOSTADDR").or_else(|| value("host", "PGHOST")), value("port", "PGPORT"))?;
        let tls = match value("sslmode", "PGSSLMODE") {
            Some(word) => tls_mode(&word)?,
            None if hosts.iter().all(|(host, _)| is_on_this_machine(host)) => TlsMode::Disable,
            None => TlsMode::VerifyFull,
        };
        let connect_timeout_s = match value("connect_timeout", "PGCONNECT_TIMEOUT") {
            Some(text) => text.parse().map_err(|_| refuse(&format!("`connect_timeout={text}` is no number of seconds")))?,
            None => 10,
        };
        let mut settings = Self {
            hosts,
            user,
            database,
            tls,
            root_certificates: value("sslrootcert", "PGSSLROOTCERT"),
            connect_timeout_s,
            options: value("options", "PGOPTIONS"),
            password: value("password", "PGPASSWORD"),
        };
        if settings.password.is_none() {
            let file = value("passfile", "PGPASSFILE").map(PathBuf::from).or_else(|| Some(environment.home.as_ref()?.join(".pgpass")));
            settings.password =
                file.and_then(|file| settings.hosts.iter().find_map(|(host, port)| from_file(&file, host, *port, &settings.database, &settings.user)));
        }
        Ok(settings)
    }

    /// `host:port` of all hosts, for messages.
    pub fn place(&self) -> String {
        let words = self.hosts.iter().map(|(host, port)| if host.starts_with('/') { format!("{host}/.s.PGSQL.{port}") } else { format!("{host}:{port}") });
        words.collect::<Vec<_>>().join(", ")
    }

    /// A text without the password, should it hold it.
    pub(super) fn redacted(&self, text: &str) -> String {
        match &self.password {
            Some(password) if !password.is_empty() => text.replace(password.as_str(), "********"),
            _ => text.to_owned(),
        }
    }

    /// The same for the crate that connects.
    pub(super) fn config(&self) -> postgres::Config {
        let mut config = postgres::Config::new();
        config.user(&self.user).dbname(&self.database).application_name("fieldgate").connect_timeout(std::time::Duration::from_secs(self.connect_timeout_s));
        if let Some(password) = &self.password {
            config.password(password);
        }
        if let Some(options) = &self.options {
            config.options(options);
        }
        for (host, port) in &self.hosts {
            config.host(host).port(*port);
        }
        config.ssl_mode(match self.tls {
            TlsMode::Disable => postgres::config::SslMode::Disable,
            TlsMode::Prefer => postgres::config::SslMode::Prefer,
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => postgres::config::SslMode::Require,
        });
        config
    }
}

fn refuse(reason: &str) -> LiveError {
    LiveError::Address { reason: reason.to_owned() }
}

fn is_on_this_machine(host: &str) -> bool {
    host.starts_with('/') || host == "localhost" || host == "::1" || host.starts_with("127.")
}

fn tls_mode(word: &str) -> Result<TlsMode, LiveError> {
    match word {
        "disable" => Ok(TlsMode::Disable),
        "allow" | "prefer" => Ok(TlsMode::Prefer),
        "require" => Ok(TlsMode::Require),
        "verify-ca" => Ok(TlsMode::VerifyCa),
        "verify-full" => Ok(TlsMode::VerifyFull),
        other => Err(refuse(&format!("`sslmode={other}` is none of disable, prefer, require, verify-ca, verify-full"))),
    }
}

fn hosts(host: Option<String>, port: Option<String>) -> Result<Vec<(String, u16)>, LiveError> {
    let names = host.unwrap_or_else(default_host);
    let ports: Vec<String> = port.map(|port| port.split(',').map(str::to_owned).collect()).unwrap_or_default();
    let number = |place: usize| match ports.get(place).or_else(|| ports.first()).filter(|port| !port.is_empty()) {
        Some(text) => text.parse::<u16>().map_err(|_| refuse(&format!("`{text}` is no port"))),
        None => Ok(5432),
    };
    names.split(',').enumerate().map(|(place, name)| Ok((name.to_owned(), number(place)?))).collect()
}

/// Where a server on this machine has its socket.
fn default_host() -> String {
    let folders = ["/var/run/postgresql", "/tmp"];
    let found = folders.into_iter().find(|folder| std::path::Path::new(folder).join(".s.PGSQL.5432").exists());
    found.unwrap_or("localhost").to_owned()
}

/// The words of a URL or of `key=value` pairs.
fn parse(text: &str) -> Result<BTreeMap<String, String>, LiveError> {
    let rest = text.strip_prefix("postgresql://").or_else(|| text.strip_prefix("postgres://"));
    let words = match rest {
        Some(rest) => url_words(rest)?,
        None if text.contains('=') => pair_words(text)?,
        None => return Err(refuse("it starts neither with `postgresql://` nor does it hold `key=value`")),
    };
    for word in words.keys() {
        if !WORDS.contains(&word.as_str()) && !IGNORED.contains(&word.as_str()) {
            let near = nearest(word, WORDS.iter().copied()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(refuse(&format!("`{word}` is not known{near}")));
        }
    }
    Ok(words)
}

/// `user:password@host:port,host:port/database?word=value`.
fn url_words(rest: &str) -> Result<BTreeMap<String, String>, LiveError> {
    let mut words = BTreeMap::new();
    let (rest, query) = rest.split_once('?').map_or((rest, ""), |(before, after)| (before, after));
    let (authority, database) = rest.split_once('/').map_or((rest, ""), |(before, after)| (before, after));
    let (login, places) = authority.rsplit_once('@').map_or(("", authority), |(before, after)| (before, after));
    let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
    words.insert(String::from("user"), decoded(user)?);
    words.insert(String::from("dbname"), decoded(database)?);
    if let Some(password) = password {
        words.insert(String::from("password"), decoded(password)?);
    }
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for place in places.split(',') {
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port),
            _ => (place, ""),
        };
        hosts.push(decoded(host.trim_start_matches('[').trim_end_matches(']'))?);
        ports.push(port.to_owned());
    }
    words.insert(String::from("host"), hosts.join(","));
    if ports.iter().any(|port| !port.is_empty()) {
        words.insert(String::from("port"), ports.join(","));
    }
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (word, value) = pair.split_once('=').ok_or_else(|| refuse("a word behind `?` has no value"))?;
        words.insert(decoded(word)?, decoded(value)?);
    }
    words.retain(|_, value| !value.is_empty());
    Ok(words)
}

fn decoded(text: &str) -> Result<String, LiveError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits: Vec<u8> = rest.by_ref().take(2).collect();
        let value = std::str::from_utf8(&digits).ok().filter(|digits| digits.len() == 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(value.ok_or_else(|| refuse("a `%` is not followed by two hexadecimal digits; write `%25` for the sign itself"))?);
    }
    String::from_utf8(bytes).map_err(|_| refuse("it is not UTF-8 once its `%` signs are taken out"))
}

/// `host=db.example.org user='a b'`: spaces part, single quotes hold together, a backslash takes the next sign as it is.
fn pair_words(text: &str) -> Result<BTreeMap<String, String>, LiveError> {
    let mut words = BTreeMap::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = rest.split_once('=').ok_or_else(|| refuse("a word has no `=value`"))?;
        let after = after.trim_start();
        let (mut value, mut quoted, mut end) = (String::new(), false, after.len());
        let mut characters = after.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\'' if !quoted && at == 0 => quoted = true,
                '\'' if quoted => {
                    end = at + 1;
                    break;
                }
                '\\' => value.extend(characters.next().map(|(_, next)| next)),
                space if space.is_whitespace() && !quoted => {
                    end = at;
                    break;
                }
                other => value.push(other),
            }
        }
        words.insert(word.trim().to_owned(), value);
        rest = after.get(end..).unwrap_or("").trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Environment { variables, home: None, user: Some(String::from("maria")) }
    }

    #[test]
    fn a_url_says_everything() {
        let settings = Settings::new(Some("postgresql://re%40der:s%2Fcret@db.example.org:6432/warehouse?sslmode=verify-ca"), &environment(&[])).unwrap();
        assert_eq!((settings.user.as_str(), settings.database.as_str(), settings.tls), ("re@der", "warehouse", TlsMode::VerifyCa));
        assert_eq!(settings.hosts, [(String::from("db.example.org"), 6432)]);
        assert_eq!(settings.password.as_deref(), Some("s/cret"));
    }

    #[test]
    fn a_password_is_never_shown() {
        let settings = Settings::new(Some("postgresql://maria:s3cret@db/w"), &environment(&[])).unwrap();
        assert!(!format!("{settings:?}").contains("s3cret"));
        assert_eq!(settings.redacted("password s3cret is wrong"), "password ******** is wrong");
    }

    #[test]
    fn variables_fill_what_the_url_leaves_open() {
        let variables = environment(&[("PGHOST", "db.example.org"), ("PGPORT", "7000"), ("PGDATABASE", "w"), ("PGPASSWORD", "x")]);
        let settings = Settings::new(None, &variables).unwrap();
        assert_eq!((settings.place().as_str(), settings.user.as_str(), settings.database.as_str()), ("db.example.org:7000", "maria", "w"));
        assert_eq!(settings.tls, TlsMode::VerifyFull);
    }

    #[test]
    fn a_socket_and_this_machine_need_no_tls_and_the_network_does() {
        let mode = |url: &str| Settings::new(Some(url), &environment(&[])).unwrap().tls;
        assert_eq!(mode("host=/tmp port=55400 user='o\\'x'"), TlsMode::Disable);
        assert_eq!(mode("postgresql://127.0.0.1/w"), TlsMode::Disable);
        assert_eq!(mode("postgresql://10.0.0.5/w"), TlsMode::VerifyFull);
        assert_eq!(mode("postgresql://%2Ftmp:55400/w"), TlsMode::Disable);
    }

    #[test]
    fn a_mistyped_word_is_told_with_the_one_that_was_meant() {
        let error = Settings::new(Some("postgresql://db/w?sslmod=disable"), &environment(&[])).unwrap_err();
        assert_eq!(error.to_string(), "the address of the database is not understood: `sslmod` is not known; did you mean `sslmode`?");
    }
}
