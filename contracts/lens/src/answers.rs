//! What the lens answers, as its Solidity interface says.

use weir_core::{
    address::Address,
    error::{Code, Refusal, Word},
    headroom::{HeadRoom, OPERATIONS},
    liquidate::Outcome,
    preview::Preview,
    pricing,
    state::{Grant, indebted::PAGE_SIZE},
    submit::Kind,
    transfers::Transfers,
    units::Timestamp,
    view::{AccountData, LegData, ReserveData},
};
use weir_shell::{chain, writer::Writer};

/// Most reserves in which an account can be.
const LEGS: usize = 12;

/// Answers a reserve.
pub fn reserve(data: &ReserveData, now: Timestamp) -> ! {
    let mut buffer = [0; 22 * 32];
    let mut answer = Writer::new(&mut buffer);
    let ReserveData { reserve, .. } = data;
    let (balances, price) = (&reserve.balances, &reserve.price);
    answer.address(&reserve.token);
    for number in [
        u128::from(reserve.decimals),
        u128::from(reserve.flags.0),
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
        u128::from(reserve.ltv_at(0, now).0),
        u128::from(reserve.risk.threshold_at(0, now).0),
        price.median.0,
        pricing::low(price).0,
        pricing::high(price).0,
        u128::from(price.time.0),
        u128::from(price.round),
        u128::from(price.status.code()),
    ] {
        answer.number(number);
    }
    chain::answer(answer.written())
}

/// Answers an account.
pub fn account(data: &AccountData) -> ! {
    let mut buffer = [0; (9 + 6 * LEGS) * 32];
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
    answer.length(7 * 32);
    answer.length(data.legs().len());
    for leg in data.legs() {
        let LegData { token, supplied, protected, owed, collateral, liquidation_price, .. } = leg;
        answer.address(token);
        for number in
            [supplied.0, protected.0, owed.0, u128::from(*collateral), liquidation_price.0]
        {
            answer.number(number);
        }
    }
    chain::answer(answer.written())
}

/// Answers what a submission would do.
pub fn preview(preview: &Preview<Transfers>) -> ! {
    let mut buffer = [0; 6 * 32];
    let mut answer = Writer::new(&mut buffer);
    refusal(&mut answer, preview.result.as_ref().err());
    answer.number(preview.health_before.0);
    answer.number(preview.health_after.0);
    chain::answer(answer.written())
}

/// Answers what a liquidation would do.
pub fn liquidation(preview: &Preview<Outcome>) -> ! {
    let mut buffer = [0; 11 * 32];
    let mut answer = Writer::new(&mut buffer);
    refusal(&mut answer, preview.result.as_ref().err());
    let numbers = preview.result.as_ref().map_or([0; 5], |outcome| {
        let event = &outcome.event;
        [
            event.repaid.0,
            event.seized_protected.0,
            event.seized_assets.0,
            event.seized_shares.0,
            event.bonus.0,
        ]
    });
    for number in numbers {
        answer.number(number);
    }
    answer.number(preview.health_before.0);
    answer.number(preview.health_after.0);
    chain::answer(answer.written())
}

/// Answers how much of each operation is possible.
pub fn limits(mut room: impl FnMut(Kind) -> HeadRoom) -> ! {
    let mut buffer = [0; (2 + 6 * OPERATIONS.len()) * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.length(32);
    answer.length(OPERATIONS.len());
    for (code, kind) in (0_u128..).zip(OPERATIONS) {
        let HeadRoom { room, binding, frees } = room(kind);
        answer.number(code);
        answer.number(room.0);
        selector(&mut answer, binding.map(|binding| binding.code));
        answer.word(binding.map_or(Word::ZERO, |binding| binding.a));
        answer.word(binding.map_or(Word::ZERO, |binding| binding.b));
        answer.number(frees.0.into());
    }
    chain::answer(answer.written())
}

/// Answers what an operator may do.
pub fn grant(grant: &Grant, now: Timestamp) -> ! {
    let mut buffer = [0; 2 * 32];
    let mut answer = Writer::new(&mut buffer);
    let permissions = grant.at(now);
    answer.number(permissions.into());
    answer.number(if permissions == 0 { 0 } else { grant.expiry.0.into() });
    chain::answer(answer.written())
}

/// Answers a page of the indebted.
pub fn indebted(accounts: impl Iterator<Item = Address> + Clone, total: u32) -> ! {
    // At most a page of twenty.
    let mut buffer = [0; 3 * 32 + 32 * 20];
    const _: () = assert!(PAGE_SIZE == 20, "the buffer holds a page");
    let mut answer = Writer::new(&mut buffer);
    answer.length(64);
    answer.number(total.into());
    answer.length(accounts.clone().count());
    for account in accounts {
        answer.address(&account);
    }
    chain::answer(answer.written())
}

/// `allowed`, and the error's selector and words where it is not.
fn refusal(answer: &mut Writer<'_>, refusal: Option<&Refusal>) {
    answer.word(Word::from(refusal.is_none()));
    selector(answer, refusal.map(Refusal::code));
    answer.word(refusal.map_or(Word::ZERO, Refusal::a));
    answer.word(refusal.map_or(Word::ZERO, Refusal::b));
}

/// The selector of an error, left-aligned in its word; zero for none.
fn selector(answer: &mut Writer<'_>, code: Option<Code>) {
    let mut word = [0; 32];
    if let (Some(code), Some(place)) = (code, word.first_chunk_mut::<4>()) {
        *place = code.selector();
    }
    answer.raw(&word);
}
