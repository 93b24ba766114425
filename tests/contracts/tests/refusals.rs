//! Every refusal of the user messages that can be reached, by its name and its words.

use crate::market::{FLOOR, MIN_DEBT, Market, SEED, USD, WAD, parameters, refusal};
use alloy_primitives::Address;
use weir_abi::{Admin, Pool};
use weir_harness::Account;

/// Alice supplies 5,000 USD, Bob 10 ETH (15,000 USD of capacity).
fn market() -> (Market, Account, Account) {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let alice = market.supplier("alice", usd, 5_000 * USD);
    let bob = market.supplier("bob", eth, 10 * WAD);
    (market, alice, bob)
}

fn submit(market: &mut Market, who: &Account, actions: Vec<Pool::Action>) -> String {
    let account = who.address;
    refusal(market.send(who, &Pool::submitCall { account, actions, to: account }))
}

#[test]
fn amounts_and_assets() {
    let (mut market, alice, _) = market();
    let usd = market.usd;
    let stranger = Address::repeat_byte(0xaa);
    assert_eq!(refusal(market.supply(&alice, usd, 0)), "ZeroAmount");
    assert_eq!(refusal(market.supply(&alice, usd, u128::MAX)), "Overflow");
    let refused = refusal(market.supply(&alice, stranger, 1));
    assert_eq!(refused, format!("UnknownAsset (asset {stranger})"));
    // The same first four bytes, which is all that the directory knows of a token.
    let mut alike = usd.into_array();
    alike[19] ^= 1;
    let alike = Address::from(alike);
    let refused = refusal(market.supply(&alice, alike, 1));
    assert_eq!(refused, format!("UnknownAsset (asset {alike})"));
    assert_eq!(submit(&mut market, &alice, Vec::new()), "ZeroAmount");
    let action = Pool::Action { kind: 1, asset: usd, amount: 1 };
    let unknown = Pool::Action { kind: 8, ..action };
    let refused = submit(&mut market, &alice, vec![action.clone(), unknown]);
    assert_eq!(refused, "UnknownAction (kind 8, index 1)");
    let refused = submit(&mut market, &alice, vec![action; 9]);
    assert_eq!(refused, "TooManyActions (given 9, allowed 8)");
}

#[test]
fn who_may_do_what_for_whom() {
    let (mut market, alice, bob) = market();
    let (usd, eth) = (market.usd, market.eth);
    let (a, b) = (alice.address, bob.address);
    let not_authorised = format!("NotAuthorised (caller {b}, account {a})");
    let amount = 1;
    let withdraw = Pool::withdrawCall { asset: usd, amount, account: a, to: b };
    assert_eq!(refusal(market.send(&bob, &withdraw)), not_authorised);
    let unprotect = Pool::unprotectCall { asset: usd, amount, account: a, to: b };
    assert_eq!(refusal(market.send(&bob, &unprotect)), not_authorised);
    let borrow = Pool::borrowCall { asset: usd, amount, account: a, to: b };
    assert_eq!(refusal(market.send(&bob, &borrow)), not_authorised);
    let collateral = Pool::setCollateralCall { asset: usd, on: false, account: a };
    assert_eq!(refusal(market.send(&bob, &collateral)), not_authorised);
    let category = Pool::setCategoryCall { id: 1, account: a };
    assert_eq!(refusal(market.send(&bob, &category)), not_authorised);
    // Paying in for somebody who has no leg in the reserve would open one.
    let supply = Pool::supplyCall { asset: eth, amount, account: a };
    assert_eq!(refusal(market.send(&bob, &supply)), "NoLeg (reserve 1)");
    let protect = Pool::protectCall { asset: eth, amount, account: a };
    assert_eq!(refusal(market.send(&bob, &protect)), "NoLeg (reserve 1)");
    let to = Address::ZERO;
    let withdraw = Pool::withdrawCall { asset: usd, amount, account: a, to };
    assert_eq!(refusal(market.send(&alice, &withdraw)), "ZeroAddress");
    let borrow = Pool::borrowCall { asset: usd, amount, account: a, to };
    assert_eq!(refusal(market.send(&alice, &borrow)), "ZeroAddress");
    let unprotect = Pool::unprotectCall { asset: usd, amount, account: a, to };
    assert_eq!(refusal(market.send(&alice, &unprotect)), "ZeroAddress");
}

#[test]
fn more_than_there_is() {
    let (mut market, alice, bob) = market();
    let (usd, eth, dot) = (market.usd, market.eth, market.dot);
    let refused = refusal(market.withdraw(&alice, usd, 5_000 * USD + 1));
    assert_eq!(refused, "InsufficientSupply (wanted 5000000001, available 5000000000)");
    assert_eq!(refusal(market.withdraw(&alice, eth, 1)), "NoLeg (reserve 1)");
    assert_eq!(refusal(market.unprotect(&alice, eth, 1)), "NoLeg (reserve 1)");
    let refused = refusal(market.unprotect(&alice, usd, 1));
    assert_eq!(refused, "InsufficientProtected (wanted 1, available 0)");
    assert_eq!(refusal(market.repay(&bob, usd, 1)), "NothingOwed (reserve 0)");
    let refused = refusal(market.borrow(&bob, usd, 6_000 * USD));
    let cash = SEED + 5_000 * USD;
    assert_eq!(refused, format!("InsufficientCash (wanted 6000000000, available {cash})"));
    market.borrow(&bob, usd, 4_000 * USD).unwrap();
    let refused = refusal(market.withdraw(&alice, usd, 2_000 * USD));
    let cash = SEED + 1_000 * USD;
    assert_eq!(refused, format!("InsufficientCash (wanted 2000000000, available {cash})"));
    let call = Pool::setCollateralCall { asset: dot, on: false, account: bob.address };
    assert_eq!(refusal(market.send(&bob, &call)), "NoLeg (reserve 2)");
}

#[test]
fn health_and_the_smallest_debt() {
    let (mut market, alice, bob) = market();
    let (usd, eth) = (market.usd, market.eth);
    let refused = refusal(market.borrow(&bob, usd, 9 * USD));
    let (debt, minimum) = (9 * WAD, MIN_DEBT);
    assert_eq!(refused, format!("DebtBelowMinimum (debt {debt}, minimum {minimum})"));
    // 5,000 USD · 75 % = 3,750 USD support 1.875 ETH.
    let refused = refusal(market.borrow(&alice, eth, WAD * 19 / 10));
    let (supported, owed) = (3_750 * WAD, 3_800 * WAD);
    assert_eq!(refused, format!("InsufficientCollateral (supported {supported}, owed {owed})"));
    market.borrow(&alice, eth, WAD).unwrap();
    // 2,000 USD of debt need 2,666.67 of collateral; 2,600 · 75 % = 1,950.
    let refused = refusal(market.withdraw(&alice, usd, 2_400 * USD));
    let (supported, owed) = (1_950 * WAD, 2_000 * WAD);
    assert_eq!(refused, format!("InsufficientCollateral (supported {supported}, owed {owed})"));
    let call = Pool::setCollateralCall { asset: usd, on: false, account: alice.address };
    let refused = refusal(market.send(&alice, &call));
    assert_eq!(refused, format!("InsufficientCollateral (supported 0, owed {owed})"));
    let call = Pool::setCategoryCall { id: 1, account: alice.address };
    let refused = refusal(market.send(&alice, &call));
    assert_eq!(refused, "WrongCategory (reserve 1, category 1)");
}

#[test]
fn prices_for_new_risk() {
    let (mut market, alice, bob) = market();
    let (usd, eth) = (market.usd, market.eth);
    market.world.advance(3_600).unwrap();
    market.price(usd, WAD);
    market.borrow(&bob, usd, 100 * USD).unwrap();
    market.world.advance(1).unwrap();
    let refused = refusal(market.borrow(&bob, usd, 100 * USD));
    assert_eq!(refused, "PriceStale (reserve 1, age 3601)");
    let suspect = Pool::PricePush { status: 2, ..market.push(eth, 2_000 * WAD) };
    market.on_prices(vec![suspect]).unwrap();
    let refused = refusal(market.borrow(&bob, usd, 100 * USD));
    assert_eq!(refused, "PriceNotUsable (reserve 1, status 2)");
    // What takes no risk on goes on: more collateral, paying back, leaving without debt.
    market.mint(eth, &bob, WAD);
    market.supply(&bob, eth, WAD).unwrap();
    market.repay(&bob, usd, 50 * USD).unwrap();
    market.withdraw(&alice, usd, USD).unwrap();
    let token = market.token(8);
    market.list(token, parameters()).unwrap();
    let carol = market.supplier("carol", token, 1_000_000);
    assert_eq!(refusal(market.borrow(&carol, usd, 20 * USD)), "PriceMissing (reserve 3)");
}

#[test]
fn caps_keep_their_last_tenth_for_accounts_with_debt() {
    let (mut market, alice, bob) = market();
    let usd = market.usd;
    let governor = market.governor.clone();
    let parameters = Admin::ReserveParameters {
        supplyCap: 10_000,
        borrowCap: 3_000,
        protectedCap: 1_000,
        ..parameters()
    };
    market.administer(&governor, &Admin::setParametersCall { asset: usd, parameters }).unwrap();
    market.mint(usd, &alice, 10_000 * USD);
    // 9,000 of the 10,000 are open to all, and 5,000.001 are there.
    let total = SEED + 9_000 * USD;
    let refused = refusal(market.supply(&alice, usd, 4_000 * USD));
    assert_eq!(refused, format!("SupplyCap (total {total}, cap 9000000000)"));
    let total = FLOOR + 900 * USD;
    let refused = refusal(market.protect(&alice, usd, 900 * USD));
    assert_eq!(refused, format!("ProtectedCap (total {total}, cap 900000000)"));
    let refused = refusal(market.borrow(&bob, usd, 3_001 * USD));
    assert_eq!(refused, "BorrowCap (total 3001000000, cap 3000000000)");
    market.borrow(&bob, usd, 3_000 * USD).unwrap();
    market.mint(usd, &bob, 10_000 * USD);
    market.supply(&bob, usd, 4_900 * USD).unwrap();
    market.protect(&bob, usd, 999 * USD).unwrap();
}

#[test]
fn what_a_reserve_is_for() {
    let (mut market, alice, bob) = market();
    let usd = market.usd;
    let lent_not = market.token(6);
    market.list(lent_not, Admin::ReserveParameters { flags: 0b10, ..parameters() }).unwrap();
    market.price(lent_not, WAD);
    assert_eq!(refusal(market.borrow(&bob, lent_not, 1)), "NotBorrowable (reserve 3)");
    let no_collateral = market.token(6);
    let none = Admin::ReserveParameters { flags: 0b01, ltv: 0, threshold: 0, ..parameters() };
    market.list(no_collateral, none).unwrap();
    market.mint(no_collateral, &alice, 5);
    market.supply(&alice, no_collateral, 5).unwrap();
    let call = Pool::setCollateralCall { asset: no_collateral, on: true, account: alice.address };
    assert_eq!(refusal(market.send(&alice, &call)), "NotCollateral (reserve 4)");
    let isolated = market.token(6);
    market.list(isolated, Admin::ReserveParameters { flags: 0b110, ..parameters() }).unwrap();
    market.price(isolated, WAD);
    market.borrow(&bob, usd, 100 * USD).unwrap();
    market.mint(isolated, &bob, 5);
    assert_eq!(refusal(market.supply(&bob, isolated, 5)), "Isolated (reserve 5)");
}

#[test]
fn an_account_has_eight_legs() {
    let mut market = Market::bare();
    let alice = market.user("alice");
    for leg in 0..9 {
        let token = market.token(6);
        market.list(token, parameters()).unwrap();
        market.mint(token, &alice, 10);
        let supplied = market.supply(&alice, token, 10);
        if leg < 8 {
            supplied.unwrap();
        } else {
            assert_eq!(refusal(supplied), "TooManyLegs (held 8, allowed 8)");
        }
    }
}

/// A refusal leaves no trace: the state is the same byte for byte, and no token has moved.
#[test]
fn a_refused_submission_leaves_no_trace() {
    let (mut market, _, bob) = market();
    let (usd, eth, account) = (market.usd, market.eth, bob.address);
    market.mint(eth, &bob, WAD);
    let items = |market: &mut Market| {
        let usd = market.reserve(usd);
        (usd, market.reserve(eth), market.account(account), market.item(b"n"))
    };
    let before = items(&mut market);
    let actions = vec![
        Pool::Action { kind: 0, asset: eth, amount: WAD },
        Pool::Action { kind: 5, asset: usd, amount: 1_000 * USD },
        Pool::Action { kind: 3, asset: eth, amount: 11 * WAD },
    ];
    let refused = submit(&mut market, &bob, actions);
    let owed = 1_000 * WAD;
    assert_eq!(refused, format!("InsufficientCollateral (supported 0, owed {owed})"));
    assert_eq!(items(&mut market), before);
    assert_eq!((market.balance(eth, account), market.balance(usd, account)), (WAD, 0));
}
