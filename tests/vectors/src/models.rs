//! Independent models of other protocols' formulae, in big rationals. Nothing here calls `weir-core`.

mod accrual;
mod liquidation;
mod pool;
mod rates;
mod shares;

use num_traits::Zero;

use crate::{Function, inputs::Fault, number::Number};

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<Function> {
    Some(match name {
        "linear_ray" => accrual::linear_ray,
        "taylor3_ray" => accrual::taylor3_ray,
        "rpow_ray" => accrual::rpow_ray,
        "reactive_rate" => accrual::reactive_rate,
        "kink_unit" => rates::kink_unit,
        "kink_total" => rates::kink_total,
        "exponential2" => rates::exponential2,
        "plateau_rates" => rates::plateau_rates,
        "scaled_supply" => shares::scaled_supply,
        "scaled_debt" => shares::scaled_debt,
        "shares_at_price" => shares::shares_at_price,
        "mul_div_half_up" => shares::mul_div_half_up,
        "target_ltv" => liquidation::target_ltv,
        "target_ltv_preview" => liquidation::target_ltv_preview,
        "target_mcr" => liquidation::target_mcr,
        "target_health_pool" => pool::target_health_pool,
        "amounts_with_fee" => liquidation::amounts_with_fee,
        "close_factor_liquidation" => liquidation::close_factor_liquidation,
        "store_front" => liquidation::store_front,
        "seize_tokens" => liquidation::seize_tokens,
        "bonus_banded" => liquidation::bonus_banded,
        "bonus_capped_by_ratio" => pool::bonus_capped_by_ratio,
        "auction_scale" => liquidation::auction_scale,
        _ => return None,
    })
}

/// A quotient, or why there is none.
fn divide(numerator: Number, denominator: Number) -> Result<Number, Fault> {
    if denominator.is_zero() {
        Err(Fault::Malformed("the inputs divide by zero".to_owned()))
    } else {
        Ok(numerator / denominator)
    }
}
