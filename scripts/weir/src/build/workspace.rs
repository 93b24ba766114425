//! Which contracts there are: packages under `contracts/` with `[package.metadata.weir] contract = true`.

use super::fault::Fault;
use super::record::Budget;
use super::toolchain::Toolchain;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The checkout.
#[derive(Debug)]
pub struct Workspace {
    /// Its root folder.
    pub root: PathBuf,
    /// The folder that all of the build goes to.
    pub target: PathBuf,
    /// The contracts, by name.
    pub contracts: Vec<Contract>,
}

/// A contract to build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Name of its artifacts, for example `pool`.
    pub name: String,
    /// Name of its package, for example `weir-pool`.
    pub package: String,
    /// Version of its package.
    pub version: String,
    /// What it may weigh.
    pub budget: Budget,
    /// Optimisation level where another one than the profile's was measured to be better.
    pub opt_level: Option<String>,
    /// Folders of the package and of all packages of the workspace that it is made from, in order.
    pub folders: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
    workspace_root: PathBuf,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
    metadata: Option<Named>,
}

#[derive(Deserialize)]
struct Dependency {
    kind: Option<String>,
    path: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Named {
    weir: Option<Settings>,
}

/// `[package.metadata.weir]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default)]
    contract: bool,
    name: String,
    opt_level: Option<String>,
    max_size: Option<usize>,
    /// Number of the compiler with which `max_size` was measured.
    compiler: Option<String>,
}

impl Workspace {
    /// The checkout around the working folder.
    ///
    /// # Errors
    /// [`Fault::NoWorkspace`] if there is none or it has no contracts, [`Fault::Manifest`] for settings that cannot be.
    pub fn find(toolchain: &Toolchain) -> Result<Self, Fault> {
        let mut command = Command::new(&toolchain.cargo);
        super::compile::clean_environment(&mut command, toolchain);
        let output = command
            .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
            .output()
            .map_err(|source| Fault::Start {
                program: toolchain.cargo.display().to_string(),
                source,
            })?;
        if !output.status.success() {
            let words = String::from_utf8_lossy(&output.stderr);
            return Err(Fault::NoWorkspace(words.trim().trim_start_matches("error: ").to_owned()));
        }
        Self::read(&output.stdout)
    }

    fn read(json: &[u8]) -> Result<Self, Fault> {
        let metadata: Metadata =
            serde_json::from_slice(json).map_err(|error| Fault::NoWorkspace(error.to_string()))?;
        let mut contracts = Vec::new();
        for package in &metadata.packages {
            let settings = package.metadata.as_ref().and_then(|metadata| metadata.weir.as_ref());
            let Some(settings) = settings.filter(|settings| settings.contract) else { continue };
            contracts.push(Contract {
                name: settings.name.clone(),
                package: package.name.clone(),
                version: package.version.clone(),
                budget: budget(package, settings)?,
                opt_level: settings.opt_level.clone(),
                folders: closure(&metadata.packages, package),
            });
        }
        contracts.sort_by(|a, b| a.name.cmp(&b.name));
        if contracts.is_empty() {
            return Err(Fault::NoWorkspace(format!(
                "{} has none",
                metadata.workspace_root.display()
            )));
        }
        Ok(Self { root: metadata.workspace_root, target: metadata.target_directory, contracts })
    }

    /// Everything of the contracts' build stands here, apart from the host's.
    pub fn build_folder(&self) -> PathBuf {
        self.target.join("contracts")
    }

    /// What others read.
    pub fn artifacts(&self) -> PathBuf {
        self.build_folder().join("artifacts")
    }

    /// A contract's artifacts.
    pub fn folder(&self, contract: &Contract) -> PathBuf {
        self.artifacts().join(&contract.name)
    }
}

fn budget(package: &Package, settings: &Settings) -> Result<Budget, Fault> {
    if settings.max_size.is_some() != settings.compiler.is_some() {
        let what = "max_size and the compiler with which it was measured belong together".into();
        return Err(Fault::Manifest { package: package.name.clone(), what });
    }
    Ok(Budget { max_size: settings.max_size, compiler: settings.compiler.clone() })
}

/// The package's folder and those of its dependencies in the workspace, to any depth; tests take no part in a contract.
fn closure(packages: &[Package], package: &Package) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    let mut open = vec![package];
    while let Some(package) = open.pop() {
        let folder = package.manifest_path.parent().unwrap_or(Path::new("")).to_owned();
        if !found.insert(folder) {
            continue;
        }
        let needed = package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind.as_deref() != Some("dev"));
        let paths: Vec<&PathBuf> =
            needed.filter_map(|dependency| dependency.path.as_ref()).collect();
        open.extend(packages.iter().filter(|other| {
            other
                .manifest_path
                .parent()
                .is_some_and(|folder| paths.iter().any(|path| path.as_path() == folder))
        }));
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::Workspace;
    use serde_json::{Value, json};
    use std::path::PathBuf;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)], metadata: &Value) -> Value {
        let dependencies: Vec<Value> = dependencies
            .iter()
            .map(|(path, kind)| json!({ "name": "x", "kind": kind, "path": format!("/w/{path}") }))
            .collect();
        json!({
            "name": name, "version": "0.1.0", "manifest_path": format!("/w/{name}/Cargo.toml"),
            "dependencies": dependencies, "metadata": metadata,
        })
    }

    fn read(packages: &[Value]) -> Result<Workspace, String> {
        let json =
            json!({ "packages": packages, "target_directory": "/t", "workspace_root": "/w" });
        Workspace::read(json.to_string().as_bytes()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_contract_is_made_from_its_dependencies_but_not_from_its_tests() {
        let settings = json!({ "weir": { "contract": true, "name": "pool" } });
        let workspace = read(&[
            package("pool", &[("shell", None), ("harness", Some("dev"))], &settings),
            package("shell", &[("core", None)], &Value::Null),
            package("core", &[], &Value::Null),
            package("harness", &[], &Value::Null),
        ])
        .unwrap();
        let pool = workspace.contracts.first().unwrap();
        assert_eq!(pool.folders, ["/w/core", "/w/pool", "/w/shell"].map(PathBuf::from));
        assert_eq!(workspace.folder(pool), PathBuf::from("/t/contracts/artifacts/pool"));
        assert_eq!(workspace.contracts.len(), 1);
    }

    #[test]
    fn a_budget_names_its_compiler() {
        let settings = json!({ "weir": { "contract": true, "name": "pool", "max_size": 1 } });
        let error = read(&[package("pool", &[], &settings)]).unwrap_err();
        assert!(error.contains("pool") && error.contains("belong together"), "{error}");
    }

    #[test]
    fn a_workspace_without_contracts_says_so() {
        let error = read(&[package("core", &[], &Value::Null)]).unwrap_err();
        assert!(error.contains("no contracts here") && error.contains("/w has none"), "{error}");
    }
}
