//! The few calls that Weir makes, by name. The metadata decides indices and compactness, so they survive upgrades.

use crate::error::ChainError;
use codec::{Decode, Encode};
use subxt::{ext::scale_encode::EncodeAsType, metadata::Metadata};

/// Two-dimensional weight as dispatch arguments want it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub(crate) struct Weight2 {
    pub(crate) ref_time: u64,
    pub(crate) proof_size: u64,
}

/// A dispatchable call of the runtime.
#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub(crate) enum RuntimeCall {
    Revive(ReviveCall),
    Utility(UtilityCall),
    Balances(BalancesCall),
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(non_camel_case_types, reason = "variants are found by the names of the calls")]
pub(crate) enum ReviveCall {
    call {
        dest: [u8; 20],
        value: u128,
        weight_limit: Weight2,
        storage_deposit_limit: u128,
        data: Vec<u8>,
    },
    instantiate_with_code {
        value: u128,
        weight_limit: Weight2,
        storage_deposit_limit: u128,
        code: Vec<u8>,
        data: Vec<u8>,
        salt: Option<[u8; 32]>,
    },
    upload_code {
        code: Vec<u8>,
        storage_deposit_limit: u128,
    },
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(non_camel_case_types, reason = "variants are found by the names of the calls")]
pub(crate) enum UtilityCall {
    batch_all { calls: Vec<RuntimeCall> },
    force_batch { calls: Vec<RuntimeCall> },
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
#[allow(non_camel_case_types, reason = "variants are found by the names of the calls")]
pub(crate) enum BalancesCall {
    transfer_keep_alive { dest: MultiAddress, value: u128 },
}

#[derive(Clone, Debug, EncodeAsType)]
#[encode_as_type(crate_path = "subxt::ext::scale_encode")]
pub(crate) enum MultiAddress {
    Id([u8; 32]),
}

/// A contract call with its limits: what the reason of a revert is looked up by later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ContractDispatch {
    pub(crate) dest: [u8; 20],
    pub(crate) value: u128,
    pub(crate) data: Vec<u8>,
}

impl RuntimeCall {
    /// Names of pallet and call.
    pub(crate) fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Revive(ReviveCall::call { .. }) => ("Revive", "call"),
            Self::Revive(ReviveCall::instantiate_with_code { .. }) => {
                ("Revive", "instantiate_with_code")
            }
            Self::Revive(ReviveCall::upload_code { .. }) => ("Revive", "upload_code"),
            Self::Utility(UtilityCall::batch_all { .. }) => ("Utility", "batch_all"),
            Self::Utility(UtilityCall::force_batch { .. }) => ("Utility", "force_batch"),
            Self::Balances(BalancesCall::transfer_keep_alive { .. }) => {
                ("Balances", "transfer_keep_alive")
            }
        }
    }

    /// The contract call, if it is a single one.
    pub(crate) fn contract(&self) -> Option<ContractDispatch> {
        match self {
            Self::Revive(ReviveCall::call { dest, value, data, .. }) => {
                Some(ContractDispatch { dest: *dest, value: *value, data: data.clone() })
            }
            _ => None,
        }
    }

    /// Weight and deposit limits, summed over a batch.
    pub(crate) fn limits(&self) -> (Weight2, u128) {
        match self {
            Self::Revive(
                ReviveCall::call { weight_limit, storage_deposit_limit, .. }
                | ReviveCall::instantiate_with_code { weight_limit, storage_deposit_limit, .. },
            ) => (*weight_limit, *storage_deposit_limit),
            Self::Revive(ReviveCall::upload_code { storage_deposit_limit, .. }) => {
                (Weight2::default(), *storage_deposit_limit)
            }
            Self::Utility(
                UtilityCall::batch_all { calls } | UtilityCall::force_batch { calls },
            ) => calls.iter().map(Self::limits).fold(
                (Weight2::default(), 0),
                |(weight, deposit), (more, held)| {
                    let sum = Weight2 {
                        ref_time: weight.ref_time.saturating_add(more.ref_time),
                        proof_size: weight.proof_size.saturating_add(more.proof_size),
                    };
                    (sum, deposit.saturating_add(held))
                },
            ),
            Self::Balances(_) => (Weight2::default(), 0),
        }
    }
}

/// The calls and runtime functions that must be there, with their arguments in order.
const NEEDED: [(&str, &str, &[&str]); 4] = [
    ("Revive", "call", &["dest", "value", "weight_limit", "storage_deposit_limit", "data"]),
    (
        "Revive",
        "instantiate_with_code",
        &["value", "weight_limit", "storage_deposit_limit", "code", "data", "salt"],
    ),
    ("Revive", "upload_code", &["code", "storage_deposit_limit"]),
    ("Balances", "transfer_keep_alive", &["dest", "value"]),
];

/// Runtime functions whose arguments this crate encodes by hand: name and count of arguments.
const FUNCTIONS: [(&str, usize); 3] = [("call", 6), ("instantiate", 7), ("upload_code", 3)];

/// Says in one sentence what of the needed calls the chain lacks.
pub(super) fn check(metadata: &Metadata) -> Result<(), String> {
    for (pallet, name, arguments) in NEEDED {
        let Some(found) = metadata.pallet_by_name(pallet) else {
            return Err(format!("its runtime has no pallet {pallet}"));
        };
        let Some(call) = found.call_variant_by_name(name) else {
            return Err(format!("its pallet {pallet} has no call {name}"));
        };
        let given: Vec<&str> =
            call.fields.iter().filter_map(|field| field.name.as_deref()).collect();
        if given != arguments {
            return Err(format!(
                "{pallet}.{name} takes ({}) instead of ({})",
                given.join(", "),
                arguments.join(", ")
            ));
        }
    }
    let Some(api) = metadata.runtime_api_trait_by_name("ReviveApi") else {
        return Err("its runtime has no ReviveApi".to_owned());
    };
    for (name, count) in FUNCTIONS {
        let given = api.method_by_name(name).map(|method| method.inputs().count());
        if given != Some(count) {
            return Err(format!("ReviveApi.{name} does not take {count} arguments"));
        }
    }
    Ok(())
}

/// Normal extrinsics' own limit in `System.BlockWeights`.
pub(super) fn largest_weight(metadata: &Metadata) -> Result<Weight2, ChainError> {
    /// `frame_system::limits::BlockWeights`, as far as it is needed.
    #[derive(Decode)]
    struct BlockWeights {
        _base_block: (codec::Compact<u64>, codec::Compact<u64>),
        _max_block: (codec::Compact<u64>, codec::Compact<u64>),
        normal: PerClass,
    }
    #[derive(Decode)]
    struct PerClass {
        _base_extrinsic: (codec::Compact<u64>, codec::Compact<u64>),
        max_extrinsic: Option<(codec::Compact<u64>, codec::Compact<u64>)>,
    }
    let bytes = metadata
        .pallet_by_name("System")
        .and_then(|pallet| pallet.constant_by_name("BlockWeights"))
        .map(subxt::metadata::ConstantMetadata::value)
        .ok_or_else(|| {
            ChainError::Unsupported("its runtime does not tell the limits of a block".to_owned())
        })?;
    let weights = BlockWeights::decode(&mut &*bytes)
        .map_err(|error| ChainError::decode("the limits of a block", error))?;
    let (time, proof) = weights.normal.max_extrinsic.unwrap_or(weights._max_block);
    Ok(Weight2 { ref_time: time.0, proof_size: proof.0 })
}

/// The arguments of `ReviveApi_call`: no limits, so that the answer says what is needed.
pub(crate) fn call_arguments(
    origin: [u8; 32],
    dest: [u8; 20],
    value: u128,
    data: &[u8],
) -> Vec<u8> {
    (origin, dest, value, None::<()>, None::<()>, data).encode()
}

/// The arguments of `ReviveApi_instantiate` for new code.
pub(crate) fn instantiate_arguments(
    origin: [u8; 32],
    code: &[u8],
    data: &[u8],
    salt: Option<[u8; 32]>,
) -> Vec<u8> {
    // `Code::Upload` is variant 0.
    (origin, 0_u128, None::<()>, None::<()>, 0_u8, code, data, salt).encode()
}

/// The arguments of `ReviveApi_upload_code`.
pub(crate) fn upload_arguments(origin: [u8; 32], code: &[u8]) -> Vec<u8> {
    (origin, code, None::<()>).encode()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::check;
    use scale_info::{TypeInfo, meta_type};
    use subxt::{ext::frame_metadata::v16, metadata::Metadata};

    /// The calls of a pallet `Revive` whose `call` takes something else.
    #[derive(TypeInfo)]
    #[allow(dead_code, non_camel_case_types, reason = "only its description is used")]
    enum OtherCall {
        call { target: u32 },
    }

    fn chain(pallets: Vec<v16::PalletMetadata>) -> Metadata {
        let extrinsic = v16::ExtrinsicMetadata {
            versions: vec![4],
            address_ty: meta_type::<u8>(),
            call_ty: meta_type::<u8>(),
            signature_ty: meta_type::<u8>(),
            transaction_extensions_by_version: [(0, Vec::new())].into(),
            transaction_extensions: Vec::new(),
        };
        let outer = v16::OuterEnums {
            call_enum_ty: meta_type::<()>(),
            event_enum_ty: meta_type::<()>(),
            error_enum_ty: meta_type::<()>(),
        };
        let custom = v16::CustomMetadata { map: Default::default() };
        v16::RuntimeMetadataV16::new(pallets, extrinsic, Vec::new(), outer, custom)
            .try_into()
            .unwrap()
    }

    fn pallet(name: &'static str) -> v16::PalletMetadata {
        let deprecation_info = v16::EnumDeprecationInfo::nothing_deprecated();
        v16::PalletMetadata {
            name,
            storage: None,
            calls: Some(v16::PalletCallMetadata { ty: meta_type::<OtherCall>(), deprecation_info }),
            event: None,
            constants: Vec::new(),
            error: None,
            associated_types: Vec::new(),
            view_functions: Vec::new(),
            index: 0,
            docs: Vec::new(),
            deprecation_info: v16::ItemDeprecationInfo::NotDeprecated,
        }
    }

    #[test]
    fn a_chain_that_lacks_something_is_told_what() {
        assert_eq!(check(&chain(Vec::new())).unwrap_err(), "its runtime has no pallet Revive");
        assert_eq!(
            check(&chain(vec![pallet("Revive")])).unwrap_err(),
            "Revive.call takes (target) instead of (dest, value, weight_limit, storage_deposit_limit, data)"
        );
    }
}
