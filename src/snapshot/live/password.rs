//! Passwords from the file that libpq keeps them in (manual 34.16, 15): `host:port:database:user:password`, `*` for any, `\` before `:` and `\`.

use std::path::Path;

use crate::text::Sources;

/// The password of the first line that fits, or `None`. A file that others may read is not used, as libpq does not use it.
pub(super) fn from_file(path: &Path, host: &str, port: u16, database: &str, user: &str) -> Option<String> {
    if is_open_to_others(path) {
        return None;
    }
    let mut sources = Sources::default();
    let id = sources.load(path).ok()?;
    let text = sources.text(id);
    // A socket in the default folder is called `localhost` in the file.
    let host = if host.starts_with("/var/run/postgresql") { "localhost" } else { host };
    let wanted = [host, &port.to_string(), database, user].map(str::to_owned);
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let (last, first) = fields.split_last()?;
        let fits = first.len() == wanted.len() && first.iter().zip(&wanted).all(|(field, value)| field == "*" || field == value);
        fits.then(|| last.clone())
    })
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => {
                if let (Some(last), Some(next)) = (fields.last_mut(), characters.next()) {
                    last.push(next);
                }
            }
            other => {
                if let Some(last) = fields.last_mut() {
                    last.push(other);
                }
            }
        }
    }
    fields
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_that_fits_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        std::fs::write(&path, "# a comment\ndb:5432:other:*:no\n*:5432:w:maria:a\\:b\\\\c\n*:*:*:*:last\n").unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        }
        assert_eq!(from_file(&path, "db", 5432, "w", "maria").as_deref(), Some("a:b\\c"));
        assert_eq!(from_file(&path, "db", 5433, "w", "maria").as_deref(), Some("last"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pgpass");
        std::fs::write(&path, "*:*:*:*:open\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(from_file(&path, "db", 5432, "w", "maria"), None);
    }
}
