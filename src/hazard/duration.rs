//! How long work on a table takes, as a range: from its size, and from what disks do. Never a promise.

use super::{Scan, TableHazard, Work};

/// Bytes a second that a disk reads and writes while others work too: slowest and fastest that are likely.
const SCAN_BYTES: (u64, u64) = (100_000_000, 2_000_000_000);
const BUILD_BYTES: (u64, u64) = (20_000_000, 300_000_000);
/// Bytes of a row, when only rows are known.
const ROW_BYTES: (u64, u64) = (50, 1_000);

/// How long a statement works on a table, once it has the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duration {
    /// There is nothing to work on.
    Empty,
    /// Only the catalog is touched.
    Instant,
    /// From and to, in whole seconds; the second is rounded up.
    Seconds(u64, u64),
    /// The snapshot has no size.
    Unknown,
}

impl TableHazard {
    /// How long the statement works on this table.
    pub fn duration(&self) -> Duration {
        let (least, most) = match (self.bytes, self.rows) {
            (_, Some(0)) => return Duration::Empty,
            (Some(bytes), _) => (bytes, bytes),
            (None, Some(rows)) => (rows.saturating_mul(ROW_BYTES.0), rows.saturating_mul(ROW_BYTES.1)),
            (None, None) => return if self.is_instant() { Duration::Instant } else { Duration::Unknown },
        };
        let (slow, fast) = match self.work {
            Work::Rewrites | Work::BuildsIndex => BUILD_BYTES,
            Work::CatalogOnly if self.scan == Scan::Full => SCAN_BYTES,
            Work::CatalogOnly => return Duration::Instant,
        };
        Duration::Seconds(least / fast, most.div_ceil(slow))
    }

    fn is_instant(&self) -> bool {
        self.work == Work::CatalogOnly && self.scan == Scan::None
    }
}
