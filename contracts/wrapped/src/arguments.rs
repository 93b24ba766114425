//! What the messages take. Amounts stay words: an ERC-20 counts with 256 bits, and says in its errors what was asked.

use weir_core::address::Address;
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Reader, Source},
};

weir_shell::arguments! {
    /// `balanceOf`.
    BalanceOf("address") { account: Address = address }
    /// `allowance`.
    Allowance("address,address") { owner: Address = address, spender: Address = address }
    /// `transfer`.
    Transfer("address,uint256") { to: Address = address, amount: [u8; 32] = word }
    /// `approve`.
    Approve("address,uint256") { spender: Address = address, amount: [u8; 32] = word }
    /// `transferFrom`.
    TransferFrom("address,address,uint256") {
        from: Address = address,
        to: Address = address,
        amount: [u8; 32] = word,
    }
    /// `withdraw`.
    Withdraw("uint256") { amount: [u8; 32] = word }
}

/// Longest name and symbol.
const TEXT: usize = 64;

/// A short text, as an answer holds it: offset, length, and the padded bytes.
pub struct Text {
    pub answer: [u8; 64 + TEXT],
    pub length: usize,
}

impl Text {
    /// Reads one; a longer one than fits is malformed.
    fn read(input: &mut Reader<impl Source>) -> Self {
        let range = input.bytes();
        input.require(range.length <= TEXT);
        let mut answer = [0; 64 + TEXT];
        answer[31] = 32;
        answer[63] = u8::try_from(range.length).unwrap_or(0);
        if let Some((_, text)) = answer.split_first_chunk_mut::<64>() {
            input.copy(range, text);
        }
        let padded = range.length.next_multiple_of(32);
        Self { answer, length: padded.saturating_add(64) }
    }

    /// The answer of the view.
    pub fn answer(&self) -> &[u8] {
        self.answer.get(..self.length).unwrap_or(&[])
    }
}

/// The constructor.
pub struct Deploy {
    pub name: Text,
    pub symbol: Text,
    pub decimals: u8,
}

impl Signature for Deploy {
    const TYPES: &'static str = "string,string,uint8";
}

impl Arguments for Deploy {
    const HEAD: usize = 0;

    fn read(input: &mut Reader<impl Source>) -> Self {
        input.offset(3 * 32);
        // Behind the head, the length of the name and the name.
        let second = input.word();
        let decimals = input.u8();
        let name = Text::read(input);
        let expected = name.length.saturating_add(2 * 32);
        let expected = u32::try_from(expected).unwrap_or(u32::MAX);
        input.require(second == weir_core::error::Word::from(expected).to_be_bytes());
        Self { name, symbol: Text::read(input), decimals }
    }
}
