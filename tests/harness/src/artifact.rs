//! Finding the built contracts.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// A built contract could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// The file is not there: the contracts are not built, or the name is wrong.
    #[error("no built contract at {path}: run `cargo weir build` first (or set WEIR_ARTIFACTS)")]
    Missing {
        /// Where the file was looked for.
        path: PathBuf,
    },
    /// The file is there but cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The running program does not stand in a build folder.
    #[error("cannot tell the build folder from the program's own place; set WEIR_ARTIFACTS")]
    NoBuildFolder,
}

/// The PolkaVM blob of a contract, by its package's name: `<artifacts>/<name>/<name>.polkavm`.
///
/// # Errors
/// [`ArtifactError`], with a sentence that says what to run.
pub fn artifact(name: &str) -> Result<Vec<u8>, ArtifactError> {
    read(&artifacts_folder()?, name)
}

/// The folder of the built contracts: `WEIR_ARTIFACTS` if set, else `contracts/artifacts` in the build folder that the
/// running program stands in (which follows `CARGO_TARGET_DIR`).
///
/// # Errors
/// [`ArtifactError::NoBuildFolder`] if neither says where.
pub fn artifacts_folder() -> Result<PathBuf, ArtifactError> {
    if let Some(folder) = env::var_os("WEIR_ARTIFACTS") {
        return Ok(folder.into());
    }
    let program = env::current_exe().map_err(|_| ArtifactError::NoBuildFolder)?;
    let target = target_folder(&program).ok_or(ArtifactError::NoBuildFolder)?;
    Ok(target.join("contracts").join("artifacts"))
}

/// `<target>` of `<target>/<profile>/<program>` or, for tests, `<target>/<profile>/deps/<program>`.
fn target_folder(program: &Path) -> Option<&Path> {
    let folder = program.parent()?;
    let profile = if folder.ends_with("deps") { folder.parent()? } else { folder };
    profile.parent()
}

fn read(folder: &Path, name: &str) -> Result<Vec<u8>, ArtifactError> {
    let path = folder.join(name).join(format!("{name}.polkavm"));
    match fs::read(&path) {
        Ok(blob) => Ok(blob),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(ArtifactError::Missing { path })
        }
        Err(source) => Err(ArtifactError::Unreadable { path, source }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn build_folder_is_above_the_profile() {
        let target = Path::new("/t");
        assert_eq!(target_folder(Path::new("/t/debug/deps/tests-12ab")), Some(target));
        assert_eq!(target_folder(Path::new("/t/release/weir")), Some(target));
    }

    #[test]
    fn missing_contract_says_what_to_run() {
        let error = read(Path::new("/nowhere"), "weir-pool").unwrap_err().to_string();
        assert!(error.contains("/nowhere/weir-pool/weir-pool.polkavm"), "{error}");
        assert!(error.contains("run `cargo weir build` first"), "{error}");
    }
}
