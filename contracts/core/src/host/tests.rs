#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;
use crate::{memory::MemoryHost, testkit::words};

#[test]
fn an_absent_account_is_fresh_and_an_absent_reserve_is_corrupt() {
    let mut host = MemoryHost::default();
    assert_eq!(host.load_account(&Address([1; 20])), Ok(Account::default()));
    assert_eq!(words(host.load_reserve(ReserveId(3))), (Code::Corrupt, u128::from(b'r'), 0));
}

#[test]
fn items_that_cannot_be_read_name_themselves() {
    let mut host = MemoryHost::default();
    let who = Address([1; 20]);
    for len in [5, 400, 417, 1_000] {
        host.insert(&keys::account(&who), &std::vec![9; len]);
        let expected = (Code::Corrupt, u128::from(b'a'), u128::try_from(len).unwrap());
        assert_eq!(words(host.load_account(&who)), expected);
        host.insert(&keys::reserve(ReserveId(0)), &std::vec![9; len]);
        let expected = (Code::Corrupt, u128::from(b'r'), u128::try_from(len).unwrap());
        assert_eq!(words(host.load_reserve(ReserveId(0))), expected);
        host.insert(&keys::INDEBTED_COUNT, &std::vec![9; len]);
        let expected = (Code::Corrupt, u128::from(b'n'), u128::try_from(len).unwrap());
        assert_eq!(words(host.append_indebted(&who)), expected);
    }
}

#[test]
fn a_page_that_does_not_fit_its_count_is_corrupt() {
    let mut host = MemoryHost::default();
    let who = Address([1; 20]);
    host.append_indebted(&who).unwrap();
    host.append_indebted(&who).unwrap();
    assert_eq!(host.indebted().unwrap(), [who, who]);
    host.insert(&keys::indebted_page(0), &[1; 60]);
    assert_eq!(words(host.append_indebted(&who)), (Code::Corrupt, u128::from(b'i'), 60));
    host.insert(&keys::INDEBTED_COUNT, &u32::MAX.to_le_bytes());
    assert_eq!(words(host.append_indebted(&who)), (Code::Overflow, 0, 0));
}

#[test]
fn a_host_in_memory_keeps_the_root_and_what_was_said() {
    use crate::{event::Event, testkit::Pool};

    let mut host = MemoryHost::default();
    assert!(host.root().is_err());
    let root = Pool::new().root;
    host.set_root(&root);
    assert_eq!(host.root(), Ok(root));
    // Three tokens are listed.
    assert_eq!(root.count(), 3);
    let event = Event::WoundUp {
        asset: Address([1; 20]),
        assets: crate::units::Assets(1),
        shares: crate::units::Shares(2),
    };
    Host::emit(&mut host, &event);
    assert_eq!(host.events(), [event]);
}
