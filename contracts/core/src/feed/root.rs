//! The feed's root: who reports, how many must agree, who is told.

use super::MAX_REPORTERS;
use super::asset::bit;
use super::types::Terms;
use crate::address::Address;
use crate::state::MAX_ITEM;
use crate::state::codec::{Corrupt, Reader, Writer};
use crate::units::{Bps, Timestamp};

/// Most pools that one feed tells.
pub const MAX_SUBSCRIBERS: usize = 4;

/// Length of the stored root in bytes.
pub const ROOT_LEN: usize =
    3 * 20 + 1 + MAX_REPORTERS * 20 + 1 + 4 + 2 + 2 + 1 + 1 + MAX_SUBSCRIBERS * SUBSCRIBER + 4;

/// Farthest from a median that a report can be without being a fault, where faults are counted: as much again.
pub const MAX_FAULT: Bps = Bps(10_000);

const SUBSCRIBER: usize = 20 + 8 + 8;

const _: () = assert!(ROOT_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

/// Why a change of the root is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RootRefused {
    /// More than [`MAX_REPORTERS`].
    Reporters,
    /// A reporter stands twice.
    Duplicate(Address),
    /// Somebody who must be an address is none.
    Zero,
    /// A reporter has not lodged enough, but this.
    Bond(Address, u128),
    /// Faults cannot be counted by more than [`MAX_FAULT`].
    Fault,
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
    /// The code that the feed runs for rare messages. It is named once, at the feed's making.
    pub code: Address,
    /// Who may change the feed.
    pub governor: Address,
    /// Who may freeze its assets for a while.
    pub guardian: Address,
    reporters: [Address; MAX_REPORTERS],
    reporter_count: u8,
    quorum: u8,
    /// How far a report's time may be ahead of the chain's, in seconds.
    pub skew: u32,
    suspended: u16,
    fault: Bps,
    faults_allowed: u8,
    subscribers: [Subscriber; MAX_SUBSCRIBERS],
    subscriber_count: u8,
    /// Assets listed so far.
    pub asset_count: u32,
}

impl FeedRoot {
    /// A root without assets and subscribers, whose governor is its guardian too and which counts no faults.
    ///
    /// # Errors
    /// As [`Self::set_reporters`].
    pub fn new(
        code: Address,
        governor: Address,
        reporters: &[Address],
        quorum: u8,
        skew: u32,
    ) -> Result<Self, RootRefused> {
        let mut root = Self {
            code,
            governor,
            guardian: governor,
            reporters: [Address::default(); MAX_REPORTERS],
            reporter_count: 0,
            quorum: 0,
            skew,
            suspended: 0,
            fault: Bps(0),
            faults_allowed: 0,
            subscribers: [Subscriber::default(); MAX_SUBSCRIBERS],
            subscriber_count: 0,
            asset_count: 0,
        };
        root.set_reporters(reporters, quorum)?;
        Ok(root)
    }

    /// Replaces the reporters; nobody is suspended then. The reports kept in the assets belong to the old indices:
    /// forget them.
    ///
    /// # Errors
    /// [`RootRefused::Reporters`], [`RootRefused::Zero`], [`RootRefused::Duplicate`], [`RootRefused::Quorum`].
    pub fn set_reporters(&mut self, reporters: &[Address], quorum: u8) -> Result<(), RootRefused> {
        let count = u8::try_from(reporters.len()).map_err(|_| RootRefused::Reporters)?;
        if reporters.len() > MAX_REPORTERS {
            return Err(RootRefused::Reporters);
        }
        let mut list = [Address::default(); MAX_REPORTERS];
        for (slot, reporter) in list.iter_mut().zip(reporters) {
            *slot = *reporter;
        }
        for (index, reporter) in reporters.iter().enumerate() {
            if reporter.is_zero() {
                return Err(RootRefused::Zero);
            }
            if reporters.iter().take(index).any(|other| other == reporter) {
                return Err(RootRefused::Duplicate(*reporter));
            }
        }
        if quorum == 0 || quorum > count {
            return Err(RootRefused::Quorum);
        }
        self.reporters = list;
        self.reporter_count = count;
        self.quorum = quorum;
        self.suspended = 0;
        Ok(())
    }

    /// A report farther from its round's median than `fault` counts as a fault, zero: none does; a reporter with more
    /// than `allowed` of them in a week is suspended.
    ///
    /// # Errors
    /// [`RootRefused::Fault`].
    pub fn set_faults(&mut self, fault: Bps, allowed: u8) -> Result<(), RootRefused> {
        if fault > MAX_FAULT {
            return Err(RootRefused::Fault);
        }
        (self.fault, self.faults_allowed) = (fault, allowed);
        Ok(())
    }

    /// The distance from the median beyond which a report is a fault.
    #[must_use]
    pub const fn fault(&self) -> Bps {
        self.fault
    }

    /// How many faults a week a reporter may have.
    #[must_use]
    pub const fn faults_allowed(&self) -> u8 {
        self.faults_allowed
    }

    /// Suspends a reporter unless he is, or too few would be left for a quorum. Whether it did.
    pub fn suspend(&mut self, index: usize) -> bool {
        let one = bit(index);
        let known = index < usize::from(self.reporter_count) && self.suspended & one == 0;
        let active = u32::from(self.reporter_count).saturating_sub(self.suspended.count_ones());
        if !known || active <= u32::from(self.quorum) {
            return false;
        }
        self.suspended |= one;
        true
    }

    /// Reporters, by a bit for each, who are suspended.
    #[must_use]
    pub const fn suspended(&self) -> u16 {
        self.suspended
    }

    /// Indices of the reporters in a set of them.
    pub fn members(set: u16) -> impl Iterator<Item = usize> {
        (0..MAX_REPORTERS).filter(move |index| set & bit(*index) != 0)
    }

    /// What a report about an asset is judged by; `rate` is what its rate was read as.
    #[must_use]
    pub const fn terms(&self, now: Timestamp, rate: Option<u128>) -> Terms {
        Terms {
            now,
            skew: self.skew,
            quorum: self.quorum,
            suspended: self.suspended,
            fault: self.fault,
            rate,
        }
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
        writer.put(self.code.0);
        writer.put(self.governor.0);
        writer.put(self.guardian.0);
        writer.u8(self.reporter_count);
        for reporter in &self.reporters {
            writer.put(reporter.0);
        }
        writer.u8(self.quorum);
        writer.u32(self.skew);
        writer.u16(self.suspended);
        writer.u16(self.fault.0);
        writer.u8(self.faults_allowed);
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
    /// [`Corrupt`] for another length or counts that this version never writes: an empty cell is none.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let code = Address(reader.take()?);
        let governor = Address(reader.take()?);
        let guardian = Address(reader.take()?);
        let reporter_count = reader.u8()?;
        let mut reporters = [Address::default(); MAX_REPORTERS];
        for reporter in &mut reporters {
            *reporter = Address(reader.take()?);
        }
        let (quorum, skew) = (reader.u8()?, reader.u32()?);
        let (suspended, fault, faults_allowed) = (reader.u16()?, Bps(reader.u16()?), reader.u8()?);
        let subscriber_count = reader.u8()?;
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
        let counts_fit = quorum != 0
            && usize::from(reporter_count) <= MAX_REPORTERS
            && usize::from(subscriber_count) <= MAX_SUBSCRIBERS;
        if !counts_fit {
            return Err(Corrupt);
        }
        Ok(Self {
            code,
            governor,
            guardian,
            reporters,
            reporter_count,
            quorum,
            skew,
            suspended,
            fault,
            faults_allowed,
            subscribers,
            subscriber_count,
            asset_count,
        })
    }
}
