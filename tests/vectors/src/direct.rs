//! Functions that Weir shares with a public protocol, computed by `weir-core`.
//!
//! Where Weir composes the same steps differently, the steps are put together here from the core's own primitives.

mod interest;
mod liquidation;
mod rates;
mod shares;

use crate::Function;

/// The function of this name.
pub(crate) fn find(name: &str) -> Option<Function> {
    Some(match name {
        "taylor3_wad" => interest::taylor3_wad,
        "book_interest" => interest::book_interest,
        "kink_unit" => rates::kink_unit,
        "kink_total" => rates::kink_total,
        "supply_rate" => rates::supply_rate,
        "adaptive_rate" => rates::adaptive_rate,
        "wexp" => rates::wexp,
        "to_shares_down" => shares::to_shares_down,
        "to_shares_up" => shares::to_shares_up,
        "to_assets_down" => shares::to_assets_down,
        "to_assets_up" => shares::to_assets_up,
        "inflation_attack" => shares::inflation_attack,
        "burn_units_up" => shares::burn_units_up,
        "mul_div_up" => shares::mul_div_up,
        "premium_up" => shares::premium_up,
        "health_factor" => liquidation::health_factor,
        "max_borrow" => liquidation::max_borrow,
        "seize_to_repay" => liquidation::seize_to_repay,
        "repay_to_seize" => liquidation::repay_to_seize,
        "bad_debt" => liquidation::bad_debt,
        "target_health" => liquidation::target_health,
        "target_health_hf" => liquidation::target_health_hf,
        "lif" => liquidation::lif,
        "bonus_linear_hf" => liquidation::bonus_linear_hf,
        _ => return None,
    })
}
