//! How much an account may still do in a reserve: found by trying, so that what is told is what the pool would say.

use crate::{
    address::Address,
    book::Book,
    error::{Code, Refusal, Word, refuse_one},
    host::Host,
    math::mul_div_ceil,
    overlay::Overlay,
    state::{Account, Reserve, Root, limits::Bucket},
    submit::{ALL, Action, Kind, Request, submit},
    units::{Assets, Timestamp},
};

/// The operations that have a head-room, in the order of their codes.
pub const OPERATIONS: [Kind; 6] =
    [Kind::Supply, Kind::Protect, Kind::Repay, Kind::Withdraw, Kind::Unprotect, Kind::Borrow];

/// The error that a larger amount gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Which error.
    pub code: Code,
    /// Its first word.
    pub a: Word,
    /// Its second word.
    pub b: Word,
}

impl From<Refusal> for Binding {
    /// Takes the words along: a contract keeps those of its last refusal only.
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code(), a: refusal.a(), b: refusal.b() }
    }
}

/// How much of one operation is possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadRoom {
    /// The largest amount that is accepted.
    pub room: Assets,
    /// What one unit more is refused for, or any amount where there is no room. Nothing where more is clamped.
    pub binding: Option<Binding>,
    /// When that ends by itself: the end of a pause, or when a flow limit has all its room again. Zero if time alone
    /// does not end it.
    pub frees: Timestamp,
}

/// What became of an attempt.
enum Attempt {
    Accepted,
    /// Less might be accepted.
    TooMuch(Binding),
    /// More might be accepted.
    TooLittle(Binding),
    /// No amount would be.
    Never(Binding),
}

/// One account, one reserve, one operation.
struct Search<'a, H> {
    host: &'a mut H,
    root: &'a Root,
    account: Address,
    asset: Address,
    kind: Kind,
}

/// How much of an operation the owner of `account` may do now, with himself as the receiver. Nothing is stored. Asks for
/// some hundred attempts at most.
///
/// # Errors
/// `UnknownAsset`, what the host says of an item, `Overflow`.
pub fn head_room<H: Host>(
    host: &mut H,
    root: &Root,
    account: &Address,
    asset: &Address,
    kind: Kind,
) -> Result<HeadRoom, Refusal> {
    let mut book = Book::new();
    let Some(id) = root.find(asset) else {
        return Err(refuse_one(Code::UnknownAsset, Word::from(asset)));
    };
    book.load(host, id)?;
    let reserve: &Reserve = book.get(id)?;
    if reserve.token != *asset {
        return Err(refuse_one(Code::UnknownAsset, Word::from(asset)));
    }
    let most = most(reserve, &host.load_account(account)?, id, kind)?;
    let now = host.now();
    let mut search = Search { host, root, account: *account, asset: *asset, kind };
    let (room, binding) = search.run(most);
    let frees = binding.map_or(Timestamp::ZERO, |binding| frees(&binding, reserve, now));
    Ok(HeadRoom { room, binding, frees })
}

/// More than this is never accepted.
fn most(
    reserve: &Reserve,
    account: &Account,
    id: crate::state::ReserveId,
    kind: Kind,
) -> Result<Assets, Refusal> {
    let (balances, limits) = (&reserve.balances, &reserve.limits);
    let below = |cap: Assets, total| cap.checked_sub(total).unwrap_or(Assets::ZERO);
    let leg = account.supply(id).copied().unwrap_or_default();
    Ok(match kind {
        Kind::Supply => below(limits.supply.assets(), balances.supply.assets),
        Kind::Protect => below(limits.protected.assets(), balances.protected),
        Kind::Repay => balances.debt_cost(account.debt(id))?.paid,
        Kind::Withdraw => balances.supply.to_assets_floor(leg.shares)?,
        Kind::Unprotect => leg.protected,
        _ => balances.cash.min(below(limits.borrow.assets(), balances.debt.assets)),
    })
}

impl<H: Host> Search<'_, H> {
    /// The largest amount up to `most`, and what a unit more is refused for.
    fn run(&mut self, most: Assets) -> (Assets, Option<Binding>) {
        let first = Assets(most.0.max(1));
        let (mut low, mut high) = (0, first.0);
        match self.attempt(first) {
            Attempt::Accepted => return (first, self.beyond(first)),
            Attempt::Never(binding) | Attempt::TooLittle(binding) => {
                return (Assets::ZERO, Some(binding));
            }
            Attempt::TooMuch(_) => {}
        }
        // `low` is accepted, too little or nothing; `high` is too much.
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            match self.attempt(Assets(middle)) {
                Attempt::Accepted | Attempt::TooLittle(_) => low = middle,
                Attempt::TooMuch(_) | Attempt::Never(_) => high = middle,
            }
        }
        let room = Assets(low);
        if low != 0
            && let Attempt::TooLittle(binding) = self.attempt(room)
        {
            return (Assets::ZERO, Some(binding));
        }
        (room, self.beyond(room))
    }

    /// What one unit more is refused for.
    fn beyond(&mut self, room: Assets) -> Option<Binding> {
        let more = room.checked_add(Assets(1)).ok().filter(|more| *more != ALL)?;
        match self.attempt(more) {
            Attempt::Accepted => None,
            Attempt::TooMuch(binding) | Attempt::TooLittle(binding) | Attempt::Never(binding) => {
                Some(binding)
            }
        }
    }

    fn attempt(&mut self, amount: Assets) -> Attempt {
        let (caller, account) = (self.account, self.account);
        let request = Request { caller, account, to: account };
        let action = Action { kind: self.kind, asset: self.asset, amount };
        match submit(&mut Overlay::new(self.host), self.root, &request, &[action]) {
            Ok(_) => Attempt::Accepted,
            Err(refusal) => Attempt::refused(refusal.into()),
        }
    }
}

impl Attempt {
    const fn refused(binding: Binding) -> Self {
        match binding.code {
            Code::ZeroAmount | Code::DebtBelowMinimum => Self::TooLittle(binding),
            Code::SupplyCap
            | Code::ProtectedCap
            | Code::BorrowCap
            | Code::InflowLimit
            | Code::OutflowLimit
            | Code::InsufficientCash
            | Code::InsufficientSupply
            | Code::InsufficientProtected
            | Code::InsufficientCollateral
            | Code::Overflow => Self::TooMuch(binding),
            _ => Self::Never(binding),
        }
    }
}

fn frees(binding: &Binding, reserve: &Reserve, now: Timestamp) -> Timestamp {
    match binding.code {
        Code::Paused => {
            let until = binding.b.as_u128().and_then(|until| u32::try_from(until).ok());
            until.map_or(Timestamp::ZERO, Timestamp)
        }
        Code::InflowLimit => empties(&reserve.limits.inflow, now),
        Code::OutflowLimit => empties(&reserve.limits.outflow, now),
        _ => Timestamp::ZERO,
    }
}

/// When the level of a bucket is back at zero.
fn empties(bucket: &Bucket, now: Timestamp) -> Timestamp {
    let level = u128::try_from(bucket.level).unwrap_or(0);
    let minutes = u128::from(bucket.refill_minutes.max(1));
    let seconds = mul_div_ceil(level, minutes * 60, bucket.cap.assets().0).unwrap_or(0);
    let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    Timestamp(now.0.saturating_add(seconds))
}

#[cfg(test)]
mod tests;
