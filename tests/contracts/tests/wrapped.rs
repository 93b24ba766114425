//! The native token as an ERC-20.

use crate::market::{FLOOR, Market, SEED, WAD, parameters, refusal};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolConstructor};
use weir_abi::{Admin, Wrapped};
use weir_harness::{Account, Done, Failed, Failure, Receipt, World, artifact};

/// Native money has ten decimals on this chain.
const UNIT: u128 = 10_000_000_000;
/// Wei in a native unit: 18 − 10 decimals.
const WEI: u128 = 100_000_000;
/// What an account must hold to exist: a hundredth of a token.
const EXISTENTIAL: u128 = UNIT / 100;

struct Scene {
    world: World,
    alice: Account,
    token: Address,
}

fn deploy(world: &mut World, who: &Account) -> Address {
    let constructor = Wrapped::constructorCall {
        name: "Wrapped DOT".into(),
        symbol: "WDOT".into(),
        decimals: 10,
    };
    world.deploy(who, &artifact("wrapped").unwrap(), constructor.abi_encode()).unwrap().value
}

impl Scene {
    fn new() -> Self {
        let mut world = World::new().unwrap();
        let alice = world.account("alice").unwrap();
        let deployer = world.account("deployer").unwrap();
        let token = deploy(&mut world, &deployer);
        Self { world, alice, token }
    }

    fn deposit(&mut self, who: &Account, wei: u128) -> Result<Receipt, Failed> {
        let done = self.world.pay(who, self.token, U256::from(wei), &Wrapped::depositCall {})?;
        Ok(done.receipt)
    }

    fn send<C: SolCall>(&mut self, who: &Account, call: &C) -> Result<Done<C::Return>, Failed> {
        self.world.send(who, self.token, call)
    }

    fn withdraw(&mut self, who: &Account, amount: u128) -> Result<Receipt, Failed> {
        let call = Wrapped::withdrawCall { amount: U256::from(amount) };
        self.send(who, &call).map(|done| done.receipt)
    }

    fn ask<C: SolCall>(&mut self, call: &C) -> C::Return {
        self.world.query(&self.alice, self.token, call).unwrap().value
    }

    fn balance(&mut self, account: Address) -> u128 {
        self.ask(&Wrapped::balanceOfCall { account }).try_into().unwrap()
    }

    /// Every token is backed: the contract has the wei of all of them.
    fn check_backing(&mut self) {
        let supply = self.ask(&Wrapped::totalSupplyCall {});
        assert!(self.world.balance(self.token) >= supply * U256::from(WEI));
    }
}

#[test]
fn native_money_becomes_tokens_and_tokens_become_native_money() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    let before = scene.world.native_balance(alice.address);
    let receipt = scene.deposit(&alice, 7 * UNIT * WEI).unwrap();
    let (account, amount) = (alice.address, U256::from(7 * UNIT));
    assert_eq!(
        receipt.logs::<Wrapped::Deposit>(),
        [(scene.token, Wrapped::Deposit { account, amount })]
    );
    let minted = Wrapped::Transfer { from: Address::ZERO, to: account, value: amount };
    assert_eq!(receipt.logs::<Wrapped::Transfer>(), [(scene.token, minted)]);
    assert_eq!(scene.balance(account), 7 * UNIT);
    assert_eq!(scene.ask(&Wrapped::totalSupplyCall {}), amount);
    scene.check_backing();

    let receipt = scene.withdraw(&alice, 2 * UNIT).unwrap();
    let (amount, to) = (U256::from(2 * UNIT), Address::ZERO);
    assert_eq!(
        receipt.logs::<Wrapped::Withdrawal>(),
        [(scene.token, Wrapped::Withdrawal { account, amount })]
    );
    let burnt = Wrapped::Transfer { from: account, to, value: amount };
    assert_eq!(receipt.logs::<Wrapped::Transfer>(), [(scene.token, burnt)]);
    assert_eq!(scene.balance(account), 5 * UNIT);
    scene.check_backing();
    // The last one too: the contract's own existence is paid for by its deployer.
    scene.withdraw(&alice, 5 * UNIT).unwrap();
    assert_eq!(scene.ask(&Wrapped::totalSupplyCall {}), U256::ZERO);
    assert_eq!(scene.world.balance(scene.token), U256::ZERO);
    // Storage is the only thing that was paid for.
    let deposits = before - scene.world.native_balance(account);
    assert!(deposits < UNIT, "{deposits}");
}

#[test]
fn it_is_described_as_it_was_deployed() {
    let mut scene = Scene::new();
    assert_eq!(scene.ask(&Wrapped::nameCall {}), "Wrapped DOT");
    assert_eq!(scene.ask(&Wrapped::symbolCall {}), "WDOT");
    assert_eq!(scene.ask(&Wrapped::decimalsCall {}), 10);
    let deployer = scene.world.account("deployer").unwrap();
    let code = artifact("wrapped").unwrap();
    let mut deploy = |name: String, symbol: String, decimals| {
        let constructor = Wrapped::constructorCall { name, symbol, decimals };
        refusal(scene.world.deploy(&deployer, &code, constructor.abi_encode()))
    };
    assert_eq!(deploy("n".into(), "s".into(), 19), "BadParameter (field 2, value 19)");
    assert_eq!(deploy("n".repeat(65), "s".into(), 10), "malformed");
    assert_eq!(deploy("n".into(), "s".repeat(65), 10), "malformed");
    let constructor =
        Wrapped::constructorCall { name: "n".repeat(64), symbol: String::new(), decimals: 18 };
    let token = scene.world.deploy(&deployer, &code, constructor.abi_encode()).unwrap().value;
    scene.token = token;
    assert_eq!(scene.ask(&Wrapped::nameCall {}), "n".repeat(64));
    assert_eq!(scene.ask(&Wrapped::symbolCall {}), "");
}

#[test]
fn what_is_not_a_whole_number_of_units_is_refused() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    for wei in [1, WEI - 1, WEI + 1, UNIT * WEI + 1] {
        let refused = refusal(scene.deposit(&alice, wei));
        assert_eq!(refused, format!("NotWhole (value {wei}, unit {WEI})"));
    }
    assert_eq!(refusal(scene.deposit(&alice, 0)), "ZeroAmount");
    assert_eq!(refusal(scene.withdraw(&alice, 0)), "ZeroAmount");
    scene.deposit(&alice, WEI).unwrap();
    assert_eq!(scene.balance(alice.address), 1);
}

#[test]
fn tokens_move_as_the_standard_says() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    let bob = scene.world.account("bob").unwrap();
    let (from, to) = (alice.address, bob.address);
    scene.deposit(&alice, 100 * WEI).unwrap();
    let receipt =
        scene.send(&alice, &Wrapped::transferCall { to, amount: U256::from(30) }).unwrap();
    assert!(receipt.value);
    let event = Wrapped::Transfer { from, to, value: U256::from(30) };
    assert_eq!(receipt.receipt.logs::<Wrapped::Transfer>(), [(scene.token, event)]);
    assert_eq!((scene.balance(from), scene.balance(to)), (70, 30));
    // To oneself nothing changes, and a transfer of nothing is one.
    scene.send(&alice, &Wrapped::transferCall { to: from, amount: U256::from(70) }).unwrap();
    scene.send(&alice, &Wrapped::transferCall { to, amount: U256::ZERO }).unwrap();
    assert_eq!((scene.balance(from), scene.balance(to)), (70, 30));

    for amount in [U256::from(71), U256::from(u128::MAX) + U256::from(2), U256::MAX] {
        let failed = scene.send(&alice, &Wrapped::transferCall { to, amount }).unwrap_err();
        let error = failed.error::<Wrapped::ERC20InsufficientBalance>().unwrap();
        assert_eq!((error.sender, error.balance, error.needed), (from, U256::from(70), amount));
    }
    let nobody = Wrapped::transferCall { to: Address::ZERO, amount: U256::from(1) };
    let failed = scene.send(&alice, &nobody).unwrap_err();
    assert_eq!(failed.error::<Wrapped::ERC20InvalidReceiver>().unwrap().receiver, Address::ZERO);
}

#[test]
fn an_allowance_is_spent_unless_it_is_without_end() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    let bob = scene.world.account("bob").unwrap();
    let (owner, spender) = (alice.address, bob.address);
    scene.deposit(&alice, 100 * WEI).unwrap();
    let take = |amount: u128| Wrapped::transferFromCall {
        from: owner,
        to: spender,
        amount: U256::from(amount),
    };
    let failed = scene.send(&bob, &take(1)).unwrap_err();
    let error = failed.error::<Wrapped::ERC20InsufficientAllowance>().unwrap();
    assert_eq!(
        (error.spender, error.allowance, error.needed),
        (spender, U256::ZERO, U256::from(1))
    );
    // More than 128 bits are kept as they are.
    let wide = U256::from(u128::MAX) + U256::from(5);
    for (approved, left) in
        [(U256::from(10), U256::from(6)), (wide, wide - U256::from(4)), (U256::MAX, U256::MAX)]
    {
        let approve = Wrapped::approveCall { spender, amount: approved };
        let receipt = scene.send(&alice, &approve).unwrap().receipt;
        let event = Wrapped::Approval { owner, spender, value: approved };
        assert_eq!(receipt.logs::<Wrapped::Approval>(), [(scene.token, event)]);
        scene.send(&bob, &take(4)).unwrap();
        assert_eq!(scene.ask(&Wrapped::allowanceCall { owner, spender }), left);
    }
    assert_eq!((scene.balance(owner), scene.balance(spender)), (88, 12));
    // The allowance is checked before the balance, and nothing of it is spent by a refusal.
    let failed = scene.send(&bob, &take(89)).unwrap_err();
    assert!(failed.error::<Wrapped::ERC20InsufficientBalance>().is_some());
}

/// The chain adds the existential deposit of a new account, and the signer pays it: never the contract.
#[test]
fn a_new_account_exists_at_the_cost_of_whoever_signs() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    let poor = Account::named("poor");
    assert_eq!(scene.world.native_balance(poor.address), 0);
    scene.deposit(&alice, 10 * UNIT * WEI).unwrap();
    // The chain kept the contract's own existential deposit beside what it holds for others.
    assert_eq!(scene.world.native_balance(scene.token), 10 * UNIT + EXISTENTIAL);
    let call = Wrapped::transferCall { to: poor.address, amount: U256::from(3) };
    scene.send(&alice, &call).unwrap();
    // He cannot sign: he has nothing to pay with.
    let failed = scene.withdraw(&poor, 3).unwrap_err();
    assert!(!matches!(failed.cause, Failure::Reverted(_)), "{failed}");
    scene.check_backing();
    // A plain gift to the contract mints nothing, and takes nothing from anybody.
    scene.world.mint(scene.token, UNIT).unwrap();
    assert_eq!(scene.ask(&Wrapped::totalSupplyCall {}), U256::from(10 * UNIT));
    scene.withdraw(&alice, 10 * UNIT - 3).unwrap();
    scene.check_backing();
}

#[test]
fn what_cannot_be_paid_out_stays_in_the_books() {
    let mut scene = Scene::new();
    let alice = scene.alice.clone();
    scene.deposit(&alice, 10 * WEI).unwrap();
    let failed = refusal(scene.withdraw(&alice, 11));
    assert_eq!(
        failed,
        format!("ERC20InsufficientBalance (sender {}, balance 10, needed 11)", alice.address)
    );
    // Value that a message does not take is refused by ink! itself.
    let transfer = Wrapped::transferCall { to: alice.address, amount: U256::from(1) };
    let failed = scene.world.pay(&alice, scene.token, U256::from(WEI), &transfer);
    assert_eq!(failed.map(drop).unwrap_err().cause, Failure::Trapped);
    // Calldata is taken whole or not at all.
    let mut short = transfer.abi_encode();
    short.pop();
    for data in [short, [transfer.abi_encode(), vec![0]].concat()] {
        let receipt = scene.world.call(&alice, scene.token, U256::ZERO, data);
        assert_eq!(receipt.output, Err(Failure::Reverted(vec![1, 1])));
    }
    scene.check_backing();
}

#[test]
fn the_pool_lists_it_as_any_token() {
    let mut market = Market::new();
    let governor = market.governor.clone();
    let token = deploy(&mut market.world, &governor);
    let alice = market.user("alice");
    for who in [&governor, &alice] {
        let value = U256::from(100 * UNIT * WEI);
        market.world.pay(who, token, value, &Wrapped::depositCall {}).unwrap();
        let approve = Wrapped::approveCall { spender: market.pool, amount: U256::MAX };
        market.world.send(who, token, &approve).unwrap();
    }
    let call = Admin::listCall { asset: token, parameters: parameters(), seed: SEED, floor: FLOOR };
    market.administer(&governor, &call).unwrap();
    market.price(token, 5 * WAD);
    market.supply(&alice, token, 60 * UNIT).unwrap();
    let bob = market.supplier("bob", market.eth, WAD);
    market.borrow(&bob, token, 10 * UNIT).unwrap();
    let before = market.world.native_balance(bob.address);
    let unwrap = Wrapped::withdrawCall { amount: U256::from(10 * UNIT) };
    let receipt = market.world.send(&bob, token, &unwrap).unwrap().receipt;
    let deposit = u128::try_from(-receipt.deposit).unwrap_or(0);
    assert_eq!(market.world.native_balance(bob.address), before + 10 * UNIT + deposit);
    market.withdraw(&alice, token, 50 * UNIT).unwrap();
    assert_eq!(market.balance(token, alice.address), 90 * UNIT);
}
