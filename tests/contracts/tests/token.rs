//! The token of the test chains.

use crate::refused::refused;
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolConstructor};
use weir_abi::MockToken;
use weir_harness::{Account, Done, Failed, Receipt, World, artifact};

const CAP: u64 = 1_000;

struct Token {
    world: World,
    at: Address,
    alice: Account,
    bob: Account,
    carol: Account,
}

fn amount(number: u64) -> U256 {
    U256::from(number)
}

fn transfer(from: &Account, to: &Account, number: u64) -> MockToken::Transfer {
    MockToken::Transfer { from: from.address, to: to.address, value: amount(number) }
}

impl Token {
    /// Nobody has anything yet.
    fn new() -> Self {
        let mut world = World::new().unwrap();
        let [alice, bob, carol] =
            ["alice", "bob", "carol"].map(|name| world.account(name).unwrap());
        let constructor = MockToken::constructorCall {
            name: "Wei\u{df}e D\u{fc}ne".into(),
            symbol: "DUNE".into(),
            decimals: 7,
            mintCap: amount(CAP),
        };
        let code = artifact("token").unwrap();
        let at = world.deploy(&alice, &code, constructor.abi_encode()).unwrap().value;
        Self { world, at, alice, bob, carol }
    }

    fn send<C: SolCall>(&mut self, who: &Account, call: &C) -> Result<Done<C::Return>, Failed> {
        self.world.send(who, self.at, call)
    }

    fn ask<C: SolCall>(&mut self, call: &C) -> C::Return {
        self.world.query(&self.alice, self.at, call).unwrap().value
    }

    fn mint(&mut self, to: &Account, number: u64) -> Receipt {
        let who = self.carol.clone();
        let call = MockToken::mintCall { to: to.address, amount: amount(number) };
        self.send(&who, &call).unwrap().receipt
    }

    fn balances(&mut self) -> [U256; 3] {
        [self.alice.address, self.bob.address, self.carol.address]
            .map(|account| self.ask(&MockToken::balanceOfCall { account }))
    }

    fn supply(&mut self) -> U256 {
        self.ask(&MockToken::totalSupplyCall {})
    }

    fn allowance(&mut self, owner: &Account, spender: &Account) -> U256 {
        let (owner, spender) = (owner.address, spender.address);
        self.ask(&MockToken::allowanceCall { owner, spender })
    }
}

#[test]
fn it_describes_itself() {
    let mut token = Token::new();
    assert_eq!(token.ask(&MockToken::nameCall {}), "Wei\u{df}e D\u{fc}ne");
    assert_eq!(token.ask(&MockToken::symbolCall {}), "DUNE");
    assert_eq!(token.ask(&MockToken::decimalsCall {}), 7);
    assert_eq!(token.ask(&MockToken::mintCapCall {}), amount(CAP));
    assert_eq!(token.supply(), U256::ZERO);
    assert_eq!(token.balances(), [U256::ZERO; 3]);
}

#[test]
fn anybody_mints_up_to_the_cap_a_call() {
    let mut token = Token::new();
    let bob = token.bob.clone();
    let receipt = token.mint(&bob, CAP);
    let minted = MockToken::Transfer { from: Address::ZERO, to: bob.address, value: amount(CAP) };
    assert_eq!(receipt.logs(), [(token.at, minted)]);
    token.mint(&bob, 1);
    assert_eq!((token.balances()[1], token.supply()), (amount(CAP + 1), amount(CAP + 1)));
    let call = MockToken::mintCall { to: bob.address, amount: amount(CAP + 1) };
    let result = token.send(&bob, &call);
    refused(result, &MockToken::MintCap { amount: amount(CAP + 1), cap: amount(CAP) });
    let call = MockToken::mintCall { to: Address::ZERO, amount: amount(1) };
    let result = token.send(&bob, &call);
    refused(result, &MockToken::ERC20InvalidReceiver { receiver: Address::ZERO });
    assert_eq!(token.supply(), amount(CAP + 1));
}

#[test]
fn the_supply_does_not_wrap() {
    let mut world = World::new().unwrap();
    let alice = world.account("alice").unwrap();
    let constructor = MockToken::constructorCall {
        name: String::new(),
        symbol: String::new(),
        decimals: 0,
        mintCap: U256::MAX,
    };
    let code = artifact("token").unwrap();
    let at = world.deploy(&alice, &code, constructor.abi_encode()).unwrap().value;
    let to = alice.address;
    world.send(&alice, at, &MockToken::mintCall { to, amount: U256::MAX }).unwrap();
    let result = world.send(&alice, at, &MockToken::mintCall { to, amount: amount(1) });
    refused(result, &MockToken::SupplyOverflow { supply: U256::MAX, amount: amount(1) });
}

#[test]
fn a_transfer_moves_what_is_there() {
    let mut token = Token::new();
    let (alice, bob) = (token.alice.clone(), token.bob.clone());
    token.mint(&alice, 100);
    let call = MockToken::transferCall { to: bob.address, amount: amount(30) };
    let done = token.send(&alice, &call).unwrap();
    assert!(done.value);
    assert_eq!(done.receipt.logs(), [(token.at, transfer(&alice, &bob, 30))]);
    assert_eq!(token.balances(), [amount(70), amount(30), U256::ZERO]);
    let call = MockToken::transferCall { to: bob.address, amount: amount(71) };
    let few = MockToken::ERC20InsufficientBalance {
        sender: alice.address,
        balance: amount(70),
        needed: amount(71),
    };
    refused(token.send(&alice, &call), &few);
    let call = MockToken::transferCall { to: Address::ZERO, amount: amount(1) };
    let nowhere = MockToken::ERC20InvalidReceiver { receiver: Address::ZERO };
    refused(token.send(&alice, &call), &nowhere);
    assert_eq!(token.balances(), [amount(70), amount(30), U256::ZERO]);
    assert_eq!(token.supply(), amount(100));
}

#[test]
fn a_transfer_to_oneself_and_of_nothing_changes_nothing() {
    let mut token = Token::new();
    let (alice, bob) = (token.alice.clone(), token.bob.clone());
    token.mint(&alice, 100);
    for (to, number) in [(&alice, 100), (&bob, 0)] {
        let call = MockToken::transferCall { to: to.address, amount: amount(number) };
        let done = token.send(&alice, &call).unwrap();
        assert_eq!(done.receipt.logs(), [(token.at, transfer(&alice, to, number))]);
        assert_eq!(token.balances(), [amount(100), U256::ZERO, U256::ZERO]);
    }
}

#[test]
fn an_allowance_is_spent() {
    let mut token = Token::new();
    let (alice, bob, carol) = (token.alice.clone(), token.bob.clone(), token.carol.clone());
    token.mint(&alice, 100);
    let approve = MockToken::approveCall { spender: bob.address, amount: amount(60) };
    let done = token.send(&alice, &approve).unwrap();
    assert!(done.value);
    let approval =
        MockToken::Approval { owner: alice.address, spender: bob.address, value: amount(60) };
    assert_eq!(done.receipt.logs(), [(token.at, approval)]);
    let take = |number| MockToken::transferFromCall {
        from: alice.address,
        to: carol.address,
        amount: amount(number),
    };
    let done = token.send(&bob, &take(45)).unwrap();
    assert!(done.value);
    assert_eq!(done.receipt.logs(), [(token.at, transfer(&alice, &carol, 45))]);
    assert_eq!(token.allowance(&alice, &bob), amount(15));
    assert_eq!(token.balances(), [amount(55), U256::ZERO, amount(45)]);
    let few = MockToken::ERC20InsufficientAllowance {
        spender: bob.address,
        allowance: amount(15),
        needed: amount(16),
    };
    refused(token.send(&bob, &take(16)), &few);
    // The allowance belongs to the spender, not to who would receive.
    let none = MockToken::ERC20InsufficientAllowance {
        spender: carol.address,
        allowance: U256::ZERO,
        needed: amount(1),
    };
    refused(token.send(&carol, &take(1)), &none);
    token.send(&bob, &take(15)).unwrap();
    assert_eq!(token.allowance(&alice, &bob), U256::ZERO);
}

#[test]
fn a_refused_pull_spends_no_allowance() {
    let mut token = Token::new();
    let (alice, bob) = (token.alice.clone(), token.bob.clone());
    token.mint(&alice, 10);
    let approve = MockToken::approveCall { spender: bob.address, amount: amount(60) };
    token.send(&alice, &approve).unwrap();
    let take =
        MockToken::transferFromCall { from: alice.address, to: bob.address, amount: amount(11) };
    let few = MockToken::ERC20InsufficientBalance {
        sender: alice.address,
        balance: amount(10),
        needed: amount(11),
    };
    refused(token.send(&bob, &take), &few);
    assert_eq!(token.allowance(&alice, &bob), amount(60));
}

#[test]
fn the_largest_allowance_never_shrinks_and_the_next_smaller_does() {
    let mut token = Token::new();
    let (alice, bob) = (token.alice.clone(), token.bob.clone());
    token.mint(&alice, 100);
    let take =
        MockToken::transferFromCall { from: alice.address, to: bob.address, amount: amount(40) };
    for (given, left) in [(U256::MAX, U256::MAX), (U256::MAX - amount(1), U256::MAX - amount(41))] {
        let approve = MockToken::approveCall { spender: bob.address, amount: given };
        token.send(&alice, &approve).unwrap();
        token.send(&bob, &take).unwrap();
        assert_eq!(token.allowance(&alice, &bob), left);
    }
}
