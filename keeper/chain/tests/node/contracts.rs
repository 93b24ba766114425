//! The typed handles on a real contract of Weir.

use crate::support::World;
use alloy_sol_types::SolConstructor as _;
use std::{env, fs, path::PathBuf};
use weir_chain::{Address, TokenHandle, U256, abi::MockToken};

/// The token as `weir build` made it: below `WEIR_ARTIFACTS`, else below the build folder this test stands in.
fn token_code() -> Vec<u8> {
    let folder = env::var_os("WEIR_ARTIFACTS").map_or_else(
        || env::current_exe().unwrap().ancestors().nth(3).unwrap().join("contracts/artifacts"),
        PathBuf::from,
    );
    let path = folder.join("token/token.polkavm");
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}: run `cargo weir build` first", path.display()))
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
    let (address, _) = world.alice.instantiate(token_code(), constructor.abi_encode(), None).await.unwrap();
    let token = TokenHandle::new(world.client.clone(), address);
    let (alice, spender, other) = (world.alice.address(), Address::repeat_byte(8), Address::repeat_byte(9));
    let at = world.client.best().await.unwrap().hash;
    assert_eq!(token.name(at).await.unwrap(), "Dollar");
    assert_eq!(token.symbol(at).await.unwrap(), "USDX");
    assert_eq!((token.decimals(at).await.unwrap(), token.mint_cap(at).await.unwrap()), (6, 1_000_000));
    let included = world.alice.run(token.mint(alice, 1_000)).await.unwrap();
    let transfer = included.event::<MockToken::Transfer>().unwrap();
    assert_eq!((transfer.from, transfer.to, transfer.value), (Address::ZERO, alice, U256::from(1_000)));
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
