//! The borrow rate of a period, exact.

use super::rational::int;
use num_rational::BigRational;
use weir_core::{
    rates::Rates,
    state::Reserve,
    units::{WAD, YEAR},
};

/// Least and most that the borrow rate can have been in the period, per second. The kinked model has one rate; the
/// adaptive one moves between what it was and what it became, on a curve that the utilisation fixes.
pub fn rates(reserve: &Reserve, rate_at_target: u64) -> (BigRational, BigRational) {
    let books = &reserve.balances;
    let all = books.cash.0 + books.debt.assets.0;
    let (debt, all) = (int(books.debt.assets.0), int(all.max(1)));
    match &reserve.rates {
        Rates::Kinked(model) => {
            let [base, slope1, slope2] =
                [model.base(), model.slope1(), model.slope2()].map(|ppm| int(ppm.0.into()));
            let optimal = int(model.optimal().0.into());
            let (used, bps) = (&debt * 10_000, &all * &optimal);
            // In ppm a year: base + slope1 · u/o below the optimum, base + slope1 + slope2 · (u − o)/(1 − o) above.
            let (top, bottom) = if used <= bps {
                (base * &bps + slope1 * used, bps)
            } else {
                let rest = &all * (int(10_000) - optimal);
                ((base + slope1) * &rest + slope2 * (used - bps), rest)
            };
            let rate = BigRational::new_raw(top, bottom * int(1_000_000) * int(YEAR.into()));
            (rate.clone(), rate)
        }
        Rates::Adaptive(model) => {
            let first =
                if model.rate_at_target() == 0 { 1_268_391_679 } else { model.rate_at_target() };
            // From a quarter of the rate at target to four times as much, straight to the target at nine tenths and
            // on from there: 1 + 3/4 · (u − t)/t below, 1 + 3 · (u − t)/(1 − t) above.
            let (used, target) = (debt * 10, &all * 9);
            let (top, bottom) = if used < target {
                (&target * 4 + (used - &target) * 3, target * 4)
            } else {
                (&all + (used - target) * 3, all)
            };
            let rate = |at: u64| BigRational::new_raw(&top * at, &bottom * WAD);
            let (first, last) = (first.min(rate_at_target), first.max(rate_at_target));
            (rate(first), rate(last))
        }
    }
}
