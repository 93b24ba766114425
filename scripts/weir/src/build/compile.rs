//! Cargo's part of the build: the contracts as programs for PolkaVM's target.

use super::fault::Fault;
use super::toolchain::Toolchain;
use super::workspace::{Contract, Workspace};
use super::write;
use indicatif::{ProgressBar, ProgressStyle};
use polkavm_linker::TARGET_JSON_64_BIT_NEW;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The profile in the workspace's manifest.
const PROFILE: &str = "contract";

/// Name of the target; cargo calls its folder so.
const TARGET: &str = "riscv64emac-unknown-none-polkavm";

/// Cargo's flags for the standard library and the target.
const CARGO: [&str; 4] = [
    "-Zjson-target-spec",
    "-Zbuild-std=core,alloc",
    "-Zbuild-std-features=compiler-builtins-mem",
    "--no-default-features",
];

/// The compiler's flags for all code that runs on the chain.
const RUSTC: [&str; 8] = [
    "-Clinker-plugin-lto",
    "-Clink-arg=-zstack-size=4096",
    "--cfg=substrate_runtime",
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    // PolkaVM loads and stores at any address; the target's file does not say so, and LLVM would take every u128 apart.
    "-Ctarget-feature=+unaligned-scalar-mem",
    // The same for the copies of compiler_builtins, whose build script knows only the targets of the day.
    "--cfg=feature=\"mem-unaligned\"",
    INK_ABI,
];

/// The cfg by which ink!'s crates and its macros choose the Solidity ABI.
const INK_ABI: &str = "--cfg=ink_abi=\"sol\"";

/// Variables that would lead cargo or the compiler elsewhere: those of the cargo that may have started `weir`, and the
/// user's own settings for the host.
const FOREIGN: [&str; 13] = [
    "CARGO",
    "CARGO_BUILD_RUSTC",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_MAKEFLAGS",
    "LD_LIBRARY_PATH",
    "MAKEFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// All flags that decide what comes out, for the record; paths take no part.
pub fn flags(contract: &Contract) -> Vec<String> {
    let mut flags: Vec<String> = CARGO.into_iter().chain(RUSTC).map(String::from).collect();
    flags.push(format!("--profile={PROFILE}"));
    flags.extend(contract.opt_level.as_ref().map(|level| format!("-Copt-level={level}")));
    flags
}

/// Makes a command of the toolchain's cargo independent of who started `weir`.
pub fn clean_environment(command: &mut Command, toolchain: &Toolchain) {
    for variable in FOREIGN {
        command.env_remove(variable);
    }
    command.env("RUSTC", &toolchain.rustc);
}

/// Compiles the contracts; the programs by package. Contracts of the same optimisation level go in one run.
///
/// # Errors
/// [`Fault::Compile`] with the compiler's words, [`Fault::Start`], [`Fault::Write`].
pub fn all(
    workspace: &Workspace,
    toolchain: &Toolchain,
    contracts: &[&Contract],
    quiet: bool,
) -> Result<BTreeMap<String, PathBuf>, Fault> {
    let mut programs = BTreeMap::new();
    if contracts.is_empty() {
        return Ok(programs);
    }
    let folder = workspace.build_folder();
    let target = folder.join(format!("{TARGET}.json"));
    let wrapper = folder.join("rustc-wrapper");
    let script = wrapper_script(&remapped(workspace, toolchain));
    // Neither the wrapper's flags nor the target are in cargo's fingerprints.
    forget_other_flags(
        &folder,
        &format!("{}\n{script}{TARGET_JSON_64_BIT_NEW}", toolchain.identity()),
    )?;
    write_executable(&wrapper, &script)?;
    write(&target, TARGET_JSON_64_BIT_NEW.as_bytes())?;
    let levels: BTreeSet<&Option<String>> =
        contracts.iter().map(|contract| &contract.opt_level).collect();
    for level in levels {
        let packages: Vec<&str> = contracts
            .iter()
            .filter(|contract| contract.opt_level == *level)
            .map(|contract| contract.package.as_str())
            .collect();
        let mut command = cargo(workspace, toolchain, &wrapper, &target);
        if let Some(level) = level {
            command.env(format!("CARGO_PROFILE_{}_OPT_LEVEL", PROFILE.to_uppercase()), level);
        }
        command.args(packages.iter().flat_map(|package| ["-p", package]));
        programs.extend(run(command, toolchain, &packages, quiet)?);
    }
    Ok(programs)
}

fn cargo(workspace: &Workspace, toolchain: &Toolchain, wrapper: &Path, target: &Path) -> Command {
    let mut flags: Vec<String> = RUSTC.map(String::from).to_vec();
    flags.extend(toolchain.linker.as_ref().map(|linker| format!("-Clinker={}", linker.display())));
    let mut command = Command::new(&toolchain.cargo);
    clean_environment(&mut command, toolchain);
    command
        .current_dir(&workspace.root)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC_WRAPPER", wrapper)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"))
        .env("CARGO_TARGET_DIR", workspace.build_folder())
        .args([
            "build",
            "--locked",
            "--profile",
            PROFILE,
            "--message-format",
            "json-render-diagnostics",
        ])
        .args(CARGO)
        .arg("--target")
        .arg(target);
    command
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    executable: Option<PathBuf>,
    target: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Runs cargo and collects the programs that it names.
fn run(
    mut command: Command,
    toolchain: &Toolchain,
    packages: &[&str],
    quiet: bool,
) -> Result<BTreeMap<String, PathBuf>, Fault> {
    let start = |source| Fault::Start { program: toolchain.cargo.display().to_string(), source };
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(start)?;
    let words = follow(&mut child, packages, quiet);
    let mut messages = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut messages).map_err(start)?;
    }
    let words = words.join().unwrap_or_default();
    if !child.wait().map_err(start)?.success() {
        return Err(Fault::Compile(words));
    }
    let programs = messages.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    Ok(programs
        .filter(|message| message.reason == "compiler-artifact")
        .filter_map(|message| Some((message.target?.name, message.executable?)))
        .collect())
}

/// Shows what cargo is at, on standard error, in a thread of its own so that neither pipe fills up; ends with what it
/// said apart from its progress.
fn follow(child: &mut Child, packages: &[&str], quiet: bool) -> std::thread::JoinHandle<String> {
    let stderr = child.stderr.take();
    let terminal = !quiet && std::io::stderr().is_terminal();
    let bar = if terminal { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    if !quiet && !terminal {
        eprintln!("compiling {} (minutes the first time) …", packages.join(", "));
    }
    std::thread::spawn(move || {
        let mut words = String::new();
        for line in
            stderr.into_iter().flat_map(|pipe| BufReader::new(pipe).lines()).map_while(Result::ok)
        {
            let step = line.trim_start();
            if ["Compiling ", "Downloading ", "Downloaded ", "Updating ", "Finished "]
                .iter()
                .any(|verb| step.starts_with(verb))
            {
                bar.set_message(step.to_owned());
            } else {
                words.push_str(&line);
                words.push('\n');
            }
        }
        bar.finish_and_clear();
        words
    })
}

/// What stands in paths instead of this machine's folders; the later ones win.
fn remapped(workspace: &Workspace, toolchain: &Toolchain) -> Vec<(PathBuf, &'static str)> {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    let mut all = vec![(toolchain.sysroot.join("lib/rustlib/src/rust"), "/rust")];
    all.extend(home.map(|home| (home, "/cargo")));
    all.push((workspace.root.clone(), "/weir"));
    all.push((workspace.target.clone(), "/target"));
    all
}

/// A script that runs the compiler with the flags which must reach host programs as well (ink!'s macros look at the cfg
/// while they run on the host, and cargo gives a target's flags to the target only). The paths go this way so that they
/// take no part in the hashes by which cargo tells crates apart: these end in the symbols' names and order.
fn wrapper_script(remapped: &[(PathBuf, &str)]) -> String {
    let paths: Vec<String> = remapped
        .iter()
        .map(|(from, to)| {
            format!(" {}", quoted(&format!("--remap-path-prefix={}={to}", from.display())))
        })
        .collect();
    format!("#!/bin/sh\nexec \"$@\" {}{}\n", quoted(INK_ABI), paths.concat())
}

/// One word for the shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(unix)]
fn write_executable(path: &Path, content: &str) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt as _;
    // Left alone if it is the same: cargo asks a changed wrapper for its version again.
    if fs::read(path).is_ok_and(|old| old == content.as_bytes()) {
        return Ok(());
    }
    write(path, content.as_bytes())?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(|source| Fault::Write { path: path.to_owned(), source })
}

/// Removes what was compiled with other flags; the artifacts stay, their records tell what they are.
fn forget_other_flags(folder: &Path, flags: &str) -> Result<(), Fault> {
    let stamp = folder.join("flags");
    if fs::read(&stamp).is_ok_and(|old| old == flags.as_bytes()) {
        return Ok(());
    }
    for built in [TARGET, PROFILE, "release", "debug"] {
        let path = folder.join(built);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(|source| Fault::Write { path, source })?;
        }
    }
    write(&stamp, flags.as_bytes())
}

#[cfg(test)]
mod tests;
