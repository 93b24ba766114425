//! What anyone may do to a reserve as a whole.

use crate::{
    address::Address,
    book::Book,
    control::Governor,
    error::{Code, Refusal, Word, refuse, refuse_one, refuse_plain},
    event::Event,
    host::Host,
    shares::MAX_TOTAL_ASSETS,
    state::{Flags, Root},
    submit::touch_token,
    transfers::{Direction, Transfers},
    units::{Assets, Overflow, Shares},
};

/// Books the interest of a reserve up to now.
///
/// # Errors
/// `UnknownAsset`.
pub fn accrue<H: Host>(host: &mut H, root: &Root, asset: &Address) -> Result<(), Refusal> {
    let mut book = Book::new();
    touch_token(&mut book, host, root, asset)?;
    book.store(host);
    Ok(())
}

/// Pays `amount` in for the insurance of a reserve; it gets supply shares for it, rounded down.
///
/// # Errors
/// `UnknownAsset`, `ZeroAmount` (also if the amount is worth no share), `WoundUpReserve`, `Overflow`.
pub fn fund_insurance<H: Host>(
    host: &mut H,
    root: &Root,
    caller: &Address,
    asset: &Address,
    amount: Assets,
) -> Result<Transfers, Refusal> {
    if amount.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let reserve = book.get_mut(id)?;
    if reserve.flags.has(Flags::WOUND_UP) {
        return Err(refuse_one(Code::WoundUpReserve, Word::from(id)));
    }
    if reserve.balances.supply.assets.checked_add(amount)? > MAX_TOTAL_ASSETS {
        return Err(Overflow.into());
    }
    let shares = reserve.balances.insure(amount)?;
    if shares.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    book.store(host);
    host.emit(&Event::InsuranceFunded { asset: *asset, caller: *caller, assets: amount, shares });
    let mut transfers = Transfers::default();
    transfers.add(asset, Direction::Pull, amount)?;
    Ok(transfers)
}

/// Freezes a reserve of whose token the pool holds less (`balance`) than it should: cash and what is protected. Returns
/// what it should hold.
///
/// # Errors
/// `UnknownAsset`; `ZeroAmount` if nothing is missing.
pub fn reconcile<H: Host>(
    host: &mut H,
    root: &Root,
    asset: &Address,
    balance: Assets,
) -> Result<Assets, Refusal> {
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let reserve = book.get_mut(id)?;
    let owed = reserve.balances.cash.checked_add(reserve.balances.protected)?;
    if balance >= owed {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    reserve.flags.set(Flags::FROZEN);
    book.store(host);
    Ok(owed)
}

/// Redeems shares of the treasury, the maximum being all of them, and returns the tokens that go to `to`, rounded down.
/// The flow limits are for users and count nothing of it.
///
/// # Errors
/// `ZeroAddress`, `UnknownAsset`, `InsufficientSupply` for more shares than there are, `ZeroAmount` if they are worth
/// nothing, `InsufficientCash`.
pub fn collect<H: Host>(
    host: &mut H,
    root: &Root,
    _: Governor,
    asset: &Address,
    to: &Address,
    shares: Shares,
) -> Result<Assets, Refusal> {
    if to.is_zero() {
        return Err(refuse_one(Code::ZeroAddress, Word::from(1_u8)));
    }
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let balances = &mut book.get_mut(id)?.balances;
    let held = balances.treasury;
    let shares = if shares == Shares::MAX { held } else { shares };
    if shares > held {
        return Err(refuse(Code::InsufficientSupply, Word::from(shares), Word::from(held)));
    }
    let assets = balances.supply.to_assets_floor(shares)?;
    if assets.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    if assets > balances.cash {
        let cash = Word::from(balances.cash);
        return Err(refuse(Code::InsufficientCash, Word::from(assets), cash));
    }
    balances.pay_out(assets, shares)?;
    balances.treasury = held.checked_sub(shares)?;
    book.store(host);
    host.emit(&Event::Collected { asset: *asset, to: *to, assets, shares });
    Ok(assets)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::testkit::{ALICE, BOB, ETH, GOVERNOR, Pool, USDC, code, pull, words};

    #[test]
    fn whoever_funds_the_insurance_gets_no_shares_for_himself() {
        let mut pool = Pool::new();
        let (root, before) = (pool.root, pool.reserve(USDC).balances);
        let moved = fund_insurance(&mut pool.host, &root, &BOB, &USDC, Assets(500)).unwrap();
        assert_eq!(moved.iter().copied().collect::<std::vec::Vec<_>>(), [pull(USDC, 500)]);
        let after = pool.reserve(USDC).balances;
        assert_eq!(after.insurance.0 - before.insurance.0, 500_000_000);
        assert_eq!(after.supply.shares.0 - before.supply.shares.0, 500_000_000);
        assert_eq!(after.cash.0 - before.cash.0, 500);
        assert!(pool.account(BOB).supplies().is_empty());
    }

    /// A year of a fifth of the dollars lent: the treasury has its part, once the insurance is full.
    fn with_treasury() -> Pool {
        let mut pool = Pool::new();
        pool.change(USDC, |reserve| reserve.fees.insurance_target = crate::units::Bps(0));
        pool.supply(ALICE, ETH, 200 * crate::testkit::ONE_ETH).unwrap();
        pool.borrow(ALICE, USDC, 200_000 * crate::testkit::ONE_USDC).unwrap();
        pool.advance(31_536_000);
        accrue(&mut pool.host, &pool.root, &USDC).unwrap();
        pool
    }

    #[test]
    fn the_treasury_is_paid_out_and_nobody_else_loses() {
        let mut pool = with_treasury();
        let (root, before) = (pool.root, pool.reserve(USDC).balances);
        let governor = root.govern(&GOVERNOR).unwrap();
        let worth = before.supply.to_assets_floor(before.treasury).unwrap();
        // 10 % of 1 % of 200 000 dollars, to a dollar: a fifth used of four fifths at 4 %, compounded once or twice.
        assert!(worth.0.abs_diff(200_000_000) < 2_000_000, "{worth:?}");
        let half = Shares(before.treasury.0 / 2);
        let collected = collect(&mut pool.host, &root, governor, &USDC, &BOB, half).unwrap();
        let rest = collect(&mut pool.host, &root, governor, &USDC, &BOB, Shares::MAX).unwrap();
        assert!(worth.0 - (collected.0 + rest.0) <= 1);
        let after = pool.reserve(USDC).balances;
        assert_eq!(after.treasury, Shares::ZERO);
        assert_eq!(before.cash.0 - after.cash.0, collected.0 + rest.0);
        assert_eq!(before.supply.shares.0 - after.supply.shares.0, before.treasury.0);
        let price = |balances: &crate::state::Balances| {
            balances.supply.to_assets_floor(Shares(10u128.pow(18))).unwrap()
        };
        assert!(price(&after) >= price(&before));
    }

    #[test]
    fn what_the_treasury_has_not_is_not_paid_out() {
        let mut pool = with_treasury();
        let (root, held) = (pool.root, pool.reserve(USDC).balances.treasury);
        let governor = root.govern(&GOVERNOR).unwrap();
        let mut of = |asset, to, shares| {
            words(collect(&mut pool.host, &root, governor, &asset, &to, Shares(shares)))
        };
        assert_eq!(of(USDC, Address::ZERO, 1), (Code::ZeroAddress, 1, 0));
        assert_eq!(of(BOB, BOB, 1).0, Code::UnknownAsset);
        assert_eq!(of(USDC, BOB, held.0 + 1), (Code::InsufficientSupply, held.0 + 1, held.0));
        assert_eq!(of(USDC, BOB, 1), (Code::ZeroAmount, 0, 0));
        pool.change(USDC, |reserve| reserve.balances.cash = Assets(7));
        let refused = collect(&mut pool.host, &root, governor, &USDC, &BOB, Shares::MAX);
        assert_eq!((words(refused).0, words(refused).2), (Code::InsufficientCash, 7));
    }

    #[test]
    fn what_is_missing_freezes_the_reserve() {
        let mut pool = Pool::new();
        pool.act(BOB, crate::submit::Kind::Protect, USDC, 5).unwrap();
        let (root, balances) = (pool.root, pool.reserve(USDC).balances);
        let owed = Assets(balances.cash.0 + balances.protected.0);
        let mut at = |balance| reconcile(&mut pool.host, &root, &USDC, Assets(balance));
        assert_eq!(words(at(owed.0 + 1)), (Code::ZeroAmount, 0, 0));
        assert_eq!(words(at(owed.0)), (Code::ZeroAmount, 0, 0));
        assert_eq!(at(owed.0 - 1), Ok(owed));
        assert!(pool.reserve(USDC).flags.has(Flags::FROZEN));
        assert_eq!(words(pool.supply(BOB, USDC, 100)), (Code::Frozen, 0, 0));
        assert_eq!(code(reconcile(&mut pool.host, &root, &BOB, Assets(0))), Code::UnknownAsset);
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        let mut pool = Pool::new();
        let root = pool.root;
        let mut fund = |asset, amount| {
            code(fund_insurance(&mut pool.host, &root, &BOB, &asset, Assets(amount)))
        };
        assert_eq!(fund(USDC, 0), Code::ZeroAmount);
        assert_eq!(fund(BOB, 1), Code::UnknownAsset);
        assert_eq!(fund(USDC, u128::MAX), Code::Overflow);
        assert_eq!(fund(USDC, MAX_TOTAL_ASSETS.0), Code::Overflow);
        pool.change(USDC, |reserve| reserve.flags.set(Flags::WOUND_UP));
        let funded = fund_insurance(&mut pool.host, &root, &BOB, &USDC, Assets(1));
        assert_eq!(words(funded), (Code::WoundUpReserve, 0, 0));
    }
}
