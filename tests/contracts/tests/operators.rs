//! Operators: who may act for an account, until when, and what remains the owner's.

use crate::market::{Market, SHARES, USD, WAD, refusal};
use alloy_primitives::Address;
use alloy_sol_types::SolCall as _;
use weir_abi::{Admin, Lens, Pool};
use weir_harness::{Account, Failed, Receipt};

const WITHDRAW: u8 = 1;
const BORROW: u8 = 2;
const SETTINGS: u8 = 4;
const PAYOUT: u8 = 8;

struct Scene {
    market: Market,
    alice: Account,
    bob: Account,
}

impl Scene {
    /// Alice supplied 1 ETH and lets Bob do this for an hour; there are dollars to borrow.
    fn new(permissions: u8) -> Self {
        let mut market = Market::new();
        let (usd, eth) = (market.usd, market.eth);
        market.supplier("dave", usd, 5_000 * USD);
        let alice = market.supplier("alice", eth, WAD);
        let bob = market.user("bob");
        let mut scene = Self { market, alice, bob };
        scene.grant(permissions, 3_600).unwrap();
        scene
    }

    fn grant(&mut self, permissions: u8, seconds: u64) -> Result<Receipt, Failed> {
        let expiry = u32::try_from(self.market.world.now() + seconds).unwrap();
        let call = Admin::setOperatorCall { operator: self.bob.address, permissions, expiry };
        let alice = self.alice.clone();
        self.market.administer(&alice, &call)
    }

    /// Bob borrows dollars for Alice.
    fn borrow(&mut self, to: Address) -> Result<Receipt, Failed> {
        let (asset, account, bob) = (self.market.usd, self.alice.address, self.bob.clone());
        let call = Pool::borrowCall { asset, amount: 100 * USD, account, to };
        self.market.send(&bob, &call).map(|done| done.receipt)
    }

    fn told(&mut self) -> (u8, u32) {
        let (pool, account, operator) = (self.market.pool, self.alice.address, self.bob.address);
        let call = Lens::operatorCall { pool, account, operator };
        let (lens, who) = (self.market.lens, self.bob.clone());
        let told = self.market.world.query(&who, lens, &call).unwrap().value;
        (told.permissions, told.expiry)
    }

    fn refused(&self) -> String {
        format!("NotAuthorised (caller {}, account {})", self.bob.address, self.alice.address)
    }
}

#[test]
fn an_operator_borrows_for_the_account_and_not_for_himself() {
    let mut scene = Scene::new(BORROW);
    let (usd, alice, bob) = (scene.market.usd, scene.alice.address, scene.bob.address);
    let receipt = scene.borrow(alice).unwrap();
    let borrowed = &receipt.logs::<Pool::Borrowed>()[0].1;
    assert_eq!((borrowed.account, borrowed.caller, borrowed.to), (alice, bob, alice));
    assert_eq!(scene.market.balance(usd, alice), 100 * USD);
    let refused = scene.refused();
    assert_eq!(refusal(scene.borrow(bob)), refused);
    scene.grant(BORROW | PAYOUT, 60).unwrap();
    scene.borrow(bob).unwrap();
    assert_eq!(scene.market.balance(usd, bob), 100 * USD);
    assert_eq!(scene.market.debt(bob, usd), 0);
    // What he may not do he does not do.
    let (asset, caller) = (scene.market.eth, scene.bob.clone());
    let take = Pool::withdrawCall { asset, amount: 1, account: alice, to: alice };
    assert_eq!(refusal(scene.market.send(&caller, &take)), refused);
    let off = Pool::setCollateralCall { asset, on: false, account: alice };
    assert_eq!(refusal(scene.market.send(&caller, &off)), refused);
}

#[test]
fn an_operator_withdraws_and_settles() {
    let mut scene = Scene::new(WITHDRAW | SETTINGS);
    let (eth, alice, bob) = (scene.market.eth, scene.alice.address, scene.bob.clone());
    let take = Pool::withdrawCall { asset: eth, amount: WAD / 2, account: alice, to: alice };
    scene.market.send(&bob, &take).unwrap();
    assert_eq!(scene.market.balance(eth, alice), WAD / 2);
    let off = Pool::setCollateralCall { asset: eth, on: false, account: alice };
    scene.market.send(&bob, &off).unwrap();
    let id = scene.market.id(eth);
    assert!(scene.market.account(alice).supply(id).unwrap().opted_out);
    let refused = scene.refused();
    assert_eq!(refusal(scene.borrow(alice)), refused);
}

#[test]
fn a_grant_expires_and_can_be_taken_back() {
    let mut scene = Scene::new(BORROW);
    let alice = scene.alice.address;
    let refused = scene.refused();
    let expiry = u32::try_from(scene.market.world.now() + 3_600).unwrap();
    assert_eq!(scene.told(), (BORROW, expiry));
    scene.market.world.advance(3_599).unwrap();
    let (usd, eth) = (scene.market.usd, scene.market.eth);
    for (token, price) in [(usd, WAD), (eth, 2_000 * WAD)] {
        scene.market.price(token, price);
    }
    scene.borrow(alice).unwrap();
    scene.market.world.advance(1).unwrap();
    assert_eq!(refusal(scene.borrow(alice)), refused);
    assert_eq!(scene.told(), (0, 0));
    scene.grant(BORROW, 60).unwrap();
    scene.borrow(alice).unwrap();
    let receipt = scene.grant(0, 60).unwrap();
    let (account, operator) = (alice, scene.bob.address);
    let event = Pool::OperatorSet { account, operator, permissions: 0, expiry: 0 };
    assert_eq!(receipt.logs::<Pool::OperatorSet>(), [(scene.market.pool, event)]);
    assert_eq!(refusal(scene.borrow(alice)), refused);
    assert_eq!(scene.told(), (0, 0));
    let key = [b"o", alice.as_slice(), operator.as_slice()].concat();
    assert!(scene.market.item(&key).is_empty());
}

/// What Bob names are operators of Bob.
#[test]
fn an_operator_names_no_operators() {
    let mut scene = Scene::new(15);
    let (carol, bob) = (scene.market.user("carol"), scene.bob.clone());
    let call =
        Admin::setOperatorCall { operator: carol.address, permissions: 15, expiry: u32::MAX };
    scene.market.administer(&bob, &call).unwrap();
    let (asset, account, to) = (scene.market.eth, scene.alice.address, carol.address);
    let take = Pool::withdrawCall { asset, amount: 1, account, to };
    let refused = format!("NotAuthorised (caller {}, account {account})", carol.address);
    assert_eq!(refusal(scene.market.send(&carol, &take)), refused);
    let (from, pool) = (bob.address, scene.market.pool);
    assert_eq!(scene.market.item(&[b"o", from.as_slice(), to.as_slice()].concat()).len(), 5);
    assert!(scene.market.item(&[b"o", account.as_slice(), to.as_slice()].concat()).is_empty());
    // The pool itself is nobody's operator unless it is named: `administer` keeps the caller.
    assert!(scene.market.item(&[b"o", account.as_slice(), pool.as_slice()].concat()).is_empty());
}

#[test]
fn an_operator_opens_a_leg_for_the_account() {
    let mut scene = Scene::new(SETTINGS);
    let (usd, account) = (scene.market.usd, scene.alice.address);
    let bob = scene.bob.clone();
    let carol = scene.market.holder("carol", usd, USD);
    let pay = Pool::supplyCall { asset: usd, amount: USD, account };
    assert_eq!(refusal(scene.market.send(&carol, &pay)), "NoLeg (reserve 0)");
    scene.market.mint(usd, &bob, USD);
    scene.market.send(&bob, &pay).unwrap();
    assert_eq!(scene.market.holdings(account, usd), (USD * SHARES, 0));
    // Now that it is there anybody may pay into it.
    scene.market.send(&carol, &pay).unwrap();
}

#[test]
fn what_cannot_be_granted_is_refused() {
    let mut scene = Scene::new(0);
    let alice = scene.alice.clone();
    let now = u32::try_from(scene.market.world.now()).unwrap();
    let mut set = |operator, permissions, expiry| {
        let call = Admin::setOperatorCall { operator, permissions, expiry };
        refusal(scene.market.administer(&alice, &call))
    };
    let bob = scene.bob.address;
    assert_eq!(set(Address::ZERO, 1, now + 1), "ZeroAddress");
    assert!(set(alice.address, 1, now + 1).starts_with("BadParameter (field 0"));
    assert_eq!(set(bob, 16, now + 1), "BadParameter (field 1, value 16)");
    assert_eq!(set(bob, 1, now), format!("BadParameter (field 2, value {now})"));
    let call = Admin::setOperatorCall { operator: bob, permissions: 1, expiry: now + 1 };
    let (admin, data) = (scene.market.admin, call.abi_encode());
    let receipt = scene.market.world.call(&alice, admin, Default::default(), data);
    assert!(receipt.output.is_err(), "the admin code by itself is no pool");
}
