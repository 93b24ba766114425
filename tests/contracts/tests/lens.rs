//! What the lens says is what the pool holds, and what it foretells is what the pool does.

use crate::market::{Market, SEED, SHARES, USD, WAD, parameters, refusal};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError as _};
use weir_abi::{Admin, Lens, Pool};
use weir_harness::{Account, Failed};

impl Market {
    fn ask<C: SolCall>(&mut self, call: &C) -> Result<C::Return, Failed> {
        let (lens, who) = (self.lens, self.governor.clone());
        self.world.query(&who, lens, call).map(|done| done.value)
    }

    fn account_data(&mut self, account: Address) -> Lens::AccountData {
        let pool = self.pool;
        self.ask(&Lens::accountDataCall { pool, account }).unwrap()
    }

    fn reserve_data(&mut self, asset: Address) -> Lens::ReserveData {
        let pool = self.pool;
        self.ask(&Lens::reserveDataCall { pool, asset }).unwrap()
    }
}

/// Alice supplied 2,000 USD at 10 % a year, Bob 1 ETH and protects 10 dots; he owes 1,000 USD. A day has passed.
fn market() -> (Market, Account, Account) {
    let mut market = Market::new();
    let (usd, eth, dot) = (market.usd, market.eth, market.dot);
    let governor = market.governor.clone();
    let parameters = Admin::ReserveParameters { rateBase: 100_000, ..parameters() };
    market.administer(&governor, &Admin::setParametersCall { asset: usd, parameters }).unwrap();
    let alice = market.supplier("alice", usd, 2_000 * USD);
    let bob = market.supplier("bob", eth, WAD);
    market.mint(dot, &bob, 10 * 10_000_000_000);
    market.protect(&bob, dot, 10 * 10_000_000_000).unwrap();
    market.borrow(&bob, usd, 1_000 * USD).unwrap();
    market.world.advance(86_400).unwrap();
    market.price(usd, WAD);
    let spread = Pool::PricePush { downBps: 100, upBps: 200, ..market.push(eth, 2_000 * WAD) };
    let dots = market.push(dot, 5 * WAD);
    market.on_prices(vec![spread, dots]).unwrap();
    (market, alice, bob)
}

#[test]
fn a_reserve_with_its_interest_up_to_now() {
    let (mut market, _, _) = market();
    let (usd, eth) = (market.usd, market.eth);
    let data = market.reserve_data(usd);
    // The interest of a day, worked out in `money::interest_is_booked_to_the_unit`.
    let expected = Lens::ReserveData {
        token: usd,
        decimals: 6,
        flags: 0b11,
        supplyAssets: SEED + 2_000 * USD + 274_010,
        supplyShares: (SEED + 2_000 * USD) * SHARES + 27_397_621_751,
        debtAssets: 1_000 * USD + 274_010,
        debtShares: 1_000 * USD * SHARES,
        protectedAssets: 10,
        cash: SEED + 1_000 * USD,
        insuranceShares: 27_397_621_751,
        treasuryShares: 0,
        // ⌊1,000.274010 / 2,000.275010 · 10^18⌋, and 3,170,979,198 · 31,536,000 a year.
        utilisation: 500_068_243_116_230_302,
        borrowRate: 99_999_999_988_128_000,
        // ⌊borrow rate · utilisation⌋ · 90 %, down.
        supplyRate: 45_006_141_875_117_598,
        ltv: 7_500,
        threshold: 8_000,
        price: WAD,
        priceLow: WAD,
        priceHigh: WAD,
        priceTime: data.priceTime,
        priceRound: data.priceRound,
        priceStatus: 1,
    };
    assert_eq!(data, expected);
    assert_eq!(u64::from(data.priceTime), market.world.now());
    let data = market.reserve_data(eth);
    // 2,000 · (1 − 1 %) and 2,000 · (1 + 2 %).
    assert_eq!((data.priceLow, data.priceHigh), (1_980 * WAD, 2_040 * WAD));
    let stranger = Address::repeat_byte(7);
    let pool = market.pool;
    let refused = refusal(market.ask(&Lens::reserveDataCall { pool, asset: stranger }));
    assert_eq!(refused, format!("UnknownAsset (asset {stranger})"));
}

#[test]
fn an_account_with_its_legs_and_prices() {
    let (mut market, alice, bob) = market();
    let data = market.account_data(bob.address);
    // 1 ETH at 2,000 and 10 dots at 5; 1,000.274010 USD of debt.
    assert_eq!((data.collateralValue, data.debtValue), (2_050 * WAD, 1_000_274_010 * WAD / USD));
    // At their low prices: (1,980 + 50) · 75 %.
    assert_eq!(data.borrowCapacity, 1_522_500 * WAD / 1_000);
    // ⌊2,050 · 0.8 / 1,000.274010 · 10^18⌋.
    assert_eq!(data.healthFactor, 1_639_550_746_699_896_761);
    assert_eq!((data.liquidatable, data.version, data.legs.len()), (false, 3, 3));
    let eth = &data.legs[0];
    assert_eq!((eth.token, eth.supplied, eth.owed, eth.collateral), (market.eth, WAD, 0, true));
    // (1,000.274010 / 0.8 − 50) USD: below this price of ETH Bob is liquidatable.
    assert_eq!(eth.liquidationPrice, 1_200_342_512_500_000_000_000);
    let dot = &data.legs[1];
    assert_eq!((dot.token, dot.protectedAssets), (market.dot, 10 * 10_000_000_000));
    // ETH alone covers the debt: no price of the dot does it.
    assert_eq!(dot.liquidationPrice, 0);
    let usd = &data.legs[2];
    assert_eq!((usd.token, usd.owed, usd.collateral), (market.usd, 1_000_274_010, false));
    // 1,640 / 1,000.274010, down.
    assert_eq!(usd.liquidationPrice, 1_639_550_746_699_896_761);
    let data = market.account_data(alice.address);
    assert_eq!((data.healthFactor, data.legs.len()), (u128::MAX, 1));
    let nobody = market.account_data(Address::repeat_byte(5));
    assert_eq!((nobody.collateralValue, nobody.version, nobody.legs.len()), (0, 0, 0));
}

#[test]
fn the_liquidation_price_is_exact() {
    let (mut market, _, bob) = market();
    let (eth, account) = (market.eth, bob.address);
    let price = market.account_data(account).legs[0].liquidationPrice;
    market.price(eth, price);
    assert!(!market.account_data(account).liquidatable);
    market.world.advance(1).unwrap();
    // Without the second's interest.
    let (mut market, _, bob) = self::market();
    let eth = market.eth;
    market.price(eth, price - 1_000);
    assert!(market.account_data(bob.address).liquidatable);
}

/// What the lens foretells: nothing, or an error with its words.
fn foretold(allowed: bool, selector: [u8; 4], a: U256, b: U256) -> Option<Vec<u8>> {
    let words = [selector.to_vec(), a.to_be_bytes_vec(), b.to_be_bytes_vec()].concat();
    (!allowed).then_some(words)
}

#[test]
fn a_preview_is_what_happens() {
    let (mut market, alice, bob) = market();
    let (usd, eth, dot) = (market.usd, market.eth, market.dot);
    for account in [&alice, &bob] {
        for token in [usd, eth, dot] {
            market.mint(token, account, 1_000_000_000_000_000_000_000);
        }
    }
    let action = |kind, asset, amount| Pool::Action { kind, asset, amount };
    let stranger = Address::repeat_byte(1);
    let mut cases = Vec::new();
    // Each kind in each reserve with amounts that fit, that do not, and all.
    for kind in 0..9 {
        for asset in [usd, eth, dot, stranger] {
            for amount in [0, 1, 20 * USD, 400 * USD, WAD / 2, 3 * WAD, u128::MAX] {
                cases.push(vec![action(kind, asset, amount)]);
            }
        }
    }
    cases.push(vec![action(0, eth, WAD), action(5, usd, 900 * USD)]);
    cases.push(vec![
        action(5, usd, 900 * USD),
        action(2, usd, u128::MAX),
        action(3, eth, u128::MAX),
    ]);
    cases.push(vec![
        action(2, usd, u128::MAX),
        action(3, eth, u128::MAX),
        action(4, dot, u128::MAX),
    ]);
    cases.push(vec![action(0, usd, 1); 9]);
    cases.push(Vec::new());
    let before = market.world.snapshot();
    let (mut done, mut refused) = (0, 0);
    for actions in cases {
        for (caller, account) in [(&bob, &bob), (&alice, &alice), (&alice, &bob)] {
            let to = caller.address;
            let wanted = actions
                .iter()
                .map(|step| Lens::Action {
                    kind: step.kind,
                    asset: step.asset,
                    amount: step.amount,
                })
                .collect();
            let call = Lens::previewCall {
                pool: market.pool,
                caller: caller.address,
                account: account.address,
                actions: wanted,
                to,
            };
            let preview = market.ask(&call).unwrap();
            let submit =
                Pool::submitCall { account: account.address, actions: actions.clone(), to };
            let result = market.send(caller, &submit);
            let error = result.as_ref().err().map(|failed| failed.data().unwrap().to_vec());
            let expected = foretold(preview.allowed, preview.refusal.0, preview.a, preview.b);
            assert_eq!(expected, error, "{actions:?}");
            let after = market.account_data(account.address).healthFactor;
            assert_eq!(preview.healthAfter, after, "{actions:?}");
            if result.is_ok() {
                done += 1;
            } else {
                refused += 1;
            }
            market.world.restore(&before);
        }
    }
    // Both kinds of cases are there in numbers.
    assert!(done > 100 && refused > 300, "{done} done, {refused} refused");
}

/// One operation of one account in one reserve, for oneself.
fn own(who: &Account, kind: u8, amount: u128, asset: Address) -> Pool::submitCall {
    let actions = vec![Pool::Action { kind, asset, amount }];
    Pool::submitCall { account: who.address, actions, to: who.address }
}

#[test]
fn the_stated_room_passes_and_one_unit_more_is_refused_as_stated() {
    let (mut market, alice, bob) = market();
    let (usd, eth, dot, pool) = (market.usd, market.eth, market.dot, market.pool);
    for account in [&alice, &bob] {
        for token in [usd, eth, dot] {
            market.mint(token, account, u128::MAX / 4);
        }
    }
    let before = market.world.snapshot();
    let (mut passed, mut refused) = (0, 0);
    for (who, asset) in
        [&alice, &bob].into_iter().flat_map(|who| [usd, eth, dot].map(|asset| (who, asset)))
    {
        let limits = market.ask(&Lens::limitsCall { pool, account: who.address, asset }).unwrap();
        let kinds: Vec<_> = limits.iter().map(|limit| limit.operation).collect();
        assert_eq!(kinds, [0, 1, 2, 3, 4, 5]);
        for limit in limits {
            if limit.room != 0 {
                let at = own(who, limit.operation, limit.room, asset);
                assert!(market.send(who, &at).is_ok(), "{limit:?}");
                market.world.restore(&before);
                passed += 1;
            }
            let above = own(who, limit.operation, limit.room + 1, asset);
            let error =
                market.send(who, &above).err().map(|failed| failed.data().unwrap().to_vec());
            let stated = foretold(limit.binding.is_zero(), limit.binding.0, limit.a, limit.b);
            refused += usize::from(error.is_some());
            if limit.binding.0 == Pool::DebtBelowMinimum::SELECTOR && limit.room == 0 {
                // Stated for the most that could be borrowed: the first word is the debt it would come to.
                let told = |data: &Option<Vec<u8>>| {
                    data.as_ref().map(|data| (data[..4].to_vec(), data[36..].to_vec()))
                };
                assert_eq!(told(&stated), told(&error), "{limit:?}");
            } else {
                assert_eq!(stated, error, "{limit:?}");
            }
            market.world.restore(&before);
        }
    }
    // Alice: 3 assets to supply and protect, her supply to withdraw; she may borrow. Bob likewise, and repay.
    assert!(passed >= 14 && refused >= 30, "{passed} passed, {refused} refused");
}

#[test]
fn a_limit_says_when_its_pause_ends() {
    let (mut market, _, bob) = market();
    let (usd, pool) = (market.usd, market.pool);
    let governor = market.governor.clone();
    let duration = 3_600;
    // Bit 5 is borrow.
    market
        .administer(&governor, &Admin::pauseCall { asset: usd, operations: 1 << 5, duration })
        .unwrap();
    let until = market.reserve(usd).pause.until.0;
    let limits = market.ask(&Lens::limitsCall { pool, account: bob.address, asset: usd }).unwrap();
    let borrow = limits.last().unwrap();
    assert_eq!((borrow.operation, borrow.room, borrow.frees), (5, 0, until));
    let call = own(&bob, 5, 1, usd);
    let error = market.send(&bob, &call).err().unwrap().data().unwrap().to_vec();
    assert_eq!(foretold(false, borrow.binding.0, borrow.a, borrow.b), Some(error));
}

#[test]
fn a_previewed_liquidation_is_what_happens() {
    let (mut market, _, bob) = market();
    let (usd, eth, dot) = (market.usd, market.eth, market.dot);
    let carol = market.holder("carol", usd, 5_000 * USD);
    let before = market.world.snapshot();
    let (mut done, mut refused) = (0, 0);
    for price in [2_000, 1_200, 1_150, 1_000, 500, 20] {
        market.price(eth, price * WAD);
        let priced = market.world.snapshot();
        for (debt, collateral) in [(usd, eth), (usd, dot), (eth, usd)] {
            for max_repay in [0, USD / 2, 10 * USD, 500 * USD, u128::MAX] {
                for (receive_shares, min_seized) in [(false, 0), (true, 0), (false, WAD)] {
                    let call = Lens::previewLiquidationCall {
                        pool: market.pool,
                        caller: carol.address,
                        borrower: bob.address,
                        debt,
                        collateral,
                        maxRepay: max_repay,
                        minSeized: min_seized,
                        receiveShares: receive_shares,
                    };
                    let preview = market.ask(&call).unwrap();
                    let liquidate = Pool::liquidateCall {
                        borrower: bob.address,
                        debt,
                        collateral,
                        maxRepay: max_repay,
                        minSeized: min_seized,
                        receiveShares: receive_shares,
                        data: Default::default(),
                    };
                    let result = market.send(&carol, &liquidate);
                    let error = result.as_ref().err().map(|f| f.data().unwrap().to_vec());
                    let expected =
                        foretold(preview.allowed, preview.refusal.0, preview.a, preview.b);
                    assert_eq!(expected, error, "{call:?}");
                    let after = market.account_data(bob.address).healthFactor;
                    assert_eq!(preview.healthAfter, after);
                    if let Ok(result) = result {
                        let event = &result.receipt.logs::<Pool::Liquidated>()[0].1;
                        assert_eq!(preview.repaid, event.repaid);
                        assert_eq!(preview.seizedProtected, event.seizedProtected);
                        assert_eq!(preview.seizedAssets, event.seizedAssets);
                        assert_eq!(preview.seizedShares, event.seizedShares);
                        assert_eq!(preview.bonus, event.bonus);
                        done += 1;
                    } else {
                        refused += 1;
                    }
                    market.world.restore(&priced);
                }
            }
        }
        market.world.restore(&before);
    }
    assert!(done > 20 && refused > 50, "{done} done, {refused} refused");
}

#[test]
fn the_indebted_are_listed_page_by_page() {
    let mut market = Market::new();
    let (usd, eth, pool) = (market.usd, market.eth, market.pool);
    let empty = market.ask(&Lens::indebtedCall { pool, page: 0 }).unwrap();
    assert_eq!((empty.accounts.len(), empty.total), (0, 0));
    market.supplier("alice", usd, 5_000 * USD);
    let borrowers: Vec<_> = (0..21)
        .map(|number| {
            let who = market.supplier(&format!("borrower {number}"), eth, WAD);
            market.borrow(&who, usd, 10 * USD).unwrap();
            who.address
        })
        .collect();
    let first = market.ask(&Lens::indebtedCall { pool, page: 0 }).unwrap();
    assert_eq!((first.accounts.as_slice(), first.total), (&borrowers[..20], 21));
    let second = market.ask(&Lens::indebtedCall { pool, page: 1 }).unwrap();
    assert_eq!((second.accounts.as_slice(), second.total), (&borrowers[20..], 21));
    let third = market.ask(&Lens::indebtedCall { pool, page: 2 }).unwrap();
    assert_eq!((third.accounts.len(), third.total), (0, 21));
}

#[test]
fn what_is_no_pool_has_no_data() {
    let mut market = Market::new();
    for pool in [Address::repeat_byte(4), market.usd, market.admin, market.lens] {
        let refused = refusal(market.ask(&Lens::accountDataCall { pool, account: pool }));
        assert_eq!(refused, format!("NotContract (target {pool})"));
    }
}
