//! The order of names that hold numbers: `V2` before `V10`, `1.9` before `1.10`.

use std::cmp::Ordering;

/// Compares two names run by run: digits as numbers of any length, everything else as text. Names that differ only in leading zeros are equal in
/// value and then ordered by their text, so that the order is total.
pub fn natural(left: &str, right: &str) -> Ordering {
    let (mut left_rest, mut right_rest) = (left, right);
    loop {
        let (left_run, left_after) = run(left_rest);
        let (right_run, right_after) = run(right_rest);
        let order = match (left_run.is_empty(), right_run.is_empty()) {
            (true, true) => return left.cmp(right),
            (true, false) => return Ordering::Less,
            (false, true) => return Ordering::Greater,
            (false, false) if is_number(left_run) && is_number(right_run) => by_value(left_run, right_run),
            (false, false) => left_run.cmp(right_run),
        };
        if order != Ordering::Equal {
            return order;
        }
        (left_rest, right_rest) = (left_after, right_after);
    }
}

/// The first run of digits or of other characters, and what follows.
fn run(text: &str) -> (&str, &str) {
    let Some(first) = text.chars().next() else { return ("", "") };
    let end = text.find(|letter: char| letter.is_ascii_digit() != first.is_ascii_digit()).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn is_number(run: &str) -> bool {
    run.starts_with(|first: char| first.is_ascii_digit())
}

/// Numbers of any length: the longer one without leading zeros is greater.
fn by_value(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::natural;
    use std::cmp::Ordering;

    #[test]
    fn numbers_count_as_numbers() {
        let mut names = vec!["V10__c", "V2__b", "V1.10__z", "V1.9__y", "V1__a", "20260101120000_x", "007_b"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(names, ["007_b", "20260101120000_x", "V1.9__y", "V1.10__z", "V1__a", "V2__b", "V10__c"]);
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in "[a0-2_.]{0,6}", b in "[a0-2_.]{0,6}", c in "[a0-2_.]{0,6}") {
            prop_assert_eq!(natural(&a, &b), natural(&b, &a).reverse());
            prop_assert_eq!(natural(&a, &b) == Ordering::Equal, a == b);
            if natural(&a, &b) != Ordering::Greater && natural(&b, &c) != Ordering::Greater {
                prop_assert_ne!(natural(&a, &c), Ordering::Greater);
            }
        }
    }
}
