//! What the feed knows, in Solidity's encoding.

use ink::prelude::vec::Vec;
use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::feed::{FeedAsset, FeedRoot, MAX_REPORTERS};
use weir_shell::chain;
use weir_shell::feed::arguments::ReportOf;
use weir_shell::feed::items;
use weir_shell::feed::refuse::{Refusal, refuse_one};
use weir_shell::writer::Writer;

/// Answers with the last round of an asset; a freeze whose time is over has ended.
pub fn round(mut asset: FeedAsset) -> ! {
    asset.thaw(items::now());
    let mut buffer = [0; 10 * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.number(asset.last.median.0);
    answer.number(asset.last.time.0.into());
    answer.number(asset.last.round.into());
    answer.number(asset.last.status.code().into());
    answer.number(asset.last.down.0.into());
    answer.number(asset.last.up.0.into());
    answer.number(asset.last.volatility.0.into());
    answer.number(asset.twap.0);
    answer.number(asset.candidate.0);
    // Without a candidate this time only says after which reports count.
    let time = if asset.candidate.0 == 0 { 0 } else { asset.candidate_time.0 };
    answer.number(time.into());
    chain::answer(answer.written())
}

/// Answers with the last report of one reporter, the rate applied.
pub fn last_report(root: &FeedRoot, of: &ReportOf) -> ! {
    let Some(index) = root.reporter(&of.reporter) else {
        refuse_one(Refusal::NotReporter, &of.reporter);
    };
    let asset = items::load(&of.asset);
    let report = asset.reports.get(index).copied().unwrap_or_default();
    let mut buffer = [0; 2 * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.number(report.price.0);
    answer.number(report.time.0.into());
    chain::answer(answer.written())
}

/// Answers with a short list of addresses: reporters or subscribers.
pub fn list(count: usize, addresses: impl Iterator<Item = Address>) -> ! {
    let mut buffer = [0; (2 + MAX_REPORTERS) * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.number(32);
    answer.length(count);
    for address in addresses {
        answer.address(&address);
    }
    chain::answer(answer.written())
}

/// Answers with all assets.
pub fn assets(root: &FeedRoot) -> ! {
    let mut answer = Vec::new();
    answer.extend_from_slice(&Word::from(32u8).to_be_bytes());
    answer.extend_from_slice(&Word::from(root.asset_count).to_be_bytes());
    items::each_listed(root.asset_count, |asset| {
        answer.extend_from_slice(&Word::from(&asset).to_be_bytes());
    });
    chain::answer(&answer)
}

/// Answers with governor, quorum and skew.
pub fn settings(root: &FeedRoot) -> ! {
    let mut buffer = [0; 3 * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.address(&root.governor);
    answer.number(root.quorum().into());
    answer.number(root.skew.into());
    chain::answer(answer.written())
}

/// Answers with governor, guardian, and to whom the governor's role is offered.
pub fn roles(root: &FeedRoot) -> ! {
    let control = items::control();
    words(&[(&root.governor).into(), (&root.guardian).into(), (&control.offered).into()])
}

/// Answers with the bounds of an asset, the end of a guardian's freeze, and what time the guardian has left.
pub fn bounds(asset: &FeedAsset) -> ! {
    let settings = &asset.settings;
    let left = items::control().freezes.left(items::now());
    words(&[
        settings.max_step().0.into(),
        settings.low().0.into(),
        settings.high().0.into(),
        asset.frozen_until.0.into(),
        left.into(),
    ])
}

/// Answers with where the rate of an asset is read and what it is capped at now; zeros where it has none.
pub fn rate(asset: &FeedAsset) -> ! {
    let Some(rate) = &asset.rate else { words(&[Word::ZERO; 6]) };
    let mut buffer = [0; 6 * 32];
    let mut answer = Writer::new(&mut buffer);
    answer.address(&rate.source);
    answer.raw(&rate.selector);
    answer.raw(&[0; 28]);
    answer.number(rate.start());
    answer.number(rate.growth().0.into());
    answer.number(rate.from().0.into());
    answer.number(rate.at(items::now()).unwrap_or(0));
    chain::answer(answer.written())
}

/// Answers with what reporters must lodge, what lies there, and what a fault is.
pub fn bonds(root: &FeedRoot) -> ! {
    let bonds = items::control().bonds;
    words(&[
        (&bonds.token).into(),
        bonds.least.into(),
        bonds.held.into(),
        bonds.slashed.into(),
        root.fault().0.into(),
        root.faults_allowed().into(),
    ])
}

/// Answers with the bond of an account, when it can be withdrawn, its faults this week, and whether it is suspended.
pub fn bond(root: &FeedRoot, of: &Address) -> ! {
    let bond = items::bond(of);
    let index = root.reporter(of);
    let suspended = FeedRoot::members(root.suspended()).any(|member| Some(member) == index);
    words(&[
        bond.amount.into(),
        bond.released.0.into(),
        bond.faults(items::now()).into(),
        suspended.into(),
    ])
}

/// Answers with plain words, of which there are at most six.
fn words(words: &[Word]) -> ! {
    let mut buffer = [0; 6 * 32];
    let mut answer = Writer::new(&mut buffer);
    for word in words {
        answer.word(*word);
    }
    chain::answer(answer.written())
}
