#![allow(clippy::unwrap_used, reason = "a test may stop where it finds a fault")]

use super::*;
use proptest::prelude::*;

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

const WAD: u128 = 1_000_000_000_000_000_000;

#[test]
fn amounts_of_6_10_and_18_decimals_have_their_value() {
    // 1,500.25 tokens at 1 USD; 20 at 5.5; 0.75 at 3,200.
    assert_eq!(value_usd(1_500_250_000, 6, WAD), Some(usd("1500.25")));
    assert_eq!(value_usd(200_000_000_000, 10, 5 * WAD + WAD / 2), Some(usd("110")));
    assert_eq!(value_usd(750_000_000_000_000_000, 18, 3_200 * WAD), Some(usd("2400")));
    assert_eq!(value_usd(0, 18, WAD), Some(Decimal::ZERO));
}

#[test]
fn the_profit_is_what_comes_in_less_what_goes_out_and_the_fee() {
    // Repaid 1,000 USDC at 1 USD; seized 0.35 WETH at 3,000 USD = 1,050; fee 0.02 DOT at 5 USD = 0.10.
    let mut fees = FeeModel::new(usd("5"), 10, 0);
    fees.learn(200_000_000);
    let estimate = Estimate {
        seized: value_usd(350_000_000_000_000_000, 18, 3_000 * WAD).unwrap(),
        repaid: value_usd(1_000_000_000, 6, WAD).unwrap(),
        fee: fees.expected_usd().unwrap(),
    };
    assert_eq!(estimate.profit(), Some(usd("49.90")));
}

#[test]
fn a_fee_above_the_bonus_is_a_loss() {
    let estimate = Estimate { seized: usd("10.50"), repaid: usd("10"), fee: usd("0.75") };
    assert_eq!(estimate.profit(), Some(usd("-0.25")));
}

#[test]
fn the_fee_estimate_rises_at_once_and_falls_slowly() {
    let mut fees = FeeModel::new(usd("1"), 0, 80);
    fees.learn(160);
    assert_eq!(fees.expected_usd(), Some(usd("160")));
    // (160 - 80) / 8 = 10.
    fees.learn(80);
    assert_eq!(fees.expected_usd(), Some(usd("150")));
}

#[test]
fn numbers_beyond_a_decimal_lose_their_last_digits_or_are_refused() {
    // 2^128 - 1 = 340282366920938463463374607431768211455. Of its 39 digits 28 fit 96 bits here (3.4e27 < 7.9e28),
    // or 29: 34028236692093846346337460743 < 79228162514264337593543950335. Ten digits are cut off.
    assert_eq!(whole(u128::MAX, 18), Some(usd("340282366920938463463.37460743")));
    assert_eq!(whole(u128::MAX, 0), None);
    assert_eq!(value_usd(u128::MAX, 18, u128::MAX), None);
}

proptest! {
    /// Where all digits fit, the conversion is exact: back in units it is the same number.
    #[test]
    fn amounts_up_to_2_to_the_95_are_exact(amount in 0_u128..(1 << 95), decimals in 0_u32..=24) {
        let value = whole(amount, decimals).unwrap();
        let units = value.mantissa();
        prop_assert_eq!(u128::try_from(units).unwrap() * 10_u128.pow(decimals - value.scale()), amount);
    }
}
