//! What the messages take.

use weir_core::address::Address;
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Reader, Source},
};

/// Most tokens of a batch.
const MOST: usize = 8;

/// The constructor.
pub struct Deploy {
    pub lender: Address,
}

impl Signature for Deploy {
    const TYPES: &'static str = "address";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        Self { lender: input.address() }
    }
}

/// `onFlashLoan`; its data says nothing here.
pub struct Single {
    pub initiator: Address,
    pub token: Address,
    pub amount: u128,
    pub fee: u128,
}

impl Signature for Single {
    const TYPES: &'static str = "address,address,uint256,uint256,bytes";
}

impl Arguments for Single {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (initiator, token) = (input.address(), input.address());
        let (amount, fee) = (input.u128(), input.u128());
        input.offset(5 * 32);
        input.bytes();
        Self { initiator, token, amount, fee }
    }
}

/// `onBatchFlashLoan`.
pub struct Batch {
    pub initiator: Address,
    loans: [(Address, u128, u128); MOST],
    count: usize,
}

impl Batch {
    /// Each token with its amount and its fee.
    pub fn each(&self) -> impl Iterator<Item = &(Address, u128, u128)> {
        self.loans.iter().take(self.count)
    }
}

impl Signature for Batch {
    const TYPES: &'static str = "address,address[],uint256[],uint256[],bytes";
}

impl Arguments for Batch {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let initiator = input.address();
        input.offset(5 * 32);
        // The later offsets follow from the count, which is checked in each list.
        for _ in 0..3 {
            input.word();
        }
        let mut loans = [(Address::ZERO, 0, 0); MOST];
        let count = input.count(MOST);
        for loan in loans.iter_mut().take(count) {
            loan.0 = input.address();
        }
        let amounts = input.count(MOST);
        for loan in loans.iter_mut().take(amounts) {
            loan.1 = input.u128();
        }
        let fees = input.count(MOST);
        for loan in loans.iter_mut().take(fees) {
            loan.2 = input.u128();
        }
        input.require(amounts == count && fees == count);
        input.bytes();
        Self { initiator, loans, count }
    }
}
