//! `build`: compiles the contracts to PolkaVM.
//!
//! For each contract `<target>/contracts/artifacts/<name>/` gets the blob, its ABI as standard Solidity JSON, and a
//! record of what it was made from. A contract is compiled again only if something that it is made from has changed.

mod compile;
mod fault;
mod link;
mod record;
mod source;
mod toolchain;
mod workspace;

use crate::exit::{Code, Failure};
use clap::Args;
use fault::Fault;
use record::Record;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;
use toolchain::Toolchain;
use workspace::{Contract, Workspace};

/// Arguments of `build`.
#[derive(Args, Clone, Debug)]
pub struct Build {
    /// The contracts to build, by the names of their folders of artifacts; all of them if none is given.
    #[arg(value_name = "CONTRACT")]
    contracts: Vec<String>,
    /// Compile again what has not changed, too.
    #[arg(long)]
    force: bool,
}

/// Builds, and checks the sizes. Everything is written before a size is refused.
pub fn run(args: &Build, json: bool) -> Result<(), Failure> {
    let started = Instant::now();
    let toolchain = Toolchain::find()?;
    let workspace = Workspace::find(&toolchain)?;
    let contracts = selected(&workspace, &args.contracts)?;
    let say = |line: &str| {
        if !json {
            println!("{line}");
        }
    };
    let plan = Plan::new(&workspace, &toolchain, contracts, args.force)?;
    if !plan.stale.is_empty() {
        say(&format!("{} contract(s) to compile with {}", plan.stale.len(), toolchain.version));
    }
    let records = plan.carry_out(json)?;
    let folder = workspace.artifacts();
    for (contract, record) in &records {
        let status = if plan.is_stale(contract) { "built" } else { "fresh" };
        say(&line(contract, record, &toolchain, status));
    }
    say(&format!("{} ({:.1} s)", folder.display(), started.elapsed().as_secs_f64()));
    if json {
        println!(
            "{}",
            summary(&plan, &records, &toolchain, &folder, started.elapsed().as_secs_f64())
        );
    }
    let over: Vec<String> = records
        .iter()
        .filter_map(|(contract, record)| contract.budget.refusal(record, &toolchain))
        .collect();
    if over.is_empty() { Ok(()) } else { Err(Fault::TooLarge(over.join("; ")).into()) }
}

/// What has to be compiled and what has not.
struct Plan<'a> {
    workspace: &'a Workspace,
    toolchain: &'a Toolchain,
    /// Every selected contract with the hash of all that it is made from.
    contracts: Vec<(&'a Contract, String)>,
    fresh: BTreeMap<&'a str, Record>,
    stale: Vec<&'a Contract>,
}

impl<'a> Plan<'a> {
    fn new(
        workspace: &'a Workspace,
        toolchain: &'a Toolchain,
        contracts: Vec<&'a Contract>,
        force: bool,
    ) -> Result<Self, Fault> {
        let mut plan = Self {
            workspace,
            toolchain,
            contracts: Vec::new(),
            fresh: BTreeMap::new(),
            stale: Vec::new(),
        };
        for contract in contracts {
            let source = source::hash(workspace, contract)?;
            let fresh = (!force)
                .then(|| record::fresh(&workspace.folder(contract), contract, &source, toolchain))
                .flatten();
            match fresh {
                Some(record) => {
                    plan.fresh.insert(&contract.name, record);
                }
                None => plan.stale.push(contract),
            }
            plan.contracts.push((contract, source));
        }
        Ok(plan)
    }

    fn is_stale(&self, contract: &Contract) -> bool {
        !self.fresh.contains_key(contract.name.as_str())
    }

    /// Compiles what is stale; the records of all selected contracts.
    fn carry_out(&self, quiet: bool) -> Result<Vec<(&'a Contract, Record)>, Fault> {
        let programs = compile::all(self.workspace, self.toolchain, &self.stale, quiet)?;
        let mut records = Vec::new();
        for (contract, source) in &self.contracts {
            let record = match self.fresh.get(contract.name.as_str()) {
                Some(record) => record.clone(),
                None => {
                    let program = programs
                        .get(&contract.package)
                        .ok_or_else(|| Fault::NoProgram(contract.name.clone()))?;
                    let linked = link::link(&contract.name, program)?;
                    let record = Record::new(contract, source, self.toolchain, &linked);
                    let abi = record::abi(&contract.name)?;
                    record.write(&self.workspace.folder(contract), &linked.blob, &abi)?;
                    record
                }
            };
            records.push((*contract, record));
        }
        Ok(records)
    }
}

fn selected<'a>(workspace: &'a Workspace, names: &[String]) -> Result<Vec<&'a Contract>, Fault> {
    if names.is_empty() {
        return Ok(workspace.contracts.iter().collect());
    }
    let find = |name: &String| {
        workspace.contracts.iter().find(|contract| contract.name == *name).ok_or_else(|| {
            Fault::UnknownContract {
                name: name.clone(),
                known: workspace
                    .contracts
                    .iter()
                    .map(|contract| contract.name.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        })
    };
    names.iter().map(find).collect()
}

fn line(contract: &Contract, record: &Record, toolchain: &Toolchain, status: &str) -> String {
    format!(
        "{:<11} {status}  {:>6} B, code {:>6} B{}  {}",
        contract.name,
        record.size,
        record.code_length,
        contract.budget.remark(record, toolchain),
        record.code_hash,
    )
}

fn summary(
    plan: &Plan<'_>,
    records: &[(&Contract, Record)],
    toolchain: &Toolchain,
    folder: &Path,
    seconds: f64,
) -> Value {
    let contracts: Vec<Value> = records
        .iter()
        .map(|(contract, record)| {
            json!({
                "name": contract.name,
                "status": if plan.is_stale(contract) { "built" } else { "fresh" },
                "size": record.size,
                "code_length": record.code_length,
                "max_size": contract.budget.max_size,
                "over_budget": contract.budget.refusal(record, toolchain).is_some(),
                "code_hash": record.code_hash,
                "source_hash": record.source_hash,
            })
        })
        .collect();
    json!({ "artifacts": folder, "compiler": toolchain.version, "seconds": seconds, "contracts": contracts })
}

/// Writes a file so that readers see the old content or the new one, never a part.
fn write(path: &Path, content: &[u8]) -> Result<(), Fault> {
    let fault = |source| Fault::Write { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fault)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}", std::process::id()));
    let part: PathBuf = path.with_file_name(name);
    fs::write(&part, content).map_err(fault)?;
    fs::rename(&part, path).map_err(fault)
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let code = match fault {
            Fault::UnknownContract { .. } | Fault::NoWorkspace(_) => Code::Usage,
            _ => Code::Failed,
        };
        Self::new(code, fault.to_string())
    }
}
