#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;

#[test]
fn sums_and_differences_refuse_what_does_not_fit() {
    assert_eq!(Assets(2).checked_add(Assets(3)), Ok(Assets(5)));
    assert_eq!(Assets::MAX.checked_add(Assets(1)), Err(Overflow));
    assert_eq!(Shares(3).checked_sub(Shares(2)), Ok(Shares(1)));
    assert_eq!(Shares(2).checked_sub(Shares(3)), Err(Overflow));
    assert_eq!(Bps::MAX.checked_add(Bps(1)), Err(Overflow));
}

#[test]
fn ratios_convert_exactly() {
    // 7.5 % three times: 750 of 10 000, 75 000 of 1 000 000, 0.075.
    let wad = Wad(75_000_000_000_000_000);
    assert_eq!(Bps(750).to_wad(), wad);
    assert_eq!(Ppm(75_000).to_wad(), wad);
    assert_eq!(Bps(BPS).to_wad(), Wad::ONE);
    assert_eq!(Ppm(PPM).to_wad(), Wad::ONE);
    assert_eq!(Bps::MAX.to_wad().0, 65_535 * WAD_PER_BPS);
    assert_eq!(Ppm::MAX.to_wad().0, 4_294_967_295 * WAD_PER_PPM);
}

#[test]
fn time_does_not_run_backwards() {
    assert_eq!(Timestamp(100).since(Timestamp(40)), Ok(Seconds(60)));
    assert_eq!(Timestamp(40).since(Timestamp(40)), Ok(Seconds::ZERO));
    assert_eq!(Timestamp(40).since(Timestamp(41)), Err(Overflow));
}
