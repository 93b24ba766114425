//! The plans of one block.

use crate::audit::Skipped;
use crate::book::{Attempt, Candidate, Seizure, State, Work};
use crate::config::StrategyConfig;
use crate::intent::{Asset, Intent, IntentId, Plan};
use crate::ledger::Ledger;
use crate::metrics::Metrics;
use crate::outcome::Amounts;
use crate::profit::{Estimate, value_usd};
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use std::sync::Arc;
use tracing::debug;
use weir_chain::Address;
use weir_core::error::Code;
use weir_core::math::mul_div_floor;

/// Room above the previewed repayment for the interest and the price moves of a block or two, bps. The pool takes what
/// its own rule says, at most this much more; the own funds are tied up accordingly.
const REPAY_MARGIN_BPS: u128 = 100;
const BPS: u128 = 10_000;

/// Turns an evaluation of the book into plans.
pub struct Planner<'a> {
    /// The pool.
    pub pool: Address,
    /// The keeper's account, if there is one.
    pub own: Option<Address>,
    /// The pool's assets.
    pub assets: &'a [Arc<Asset>],
    /// What is worth it.
    pub config: &'a StrategyConfig,
    /// Expected fee of one liquidation, USD.
    pub fee_usd: Decimal,
    /// What is under way and what is left to spend.
    pub ledger: &'a Ledger,
    /// What to count.
    pub metrics: &'a Metrics,
}

/// A leg with what it does to the state.
struct Choice {
    intent: Intent,
    after: State,
}

/// Why an account gets no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Obstacle {
    /// The pool would refuse every pair; the code of a refusal, if there was a pair.
    Refused(Option<Code>),
    /// No pair is paid for.
    Unfunded,
    /// No pair earns enough; the best of them this much, USD.
    Unprofitable(Decimal),
}

impl Obstacle {
    /// How near a pair came to being liquidated.
    fn nearness(self) -> u8 {
        match self {
            Self::Refused(None) => 0,
            Self::Refused(Some(_)) => 1,
            Self::Unfunded => 2,
            Self::Unprofitable(_) => 3,
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Unfunded => "unfunded",
            Self::Unprofitable(_) => "unprofitable",
        }
    }

    fn detail(self, config: &StrategyConfig) -> String {
        match self {
            Self::Refused(Some(code)) => format!("the pool would refuse it: {}", code.name()),
            Self::Refused(None) => {
                "it has no pair of a debt and a collateral that is known and priced".to_owned()
            }
            Self::Unfunded => {
                "own balance, allowance and what is under way leave too little of the debt asset"
                    .to_owned()
            }
            Self::Unprofitable(best) => {
                let (best, least) = (best.round_dp(4), config.min_profit_usd);
                format!("the best pair is expected to earn {best} USD; min_profit_usd is {least}")
            }
        }
    }
}

/// What was decided about the candidates of a block.
#[derive(Debug, Default)]
pub struct Decision {
    /// What is to be done, the most profitable first.
    pub plans: Vec<Plan>,
    /// What is left alone, in the order of the candidates. Accounts that are being liquidated or rest after a failure
    /// are not among them: that was told when it was decided.
    pub skipped: Vec<Skipped>,
}

/// What is still to be spent while plans are being made, by token.
type Spent = BTreeMap<Address, u128>;

impl Planner<'_> {
    /// Decides about all accounts that are not being liquidated already.
    #[must_use]
    pub fn plan(&self, work: &Work) -> Decision {
        let mut ranked: Vec<(Decimal, &Candidate)> = Vec::new();
        let mut skipped = Vec::new();
        for candidate in &work.candidates {
            match self.rank(work, candidate) {
                None => {}
                Some(Ok(profit)) => ranked.push((profit, candidate)),
                Some(Err(obstacle)) => skipped.push(self.skip(work, candidate, obstacle)),
            }
        }
        // Equal profits are ordered by address, so that the same block gives the same plans.
        ranked.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.account.cmp(&y.account)));
        let mut state = work.state.clone();
        let mut spent = Spent::new();
        let mut plans = Vec::new();
        for (_, candidate) in ranked {
            match self.legs(work, candidate, &mut state, &mut spent) {
                Ok(plan) => plans.push(plan),
                // Others of this block took the funds.
                Err(obstacle) => skipped.push(self.skip(work, candidate, obstacle)),
            }
        }
        Decision { plans, skipped }
    }

    fn skip(&self, work: &Work, candidate: &Candidate, obstacle: Obstacle) -> Skipped {
        debug!(borrower = %candidate.account, ?obstacle, "no plan");
        match obstacle {
            Obstacle::Unfunded => self.metrics.unfunded(),
            Obstacle::Unprofitable(_) => self.metrics.unprofitable(),
            Obstacle::Refused(_) => {}
        }
        Skipped {
            borrower: candidate.account,
            version: work.state.version(candidate.account).unwrap_or_default(),
            block: work.block.number,
            round: candidate.price.round,
            reason: obstacle.reason(),
            detail: obstacle.detail(self.config),
        }
    }

    /// Profit of the best first leg on the state of the block; `None` if the account is being liquidated, or rests.
    fn rank(&self, work: &Work, candidate: &Candidate) -> Option<Result<Decimal, Obstacle>> {
        let version = work.state.version(candidate.account)?;
        let round = candidate.price.round;
        if self.ledger.is_live(candidate.account, version)
            || self.ledger.is_resting(candidate.account, version, round, work.block.number)
        {
            return None;
        }
        let best = self.best(&work.state, candidate.account, &Spent::new());
        Some(best.map(|choice| choice.intent.predicted.profit_usd))
    }

    /// The liquidations of one account, one after the other, each on the state that the one before leaves.
    fn legs(
        &self,
        work: &Work,
        candidate: &Candidate,
        state: &mut State,
        spent: &mut Spent,
    ) -> Result<Plan, Obstacle> {
        let version = work.state.version(candidate.account).unwrap_or_default();
        let mut legs: Vec<Intent> = Vec::new();
        while legs.len() < self.config.max_legs && state.is_liquidatable(candidate.account) {
            let (intent, after) = match self.best(state, candidate.account, spent) {
                Ok(Choice { intent, after }) => (intent, after),
                Err(obstacle) if legs.is_empty() => return Err(obstacle),
                Err(_) => break,
            };
            let used = spent.entry(intent.debt.token).or_default();
            *used = used.checked_add(intent.max_repay).unwrap_or(u128::MAX);
            state.absorb(after);
            legs.push(intent);
        }
        if legs.is_empty() {
            return Err(Obstacle::Refused(Some(Code::Healthy)));
        }
        Ok(Plan {
            borrower: candidate.account,
            version,
            legs,
            block: work.block,
            arrived: work.arrived,
            since: candidate.since,
            price: candidate.price,
        })
    }

    /// The pair that earns most.
    fn best(&self, state: &State, borrower: Address, spent: &Spent) -> Result<Choice, Obstacle> {
        let mut best: Option<Choice> = None;
        let mut nearest = Obstacle::Refused(None);
        for debt in state.debts(borrower) {
            for collateral in state.collaterals(borrower) {
                let (Some(debt), Some(collateral)) = (self.asset(debt), self.asset(collateral))
                else {
                    continue;
                };
                match self.pair(state, borrower, debt, collateral, spent) {
                    Ok(choice) => {
                        let profit = choice.intent.predicted.profit_usd;
                        if best
                            .as_ref()
                            .is_none_or(|best| profit > best.intent.predicted.profit_usd)
                        {
                            best = Some(choice);
                        }
                    }
                    Err(obstacle) if obstacle.nearness() > nearest.nearness() => nearest = obstacle,
                    Err(_) => {}
                }
            }
        }
        let best = best.ok_or(nearest)?;
        let profit = best.intent.predicted.profit_usd;
        if profit < self.config.min_profit_usd {
            return Err(Obstacle::Unprofitable(profit));
        }
        Ok(best)
    }

    fn asset(&self, reserve: u8) -> Option<&Arc<Asset>> {
        self.assets.iter().find(|asset| asset.reserve == reserve)
    }

    /// One pair: for the asset itself, and where the reserve cannot pay it out, for supply shares.
    fn pair(
        &self,
        state: &State,
        borrower: Address,
        debt: &Arc<Asset>,
        collateral: &Arc<Asset>,
        spent: &Spent,
    ) -> Result<Choice, Obstacle> {
        let spent = spent.get(&debt.token).copied().unwrap_or_default();
        let available = self.ledger.available(debt.token);
        let funds = available - spent.min(available);
        if funds == 0 {
            return Err(Obstacle::Unfunded);
        }
        let version = state.version(borrower).ok_or(Obstacle::Refused(None))?;
        let try_with = |shares| {
            // Only the two accounts concerned are copied.
            let mut after = state.subset(&[Some(borrower), self.own]);
            let attempt = Attempt {
                borrower,
                debt: debt.reserve,
                collateral: collateral.reserve,
                max_repay: funds,
                shares,
            };
            let done = after.liquidate(self.own, &attempt);
            done.map(|seizure| (seizure, after, shares))
        };
        let done = match try_with(false) {
            Err(_) if self.config.accept_shares => try_with(true),
            done => done,
        };
        let (seizure, after, shares) = done.map_err(|refusal| {
            let reason = refusal.code().name();
            debug!(%borrower, debt = debt.symbol, collateral = collateral.symbol, reason, "pair refused");
            match refusal.code() {
                // More would have passed.
                Code::BelowMinimum | Code::DustLeft => Obstacle::Unfunded,
                code => Obstacle::Refused(Some(code)),
            }
        })?;
        let id = IntentId::new(self.pool, borrower, debt.token, collateral.token, version);
        let intent = self.intent(id, state, (debt, collateral), &seizure, funds, shares);
        Ok(Choice { intent: intent.ok_or(Obstacle::Refused(None))?, after })
    }

    /// `None` if a price is missing or a value does not fit.
    fn intent(
        &self,
        id: IntentId,
        state: &State,
        (debt, collateral): (&Arc<Asset>, &Arc<Asset>),
        seizure: &Seizure,
        funds: u128,
        shares: bool,
    ) -> Option<Intent> {
        let (debt_price, collateral_price) =
            (state.price(debt.reserve)?, state.price(collateral.reserve)?);
        let estimate = Estimate {
            seized: value_usd(seizure.seized, collateral.decimals, collateral_price)?,
            repaid: value_usd(seizure.repaid, debt.decimals, debt_price)?,
            fee: self.fee_usd,
        };
        let max_repay = with_margin(seizure.repaid).min(funds);
        Some(Intent {
            id,
            debt: Arc::clone(debt),
            collateral: Arc::clone(collateral),
            debt_price,
            collateral_price,
            max_repay,
            min_seized: least_seized(seizure, max_repay, self.config.slippage_bps)?,
            shares,
            predicted: Amounts {
                repaid: seizure.repaid,
                seized: seizure.seized,
                profit_usd: estimate.profit()?,
            },
        })
    }
}

/// The repayment and its margin, rounded up.
fn with_margin(repaid: u128) -> u128 {
    let margin =
        mul_div_floor(repaid, REPAY_MARGIN_BPS, BPS).ok().and_then(|margin| margin.checked_add(1));
    margin.and_then(|margin| repaid.checked_add(margin)).unwrap_or(u128::MAX)
}

/// What must come in for `max_repay` so that what comes in for any part of it is at most `slippage_bps` worse than
/// previewed: ⌊⌊seized · max_repay / repaid⌋ · (1 − slippage)⌋.
fn least_seized(seizure: &Seizure, max_repay: u128, slippage_bps: u16) -> Option<u128> {
    let full = mul_div_floor(seizure.seized, max_repay, seizure.repaid).ok()?;
    mul_div_floor(full, BPS.checked_sub(u128::from(slippage_bps))?, BPS).ok()
}
