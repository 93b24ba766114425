#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use proptest::prelude::*;

#[test]
fn the_layout_is_the_one_of_the_design() {
    assert_eq!(ACCOUNT_MAX_LEN, 354);
    let mut account = Account { category: 3, version: 0x0102_0304, ..Account::default() };
    assert_eq!(account.encode().as_slice().len(), 22);
    *account.supply_or_new(ReserveId(5)).unwrap() = SupplyLeg {
        reserve: ReserveId(5),
        opted_out: true,
        shares: Shares(0x11),
        protected: Assets(0x22),
    };
    account.set_debt(ReserveId(7), Shares(0x33)).unwrap();
    let item = account.encode();
    let bytes = item.as_slice();
    // One supply leg and one debt leg: 22 + 33 + 17, the 72 bytes of a typical account.
    assert_eq!(bytes.len(), 72);
    assert_eq!(bytes[..10], [1, 3, 0, 0x11, 1, 0, 4, 3, 2, 1]);
    assert_eq!((bytes[22], bytes[23], bytes[39]), (5, 0x11, 0x22));
    assert_eq!((bytes[55], bytes[56]), (7, 0x33));
}

#[test]
fn an_absent_item_is_a_fresh_account() {
    assert_eq!(Account::decode(&[]), Ok(Account::default()));
    assert_eq!(Account::decode(&[0; 22]), Err(Corrupt));
    let mut bytes = Account::default().encode().as_slice().to_vec();
    bytes.push(0);
    assert_eq!(Account::decode(&bytes), Err(Corrupt));
    bytes.truncate(21);
    assert_eq!(Account::decode(&bytes), Err(Corrupt));
}

#[test]
fn more_legs_than_there_are_do_not_decode() {
    let mut bytes = [0; 22 + 9 * 33];
    (bytes[0], bytes[3]) = (1, 9);
    assert_eq!(Account::decode(&bytes), Err(Corrupt));
}

#[test]
fn the_ninth_supply_and_the_fifth_debt_are_refused() {
    let mut account = Account::default();
    for id in 0..8 {
        account.supply_or_new(ReserveId(id)).unwrap().shares = Shares(1);
    }
    let refusal = account.supply_or_new(ReserveId(8)).unwrap_err();
    assert_eq!(
        (refusal.code(), refusal.a(), refusal.b()),
        (Code::TooManyLegs, Word::from(8u8), Word::from(8u8))
    );
    for id in 0..4 {
        account.set_debt(ReserveId(id), Shares(1)).unwrap();
    }
    assert_eq!(account.set_debt(ReserveId(4), Shares(1)).unwrap_err().code(), Code::TooManyLegs);
    assert_eq!(account.encode().as_slice().len(), 354);
}

proptest! {
    /// Against a map: whatever is set is what is there, and the item carries it all.
    #[test]
    fn legs_behave_like_a_map(
        steps in prop::collection::vec((any::<bool>(), 0u8..4, prop_oneof![Just(0u128), any::<u128>()]), 0..40)
    ) {
        let mut account = Account::default();
        let mut supplies = std::collections::BTreeMap::new();
        let mut debts = std::collections::BTreeMap::new();
        for (debt, id, amount) in steps {
            if debt {
                account.set_debt(ReserveId(id), Shares(amount)).unwrap();
                debts.insert(id, amount);
            } else {
                account.supply_or_new(ReserveId(id)).unwrap().shares = Shares(amount);
                account.tidy_supply(ReserveId(id));
                supplies.insert(id, amount);
            }
        }
        supplies.retain(|_, amount| *amount != 0);
        debts.retain(|_, amount| *amount != 0);
        prop_assert_eq!(account.supplies().len(), supplies.len());
        prop_assert_eq!(account.debts().len(), debts.len());
        let again = Account::decode(account.encode().as_slice()).unwrap();
        prop_assert_eq!(&again, &account);
        for (id, amount) in supplies {
            prop_assert_eq!(account.supply(ReserveId(id)).unwrap().shares, Shares(amount));
        }
        for (id, amount) in debts {
            prop_assert_eq!(account.debt(ReserveId(id)), Shares(amount));
        }
    }
}
