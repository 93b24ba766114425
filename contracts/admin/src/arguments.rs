//! The arguments of the admin messages, as their Solidity interface names them.

use weir_core::{
    address::Address,
    config::{BucketConfig, CategoryConfig, Field, Invalid, RateConfig, ReserveConfig, Steering},
    flash::MAX_BATCH,
    liquidate::Order,
    state::{
        Fees, Flags,
        reserve::{Ages, LiquidationParams},
        risk::Volatility,
    },
    units::{Assets, Bps, Ppm},
};
use weir_shell::{
    arguments::{Arguments, Signature},
    reader::{Range, Reader, Source},
};

/// `ReserveParameters` of the interface, in its order.
pub struct Parameters {
    ltv: u16,
    threshold: u16,
    bonus_min: u16,
    bonus_max: u16,
    health_for_max_bonus: u16,
    insurance_cut: u16,
    fee: u16,
    flash_fee: u16,
    flash_split: u16,
    insurance_target: u16,
    rate_model: u8,
    rate_base: u32,
    rate_slope1: u32,
    rate_slope2: u32,
    rate_optimal: u16,
    strict_age: u16,
    long_age: u16,
    supply_cap: u64,
    borrow_cap: u64,
    protected_cap: u64,
    flash_cap: u64,
    flags: u8,
    category: u8,
    category_ltv: u16,
    category_threshold: u16,
    category_bonus_max: u16,
    volatility_free: u16,
    volatility_slope: u16,
    volatility_cut_max: u16,
    inflow_cap: u64,
    inflow_minutes: u16,
    outflow_cap: u64,
    outflow_minutes: u16,
}

impl Parameters {
    fn read(input: &mut Reader<impl Source>) -> Self {
        // Fields of a struct literal are evaluated in the order in which they are written.
        Self {
            ltv: input.u16(),
            threshold: input.u16(),
            bonus_min: input.u16(),
            bonus_max: input.u16(),
            health_for_max_bonus: input.u16(),
            insurance_cut: input.u16(),
            fee: input.u16(),
            flash_fee: input.u16(),
            flash_split: input.u16(),
            insurance_target: input.u16(),
            rate_model: input.u8(),
            rate_base: input.u32(),
            rate_slope1: input.u32(),
            rate_slope2: input.u32(),
            rate_optimal: input.u16(),
            strict_age: input.u16(),
            long_age: input.u16(),
            supply_cap: input.u64(),
            borrow_cap: input.u64(),
            protected_cap: input.u64(),
            flash_cap: input.u64(),
            flags: input.u8(),
            category: input.u8(),
            category_ltv: input.u16(),
            category_threshold: input.u16(),
            category_bonus_max: input.u16(),
            volatility_free: input.u16(),
            volatility_slope: input.u16(),
            volatility_cut_max: input.u16(),
            inflow_cap: input.u64(),
            inflow_minutes: input.u16(),
            outflow_cap: input.u64(),
            outflow_minutes: input.u16(),
        }
    }

    /// The configuration of a reserve, not yet validated.
    ///
    /// # Errors
    /// [`Invalid`] for a rate model that does not exist.
    pub fn config(&self) -> Result<ReserveConfig, Invalid> {
        let lines = [self.rate_base, self.rate_slope1, self.rate_slope2];
        let rates = rates(self.rate_model, lines, self.rate_optimal)?;
        Ok(ReserveConfig {
            ltv: Bps(self.ltv),
            threshold: Bps(self.threshold),
            liquidation: LiquidationParams {
                bonus_min: Bps(self.bonus_min),
                bonus_max: Bps(self.bonus_max),
                health_for_max_bonus: Bps(self.health_for_max_bonus),
                insurance_cut: Bps(self.insurance_cut),
            },
            fees: Fees {
                fee: Bps(self.fee),
                flash_fee: Bps(self.flash_fee),
                flash_split: Bps(self.flash_split),
                insurance_target: Bps(self.insurance_target),
            },
            rates,
            ages: Ages { strict: self.strict_age, long: self.long_age },
            supply_cap: self.supply_cap,
            borrow_cap: self.borrow_cap,
            protected_cap: self.protected_cap,
            flash_cap: self.flash_cap,
            flags: Flags(self.flags.into()),
            category: CategoryConfig {
                id: self.category,
                ltv: Bps(self.category_ltv),
                threshold: Bps(self.category_threshold),
                bonus_max: Bps(self.category_bonus_max),
            },
            volatility: Volatility {
                free: Bps(self.volatility_free),
                slope: Bps(self.volatility_slope),
                cut_max: Bps(self.volatility_cut_max),
            },
            inflow: BucketConfig { cap: self.inflow_cap, refill_minutes: self.inflow_minutes },
            outflow: BucketConfig { cap: self.outflow_cap, refill_minutes: self.outflow_minutes },
        })
    }
}

/// `list`.
pub struct List {
    pub asset: Address,
    pub parameters: Parameters,
    pub seed: u128,
    pub floor: u128,
}

impl Signature for List {
    const TYPES: &'static str = "address,(uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,\
         uint8,uint32,uint32,uint32,uint16,(uint16,uint16),uint64,uint64,uint64,uint64,uint8,\
         (uint8,uint16,uint16,uint16),(uint16,uint16,uint16),((uint64,uint16),(uint64,uint16))),uint128,uint128";
}

impl Arguments for List {
    fn read(input: &mut Reader<impl Source>) -> Self {
        Self {
            asset: input.address(),
            parameters: Parameters::read(input),
            seed: input.u128(),
            floor: input.u128(),
        }
    }
}

/// `setParameters`.
pub struct SetParameters {
    pub asset: Address,
    pub parameters: Parameters,
}

impl Signature for SetParameters {
    const TYPES: &'static str = "address,(uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,\
         uint8,uint32,uint32,uint32,uint16,(uint16,uint16),uint64,uint64,uint64,uint64,uint8,\
         (uint8,uint16,uint16,uint16),(uint16,uint16,uint16),((uint64,uint16),(uint64,uint16)))";
}

impl Arguments for SetParameters {
    fn read(input: &mut Reader<impl Source>) -> Self {
        Self { asset: input.address(), parameters: Parameters::read(input) }
    }
}

/// `liquidate` of the pool.
pub struct Liquidate {
    pub order: Order,
    /// What the callback is told; without it there is none.
    pub data: Range,
}

impl Signature for Liquidate {
    const TYPES: &'static str = "address,address,address,uint128,uint128,bool,bytes";
}

impl Arguments for Liquidate {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let order = Order {
            borrower: input.address(),
            debt: input.address(),
            collateral: input.address(),
            max_repay: Assets(input.u128()),
            min_seized: Assets(input.u128()),
            receive_shares: input.bool(),
        };
        input.offset(7 * 32);
        Self { order, data: input.bytes() }
    }
}

/// `flashLoan` of the pool.
pub struct FlashLoan {
    pub receiver: Address,
    pub token: Address,
    pub amount: u128,
    /// What the callback is told.
    pub data: Range,
}

impl Signature for FlashLoan {
    const TYPES: &'static str = "address,address,uint256,bytes";
}

impl Arguments for FlashLoan {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let (receiver, token, amount) = (input.address(), input.address(), input.amount());
        input.offset(4 * 32);
        Self { receiver, token, amount, data: input.bytes() }
    }
}

/// `flashLoanBatch` of the pool.
pub struct FlashLoanBatch {
    pub receiver: Address,
    /// How many tokens and how many amounts were given; only as many as a batch takes are kept.
    pub given: (usize, usize),
    pub tokens: [Address; MAX_BATCH],
    pub amounts: [u128; MAX_BATCH],
    /// What the callback is told.
    pub data: Range,
}

impl Signature for FlashLoanBatch {
    const TYPES: &'static str = "address,address[],uint128[],bytes";
}

impl Arguments for FlashLoanBatch {
    fn read(input: &mut Reader<impl Source>) -> Self {
        let receiver = input.address();
        let mut offsets = input.clone();
        input.skip(3 * 32);
        let begin = input.left();
        let mut tail =
            |input: &Reader<_>| offsets.offset(4 * 32 + begin.saturating_sub(input.left()));
        tail(input);
        let (mut tokens, mut amounts) = ([Address::ZERO; MAX_BATCH], [0; MAX_BATCH]);
        let of_tokens = input.count(input.left() / 32);
        for token in tokens.iter_mut().take(of_tokens) {
            *token = input.address();
        }
        input.skip(of_tokens.saturating_sub(MAX_BATCH).saturating_mul(32));
        tail(input);
        let of_amounts = input.count(input.left() / 32);
        for amount in amounts.iter_mut().take(of_amounts) {
            *amount = input.u128();
        }
        input.skip(of_amounts.saturating_sub(MAX_BATCH).saturating_mul(32));
        tail(input);
        let data = input.bytes();
        input.require(offsets.is_sound());
        Self { receiver, given: (of_tokens, of_amounts), tokens, amounts, data }
    }
}

/// `steer`.
pub struct Steer {
    pub asset: Address,
    rate_model: u8,
    rates: [u32; 3],
    rate_optimal: u16,
    caps: [u64; 4],
    inflow: BucketConfig,
    outflow: BucketConfig,
}

impl Steer {
    /// What is steered, not yet validated.
    ///
    /// # Errors
    /// [`Invalid`] for a rate model that does not exist.
    pub fn steering(&self) -> Result<Steering, Invalid> {
        let rates = rates(self.rate_model, self.rates, self.rate_optimal)?;
        let Self { caps, inflow, outflow, .. } = *self;
        Ok(Steering { rates, caps, inflow, outflow })
    }
}

impl Signature for Steer {
    const TYPES: &'static str = "address,(uint8,uint32,uint32,uint32,uint16,uint64,uint64,uint64,uint64,((uint64,uint16),(uint64,uint16)))";
}

impl Arguments for Steer {
    fn read(input: &mut Reader<impl Source>) -> Self {
        Self {
            asset: input.address(),
            rate_model: input.u8(),
            rates: [input.u32(), input.u32(), input.u32()],
            rate_optimal: input.u16(),
            caps: [input.u64(), input.u64(), input.u64(), input.u64()],
            inflow: BucketConfig { cap: input.u64(), refill_minutes: input.u16() },
            outflow: BucketConfig { cap: input.u64(), refill_minutes: input.u16() },
        }
    }
}

fn rates(model: u8, [base, slope1, slope2]: [u32; 3], optimal: u16) -> Result<RateConfig, Invalid> {
    let (base, slope1, slope2) = (Ppm(base), Ppm(slope1), Ppm(slope2));
    match model {
        0 => Ok(RateConfig::Kinked { base, slope1, slope2, optimal: Bps(optimal) }),
        1 => Ok(RateConfig::Adaptive),
        other => Err(Invalid { field: Field::RateModel, value: other.into() }),
    }
}

/// `acceptGovernor`, which has no arguments and takes no other bytes for some.
pub struct AcceptGovernor;

impl Signature for AcceptGovernor {
    const TYPES: &'static str = "";
}

impl Arguments for AcceptGovernor {
    fn read(_: &mut Reader<impl Source>) -> Self {
        Self
    }
}

weir_shell::arguments! {
    /// `windDown`.
    WindDown("address") {
        asset: Address = address,
    }
    /// `setFinalPrice`.
    SetFinalPrice("address,uint128") {
        asset: Address = address,
        price: u128 = u128,
    }
    /// `setRole`.
    SetRole("uint8,address") {
        role: u8 = u8,
        holder: Address = address,
    }
    /// `pause`.
    Pause("address,uint16,uint32") {
        asset: Address = address,
        operations: u16 = u16,
        duration: u32 = u32,
    }
    /// `unpause`.
    Unpause("address,uint16") {
        asset: Address = address,
        operations: u16 = u16,
    }
    /// `setLimits`.
    SetLimits("uint128,uint128,uint16") {
        dust: u128 = u128,
        min_debt: u128 = u128,
        target_health: u16 = u16,
    }
    /// `skim`.
    Skim("address") {
        asset: Address = address,
    }
    /// `reconcile`.
    Reconcile("address") {
        asset: Address = address,
    }
    /// `collect`.
    Collect("address,address,uint128") {
        asset: Address = address,
        to: Address = address,
        shares: u128 = u128,
    }
    /// `setOperator`.
    SetOperator("address,uint8,uint32") {
        operator: Address = address,
        permissions: u8 = u8,
        expiry: u32 = u32,
    }
    /// `writeOff`.
    WriteOff("address") {
        account: Address = address,
    }
    /// `maxFlashLoan` of the pool.
    MaxFlashLoan("address") {
        token: Address = address,
    }
    /// `flashFee` of the pool.
    FlashFee("address,uint256") {
        token: Address = address,
        amount: u128 = amount,
    }
}
