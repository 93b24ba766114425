//! The targets. A decoder reads or refuses, and what it read survives its own encoding; arithmetic is held against
//! integers of 512 bits.

use super::Look;
use crate::wide::{Wide, down, ten, up, wide};
use weir_core::{
    address::Address,
    feed::{FeedAsset, FeedRoot},
    governor::{Council, Proposal},
    interest::{Accrual, book_interest},
    math::{cmp_products, mul_add_div, mul_div_ceil, mul_div_floor, pow10},
    pricing::{amount_ceil, amount_floor, value_ceil, value_floor},
    shares::Totals,
    state::{
        Account, Grant, Reserve, Root, indebted,
        limits::{Bucket, Cap},
    },
    submit::Action,
    units::{Assets, Price, Seconds, Shares, Value, WAD, Wad},
};

/// All of them, by name.
pub const TARGETS: &[(&str, Look)] = &[
    ("root", root),
    ("reserve", reserve),
    ("account", account),
    ("grant", grant),
    ("indebted", indebted_pages),
    ("feed", feed),
    ("governor", governor),
    ("action", action),
    ("division", division),
    ("shares", shares),
    ("pricing", pricing),
    ("interest", interest),
    ("bucket", bucket),
];

type Checked = Result<(), String>;

fn same<T: PartialEq + core::fmt::Debug>(what: &str, one: &T, other: &T) -> Checked {
    if one == other { Ok(()) } else { Err(format!("{what}: {one:?} and {other:?}")) }
}

fn root(bytes: &[u8]) -> Checked {
    let Ok(root) = Root::decode(bytes) else { return Ok(()) };
    same("root", &root.encode().as_slice(), &bytes)
}

fn reserve(bytes: &[u8]) -> Checked {
    let Ok(reserve) = Reserve::decode(bytes) else { return Ok(()) };
    // What pads the parameters of a rate model is not read.
    let again = Reserve::decode(&reserve.encode()).map_err(|_| "it cannot be read again")?;
    same("reserve", &reserve, &again)
}

fn account(bytes: &[u8]) -> Checked {
    let Ok(account) = Account::decode(bytes) else { return Ok(()) };
    let item = account.encode();
    let again = Account::decode(item.as_slice()).map_err(|_| "it cannot be read again")?;
    same("account", &account, &again)
}

fn grant(bytes: &[u8]) -> Checked {
    match Grant::decode(bytes) {
        Ok(grant) if !bytes.is_empty() => same("grant", &grant.encode().as_slice(), &bytes),
        _ => Ok(()),
    }
}

fn indebted_pages(bytes: &[u8]) -> Checked {
    let _ = indebted::decode_count(bytes);
    let Ok(addresses) = indebted::addresses(bytes) else { return Ok(()) };
    let back: Vec<u8> = addresses.flat_map(|address| address.0).collect();
    same("page", &back.as_slice(), &bytes)
}

/// Items of a feed that nobody has used yet.
pub fn feed_seeds() -> Vec<Vec<u8>> {
    let sizes = [weir_core::feed::ROOT_LEN, weir_core::feed::ASSET_LEN];
    sizes.iter().flat_map(|size| [vec![0; *size], [vec![1], vec![0; *size - 1]].concat()]).collect()
}

fn feed(bytes: &[u8]) -> Checked {
    if let Ok(root) = FeedRoot::decode(bytes) {
        let again = FeedRoot::decode(&root.encode()).map_err(|_| "a root cannot be read again")?;
        same("feed root", &root, &again)?;
    }
    if let Ok(asset) = FeedAsset::decode(bytes) {
        let again = FeedAsset::decode(&asset.encode()).map_err(|_| "an asset cannot be read")?;
        same("feed asset", &asset, &again)?;
    }
    Ok(())
}

fn governor(bytes: &[u8]) -> Checked {
    if let Ok(council) = Council::decode(bytes) {
        let again = Council::decode(&council.encode()).map_err(|_| "a council cannot be read")?;
        same("council", &council, &again)?;
    }
    if let Ok(proposal) = Proposal::decode(bytes) {
        let again =
            Proposal::decode(&proposal.encode()).map_err(|_| "a proposal cannot be read")?;
        same("proposal", &proposal, &again)?;
    }
    Ok(())
}

fn action(bytes: &[u8]) -> Checked {
    let mut numbers = Numbers(bytes);
    let (code, amount) = (numbers.byte(), numbers.next());
    let read = Action::decode(code, Address([code; 20]), amount, 3);
    same("a known action", &read.is_ok(), &(code < 8))
}

/// Numbers out of bytes: of every size, small ones too.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn next(&mut self) -> u128 {
        let shift = u32::from(self.byte() & 127);
        let mut bytes = [0; 16];
        for byte in &mut bytes {
            *byte = self.byte();
        }
        u128::from_le_bytes(bytes) >> shift
    }
}

/// The exact result where it fits; nothing where it does not, or where there is none.
fn fitting(result: Option<Wide>) -> Option<u128> {
    result.and_then(|exact| exact.try_into().ok())
}

fn by(divisor: u128, result: impl FnOnce(Wide) -> Wide) -> Option<u128> {
    fitting((divisor != 0).then(|| result(wide(divisor))))
}

fn division(bytes: &[u8]) -> Checked {
    let mut numbers = Numbers(bytes);
    let [a, b, c, d] = [(); 4].map(|()| numbers.next());
    same("floor", &mul_div_floor(a, b, c).ok(), &by(c, |c| down(wide(a), wide(b), c)))?;
    same("ceil", &mul_div_ceil(a, b, c).ok(), &by(c, |c| up(wide(a), wide(b), c)))?;
    let all = wide(a) * wide(b) + wide(d);
    let quotient = by(c, |c| all / c);
    let rest = by(c, |c| all % c);
    same("with rest", &mul_add_div(a, b, d, c).ok(), &quotient.zip(rest))?;
    let order = (wide(a) * wide(b)).cmp(&(wide(c) * wide(d)));
    same("order", &cmp_products(a, b, c, d), &order)?;
    let power = numbers.byte();
    let exact = (power <= 38).then(|| 10_u128.pow(power.into()));
    same("power of ten", &pow10(power).ok(), &exact)
}

fn shares(bytes: &[u8]) -> Checked {
    let mut numbers = Numbers(bytes);
    let totals = Totals { assets: Assets(numbers.next()), shares: Shares(numbers.next()) };
    let amount = numbers.next();
    // The virtual parts have to fit beside the totals.
    let fits = totals.assets.0 < u128::MAX && totals.shares.0 <= u128::MAX - 1_000_000;
    let (all, shares) = (wide(totals.assets.0) + wide(1), wide(totals.shares.0) + wide(1_000_000));
    let told = |result: Wide| fits.then_some(result).and_then(|exact| exact.try_into().ok());
    let minted = [totals.to_shares_floor(Assets(amount)), totals.to_shares_ceil(Assets(amount))];
    let minted = minted.map(|result| result.ok().map(|shares| shares.0));
    let exact = [down(wide(amount), shares, all), up(wide(amount), shares, all)].map(told);
    same("to shares", &minted, &exact)?;
    let worth = [totals.to_assets_floor(Shares(amount)), totals.to_assets_ceil(Shares(amount))];
    let worth = worth.map(|result| result.ok().map(|assets| assets.0));
    let exact = [down(wide(amount), all, shares), up(wide(amount), all, shares)].map(told);
    same("to assets", &worth, &exact)
}

fn pricing(bytes: &[u8]) -> Checked {
    let mut numbers = Numbers(bytes);
    let (amount, price, decimals) = (numbers.next(), numbers.next(), numbers.byte() % 39);
    let (a, p, scale) = (wide(amount), wide(price), ten(decimals));
    let values = [value_floor, value_ceil]
        .map(|value| value(Assets(amount), Price(price), decimals).ok().map(|value| value.0));
    same("values", &values, &[down(a, p, scale), up(a, p, scale)].map(|it| it.try_into().ok()))?;
    let amounts = [amount_floor, amount_ceil].map(|amount_of| {
        amount_of(Value(amount), Price(price), decimals).ok().map(|assets| assets.0)
    });
    let exact = [by(price, |p| down(a, scale, p)), by(price, |p| up(a, scale, p))];
    same("amounts", &amounts, &exact)
}

/// Never fails, takes no more than is due, and gives every unit to somebody.
fn interest(bytes: &[u8]) -> Checked {
    let mut numbers = Numbers(bytes);
    let before = Accrual {
        debt: Assets(numbers.next()),
        supply: Totals { assets: Assets(numbers.next()), shares: Shares(numbers.next()) },
        rem: u64::try_from(numbers.next() % WAD).unwrap_or(0),
        fee: Wad(numbers.next() % (2 * WAD)),
    };
    let rate = Wad(numbers.next() >> 40);
    let elapsed = Seconds(u32::try_from(numbers.next() >> 96).unwrap_or(0));
    let after = book_interest(&before, rate, elapsed);
    let grown = |from: Assets, to: Assets| to.0.checked_sub(from.0);
    same("debt", &grown(before.debt, after.debt), &Some(after.interest.0))?;
    let supplied = grown(before.supply.assets, after.supply.assets);
    same("supply", &supplied, &Some(after.interest.0))?;
    let minted = after.supply.shares.0.checked_sub(before.supply.shares.0);
    same("fee shares", &minted, &Some(after.fee_shares.0))?;
    same("the fee is a part", &(after.fee_assets <= after.interest), &true)?;
    if after.clamped {
        return Ok(());
    }
    // Never below simple interest, but for the fraction that is carried.
    let simple = wide(before.debt.0) * wide(rate.0) * wide(elapsed.0.into()) / wide(WAD);
    same("simple interest", &(wide(after.interest.0) + wide(1) >= simple), &true)?;
    same("the fraction", &(u128::from(after.rem) < WAD), &true)
}

/// A level never leaves its bounds, and comes home.
fn bucket(bytes: &[u8]) -> Checked {
    let mut numbers = Numbers(bytes);
    let cap = Cap::floor(Assets(numbers.next()));
    let minutes = u16::from(numbers.byte());
    let mut bucket = Bucket { cap, refill_minutes: minutes, level: 0 };
    let floor = -i128::try_from(cap.assets().0).unwrap_or(i128::MAX);
    for _ in 0..6 {
        let (kind, amount) = (numbers.byte(), numbers.next());
        let was = bucket.level;
        match kind % 3 {
            0 => bucket.add(Assets(amount)),
            1 => bucket.remove(Assets(amount)),
            _ => {
                bucket.decay(u32::try_from(amount >> 96).unwrap_or(0));
                let nearer = bucket.level.unsigned_abs() <= was.unsigned_abs()
                    && (bucket.level == 0 || (bucket.level > 0) == (was > 0));
                same("decay leads to zero", &nearer, &true)?;
            }
        }
        same("the level is above −cap", &(bucket.level >= floor), &true)?;
    }
    let _ = bucket.room(cap.assets());
    let _ = cap.open_part();
    Ok(())
}
