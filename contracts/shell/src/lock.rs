//! The lock that is closed while a callback runs.
//!
//! It lives in transient storage: no read or write of the trie, and gone with the transaction whatever happens.

use crate::{chain, host};
use weir_core::error::{Code, refuse_plain};

const KEY: [u8; 1] = [1];

/// Whether a callback is open in this transaction.
#[must_use]
pub fn is_closed() -> bool {
    let mut buffer = [0; 1];
    chain::get_transient(&KEY, &mut buffer) == Some(&[1])
}

/// Ends the message if a callback is open.
pub fn refuse_while_open() {
    if is_closed() {
        host::refuse(&refuse_plain(Code::CallbackOpen));
    }
}

/// Closes the lock before a callback.
pub fn close() {
    chain::set_transient(&KEY, &[1]);
}

/// Opens it after the callback. A revert in between undoes the closing as well.
pub fn open() {
    chain::set_transient(&KEY, &[0]);
}
