//! Flash loans: out of the cash of a reserve, back within the same message, for a fee.
//!
//! The shell lends ([`lend`]), sends the tokens, calls the receiver, books the return ([`settle`]) and then pulls what
//! is due from the receiver. Everything is stored before the callback and read again after it, and what was lent is no
//! longer cash in between: nobody else can be promised it, and the supply still owns it.

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse, refuse_one, refuse_plain},
    event::Event,
    host::Host,
    math::{mul_div_ceil, mul_div_floor},
    shares::MAX_TOTAL_ASSETS,
    state::{Flags, Reserve, ReserveId, Root, pause::operation},
    submit::{check_running, touch_token},
    units::{Assets, BPS, Bps, Overflow, Shares, Timestamp},
};

/// Most tokens of a batch.
pub const MAX_BATCH: usize = 8;

/// A flash loan that is out. Only [`lend`] makes one, only [`settle`] takes it back.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Loan {
    asset: Address,
    assets: Assets,
    fee: Assets,
}

impl Loan {
    /// The token.
    #[must_use]
    pub const fn asset(&self) -> &Address {
        &self.asset
    }

    /// What was lent.
    #[must_use]
    pub const fn assets(&self) -> Assets {
        self.assets
    }

    /// What it costs.
    #[must_use]
    pub const fn fee(&self) -> Assets {
        self.fee
    }
}

/// Takes `amount` out of the cash of a reserve and stores that.
///
/// # Errors
/// `ZeroAmount`, `UnknownAsset`, `Paused`, `FlashDisabled`, `Frozen`, `WoundUpReserve`, `FlashCap`, `InsufficientCash`;
/// `Overflow` if the reserve could not take the fee.
pub fn lend<H: Host>(
    host: &mut H,
    root: &Root,
    asset: &Address,
    amount: Assets,
) -> Result<Loan, Refusal> {
    if amount.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    let now = host.now();
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let reserve = book.get_mut(id)?;
    check_open(root, reserve, id, now)?;
    let cap = reserve.limits.flash.assets();
    if amount > cap {
        return Err(refuse(Code::FlashCap, Word::from(amount), Word::from(cap)));
    }
    let cash = reserve.balances.cash;
    let Ok(left) = cash.checked_sub(amount) else {
        return Err(refuse(Code::InsufficientCash, Word::from(amount), Word::from(cash)));
    };
    let fee = fee_ceil(amount, reserve.fees.flash_fee)?;
    reserve.balances.cash = left;
    book.store(host);
    Ok(Loan { asset: *asset, assets: amount, fee })
}

/// Books a loan as returned with its fee: the suppliers' part first, then the insurance buys shares for its own, so
/// that it gains nothing of what the suppliers are paid. Stores that and returns what has to be pulled from `receiver`.
///
/// # Errors
/// `Overflow` if the reserve cannot take the fee.
#[expect(
    clippy::needless_pass_by_value,
    reason = "a loan that is settled is gone: it cannot be settled twice"
)]
pub fn settle<H: Host>(
    host: &mut H,
    root: &Root,
    initiator: &Address,
    receiver: &Address,
    loan: Loan,
) -> Result<Assets, Refusal> {
    let Loan { asset, assets, fee } = loan;
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, &asset)?;
    let reserve = book.get_mut(id)?;
    let split = u128::from(reserve.fees.flash_split.0);
    let insured = Assets(mul_div_floor(fee.0, split, u128::from(BPS))?);
    let balances = &mut reserve.balances;
    if balances.supply.assets.checked_add(fee)? > MAX_TOTAL_ASSETS {
        return Err(Overflow.into());
    }
    balances.cash = balances.cash.checked_add(assets)?;
    balances.pay_in(fee.checked_sub(insured)?, Shares::ZERO)?;
    let insurance_shares = balances.insure(insured)?;
    book.store(host);
    let (receiver, initiator) = (*receiver, *initiator);
    host.emit(&Event::FlashLoaned { asset, receiver, initiator, assets, fee, insurance_shares });
    Ok(assets.checked_add(fee)?)
}

/// Whether the tokens of a batch stand in strictly ascending order, so that none is lent twice.
///
/// # Errors
/// `NotAscending` with the first token that does not, and its place.
pub fn check_ascending(tokens: &[Address]) -> Result<(), Refusal> {
    for (index, pair) in (1_u32..).zip(tokens.windows(2)) {
        if let [first, second] = pair
            && first.0 >= second.0
        {
            return Err(refuse(Code::NotAscending, Word::from(second), Word::from(index)));
        }
    }
    Ok(())
}

/// The largest flash loan of a token at the moment; nothing where there is none.
pub fn max_loan<H: Host>(host: &mut H, root: &Root, asset: &Address) -> Assets {
    let mut book = Book::new();
    let Ok((id, reserve)) = look(&mut book, host, root, asset) else {
        return Assets::ZERO;
    };
    match check_open(root, reserve, id, host.now()) {
        Ok(()) => reserve.balances.cash.min(reserve.limits.flash.assets()),
        Err(_) => Assets::ZERO,
    }
}

/// What a flash loan costs, rounded up.
///
/// # Errors
/// `UnknownAsset`, `FlashDisabled`, `Overflow`.
pub fn fee<H: Host>(
    host: &mut H,
    root: &Root,
    asset: &Address,
    amount: Assets,
) -> Result<Assets, Refusal> {
    let mut book = Book::new();
    let (id, reserve) = look(&mut book, host, root, asset)?;
    check_enabled(reserve, id)?;
    Ok(fee_ceil(amount, reserve.fees.flash_fee)?)
}

/// A listed reserve, only looked at.
fn look<'a, H: Host>(
    book: &'a mut Book,
    host: &mut H,
    root: &Root,
    asset: &Address,
) -> Result<(ReserveId, &'a Reserve), Refusal> {
    let unknown = || refuse_one(Code::UnknownAsset, Word::from(asset));
    let id = root.find(asset).ok_or_else(unknown)?;
    book.load(host, id)?;
    let reserve: &Reserve = book.get(id)?;
    if reserve.token == *asset { Ok((id, reserve)) } else { Err(unknown()) }
}

fn check_open(
    root: &Root,
    reserve: &Reserve,
    id: ReserveId,
    now: Timestamp,
) -> Result<(), Refusal> {
    check_running(&root.pause, operation::FLASH, now)?;
    check_running(&reserve.pause, operation::FLASH, now)?;
    check_enabled(reserve, id)?;
    if reserve.is_frozen(now) {
        return Err(refuse_one(Code::Frozen, Word::from(id)));
    }
    if reserve.flags.has(Flags::WOUND_UP) {
        return Err(refuse_one(Code::WoundUpReserve, Word::from(id)));
    }
    Ok(())
}

/// Lends at all, and is seeded: in a reserve without shares a fee would be nobody's.
fn check_enabled(reserve: &Reserve, id: ReserveId) -> Result<(), Refusal> {
    if !reserve.flags.has(Flags::FLASH) || reserve.balances.supply.shares.is_zero() {
        return Err(refuse_one(Code::FlashDisabled, Word::from(id)));
    }
    Ok(())
}

/// ⌈amount · bps / 10 000⌉. Rounded up: a floor would make small loans free and invite splitting.
///
/// # Errors
/// [`Overflow`] if the fee does not fit, which needs more than 100 % of a very large amount.
#[inline]
pub fn fee_ceil(amount: Assets, fee: Bps) -> Result<Assets, Overflow> {
    mul_div_ceil(amount.0, u128::from(fee.0), u128::from(BPS)).map(Assets)
}

#[cfg(test)]
mod tests;
