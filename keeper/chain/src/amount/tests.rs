#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;

#[test]
fn whole_tokens_become_smallest_units() {
    assert_eq!(parse_units("1000.5", 6), Ok(1_000_500_000));
    assert_eq!(parse_units(" 1_000_000 ", 10), Ok(10_000_000_000_000_000));
    assert_eq!(parse_units(".5", 18), Ok(500_000_000_000_000_000));
    assert_eq!(parse_units("1.50", 1), Ok(15));
    assert_eq!(parse_units("7", 0), Ok(7));
    assert_eq!(parse_units_or_zero("0.000", 6), Ok(0));
    // The largest: 2^128 − 1 smallest units.
    assert_eq!(parse_units("340282366920938463463.374607431768211455", 18), Ok(u128::MAX));
    assert_eq!(parse_wad("0.25"), Ok(250_000_000_000_000_000));
}

#[test]
fn each_bad_amount_has_its_own_sentence() {
    let error = |text: &str, decimals| parse_units(text, decimals).unwrap_err();
    assert_eq!(error("", 6), AmountError::Empty);
    assert_eq!(error("  ", 6), AmountError::Empty);
    assert_eq!(error("0", 6), AmountError::Zero);
    assert_eq!(error("0.0", 6), AmountError::Zero);
    assert_eq!(error("-1", 6), AmountError::Negative("-1".into()));
    assert_eq!(error("-0.5", 6), AmountError::Negative("-0.5".into()));
    assert_eq!(
        error("1.0000001", 6),
        AmountError::TooPrecise { given: "1.0000001".into(), decimals: 6 }
    );
    assert_eq!(error("0.5", 0), AmountError::TooPrecise { given: "0.5".into(), decimals: 0 });
    // One more than the largest, and one that overflows while it is scaled.
    assert!(matches!(
        error("340282366920938463463.374607431768211456", 18),
        AmountError::TooLarge(_)
    ));
    assert!(matches!(error("340282366920938463464", 18), AmountError::TooLarge(_)));
    let long = "9".repeat(60);
    assert!(matches!(error(&long, 0), AmountError::TooLarge(_)));
    for text in [
        "abc", "1,5", "1e6", "1.", ".", "-", "--1", "+1", "_1", "1_", "1__0", "1._5", "0x10",
        "1.2.3", "٣",
    ] {
        assert!(matches!(error(text, 6), AmountError::NotANumber(_)), "{text}");
    }
    assert_eq!(error("1", 39), AmountError::Decimals(39));
}

#[test]
fn max_means_all_and_nothing_else_does() {
    assert_eq!(parse_amount("max", 6), Ok(u128::MAX));
    assert_eq!(parse_amount(" MAX ", 18), Ok(u128::MAX));
    assert!(matches!(parse_amount(&u128::MAX.to_string(), 0), Err(AmountError::TooLarge(_))));
    assert_eq!(parse_amount("2.5", 1), Ok(25));
}

#[test]
fn amounts_are_shown_exactly_or_cut_off() {
    assert_eq!(format_units(1_000_500_000, 6), "1000.5");
    assert_eq!(format_units(0, 18), "0");
    assert_eq!(format_units(1, 18), "0.000000000000000001");
    assert_eq!(format_units(42, 0), "42");
    assert_eq!(format_grouped(1_234_567_891_999, 6, 2), "1,234,567.89");
    assert_eq!(format_grouped(999, 0, 0), "999");
    assert_eq!(format_grouped(1_000, 0, 0), "1,000");
    assert_eq!(format_grouped(5, 1, 4), "0.5000");
    assert_eq!(format_wad(1_234_999_999_999_999_999, 3), "1.234");
    assert_eq!(format_bps(8050), "80.5 %");
    assert_eq!(format_percent(31_415_900_000_000_000), "3.14 %");
    assert_eq!(format_health(u128::MAX), "∞");
    assert_eq!(format_health(1_050_000_000_000_000_000), "1.0500");
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same cases on every run.
struct Cases(u64);

impl Cases {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// An amount of any length: small ones are as likely as large ones.
    fn amount(&mut self) -> u128 {
        let wide = (u128::from(self.next()) << 64) | u128::from(self.next());
        wide >> (self.next() % 128)
    }

    fn decimals(&mut self) -> u8 {
        u8::try_from(self.next() % 39).unwrap()
    }
}

#[test]
fn what_is_shown_reads_back() {
    let mut cases = Cases(1);
    for _ in 0..20_000 {
        let (amount, decimals) = (cases.amount(), cases.decimals());
        assert_eq!(parse_units_or_zero(&format_units(amount, decimals), decimals), Ok(amount));
        let grouped = format_grouped(amount, decimals, decimals).replace(',', "");
        assert_eq!(parse_units_or_zero(&grouped, decimals), Ok(amount));
    }
}

#[test]
fn no_text_panics() {
    let alphabet: Vec<char> = "0123456789..__--+ ,exMAXmax٣é".chars().collect();
    let mut cases = Cases(2);
    for _ in 0..20_000 {
        let length = cases.next() % 12;
        let letters = u64::try_from(alphabet.len()).unwrap();
        let text: String = (0..length)
            .map(|_| alphabet[usize::try_from(cases.next() % letters).unwrap()])
            .collect();
        if let Ok(amount) = parse_amount(&text, cases.decimals()) {
            assert!(amount > 0, "{text}");
        }
    }
}
