//! Reports: kept, and made into rounds by `weir-core`.

use crate::events;
use weir_core::address::Address;
use weir_core::feed::{FeedRoot, LastReport, Outcome, Refused};
use weir_core::units::Timestamp;
use weir_shell::feed::push::Prices;
use weir_shell::feed::refuse::{Refusal, refuse, refuse_one, refuse_plain};
use weir_shell::feed::{items, rate};

/// One report of the calling reporter about `asset`. What became known is added to `prices`.
///
/// A report about an asset whose rate cannot be read is left out with an event: it must not hold the others back.
pub fn take(
    root: &mut FeedRoot,
    (index, reporter): (usize, &Address),
    now: Timestamp,
    (asset, report): (&Address, LastReport),
    prices: &mut Prices,
) {
    let mut state = items::load(asset);
    let rate = match &state.rate {
        None => None,
        Some(rate) => match rate::read(rate) {
            None => return events::rate_unread(asset, &rate.source),
            read => read,
        },
    };
    let outcome = match state.report(index, report, &root.terms(now, rate)) {
        Ok(outcome) => outcome,
        Err(refused) => refuse_report((asset, reporter), &report, refused),
    };
    items::store(asset, &state);
    events::reported(asset, reporter, &report);
    match outcome {
        Outcome::Waiting => {}
        Outcome::Accepted { push, faults } => {
            events::accepted(asset, &push);
            prices.add(asset, &push);
            if faults != 0 {
                judge(root, asset, faults, now);
            }
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

/// Holds a round's faults against their reporters. A reporter who is suspended by one loses his bond.
#[cold]
#[inline(never)]
fn judge(root: &mut FeedRoot, asset: &Address, faults: u16, now: Timestamp) {
    let mut control = items::control();
    let before = root.suspended();
    for index in FeedRoot::members(faults) {
        let Some(reporter) = root.reporters().get(index).copied() else { continue };
        let mut bond = items::bond(&reporter);
        let judged = control.bonds.judge(root, index, &mut bond, now);
        items::store_bond(&reporter, &bond);
        events::fault(asset, &reporter, judged.faults);
        if let Some(slashed) = judged.slashed {
            events::suspended(&reporter, slashed);
        }
    }
    if root.suspended() != before {
        items::store_control(&control);
        items::store_root(root);
    }
}

fn refuse_report(
    (asset, reporter): (&Address, &Address),
    report: &LastReport,
    refused: Refused,
) -> ! {
    let time = report.time.0.into();
    match refused {
        Refused::Zero => refuse_one(Refusal::ZeroPrice, asset),
        Refused::Future(latest) => refuse(Refusal::ReportInFuture, time, latest.0.into()),
        Refused::NotLater(newest) => refuse(Refusal::ReportTooOld, time, newest.0.into()),
        Refused::Suspended => refuse_one(Refusal::ReporterSuspended, reporter),
        // The reporter is known and the rate was read.
        Refused::UnknownReporter | Refused::NoRate | Refused::Overflow => {
            refuse_plain(Refusal::Overflow)
        }
    }
}
