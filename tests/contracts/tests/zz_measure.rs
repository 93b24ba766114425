use crate::market::*;
use weir_abi::*;
#[test]
fn measure() {
    let mut m = Market::new();
    let (usd, eth, dot) = (m.usd, m.eth, m.dot);
    let gov = m.governor.clone();
    for asset in [usd, eth] {
        let p = Admin::ReserveParameters { rateBase: 10_000, rateSlope1: 40_000, rateSlope2: 600_000, ..parameters() };
        m.administer(&gov, &Admin::setParametersCall { asset, parameters: p }).unwrap();
    }
    let alice = m.supplier("alice", usd, 50_000 * USD);
    let bob = m.supplier("bob", eth, 10 * WAD);
    m.borrow(&bob, usd, 1_000 * USD).unwrap();
    m.mint(usd, &alice, 10_000 * USD); m.mint(eth, &bob, 10 * WAD); m.mint(usd, &bob, 10_000*USD); m.mint(dot,&bob,1000*10_000_000_000);
    let go = |m: &mut Market| { m.world.advance(1_000).unwrap(); m.price(usd, WAD); m.price(eth, 2000*WAD); m.price(dot, 5*WAD); };
    let show = |n: &str, r: weir_harness::Receipt| println!("{n:28} {:>6} us {:>8} B", r.weight.ref_time / 1_000_000, r.weight.proof_size);
    go(&mut m); show("supply", m.supply(&alice, usd, 100 * USD).unwrap());
    go(&mut m); show("supply collateral", m.supply(&bob, eth, WAD).unwrap());
    go(&mut m); show("protect", m.protect(&bob, eth, WAD).unwrap());
    go(&mut m); show("borrow 1 collateral", m.borrow(&bob, usd, 100 * USD).unwrap());
    m.supply(&bob, dot, 100*10_000_000_000).unwrap();
    go(&mut m); show("borrow 2 collaterals", m.borrow(&bob, usd, 100 * USD).unwrap());
    go(&mut m); show("repay", m.repay(&bob, usd, 100 * USD).unwrap());
    go(&mut m); show("withdraw no debt", m.withdraw(&alice, usd, 100 * USD).unwrap());
    go(&mut m); show("withdraw debt", m.withdraw(&bob, eth, WAD).unwrap());
    go(&mut m); show("accrue", m.send(&bob, &Pool::accrueCall { asset: usd }).unwrap().receipt);
    m.world.advance(10).unwrap(); let p = vec![m.push(eth, 2000*WAD)]; show("onPrices 1", m.on_prices(p).unwrap());
    let carol = m.holder("carol", usd, 50_000 * USD);
    let cap = m.borrow(&bob, usd, 10_000 * USD); println!("{:?}", cap.is_ok());
    m.world.advance(10).unwrap(); m.price(eth, 1200 * WAD);
    let call = Pool::liquidateCall { borrower: bob.address, debt: usd, collateral: eth, maxRepay: 3000*USD, minSeized: 0, receiveShares: false, data: Default::default() };
    let r = m.send(&carol, &call); match r { Ok(d) => show("liquidate", d.receipt), Err(e) => println!("{}", refusal::<()>(Err(e))) }
    let r = m.world.call(&alice, usd, alloy_primitives::U256::ZERO, alloy_sol_types::SolCall::abi_encode(&crate::evm::token::EvmToken::transferFromCall{from: alice.address,to: bob.address, amount: alloy_primitives::U256::from(5)}));
    show("token transferFrom", r);
}
