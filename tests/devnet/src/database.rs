//! Where the chain is kept: in memory, or in ParityDb on disk.

use crate::error::Error;
use sc_service::{BlocksPruning, DatabaseSource, PruningMode, TFullBackend, new_db_backend};
use sp_database::MemDb;
use std::{fs, path::Path, sync::Arc};
use weir_runtime::Block;

/// The chain's storage.
pub type Backend = TFullBackend<Block>;

/// Bytes of trie nodes kept in memory.
const TRIE_CACHE: usize = 64 * 1024 * 1024;

/// Opens the chain in a folder, or makes a new one in memory. Every state and every fork is kept: whoever debugs wants
/// to look back, and `archive_v1` promises it.
///
/// # Errors
/// [`Error::BasePath`] if there can be no such folder, [`Error::State`] if what is in it cannot be opened.
pub fn open(folder: Option<&Path>) -> Result<Arc<Backend>, Error> {
    let source = match folder {
        Some(folder) => {
            let path = folder.join("chain");
            fs::create_dir_all(&path)
                .map_err(|source| Error::BasePath { path: path.clone(), source })?;
            DatabaseSource::ParityDb { path }
        }
        None => {
            DatabaseSource::Custom { db: Arc::new(MemDb::default()), require_create_flag: true }
        }
    };
    Ok(new_db_backend(sc_client_db::DatabaseSettings {
        trie_cache_maximum_size: Some(TRIE_CACHE),
        state_pruning: Some(PruningMode::ArchiveAll),
        source,
        blocks_pruning: BlocksPruning::KeepAll,
        pruning_filters: Vec::new(),
        metrics_registry: None,
    })?)
}
