//! The typed handles on a real contract of Weir.

use crate::support::World;
use alloy_sol_types::SolConstructor as _;
use weir_chain::{
    Address, ChainError, PoolHandle, PoolState, TokenHandle, U256,
    abi::{MockToken, Pool},
    artifacts,
    state::core_address,
};

/// A contract as `weir build` made it.
fn code(name: &str) -> Vec<u8> {
    artifacts::folder()
        .and_then(|folder| artifacts::blob(&folder, name))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn a_token_is_made_minted_and_moved() {
    let world = World::instant().await;
    let constructor = MockToken::constructorCall {
        name: "Dollar".to_owned(),
        symbol: "USDX".to_owned(),
        decimals: 6,
        mintCap: U256::from(1_000_000),
    };
    let (address, _) =
        world.alice.instantiate(code("token"), constructor.abi_encode(), None).await.unwrap();
    let token = TokenHandle::new(world.client.clone(), address);
    let (alice, spender, other) =
        (world.alice.address(), Address::repeat_byte(8), Address::repeat_byte(9));
    let at = world.client.best().await.unwrap().hash;
    assert_eq!(token.name(at).await.unwrap(), "Dollar");
    assert_eq!(token.symbol(at).await.unwrap(), "USDX");
    assert_eq!(
        (token.decimals(at).await.unwrap(), token.mint_cap(at).await.unwrap()),
        (6, 1_000_000)
    );
    let included = world.alice.run(token.mint(alice, 1_000)).await.unwrap();
    let transfer = included.event::<MockToken::Transfer>().unwrap();
    assert_eq!(
        (transfer.from, transfer.to, transfer.value),
        (Address::ZERO, alice, U256::from(1_000))
    );
    world.alice.run(token.transfer(other, 300)).await.unwrap();
    world.alice.run(token.approve(spender, u128::MAX)).await.unwrap();
    let at = world.client.best().await.unwrap().hash;
    assert_eq!(token.balance(at, alice).await.unwrap(), 700);
    assert_eq!(token.balance(at, other).await.unwrap(), 300);
    assert_eq!(token.total_supply(at).await.unwrap(), 1_000);
    assert_eq!(token.allowance(at, alice, spender).await.unwrap(), u128::MAX);

    let error = world.alice.prepare(token.mint(alice, 1_000_001)).await.unwrap_err();
    assert_eq!(error.refused().unwrap().name, "MintCap");
    let error = world.alice.prepare(token.transfer(other, 701)).await.unwrap_err();
    assert_eq!(error.refused().unwrap().name, "ERC20InsufficientBalance");

    // What the contract stored is read without running it: every key that it holds leads back to its item.
    let keys = world.client.storage_keys(at, address).await.unwrap();
    assert!(keys.len() >= 3, "{keys:?}");
    let items = world.client.storage_many(at, address, &keys).await.unwrap();
    assert!(items.iter().all(Option::is_some), "{items:?}");
}

#[tokio::test]
async fn a_new_pool_is_read_item_by_item() {
    let world = World::instant().await;
    let governor = world.alice.address();
    // Contracts that the pool is told about have to have code.
    let other = world.counter().await;
    let constructor =
        Pool::constructorCall { governor, admin: other, feed: other, dust: 5, minDebt: 10 };
    let (address, included) =
        world.alice.instantiate(code("pool"), constructor.abi_encode(), None).await.unwrap();
    let state = PoolState::load(&world.client, included.block, address).await.unwrap();
    let root = state.root().unwrap();
    assert_eq!((root.governor, root.feed), (core_address(governor), core_address(other)));
    assert_eq!((root.dust.0, root.min_debt.0, root.count()), (5, 10, 0));
    assert!(state.accounts().unwrap().is_empty() && state.indebted().unwrap().is_empty());
    let mut again = PoolState::load_indebted(&world.client, included.block, address).await.unwrap();
    assert_eq!(again.items(), state.items());
    // The pool reads the same bytes as the client does.
    let pool = PoolHandle::new(world.client.clone(), address);
    let keys: Vec<Vec<u8>> = state.items().keys().cloned().collect();
    let items = pool.items(included.block.hash, &keys).await.unwrap();
    assert_eq!(items, state.items().values().cloned().collect::<Vec<_>>());

    let best = world.client.best().await.unwrap();
    again.refresh(&world.client, best, [governor]).await.unwrap();
    assert_eq!((again.block(), again.items()), (best, state.items()));
    // Another contract's storage is no pool's.
    let error = PoolState::load_indebted(&world.client, best, other).await.unwrap_err();
    assert!(matches!(error, ChainError::Decode { .. }), "{error}");
}
