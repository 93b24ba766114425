//! The governor: M of N signers decide, everybody sees it coming, one may object.
//!
//! A proposal is a list of calls. It collects signatures; with the M-th its delay begins, so that whoever disagrees has
//! the whole delay to leave or to object; then it can be executed, once, for a week. Its id is the hash of the governor,
//! a number that is never used again, and the calls: a signature is for these calls and no others, on this governor, once.
//!
//! Every signature belongs to one set of signers. A new set begins with no proposal: what the old one signed is stale.
//!
//! The holder of the veto stops a proposal, except one that only names the next holder of the veto, or one that all N
//! have signed. Where M = N a veto therefore stops nothing.

mod council;
mod item;

pub use council::{Council, Delays, Itself, MAX_SIGNERS, ROOT_LEN, Signer, VetoHolder};
pub use item::PROPOSAL_LEN;

use crate::{address::Address, control::MAX_PAUSE, units::Timestamp};

/// Shortest delay: an hour.
pub const MIN_DELAY: u32 = 3_600;
/// Longest delay: as long as a guardian can hold things still until the governor acts.
pub const MAX_DELAY: u32 = MAX_PAUSE;
/// How long signatures are collected, and how long a proposal waits for its execution: a week each.
pub const LIFETIME: u32 = 604_800;
/// Most calls of a proposal.
pub const MAX_CALLS: usize = 8;

/// `administer(bytes)` of a pool, which holds another call.
pub const ADMINISTER: [u8; 4] = 0x5ec6_18e7_u32.to_be_bytes();
/// `setVetoHolder(address)` of the governor itself.
pub const SET_VETO_HOLDER: [u8; 4] = 0x4b5b_8ba4_u32.to_be_bytes();
/// Calls that wait for the short delay only, as they stand in a proposal: `rearm(address)` of a feed, and its
/// `setBounds(address,uint16,uint128,uint128)`.
pub const SHORT: [[u8; 4]; 2] = [0x56fb_d8b7_u32.to_be_bytes(), 0x15bf_3f13_u32.to_be_bytes()];
/// The same, within `administer`: `unpause(address,uint16)`.
pub const SHORT_WITHIN: [[u8; 4]; 1] = [0xf32e_3acc_u32.to_be_bytes()];

/// Why the governor refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// None of the signers.
    NotSigner,
    /// Not the holder of the veto.
    NotVetoHolder,
    /// Not the proposer.
    NotProposer,
    /// Only a proposal of the governor's own may do this.
    OnlyItself,
    /// Not from 1 to [`MAX_SIGNERS`] signers, all different, none the zero address.
    Signers,
    /// Not 1 ≤ M ≤ N.
    Threshold,
    /// Not [`MIN_DELAY`] ≤ short ≤ long ≤ [`MAX_DELAY`].
    Delays,
    /// No call, or more than [`MAX_CALLS`].
    Calls,
    /// It was executed, or cancelled.
    Closed,
    /// Another set of signers had proposed it.
    Stale,
    /// Its time is over.
    Expired,
    /// This signer has signed already.
    Signed,
    /// This signer has not signed.
    NotSigned,
    /// Not enough signatures.
    TooFew,
    /// Its delay is not over.
    TooEarly,
    /// The veto was used, and not all have signed since.
    Vetoed,
    /// It only names the next holder of the veto, or all have signed.
    NoVeto,
    /// There were 2^64 proposals.
    Exhausted,
}

/// How long a proposal waits once it has its signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// What ends an emergency and risks little.
    Short,
    /// Everything else.
    Long,
}

/// What a proposal's calls are, seen one by one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plan {
    calls: usize,
    long: usize,
    names_holder: usize,
}

impl Plan {
    /// Looks at a call; `own` tells that the governor calls itself.
    pub fn add(&mut self, own: bool, data: &[u8]) {
        self.calls = self.calls.saturating_add(1);
        let (selector, arguments) = data.split_first_chunk().unwrap_or((&[0; 4], &[]));
        if own || !is_short(selector, arguments) {
            self.long = self.long.saturating_add(1);
        }
        if own && *selector == SET_VETO_HOLDER {
            self.names_holder = self.names_holder.saturating_add(1);
        }
    }

    /// The delay of a proposal with these calls: short only if that is enough for each.
    #[must_use]
    pub const fn class(&self) -> Class {
        if self.long == 0 { Class::Short } else { Class::Long }
    }

    /// Whether it names the next holder of the veto and does nothing else: its holder has no say in that.
    #[must_use]
    pub const fn is_exempt(&self) -> bool {
        self.names_holder == self.calls
    }

    const fn check(&self) -> Result<(), Refused> {
        if self.calls == 0 || self.calls > MAX_CALLS { Err(Refused::Calls) } else { Ok(()) }
    }
}

/// Whether a call needs the short delay only. A pool takes `administer` in its canonical encoding alone, in which the
/// call within begins behind an offset of 32 and its length.
fn is_short(selector: &[u8; 4], arguments: &[u8]) -> bool {
    if *selector != ADMINISTER {
        return SHORT.contains(selector);
    }
    let Some((offset, rest)) = arguments.split_first_chunk::<32>() else { return false };
    let within = rest.split_first_chunk::<32>().and_then(|(_, call)| call.first_chunk());
    let canonical =
        matches!(offset.split_last(), Some((32, head)) if head.iter().all(|byte| *byte == 0));
    canonical && within.is_some_and(|selector| SHORT_WITHIN.contains(selector))
}

/// How a proposal ended, if it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its calls were made.
    Executed,
    /// Its proposer took it back.
    Cancelled,
}

/// What can be done with a proposal now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It needs more signatures.
    Collecting,
    /// It has its signatures and waits for the end of its delay.
    Waiting,
    /// It can be executed.
    Ready,
    /// Its calls were made.
    Executed,
    /// Its proposer took it back.
    Cancelled,
    /// The veto was used; the signatures of all would override it.
    Vetoed,
    /// Its time is over.
    Expired,
    /// The signers were replaced since it was made.
    Stale,
}

impl State {
    /// Its number in the interface; 0 is no proposal.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Collecting => 1,
            Self::Waiting => 2,
            Self::Ready => 3,
            Self::Executed => 4,
            Self::Cancelled => 5,
            Self::Vetoed => 6,
            Self::Expired => 7,
            Self::Stale => 8,
        }
    }
}

/// A proposal as it is stored. Its calls are in the event of its making; its id commits to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Who made it.
    pub proposer: Address,
    /// Its number, never used again.
    pub nonce: u64,
    /// How long it waits.
    pub class: Class,
    /// When it was made.
    pub proposed: Timestamp,
    /// When it can be executed; none while signatures are missing.
    pub ready: Option<Timestamp>,
    epoch: u32,
    /// A bit for each signer, in the order of the council.
    signatures: u16,
    exempt: bool,
    vetoed: bool,
    end: Option<End>,
}

impl Proposal {
    /// A new proposal, signed by its proposer. Uses up a number of the council.
    ///
    /// # Errors
    /// [`Refused::Calls`], [`Refused::Exhausted`].
    pub fn new(
        council: &mut Council,
        proposer: &Address,
        by: Signer,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        plan.check()?;
        let mut proposal = Self {
            proposer: *proposer,
            nonce: council.take_nonce()?,
            class: plan.class(),
            proposed: now,
            ready: None,
            epoch: council.epoch(),
            signatures: 0,
            exempt: plan.is_exempt(),
            vetoed: false,
            end: None,
        };
        proposal.sign(council, by, now)?;
        Ok(proposal)
    }

    /// What its id is the keccak-256 of: the governor, the number, the hash of the calls.
    #[must_use]
    pub fn preimage(governor: &Address, nonce: u64, calls: &[u8; 32]) -> [u8; 60] {
        let mut bytes = [0; 60];
        let parts = governor.0.iter().copied().chain(nonce.to_be_bytes()).chain(*calls);
        for (place, byte) in bytes.iter_mut().zip(parts) {
            *place = byte;
        }
        bytes
    }

    /// How many have signed.
    #[must_use]
    pub const fn signatures(&self) -> u32 {
        self.signatures.count_ones()
    }

    /// Whether the signer at this place of the council has signed; nobody of it where another one had proposed it.
    #[must_use]
    pub fn is_signed_by(&self, council: &Council, place: usize) -> bool {
        self.epoch == council.epoch() && bit(place).is_some_and(|bit| self.signatures & bit != 0)
    }

    /// The last moment for what it waits for.
    #[must_use]
    pub fn expires(&self) -> Timestamp {
        Timestamp(self.ready.unwrap_or(self.proposed).0.saturating_add(LIFETIME))
    }

    /// What can be done with it.
    #[must_use]
    pub fn state(&self, council: &Council, now: Timestamp) -> State {
        match (self.end, self.ready) {
            (Some(End::Executed), _) => State::Executed,
            (Some(End::Cancelled), _) => State::Cancelled,
            _ if self.epoch != council.epoch() => State::Stale,
            _ if now > self.expires() => State::Expired,
            _ if self.is_stopped(council) => State::Vetoed,
            (_, None) => State::Collecting,
            (_, Some(ready)) if now < ready => State::Waiting,
            _ => State::Ready,
        }
    }

    /// Signs; with the M-th signature the delay begins.
    ///
    /// # Errors
    /// [`Refused::Signed`], [`Refused::Closed`], [`Refused::Stale`], [`Refused::Expired`].
    pub fn sign(&mut self, council: &Council, by: Signer, now: Timestamp) -> Result<(), Refused> {
        self.check_open(council, now)?;
        if self.signatures & by.bit() != 0 {
            return Err(Refused::Signed);
        }
        self.signatures |= by.bit();
        if self.ready.is_none() && council.suffices(self.signatures()) {
            let delay = council.delays().of(self.class);
            self.ready = Some(Timestamp(now.0.saturating_add(delay)));
        }
        Ok(())
    }

    /// Takes a signature back. If too few are left, the delay begins anew with the next one that suffices.
    ///
    /// # Errors
    /// [`Refused::NotSigned`], [`Refused::Closed`], [`Refused::Stale`], [`Refused::Expired`].
    pub fn unsign(&mut self, council: &Council, by: Signer, now: Timestamp) -> Result<(), Refused> {
        self.check_open(council, now)?;
        if self.signatures & by.bit() == 0 {
            return Err(Refused::NotSigned);
        }
        self.signatures &= !by.bit();
        if !council.suffices(self.signatures()) {
            self.ready = None;
        }
        Ok(())
    }

    /// Stops it.
    ///
    /// # Errors
    /// [`Refused::NoVeto`], [`Refused::Closed`], [`Refused::Stale`], [`Refused::Expired`].
    pub fn veto(
        &mut self,
        council: &Council,
        _: VetoHolder,
        now: Timestamp,
    ) -> Result<(), Refused> {
        self.check_open(council, now)?;
        if self.exempt || council.is_everybody(self.signatures()) {
            return Err(Refused::NoVeto);
        }
        self.vetoed = true;
        Ok(())
    }

    /// Takes it back; its proposer may until it is executed.
    ///
    /// # Errors
    /// [`Refused::NotProposer`], [`Refused::Closed`].
    pub fn cancel(&mut self, caller: &Address) -> Result<(), Refused> {
        if *caller != self.proposer {
            return Err(Refused::NotProposer);
        }
        if self.end.is_some() {
            return Err(Refused::Closed);
        }
        self.end = Some(End::Cancelled);
        Ok(())
    }

    /// Marks it as executed, before its calls are made: it cannot be executed again by any of them.
    ///
    /// # Errors
    /// [`Refused::TooFew`], [`Refused::TooEarly`], [`Refused::Vetoed`], [`Refused::Closed`], [`Refused::Stale`],
    /// [`Refused::Expired`].
    pub fn execute(&mut self, council: &Council, _: Signer, now: Timestamp) -> Result<(), Refused> {
        self.check_open(council, now)?;
        if self.is_stopped(council) {
            return Err(Refused::Vetoed);
        }
        match self.ready {
            None => Err(Refused::TooFew),
            Some(ready) if now < ready => Err(Refused::TooEarly),
            Some(_) => {
                self.end = Some(End::Executed);
                Ok(())
            }
        }
    }

    fn is_stopped(&self, council: &Council) -> bool {
        self.vetoed && !council.is_everybody(self.signatures())
    }

    fn check_open(&self, council: &Council, now: Timestamp) -> Result<(), Refused> {
        if self.end.is_some() {
            Err(Refused::Closed)
        } else if self.epoch != council.epoch() {
            Err(Refused::Stale)
        } else if now > self.expires() {
            Err(Refused::Expired)
        } else {
            Ok(())
        }
    }
}

/// The bit of a place in the council.
fn bit(place: usize) -> Option<u16> {
    1_u16.checked_shl(u32::try_from(place).ok()?)
}

#[cfg(test)]
mod tests;
