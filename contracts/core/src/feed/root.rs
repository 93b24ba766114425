//! The feed's root: who reports, how many must agree, who is told.

use super::MAX_REPORTERS;
use crate::address::Address;
use crate::state::MAX_ITEM;
use crate::state::codec::{Corrupt, Reader, Writer};

/// Most pools that one feed tells.
pub const MAX_SUBSCRIBERS: usize = 4;

/// Length of the stored root in bytes.
pub const ROOT_LEN: usize =
    20 + 1 + MAX_REPORTERS * 20 + 1 + 4 + 1 + MAX_SUBSCRIBERS * SUBSCRIBER + 4;

const SUBSCRIBER: usize = 20 + 8 + 8;

const _: () = assert!(ROOT_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

/// Why a change of the root is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootRefused {
    /// No reporter, more than [`MAX_REPORTERS`], the zero address or the same reporter twice.
    Reporters,
    /// Not 1 ≤ quorum ≤ reporters.
    Quorum,
    /// [`MAX_SUBSCRIBERS`] are there already.
    Subscribers,
    /// The pool is subscribed already, or is not.
    Pool,
}

/// A pool that is told of each round, and what telling it may cost. A report whose push fails with less than this left
/// is refused as a whole, so that nobody can starve a pool of its price by sending a report with too little weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subscriber {
    /// The pool.
    pub pool: Address,
    /// Execution time in picoseconds.
    pub ref_time: u64,
    /// Proof in bytes.
    pub proof_size: u64,
}

/// What every message of the feed reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedRoot {
    /// Who may change the feed.
    pub governor: Address,
    reporters: [Address; MAX_REPORTERS],
    reporter_count: u8,
    quorum: u8,
    /// How far a report's time may be ahead of the chain's, in seconds.
    pub skew: u32,
    subscribers: [Subscriber; MAX_SUBSCRIBERS],
    subscriber_count: u8,
    /// Assets listed so far.
    pub asset_count: u32,
}

impl FeedRoot {
    /// A root without assets and subscribers.
    ///
    /// # Errors
    /// As [`Self::set_reporters`].
    pub fn new(
        governor: Address,
        reporters: &[Address],
        quorum: u8,
        skew: u32,
    ) -> Result<Self, RootRefused> {
        let mut root = Self {
            governor,
            reporters: [Address::default(); MAX_REPORTERS],
            reporter_count: 0,
            quorum: 0,
            skew,
            subscribers: [Subscriber::default(); MAX_SUBSCRIBERS],
            subscriber_count: 0,
            asset_count: 0,
        };
        root.set_reporters(reporters, quorum)?;
        Ok(root)
    }

    /// Replaces the reporters. The reports kept in the assets belong to the old indices: forget them.
    ///
    /// # Errors
    /// [`RootRefused::Reporters`], [`RootRefused::Quorum`].
    pub fn set_reporters(&mut self, reporters: &[Address], quorum: u8) -> Result<(), RootRefused> {
        let count = u8::try_from(reporters.len()).map_err(|_| RootRefused::Reporters)?;
        if reporters.is_empty() || reporters.len() > MAX_REPORTERS {
            return Err(RootRefused::Reporters);
        }
        let mut list = [Address::default(); MAX_REPORTERS];
        for (slot, reporter) in list.iter_mut().zip(reporters) {
            *slot = *reporter;
        }
        for (index, reporter) in reporters.iter().enumerate() {
            let earlier = reporters.iter().take(index);
            if *reporter == Address::default() || earlier.into_iter().any(|other| other == reporter)
            {
                return Err(RootRefused::Reporters);
            }
        }
        if quorum == 0 || quorum > count {
            return Err(RootRefused::Quorum);
        }
        self.reporters = list;
        self.reporter_count = count;
        self.quorum = quorum;
        Ok(())
    }

    /// Reporters in the order of their indices.
    #[must_use]
    pub fn reporters(&self) -> &[Address] {
        self.reporters.get(..usize::from(self.reporter_count)).unwrap_or(&[])
    }

    /// Index of a reporter.
    #[must_use]
    pub fn reporter(&self, who: &Address) -> Option<usize> {
        self.reporters().iter().position(|reporter| reporter == who)
    }

    /// How many reports make a round.
    #[must_use]
    pub const fn quorum(&self) -> u8 {
        self.quorum
    }

    /// Pools that are told of each round.
    #[must_use]
    pub fn subscribers(&self) -> &[Subscriber] {
        self.subscribers.get(..usize::from(self.subscriber_count)).unwrap_or(&[])
    }

    /// Adds a pool.
    ///
    /// # Errors
    /// [`RootRefused::Pool`] if it is there already, [`RootRefused::Subscribers`] if there is no room.
    pub fn subscribe(&mut self, subscriber: Subscriber) -> Result<(), RootRefused> {
        if self.subscribers().iter().any(|other| other.pool == subscriber.pool) {
            return Err(RootRefused::Pool);
        }
        let slot = self.subscribers.get_mut(usize::from(self.subscriber_count));
        *slot.ok_or(RootRefused::Subscribers)? = subscriber;
        self.subscriber_count += 1;
        Ok(())
    }

    /// Removes a pool; the last one takes its place.
    ///
    /// # Errors
    /// [`RootRefused::Pool`] if it is not there.
    pub fn unsubscribe(&mut self, pool: &Address) -> Result<(), RootRefused> {
        let index = self.subscribers().iter().position(|other| other.pool == *pool);
        let index = index.ok_or(RootRefused::Pool)?;
        let last = self.subscriber_count.checked_sub(1).ok_or(RootRefused::Pool)?;
        self.subscribers.swap(index, usize::from(last));
        self.subscriber_count = last;
        Ok(())
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; ROOT_LEN] {
        let mut item = [0; ROOT_LEN];
        let mut writer = Writer::new(&mut item);
        writer.put(self.governor.0);
        writer.u8(self.reporter_count);
        for reporter in &self.reporters {
            writer.put(reporter.0);
        }
        writer.u8(self.quorum);
        writer.u32(self.skew);
        writer.u8(self.subscriber_count);
        for subscriber in &self.subscribers {
            writer.put(subscriber.pool.0);
            writer.u64(subscriber.ref_time);
            writer.u64(subscriber.proof_size);
        }
        writer.u32(self.asset_count);
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for another length or counts that this version never writes.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let governor = Address(reader.take()?);
        let reporter_count = reader.u8()?;
        let mut reporters = [Address::default(); MAX_REPORTERS];
        for reporter in &mut reporters {
            *reporter = Address(reader.take()?);
        }
        let (quorum, skew, subscriber_count) = (reader.u8()?, reader.u32()?, reader.u8()?);
        let mut subscribers = [Subscriber::default(); MAX_SUBSCRIBERS];
        for subscriber in &mut subscribers {
            *subscriber = Subscriber {
                pool: Address(reader.take()?),
                ref_time: reader.u64()?,
                proof_size: reader.u64()?,
            };
        }
        let asset_count = reader.u32()?;
        reader.finish()?;
        let counts_fit = usize::from(reporter_count) <= MAX_REPORTERS
            && usize::from(subscriber_count) <= MAX_SUBSCRIBERS;
        if !counts_fit {
            return Err(Corrupt);
        }
        Ok(Self {
            governor,
            reporters,
            reporter_count,
            quorum,
            skew,
            subscribers,
            subscriber_count,
            asset_count,
        })
    }
}
