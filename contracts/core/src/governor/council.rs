//! Who decides: the signers, how many of them it takes, how long everybody else has, who may object.

use super::{Class, MAX_DELAY, MIN_DELAY, Refused, bit};
use crate::{
    address::Address,
    state::{
        MAX_ITEM,
        codec::{Corrupt, Reader, Writer},
    },
};

/// Most signers.
pub const MAX_SIGNERS: usize = 12;

/// Length of the stored council in bytes.
pub const ROOT_LEN: usize = 2 + MAX_SIGNERS * 20 + 2 * 4 + 20 + 4 + 8;

const _: () = assert!(ROOT_LEN <= MAX_ITEM, "a storage item of the pallet holds 416 bytes");

/// The two delays, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delays {
    short: u32,
    long: u32,
}

impl Delays {
    /// Both delays.
    ///
    /// # Errors
    /// [`Refused::Delays`] unless [`MIN_DELAY`] ≤ short ≤ long ≤ [`MAX_DELAY`].
    pub const fn new(short: u32, long: u32) -> Result<Self, Refused> {
        if short < MIN_DELAY || short > long || long > MAX_DELAY {
            return Err(Refused::Delays);
        }
        Ok(Self { short, long })
    }

    /// The delay of a class.
    #[must_use]
    pub const fn of(self, class: Class) -> u32 {
        match class {
            Class::Short => self.short,
            Class::Long => self.long,
        }
    }
}

/// Shows that one of the signers called. Only [`Council::signer`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Signer(u16);

impl Signer {
    pub(super) const fn bit(self) -> u16 {
        self.0
    }
}

/// Shows that the holder of the veto called. Only [`Council::veto_holder`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct VetoHolder(());

/// Shows that the governor called itself. Only [`Council::itself`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Itself(());

/// The governor's root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Council {
    signers: [Address; MAX_SIGNERS],
    count: u8,
    threshold: u8,
    delays: Delays,
    /// Who may object; the zero address where nobody may.
    holder: Address,
    /// Rises with every new set of signers.
    epoch: u32,
    /// Number of the next proposal.
    nonce: u64,
}

impl Council {
    /// A council without proposals.
    ///
    /// # Errors
    /// [`Refused::Signers`], [`Refused::Threshold`].
    pub fn new(
        signers: &[Address],
        threshold: u8,
        delays: Delays,
        holder: Address,
    ) -> Result<Self, Refused> {
        let mut council = Self {
            signers: [Address::ZERO; MAX_SIGNERS],
            count: 0,
            threshold: 0,
            delays,
            holder,
            epoch: 0,
            nonce: 0,
        };
        council.name(signers, threshold)?;
        Ok(council)
    }

    fn name(&mut self, signers: &[Address], threshold: u8) -> Result<(), Refused> {
        let count = u8::try_from(signers.len()).map_err(|_| Refused::Signers)?;
        let mut named = [Address::ZERO; MAX_SIGNERS];
        let places = named.get_mut(..signers.len()).ok_or(Refused::Signers)?;
        places.copy_from_slice(signers);
        let twice = |(at, signer)| signers.iter().skip(1).skip(at).any(|other| other == signer);
        let unfit = signers.iter().any(Address::is_zero) || signers.iter().enumerate().any(twice);
        if count == 0 || unfit {
            return Err(Refused::Signers);
        }
        if threshold == 0 || threshold > count {
            return Err(Refused::Threshold);
        }
        (self.signers, self.count, self.threshold) = (named, count, threshold);
        Ok(())
    }

    /// The signers.
    #[must_use]
    pub fn signers(&self) -> &[Address] {
        self.signers.get(..usize::from(self.count)).unwrap_or(&[])
    }

    /// How many signatures a proposal needs.
    #[must_use]
    pub const fn threshold(&self) -> u8 {
        self.threshold
    }

    /// The delays.
    #[must_use]
    pub const fn delays(&self) -> Delays {
        self.delays
    }

    /// Who may object.
    #[must_use]
    pub const fn holder(&self) -> &Address {
        &self.holder
    }

    /// The number of this set of signers.
    #[must_use]
    pub const fn epoch(&self) -> u32 {
        self.epoch
    }

    /// How many proposals there were.
    #[must_use]
    pub const fn nonce(&self) -> u64 {
        self.nonce
    }

    /// Lets signers through.
    ///
    /// # Errors
    /// [`Refused::NotSigner`].
    pub fn signer(&self, caller: &Address) -> Result<Signer, Refused> {
        let place = self.signers().iter().position(|signer| signer == caller);
        place.and_then(bit).map(Signer).ok_or(Refused::NotSigner)
    }

    /// Lets the holder of the veto through.
    ///
    /// # Errors
    /// [`Refused::NotVetoHolder`].
    pub fn veto_holder(&self, caller: &Address) -> Result<VetoHolder, Refused> {
        if *caller == self.holder { Ok(VetoHolder(())) } else { Err(Refused::NotVetoHolder) }
    }

    /// Lets the governor itself through, at the address `this`.
    ///
    /// # Errors
    /// [`Refused::OnlyItself`].
    pub fn itself(caller: &Address, this: &Address) -> Result<Itself, Refused> {
        if caller == this { Ok(Itself(())) } else { Err(Refused::OnlyItself) }
    }

    /// Names another set of signers. Everything that the old one has proposed is stale from now on.
    ///
    /// # Errors
    /// [`Refused::Signers`], [`Refused::Threshold`]; [`Refused::Exhausted`] after 2^32 sets.
    pub fn set_signers(
        &mut self,
        _: Itself,
        signers: &[Address],
        threshold: u8,
    ) -> Result<(), Refused> {
        let epoch = self.epoch.checked_add(1).ok_or(Refused::Exhausted)?;
        self.name(signers, threshold)?;
        self.epoch = epoch;
        Ok(())
    }

    /// Sets the delays of proposals that get their signatures from now on.
    pub const fn set_delays(&mut self, _: Itself, delays: Delays) {
        self.delays = delays;
    }

    /// Names who may object; the zero address where nobody may.
    pub const fn set_holder(&mut self, _: Itself, holder: Address) {
        self.holder = holder;
    }

    pub(super) fn take_nonce(&mut self) -> Result<u64, Refused> {
        let nonce = self.nonce;
        self.nonce = nonce.checked_add(1).ok_or(Refused::Exhausted)?;
        Ok(nonce)
    }

    pub(super) fn suffices(&self, signatures: u32) -> bool {
        signatures >= u32::from(self.threshold)
    }

    pub(super) fn is_everybody(&self, signatures: u32) -> bool {
        signatures >= u32::from(self.count)
    }

    /// The stored form.
    #[must_use]
    pub fn encode(&self) -> [u8; ROOT_LEN] {
        let mut item = [0; ROOT_LEN];
        let mut writer = Writer::new(&mut item);
        writer.u8(self.count);
        writer.u8(self.threshold);
        for signer in &self.signers {
            writer.put(signer.0);
        }
        writer.u32(self.delays.short);
        writer.u32(self.delays.long);
        writer.put(self.holder.0);
        writer.u32(self.epoch);
        writer.u64(self.nonce);
        item
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`Corrupt`] for what [`Self::encode`] never writes.
    pub fn decode(item: &[u8]) -> Result<Self, Corrupt> {
        let mut reader = Reader::new(item);
        let (count, threshold) = (reader.u8()?, reader.u8()?);
        let mut signers = [Address::ZERO; MAX_SIGNERS];
        for signer in &mut signers {
            *signer = Address(reader.take()?);
        }
        let delays = Delays::new(reader.u32()?, reader.u32()?).map_err(|_| Corrupt)?;
        let holder = Address(reader.take()?);
        let named = signers.get(..usize::from(count)).ok_or(Corrupt)?;
        let mut council = Self::new(named, threshold, delays, holder).map_err(|_| Corrupt)?;
        (council.epoch, council.nonce) = (reader.u32()?, reader.u64()?);
        reader.finish()?;
        Ok(council)
    }
}
