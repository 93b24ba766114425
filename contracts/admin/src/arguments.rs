//! What the messages of the admin contract take, in the words of its interface.

use weir_core::address::Address;
use weir_core::config::{BucketConfig, CategoryConfig, RateConfig, ReserveConfig};
use weir_core::state::reserve::{Ages, LiquidationParams};
use weir_core::state::risk::Volatility;
use weir_core::state::{Fees, Flags};
use weir_core::units::{Bps, Ppm};
use weir_shell::arguments::{Arguments, Signature};
use weir_shell::reader::{Reader, Source};

weir_shell::arguments! {
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
}

/// `list`.
pub struct List {
    pub asset: Address,
    /// `None` if there is no such rate model.
    pub parameters: Option<ReserveConfig>,
    pub seed: u128,
    pub floor: u128,
}

impl Signature for List {
    const TYPES: &'static str = concat!(
        "address,(uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint8,uint32,uint32,uint32,",
        "uint16,uint16,uint16,uint64,uint64,uint64,uint64,uint8),uint128,uint128"
    );
}

impl Arguments for List {
    fn read(input: &mut Reader<impl Source>) -> Self {
        Self {
            asset: input.address(),
            parameters: parameters(input),
            seed: input.u128(),
            floor: input.u128(),
        }
    }
}

/// `setParameters`.
pub struct SetParameters {
    pub asset: Address,
    /// `None` if there is no such rate model.
    pub parameters: Option<ReserveConfig>,
}

impl Signature for SetParameters {
    const TYPES: &'static str = concat!(
        "address,(uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint8,uint32,uint32,uint32,",
        "uint16,uint16,uint16,uint64,uint64,uint64,uint64,uint8)"
    );
}

impl Arguments for SetParameters {
    fn read(input: &mut Reader<impl Source>) -> Self {
        Self { asset: input.address(), parameters: parameters(input) }
    }
}

/// The 22 words of `ReserveParameters`.
#[inline(never)]
fn parameters(input: &mut Reader<impl Source>) -> Option<ReserveConfig> {
    let (ltv, threshold) = (Bps(input.u16()), Bps(input.u16()));
    let liquidation = LiquidationParams {
        bonus_min: Bps(input.u16()),
        bonus_max: Bps(input.u16()),
        health_for_max_bonus: Bps(input.u16()),
        insurance_cut: Bps(input.u16()),
    };
    let fees = Fees {
        fee: Bps(input.u16()),
        flash_fee: Bps(input.u16()),
        flash_split: Bps(input.u16()),
        insurance_target: Bps(input.u16()),
    };
    let model = input.u8();
    let (base, slope1, slope2) = (Ppm(input.u32()), Ppm(input.u32()), Ppm(input.u32()));
    let optimal = Bps(input.u16());
    let rates = match model {
        0 => Some(RateConfig::Kinked { base, slope1, slope2, optimal }),
        1 => Some(RateConfig::Adaptive),
        _ => None,
    };
    let ages = Ages { strict: input.u16(), long: input.u16() };
    let [supply_cap, borrow_cap, protected_cap, flash_cap] =
        core::array::from_fn(|_| input.u64());
    let flags = Flags(input.u8().into());
    Some(ReserveConfig {
        ltv,
        threshold,
        liquidation,
        fees,
        rates: rates?,
        ages,
        supply_cap,
        borrow_cap,
        protected_cap,
        flash_cap,
        flags,
        category: CategoryConfig::default(),
        volatility: Volatility::default(),
        inflow: BucketConfig::default(),
        outflow: BucketConfig::default(),
    })
}
