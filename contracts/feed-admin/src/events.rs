//! The events of rare messages, in Solidity's encoding.

use weir_core::address::Address;
use weir_core::feed::{Bonds, FeedRoot, MAX_REPORTERS, Rate, Settings};
use weir_core::units::Timestamp;
use weir_shell::chain;
use weir_shell::feed::events::{about, emit};
use weir_shell::topic;
use weir_shell::writer::Writer;

/// An asset was added.
pub fn asset_added(asset: &Address, settings: &Settings) {
    bounds(topic!("AssetAdded(address,uint16,uint128,uint128)"), asset, settings);
}

/// The bounds of an asset were replaced.
pub fn bounds_set(asset: &Address, settings: &Settings) {
    bounds(topic!("BoundsSet(address,uint16,uint128,uint128)"), asset, settings);
}

fn bounds(signature: &[u8; 32], asset: &Address, settings: &Settings) {
    let step = settings.max_step().0.into();
    let words = [step, settings.low().0.into(), settings.high().0.into()];
    emit(&mut about(signature, asset), &words);
}

/// The rate of an asset was replaced; none where the source is the zero address.
pub fn rate_set(asset: &Address, rate: Option<&Rate>) {
    let mut event = about(topic!("RateSet(address,address,uint128,uint16,uint32)"), asset);
    event.topic(rate.map_or(&Address::ZERO, |rate| &rate.source).into());
    let (start, growth, from) =
        rate.map_or((0, 0, 0), |rate| (rate.start(), rate.growth().0, rate.from().0));
    emit(&mut event, &[start.into(), growth.into(), from.into()]);
}

/// The guardian froze an asset, or made its freeze longer.
pub fn frozen(asset: &Address, until: Timestamp) {
    emit(&mut about(topic!("AssetFrozen(address,uint32)"), asset), &[until.0.into()]);
}

/// Somebody else may freeze.
pub fn guardian_set(guardian: &Address) {
    emit(&mut about(topic!("GuardianSet(address)"), guardian), &[]);
}

/// The governor's role was offered.
pub fn governor_offered(to: &Address) {
    emit(&mut about(topic!("GovernorOffered(address)"), to), &[]);
}

/// The governor's role was taken.
pub fn governor_set(governor: &Address) {
    emit(&mut about(topic!("GovernorSet(address)"), governor), &[]);
}

/// What is asked of reporters changed.
pub fn bonds_set(bonds: &Bonds, root: &FeedRoot) {
    let mut event = about(topic!("BondsSet(address,uint128,uint16,uint8)"), &bonds.token);
    let words = [bonds.least.into(), root.fault().0.into(), root.faults_allowed().into()];
    emit(&mut event, &words);
}

/// Somebody lodged this, and has this much lodged now.
pub fn bond_deposited(who: &Address, amount: u128, bond: u128) {
    let mut event = about(topic!("BondDeposited(address,uint128,uint128)"), who);
    emit(&mut event, &[amount.into(), bond.into()]);
}

/// A bond was paid out.
pub fn bond_withdrawn(who: &Address, amount: u128) {
    emit(&mut about(topic!("BondWithdrawn(address,uint128)"), who), &[amount.into()]);
}

/// What was slashed went to the insurance of a pool.
pub fn insurance_funded(pool: &Address, amount: u128) {
    emit(&mut about(topic!("InsuranceFunded(address,uint128)"), pool), &[amount.into()]);
}

/// A frozen asset takes rounds again.
pub fn rearmed(asset: &Address) {
    emit(&mut about(topic!("Rearmed(address)"), asset), &[]);
}

/// A pool is told from now on.
pub fn subscribed(pool: &Address) {
    emit(&mut about(topic!("Subscribed(address)"), pool), &[]);
}

/// A pool is no longer told.
pub fn unsubscribed(pool: &Address) {
    emit(&mut about(topic!("Unsubscribed(address)"), pool), &[]);
}

/// The reporters were replaced.
pub fn reporters_set(reporters: &[Address], quorum: u8) {
    let mut buffer = [0; (3 + MAX_REPORTERS) * 32];
    let mut data = Writer::new(&mut buffer);
    data.number(64);
    data.number(quorum.into());
    data.length(reporters.len());
    for reporter in reporters {
        data.address(reporter);
    }
    chain::emit(&[*topic!("ReportersSet(address[],uint8)")], data.written());
}
