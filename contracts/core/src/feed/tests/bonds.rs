//! Faults, suspension, bonds.

use super::*;
use std::vec::Vec;

fn reporters(count: u8) -> Vec<Address> {
    (1..=count).map(|number| Address([number; 20])).collect()
}

fn root(count: u8, quorum: u8) -> FeedRoot {
    let mut root = FeedRoot::new(CODE, Address([9; 20]), &reporters(count), quorum, 5).unwrap();
    root.set_faults(Bps(500), 2).unwrap();
    root
}

fn faults(outcome: Outcome) -> u16 {
    match outcome {
        Outcome::Accepted { faults, .. } => faults,
        other => panic!("not accepted: {other:?}"),
    }
}

/// Reports at their own times; the outcome of the last.
fn reported(asset: &mut FeedAsset, reports: &[(u128, u32)], terms: &Terms) -> Outcome {
    let mut outcome = Outcome::Waiting;
    for (index, (price, time)) in reports.iter().enumerate() {
        outcome = asset.report(index, at(dollars(*price), *time), terms).unwrap();
    }
    outcome
}

#[test]
fn a_report_beyond_the_bound_is_a_fault_and_one_at_it_is_none() {
    // 5 % of 100 are 5: 105 is still near, 106 and 94 are not.
    for (price, expected) in [(105, 0), (106, 0b100), (95, 0), (94, 0b100)] {
        let mut asset = asset();
        assert_eq!(faults(round(&mut asset, &[100, 100, price], 100)), expected, "{price}");
    }
    // Without a bound there are no faults.
    let mut asset = asset();
    let none = Terms { fault: Bps(0), ..terms(3) };
    assert_eq!(faults(reported(&mut asset, &[(100, 100), (100, 100), (900, 100)], &none)), 0);
}

#[test]
fn a_report_is_a_fault_once() {
    let mut asset = asset();
    // The report of 106 is later than its round's time (101), so that it counts again in the next one.
    let first = reported(&mut asset, &[(100, 100), (100, 101), (106, 102)], &terms(3));
    assert_eq!(faults(first), 0b100);
    assert_eq!(asset.report(0, at(dollars(100), 103), &terms(3)), Ok(Outcome::Waiting));
    let again = asset.report(1, at(dollars(100), 103), &terms(3)).unwrap();
    assert_eq!(faults(again), 0, "counted before");
    // A new report of the same is a new fault.
    for reporter in 0..2 {
        asset.report(reporter, at(dollars(100), 110), &terms(3)).unwrap();
    }
    assert_eq!(faults(asset.report(2, at(dollars(106), 110), &terms(3)).unwrap()), 0b100);
}

#[test]
fn a_report_of_another_time_is_no_fault() {
    // The skew is 5 s: prices moved between 100 and 106 s.
    for (time, expected) in [(105, 0b100), (106, 0)] {
        let mut asset = asset();
        let reports = [(100, 100), (100, 100), (108, time)];
        assert_eq!(faults(reported(&mut asset, &reports, &terms(3))), expected, "{time}");
    }
}

#[test]
fn nothing_is_a_fault_while_the_price_is_suspect() {
    let mut asset = asset();
    accepted(round(&mut asset, &[100, 100, 100], 100));
    // Half of the reporters saw the crash first: neither side is at fault, nor in the round that decides.
    assert!(matches!(round(&mut asset, &[100, 70, 70], 160), Outcome::Suspect { .. }));
    let decided = round(&mut asset, &[100, 70, 70], 220);
    assert_eq!(faults(decided), 0);
    assert!(matches!(decided, Outcome::Accepted { push, .. } if push.status == Status::Confirmed));
    // From then on it is again.
    assert_eq!(faults(round(&mut asset, &[100, 70, 70], 280)), 0b001);
}

#[test]
fn a_suspended_reporter_reports_nothing_and_counts_for_nothing() {
    let mut asset = asset();
    let terms = Terms { suspended: 0b100, ..terms(2) };
    assert_eq!(asset.report(2, at(dollars(100), 100), &terms), Err(Refused::Suspended));
    // What he had said before makes no quorum.
    asset.reports[2] = at(dollars(900), 100);
    assert_eq!(asset.report(0, at(dollars(100), 100), &terms), Ok(Outcome::Waiting));
    let push = accepted(asset.report(1, at(dollars(102), 100), &terms).unwrap());
    assert_eq!(push.median, dollars(101));
}

#[test]
fn nobody_is_suspended_below_the_quorum() {
    let mut root = root(4, 2);
    assert!(root.suspend(3) && !root.suspend(3));
    assert!(root.suspend(0));
    // Two of the quorum of two are left.
    assert!(!root.suspend(1) && !root.suspend(2));
    assert_eq!(root.suspended(), 0b1001);
    assert!(!root.suspend(4), "there is no such reporter");
    assert_eq!(FeedRoot::members(root.suspended()).collect::<Vec<_>>(), [0, 3]);
    // Naming the reporters anew begins anew.
    root.set_reporters(&reporters(4), 2).unwrap();
    assert_eq!(root.suspended(), 0);
}

#[test]
fn more_faults_than_allowed_in_a_week_cost_the_bond() {
    let mut root = root(4, 2);
    let mut bonds = Bonds::default();
    bonds.set(Address([7; 20]), 50).unwrap();
    let mut bond = Bond::default();
    bonds.deposit(&mut bond, 60).unwrap();
    let day = |day: u32| Timestamp(7 * 86_400 * 100 + day * 86_400);
    let judge = |bonds: &mut Bonds, root: &mut FeedRoot, bond: &mut Bond, now| {
        bonds.judge(root, 1, bond, now)
    };
    assert_eq!(
        judge(&mut bonds, &mut root, &mut bond, day(0)),
        Judged { faults: 1, slashed: None }
    );
    assert_eq!(judge(&mut bonds, &mut root, &mut bond, day(6)).faults, 2);
    // The next week begins anew.
    assert_eq!(judge(&mut bonds, &mut root, &mut bond, day(7)).faults, 1);
    assert_eq!(judge(&mut bonds, &mut root, &mut bond, day(8)).faults, 2);
    let last = judge(&mut bonds, &mut root, &mut bond, day(9));
    assert_eq!(last, Judged { faults: 3, slashed: Some(60) });
    assert_eq!((bond.amount, bonds.held, bonds.slashed), (0, 0, 60));
    assert_eq!(root.suspended(), 0b10);
    assert_eq!((bonds.take_slashed(), bonds.take_slashed()), (60, 0));
    assert_eq!(bond.faults(day(13)), 3);
    assert_eq!(bond.faults(day(14)), 0);
}

#[test]
fn where_nobody_can_be_spared_nothing_is_slashed() {
    let mut root = root(2, 2);
    let mut bonds = Bonds::default();
    let mut bond = Bond::default();
    bond.amount = 60;
    for faults in 1..=5 {
        let judged = bonds.judge(&mut root, 0, &mut bond, NOW);
        assert_eq!(judged, Judged { faults, slashed: None });
    }
    assert_eq!((bond.amount, root.suspended()), (60, 0));
}

#[test]
fn a_bond_is_paid_out_when_its_reporter_is_long_gone() {
    let mut bonds = Bonds::default();
    bonds.set(Address([7; 20]), 50).unwrap();
    let mut bond = Bond::default();
    assert_eq!(bonds.withdraw(&mut bond, false, NOW), Err(BondRefused::Nothing));
    bonds.deposit(&mut bond, 60).unwrap();
    assert_eq!(bonds.withdraw(&mut bond, true, NOW), Err(BondRefused::Reporter));
    bond.released = Timestamp(NOW.0 + BOND_DELAY);
    let before = Timestamp(NOW.0 + BOND_DELAY - 1);
    assert_eq!(bonds.withdraw(&mut bond, false, before), Err(BondRefused::Locked(bond.released)));
    assert_eq!(bonds.held, 60);
    let released = bond.released;
    assert_eq!(bonds.withdraw(&mut bond, false, released), Ok(60));
    assert_eq!((bond.amount, bonds.held), (0, 0));
    assert!(bonds.deposit(&mut bond, u128::MAX).is_ok());
    assert!(bonds.deposit(&mut Bond::default(), 1).is_err(), "no more than fits in all");
}

#[test]
fn the_token_stays_while_the_feed_holds_some_of_it() {
    let [one, other] = [Address([7; 20]), Address([8; 20])];
    let mut bonds = Bonds::default();
    assert_eq!(bonds.set(Address::ZERO, 1), Err(0), "a bond needs a token");
    assert!(bonds.set(one, 50).is_ok() && bonds.set(other, 50).is_ok());
    let mut bond = Bond::default();
    bonds.deposit(&mut bond, 60).unwrap();
    assert_eq!(bonds.set(other, 70), Ok(()));
    assert_eq!(bonds.set(one, 50), Err(60));
    assert!(bonds.set(one, 1).is_err() && bonds.least == 70);
    let reporter = Address([1; 20]);
    assert_eq!(bonds.admit(&reporter, &bond), Err(RootRefused::Bond(reporter, 60)));
    bonds.set(other, 60).unwrap();
    assert_eq!(bonds.admit(&reporter, &bond), Ok(()));
}

#[test]
fn faults_and_bonds_come_back_as_they_were_stored() {
    let mut bond = Bond::default();
    (bond.amount, bond.released) = (7, Timestamp(8));
    bond.fault(NOW);
    assert_eq!(Bond::decode(&bond.encode()), Ok(bond));
    assert_eq!(Bond::decode(&[]), Err(Corrupt));
    let control = FeedControl {
        offered: Address([1; 20]),
        freezes: FreezeAccount { until: Timestamp(2), used: 3 },
        bonds: Bonds { token: Address([4; 20]), least: 5, held: 6, slashed: 7 },
    };
    assert_eq!(FeedControl::decode(&control.encode()), Ok(control));
    let mut root = root(4, 2);
    root.suspend(1);
    root.guardian = Address([6; 20]);
    assert_eq!(FeedRoot::decode(&root.encode()), Ok(root));
    assert_eq!(FeedRoot::decode(&[0; ROOT_LEN]), Err(Corrupt), "an empty cell is no root");
    assert!(root.set_faults(Bps(10_001), 1).is_err() && root.set_faults(Bps(10_000), 1).is_ok());
}

#[test]
fn the_role_passes_to_whom_it_was_offered() {
    let [to, other] = [Address([1; 20]), Address([2; 20])];
    let mut control = FeedControl::default();
    assert_eq!(control.accept(&Address::ZERO), Err(Address::ZERO));
    control.offered = to;
    assert_eq!(control.accept(&other), Err(to));
    assert_eq!(control.accept(&to), Ok(to));
    assert_eq!(control.accept(&to), Err(Address::ZERO), "once");
}
