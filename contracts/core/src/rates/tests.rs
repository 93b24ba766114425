#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::string::ToString;

use num_bigint::BigInt;
use proptest::prelude::*;

use super::*;
use crate::{
    exponential::{exp, scale},
    units::{BPS, Bps, Ppm},
};

const PERCENT: u128 = WAD / 100;

fn any_kinked() -> impl Strategy<Value = Kinked> {
    (0u32..2_000_000, 0u32..2_000_000, 0u32..4_000_000, 1u16..10_000).prop_map(
        |(base, slope1, more, optimal)| {
            Kinked::new(Ppm(base), Ppm(slope1), Ppm((slope1 + more).min(4_000_000)), Bps(optimal))
                .unwrap()
        },
    )
}

fn any_rate_at_target() -> impl Strategy<Value = u64> {
    MIN_RATE_AT_TARGET..=MAX_RATE_AT_TARGET
}

proptest! {
    // I-IDX-09
    #[test]
    fn kinked_rates_rise_with_utilisation(model in any_kinked(), low in 0..=WAD, high in 0..=WAD) {
        let (low, high) = (low.min(high), low.max(high));
        prop_assert!(model.yearly(Wad(low)) <= model.yearly(Wad(high)));
        prop_assert!(model.rate_now(Wad(low)) <= model.rate_now(Wad(high)));
    }

    // I-IDX-09
    #[test]
    fn kinked_rates_are_continuous_at_the_kink_and_within_bounds(model in any_kinked()) {
        let [base, slope1, slope2] = [model.base(), model.slope1(), model.slope2()].map(|rate| rate.to_wad().0);
        let kink = model.optimal().to_wad().0;
        prop_assert_eq!(model.yearly(Wad::ZERO).0, base);
        prop_assert_eq!(model.yearly(Wad(kink)).0, base + slope1);
        prop_assert_eq!(model.yearly(Wad::ONE).0, base + slope1 + slope2);
        prop_assert_eq!(model.yearly(Wad::MAX), model.yearly(Wad::ONE));
        // One step beyond the kink is worth one step of the slope, rounded up.
        let gain = slope2.div_ceil(WAD - kink);
        prop_assert!(model.yearly(Wad(kink + 1)).0 - model.yearly(Wad(kink)).0 <= gain);
    }

    // I-IDX-09
    #[test]
    fn adaptive_rates_rise_with_utilisation(
        start in any_rate_at_target(), elapsed in any::<u32>(), low in 0..=WAD, high in 0..=WAD,
    ) {
        let (low, high) = (low.min(high), low.max(high));
        let elapsed = u64::from(elapsed);
        let below = adaptive_step(start, Wad(low), elapsed);
        let above = adaptive_step(start, Wad(high), elapsed);
        prop_assert!(below.average_rate <= above.average_rate);
        prop_assert!(below.end_rate_at_target <= above.end_rate_at_target);
    }

    // I-IDX-08, I-IDX-09, I-IDX-10
    #[test]
    fn the_rate_at_target_drifts_the_right_way_within_its_bounds(
        start in any_rate_at_target(), utilisation in 0..=WAD + 1, elapsed in any::<u64>(), short in 0u32..64,
    ) {
        let step = adaptive_step(start, Wad(utilisation), elapsed >> short);
        let end = step.end_rate_at_target;
        prop_assert!((MIN_RATE_AT_TARGET..=MAX_RATE_AT_TARGET).contains(&end));
        prop_assert!(step.average_rate <= 4 * u128::from(MAX_RATE_AT_TARGET));
        prop_assert!(step.average_rate >= u128::from(MIN_RATE_AT_TARGET / 4));
        if utilisation >= TARGET_UTILISATION.0 {
            prop_assert!(end >= start);
        }
        if utilisation <= TARGET_UTILISATION.0 {
            prop_assert!(end <= start);
        }
    }

    // The two terms around the nearest multiple of ln 2 leave r³/6 with |r| ≤ 0.3466: less than 1 %.
    #[test]
    fn wexp_is_within_one_percent(x in -41 * i128::try_from(WAD).unwrap()..93 * i128::try_from(WAD).unwrap()) {
        let (mantissa, shift) = wexp_parts(x);
        let exact = exp(x) / BigInt::from(10).pow(82);
        let result = if shift < 0 { BigInt::from(mantissa) >> shift.unsigned_abs() } else { BigInt::from(mantissa) << shift };
        let difference = (&exact - &result).magnitude().clone();
        prop_assert!(difference * 100u32 <= exact.magnitude() + 200u32, "{} for {}", result, exact);
        if let Ok(result) = u128::try_from(result) {
            prop_assert_eq!(wexp(x).0, result);
        } else {
            prop_assert_eq!(wexp(x), Wad::MAX);
        }
    }

    #[test]
    fn wexp_never_falls(x in any::<i64>(), step in 0i128..1 << 70) {
        let x = i128::from(x) * 8;
        prop_assert!(wexp(x) <= wexp(x + step));
    }

    #[test]
    fn wexp_never_traps(x in any::<i128>()) {
        let limit = if x < 0 { Wad::ZERO } else { Wad::MAX };
        prop_assert!(wexp(x) == limit || x.unsigned_abs() < 100 * WAD);
    }

    #[test]
    fn utilisation_is_the_ratio(debt in any::<u128>(), cash in any::<u128>(), small in 0u32..128) {
        let (debt, cash) = (debt >> small, cash >> small);
        prop_assume!(debt > 0);
        let exact = BigInt::from(debt) * WAD / (BigInt::from(debt) + cash);
        let result = BigInt::from(utilisation(Assets(debt), Assets(cash)).0);
        // Only sums beyond 2^128 may be off, and then by less than one part in 10^18.
        let slack = if debt.checked_add(cash).is_some() { 0u32 } else { 1 };
        prop_assert!(result <= &exact + slack && result >= exact - slack);
    }
}

#[test]
fn utilisation_at_its_ends() {
    assert_eq!(utilisation(Assets::ZERO, Assets::ZERO), Wad::ZERO);
    assert_eq!(utilisation(Assets::ZERO, Assets::MAX), Wad::ZERO);
    assert_eq!(utilisation(Assets::MAX, Assets::ZERO), Wad::ONE);
    assert_eq!(utilisation(Assets::MAX, Assets::MAX), Wad(WAD / 2));
    assert_eq!(utilisation(Assets(1), Assets(2)), Wad(333_333_333_333_333_333));
}

/// Percent per year, from outside of the code: base 1 %, 4 % up to 80 %, 60 % above it.
#[test]
fn kinked_rates_in_percent_per_year() {
    let model = Kinked::new(Ppm(10_000), Ppm(40_000), Ppm(600_000), Bps(8_000)).unwrap();
    for (used, rate) in [(0, 1), (40, 3), (80, 5), (90, 35), (100, 65)] {
        assert_eq!(model.yearly(Wad(used * PERCENT)), Wad(rate * PERCENT), "{used} %");
    }
    // 5 % per year is 0.05 / 31 536 000 = 1.585 489 599 188 229…·10^-9 per second.
    assert_eq!(model.rate_now(Wad(80 * PERCENT)), Wad(1_585_489_599));
}

#[test]
fn kinked_models_beyond_their_bounds_cannot_be_built() {
    let new = |base, slope1, slope2, optimal| {
        Kinked::new(Ppm(base), Ppm(slope1), Ppm(slope2), Bps(optimal)).err()
    };
    assert_eq!(new(0, 0, 8_000_000, 1), None);
    assert_eq!(new(0, 4_000_000, 4_000_000, 9_999), None);
    assert_eq!(new(0, 0, 0, 0), Some(InvalidRate::Optimal));
    assert_eq!(new(0, 0, 0, BPS), Some(InvalidRate::Optimal));
    assert_eq!(new(0, 2, 1, 5_000), Some(InvalidRate::Slopes));
    assert_eq!(new(1, 0, 8_000_000, 5_000), Some(InvalidRate::FullRate));
    assert_eq!(new(u32::MAX, 1, 1, 5_000), Some(InvalidRate::FullRate));
    assert_eq!(new(1, u32::MAX, u32::MAX, 5_000), Some(InvalidRate::FullRate));
}

#[test]
fn adaptive_models_beyond_their_bounds_cannot_be_built() {
    assert_eq!(Adaptive::new(0), Ok(Adaptive::FRESH));
    assert_eq!(
        Adaptive::new(MIN_RATE_AT_TARGET).map(|model| model.rate_at_target()),
        Ok(31_709_791)
    );
    assert_eq!(
        Adaptive::new(MAX_RATE_AT_TARGET).map(|model| model.rate_at_target()),
        Ok(63_419_583_967)
    );
    assert_eq!(Adaptive::new(MIN_RATE_AT_TARGET - 1), Err(InvalidRate::RateAtTarget));
    assert_eq!(Adaptive::new(MAX_RATE_AT_TARGET + 1), Err(InvalidRate::RateAtTarget));
}

#[test]
fn the_first_period_starts_the_adaptive_model() {
    // 4 % per year at target: a quarter of it at utilisation 0, four times it at full utilisation.
    let step = Adaptive::FRESH.step(Wad::ZERO, Seconds(1_000_000));
    assert_eq!((step.rate, step.next.rate_at_target()), (Wad(317_097_919), INITIAL_RATE_AT_TARGET));
    let step = Adaptive::FRESH.step(Wad::ONE, Seconds(1_000_000));
    assert_eq!(
        (step.rate, step.next.rate_at_target()),
        (Wad(5_073_566_716), INITIAL_RATE_AT_TARGET)
    );
    // At target it stays where it is, however long.
    let step = step.next.step(TARGET_UTILISATION, Seconds::MAX);
    assert_eq!(
        (step.rate, step.next.rate_at_target()),
        (Wad(1_268_391_679), INITIAL_RATE_AT_TARGET)
    );
}

#[test]
fn either_model_answers_through_the_same_trait() {
    let kinked = Kinked::new(Ppm(10_000), Ppm(40_000), Ppm(600_000), Bps(8_000)).unwrap();
    let step = Rates::Kinked(kinked).step(Wad(80 * PERCENT), Seconds(7));
    assert_eq!(step, RateStep { rate: Wad(1_585_489_599), next: Rates::Kinked(kinked) });

    // Five days at full utilisation, the vector AC-02.x.
    let adaptive = Rates::Adaptive(Adaptive::new(INITIAL_RATE_AT_TARGET).unwrap());
    let step = adaptive.step(Wad::ONE, Seconds(432_000));
    let moved = Rates::Adaptive(Adaptive::new(2_516_027_586).unwrap());
    assert_eq!(step, RateStep { rate: Wad(7_338_724_560), next: moved });
    assert_eq!(adaptive.rate_now(Wad::ONE), Wad(5_073_566_716));
}

#[test]
fn wexp_at_its_limits() {
    assert_eq!(wexp(0), Wad::ONE);
    assert_eq!(wexp(i128::MAX), Wad::MAX);
    assert_eq!(wexp(i128::MIN), Wad::ZERO);
    // From the upper bound on a constant, 5.77…·10^40 in WAD: the mantissa of it times 2^135.
    let (mantissa, shift) = wexp_parts(i128::MAX);
    let published = "57716089161558943949701069502944508345128422502756744429568";
    assert_eq!((BigInt::from(mantissa) << shift).to_string(), published);
    assert!(scale() > BigInt::from(mantissa));
}

#[test]
fn suppliers_earn_what_borrowers_pay_less_the_fee() {
    // 5 % · 80 % · (1 − 10 %) = 3.6 %.
    let rate = supply_rate(Wad(5 * PERCENT), Wad(80 * PERCENT), Wad(10 * PERCENT));
    assert_eq!(rate, Ok(Wad(36 * PERCENT / 10)));
    assert_eq!(supply_rate(Wad::ONE, Wad::ONE, Wad(WAD + 1)), Err(Overflow));
    assert_eq!(supply_rate(Wad::MAX, Wad::ONE, Wad::ZERO), Ok(Wad::MAX));
}

#[test]
fn a_kink_at_zero_is_an_error_only_where_it_divides_by_it() {
    let rate = |optimal, used| kink_total(Wad(1), Wad(2), Wad(WAD), Wad(optimal), Wad(used));
    assert_eq!(rate(0, 0), Err(Overflow));
    assert_eq!(rate(0, WAD / 2), Ok(Wad(3 + WAD / 2)));
    assert_eq!(rate(WAD, WAD), Ok(Wad(3)));
}
