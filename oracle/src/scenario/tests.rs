#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

use proptest::prelude::*;

use super::Scenario;
use crate::{
    price::Price,
    source::{CsvFile, CsvReplay},
    symbol::Symbol,
};

const HEAD: &str = "name = \"t\"\nseed = 7\nstep_seconds = 10\n[assets.DOT]\nstart = \"8\"\n";

fn scenario(text: &str) -> Scenario {
    Scenario::parse("t.toml", text).unwrap()
}

fn dot() -> Symbol {
    "DOT".parse().unwrap()
}

fn market(scenario: &Scenario) -> Vec<String> {
    let times = (0..scenario.steps()).map(|step| scenario.step_time(step).unwrap());
    times.map(|time| scenario.market(&dot(), time).unwrap().to_string()).collect()
}

fn phase(seconds: u32, movement: &str) -> String {
    format!("{HEAD}[[phases]]\nlabel = \"p\"\nseconds = {seconds}\nmoves.DOT = {movement}\n")
}

fn faults(text: &str) -> Vec<String> {
    let faults = Scenario::parse("t.toml", text).unwrap_err();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn moves_without_noise_are_plain_arithmetic() {
    let path = |seconds, movement: &str| market(&scenario(&phase(seconds, movement)));
    assert_eq!(path(20, "{ kind = \"hold\" }"), ["8", "8", "8"]);
    // 8 · 0.5 = 4, in four steps of 1.
    assert_eq!(path(40, "{ kind = \"ramp\", factor = \"0.5\" }"), ["8", "7", "6", "5", "4"]);
    assert_eq!(path(20, "{ kind = \"ramp\", factor = 1.25 }"), ["8", "9", "10"]);
    // 8 · 0.75 = 6 at once.
    assert_eq!(path(20, "{ kind = \"gap\", factor = \"0.75\" }"), ["8", "6", "6"]);
    // Down to 8 · 0.5 = 4 in two steps of 2, then half of the loss of 4 back in two steps of 1.
    let crash = "{ kind = \"crash\", factor = \"0.5\", recovery = \"0.5\" }";
    assert_eq!(path(40, crash), ["8", "6", "4", "5", "6"]);
    // All but the last step lead down: 8 → 2 in three steps of 2, then all of it back in one.
    let flash = "{ kind = \"crash\", factor = \"0.25\", recovery = 1, trough = \"0.75\" }";
    assert_eq!(path(40, flash), ["8", "6", "4", "2", "8"]);
}

#[test]
fn phases_follow_each_other() {
    let text = format!(
        "{HEAD}[[phases]]\nlabel = \"a\"\nseconds = 10\nmoves.DOT = {{ kind = \"gap\", factor = 0.5 }}\n\
         [[phases]]\nlabel = \"b\"\nseconds = 20\nmoves.DOT = {{ kind = \"ramp\", factor = 1.5 }}\n"
    );
    let scenario = scenario(&text);
    // 8 → 4, then 4 → 6 in two steps.
    assert_eq!(market(&scenario), ["8", "4", "5", "6"]);
    let labels = (0..4).map(|step| scenario.phase_of(step).map(|phase| phase.label.as_str()));
    assert_eq!(labels.collect::<Vec<_>>(), [None, Some("a"), Some("b"), Some("b")]);
    // Between two steps the earlier price stands, after the last the last.
    let at = |time| scenario.market(&dot(), time).unwrap().to_string();
    assert_eq!([at(9), at(10), at(19), at(1_000_000)], ["8", "4", "4", "6"]);
}

#[test]
fn noise_comes_from_the_seed_alone() {
    let text = |seed: u64| {
        phase(2_000, "{ kind = \"hold\", volatility_bps = 20 }")
            .replace("seed = 7", &format!("seed = {seed}"))
    };
    let bytes = |seed| {
        let mut out = Vec::new();
        scenario(&text(seed)).write_csv(&mut out, Some(3)).unwrap();
        out
    };
    assert_eq!(bytes(7), bytes(7));
    assert_ne!(bytes(7), bytes(8));
    let path = market(&scenario(&text(7)));
    let differs = path.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert!(differs > 190, "{differs}");
    // The shock's σ of 0.2 % settles at 0.2 % / √(1 − (7/8)²) = 0.41 %; twelve of those are far outside.
    for price in path {
        assert!(price.parse::<Price>().unwrap().distance_bps("8".parse().unwrap()) < 500);
    }
}

#[test]
fn each_reporter_reads_with_an_error_of_its_own() {
    let text = phase(300, "{ kind = \"hold\" }").replace("[assets", "spread_bps = 5\n[assets");
    let scenario = scenario(&text);
    let mut seen = std::collections::BTreeSet::new();
    for time in (0..=300).step_by(10) {
        for view in scenario.prices_at(time, 3) {
            let price = view.quotes[0].price;
            // 5 bps of 8 is 0.004; one more unit of the last decimal for the truncation.
            assert!(
                price.wad().abs_diff("8".parse::<Price>().unwrap().wad()) <= 4_000_010_000_000_000
            );
            seen.insert(price);
        }
    }
    assert!(seen.len() > 90, "{}", seen.len());
}

#[test]
fn reporters_misbehave_as_told() {
    let ramp = phase(40, "{ kind = \"ramp\", factor = \"0.5\" }");
    let view = |fault: &str, reporter: usize, at| {
        let text = format!("{ramp}[[faults]]\nreporter = 2\n{fault}\n");
        let view = scenario(&text).prices_at(at, 3).swap_remove(reporter - 1);
        (view.quotes.first().map(|quote| quote.price.to_string()), view.skew_seconds)
    };
    let seen = |fault: &str, at| view(fault, 2, at).0;
    let some = |price: &str| Some(price.to_owned());
    assert_eq!(seen("kind = \"silent\"", 20), None);
    assert_eq!(view("kind = \"silent\"", 1, 20).0, some("6"));
    assert_eq!(seen("kind = \"silent\"\nfrom_seconds = 10\nuntil_seconds = 20", 0), some("8"));
    assert_eq!(seen("kind = \"silent\"\nfrom_seconds = 10\nuntil_seconds = 20", 19), None);
    assert_eq!(seen("kind = \"silent\"\nfrom_seconds = 10\nuntil_seconds = 20", 20), some("6"));
    // At 30 the price is 5; 20 seconds before it was 7.
    assert_eq!(seen("kind = \"lag\"\nlag_seconds = 20", 30), some("7"));
    assert_eq!(seen("kind = \"lag\"\nlag_seconds = 50", 30), some("8"));
    // 6 · (1 − 0.2) = 4.8.
    assert_eq!(seen("kind = \"offset\"\noffset_bps = -2000", 20), some("4.8"));
    assert_eq!(seen("kind = \"offset\"\noffset_bps = 990000", 20), some("600"));
    assert_eq!(view("kind = \"skew\"\nskew_seconds = -30", 2, 20), (some("6"), -30));
    assert_eq!(view("kind = \"skew\"\nskew_seconds = -30", 3, 20), (some("6"), 0));
    assert_eq!(seen("kind = \"silent\"\nassets = [\"DOT\"]", 20), None);
}

#[test]
fn the_printed_market_is_what_the_replay_reads() {
    let crash = "{ kind = \"crash\", factor = \"0.4\", recovery = \"0.3\", volatility_bps = 30 }";
    let scenario = scenario(&phase(200, crash));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("market.csv");
    scenario.write_csv(&mut std::fs::File::create(&path).unwrap(), None).unwrap();
    let replay = CsvReplay::read(&[CsvFile { path, asset: None, delay_seconds: 0 }]).unwrap();
    assert_eq!(replay.steps(), scenario.steps());
    for time in 0..250 {
        let quote = replay.quotes(time).swap_remove(0);
        assert_eq!(Some(quote.price), scenario.market(&dot(), time));
    }
}

#[test]
fn the_summary_counts_falls_from_the_highest_price_before() {
    let text = format!(
        "{HEAD}[[phases]]\nlabel = \"a\"\nseconds = 20\nmoves.DOT = {{ kind = \"ramp\", factor = 1.25 }}\n\
         [[phases]]\nlabel = \"b\"\nseconds = 20\nmoves.DOT = {{ kind = \"gap\", factor = 0.6 }}\n"
    );
    let summary = scenario(&text).summary().swap_remove(0);
    // 8, 9, 10, 6, 6: from 10 to 6 is 40 %, in one step.
    let prices = [summary.start, summary.low, summary.high, summary.end].map(|p| p.to_string());
    assert_eq!(prices, ["8", "6", "10", "6"]);
    assert_eq!((summary.largest_fall_bps, summary.largest_step_bps), (4_000, 4_000));
}

#[test]
fn faults_are_named_with_their_lines() {
    // HEAD has five lines; the phase begins on the sixth.
    assert_eq!(
        faults(&phase(15, "{ kind = \"ramp\", facto = 1 }")),
        [
            "t.toml:8: phases[0].seconds: 15 is not a multiple of step_seconds, 10",
            "t.toml:9: phases[0].moves.DOT.factor: is missing",
            "t.toml:9: phases[0].moves.DOT.facto: unknown key; known here: factor, kind, volatility_bps",
        ]
    );
    for (movement, message) in [
        ("{ kind = \"fall\" }", ".kind: `fall` is not a kind of move: hold, ramp, gap or crash"),
        ("{ kind = \"gap\", factor = 0 }", ".factor: is zero"),
        ("{ kind = \"gap\", factor = -1 }", ".factor: `-1` is negative"),
        ("{ kind = \"gap\", factor = nan }", ".factor: `nan` is not a plain decimal number"),
        ("{ kind = \"gap\", factor = \"1001\" }", ".factor: `1001` is larger than 1000"),
        ("{ kind = \"crash\", factor = 2 }", ".factor: `2` is no crash: it is above 1"),
        (
            "{ kind = \"crash\", factor = 0.5, recovery = 1.5 }",
            ".recovery: `1.5` is not between 0 and 1",
        ),
        (
            "{ kind = \"hold\", volatility_bps = 501 }",
            ".volatility_bps: `501` is not between 0 and 500",
        ),
    ] {
        assert_eq!(
            faults(&phase(10, movement)),
            [format!("t.toml:9: phases[0].moves.DOT{message}")]
        );
    }
    let gone = faults(&phase(10, "{ kind = \"gap\", factor = \"0.000000001\" }"));
    assert_eq!(gone, ["t.toml:6: phases[0]: a price of DOT is zero"]);
    let unknown = phase(10, "{ kind = \"hold\" }").replace("moves.DOT", "moves.KSM");
    assert_eq!(faults(&unknown), ["t.toml:9: phases[0].moves.KSM: `KSM` is not among the assets"]);
}

#[test]
fn faults_of_the_head_are_named_with_their_lines() {
    let good = phase(10, "{ kind = \"hold\" }");
    for (from, to, fault) in [
        ("seed = 7", "seed = -7", "t.toml:2: seed: `-7` is not between 0 and 18446744073709551615"),
        ("seed = 7", "sed = 7", "t.toml:1: seed: is missing"),
        (
            "step_seconds = 10",
            "step_seconds = 0",
            "t.toml:3: step_seconds: `0` is not between 1 and 86400",
        ),
        ("start = \"8\"", "start = \"0\"", "t.toml:5: assets.DOT.start: is zero"),
        ("start = \"8\"", "start = \"-8\"", "t.toml:5: assets.DOT.start: `-8` is negative"),
        (
            "start = \"8\"",
            "start = inf",
            "t.toml:5: assets.DOT.start: `inf` is not a plain decimal number",
        ),
        (
            "start = \"8\"",
            "start = \"8.123\"\ndecimals = 2",
            "t.toml:5: assets.DOT.start: `8.123` has more than 2 decimals",
        ),
        ("name = \"t\"", "name = \" \"", "t.toml:1: name: is empty"),
        (
            "seconds = 10\nmoves",
            "seconds = 4000000000\nmoves",
            "t.toml:8: phases[0].seconds: the scenario becomes too long: fewer steps, or longer ones",
        ),
    ] {
        let text = good.replacen(from, to, 1);
        assert!(faults(&text).contains(&fault.to_owned()), "{fault} not in {:?}", faults(&text));
    }
    let empty = faults("name = \"t\"\nseed = 7\nstep_seconds = 10\n");
    assert!(empty[0].contains("assets: at least one asset is needed"), "{empty:?}");
    assert!(empty[1].contains("phases: at least one phase is needed"), "{empty:?}");
}

#[test]
fn faults_of_reporters_are_named_with_their_lines() {
    let good = phase(10, "{ kind = \"hold\" }");
    for (fault, message) in [
        (
            "reporter = 0\nkind = \"silent\"",
            "t.toml:11: faults[0].reporter: `0` is not between 1 and 9",
        ),
        (
            "reporter = 1\nkind = \"late\"",
            "t.toml:12: faults[0].kind: `late` is not a kind of fault: silent, lag, offset or skew",
        ),
        ("reporter = 1\nkind = \"lag\"", "t.toml:10: faults[0].lag_seconds: is missing"),
        (
            "reporter = 1\nkind = \"offset\"\noffset_bps = -10000",
            "t.toml:13: faults[0].offset_bps: `-10000` is not between -9999 and 990000",
        ),
        (
            "reporter = 1\nkind = \"silent\"\nassets = [\"KSM\"]",
            "t.toml:13: faults[0].assets: `KSM` is not among the assets",
        ),
        ("reporter = 1\nkind = \"silent\"\nassets = []", "t.toml:13: faults[0].assets: is empty"),
        (
            "reporter = 1\nkind = \"silent\"\nfrom_seconds = 9\nuntil_seconds = 9",
            "t.toml:14: faults[0].until_seconds: is not after from_seconds, 9",
        ),
        (
            "reporter = 1\nkind = \"skew\"\nskew_seconds = 5\nassets = [\"DOT\"]",
            "t.toml:14: faults[0].assets: a clock is not of some assets: leave this away",
        ),
    ] {
        assert_eq!(faults(&format!("{good}[[faults]]\n{fault}\n")), [message]);
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = Scenario::parse("t.toml", &text);
    }

    #[test]
    fn a_ramp_without_noise_is_monotonous_and_ends_where_told(
        parts in 1_u32..=1_000, steps in 1_u32..50,
    ) {
        let factor = format!("0.{parts:04}");
        let text = phase(steps * 10, &format!("{{ kind = \"ramp\", factor = \"{factor}\" }}"));
        let prices: Vec<Price> = market(&scenario(&text)).iter().map(|p| p.parse().unwrap()).collect();
        prop_assert!(prices.is_sorted_by(|a, b| a >= b));
        // 8 · parts / 10^4, exactly.
        let expected = 8 * u128::from(parts) * 100_000_000_000_000;
        prop_assert_eq!(prices.last().unwrap().wad(), expected);
    }
}
