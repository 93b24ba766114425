//! What the messages of the feed take, in the words of its interface.

use weir_core::address::Address;
use weir_core::feed::{LastReport, MAX_REPORTERS, MAX_REPORTS};
use weir_core::units::{Price, Timestamp};
use weir_shell::arguments::{Arguments, Signature};
use weir_shell::reader::{Reader, Source};

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
    pub fn get(&self) -> Option<&[T]> {
        self.values.get(..self.given)
    }
}

fn addresses<const N: usize>(input: &mut Reader<impl Source>) -> List<Address, N> {
    List::read(input, Address::ZERO, 1, |input| input.address())
}

weir_shell::arguments! {
    /// `addAsset`.
    AddAsset("address,uint16,uint128,uint128") {
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
    /// `unsubscribe`.
    Unsubscribe("address") {
        pool: Address = address,
    }
    /// `rearm` and `round`.
    OneAsset("address") {
        asset: Address = address,
    }
    /// `lastReport`.
    ReportOf("address,address") {
        asset: Address = address,
        reporter: Address = address,
    }
}

/// The constructor.
pub struct Deploy {
    pub governor: Address,
    pub reporters: List<Address, MAX_REPORTERS>,
    pub quorum: u8,
    pub skew: u32,
}

impl Signature for Deploy {
    const TYPES: &'static str = "address,address[],uint8,uint32";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        let governor = input.address();
        input.offset(4 * 32);
        let (quorum, skew) = (input.u8(), input.u32());
        Self { governor, reporters: addresses(input), quorum, skew }
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
    pub pool: Address,
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
    pub reporters: List<Address, MAX_REPORTERS>,
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
