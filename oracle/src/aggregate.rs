//! From the prices of several sources to one: sanity, outliers, weighted median, and where each of them went.

use std::{
    fmt,
    num::{NonZeroU32, NonZeroUsize},
    sync::Arc,
};

use crate::price::Price;

pub mod guard;
#[cfg(test)]
mod tests;

/// The name of a source. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceName(Arc<str>);

impl From<&str> for SourceName {
    fn from(name: &str) -> Self {
        Self(Arc::from(name))
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl serde::Serialize for SourceName {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// The price of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// The source's name.
    pub source: SourceName,
    /// Its weight in the median.
    pub weight: NonZeroU32,
    /// Its price.
    pub price: Price,
    /// When it was observed, in seconds on the clock that `now` is read from.
    pub observed: u64,
}

/// What is asked of the samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// With fewer sources left than this there is no price.
    pub minimum_sources: NonZeroUsize,
    /// A sample older than this is dropped.
    pub max_age_seconds: u64,
    /// A sample below is dropped.
    pub low: Option<Price>,
    /// A sample above is dropped.
    pub high: Option<Price>,
    /// A sample further than this from the median of all is dropped, in bps.
    pub outlier_bps: Option<u32>,
}

/// Why a sample does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Rejection {
    /// Too old.
    #[error("{age_seconds} s old, at most {max_seconds} s are accepted")]
    TooOld {
        /// Its age.
        age_seconds: u64,
        /// The oldest accepted.
        max_seconds: u64,
    },
    /// Observed after now.
    #[error("observed {ahead_seconds} s in the future")]
    FromFuture {
        /// How far ahead.
        ahead_seconds: u64,
    },
    /// Below the lowest price accepted.
    #[error("below the lowest price accepted, {low}")]
    TooLow {
        /// The bound.
        low: Price,
    },
    /// Above the highest price accepted.
    #[error("above the highest price accepted, {high}")]
    TooHigh {
        /// The bound.
        high: Price,
    },
    /// Far from this source's price before, and not yet repeated.
    #[error("{bps} bps from its price before, {before}; to be repeated before it counts")]
    Jump {
        /// The price before.
        before: Price,
        /// How far, in bps.
        bps: u32,
    },
    /// Far from the median of the others.
    #[error("{bps} bps from the median of all sources, {median}")]
    Outlier {
        /// The median of all sane samples.
        median: Price,
        /// How far, in bps.
        bps: u32,
    },
}

/// A sample that does not count.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Rejected {
    /// The source's name.
    pub source: SourceName,
    /// Its price.
    pub price: Price,
    /// Why.
    #[serde(flatten)]
    pub why: Rejection,
}

/// A price and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Aggregate {
    /// The weighted median of the samples that count.
    pub price: Price,
    /// The sources that count, with their prices, by price.
    pub used: Vec<(SourceName, Price)>,
    /// The samples that do not.
    pub rejected: Vec<Rejected>,
}

/// Too few sources are left.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{left} of at least {needed} sources are left{}", reasons(.rejected))]
pub struct NotEnough {
    /// How many are left.
    pub left: usize,
    /// How many are needed.
    pub needed: usize,
    /// What was rejected.
    pub rejected: Vec<Rejected>,
}

fn reasons(rejected: &[Rejected]) -> String {
    let reason = |r: &Rejected| format!("; {} gave {}: {}", r.source, r.price, r.why);
    rejected.iter().map(reason).collect()
}

/// Makes one price of the samples at the time `now`. `rejected` are samples that were dropped before, to be told of.
///
/// # Errors
///
/// [`NotEnough`] if fewer sources than the policy's minimum are left.
pub fn aggregate(
    samples: Vec<Sample>,
    mut rejected: Vec<Rejected>,
    now: u64,
    policy: &Policy,
) -> Result<Aggregate, NotEnough> {
    let mut sane = Vec::with_capacity(samples.len());
    for sample in samples {
        match insane(&sample, now, policy) {
            Some(why) => rejected.push(reject(&sample, why)),
            None => sane.push(sample),
        }
    }
    // Sorting by source too makes the outcome independent of the order of asking.
    sane.sort_by(|a, b| (a.price, &a.source).cmp(&(b.price, &b.source)));
    if let (Some(median), Some(bound)) = (weighted_median(&sane), policy.outlier_bps) {
        sane.retain(|sample| {
            let bps = sample.price.distance_bps(median);
            let far = bps > bound;
            if far {
                rejected.push(reject(sample, Rejection::Outlier { median, bps }));
            }
            !far
        });
    }
    let needed = policy.minimum_sources.get();
    match weighted_median(&sane) {
        Some(price) if sane.len() >= needed => {
            let used = sane.into_iter().map(|sample| (sample.source, sample.price)).collect();
            Ok(Aggregate { price, used, rejected })
        }
        _ => Err(NotEnough { left: sane.len(), needed, rejected }),
    }
}

fn reject(sample: &Sample, why: Rejection) -> Rejected {
    Rejected { source: sample.source.clone(), price: sample.price, why }
}

/// Why a sample is not sane by itself.
fn insane(sample: &Sample, now: u64, policy: &Policy) -> Option<Rejection> {
    let max_seconds = policy.max_age_seconds;
    if let Some(ahead_seconds) = sample.observed.checked_sub(now).filter(|ahead| *ahead > 0) {
        return Some(Rejection::FromFuture { ahead_seconds });
    }
    let age_seconds = now.saturating_sub(sample.observed);
    if age_seconds > max_seconds {
        return Some(Rejection::TooOld { age_seconds, max_seconds });
    }
    let low = policy.low.filter(|low| sample.price < *low).map(|low| Rejection::TooLow { low });
    low.or_else(|| {
        let high = policy.high.filter(|high| sample.price > *high);
        high.map(|high| Rejection::TooHigh { high })
    })
}

/// The weighted median of samples sorted by price: the price at which half of the weight is reached; where exactly
/// half lies below, the mean of the two prices around it, rounded down, as the feed on chain does.
fn weighted_median(sorted: &[Sample]) -> Option<Price> {
    let weight = |sample: &Sample| u64::from(sample.weight.get());
    let total: u64 = sorted.iter().map(weight).sum();
    let mut below = 0;
    let mut samples = sorted.iter().peekable();
    while let Some(sample) = samples.next() {
        below += weight(sample);
        if 2 * below > total {
            return Some(sample.price);
        }
        if 2 * below == total {
            return samples.peek().map(|above| sample.price.mean_floor(above.price));
        }
    }
    None
}
