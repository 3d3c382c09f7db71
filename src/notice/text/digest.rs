//! Digests as people and files write them.

use sha2::{Digest, Sha256};

/// The SHA-256 of a text, in hexadecimal.
pub fn digest(text: &str) -> String {
    let mut out = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}

/// Its first half: enough to tell two things apart.
pub fn short_digest(text: &str) -> String {
    digest(text).chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_what_sha256sum_prints() {
        assert_eq!(digest("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(short_digest("abc"), "ba7816bf8f01cfea414140de5dae2223");
    }
}
