//! What the steward moves: rates, caps and flow limits, a quarter of what they were at most, in a day.

use super::Steward;
use crate::{
    address::Address,
    book::Book,
    config::{Field, Steering},
    error::{Code, Refusal, Word, refuse},
    host::Items,
    listing::limits,
    rates::Rates,
    state::{
        MAX_ITEM, Root, keys,
        steering::{DAY, Reference},
    },
    submit::touch_token,
};

/// Moves rates, caps and flow limits of a reserve, each by at most a quarter of what it was when the steward's day
/// began. His day ends when he has left the reserve alone for 24 hours, so that no day holds more than one quarter.
/// What is nothing (a limit that is off) stays so, the kind of the rate model stays, and so does the drift of an
/// adaptive one. The governor's changes begin a new day.
///
/// # Errors
/// `UnknownAsset`, `WoundUpReserve`, `BadParameter`; `StewardLimit` with the parameter and what it was.
pub fn steer<H: Items>(
    host: &mut H,
    root: &Root,
    _: Steward,
    asset: &Address,
    steering: &Steering,
) -> Result<(), Refusal> {
    let mut book = Book::new();
    let id = touch_token(&mut book, host, root, asset)?;
    let now = host.now();
    let key = keys::steering(id);
    let mut buffer = [0; MAX_ITEM];
    let len = host.read(&key, &mut buffer);
    let stored = Reference::decode(buffer.get(..len).unwrap_or_default())?;
    let reserve = book.get_mut(id)?;
    reserve.running(id.0)?;
    let (rates, caps) = steering.validate(reserve.decimals)?;
    let rates = match (reserve.rates, rates) {
        (Rates::Adaptive(model), Rates::Adaptive(_)) => Rates::Adaptive(model),
        (_, rates) => rates,
    };
    let today = |reference: &Reference| now.0.saturating_sub(reference.time.0) < DAY;
    let mut day = stored.filter(today).unwrap_or_else(|| Reference::of(reserve));
    let minutes = steering.minutes();
    reserve.limits = limits(&caps, minutes, &reserve.limits);
    reserve.rates = rates;
    let after = Reference::of(reserve);
    if let Some((field, was)) = day.left_by(&after) {
        let field: Field = field;
        return Err(refuse(Code::StewardLimit, Word::from(field.code()), Word::from(was)));
    }
    day.time = now;
    book.store(host);
    host.write(&key, &day.encode());
    Ok(())
}

#[cfg(test)]
mod tests;
