//! The events of a block, reduced to what Weir looks at.

use crate::{
    account::AccountId,
    block::{ContractEvent, ExtrinsicResult, Instantiated},
    error::{ChainError, DispatchFailure},
};
use alloy_primitives::{Address, B256};
use codec::Decode;
use std::collections::BTreeMap;
use subxt::{
    PolkadotConfig,
    events::{Events, Phase},
    ext::{frame_decode::storage::encode_storage_key_prefix, scale_encode},
    metadata::Metadata,
};

/// Storage keys of the system items that are read beside contracts.
pub(crate) struct SystemKeys;

impl SystemKeys {
    pub(crate) fn events() -> Vec<u8> {
        encode_storage_key_prefix("System", "Events").to_vec()
    }

    pub(crate) fn now() -> Vec<u8> {
        encode_storage_key_prefix("Timestamp", "Now").to_vec()
    }

    /// `Revive.AccountInfoOf(address)`; the map's hasher is the identity.
    pub(crate) fn contract(address: Address) -> Vec<u8> {
        [&encode_storage_key_prefix("Revive", "AccountInfoOf")[..], address.as_slice()].concat()
    }

    /// `Revive.OriginalAccount(address)`; the map's hasher is the identity.
    pub(crate) fn original_account(address: Address) -> Vec<u8> {
        [&encode_storage_key_prefix("Revive", "OriginalAccount")[..], address.as_slice()].concat()
    }

    /// `Revive.CodeInfoOf(hash)`; the map's hasher is the identity.
    pub(crate) fn code(hash: B256) -> Vec<u8> {
        [&encode_storage_key_prefix("Revive", "CodeInfoOf")[..], hash.as_slice()].concat()
    }

    /// `System.Account(account)`.
    pub(crate) fn account(account: AccountId) -> Result<Vec<u8>, ChainError> {
        let hashed = blake2_128_concat(&account.0)?;
        Ok([&encode_storage_key_prefix("System", "Account")[..], &hashed[..]].concat())
    }
}

/// Blake2-128 of the bytes, followed by the bytes: how maps and contract storage hash their keys.
///
/// The hash function itself is the metadata library's: it is asked for the key of a map with one part.
pub(crate) fn blake2_128_concat(bytes: &[u8]) -> Result<Vec<u8>, ChainError> {
    use subxt::ext::frame_decode::storage::{
        StorageHasher, StorageInfo, StorageKeyInfo, encode_storage_key_with_info,
    };
    let part = StorageKeyInfo { hasher: StorageHasher::Blake2_128Concat, key_id: 0_u32 };
    let info = StorageInfo {
        keys: vec![part].into(),
        value_id: 0,
        default_value: None,
        use_old_v9_storage_hashers: false,
    };
    let registry = scale_info::PortableRegistry { types: Vec::new() };
    let mut key = encode_storage_key_with_info("", "", (Raw(bytes),), &info, &registry)
        .map_err(|error| ChainError::decode("a storage key", error))?;
    Ok(key.split_off(32))
}

/// Bytes that are encoded as they are, whatever type they stand for.
struct Raw<'a>(&'a [u8]);

impl scale_encode::EncodeAsType for Raw<'_> {
    fn encode_as_type_to<R: scale_encode::TypeResolver>(
        &self,
        _type_id: R::TypeId,
        _types: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), scale_encode::Error> {
        out.extend_from_slice(self.0);
        Ok(())
    }
}

/// The events of a block, sorted by kind; each kind in the order of the chain.
#[derive(Debug, Default)]
pub(crate) struct Decoded {
    pub(crate) contract_events: Vec<ContractEvent>,
    pub(crate) instantiated: Vec<Instantiated>,
    pub(crate) extrinsics: Vec<ExtrinsicResult>,
}

/// Fields of the events that are decoded by hand below.
const NEEDED: [(&str, &str, &[&str]); 3] = [
    ("Revive", "ContractEmitted", &["contract", "data", "topics"]),
    ("Revive", "Instantiated", &["deployer", "contract"]),
    ("System", "ExtrinsicFailed", &["dispatch_error", "dispatch_info"]),
];

/// Says in one sentence which event of the chain has another shape.
pub(super) fn check(metadata: &Metadata) -> Result<(), String> {
    for (pallet, name, fields) in NEEDED {
        let found = metadata
            .pallet_by_name(pallet)
            .and_then(|pallet| pallet.event_variants())
            .and_then(|events| events.iter().find(|event| event.name == name));
        let Some(event) = found else {
            return Err(format!("its pallet {pallet} has no event {name}"));
        };
        let given: Vec<&str> =
            event.fields.iter().filter_map(|field| field.name.as_deref()).collect();
        if given != fields {
            return Err(format!("the event {pallet}.{name} carries ({})", given.join(", ")));
        }
    }
    Ok(())
}

/// Decodes all events of a block.
pub(super) fn decode(
    metadata: &Metadata,
    events: &Events<PolkadotConfig>,
) -> Result<Decoded, ChainError> {
    let mut decoded = Decoded::default();
    let mut results: BTreeMap<u32, ExtrinsicResult> = BTreeMap::new();
    for event in events.iter() {
        let event = event.map_err(|error| ChainError::decode("the events of a block", error))?;
        let extrinsic = match event.phase() {
            Phase::ApplyExtrinsic(index) => Some(index),
            Phase::Finalization | Phase::Initialization => None,
        };
        let bytes = event.field_bytes();
        match (event.pallet_name(), event.event_name()) {
            ("Revive", "ContractEmitted") => {
                let (contract, data, topics) = fields::<([u8; 20], Vec<u8>, Vec<[u8; 32]>)>(bytes)?;
                let topics = topics.into_iter().map(B256::from).collect();
                decoded.contract_events.push(ContractEvent {
                    contract: contract.into(),
                    topics,
                    data,
                    extrinsic,
                });
            }
            ("Revive", "Instantiated") => {
                let (deployer, contract) = fields::<([u8; 20], [u8; 20])>(bytes)?;
                let (deployer, contract) = (deployer.into(), contract.into());
                decoded.instantiated.push(Instantiated { deployer, contract, extrinsic });
            }
            ("System", "ExtrinsicSuccess") => {
                if let Some(index) = extrinsic {
                    result(&mut results, index);
                }
            }
            ("System", "ExtrinsicFailed") => {
                if let Some(index) = extrinsic {
                    result(&mut results, index).failure = Some(dispatch_failure(metadata, bytes));
                }
            }
            ("Utility", "ItemCompleted") => {
                if let Some(index) = extrinsic {
                    result(&mut results, index).items.push(None);
                }
            }
            ("Utility", "ItemFailed") => {
                if let Some(index) = extrinsic {
                    result(&mut results, index).items.push(Some(dispatch_failure(metadata, bytes)));
                }
            }
            ("TransactionPayment", "TransactionFeePaid") => {
                if let Some(index) = extrinsic {
                    let (payer, fee, _tip) = fields::<([u8; 32], u128, u128)>(bytes)?;
                    let entry = result(&mut results, index);
                    (entry.payer, entry.fee) = (Some(AccountId(payer)), fee);
                }
            }
            _ => {}
        }
    }
    decoded.extrinsics = results.into_values().collect();
    Ok(decoded)
}

fn result(results: &mut BTreeMap<u32, ExtrinsicResult>, index: u32) -> &mut ExtrinsicResult {
    results.entry(index).or_insert_with(|| ExtrinsicResult { index, ..ExtrinsicResult::default() })
}

fn fields<T: Decode>(mut bytes: &[u8]) -> Result<T, ChainError> {
    T::decode(&mut bytes).map_err(|error| ChainError::decode("an event", error))
}

/// Names a dispatch error. Never fails: a shape that is not known is shown as bytes.
pub(super) fn dispatch_failure(metadata: &Metadata, bytes: &[u8]) -> DispatchFailure {
    name_failure(metadata, bytes).unwrap_or_else(|| {
        DispatchFailure::Other(format!("an unknown error, 0x{}", hex::encode(bytes)))
    })
}

fn name_failure(metadata: &Metadata, bytes: &[u8]) -> Option<DispatchFailure> {
    let outer = variant(metadata, metadata.dispatch_error_ty()?, *bytes.first()?)?;
    if outer.name == "Module" {
        let pallet = metadata.pallet_by_error_index(*bytes.get(1)?)?;
        let error = pallet.error_variant_by_index(*bytes.get(2)?)?;
        return Some(DispatchFailure::Module {
            pallet: pallet.name().to_owned(),
            error: error.name.clone(),
        });
    }
    let inner =
        outer.fields.first().and_then(|field| variant(metadata, field.ty.id, *bytes.get(1)?));
    let text =
        inner.map_or_else(|| outer.name.clone(), |inner| format!("{}.{}", outer.name, inner.name));
    Some(DispatchFailure::Other(text))
}

/// The variant of an enum type with that index.
fn variant(
    metadata: &Metadata,
    ty: u32,
    index: u8,
) -> Option<&scale_info::Variant<scale_info::form::PortableForm>> {
    match &metadata.types().resolve(ty)?.type_def {
        scale_info::TypeDef::Variant(variants) => {
            variants.variants.iter().find(|variant| variant.index == index)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::{SystemKeys, blake2_128_concat};
    use crate::account::AccountId;

    /// Published keys: `System.Events` and `Timestamp.Now` of every Substrate chain, and Alice's `System.Account`.
    #[test]
    fn keys_are_the_published_ones() {
        let events = "26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7";
        assert_eq!(hex::encode(SystemKeys::events()), events);
        let now = "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb";
        assert_eq!(hex::encode(SystemKeys::now()), now);
        let alice: AccountId = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY".parse().unwrap();
        let account = "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9\
                       de1e86a9a8c739864cf3cc5ec2bea59fd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
        assert_eq!(hex::encode(SystemKeys::account(alice).unwrap()), account);
    }

    #[test]
    fn a_hashed_key_ends_with_the_key() {
        let key = blake2_128_concat(b"weir").unwrap();
        assert_eq!((key.len(), &key[16..]), (20, &b"weir"[..]));
    }
}
