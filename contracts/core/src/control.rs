//! Who may do what: roles, pauses, and the limits of the pool itself.

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse, refuse_one, refuse_plain},
    feed::Push,
    host::{Host, Items},
    math::mul_div_floor,
    pricing::LIQUIDATION,
    state::{
        Flags, MAX_ITEM, Reserve, ReserveId, Root,
        control::ControlItem,
        keys,
        pause::{Pause, operation},
    },
    submit::touch_token,
    units::{Assets, BPS, Bps, Shares, Timestamp, Value},
};

mod steward;
mod wind_down;

pub use steward::steer;
pub use wind_down::{FINAL_PRICE_DELAY, set_final_price, wind_down};

/// Longest pause that one call sets: a day. It expires by itself.
pub const MAX_PAUSE: u32 = 86_400;
/// Longest pause of liquidations that one call sets: six hours, for the debts grow meanwhile.
pub const MAX_LIQUIDATION_PAUSE: u32 = 21_600;
/// Farthest that a new feed's price may be from the last one: 5 %.
pub const MAX_FEED_STEP: Bps = Bps(500);
/// Largest target health factor: 1.5.
pub const MAX_TARGET_HEALTH: Bps = Bps(15_000);

/// A role of a pool, by its number in the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Lists reserves, changes parameters, names roles.
    Governor,
    /// Pauses and freezes.
    Guardian,
    /// Moves rates, caps and limits inside of bounds.
    Steward,
    /// Pushes prices.
    Feed,
    /// The code that the pool runs for rare operations.
    Admin,
}

impl Role {
    /// The role with this number.
    ///
    /// # Errors
    /// `BadParameter` if there is none.
    pub fn from_code(code: u8) -> Result<Self, Refusal> {
        Ok(match code {
            0 => Self::Governor,
            1 => Self::Guardian,
            2 => Self::Steward,
            3 => Self::Feed,
            4 => Self::Admin,
            _ => return Err(refuse(Code::BadParameter, Word::from(0_u8), Word::from(code))),
        })
    }
}

/// Shows that the governor called. Only [`Root::govern`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Governor(());

/// Shows that somebody called who may pause. Only [`Root::guard`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Guard(());

/// Shows that the steward called, or the governor. Only [`Root::steward`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct Steward(());

impl Root {
    /// Lets the steward and the governor through.
    ///
    /// # Errors
    /// `NotSteward`.
    pub fn steward(&self, caller: &Address) -> Result<Steward, Refusal> {
        let may = *caller == self.steward || *caller == self.governor;
        let refused = || refuse(Code::NotSteward, Word::from(caller), Word::from(&self.steward));
        may.then_some(Steward(())).ok_or_else(refused)
    }

    /// Lets the governor through.
    ///
    /// # Errors
    /// `NotGovernor`.
    pub fn govern(&self, caller: &Address) -> Result<Governor, Refusal> {
        if *caller == self.governor { Ok(Governor(())) } else { Err(self.not_governor(caller)) }
    }

    /// Lets the guardian and the governor through.
    ///
    /// # Errors
    /// `NotGovernor`.
    pub fn guard(&self, caller: &Address) -> Result<Guard, Refusal> {
        let may = *caller == self.guardian || *caller == self.governor;
        if may { Ok(Guard(())) } else { Err(self.not_governor(caller)) }
    }

    fn not_governor(&self, caller: &Address) -> Refusal {
        refuse(Code::NotGovernor, Word::from(caller), Word::from(&self.governor))
    }

    /// Sets dust, the smallest debt (both USD, WAD) and the health factor to which a liquidation restores.
    ///
    /// # Errors
    /// `BadParameter` unless dust ≤ min_debt and 1 < target health ≤ 1.5.
    pub fn set_limits(
        &mut self,
        _: Governor,
        dust: Value,
        min_debt: Value,
        target_health: Bps,
    ) -> Result<(), Refusal> {
        if min_debt < dust {
            return Err(refuse(Code::BadParameter, Word::from(1_u8), Word::from(min_debt)));
        }
        if target_health <= Bps(BPS) || target_health > MAX_TARGET_HEALTH {
            return Err(refuse(Code::BadParameter, Word::from(2_u8), Word::from(target_health.0)));
        }
        (self.dust, self.min_debt, self.target_health) = (dust, min_debt, target_health);
        Ok(())
    }
}

impl Pause {
    /// Pauses operations for `duration` seconds from now. While another pause holds, its operations stay paused, and
    /// its beginning stays where it was. A pause has one end: together with liquidations it ends, whole, no later than
    /// the longest pause of liquidations from now.
    ///
    /// # Errors
    /// `BadParameter` for operations that cannot be paused, for liquidations while others are paused for longer (that
    /// would end somebody's pause early: they can be paused everywhere, or of one reserve), or for a duration out of
    /// bounds; `Grace` while borrowers still
    /// have time after a pause of liquidations, which a new pause would take from them.
    pub fn extended(
        self,
        _: Guard,
        operations: u16,
        duration: u32,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        if operations == 0 || operations & !operation::ALL != 0 {
            return Err(refuse(Code::BadParameter, Word::from(1_u8), Word::from(operations)));
        }
        let liquidations = operations & operation::LIQUIDATE != 0;
        let longest = if liquidations { MAX_LIQUIDATION_PAUSE } else { MAX_PAUSE };
        if duration == 0 || duration > longest {
            return Err(refuse(Code::BadParameter, Word::from(2_u8), Word::from(duration)));
        }
        if let Some(until) = self.grace_until(now) {
            return Err(refuse_one(Code::Grace, Word::from(until.0)));
        }
        let until = Timestamp(now.0.saturating_add(duration));
        if !self.holds(operation::ALL, now) {
            return Ok(Self { operations, from: now, until });
        }
        let operations = self.operations | operations;
        let mut until = self.until.max(until);
        if operations & operation::LIQUIDATE != 0 {
            until = until.min(Timestamp(now.0.saturating_add(MAX_LIQUIDATION_PAUSE)));
        }
        if until < self.until {
            return Err(refuse(Code::BadParameter, Word::from(1_u8), Word::from(operations)));
        }
        Ok(Self { operations, from: self.from, until })
    }

    /// Lets operations go on. If liquidations were paused the pause ends now, all of it, so that its grace begins.
    ///
    /// # Errors
    /// `BadParameter` if none of them is paused.
    pub fn lifted(self, _: Governor, operations: u16, now: Timestamp) -> Result<Self, Refusal> {
        if !self.holds(operations, now) {
            return Err(refuse(Code::BadParameter, Word::from(1_u8), Word::from(operations)));
        }
        let rest = self.operations & !operations;
        if rest == 0 || self.operations & operations & operation::LIQUIDATE != 0 {
            return Ok(Self { until: now, ..self });
        }
        Ok(Self { operations: rest, ..self })
    }
}

/// Gives a role to another holder, and returns who holds it if that is so: the governor's own is only offered, and
/// passes when the other accepts it ([`accept`]), so that it cannot be lost to an address that cannot act. Nobody (the
/// zero address) can hold none. A new feed is asked for the price of each token (`ask`) and has to go on where the last
/// one stopped. The shell stores the root.
///
/// # Errors
/// `NotGovernor`, `ZeroAddress`; those of the prices' policy, and `FeedMismatch`, for a new feed.
pub fn set_role<H: Items>(
    host: &mut H,
    root: &mut Root,
    caller: &Address,
    role: Role,
    holder: Address,
    ask: impl FnMut(&Address) -> Option<Push>,
) -> Result<Address, Refusal> {
    root.govern(caller)?;
    if holder.is_zero() {
        return Err(refuse_one(Code::ZeroAddress, Word::from(0_u8)));
    }
    let place = match role {
        Role::Governor => {
            let control = ControlItem { offered: holder, ..load_control(host)? };
            host.write(&keys::CONTROL, &control.encode());
            return Ok(root.governor);
        }
        Role::Guardian => &mut root.guardian,
        Role::Steward => &mut root.steward,
        Role::Feed => {
            goes_on(host, root, ask)?;
            &mut root.feed
        }
        Role::Admin => &mut root.admin,
    };
    Ok(core::mem::replace(place, holder))
}

/// Whether a new feed prices every reserve within [`MAX_FEED_STEP`] of its stored price, with prices that would do for
/// liquidations. Reserves in wind-down, and those that never had a price, need none.
fn goes_on<H: Host>(
    host: &mut H,
    root: &Root,
    mut ask: impl FnMut(&Address) -> Option<Push>,
) -> Result<(), Refusal> {
    let now = host.now();
    for id in (0..root.count()).map(ReserveId) {
        let reserve = host.load_reserve(id)?;
        let last = reserve.price.median.0;
        if reserve.flags.has(Flags::WINDING) || last == 0 {
            continue;
        }
        let price = ask(&reserve.token).unwrap_or_default();
        LIQUIDATION.check(id, &price, &reserve.ages, now)?;
        let most = mul_div_floor(last, MAX_FEED_STEP.0.into(), BPS.into())?;
        if price.median.0.abs_diff(last) > most {
            return Err(refuse(Code::FeedMismatch, Word::from(id), Word::from(price.median.0)));
        }
    }
    Ok(())
}

/// Makes the caller governor, if the role was offered to him, and returns who it was. The shell stores the root.
///
/// # Errors
/// `NotGovernor` with whom it was offered to.
pub fn accept<H: Items>(
    host: &mut H,
    root: &mut Root,
    caller: &Address,
) -> Result<Address, Refusal> {
    let mut control = load_control(host)?;
    if control.offered.is_zero() || control.offered != *caller {
        return Err(refuse(Code::NotGovernor, Word::from(caller), Word::from(&control.offered)));
    }
    control.offered = Address::ZERO;
    host.write(&keys::CONTROL, &control.encode());
    Ok(core::mem::replace(&mut root.governor, *caller))
}

/// Pauses operations of one reserve, or of the whole pool where `asset` is zero, for `duration` seconds. The guardian's
/// pauses are booked on his time; the governor's are not.
///
/// # Errors
/// Those of [`Pause::extended`], `NotGovernor`, `UnknownAsset`, `PauseLimit`; `BadParameter` for a freeze of everything.
pub fn pause<H: Items>(
    host: &mut H,
    root: &mut Root,
    caller: &Address,
    asset: &Address,
    operations: u16,
    duration: u32,
) -> Result<Pause, Refusal> {
    let guard = root.guard(caller)?;
    if asset.is_zero() && operations & operation::FREEZE != 0 {
        return Err(refuse(Code::BadParameter, Word::from(1_u8), Word::from(operations)));
    }
    let mut control = load_control(host)?;
    let bounded = root.govern(caller).is_err();
    let pause = change_pause(host, root, asset, |pause, now| {
        let pause = pause.extended(guard, operations, duration, now)?;
        if bounded {
            control.book(&pause, now)?;
        }
        Ok(pause)
    })?;
    if bounded {
        host.write(&keys::CONTROL, &control.encode());
    }
    Ok(pause)
}

/// Lifts a pause, or a part of it.
///
/// # Errors
/// Those of [`Pause::lifted`], `NotGovernor`, `UnknownAsset`.
pub fn unpause<H: Host>(
    host: &mut H,
    root: &mut Root,
    caller: &Address,
    asset: &Address,
    operations: u16,
) -> Result<Pause, Refusal> {
    let governor = root.govern(caller)?;
    change_pause(host, root, asset, |pause, now| pause.lifted(governor, operations, now))
}

/// What only control needs.
///
/// # Errors
/// `Corrupt`.
pub fn load_control<H: Items>(host: &mut H) -> Result<ControlItem, Refusal> {
    let mut buffer = [0; MAX_ITEM];
    let len = host.read(&keys::CONTROL, &mut buffer);
    Ok(ControlItem::decode(buffer.get(..len).unwrap_or_default())?)
}

/// Changes the pause of one reserve, or of the whole pool (the shell stores the root), and returns it.
fn change_pause<H: Host>(
    host: &mut H,
    root: &mut Root,
    asset: &Address,
    change: impl FnOnce(Pause, Timestamp) -> Result<Pause, Refusal>,
) -> Result<Pause, Refusal> {
    let now = host.now();
    if asset.is_zero() {
        root.pause = change(root.pause, now)?;
        return Ok(root.pause);
    }
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let reserve = book.get_mut(id)?;
    reserve.pause = change(reserve.pause, now)?;
    let pause = reserve.pause;
    book.store(host);
    Ok(pause)
}

/// What a look at a reserve's token found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skimmed {
    /// The token holds as much as is owed, or more: the surplus went to the insurance.
    Surplus {
        /// What was more than owed.
        assets: Assets,
        /// The insurance's shares for it, rounded down.
        shares: Shares,
    },
    /// The token holds less: the reserve is frozen.
    Shortfall {
        /// What should be there: cash and what is protected.
        owed: Assets,
    },
}

/// Compares what the pool's balance of a token is with what it should be. A surplus becomes supply of the insurance at
/// the price of the moment; a lack freezes the reserve.
///
/// # Errors
/// `UnknownAsset`, `Overflow`, `ZeroAmount` for a surplus that is not worth a share.
pub fn skim<H: Host>(
    host: &mut H,
    root: &Root,
    asset: &Address,
    balance: Assets,
) -> Result<Skimmed, Refusal> {
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let reserve = book.get_mut(id)?;
    let owed = reserve.balances.cash.checked_add(reserve.balances.protected)?;
    let skimmed = match balance.checked_sub(owed) {
        Ok(assets) => {
            let shares = reserve.balances.insure(assets)?;
            if shares.is_zero() {
                return Err(refuse_plain(Code::ZeroAmount));
            }
            Skimmed::Surplus { assets, shares }
        }
        Err(_) => {
            reserve.flags.set(Flags::FROZEN);
            Skimmed::Shortfall { owed }
        }
    };
    book.store(host);
    Ok(skimmed)
}

/// A listed reserve as it is stored, for events that carry the whole of it.
///
/// # Errors
/// `UnknownAsset`.
pub fn stored_reserve<H: Host>(
    host: &mut H,
    root: &Root,
    asset: &Address,
) -> Result<Reserve, Refusal> {
    let unknown = || refuse_one(Code::UnknownAsset, Word::from(asset));
    let reserve = host.load_reserve(root.find(asset).ok_or_else(unknown)?)?;
    if reserve.token == *asset { Ok(reserve) } else { Err(unknown()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    const GOVERNOR: Address = Address([1; 20]);
    const GUARDIAN: Address = Address([2; 20]);
    const STRANGER: Address = Address([3; 20]);
    const NOW: Timestamp = Timestamp(1_000_000);

    fn root() -> Root {
        let mut root =
            Root::new(GOVERNOR, Address([8; 20]), Address([9; 20]), Value(10), Value(100));
        root.guardian = GUARDIAN;
        root
    }

    #[test]
    fn roles_let_through_whom_the_table_names() {
        let root = root();
        assert!(root.govern(&GOVERNOR).is_ok() && root.guard(&GOVERNOR).is_ok());
        assert!(root.govern(&GUARDIAN).is_err() && root.guard(&GUARDIAN).is_ok());
        for refused in [root.govern(&STRANGER).err(), root.guard(&STRANGER).err()] {
            assert_eq!(refused.unwrap().code(), Code::NotGovernor);
        }
    }

    #[test]
    fn limits_keep_their_relations() {
        let mut root = root();
        let governor = root.govern(&GOVERNOR).unwrap();
        assert!(root.set_limits(governor, Value(10), Value(9), Bps(10_500)).is_err());
        assert!(root.set_limits(governor, Value(10), Value(10), Bps(10_000)).is_err());
        assert!(root.set_limits(governor, Value(10), Value(10), Bps(15_001)).is_err());
        assert!(root.set_limits(governor, Value(11), Value(12), Bps(10_700)).is_ok());
        assert_eq!(
            (root.dust, root.min_debt, root.target_health),
            (Value(11), Value(12), Bps(10_700))
        );
    }

    #[test]
    fn a_pause_is_bounded_and_keeps_what_is_paused() {
        let guard = root().guard(&GUARDIAN).unwrap();
        let none = Pause::default();
        for (operations, duration) in [(0, 1), (1 << 1, 1), (1 << 11, 1), (operation::BORROW, 0)] {
            assert!(none.extended(guard, operations, duration, NOW).is_err());
        }
        assert!(none.extended(guard, operation::BORROW, MAX_PAUSE + 1, NOW).is_err());
        assert!(
            none.extended(guard, operation::LIQUIDATE, MAX_LIQUIDATION_PAUSE + 1, NOW).is_err()
        );
        let first = none.extended(guard, operation::BORROW, 600, NOW).unwrap();
        let later = Timestamp(NOW.0 + 100);
        let both = first.extended(guard, operation::SUPPLY, 60, later).unwrap();
        assert!(both.holds(operation::BORROW, later) && both.holds(operation::SUPPLY, later));
        assert_eq!((both.from, both.until), (NOW, Timestamp(NOW.0 + 600)));
    }

    /// A day without borrowing and a second without liquidations are not a day without liquidations, and nobody's day
    /// without borrowing ends early for it.
    #[test]
    fn a_longer_pause_of_other_operations_does_not_stretch_one_of_liquidations() {
        let guard = root().guard(&GUARDIAN).unwrap();
        let day = Pause::default().extended(guard, operation::BORROW, MAX_PAUSE, NOW).unwrap();
        let refused = day.extended(guard, operation::LIQUIDATE, 1, NOW).unwrap_err();
        assert_eq!(refused.code(), Code::BadParameter);
        // In its last six hours they end together.
        let late = Timestamp(NOW.0 + MAX_PAUSE - MAX_LIQUIDATION_PAUSE);
        let both = day.extended(guard, operation::LIQUIDATE, 1, late).unwrap();
        assert!(both.holds(operation::BORROW, late) && both.holds(operation::LIQUIDATE, late));
        assert_eq!(both.until, Timestamp(NOW.0 + MAX_PAUSE));
        // The other way about, too.
        let short = Pause::default().extended(guard, operation::LIQUIDATE, 600, NOW).unwrap();
        let both = short.extended(guard, operation::BORROW, MAX_PAUSE, NOW).unwrap();
        assert_eq!(both.until, Timestamp(NOW.0 + MAX_LIQUIDATION_PAUSE));
    }

    #[test]
    fn a_running_grace_is_not_taken_from_borrowers() {
        let root = root();
        let guard = root.guard(&GUARDIAN).unwrap();
        let pause = Pause::default().extended(guard, operation::LIQUIDATE, 600, NOW).unwrap();
        let in_grace = Timestamp(NOW.0 + 700);
        let refused = pause.extended(guard, operation::LIQUIDATE, 600, in_grace).unwrap_err();
        assert_eq!(
            (refused.code(), refused.a().as_u128()),
            (Code::Grace, Some(u128::from(NOW.0) + 1_200))
        );
    }

    #[test]
    fn lifting_a_pause_of_liquidations_begins_its_grace() {
        let root = root();
        let guard = root.guard(&GUARDIAN).unwrap();
        let governor = root.govern(&GOVERNOR).unwrap();
        let pause = Pause::default().extended(guard, operation::LIQUIDATE, 6_000, NOW).unwrap();
        let later = Timestamp(NOW.0 + 60);
        let lifted = pause.lifted(governor, operation::LIQUIDATE, later).unwrap();
        assert!(!lifted.holds(operation::LIQUIDATE, later));
        assert_eq!(lifted.grace_until(later), Some(Timestamp(later.0 + 60)));
        assert!(lifted.lifted(governor, operation::LIQUIDATE, later).is_err());
    }
}

#[cfg(test)]
mod switches;
