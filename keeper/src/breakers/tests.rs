#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;

const NOW: u64 = 1_700_000_000_000;
const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn usd(value: i64) -> Decimal {
    Decimal::from(value)
}

fn config() -> BreakersConfig {
    BreakersConfig {
        max_head_age: Duration::from_secs(60),
        max_clock_skew: Duration::from_secs(10),
        max_finality_lag: 20,
        max_failures: 3,
        max_spend_hour_usd: usd(1_000),
        max_spend_day_usd: usd(5_000),
        max_loss_day_usd: usd(50),
        min_native: usd(2),
        cool_down: Duration::from_secs(300),
        override_for: Duration::from_secs(3_600),
    }
}

fn state() -> State {
    State::new(config())
}

fn names(state: &mut State, now: u64) -> Vec<&'static str> {
    state.open(now).into_iter().map(|open| open.breaker.name()).collect()
}

#[test]
fn nothing_is_open_at_the_start_or_without_bounds() {
    assert_eq!(names(&mut state(), NOW), [""; 0]);
    let off = BreakersConfig {
        max_head_age: Duration::ZERO,
        max_clock_skew: Duration::ZERO,
        max_finality_lag: 0,
        max_failures: 0,
        max_spend_hour_usd: usd(0),
        max_spend_day_usd: usd(0),
        max_loss_day_usd: usd(0),
        min_native: usd(0),
        ..config()
    };
    let mut state = State::new(off);
    state.head(1, NOW);
    state.head(u64::MAX, NOW);
    state.finality(u64::MAX, 0, NOW);
    state.balance(usd(0), NOW);
    state.spent(usd(i64::MAX), NOW);
    state.lost(usd(i64::MAX), NOW);
    (0..100).for_each(|_| state.failure("no", NOW));
    assert_eq!(names(&mut state, NOW), [""; 0]);
}

#[test]
fn an_old_head_opens_by_itself_and_closes_after_the_cool_down() {
    let mut state = state();
    state.head(NOW / 1_000, NOW);
    assert_eq!(names(&mut state, NOW + MINUTE), [""; 0], "60 s are allowed");
    let later = NOW + MINUTE + 1;
    let open = state.open(later);
    assert_eq!(open[0].breaker, Breaker::HeadAge);
    assert_eq!(open[0].reason, "the newest block's time is 60 s behind the own clock");
    state.head(later / 1_000, later);
    assert_eq!(names(&mut state, later + 1), ["head_age"], "well for less than the cool-down");
    state.head(later / 1_000 + 299, later + 299_999);
    assert_eq!(names(&mut state, later + 299_999), ["head_age"]);
    assert_eq!(names(&mut state, later + 300_000), [""; 0]);
}

#[test]
fn a_chain_ahead_of_the_own_clock_opens() {
    let mut state = state();
    state.head(NOW / 1_000 + 10, NOW);
    assert_eq!(names(&mut state, NOW), [""; 0]);
    state.head(NOW / 1_000 + 11, NOW);
    assert_eq!(names(&mut state, NOW), ["clock_skew"]);
}

#[test]
fn finality_and_balance_are_bounded() {
    let mut state = state();
    state.finality(100, 80, NOW);
    state.balance(usd(2), NOW);
    assert_eq!(names(&mut state, NOW), [""; 0]);
    state.finality(101, 80, NOW);
    state.balance(Decimal::new(199, 2), NOW);
    let reasons: Vec<String> = state.open(NOW).into_iter().map(|open| open.reason).collect();
    assert_eq!(
        reasons,
        [
            "the finalized block is 21 blocks behind the best one",
            "the native balance is 1.99; min_native is 2"
        ]
    );
}

#[test]
fn failures_in_a_row_open_and_a_success_in_between_does_not() {
    let mut state = state();
    for _ in 0..2 {
        state.failure("Paused", NOW);
    }
    state.success();
    for _ in 0..2 {
        state.failure("Paused", NOW);
    }
    assert_eq!(names(&mut state, NOW), [""; 0]);
    state.failure("SeizedTooLittle", NOW);
    assert_eq!(state.open(NOW)[0].reason, "3 failures in a row, the last: SeizedTooLittle");
    // After the rest one try; its failure opens it at once.
    let rested = NOW + 300_000;
    assert_eq!(names(&mut state, rested), [""; 0]);
    state.failure("Paused", rested);
    assert_eq!(names(&mut state, rested), ["failures"]);
}

#[test]
fn spending_and_losses_leave_their_windows() {
    let mut state = state();
    state.spent(usd(600), NOW);
    state.spent(usd(399), NOW + 30 * MINUTE);
    assert_eq!(names(&mut state, NOW + 30 * MINUTE), [""; 0]);
    state.spent(usd(1), NOW + 30 * MINUTE);
    assert_eq!(
        state.open(NOW + 30 * MINUTE)[0].reason,
        "1000 USD repaid within an hour; the bound is 1000"
    );
    // An hour after the first 600 only 400 are left in the window.
    assert_eq!(names(&mut state, NOW + HOUR - 1), ["spend_hour"]);
    assert_eq!(names(&mut state, NOW + HOUR), [""; 0]);
    // A day: 1,000 of the first hour and 900 in each of five later ones are 5,500.
    for hour in 2..7 {
        state.spent(usd(900), NOW + hour * HOUR);
    }
    assert_eq!(names(&mut state, NOW + 8 * HOUR), ["spend_day"]);
    // The first 600 leave after a day, the 400 half an hour later: 4,500 remain.
    assert_eq!(names(&mut state, NOW + 24 * HOUR), [""; 0]);
}

#[test]
fn losses_of_a_day_add_up() {
    let mut state = state();
    state.lost(usd(49), NOW);
    assert_eq!(names(&mut state, NOW), [""; 0]);
    state.lost(usd(1), NOW + HOUR);
    assert_eq!(names(&mut state, NOW + HOUR), ["loss"]);
    assert_eq!(names(&mut state, NOW + 24 * HOUR), [""; 0]);
}

#[test]
fn a_pause_lasts_until_it_is_taken_back() {
    let mut state = state();
    state.pause("the operator", NOW);
    assert_eq!(state.open(NOW + 100 * HOUR)[0].reason, "paused by the operator");
    state.resume();
    assert_eq!(names(&mut state, NOW), [""; 0]);
}

#[test]
fn an_override_leaves_a_condition_out_for_its_time_and_forgets_what_was_counted() {
    let mut state = state();
    state.balance(usd(1), NOW);
    state.override_one(Breaker::LowBalance, NOW);
    state.balance(usd(1), NOW + HOUR - 1);
    assert_eq!(names(&mut state, NOW + HOUR - 1), [""; 0]);
    assert_eq!(names(&mut state, NOW + HOUR), ["low_balance"]);
    state.spent(usd(1_000), NOW);
    state.lost(usd(50), NOW);
    (0..3).for_each(|_| state.failure("no", NOW));
    assert_eq!(names(&mut state, NOW), ["failures", "spend_hour", "loss", "low_balance"]);
    for breaker in [Breaker::Failures, Breaker::SpendHour, Breaker::Loss, Breaker::LowBalance] {
        state.override_one(breaker, NOW);
    }
    assert_eq!(names(&mut state, NOW), [""; 0]);
    state.spent(usd(999), NOW);
    assert_eq!(names(&mut state, NOW), [""; 0], "begins at zero, with the same bound");
    state.spent(usd(1), NOW);
    assert_eq!(names(&mut state, NOW), ["spend_hour"]);
}

#[test]
fn each_change_is_told_once() {
    let mut state = state();
    state.pause("x", NOW);
    assert_eq!(state.changes(NOW), [(Breaker::Paused, Some("paused by x".to_owned()))]);
    assert_eq!(state.changes(NOW), []);
    state.resume();
    assert_eq!(state.changes(NOW), [(Breaker::Paused, None)]);
}

#[test]
fn names_lead_back_to_their_breakers() {
    for breaker in Breaker::ALL {
        assert_eq!(Breaker::named(breaker.name()), Some(breaker));
        assert_eq!(serde_json::to_value(breaker).unwrap(), breaker.name());
    }
    assert_eq!(Breaker::named("fuse"), None);
}
