//! Who acts, which tokens there are, and the parameters of reserves.

use crate::message::{Coin, Who};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use weir_core::{
    address::Address,
    config::{BucketConfig, CategoryConfig, RateConfig, ReserveConfig},
    state::{
        Fees, Flags,
        reserve::{Ages, LiquidationParams},
        risk::Volatility,
    },
    units::{Bps, Ppm, WAD},
};

/// How many people have accounts.
pub const USERS: u8 = 10;
/// They hold the roles in turn: two of each of governor, guardian, steward, feed and admin code.
pub const ROLES: [[Who; 2]; 5] = [[10, 11], [12, 13], [14, 15], [16, 17], [18, 19]];
/// The address zero.
pub const NOBODY: Who = 20;
/// Somebody who never acts.
pub const IDLE: Who = 21;
/// The contract that takes flash loans on a chain.
pub const RECEIVER: Who = 22;

/// A token of the stage.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its address.
    pub address: Address,
    /// Its decimals.
    pub decimals: u8,
    /// What a whole one costs at the start, USD WAD.
    pub price: u128,
}

/// The cast and the tokens.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Everybody, by number.
    pub people: Vec<Address>,
    /// Every token that can be listed, by number.
    pub tokens: Vec<Token>,
    /// Whether anybody may take a flash loan and act inside it; on a chain one contract does, and returns it.
    pub any_receiver: bool,
}

/// How many of the tokens are listed before the first step.
pub const LISTED: u8 = 5;
/// The token that takes from the pool unasked.
pub const HOSTILE: Coin = 4;

/// Decimals and first price (USD, WAD) of the tokens.
pub const TOKENS: [(u8, u128); 16] = [
    (6, WAD),
    (18, 2_000 * WAD),
    (10, 5 * WAD),
    (8, 60_000 * WAD),
    (12, 3 * WAD),
    (6, 1_080_000_000_000_000_000),
    (18, 30 * WAD),
    (0, 120 * WAD),
    (24, WAD / 50),
    (10, 7 * WAD),
    (2, 15 * WAD),
    (18, WAD),
    (6, 400 * WAD),
    (9, WAD / 4),
    (15, 11 * WAD),
    (18, 900 * WAD),
];

impl Stage {
    /// A stage that is nowhere but in memory.
    #[must_use]
    pub fn imagined() -> Self {
        let people = (0..=RECEIVER)
            .map(|who| if who == NOBODY { Address::ZERO } else { Address([0xa0 + who; 20]) })
            .collect();
        let token = |(number, (decimals, price)): (u8, (u8, u128))| Token {
            address: Address([number + 1; 20]),
            decimals,
            price,
        };
        Self { people, tokens: (0..).zip(TOKENS).map(token).collect(), any_receiver: true }
    }

    /// The address of a person.
    #[must_use]
    pub fn who(&self, who: Who) -> Address {
        self.people[usize::from(who)]
    }

    /// The address of a token; one that is listed nowhere if there is none.
    #[must_use]
    pub fn coin(&self, coin: Coin) -> Address {
        self.tokens.get(usize::from(coin)).map_or(Address([0xee; 20]), |token| token.address)
    }

    /// The decimals of a token.
    #[must_use]
    pub fn decimals(&self, coin: Coin) -> u8 {
        self.tokens.get(usize::from(coin)).map_or(18, |token| token.decimals)
    }

    /// The parameters that a number stands for; about one in eight breaks a relation.
    #[must_use]
    pub fn config(&self, coin: Coin, seed: u64) -> ReserveConfig {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let rng = &mut rng;
        let price = self.tokens.get(usize::from(coin)).map_or(WAD, |token| token.price);
        // Caps are round sums of dollars in whole tokens.
        let tokens = |dollars: u64| {
            u64::try_from(u128::from(dollars) * WAD / price).unwrap_or(u64::MAX).max(1)
        };
        let collateral = rng.random_ratio(7, 8);
        let threshold = if collateral { rng.random_range(5_000..8_600) } else { 0 };
        let ltv = if collateral { threshold - rng.random_range(100..1_500) } else { 0 };
        let bonus_min = rng.random_range(0..400);
        let mut config = ReserveConfig {
            ltv: Bps(ltv),
            threshold: Bps(threshold),
            liquidation: LiquidationParams {
                bonus_min: Bps(bonus_min),
                bonus_max: Bps(bonus_min + rng.random_range(0..700)),
                health_for_max_bonus: Bps(rng.random_range(9_600..10_000)),
                insurance_cut: Bps(rng.random_range(0..3_000)),
            },
            fees: Fees {
                fee: Bps(rng.random_range(0..3_000)),
                flash_fee: Bps(rng.random_range(0..50)),
                flash_split: Bps(rng.random_range(0..=10_000)),
                insurance_target: Bps(if rng.random() { 0 } else { rng.random_range(0..200) }),
            },
            rates: if rng.random_ratio(1, 3) {
                RateConfig::Adaptive
            } else {
                let slope1 = rng.random_range(0..200_000);
                RateConfig::Kinked {
                    base: Ppm(rng.random_range(0..50_000)),
                    slope1: Ppm(slope1),
                    slope2: Ppm(slope1 + rng.random_range(0..3_000_000)),
                    optimal: Bps(rng.random_range(1_000..9_900)),
                }
            },
            ages: Ages {
                strict: rng.random_range(600..4_000),
                long: rng.random_range(4_000..20_000),
            },
            supply_cap: tokens(rng.random_range(100_000..5_000_000)),
            borrow_cap: tokens(rng.random_range(50_000..4_000_000)),
            protected_cap: tokens(rng.random_range(20_000..1_000_000)),
            flash_cap: tokens(rng.random_range(1_000..2_000_000)),
            flags: Flags(
                (u16::from(rng.random_ratio(15, 16)) * Flags::BORROWABLE)
                    | (u16::from(collateral) * Flags::COLLATERAL)
                    | (u16::from(collateral && rng.random_ratio(1, 10)) * Flags::ISOLATED)
                    | (u16::from(rng.random_ratio(9, 10)) * Flags::FLASH),
            ),
            category: CategoryConfig::default(),
            volatility: Volatility::default(),
            inflow: BucketConfig::default(),
            outflow: BucketConfig::default(),
        };
        self.add_limits(rng, &mut config, &tokens);
        match rng.random_range(0..40) {
            0 => config.ltv = Bps(threshold),
            1 => config.liquidation.bonus_max = Bps(5_001),
            2 => config.fees.fee = Bps(5_001),
            3 => config.ages.long = 1,
            4 => config.threshold = Bps(9_999),
            _ => {}
        }
        config
    }

    fn add_limits(
        &self,
        rng: &mut ChaCha8Rng,
        config: &mut ReserveConfig,
        tokens: &impl Fn(u64) -> u64,
    ) {
        let threshold = config.threshold.0;
        if config.flags.has(Flags::COLLATERAL) && rng.random_ratio(1, 3) {
            let higher = threshold + rng.random_range(0..(9_000 - threshold.min(8_999)));
            config.category = CategoryConfig {
                id: rng.random_range(1..3),
                ltv: Bps(higher - rng.random_range(50..500)),
                threshold: Bps(higher),
                bonus_max: Bps(config.liquidation.bonus_min.0 + rng.random_range(0..300)),
            };
        }
        if rng.random_ratio(1, 3) {
            config.volatility = Volatility {
                free: Bps(rng.random_range(0..8_000)),
                slope: Bps(rng.random_range(0..5_000)),
                cut_max: Bps(rng.random_range(0..5_000)),
            };
        }
        let bucket = |rng: &mut ChaCha8Rng| match rng.random_ratio(1, 3) {
            true => BucketConfig {
                cap: tokens(rng.random_range(20_000..500_000)),
                refill_minutes: rng.random_range(1..1_440),
            },
            false => BucketConfig::default(),
        };
        config.inflow = bucket(rng);
        config.outflow = bucket(rng);
    }
}
