//! Every invariant by its id: what is looked at after each step, and what cannot be looked at here, with the reason.

mod accounting;
mod control;
mod exits;
mod health;
mod index;
mod liquidation;
mod rounding;
mod scene;

pub use scene::Scene;

/// How an invariant is looked at.
#[derive(Clone, Copy)]
pub enum How {
    /// By this, after each step.
    Step(fn(&Scene<'_>) -> Result<(), String>),
    /// Not in a pool in memory; where it is.
    Elsewhere(&'static str),
    /// The mechanism that it is about does not exist in the protocol.
    Absent(&'static str),
}

/// An invariant.
#[derive(Clone, Copy)]
pub struct Invariant {
    /// Its id.
    pub id: &'static str,
    /// What it says.
    pub says: &'static str,
    /// How it is looked at.
    pub how: How,
}

const fn step(
    id: &'static str,
    says: &'static str,
    check: fn(&Scene<'_>) -> Result<(), String>,
) -> Invariant {
    Invariant { id, says, how: How::Step(check) }
}

const fn elsewhere(id: &'static str, says: &'static str, place: &'static str) -> Invariant {
    Invariant { id, says, how: How::Elsewhere(place) }
}

const fn absent(id: &'static str, says: &'static str, mechanism: &'static str) -> Invariant {
    Invariant { id, says, how: How::Absent(mechanism) }
}

/// All of them.
pub const INVARIANTS: &[Invariant] = &[
    step("I-ACC-01", "supply shares sum up", accounting::supply_shares),
    step("I-ACC-02", "debt shares sum up", accounting::debt_shares),
    step("I-ACC-03", "what is protected sums up", accounting::protected),
    step("I-ACC-04", "claims cover the live debt", accounting::claims),
    step("I-ACC-05", "the tokens are there; only donations are more", accounting::tokens),
    step("I-ACC-06", "cash + debt = supply", accounting::books),
    step("I-ACC-07", "no shares without assets", accounting::empty),
    step("I-ACC-08", "a donation changes nothing", accounting::donation),
    step("I-ACC-09", "what is not listed holds nothing", accounting::unlisted),
    step("I-ACC-10", "the floor of a reserve never leaves", accounting::floor),
    step("I-IDX-01", "shares do not lose value but by bad debt", index::never_falls),
    step("I-IDX-02", "only accrual raises the debt share", index::who_raises),
    step("I-IDX-03", "a second accrual changes nothing", index::second_accrual),
    step("I-IDX-04", "accruing just before changes nothing", index::accrued_before),
    step("I-IDX-05", "the clock of a reserve does not go back", index::clock),
    step("I-IDX-06", "charged = credited", index::charged),
    step(
        "I-IDX-07",
        "splitting a period stays between simple and continuous interest",
        index::split,
    ),
    step("I-IDX-08", "accrual for 10 000 years does not fail", index::ages),
    step("I-IDX-09", "the rate rises with utilisation", index::monotone),
    step("I-IDX-10", "the adaptive rate moves the right way", index::adaptive),
    step("I-RND-01", "there and back gains nothing", rounding::round_trip),
    step("I-RND-02", "nothing for nothing", rounding::nothing),
    step("I-RND-03", "splitting gains nothing", rounding::split),
    step("I-RND-04", "conversion loses at most a share and a unit", rounding::conversion),
    step("I-RND-05", "each event is the exact result rounded as the table says", rounding::exact),
    step("I-HF-01", "no message makes a healthy account unhealthy", health::stays_healthy),
    step("I-HF-02", "bystanders are left alone", health::bystanders),
    step("I-HF-03", "new risk is carried", health::new_risk),
    step("I-HF-04", "no debt without collateral", health::no_naked_debt),
    step("I-HF-05", "whoever owes nothing can leave", exits::leave),
    step("I-HF-06", "everybody can repay everything", exits::repay),
    step("I-HF-07", "an account is in a bounded number of reserves", health::legs),
    step("I-LQ-01", "only the unhealthy are liquidated, at usable prices", liquidation::unhealthy),
    step("I-LQ-02", "liquidation heals, up to the target", liquidation::heals),
    step("I-LQ-03", "seized ≤ repaid · (1 + bonus)", liquidation::bounded),
    step("I-LQ-04", "no more than there is", liquidation::no_more_than_there_is),
    step("I-LQ-05", "no dust stays", liquidation::no_dust),
    step("I-LQ-06", "nothing left, nothing owed", liquidation::drained),
    absent("I-LQ-07", "by seized and by repaid agree", "an order by the amount seized"),
    step("I-LQ-08", "the cut comes out of the bonus", liquidation::cut),
    step("I-LQ-09", "no other token is needed", liquidation::tokens),
    step("I-LQ-10", "no liquidation in a pause or its grace", liquidation::grace),
    step("I-LQ-11", "the bonus is within its bounds", liquidation::bonus),
    step("I-LQ-12", "no gain at the suppliers' cost beyond bonus_min", liquidation::collusion),
    step("I-LQ-13", "nobody is liquidatable after he borrowed", liquidation::after_borrow),
    step(
        "I-DEF-01",
        "bad debt is booked by liquidation and write-off only",
        liquidation::who_writes_off,
    ),
    step("I-DEF-02", "insured + socialised = written off", liquidation::written_off),
    step("I-DEF-03", "insurances are separate", liquidation::separate),
    step("I-FL-01", "a flash loan leaves its fee and nothing else", accounting::flash),
    elsewhere(
        "I-FL-02",
        "what callbacks may not do",
        "the lock is in the contracts: tests/contracts, flash and reentrancy",
    ),
    step("I-FL-03", "the initiator is named truly", accounting::initiator),
    step("I-CTL-01", "a pause bit blocks its operation", control::paused),
    step("I-CTL-02", "the guardian only makes things stricter", control::guardian),
    step("I-CTL-03", "caps block no exit", control::caps),
    step("I-CTL-04", "relations of parameters hold", control::relations),
    step("I-CTL-05", "no change makes a healthy account liquidatable", health::parameters),
    elsewhere(
        "I-CTL-06",
        "a proposal runs once, in time, as queued",
        "the governor contract's own tests",
    ),
    absent("I-CTL-07", "signatures", "signatures"),
    step("I-CTL-08", "there is always a governor", control::governor),
    step("I-CTL-09", "everything stored decodes", control::decodes),
    step(
        "I-OR-01",
        "prices that are not fit refuse what needs them, and only that",
        control::prices,
    ),
    step("I-OR-02", "one call sees one price", control::one_price),
    step(
        "I-OR-03",
        "the time of a price does not go back, nor is it of the future",
        control::price_time,
    ),
    elsewhere(
        "I-OR-04",
        "a breaker stays tripped",
        "the feed: weir-core feed tests, tests/contracts/feed",
    ),
    elsewhere("I-OR-05", "between the honest reports", "the feed: weir-core feed tests"),
    elsewhere("I-OR-06", "a light report starves nobody", "the feed: tests/contracts/feed/push"),
    absent("I-RW-01", "rewards", "rewards"),
    step("I-LIM-01", "there and back moves no bucket", rounding::buckets),
    step("I-GRF-01", "strangers open no legs", control::strangers),
    step("W-REF-01", "a refusal leaves no trace", accounting::refusal),
    step("W-LED-01", "the books are those of the exact ledger", rounding::ledger),
    step("W-LED-02", "the books stay near the long-run ledger", rounding::long_run),
    step("W-EVT-01", "the events alone rebuild every item", accounting::replayed),
    step("W-IND-01", "who owes is in the list of the indebted", accounting::indebted),
];
