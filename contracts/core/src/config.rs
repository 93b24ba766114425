//! The parameters of a reserve as governance gives them, and the relations that must hold between them. What breaks one
//! cannot be stored.

mod validate;

use crate::{
    rates::{Adaptive, InvalidRate, Kinked, Rates},
    state::{
        Fees, Flags,
        limits::Cap,
        reserve::{Ages, LiquidationParams},
        risk::Volatility,
    },
    units::{Bps, Ppm},
};

/// The interest-rate model of a reserve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateConfig {
    /// Two straight lines; rates per year.
    Kinked {
        /// At utilisation 0.
        base: Ppm,
        /// Gained up to the optimum.
        slope1: Ppm,
        /// Gained from there to full utilisation.
        slope2: Ppm,
        /// The optimal utilisation.
        optimal: Bps,
    },
    /// The adaptive curve, which starts at 4 % and keeps its rate at target when parameters change.
    Adaptive,
}

impl RateConfig {
    fn build(self) -> Result<Rates, InvalidRate> {
        match self {
            Self::Kinked { base, slope1, slope2, optimal } => {
                Kinked::new(base, slope1, slope2, optimal).map(Rates::Kinked)
            }
            Self::Adaptive => Ok(Rates::Adaptive(Adaptive::FRESH)),
        }
    }
}

/// Ratios for accounts in the category of the reserve; the default is no category.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CategoryConfig {
    /// Its number, 0 for none.
    pub id: u8,
    /// Debt that a unit of value supports.
    pub ltv: Bps,
    /// From where on it is liquidated.
    pub threshold: Bps,
    /// Largest bonus.
    pub bonus_max: Bps,
}

/// A flow limit; the default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BucketConfig {
    /// Net flow that it lets through at once, in whole tokens; 0 switches it off.
    pub cap: u64,
    /// Minutes in which a full bucket empties.
    pub refill_minutes: u16,
}

/// The parameters of a reserve. Caps in whole tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReserveConfig {
    /// Debt that a unit of value supports when risk is taken on.
    pub ltv: Bps,
    /// From where on it is liquidated.
    pub threshold: Bps,
    /// The terms of liquidation.
    pub liquidation: LiquidationParams,
    /// What it charges.
    pub fees: Fees,
    /// The rate model.
    pub rates: RateConfig,
    /// How old a price may be.
    pub ages: Ages,
    /// Most supply.
    pub supply_cap: u64,
    /// Most debt.
    pub borrow_cap: u64,
    /// Most that is protected.
    pub protected_cap: u64,
    /// Largest flash loan.
    pub flash_cap: u64,
    /// Bits of [`Flags::CONFIGURED`].
    pub flags: Flags,
    /// Ratios of its category.
    pub category: CategoryConfig,
    /// The cut in volatile times.
    pub volatility: Volatility,
    /// The limit on net inflow.
    pub inflow: BucketConfig,
    /// The limit on net outflow.
    pub outflow: BucketConfig,
}

/// What the steward may move of the parameters: rates, caps (in whole tokens) and flow limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steering {
    /// The rate model.
    pub rates: RateConfig,
    /// Caps of supply, debt, what is protected, and one flash loan.
    pub caps: [u64; 4],
    /// The limit on net inflow.
    pub inflow: BucketConfig,
    /// The limit on net outflow.
    pub outflow: BucketConfig,
}

impl Steering {
    /// The refill times of both flow limits.
    #[must_use]
    pub const fn minutes(&self) -> [u16; 2] {
        [self.inflow.refill_minutes, self.outflow.refill_minutes]
    }
}

impl ReserveConfig {
    /// The part of it that the steward may move.
    #[must_use]
    pub const fn steering(&self) -> Steering {
        Steering {
            rates: self.rates,
            caps: [self.supply_cap, self.borrow_cap, self.protected_cap, self.flash_cap],
            inflow: self.inflow,
            outflow: self.outflow,
        }
    }
}

/// Parameters that keep every relation. Only [`ReserveConfig::validate`] makes one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValidConfig {
    config: ReserveConfig,
    decimals: u8,
    rates: Rates,
    caps: [Cap; 6],
}

impl ValidConfig {
    /// The parameters.
    #[must_use]
    pub const fn config(&self) -> &ReserveConfig {
        &self.config
    }

    /// Decimals of the token for which they were checked.
    #[must_use]
    pub const fn decimals(&self) -> u8 {
        self.decimals
    }

    /// The rate model at its start.
    #[must_use]
    pub const fn rates(&self) -> Rates {
        self.rates
    }

    /// Caps in smallest units: supply, borrow, protected, flash, inflow, outflow.
    #[must_use]
    pub const fn caps(&self) -> [Cap; 6] {
        self.caps
    }
}

/// A parameter that breaks a relation, by its word in the Solidity interface (those that are not there follow).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Field {
    /// `ltv`.
    Ltv,
    /// `threshold`.
    Threshold,
    /// `bonusMin`.
    BonusMin,
    /// `bonusMax`.
    BonusMax,
    /// `healthForMaxBonus`.
    HealthForMaxBonus,
    /// `insuranceCut`.
    InsuranceCut,
    /// `fee`.
    Fee,
    /// `flashFee`.
    FlashFee,
    /// `flashSplit`.
    FlashSplit,
    /// `insuranceTarget`.
    InsuranceTarget,
    /// `rateModel`.
    RateModel,
    /// `rateBase`: with the slopes above the highest rate.
    RateBase,
    /// `rateSlope1`.
    RateSlope1,
    /// `rateSlope2`: below slope 1.
    RateSlope2,
    /// `rateOptimal`.
    RateOptimal,
    /// `ages.strict`.
    StrictAge,
    /// `ages.long`.
    LongAge,
    /// `supplyCap`.
    SupplyCap,
    /// `borrowCap`.
    BorrowCap,
    /// `protectedCap`.
    ProtectedCap,
    /// `flashCap`.
    FlashCap,
    /// `flags`.
    Flags,
    /// `category.id`.
    Category,
    /// `category.ltv`.
    CategoryLtv,
    /// `category.threshold`.
    CategoryThreshold,
    /// `category.bonusMax`.
    CategoryBonusMax,
    /// `volatility.free`.
    VolatilityFree,
    /// `volatility.slope`.
    VolatilitySlope,
    /// `volatility.cutMax`.
    VolatilityCutMax,
    /// `flows.inflow.cap`.
    InflowCap,
    /// `flows.inflow.refillMinutes`.
    InflowMinutes,
    /// `flows.outflow.cap`.
    OutflowCap,
    /// `flows.outflow.refillMinutes`.
    OutflowMinutes,
    /// Decimals of the token.
    Decimals,
    /// Target health of the pool.
    TargetHealth,
}

/// Why parameters are refused: the field and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// Which parameter.
    pub field: Field,
    /// What it was.
    pub value: u64,
}

impl From<Invalid> for crate::error::Refusal {
    fn from(invalid: Invalid) -> Self {
        use crate::error::{Code, Word, refuse};
        refuse(Code::BadParameter, Word::from(invalid.field.code()), Word::from(invalid.value))
    }
}

impl Field {
    /// As the error has it.
    #[must_use]
    pub const fn code(self) -> u8 {
        // An enum without fields converts to its number.
        self as u8
    }
}

#[cfg(test)]
pub(crate) mod tests;
