//! What a contract was made from and what came out.

use super::fault::Fault;
use super::link::{INSTRUCTION_SET, LINKER, Linked, STACK};
use super::toolchain::Toolchain;
use super::workspace::Contract;
use super::{compile, write};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use weir_abi::alloy_primitives::{B256, keccak256};

/// `<name>.build.json`. It names no path and no time: the same sources and tools give the same record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Name of the artifacts.
    pub name: String,
    /// Package and version.
    pub package: String,
    /// SHA-256 over the sources, see `source`.
    pub source_hash: String,
    /// The compiler, its LLVM and its linker.
    pub compiler: String,
    /// The linker for PolkaVM.
    pub linker: String,
    /// The instruction set.
    pub instruction_set: String,
    /// Least size of the stack in bytes.
    pub stack: u32,
    /// Cargo's and the compiler's flags, without paths.
    pub flags: Vec<String>,
    /// keccak-256 of the blob: what the chain calls its code hash.
    pub code_hash: B256,
    /// SHA-256 of the blob.
    pub sha256: String,
    /// Bytes of the blob; the chain charges for them on each call.
    pub size: usize,
    /// Bytes of instructions in it.
    pub code_length: usize,
    /// Host functions that it calls.
    pub imports: Vec<String>,
}

impl Record {
    /// The record of a contract that was just linked.
    pub fn new(
        contract: &Contract,
        source_hash: &str,
        toolchain: &Toolchain,
        linked: &Linked,
    ) -> Self {
        Self {
            name: contract.name.clone(),
            package: format!("{} {}", contract.package, contract.version),
            source_hash: source_hash.to_owned(),
            compiler: toolchain.identity(),
            linker: LINKER.to_owned(),
            instruction_set: INSTRUCTION_SET.to_owned(),
            stack: STACK,
            flags: compile::flags(contract),
            code_hash: keccak256(&linked.blob),
            sha256: hex::encode(Sha256::digest(&linked.blob)),
            size: linked.blob.len(),
            code_length: linked.code_length,
            imports: linked.imports.clone(),
        }
    }

    /// Writes blob, ABI and, last, the record: where it stands, the others do too.
    ///
    /// # Errors
    /// [`Fault::Write`].
    pub fn write(&self, folder: &Path, blob: &[u8], abi: &str) -> Result<(), Fault> {
        let json = serde_json::to_string_pretty(self)
            .map_err(|error| Fault::Write { path: folder.to_owned(), source: error.into() })?;
        write(&folder.join(format!("{}.polkavm", self.name)), blob)?;
        write(&folder.join(format!("{}.abi.json", self.name)), abi.as_bytes())?;
        write(&folder.join(format!("{}.build.json", self.name)), format!("{json}\n").as_bytes())
    }

    /// Whether it was made from these sources with these tools.
    fn is_of(&self, contract: &Contract, source_hash: &str, toolchain: &Toolchain) -> bool {
        self.source_hash == source_hash
            && self.compiler == toolchain.identity()
            && self.linker == LINKER
            && self.instruction_set == INSTRUCTION_SET
            && self.stack == STACK
            && self.flags == compile::flags(contract)
    }
}

/// The record in the folder if nothing has changed since it was written, in the sources, the tools or the artifacts.
pub fn fresh(
    folder: &Path,
    contract: &Contract,
    source_hash: &str,
    toolchain: &Toolchain,
) -> Option<Record> {
    let read = |ending: &str| fs::read(folder.join(format!("{}.{ending}", contract.name))).ok();
    let record: Record = serde_json::from_slice(&read("build.json")?).ok()?;
    let blob = read("polkavm")?;
    let abi = abi(&contract.name).ok()?;
    let same = record.is_of(contract, source_hash, toolchain)
        && record.sha256 == hex::encode(Sha256::digest(&blob))
        && read("abi.json")? == abi.as_bytes();
    same.then_some(record)
}

/// A contract's interface as standard Solidity JSON.
///
/// # Errors
/// [`Fault::NoInterface`].
pub fn abi(name: &str) -> Result<String, Fault> {
    let interface = weir_abi::abi(name).ok_or_else(|| Fault::NoInterface(name.to_owned()))?;
    let json = serde_json::to_string_pretty(&interface)
        .map_err(|_| Fault::NoInterface(name.to_owned()))?;
    Ok(format!("{json}\n"))
}

/// What a contract may weigh. Another compiler gives another blob: a budget binds with the compiler it was measured
/// with, and is only told with any other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Most bytes of the blob.
    pub max_size: Option<usize>,
    /// Number of the compiler with which that was measured.
    pub compiler: Option<String>,
}

impl Budget {
    /// What stands behind the size in the report.
    pub fn remark(&self, record: &Record, toolchain: &Toolchain) -> String {
        match self.max_size {
            None => String::new(),
            Some(most) if record.size <= most => format!(" of {most} B"),
            Some(most) if self.binds(toolchain) => format!(" OVER {most} B"),
            Some(most) => format!(" (over {most} B, which was measured with another compiler)"),
        }
    }

    /// A sentence if the contract is too large.
    pub fn refusal(&self, record: &Record, toolchain: &Toolchain) -> Option<String> {
        let most = self.max_size.filter(|most| record.size > *most && self.binds(toolchain))?;
        let over = record.size.checked_sub(most)?;
        Some(format!(
            "the contract {} is {} bytes long, {over} more than the {most} that its manifest allows (max_size)",
            record.name, record.size
        ))
    }

    fn binds(&self, toolchain: &Toolchain) -> bool {
        self.compiler.as_deref() == Some(toolchain.number.as_str())
    }
}

#[cfg(test)]
mod tests;
