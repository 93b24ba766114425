//! What the messages of the feed take, in the words of its interface.
//!
//! The feed needs the types of all of them, for their selectors; it reads only what it does not hand on.

use crate::arguments::{Arguments, Signature};
use crate::reader::{Reader, Source};
use weir_core::address::Address;
use weir_core::feed::{LastReport, MAX_REPORTERS, MAX_REPORTS};
use weir_core::units::{Price, Timestamp};

/// At most `N` values of calldata, in order.
pub struct List<T, const N: usize> {
    values: [T; N],
    /// How many there were; above `N` the message refuses.
    pub given: usize,
}

impl<T: Copy, const N: usize> List<T, N> {
    /// Reads an array whose elements take `words` words each. More than fit are skipped, so that the message can say
    /// how many there were.
    fn read<S: Source>(
        input: &mut Reader<S>,
        empty: T,
        words: usize,
        read: impl Fn(&mut Reader<S>) -> T,
    ) -> Self {
        let size = words.saturating_mul(32);
        let given = input.count(input.left().checked_div(size).unwrap_or(0));
        let mut values = [empty; N];
        for value in values.iter_mut().take(given) {
            *value = read(input);
        }
        input.skip(given.saturating_sub(N).saturating_mul(size));
        Self { values, given }
    }

    /// The values, unless there were too many.
    #[must_use]
    pub fn get(&self) -> Option<&[T]> {
        self.values.get(..self.given)
    }
}

fn addresses<const N: usize>(input: &mut Reader<impl Source>) -> List<Address, N> {
    List::read(input, Address::ZERO, 1, |input| input.address())
}

crate::arguments! {
    /// `addAsset` and `setBounds`.
    Bounds("address,uint16,uint128,uint128") {
        asset: Address = address,
        max_step: u16 = u16,
        low: u128 = u128,
        high: u128 = u128,
    }
    /// `subscribe`.
    Subscribe("address,uint64,uint64") {
        pool: Address = address,
        ref_time: u64 = u64,
        proof_size: u64 = u64,
    }
    /// A message about one asset, pool or account.
    One("address") {
        address: Address = address,
    }
    /// `freeze`.
    Freeze("address,uint32") {
        asset: Address = address,
        duration: u32 = u32,
    }
    /// `lastReport`.
    ReportOf("address,address") {
        asset: Address = address,
        reporter: Address = address,
    }
    /// `setBonds`.
    SetBonds("address,uint128,uint16,uint8") {
        token: Address = address,
        least: u128 = u128,
        fault: u16 = u16,
        allowed: u8 = u8,
    }
    /// `depositBond`.
    Amount("uint128") {
        amount: u128 = u128,
    }
}

/// `setRate`.
pub struct SetRate {
    /// The asset.
    pub asset: Address,
    /// Whom to ask for the rate; the zero address: it has none.
    pub source: Address,
    /// What to ask.
    pub selector: [u8; 4],
    /// The rate (WAD) from which its cap grows.
    pub start: u128,
    /// By how much in a year, in basis points.
    pub growth: u16,
}

impl Signature for SetRate {
    const TYPES: &'static str = "address,address,bytes4,uint128,uint16";
}

impl Arguments for SetRate {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (asset, source, word) = (input.address(), input.address(), input.word());
        let (selector, rest) = word.split_first_chunk().unwrap_or((&[0; 4], &[]));
        // Solidity pads fixed bytes at their end.
        input.require(rest.iter().all(|byte| *byte == 0));
        let (start, growth) = (input.u128(), input.u16());
        Self { asset, source, selector: *selector, start, growth }
    }
}

/// The constructor.
pub struct Deploy {
    /// Who governs it.
    pub governor: Address,
    /// The code for rare messages.
    pub code: Address,
    /// Who reports.
    pub reporters: List<Address, MAX_REPORTERS>,
    /// How many reports make a round.
    pub quorum: u8,
    /// How far ahead of the chain a report may be, in seconds.
    pub skew: u32,
}

impl Signature for Deploy {
    const TYPES: &'static str = "address,address,address[],uint8,uint32";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        let (governor, code) = (input.address(), input.address());
        input.offset(5 * 32);
        let (quorum, skew) = (input.u8(), input.u32());
        Self { governor, code, reporters: addresses(input), quorum, skew }
    }
}

/// `report`.
pub struct Reports(pub List<(Address, LastReport), MAX_REPORTS>);

impl Signature for Reports {
    const TYPES: &'static str = "(address,uint128,uint32)[]";
}

impl Arguments for Reports {
    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(32);
        let empty = (Address::ZERO, LastReport::default());
        Self(List::read(input, empty, 3, |input| {
            let asset = input.address();
            (asset, LastReport { price: Price(input.u128()), time: Timestamp(input.u32()) })
        }))
    }
}

/// `push`.
pub struct PushAgain {
    /// Whom to tell.
    pub pool: Address,
    /// About what.
    pub assets: List<Address, MAX_REPORTS>,
}

impl Signature for PushAgain {
    const TYPES: &'static str = "address,address[]";
}

impl Arguments for PushAgain {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let pool = input.address();
        input.offset(2 * 32);
        Self { pool, assets: addresses(input) }
    }
}

/// `setReporters`.
pub struct SetReporters {
    /// Who reports from now on.
    pub reporters: List<Address, MAX_REPORTERS>,
    /// How many reports make a round.
    pub quorum: u8,
}

impl Signature for SetReporters {
    const TYPES: &'static str = "address[],uint8";
}

impl Arguments for SetReporters {
    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(2 * 32);
        let quorum = input.u8();
        Self { reporters: addresses(input), quorum }
    }
}
