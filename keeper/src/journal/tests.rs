#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it finds a fault")]

use super::*;
use crate::fixtures::{ANNA, KEEPER, POOL, USDC, WETH, assets, token};
use crate::outcome::{Amounts, PriceSource};
use rust_decimal::Decimal;
use weir_chain::Bytes;

const GENESIS: B256 = B256::repeat_byte(1);

fn entry(nonce: u64) -> Entry {
    Entry {
        state: State::Signed,
        plan: SavedPlan {
            borrower: ANNA,
            version: 3,
            block: 10,
            block_hash: B256::repeat_byte(2),
            block_time: 1_700_000_000,
            since: 9,
            price: PriceSource { round: 7, block: None },
        },
        leg: SavedLeg {
            debt: token(USDC),
            collateral: token(WETH),
            debt_price: u128::MAX,
            collateral_price: 1,
            max_repay: u128::MAX,
            min_seized: 0,
            shares: true,
            predicted: Amounts { repaid: u128::MAX, seized: 0, profit_usd: Decimal::new(-15, 1) },
        },
        transaction: SavedTransaction {
            bytes: Bytes::from_static(&[0, 1, 255]),
            hash: B256::repeat_byte(3),
            nonce,
            birth: 8,
            last_block: 23,
        },
    }
}

fn open(path: &Path) -> Opened {
    Journal::open(path, GENESIS, KEEPER).unwrap()
}

/// The file is closed by the thread that owns it, a moment after the last handle is gone.
fn reopen(path: &Path) -> Opened {
    for _ in 0..10_000 {
        match Journal::open(path, GENESIS, KEEPER) {
            Err(JournalError::InUse { .. }) => std::thread::yield_now(),
            other => return other.unwrap(),
        }
    }
    panic!("the journal stays open");
}

#[tokio::test]
async fn what_was_entered_is_there_after_a_restart_until_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    let (journal, none) = open(&path);
    assert!(none.is_empty());
    let signed = journal.enter(entry(5)).await.unwrap();
    let sent = journal.enter(entry(6)).await.unwrap();
    let done = journal.enter(entry(7)).await.unwrap();
    journal.mark(sent, State::Broadcast);
    journal.mark(done, State::Finalized(12));
    // Entries are written in order: when a later one is on the disk, the marks before it are too.
    let dead = journal.enter(entry(8)).await.unwrap();
    journal.mark(dead, State::Expired);
    journal.enter(entry(9)).await.unwrap();
    drop(journal);

    let (journal, found) = reopen(&path);
    let seen: Vec<_> =
        found.iter().map(|(_, entry)| (entry.transaction.nonce, entry.state.clone())).collect();
    assert_eq!(seen, [(5, State::Signed), (6, State::Broadcast), (9, State::Signed)]);
    assert_eq!(found.first().map(|(number, entry)| (*number, entry)), Some((signed, &entry(5))));
    // A number is never used again.
    assert!(journal.enter(entry(10)).await.unwrap() > dead);
}

#[tokio::test]
async fn a_reorg_opens_nothing_again_and_a_state_can_go_back_to_broadcast() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    let (journal, _) = open(&path);
    let number = journal.enter(entry(5)).await.unwrap();
    journal.mark(number, State::InBlock(11));
    journal.mark(number, State::Broadcast);
    journal.enter(entry(6)).await.unwrap();
    drop(journal);
    let (_, found) = reopen(&path);
    assert_eq!(found.first().map(|(_, entry)| entry.state.clone()), Some(State::Broadcast));
}

#[test]
fn one_keeper_one_chain_one_account() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    let held = open(&path);
    let refused = Journal::open(&path, GENESIS, KEEPER).unwrap_err();
    assert!(matches!(refused, JournalError::InUse { .. }), "{refused}");
    drop(held);
    drop(reopen(&path));
    for (genesis, account, what) in [(B256::ZERO, KEEPER, "chain"), (GENESIS, ANNA, "account")] {
        let refused = loop {
            match Journal::open(&path, genesis, account) {
                Err(JournalError::InUse { .. }) => std::thread::yield_now(),
                Err(other) => break other,
                Ok(_) => panic!("a journal of another {what} was taken"),
            }
        };
        assert!(refused.to_string().contains(&format!("another {what}")), "{refused}");
    }
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    std::fs::write(&path, vec![7; 4096]).unwrap();
    let refused = Journal::open(&path, GENESIS, KEEPER).unwrap_err();
    assert!(matches!(refused, JournalError::Failed { .. }), "{refused}");
    assert_eq!(std::fs::read(&path).unwrap(), vec![7; 4096]);
}

/// A truncated journal must not look like an empty one: what it held may be under way.
#[tokio::test]
async fn a_truncated_journal_is_not_taken_for_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.redb");
    let (journal, _) = open(&path);
    journal.enter(entry(5)).await.unwrap();
    drop(journal);
    drop(reopen(&path));
    let whole = loop {
        // The thread has let go of the file when it can be opened again.
        match Journal::open(&path, GENESIS, KEEPER) {
            Err(JournalError::InUse { .. }) => std::thread::yield_now(),
            other => {
                drop(other.unwrap());
                break std::fs::read(&path).unwrap();
            }
        }
    };
    let cut = folder.path().join("cut.redb");
    std::fs::write(&cut, whole.get(..whole.len() / 2).unwrap()).unwrap();
    let refused = std::panic::catch_unwind(|| Journal::open(&cut, GENESIS, KEEPER).map(|_| ()));
    assert!(matches!(refused, Ok(Err(_))), "{refused:?}");
}

#[test]
fn an_entry_becomes_the_plan_that_it_was() {
    let plan = entry(5).plan(POOL, &assets()).unwrap();
    assert_eq!((plan.borrower, plan.version, plan.since), (ANNA, 3, 9));
    assert_eq!((plan.block.number, plan.block.timestamp_secs), (10, 1_700_000_000));
    let [leg] = plan.legs.as_slice() else { panic!("one leg") };
    assert_eq!((leg.debt.token, leg.collateral.token), (token(USDC), token(WETH)));
    assert_eq!((leg.max_repay, leg.shares), (u128::MAX, true));
    // Assets that are not deployed any more.
    assert_eq!(entry(5).plan(POOL, &[]), None);
}
