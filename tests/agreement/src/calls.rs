//! Messages of a session as calldata.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall as _;
use weir_abi::{Admin, Pool};
use weir_core::config::{BucketConfig, RateConfig, ReserveConfig};
use weir_fuzz::{
    message::{Coin, Message, Quote, Step, Who},
    stage::Stage,
};

/// Where the calldata goes.
pub enum Target {
    /// A message of the pool.
    Pool(Vec<u8>),
    /// A message of the admin sibling, through the pool.
    Admin(Vec<u8>),
}

/// Who calls, and with what.
///
/// # Panics
/// For what is no message.
#[must_use]
pub fn encode(message: &Message, stage: &Stage, now: u64) -> (Who, Target) {
    let who = |who: Who| Address::from(stage.who(who).0);
    let asset = |coin: Coin| Address::from(stage.coin(coin).0);
    let (caller, data) = match message {
        Message::Prices { caller, quotes } => {
            let prices = quotes.iter().map(|quote| push(quote, stage, now)).collect();
            (*caller, Pool::onPricesCall { prices }.abi_encode())
        }
        Message::Submit { caller, account, to, steps } => {
            (*caller, submit(who(*account), who(*to), steps, &asset))
        }
        Message::Liquidate { caller, borrower, debt, collateral, most, least, shares } => {
            let call = Pool::liquidateCall {
                borrower: who(*borrower),
                debt: asset(*debt),
                collateral: asset(*collateral),
                maxRepay: *most,
                minSeized: *least,
                receiveShares: *shares,
                data: Vec::new().into(),
            };
            (*caller, call.abi_encode())
        }
        Message::Flash { caller, receiver, loans, batch: false, .. } => {
            let (coin, amount) = loans[0];
            let (token, amount) = (asset(coin), U256::from(amount));
            let receiver = who(*receiver);
            let call = Pool::flashLoanCall { receiver, token, amount, data: Vec::new().into() };
            (*caller, call.abi_encode())
        }
        Message::Flash { caller, receiver, loans, .. } => {
            let call = Pool::flashLoanBatchCall {
                receiver: who(*receiver),
                tokens: loans.iter().map(|(coin, _)| asset(*coin)).collect(),
                amounts: loans.iter().map(|(_, amount)| *amount).collect(),
                data: Vec::new().into(),
            };
            (*caller, call.abi_encode())
        }
        Message::Accrue { caller, coin } => {
            (*caller, Pool::accrueCall { asset: asset(*coin) }.abi_encode())
        }
        Message::Fund { caller, coin, amount } => {
            let call = Pool::fundInsuranceCall { asset: asset(*coin), amount: *amount };
            (*caller, call.abi_encode())
        }
        _ => return administer(message, stage),
    };
    (caller, Target::Pool(data))
}

fn administer(message: &Message, stage: &Stage) -> (Who, Target) {
    let who = |who: Who| Address::from(stage.who(who).0);
    let asset = |coin: Coin| Address::from(stage.coin(coin).0);
    let place = |coin: &Option<Coin>| coin.map_or(Address::ZERO, asset);
    let (caller, data) = match message {
        Message::WriteOff { caller, account } => {
            (caller, Admin::writeOffCall { account: who(*account) }.abi_encode())
        }
        Message::Operator { caller, operator, permissions, expiry } => {
            let (operator, permissions, expiry) = (who(*operator), *permissions, *expiry);
            (caller, Admin::setOperatorCall { operator, permissions, expiry }.abi_encode())
        }
        Message::Pause { caller, coin, operations, duration } => {
            let (operations, duration) = (*operations, *duration);
            (caller, Admin::pauseCall { asset: place(coin), operations, duration }.abi_encode())
        }
        Message::Unpause { caller, coin, operations } => (
            caller,
            Admin::unpauseCall { asset: place(coin), operations: *operations }.abi_encode(),
        ),
        Message::Parameters { caller, coin, config } => {
            let parameters = parameters(&stage.config(*coin, *config));
            (caller, Admin::setParametersCall { asset: asset(*coin), parameters }.abi_encode())
        }
        Message::Limits { caller, dust, min_debt, target } => {
            let (dust, min) = (*dust, *min_debt);
            let call = Admin::setLimitsCall { dust, minDebt: min, targetHealthBps: *target };
            (caller, call.abi_encode())
        }
        Message::Role { caller, role, holder } => {
            (caller, Admin::setRoleCall { role: *role, holder: who(*holder) }.abi_encode())
        }
        Message::Skim { caller, coin } => {
            (caller, Admin::skimCall { asset: asset(*coin) }.abi_encode())
        }
        Message::Reconcile { caller, coin } => {
            (caller, Admin::reconcileCall { asset: asset(*coin) }.abi_encode())
        }
        Message::Collect { caller, coin, to, shares } => {
            let call = Admin::collectCall { asset: asset(*coin), to: who(*to), shares: *shares };
            (caller, call.abi_encode())
        }
        Message::List { caller, coin, config, seed, floor } => {
            let parameters = parameters(&stage.config(*coin, *config));
            let (asset, seed, floor) = (asset(*coin), *seed, *floor);
            (caller, Admin::listCall { asset, parameters, seed, floor }.abi_encode())
        }
        other => panic!("{other:?} is no message"),
    };
    (*caller, Target::Admin(data))
}

/// One step goes by the message of its own, where that can carry it.
fn submit(
    account: Address,
    to: Address,
    steps: &[Step],
    asset: &impl Fn(Coin) -> Address,
) -> Vec<u8> {
    if let [(kind, coin, amount)] = steps {
        let (asset, amount) = (asset(*coin), *amount);
        match (kind, u8::try_from(amount)) {
            (0, _) => return Pool::supplyCall { asset, amount, account }.abi_encode(),
            (1, _) => return Pool::protectCall { asset, amount, account }.abi_encode(),
            (2, _) => return Pool::repayCall { asset, amount, account }.abi_encode(),
            (3, _) => return Pool::withdrawCall { asset, amount, account, to }.abi_encode(),
            (4, _) => return Pool::unprotectCall { asset, amount, account, to }.abi_encode(),
            (5, _) => return Pool::borrowCall { asset, amount, account, to }.abi_encode(),
            (6, Ok(on @ 0..=1)) => {
                return Pool::setCollateralCall { asset, on: on == 1, account }.abi_encode();
            }
            (7, Ok(id)) => return Pool::setCategoryCall { id, account }.abi_encode(),
            _ => {}
        }
    }
    let action = |(kind, coin, amount): &Step| Pool::Action {
        kind: *kind,
        asset: asset(*coin),
        amount: *amount,
    };
    let actions = steps.iter().map(action).collect();
    Pool::submitCall { account, actions, to }.abi_encode()
}

fn push(quote: &Quote, stage: &Stage, now: u64) -> Pool::PricePush {
    let time = i64::try_from(now).unwrap_or(i64::MAX) - i64::from(quote.age);
    Pool::PricePush {
        asset: Address::from(stage.coin(quote.coin).0),
        median: quote.median,
        downBps: quote.down,
        upBps: quote.up,
        time: u32::try_from(time).unwrap_or(0),
        round: quote.round,
        status: quote.status,
        volatilityBps: quote.volatility,
    }
}

fn parameters(config: &ReserveConfig) -> Admin::ReserveParameters {
    let (model, base, slope1, slope2, optimal) = match config.rates {
        RateConfig::Kinked { base, slope1, slope2, optimal } => {
            (0, base.0, slope1.0, slope2.0, optimal.0)
        }
        RateConfig::Adaptive => (1, 0, 0, 0, 0),
    };
    Admin::ReserveParameters {
        ltv: config.ltv.0,
        threshold: config.threshold.0,
        bonusMin: config.liquidation.bonus_min.0,
        bonusMax: config.liquidation.bonus_max.0,
        healthForMaxBonus: config.liquidation.health_for_max_bonus.0,
        insuranceCut: config.liquidation.insurance_cut.0,
        fee: config.fees.fee.0,
        flashFee: config.fees.flash_fee.0,
        flashSplit: config.fees.flash_split.0,
        insuranceTarget: config.fees.insurance_target.0,
        rateModel: model,
        rateBase: base,
        rateSlope1: slope1,
        rateSlope2: slope2,
        rateOptimal: optimal,
        ages: Admin::Ages { strict: config.ages.strict, long: config.ages.long },
        supplyCap: config.supply_cap,
        borrowCap: config.borrow_cap,
        protectedCap: config.protected_cap,
        flashCap: config.flash_cap,
        flags: u8::try_from(config.flags.0).unwrap_or(u8::MAX),
        category: Admin::Category {
            id: config.category.id,
            ltv: config.category.ltv.0,
            threshold: config.category.threshold.0,
            bonusMax: config.category.bonus_max.0,
        },
        volatility: Admin::Volatility {
            free: config.volatility.free.0,
            slope: config.volatility.slope.0,
            cutMax: config.volatility.cut_max.0,
        },
        flows: Admin::Flows { inflow: flow(&config.inflow), outflow: flow(&config.outflow) },
    }
}

fn flow(bucket: &BucketConfig) -> Admin::Flow {
    Admin::Flow { cap: bucket.cap, refillMinutes: bucket.refill_minutes }
}
