//! The emergency drill: an exploit is suspected, the guardian holds everything still within a block, the governor mends
//! what is wrong after its delay, borrowers get their time, and then all goes on.

use super::{HOUR, Scene};
use crate::market::{Market, USD, WAD, parameters, refusal};
use alloy_primitives::Address;
use weir_abi::{Admin, Pool};
use weir_harness::{Account, Failed, Receipt, handles::GovernorHandle};

const SUPPLY: u16 = 1;
const WITHDRAW: u16 = 1 << 3;
const BORROW: u16 = 1 << 5;
const LIQUIDATE: u16 = 1 << 8;

fn liquidate(market: &mut Market, who: &Account, borrower: Address) -> Result<Receipt, Failed> {
    let call = Pool::liquidateCall {
        borrower,
        debt: market.usd,
        collateral: market.dot,
        maxRepay: u128::MAX,
        minSeized: 0,
        receiveShares: false,
        data: Vec::new().into(),
    };
    market.send(who, &call).map(|done| done.receipt)
}

#[test]
fn the_emergency_drill_from_suspicion_to_normal() {
    let mut scene = Scene::with_delays(HOUR, 5 * HOUR);
    let (usd, dot, pool) = (scene.market.usd, scene.market.dot, scene.market.pool);
    let guardian = scene.market.user("guardian");
    // The governor names the guardian: a first decision, in quiet times.
    let name = Admin::setRoleCall { role: 1, holder: guardian.address };
    let calls = [GovernorHandle::administer(pool, &name)];
    let id = scene.decided(&calls);
    scene.market.world.advance(5 * HOUR).unwrap();
    let ann = scene.signers[0].clone();
    scene.governor.execute(&mut scene.market.world, &ann, id, &calls).unwrap();

    let market = &mut scene.market;
    market.price(usd, WAD);
    market.price(dot, 5 * WAD);
    let alice = market.supplier("alice", usd, 100_000 * USD);
    // 1,000 DOT at 5 USD carry 3,750 USD.
    let bob = market.supplier("bob", dot, 1_000 * 10_000_000_000);
    market.borrow(&bob, usd, 3_500 * USD).unwrap();
    let keeper = market.holder("keeper", usd, 10_000 * USD);

    // Somebody found a way to move the price of DOT: at 4 USD the borrower is below 1 (3,200 / 3,500).
    market.price(dot, 4 * WAD);
    let block = market.world.block();
    let operations = SUPPLY | WITHDRAW | BORROW | LIQUIDATE;
    let six = u32::try_from(6 * HOUR).unwrap();
    let pause = Admin::pauseCall { asset: Address::ZERO, operations, duration: six };
    market.administer(&guardian, &pause).unwrap();
    assert_eq!(market.world.block(), block, "within one block");
    let until = u32::try_from(market.world.now()).unwrap() + six;
    let paused = |operation: u8| format!("Paused (operation {operation}, until {until})");
    assert_eq!(refusal(liquidate(market, &keeper, bob.address)), paused(8));
    assert_eq!(refusal(market.withdraw(&alice, usd, USD)), paused(3));
    assert_eq!(refusal(market.borrow(&bob, usd, USD)), paused(5));
    // Whoever wants to be safe can always become it.
    market.mint(usd, &bob, 100 * USD);
    market.repay(&bob, usd, 100 * USD).unwrap();

    // The signers decide: DOT counts for less from now on, and then all goes on.
    let careful = Admin::ReserveParameters { ltv: 5_000, ..parameters() };
    let fix = [GovernorHandle::administer(
        pool,
        &Admin::setParametersCall { asset: dot, parameters: careful },
    )];
    let unpause = Admin::unpauseCall { asset: Address::ZERO, operations };
    let resume = [GovernorHandle::administer(pool, &unpause)];
    let (fixed, resumed) = (scene.decided(&fix), scene.decided(&resume));
    let decided = scene.now();
    let governor = scene.governor;
    let world = &mut scene.market.world;
    world.advance(HOUR).unwrap();
    // The guardian does not end it, and what mends the pool waits longer than what lets it go on.
    let refused = refusal(scene.market.administer(&guardian, &unpause));
    assert!(refused.starts_with("NotGovernor"), "{refused}");
    let world = &mut scene.market.world;
    let early = refusal(governor.execute(world, &ann, fixed, &fix));
    let ready = decided + 18_000;
    assert_eq!(early, format!("TooEarly (ready {ready}, now {})", decided + 3_600));
    world.advance(4 * HOUR).unwrap();
    governor.execute(world, &ann, fixed, &fix).unwrap();
    governor.execute(world, &ann, resumed, &resume).unwrap();
    assert_eq!(scene.market.reserve(dot).risk.ltv.0, 5_000);

    // The pause lasted five hours: borrowers have four to mend their accounts.
    let market = &mut scene.market;
    let grace = u32::try_from(market.world.now() + 4 * HOUR).unwrap();
    market.price(usd, WAD);
    market.price(dot, 4 * WAD);
    assert_eq!(refusal(liquidate(market, &keeper, bob.address)), format!("Grace (until {grace})"));
    market.withdraw(&alice, usd, USD).unwrap();
    // The new parameter holds for new risk at once.
    assert!(refusal(market.borrow(&bob, usd, USD)).starts_with("InsufficientCollateral"));
    market.world.advance(4 * HOUR).unwrap();
    market.price(usd, WAD);
    market.price(dot, 4 * WAD);
    let receipt = liquidate(market, &keeper, bob.address).unwrap();
    assert_eq!(receipt.logs::<Pool::Liquidated>().len(), 1);
    market.check_books();
}
