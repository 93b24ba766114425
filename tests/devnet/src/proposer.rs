//! What goes into a block: the ready transactions of the pool, or nothing.

use futures::{FutureExt, future::BoxFuture};
use sp_consensus::{Environment, ProposeArgs, Proposer};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};
use weir_runtime::{Block, Header};

/// How the next block is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Filling {
    /// With the ready transactions, on the best block.
    Best = 0,
    /// With the ready transactions, on a named parent. The pool may keep no view of it: it is not waited for long.
    Named = 1,
    /// With inherents only.
    Empty = 2,
}

/// Tells the proposer how to fill the next block. Blocks are made one at a time, so one cell is enough.
#[derive(Clone, Debug, Default)]
pub struct Plan(Arc<AtomicU8>);

impl Plan {
    /// How the next block is filled.
    pub fn set(&self, filling: Filling) {
        self.0.store(filling as u8, Ordering::SeqCst);
    }

    /// How long the proposer may take; it gives an eighth of it to waiting for the pool.
    fn duration(&self, usual: Duration) -> Duration {
        match self.0.load(Ordering::SeqCst) {
            empty if empty == Filling::Empty as u8 => Duration::ZERO,
            named if named == Filling::Named as u8 => usual.min(Duration::from_secs(2)),
            _ => usual,
        }
    }
}

/// Makes proposers that follow the plan.
pub struct Planned<E> {
    inner: E,
    plan: Plan,
}

impl<E> Planned<E> {
    /// Proposers of `inner`, under the plan.
    pub const fn new(inner: E, plan: Plan) -> Self {
        Self { inner, plan }
    }
}

impl<E: Environment<Block>> Environment<Block> for Planned<E> {
    type Proposer = PlannedProposer<E::Proposer>;
    type CreateProposer = BoxFuture<'static, Result<Self::Proposer, E::Error>>;
    type Error = E::Error;

    fn init(&mut self, parent: &Header) -> Self::CreateProposer {
        let plan = self.plan.clone();
        let inner = self.inner.init(parent);
        async move { Ok(PlannedProposer { inner: inner.await?, plan }) }.boxed()
    }
}

/// A proposer under the plan.
pub struct PlannedProposer<P> {
    inner: P,
    plan: Plan,
}

impl<P: Proposer<Block>> Proposer<Block> for PlannedProposer<P> {
    type Error = P::Error;
    type Proposal = P::Proposal;

    fn propose(self, mut arguments: ProposeArgs<Block>) -> Self::Proposal {
        // Without time the proposer applies the inherents, which it must, and no transaction.
        arguments.max_duration = self.plan.duration(arguments.max_duration);
        self.inner.propose(arguments)
    }
}
