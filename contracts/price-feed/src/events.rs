//! The events of reports, in Solidity's encoding.

use weir_core::address::Address;
use weir_core::feed::{LastReport, Push};
use weir_core::units::{Price, Timestamp};
use weir_shell::feed::events::{about, emit};
use weir_shell::topic;

/// A reporter's report was kept.
pub fn reported(asset: &Address, reporter: &Address, report: &LastReport) {
    let mut event = about(topic!("Reported(address,address,uint128,uint32)"), asset);
    event.topic(reporter.into());
    emit(&mut event, &[report.price.0.into(), report.time.0.into()]);
}

/// A round was accepted.
pub fn accepted(asset: &Address, push: &Push) {
    let signature =
        topic!("RoundAccepted(address,uint32,uint128,uint32,uint8,uint16,uint16,uint16)");
    let mut event = about(signature, asset);
    event.topic(push.round.into());
    let words = [
        push.median.0.into(),
        push.time.0.into(),
        push.status.code().into(),
        push.down.0.into(),
        push.up.0.into(),
        push.volatility.0.into(),
    ];
    emit(&mut event, &words);
}

/// A round waits for a second one.
pub fn suspect(asset: &Address, push: &Push, candidate: Price) {
    let mut event = about(topic!("RoundSuspect(address,uint128,uint128,uint32)"), asset);
    emit(&mut event, &[push.median.0.into(), candidate.0.into(), push.time.0.into()]);
}

/// A round lay outside of the bounds.
pub fn out_of_bounds(asset: &Address, median: Price, time: Timestamp) {
    let mut event = about(topic!("RoundOutOfBounds(address,uint128,uint32)"), asset);
    emit(&mut event, &[median.0.into(), time.0.into()]);
}

/// The second such round in a row: the asset takes no more rounds.
pub fn frozen(asset: &Address, median: Price, time: Timestamp) {
    let mut event = about(topic!("RoundFrozen(address,uint128,uint32)"), asset);
    emit(&mut event, &[median.0.into(), time.0.into()]);
}

/// A reporter's report lay too far from the median of its round; `faults` is how many he has this week.
pub fn fault(asset: &Address, reporter: &Address, faults: u8) {
    let mut event = about(topic!("ReporterFault(address,address,uint8)"), asset);
    event.topic(reporter.into());
    emit(&mut event, &[faults.into()]);
}

/// A reporter had too many faults: he reports no more and lost this.
pub fn suspended(reporter: &Address, slashed: u128) {
    let mut event = about(topic!("ReporterSlashed(address,uint128)"), reporter);
    emit(&mut event, &[slashed.into()]);
}

/// A report was left out: its asset's rate could not be read.
pub fn rate_unread(asset: &Address, source: &Address) {
    let mut event = about(topic!("RateNotRead(address,address)"), asset);
    event.topic(source.into());
    emit(&mut event, &[]);
}
