//! A pool rebuilt from what it says and from nothing else: every stored item, bit for bit.
//!
//! It begins with what the constructor was given. Each event then changes the items by its own figures; what is not in
//! an event (the leg that a swap moved, the half of a unit that a repayment rounded, the level of a flow limit) follows
//! from the items before it and the figures. Time comes from the events too, but for the block's own where an accepted
//! price ends a freeze.

use crate::told::Told;
use weir_core::{
    address::Address,
    control::Role,
    event::{BadDebt, Event, Liquidated, Party},
    host::Host as _,
    memory::MemoryHost,
    prices::accept,
    rates::{Adaptive, Rates},
    state::{Account, Flags, Reserve, ReserveId, Root, pause::Pause},
    units::{Assets, Bps, Overflow, Shares, Timestamp, Value},
};

/// The pool as its events tell it.
#[derive(Clone, Debug)]
pub struct Replay {
    host: MemoryHost,
    root: Root,
    /// Shares of the seed of a token that is about to be listed.
    seed: Shares,
}

type Done = Result<(), String>;

fn lost(_: Overflow) -> String {
    "an event takes more than there is".to_owned()
}

impl Replay {
    /// A pool as its constructor leaves it.
    #[must_use]
    pub fn new(root: &Root) -> Self {
        let mut host = MemoryHost::new(Timestamp::ZERO);
        host.set_root(root);
        Self { host, root: *root, seed: Shares::ZERO }
    }

    /// Goes on from a state, which is another pool's.
    #[must_use]
    pub fn from_state(host: &MemoryHost, root: &Root) -> Self {
        Self { host: host.clone(), root: *root, seed: Shares::ZERO }
    }

    /// Hears what a block of this time says, in order.
    ///
    /// # Errors
    /// What cannot be.
    pub fn hear(&mut self, events: &[Told], block: Timestamp) -> Done {
        for event in events {
            self.one(event, block).map_err(|found| format!("{event:?}: {found}"))?;
        }
        self.host.set_root(&self.root);
        Ok(())
    }

    /// Holds the rebuilt items against the pool's, key by key.
    ///
    /// # Errors
    /// The first item that differs.
    pub fn compare(&self, pool: &MemoryHost) -> Done {
        let (here, there) = (self.host.items(), pool.items());
        if here == there {
            return Ok(());
        }
        for key in here.keys().chain(there.keys()) {
            // What the guardian and the steward have used of their bounds, and an offered hand-over: no event tells it.
            if matches!(key[..], [b'c'] | [b's', _]) {
                continue;
            }
            let (told, is) = (here.get(key), there.get(key));
            if told != is {
                return Err(format!(
                    "the item under {key:?}: {told:?} by its events, {is:?} stored"
                ));
            }
        }
        Ok(())
    }

    /// The rebuilt item under a key; empty if it is absent.
    #[must_use]
    pub fn item(&self, key: &[u8]) -> &[u8] {
        self.host.items().get(key).map_or(&[], Vec::as_slice)
    }

    /// The keys of all rebuilt items.
    pub fn keys(&self) -> impl Iterator<Item = &Vec<u8>> {
        self.host.items().keys()
    }

    fn one(&mut self, event: &Told, block: Timestamp) -> Done {
        match event {
            Told::Of(event) => self.of_rules(event, block),
            Told::Listed { asset, reserve, seed: _, floor, .. } => {
                self.listed(asset, *reserve, *floor)
            }
            Told::ParametersSet { asset, reserve } => {
                let id = self.id(asset)?;
                let reserve = Reserve::decode(reserve).map_err(|_| "it cannot be read")?;
                self.host.store_reserve(id, &reserve);
                Ok(())
            }
            // Kept with the uses of the guardian's time, which no event tells.
            Told::GovernorOffered { .. } => Ok(()),
            Told::RoleSet { role, holder, .. } => {
                let role = Role::from_code(*role).map_err(|_| "no such role")?;
                let place = match role {
                    Role::Governor => &mut self.root.governor,
                    Role::Guardian => &mut self.root.guardian,
                    Role::Steward => &mut self.root.steward,
                    Role::Feed => &mut self.root.feed,
                    Role::Admin => &mut self.root.admin,
                };
                *place = *holder;
                Ok(())
            }
            Told::PauseSet { asset, operations, from, until } => {
                let (operations, from, until) = (*operations, Timestamp(*from), Timestamp(*until));
                let pause = Pause { operations, from, until };
                if asset.is_zero() {
                    self.root.pause = pause;
                    return Ok(());
                }
                self.reserve(asset, |reserve| {
                    reserve.pause = pause;
                    Ok(())
                })
            }
            Told::LimitsSet { dust, min_debt, target } => {
                (self.root.dust, self.root.min_debt) = (Value(*dust), Value(*min_debt));
                self.root.target_health = Bps(*target);
                Ok(())
            }
            Told::Skimmed { asset, assets, shares } => self.insured(asset, *assets, *shares),
            Told::Shortfall { asset, .. } => self.flag(asset, Flags::FROZEN),
        }
    }

    fn of_rules(&mut self, event: &Event, block: Timestamp) -> Done {
        match *event {
            Event::Supplied { party, assets, shares } => self.supplied(&party, assets, shares),
            Event::Protected { party, assets } => self.protected(&party, assets),
            Event::Repaid { party, assets, shares } => self.repaid(&party, assets, shares),
            Event::Withdrawn { party, assets, shares, .. } => {
                self.reserve(&party.asset, |reserve| {
                    reserve.limits.outflow.add(assets);
                    reserve.limits.inflow.remove(assets);
                    reserve.balances.pay_out(assets, shares)
                })?;
                self.take(&party, shares, Assets::ZERO)
            }
            Event::Unprotected { party, assets, .. } => {
                self.reserve(&party.asset, |reserve| {
                    reserve.limits.inflow.remove(assets);
                    let left = reserve.balances.protected.checked_sub(assets)?;
                    reserve.balances.protected = left;
                    Ok(())
                })?;
                self.take(&party, Shares::ZERO, assets)
            }
            Event::Borrowed { party, assets, shares, .. } => self.borrowed(&party, assets, shares),
            Event::CollateralSet { party, on } => {
                let id = self.id(&party.asset)?;
                self.account(&party.account, |account| {
                    account.supply_mut(id).ok_or(Overflow)?.opted_out = !on;
                    Ok(())
                })
            }
            Event::CategorySet { account, category, .. } => self.account(&account, |account| {
                account.category = category;
                Ok(())
            }),
            Event::OperatorSet { account, operator, grant } => {
                self.host.store_grant(&account, &operator, &grant);
                Ok(())
            }
            Event::Liquidated(ref sold) => self.liquidated(sold),
            Event::BadDebt(ref bad) => self.bad_debt(bad),
            _ => self.of_reserve(event, block),
        }
    }

    fn of_reserve(&mut self, event: &Event, block: Timestamp) -> Done {
        match *event {
            Event::Accrued { asset, .. } => self.reserve(&asset, |reserve| accrued(reserve, event)),
            Event::DustForfeited { asset, account, protected, shares, minted } => {
                self.reserve(&asset, |reserve| {
                    let balances = &mut reserve.balances;
                    balances.insurance = balances.insurance.checked_add(shares)?;
                    let told = balances.insure_protected(protected)?;
                    if told == minted { Ok(()) } else { Err(Overflow) }
                })?;
                let party = Party { asset, account, caller: account };
                self.take(&party, shares, protected)
            }
            Event::InsuranceFunded { asset, assets, shares, .. } => {
                self.insured(&asset, assets.0, shares.0)
            }
            Event::FlashLoaned { asset, fee, insurance_shares, .. } => {
                self.reserve(&asset, |reserve| {
                    // The insurance's part of the fee, down; the shares that it buys are in the event.
                    let part = fee.0.checked_mul(reserve.fees.flash_split.0.into());
                    let insured = Assets(part.ok_or(Overflow)? / 10_000);
                    let balances = &mut reserve.balances;
                    balances.pay_in(fee.checked_sub(insured)?, Shares::ZERO)?;
                    balances.pay_in(insured, insurance_shares)?;
                    balances.insurance = balances.insurance.checked_add(insurance_shares)?;
                    Ok(())
                })
            }
            Event::Collected { asset, assets, shares, .. } => self.reserve(&asset, |reserve| {
                let balances = &mut reserve.balances;
                balances.pay_out(assets, shares)?;
                balances.treasury = balances.treasury.checked_sub(shares)?;
                Ok(())
            }),
            Event::PriceAccepted { asset, ref price } => self.reserve(&asset, |reserve| {
                accept(reserve, price, block);
                Ok(())
            }),
            Event::WoundUp { asset, .. } => self.flag(&asset, Flags::WOUND_UP),
            _ => Ok(()),
        }
    }

    fn id(&self, asset: &Address) -> Result<ReserveId, String> {
        self.root.find(asset).ok_or_else(|| "not listed".to_owned())
    }

    fn reserve(
        &mut self,
        asset: &Address,
        change: impl FnOnce(&mut Reserve) -> Result<(), Overflow>,
    ) -> Done {
        let id = self.id(asset)?;
        let mut reserve = self.host.reserve(id).map_err(|_| "it cannot be read")?;
        change(&mut reserve).map_err(lost)?;
        self.host.store_reserve(id, &reserve);
        Ok(())
    }

    /// Changes an account; its version counts the events about it.
    fn account(
        &mut self,
        who: &Address,
        change: impl FnOnce(&mut Account) -> Result<(), Overflow>,
    ) -> Done {
        let mut account = self.host.account(who).map_err(|_| "it cannot be read")?;
        change(&mut account).map_err(lost)?;
        account.version = account.version.wrapping_add(1);
        self.host.store_account(who, &account);
        Ok(())
    }

    /// Takes shares and protected tokens from a leg, which goes if nothing is left.
    fn take(&mut self, party: &Party, shares: Shares, protected: Assets) -> Done {
        let id = self.id(&party.asset)?;
        self.account(&party.account, |account| {
            let leg = account.supply_mut(id).ok_or(Overflow)?;
            leg.shares = leg.shares.checked_sub(shares)?;
            leg.protected = leg.protected.checked_sub(protected)?;
            account.tidy_supply(id);
            Ok(())
        })
    }

    fn supplied(&mut self, party: &Party, assets: Assets, shares: Shares) -> Done {
        let Some(id) = self.root.find(&party.asset) else {
            // The seed of a token that is listed by the event that follows.
            self.seed = shares;
            return Ok(());
        };
        self.reserve(&party.asset, |reserve| {
            reserve.limits.inflow.add(assets);
            reserve.limits.outflow.remove(assets);
            reserve.balances.pay_in(assets, shares)
        })?;
        self.account(&party.account, |account| {
            let leg = account.supply_or_new(id).map_err(|_| Overflow)?;
            leg.shares = leg.shares.checked_add(shares)?;
            Ok(())
        })
    }

    fn protected(&mut self, party: &Party, assets: Assets) -> Done {
        let Some(id) = self.root.find(&party.asset) else { return Ok(()) };
        self.reserve(&party.asset, |reserve| {
            reserve.limits.inflow.add(assets);
            reserve.balances.protected = reserve.balances.protected.checked_add(assets)?;
            Ok(())
        })?;
        self.account(&party.account, |account| {
            let leg = account.supply_or_new(id).map_err(|_| Overflow)?;
            leg.protected = leg.protected.checked_add(assets)?;
            Ok(())
        })
    }

    /// Enters a token; its reserve comes whole with the event that follows.
    fn listed(&mut self, asset: &Address, number: u8, floor: u128) -> Done {
        let id = self.root.list(asset).map_err(|_| "it cannot be listed")?;
        if id != ReserveId(number) {
            return Err(format!("it is number {id:?}"));
        }
        let (seed, floor) = (std::mem::take(&mut self.seed), Assets(floor));
        let mut account = Account::default();
        let leg = account.supply_or_new(id).map_err(|_| "no leg")?;
        (leg.shares, leg.protected) = (seed, floor);
        account.version = if floor.is_zero() { 1 } else { 2 };
        self.host.store_account(&Address::seed_holder(number), &account);
        Ok(())
    }

    fn repaid(&mut self, party: &Party, assets: Assets, shares: Shares) -> Done {
        let id = self.id(&party.asset)?;
        self.reserve(&party.asset, |reserve| {
            reserve.limits.outflow.remove(assets);
            let cost = reserve.balances.repay(shares)?;
            if cost.paid == assets { Ok(()) } else { Err(Overflow) }
        })?;
        self.account(&party.account, |account| less_debt(account, id, shares))
    }

    fn borrowed(&mut self, party: &Party, assets: Assets, shares: Shares) -> Done {
        let id = self.id(&party.asset)?;
        self.reserve(&party.asset, |reserve| {
            reserve.limits.outflow.add(assets);
            let balances = &mut reserve.balances;
            balances.debt = balances.debt.checked_add(assets, shares)?;
            balances.cash = balances.cash.checked_sub(assets)?;
            Ok(())
        })?;
        let who = party.account;
        if !self.host.account(&who).map_err(|_| "it cannot be read")?.listed {
            self.host.append_indebted(&who).map_err(|_| "the list cannot be read")?;
        }
        self.account(&who, |account| {
            account.listed = true;
            let owed = account.debt(id).checked_add(shares)?;
            account.set_debt(id, owed).map_err(|_| Overflow)
        })
    }

    fn insured(&mut self, asset: &Address, assets: u128, shares: u128) -> Done {
        self.reserve(asset, |reserve| {
            let balances = &mut reserve.balances;
            balances.pay_in(Assets(assets), Shares(shares))?;
            balances.insurance = balances.insurance.checked_add(Shares(shares))?;
            Ok(())
        })
    }

    fn flag(&mut self, asset: &Address, flag: u16) -> Done {
        self.reserve(asset, |reserve| {
            reserve.flags.set(flag);
            Ok(())
        })
    }

    fn liquidated(&mut self, sold: &Liquidated) -> Done {
        let (debt, collateral) = (self.id(&sold.debt)?, self.id(&sold.collateral)?);
        self.reserve(&sold.debt, |reserve| {
            let cost = reserve.balances.repay(sold.repaid_shares)?;
            if cost.paid == sold.repaid { Ok(()) } else { Err(Overflow) }
        })?;
        let mut handed_over = Shares::ZERO;
        self.reserve(&sold.collateral, |reserve| {
            handed_over = seized(reserve, sold)?;
            Ok(())
        })?;
        self.account(&sold.borrower, |account| {
            less_debt(account, debt, sold.repaid_shares)?;
            let leg = account.supply_mut(collateral).ok_or(Overflow)?;
            leg.protected = leg.protected.checked_sub(sold.seized_protected)?;
            leg.shares = leg.shares.checked_sub(sold.seized_shares)?;
            account.tidy_supply(collateral);
            Ok(())
        })?;
        if handed_over.is_zero() {
            return Ok(());
        }
        self.account(&sold.caller, |taker| {
            let leg = taker.supply_or_new(collateral).map_err(|_| Overflow)?;
            leg.shares = leg.shares.checked_add(handed_over)?;
            Ok(())
        })
    }

    fn bad_debt(&mut self, bad: &BadDebt) -> Done {
        let id = self.id(&bad.asset)?;
        self.reserve(&bad.asset, |reserve| {
            let balances = &mut reserve.balances;
            balances.debt = balances.debt.checked_sub(bad.assets, bad.shares)?;
            balances.supply = balances.supply.checked_sub(bad.assets, bad.insurance_shares)?;
            balances.insurance = balances.insurance.checked_sub(bad.insurance_shares)?;
            Ok(())
        })?;
        self.account(&bad.account, |account| less_debt(account, id, bad.shares))
    }
}

fn less_debt(account: &mut Account, id: ReserveId, shares: Shares) -> Result<(), Overflow> {
    let left = account.debt(id).checked_sub(shares)?;
    account.set_debt(id, left).map_err(|_| Overflow)
}

/// Interest by the event's own figures; flow limits decay by the time between the two.
fn accrued(reserve: &mut Reserve, event: &Event) -> Result<(), Overflow> {
    let Event::Accrued {
        interest,
        insurance_shares,
        treasury_shares,
        remainder,
        rate_at_target,
        time,
        ..
    } = *event
    else {
        return Ok(());
    };
    let elapsed = time.0.checked_sub(reserve.last_accrual.0).ok_or(Overflow)?;
    reserve.limits.inflow.decay(elapsed);
    reserve.limits.outflow.decay(elapsed);
    reserve.last_accrual = time;
    let balances = &mut reserve.balances;
    balances.debt.assets = balances.debt.assets.checked_add(interest)?;
    let minted = insurance_shares.checked_add(treasury_shares)?;
    balances.supply = balances.supply.checked_add(interest, minted)?;
    balances.insurance = balances.insurance.checked_add(insurance_shares)?;
    balances.treasury = balances.treasury.checked_add(treasury_shares)?;
    balances.interest_rem = remainder;
    if let Rates::Adaptive(_) = reserve.rates {
        reserve.rates = Rates::Adaptive(Adaptive::new(rate_at_target).map_err(|_| Overflow)?);
    }
    Ok(())
}

/// What a liquidation does to the reserve of the collateral; returns the shares that the liquidator takes.
fn seized(reserve: &mut Reserve, sold: &Liquidated) -> Result<Shares, Overflow> {
    let of_supply = sold.insurance_assets.min(sold.seized_assets);
    let of_protected = sold.insurance_assets.checked_sub(of_supply)?;
    let paid_out = sold.seized_assets.checked_sub(of_supply)?;
    let balances = &mut reserve.balances;
    let out = if sold.receive_shares {
        balances.supply.to_shares_floor(paid_out)?
    } else {
        balances.supply.to_shares_ceil(paid_out)?
    };
    let out = out.min(sold.seized_shares);
    if !sold.receive_shares {
        balances.pay_out(paid_out, out)?;
    }
    let to_insurance = sold.seized_shares.checked_sub(out)?;
    balances.insurance = balances.insurance.checked_add(to_insurance)?;
    let protected_out = sold.seized_protected.checked_sub(of_protected)?;
    balances.protected = balances.protected.checked_sub(protected_out)?;
    let minted = balances.insure_protected(of_protected)?;
    if to_insurance.checked_add(minted)? != sold.insurance_shares {
        return Err(Overflow);
    }
    Ok(if sold.receive_shares { out } else { Shares::ZERO })
}
