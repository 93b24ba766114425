//! Keystore files as polkadot-js writes them.

use super::{KeyError, Passphrase};
use serde::Deserialize;
use std::{fs, path::Path};
use subxt_signer::{
    polkadot_js_compat::{self, Error},
    sr25519::Keypair,
};

/// scrypt parameters (68 bytes with salt and nonce), 117 bytes of key material and a tag of 16, in base64.
const ENCODED_LENGTH: usize = (68_usize + 117 + 16).div_ceil(3) * 4;

#[derive(Deserialize)]
struct Shape {
    encoded: String,
}

/// Opens a keystore file.
pub(super) fn open(
    path: &Path,
    passphrase: impl FnOnce() -> Result<Passphrase, KeyError>,
) -> Result<Keypair, KeyError> {
    let text = read_private(path)?;
    let bad = |reason: String| KeyError::BadKeystore { path: path.to_owned(), reason };
    let shape: Shape = serde_json::from_str(&text).map_err(|error| bad(error.to_string()))?;
    // The decoder slices without looking at the length, so a shortened file has to be refused here.
    if shape.encoded.len() != ENCODED_LENGTH {
        return Err(bad(format!(
            "the key has {} characters instead of {ENCODED_LENGTH}",
            shape.encoded.len()
        )));
    }
    let Passphrase(passphrase) = passphrase()?;
    polkadot_js_compat::decrypt_json(&text, &passphrase).map_err(|error| match error {
        Error::Secretbox(_) => KeyError::WrongPassphrase { path: path.to_owned() },
        other => bad(other.to_string()),
    })
}

/// Reads a file that nobody but its owner may read.
pub(super) fn read_private(path: &Path) -> Result<String, KeyError> {
    let unreadable = |reason| KeyError::Unreadable { path: path.to_owned(), reason };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_err(unreadable)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyError::TooOpen { path: path.to_owned(), mode });
        }
    }
    fs::read_to_string(path).map_err(unreadable)
}
