//! One hash over everything in the checkout that a contract is made from.

use super::fault::Fault;
use super::workspace::{Contract, Workspace};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Hash of a contract's own sources, those of its dependencies in the workspace, and the workspace's manifest and lock
/// file. Paths count from the root: two checkouts of the same state have the same hash wherever they stand.
///
/// # Errors
/// [`Fault::Read`].
pub fn hash(workspace: &Workspace, contract: &Contract) -> Result<String, Fault> {
    let mut files = vec![workspace.root.join("Cargo.toml"), workspace.root.join("Cargo.lock")];
    for folder in &contract.folders {
        files.push(folder.join("Cargo.toml"));
        let script = folder.join("build.rs");
        if script.is_file() {
            files.push(script);
        }
        collect(&folder.join("src"), &mut files)?;
    }
    hash_files(&workspace.root, files)
}

fn hash_files(root: &Path, mut files: Vec<PathBuf>) -> Result<String, Fault> {
    files.sort();
    let mut hasher = Sha256::new();
    for path in files {
        let content =
            fs::read(&path).map_err(|source| Fault::Read { path: path.clone(), source })?;
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        // The lengths keep a file's end apart from the next one's beginning.
        for part in [name.as_bytes(), &content] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(hex::encode(hasher.finalize()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    let fault = |source| Fault::Read { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(fault)? {
        let path = entry.map_err(fault)?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::{collect, hash_files};
    use std::fs;
    use std::path::Path;

    fn hash(root: &Path) -> String {
        let mut files = Vec::new();
        collect(root, &mut files).unwrap();
        hash_files(root, files).unwrap()
    }

    #[test]
    fn the_same_files_elsewhere_have_the_same_hash_and_any_change_another() {
        let [one, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for root in [&one, &other] {
            fs::create_dir(root.path().join("a")).unwrap();
            fs::write(root.path().join("a/b.rs"), "fn b() {}").unwrap();
            fs::write(root.path().join("c.rs"), "").unwrap();
        }
        assert_eq!(hash(one.path()), hash(other.path()));
        let before = hash(one.path());
        fs::write(one.path().join("c.rs"), "x").unwrap();
        assert_ne!(hash(one.path()), before);
        fs::rename(other.path().join("c.rs"), other.path().join("d.rs")).unwrap();
        assert_ne!(hash(other.path()), before);
    }
}
