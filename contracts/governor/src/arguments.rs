//! What the messages take.

use crate::calls::Calls;
use weir_core::{address::Address, governor::MAX_SIGNERS};
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Reader, Source},
};

weir_shell::arguments! {
    /// `sign`, `unsign`, `cancel`, `veto` and `proposal`.
    OneProposal("bytes32") { id: [u8; 32] = word }
    /// `setDelays`.
    SetDelays("uint32,uint32") { short: u32 = u32, long: u32 = u32 }
    /// `setVetoHolder`.
    SetVetoHolder("address") { holder: Address = address }
}

/// A list of signers. Of more than there can be none is kept.
pub struct Signers {
    list: [Address; MAX_SIGNERS],
    /// How many there were.
    pub given: usize,
}

impl Signers {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let given = input.count(input.left() / 32);
        let mut list = [Address::ZERO; MAX_SIGNERS];
        for place in list.iter_mut().take(given) {
            *place = input.address();
        }
        input.skip(given.saturating_sub(MAX_SIGNERS).saturating_mul(32));
        Self { list, given }
    }

    /// The signers; none where there were too many, which the council refuses.
    pub fn get(&self) -> &[Address] {
        self.list.get(..self.given).unwrap_or(&[])
    }
}

/// The constructor.
pub struct Deploy {
    pub signers: Signers,
    pub threshold: u8,
    pub short: u32,
    pub long: u32,
    pub holder: Address,
}

impl Signature for Deploy {
    const TYPES: &'static str = "address[],uint8,uint32,uint32,address";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(5 * 32);
        let (threshold, short, long) = (input.u8(), input.u32(), input.u32());
        let holder = input.address();
        Self { signers: Signers::read(input), threshold, short, long, holder }
    }
}

/// `setSigners`.
pub struct SetSigners {
    pub signers: Signers,
    pub threshold: u8,
}

impl Signature for SetSigners {
    const TYPES: &'static str = "address[],uint8";
}

impl Arguments for SetSigners {
    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(2 * 32);
        let threshold = input.u8();
        Self { signers: Signers::read(input), threshold }
    }
}

/// `propose`.
pub struct Propose {
    pub calls: Calls,
}

impl Signature for Propose {
    const TYPES: &'static str = "(address,bytes)[]";
}

impl Arguments for Propose {
    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(32);
        Self { calls: Calls::read(input) }
    }
}

/// `execute`.
pub struct Execute {
    pub id: [u8; 32],
    pub calls: Calls,
}

impl Signature for Execute {
    const TYPES: &'static str = "bytes32,(address,bytes)[]";
}

impl Arguments for Execute {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let id = input.word();
        input.offset(2 * 32);
        Self { id, calls: Calls::read(input) }
    }
}
