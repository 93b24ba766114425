//! How the smaller contracts refuse: a custom error of their interface and its words.

use crate::{chain, writer::Writer};

/// Most words of an error.
const WORDS: usize = 3;

/// Defines the errors of a contract by the names and signatures of its interface.
#[macro_export]
macro_rules! refusals {
    ($($name:ident = $signature:literal,)*) => {
        /// What the contract refuses; the names are those of its interface.
        #[derive(Clone, Copy, Debug)]
        pub enum Refusal {
            $(
                #[doc = $signature]
                $name,
            )*
        }

        impl Refusal {
            const fn selector(self) -> [u8; 4] {
                match self {
                    $(Self::$name => const { ::ink::codegen::sol::selector_bytes($signature) },)*
                }
            }

            /// Ends the message with this error; the pallet undoes all it did.
            pub fn end(self, words: &[[u8; 32]]) -> ! {
                $crate::refusals::refuse(self.selector(), words)
            }
        }
    };
}

/// Ends the message with an error.
#[inline(never)]
pub fn refuse(selector: [u8; 4], words: &[[u8; 32]]) -> ! {
    let mut buffer = [0; 4 + WORDS * 32];
    let mut revert = Writer::new(&mut buffer);
    revert.raw(&selector);
    for word in words {
        revert.raw(word);
    }
    chain::revert(revert.written())
}
