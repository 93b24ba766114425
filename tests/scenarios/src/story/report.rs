//! How the story ended: for people a table, for programs one JSON object, for the shell an exit code.

#[cfg(test)]
mod tests;

use super::Options;
use super::crash::Story;
use super::keep::Kept;
use super::narrator::usd;
use super::opening::symbol;
use super::stage::Stage;
use crate::checker::{Checker, percentile};
use comfy_table::{CellAlignment, Table, presets::UTF8_HORIZONTAL_ONLY};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use weir_chain::amount::{format_bps, format_grouped, format_units, format_wad};

/// The least that makes it the story it is meant to be.
const LEAST_POSITIONS: usize = 48;
const LEAST_LIQUIDATIONS: usize = 30;
/// Prices have to fall by more than this, in bps.
const LEAST_FALL: u128 = 4_000;
/// A liquidation is to be included at the latest in the block after the price.
const MOST_BLOCKS: u64 = 1;

/// What happened.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Whether all of it is as it should be.
    pub passed: bool,
    /// What is not, in words.
    pub failures: Vec<String>,
    /// Accounts with a debt when the market began to move.
    pub positions: usize,
    /// Liquidations.
    pub liquidations: usize,
    /// Accounts that were liquidated at least once.
    pub liquidated_accounts: usize,
    /// The largest number of accounts liquidatable for more than 2 blocks in a row at any time.
    pub left_liquidatable: usize,
    /// Assets whose books were out of balance in any block.
    pub unbalanced_assets: usize,
    /// USD repaid by liquidators.
    #[serde(serialize_with = "dollars")]
    pub repaid_usd: u128,
    /// USD seized beyond that, the insurance's part included.
    #[serde(serialize_with = "dollars")]
    pub bonus_usd: u128,
    /// USD written off, at the last accepted prices.
    #[serde(serialize_with = "dollars")]
    pub bad_debt_usd: u128,
    /// USD by which write-offs in storage and in events differ.
    #[serde(serialize_with = "dollars")]
    pub bad_debt_unexplained_usd: u128,
    /// Blocks from the accepted price that made an account liquidatable to its liquidation: 0 the same block, 1 the next.
    pub blocks_to_inclusion_p50: u64,
    /// The same, of 99 in a hundred.
    pub blocks_to_inclusion_p99: u64,
    /// From the first start-up step to the end.
    pub wall_seconds: f64,
    /// Blocks that were checked, each with every account and reserve.
    pub blocks_checked: u64,
    /// By how many bps each price fell from the start to its lowest.
    pub fall_bps: BTreeMap<String, u128>,
    /// Steps in which the feed held a price back until it was confirmed.
    pub suspect_steps: usize,
    /// What the keeper's own log says.
    pub keeper_outcomes: BTreeMap<String, u64>,
    /// What the checker complains about, at most the first fifty.
    pub problems: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// How to reach what was left running.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    #[serde(skip)]
    books: String,
    #[serde(skip)]
    market: String,
}

/// A value in USD (WAD) as a JSON number. Only what people read passes through floating point.
fn dollars<S: Serializer>(value: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    let number: f64 = format_units(*value, 18).parse().unwrap_or(f64::MAX);
    number.serialize(serializer)
}

impl Report {
    /// Puts together what the checker found and what the market did.
    #[must_use]
    pub fn new(
        checker: &Checker,
        stage: &Stage,
        story: &Story,
        keeper_outcomes: BTreeMap<String, u64>,
        options: &Options,
    ) -> Self {
        let found = checker.findings();
        let delays: Vec<u64> = found.liquidations.iter().map(|one| one.delay).collect();
        let mut accounts: Vec<_> = found.liquidations.iter().map(|one| one.borrower).collect();
        accounts.sort_unstable();
        accounts.dedup();
        let sum = |values: Vec<u128>| values.into_iter().fold(0, u128::saturating_add);
        let mut report = Self {
            passed: false,
            failures: Vec::new(),
            positions: story.positions,
            liquidations: found.liquidations.len(),
            liquidated_accounts: accounts.len(),
            left_liquidatable: found.left_liquidatable,
            unbalanced_assets: found.unbalanced.len(),
            repaid_usd: sum(found.liquidations.iter().map(|one| one.repaid_usd).collect()),
            bonus_usd: sum(found.liquidations.iter().map(|one| one.bonus_usd).collect()),
            bad_debt_usd: found.bad_debt,
            bad_debt_unexplained_usd: found.bad_debt_unexplained,
            blocks_to_inclusion_p50: percentile(&delays, 50),
            blocks_to_inclusion_p99: percentile(&delays, 99),
            wall_seconds: 0.0,
            blocks_checked: found.blocks,
            fall_bps: story
                .prices
                .iter()
                .map(|(asset, one)| (asset.clone(), one.fall_bps()))
                .collect(),
            suspect_steps: story.suspect_steps,
            keeper_outcomes,
            problems: found.problems.iter().map(ToString::to_string).collect(),
            seed: options.seed,
            kept: None,
            books: books(checker, stage),
            market: market(story),
        };
        report.failures = report.judge(found.problem_count);
        report.passed = report.failures.is_empty();
        report
    }

    /// Everything that is not as it should be.
    fn judge(&self, problems: u64) -> Vec<String> {
        let fall = self.fall_bps.values().max().copied().unwrap_or_default();
        let checks = [
            (
                self.positions >= LEAST_POSITIONS,
                format!("{} positions are too few", self.positions),
            ),
            (
                self.liquidations >= LEAST_LIQUIDATIONS,
                format!("{} liquidations are too few", self.liquidations),
            ),
            (fall > LEAST_FALL, format!("no price fell by more than {LEAST_FALL} bps")),
            (
                self.left_liquidatable == 0,
                format!("{} accounts were left liquidatable", self.left_liquidatable),
            ),
            (
                self.unbalanced_assets == 0,
                format!("the books of {} assets do not balance", self.unbalanced_assets),
            ),
            (
                self.bad_debt_unexplained_usd == 0,
                format!("{} USD of bad debt are unexplained", usd(self.bad_debt_unexplained_usd)),
            ),
            (
                self.blocks_to_inclusion_p99 <= MOST_BLOCKS,
                format!("liquidations took up to {} blocks", self.blocks_to_inclusion_p99),
            ),
            (problems == 0, format!("the checker found {problems} problems")),
        ];
        checks.into_iter().filter(|(fine, _)| !fine).map(|(_, what)| what).collect()
    }

    /// The tables at the end.
    #[must_use]
    pub fn words(&self) -> String {
        let outcomes: Vec<String> = self
            .keeper_outcomes
            .iter()
            .map(|(outcome, count)| format!("{count} {outcome}"))
            .collect();
        let rows = [
            ("positions opened", self.positions.to_string()),
            (
                "liquidations",
                format!("{} of {} accounts", self.liquidations, self.liquidated_accounts),
            ),
            ("repaid USD", usd(self.repaid_usd)),
            ("bonus paid USD", usd(self.bonus_usd)),
            ("bad debt USD", usd(self.bad_debt_usd)),
            ("of it unexplained USD", usd(self.bad_debt_unexplained_usd)),
            (
                "blocks from price to inclusion",
                format!(
                    "p50 {}, p99 {}",
                    self.blocks_to_inclusion_p50, self.blocks_to_inclusion_p99
                ),
            ),
            ("left liquidatable for more than 2 blocks", self.left_liquidatable.to_string()),
            ("assets out of balance", self.unbalanced_assets.to_string()),
            ("blocks checked", self.blocks_checked.to_string()),
            ("the keeper's log", outcomes.join(", ")),
            ("seconds", format!("{:.1}", self.wall_seconds)),
        ];
        let rows = rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec();
        let mut text = format!("{}\n\n{}\n\n{}", self.market, self.books, table(&[], 1, rows));
        for problem in self.problems.iter().chain(&self.failures) {
            text.push_str("\n  ! ");
            text.push_str(problem);
        }
        if let Some(kept) = &self.kept {
            text.push_str("\n\n");
            text.push_str(&kept.words());
        }
        text
    }
}

fn market(story: &Story) -> String {
    let rows = story.prices.iter().map(|(asset, prices)| {
        let bps = u16::try_from(prices.fall_bps()).unwrap_or(u16::MAX);
        vec![
            asset.clone(),
            format_wad(prices.start, 4),
            format_wad(prices.low, 4),
            format_wad(prices.end, 4),
            format_bps(bps),
        ]
    });
    table(&["price USD", "start", "lowest", "end", "fell by"], 1, rows.collect())
}

/// The books of each asset as they are stored at the end.
fn books(checker: &Checker, stage: &Stage) -> String {
    let Some(last) = checker.last() else { return String::new() };
    let findings = checker.findings();
    let rows = last.reserves().unwrap_or_default().into_iter().map(|(_, reserve)| {
        let token = weir_chain::state::client_address(reserve.token);
        let units = |amount| format_grouped(amount, reserve.decimals, 2);
        let balances = &reserve.balances;
        let insurance = balances.supply.to_assets_floor(balances.insurance).unwrap_or_default();
        vec![
            symbol(&stage.deployment, token),
            units(balances.cash.0),
            units(balances.debt.assets.0),
            units(balances.supply.assets.0),
            units(balances.protected.0),
            units(last.holdings.get(&token).copied().unwrap_or_default()),
            units(insurance.0),
            units(checker.written_off(token)),
            if findings.unbalanced.contains(&token) { "NO" } else { "yes" }.to_owned(),
        ]
    });
    let header = [
        "books",
        "cash",
        "debt",
        "supply",
        "protected",
        "tokens held",
        "insurance",
        "written off",
        "balanced",
    ];
    table(&header, 1, rows.collect())
}

fn table(header: &[&str], numbers_from: usize, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_HORIZONTAL_ONLY);
    if !header.is_empty() {
        table.set_header(header.iter().copied());
    }
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut().skip(numbers_from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}
