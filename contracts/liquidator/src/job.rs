//! A job from its beginning to the profit, and what the owner may do between two of them.

use crate::{
    arguments::{FlashLoaned, Job, Liquidated, Sweep},
    outside,
    refuse::{Refusal, fits, moved, word},
    settings::Settings,
};
use ink::codegen::sol::keccak_256;
use weir_core::{
    address::Address,
    liquidator::{due, profit, received},
    units::Assets,
};
use weir_shell::{chain, token};

/// The job under way, in storage that ends with the transaction.
const STAGE: [u8; 1] = [1];

/// What the pool is expected to call back with.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Stage {
    Idle = 0,
    Callback = 1,
    Loan = 2,
    /// The callback has come; no second one will.
    Called = 3,
}

impl Stage {
    fn set(self) {
        let code = match self {
            Self::Idle => 0,
            Self::Callback => 1,
            Self::Loan => 2,
            Self::Called => 3,
        };
        chain::set_transient(&STAGE, &[code]);
    }

    fn is(self) -> bool {
        let mut buffer = [0; 1];
        let code = chain::get_transient(&STAGE, &mut buffer).and_then(|item| item.first().copied());
        let stage = match code.unwrap_or(0) {
            0 => Self::Idle,
            1 => Self::Callback,
            2 => Self::Loan,
            _ => Self::Called,
        };
        stage == self
    }

    /// Lets the pool in if it was asked to call back, once.
    fn take(self, pool: &Address) {
        let caller = chain::caller();
        if caller != *pool || !self.is() {
            Refusal::UnexpectedCallback.end(&[word(&caller), word(pool)]);
        }
        Self::Called.set();
    }
}

/// Does a job, pays the profit out and answers with it.
pub fn run(job: &Job) -> ! {
    refuse_during_job();
    let settings = Settings::load();
    let before = balance(&job.debt);
    if job.flash {
        Stage::Loan.set();
        outside::flash_loan(&settings.pool, job);
    } else {
        Stage::Callback.set();
        outside::liquidate(&settings.pool, job, true);
    }
    let least = Assets(job.min_profit);
    let profit = match profit(before, balance(&job.debt), least) {
        Ok(profit) => profit,
        Err(profit) => Refusal::ProfitTooSmall.end(&[word(profit), word(least)]),
    };
    let caller = chain::caller();
    if !profit.is_zero() {
        moved(&job.debt, token::transfer(&job.debt, &caller, profit.0));
    }
    // Open until here: the tokens of the payout cannot begin another job within this one.
    Stage::Idle.set();
    let topic = const { keccak_256(b"Earned(address,address,address,uint128)") };
    let topics = [topic, word(&job.borrower), word(&caller), word(&job.debt)];
    chain::emit(&topics, &word(profit));
    chain::answer(&word(profit))
}

/// Sells what was received and lets the pool take the repayment.
pub fn on_liquidate(input: &Liquidated) {
    let settings = Settings::load();
    Stage::Callback.take(&settings.pool);
    sell(&settings, &input.collateral, &input.debt, input.received);
    allow(&input.debt, &settings.pool, input.repay);
}

/// Liquidates with what was lent, sells what that brought, and lets the pool take the loan back.
pub fn on_flash_loan(input: &FlashLoaned) {
    let settings = Settings::load();
    Stage::Loan.take(&settings.pool);
    if input.initiator != chain::this() {
        Refusal::UnexpectedCallback.end(&[word(&input.initiator), word(&settings.pool)]);
    }
    let job = Job {
        borrower: input.borrower,
        debt: input.token,
        collateral: input.collateral,
        max_repay: input.amount,
        min_seized: input.min_seized,
        min_profit: 0,
        flash: true,
    };
    let before = balance(&job.collateral);
    allow(&job.debt, &settings.pool, input.amount);
    outside::liquidate(&settings.pool, &job, false);
    if job.collateral != job.debt {
        let seized = fits(received(before, balance(&job.collateral)));
        sell(&settings, &job.collateral, &job.debt, seized.0);
    }
    let due = fits(due(Assets(input.amount), Assets(input.fee)));
    allow(&job.debt, &settings.pool, due.0);
}

/// Takes out what lies here.
pub fn sweep(input: &Sweep) {
    Settings::load().only_owner();
    refuse_during_job();
    let all = input.amount == u128::MAX;
    let amount = if all { balance(&input.token) } else { Assets(input.amount) };
    moved(&input.token, token::transfer(&input.token, &input.to, amount.0));
    let topic = const { keccak_256(b"Swept(address,address,uint128)") };
    let data = [word(&input.to), word(amount)];
    chain::emit(&[topic, word(&input.token)], data.as_flattened());
}

/// Sells at another venue from now on.
pub fn set_venue(venue: &Address) {
    let mut settings = Settings::load();
    settings.only_owner();
    refuse_during_job();
    outside::require_code(venue);
    settings.venue = *venue;
    settings.store();
    chain::emit(&[const { keccak_256(b"VenueSet(address)") }], &word(venue));
}

fn refuse_during_job() {
    if !Stage::Idle.is() {
        Refusal::JobOpen.end(&[word(0_u8), word(0_u8)]);
    }
}

/// Sells all of `amount`; what is the debt's own token needs no sale.
fn sell(settings: &Settings, from: &Address, to: &Address, amount: u128) {
    if from != to && amount != 0 {
        allow(from, &settings.venue, amount);
        outside::swap(&settings.venue, from, to, amount);
    }
}

fn allow(token: &Address, spender: &Address, amount: u128) {
    moved(token, token::approve(token, spender, amount));
}

fn balance(token: &Address) -> Assets {
    Assets(moved(token, token::balance_of(token, &chain::this())))
}
