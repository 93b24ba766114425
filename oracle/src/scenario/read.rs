//! From the file to a [`Scenario`]: every number is checked here, so that nothing can fail later.

use std::collections::BTreeMap;

use super::{
    AssetPath, Kind, Misbehaviour, Phase, Scenario,
    path::{Move, Noise},
};
use crate::{
    document::{Section, convert},
    price::{NumberError, Price, Ratio},
    random::Stream,
    source::ReporterNumber,
    symbol::Symbol,
};

/// Most prices in all, which bounds the memory of a scenario to 160 MB.
const MAX_POINTS: u64 = 10_000_000;
const MAX_STEPS: u64 = 1_000_000;
const MAX_ASSETS: usize = 1_000;
/// 5 % from one step to the next is a wild market already.
const MAX_VOLATILITY_BPS: u32 = 500;

/// An asset while its path is being drawn.
struct Draft {
    level: Price,
    path: AssetPath,
    noise: Noise,
}

type Drafts = BTreeMap<Symbol, Draft>;

/// Builds the scenario; faults are noted in the document.
pub(super) fn scenario(root: &Section<'_>) -> Option<Scenario> {
    let name = root.required("name", convert::name);
    let description = root.or("description", String::new(), convert::text);
    let seed = root.required("seed", convert::integer(0..=u64::MAX));
    let step_seconds = root.required("step_seconds", convert::integer(1..=86_400_u64));
    let spread_bps = root.or("spread_bps", 0, convert::integer(0..=1_000_u32));
    let mut drafts = assets(root, seed.unwrap_or_default());
    let phases = phases(root, step_seconds.unwrap_or(1), &mut drafts);
    let faults = root.tables("faults");
    let misbehaviours = faults.iter().filter_map(|fault| misbehaviour(fault, &drafts)).collect();
    let paths = drafts.into_iter().map(|(asset, draft)| (asset, draft.path)).collect();
    Some(Scenario {
        name: name?,
        description,
        seed: seed?,
        step_seconds: step_seconds?,
        phases,
        spread_bps,
        misbehaviours,
        paths,
    })
}

fn assets(root: &Section<'_>, seed: u64) -> Drafts {
    let sections = root.children("assets");
    if sections.is_empty() {
        root.fault("assets", "at least one asset is needed: [assets.SYMBOL] with its start");
    }
    if sections.len() > MAX_ASSETS {
        root.fault("assets", format!("{} assets, at most {MAX_ASSETS}", sections.len()));
    }
    let mut drafts = Drafts::new();
    for (name, section) in sections {
        let symbol = name.parse::<Symbol>().map_err(|error| section.fault_here(error.to_string()));
        let start = section.required("start", convert::decimal::<Price>);
        let decimals = section.or("decimals", 8, convert::integer(0..=18_u32));
        section.refuse_unknown();
        let (Ok(symbol), Some(start)) = (symbol, start) else { continue };
        if start.truncated(decimals) != Ok(start) {
            section.fault("start", format!("`{start}` has more than {decimals} decimals"));
        }
        let noise = Noise::new(Stream::of(seed, symbol.as_str(), u64::MAX));
        let path = AssetPath { points: vec![start], decimals };
        drafts.insert(symbol, Draft { level: start, path, noise });
    }
    drafts
}

fn phases(root: &Section<'_>, step_seconds: u64, drafts: &mut Drafts) -> Vec<Phase> {
    let sections = root.tables("phases");
    if sections.is_empty() {
        root.fault("phases", "at least one phase is needed: [[phases]] with its label and seconds");
    }
    let mut phases = Vec::new();
    let mut last_step = 0;
    for section in sections {
        let label = section.required("label", convert::name);
        let seconds = section.required("seconds", convert::integer(1..=u64::from(u32::MAX)));
        let volatility = section.or("volatility_bps", 0, convert::integer(0..=MAX_VOLATILITY_BPS));
        let moves = moves(&section, volatility, drafts);
        section.refuse_unknown();
        let (Some(label), Some(seconds)) = (label, seconds) else { continue };
        let steps = seconds / step_seconds;
        if seconds % step_seconds != 0 {
            let message = format!("{seconds} is not a multiple of step_seconds, {step_seconds}");
            section.fault("seconds", message);
            continue;
        }
        let assets = u64::try_from(drafts.len()).unwrap_or(u64::MAX).max(1);
        if last_step + steps > MAX_STEPS.min(MAX_POINTS / assets) {
            section.fault("seconds", "the scenario becomes too long: fewer steps, or longer ones");
            break;
        }
        for (asset, draft) in drafts.iter_mut() {
            let hold = (Move::Hold, volatility);
            let (kind, volatility) = moves.get(asset).copied().unwrap_or(hold);
            if let Err(error) = extend(draft, kind, volatility, steps) {
                section.fault_here(format!("a price of {asset} {error}"));
            }
        }
        phases.push(Phase { label, first_step: last_step + 1, last_step: last_step + steps });
        last_step += steps;
    }
    phases
}

/// Draws a phase of one asset.
fn extend(
    draft: &mut Draft,
    kind: Move,
    volatility_bps: u32,
    steps: u64,
) -> Result<(), NumberError> {
    for level in kind.levels(draft.level, steps)? {
        let price = level.scaled(draft.noise.next(volatility_bps))?;
        draft.path.points.push(price.truncated(draft.path.decimals)?);
        draft.level = level;
    }
    Ok(())
}

/// The moves of a phase by asset, each with its volatility.
fn moves(
    phase: &Section<'_>,
    volatility_bps: u32,
    drafts: &Drafts,
) -> BTreeMap<Symbol, (Move, u32)> {
    let mut moves = BTreeMap::new();
    for (name, section) in phase.children("moves") {
        let kind = movement(&section);
        let bounds = convert::integer(0..=MAX_VOLATILITY_BPS);
        let volatility = section.or("volatility_bps", volatility_bps, bounds);
        section.refuse_unknown();
        match name.parse::<Symbol>() {
            Ok(symbol) if drafts.contains_key(&symbol) => {
                moves.extend(kind.map(|kind| (symbol, (kind, volatility))));
            }
            _ => section.fault_here(format!("`{name}` is not among the assets")),
        }
    }
    moves
}

fn movement(section: &Section<'_>) -> Option<Move> {
    let kind = section.required("kind", convert::name)?;
    let factor = || {
        let factor = section.required("factor", convert::decimal::<Ratio>)?;
        if factor.parts_per_billion() == 0 {
            section.fault("factor", "is zero");
            return None;
        }
        Some(factor)
    };
    let part = |key: &str, default: Ratio| {
        let part = section.or(key, default, convert::decimal::<Ratio>);
        if part > Ratio::ONE {
            section.fault(key, format!("`{part}` is not between 0 and 1"));
        }
        part
    };
    match kind.as_str() {
        "hold" => Some(Move::Hold),
        "ramp" => Some(Move::Ramp { factor: factor()? }),
        "gap" => Some(Move::Gap { factor: factor()? }),
        "crash" => {
            let half = Ratio::from_parts_per_billion(500_000_000)?;
            let recovery = part("recovery", Ratio::from_parts_per_billion(0)?);
            let trough = part("trough", half);
            let factor = factor()?;
            if factor > Ratio::ONE {
                section.fault("factor", format!("`{factor}` is no crash: it is above 1"));
            }
            Some(Move::Crash { factor, recovery, trough })
        }
        other => {
            let message = format!("`{other}` is not a kind of move: hold, ramp, gap or crash");
            section.fault("kind", message);
            None
        }
    }
}

fn misbehaviour(section: &Section<'_>, drafts: &Drafts) -> Option<Misbehaviour> {
    let reporter = section.required("reporter", convert::integer(1..=ReporterNumber::MAX));
    let kind = misbehaviour_kind(section);
    let seconds = || convert::integer(0..=u64::from(u32::MAX));
    let from = section.or("from_seconds", 0, seconds());
    let until = section.optional("until_seconds", seconds());
    let assets = section.optional("assets", convert::list(convert::parsed::<Symbol>));
    let assets = assets.unwrap_or_default();
    section.refuse_unknown();
    if until.is_some_and(|until| until <= from) {
        section.fault("until_seconds", format!("is not after from_seconds, {from}"));
    }
    for asset in assets.iter().filter(|asset| !drafts.contains_key(asset)) {
        section.fault("assets", format!("`{asset}` is not among the assets"));
    }
    if matches!(kind, Some(Kind::Skew { .. })) && !assets.is_empty() {
        section.fault("assets", "a clock is not of some assets: leave this away");
    }
    let reporter = ReporterNumber::new(reporter?)?;
    Some(Misbehaviour { reporter, kind: kind?, from, until, assets })
}

fn misbehaviour_kind(section: &Section<'_>) -> Option<Kind> {
    match section.required("kind", convert::name)?.as_str() {
        "silent" => Some(Kind::Silent),
        "lag" => {
            let bounds = convert::integer(1..=u64::from(u32::MAX));
            Some(Kind::Lag { seconds: section.required("lag_seconds", bounds)? })
        }
        "offset" => {
            // From a ten-thousandth of the price to a hundredfold.
            let bps = section.required("offset_bps", convert::integer(-9_999..=990_000_i64))?;
            Some(Kind::Offset { ratio: Ratio::one_plus(bps * 100_000)? })
        }
        "skew" => {
            let bounds = convert::integer(-86_400..=86_400_i64);
            Some(Kind::Skew { seconds: section.required("skew_seconds", bounds)? })
        }
        other => {
            let message = format!("`{other}` is not a kind of fault: silent, lag, offset or skew");
            section.fault("kind", message);
            None
        }
    }
}
