//! One transaction from its signature to its end, each step in the journal before the next one is taken.

use super::Submitter;
use super::settle::LegEnd;
use crate::intent::{Intent, Plan};
use crate::journal::{Entry, Journal, Number, SavedTransaction, State};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};
use weir_chain::{ChainError, Pending, Rejection, Sender, Signed, Transaction};

/// How often a transaction is signed anew because its nonce was taken.
const NONCE_ATTEMPTS: u32 = 3;
/// Pause before a node that does not answer is asked again what became of a transaction.
const PAUSE: Duration = Duration::from_secs(1);

/// A transaction that may be included, and its place in the journal.
pub(super) struct Sent {
    pub(super) number: Number,
    pub(super) pending: Pending,
    saved: SavedTransaction,
    transaction: Transaction,
}

/// How a key sends: what is signed goes into the journal first.
#[derive(Clone)]
pub struct Executor {
    /// Signs and sends.
    pub sender: Sender,
    /// What was signed, and how far it has come.
    pub journal: Journal,
}

impl Executor {
    /// Signs, enters into the journal, broadcasts. A nonce that was taken meanwhile is replaced by the next one.
    pub(super) async fn send(
        &self,
        plan: &Plan,
        leg: &Intent,
        transaction: Transaction,
    ) -> Result<Sent, LegEnd> {
        let mut attempt = 1;
        loop {
            let signed = self.sender.sign(transaction.clone()).await;
            let signed = signed.map_err(|error| LegEnd::unsent(&error))?;
            let entry = Entry::new(plan, leg, &signed);
            let saved = entry.transaction.clone();
            let number = self
                .journal
                .enter(entry)
                .await
                .map_err(|fault| LegEnd::without(super::Outcome::NotSent, fault.to_string()))?;
            let pending = match self.sender.broadcast(signed).await {
                Ok(pending) => {
                    self.journal.mark(number, State::Broadcast);
                    pending
                }
                Err(error @ ChainError::Rejected(_)) => {
                    self.journal.mark(number, State::Abandoned(error.to_string()));
                    if !nonce_was_taken(&error) || attempt == NONCE_ATTEMPTS {
                        return Err(LegEnd::unsent(&error));
                    }
                    attempt += 1;
                    continue;
                }
                // The connection broke: it may have reached the node, and is looked for until its era is over.
                Err(error) => {
                    warn!(%error, "a transaction may or may not have reached the node");
                    self.sender.follow(signed_before(&self.sender, &transaction, &saved))
                }
            };
            return Ok(Sent { number, pending, saved, transaction });
        }
    }

    /// Hands what a process before this one signed to the node again. The same bytes cannot be included twice.
    pub(super) async fn resume(
        &self,
        number: Number,
        saved: &SavedTransaction,
        transaction: Transaction,
    ) -> Sent {
        let signed = signed_before(&self.sender, &transaction, saved);
        let pending = match self.sender.broadcast(signed).await {
            Ok(pending) => pending,
            // Included already, too old, or no node: the blocks of its era tell.
            Err(error) => {
                info!(transaction = %saved.hash, %error, "not taken again; looked for in the blocks");
                self.sender.follow(signed_before(&self.sender, &transaction, saved))
            }
        };
        Sent { number, pending, saved: saved.clone(), transaction }
    }

    /// Waits until a block includes it, or until it is certain that none ever will.
    pub(super) async fn in_block(
        &self,
        sent: &mut Sent,
    ) -> Result<weir_chain::Included, ChainError> {
        loop {
            match sent.pending.in_block().await {
                Ok(included) => {
                    self.journal.mark(sent.number, State::InBlock(included.block.number));
                    return Ok(included);
                }
                Err(error @ ChainError::Expired { .. }) => {
                    self.journal.mark(sent.number, State::Expired);
                    return Err(error);
                }
                // The node is away, or has thrown it out of its pool: another may still have it.
                Err(error) => self.again(sent, &error).await,
            }
        }
    }

    /// Waits until its block is final. `Err` if a re-org took it out and its era has passed.
    pub(super) async fn finalized(
        &self,
        sent: &mut Sent,
        cancel: &CancellationToken,
    ) -> Result<(), ChainError> {
        loop {
            let ended = tokio::select! {
                // The entry stays open and is looked up after the next start.
                () = cancel.cancelled() => return Ok(()),
                ended = sent.pending.finalized() => ended,
            };
            match ended {
                Ok(included) => {
                    self.journal.mark(sent.number, State::Finalized(included.block.number));
                    return Ok(());
                }
                Err(error @ ChainError::Expired { .. }) => {
                    self.journal.mark(sent.number, State::Expired);
                    return Err(error);
                }
                Err(error) => self.again(sent, &error).await,
            }
        }
    }

    async fn again(&self, sent: &mut Sent, error: &ChainError) {
        warn!(transaction = %sent.saved.hash, %error, "its end is not known yet");
        tokio::time::sleep(PAUSE).await;
        let transaction = sent.transaction.clone();
        let resumed = self.resume(sent.number, &sent.saved, transaction).await;
        sent.pending = resumed.pending;
    }
}

fn signed_before(sender: &Sender, transaction: &Transaction, saved: &SavedTransaction) -> Signed {
    sender.signed_before(
        transaction.clone(),
        saved.bytes.clone(),
        saved.nonce,
        saved.birth,
        saved.last_block,
    )
}

fn nonce_was_taken(error: &ChainError) -> bool {
    matches!(
        error,
        ChainError::Rejected(Rejection::Stale | Rejection::TooLowPriority | Rejection::Ancient)
    )
}

impl Submitter {
    /// Takes up what a process before this one had under way: it is under way again when this returns, so that nothing
    /// is planned for the same state of the account beside it.
    pub(super) fn take_up(&self) -> Vec<(Plan, Vec<(Number, Entry)>)> {
        let mut open = self.open.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut groups: Vec<(Plan, Vec<(Number, Entry)>)> = Vec::new();
        for (number, entry) in std::mem::take(&mut *open) {
            let Some(plan) = entry.plan(self.pool, &self.assets) else {
                warn!(borrower = %entry.plan.borrower, "an open entry of the journal is about assets that are not deployed");
                continue;
            };
            let same = groups.iter_mut().find(|(other, _)| {
                (other.borrower, other.version) == (plan.borrower, plan.version)
            });
            match same {
                Some((other, entries)) => {
                    other.legs.extend(plan.legs);
                    entries.push((number, entry));
                }
                None => groups.push((plan, vec![(number, entry)])),
            }
        }
        groups.retain(|(plan, _)| self.ledger.begin(plan));
        groups
    }
}
