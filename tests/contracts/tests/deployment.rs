//! What stands on the chain after a deployment.

use crate::market::{DUST, MIN_DEBT, Market, refusal};
use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolConstructor};
use weir_abi::{Admin, Lens, Pool, abi};
use weir_harness::{Failure, artifact};

#[test]
fn a_new_pool_has_its_root_and_nothing_else() {
    let mut market = Market::bare();
    let root = market.root();
    assert_eq!(root.governor.0, market.governor.address.into_array());
    assert_eq!(root.guardian, root.governor);
    assert_eq!(root.steward, root.governor);
    assert_eq!(root.feed.0, market.feed.address.into_array());
    assert_eq!(root.admin.0, market.admin.into_array());
    assert_eq!((root.dust.0, root.min_debt.0), (DUST, MIN_DEBT));
    assert_eq!(root.target_health.0, 10_500);
    assert_eq!(root.count(), 0);
    assert!(market.item(b"n").is_empty());
}

#[test]
fn a_pool_needs_its_admin_code() {
    let mut market = Market::bare();
    let who = market.governor.clone();
    let admin = market.feed.address;
    let call =
        Pool::constructorCall { governor: who.address, admin, feed: admin, dust: 1, minDebt: 1 };
    let refused = market.world.deploy(&who, &artifact("pool").unwrap(), call.abi_encode());
    assert_eq!(refusal(refused), format!("NotContract (target {admin})"));
}

#[test]
fn a_constructor_takes_exactly_its_arguments() {
    let mut market = Market::bare();
    let address = market.governor.address;
    let right = Pool::constructorCall {
        governor: address,
        admin: market.admin,
        feed: address,
        dust: 1,
        minDebt: 1,
    }
    .abi_encode();
    let short = right[..right.len() - 1].to_vec();
    let long = [&right[..], &[0]].concat();
    let who = market.governor.clone();
    let code = artifact("pool").unwrap();
    for data in [Vec::new(), short, long] {
        let refused = market.world.deploy(&who, &code, data);
        assert_eq!(refusal(refused), "malformed");
    }
    market.world.deploy(&who, &code, right).unwrap();
}

/// Calldata of every message with zeros for arguments, and how many messages there are.
macro_rules! every {
    ($interface:ident: $($call:ident { $($field:ident),* })*) => {
        vec![$((
            $interface::$call::SIGNATURE,
            $interface::$call { $($field: Default::default()),* }.abi_encode(),
        )),*]
    };
}

/// A message that a contract does not know is answered by ink! with 01 01, as is calldata that cannot be read. All
/// others are refused by name, or succeed.
fn assert_known(market: &mut Market, at: Address, name: &str, messages: &[(&str, Vec<u8>)]) {
    let interface = abi(name).unwrap();
    assert_eq!(interface.functions().count(), messages.len(), "every message of {name}");
    let who = market.governor.clone();
    for (signature, data) in messages {
        let receipt = market.world.dry_run(&who, at, U256::ZERO, data.clone());
        match receipt.output {
            Ok(_) => {}
            Err(Failure::Reverted(data)) => assert_ne!(data, [1, 1], "{signature}"),
            Err(other) => panic!("{signature}: {other}"),
        }
    }
    let unknown = market.world.dry_run(&who, at, U256::ZERO, vec![0xde, 0xad, 0xbe, 0xef]);
    assert_eq!(unknown.output, Err(Failure::Reverted(vec![1, 1])));
}

/// Every message of the pool.
pub fn pool_messages() -> Vec<(&'static str, Vec<u8>)> {
    let mut pool = every!(Pool:
        supplyCall { asset, amount, account }
        protectCall { asset, amount, account }
        repayCall { asset, amount, account }
        withdrawCall { asset, amount, account, to }
        unprotectCall { asset, amount, account, to }
        borrowCall { asset, amount, account, to }
        setCollateralCall { asset, on, account }
        setCategoryCall { id, account }
        submitCall { account, actions, to }
        liquidateCall { borrower, debt, collateral, maxRepay, minSeized, receiveShares, data }
        flashLoanCall { receiver, token, amount, data }
        flashLoanBatchCall { receiver, tokens, amounts, data }
        maxFlashLoanCall { token }
        flashFeeCall { token, amount }
        accrueCall { asset }
        fundInsuranceCall { asset, amount }
        onPricesCall { prices }
        itemsCall { keys }
    );
    // An empty call of the admin contract is malformed there, so this one says something.
    let call = Admin::skimCall { asset: Address::ZERO }.abi_encode().into();
    pool.push((Pool::administerCall::SIGNATURE, Pool::administerCall { call }.abi_encode()));
    pool
}

/// Every message of the admin contract.
pub fn admin_messages() -> Vec<(&'static str, Vec<u8>)> {
    let parameters = crate::market::parameters();
    let asset = Address::ZERO;
    let mut admin = every!(Admin:
        setRoleCall { role, holder }
        acceptGovernorCall {}
        pauseCall { asset, operations, duration }
        unpauseCall { asset, operations }
        windDownCall { asset }
        setFinalPriceCall { asset, price }
        setLimitsCall { dust, minDebt, targetHealthBps }
        skimCall { asset }
        reconcileCall { asset }
        collectCall { asset, to, shares }
        setOperatorCall { operator, permissions, expiry }
        writeOffCall { account }
    );
    let list = Admin::listCall { asset, parameters: parameters.clone(), seed: 0, floor: 0 };
    admin.push((Admin::listCall::SIGNATURE, list.abi_encode()));
    let flows = parameters.flows.clone();
    let steering = Admin::Steering {
        rateModel: 0,
        rateBase: 0,
        rateSlope1: 0,
        rateSlope2: 0,
        rateOptimal: 0,
        supplyCap: 0,
        borrowCap: 0,
        protectedCap: 0,
        flashCap: 0,
        flows,
    };
    let steer = Admin::steerCall { asset, steering };
    admin.push((Admin::steerCall::SIGNATURE, steer.abi_encode()));
    let set = Admin::setParametersCall { asset, parameters };
    admin.push((Admin::setParametersCall::SIGNATURE, set.abi_encode()));
    admin
}

/// Every message of the lens.
pub fn lens_messages() -> Vec<(&'static str, Vec<u8>)> {
    every!(Lens:
        reserveDataCall { pool, asset }
        accountDataCall { pool, account }
        previewCall { pool, caller, account, actions, to }
        previewLiquidationCall {
            pool, caller, borrower, debt, collateral, maxRepay, minSeized, receiveShares
        }
        limitsCall { pool, account, asset }
        operatorCall { pool, account, operator }
        indebtedCall { pool, page }
    )
}

#[test]
fn the_contracts_know_the_messages_of_their_interfaces() {
    let mut market = Market::bare();
    let (pool, admin, lens) = (market.pool, market.admin, market.lens);
    assert_known(&mut market, pool, "pool", &pool_messages());
    assert_known(&mut market, admin, "admin", &admin_messages());
    assert_known(&mut market, lens, "lens", &lens_messages());
}

#[test]
fn the_admin_code_by_itself_is_no_pool() {
    let mut market = Market::bare();
    let who = market.governor.clone();
    let call = Admin::setRoleCall { role: 0, holder: who.address };
    let refused = market.world.send(&who, market.admin, &call);
    assert_eq!(refusal(refused), "Corrupt (item 0, length 0)");
}

#[test]
fn native_money_is_not_taken() {
    let mut market = Market::bare();
    let who = market.governor.clone();
    let call = Pool::accrueCall { asset: Address::ZERO };
    let failed = market.world.pay(&who, market.pool, U256::from(1_000_000_000_000_u64), &call);
    assert_eq!(failed.map(drop).unwrap_err().cause, Failure::Trapped);
}
