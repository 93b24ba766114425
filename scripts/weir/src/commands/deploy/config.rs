//! The deployment's TOML file: typed, unknown keys refused, every fault named with file and line.

use crate::exit::Failure;
use serde::Deserialize;
use std::path::Path;
use toml::Spanned;
use weir_abi::Admin::{self, ReserveParameters};
use weir_chain::amount::{parse_units, parse_wad};

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The pool's own settings.
    pub pool: Pool,
    /// The price feed.
    pub feed: Feed,
    /// The governor; without it the deployer's key keeps all roles.
    #[serde(default)]
    pub governor: Option<Governor>,
    /// Assets to list, in this order.
    #[serde(rename = "asset")]
    pub assets: Vec<Asset>,
}

/// The pool's own settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// USD below which a rest of debt or collateral is not left standing.
    pub dust_usd: Spanned<String>,
    /// USD that a debt has at least after borrowing.
    pub min_debt_usd: Spanned<String>,
}

/// The price feed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Accounts that report: 0x…, SS58, or development names.
    pub reporters: Vec<String>,
    /// How many reports make a round.
    pub quorum: Spanned<u8>,
    /// How far a report's time may be ahead of the chain's.
    pub skew_seconds: u32,
    /// Native tokens that each reporter gets for fees, where it has less.
    pub reporter_funds: String,
}

/// The governor contract.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Governor {
    /// Who signs: 0x…, SS58, or development names.
    pub signers: Spanned<Vec<String>>,
    /// How many of them decide.
    pub threshold: u8,
    /// Who may object.
    #[serde(default)]
    pub veto: Option<String>,
    /// Before what ends an emergency.
    pub short_delay_seconds: u32,
    /// Before everything else.
    pub long_delay_seconds: u32,
    /// Whether it governs the pool from the end of the deployment on.
    #[serde(default)]
    pub hand_over: bool,
}

/// One asset.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Short name, unique in the file.
    pub symbol: Spanned<String>,
    /// Long name of a test token.
    #[serde(default)]
    pub name: Option<String>,
    /// An ERC-20 that is there already; without it a test token is deployed.
    #[serde(default)]
    pub token: Option<String>,
    /// The native token, wrapped: the wrapper is deployed, and seed and floor are wrapped by it.
    #[serde(default)]
    pub native: bool,
    /// Decimals of the token.
    pub decimals: u8,
    /// Whole tokens that the pool keeps for itself forever at listing, so that it is never empty.
    pub seed: Spanned<String>,
    /// Whole tokens set aside under the pool's own name.
    pub floor: Spanned<String>,
    /// Relative step between two rounds beyond which the feed waits for a second one.
    pub max_step_bps: u16,
    /// Lowest and highest price in USD that the feed believes.
    pub price_bounds_usd: Spanned<[String; 2]>,
    /// The reserve's terms.
    pub reserve: Reserve,
}

/// Terms of a reserve: ratios and fees in bps, rates in percent a year, caps in whole tokens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    ltv_bps: u16,
    threshold_bps: u16,
    bonus_min_bps: u16,
    bonus_max_bps: u16,
    health_for_max_bonus_bps: u16,
    insurance_cut_bps: u16,
    fee_bps: u16,
    insurance_target_bps: u16,
    rate: Rate,
    strict_age_seconds: u16,
    long_age_seconds: u16,
    supply_cap: u64,
    borrow_cap: u64,
    protected_cap: u64,
    borrowable: bool,
    collateral: bool,
    /// The only collateral of the accounts that use it.
    #[serde(default)]
    isolated: bool,
    /// Absent: no flash loans.
    flash: Option<Flash>,
    category: Option<Category>,
    volatility: Option<Volatility>,
    /// Absent: no limit.
    inflow: Option<Flow>,
    outflow: Option<Flow>,
}

/// Flash loans.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flash {
    /// Largest loan, in whole tokens.
    cap: u64,
    fee_bps: u16,
    /// Part of the fee for the insurance.
    insurance_bps: u16,
}

/// Better ratios for accounts that choose the category and borrow only in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    id: u8,
    ltv_bps: u16,
    threshold_bps: u16,
    bonus_max_bps: u16,
}

/// How much less a volatile collateral supports.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Volatility {
    /// Annual volatility that costs nothing.
    free_bps: u16,
    /// Part of the ltv that is cut for each 100 % above that.
    slope_bps: u16,
    /// The largest cut, as a part of the ltv.
    cut_max_bps: u16,
}

/// A limit on net flow.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Whole tokens at once.
    cap: u64,
    /// Until a full bucket is empty.
    minutes: u16,
}

/// The interest-rate model.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "model", rename_all = "lowercase", deny_unknown_fields)]
pub enum Rate {
    /// Two straight lines that meet at the optimal utilisation.
    Kinked {
        /// At no utilisation.
        base_percent: u32,
        /// Added up to the optimal utilisation.
        slope1_percent: u32,
        /// Added from there to full utilisation.
        slope2_percent: u32,
        /// The optimal utilisation.
        optimal_bps: u16,
    },
    /// The rate at target drifts with the distance from the target utilisation of 90 %.
    Adaptive,
}

const PPM_PER_PERCENT: u32 = 10_000;
const BORROWABLE: u8 = 1;
const COLLATERAL: u8 = 1 << 1;
const ISOLATED: u8 = 1 << 2;
const FLASH: u8 = 1 << 3;

impl Reserve {
    /// As the admin contract takes them. The contract checks how they relate to each other.
    pub fn parameters(&self) -> Option<ReserveParameters> {
        let (rate_model, base, slope1, slope2, optimal) = match self.rate {
            Rate::Kinked { base_percent, slope1_percent, slope2_percent, optimal_bps } => (
                0,
                base_percent.checked_mul(PPM_PER_PERCENT)?,
                slope1_percent.checked_mul(PPM_PER_PERCENT)?,
                slope2_percent.checked_mul(PPM_PER_PERCENT)?,
                optimal_bps,
            ),
            Rate::Adaptive => (1, 0, 0, 0, 0),
        };
        let bit = |on: bool, bit: u8| if on { bit } else { 0 };
        let flags = bit(self.borrowable, BORROWABLE)
            | bit(self.collateral, COLLATERAL)
            | bit(self.isolated, ISOLATED)
            | bit(self.flash.is_some(), FLASH);
        let flash = self.flash.as_ref();
        Some(ReserveParameters {
            ltv: self.ltv_bps,
            threshold: self.threshold_bps,
            bonusMin: self.bonus_min_bps,
            bonusMax: self.bonus_max_bps,
            healthForMaxBonus: self.health_for_max_bonus_bps,
            insuranceCut: self.insurance_cut_bps,
            fee: self.fee_bps,
            flashFee: flash.map_or(0, |flash| flash.fee_bps),
            flashSplit: flash.map_or(0, |flash| flash.insurance_bps),
            insuranceTarget: self.insurance_target_bps,
            rateModel: rate_model,
            rateBase: base,
            rateSlope1: slope1,
            rateSlope2: slope2,
            rateOptimal: optimal,
            ages: Admin::Ages { strict: self.strict_age_seconds, long: self.long_age_seconds },
            supplyCap: self.supply_cap,
            borrowCap: self.borrow_cap,
            protectedCap: self.protected_cap,
            flashCap: flash.map_or(0, |flash| flash.cap),
            flags,
            category: self.category.as_ref().map_or_else(Default::default, |category| {
                Admin::Category {
                    id: category.id,
                    ltv: category.ltv_bps,
                    threshold: category.threshold_bps,
                    bonusMax: category.bonus_max_bps,
                }
            }),
            volatility: self.volatility.as_ref().map_or_else(Default::default, |cut| {
                Admin::Volatility {
                    free: cut.free_bps,
                    slope: cut.slope_bps,
                    cutMax: cut.cut_max_bps,
                }
            }),
            flows: Admin::Flows {
                inflow: flow(self.inflow.as_ref()),
                outflow: flow(self.outflow.as_ref()),
            },
        })
    }
}

fn flow(flow: Option<&Flow>) -> Admin::Flow {
    flow.map_or_else(Default::default, |flow| Admin::Flow {
        cap: flow.cap,
        refillMinutes: flow.minutes,
    })
}

impl Config {
    /// Reads and checks the file.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            Failure::usage(format!("{} cannot be read: {error}", path.display()))
        })?;
        Self::parse(&text).map_err(|fault| Failure::usage(format!("{}: {fault}", path.display())))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let config: Self =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_string())?;
        let faults = config.faults();
        if faults.is_empty() {
            return Ok(config);
        }
        let faults = faults.into_iter().map(|(at, fault)| {
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            format!("line {line}: {fault}")
        });
        Err(faults.collect::<Vec<_>>().join("; "))
    }

    /// Every fault that the types do not rule out, and where in the text it is.
    fn faults(&self) -> Vec<(usize, String)> {
        let mut faults = Vec::new();
        let mut check = |fine: bool, at: usize, fault: String| {
            if !fine {
                faults.push((at, fault));
            }
        };
        for (name, usd) in
            [("dust_usd", &self.pool.dust_usd), ("min_debt_usd", &self.pool.min_debt_usd)]
        {
            let fine = parse_wad(usd.get_ref()).is_ok();
            check(fine, usd.span().start, format!("pool.{name} is not an amount"));
        }
        check(!self.assets.is_empty(), 0, "there is no asset".into());
        let (quorum, reporters) = (*self.feed.quorum.get_ref(), self.feed.reporters.len());
        check(
            quorum >= 1 && usize::from(quorum) <= reporters,
            self.feed.quorum.span().start,
            format!("feed.quorum is {quorum} and there are {reporters} reporters"),
        );
        if let Some(governor) = &self.governor {
            let (given, needed) = (governor.signers.get_ref().len(), governor.threshold);
            check(
                needed >= 1 && usize::from(needed) <= given,
                governor.signers.span().start,
                format!("governor.threshold is {needed} and there are {given} signers"),
            );
        }
        for (index, asset) in self.assets.iter().enumerate() {
            let symbol = asset.symbol.get_ref();
            let at = asset.symbol.span().start;
            let earlier =
                self.assets.iter().take(index).any(|other| other.symbol.get_ref() == symbol);
            check(!earlier, at, format!("asset {symbol} is there twice"));
            for (name, amount) in [("seed", &asset.seed), ("floor", &asset.floor)] {
                let fine = parse_units(amount.get_ref(), asset.decimals).is_ok();
                let fault = format!("{symbol}: {name} is not an amount above zero");
                check(fine, amount.span().start, fault);
            }
            let wrapped = self.assets.iter().take(index).filter(|other| other.native).count();
            check(
                !asset.native || (asset.token.is_none() && wrapped == 0),
                at,
                format!("{symbol}: there is one native token, and its wrapper is deployed here"),
            );
            let bounds = asset.price_bounds_usd.get_ref().iter().map(|bound| parse_wad(bound));
            let bounds = bounds.collect::<Result<Vec<_>, _>>().unwrap_or_default();
            check(
                matches!(bounds.as_slice(), [low, high] if *low > 0 && low < high),
                asset.price_bounds_usd.span().start,
                format!("{symbol}: price_bounds_usd needs 0 < low < high"),
            );
            let rates_fit = asset.reserve.parameters().is_some();
            check(rates_fit, at, format!("{symbol}: a rate is too large"));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::Config;

    const EXAMPLE: &str = include_str!("../../../devnet.toml");

    #[test]
    fn the_example_is_in_order() {
        let config = Config::parse(EXAMPLE).unwrap();
        let decimals: Vec<u8> = config.assets.iter().map(|asset| asset.decimals).collect();
        assert_eq!(decimals, [6, 10, 18, 10]);
        // 4 % a year is 40 000 ppm.
        let parameters = config.assets[0].reserve.parameters().unwrap();
        assert_eq!(parameters.rateSlope1, 40_000);
    }

    #[test]
    fn unknown_keys_and_wrong_types_are_named_with_their_line() {
        let fault = Config::parse(&EXAMPLE.replacen("quorum", "qorum", 1)).unwrap_err();
        assert!(fault.contains("line") && fault.contains("qorum"), "{fault}");
        let fault =
            Config::parse(&EXAMPLE.replacen("decimals = 6", "decimals = \"six\"", 1)).unwrap_err();
        assert!(fault.contains("line"), "{fault}");
    }

    #[test]
    fn all_faults_are_told_at_once_with_their_lines() {
        let text = EXAMPLE.replacen("quorum = 2", "quorum = 9", 1).replacen(
            "seed = \"1000\"",
            "seed = \"-1\"",
            1,
        );
        let fault = Config::parse(&text).unwrap_err();
        for words in ["line 10: feed.quorum is 9", "line 26: USDC: seed is not an amount"] {
            assert!(fault.contains(words), "{fault}");
        }
    }
}
