#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use std::vec::Vec;

const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
const NOW: Timestamp = Timestamp(1_700_000_000);
const HOLDER: Address = Address([9; 20]);
const THIS: Address = Address([7; 20]);

fn signers(count: u8) -> Vec<Address> {
    (1..=count).map(|number| Address([number; 20])).collect()
}

fn at(seconds: u32) -> Timestamp {
    Timestamp(NOW.0 + seconds)
}

/// Two of three, an hour and a day.
fn council() -> Council {
    Council::new(&signers(3), 2, Delays::new(HOUR, DAY).unwrap(), HOLDER).unwrap()
}

fn signer(council: &Council, number: u8) -> Signer {
    council.signer(&Address([number; 20])).unwrap()
}

fn itself() -> Itself {
    Council::itself(&THIS, &THIS).unwrap()
}

/// A plan of one foreign call with this data.
fn plan(data: &[u8]) -> Plan {
    let mut plan = Plan::default();
    plan.add(false, data);
    plan
}

/// Proposed by the first signer.
fn proposal(council: &mut Council, plan: &Plan) -> Proposal {
    let by = signer(council, 1);
    Proposal::new(council, &Address([1; 20]), by, plan, NOW).unwrap()
}

/// `administer(bytes)` with a call inside, encoded by hand: offset, length, data.
fn administer(within: &[u8], offset: u8) -> Vec<u8> {
    let mut data = ADMINISTER.to_vec();
    for last in [offset, u8::try_from(within.len()).unwrap()] {
        data.extend_from_slice(&[0; 31]);
        data.push(last);
    }
    data.extend_from_slice(within);
    data
}

#[test]
fn a_council_has_one_to_twelve_different_signers_and_a_threshold_among_them() {
    let delays = Delays::new(HOUR, DAY).unwrap();
    let council = |list: &[Address], threshold| Council::new(list, threshold, delays, HOLDER);
    assert_eq!(council(&[], 0), Err(Refused::Signers));
    assert_eq!(council(&signers(13), 1), Err(Refused::Signers));
    assert_eq!(council(&[Address::ZERO], 1), Err(Refused::Signers));
    let twice = [Address([1; 20]), Address([2; 20]), Address([1; 20])];
    assert_eq!(council(&twice, 2), Err(Refused::Signers));
    assert_eq!(council(&twice[1..], 1).err(), None);
    assert_eq!(council(&[twice[0], twice[0], twice[1]], 2), Err(Refused::Signers));
    for (count, threshold) in [(1, 0), (1, 2), (12, 13), (3, 0)] {
        assert_eq!(council(&signers(count), threshold), Err(Refused::Threshold));
    }
    for (count, threshold) in [(1, 1), (3, 3), (12, 1), (12, 12)] {
        let council = council(&signers(count), threshold).unwrap();
        assert_eq!((council.signers(), council.threshold()), (&signers(count)[..], threshold));
    }
}

#[test]
fn delays_go_from_an_hour_to_a_day() {
    for (short, long) in [(HOUR - 1, DAY), (HOUR, DAY + 1), (HOUR + 1, HOUR), (0, 0)] {
        assert_eq!(Delays::new(short, long), Err(Refused::Delays));
    }
    for (short, long) in [(HOUR, HOUR), (HOUR, DAY), (DAY, DAY)] {
        let delays = Delays::new(short, long).unwrap();
        assert_eq!((delays.of(Class::Short), delays.of(Class::Long)), (short, long));
    }
}

#[test]
fn only_what_ends_an_emergency_waits_the_short_delay() {
    let (rearm, unpause) = (SHORT[0], SHORT_WITHIN[0]);
    for data in [&rearm[..], &administer(&unpause, 32)] {
        assert_eq!(plan(data).class(), Class::Short);
        // The same call of the governor to itself is none of a feed or a pool.
        let mut own = Plan::default();
        own.add(true, data);
        assert_eq!(own.class(), Class::Long);
        // And another call beside it makes the whole of it wait.
        let mut both = plan(data);
        both.add(false, &[1, 2, 3, 4]);
        assert_eq!(both.class(), Class::Long);
    }
    let long = [
        Vec::new(),
        rearm[..3].to_vec(),
        // Outside of `administer` nothing is unpaused, and inside of it nothing is rearmed.
        unpause.to_vec(),
        administer(&rearm, 32),
        administer(&[1, 2, 3, 4], 32),
        administer(&[], 32),
        administer(&unpause[..3], 32),
        // Not canonical: what is read elsewhere is not what stands here.
        administer(&unpause, 64),
        administer(&unpause, 0),
        ADMINISTER.to_vec(),
    ];
    for data in long {
        assert_eq!(plan(&data).class(), Class::Long, "{data:?}");
    }
}

#[test]
fn a_proposal_holds_one_to_eight_calls() {
    let mut council = council();
    let mut plan = Plan::default();
    let by = signer(&council, 1);
    let proposer = Address([1; 20]);
    let mut propose = |plan: &Plan| Proposal::new(&mut council, &proposer, by, plan, NOW);
    assert_eq!(propose(&plan), Err(Refused::Calls));
    for _ in 0..8 {
        plan.add(false, &[]);
        assert!(propose(&plan).is_ok());
    }
    plan.add(false, &[]);
    assert_eq!(propose(&plan), Err(Refused::Calls));
    // What was refused used no number up.
    assert_eq!(council.nonce(), 8);
}

#[test]
fn the_delay_begins_with_the_signature_that_suffices() {
    for (data, delay) in [(SHORT[0].to_vec(), HOUR), (Vec::new(), DAY)] {
        let mut council = council();
        let mut proposal = proposal(&mut council, &plan(&data));
        assert_eq!((proposal.ready, proposal.signatures()), (None, 1));
        assert_eq!(proposal.state(&council, at(10)), State::Collecting);
        let first = signer(&council, 1);
        assert_eq!(proposal.sign(&council, first, at(20)), Err(Refused::Signed));
        assert_eq!(proposal.execute(&council, first, at(20)), Err(Refused::TooFew));
        proposal.sign(&council, signer(&council, 2), at(100)).unwrap();
        assert_eq!(proposal.ready, Some(at(100 + delay)));
        // A third signature does not begin it anew.
        proposal.sign(&council, signer(&council, 3), at(200)).unwrap();
        assert_eq!(proposal.ready, Some(at(100 + delay)));
        let early = at(100 + delay - 1);
        assert_eq!(proposal.state(&council, early), State::Waiting);
        assert_eq!(proposal.execute(&council, first, early), Err(Refused::TooEarly));
        assert_eq!(proposal.state(&council, at(100 + delay)), State::Ready);
        proposal.execute(&council, first, at(100 + delay)).unwrap();
        assert_eq!(proposal.state(&council, at(100 + delay)), State::Executed);
    }
}

#[test]
fn nothing_is_executed_twice_or_after_it_was_taken_back() {
    let mut council = council();
    let mut executed = proposal(&mut council, &plan(&[]));
    let by = signer(&council, 2);
    executed.sign(&council, by, NOW).unwrap();
    let ready = at(DAY);
    let mut cancelled = executed;
    executed.execute(&council, by, ready).unwrap();
    assert_eq!(cancelled.cancel(&Address([2; 20])), Err(Refused::NotProposer));
    cancelled.cancel(&Address([1; 20])).unwrap();
    assert_eq!(cancelled.state(&council, ready), State::Cancelled);
    let holder = council.veto_holder(&HOLDER).unwrap();
    for mut proposal in [executed, cancelled] {
        assert_eq!(proposal.execute(&council, by, ready), Err(Refused::Closed));
        assert_eq!(proposal.sign(&council, signer(&council, 3), ready), Err(Refused::Closed));
        assert_eq!(proposal.unsign(&council, by, ready), Err(Refused::Closed));
        assert_eq!(proposal.veto(&council, holder, ready), Err(Refused::Closed));
        assert_eq!(proposal.cancel(&Address([1; 20])), Err(Refused::Closed));
    }
}

#[test]
fn a_proposal_expires_a_week_after_its_making_and_a_week_after_it_is_ready() {
    let mut council = council();
    let mut proposal = proposal(&mut council, &plan(&[]));
    let (second, week) = (signer(&council, 2), LIFETIME);
    assert_eq!(proposal.state(&council, at(week)), State::Collecting);
    assert_eq!(proposal.state(&council, at(week + 1)), State::Expired);
    let late = proposal.sign(&council, second, at(week + 1));
    assert_eq!(late, Err(Refused::Expired));
    proposal.sign(&council, second, at(week)).unwrap();
    let ready = week + DAY;
    assert_eq!(proposal.expires(), at(ready + week));
    assert_eq!(proposal.state(&council, at(ready + week)), State::Ready);
    let late = at(ready + week + 1);
    assert_eq!(proposal.state(&council, late), State::Expired);
    assert_eq!(proposal.execute(&council, second, late), Err(Refused::Expired));
    assert!(proposal.execute(&council, second, at(ready + week)).is_ok());
}

#[test]
fn a_signature_taken_back_stops_what_lacks_it() {
    let mut council = council();
    let mut proposal = proposal(&mut council, &plan(&[]));
    let (second, third) = (signer(&council, 2), signer(&council, 3));
    assert_eq!(proposal.unsign(&council, second, NOW), Err(Refused::NotSigned));
    proposal.sign(&council, second, at(10)).unwrap();
    proposal.unsign(&council, second, at(20)).unwrap();
    assert_eq!((proposal.ready, proposal.signatures()), (None, 1));
    proposal.sign(&council, third, at(30)).unwrap();
    assert_eq!(proposal.ready, Some(at(30 + DAY)));
    // One more than needed can go without that.
    proposal.sign(&council, second, at(40)).unwrap();
    proposal.unsign(&council, third, at(50)).unwrap();
    assert_eq!(proposal.ready, Some(at(30 + DAY)));
    let signed: Vec<_> = (0..3).map(|place| proposal.is_signed_by(&council, place)).collect();
    assert_eq!(signed, [true, true, false]);
}

#[test]
fn a_veto_stops_until_all_have_signed() {
    let mut council = council();
    let mut proposal = proposal(&mut council, &plan(&[]));
    let (second, third) = (signer(&council, 2), signer(&council, 3));
    proposal.sign(&council, second, NOW).unwrap();
    assert_eq!(council.veto_holder(&Address([1; 20])).unwrap_err(), Refused::NotVetoHolder);
    let holder = council.veto_holder(&HOLDER).unwrap();
    proposal.veto(&council, holder, at(1)).unwrap();
    assert_eq!(proposal.state(&council, at(DAY)), State::Vetoed);
    assert_eq!(proposal.execute(&council, second, at(DAY)), Err(Refused::Vetoed));
    let mut overridden = proposal;
    overridden.sign(&council, third, at(DAY)).unwrap();
    assert_eq!(overridden.state(&council, at(DAY)), State::Ready);
    assert_eq!(overridden.veto(&council, holder, at(DAY)), Err(Refused::NoVeto));
    overridden.execute(&council, second, at(DAY)).unwrap();
    // Even all of them wait for the end of the delay.
    let mut early = proposal;
    early.sign(&council, third, at(2)).unwrap();
    assert_eq!(early.execute(&council, second, at(DAY - 1)), Err(Refused::TooEarly));
}

#[test]
fn nobody_vetoes_his_own_replacement() {
    let mut council = council();
    let mut replaces = Plan::default();
    replaces.add(true, &SET_VETO_HOLDER);
    let mut proposal_ = proposal(&mut council, &replaces);
    let holder = council.veto_holder(&HOLDER).unwrap();
    assert_eq!(proposal_.veto(&council, holder, NOW), Err(Refused::NoVeto));
    assert_eq!(proposal_.class, Class::Long);
    // The same call elsewhere, or anything beside it, can be vetoed.
    let mut beside = replaces;
    beside.add(false, &[]);
    for plan in [plan(&SET_VETO_HOLDER), beside] {
        let mut proposal = proposal(&mut council, &plan);
        assert_eq!(proposal.veto(&council, holder, NOW), Ok(()));
    }
    council.set_holder(itself(), Address::ZERO);
    assert_eq!(council.veto_holder(&HOLDER).unwrap_err(), Refused::NotVetoHolder);
}

#[test]
fn a_new_set_of_signers_begins_with_nothing() {
    let mut council = council();
    let mut proposal = proposal(&mut council, &plan(&[]));
    proposal.sign(&council, signer(&council, 2), NOW).unwrap();
    let refused = council.set_signers(itself(), &signers(3), 4);
    assert_eq!((refused, council.epoch()), (Err(Refused::Threshold), 0));
    // The first leaves, a new one has his place and nothing of his signature.
    let next = [Address([4; 20]), Address([2; 20]), Address([3; 20])];
    council.set_signers(itself(), &next, 2).unwrap();
    assert_eq!(council.signer(&Address([1; 20])).unwrap_err(), Refused::NotSigner);
    let by = signer(&council, 4);
    assert!(!proposal.is_signed_by(&council, 0));
    assert_eq!(proposal.state(&council, at(DAY)), State::Stale);
    assert_eq!(proposal.execute(&council, by, at(DAY)), Err(Refused::Stale));
    assert_eq!(proposal.sign(&council, by, NOW), Err(Refused::Stale));
    let holder = council.veto_holder(&HOLDER).unwrap();
    assert_eq!(proposal.veto(&council, holder, NOW), Err(Refused::Stale));
    assert_eq!(Council::itself(&HOLDER, &THIS).unwrap_err(), Refused::OnlyItself);
}

#[test]
fn other_delays_are_for_later_signatures() {
    let mut council = council();
    let mut early = proposal(&mut council, &plan(&[]));
    let mut late = early;
    early.sign(&council, signer(&council, 2), NOW).unwrap();
    council.set_delays(itself(), Delays::new(HOUR, 2 * HOUR).unwrap());
    late.sign(&council, signer(&council, 2), NOW).unwrap();
    assert_eq!((early.ready, late.ready), (Some(at(DAY)), Some(at(2 * HOUR))));
}

#[test]
fn no_two_proposals_have_the_same_id() {
    let mut council = council();
    let (first, second) = (proposal(&mut council, &plan(&[])), proposal(&mut council, &plan(&[])));
    assert_eq!((first.nonce, second.nonce), (0, 1));
    let calls = [5; 32];
    let id = |governor, nonce, calls| Proposal::preimage(&governor, nonce, &calls);
    let one = id(THIS, 0x0102, calls);
    // Governor, number, calls: each byte has its place.
    assert_eq!(one[..20], THIS.0);
    assert_eq!(one[20..28], [0, 0, 0, 0, 0, 0, 1, 2]);
    assert_eq!(one[28..], calls);
    for other in [id(HOLDER, 0x0102, calls), id(THIS, 0x0103, calls), id(THIS, 0x0102, [6; 32])] {
        assert_ne!(one, other);
    }
}

#[test]
fn items_come_back_as_they_were() {
    let mut council =
        Council::new(&signers(12), 7, Delays::new(HOUR + 1, DAY - 1).unwrap(), HOLDER).unwrap();
    council.set_signers(itself(), &signers(11), 6).unwrap();
    let mut original = proposal(&mut council, &plan(&SHORT[0]));
    assert_eq!(Council::decode(&council.encode()), Ok(council));
    for number in 2..=6 {
        original.sign(&council, signer(&council, number), NOW).unwrap();
    }
    let holder = council.veto_holder(&HOLDER).unwrap();
    original.veto(&council, holder, NOW).unwrap();
    let mut executed = original;
    executed.end = Some(End::Executed);
    let mut cancelled = proposal(&mut council, &Plan { names_holder: 1, ..plan(&[]) });
    cancelled.cancel(&Address([1; 20])).unwrap();
    for proposal in [original, executed, cancelled] {
        assert_eq!(Proposal::decode(&proposal.encode()), Ok(proposal));
    }
    // Nothing shorter, nothing longer, nothing that cannot be.
    let item = council.encode();
    assert!(Council::decode(&item[1..]).is_err());
    assert!(Council::decode(&[&item[..], &[0]].concat()).is_err());
    for (place, value) in [(0, 0), (0, 13), (1, 0), (1, 12)] {
        let mut item = item;
        item[place] = value;
        assert!(Council::decode(&item).is_err(), "{place} {value}");
    }
    let mut item = original.encode();
    item[PROPOSAL_LEN - 1] = 0b1_1000;
    assert!(Proposal::decode(&item).is_err());
    assert!(Proposal::decode(&item[..PROPOSAL_LEN - 1]).is_err());
}

#[test]
fn states_have_the_numbers_of_the_interface() {
    use State::{Cancelled, Collecting, Executed, Expired, Ready, Stale, Vetoed, Waiting};
    let states = [Collecting, Waiting, Ready, Executed, Cancelled, Vetoed, Expired, Stale];
    for (number, state) in (1u8..).zip(states) {
        assert_eq!(state.code(), number);
    }
    assert_eq!(council().holder(), &HOLDER);
}
