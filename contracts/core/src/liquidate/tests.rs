#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod bad_debt;
mod edges;
mod gates;
mod properties;
mod sizes;
mod two_addresses;
mod write_off;

use crate::testkit::*;

/// Alice: 10 ETH at 2 000 dollars, 15 000 USDC of debt. Below 1 875 dollars she is liquidatable.
fn borrower() -> Pool {
    let mut pool = Pool::new();
    pool.supply(ALICE, ETH, 10 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 15_000 * ONE_USDC).unwrap();
    pool
}

/// The same at a price of ETH in dollars.
fn borrower_at(price: u128) -> Pool {
    let mut pool = borrower();
    pool.price(ETH, price * USD);
    pool
}
