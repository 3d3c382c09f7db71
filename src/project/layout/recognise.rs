//! Which tool a folder's migrations are written for.

use super::{ALL, FALLBACK, Layout, Recognised};

/// The first layout of [`ALL`] that one of the paths or texts is a sign of.
///
/// `paths` are below the folder, with `/`; `texts` are those of its SQL files.
pub fn recognise(paths: &[&str], texts: &[&str]) -> &'static Layout {
    let recognised = ALL.iter().copied().find(|layout| match layout.recognised {
        Recognised::ByText(is_sign) => texts.iter().any(|text| is_sign(text)),
        Recognised::ByPath(is_sign) => paths.iter().any(|path| is_sign(path)),
        Recognised::WhenNamed => false,
        Recognised::Always => true,
    });
    recognised.unwrap_or(FALLBACK)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> &'static str {
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        recognise(&paths, &files.iter().map(|(_, text)| *text).collect::<Vec<_>>()).name
    }

    #[test]
    fn each_layout_is_known_by_its_own_sign() {
        assert_eq!(of(&[("V1__a.sql", ""), ("R__v.sql", "")]), "flyway");
        assert_eq!(of(&[("0001_a.up.sql", ""), ("0001_a.down.sql", "")]), "golang-migrate");
        assert_eq!(of(&[("2024-01-01-000000_a/up.sql", "")]), "diesel");
        assert_eq!(of(&[("0001_a.sql", "-- no-transaction\nCREATE INDEX")]), "sqlx");
        assert_eq!(of(&[("1_a.sql", "-- migrate:up\n")]), "dbmate");
        assert_eq!(of(&[("1_a.sql", "-- +goose Up\n")]), "goose");
        assert_eq!(of(&[("20240101_a/migration.sql", "")]), "prisma");
        assert_eq!(of(&[("a.sql", "--liquibase formatted sql\n")]), "liquibase");
        assert_eq!(of(&[("sqitch.plan", ""), ("deploy/a.sql", "")]), "sqitch");
        assert_eq!(of(&[("0001_a.sql", "SELECT 1")]), "plain");
    }
}
