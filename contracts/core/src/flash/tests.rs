#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{state::pause::Pause, submit::Kind, testkit::*};

/// Pools of the tests: Dave's million dollars and 1 000 units of seed, loans up to a million dollars, 5 bps, a tenth of
/// it for the insurance.
const SUPPLIED: u128 = 1_000_000 * ONE_USDC + 1_000;

fn lend_usdc(pool: &mut Pool, amount: u128) -> Result<Loan, Refusal> {
    let root = pool.root;
    pool.host.transact(|host| lend(host, &root, &USDC, Assets(amount)))
}

fn settle_usdc(pool: &mut Pool, loan: Loan) -> Result<Assets, Refusal> {
    let root = pool.root;
    pool.host.transact(|host| settle(host, &root, &ALICE, &BOB, loan))
}

/// I-FL-01: 100 000 dollars at 5 bps are 50; 5 of that are the insurance's, 45 the suppliers'.
#[test]
fn i_fl_01_a_loan_brings_its_fee_and_moves_nothing_else() {
    let mut pool = Pool::new();
    let before = pool.reserve(USDC);
    let loan = lend_usdc(&mut pool, 100_000 * ONE_USDC).unwrap();
    assert_eq!((*loan.asset(), loan.fee()), (USDC, Assets(50 * ONE_USDC)));
    let open = pool.reserve(USDC);
    assert_eq!(before.balances.cash.0 - open.balances.cash.0, 100_000 * ONE_USDC);
    let without_cash = |mut reserve: Reserve| {
        reserve.balances.cash = Assets::ZERO;
        reserve
    };
    assert_eq!(without_cash(open), without_cash(before));
    pool.host.take_events();
    assert_eq!(settle_usdc(&mut pool, loan), Ok(Assets(100_050 * ONE_USDC)));
    let after = pool.reserve(USDC).balances;
    assert_eq!(after.cash.0, SUPPLIED + 50 * ONE_USDC);
    assert_eq!(after.supply.assets, after.cash);
    // 5·10^6 · (SUPPLIED·10^6 + 10^6) / (SUPPLIED + 45·10^6 + 1), for each unit was a million shares.
    let price = (SUPPLIED + 1, SUPPLIED + 45 * ONE_USDC + 1);
    let minted = 5 * ONE_USDC * 1_000_000 * price.0 / price.1;
    assert_eq!(after.insurance, Shares(minted));
    assert_eq!(after.supply.shares.0, SUPPLIED * 1_000_000 + minted);
    let event = Event::FlashLoaned {
        asset: USDC,
        receiver: BOB,
        initiator: ALICE,
        assets: Assets(100_000 * ONE_USDC),
        fee: Assets(50 * ONE_USDC),
        insurance_shares: Shares(minted),
    };
    assert_eq!(pool.host.take_events(), [event]);
}

/// What others did while the loan was out is kept.
#[test]
fn settling_reads_the_reserve_again() {
    let mut pool = Pool::new();
    let loan = lend_usdc(&mut pool, 1_000 * ONE_USDC).unwrap();
    pool.supply(CAROL, USDC, 7 * ONE_USDC).unwrap();
    // All is lent that is lent: no more than the rest leaves.
    let cash = SUPPLIED - 993 * ONE_USDC;
    let refused = pool.act(DAVE, Kind::Withdraw, USDC, 1_000_000 * ONE_USDC);
    assert_eq!(words(refused), (Code::InsufficientCash, 1_000_000 * ONE_USDC, cash));
    settle_usdc(&mut pool, loan).unwrap();
    // 1 000 dollars at 5 bps are half a dollar.
    assert_eq!(pool.reserve(USDC).balances.cash.0, SUPPLIED + 7 * ONE_USDC + ONE_USDC / 2);
}

#[test]
fn what_is_not_lent() {
    let million = 1_000_000 * ONE_USDC;
    let mut pool = Pool::new();
    assert_eq!(words(lend_usdc(&mut pool, 0)), (Code::ZeroAmount, 0, 0));
    assert_eq!(words(lend_usdc(&mut pool, million + 1)), (Code::FlashCap, million + 1, million));
    assert!(lend_usdc(&mut pool, million).is_ok());
    assert_eq!(words(lend_usdc(&mut pool, 1_001)), (Code::InsufficientCash, 1_001, 1_000));
    let root = pool.root;
    assert_eq!(code(lend(&mut pool.host, &root, &ALICE, Assets(1))), Code::UnknownAsset);
    for (flag, set, refusal) in [
        (Flags::FLASH, false, Code::FlashDisabled),
        (Flags::FROZEN, true, Code::Frozen),
        (Flags::WOUND_UP, true, Code::WoundUpReserve),
    ] {
        let mut pool = Pool::new();
        pool.change(USDC, |reserve| {
            reserve.flags.0 = if set { reserve.flags.0 | flag } else { reserve.flags.0 & !flag };
        });
        assert_eq!(words(lend_usdc(&mut pool, 1)), (refusal, 0, 0));
        assert_eq!(max_loan(&mut pool.host, &root, &USDC), Assets::ZERO);
    }
    let mut pool = Pool::new();
    pool.change(USDC, |reserve| reserve.balances.supply.shares = Shares::ZERO);
    assert_eq!(code(lend_usdc(&mut pool, 1)), Code::FlashDisabled);
    let mut pool = Pool::new();
    let until = Timestamp(START.0 + 60);
    let pause = Pause { operations: operation::FLASH, from: START, until };
    pool.change(USDC, |reserve| reserve.pause = pause);
    assert_eq!(words(lend_usdc(&mut pool, 1)), (Code::Paused, 9, until.0.into()));
    let mut pool = Pool::new();
    pool.root.pause = pause;
    assert_eq!(code(lend_usdc(&mut pool, 1)), Code::Paused);
    assert_eq!(max_loan(&mut pool.host, &pool.root, &USDC), Assets::ZERO);
}

/// The smaller of cap and cash, never what is protected.
#[test]
fn the_largest_loan_is_lent_and_one_more_is_not() {
    let mut pool = Pool::new();
    pool.act(ALICE, Kind::Protect, USDC, 5 * ONE_USDC).unwrap();
    let root = pool.root;
    let million = Assets(1_000_000 * ONE_USDC);
    assert_eq!(max_loan(&mut pool.host, &root, &USDC), million);
    let _loan = lend_usdc(&mut pool, 400_000 * ONE_USDC).unwrap();
    let left = Assets(600_000 * ONE_USDC + 1_000);
    assert_eq!(max_loan(&mut pool.host, &root, &USDC), left);
    assert_eq!(code(lend_usdc(&mut pool, left.0 + 1)), Code::InsufficientCash);
    assert!(lend_usdc(&mut pool, left.0).is_ok());
    assert_eq!(max_loan(&mut pool.host, &root, &ALICE), Assets::ZERO);
}

#[test]
fn the_fee_is_told_for_what_is_lent_only() {
    let mut pool = Pool::new();
    let root = pool.root;
    assert_eq!(fee(&mut pool.host, &root, &USDC, Assets(10_001)), Ok(Assets(6)));
    assert_eq!(code(fee(&mut pool.host, &root, &ALICE, Assets(1))), Code::UnknownAsset);
    pool.change(DOT, |reserve| reserve.flags.0 &= !Flags::FLASH);
    assert_eq!(words(fee(&mut pool.host, &root, &DOT, Assets(1))), (Code::FlashDisabled, 1, 0));
}

#[test]
fn a_fee_that_does_not_fit_is_refused() {
    let mut pool = Pool::new();
    let loan = lend_usdc(&mut pool, ONE_USDC).unwrap();
    pool.change(USDC, |reserve| reserve.balances.supply.assets = MAX_TOTAL_ASSETS);
    assert_eq!(code(settle_usdc(&mut pool, loan)), Code::Overflow);
}

#[test]
fn a_fee_is_never_rounded_to_nothing() {
    // 1 unit at 9 bps is 0.0009 of a unit.
    assert_eq!(fee_ceil(Assets(1), Bps(9)), Ok(Assets(1)));
    assert_eq!(fee_ceil(Assets(0), Bps(9)), Ok(Assets::ZERO));
    assert_eq!(fee_ceil(Assets(1), Bps(0)), Ok(Assets::ZERO));
}

#[test]
fn splitting_a_loan_saves_nothing() {
    // 10 000 · 5 / 10 000 = 5 exactly; 9 999 and 1 apart: 4.9995 -> 5 and 0.0005 -> 1.
    assert_eq!(fee_ceil(Assets(10_000), Bps(5)), Ok(Assets(5)));
    assert_eq!(fee_ceil(Assets(9_999), Bps(5)), Ok(Assets(5)));
    assert_eq!(fee_ceil(Assets::MAX, Bps(10_000)), Ok(Assets::MAX));
    assert_eq!(fee_ceil(Assets::MAX, Bps(10_001)), Err(Overflow));
}

#[test]
fn a_batch_is_strictly_ascending() {
    let at = |bytes: &[u8]| {
        let tokens: std::vec::Vec<_> = bytes.iter().map(|byte| Address([*byte; 20])).collect();
        check_ascending(&tokens).err().map(|refusal| (refusal.a().as_address(), refusal.b()))
    };
    assert_eq!(at(&[]), None);
    assert_eq!(at(&[7]), None);
    assert_eq!(at(&[1, 2, 200]), None);
    assert_eq!(at(&[1, 1]), Some((Address([1; 20]), Word::from(1_u8))));
    assert_eq!(at(&[1, 3, 2]), Some((Address([2; 20]), Word::from(2_u8))));
}
