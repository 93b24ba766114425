#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::{Asset, Term, Terms, What, positions};
use weir_chain::Address;

const USD: u128 = 1_000_000_000_000_000_000;

fn terms() -> Terms {
    let term = |token, decimals, price, ltv, threshold| Term {
        token: Address::repeat_byte(token),
        decimals,
        price,
        ltv,
        threshold,
    };
    [
        term(1, 6, USD, 8_000, 8_500),
        term(2, 10, 7 * USD + USD / 2, 6_500, 7_200),
        term(3, 18, 3_000 * USD, 7_500, 8_000),
    ]
}

#[test]
fn there_are_enough_of_every_kind_and_a_seed_is_a_story() {
    let one = positions(7, &terms()).unwrap();
    assert!(one.len() >= 48, "{}", one.len());
    assert_eq!(one, positions(7, &terms()).unwrap());
    assert_ne!(one, positions(8, &terms()).unwrap());
    let mut kinds: Vec<&str> = one.iter().map(|position| position.kind).collect();
    kinds.dedup();
    assert_eq!(kinds.len(), 11);
    let mut owners: Vec<&str> = one.iter().map(|position| position.owner.as_str()).collect();
    owners.sort_unstable();
    owners.dedup();
    assert_eq!(owners.len(), one.len());
}

/// The value in USD of an amount, as whole cents: floating point is good enough to judge a plan.
fn cents(asset: Asset, amount: u128) -> u128 {
    match asset {
        Asset::Usdc => amount / 10_000,
        Asset::Dot => amount * 750 / 10_000_000_000,
        Asset::Eth => amount / 10_000_000_000 * 300_000 / 100_000_000,
    }
}

/// What the pool asks of a new debt: at least 100 USD each, and no more than the ltv carries with a margin for the
/// two-sided price.
#[test]
fn every_position_may_be_opened() {
    for position in positions(1, &terms()).unwrap() {
        let (mut carried, mut owed) = (0, 0);
        for (index, step) in position.steps.iter().enumerate() {
            let value = cents(step.asset, step.amount);
            let ltv = match step.asset {
                Asset::Usdc => 8_000,
                Asset::Dot => 6_500,
                Asset::Eth => 7_500,
            };
            let opted_out =
                position.steps.get(index + 1).is_some_and(|next| next.what == What::OptOut);
            match step.what {
                What::Supply if opted_out => {}
                What::Supply | What::Protect => carried += value * ltv / 10_000,
                What::OptOut => {}
                What::Borrow => {
                    assert!(value >= 10_000, "{}: a debt of {value} cents", position.kind);
                    owed += value;
                }
            }
        }
        assert!(carried * 100 >= owed * 101, "{}: {carried} carries {owed}", position.kind);
        assert!(position.steps.len() <= 8);
    }
}

#[test]
fn what_is_brought_is_what_is_supplied_and_protected() {
    let positions = positions(1, &terms()).unwrap();
    let mixed = positions.iter().find(|one| one.kind == "DOT, half of it protected").unwrap();
    let brings = mixed.brings();
    assert_eq!(brings.len(), 1);
    assert_eq!(brings[0].1, mixed.steps[0].amount + mixed.steps[1].amount);
}
