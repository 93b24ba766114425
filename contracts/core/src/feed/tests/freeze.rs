//! The guardian's freeze.

use super::*;
use crate::allowance::{Exceeded, PERIOD};
use std::vec::Vec;

const HOUR: u32 = 3_600;

fn frozen() -> FeedAsset {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], NOW.0 - 60));
    let push = asset.freeze(Timestamp(NOW.0 + HOUR), NOW).unwrap().unwrap();
    assert_eq!((push.status, push.time, push.round), (Status::Frozen, NOW, 2));
    assert_eq!(push.median, dollars(100), "the price before stays");
    asset
}

fn at_time(now: u32) -> Terms {
    Terms { now: Timestamp(now), ..terms(2) }
}

#[test]
fn a_frozen_asset_makes_no_rounds_until_its_end() {
    let mut asset = frozen();
    let end = NOW.0 + HOUR;
    let before = asset.last;
    for (reporter, time) in [(0, end - 2), (1, end - 1)] {
        let outcome = asset.report(reporter, at(dollars(100), time), &at_time(end - 1));
        assert_eq!(outcome, Ok(Outcome::Waiting));
    }
    assert_eq!(asset.last, before);
    // At the end nothing needs to be sent: the next report thaws, and only reports later than the end count.
    let late = asset.report(0, at(dollars(101), end + 1), &at_time(end + 1));
    assert_eq!(late, Ok(Outcome::Waiting));
    assert_eq!(asset.last.status, Status::Suspect);
    assert_eq!((asset.last.time, asset.last.round), (Timestamp(end), 3));
    let push = accepted(asset.report(1, at(dollars(101), end + 2), &at_time(end + 2)).unwrap());
    assert_eq!((push.status, push.round, push.median), (Status::Ok, 4, dollars(101)));
    assert_eq!(asset.frozen_until, Timestamp(0));
}

#[test]
fn the_end_of_a_freeze_is_the_same_whoever_looks() {
    let asset = frozen();
    let end = NOW.0 + HOUR;
    let mut early = asset;
    early.thaw(Timestamp(end - 1));
    assert_eq!(early, asset);
    let (mut one, mut other) = (asset, asset);
    one.thaw(Timestamp(end));
    other.thaw(Timestamp(end + 1_000_000));
    assert_eq!(one, other);
    assert_ne!(one, asset);
    one.thaw(Timestamp(end + 1));
    assert_eq!(one, other, "once");
}

#[test]
fn a_freeze_can_be_made_longer_and_not_shorter() {
    let mut asset = frozen();
    let now = Timestamp(NOW.0 + 10);
    // The pools know that it is frozen, and since when: nothing new is told.
    assert_eq!(asset.freeze(Timestamp(NOW.0 + 2 * HOUR), now), Ok(None));
    assert_eq!(asset.freeze(Timestamp(NOW.0 + HOUR), now), Ok(None));
    assert_eq!(asset.frozen_until, Timestamp(NOW.0 + 2 * HOUR));
    assert_eq!(asset.last.time, NOW);
    // The governor may end it; nothing is left of its end then.
    assert!(asset.rearm());
    assert_eq!((asset.last.status, asset.frozen_until), (Status::Suspect, Timestamp(0)));
}

#[test]
fn a_freeze_gives_no_end_to_one_by_the_bounds() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    round(&mut asset, &[2_000, 2_000, 2_000], 160);
    round(&mut asset, &[2_000, 2_000, 2_000], 220);
    let before = asset;
    assert_eq!(asset.freeze(Timestamp(NOW.0 + 1), NOW), Err(FreezeRefused::Frozen));
    asset.thaw(Timestamp(u32::MAX));
    assert_eq!(asset, before);
}

#[test]
fn a_candidate_does_not_outlive_a_freeze() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100], NOW.0 - 60));
    round(&mut asset, &[70, 70], NOW.0 - 30);
    asset.freeze(Timestamp(NOW.0 + 10), NOW).unwrap();
    let end = NOW.0 + 10;
    assert_eq!(asset.report(0, at(dollars(70), end + 1), &at_time(end + 1)), Ok(Outcome::Waiting));
    // 30 % below the price before: a candidate of its own, not the confirmation of the one from before.
    let outcome = asset.report(1, at(dollars(70), end + 1), &at_time(end + 1)).unwrap();
    assert!(matches!(outcome, Outcome::Suspect { .. }));
}

/// S-FEE-14: six hours, then nothing until a week after the last freeze ended.
#[test]
fn the_guardian_has_six_hours_a_week() {
    let mut account = FreezeAccount::default();
    assert_eq!(account.take(6 * HOUR + 1, NOW), Err(Exceeded(6 * HOUR)));
    assert_eq!(account.take(0, NOW), Err(Exceeded(6 * HOUR)));
    let four = Timestamp(NOW.0 + 4 * HOUR);
    assert_eq!(account.take(4 * HOUR, NOW), Ok(four));
    assert_eq!(account.left(NOW), 2 * HOUR);
    // Another asset at the same time costs nothing, up to the same end; what is longer costs the difference.
    assert_eq!(account.take(4 * HOUR, NOW), Ok(four));
    assert_eq!(account.left(NOW), 2 * HOUR);
    let three = Timestamp(NOW.0 + 3 * HOUR);
    assert_eq!(account.take(2 * HOUR, three), Ok(Timestamp(NOW.0 + 5 * HOUR)));
    assert_eq!(account.left(three), HOUR);
    // Six days later one hour is left, of which half is used.
    let later = Timestamp(NOW.0 + 6 * 24 * HOUR);
    assert_eq!(account.take(HOUR + 1, later), Err(Exceeded(HOUR)));
    assert!(account.take(HOUR / 2, later).is_ok());
    // A week after the *first* freeze would let 6 h and 6 h meet; a week after the last one does not.
    let week = Timestamp(NOW.0 + 7 * 24 * HOUR);
    assert_eq!(account.left(week), HOUR / 2);
    let end = later.0 + HOUR / 2 + PERIOD;
    assert_eq!(account.left(Timestamp(end - 1)), HOUR / 2);
    assert_eq!(account.left(Timestamp(end)), 6 * HOUR);
    assert!(account.take(6 * HOUR, Timestamp(end)).is_ok());
    assert_eq!(account.left(Timestamp(end + 6 * HOUR)), 0);
}

proptest! {
    /// S-FEE-14: whatever the guardian tries, no seven days hold more than six hours of freezes.
    #[test]
    fn no_seven_days_hold_more_than_six_hours(
        tries in prop::collection::vec((0u32..2 * 24 * HOUR, 0u32..7 * HOUR), 1..60),
    ) {
        let mut account = FreezeAccount::default();
        let mut now = NOW;
        // Stretches that do not overlap, as [from, until).
        let mut stretches: Vec<(u32, u32)> = Vec::new();
        for (wait, duration) in tries {
            now = Timestamp(now.0 + wait);
            if let Ok(until) = account.take(duration, now) {
                let from = stretches.last().map_or(now.0, |last| last.1.max(now.0));
                if until.0 > from {
                    stretches.push((from, until.0));
                }
            }
        }
        for (_, end) in &stretches {
            let start = end - PERIOD;
            let within = stretches.iter().filter(|(_, until)| until <= end);
            let total: u32 =
                within.map(|(from, until)| until.saturating_sub(*from.max(&start))).sum();
            prop_assert!(total <= MAX_FREEZE, "{total} s in the week before {end}");
        }
    }
}
