#![allow(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use super::*;
use crate::intent::{Asset, Intent, IntentId};
use crate::outcome::{Amounts, PriceSource};
use rust_decimal::Decimal;
use tokio::time::Instant;
use weir_chain::{B256, BlockRef};

const POOL: Address = Address::repeat_byte(1);
const USDC: Address = Address::repeat_byte(2);
const WETH: Address = Address::repeat_byte(3);

fn plan(borrower: u8, version: u32, max_repay: u128) -> Plan {
    let borrower = Address::repeat_byte(borrower);
    let asset =
        |token, reserve| Arc::new(Asset { symbol: "T".to_owned(), token, decimals: 6, reserve });
    Plan {
        borrower,
        version,
        legs: vec![Intent {
            id: IntentId::new(POOL, borrower, USDC, WETH, version),
            debt: asset(USDC, 0),
            collateral: asset(WETH, 1),
            debt_price: 0,
            collateral_price: 0,
            max_repay,
            min_seized: 0,
            shares: false,
            predicted: Amounts { repaid: 0, seized: 0, profit_usd: Decimal::ZERO },
        }],
        block: BlockRef { number: 1, hash: B256::ZERO, timestamp_secs: 0 },
        arrived: Instant::now(),
        since: 1,
        price: PriceSource { round: 1, block: None },
    }
}

fn holding(balance: u128, allowance: u128) -> BTreeMap<Address, Holding> {
    BTreeMap::from([(USDC, Holding { balance, allowance })])
}

#[test]
fn what_is_under_way_is_not_spent_twice() {
    let ledger = Ledger::new(Budget::Allowed);
    assert_eq!(ledger.available(USDC), 0);
    ledger.set_holdings(1, holding(1_000, 700));
    assert_eq!(ledger.available(USDC), 700);
    assert!(ledger.begin(&plan(9, 1, 400)));
    assert!(ledger.begin(&plan(8, 1, 200)));
    // 700 - 400 - 200
    assert_eq!(ledger.available(USDC), 100);
    ledger.end(Address::repeat_byte(9), 1, None);
    assert_eq!(ledger.available(USDC), 500);
    // Less balance than is tied up leaves nothing, not a fault.
    ledger.set_holdings(1, holding(50, 700));
    assert_eq!(ledger.available(USDC), 0);
}

#[test]
fn without_execution_the_allowance_does_not_count() {
    let ledger = Ledger::new(Budget::Balance);
    ledger.set_holdings(1, holding(1_000, 0));
    assert_eq!(ledger.available(USDC), 1_000);
    assert_eq!(Ledger::new(Budget::Unlimited).available(USDC), u128::MAX);
}

#[test]
fn one_state_of_an_account_is_liquidated_once() {
    let ledger = Ledger::new(Budget::Allowed);
    assert!(ledger.begin(&plan(9, 1, 400)));
    assert!(!ledger.begin(&plan(9, 1, 100)));
    assert!(ledger.is_live(Address::repeat_byte(9), 1));
    assert!(!ledger.is_live(Address::repeat_byte(9), 2));
    assert!(ledger.begin(&plan(9, 2, 100)));
    assert_eq!(ledger.live_legs(), 2);
}

#[test]
fn an_end_asks_for_a_new_look_at_the_funds() {
    let ledger = Ledger::new(Budget::Allowed);
    assert!(ledger.take_stale());
    assert!(!ledger.take_stale());
    assert!(ledger.begin(&plan(9, 1, 400)));
    ledger.end(Address::repeat_byte(9), 1, None);
    assert!(ledger.take_stale());
    // Nothing was under way: nothing changed.
    ledger.end(Address::repeat_byte(9), 1, None);
    assert!(!ledger.take_stale());
}

#[test]
fn an_overflow_of_what_is_tied_up_can_be_released() {
    let ledger = Ledger::new(Budget::Allowed);
    ledger.set_holdings(1, holding(u128::MAX, u128::MAX));
    assert!(ledger.begin(&plan(9, 1, u128::MAX)));
    assert!(ledger.begin(&plan(8, 1, 5)));
    assert_eq!(ledger.available(USDC), 0);
    ledger.end(Address::repeat_byte(9), 1, None);
    assert_eq!(ledger.available(USDC), u128::MAX - 5);
}

#[test]
fn ids_differ_in_every_part() {
    let id = IntentId::new(POOL, USDC, WETH, USDC, 1);
    assert_eq!(id, IntentId::new(POOL, USDC, WETH, USDC, 1));
    assert_ne!(id, IntentId::new(POOL, USDC, WETH, USDC, 2));
    assert_ne!(id, IntentId::new(POOL, USDC, USDC, WETH, 1));
    assert_ne!(id, IntentId::new(USDC, POOL, WETH, USDC, 1));
}

#[test]
fn failures_in_a_row_are_tried_again_after_1_2_4_up_to_16_blocks() {
    let ledger = Ledger::new(Budget::Allowed);
    let anna = Address::repeat_byte(9);
    let mut block = 100;
    for pause in [1, 2, 4, 8, 16, 16] {
        let mut failed = plan(9, 1, 400);
        failed.block.number = block;
        ledger.rest(&failed, Outcome::Refused);
        assert!(ledger.is_resting(anna, 1, 1, block + pause - 1), "{pause}");
        assert!(!ledger.is_resting(anna, 1, 1, block + pause), "{pause}");
        block += pause;
    }
    // A later price and a change of the account end the rest.
    assert!(!ledger.is_resting(anna, 1, 2, block - 1));
    assert!(!ledger.is_resting(anna, 2, 1, block - 1));
}

#[test]
fn a_decision_without_execution_is_told_once() {
    let ledger = Ledger::new(Budget::Balance);
    let anna = Address::repeat_byte(9);
    ledger.rest(&plan(9, 1, 400), Outcome::DryRun);
    assert!(ledger.is_resting(anna, 1, 1, u64::MAX - 1));
    ledger.keep_resting(&[]);
    assert!(!ledger.is_resting(anna, 1, 1, 5));
}

#[test]
fn a_repayment_in_a_block_counts_until_the_funds_of_that_block_are_known() {
    let ledger = Ledger::new(Budget::Allowed);
    ledger.set_holdings(4, holding(1_000, 1_000));
    assert!(ledger.take_stale());
    assert!(ledger.begin(&plan(9, 1, 400)));
    ledger.end(Address::repeat_byte(9), 1, Some(6));
    assert!(!ledger.is_live(Address::repeat_byte(9), 1));
    assert_eq!(ledger.available(USDC), 600);
    // Read at the block before: the balance has not fallen yet, so the repayment is still counted.
    assert!(ledger.take_stale());
    ledger.set_holdings(5, holding(1_000, 1_000));
    assert_eq!(ledger.available(USDC), 600);
    assert!(ledger.take_stale());
    ledger.set_holdings(6, holding(600, 600));
    assert_eq!(ledger.available(USDC), 600);
    assert!(!ledger.take_stale());
}
