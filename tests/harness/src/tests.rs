//! The harness on EVM bytecode written by hand and on the precompiles of the chain.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use super::*;
use alloy_primitives::{Address, B256, U256, hex};
use alloy_sol_types::{SolCall, SolValue, sol};
use weir_runtime::genesis::{USDC, USDT};

sol! {
    interface IERC20 {
        event Transfer(address indexed from, address indexed to, uint256 value);
        function balanceOf(address account) external view returns (uint256);
        function decimals() external view returns (uint8);
        function symbol() external view returns (string);
        function totalSupply() external view returns (uint256);
        function transfer(address to, uint256 value) external returns (bool);
        function approve(address spender, uint256 value) external returns (bool);
        function transferFrom(address from, address to, uint256 value) external returns (bool);
        function allowance(address owner, address spender) external view returns (uint256);
    }

    #[derive(Debug, PartialEq)]
    error Refused(uint256 amount);
    #[derive(Debug, PartialEq)]
    event Stored(uint256 value);
    function anything() external returns (uint256);
}

/// Deployment code that returns the runtime code behind it: CODECOPY(0, 12, length); RETURN(0, length).
fn init_code(runtime: &[u8]) -> Vec<u8> {
    let length = u8::try_from(runtime.len()).unwrap();
    // PUSH1 length, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN, padded by STOP to twelve bytes.
    let mut code = vec![0x60, length, 0x80, 0x60, 0x0c, 0x60, 0x00, 0x39, 0x60, 0x00, 0xf3, 0x00];
    code.extend_from_slice(runtime);
    code
}

/// Stores the first word of the calldata in slot 0, emits it with the topic of `Stored`, returns it.
fn store_code() -> Vec<u8> {
    let topic = <Stored as alloy_sol_types::SolEvent>::SIGNATURE_HASH;
    // CALLDATALOAD(0); DUP1; SSTORE(0, ·); MSTORE(0, ·); LOG1(0, 32, topic); RETURN(0, 32)
    let mut code = hex!("600035" "80" "600055" "600052" "7f").to_vec();
    code.extend_from_slice(topic.as_slice());
    code.extend_from_slice(&hex!("60206000a1" "60206000f3"));
    code
}

/// Stores 7 in slot 0, then reverts with the calldata.
fn refuse_code() -> Vec<u8> {
    // SSTORE(0, 7); CALLDATACOPY(0, 0, CALLDATASIZE); REVERT(0, CALLDATASIZE)
    hex!("6007600055" "3660006000" "37" "366000fd").to_vec()
}

fn world() -> (World, Account, Account) {
    let mut world = World::new().unwrap();
    let alice = world.account("alice").unwrap();
    let bob = world.account("bob").unwrap();
    (world, alice, bob)
}

fn deploy(world: &mut World, from: &Account, runtime: &[u8]) -> Address {
    world.deploy(from, &init_code(runtime), Vec::new()).unwrap().value
}

#[test]
fn call_returns_data_events_weight_and_deposit() {
    let (mut world, alice, _) = world();
    let contract = deploy(&mut world, &alice, &store_code());
    assert!(world.is_contract(contract));
    assert!(!world.is_contract(alice.address));
    let before = world.native_balance(alice.address);
    let receipt = world.call(&alice, contract, U256::ZERO, U256::from(41).abi_encode());
    assert_eq!(receipt.output, Ok(U256::from(41).abi_encode()));
    assert_eq!(receipt.logs::<Stored>(), [(contract, Stored { value: U256::from(41) })]);
    assert_eq!(receipt.events.len(), 1);
    assert!(receipt.weight.ref_time > 0 && receipt.weight.proof_size > 0, "{receipt:?}");
    assert!(receipt.weight_required.ref_time >= receipt.weight.ref_time);
    // A new item of 32 bytes: 0.2/100 of a token for the item, a millicent (1e5) for each byte of the value.
    let item = 20_000_000;
    assert!(receipt.deposit >= item + 32 * 100_000, "{}", receipt.deposit);
    let paid = before - world.native_balance(alice.address);
    assert_eq!(i128::try_from(paid), Ok(receipt.deposit));
    let stored = world.slot(contract, [0; 32]).unwrap().unwrap();
    assert_eq!(U256::from_be_slice(&stored), U256::from(41));
}

#[test]
fn refusal_keeps_its_bytes_and_leaves_no_trace() {
    let (mut world, alice, _) = world();
    let contract = deploy(&mut world, &alice, &refuse_code());
    let error = Refused { amount: U256::from(3) };
    let data = alloy_sol_types::SolError::abi_encode(&error);
    let before = world.native_balance(alice.address);
    let receipt = world.call(&alice, contract, U256::ZERO, data.clone());
    assert_eq!(receipt.output, Err(Failure::Reverted(data)));
    assert_eq!((receipt.deposit, receipt.events.len()), (0, 0));
    assert_eq!(world.slot(contract, [0; 32]).unwrap(), None);
    assert_eq!(world.native_balance(alice.address), before);
    let failed = world.send(&alice, contract, &anythingCall {}).unwrap_err();
    assert_eq!(failed.error::<Refused>(), None);
    assert_eq!(failed.data(), Some(anythingCall::SELECTOR.as_slice()));
}

#[test]
fn too_little_weight_is_told_from_a_trap() {
    let (mut world, alice, _) = world();
    let contract = deploy(&mut world, &alice, &store_code());
    let needed = world.dry_run(&alice, contract, U256::ZERO, Vec::new()).weight_required;
    let all = world.limits();
    let tight = Weight { ref_time: needed.ref_time / 2, ..needed };
    world.set_limits(Limits { weight: tight, ..all });
    let receipt = world.call(&alice, contract, U256::ZERO, U256::from(1).abi_encode());
    assert!(matches!(receipt.output, Err(Failure::OutOfResources(_))), "{:?}", receipt.output);
    world.set_limits(Limits { deposit: 1, ..all });
    let receipt = world.call(&alice, contract, U256::ZERO, U256::from(1).abi_encode());
    assert_eq!(
        receipt.output,
        Err(Failure::OutOfResources("Revive.StorageDepositLimitExhausted".into()))
    );
    world.set_limits(all);
    // 0xfe is the EVM's invalid instruction.
    let broken = deploy(&mut world, &alice, &hex!("fe"));
    let receipt = world.call(&alice, broken, U256::ZERO, Vec::new());
    assert!(
        matches!(receipt.output, Err(Failure::Refused(_) | Failure::Trapped)),
        "{:?}",
        receipt.output
    );
}

#[test]
fn dry_run_and_query_leave_no_trace() {
    let (mut world, alice, _) = world();
    let contract = deploy(&mut world, &alice, &store_code());
    let receipt = world.dry_run(&alice, contract, U256::ZERO, U256::from(5).abi_encode());
    assert_eq!(receipt.output, Ok(U256::from(5).abi_encode()));
    assert_eq!(receipt.logs::<Stored>().len(), 1);
    let asked = world.query(&alice, contract, &anythingCall {}).unwrap();
    // The selector, zero padded on the right, is the word that came back.
    assert_eq!(asked.value.to_be_bytes::<32>()[..4], anythingCall::SELECTOR);
    assert_eq!(world.slot(contract, [0; 32]).unwrap(), None);
}

#[test]
fn snapshots_return_state_and_time() {
    let (mut world, alice, _) = world();
    let contract = deploy(&mut world, &alice, &store_code());
    world.call(&alice, contract, U256::ZERO, U256::from(1).abi_encode()).output.unwrap();
    let (time, block, snapshot) = (world.now(), world.block(), world.snapshot());
    world.advance(1_000).unwrap();
    world.call(&alice, contract, U256::ZERO, U256::from(2).abi_encode()).output.unwrap();
    assert_eq!(world.now(), time + 1_000);
    world.restore(&snapshot);
    assert_eq!((world.now(), world.block()), (time, block));
    let stored = world.slot(contract, [0; 32]).unwrap().unwrap();
    assert_eq!(U256::from_be_slice(&stored), U256::from(1));
}

#[test]
fn time_moves_by_years_and_by_at_least_a_second() {
    let (mut world, _, _) = world();
    assert_eq!((world.now(), world.block()), (1_700_000_000, 1));
    world.advance(31_536_000).unwrap();
    assert_eq!((world.now(), world.block()), (1_731_536_000, 2));
    world.advance(0).unwrap();
    assert_eq!((world.now(), world.block()), (1_731_536_001, 3));
}

#[test]
fn value_is_in_wei() {
    let (mut world, alice, bob) = world();
    let before = world.native_balance(bob.address);
    // 2.5 tokens of 18 decimals are 25,000,000,000 units of 10.
    let wei = U256::from(2_500_000_000_000_000_000_u64);
    world.call(&alice, bob.address, wei, Vec::new()).output.unwrap();
    assert_eq!(world.native_balance(bob.address) - before, 25_000_000_000);
    // A million tokens and a half and two, less the existential deposit of a hundredth.
    assert_eq!(
        world.balance(bob.address),
        U256::from(100_000_249) * U256::from(10).pow(U256::from(16))
    );
}

#[test]
fn addresses_with_a_salt_do_not_depend_on_history() {
    let (mut world, alice, _) = world();
    let code = init_code(&store_code());
    let snapshot = world.snapshot();
    let first = world.deploy_with(&alice, &code, Vec::new(), U256::ZERO, Some([1; 32])).unwrap();
    world.restore(&snapshot);
    deploy(&mut world, &alice, &refuse_code());
    let again = world.deploy_with(&alice, &code, Vec::new(), U256::ZERO, Some([1; 32])).unwrap();
    assert_eq!(first.value, again.value);
    let twice = world.deploy_with(&alice, &code, Vec::new(), U256::ZERO, Some([1; 32]));
    assert_eq!(twice.unwrap_err().cause, Failure::Refused("Revive.DuplicateContract".into()));
}

#[test]
fn raw_storage_needs_a_contract_and_a_key() {
    let (mut world, alice, _) = world();
    assert!(matches!(world.storage(alice.address, &[1]), Err(WorldError::NoContract(_))));
    let contract = deploy(&mut world, &alice, &store_code());
    assert_eq!(world.storage(contract, &[1, 2, 3, 4]).unwrap(), None);
    assert!(matches!(world.storage(contract, &[0; 129]), Err(WorldError::BadKey)));
}

#[test]
fn assets_are_tokens_through_their_precompile() {
    let (mut world, alice, bob) = world();
    let usdt = World::erc20(USDT);
    world.mint_asset(USDT, alice.address, 1_000_000).unwrap();
    let ask = |world: &mut World, of| {
        world.query(&alice, usdt, &IERC20::balanceOfCall { account: of }).unwrap().value
    };
    assert_eq!(world.query(&alice, usdt, &IERC20::decimalsCall {}).unwrap().value, 6);
    assert_eq!(world.query(&alice, usdt, &IERC20::symbolCall {}).unwrap().value, "USDt");
    // Alice's 1e15 and five times 1e13 at genesis, and what was minted.
    let supply = world.query(&alice, usdt, &IERC20::totalSupplyCall {}).unwrap().value;
    assert_eq!(supply, U256::from(1_050_000_001_000_000_u64));

    let call = IERC20::transferCall { to: bob.address, value: U256::from(300_000) };
    let sent = world.send(&alice, usdt, &call).unwrap();
    assert!(sent.value);
    let logged = sent.receipt.logs::<IERC20::Transfer>();
    assert_eq!(logged.len(), 1);
    assert_eq!(logged[0].0, usdt);
    assert_eq!((logged[0].1.from, logged[0].1.to), (alice.address, bob.address));
    assert_eq!(sent.receipt.events[0].topics[1], B256::left_padding_from(alice.address.as_slice()));
    assert_eq!(
        (ask(&mut world, alice.address), ask(&mut world, bob.address)),
        (U256::from(700_000), U256::from(300_000))
    );

    let approve = IERC20::approveCall { spender: bob.address, value: U256::from(50_000) };
    world.send(&alice, usdt, &approve).unwrap();
    let pull = IERC20::transferFromCall {
        from: alice.address,
        to: bob.address,
        value: U256::from(50_000),
    };
    world.send(&bob, usdt, &pull).unwrap();
    assert_eq!(ask(&mut world, bob.address), U256::from(350_000));
    let failed = world.send(&bob, usdt, &pull).unwrap_err();
    assert!(
        matches!(failed.cause, Failure::Reverted(_) | Failure::Refused(_) | Failure::Trapped),
        "{failed}"
    );
    // The other asset is another token.
    let usdc = World::erc20(USDC);
    let none = world.query(&alice, usdc, &IERC20::balanceOfCall { account: bob.address }).unwrap();
    assert_eq!(none.value, U256::ZERO);
}

#[test]
fn worlds_are_equal() {
    let (mut one, alice, _) = world();
    let (mut two, same, _) = world();
    assert_eq!(alice, same);
    let code = store_code();
    assert_eq!(deploy(&mut one, &alice, &code), deploy(&mut two, &alice, &code));
    let call =
        |world: &mut World, at| world.call(&alice, at, U256::ZERO, U256::from(9).abi_encode());
    let at = deploy(&mut one, &alice, &code);
    assert_eq!(at, deploy(&mut two, &alice, &code));
    assert_eq!(call(&mut one, at), call(&mut two, at));
}
