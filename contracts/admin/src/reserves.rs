//! Listing a token, changing its parameters, and squaring its books with its balance.

use crate::{
    arguments::{Collect, List, SetFinalPrice, SetParameters, Steer},
    events,
};
use weir_core::{
    address::Address,
    control::{self, Skimmed, stored_reserve},
    error::{Code, Refusal, Word, refuse, refuse_one},
    host::Host as _,
    listing::{self, Start},
    state::{Root, keys},
    units::{Assets, Price, Shares},
};
use weir_shell::{
    chain,
    host::Chain,
    settle::push,
    token::{self, TokenFailure},
};

/// The flags of `TokenFailed` where another amount arrived than was sent.
const WRONG_AMOUNT: u32 = 256;

/// Lists a token. The transfer of the seed is the probe: a token that keeps a part of it is refused, and with it
/// everything that was stored.
///
/// # Errors
/// `NotGovernor`, `NotContract`, `TokenFailed`, `BadParameter`, and those of `weir-core`'s listing.
pub fn list(chain: &mut Chain, root: &mut Root, input: &List) -> Result<(), Refusal> {
    let List { asset, parameters, seed, floor } = input;
    root.govern(&chain::caller())?;
    if !chain::has_code(asset) {
        return Err(refuse_one(Code::NotContract, Word::from(asset)));
    }
    let failed = |TokenFailure(flags)| refuse(Code::TokenFailed, Word::from(asset), flags.into());
    let decimals = token::decimals(asset).map_err(failed)?;
    let config = parameters.config()?.validate(decimals, root.target_health)?;
    let (caller, this) = (chain::caller(), chain::this());
    let start = Start { token: *asset, seed: Assets(*seed), floor: Assets(*floor) };
    let (id, transfers) = listing::list(chain, root, &caller, &config, &start)?;
    store_root(root);
    events::listed(asset, id, decimals, start.seed, start.floor);
    events::parameters_set(&chain.load_reserve(id)?);
    let before = token::balance_of(asset, &this).map_err(failed)?;
    for transfer in transfers.iter() {
        token::transfer_from(asset, &caller, &this, transfer.amount.0).map_err(failed)?;
        let after = Assets(token::balance_of(asset, &this).map_err(failed)?);
        if Assets(before).checked_add(transfer.amount) != Ok(after) {
            return Err(failed(TokenFailure(WRONG_AMOUNT)));
        }
    }
    Ok(())
}

/// Changes the parameters of a reserve.
///
/// # Errors
/// `NotGovernor`, `UnknownAsset`, `BadParameter`.
pub fn set_parameters(
    chain: &mut Chain,
    root: &Root,
    input: &SetParameters,
) -> Result<(), Refusal> {
    root.govern(&chain::caller())?;
    let config = input.parameters.config()?;
    listing::reconfigure(chain, root, &input.asset, &config)?;
    events::parameters_set(&stored_reserve(chain, root, &input.asset)?);
    Ok(())
}

/// Moves rates, caps and flow limits.
///
/// # Errors
/// `NotSteward`, and those of [`control::steer`].
pub fn steer(chain: &mut Chain, root: &Root, input: &Steer) -> Result<(), Refusal> {
    let steward = root.steward(&chain::caller())?;
    control::steer(chain, root, steward, &input.asset, &input.steering()?)?;
    events::parameters_set(&stored_reserve(chain, root, &input.asset)?);
    Ok(())
}

/// Winds a reserve down.
///
/// # Errors
/// `NotGovernor`, and those of [`control::wind_down`].
pub fn wind_down(chain: &mut Chain, root: &Root, asset: &Address) -> Result<(), Refusal> {
    let governor = root.govern(&chain::caller())?;
    control::wind_down(chain, root, governor, asset)?;
    events::parameters_set(&stored_reserve(chain, root, asset)?);
    Ok(())
}

/// Sets the last price of a reserve in wind-down.
///
/// # Errors
/// `NotGovernor`, and those of [`control::set_final_price`].
pub fn set_final_price(
    chain: &mut Chain,
    root: &Root,
    input: &SetFinalPrice,
) -> Result<(), Refusal> {
    let governor = root.govern(&chain::caller())?;
    let SetFinalPrice { asset, price } = input;
    control::set_final_price(chain, root, governor, asset, Price(*price))?;
    events::parameters_set(&stored_reserve(chain, root, asset)?);
    Ok(())
}

/// Gives what the pool holds of a token beyond its books to the insurance of the reserve. If it holds less, the reserve
/// is frozen instead.
///
/// # Errors
/// `UnknownAsset`, `TokenFailed`, `ZeroAmount` if there is nothing to do.
pub fn skim(chain: &mut Chain, root: &Root, asset: &Address) -> Result<(), Refusal> {
    let failed = |TokenFailure(flags)| refuse(Code::TokenFailed, Word::from(asset), flags.into());
    // Only listed tokens are called.
    stored_reserve(chain, root, asset)?;
    let balance = Assets(token::balance_of(asset, &chain::this()).map_err(failed)?);
    match control::skim(chain, root, asset, balance)? {
        Skimmed::Surplus { assets, shares } => events::skimmed(asset, assets, shares),
        Skimmed::Shortfall { owed } => events::shortfall(asset, balance, owed),
    }
    Ok(())
}

/// Freezes a reserve of whose token the pool holds less than it owes.
///
/// # Errors
/// `UnknownAsset`, `TokenFailed`, `ZeroAmount` if nothing is missing.
pub fn reconcile(chain: &mut Chain, root: &Root, asset: &Address) -> Result<(), Refusal> {
    let failed = |TokenFailure(flags)| refuse(Code::TokenFailed, Word::from(asset), flags.into());
    stored_reserve(chain, root, asset)?;
    let balance = Assets(token::balance_of(asset, &chain::this()).map_err(failed)?);
    let owed = weir_core::reserves::reconcile(chain, root, asset, balance)?;
    events::shortfall(asset, balance, owed);
    Ok(())
}

/// Pays shares of the treasury out.
///
/// # Errors
/// `NotGovernor`, and those of [`weir_core::reserves::collect`].
pub fn collect(chain: &mut Chain, root: &Root, input: &Collect) -> Result<(), Refusal> {
    let governor = root.govern(&chain::caller())?;
    let Collect { asset, to, shares } = input;
    let assets = weir_core::reserves::collect(chain, root, governor, asset, to, Shares(*shares))?;
    push(asset, to, assets);
    Ok(())
}

/// Writes the root cell, which ink! reads for the next message.
pub fn store_root(root: &Root) {
    chain::set_storage(&keys::ROOT, &root.encode());
}
