//! Where the two words of a refusal are.
//!
//! Results that may be a refusal are everywhere, and whoever passes one on copies it: with its words inside, that was a
//! tenth of a contract's code. A contract answers with one refusal at most and then everything is undone, so there the
//! words of the last refusal are kept aside. Whoever drops a refusal and goes on must not return an older one; nothing in
//! this crate keeps one.

use super::Word;

#[cfg(target_arch = "riscv64")]
pub(super) use aside::Words;
#[cfg(not(target_arch = "riscv64"))]
pub(super) use inside::Words;

#[cfg(target_arch = "riscv64")]
mod aside {
    use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

    use super::Word;

    static LAST: [AtomicU64; 6] = [const { AtomicU64::new(0) }; 6];

    /// Stands for the words of the last refusal.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::error) struct Words;

    impl Words {
        pub fn new(a: Word, b: Word) -> Self {
            let ([a0, a1], [b0, b1]) = (halves(a.low), halves(b.low));
            let words = [a0, a1, u64::from(a.high), b0, b1, u64::from(b.high)];
            for (place, value) in LAST.iter().zip(words) {
                place.store(value, Relaxed);
            }
            Self
        }

        pub fn get(self) -> [Word; 2] {
            let [a0, a1, a2, b0, b1, b2] = &LAST;
            [word(a0, a1, a2), word(b0, b1, b2)]
        }
    }

    /// The lower and the upper half; neither conversion can fail.
    fn halves(number: u128) -> [u64; 2] {
        let lower = number & u128::from(u64::MAX);
        [u64::try_from(lower).unwrap_or(0), u64::try_from(number >> 64).unwrap_or(0)]
    }

    fn word(lower: &AtomicU64, upper: &AtomicU64, high: &AtomicU64) -> Word {
        Word {
            low: u128::from(lower.load(Relaxed)) | (u128::from(upper.load(Relaxed)) << 64),
            high: u32::try_from(high.load(Relaxed)).unwrap_or(0),
        }
    }
}

#[cfg(not(target_arch = "riscv64"))]
mod inside {
    use super::Word;

    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(in crate::error) struct Words([Word; 2]);

    impl Words {
        pub const fn new(a: Word, b: Word) -> Self {
            Self([a, b])
        }

        pub const fn get(self) -> [Word; 2] {
            self.0
        }
    }
}
