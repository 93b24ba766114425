//! What the pool may pull from the payer, set to what an operation needs and no more.

use crate::context::Context;
use crate::exit::Failure;
use crate::output::receipt_line;
use weir_chain::amount::format_units;
use weir_chain::deployment::Asset;
use weir_chain::{Address, Sender};

/// What the pool may pull of an asset, what it will, and what there is.
pub struct Allowance {
    /// What it may pull now.
    pub have: u128,
    /// What it will pull at most.
    pub need: u128,
    /// What the payer has.
    pub balance: u128,
}

impl Allowance {
    /// Nothing is pulled.
    pub const NONE: Self = Self { have: 0, need: 0, balance: 0 };

    /// Looks what is there for pulling `need` from `payer`; the maximum means what `account` owes, or all there is if
    /// that is less.
    ///
    /// # Errors
    /// If the balance does not suffice, or the node does not answer.
    pub async fn look(
        context: &Context,
        payer: Address,
        asset: &Asset,
        need: u128,
        account: Address,
    ) -> Result<Self, Failure> {
        let at = context.client.best().await?.hash;
        let token = context.token(asset);
        let pool = context.pool()?.address();
        let have = token.allowance(at, payer, pool).await?;
        let balance = token.balance(at, payer).await?;
        let need = match need {
            u128::MAX => owed_with_margin(context, asset, account).await?.min(balance),
            amount => amount,
        };
        if balance < need {
            return Err(Failure::usage(format!(
                "the balance is {} {} and {} are needed",
                format_units(balance, asset.decimals),
                asset.symbol,
                format_units(need, asset.decimals)
            )));
        }
        Ok(Self { have, need, balance })
    }

    /// The allowance that has to be set first, if the present one does not suffice.
    pub fn missing(&self) -> Option<u128> {
        (self.have < self.need).then_some(self.need)
    }

    /// Sets what is missing.
    ///
    /// # Errors
    /// If the transaction fails.
    pub async fn set(
        &self,
        context: &Context,
        sender: &Sender,
        asset: &Asset,
    ) -> Result<(), Failure> {
        let Some(amount) = self.missing() else { return Ok(()) };
        let shown = format!("{} {}", format_units(amount, asset.decimals), asset.symbol);
        let progress = context.output.progress(format!("allow the pool to take {shown}"));
        let call = context.token(asset).approve(context.pool()?.address(), amount);
        let transaction = sender.prepare(call).await.map_err(Failure::about(asset))?;
        let included = sender.execute(transaction).await.map_err(Failure::about(asset))?;
        drop(progress);
        context
            .output
            .say(&format!("allowed the pool to take {shown}: {}", receipt_line(&included)));
        Ok(())
    }
}

/// What is owed now, and a little more: interest goes on until the transaction is in a block. A thousandth is a month
/// at 1.2 % a year; the pool pulls only what is owed then.
async fn owed_with_margin(
    context: &Context,
    asset: &Asset,
    account: Address,
) -> Result<u128, Failure> {
    let at = context.client.best().await?.hash;
    let pool = context.pool()?.address();
    let data = context.lens()?.account(at, pool, account).await?;
    let owed = data.legs.iter().find(|leg| leg.token == asset.token).map_or(0, |leg| leg.owed);
    Ok(owed.saturating_add(owed / 1_000).saturating_add(1))
}

/// All that the payer has of an asset: the pool never reads a balance on its hot paths, so whoever wants to bring all
/// says how much that is.
///
/// # Errors
/// If there is nothing, or the node does not answer.
pub async fn own_balance(
    context: &Context,
    payer: Address,
    asset: &Asset,
) -> Result<u128, Failure> {
    let at = context.client.best().await?.hash;
    let balance = context.token(asset).balance(at, payer).await?;
    if balance == 0 {
        Err(Failure::usage(format!("there is no {} to bring", asset.symbol)))
    } else {
        Ok(balance)
    }
}
