#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use std::{
    collections::BTreeMap,
    num::{NonZeroU32, NonZeroUsize},
    sync::Arc,
};

use super::{Now, Plan, Planner, WithheldWhy};
use crate::{
    aggregate::Policy,
    pipeline::{Input, Moment, Pipeline, Rules},
    scenario::Scenario,
    source::{ReporterNumber, Source, Speed},
    symbol::Symbol,
    trigger::{Due, Published, RoundStatus, Trigger},
};

/// Falls from 8 to 4 in four steps of ten seconds; reporter 3 doubles the price, reporter 2's clock is 5 s ahead.
const FALL: &str = r#"
name = "fall"
seed = 1
step_seconds = 10
[assets.DOT]
start = "8"
[[phases]]
label = "fall"
seconds = 40
moves.DOT = { kind = "ramp", factor = "0.5" }
[[faults]]
reporter = 3
kind = "offset"
offset_bps = 10000
[[faults]]
reporter = 2
kind = "skew"
skew_seconds = 5
"#;

fn input(name: &str, text: &str, speed: &str) -> Input {
    Input {
        name: name.into(),
        weight: NonZeroU32::MIN,
        speed: speed.parse::<Speed>().unwrap(),
        source: Arc::new(Source::Scenario(Box::new(Scenario::parse(name, text).unwrap()))),
    }
}

fn rules(minimum_sources: usize, max_jump_bps: Option<u32>) -> Rules {
    let policy = Policy {
        minimum_sources: NonZeroUsize::new(minimum_sources).unwrap(),
        max_age_seconds: 60,
        low: None,
        high: None,
        outlier_bps: None,
    };
    Rules { policy, assets: BTreeMap::new(), max_jump_bps }
}

fn planner(number: u8, inputs: Vec<Input>, rules: Rules) -> Planner {
    let number = ReporterNumber::new(number).unwrap();
    let pipeline = Pipeline::new(number, inputs.into(), Arc::new(rules));
    let trigger = Trigger {
        deviation_bps: NonZeroU32::new(500).unwrap(),
        heartbeat_seconds: NonZeroU32::new(60).unwrap(),
    };
    Planner::new(pipeline, trigger)
}

fn dot() -> Symbol {
    "DOT".parse().unwrap()
}

fn rounds(status: RoundStatus) -> BTreeMap<Symbol, RoundStatus> {
    BTreeMap::from([(dot(), status)])
}

/// Plans at a chain time, so many seconds after the beginning at 1000.
fn plan(planner: &mut Planner, elapsed: u64, status: RoundStatus) -> Plan {
    let rounds = rounds(status);
    let moment = Moment::Chain(elapsed);
    let time = 1_000 + elapsed;
    planner.plan(&Now { moment, time, stamp: time, rounds: &rounds, everything: false })
}

fn line(plan: &Plan) -> Option<(String, Due)> {
    plan.reports.first().map(|report| (report.price().to_string(), report.due))
}

#[test]
fn reports_follow_the_triggers() {
    let mut planner = planner(1, vec![input("fall", FALL, "1")], rules(1, None));
    let first = plan(&mut planner, 0, RoundStatus::None);
    assert_eq!((first.time, line(&first)), (1_000, Some(("8".into(), Due::First))));
    planner.stamp(&first);
    planner.published(&first);
    assert_eq!(line(&plan(&mut planner, 9, RoundStatus::Ok)), None);
    // 8 → 7 is 12.5 %.
    let second = plan(&mut planner, 10, RoundStatus::Ok);
    assert_eq!(line(&second), Some(("7".into(), Due::Deviation { bps: 1_250 })));
    planner.stamp(&second);
    planner.published(&second);
    assert_eq!(
        line(&plan(&mut planner, 11, RoundStatus::Suspect)),
        Some(("7".into(), Due::Suspect))
    );
}

#[test]
fn the_same_time_is_never_used_twice() {
    let mut planner = planner(1, vec![input("fall", FALL, "1")], rules(1, None));
    let first = plan(&mut planner, 0, RoundStatus::None);
    // Sent, but nobody knows whether it arrived.
    planner.stamp(&first);
    let again = plan(&mut planner, 0, RoundStatus::None);
    assert_eq!(again.reports, []);
    assert_eq!(again.withheld[0].why, WithheldWhy::NotLater { last: 1_000, time: 1_000 });
    assert_eq!(plan(&mut planner, 1, RoundStatus::None).reports.len(), 1);
    // After a restart the chain tells what was said last.
    let last = Published { price: "8".parse().unwrap(), time: 1_005 };
    let mut fresh = self::planner(1, vec![input("fall", FALL, "1")], rules(1, None));
    fresh.restore(&dot(), Some(last));
    assert_eq!(fresh.last_stamp(), Some(1_005));
    assert_eq!(plan(&mut fresh, 5, RoundStatus::Suspect).reports, []);
    assert_eq!(line(&plan(&mut fresh, 6, RoundStatus::Ok)), None);
    assert_eq!(plan(&mut fresh, 6, RoundStatus::Suspect).reports.len(), 1);
}

#[test]
fn a_heartbeat_is_due_on_a_chain_without_blocks_but_not_stamped_ahead_of_it() {
    let mut planner = planner(1, vec![input("fall", FALL, "1")], rules(1, None));
    planner.restore(&dot(), Some(Published { price: "8".parse().unwrap(), time: 990 }));
    let rounds = rounds(RoundStatus::Ok);
    let moment = Moment::Chain(0);
    let mut plan = |time| {
        planner.plan(&Now { moment, time, stamp: 1_000, rounds: &rounds, everything: false })
    };
    assert_eq!(plan(1_049).reports, []);
    let due = plan(1_050);
    assert_eq!(
        (due.time, line(&due)),
        (1_000, Some(("8".into(), Due::Heartbeat { age_seconds: 60 })))
    );
}

#[test]
fn stepping_reports_whatever_is_due_or_not() {
    let mut planner = planner(1, vec![input("fall", FALL, "1")], rules(1, None));
    planner.restore(&dot(), Some(Published { price: "6".parse().unwrap(), time: 900 }));
    let rounds = rounds(RoundStatus::Ok);
    let moment = Moment::Source(20);
    let now = Now { moment, time: 901, stamp: 901, rounds: &rounds, everything: true };
    assert_eq!(line(&planner.plan(&now)), Some(("6".into(), Due::Step)));
}

#[test]
fn reporters_see_with_their_own_eyes_and_clocks() {
    let plan = |number| {
        let mut planner = planner(number, vec![input("fall", FALL, "1")], rules(1, None));
        let plan = plan(&mut planner, 20, RoundStatus::Ok);
        (plan.time, plan.reports[0].price().to_string())
    };
    assert_eq!(plan(1), (1_020, "6".into()));
    assert_eq!(plan(2), (1_025, "6".into()));
    assert_eq!(plan(3), (1_020, "12".into()));
}

#[test]
fn sources_play_at_their_speeds_and_meet_in_the_median() {
    // At 10 s: one source at 7, one at double speed at 6, so the mean of the two.
    let inputs = vec![input("slow", FALL, "1"), input("fast", FALL, "2")];
    let mut both = planner(1, inputs, rules(2, None));
    let plan = plan(&mut both, 10, RoundStatus::Ok);
    assert_eq!(plan.reports[0].price().to_string(), "6.5");
    let used: Vec<_> =
        plan.reports[0].aggregate.used.iter().map(|(s, p)| format!("{s} {p}")).collect();
    assert_eq!(used, ["fast 6", "slow 7"]);
}

#[test]
fn what_has_no_price_is_withheld_and_said() {
    let mut lonely = planner(1, vec![input("only", FALL, "1")], rules(2, None));
    let plan = plan(&mut lonely, 0, RoundStatus::None);
    assert_eq!(plan.reports, []);
    assert_eq!(plan.withheld[0].why.to_string(), "1 of at least 2 sources are left");
}

#[test]
fn a_jump_waits_for_its_repetition() {
    let mut wary = planner(1, vec![input("fall", FALL, "1")], rules(1, Some(1_000)));
    assert_eq!(line(&plan(&mut wary, 0, RoundStatus::Ok)), Some(("8".into(), Due::First)));
    let held = plan(&mut wary, 10, RoundStatus::Ok);
    assert_eq!(held.reports, []);
    assert!(held.withheld[0].why.to_string().contains("1250 bps from its price before, 8"));
    assert_eq!(line(&plan(&mut wary, 11, RoundStatus::Ok)), Some(("7".into(), Due::First)));
}
