//! What anyone may do to a reserve as a whole.

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse_one, refuse_plain},
    event::Event,
    host::Host,
    shares::MAX_TOTAL_ASSETS,
    state::{Flags, Root},
    submit::touch_token,
    transfers::{Direction, Transfers},
    units::{Assets, Overflow},
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::testkit::{BOB, Pool, USDC, code, pull, words};

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
