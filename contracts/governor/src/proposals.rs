//! The life of a proposal: `weir-core` decides, here it is loaded, stored, told and carried out.

use crate::{
    calls::Calls,
    events, items,
    refuse::{Refusal, refuse, word},
};
use weir_core::{
    address::Address,
    governor::{Council, MAX_CALLS, Plan, Proposal, Refused, Signer},
    units::Timestamp,
};
use weir_shell::chain::{self, Entry};

/// Most bytes of an error that a call ended with; those of Weir have 68.
const ERROR: usize = 256;

/// Who calls, when, and who decides.
pub struct Session {
    pub caller: Address,
    pub now: Timestamp,
    pub council: Council,
}

impl Session {
    /// Loads the council.
    pub fn open() -> Self {
        Self { caller: chain::caller(), now: now(), council: items::council() }
    }

    fn signer(&self) -> Signer {
        self.council.signer(&self.caller).unwrap_or_else(|refused| refuse(refused, self, None))
    }

    /// Changes a proposal and stores it.
    fn change(
        &self,
        id: &[u8; 32],
        change: impl FnOnce(&mut Proposal) -> Result<(), Refused>,
    ) -> Proposal {
        let before = items::proposal(id);
        let mut proposal = before;
        if let Err(refused) = change(&mut proposal) {
            refuse(refused, self, Some(&before));
        }
        items::store_proposal(id, &proposal);
        proposal
    }
}

/// Chain time, which fits 32 bits until 2106.
pub fn now() -> Timestamp {
    Timestamp(u32::try_from(chain::now()).unwrap_or(u32::MAX))
}

/// Proposes, signs, and answers with the id.
pub fn propose(calls: &Calls) -> ! {
    let mut session = Session::open();
    let signer = session.signer();
    let (caller, now, this) = (session.caller, session.now, chain::this());
    let (mut plan, mut given) = (Plan::default(), 0_u32);
    calls.each(|index, target, data| {
        require_code(target);
        plan.add(*target == this, data);
        given = index.saturating_add(1);
    });
    match Proposal::new(&mut session.council, &caller, signer, &plan, now) {
        Ok(proposal) => {
            let id = id(proposal.nonce, calls);
            items::store_council(&session.council);
            items::store_proposal(&id, &proposal);
            events::proposed(&id, &proposal, calls);
            events::signed(&id, &caller, &proposal, true);
            chain::answer(&id)
        }
        Err(Refused::Calls) => {
            let most = u32::try_from(MAX_CALLS).unwrap_or(0);
            Refusal::BadCalls.end(&[word(given), word(most)])
        }
        Err(refused) => refuse(refused, &session, None),
    }
}

/// Signs, or takes the signature back.
pub fn sign(id: &[u8; 32], on: bool) {
    let session = Session::open();
    let (signer, now) = (session.signer(), session.now);
    let proposal = session.change(id, |proposal| {
        if on {
            proposal.sign(&session.council, signer, now)
        } else {
            proposal.unsign(&session.council, signer, now)
        }
    });
    events::signed(id, &session.caller, &proposal, on);
}

/// Takes a proposal back.
pub fn cancel(id: &[u8; 32]) {
    let session = Session::open();
    session.change(id, |proposal| proposal.cancel(&session.caller));
    events::cancelled(id);
}

/// Stops a proposal.
pub fn veto(id: &[u8; 32]) {
    let session = Session::open();
    let holder = session.council.veto_holder(&session.caller);
    let holder = holder.unwrap_or_else(|refused| refuse(refused, &session, None));
    session.change(id, |proposal| proposal.veto(&session.council, holder, session.now));
    events::veto_used(id, &session.caller);
}

/// Carries a proposal out. It is stored as executed before its first call.
pub fn execute(id: &[u8; 32], calls: &Calls) {
    let session = Session::open();
    let signer = session.signer();
    let proposal =
        session.change(id, |proposal| proposal.execute(&session.council, signer, session.now));
    if self::id(proposal.nonce, calls) != *id {
        Refusal::OtherCalls.end(&[*id, word(0_u8)]);
    }
    events::executed(id, &session.caller);
    let this = chain::this();
    calls.each(|index, target, data| {
        require_code(target);
        // Only by the governor's own hand is it called meanwhile.
        let entry = if *target == this { Entry::Open } else { Entry::Closed };
        call(index, entry, target, data);
    });
}

/// Makes a call; ends the message with the error that it ends with.
fn call(index: u32, entry: Entry, target: &Address, data: &[u8]) {
    let mut buffer = [0; ERROR];
    match chain::call(entry, target, data, &mut buffer) {
        (Ok(()), _) => {}
        (Err(chain::REVERTED), error) if error.len() >= 4 => chain::revert(error),
        (Err(code), _) => Refusal::CallFailed.end(&[word(index), word(u32::from(code))]),
    }
}

/// A call to an address without code would succeed with nothing done.
fn require_code(target: &Address) {
    if !chain::has_code(target) {
        Refusal::NotContract.end(&[word(target), word(0_u8)]);
    }
}

fn id(nonce: u64, calls: &Calls) -> [u8; 32] {
    chain::keccak(&Proposal::preimage(&chain::this(), nonce, &calls.hash()))
}
