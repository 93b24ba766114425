use super::*;
use weir_chain::{B256, SolEvent};

const POOL: Address = Address::repeat_byte(1);
const USDC: Address = Address::repeat_byte(2);
const ANNA: Address = Address::repeat_byte(3);
const BERT: Address = Address::repeat_byte(4);

fn block(events: Vec<ContractEvent>) -> Block {
    Block {
        number: 1,
        hash: B256::ZERO,
        parent: B256::ZERO,
        timestamp_secs: 0,
        events,
        instantiated: Vec::new(),
        extrinsics: Vec::new(),
    }
}

fn event<E: SolEvent>(contract: Address, event: &E) -> ContractEvent {
    let log = event.encode_log_data();
    ContractEvent {
        contract,
        topics: log.topics().to_vec(),
        data: log.data.to_vec(),
        extrinsic: None,
    }
}

#[test]
fn accounts_and_rounds_are_read_off_the_events() {
    let supplied =
        Pool::Supplied { asset: USDC, account: ANNA, caller: BERT, assets: 1, shares: 1 };
    let accepted = Pool::PriceAccepted {
        asset: USDC,
        median: 1,
        downBps: 0,
        upBps: 0,
        time: 5,
        round: 9,
        status: 1,
        volatilityBps: 0,
    };
    let touched = Touched::by(&block(vec![event(POOL, &supplied), event(POOL, &accepted)]), POOL);
    // Bert paid for Anna: only her account changed.
    assert_eq!(touched.accounts, BTreeSet::from([ANNA]));
    assert_eq!(touched.rounds, BTreeMap::from([(USDC, 9)]));
    assert!(touched.reserves && !touched.everything);
}

#[test]
fn a_liquidation_touches_both_sides() {
    let liquidated = Pool::Liquidated {
        borrower: ANNA,
        debt: USDC,
        collateral: USDC,
        caller: BERT,
        repaid: 1,
        repaidShares: 1,
        seizedProtected: 0,
        seizedAssets: 1,
        seizedShares: 1,
        insuranceAssets: 0,
        insuranceShares: 0,
        bonus: 0,
        receiveShares: true,
    };
    let touched = Touched::by(&block(vec![event(POOL, &liquidated)]), POOL);
    assert_eq!(touched.accounts, BTreeSet::from([ANNA, BERT]));
}

#[test]
fn other_contracts_do_not_matter_and_unknown_events_matter_all() {
    let supplied =
        Pool::Supplied { asset: USDC, account: ANNA, caller: BERT, assets: 1, shares: 1 };
    assert!(Touched::by(&block(vec![event(USDC, &supplied)]), POOL).is_empty());
    let unknown = ContractEvent {
        contract: POOL,
        topics: vec![B256::repeat_byte(9)],
        data: Vec::new(),
        extrinsic: None,
    };
    assert!(Touched::by(&block(vec![unknown]), POOL).everything);
    let mut cut = event(POOL, &supplied);
    cut.data.truncate(8);
    assert!(Touched::by(&block(vec![cut]), POOL).everything);
}
