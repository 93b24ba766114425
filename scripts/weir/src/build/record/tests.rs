#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{Budget, Record, abi, fresh};
use crate::build::link::Linked;
use crate::build::toolchain::Toolchain;
use crate::build::workspace::Contract;
use std::fs;

fn toolchain(number: &str) -> Toolchain {
    Toolchain {
        rustc: "/usr/bin/rustc".into(),
        cargo: "/usr/bin/cargo".into(),
        sysroot: "/usr".into(),
        version: format!("rustc {number}"),
        number: number.into(),
        llvm: "22.1.8".into(),
        linker: None,
    }
}

fn contract(max_size: usize) -> Contract {
    Contract {
        name: "pool".into(),
        package: "weir-pool".into(),
        version: "0.1.0".into(),
        budget: Budget { max_size: Some(max_size), compiler: Some("1.96.0".into()) },
        opt_level: None,
        folders: Vec::new(),
    }
}

fn linked() -> Linked {
    Linked { blob: b"abc".to_vec(), code_length: 2, imports: vec!["call".into()] }
}

#[test]
fn the_hashes_are_those_of_the_standards() {
    let record = Record::new(&contract(3), "s", &toolchain("1.96.0"), &linked());
    // SHA-256 and keccak-256 of "abc", as published.
    assert_eq!(record.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(
        record.code_hash.to_string(),
        "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    );
    assert_eq!(record.size, 3);
}

#[test]
fn fresh_means_that_neither_sources_nor_tools_nor_artifacts_changed() {
    let folder = tempfile::tempdir().unwrap();
    let (contract, tools) = (contract(3), toolchain("1.96.0"));
    let record = Record::new(&contract, "s", &tools, &linked());
    let is_fresh =
        |source: &str, tools: &Toolchain| fresh(folder.path(), &contract, source, tools).is_some();
    assert!(!is_fresh("s", &tools), "nothing is there yet");
    record.write(folder.path(), &linked().blob, &abi("pool").unwrap()).unwrap();
    assert_eq!(fresh(folder.path(), &contract, "s", &tools), Some(record));
    assert!(!is_fresh("other", &tools), "sources");
    assert!(!is_fresh("s", &toolchain("1.97.0")), "compiler");
    let other = Contract { opt_level: Some("3".into()), ..contract.clone() };
    assert!(fresh(folder.path(), &other, "s", &tools).is_none(), "flags");
    for (file, was) in
        [("pool.polkavm", b"abc".to_vec()), ("pool.abi.json", abi("pool").unwrap().into_bytes())]
    {
        fs::write(folder.path().join(file), b"x").unwrap();
        assert!(!is_fresh("s", &tools), "{file}");
        fs::write(folder.path().join(file), was).unwrap();
        assert!(is_fresh("s", &tools), "{file} is back");
    }
}

#[test]
fn a_budget_binds_with_its_own_compiler_only() {
    let (own, other) = (toolchain("1.96.0"), toolchain("1.97.0"));
    let record = Record::new(&contract(2), "s", &own, &linked());
    let refusal = contract(2).budget.refusal(&record, &own).unwrap();
    assert!(refusal.contains("pool is 3 bytes long, 1 more than the 2"), "{refusal}");
    assert_eq!(contract(2).budget.refusal(&record, &other), None);
    assert!(contract(2).budget.remark(&record, &other).contains("another compiler"));
    assert_eq!(contract(3).budget.refusal(&record, &own), None);
    assert_eq!(Budget::default().refusal(&record, &own), None);
}

#[test]
fn the_abi_is_standard_json() {
    let entries: Vec<serde_json::Value> = serde_json::from_str(&abi("token").unwrap()).unwrap();
    let transfer = entries.iter().find(|entry| entry["name"] == "transfer").unwrap();
    assert_eq!(transfer["type"], "function");
    assert_eq!(transfer.pointer("/inputs/1/type").unwrap(), "uint256");
    assert!(abi("nothing").is_err());
}
