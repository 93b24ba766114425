//! Tests of the runtime in externalities.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use super::*;
use crate::{constants::*, genesis};
use codec::{Decode, Encode};
use frame_support::traits::fungibles::metadata::Inspect;
use sp_core::Pair;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::generic::Era;

fn externalities() -> sp_io::TestExternalities {
    sp_io::TestExternalities::new(genesis::storage().unwrap())
}

/// Encodes, dispatches by name and decodes, as the node does.
fn api<R: Decode>(method: &str, arguments: &[u8]) -> R {
    let answer = apis::api::dispatch(method, arguments).unwrap();
    R::decode(&mut answer.as_slice()).unwrap()
}

#[test]
fn pallets_agree_with_each_other() {
    externalities().execute_with(|| {
        use frame_support::traits::IntegrityTest;
        AllPalletsWithSystem::integrity_test();
    });
}

#[test]
fn blocks_have_the_limits_of_polkadot_hub() {
    let weights = RuntimeBlockWeights::get();
    // 2 s in picoseconds, 10 MiB.
    assert_eq!(weights.max_block.ref_time(), 2_000_000_000_000);
    assert_eq!(weights.max_block.proof_size(), 10_485_760);
    let normal = weights.get(frame_support::dispatch::DispatchClass::Normal).max_total.unwrap();
    // 85 % of each, rounded to the nearest: 1.7e12 and 8,912,896.
    assert_eq!((normal.ref_time(), normal.proof_size()), (1_700_000_000_000, 8_912_896));
}

#[test]
fn genesis_funds_the_listed_accounts() {
    externalities().execute_with(|| {
        let listed = genesis::accounts().unwrap();
        // Alice, five named, thirty-two users.
        assert_eq!(listed.len(), 38);
        for (name, (account, balance)) in listed {
            assert_eq!(Balances::free_balance(&account), balance, "{name}");
            assert!(pallet_revive_is_mapped(&account), "{name} is not mapped");
        }
        for address in genesis::ETHEREUM_ACCOUNTS {
            let account = genesis::ethereum_account(address);
            assert_eq!(Balances::free_balance(&account), 1_000_000 * UNIT);
        }
        let seventh = sp_core::sr25519::Pair::from_string("//user//7", None).unwrap();
        assert_eq!(Balances::free_balance(AccountId::from(seventh.public())), 1_000_000 * UNIT);
    });
}

fn pallet_revive_is_mapped(account: &AccountId) -> bool {
    use pallet_revive::AddressMapper;
    <Runtime as pallet_revive::Config>::AddressMapper::is_mapped(account)
}

#[test]
fn genesis_issues_the_assets() {
    externalities().execute_with(|| {
        for (asset, symbol) in [(genesis::USDT, "USDt"), (genesis::USDC, "USDC")] {
            assert_eq!(<Assets as Inspect<AccountId>>::decimals(asset), 6);
            assert_eq!(<Assets as Inspect<AccountId>>::symbol(asset), symbol.as_bytes());
            assert_eq!(Assets::balance(asset, Alice.to_account_id()), 1_000_000_000_000_000);
            assert_eq!(Assets::balance(asset, Bob.to_account_id()), 10_000_000_000_000);
        }
    });
}

#[test]
fn erc20_addresses_carry_identifier_and_suffix() {
    // 1984 = 0x07c0.
    assert_eq!(
        erc20_address(1984),
        [0, 0, 0x07, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0x20, 0, 0]
    );
}

#[test]
fn apis_answer_by_name() {
    externalities().execute_with(|| {
        let version: RuntimeVersion = api("Core_version", &[]);
        assert_eq!(version.spec_name, "weir-devnet");
        let versions: Vec<u32> = api("Metadata_metadata_versions", &[]);
        assert!(
            versions.contains(&15),
            "metadata 15 is what clients are generated from: {versions:?}"
        );
        let nonce: u32 = api("AccountNonceApi_account_nonce", &Alice.to_account_id().encode());
        assert_eq!(nonce, 0);
        // Alice has 1e9 tokens of 18 decimals in a contract's eyes, less the existential deposit that she must keep.
        let address: sp_core::H160 = api("ReviveApi_address", &Alice.to_account_id().encode());
        let balance: sp_core::U256 = api("ReviveApi_balance", &address.encode());
        let expected =
            (genesis::FAUCET_BALANCE - EXISTENTIAL_DEPOSIT) * u128::from(NATIVE_TO_ETH_RATIO);
        assert_eq!(balance, sp_core::U256::from(expected));
        assert!(apis::api::dispatch("Core_unknown", &[]).is_none());
    });
}

#[test]
fn development_preset_is_the_genesis() {
    let preset: Option<Vec<u8>> = externalities().execute_with(|| {
        api(
            "GenesisBuilder_get_preset",
            &Some(sp_genesis_builder::PresetId::from("development")).encode(),
        )
    });
    let mut built = sp_io::TestExternalities::default();
    built.execute_with(|| {
        let result: sp_genesis_builder::Result =
            api("GenesisBuilder_build_state", &preset.unwrap().encode());
        result.unwrap();
        assert_eq!(Balances::free_balance(Alice.to_account_id()), 1_000_000_000 * UNIT);
    });
}

/// A transfer signed by Alice, as a client would send it.
fn transfer(nonce: Nonce, amount: Balance) -> UncheckedExtrinsic {
    let call = RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death {
        dest: Bob.to_account_id().into(),
        value: amount,
    });
    let extension = extension::substrate(Era::Immortal, nonce, 0);
    let payload = generic::SignedPayload::new(call, extension).unwrap();
    let signature = payload.using_encoded(|bytes| Alice.sign(bytes));
    let (call, extension, _) = payload.deconstruct();
    generic::UncheckedExtrinsic::new_signed(
        call,
        Alice.to_account_id().into(),
        signature.into(),
        extension,
    )
    .into()
}

#[test]
fn blocks_execute_signed_transactions_and_charge_fees() {
    externalities().execute_with(|| {
        let parent = System::block_hash(0);
        let header = Header {
            parent_hash: parent,
            number: 1,
            state_root: Hash::default(),
            extrinsics_root: Hash::default(),
            digest: sp_runtime::Digest::default(),
        };
        Executive::initialize_block(&header);
        let now = UncheckedExtrinsic::from(generic::UncheckedExtrinsic::new_bare(
            RuntimeCall::Timestamp(pallet_timestamp::Call::set { now: 1_700_000_000_000 }),
        ));
        Executive::apply_extrinsic(now).unwrap().unwrap();
        let before = Balances::free_balance(Alice.to_account_id());
        Executive::apply_extrinsic(transfer(0, 5 * UNIT)).unwrap().unwrap();
        let spent = before - Balances::free_balance(Alice.to_account_id());
        assert_eq!(Balances::free_balance(Bob.to_account_id()), genesis::NAMED_BALANCE + 5 * UNIT);
        // A fee was charged, and it is small: under a hundredth of a token.
        assert!(spent > 5 * UNIT && spent < 5 * UNIT + CENT, "spent {spent}");
        // A nonce is good once.
        assert!(Executive::apply_extrinsic(transfer(0, UNIT)).is_err());
        assert_eq!(Timestamp::get(), 1_700_000_000_000);
    });
}

#[test]
fn time_moves_by_a_second_in_each_block() {
    use frame_support::traits::OnFinalize;
    use sp_runtime::traits::Dispatchable;
    let set = |now: u64| {
        externalities().execute_with(|| {
            timestamp(1_000_000).dispatch(RuntimeOrigin::none()).unwrap();
            Timestamp::on_finalize(1);
            timestamp(now).dispatch(RuntimeOrigin::none()).unwrap();
            Timestamp::get()
        })
    };
    assert_eq!(set(1_001_000), 1_001_000);
    // An inherent that moves less must not come into a block: the pallet panics, and the block is not built.
    let early = std::panic::catch_unwind(|| set(1_000_999)).unwrap_err();
    let text = early.downcast_ref::<&str>().unwrap();
    assert!(text.contains("Timestamp must increment by at least"), "{text}");
}
