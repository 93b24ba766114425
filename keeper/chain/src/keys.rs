//! Keys: where they come from, and the signer made of one. A key never stands on a command line, and never in a log.

mod keystore;
#[cfg(test)]
mod tests;

use crate::account::AccountId;
use alloy_primitives::Address;
use std::{
    env::VarError,
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr as _,
};
use subxt_signer::{SecretUri, sr25519::Keypair};

/// The environment variable that a secret URI is read from.
pub const KEY_VARIABLE: &str = "WEIR_KEY";

/// A key that could not be had.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The environment variable is not set.
    #[error(
        "the environment variable {0} is not set: put a secret phrase, a 0x seed or a derivation such as //Alice into it"
    )]
    Missing(String),
    /// The secret URI is none. The text itself is never repeated.
    #[error("{origin} holds no usable secret: {reason}")]
    BadSecret {
        /// Where it came from.
        origin: String,
        /// What is wrong, without the secret.
        reason: String,
    },
    /// A name that is no development account.
    #[error(
        "`{0}` is no development account: use a name such as alice, or a derivation such as //Reporter//1"
    )]
    BadDevName(String),
    /// A file that could not be read.
    #[error("cannot read {}: {reason}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: io::Error,
    },
    /// A file that others may read.
    #[error("{} may be read by others (mode {mode:o}): run `chmod 600 {}`", .path.display(), .path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A file that is no keystore.
    #[error("{} is no polkadot-js keystore of an sr25519 key: {reason}", .path.display())]
    BadKeystore {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The passphrase does not open the keystore.
    #[error("the passphrase does not open {}", .path.display())]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
    /// No passphrase could be had.
    #[error("no passphrase for the keystore: {0}")]
    NoPassphrase(String),
}

/// A passphrase, shown to nobody.
pub struct Passphrase(String);

impl Passphrase {
    /// Takes a passphrase as typed.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Reads a passphrase from a file that only its owner may read; the line's end is not part of it.
    ///
    /// # Errors
    /// If the file cannot be read or may be read by others.
    pub fn from_file(path: &Path) -> Result<Self, KeyError> {
        let text = keystore::read_private(path)?;
        Ok(Self(text.trim_end_matches(['\r', '\n']).to_owned()))
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Where a key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A well-known development account; anybody can sign for it.
    Dev(String),
    /// An environment variable with a secret URI.
    Env(String),
    /// A polkadot-js keystore file.
    Keystore {
        /// The JSON file.
        path: PathBuf,
        /// A file with the passphrase; without it the prompt is asked.
        passphrase_file: Option<PathBuf>,
    },
}

/// Signs transactions for one account (sr25519).
#[derive(Clone)]
pub struct Signer {
    pair: Keypair,
    account: AccountId,
    address: Address,
}

impl Signer {
    /// A development account by name (`alice`) or derivation (`//Reporter//1`), below the well-known phrase.
    ///
    /// # Errors
    /// If the name holds anything but letters, digits and derivations: a phrase or a seed has no place here, because
    /// this text comes from a command line.
    pub fn dev(name: &str) -> Result<Self, KeyError> {
        let refuse = || KeyError::BadDevName(name.to_owned());
        let path = if name.starts_with("//") {
            name.to_owned()
        } else {
            let mut letters = name.chars();
            let first = letters.next().ok_or_else(refuse)?;
            format!("//{}{}", first.to_ascii_uppercase(), letters.as_str())
        };
        let plain =
            |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let mut parts = path.split('/').filter(|part| !part.is_empty()).peekable();
        if parts.peek().is_none() || !parts.all(plain) {
            return Err(refuse());
        }
        Self::from_secret(&path, || "the development account".to_owned())
    }

    /// A key from a secret URI: a phrase, a 0x seed, or a derivation below the development phrase.
    ///
    /// # Errors
    /// If the text is no secret URI; the error does not repeat it.
    pub fn from_uri(uri: &str) -> Result<Self, KeyError> {
        Self::from_secret(uri, || "the secret URI".to_owned())
    }

    /// A key from an environment variable that holds a secret URI.
    ///
    /// # Errors
    /// If the variable is not set or holds no secret URI.
    pub fn from_env(variable: &str) -> Result<Self, KeyError> {
        let text = std::env::var(variable).map_err(|error| match error {
            VarError::NotPresent => KeyError::Missing(variable.to_owned()),
            VarError::NotUnicode(_) => KeyError::BadSecret {
                origin: variable.to_owned(),
                reason: "it is not text".to_owned(),
            },
        })?;
        Self::from_secret(text.trim(), || format!("the environment variable {variable}"))
    }

    /// A key from a polkadot-js keystore file (sr25519, version 3), opened with a passphrase.
    ///
    /// Such a file is written by the polkadot-js apps and extension ("export account"). Weir reads keystores and does
    /// not write them, so that a key is never made by a tool that also sends money.
    ///
    /// # Errors
    /// If the file cannot be read, may be read by others, is no keystore, or is not opened by the passphrase.
    pub fn from_keystore(
        path: &Path,
        passphrase: impl FnOnce() -> Result<Passphrase, KeyError>,
    ) -> Result<Self, KeyError> {
        keystore::open(path, passphrase).map(Self::from_pair)
    }

    /// A key from wherever `source` says; `prompt` asks a person for a passphrase.
    ///
    /// # Errors
    /// As the constructor for that source.
    pub fn load(
        source: &KeySource,
        prompt: impl FnOnce() -> Result<Passphrase, KeyError>,
    ) -> Result<Self, KeyError> {
        match source {
            KeySource::Dev(name) => Self::dev(name),
            KeySource::Env(variable) => Self::from_env(variable),
            KeySource::Keystore { path, passphrase_file: Some(file) } => {
                Self::from_keystore(path, || Passphrase::from_file(file))
            }
            KeySource::Keystore { path, passphrase_file: None } => {
                Self::from_keystore(path, prompt)
            }
        }
    }

    /// The native account.
    #[must_use]
    pub fn account_id(&self) -> AccountId {
        self.account
    }

    /// The address under which contracts see the account.
    #[must_use]
    pub fn address(&self) -> Address {
        self.address
    }

    pub(crate) fn pair(&self) -> &Keypair {
        &self.pair
    }

    fn from_secret(text: &str, origin: impl Fn() -> String) -> Result<Self, KeyError> {
        // The library's messages could repeat parts of a phrase, so they are replaced by a fixed sentence.
        let reason = "expected a phrase of 12 to 24 words, a 0x seed of 32 bytes, or a derivation such as //Alice";
        let refuse = || KeyError::BadSecret { origin: origin(), reason: reason.to_owned() };
        let uri = SecretUri::from_str(text).map_err(|_| refuse())?;
        Keypair::from_uri(&uri).map(Self::from_pair).map_err(|_| refuse())
    }

    fn from_pair(pair: Keypair) -> Self {
        let account = AccountId(pair.public_key().0);
        Self { pair, account, address: account.address() }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("address", &self.address).finish_non_exhaustive()
    }
}
