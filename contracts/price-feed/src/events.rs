//! The feed's events, in Solidity's encoding.

use ink::codegen::sol::keccak_256;
use weir_core::address::Address;
use weir_core::feed::{LastReport, Push, Settings};
use weir_core::units::{Price, Timestamp};
use weir_shell::chain;
use weir_shell::writer::{Writer, address_word, word};

const fn topic(signature: &str) -> [u8; 32] {
    keccak_256(signature.as_bytes())
}

/// A reporter's report was kept.
pub fn reported(asset: &Address, reporter: &Address, report: &LastReport) {
    let topics = [
        const { topic("Reported(address,address,uint128,uint32)") },
        address_word(&asset.0),
        address_word(&reporter.0),
    ];
    emit(&topics, &[report.price.0, report.time.0.into()]);
}

/// A round was accepted.
pub fn accepted(asset: &Address, push: &Push) {
    let topics = [
        const { topic("RoundAccepted(address,uint32,uint128,uint32,uint8,uint16,uint16,uint16)") },
        address_word(&asset.0),
        word(push.round.into()),
    ];
    emit(
        &topics,
        &[
            push.median.0,
            push.time.0.into(),
            push.status.code().into(),
            push.down.0.into(),
            push.up.0.into(),
            push.volatility.0.into(),
        ],
    );
}

/// A round waits for a second one.
pub fn suspect(asset: &Address, push: &Push, candidate: Price) {
    let topics =
        [const { topic("RoundSuspect(address,uint128,uint128,uint32)") }, address_word(&asset.0)];
    emit(&topics, &[push.median.0, candidate.0, push.time.0.into()]);
}

/// A round lay outside of the bounds.
pub fn out_of_bounds(asset: &Address, median: Price, time: Timestamp) {
    let topics = [const { topic("RoundOutOfBounds(address,uint128,uint32)") }, address_word(&asset.0)];
    emit(&topics, &[median.0, time.0.into()]);
}

/// The second such round in a row: the asset takes no more rounds.
pub fn frozen(asset: &Address, median: Price, time: Timestamp) {
    let topics = [const { topic("RoundFrozen(address,uint128,uint32)") }, address_word(&asset.0)];
    emit(&topics, &[median.0, time.0.into()]);
}

/// A pool failed with its weight.
pub fn push_skipped(pool: &Address) {
    emit(&[const { topic("PushSkipped(address)") }, address_word(&pool.0)], &[]);
}

/// An asset was added.
pub fn asset_added(asset: &Address, settings: &Settings) {
    let topics = [const { topic("AssetAdded(address,uint16,uint128,uint128)") }, address_word(&asset.0)];
    emit(&topics, &[settings.max_step().0.into(), settings.low().0, settings.high().0]);
}

/// A frozen asset takes rounds again.
pub fn rearmed(asset: &Address) {
    emit(&[const { topic("Rearmed(address)") }, address_word(&asset.0)], &[]);
}

/// A pool is told from now on.
pub fn subscribed(pool: &Address) {
    emit(&[const { topic("Subscribed(address)") }, address_word(&pool.0)], &[]);
}

/// A pool is no longer told.
pub fn unsubscribed(pool: &Address) {
    emit(&[const { topic("Unsubscribed(address)") }, address_word(&pool.0)], &[]);
}

/// The reporters were replaced.
pub fn reporters_set(reporters: &[Address], quorum: u8) {
    let mut data = Writer::<{ (3 + weir_core::feed::MAX_REPORTERS) * 32 }>::new();
    data.number(64);
    data.number(quorum.into());
    data.number(u128::try_from(reporters.len()).unwrap_or(0));
    for reporter in reporters {
        data.address(&reporter.0);
    }
    chain::emit(&[const { topic("ReportersSet(address[],uint8)") }], data.bytes());
}

#[inline(never)]
fn emit(topics: &[[u8; 32]], words: &[u128]) {
    let mut data = Writer::<{ 6 * 32 }>::new();
    for value in words {
        data.number(*value);
    }
    chain::emit(topics, data.bytes());
}
