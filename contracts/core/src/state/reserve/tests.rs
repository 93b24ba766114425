#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use super::*;
use crate::{
    feed::Status,
    rates::{Adaptive, Kinked},
    shares::Totals,
    state::limits::{Bucket, Cap},
    state::risk::{Category, Ramp, Threshold},
    units::{Assets, Ppm, Price, Shares},
};

/// A reserve in which every field has a value of its own.
pub(crate) fn distinct() -> Reserve {
    Reserve {
        token: Address([0xa1; 20]),
        decimals: 6,
        flags: Flags(0x0102),
        pause: Pause { operations: 0x0304, from: Timestamp(5), until: Timestamp(6) },
        last_accrual: Timestamp(7),
        balances: Balances {
            supply: Totals { assets: Assets(8), shares: Shares(9) },
            debt: Totals { assets: Assets(10), shares: Shares(11) },
            protected: Assets(12),
            cash: Assets(13),
            insurance: Shares(14),
            treasury: Shares(15),
            interest_rem: 16,
        },
        rates: Rates::Kinked(Kinked::new(Ppm(17), Ppm(18), Ppm(19), Bps(20)).unwrap()),
        risk: Risk {
            ltv: Bps(21),
            threshold: Threshold { target: Bps(22), from: Bps(23) },
            ramp: Ramp { start: Timestamp(24), end: Timestamp(25) },
            category: Category {
                id: 26,
                ltv: Bps(27),
                threshold: Threshold { target: Bps(28), from: Bps(29) },
                bonus_max: Bps(30),
            },
            volatility: Volatility { free: Bps(39), slope: Bps(40), cut_max: Bps(41) },
        },
        liquidation: LiquidationParams {
            bonus_min: Bps(31),
            bonus_max: Bps(32),
            health_for_max_bonus: Bps(33),
            insurance_cut: Bps(34),
        },
        fees: Fees {
            fee: Bps(35),
            flash_fee: Bps(36),
            flash_split: Bps(37),
            insurance_target: Bps(38),
        },
        ages: Ages { strict: 42, long: 43 },
        limits: Limits {
            supply: Cap::from_bits(44),
            borrow: Cap::from_bits(45),
            protected: Cap::from_bits(46),
            flash: Cap::from_bits(47),
            inflow: Bucket { cap: Cap::from_bits(48), refill_minutes: 49, level: -50 },
            outflow: Bucket { cap: Cap::from_bits(51), refill_minutes: 52, level: 53 },
        },
        price: StoredPrice {
            median: Price(54),
            down: Bps(55),
            up: Bps(56),
            time: Timestamp(57),
            round: 58,
            status: Status::Ok,
            volatility: Bps(60),
        },
    }
}

#[test]
fn the_fields_fill_the_item_to_the_last_byte() {
    let mut item = [0; RESERVE_LEN];
    assert_eq!(distinct().write(&mut item), 0);
    assert_eq!(Reserve::decode(&item), Ok(distinct()));
}

/// The order of the layout in the design, one sample of each part.
#[test]
fn the_layout_is_the_one_of_the_design() {
    let item = distinct().encode();
    assert_eq!(item[..20], [0xa1; 20]);
    assert_eq!((item[20], item[21], item[22]), (6, 2, 1));
    assert_eq!((item[23], item[24], item[25], item[29]), (4, 3, 5, 6));
    assert_eq!(item[33], 7);
    for (index, at) in (37..165).step_by(16).enumerate() {
        assert_eq!(usize::from(item[at]), 8 + index, "balance {index}");
    }
    assert_eq!((item[165], item[173], item[185], item[187]), (16, 17, 20, 0));
    assert_eq!((item[189], item[195], item[203], item[210]), (21, 24, 26, 30));
    assert_eq!((item[212], item[220], item[228], item[234]), (31, 35, 39, 42));
    assert_eq!((item[238], item[250], item[254], item[258]), (44, 47, 48, 49));
    assert_eq!(item[260..276], (-50i128).to_le_bytes());
    assert_eq!((item[276], item[280], item[282]), (51, 52, 53));
    assert_eq!((item[298], item[314], item[318], item[322]), (54, 55, 57, 58));
    assert_eq!((item[326], item[327]), (1, 60));
}

#[test]
fn the_adaptive_model_fits_the_same_bytes() {
    let reserve =
        Reserve { rates: Rates::Adaptive(Adaptive::new(1_268_391_679).unwrap()), ..distinct() };
    let item = reserve.encode();
    assert_eq!(item[187], 1);
    assert_eq!(Reserve::decode(&item), Ok(reserve));
}

#[test]
fn items_that_cannot_be_are_corrupt() {
    let good = distinct().encode();
    assert_eq!(Reserve::decode(&good[1..]), Err(Corrupt));
    // An unknown rate model, the zero byte after it, an optimum of 100 %, an unknown price status.
    for (at, byte) in [(187, 2), (188, 1), (186, 0x27), (326, 9)] {
        let mut item = good;
        item[at] = byte;
        if at == 186 {
            item[185] = 0x10;
        }
        assert_eq!(Reserve::decode(&item), Err(Corrupt), "byte {at}");
    }
}

/// 500 of 1 000 units (one of them virtual) for 7 000 001 shares in all: 3 500 000.5 shares, so that many and one go.
#[test]
fn the_insurance_pays_rounded_up() {
    let mut balances = balances((999, 6_000_001), (500, 500_000_000), 499);
    balances.insurance = Shares(6_000_001);
    let written = balances.write_off(Shares(500_000_000)).unwrap();
    assert_eq!((written.assets, written.insured), (Assets(500), Assets(500)));
    assert_eq!((written.insurance, written.socialised), (Shares(3_500_001), Assets(0)));
    assert_eq!(balances.supply.assets, balances.cash);
    assert_eq!(balances.supply.shares, Shares(2_500_000));
}

/// The same with an insurance of 700 shares, which are worth 0.0999… units: nothing. The suppliers bear all.
#[test]
fn what_the_insurance_cannot_pay_is_socialised() {
    let mut balances = balances((999, 6_000_001), (500, 500_000_000), 499);
    balances.insurance = Shares(700);
    let written = balances.write_off(Shares(250_000_000)).unwrap();
    // Half of the debt shares: ⌊250·10^6 · 501 / 501·10^6⌋ = 250.
    assert_eq!((written.assets, written.insured), (Assets(250), Assets(0)));
    assert_eq!((written.insurance, written.socialised), (Shares(700), Assets(250)));
    assert_eq!((balances.debt.assets, balances.supply.assets), (Assets(250), Assets(749)));
}

/// A share that is worth next to nothing must not make a liquidation fail: 10^27 units for 10^30 shares each do not fit.
#[test]
fn insuring_a_wiped_out_reserve_mints_nothing() {
    let mut balances = balances((0, 10u128.pow(30)), (0, 0), 0);
    balances.protected = Assets(10u128.pow(27));
    assert_eq!(balances.insure_protected(Assets(10u128.pow(26))), Ok(Shares(0)));
    assert_eq!(balances.cash, Assets(10u128.pow(26)));
    assert_eq!(balances.supply.assets, balances.cash);
    assert_eq!(balances.protected, Assets(9 * 10u128.pow(26)));
}

fn balances(supply: (u128, u128), debt: (u128, u128), cash: u128) -> Balances {
    Balances {
        supply: Totals { assets: Assets(supply.0), shares: Shares(supply.1) },
        debt: Totals { assets: Assets(debt.0), shares: Shares(debt.1) },
        cash: Assets(cash),
        ..Balances::default()
    }
}

#[test]
fn the_last_debt_shares_cost_all_that_is_owed() {
    // 3 units for 1 000 000 shares: by price half of them are ⌈500 000 · 4 / 2 000 000⌉ = 1, but all of them 3.
    let balances = balances((10, 10_000_000), (3, 1_000_000), 7);
    assert_eq!(balances.debt_cost(Shares(1_000_000)).unwrap().paid, Assets(3));
    assert_eq!(balances.debt_cost(Shares(500_000)).unwrap().paid, Assets(1));
    assert!(balances.debt_cost(Shares(1_000_001)).is_err());
}

#[test]
fn the_unit_of_rounding_of_a_repayment_goes_to_the_suppliers() {
    // 600 000 · 4 / 2 000 000 = 1.2: 2 are paid, the debt falls by 1, the supply gains 1.
    let mut balances = balances((10, 10_000_000), (3, 1_000_000), 7);
    let cost = balances.repay(Shares(600_000)).unwrap();
    assert_eq!(cost, DebtCost { paid: Assets(2), released: Assets(1) });
    assert_eq!((balances.debt.assets, balances.debt.shares), (Assets(2), Shares(400_000)));
    assert_eq!((balances.supply.assets, balances.cash), (Assets(11), Assets(9)));
}

#[test]
fn a_reserve_is_wiped_out_below_a_thousandth_of_its_start() {
    // At the start 10^6 shares per unit. 999 units left of 10^6: (999 + 1)·10^9 = 10^12 against 10^12 + 10^6.
    assert!(balances((999, 1_000_000_000_000), (0, 0), 0).is_wiped_out());
    assert!(!balances((1_000, 1_000_000_000_000), (0, 0), 0).is_wiped_out());
    assert!(!balances((0, 0), (0, 0), 0).is_wiped_out());
}
