#![allow(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;

use super::{NumberError, Price, Ratio, WAD, decimal};

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

#[test]
fn decimal_strings_are_read_exactly() {
    // The integers are written out by hand: value · 10^18.
    for (text, wad) in [
        ("1", 1_000_000_000_000_000_000),
        ("1.000", 1_000_000_000_000_000_000),
        ("007.25", 7_250_000_000_000_000_000),
        ("0.000000000000000001", 1),
        ("0.1", 100_000_000_000_000_000),
        ("64123.456789012345678901", 64_123_456_789_012_345_678_901),
        ("0.00004000000000000000000", 40_000_000_000_000),
        ("1000000000000", 1_000_000_000_000_000_000_000_000_000_000),
    ] {
        assert_eq!(price(text).wad(), wad, "{text}");
    }
}

#[test]
fn what_is_no_price_is_refused_by_name() {
    let is = |text: &str| text.parse::<Price>().unwrap_err();
    assert_eq!(is(""), NumberError::Empty);
    assert_eq!(is("0"), NumberError::Zero);
    assert_eq!(is("0.000"), NumberError::Zero);
    assert_eq!(is("-1.5"), NumberError::Negative("-1.5".into()));
    assert!(matches!(is("0.0000000000000000001"), NumberError::TooPrecise { decimals: 18, .. }));
    for large in ["1000000000000.000000000000000001", "99999999999999", &"9".repeat(400)] {
        assert!(matches!(is(large), NumberError::TooLarge { .. }), "{large}");
    }
    let words = ["NaN", "nan", "inf", "-inf", "+1", "1e5", "1_000", "1,5", " 1", "1 ", "1.", ".5"];
    for word in words.into_iter().chain(["1.2.3", "0x10", "١", "1.5USD", "-", "--1", "-x"]) {
        let error = is(word);
        let negative = word == "-";
        assert!(matches!(error, NumberError::NotANumber(_)) || negative, "{word} gave {error:?}");
    }
    assert!(is(&"x".repeat(1_000_000)).to_string().len() < 100);
}

#[test]
fn ratios_scale_and_round_down() {
    let ratio = |text: &str| text.parse::<Ratio>().unwrap();
    // 7.5 · 0.82 = 6.15.
    assert_eq!(price("7.5").scaled(ratio("0.82")).unwrap(), price("6.15"));
    // 1e-18 · 0.999999999 is below one unit.
    assert_eq!(price("0.000000000000000001").scaled(ratio("0.999999999")), Err(NumberError::Zero));
    // 3 units · 0.5 = 1.5 units, down to 1.
    assert_eq!(price("0.000000000000000003").scaled(ratio("0.5")).unwrap().wad(), 1);
    assert_eq!(price("1000000000").scaled(Ratio::MAX).unwrap(), Price::MAX);
    assert!(matches!(Price::MAX.scaled(ratio("1.000000001")), Err(NumberError::TooLarge { .. })));
    assert_eq!(Ratio::one_plus(-1_000_000_000), Some(ratio("0")));
    assert_eq!(Ratio::one_plus(-1_000_000_001), None);
    assert!("1000.000000001".parse::<Ratio>().is_err());
    assert!("0.0000000001".parse::<Ratio>().is_err());
}

#[test]
fn distances_are_in_bps_of_the_base() {
    // |90 − 100| / 100 = 10 % = 1000 bps; |100 − 90| / 90 = 11.1 % = 1111 bps, rounded down.
    assert_eq!(price("90").distance_bps(price("100")), 1000);
    assert_eq!(price("100").distance_bps(price("90")), 1111);
    assert!(price("100").is_beyond(price("90"), 1111));
    assert!(!price("100").is_beyond(price("90"), 1112));
    assert!(price("90").is_beyond(price("100"), 1000));
    assert_eq!(Price::MAX.distance_bps(Price::from_wad(1).unwrap()), u32::MAX);
}

#[test]
fn truncation_drops_decimals() {
    assert_eq!(price("1.23456789").truncated(2).unwrap(), price("1.23"));
    assert_eq!(price("1.23").truncated(18).unwrap(), price("1.23"));
    assert_eq!(price("0.009").truncated(2), Err(NumberError::Zero));
}

proptest! {
    #[test]
    fn printing_and_reading_agree(wad in 1..=Price::MAX.wad()) {
        let price = Price::from_wad(wad).unwrap();
        prop_assert_eq!(price.to_string().parse::<Price>(), Ok(price));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        if let Ok(price) = text.parse::<Price>() {
            prop_assert!(price.wad() > 0 && price.wad() <= Price::MAX.wad());
        }
    }

    #[test]
    fn scaling_is_the_exact_floor(wad in 1..=1_000_000 * WAD, parts in 0..=10_000_000_000_u64) {
        // Below 2^128 by itself: 1e24 · 1e10.
        let expected = wad * u128::from(parts) / 1_000_000_000;
        let ratio = Ratio::from_parts_per_billion(parts).unwrap();
        let scaled = Price::from_wad(wad).unwrap().scaled(ratio);
        prop_assert_eq!(scaled.map_or(0, Price::wad), expected);
    }
}

#[test]
fn decimals_are_printed_without_zeros() {
    assert_eq!(decimal(1_500, 3), "1.5");
    assert_eq!(decimal(2_000, 3), "2");
    assert_eq!(decimal(1, 3), "0.001");
}
