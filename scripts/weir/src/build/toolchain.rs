//! Finds a compiler that can build the standard library for PolkaVM.

use super::fault::Fault;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the compiler to use, before any search.
pub const VARIABLE: &str = "WEIR_CONTRACT_RUSTC";

/// The oldest minor version of Rust 1 that knows each flag of the recipe (`-Zjson-target-spec`).
const OLDEST: u32 = 95;

/// A compiler, its cargo, and a linker for its bitcode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toolchain {
    /// The compiler.
    pub rustc: PathBuf,
    /// The cargo that belongs to it.
    pub cargo: PathBuf,
    /// Where its libraries and the sources of the standard library are.
    pub sysroot: PathBuf,
    /// First line of `rustc -vV`, for example `rustc 1.96.0 (ac68faa20 2026-05-25) (…)`.
    pub version: String,
    /// The number in it, for example `1.96.0`.
    pub number: String,
    /// Version of LLVM: the linker optimises its bitcode, so it takes part in what comes out.
    pub llvm: String,
    /// The linker where the compiler has none of its own.
    pub linker: Option<PathBuf>,
}

impl Toolchain {
    /// The one named in [`VARIABLE`], else the first of rustup's that fits, else the system's.
    ///
    /// # Errors
    /// [`Fault::BadCompiler`] or [`Fault::NoCompiler`].
    pub fn find() -> Result<Self, Fault> {
        if let Some(rustc) = env::var_os(VARIABLE) {
            return Self::of(Path::new(&rustc)).map_err(Fault::BadCompiler);
        }
        let mut refused = Vec::new();
        for rustc in candidates() {
            match Self::of(&rustc) {
                Ok(toolchain) => return Ok(toolchain),
                Err(why) => refused.push(why),
            }
        }
        let refused =
            if refused.is_empty() { String::new() } else { format!(" ({})", refused.join("; ")) };
        Err(Fault::NoCompiler(refused))
    }

    fn of(rustc: &Path) -> Result<Self, String> {
        // The sysroot first: rustup's proxy stands for a compiler elsewhere.
        let sysroot = PathBuf::from(output(rustc, &["--print", "sysroot"])?);
        let own = sysroot.join("bin/rustc");
        let rustc = if own.is_file() { own } else { rustc.to_owned() };
        let about = output(&rustc, &["-vV"])?;
        let version = about.lines().next().unwrap_or_default().to_owned();
        let number = field(&about, "release: ").unwrap_or_default().to_owned();
        if minor(&number).is_none_or(|minor| minor < OLDEST) {
            return Err(format!("{} is {number}, 1.{OLDEST} is needed", rustc.display()));
        }
        if !sysroot.join("lib/rustlib/src/rust/library/core/Cargo.toml").is_file() {
            return Err(format!("{} ({number}) lacks rust-src", rustc.display()));
        }
        let cargo = rustc.with_file_name("cargo");
        if !cargo.is_file() {
            return Err(format!("{} has no cargo beside it", rustc.display()));
        }
        let llvm = field(&about, "LLVM version: ").unwrap_or_default().to_owned();
        let host = field(&about, "host: ").unwrap_or_default();
        let linker = linker(&sysroot, host, &llvm)?;
        Ok(Self { rustc, cargo, sysroot, version, number, llvm, linker })
    }

    /// What of it decides the code that comes out; no path, so that it says the same everywhere.
    #[must_use]
    pub fn identity(&self) -> String {
        let linker = if self.linker.is_some() { "ld.lld" } else { "rust-lld" };
        format!("{}; LLVM {}; {linker}", self.version, self.llvm)
    }
}

/// Stable compilers of rustup from the newest to the oldest, then its others, then the system's.
fn candidates() -> Vec<PathBuf> {
    let home = env::var_os("RUSTUP_HOME")
        .map(PathBuf::from)
        .or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".rustup")));
    let entries = home.and_then(|home| fs::read_dir(home.join("toolchains")).ok());
    let mut folders: Vec<PathBuf> =
        entries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.sort_by_key(|folder| order(&folder.file_name().unwrap_or_default().to_string_lossy()));
    let mut all: Vec<PathBuf> =
        folders.into_iter().map(|folder| folder.join("bin/rustc")).collect();
    all.push("/usr/bin/rustc".into());
    all.retain(|rustc| rustc.is_file());
    all
}

/// Sorts `stable` first, then numbers from the highest, then everything else by name.
fn order(folder: &str) -> (u8, u32, String) {
    if folder.starts_with("stable") {
        return (0, 0, String::new());
    }
    match minor(folder) {
        Some(minor) => (1, u32::MAX - minor, folder.to_owned()),
        None => (2, 0, folder.to_owned()),
    }
}

/// `96` of `1.96.0`, or of a folder `1.96.0-x86_64-…`.
fn minor(version: &str) -> Option<u32> {
    version.strip_prefix("1.")?.split(['.', '-']).next()?.parse().ok()
}

/// None if the compiler brings rust-lld, else an lld of the compiler's own LLVM: another one may not read its bitcode.
fn linker(sysroot: &Path, host: &str, llvm: &str) -> Result<Option<PathBuf>, String> {
    if sysroot.join("lib/rustlib").join(host).join("bin/rust-lld").is_file() {
        return Ok(None);
    }
    let major = llvm.split('.').next().unwrap_or_default();
    let named = [
        PathBuf::from(format!("/usr/bin/ld.lld-{major}")),
        PathBuf::from(format!("/usr/lib/llvm-{major}/bin/ld.lld")),
    ];
    let found = named
        .into_iter()
        .find(|path| path.is_file())
        .or_else(|| on_path(&format!("ld.lld-{major}")));
    found
        .map(Some)
        .ok_or_else(|| format!("no linker for LLVM {llvm}: the package lld-{major} is missing"))
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// A line's rest after its label.
fn field<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(label)).map(str::trim)
}

fn output(program: impl AsRef<OsStr>, args: &[&str]) -> Result<String, String> {
    let name = program.as_ref().to_string_lossy().into_owned();
    let output = Command::new(program)
        .args(args)
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .map_err(|error| format!("{name} cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name} fails: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{Toolchain, field, linker, minor, order};
    use std::path::Path;

    #[test]
    fn stable_comes_first_then_the_newest() {
        let mut folders = ["nightly-x86_64", "1.95.0-x86_64", "1.100.0-x86_64", "stable-x86_64"];
        folders.sort_by_key(|folder| order(folder));
        assert_eq!(folders, ["stable-x86_64", "1.100.0-x86_64", "1.95.0-x86_64", "nightly-x86_64"]);
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(minor("1.96.0"), Some(96));
        assert_eq!(minor("1.97.0-nightly"), Some(97));
        assert_eq!(minor("2.0.0"), None);
        assert_eq!(field("a: 1\nLLVM version: 22.1.8\n", "LLVM version: "), Some("22.1.8"));
    }

    #[test]
    fn a_missing_linker_names_the_package() {
        let empty = tempfile::tempdir().unwrap();
        let error = linker(empty.path(), "x86_64-unknown-linux-gnu", "1234.0.0").unwrap_err();
        assert!(error.contains("lld-1234"), "{error}");
    }

    #[test]
    fn a_compiler_that_is_not_there_is_named() {
        let error = Toolchain::of(Path::new("/nowhere/rustc")).unwrap_err();
        assert!(error.contains("/nowhere/rustc cannot be started"), "{error}");
    }
}
