//! Which cause a refusal of the server stands for.

use super::effect::Cause;

/// The cause behind an SQLSTATE (PostgreSQL manual, appendix A, 15).
pub(super) fn cause_of(sqlstate: &str) -> Cause {
    match sqlstate {
        "42703" => Cause::ColumnMissing,
        "42P01" | "3F000" => Cause::RelationMissing,
        "42702" | "42725" | "42712" => Cause::Ambiguous,
        "42803" => Cause::Grouping,
        "42P10" => Cause::ConflictTarget,
        "42601" => Cause::ColumnCount,
        "42501" => Cause::Permission,
        "22P02" => Cause::EnumLiteral,
        "42883" | "42804" | "42846" | "42P18" | "42P22" | "42P21" => Cause::TypeMismatch,
        "23502" | "23514" | "428C9" | "23503" | "23505" | "22001" | "22003" => Cause::Writes,
        _ => Cause::OtherRefusal,
    }
}
