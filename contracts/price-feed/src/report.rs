//! Reports: kept, and made into rounds by `weir-core`.

use crate::events;
use crate::items;
use crate::push::Prices;
use crate::refuse::{Refusal, refuse, refuse_one, refuse_plain};
use weir_core::address::Address;
use weir_core::feed::{FeedRoot, LastReport, Outcome, Refused};
use weir_core::units::Timestamp;

/// One report of the calling reporter about `asset`. What became known is added to `prices`.
pub fn take(
    root: &FeedRoot,
    (index, reporter): (usize, &Address),
    now: Timestamp,
    (asset, report): (&Address, LastReport),
    prices: &mut Prices,
) {
    let mut state = items::load(asset);
    let outcome = match state.report(index, report, now, root.skew, root.quorum()) {
        Ok(outcome) => outcome,
        Err(refused) => refuse_report(asset, &report, refused),
    };
    items::store(asset, &state);
    events::reported(asset, reporter, &report);
    match outcome {
        Outcome::Waiting => {}
        Outcome::Accepted(push) => {
            events::accepted(asset, &push);
            prices.add(asset, &push);
        }
        Outcome::Suspect { push, candidate } => {
            events::suspect(asset, &push, candidate);
            prices.add(asset, &push);
        }
        Outcome::OutOfBounds { median, time, frozen } => {
            events::out_of_bounds(asset, median, time);
            if let Some(push) = frozen {
                events::frozen(asset, median, time);
                prices.add(asset, &push);
            }
        }
    }
}

fn refuse_report(asset: &Address, report: &LastReport, refused: Refused) -> ! {
    let time = report.time.0.into();
    match refused {
        Refused::Zero => refuse_one(Refusal::ZeroPrice, asset),
        Refused::Future(latest) => refuse(Refusal::ReportInFuture, time, latest.0.into()),
        Refused::NotLater(newest) => refuse(Refusal::ReportTooOld, time, newest.0.into()),
        Refused::UnknownReporter | Refused::Overflow => refuse_plain(Refusal::Overflow),
    }
}
