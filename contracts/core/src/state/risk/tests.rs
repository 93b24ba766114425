use super::*;

fn ramp(start: u32, end: u32) -> Ramp {
    Ramp { start: Timestamp(start), end: Timestamp(end) }
}

#[test]
fn a_falling_threshold_is_never_ahead_of_its_time() {
    let threshold = Threshold { target: Bps(8_000), from: Bps(8_100) };
    let ramp = ramp(1_000, 1_000 + 3_600);
    assert_eq!(threshold.at(&ramp, Timestamp(0)), Bps(8_100));
    assert_eq!(threshold.at(&ramp, Timestamp(1_000)), Bps(8_100));
    // A basis point takes 36 s: after 35 s nothing is gone, after 36 s one.
    assert_eq!(threshold.at(&ramp, Timestamp(1_035)), Bps(8_100));
    assert_eq!(threshold.at(&ramp, Timestamp(1_036)), Bps(8_099));
    assert_eq!(threshold.at(&ramp, Timestamp(1_000 + 1_800)), Bps(8_050));
    assert_eq!(threshold.at(&ramp, Timestamp(4_600)), Bps(8_000));
}

#[test]
fn a_rising_threshold_rounds_up_too() {
    let threshold = Threshold { target: Bps(8_100), from: Bps(8_000) };
    let ramp = ramp(0, 3_600);
    assert_eq!(threshold.at(&ramp, Timestamp(0)), Bps(8_000));
    // 1/36 of a basis point: rounded up to one.
    assert_eq!(threshold.at(&ramp, Timestamp(1)), Bps(8_001));
    assert_eq!(threshold.at(&ramp, Timestamp(3_600)), Bps(8_100));
}

#[test]
fn the_ltv_never_exceeds_the_threshold_of_now_or_of_the_end_of_the_ramp() {
    let mut risk = Risk {
        ltv: Bps(8_000),
        threshold: Threshold { target: Bps(7_500), from: Bps(8_500) },
        ramp: ramp(0, 36_000),
        ..Risk::default()
    };
    assert_eq!(risk.ltv_at(0, Bps(0), Timestamp(0)), Bps(7_500));
    risk.threshold = Threshold { target: Bps(8_500), from: Bps(7_500) };
    assert_eq!(risk.ltv_at(0, Bps(0), Timestamp(0)), Bps(7_500));
    assert_eq!(risk.ltv_at(0, Bps(0), Timestamp(36_000)), Bps(8_000));
}

#[test]
fn a_category_has_ratios_of_its_own() {
    let risk = Risk {
        ltv: Bps(7_000),
        threshold: Threshold { target: Bps(7_500), from: Bps(7_500) },
        category: Category {
            id: 2,
            ltv: Bps(9_000),
            threshold: Threshold { target: Bps(9_300), from: Bps(9_300) },
            bonus_max: Bps(100),
        },
        ..Risk::default()
    };
    assert_eq!(risk.ltv_at(0, Bps(0), Timestamp(0)), Bps(7_000));
    assert_eq!(risk.ltv_at(2, Bps(0), Timestamp(0)), Bps(9_000));
    assert_eq!(risk.threshold_at(1, Timestamp(0)), Bps(7_500));
    assert_eq!(risk.threshold_at(2, Timestamp(0)), Bps(9_300));
    assert_eq!(risk.bonus_max(2, Bps(500)), Bps(100));
    assert_eq!(risk.bonus_max(0, Bps(500)), Bps(500));
}

#[test]
fn volatility_cuts_the_base_ltv_only() {
    let volatility = Volatility { free: Bps(8_000), slope: Bps(2_000), cut_max: Bps(3_000) };
    // 20 % of the ltv for each 100 % of volatility above 80 %: at 130 % a tenth is gone.
    assert_eq!(volatility.cut(Bps(7_000), Bps(13_000)), Bps(6_300));
    assert_eq!(volatility.cut(Bps(7_000), Bps(8_000)), Bps(7_000));
    // 1 bps of cut rounds up from 0.2: 7000 · 0.9999 = 6999.3.
    assert_eq!(volatility.cut(Bps(7_000), Bps(8_001)), Bps(6_999));
    assert_eq!(volatility.cut(Bps(7_000), Bps(65_535)), Bps(4_900));
}
