//! From the compiler's program to the blob that the chain runs.

use super::fault::Fault;
use polkavm_linker::{Config, ProgramBlob, ProgramParts, TargetInstructionSet, program_from_elf};
use std::fs;
use std::path::Path;

/// Version of the linker, which decides the code that comes out.
pub const LINKER: &str = "polkavm-linker 0.30.0";

/// Instruction set of pallet-revive.
pub const INSTRUCTION_SET: &str = "ReviveV1";

/// Stack in bytes: the default of 8 KiB is too little for 512-bit intermediates.
pub const STACK: u32 = 64 * 1024;

/// Entry points which the chain calls.
const EXPORTS: [&str; 2] = ["call", "deploy"];

/// Host functions of pallet-revive 0.20.2. It rejects code that imports any other, such as `set_code_hash` or
/// `weight_to_fee` of older versions.
const IMPORTS: [&str; 39] = [
    "address",
    "balance",
    "balance_of",
    "base_fee",
    "block_author",
    "block_hash",
    "block_number",
    "call",
    "call_data_copy",
    "call_data_load",
    "call_data_size",
    "call_evm",
    "caller",
    "chain_id",
    "code_hash",
    "code_size",
    "consume_all_gas",
    "delegate_call",
    "delegate_call_evm",
    "deposit_event",
    "ecdsa_to_eth_address",
    "gas_limit",
    "gas_price",
    "get_immutable_data",
    "get_storage",
    "get_storage_or_zero",
    "hash_keccak_256",
    "instantiate",
    "now",
    "origin",
    "ref_time_left",
    "return_data_copy",
    "return_data_size",
    "seal_return",
    "set_immutable_data",
    "set_storage",
    "set_storage_or_clear",
    "sr25519_verify",
    "value_transferred",
];

/// A linked contract.
#[derive(Debug)]
pub struct Linked {
    /// What is uploaded. Its length is what the chain charges for on each call.
    pub blob: Vec<u8>,
    /// Bytes of instructions in it.
    pub code_length: usize,
    /// Host functions that it calls, in order.
    pub imports: Vec<String>,
}

/// Links, strips and optimises a program, and checks that the chain will take it.
///
/// # Errors
/// [`Fault::Read`], [`Fault::Link`], [`Fault::Import`], [`Fault::Export`].
pub fn link(name: &str, program: &Path) -> Result<Linked, Fault> {
    let elf =
        fs::read(program).map_err(|source| Fault::Read { path: program.to_owned(), source })?;
    let fault = |why: String| Fault::Link { name: name.to_owned(), why };
    let mut config = Config::default();
    config.set_strip(true).set_optimize(true).set_min_stack_size(STACK);
    let blob = program_from_elf(config, TargetInstructionSet::ReviveV1, &elf)
        .map_err(|error| fault(error.to_string()))?;
    let parts =
        ProgramParts::from_bytes(blob.clone().into()).map_err(|error| fault(error.to_string()))?;
    let program = ProgramBlob::from_parts(parts).map_err(|error| fault(error.to_string()))?;
    let mut imports: Vec<String> =
        program.imports().iter().flatten().map(|symbol| text(symbol.as_bytes())).collect();
    imports.sort();
    check_imports(name, &imports)?;
    let exports: Vec<String> =
        program.exports().map(|export| text(export.symbol().as_bytes())).collect();
    if let Some(export) =
        EXPORTS.into_iter().find(|export| !exports.iter().any(|found| found == export))
    {
        return Err(Fault::Export { name: name.to_owned(), export });
    }
    Ok(Linked { code_length: program.code().len(), imports, blob })
}

fn text(symbol: &[u8]) -> String {
    String::from_utf8_lossy(symbol).into_owned()
}

fn check_imports(name: &str, imports: &[String]) -> Result<(), Fault> {
    let unknown: Vec<&str> = imports
        .iter()
        .map(String::as_str)
        .filter(|import| IMPORTS.binary_search(import).is_err())
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(Fault::Import { name: name.to_owned(), imports: unknown.join(", ") })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{IMPORTS, LINKER, check_imports, link};

    #[test]
    fn the_list_of_host_functions_is_in_order() {
        assert!(IMPORTS.is_sorted());
    }

    #[test]
    fn what_the_chain_lacks_is_refused_by_name() {
        check_imports("pool", &["call".into(), "get_storage".into()]).unwrap();
        let imports = ["call", "set_code_hash", "weight_to_fee"].map(String::from);
        let error = check_imports("pool", &imports).unwrap_err().to_string();
        assert!(error.contains("pool imports set_code_hash, weight_to_fee,"), "{error}");
    }

    #[test]
    fn the_linker_named_in_the_records_is_the_one_in_the_lock_file() {
        let lock = include_str!("../../../../Cargo.lock");
        let (name, version) = LINKER.split_once(' ').unwrap();
        assert!(lock.contains(&format!("name = \"{name}\"\nversion = \"{version}\"")));
    }

    #[test]
    fn a_file_that_is_no_program_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pool");
        std::fs::write(&path, b"not an executable").unwrap();
        let error = link("pool", &path).unwrap_err().to_string();
        assert!(error.contains("pool cannot be linked"), "{error}");
        let error = link("pool", &folder.path().join("none")).unwrap_err().to_string();
        assert!(error.contains("cannot be read"), "{error}");
    }
}
