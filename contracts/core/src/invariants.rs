//! Random actors, prices and times on a pool in memory; after every step each invariant that applies, by its id.
//!
//! Beside the pool stands a ledger of its own that hears events only, in integers without bounds ([`ledger`]). The state
//! of the pool must be what the events say, bit for bit.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod checks;
mod ledger;

use std::vec::Vec;

use crate::{
    address::Address,
    error::Code,
    liquidate::Order,
    reserves::fund_insurance,
    submit::{ALL, Action, Kind},
    testkit::*,
    transfers::Transfer,
    units::Assets,
};
use checks::Watch;
use proptest::prelude::*;

const PEOPLE: [Address; 4] = [ALICE, BOB, CAROL, DAVE];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Step {
    Submit {
        caller: usize,
        account: usize,
        actions: Vec<(usize, usize, Amount)>,
    },
    /// `pick` chooses among all pairs of a debt and a collateral that there are.
    Liquidate {
        caller: usize,
        pick: usize,
        bound: Amount,
        shares: bool,
    },
    Price {
        token: usize,
        percent: u128,
    },
    Wait {
        seconds: u32,
    },
    Fund {
        token: usize,
        amount: Amount,
    },
}

/// An amount that means something for every token: a part of a typical sum, a few units, or all.
#[derive(Clone, Copy, Debug)]
enum Amount {
    Typical(u128),
    Units(u128),
    All,
}

impl Amount {
    fn of(self, token: usize) -> u128 {
        // About 100 dollars each.
        let hundred = [100 * ONE_USDC, 20 * ONE_DOT, ONE_ETH / 20][token];
        match self {
            Self::Typical(percent) => hundred * percent / 100,
            Self::Units(units) => units,
            Self::All => ALL.0,
        }
    }
}

fn amount() -> impl Strategy<Value = Amount> {
    prop_oneof![
        12 => (1u128..4_000).prop_map(Amount::Typical),
        1 => (0u128..5).prop_map(Amount::Units),
        2 => Just(Amount::All),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let action = (0usize..7, 0usize..3, amount());
    let actions = prop::collection::vec(action, 1..3);
    prop_oneof![
        10 => (0usize..4, 0usize..4, 0u8..5, actions).prop_map(|(caller, other, own, actions)| {
            Step::Submit { caller, account: if own > 0 { caller } else { other }, actions }
        }),
        8 => (0usize..4, any::<usize>(), amount(), any::<bool>()).prop_map(
            |(caller, pick, bound, shares)| Step::Liquidate { caller, pick, bound, shares }
        ),
        4 => (0usize..3, 30u128..160).prop_map(|(token, percent)| Step::Price { token, percent }),
        2 => (0u32..5_000_000).prop_map(|seconds| Step::Wait { seconds }),
        1 => (0usize..3, amount()).prop_map(|(token, amount)| Step::Fund { token, amount }),
    ]
}

/// A pool in which a step does something: everybody holds something and two owe something.
fn populated() -> Pool {
    let mut pool = Pool::new();
    for (who, token, amount) in
        [(ALICE, ETH, 10 * ONE_ETH), (BOB, DOT, 4_000 * ONE_DOT), (CAROL, USDC, 20_000 * ONE_USDC)]
    {
        pool.supply(who, token, amount).unwrap();
    }
    pool.act(BOB, Kind::Protect, ETH, 2 * ONE_ETH).unwrap();
    pool.borrow(ALICE, USDC, 14_000 * ONE_USDC).unwrap();
    pool.borrow(BOB, USDC, 9_000 * ONE_USDC).unwrap();
    pool.borrow(BOB, ETH, ONE_ETH).unwrap();
    pool
}

/// Every pair of a debt and a collateral of one account, those of unhealthy accounts if there are any.
fn pairs(pool: &mut Pool) -> Vec<(Address, usize, usize)> {
    let mut all = Vec::new();
    let mut unhealthy = Vec::new();
    for who in PEOPLE {
        let account = pool.account(who);
        for debt in account.debts() {
            for leg in account.supplies() {
                let pair = (who, usize::from(debt.reserve.0), usize::from(leg.reserve.0));
                all.push(pair);
                if pool.health(who) < USD {
                    unhealthy.push(pair);
                }
            }
        }
    }
    if unhealthy.is_empty() { all } else { unhealthy }
}

/// Does a step. What moves is told by the pool; whether it was refused is not looked at here.
fn run(pool: &mut Pool, watch: &mut Watch, step: &Step) {
    match step {
        Step::Submit { caller, account, actions } => {
            let (caller, account) = (PEOPLE[*caller], PEOPLE[*account]);
            let actions: Vec<_> = actions
                .iter()
                .map(|(kind, token, amount)| {
                    let kind = Kind::ALL[*kind];
                    let amount = match kind {
                        Kind::SetCollateral => amount.of(*token) % 2,
                        _ => amount.of(*token),
                    };
                    Action::new(kind, TOKENS[*token], amount)
                })
                .collect();
            watch.submit(pool, caller, account, &actions);
        }
        Step::Liquidate { caller, pick, bound, shares } => {
            let pairs = pairs(pool);
            let Some((borrower, debt, collateral)) = pairs.get(pick % pairs.len().max(1)) else {
                return;
            };
            let order = Order {
                max_repay: Assets(bound.of(*debt)),
                receive_shares: *shares,
                ..order(*borrower, TOKENS[*debt], TOKENS[*collateral])
            };
            watch.liquidate(pool, PEOPLE[*caller], &order);
        }
        Step::Price { token, percent } => {
            let token = TOKENS[*token];
            let price = pool.reserve(token).price.median.0 * percent / 100;
            pool.price(token, price.clamp(USD / 1_000, 1_000_000 * USD));
        }
        Step::Wait { seconds } => pool.advance(*seconds),
        Step::Fund { token, amount } => {
            let (root, token, amount) = (pool.root, TOKENS[*token], Assets(amount.of(*token)));
            let moved = pool
                .host
                .transact(|host| fund_insurance(host, &root, &DAVE, &token, amount))
                .map(|transfers| transfers.iter().copied().collect::<Vec<Transfer>>());
            if let Ok(moved) = moved {
                watch.moved(&moved);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_invariant_holds_after_every_step(steps in prop::collection::vec(step(), 1..60)) {
        let mut pool = populated();
        let mut watch = Watch::new(&mut pool);
        for step in &steps {
            let before = pool.clone();
            run(&mut pool, &mut watch, step);
            watch.check(&before, &mut pool);
        }
    }
}

/// The random steps must get through often enough to mean something: a fixed seed, counted.
#[test]
fn the_steps_do_what_they_are_for() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let steps = prop::collection::vec(step(), 60);
    let mut counts = checks::Counts::default();
    for _ in 0..40 {
        let steps = steps.new_tree(&mut runner).unwrap().current();
        let mut pool = populated();
        let mut watch = Watch::new(&mut pool);
        for step in &steps {
            run(&mut pool, &mut watch, step);
            watch.count(&mut pool, &mut counts);
        }
    }
    assert!(counts.liquidations > 40, "{counts:?}");
    assert!(counts.bad_debts > 5, "{counts:?}");
    assert!(counts.borrows > 60, "{counts:?}");
    assert!(counts.repayments > 25, "{counts:?}");
    assert!(counts.withdrawals > 40, "{counts:?}");
}

#[test]
fn a_refusal_leaves_no_trace() {
    let mut pool = populated();
    let before = pool.host.items().clone();
    let result = pool.submit(
        ALICE,
        ALICE,
        &[Action::new(Kind::Supply, DOT, ONE_DOT), Action::new(Kind::Withdraw, ETH, ALL.0)],
    );
    assert_eq!(code(result), Code::InsufficientCollateral);
    assert_eq!(*pool.host.items(), before);
}
