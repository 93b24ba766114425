//! What the feed knows, in Solidity's encoding.

use crate::items;
use ink::prelude::vec::Vec;
use weir_core::address::Address;
use weir_core::error::Word;
use weir_core::feed::{FeedAsset, FeedRoot, MAX_REPORTERS};
use weir_shell::chain;
use weir_shell::writer::Writer;

/// Answers with the last round of an asset.
pub fn round(asset: &FeedAsset) -> ! {
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

/// Answers with the last report of one reporter.
pub fn last_report(asset: &FeedAsset, index: usize) -> ! {
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
