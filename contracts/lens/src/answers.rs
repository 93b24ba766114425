//! What the lens answers, in Solidity's encoding.

use weir_core::address::Address;
use weir_core::error::{Refusal, Word};
use weir_core::liquidate::Outcome;
use weir_core::preview::Preview;
use weir_core::pricing;
use weir_core::state::{MAX_DEBTS, MAX_SUPPLIES};
use weir_core::state::indebted::PAGE_SIZE;
use weir_core::transfers::Transfers;
use weir_core::units::Timestamp;
use weir_core::view::{AccountData, ReserveData};
use weir_shell::chain;
use weir_shell::writer::Writer;

/// Words of a leg.
const LEG: usize = 6;
/// Words of an account before its legs.
const ACCOUNT: usize = 7;
const MAX_LEGS: usize = MAX_SUPPLIES + MAX_DEBTS;

/// Answers with a reserve.
pub fn reserve(data: &ReserveData, now: Timestamp) -> ! {
    let reserve = &data.reserve;
    let balances = &reserve.balances;
    let price = &reserve.price;
    let mut buffer = [0; 22 * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.address(&reserve.token);
    for number in [
        reserve.decimals.into(),
        reserve.flags.0.into(),
        balances.supply.assets.0,
        balances.supply.shares.0,
        balances.debt.assets.0,
        balances.debt.shares.0,
        balances.protected.0,
        balances.cash.0,
        balances.insurance.0,
        balances.treasury.0,
        data.utilisation.0,
        data.borrow_rate.0,
        data.supply_rate.0,
        reserve.ltv_at(0, now).0.into(),
        reserve.risk.threshold_at(0, now).0.into(),
        price.median.0,
        pricing::low(price).0,
        pricing::high(price).0,
        price.time.0.into(),
        price.round.into(),
        price.status.code().into(),
    ] {
        answer.number(number);
    }
    chain::answer(answer.written())
}

/// Answers with an account.
pub fn account(data: &AccountData) -> ! {
    let mut buffer = [0; (2 + ACCOUNT + MAX_LEGS * LEG) * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.length(32);
    for number in [
        data.collateral_value.0,
        data.debt_value.0,
        data.borrow_capacity.0,
        data.health_factor.0,
        data.liquidatable.into(),
        data.account.version.into(),
    ] {
        answer.number(number);
    }
    answer.length(ACCOUNT * 32);
    answer.length(data.legs().len());
    for leg in data.legs() {
        answer.address(&leg.token);
        for number in [
            leg.supplied.0,
            leg.protected.0,
            leg.owed.0,
            leg.collateral.into(),
            leg.liquidation_price.0,
        ] {
            answer.number(number);
        }
    }
    chain::answer(answer.written())
}

/// Answers with the preview of a submission.
pub fn submission(preview: &Preview<Transfers>) -> ! {
    let mut buffer = [0; 6 * 32];
    let mut answer = Writer::new(&mut buffer);
    verdict(&mut answer, preview.result.as_ref().err());
    answer.number(preview.health_before.0);
    answer.number(preview.health_after.0);
    chain::answer(answer.written())
}

/// Answers with the preview of a liquidation.
pub fn liquidation(preview: &Preview<Outcome>) -> ! {
    let mut buffer = [0; 11 * 32];
    let mut answer = Writer::new(&mut buffer);
    verdict(&mut answer, preview.result.as_ref().err());
    let done = preview.result.as_ref().ok().map(|outcome| &outcome.event);
    for number in [
        done.map(|event| event.repaid.0),
        done.map(|event| event.seized_protected.0),
        done.map(|event| event.seized_assets.0),
        done.map(|event| event.seized_shares.0),
        done.map(|event| event.bonus.0),
    ] {
        answer.number(number.unwrap_or(0));
    }
    answer.number(preview.health_before.0);
    answer.number(preview.health_after.0);
    chain::answer(answer.written())
}

/// Whether it would be done; if not, the selector of the pool's error and its two words.
fn verdict(answer: &mut Writer<'_>, refusal: Option<&Refusal>) {
    answer.number(refusal.is_none().into());
    let mut selector = [0; 32];
    if let (Some(refusal), Some(place)) = (refusal, selector.first_chunk_mut::<4>()) {
        *place = refusal.code().selector();
    }
    answer.raw(&selector);
    let nothing = || Word::from(0_u8);
    answer.word(refusal.map_or_else(nothing, Refusal::a));
    answer.word(refusal.map_or_else(nothing, Refusal::b));
}

/// Answers with a page of accounts and how many there are in all.
pub fn accounts(page: impl Iterator<Item = Address> + Clone, total: u32) -> ! {
    let mut buffer = [0; (3 + PAGE_SIZE as usize) * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.length(64);
    answer.number(total.into());
    answer.length(page.clone().count());
    for account in page {
        answer.address(&account);
    }
    chain::answer(answer.written())
}
