//! The contracts as `weir build` left them.

use alloy_primitives::{B256, keccak256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Names a folder of artifacts other than the one beside the running program.
pub const VARIABLE: &str = "WEIR_ARTIFACTS";

/// Why a contract cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ArtifactError {
    /// No folder of built contracts beside the running program.
    #[error(
        "the contracts are not built yet: run `cargo weir build`, or name their folder in {VARIABLE}"
    )]
    NoFolder,
    /// The folder lacks a contract, or it cannot be read.
    #[error("the contract {name} cannot be read from {}: {source}; run `cargo weir build`", path.display())]
    Missing {
        /// The contract.
        name: String,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// The folder `contracts/artifacts` of the target folder in which the running program was built.
///
/// # Errors
/// [`ArtifactError::NoFolder`].
pub fn folder() -> Result<PathBuf, ArtifactError> {
    if let Some(folder) = std::env::var_os(VARIABLE) {
        return Ok(folder.into());
    }
    let program = std::env::current_exe().map_err(|_| ArtifactError::NoFolder)?;
    let mut candidates =
        program.ancestors().map(|folder| folder.join("contracts").join("artifacts"));
    candidates.find(|folder| folder.is_dir()).ok_or(ArtifactError::NoFolder)
}

/// The PolkaVM blob of a contract.
///
/// # Errors
/// [`ArtifactError::Missing`].
pub fn blob(folder: &Path, name: &str) -> Result<Vec<u8>, ArtifactError> {
    let path = folder.join(name).join(format!("{name}.polkavm"));
    std::fs::read(&path).map_err(|source| ArtifactError::Missing {
        name: name.into(),
        path,
        source,
    })
}

/// One hash over all blobs and their names: the same contracts have the same one.
#[must_use]
pub fn build_id(blobs: &BTreeMap<&'static str, Vec<u8>>) -> B256 {
    let mut text = Vec::new();
    for (name, blob) in blobs {
        text.extend_from_slice(name.as_bytes());
        text.extend_from_slice(keccak256(blob).as_slice());
    }
    keccak256(text)
}

#[cfg(test)]
mod tests {
    use super::build_id;
    use std::collections::BTreeMap;

    #[test]
    fn another_blob_is_another_build() {
        let one = BTreeMap::from([("pool", vec![1, 2])]);
        let other = BTreeMap::from([("pool", vec![1, 3])]);
        assert_eq!(build_id(&one), build_id(&one.clone()));
        assert_ne!(build_id(&one), build_id(&other));
    }
}
