//! What `/metrics` tells. Every series exists, at zero, from the start, so that an alert can tell "none" from "gone".

mod labels;
#[cfg(test)]
mod tests;

use crate::breakers::Breaker;
use crate::outcome::Outcome;
use labels::{AssetLabel, BreakerLabel, EndpointLabel, OutcomeLabel, TaskLabel};
use prometheus_client::encoding::text;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::atomic::AtomicU64;
use std::time::Duration;
use weir_chain::EndpointState;

/// Content type of the text format.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Tasks under the supervisor, as the label `task` names them.
pub const TASKS: [&str; 5] = ["source", "watch", "book", "strategy", "submitter"];

type Level = Gauge<u64, AtomicU64>;
type Amount = Gauge<f64, AtomicU64>;

/// All series of the keeper. Names carry the prefix `weir_keeper_`.
pub struct Metrics {
    registry: Registry,
    connected: Level,
    endpoint_active: Family<EndpointLabel, Level>,
    endpoint_up: Family<EndpointLabel, Level>,
    endpoint_head: Family<EndpointLabel, Level>,
    finalized_block: Level,
    native: Amount,
    breaker_open: Family<BreakerLabel, Level>,
    breaker_trips: Family<BreakerLabel, Counter>,
    head_block: Level,
    head_time: Level,
    disconnects: Counter,
    blocks: Counter,
    reorganisations: Counter,
    book_loads: Counter,
    book_accounts: Level,
    liquidatable: Level,
    evaluation: Histogram,
    planned: Counter,
    skipped_profit: Counter,
    skipped_inventory: Counter,
    pending: Level,
    price_to_sent: Histogram,
    outcomes: Family<OutcomeLabel, Counter>,
    inclusion_blocks: Histogram,
    profit_predicted: Amount,
    profit_realised: Amount,
    fees: Amount,
    bad_debt_events: Counter,
    audit_broken: Level,
    restarts: Family<TaskLabel, Counter>,
    inventory: Family<AssetLabel, Amount>,
    allowance: Family<AssetLabel, Amount>,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// Registers every series at zero.
    #[must_use]
    pub fn new() -> Self {
        // Blocks from the price: the goal is 1, so the buckets are single blocks first.
        let blocks = [0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 16.0, 64.0];
        // From under a millisecond to over a block.
        let seconds = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];
        let mut metrics = Self {
            registry: Registry::with_prefix("weir_keeper"),
            connected: Level::default(),
            endpoint_active: Family::default(),
            endpoint_up: Family::default(),
            endpoint_head: Family::default(),
            finalized_block: Level::default(),
            native: Amount::default(),
            breaker_open: Family::default(),
            breaker_trips: Family::default(),
            head_block: Level::default(),
            head_time: Level::default(),
            disconnects: Counter::default(),
            blocks: Counter::default(),
            reorganisations: Counter::default(),
            book_loads: Counter::default(),
            book_accounts: Level::default(),
            liquidatable: Level::default(),
            evaluation: Histogram::new(seconds),
            planned: Counter::default(),
            skipped_profit: Counter::default(),
            skipped_inventory: Counter::default(),
            pending: Level::default(),
            price_to_sent: Histogram::new(seconds),
            outcomes: Family::default(),
            inclusion_blocks: Histogram::new(blocks),
            profit_predicted: Amount::default(),
            profit_realised: Amount::default(),
            fees: Amount::default(),
            bad_debt_events: Counter::default(),
            audit_broken: Level::default(),
            restarts: Family::default(),
            inventory: Family::default(),
            allowance: Family::default(),
        };
        metrics.register_chain();
        metrics.register_work();
        for breaker in Breaker::ALL {
            let label = BreakerLabel { breaker: breaker.name() };
            let _ = metrics.breaker_open.get_or_create(&label);
            let _ = metrics.breaker_trips.get_or_create(&label);
        }
        for task in TASKS {
            let _ = metrics.restarts.get_or_create(&TaskLabel { task });
        }
        for outcome in Outcome::ALL {
            let _ = metrics.outcomes.get_or_create(&OutcomeLabel { outcome });
        }
        metrics
    }

    fn register_chain(&mut self) {
        let r = &mut self.registry;
        r.register("connected", "1 while a node answers", self.connected.clone());
        r.register("endpoint_active", "1 for the node in use", self.endpoint_active.clone());
        r.register("endpoint_up", "1 while the node answers", self.endpoint_up.clone());
        r.register("endpoint_head", "The node's best block", self.endpoint_head.clone());
        r.register("head_block", "Number of the block the book stands at", self.head_block.clone());
        r.register(
            "finalized_block",
            "Number of the newest final block",
            self.finalized_block.clone(),
        );
        r.register("head_time_seconds", "Chain time of that block", self.head_time.clone());
        r.register("disconnects", "Times that the node was lost", self.disconnects.clone());
        r.register("blocks", "Blocks followed", self.blocks.clone());
        r.register(
            "reorganisations",
            "Best blocks that did not follow the last",
            self.reorganisations.clone(),
        );
        r.register("book_loads", "Times that the whole book was read", self.book_loads.clone());
        r.register("book_accounts", "Accounts in the book", self.book_accounts.clone());
        r.register(
            "liquidatable_accounts",
            "Accounts liquidatable at the head",
            self.liquidatable.clone(),
        );
        r.register(
            "evaluation_seconds",
            "Time to evaluate the book at a block",
            self.evaluation.clone(),
        );
        r.register("bad_debt_events", "Write-offs seen", self.bad_debt_events.clone());
    }

    fn register_work(&mut self) {
        let r = &mut self.registry;
        r.register("intents_planned", "Liquidations planned", self.planned.clone());
        r.register(
            "skipped_unprofitable",
            "Candidates below the least profit",
            self.skipped_profit.clone(),
        );
        r.register(
            "skipped_inventory",
            "Candidates without funds to repay",
            self.skipped_inventory.clone(),
        );
        r.register("pending_intents", "Liquidations under way", self.pending.clone());
        r.register(
            "block_to_sent_seconds",
            "From a block's arrival to a sent liquidation",
            self.price_to_sent.clone(),
        );
        r.register("outcomes", "Liquidations tried, by outcome", self.outcomes.clone());
        r.register(
            "inclusion_blocks",
            "Blocks from liquidatable to liquidated",
            self.inclusion_blocks.clone(),
        );
        r.register(
            "profit_predicted_usd",
            "Profit as planned, of what succeeded",
            self.profit_predicted.clone(),
        );
        r.register(
            "profit_realised_usd",
            "Profit as it came, fees of failures off",
            self.profit_realised.clone(),
        );
        r.register("fees_native", "Fees paid, in whole native tokens", self.fees.clone());
        r.register(
            "audit_broken",
            "1 if the audit log was found broken at the start and put aside",
            self.audit_broken.clone(),
        );
        r.register(
            "breaker_open",
            "1 while the breaker lets nothing new be planned",
            self.breaker_open.clone(),
        );
        r.register("breaker_trips", "Times that the breaker opened", self.breaker_trips.clone());
        r.register("native", "Own native balance, in whole tokens", self.native.clone());
        r.register("task_restarts", "Restarts of a task", self.restarts.clone());
        r.register("inventory", "Own balance, in whole tokens", self.inventory.clone());
        r.register("allowance", "What the pool may pull, in whole tokens", self.allowance.clone());
    }

    /// Adds the series of an asset, by its symbol.
    pub fn add_asset(&self, symbol: &str) {
        let label = AssetLabel { asset: symbol.to_owned() };
        let _ = self.inventory.get_or_create(&label);
        let _ = self.allowance.get_or_create(&label);
    }

    /// Adds the series of a node, by its address without what may be secret in it.
    pub fn add_endpoint(&self, url: &str) {
        let label = EndpointLabel { endpoint: url.to_owned() };
        for family in [&self.endpoint_active, &self.endpoint_up, &self.endpoint_head] {
            let _ = family.get_or_create(&label);
        }
    }

    /// What a look at the nodes showed.
    pub fn endpoints(&self, states: &[EndpointState]) {
        for state in states {
            let label = EndpointLabel { endpoint: state.url.clone() };
            self.endpoint_active.get_or_create(&label).set(u64::from(state.active));
            self.endpoint_up.get_or_create(&label).set(u64::from(state.head.is_ok()));
            if let Ok(head) = state.head {
                self.endpoint_head.get_or_create(&label).set(head);
            }
        }
    }

    /// The text that a scraper reads.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut text = String::new();
        // Writing into a `String` does not fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }

    /// A node answers.
    pub fn connected(&self) {
        self.connected.set(1);
    }

    /// The node is gone; counted once for each loss.
    pub fn disconnected(&self) {
        if self.connected.set(0) == 1 {
            self.disconnects.inc();
        }
    }

    /// The book was brought to a block.
    pub fn block(&self, number: u64, time: u64, accounts: usize) {
        self.head_block.set(number);
        self.head_time.set(time);
        self.book_accounts.set(level(accounts));
        self.blocks.inc();
    }

    /// A best block did not follow the last one.
    pub fn reorganised(&self) {
        self.reorganisations.inc();
    }

    /// The whole book was read.
    pub fn loaded(&self) {
        self.book_loads.inc();
    }

    /// The book was evaluated.
    pub fn evaluated(&self, liquidatable: usize, took: Duration) {
        self.liquidatable.set(level(liquidatable));
        self.evaluation.observe(took.as_secs_f64());
    }

    /// The pool wrote off debt.
    pub fn bad_debt(&self) {
        self.bad_debt_events.inc();
    }

    /// A liquidation was planned.
    pub fn planned(&self) {
        self.planned.inc();
    }

    /// A candidate does not earn enough.
    pub fn unprofitable(&self) {
        self.skipped_profit.inc();
    }

    /// A candidate cannot be paid for.
    pub fn unfunded(&self) {
        self.skipped_inventory.inc();
    }

    /// So many liquidations are under way.
    pub fn pending(&self, count: usize) {
        self.pending.set(level(count));
    }

    /// A liquidation went out, so long after its block had arrived.
    pub fn sent(&self, since_block: Duration) {
        self.price_to_sent.observe(since_block.as_secs_f64());
    }

    /// A liquidation ended.
    pub fn outcome(&self, outcome: Outcome) {
        self.outcomes.get_or_create(&OutcomeLabel { outcome }).inc();
    }

    /// A liquidation was included so many blocks after its account had become liquidatable.
    pub fn included(&self, blocks: u64) {
        // Counts of blocks are far below 2^53; a larger one lands in the last bucket all the same.
        self.inclusion_blocks.observe(blocks.to_f64().unwrap_or(f64::MAX));
    }

    /// What an ended liquidation was to earn and earned, in USD, and its fee in whole native tokens.
    pub fn settled(&self, predicted: Decimal, realised: Decimal, fee: Decimal) {
        self.profit_predicted.inc_by(shown(predicted));
        self.profit_realised.inc_by(shown(realised));
        self.fees.inc_by(shown(fee));
    }

    /// A breaker opened or closed.
    pub fn breaker(&self, breaker: Breaker, open: bool) {
        let label = BreakerLabel { breaker: breaker.name() };
        self.breaker_open.get_or_create(&label).set(u64::from(open));
        if open {
            self.breaker_trips.get_or_create(&label).inc();
        }
    }

    /// Number of the newest final block.
    pub fn finalized(&self, number: u64) {
        self.finalized_block.set(number);
    }

    /// The own native balance, in whole tokens.
    pub fn native(&self, balance: Decimal) {
        self.native.set(shown(balance));
    }

    /// Whether the audit log was found broken at the start.
    pub fn audit_broken(&self, broken: bool) {
        self.audit_broken.set(u64::from(broken));
    }

    /// A task was started again.
    pub fn restarted(&self, task: &'static str) {
        self.restarts.get_or_create(&TaskLabel { task }).inc();
    }

    /// Own balance and allowance of an asset, in whole tokens.
    pub fn funds(&self, symbol: &str, balance: Decimal, allowance: Decimal) {
        let label = AssetLabel { asset: symbol.to_owned() };
        self.inventory.get_or_create(&label).set(shown(balance));
        self.allowance.get_or_create(&label).set(shown(allowance));
    }
}

fn level(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// A decimal as a gauge shows it; digits beyond a double's are lost, which no decision sees.
fn shown(value: Decimal) -> f64 {
    value.to_f64().unwrap_or(f64::NAN)
}
