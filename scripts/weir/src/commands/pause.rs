//! `pause` and `unpause`: what a guardian does first and a governor ends.

use crate::context::{Context, Global, Key};
use crate::exit::Failure;
use crate::output::{receipt, receipt_line};
use clap::{Args, ValueEnum};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde_json::Value;
use weir_chain::{Address, AdminHandle};

/// An operation that can be paused. Protect, unprotect, repay and accrual cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Operation {
    /// Supplying.
    Supply,
    /// Withdrawing supply.
    Withdraw,
    /// Borrowing.
    Borrow,
    /// Turning collateral on or off.
    Collateral,
    /// Changing an account's category.
    Category,
    /// Liquidating. Debts grow meanwhile; borrowers get time afterwards.
    Liquidate,
    /// Flash loans.
    Flash,
    /// All that brings risk to one asset: no supply, no debt against it or of it, protecting only with debt.
    Freeze,
}

impl Operation {
    const fn bit(self) -> u16 {
        use weir_core::state::pause::operation;
        match self {
            Self::Supply => operation::SUPPLY,
            Self::Withdraw => operation::WITHDRAW,
            Self::Borrow => operation::BORROW,
            Self::Collateral => operation::COLLATERAL,
            Self::Category => operation::CATEGORY,
            Self::Liquidate => operation::LIQUIDATE,
            Self::Flash => operation::FLASH,
            Self::Freeze => operation::FREEZE,
        }
    }
}

/// Arguments of `pause`.
#[derive(Args, Clone, Debug)]
pub struct Pause {
    #[command(flatten)]
    pub what: What,
    /// How long, in hours or parts of one; the pause ends by itself.
    #[arg(long, value_name = "HOURS", default_value = "24")]
    pub hours: Decimal,
    #[command(flatten)]
    pub key: Key,
}

/// Arguments of `unpause`.
#[derive(Args, Clone, Debug)]
pub struct Unpause {
    #[command(flatten)]
    pub what: What,
    #[command(flatten)]
    pub key: Key,
}

/// What is paused.
#[derive(Args, Clone, Debug)]
pub struct What {
    /// The operations.
    #[arg(required = true, value_enum)]
    pub operations: Vec<Operation>,
    /// Only of this asset; without it everywhere.
    #[arg(long, value_name = "ASSET")]
    pub asset: Option<String>,
}

impl What {
    fn bits(&self) -> u16 {
        self.operations.iter().fold(0, |bits, operation| bits | operation.bit())
    }

    fn asset(&self, context: &Context) -> Result<Address, Failure> {
        match &self.asset {
            Some(name) => Ok(context.asset(name)?.token),
            None => Ok(Address::ZERO),
        }
    }
}

/// Pauses.
pub async fn run(global: &Global, args: &Pause) -> Result<(), Failure> {
    let seconds = seconds(args.hours)?;
    let context = Context::open(global).await?;
    let admin = AdminHandle::from(&context.pool()?);
    let call = admin.pause(args.what.asset(&context)?, args.what.bits(), seconds);
    send(&context, &args.key, call, "pause").await
}

/// Ends a pause.
pub async fn run_unpause(global: &Global, args: &Unpause) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let admin = AdminHandle::from(&context.pool()?);
    let call = admin.unpause(args.what.asset(&context)?, args.what.bits());
    send(&context, &args.key, call, "unpause").await
}

fn seconds(hours: Decimal) -> Result<u32, Failure> {
    hours
        .checked_mul(Decimal::from(3_600))
        .map(|seconds| seconds.round())
        .filter(|seconds| *seconds > Decimal::ZERO)
        .and_then(|seconds| seconds.to_u32())
        .ok_or_else(|| Failure::usage(format!("{hours} hours is no length of a pause")))
}

async fn send(
    context: &Context,
    key: &Key,
    call: weir_chain::ContractCall,
    what: &str,
) -> Result<(), Failure> {
    let sender = context.sender(key)?;
    let progress = context.output.progress(what);
    let transaction = sender.prepare(call).await?;
    let included = sender.execute(transaction).await?;
    drop(progress);
    let mut value = receipt(&included);
    let until = included.event::<weir_abi::Admin::PauseSet>().map(|event| event.until);
    if let Value::Object(fields) = &mut value {
        fields.insert("action".into(), what.into());
        fields.insert("until".into(), until.into());
    }
    context.output.end(&value, || {
        let until = until
            .map_or_else(String::new, |until| format!(" until {until} (chain time in seconds)"));
        format!("{what}d{until}\n{}", receipt_line(&included))
    });
    Ok(())
}
