//! How ink! hands the arguments of a message over.
//!
//! ink!'s own decoder builds a tree of tokens for each message: much code, and code length is charged as proof on every
//! call. A message of Weir therefore takes one value, whose `SOL_NAME` is the whole list of Solidity types (so that the
//! selector is that of the interface) and which reads its words by hand.

use crate::reader::{Malformed, Reader};
use ink::SolDecode;
use ink::sol::Error;

/// Length of the selector in front of a message's arguments.
const SELECTOR: usize = 4;

/// The arguments of a message or constructor.
pub trait Arguments: Sized {
    /// Their Solidity types, separated by commas.
    const TYPES: &'static str;
    /// Bytes before them in the calldata: the selector, nothing for a constructor.
    const HEAD: usize = SELECTOR;

    /// Reads them in order; the caller checks the end.
    fn read(input: &mut Reader<'_>) -> Self;
}

/// What ink! decodes: calldata that is exactly the encoding of `T`.
pub struct Decoded<T>(pub T);

impl<T: Arguments> SolDecode for Decoded<T> {
    /// ink! asks for a type it knows; [`SolDecode::decode`] below goes round it.
    type SolType = ();
    const SOL_NAME: &'static str = T::TYPES;

    fn decode(buffer: &[u8]) -> Result<Self, Error> {
        let arguments = sized(buffer, T::HEAD).map_err(|Malformed| Error)?;
        let mut reader = Reader::new(arguments);
        let value = T::read(&mut reader);
        reader.end().map_err(|Malformed| Error)?;
        Ok(Self(value))
    }

    fn from_sol_type((): ()) -> Result<Self, Error> {
        Err(Error)
    }
}

/// The arguments without the zeros that fill ink!'s buffer behind them.
#[inline(never)]
fn sized(buffer: &[u8], head: usize) -> Result<&[u8], Malformed> {
    let size = usize::try_from(ink::env::call_data_size()).map_err(|_| Malformed)?;
    let length = size.checked_sub(head).ok_or(Malformed)?;
    // More than the buffer holds was cut off.
    buffer.get(..length).ok_or(Malformed)
}
