#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;
use crate::fixtures::{ANNA, KEEPER, POOL, USDC, WETH, assets, block, token};
use crate::intent::IntentId;
use crate::ledger::Budget;
use crate::outcome::{Amounts, PriceSource};
use rust_decimal::Decimal;
use tokio::time::Instant;
use weir_chain::abi::{ContractError, Pool};
use weir_chain::{
    B256, ContractEvent, DispatchFailure, Included, Outcome as Dispatched, Rejection, Revert,
    SolEvent, U256,
};

const WAD: u128 = 1_000_000_000_000_000_000;

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn fees() -> FeeModel {
    FeeModel::new(usd("5"), 10, 0)
}

fn leg() -> Intent {
    let asset = |id| Arc::clone(assets().iter().find(|asset| asset.reserve == id).unwrap());
    Intent {
        id: IntentId::new(POOL, ANNA, token(USDC), token(WETH), 1),
        debt: asset(USDC),
        collateral: asset(WETH),
        debt_price: WAD,
        collateral_price: 2_000 * WAD,
        max_repay: 1_010_000_001,
        min_seized: 0,
        shares: false,
        predicted: Amounts { repaid: 1_000_000_000, seized: WAD / 2, profit_usd: usd("49") },
    }
}

fn plan() -> Plan {
    Plan {
        borrower: ANNA,
        version: 1,
        legs: vec![leg()],
        block: block(10),
        arrived: Instant::now(),
        since: 9,
        price: PriceSource { round: 7, block: Some(9) },
    }
}

/// 1,000 USDC repaid. 0.1 WETH protected and 0.425 supplied left the borrower, 0.005 of it for the insurance.
fn liquidated(caller: Address) -> ContractEvent {
    let log = Pool::Liquidated {
        borrower: ANNA,
        debt: token(USDC),
        collateral: token(WETH),
        caller,
        repaid: 1_000_000_000,
        repaidShares: 1,
        seizedProtected: WAD / 10,
        seizedAssets: WAD / 1_000 * 425,
        seizedShares: 1,
        insuranceAssets: WAD / 1_000 * 5,
        insuranceShares: 1,
        bonus: WAD / 20,
        receiveShares: false,
    }
    .encode_log_data();
    ContractEvent {
        contract: POOL,
        topics: log.topics().to_vec(),
        data: log.data.to_vec(),
        extrinsic: Some(1),
    }
}

fn included(outcome: Dispatched, events: Vec<ContractEvent>) -> Included {
    Included {
        tx_hash: B256::repeat_byte(5),
        block: block(11),
        index: 1,
        fee: 200_000_000,
        events,
        instantiated: Vec::new(),
        items: Vec::new(),
        outcome,
        contract: Some(POOL),
    }
}

fn refusal(name: &str) -> ContractError {
    ContractError { name: name.to_owned(), words: vec![("until".to_owned(), U256::from(5))] }
}

/// 0.52 WETH at 2,000 USD = 1,040; less 1,000 repaid, less 0.02 native tokens at 5 USD = 0.10: 39.90 USD.
#[test]
fn the_realised_profit_is_read_off_the_event() {
    let done = included(Dispatched::Success, vec![liquidated(KEEPER)]);
    let end = LegEnd::included(&leg(), &done, KEEPER, &fees());
    assert_eq!(end.outcome, Outcome::Liquidated);
    let realised = end.realised.unwrap();
    assert_eq!((realised.repaid, realised.seized), (1_000_000_000, WAD / 1_000 * 520));
    assert_eq!(realised.profit_usd, usd("39.90"));
    let record = end.record(&plan(), &leg());
    // Liquidatable since block 9, included in block 11.
    assert_eq!((record.block, record.blocks_to_inclusion), (Some(11), Some(2)));
    assert_eq!(record.fee, Some(200_000_000));
    assert_eq!((record.repaid_usd, record.lost_usd), (usd("1000"), usd("0")));
    assert_eq!(record.price, PriceSource { round: 7, block: Some(9) });
}

fn submitter(folder: &std::path::Path, ledger: &Ledger) -> Submitter {
    let (_, plans) = mpsc::channel(1);
    let metrics = Arc::new(Metrics::new());
    Submitter {
        executor: None,
        pool: POOL,
        assets: assets(),
        config: SubmitterConfig {
            parallel: 4,
            mortality_blocks: 16,
            drain: std::time::Duration::from_secs(60),
        },
        ledger: ledger.clone(),
        fees: Arc::new(Mutex::new(fees())),
        log: Arc::new(Mutex::new(AuditLog::open(&folder.join("audit.jsonl")).unwrap().log)),
        metrics: Arc::clone(&metrics),
        breakers: crate::fixtures::breakers(&metrics),
        health: Health::new(std::time::Duration::from_secs(60), false),
        open: Arc::default(),
        plans: Arc::new(tokio::sync::Mutex::new(plans)),
    }
}

fn lines(folder: &std::path::Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join("audit.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn an_end_is_written_once_and_releases_the_funds() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(Budget::Unlimited);
    assert!(ledger.begin(&plan()));
    let submitter = submitter(folder.path(), &ledger);
    let metrics = Arc::clone(&submitter.metrics);
    let mut work = Work::new(submitter, plan());
    let done = included(Dispatched::Success, vec![liquidated(KEEPER)]);
    work.note(0, LegEnd::included(&leg(), &done, KEEPER, &fees()));
    work.settle().unwrap();
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["outcome"], "liquidated");
    assert_eq!(lines[0]["realised"]["seized"], "520000000000000000");
    assert!(!ledger.is_live(ANNA, 1));
    let text = metrics.encode();
    for series in [
        "weir_keeper_outcomes_total{outcome=\"liquidated\"} 1",
        "weir_keeper_profit_predicted_usd 49.0",
        "weir_keeper_profit_realised_usd 39.9",
        // 200,000,000 of 10 decimals.
        "weir_keeper_fees_native 0.02",
        "weir_keeper_inclusion_blocks_sum 2.0",
        "weir_keeper_pending_intents 0",
    ] {
        assert!(text.contains(&format!("{series}\n")), "missing: {series}\nin:\n{text}");
    }
}

/// A stop in the middle, or a fault of the keeper, drops the work.
#[test]
fn work_that_is_cut_off_is_written_down_as_far_as_it_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(Budget::Unlimited);
    let mut two = plan();
    two.legs.push(leg());
    assert!(ledger.begin(&two));
    let mut work = Work::new(submitter(folder.path(), &ledger), two);
    work.note(0, LegEnd::sent(B256::repeat_byte(5)));
    drop(work);
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["outcome"], "unresolved");
    assert_eq!(lines[0]["transaction"], B256::repeat_byte(5).to_string());
    assert_eq!(lines[1]["outcome"], "not_sent");
    assert!(!ledger.is_live(ANNA, 1));
}

#[tokio::test]
async fn without_execution_a_decision_is_written_and_nothing_sent() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(Budget::Unlimited);
    let (plans_in, plans) = mpsc::channel(4);
    let task = Submitter {
        plans: Arc::new(tokio::sync::Mutex::new(plans)),
        ..submitter(folder.path(), &ledger)
    };
    assert!(ledger.begin(&plan()));
    plans_in.send(plan()).await.unwrap();
    // The strategy has ended: the submitter works off what is queued and ends too.
    drop(plans_in);
    task.run(CancellationToken::new()).await.unwrap();
    let lines = lines(folder.path());
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["outcome"], "dry_run");
    assert_eq!(lines[0]["transaction"], serde_json::Value::Null);
    assert!(ledger.is_resting(ANNA, 1, 7, 1_000));
}

#[test]
fn the_event_of_somebody_else_is_not_ours() {
    let done = included(Dispatched::Success, vec![liquidated(ANNA)]);
    assert_eq!(LegEnd::included(&leg(), &done, KEEPER, &fees()).outcome, Outcome::Failed);
}

#[test]
fn a_failure_in_a_block_costs_its_fee_and_has_a_reason() {
    let failure =
        DispatchFailure::Module { pallet: "Revive".to_owned(), error: "OutOfGas".to_owned() };
    for (outcome, wanted) in [
        (Dispatched::Reverted(Some(Revert::Contract(refusal("Healthy")))), Outcome::Outcompeted),
        (
            Dispatched::Reverted(Some(Revert::Contract(refusal("SeizedTooLittle")))),
            Outcome::Slipped,
        ),
        (Dispatched::Reverted(Some(Revert::Raw(Vec::new()))), Outcome::Refused),
        (Dispatched::Reverted(None), Outcome::Outcompeted),
        (Dispatched::Failed(failure), Outcome::Failed),
    ] {
        let end = LegEnd::included(&leg(), &included(outcome, Vec::new()), KEEPER, &fees());
        assert_eq!((end.outcome, end.fee, end.realised), (wanted, Some(200_000_000), None));
        assert!(end.reason.is_some());
    }
}

#[test]
fn a_refusal_in_the_dry_run_costs_nothing() {
    for (error, wanted) in [
        (ChainError::Refused(refusal("Paused")), Outcome::Paused),
        (ChainError::Refused(refusal("PriceStale")), Outcome::StalePrice),
        (ChainError::Reverted { contract: POOL, data: vec![1, 1] }, Outcome::Refused),
        (ChainError::NoBlock("10".to_owned()), Outcome::NotSent),
    ] {
        let end = LegEnd::refused(&error);
        assert_eq!((end.outcome, end.fee, end.transaction), (wanted, None, None));
        assert_eq!(end.reason, Some(error.to_string()));
    }
    assert_eq!(
        LegEnd::unsent(&ChainError::Rejected(Rejection::Payment)).outcome,
        Outcome::Unfunded
    );
    assert_eq!(
        LegEnd::unsent(&ChainError::Rejected(Rejection::PoolFull)).outcome,
        Outcome::NotSent
    );
}

#[test]
fn what_is_not_seen_in_a_block_is_expired_or_unresolved() {
    let hash = B256::repeat_byte(5);
    let expired = LegEnd::lost(hash, &ChainError::Expired { tx_hash: hash, last_block: 26 });
    assert_eq!((expired.outcome, expired.transaction), (Outcome::Expired, Some(hash)));
    let gone = ChainError::NoBlock("11".to_owned());
    assert_eq!(LegEnd::lost(hash, &gone).outcome, Outcome::Unresolved);
}

#[test]
fn a_measured_deposit_gets_a_tenth_more() {
    assert_eq!(margin(1_000), 1_100);
    assert_eq!(margin(0), 0);
    assert_eq!(margin(u128::MAX), u128::MAX);
}
