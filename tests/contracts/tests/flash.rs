//! Flash loans: ERC-3156 and batches, and what their receivers can and cannot do.

use crate::{
    evm::{
        executor::{self, Failures},
        token::{Behaviour, EvmToken},
    },
    market::{Market, SEED, SHARES, USD, WAD, parameters, refusal},
};
use alloy_primitives::{Address, B256, Bytes, U256, keccak256};
use alloy_sol_types::{SolCall, SolError as _};
use weir_abi::{Admin, FlashReceiver, Pool};
use weir_harness::{Account, Failed, Receipt};

const SUPPLIED: u128 = 5_000 * USD;
/// 9 bps of 1,000 USD.
const FEE: u128 = 900_000;

struct Scene {
    market: Market,
    alice: Account,
    /// Who asks; he is not the receiver.
    carol: Account,
    receiver: Address,
}

fn magic() -> [u8; 32] {
    keccak256("ERC3156FlashBorrower.onFlashLoan").0
}

fn batch_magic() -> [u8; 32] {
    keccak256("WeirFlashBorrower.onBatchFlashLoan").0
}

/// Alice supplied 5,000 USD, of which up to 4,000 are lent at once for 9 bps, half of it for the insurance.
fn market() -> (Market, Account, Account) {
    let mut market = Market::new();
    let usd = market.usd;
    for (asset, flash_cap) in [(usd, 4_000), (market.eth, 10)] {
        let governor = market.governor.clone();
        let parameters = Admin::ReserveParameters {
            flashFee: 9,
            flashSplit: 5_000,
            flashCap: flash_cap,
            flags: 0b1011,
            ..parameters()
        };
        market.administer(&governor, &Admin::setParametersCall { asset, parameters }).unwrap();
    }
    let alice = market.supplier("alice", usd, SUPPLIED);
    let carol = market.user("carol");
    (market, alice, carol)
}

impl Scene {
    /// With a receiver that does what the data says.
    fn new(failures: Failures) -> Self {
        let (mut market, alice, carol) = market();
        // The arguments of `onFlashLoan` are five words of head.
        let code = executor::code_for(market.pool, magic(), failures, 5);
        let receiver = market.world.deploy(&carol, &code, Vec::new()).unwrap().value;
        Self { market, alice, carol, receiver }
    }

    fn call(&self, amount: u128, data: Vec<u8>) -> Pool::flashLoanCall {
        Pool::flashLoanCall {
            receiver: self.receiver,
            token: self.market.usd,
            amount: U256::from(amount),
            data: data.into(),
        }
    }

    fn lend(&mut self, amount: u128, data: Vec<u8>) -> Result<Receipt, Failed> {
        let call = self.call(amount, data);
        let carol = self.carol.clone();
        let done = self.market.send(&carol, &call)?;
        assert!(done.value, "flashLoan says true");
        Ok(done.receipt)
    }

    /// Data that has the receiver mint itself so much of the token.
    fn earn(&self, amount: u128) -> Vec<u8> {
        let mint = EvmToken::mintCall { to: self.receiver, amount: U256::from(amount) };
        executor::then_call(self.market.usd, &mint)
    }

    fn ask<C: SolCall>(&mut self, call: &C) -> Result<C::Return, Failed> {
        let (pool, who) = (self.market.pool, self.carol.clone());
        self.market.world.query(&who, pool, call).map(|done| done.value)
    }
}

/// I-FL-01: the pool has the fee more, the receiver has nothing, and the event says all of it.
#[test]
fn i_fl_01_a_loan_brings_its_fee() {
    let mut scene = Scene::new(Failures::PassOn);
    let (usd, pool) = (scene.market.usd, scene.market.pool);
    let before = scene.market.balance(usd, pool);
    let data = scene.earn(FEE);
    let receipt = scene.lend(1_000 * USD, data).unwrap();
    assert_eq!(scene.market.balance(usd, pool), before + FEE);
    assert_eq!(scene.market.balance(usd, scene.receiver), 0);
    let books = scene.market.reserve(usd).balances;
    assert_eq!(books.supply.assets.0, SUPPLIED + SEED + FEE);
    // Half of the fee buys shares once the other half is the suppliers'.
    let (units, held) = (SUPPLIED + SEED + 1, SUPPLIED + SEED + FEE / 2 + 1);
    let minted = FEE / 2 * SHARES * units / held;
    assert_eq!(books.insurance.0, minted);
    let event = Pool::FlashLoaned {
        asset: usd,
        receiver: scene.receiver,
        initiator: scene.carol.address,
        assets: 1_000 * USD,
        fee: FEE,
        insuranceShares: minted,
    };
    assert_eq!(receipt.logs::<Pool::FlashLoaned>(), [(pool, event)]);
    scene.market.check_books();
    // Whoever supplied shares the other half: Alice gets more than she gave.
    let alice = scene.alice.clone();
    scene.market.withdraw(&alice, usd, u128::MAX).unwrap();
    assert!(scene.market.balance(usd, alice.address) > SUPPLIED + FEE * 4 / 10);
}

#[test]
fn the_views_of_erc_3156() {
    let mut scene = Scene::new(Failures::PassOn);
    let (usd, dot) = (scene.market.usd, scene.market.dot);
    let max = |token| Pool::maxFlashLoanCall { token };
    let fee = |token, amount| Pool::flashFeeCall { token, amount: U256::from(amount) };
    // The cap, then the cash.
    assert_eq!(scene.ask(&max(usd)).unwrap(), U256::from(4_000 * USD));
    let alice = scene.alice.clone();
    scene.market.withdraw(&alice, usd, 3_000 * USD).unwrap();
    assert_eq!(scene.ask(&max(usd)).unwrap(), U256::from(2_000 * USD + SEED));
    // What is not lent has no maximum, and its fee is refused.
    assert_eq!(scene.ask(&max(dot)).unwrap(), U256::ZERO);
    assert_eq!(scene.ask(&max(Address::ZERO)).unwrap(), U256::ZERO);
    assert_eq!(scene.ask(&fee(usd, 1)).unwrap(), U256::from(1));
    assert_eq!(scene.ask(&fee(usd, 10_000)).unwrap(), U256::from(9));
    assert_eq!(refusal(scene.ask(&fee(dot, 1))), "FlashDisabled (reserve 2)");
    let nobody = Address::ZERO;
    assert_eq!(refusal(scene.ask(&fee(nobody, 1))), format!("UnknownAsset (asset {nobody})"));
}

/// I-FL-03: the receiver learns who asked, what, and what it costs.
#[test]
fn i_fl_03_the_receiver_is_told_the_truth() {
    let (mut market, _, carol) = market();
    let (usd, pool) = (market.usd, market.pool);
    let code = executor::recorder(magic());
    let receiver = market.world.deploy(&carol, &code, Vec::new()).unwrap().value;
    market.mint_at(usd, receiver, FEE);
    let data = Bytes::from((0..40).collect::<Vec<u8>>());
    let call = Pool::flashLoanCall { receiver, token: usd, amount: U256::from(1_000 * USD), data };
    market.world.send(&carol, pool, &call).unwrap();
    let mut slot = |at: u8| {
        let mut key = [0; 32];
        key[31] = at;
        market
            .world
            .slot(receiver, key)
            .unwrap()
            .map_or(U256::ZERO, |word| U256::from_be_slice(&word))
    };
    let selector = U256::from_be_slice(&FlashReceiver::onFlashLoanCall::SELECTOR);
    let head = [carol.address, usd].map(|address| U256::from_be_bytes(address.into_word().0));
    assert_eq!((slot(255), [slot(0), slot(1)]), (selector, head));
    assert_eq!([slot(2), slot(3)], [1_000 * USD, FEE].map(U256::from));
    assert_eq!([slot(4), slot(5)], [160, 40].map(U256::from));
    let words: Vec<u8> = (0..40).chain([0; 24]).collect();
    assert_eq!(slot(6), U256::from_be_slice(&words[..32]));
    assert_eq!(slot(7), U256::from_be_slice(&words[32..]));
    assert_eq!(slot(8), U256::ZERO);
}

#[test]
fn what_is_not_lent_is_refused_by_name() {
    let mut scene = Scene::new(Failures::PassOn);
    let (usd, dot, carol) = (scene.market.usd, scene.market.dot, scene.carol.clone());
    assert_eq!(refusal(scene.lend(0, Vec::new())), "ZeroAmount");
    let (most, one_more) = (4_000 * USD, 4_000 * USD + 1);
    let over = format!("FlashCap (amount {one_more}, cap {most})");
    assert_eq!(refusal(scene.lend(one_more, Vec::new())), over);
    let huge = Pool::flashLoanCall { amount: U256::MAX, ..scene.call(0, Vec::new()) };
    let over = format!("FlashCap (amount {}, cap {most})", u128::MAX);
    assert_eq!(refusal(scene.market.send(&carol, &huge)), over);
    let other = |token| Pool::flashLoanCall { token, ..scene.call(1, Vec::new()) };
    let (of_dot, of_none) = (other(dot), other(carol.address));
    assert_eq!(refusal(scene.market.send(&carol, &of_dot)), "FlashDisabled (reserve 2)");
    let unknown = format!("UnknownAsset (asset {})", carol.address);
    assert_eq!(refusal(scene.market.send(&carol, &of_none)), unknown);
    let to_carol = Pool::flashLoanCall { receiver: carol.address, ..scene.call(1, Vec::new()) };
    let no_code = format!("NotContract (target {})", carol.address);
    assert_eq!(refusal(scene.market.send(&carol, &to_carol)), no_code);
    let long = refusal(scene.lend(1, vec![0; 4_097]));
    assert_eq!(long, "BadParameter (field 3, value 4097)");
    let alice = scene.alice.clone();
    scene.market.withdraw(&alice, usd, 3_000 * USD).unwrap();
    let (wanted, cash) = (3_000 * USD, 2_000 * USD + SEED);
    let short = format!("InsufficientCash (wanted {wanted}, available {cash})");
    assert_eq!(refusal(scene.lend(wanted, Vec::new())), short);
    let governor = scene.market.governor.clone();
    let pause = Admin::pauseCall { asset: usd, operations: 1 << 9, duration: 60 };
    scene.market.administer(&governor, &pause).unwrap();
    assert!(refusal(scene.lend(1, Vec::new())).starts_with("Paused (operation 9"));
}

#[test]
fn whoever_does_not_confirm_or_pay_has_borrowed_nothing() {
    let mut scene = Scene::new(Failures::PassOn);
    let (usd, receiver, pool) = (scene.market.usd, scene.receiver, scene.market.pool);
    let before = scene.market.item(b"r\0");
    let refused = format!("CallbackRefused (receiver {receiver})");
    for word in [B256::ZERO, keccak256("WeirLiquidator.onLiquidate"), batch_magic().into()] {
        assert_eq!(refusal(scene.lend(1_000 * USD, word.to_vec())), refused);
    }
    // One unit less than the fee.
    let data = scene.earn(FEE - 1);
    let unpaid = format!("TokenFailed (token {usd}, flags 2)");
    assert_eq!(refusal(scene.lend(1_000 * USD, data)), unpaid);
    // It kept the money.
    let give = EvmToken::transferCall { to: pool, amount: U256::from(1_000 * USD) };
    let data = executor::then_call(usd, &give);
    assert_eq!(refusal(scene.lend(1_000 * USD, data)), unpaid);
    // The pool itself and the token do not confirm either.
    for receiver in [pool, usd] {
        let call = Pool::flashLoanCall { receiver, ..scene.call(1, Vec::new()) };
        let carol = scene.carol.clone();
        let refused = format!("CallbackRefused (receiver {receiver})");
        assert_eq!(refusal(scene.market.send(&carol, &call)), refused);
    }
    assert_eq!(scene.market.item(b"r\0"), before);
    // A token that fails on the way out.
    scene.market.behave(usd, Behaviour::SaysFalse);
    let data = scene.earn(FEE);
    assert_eq!(refusal(scene.lend(1, data)), format!("TokenFailed (token {usd}, flags 0)"));
}

/// I-FL-02: refused inside of the callback, and the receiver goes on.
#[test]
fn i_fl_02_the_lock_keeps_loans_prices_and_administration_out() {
    let mut scene = Scene::new(Failures::Swallow);
    let (usd, pool, receiver) = (scene.market.usd, scene.market.pool, scene.receiver);
    scene.market.mint_at(usd, receiver, 10 * FEE);
    scene.market.set_feed(receiver);
    let prices = vec![scene.market.push(usd, WAD)];
    let grant =
        Admin::setOperatorCall { operator: pool, permissions: 1, expiry: u32::MAX }.abi_encode();
    let batch = Pool::flashLoanBatchCall {
        receiver,
        tokens: vec![usd],
        amounts: vec![USD],
        data: Bytes::new(),
    };
    let before = scene.market.world.snapshot();
    for inner in [
        scene.call(USD, Vec::new()).abi_encode(),
        batch.abi_encode(),
        Pool::administerCall { call: grant.into() }.abi_encode(),
        Pool::onPricesCall { prices }.abi_encode(),
    ] {
        scene.lend(USD, [pool.into_word().to_vec(), inner].concat()).unwrap();
        let error = scene.market.world.slot(receiver, [0; 32]).unwrap().unwrap();
        assert_eq!(error[..4], Pool::CallbackOpen::SELECTOR);
        scene.market.world.restore(&before);
    }
}

/// The lent cash is nobody else's, everything else works, and what it did stays.
#[test]
fn in_a_callback_the_pool_works_on_consistent_state() {
    let mut scene = Scene::new(Failures::Swallow);
    let (usd, pool, receiver) = (scene.market.usd, scene.market.pool, scene.receiver);
    scene.market.mint_at(usd, receiver, 10 * USD);
    let supply = Pool::supplyCall { asset: usd, amount: 3 * USD, account: receiver };
    scene.lend(USD, executor::then_call(pool, &supply)).unwrap();
    assert_eq!(scene.market.world.slot(receiver, [0; 32]).unwrap(), None);
    assert_eq!(scene.market.holdings(receiver, usd).0, 3 * USD * SHARES);
    scene.market.check_books();
    let alice = scene.alice.clone();
    scene.market.withdraw(&alice, usd, 4_999 * USD).unwrap();
    // 1 + 3 USD, the seed and the fee of 900 are there, all but the seed are lent.
    let withdraw =
        Pool::withdrawCall { asset: usd, amount: 3 * USD, account: receiver, to: receiver };
    scene.lend(4 * USD, executor::then_call(pool, &withdraw)).unwrap();
    let error = scene.market.world.slot(receiver, [0; 32]).unwrap().unwrap();
    assert_eq!(error[..4], Pool::InsufficientCash::SELECTOR);
    scene.market.check_books();
}

/// Two tokens in order, an executor for the callback of two tokens.
fn batch_scene() -> (Scene, [Address; 2]) {
    let (mut market, alice, carol) = market();
    let eth = market.eth;
    market.supplier("erin", eth, WAD);
    // Five words of head, three arrays of a length and two words.
    let code = executor::code_for(market.pool, batch_magic(), Failures::PassOn, 5 + 3 * 3);
    let receiver = market.world.deploy(&carol, &code, Vec::new()).unwrap().value;
    let mut tokens = [market.usd, eth];
    tokens.sort();
    (Scene { market, alice, carol, receiver }, tokens)
}

fn amounts(scene: &Scene, tokens: &[Address]) -> Vec<u128> {
    let amount = |token| if token == scene.market.usd { 1_000 * USD } else { WAD / 10 };
    tokens.iter().map(|token| amount(*token)).collect()
}

fn lend_batch(
    scene: &mut Scene,
    tokens: &[Address],
    amounts: Vec<u128>,
    data: Vec<u8>,
) -> Result<Receipt, Failed> {
    let (receiver, carol) = (scene.receiver, scene.carol.clone());
    let call =
        Pool::flashLoanBatchCall { receiver, tokens: tokens.to_vec(), amounts, data: data.into() };
    scene.market.send(&carol, &call).map(|done| done.receipt)
}

#[test]
fn a_batch_is_lent_and_returned_whole() {
    let (mut scene, tokens) = batch_scene();
    let (usd, eth, receiver) = (scene.market.usd, scene.market.eth, scene.receiver);
    // 9 bps of a tenth of an ETH.
    let fee_eth = 90_000_000_000_000;
    scene.market.mint_at(eth, receiver, fee_eth);
    let each = amounts(&scene, &tokens);
    let data = scene.earn(FEE);
    let receipt = lend_batch(&mut scene, &tokens, each.clone(), data).unwrap();
    let lent: Vec<_> = receipt
        .logs::<Pool::FlashLoaned>()
        .iter()
        .map(|(_, event)| (event.asset, event.assets, event.fee, event.initiator))
        .collect();
    let fee = |token| if token == usd { FEE } else { fee_eth };
    let expected = [0, 1].map(|i| (tokens[i], each[i], fee(tokens[i]), scene.carol.address));
    assert_eq!(lent, expected);
    assert_eq!([usd, eth].map(|token| scene.market.balance(token, receiver)), [0, 0]);
    scene.market.check_books();
    // One fee is missing: nothing stands.
    let data = scene.earn(FEE);
    let unpaid = format!("TokenFailed (token {eth}, flags 2)");
    assert_eq!(refusal(lend_batch(&mut scene, &tokens, each, data)), unpaid);
}

#[test]
fn the_receiver_of_a_batch_is_told_the_truth() {
    let (mut scene, tokens) = batch_scene();
    let (usd, eth, carol) = (scene.market.usd, scene.market.eth, scene.carol.clone());
    let code = executor::recorder(batch_magic());
    scene.receiver = scene.market.world.deploy(&carol, &code, Vec::new()).unwrap().value;
    scene.market.mint_at(usd, scene.receiver, USD);
    scene.market.mint_at(eth, scene.receiver, WAD);
    let each = amounts(&scene, &tokens);
    lend_batch(&mut scene, &tokens, each.clone(), vec![7; 33]).unwrap();
    let fees = each.iter().map(|amount| U256::from(amount * 9 / 10_000)).collect();
    let call = FlashReceiver::onBatchFlashLoanCall {
        initiator: carol.address,
        tokens: tokens.to_vec(),
        amounts: each.into_iter().map(U256::from).collect(),
        fees,
        data: vec![7; 33].into(),
    }
    .abi_encode();
    let mut slot = |at: u8| {
        let mut key = [0; 32];
        key[31] = at;
        scene.market.world.slot(scene.receiver, key).unwrap().unwrap_or_default()
    };
    assert_eq!(slot(255)[28..], call[..4]);
    // What an encoder of the interface writes, word for word.
    for (at, word) in (0..).zip(call[4..].chunks(32)) {
        assert_eq!(slot(at), word, "word {at}");
    }
}

#[test]
fn a_batch_out_of_order_is_refused() {
    let (mut scene, [first, second]) = batch_scene();
    let mut batch = |tokens: &[Address], amounts: Vec<u128>| {
        refusal(lend_batch(&mut scene, tokens, amounts, Vec::new()))
    };
    assert_eq!(batch(&[], vec![]), "ZeroAmount");
    let unsorted = format!("NotAscending (asset {first}, index 1)");
    assert_eq!(batch(&[second, first], vec![1, 1]), unsorted);
    assert_eq!(batch(&[first, first], vec![1, 1]), unsorted);
    assert_eq!(batch(&[first, second], vec![1]), "BadParameter (field 2, value 1)");
    assert_eq!(batch(&[first], vec![1, 1]), "BadParameter (field 2, value 2)");
    let many: Vec<_> = (1..=9).map(Address::repeat_byte).collect();
    assert_eq!(batch(&many, vec![1; 9]), "BadParameter (field 1, value 9)");
    assert_eq!(batch(&[first, second], vec![1, 0]), "ZeroAmount");
}
