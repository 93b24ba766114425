//! How ink! hands the arguments of a message over.
//!
//! ink!'s own decoder builds a tree of tokens for each message: much code, and code length is charged as proof on every
//! call. A message of Weir therefore takes one value without content. Its `SOL_NAME` is the whole list of Solidity
//! types, so that the selector is that of the interface; the message reads its words from the calldata by hand.

use crate::reader::{Reader, Source};
use core::marker::PhantomData;
use ink::{SolDecode, sol::Error};

/// Length of the selector in front of a message's arguments.
pub const SELECTOR: usize = 4;

/// What a message answers to calldata that it cannot read; ink! answers the same to an unknown selector.
pub const MALFORMED: [u8; 2] = [1, 1];

/// What a message or constructor takes.
pub trait Signature {
    /// The Solidity types of its arguments, separated by commas.
    const TYPES: &'static str;
}

/// Arguments that are read as a whole.
pub trait Arguments: Signature + Sized {
    /// Bytes before them in the calldata: the selector, nothing for a constructor.
    const HEAD: usize = SELECTOR;

    /// Reads them in order; the caller checks the end.
    fn read(input: &mut Reader<impl Source>) -> Self;
}

/// What ink! takes for the arguments.
pub struct Calldata<T>(PhantomData<T>);

impl<T: Signature> SolDecode for Calldata<T> {
    /// ink! asks for a type it knows; nothing is decoded.
    type SolType = ();
    const SOL_NAME: &'static str = T::TYPES;

    fn decode(_: &[u8]) -> Result<Self, Error> {
        Ok(Self(PhantomData))
    }

    fn from_sol_type((): ()) -> Result<Self, Error> {
        Ok(Self(PhantomData))
    }
}

#[cfg(target_arch = "riscv64")]
impl<T: Arguments> Calldata<T> {
    /// Reads the arguments; ends the message if the calldata is not exactly their encoding.
    #[must_use]
    pub fn read(&self) -> T {
        let mut reader = Reader::new(crate::chain::CallData, T::HEAD);
        let arguments = T::read(&mut reader);
        crate::chain::check_end(&reader);
        arguments
    }
}

/// Defines arguments that are a plain sequence of words.
#[macro_export]
macro_rules! arguments {
    ($($(#[$doc:meta])* $name:ident($types:literal) { $($field:ident: $type:ty = $read:ident),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name {
            $(#[doc = concat!("`", stringify!($field), "` of the interface.")] pub $field: $type,)*
        }

        impl $crate::arguments::Signature for $name {
            const TYPES: &'static str = $types;
        }

        impl $crate::arguments::Arguments for $name {
            fn read(input: &mut $crate::reader::Reader<impl $crate::reader::Source>) -> Self {
                // Fields of a struct literal are evaluated in the order in which they are written.
                Self { $($field: input.$read(),)* }
            }
        }
    )*};
}
