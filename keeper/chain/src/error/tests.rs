#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{ChainError, Class, DispatchFailure, Rejection, Revert};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolError as _;
use weir_abi::Pool;

/// The words are those of `impl From<InvalidTransaction> for &'static str` in sp-runtime 49.
#[test]
fn pool_codes_become_reasons() {
    let read = |code, data| Rejection::read(code, "Invalid Transaction", Some(data)).unwrap();
    assert_eq!(read(1010, "Transaction is outdated"), Rejection::Stale);
    assert_eq!(read(1010, "Transaction will be valid in the future"), Rejection::Future);
    assert_eq!(
        read(1010, "Inability to pay some fees (e.g. account balance too low)"),
        Rejection::Payment
    );
    assert_eq!(read(1010, "Transaction has an ancient birth block"), Rejection::Ancient);
    assert_eq!(read(1010, "Transaction has a bad signature"), Rejection::BadProof);
    assert_eq!(read(1010, "Transaction would exhaust the block limits"), Rejection::Exhausts);
    assert_eq!(read(1014, ""), Rejection::TooLowPriority);
    assert_eq!(read(1013, ""), Rejection::AlreadyImported);
    assert_eq!(read(1016, ""), Rejection::PoolFull);
    assert!(matches!(read(1010, "Custom error: 7"), Rejection::Other { code: 1010, .. }));
    assert_eq!(Rejection::read(-32601, "Method not found", None), None);
}

#[test]
fn classes_say_what_to_do() {
    assert_eq!(ChainError::Rejected(Rejection::Stale).class(), Class::Retry);
    assert_eq!(ChainError::Rejected(Rejection::Payment).class(), Class::Alert);
    assert_eq!(ChainError::Rejected(Rejection::BadProof).class(), Class::Abort);
    let revert =
        DispatchFailure::Module { pallet: "Revive".into(), error: "ContractReverted".into() };
    assert_eq!(ChainError::Dispatch(revert).class(), Class::Skip);
    assert_eq!(
        ChainError::Dispatch(DispatchFailure::Other("Bad origin".into())).class(),
        Class::Alert
    );
}

#[test]
fn a_revert_keeps_the_contracts_words() {
    let data = Pool::Healthy { healthFactor: U256::from(5), _1: U256::ZERO }.abi_encode();
    let error = Revert::read(&data).into_error(Address::ZERO);
    assert_eq!(error.to_string(), "the contract refused: Healthy (healthFactor 5)");
    assert_eq!(error.refused().unwrap().name, "Healthy");
    let unknown = Revert::read(&[1, 1]).into_error(Address::ZERO);
    assert!(unknown.to_string().contains("unknown message"), "{unknown}");
    assert_eq!(unknown.class(), Class::Skip);
}
