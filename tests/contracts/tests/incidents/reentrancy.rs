//! Tokens whose transfer calls an attacker's contract, which calls the pool again.
//!
//! The pool calls tokens with re-entry denied, after everything is stored: whatever such a token does, the outer message
//! ends as if it had done nothing.

use super::stage::{Stage, stored};
use crate::{
    evm::{
        puppet::{Outcome, Puppet},
        token::EvmToken,
    },
    market::{Market, USD, WAD},
};
use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::SolCall;
use weir_abi::{Admin, Lens, Pool};
use weir_harness::Account;

/// A stage with a puppet that has a position and is the feed; Carol has one, too, and Dave's can be liquidated.
struct Attack {
    market: Market,
    puppet: Puppet,
    carol: Account,
    bob: Account,
    dave: Address,
    frank: Address,
}

fn attack() -> Attack {
    let Stage { mut market, bob, .. } = Stage::new();
    let (usd, eth, dot, pool) = (market.usd, market.eth, market.dot, market.pool);
    let governor = market.governor.clone();
    // Both debts and collaterals of 1,000 and 1,500 USD: dots against dollars, and dollars against dots.
    market.supplier("grace", dot, 1_000 * 10_000_000_000);
    let dave = market.supplier("dave", dot, 300 * 10_000_000_000);
    market.borrow(&dave, usd, 1_000 * USD).unwrap();
    let frank = market.supplier("frank", usd, 1_500 * USD);
    market.borrow(&frank, dot, 200 * 10_000_000_000).unwrap();
    let puppet = Puppet::new(&mut market.world, &governor, [1; 32]);
    let carol = market.holder("carol", usd, 10_000 * USD);
    for token in [usd, eth, dot] {
        market.mint_at(token, puppet.at, 10_000 * WAD);
        market.mint_at(token, carol.address, 10_000 * WAD);
    }
    let actions = |account| Pool::submitCall {
        account,
        actions: vec![
            super::stage::action(0, eth, WAD),
            super::stage::action(1, usd, 100 * USD),
            super::stage::action(0, usd, 100 * USD),
            super::stage::action(5, dot, 20 * 10_000_000_000),
        ],
        to: account,
    };
    puppet.execute(&mut market.world, &governor, pool, &actions(puppet.at)).output.unwrap();
    market.send(&carol, &actions(carol.address)).unwrap();
    let holder = puppet.at;
    market.set_feed(holder);
    Attack { market, puppet, carol, bob, dave: dave.address, frank: frank.address }
}

impl Attack {
    fn liquidate(&self, borrower: Address, debt: Address, collateral: Address) -> Vec<u8> {
        Pool::liquidateCall {
            borrower,
            debt,
            collateral,
            maxRepay: u128::MAX,
            minSeized: 0,
            receiveShares: false,
            data: Bytes::new(),
        }
        .abi_encode()
    }

    /// Messages that `account` can send, by name: those that move dollars first.
    fn messages(&self, account: Address) -> Vec<(&'static str, Vec<u8>)> {
        let (usd, dot, to) = (self.market.usd, self.market.dot, account);
        let debtor = self.bob.address;
        vec![
            ("supply", Pool::supplyCall { asset: usd, amount: USD, account }.abi_encode()),
            ("protect", Pool::protectCall { asset: usd, amount: USD, account }.abi_encode()),
            ("repay", Pool::repayCall { asset: usd, amount: USD, account: debtor }.abi_encode()),
            ("withdraw", Pool::withdrawCall { asset: usd, amount: USD, account, to }.abi_encode()),
            (
                "unprotect",
                Pool::unprotectCall { asset: usd, amount: USD, account, to }.abi_encode(),
            ),
            ("borrow", Pool::borrowCall { asset: usd, amount: 10 * USD, account, to }.abi_encode()),
            ("fundInsurance", Pool::fundInsuranceCall { asset: usd, amount: USD }.abi_encode()),
            ("liquidate, repaid", self.liquidate(self.dave, usd, dot)),
            ("liquidate, seized", self.liquidate(self.frank, dot, usd)),
        ]
    }

    /// What the puppet tries while the token moves: where, and with what.
    fn tries(&mut self) -> Vec<(&'static str, Address, Vec<u8>)> {
        let (pool, lens, usd, dot) =
            (self.market.pool, self.market.lens, self.market.usd, self.market.dot);
        let account = self.puppet.at;
        let mut tries: Vec<_> =
            self.messages(account).into_iter().map(|(name, data)| (name, pool, data)).collect();
        let prices = vec![self.market.push(dot, 4 * WAD)];
        let keys = vec![Bytes::from_static(b"n")];
        let skim = Admin::skimCall { asset: usd }.abi_encode().into();
        let set = Pool::setCollateralCall { asset: usd, on: true, account };
        tries.extend([
            ("setCollateral", pool, set.abi_encode()),
            ("setCategory", pool, Pool::setCategoryCall { id: 0, account }.abi_encode()),
            ("accrue", pool, Pool::accrueCall { asset: usd }.abi_encode()),
            ("onPrices", pool, Pool::onPricesCall { prices }.abi_encode()),
            ("administer", pool, Pool::administerCall { call: skim }.abi_encode()),
            ("items", pool, Pool::itemsCall { keys }.abi_encode()),
            ("lens", lens, Lens::accountDataCall { pool, account }.abi_encode()),
        ]);
        tries
    }

    fn arm(&mut self, hook: Address) {
        let (governor, usd) = (self.market.governor.clone(), self.market.usd);
        let behaviour = U256::from_be_bytes(hook.into_word().0);
        self.market.world.send(&governor, usd, &EvmToken::behaveCall { behaviour }).unwrap();
    }

    fn people(&self) -> [Address; 5] {
        [self.puppet.at, self.carol.address, self.bob.address, self.dave, self.frank]
    }
}

/// Also the read-only form (23): nobody reads the pool in the middle of a message.
#[test]
fn incident_01_05_09_11_23_a_token_hook_reenters() {
    let mut attack = attack();
    let (pool, usd, dot) = (attack.market.pool, attack.market.usd, attack.market.dot);
    let governor = attack.market.governor.clone();
    let feed_price = |attack: &mut Attack, price| {
        let push = attack.market.push(dot, price);
        let call = Pool::onPricesCall { prices: vec![push] };
        let puppet = attack.puppet;
        puppet.execute(&mut attack.market.world, &governor, pool, &call).output.unwrap();
    };
    // A surplus, so that there is something to skim.
    attack.market.mint_at(usd, pool, USD);
    let start = attack.market.world.snapshot();
    let tries = attack.tries();
    let carol = attack.carol.clone();
    for (outer, data) in attack.messages(carol.address) {
        attack.market.world.restore(&start);
        // Dave's dots are worth 1,050 USD against 1,000, or Frank's 200 dots cost 1,400 against his 1,500 USD.
        let price = if outer.ends_with("repaid") { 7 * WAD / 2 } else { 7 * WAD };
        if outer.starts_with("liquidate") {
            feed_price(&mut attack, price);
        }
        let before = attack.market.world.snapshot();
        attack.market.world.call(&carol, pool, U256::ZERO, data.clone()).output.unwrap();
        let people = attack.people();
        let expected = stored(&mut attack.market, &people);
        for (inner, target, lesson) in &tries {
            attack.market.world.restore(&before);
            let puppet = attack.puppet;
            puppet.teach(&mut attack.market.world, &governor, *target, lesson);
            attack.arm(puppet.at);
            let receipt = attack.market.world.call(&carol, pool, U256::ZERO, data.clone());
            assert!(receipt.output.is_ok(), "{inner} in {outer}: {:?}", receipt.output);
            let outcome = puppet.outcome(&mut attack.market.world);
            assert!(matches!(outcome, Outcome::Refused(_)), "{inner} in {outer}: {outcome:?}");
            let after = stored(&mut attack.market, &people);
            assert_eq!(after, expected, "{inner} in {outer} left a trace");
        }
        attack.market.check_books();
    }
}

/// What the puppet tried in vain works at any other time.
#[test]
fn incident_01_05_09_11_23_without_the_outer_message_the_tries_work() {
    let mut attack = attack();
    let (pool, usd, dot) = (attack.market.pool, attack.market.usd, attack.market.dot);
    let governor = attack.market.governor.clone();
    attack.market.mint_at(usd, pool, USD);
    let tries = attack.tries();
    let start = attack.market.world.snapshot();
    for (name, target, lesson) in tries {
        attack.market.world.restore(&start);
        let puppet = attack.puppet;
        if name.starts_with("liquidate") {
            let price = if name.ends_with("repaid") { 7 * WAD / 2 } else { 7 * WAD };
            let push = attack.market.push(dot, price);
            let call = Pool::onPricesCall { prices: vec![push] };
            puppet.execute(&mut attack.market.world, &governor, pool, &call).output.unwrap();
        }
        puppet.teach(&mut attack.market.world, &governor, target, &lesson);
        puppet.call_back(&mut attack.market.world, &governor);
        assert_eq!(puppet.outcome(&mut attack.market.world), Outcome::Worked, "{name}");
    }
}
