//! A short session on both sides, with fixed seeds.

use weir_agreement::lockstep::random;
use weir_fuzz::{message::AROUND, tally::Tally};

#[test]
fn rules_and_contracts_agree_bit_for_bit() {
    let mut tally = Tally::default();
    for seed in [11, 12] {
        let result = random(seed, 250, &mut tally);
        assert!(result.is_ok(), "seed {seed}: {:?}", result.map_err(|(found, _)| found));
    }
    let accepted: u64 = tally.accepted[..AROUND].iter().sum();
    let tried: u64 = tally.tried[..AROUND].iter().sum();
    assert!(accepted * 100 >= tried * 30, "{accepted} of {tried}");
}
