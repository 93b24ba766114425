//! Listing a reserve and changing its parameters. The shell asks who may.

use crate::{
    accrual::AccruedReserve,
    address::Address,
    book::Book,
    config::{Field, Invalid, ReserveConfig, ValidConfig},
    error::{Code, Refusal, Word, refuse, refuse_plain},
    event::{Event, Party},
    host::{Host, Items},
    rates::Rates,
    state::{
        Balances, Flags, Reserve, ReserveId, Root, keys,
        limits::{Bucket, Cap, Limits},
        pause::Pause,
        reserve::MAX_RESERVES,
        risk::{Category, Ramp, Risk, SECONDS_PER_BPS, Threshold},
        root::NotListed,
    },
    submit::touch_token,
    transfers::{Direction, Transfers},
    units::{Assets, Timestamp},
};

impl Reserve {
    /// A reserve that holds nothing yet.
    #[must_use]
    pub fn list(config: &ValidConfig, token: Address, now: Timestamp) -> Self {
        let parameters = config.config();
        let threshold = |target| Threshold { target, from: target };
        Self {
            token,
            decimals: config.decimals(),
            flags: parameters.flags,
            pause: Pause::default(),
            last_accrual: now,
            balances: Balances::default(),
            rates: config.rates(),
            risk: Risk {
                ltv: parameters.ltv,
                threshold: threshold(parameters.threshold),
                ramp: Ramp { start: now, end: now },
                category: Category {
                    id: parameters.category.id,
                    ltv: parameters.category.ltv,
                    threshold: threshold(parameters.category.threshold),
                    bonus_max: parameters.category.bonus_max,
                },
                volatility: parameters.volatility,
            },
            liquidation: parameters.liquidation,
            fees: parameters.fees,
            ages: parameters.ages,
            limits: limits(&config.caps(), parameters.steering().minutes(), &Limits::default()),
            price: Default::default(),
        }
    }
}

impl AccruedReserve {
    /// Changes the parameters. Thresholds ramp from where they are, at most one percentage point per hour, so that no
    /// change makes a healthy account liquidatable at once; so does the way out of a category, whose number stays until
    /// the ramp is over and the parameters are set again.
    ///
    /// # Errors
    /// [`Invalid`] for a change from one category to another, which has to leave the first one before.
    pub fn reconfigure(&mut self, config: &ValidConfig, now: Timestamp) -> Result<(), Invalid> {
        let parameters = config.config();
        let base = self.risk.threshold_at(0, now);
        let old = self.risk.category;
        // Of no category these are the base ratios: the way in begins there.
        let in_category = self.risk.threshold_at(old.id, now);
        let mut next = Category {
            id: parameters.category.id,
            ltv: parameters.category.ltv,
            threshold: Threshold { target: parameters.category.threshold, from: in_category },
            bonus_max: parameters.category.bonus_max,
        };
        if next.id == 0 && in_category > base {
            let target = parameters.threshold;
            next = Category {
                id: old.id,
                ltv: parameters.ltv,
                threshold: Threshold { target, from: in_category },
                bonus_max: parameters.liquidation.bonus_max,
            };
        } else if next.id == 0 {
            next = Category::default();
        } else if old.id != 0 && next.id != old.id {
            return Err(Invalid { field: Field::Category, value: u64::from(next.id) });
        }
        let threshold = Threshold { target: parameters.threshold, from: base };
        self.risk = Risk {
            ltv: parameters.ltv,
            threshold,
            ramp: Ramp { start: now, end: end_of_ramp(now, [threshold, next.threshold]) },
            category: next,
            volatility: parameters.volatility,
        };
        self.rates = match (self.rates, config.rates()) {
            (Rates::Adaptive(model), Rates::Adaptive(_)) => Rates::Adaptive(model),
            (_, rates) => rates,
        };
        self.liquidation = parameters.liquidation;
        self.fees = parameters.fees;
        self.ages = parameters.ages;
        self.limits = limits(&config.caps(), parameters.steering().minutes(), &self.limits);
        self.flags = Flags((self.flags.0 & !Flags::CONFIGURED) | parameters.flags.0);
        Ok(())
    }
}

/// When the slower of the two thresholds has arrived.
pub(crate) fn end_of_ramp(now: Timestamp, thresholds: [Threshold; 2]) -> Timestamp {
    let distance = |threshold: Threshold| threshold.from.0.abs_diff(threshold.target.0);
    let [base, category] = thresholds.map(distance);
    // At most 65 535 · 36 s.
    let length = u32::from(base.max(category)) * SECONDS_PER_BPS;
    Timestamp(now.0.saturating_add(length))
}

/// Limits with these caps and refill times; levels stay where they fit.
pub(crate) fn limits(caps: &[Cap; 6], minutes: [u16; 2], old: &Limits) -> Limits {
    let [supply, borrow, protected, flash, inflow, outflow] = *caps;
    let bucket = |cap: Cap, refill_minutes, level| {
        // A level stays within its limit; what is switched off has none.
        let most = i128::try_from(cap.assets().0).unwrap_or(i128::MAX);
        Bucket { cap, refill_minutes, level: Ord::clamp(level, -most, most) }
    };
    let [in_minutes, out_minutes] = minutes;
    Limits {
        supply,
        borrow,
        protected,
        flash,
        inflow: bucket(inflow, in_minutes, old.inflow.level),
        outflow: bucket(outflow, out_minutes, old.outflow.level),
    }
}

/// What a new reserve begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// The token's contract.
    pub token: Address,
    /// Supplied for ever: its shares belong to [`Address::seed_holder`].
    pub seed: Assets,
    /// Protected for ever, at least the token's minimum balance.
    pub floor: Assets,
}

/// Lists a token: enters it into the root (which the shell stores), seeds it and enables it, all at once. `config` must
/// have been validated for the decimals of the token.
///
/// # Errors
/// `AlreadyListed` (also for a token that begins with the same four bytes), `TooManyReserves`, `ZeroAmount` for a seed
/// of nothing, `Overflow`.
pub fn list<H: Host>(
    host: &mut H,
    root: &mut Root,
    caller: &Address,
    config: &ValidConfig,
    start: &Start,
) -> Result<(ReserveId, Transfers), Refusal> {
    if start.seed.is_zero() {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    let id = root.list(&start.token).map_err(|reason| match reason {
        NotListed::Taken(id) => {
            refuse(Code::AlreadyListed, Word::from(&start.token), Word::from(id))
        }
        NotListed::Full => {
            let most = Word::from(MAX_RESERVES);
            refuse(Code::TooManyReserves, most, most)
        }
    })?;
    let holder = Address::seed_holder(id.0);
    let mut reserve = Reserve::list(config, start.token, host.now());
    let shares = reserve.balances.supply.to_shares_floor(start.seed)?;
    reserve.balances.pay_in(start.seed, shares)?;
    reserve.balances.protected = start.floor;
    let mut account = host.load_account(&holder)?;
    let leg = account.supply_or_new(id)?;
    (leg.shares, leg.protected) = (shares, start.floor);
    // As many as the events below.
    account.version = if start.floor.is_zero() { 1 } else { 2 };
    host.store_reserve(id, &reserve);
    host.store_account(&holder, &account);
    let party = Party { asset: start.token, account: holder, caller: *caller };
    host.emit(&Event::Supplied { party, assets: start.seed, shares });
    if !start.floor.is_zero() {
        host.emit(&Event::Protected { party, assets: start.floor });
    }
    let mut transfers = Transfers::default();
    transfers.add(&start.token, Direction::Pull, start.seed.checked_add(start.floor)?)?;
    Ok((id, transfers))
}

/// Changes the parameters of a listed reserve and stores it. A new day of the steward begins.
///
/// # Errors
/// `UnknownAsset`, `WoundUpReserve` in wind-down, `BadParameter`.
pub fn reconfigure<H: Items>(
    host: &mut H,
    root: &Root,
    token: &Address,
    config: &ReserveConfig,
) -> Result<(), Refusal> {
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, token)?;
    let now = host.now();
    let reserve = book.get_mut(id)?;
    reserve.running(id.0)?;
    let valid = config.validate(reserve.decimals, root.target_health)?;
    reserve.reconfigure(&valid, now)?;
    book.store(host);
    host.write(&keys::steering(id), &[]);
    Ok(())
}

#[cfg(test)]
mod tests;
