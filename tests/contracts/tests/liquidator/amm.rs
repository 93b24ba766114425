//! The swap venue of the test chains, and the borrower of flash loans.

use super::{Scene, holder};
use crate::market::{USD, WAD, refusal};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolConstructor as _;
use weir_abi::{MockAmm, MockFlashBorrower, Pool};
use weir_harness::artifact;

#[test]
fn a_swap_keeps_the_product_and_its_fee() {
    let mut scene = Scene::new(1_800);
    let (usd, eth, amm) = (scene.usd, scene.eth, scene.amm);
    let dan = holder(&mut scene.market, "dan", (eth, 10 * WAD), amm.at);
    let world = &mut scene.market.world;
    let quote = MockAmm::quoteCall { tokenIn: eth, tokenOut: usd, amountIn: 10 * WAD };
    // 9.97 of 10 ETH buy: ⌊1,800,000 · 9.97 / 1,009.97⌋ USD.
    let bought = 17_768_844_619;
    assert_eq!(world.query(&dan, amm.at, &quote).unwrap().value, bought);
    let least = (usd, bought + 1);
    let refused = refusal(amm.swap(world, &dan, (eth, 10 * WAD), least));
    assert_eq!(refused, format!("TooLittleOut (amount {bought}, least {})", bought + 1));
    let done = amm.swap(world, &dan, (eth, 10 * WAD), (usd, bought)).unwrap();
    assert_eq!(done.value, bought);
    let expected = (1_800_000 * USD - bought, 1_010 * WAD);
    assert_eq!(amm.reserves(world, &dan, (usd, eth)).unwrap(), expected);
    assert_eq!(scene.balances(dan.address), (bought, 0));
    assert_eq!(scene.balances(amm.at), expected);
}

#[test]
fn a_swap_that_cannot_be_is_refused() {
    let mut scene = Scene::new(1_800);
    let (usd, eth, amm) = (scene.usd, scene.eth, scene.amm);
    let dan = holder(&mut scene.market, "dan", (eth, WAD), amm.at);
    let world = &mut scene.market.world;
    let other = Address::repeat_byte(3);
    assert_eq!(refusal(amm.swap(world, &dan, (eth, 0), (usd, 0))), "ZeroAmount");
    let same = refusal(amm.swap(world, &dan, (eth, 1), (eth, 0)));
    assert!(same.starts_with("SameToken"), "{same}");
    let none = refusal(amm.swap(world, &dan, (eth, 1), (other, 0)));
    assert_eq!(none, format!("NoMarket (tokenIn {eth}, tokenOut {other})"));
    // Too little to buy a unit of the other.
    let little = refusal(amm.swap(world, &dan, (eth, 1), (usd, 0)));
    assert_eq!(little, "TooLittleOut (amount 0, least 0)");
    let more = refusal(amm.swap(world, &dan, (eth, 2 * WAD), (usd, 0)));
    assert_eq!(more, format!("TokenFailed (token {eth}, flags 2)"));
    let most = refusal(amm.swap(world, &dan, (eth, u128::MAX), (usd, 0)));
    assert_eq!(most, "Overflow");
}

#[test]
fn a_borrower_pays_back_what_it_holds() {
    let mut scene = Scene::new(1_800);
    let (usd, keeper) = (scene.usd, scene.keeper.clone());
    let constructor = MockFlashBorrower::constructorCall { lender: scene.market.pool };
    let code = artifact("flash-borrower").unwrap();
    let world = &mut scene.market.world;
    let borrower = world.deploy(&keeper, &code, constructor.abi_encode()).unwrap().value;
    let lend = Pool::flashLoanCall {
        receiver: borrower,
        token: usd,
        amount: U256::from(1_000 * USD),
        data: vec![1, 2, 3].into(),
    };
    let batch = Pool::flashLoanBatchCall {
        receiver: borrower,
        tokens: vec![usd],
        amounts: vec![1_000 * USD],
        data: vec![1].into(),
    };
    // 9 bps are missing.
    let refused = refusal(scene.market.send(&keeper, &lend));
    assert_eq!(refused, format!("TokenFailed (token {usd}, flags 2)"));
    scene.market.mint_at(usd, borrower, 1_800_000);
    let receipt = scene.market.send(&keeper, &lend).unwrap().receipt;
    let event = MockFlashBorrower::Borrowed {
        initiator: keeper.address,
        token: usd,
        amount: U256::from(1_000 * USD),
        fee: U256::from(900_000),
    };
    assert_eq!(receipt.logs::<MockFlashBorrower::Borrowed>(), [(borrower, event)]);
    assert_eq!(scene.market.balance(usd, borrower), 900_000);
    scene.market.send(&keeper, &batch).unwrap();
    assert_eq!(scene.market.balance(usd, borrower), 0);
    // Nobody else has it allow anything.
    let call = weir_abi::FlashReceiver::onFlashLoanCall {
        initiator: keeper.address,
        token: usd,
        amount: U256::from(1),
        fee: U256::ZERO,
        data: Vec::new().into(),
    };
    let refused = refusal(scene.market.world.send(&keeper, borrower, &call));
    let (caller, lender) = (keeper.address, scene.market.pool);
    assert_eq!(refused, format!("NotLender (caller {caller}, lender {lender})"));
}
