//! What must hold after every step.

use std::{collections::BTreeMap, vec::Vec};

use super::{PEOPLE, ledger::Ledger};
use crate::{
    address::Address,
    event::Event,
    liquidate::Order,
    math::cmp_products,
    reserves::accrue,
    state::{Reserve, ReserveId},
    submit::{ALL, Action, Kind},
    testkit::*,
    transfers::{Direction, Transfer},
};

/// How often things happened.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub liquidations: u32,
    pub bad_debts: u32,
    pub borrows: u32,
    pub repayments: u32,
    pub withdrawals: u32,
}

/// Looks at a pool from outside: events, and tokens that moved.
pub(super) struct Watch {
    ledger: Ledger,
    /// What the pool holds of each token by what moved.
    tokens: BTreeMap<Address, u128>,
    /// Suppliers lost something in this step.
    socialised: bool,
    /// Reserves that owed nothing at some time in this step: their next debt begins at the first price again.
    repaid: Vec<Address>,
    /// Who may have changed in this step.
    involved: [Address; 2],
}

impl Watch {
    pub fn new(pool: &mut Pool) -> Self {
        let mut watch = Self {
            ledger: Ledger::default(),
            tokens: BTreeMap::new(),
            socialised: false,
            repaid: Vec::new(),
            involved: [Address::ZERO; 2],
        };
        for token in TOKENS {
            let balances = pool.reserve(token).balances;
            watch.tokens.insert(token, balances.cash.0 + balances.protected.0);
        }
        watch.hear(pool);
        watch
    }

    fn hear(&mut self, pool: &mut Pool) {
        self.socialised = false;
        self.repaid.clear();
        for event in pool.host.take_events() {
            self.ledger.hear(&event);
            self.repaid.extend(self.ledger.without_debt());
            self.socialised |=
                matches!(event, Event::BadDebt(ref bad) if !bad.socialised.is_zero());
        }
    }

    pub fn count(&mut self, pool: &mut Pool, counts: &mut Counts) {
        for event in pool.host.take_events() {
            match event {
                Event::Liquidated(_) => counts.liquidations += 1,
                Event::BadDebt(_) => counts.bad_debts += 1,
                Event::Borrowed { .. } => counts.borrows += 1,
                Event::Repaid { .. } => counts.repayments += 1,
                Event::Withdrawn { .. } => counts.withdrawals += 1,
                _ => {}
            }
        }
    }

    pub fn moved(&mut self, transfers: &[Transfer]) {
        for transfer in transfers {
            let held = self.tokens.entry(transfer.token).or_default();
            match transfer.direction {
                Direction::Pull => *held += transfer.amount.0,
                Direction::Push => *held -= transfer.amount.0,
            }
        }
    }

    pub fn submit(
        &mut self,
        pool: &mut Pool,
        caller: Address,
        account: Address,
        actions: &[Action],
    ) {
        self.involved = [account; 2];
        let mut accrued_first = pool.clone();
        accrue_all(&mut accrued_first);
        let mut accrued_before = accrued_first.clone();
        let first = accrued_first.submit(caller, account, actions);
        let before = pool.account(account);
        let healthy = healthy(&mut accrued_before);
        let result = pool.submit(caller, account, actions);
        let mut afterwards = pool.clone();
        accrue_all(&mut afterwards);
        assert_eq!(first, result, "I-IDX-04: accruing before changes nothing");
        assert_eq!(afterwards.host.items(), accrued_first.host.items(), "I-IDX-04");
        let Ok(moved) = result else { return };
        self.moved(&moved);
        let grew = |leg: &crate::state::DebtLeg| leg.shares > before.debt(leg.reserve);
        if pool.account(account).debts().iter().any(grew) {
            assert!(pool.health(account) >= USD, "I-LQ-13: liquidatable after a borrow");
        }
        for (who, was) in PEOPLE.into_iter().zip(healthy) {
            assert!(!was || pool.health(who) >= USD, "I-HF-01: {who:?} became unhealthy");
        }
    }

    pub fn liquidate(&mut self, pool: &mut Pool, caller: Address, order: &Order) {
        self.involved = [caller, order.borrower];
        let healthy = pool.health(order.borrower) >= USD;
        let Ok(outcome) = pool.liquidate(caller, order) else { return };
        assert!(!healthy, "I-LQ-01: a healthy account was liquidated");
        let direction = |direction, token, amount| Transfer { token, direction, amount };
        self.moved(&[
            direction(Direction::Push, order.collateral, outcome.pay_out),
            direction(Direction::Pull, order.debt, outcome.repay),
        ]);
    }

    /// Everything, by id.
    pub fn check(&mut self, before: &Pool, pool: &mut Pool) {
        self.hear(pool);
        let accounts = pool.host.accounts().unwrap();
        for (number, token) in TOKENS.into_iter().enumerate() {
            let id = u8::try_from(number).unwrap();
            let reserve = pool.reserve(token);
            self.ledger.compare(&reserve);
            for (who, account) in &accounts {
                self.ledger.compare_account(*who, account, id, token);
            }
            self.check_sums(&reserve, ReserveId(id), &accounts);
            self.check_prices(&before.reserve(token), &reserve);
        }
        for (who, account) in &accounts {
            if account.has_debt() {
                assert!(!account.supplies().is_empty(), "I-HF-04: debt without collateral");
                assert!(account.listed, "an indebted account is not listed");
                assert!(pool.host.indebted().unwrap().contains(who));
            }
            if !self.involved.contains(who) {
                let was = before.account(*who);
                assert_eq!(*account, was, "I-HF-02: a bystander changed");
            }
        }
        for who in PEOPLE {
            check_exits(pool, who);
        }
        check_second_accrual(pool);
    }

    fn check_sums(
        &self,
        reserve: &Reserve,
        id: ReserveId,
        accounts: &[(Address, crate::state::Account)],
    ) {
        let balances = &reserve.balances;
        let sum = |part: fn(&crate::state::SupplyLeg) -> u128| -> u128 {
            accounts.iter().filter_map(|(_, account)| account.supply(id)).map(part).sum()
        };
        let shares = sum(|leg| leg.shares.0) + balances.insurance.0 + balances.treasury.0;
        assert_eq!(shares, balances.supply.shares.0, "I-ACC-01");
        let debt: u128 = accounts.iter().map(|(_, account)| account.debt(id).0).sum();
        assert_eq!(debt, balances.debt.shares.0, "I-ACC-02");
        assert_eq!(sum(|leg| leg.protected.0), balances.protected.0, "I-ACC-03");
        assert_eq!(
            balances.cash.0 + balances.debt.assets.0,
            balances.supply.assets.0,
            "I-ACC-04, I-ACC-06: the books balance to the unit"
        );
        let held = self.tokens[&reserve.token];
        assert_eq!(held, balances.cash.0 + balances.protected.0, "I-ACC-05: tokens held");
        assert_eq!(balances.debt.assets.is_zero(), balances.debt.shares.is_zero(), "I-ACC-07");
    }

    /// I-IDX-01: a supply share never loses value but by socialised debt; a debt share by less than one share's worth
    /// for each borrow of the step, which rounds its shares up.
    fn check_prices(&self, before: &Reserve, after: &Reserve) {
        let (was, is) = (&before.balances, &after.balances);
        if !self.socialised {
            let order = cmp_products(
                is.supply.assets.0 + 1,
                was.supply.shares.0 + 1_000_000,
                was.supply.assets.0 + 1,
                is.supply.shares.0 + 1_000_000,
            );
            assert!(order.is_ge(), "I-IDX-01: supply {was:?} {is:?}");
        }
        if !is.debt.shares.is_zero() && !self.repaid.contains(&after.token) {
            let order = cmp_products(
                is.debt.assets.0 + 1,
                was.debt.shares.0 + 1_000_000,
                was.debt.assets.0 + 1,
                is.debt.shares.0 + 1_000_000 - 3,
            );
            assert!(order.is_ge(), "I-IDX-01: debt {was:?} {is:?}");
        }
        assert!(is.debt.shares.0 <= is.debt.assets.0 * 1_000_000, "a debt share costs too little");
        assert!(after.last_accrual >= before.last_accrual, "I-IDX-05");
        let borrowed = is.debt.assets.0.saturating_sub(was.debt.assets.0);
        let interest = after.last_accrual != before.last_accrual;
        assert!(interest || borrowed <= was.cash.0, "I-IDX-02: debt grew by itself");
    }
}

fn healthy(pool: &mut Pool) -> [bool; PEOPLE.len()] {
    PEOPLE.map(|who| pool.health(who) >= USD)
}

fn accrue_all(pool: &mut Pool) {
    let root = pool.root;
    for token in TOKENS {
        accrue(&mut pool.host, &root, &token).unwrap();
    }
}

/// I-IDX-03: accruing twice at once changes nothing the second time.
fn check_second_accrual(pool: &Pool) {
    let mut once = pool.clone();
    accrue_all(&mut once);
    let mut twice = once.clone();
    accrue_all(&mut twice);
    assert_eq!(once.host.items(), twice.host.items(), "I-IDX-03");
}

/// Whoever has debt can repay all of it; whoever has none can leave with what the cash allows, whatever the prices.
fn check_exits(pool: &Pool, who: Address) {
    let mut pool = pool.clone();
    pool.host.advance(1_000_000);
    for token in TOKENS {
        let id = pool.root.find(&token).unwrap();
        if !pool.account(who).debt(id).is_zero() {
            let repaid = pool.act(who, Kind::Repay, token, ALL.0);
            assert!(repaid.is_ok(), "I-HF-06: {repaid:?}");
        }
    }
    assert!(!pool.account(who).has_debt(), "I-HF-06");
    for token in TOKENS {
        let id = pool.root.find(&token).unwrap();
        let Some(leg) = pool.account(who).supply(id).copied() else { continue };
        if !leg.protected.is_zero() {
            let left = pool.act(who, Kind::Unprotect, token, ALL.0);
            assert_eq!(left, Ok(leg.protected.0), "I-HF-05");
        }
        let balances = pool.reserve(token).balances;
        let worth = balances.supply.to_assets_floor(leg.shares).unwrap();
        let amount = worth.min(balances.cash);
        if !amount.is_zero() {
            let left = pool.act(who, Kind::Withdraw, token, amount.0);
            assert_eq!(left, Ok(amount.0), "I-HF-05");
        }
    }
}
