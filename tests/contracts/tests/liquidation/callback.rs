//! Liquidations with data: the collateral comes first, then the callback, then the repayment is pulled.

use super::{Ask, CUT, REPAID, SEIZED, Scene};
use crate::{
    evm::{
        executor::{self, Failures},
        token::EvmToken,
    },
    market::{SHARES, USD, WAD, refusal},
};
use alloy_primitives::{Address, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolError as _};
use weir_abi::{Admin, LiquidationReceiver, Pool};
use weir_harness::{Failed, Receipt};

/// A scene with an executor, which belongs to nobody and passes everything on to the pool.
fn with_executor(price: u128) -> (Scene, Address) {
    with_failures(price, Failures::PassOn)
}

fn with_failures(price: u128, failures: Failures) -> (Scene, Address) {
    let mut scene = Scene::at(price);
    let magic = keccak256("WeirLiquidator.onLiquidate");
    let code = executor::code(scene.market.pool, magic.0, failures);
    let carol = scene.carol.clone();
    let executor = scene.market.world.deploy(&carol, &code, Vec::new()).unwrap().value;
    (scene, executor)
}

impl Scene {
    /// Has the executor liquidate; `data` says what it does in the callback.
    fn execute(&mut self, executor: Address, data: Vec<u8>) -> Result<Receipt, Failed> {
        let call = self.call(Ask { data: data.into(), ..Ask::default() });
        self.pass(executor, &call)
    }

    /// Has the executor call the pool.
    fn pass<C: SolCall>(&mut self, executor: Address, call: &C) -> Result<Receipt, Failed> {
        let carol = self.carol.clone();
        let world = &mut self.market.world;
        let receipt = world.call(&carol, executor, U256::ZERO, call.abi_encode());
        match &receipt.output {
            Ok(_) => Ok(receipt),
            Err(cause) => Err(Failed { cause: cause.clone(), weight: receipt.weight }),
        }
    }
}

fn refused_by(executor: Address) -> String {
    format!("CallbackRefused (receiver {executor})")
}

#[test]
fn a_liquidator_needs_no_capital() {
    let (mut scene, executor) = with_executor(1_800);
    let usd = scene.market.usd;
    // In the callback it gets itself exactly what it owes.
    let mint = EvmToken::mintCall { to: executor, amount: U256::from(REPAID) };
    let receipt = scene.execute(executor, executor::then_call(usd, &mint)).unwrap();
    let logs = receipt.logs::<Pool::Liquidated>();
    assert_eq!((logs[0].1.caller, logs[0].1.repaid), (executor, REPAID));
    let eth = scene.market.eth;
    assert_eq!(scene.market.balance(usd, executor), 0);
    assert_eq!(scene.market.balance(eth, executor), SEIZED - CUT);
    scene.market.check_books();
    // The lock is open again.
    scene.market.price(eth, 1_700 * WAD);
}

#[test]
fn the_collateral_is_there_in_the_callback_and_the_repayment_is_not_gone() {
    let (mut scene, executor) = with_executor(1_800);
    let (usd, eth) = (scene.market.usd, scene.market.eth);
    scene.market.mint_at(usd, executor, REPAID);
    // It hands on the collateral that it received, which it could not before or after losing the repayment.
    let dave = scene.market.user("dave").address;
    let amount = U256::from(SEIZED - CUT);
    let give = EvmToken::transferCall { to: dave, amount };
    scene.execute(executor, executor::then_call(eth, &give)).unwrap();
    assert_eq!(scene.market.balance(eth, dave), SEIZED - CUT);
    // The repayment is pulled afterwards: whoever gives it away in the callback cannot pay.
    let (mut scene, executor) = with_executor(1_800);
    let usd = scene.market.usd;
    scene.market.mint_at(usd, executor, REPAID);
    let give = EvmToken::transferCall { to: dave, amount: U256::from(1) };
    let refused = refusal(scene.execute(executor, executor::then_call(usd, &give)));
    assert_eq!(refused, format!("TokenFailed (token {usd}, flags 2)"));
}

#[test]
fn the_receiver_must_confirm_and_have_code() {
    let (mut scene, executor) = with_executor(1_800);
    let usd = scene.market.usd;
    scene.market.mint_at(usd, executor, REPAID);
    let refused = refused_by(executor);
    // Another word than the magic one, even if it is the selector.
    for word in [
        U256::ZERO,
        U256::from(1),
        U256::from_be_slice(&LiquidationReceiver::onLiquidateCall::SELECTOR),
    ] {
        let data = word.to_be_bytes_vec();
        assert_eq!(refusal(scene.execute(executor, data)), refused);
    }
    // What fails in the callback, fails the liquidation.
    let give = EvmToken::transferCall { to: executor, amount: U256::MAX };
    let data = executor::then_call(usd, &give);
    assert_eq!(refusal(scene.execute(executor, data)), refused);
    // An account without code cannot be called back.
    let ask = Ask { data: Bytes::from_static(b"x"), ..Ask::default() };
    let carol = scene.carol.address;
    assert_eq!(refusal(scene.liquidate(ask)), format!("NotContract (target {carol})"));
}

#[test]
fn in_a_callback_the_pool_works_on_consistent_state() {
    let (mut scene, executor) = with_executor(1_800);
    let (usd, eth, pool) = (scene.market.usd, scene.market.eth, scene.market.pool);
    scene.market.mint_at(usd, executor, REPAID);
    // It supplies a part of the collateral at once. What was stored before the callback stays.
    let supply = Pool::supplyCall { asset: eth, amount: WAD / 10, account: executor };
    let receipt = scene.execute(executor, executor::then_call(pool, &supply)).unwrap();
    assert_eq!(receipt.logs::<Pool::Supplied>().len(), 1);
    let market = &mut scene.market;
    assert_eq!(market.holdings(executor, eth), (WAD / 10 * SHARES, 0));
    assert_eq!(market.holdings(scene.bob.address, eth), ((WAD - SEIZED) * SHARES, 0));
    assert_eq!(market.balance(eth, executor), SEIZED - CUT - WAD / 10);
    assert_eq!(market.reserve(eth).balances.insurance.0, CUT * SHARES);
    market.check_books();
    // Reading is open, too: the lens and others see the state after the liquidation.
    let (mut scene, executor) = with_executor(1_800);
    scene.market.mint_at(scene.market.usd, executor, REPAID);
    let items = Pool::itemsCall { keys: vec![Bytes::from_static(b"n")] };
    let pool = scene.market.pool;
    scene.execute(executor, executor::then_call(pool, &items)).unwrap();
}

#[test]
fn a_second_liquidation_without_data_is_possible_in_a_callback() {
    let (mut scene, executor) = with_executor(1_800);
    let (usd, dot, pool) = (scene.market.usd, scene.market.dot, scene.market.pool);
    // Dave owes 3,000 USD against 1,000 dots, which fall from 5 to 3.5 USD.
    let dave = scene.market.supplier("dave", dot, 1_000 * 10_000_000_000);
    scene.market.borrow(&dave, usd, 3_000 * USD).unwrap();
    scene.market.price(dot, WAD * 7 / 2);
    scene.market.mint_at(usd, executor, 5_000 * USD);
    let other = Pool::liquidateCall {
        borrower: dave.address,
        collateral: dot,
        ..scene.call(Ask { max_repay: 500 * USD, ..Ask::default() })
    };
    let receipt = scene.execute(executor, executor::then_call(pool, &other)).unwrap();
    let borrowers: Vec<_> =
        receipt.logs::<Pool::Liquidated>().iter().map(|(_, event)| event.borrower).collect();
    assert_eq!(borrowers, [scene.bob.address, dave.address]);
    scene.market.check_books();
}

/// Each of these works outside of a callback, from the executor, and is refused inside of one. The executor confirms all
/// the same, so that the liquidation itself stands.
#[test]
fn the_lock_keeps_prices_administration_and_nested_callbacks_out() {
    let (mut scene, executor) = with_failures(1_800, Failures::Swallow);
    let (usd, eth, pool) = (scene.market.usd, scene.market.eth, scene.market.pool);
    scene.market.mint_at(usd, executor, 2 * REPAID);
    scene.market.set_feed(executor);
    scene.market.mint_at(eth, pool, 7);
    let skim = Admin::skimCall { asset: eth };
    let administer = Pool::administerCall { call: skim.abi_encode().into() }.abi_encode();
    let prices = vec![scene.market.push(eth, 1_790 * WAD)];
    let prices = Pool::onPricesCall { prices }.abi_encode();
    // In its own callback the nested one would give back a token of the pool.
    let give = EvmToken::mintCall { to: executor, amount: U256::from(1) };
    let data = executor::then_call(usd, &give);
    let nested = scene.call(Ask { data: data.into(), ..Ask::default() }).abi_encode();
    let before = scene.market.world.snapshot();
    for inner in [administer, prices, nested] {
        let data = [pool.into_word().to_vec(), inner.clone()].concat();
        let receipt = scene.execute(executor, data).unwrap();
        assert_eq!(receipt.logs::<Pool::Liquidated>().len(), 1);
        let error = scene.market.world.slot(executor, [0; 32]).unwrap().unwrap();
        assert_eq!(error[..4], Pool::CallbackOpen::SELECTOR);
        scene.market.world.restore(&before);
        let carol = scene.carol.clone();
        let receipt = scene.market.world.call(&carol, executor, U256::ZERO, inner);
        assert!(receipt.output.is_ok(), "{:?}", receipt.output);
        assert_eq!(scene.market.world.slot(executor, [0; 32]).unwrap(), None);
        scene.market.world.restore(&before);
    }
}

#[test]
fn data_beyond_four_kilobytes_is_refused() {
    let (mut scene, executor) = with_executor(1_800);
    let usd = scene.market.usd;
    scene.market.mint_at(usd, executor, REPAID);
    let refused = refusal(scene.execute(executor, vec![0; 4_097]));
    assert_eq!(refused, "BadParameter (field 6, value 4097)");
}
