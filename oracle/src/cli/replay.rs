//! `weir-oracle replay`: what would be reported, without a chain.

use std::{
    collections::BTreeMap,
    io::Write,
    num::{NonZeroU32, NonZeroUsize},
    path::Path,
    sync::Arc,
};

use super::{ReplayArguments, exit::Failure, scenario};
use crate::{
    aggregate::Policy,
    pipeline::{Input, Moment, Pipeline, Rules},
    planner::{Now, Plan, Planner},
    source::{CsvFile, ReporterNumber, Source, Speed},
    symbol::Symbol,
    trigger::{RoundStatus, Trigger},
};

/// Plays the files and prints the reports.
pub(super) fn replay(arguments: &ReplayArguments, out: &mut dyn Write) -> Result<(), Failure> {
    let source = Arc::new(open(arguments)?);
    let mut planners = planners(&source, arguments);
    // Every report is taken to be accepted at once.
    let rounds: BTreeMap<Symbol, RoundStatus> =
        source.assets().into_iter().map(|asset| (asset, RoundStatus::Ok)).collect();
    let mut reports = 0_u64;
    for (moment, time) in looks(&source, arguments.speed, arguments.poll) {
        for (number, planner) in &mut planners {
            let plan = planner.plan(&Now {
                moment,
                time,
                stamp: time,
                rounds: &rounds,
                everything: false,
            });
            planner.stamp(&plan);
            planner.published(&plan);
            reports += u64::try_from(plan.reports.len()).unwrap_or_default();
            write_plan(*number, &plan, arguments.json, out)?;
        }
    }
    if !arguments.json {
        writeln!(out, "{reports} reports over {} s of the source", source.duration())?;
    }
    Ok(())
}

/// One scenario, or CSV files.
fn open(arguments: &ReplayArguments) -> Result<Source, Failure> {
    let is_csv = |file: &Path| file.extension().is_some_and(|extension| extension == "csv");
    match arguments.files.as_slice() {
        [file] if !is_csv(file) => {
            if arguments.asset.is_some() || arguments.delay > 0 {
                return Err(Failure::Usage(
                    "--asset and --delay go with CSV files only".to_owned(),
                ));
            }
            Ok(Source::Scenario(Box::new(scenario::open(file)?)))
        }
        files if files.iter().all(|file| is_csv(file)) => {
            let file = |path: &std::path::PathBuf| CsvFile {
                path: path.clone(),
                asset: arguments.asset.clone(),
                delay_seconds: arguments.delay,
            };
            Ok(Source::csv(&files.iter().map(file).collect::<Vec<_>>())?)
        }
        _ => Err(Failure::Usage("give CSV files (named .csv) or one scenario".to_owned())),
    }
}

fn planners(source: &Arc<Source>, arguments: &ReplayArguments) -> Vec<(ReporterNumber, Planner)> {
    let inputs: Arc<[Input]> = Arc::new([Input {
        name: "replay".into(),
        weight: NonZeroU32::MIN,
        speed: arguments.speed,
        source: Arc::clone(source),
    }]);
    let policy = Policy {
        minimum_sources: NonZeroUsize::MIN,
        max_age_seconds: u64::MAX,
        low: None,
        high: None,
        outlier_bps: None,
    };
    let rules = Arc::new(Rules { policy, assets: BTreeMap::new(), max_jump_bps: None });
    let trigger = Trigger {
        deviation_bps: arguments.deviation_bps,
        heartbeat_seconds: arguments.heartbeat_seconds,
    };
    let numbers = (1..=arguments.reporters).filter_map(ReporterNumber::new);
    let planner = |number| {
        let pipeline = Pipeline::new(number, Arc::clone(&inputs), Arc::clone(&rules));
        (number, Planner::new(pipeline, trigger))
    };
    numbers.map(planner).collect()
}

/// The moments to look at, each with its time: the steps of the source on its own clock, or the chain's clock at a
/// given pace.
fn looks<'a>(
    source: &'a Source,
    speed: Speed,
    poll: Option<u64>,
) -> Box<dyn Iterator<Item = (Moment, u64)> + 'a> {
    match poll {
        None => {
            let times = (0..source.steps()).filter_map(|step| source.step_time(step));
            Box::new(times.map(|time| (Moment::Source(time), time)))
        }
        Some(poll) => {
            let end = source.duration();
            let times = (0..).map_while(move |look: u64| look.checked_mul(poll));
            // The first look at or after the end is the last one.
            let mut over = false;
            let times = times
                .take_while(move |time| !std::mem::replace(&mut over, speed.elapsed(*time) >= end));
            Box::new(times.map(|time| (Moment::Chain(time), time)))
        }
    }
}

fn write_plan(
    number: ReporterNumber,
    plan: &Plan,
    json: bool,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    for report in &plan.reports {
        if json {
            let mut value = serde_json::to_value(report).map_err(std::io::Error::from)?;
            if let Some(object) = value.as_object_mut() {
                object.insert("time".to_owned(), plan.time.into());
                object.insert("reporter".to_owned(), number.get().into());
            }
            writeln!(out, "{value}")?;
        } else {
            let (time, asset, price) = (plan.time, &report.asset, report.price());
            writeln!(
                out,
                "{time:>10}  reporter {number}  {asset:<8}  {price:>16}  {}",
                report.due
            )?;
        }
    }
    Ok(())
}
