//! What each message that moves money does: events, books, legs and token balances, to the unit.
//!
//! As long as no interest is booked every asset is a million shares in every reserve: the seed of 1,000 units minted
//! 1,000 · (0 + 10^6) / (0 + 1) shares, and from then on (S + 10^6) / (A + 1) = 10^6 exactly.

use crate::market::{FLOOR, Market, SEED, SHARES, USD, WAD};
use weir_abi::{Admin, Pool};
use weir_core::state::keys;

const ALL: u128 = u128::MAX;

#[test]
fn supply_mints_shares_and_pulls_tokens() {
    let mut market = Market::new();
    let usd = market.usd;
    let alice = market.holder("alice", usd, 1_500 * USD);
    let receipt = market.supply(&alice, usd, 1_000 * USD).unwrap();
    let account = alice.address;
    let (assets, shares) = (1_000 * USD, 1_000 * USD * SHARES);
    assert_eq!(
        receipt.logs::<Pool::Supplied>(),
        [(market.pool, Pool::Supplied { asset: usd, account, caller: account, assets, shares })]
    );
    assert_eq!(receipt.events.len(), 1);
    assert_eq!(market.holdings(account, usd), (shares, 0));
    assert_eq!(market.balance(usd, account), 500 * USD);
    let books = market.reserve(usd).balances;
    assert_eq!(books.cash.0, SEED + 1_000 * USD);
    assert_eq!(books.supply.assets.0, SEED + 1_000 * USD);
    assert_eq!(books.supply.shares.0, (SEED + 1_000 * USD) * SHARES);
    assert_eq!(market.account(account).version, 1);
    // For another account: only into a leg that it has.
    let bob = market.holder("bob", usd, 7);
    let call = Pool::supplyCall { asset: usd, amount: 7, account };
    let receipt = market.send(&bob, &call).unwrap().receipt;
    let event =
        Pool::Supplied { asset: usd, account, caller: bob.address, assets: 7, shares: 7 * SHARES };
    assert_eq!(receipt.logs::<Pool::Supplied>(), [(market.pool, event)]);
    assert_eq!(market.holdings(account, usd), (shares + 7 * SHARES, 0));
    market.check_books();
}

#[test]
fn what_is_protected_is_held_apart() {
    let mut market = Market::new();
    let dot = market.dot;
    let alice = market.holder("alice", dot, 100);
    let account = alice.address;
    let receipt = market.protect(&alice, dot, 60).unwrap();
    let event = Pool::Protected { asset: dot, account, caller: account, assets: 60 };
    assert_eq!(receipt.logs::<Pool::Protected>(), [(market.pool, event)]);
    assert_eq!(market.holdings(account, dot), (0, 60));
    let books = market.reserve(dot).balances;
    assert_eq!((books.protected.0, books.cash.0, books.supply.assets.0), (FLOOR + 60, SEED, SEED));
    let receipt = market.unprotect(&alice, dot, 20).unwrap();
    let event = Pool::Unprotected { asset: dot, account, caller: account, to: account, assets: 20 };
    assert_eq!(receipt.logs::<Pool::Unprotected>(), [(market.pool, event)]);
    assert_eq!(market.balance(dot, account), 60);
    market.unprotect(&alice, dot, ALL).unwrap();
    assert_eq!((market.balance(dot, account), market.holdings(account, dot)), (100, (0, 0)));
    assert_eq!(market.reserve(dot).balances.protected.0, FLOOR);
    market.check_books();
}

#[test]
fn withdraw_burns_shares_and_pays_whom_it_is_told() {
    let mut market = Market::new();
    let usd = market.usd;
    let alice = market.supplier("alice", usd, 1_000 * USD);
    let account = alice.address;
    let to = market.user("carol").address;
    let call = Pool::withdrawCall { asset: usd, amount: 400 * USD, account, to };
    let receipt = market.send(&alice, &call).unwrap().receipt;
    let (assets, shares) = (400 * USD, 400 * USD * SHARES);
    let event = Pool::Withdrawn { asset: usd, account, caller: account, to, assets, shares };
    assert_eq!(receipt.logs::<Pool::Withdrawn>(), [(market.pool, event)]);
    assert_eq!(market.balance(usd, to), 400 * USD);
    assert_eq!(market.holdings(account, usd), (600 * USD * SHARES, 0));
    market.withdraw(&alice, usd, ALL).unwrap();
    assert_eq!((market.balance(usd, account), market.holdings(account, usd)), (600 * USD, (0, 0)));
    assert_eq!(market.reserve(usd).balances.cash.0, SEED);
    market.check_books();
}

/// Bob supplies 1 ETH (2,000 USD at an ltv of 75 %) and borrows what Alice supplied.
fn with_debt(owed: u128) -> (Market, weir_harness::Account) {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    market.supplier("alice", usd, 2_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, owed).unwrap();
    (market, bob)
}

#[test]
fn borrow_mints_debt_and_enters_the_list_of_the_indebted() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    market.supplier("alice", usd, 2_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    let account = bob.address;
    // 1 ETH · 2,000 · 75 % supports exactly 1,500 USD.
    let receipt = market.borrow(&bob, usd, 1_500 * USD).unwrap();
    let (assets, shares) = (1_500 * USD, 1_500 * USD * SHARES);
    let event =
        Pool::Borrowed { asset: usd, account, caller: account, to: account, assets, shares };
    assert_eq!(receipt.logs::<Pool::Borrowed>(), [(market.pool, event)]);
    assert_eq!((market.balance(usd, account), market.debt(account, usd)), (assets, shares));
    let books = market.reserve(usd).balances;
    assert_eq!(books.cash.0, SEED + 500 * USD);
    assert_eq!((books.debt.assets.0, books.debt.shares.0), (assets, shares));
    assert_eq!(market.item(&keys::INDEBTED_COUNT), 1_u32.to_le_bytes());
    assert_eq!(market.item(&keys::indebted_page(0)), account.as_slice());
    market.check_books();
}

#[test]
fn repay_clamps_to_the_debt() {
    let (mut market, bob) = with_debt(1_000 * USD);
    let (usd, account) = (market.usd, bob.address);
    let receipt = market.repay(&bob, usd, 400 * USD).unwrap();
    let (assets, shares) = (400 * USD, 400 * USD * SHARES);
    let event = Pool::Repaid { asset: usd, account, caller: account, assets, shares };
    assert_eq!(receipt.logs::<Pool::Repaid>(), [(market.pool, event)]);
    assert_eq!(market.debt(account, usd), 600 * USD * SHARES);
    // Carol offers more than there is, for Bob: 600 USD are taken.
    let carol = market.holder("carol", usd, 900 * USD);
    let call = Pool::repayCall { asset: usd, amount: 900 * USD, account };
    let receipt = market.send(&carol, &call).unwrap().receipt;
    let (assets, shares) = (600 * USD, 600 * USD * SHARES);
    let event = Pool::Repaid { asset: usd, account, caller: carol.address, assets, shares };
    assert_eq!(receipt.logs::<Pool::Repaid>(), [(market.pool, event)]);
    assert_eq!(market.balance(usd, carol.address), 300 * USD);
    let books = market.reserve(usd).balances;
    assert_eq!((books.debt.assets.0, books.debt.shares.0), (0, 0));
    // The account stays in the list; it is append-only.
    assert_eq!(market.item(&keys::INDEBTED_COUNT), 1_u32.to_le_bytes());
    market.check_books();
}

#[test]
fn collateral_can_be_opted_out_and_in() {
    let (mut market, bob) = with_debt(100 * USD);
    let (dot, account) = (market.dot, bob.address);
    market.mint(dot, &bob, 1_000);
    market.supply(&bob, dot, 1_000).unwrap();
    for on in [false, true] {
        let call = Pool::setCollateralCall { asset: dot, on, account };
        let receipt = market.send(&bob, &call).unwrap().receipt;
        let event = Pool::CollateralSet { asset: dot, account, caller: account, on };
        assert_eq!(receipt.logs::<Pool::CollateralSet>(), [(market.pool, event)]);
        let id = market.id(dot);
        assert_eq!(market.account(account).supply(id).unwrap().opted_out, !on);
    }
}

#[test]
fn an_account_chooses_its_category() {
    let mut market = Market::new();
    let alice = market.user("alice");
    let account = alice.address;
    let receipt = market.send(&alice, &Pool::setCategoryCall { id: 7, account }).unwrap().receipt;
    let event = Pool::CategorySet { account, caller: account, category: 7 };
    assert_eq!(receipt.logs::<Pool::CategorySet>(), [(market.pool, event)]);
    assert_eq!(market.account(account).category, 7);
}

#[test]
fn a_submission_is_one_step_and_moves_each_token_once() {
    let mut market = Market::new();
    let (usd, eth, dot) = (market.usd, market.eth, market.dot);
    market.supplier("alice", usd, 2_000 * USD);
    let bob = market.holder("bob", eth, WAD);
    market.mint(dot, &bob, 50);
    let account = bob.address;
    let to = market.user("carol").address;
    let action = |kind, asset, amount| Pool::Action { kind, asset, amount };
    // Borrowing stands before the collateral: only the final state is checked.
    let actions = vec![
        action(5, usd, 1_000 * USD),
        action(0, eth, WAD),
        action(1, dot, 50),
        action(4, dot, 20),
        action(2, usd, 300 * USD),
    ];
    let receipt = market.send(&bob, &Pool::submitCall { account, actions, to }).unwrap().receipt;
    assert_eq!(receipt.events.len(), 5);
    // 1,000 − 300 USD go to Carol; 50 − 20 of the dots are pulled from Bob.
    assert_eq!((market.balance(usd, to), market.balance(usd, account)), (700 * USD, 0));
    assert_eq!((market.balance(dot, account), market.balance(dot, to)), (20, 0));
    assert_eq!(market.holdings(account, eth), (WAD * SHARES, 0));
    assert_eq!(market.holdings(account, dot), (0, 30));
    assert_eq!(market.debt(account, usd), 700 * USD * SHARES);
    // One for each event about the account.
    assert_eq!(market.account(account).version, 5);
    market.check_books();
}

#[test]
fn interest_is_booked_to_the_unit() {
    let mut market = Market::new();
    let (usd, eth) = (market.usd, market.eth);
    let governor = market.governor.clone();
    // 10 % a year at every utilisation.
    let parameters = Admin::ReserveParameters { rateBase: 100_000, ..crate::market::parameters() };
    market.administer(&governor, &Admin::setParametersCall { asset: usd, parameters }).unwrap();
    market.supplier("alice", usd, 2_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.borrow(&bob, usd, 1_000 * USD).unwrap();
    market.world.advance(86_400).unwrap();
    let receipt = market.send(&bob, &Pool::accrueCall { asset: usd }).unwrap().receipt;
    // r = ⌊10^17 / 31,536,000⌋ = 3,170,979,198 a second, x = 86,400 · r = 273,972,602,707,200,
    // growth = x + ⌊x²/2⌋ + ⌊x³/6⌋ = x + 37,530,493,517 + 3,427,442 = 274,010,136,628,159.
    // 10^9 units · growth / 10^18 = 274,010.136628159; a tenth of it, 27,401, is the fee:
    // ⌊27,401 · (2,000,001,000 · 10^6 + 10^6) / (2,000,275,010 − 27,401 + 1)⌋ = 27,397,621,751 shares.
    let event = Pool::Accrued {
        asset: usd,
        interest: 274_010,
        insuranceShares: 27_397_621_751,
        treasuryShares: 0,
        remainder: 136_628_159_000_000_000,
        rateAtTarget: 0,
        time: u32::try_from(market.world.now()).unwrap(),
    };
    assert_eq!(receipt.logs::<Pool::Accrued>(), [(market.pool, event)]);
    let books = market.reserve(usd).balances;
    assert_eq!(books.debt.assets.0, 1_000 * USD + 274_010);
    assert_eq!(books.supply.assets.0, SEED + 2_000 * USD + 274_010);
    assert_eq!(books.insurance.0, 27_397_621_751);
    // A second time in the same block nothing happens.
    let receipt = market.send(&bob, &Pool::accrueCall { asset: usd }).unwrap().receipt;
    assert_eq!(receipt.events, []);
    // The last debt shares cost all that is owed.
    market.mint(usd, &bob, USD);
    market.repay(&bob, usd, ALL).unwrap();
    assert_eq!(market.balance(usd, bob.address), USD - 274_010);
    market.check_books();
}

#[test]
fn anyone_funds_the_insurance() {
    let mut market = Market::new();
    let usd = market.usd;
    let carol = market.holder("carol", usd, 500 * USD);
    let call = Pool::fundInsuranceCall { asset: usd, amount: 500 * USD };
    let receipt = market.send(&carol, &call).unwrap().receipt;
    let (assets, shares) = (500 * USD, 500 * USD * SHARES);
    let event = Pool::InsuranceFunded { asset: usd, caller: carol.address, assets, shares };
    assert_eq!(receipt.logs::<Pool::InsuranceFunded>(), [(market.pool, event)]);
    let books = market.reserve(usd).balances;
    assert_eq!((books.insurance.0, books.cash.0), (shares, SEED + assets));
    market.check_books();
}
