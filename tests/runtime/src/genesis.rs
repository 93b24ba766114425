//! The first state of the chain: who holds what.
//!
//! | account | native | assets 1984 and 1337 (6 decimals) |
//! |---|---|---|
//! | `//Alice`, the faucet | 1,000,000,000 | 1,000,000,000 each, and their owner |
//! | `//Bob` to `//Ferdie` | 10,000,000 | 10,000,000 each |
//! | `//user//0` to `//user//31` | 1,000,000 | – |
//! | six Ethereum development keys, [`ETHEREUM_ACCOUNTS`] | 1,000,000 | – |

use crate::{
    AccountId, AssetId, AssetsConfig, Balance, BalancesConfig, Runtime, RuntimeGenesisConfig,
    constants::UNIT,
};
use pallet_revive::AddressMapper;
use sp_core::{DeriveJunction, H160, Pair, crypto::SecretStringError, hex2array, sr25519};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{BuildStorage, Storage};
use std::collections::BTreeMap;

/// Accounts derived as `//user//N`.
pub const USERS: u64 = 32;
/// The asset "USDt", as on Polkadot Hub.
pub const USDT: AssetId = 1984;
/// The asset "USDC", as on Polkadot Hub.
pub const USDC: AssetId = 1337;
/// Stands where a chain keeps its Wasm. The runtime is native: nothing ever reads it, but a client asks that it exists.
pub const CODE_PLACEHOLDER: &[u8] = b"weir-devnet runs a native runtime";

/// Addresses of the well-known Ethereum development keys (Alith, Baltathar, Charleth, Dorothy, Ethan, Faith).
pub const ETHEREUM_ACCOUNTS: [[u8; 20]; 6] = [
    hex2array!("f24FF3a9CF04c71Dbc94D0b566f7A27B94566cac"),
    hex2array!("3Cd0A705a2DC65e5b1E1205896BaA2be8A07c6e0"),
    hex2array!("798d4Ba9baf0064Ec19eb4F0a1a45785ae9D6DFc"),
    hex2array!("773539d4Ac0e786233D90A233654ccEE26a613D9"),
    hex2array!("Ff64d3F6efE2317EE2807d223a0Bdc4c0c49dfDB"),
    hex2array!("C0F0f4ab324C46e55D02D0033343B4Be8A55532d"),
];

/// Native units of the faucet.
pub const FAUCET_BALANCE: Balance = 1_000_000_000 * UNIT;
/// Native units of the other named accounts.
pub const NAMED_BALANCE: Balance = 10_000_000 * UNIT;
/// Native units of each user and each Ethereum key.
pub const USER_BALANCE: Balance = 1_000_000 * UNIT;

const ASSET_DECIMALS: u8 = 6;
const ASSET_UNIT: Balance = 1_000_000;
const ASSET_MINIMUM: Balance = 10_000;
const NAMED: [Sr25519Keyring; 5] = [
    Sr25519Keyring::Bob,
    Sr25519Keyring::Charlie,
    Sr25519Keyring::Dave,
    Sr25519Keyring::Eve,
    Sr25519Keyring::Ferdie,
];

fn users() -> Result<sr25519::Pair, SecretStringError> {
    sr25519::Pair::from_string("//user", None)
}

fn child(root: &sr25519::Pair, index: u64) -> Result<sr25519::Pair, SecretStringError> {
    let path = core::iter::once(DeriveJunction::hard(index));
    root.derive(path, None).map(|(pair, _)| pair).map_err(|_| SecretStringError::InvalidPath)
}

/// Named accounts with their native units.
///
/// # Errors
/// None in practice: the derivation paths are constants.
pub fn accounts() -> Result<BTreeMap<String, (AccountId, Balance)>, SecretStringError> {
    let alice = Sr25519Keyring::Alice.to_account_id();
    let mut accounts = BTreeMap::from([("//Alice".to_owned(), (alice, FAUCET_BALANCE))]);
    for key in NAMED {
        accounts.insert(format!("//{key:?}"), (key.to_account_id(), NAMED_BALANCE));
    }
    // The phrase behind the path is stretched once, not once per user.
    let root = users()?;
    for index in 0..USERS {
        let account = child(&root, index)?.public().into();
        accounts.insert(format!("//user//{index}"), (account, USER_BALANCE));
    }
    Ok(accounts)
}

/// The genesis of the development chain.
///
/// # Errors
/// None in practice: the derivation paths are constants.
pub fn development() -> Result<RuntimeGenesisConfig, SecretStringError> {
    let mut balances: Vec<_> = accounts()?.into_values().collect();
    let ethereum = ETHEREUM_ACCOUNTS.into_iter().map(ethereum_account);
    balances.extend(ethereum.map(|account| (account, USER_BALANCE)));
    Ok(RuntimeGenesisConfig {
        assets: assets(&Sr25519Keyring::Alice.to_account_id()),
        balances: BalancesConfig { balances, dev_accounts: None },
        ..RuntimeGenesisConfig::default()
    })
}

fn assets(faucet: &AccountId) -> AssetsConfig {
    let mut accounts = Vec::new();
    for asset in [USDT, USDC] {
        accounts.push((asset, faucet.clone(), 1_000_000_000 * ASSET_UNIT));
        accounts.extend(NAMED.map(|key| (asset, key.to_account_id(), 10_000_000 * ASSET_UNIT)));
    }
    AssetsConfig {
        // Sufficient: an account may hold the asset without holding the native token.
        assets: [USDT, USDC].map(|asset| (asset, faucet.clone(), true, ASSET_MINIMUM)).to_vec(),
        metadata: vec![
            (USDT, b"Tether USD".to_vec(), b"USDt".to_vec(), ASSET_DECIMALS),
            (USDC, b"USD Coin".to_vec(), b"USDC".to_vec(), ASSET_DECIMALS),
        ],
        accounts,
        next_asset_id: None,
        reserves: Vec::new(),
    }
}

/// The account behind an Ethereum address that signs with its own secp256k1 key.
pub fn ethereum_account(address: [u8; 20]) -> AccountId {
    <Runtime as pallet_revive::Config>::AddressMapper::to_fallback_account_id(&H160(address))
}

/// The genesis as storage, ready for a client or for externalities.
///
/// # Errors
/// A text if the configuration contradicts itself.
pub fn storage() -> Result<Storage, String> {
    let config = development().map_err(|error| format!("development accounts: {error}"))?;
    let mut storage = config.build_storage()?;
    storage.top.insert(sp_core::storage::well_known_keys::CODE.to_vec(), CODE_PLACEHOLDER.to_vec());
    Ok(storage)
}
