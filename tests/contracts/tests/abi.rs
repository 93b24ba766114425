//! The interfaces of `weir-abi` are those of the contracts, and `weir-core` speaks the same language.

use crate::market::{Market, core_address};
use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolConstructor, SolError, SolEvent};
use std::collections::BTreeSet;
use weir_abi::{
    Governor, Liquidator, MockAmm, MockFlashBorrower, MockToken, Pool, PriceFeed, Wrapped, abi,
};
use weir_core::error::Code;
use weir_core::event::{BadDebt, Event, Liquidated, Party};
use weir_core::feed::{Push, Status};
use weir_core::state::Grant;
use weir_core::units::{Assets, Bps, Price, Shares, Timestamp, Wad};
use weir_harness::{Failure, artifact};

/// The answer of ink! to a selector that the contract does not have, and of the shells to calldata that is not what the
/// interface says.
fn unknown() -> Failure {
    Failure::Reverted(vec![1, 1])
}

/// Asserts that the contract knows all of these messages, that they are all of its interface, and no other.
fn assert_messages(name: &str, constructor: Vec<u8>, messages: &[(&str, Vec<u8>)]) {
    let mut market = Market::bare();
    let who = market.governor.clone();
    let code = artifact(name).unwrap();
    let at = market.world.deploy(&who, &code, constructor).unwrap().value;
    assert_messages_at(&mut market, at, name, messages);
}

/// As [`assert_messages`], of a contract that is there.
fn assert_messages_at(market: &mut Market, at: Address, name: &str, messages: &[(&str, Vec<u8>)]) {
    let who = market.governor.clone();
    let interface = abi(name).unwrap();
    let expected: BTreeSet<_> = interface.functions().map(|function| function.selector()).collect();
    let given: BTreeSet<_> =
        messages.iter().map(|(_, data)| data[..4].try_into().unwrap()).collect();
    assert_eq!(given, expected, "every message of {name}");
    for (signature, data) in messages {
        let receipt = market.world.dry_run(&who, at, U256::ZERO, data.clone());
        assert_ne!(receipt.output, Err(unknown()), "{signature}");
        let known = matches!(receipt.output, Ok(_) | Err(Failure::Reverted(_)));
        assert!(known, "{signature}: {:?}", receipt.output);
        // One bit beside: another selector, which nobody has.
        let mut other = data.clone();
        other[3] ^= 1;
        assert!(!expected.contains(&other[..4]), "{signature}");
        let receipt = market.world.dry_run(&who, at, U256::ZERO, other);
        assert_eq!(receipt.output, Err(unknown()), "beside {signature}");
    }
}

/// Signatures and calldata of messages, with defaults for all arguments.
macro_rules! every {
    ($interface:ident: $($call:ident { $($field:ident),* })*) => {
        [$((
            $interface::$call::SIGNATURE,
            $interface::$call { $($field: Default::default()),* }.abi_encode(),
        )),*]
    };
}

/// The code for the feed's rare messages knows the same but for two, and refuses all where it is called itself.
#[test]
fn the_price_feed_and_its_code_for_rare_messages_know_exactly_their_messages() {
    let own = every!(PriceFeed: reportCall { reports } pushCall { pool, assets });
    let rare = every!(PriceFeed:
        depositBondCall { amount }
        withdrawBondCall {}
        roundCall { asset }
        reportersCall {}
        lastReportCall { asset, reporter }
        assetsCall {}
        subscribersCall {}
        settingsCall {}
        rolesCall {}
        boundsCall { asset }
        rateCall { asset }
        bondsCall {}
        bondCall { account }
        fundInsuranceCall { pool }
        freezeCall { asset, duration }
        addAssetCall { asset, maxStepBps, low, high }
        setBoundsCall { asset, maxStepBps, low, high }
        setRateCall { asset, source, selector, start, growthBps }
        subscribeCall { pool, refTime, proofSize }
        unsubscribeCall { pool }
        setReportersCall { reporters, quorum }
        rearmCall { asset }
        setBondsCall { token, least, faultBps, faultsAllowed }
        setGuardianCall { guardian }
        offerGovernorCall { to }
        acceptGovernorCall {}
    );
    let mut market = Market::bare();
    let who = market.governor.clone();
    let code = market.world.deploy(&who, &artifact("feed-admin").unwrap(), Vec::new());
    let code = code.unwrap().value;
    assert_messages_at(&mut market, code, "feed-admin", &rare);
    let corrupt = PriceFeed::Corrupt { item: U256::ZERO, length: U256::ZERO }.abi_encode();
    for (signature, data) in &rare {
        let receipt = market.world.dry_run(&who, code, U256::ZERO, data.clone());
        assert_eq!(receipt.output, Err(Failure::Reverted(corrupt.clone())), "{signature}");
    }
    let constructor = PriceFeed::constructorCall {
        governor: Address::ZERO,
        code,
        reporters: vec![Address::repeat_byte(1)],
        quorum: 1,
        skewSeconds: 0,
    };
    let feed = artifact("price-feed").unwrap();
    let feed = market.world.deploy(&who, &feed, constructor.abi_encode()).unwrap().value;
    assert_messages_at(&mut market, feed, "price-feed", &[&own[..], &rare].concat());
}

#[test]
fn the_token_knows_exactly_its_messages() {
    let constructor = MockToken::constructorCall {
        name: "name".into(),
        symbol: "symbol".into(),
        decimals: 6,
        mintCap: U256::MAX,
    };
    let messages = every!(MockToken:
        nameCall {}
        symbolCall {}
        decimalsCall {}
        totalSupplyCall {}
        balanceOfCall { account }
        allowanceCall { owner, spender }
        transferCall { to, amount }
        approveCall { spender, amount }
        transferFromCall { from, to, amount }
        mintCall { to, amount }
        mintCapCall {}
    );
    assert_messages("token", constructor.abi_encode(), &messages);
}

#[test]
fn the_wrapped_token_knows_exactly_its_messages() {
    let constructor =
        Wrapped::constructorCall { name: "name".into(), symbol: "symbol".into(), decimals: 10 };
    let messages = every!(Wrapped:
        nameCall {}
        symbolCall {}
        decimalsCall {}
        totalSupplyCall {}
        balanceOfCall { account }
        allowanceCall { owner, spender }
        transferCall { to, amount }
        approveCall { spender, amount }
        transferFromCall { from, to, amount }
        depositCall {}
        withdrawCall { amount }
    );
    assert_messages("wrapped", constructor.abi_encode(), &messages);
}

#[test]
fn the_governor_knows_exactly_its_messages() {
    let constructor = Governor::constructorCall {
        signers: vec![Address::repeat_byte(1)],
        threshold: 1,
        shortDelay: 3_600,
        longDelay: 3_600,
        vetoHolder: Address::ZERO,
    };
    let messages = every!(Governor:
        proposeCall { calls }
        signCall { id }
        unsignCall { id }
        executeCall { id, calls }
        cancelCall { id }
        vetoCall { id }
        setSignersCall { signers, threshold }
        setDelaysCall { shortDelay, longDelay }
        setVetoHolderCall { holder }
        councilCall {}
        proposalCall { id }
    );
    assert_messages("governor", constructor.abi_encode(), &messages);
    for error in abi("governor").unwrap().errors() {
        assert_eq!(error.signature(), format!("{}(uint256,uint256)", error.name));
    }
}

#[test]
fn the_governor_tells_calls_apart_by_the_selectors_of_the_interfaces() {
    use weir_abi::{Admin, Pool};
    use weir_core::governor::{ADMINISTER, SET_VETO_HOLDER, SHORT, SHORT_WITHIN};
    assert_eq!(ADMINISTER, Pool::administerCall::SELECTOR);
    assert_eq!(SET_VETO_HOLDER, Governor::setVetoHolderCall::SELECTOR);
    assert_eq!(SHORT, [PriceFeed::rearmCall::SELECTOR, PriceFeed::setBoundsCall::SELECTOR]);
    assert_eq!(SHORT_WITHIN, [Admin::unpauseCall::SELECTOR]);
}

#[test]
fn the_liquidator_and_the_mocks_know_exactly_their_messages() {
    let market = Market::bare();
    let governor = market.governor.address;
    // The liquidator wants code behind its pool and its venue.
    let pool = market.pool;
    let constructor = Liquidator::constructorCall { owner: governor, pool, venue: pool };
    let messages = every!(Liquidator:
        liquidateCall { job }
        onLiquidateCall { borrower, debt, collateral, repay, received, data }
        sweepCall { token, to, amount }
        setVenueCall { venue }
        settingsCall {}
    );
    let mut messages = messages.to_vec();
    // The data is the job that the liquidator itself sends along: three words.
    let loaned = Liquidator::onFlashLoanCall {
        initiator: Address::ZERO,
        token: Address::ZERO,
        amount: U256::ZERO,
        fee: U256::ZERO,
        data: vec![0; 96].into(),
    };
    messages.push((Liquidator::onFlashLoanCall::SIGNATURE, loaned.abi_encode()));
    assert_messages("liquidator", constructor.abi_encode(), &messages);
    let messages = every!(MockAmm:
        swapCall { tokenIn, tokenOut, amountIn, minOut, to }
        addLiquidityCall { tokenA, tokenB, amountA, amountB }
        quoteCall { tokenIn, tokenOut, amountIn }
        reservesCall { tokenA, tokenB }
    );
    assert_messages("amm", MockAmm::constructorCall { feeBps: 30 }.abi_encode(), &messages);
    let messages = every!(MockFlashBorrower:
        onFlashLoanCall { initiator, token, amount, fee, data }
        onBatchFlashLoanCall { initiator, tokens, amounts, fees, data }
    );
    let constructor = MockFlashBorrower::constructorCall { lender: pool };
    assert_messages("flash-borrower", constructor.abi_encode(), &messages);
}

#[test]
fn the_errors_of_the_core_are_those_of_the_pools_interface() {
    let interface = abi("pool").unwrap();
    let of_interface: BTreeSet<_> =
        interface.errors().map(|error| (error.name.clone(), error.selector().0)).collect();
    let of_core: BTreeSet<_> =
        Code::ALL.iter().map(|code| (code.name().to_owned(), code.selector())).collect();
    assert_eq!(of_core, of_interface);
    assert_eq!(Code::ALL.len(), of_core.len(), "no name stands twice");
    let selectors: BTreeSet<_> = of_core.iter().map(|(_, selector)| selector).collect();
    assert_eq!(selectors.len(), of_core.len(), "no selector stands twice");
    for error in interface.errors() {
        assert_eq!(error.signature(), format!("{}(uint256,uint256)", error.name));
    }
}

#[test]
fn every_error_of_the_feed_has_two_words() {
    for error in abi("price-feed").unwrap().errors() {
        assert_eq!(error.signature(), format!("{}(uint256,uint256)", error.name));
    }
}

/// Decodes what the core encodes; a wrong number of topics or words is an error.
fn decoded<E: SolEvent>(event: &Event) -> E {
    let encoded = event.encode();
    let topics: Vec<_> = encoded.topics().iter().map(|topic| B256::from(*topic)).collect();
    assert_eq!(topics[0], E::SIGNATURE_HASH);
    let event = E::decode_raw_log_validate(topics, encoded.data()).unwrap();
    // Nothing is left over: encoding it again gives the same.
    assert_eq!(event.encode_data(), encoded.data());
    event
}

/// Addresses that differ in every test value.
fn address(number: u8) -> Address {
    Address::repeat_byte(number)
}

fn core(number: u8) -> weir_core::address::Address {
    core_address(address(number))
}

fn party() -> Party {
    Party { asset: core(1), account: core(2), caller: core(3) }
}

/// Larger than 64 bits, so that a half that is lost is seen.
const BIG: u128 = 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10;

#[test]
fn events_of_money_decode_field_by_field() {
    let (party, to, assets, shares) = (party(), core(4), Assets(BIG), Shares(BIG + 1));
    let (asset, account, caller) = (address(1), address(2), address(3));
    let (units, parts) = (BIG, BIG + 1);
    assert_eq!(
        decoded::<Pool::Supplied>(&Event::Supplied { party, assets, shares }),
        Pool::Supplied { asset, account, caller, assets: units, shares: parts }
    );
    assert_eq!(
        decoded::<Pool::Protected>(&Event::Protected { party, assets }),
        Pool::Protected { asset, account, caller, assets: units }
    );
    assert_eq!(
        decoded::<Pool::Repaid>(&Event::Repaid { party, assets, shares }),
        Pool::Repaid { asset, account, caller, assets: units, shares: parts }
    );
    assert_eq!(
        decoded::<Pool::Withdrawn>(&Event::Withdrawn { party, to, assets, shares }),
        Pool::Withdrawn { asset, account, caller, to: address(4), assets: units, shares: parts }
    );
    assert_eq!(
        decoded::<Pool::Unprotected>(&Event::Unprotected { party, to, assets }),
        Pool::Unprotected { asset, account, caller, to: address(4), assets: units }
    );
    assert_eq!(
        decoded::<Pool::Borrowed>(&Event::Borrowed { party, to, assets, shares }),
        Pool::Borrowed { asset, account, caller, to: address(4), assets: units, shares: parts }
    );
    for on in [true, false] {
        assert_eq!(
            decoded::<Pool::CollateralSet>(&Event::CollateralSet { party, on }),
            Pool::CollateralSet { asset, account, caller, on }
        );
    }
    assert_eq!(
        decoded::<Pool::CategorySet>(&Event::CategorySet {
            account: core(2),
            caller: core(3),
            category: 7
        }),
        Pool::CategorySet { account, caller, category: 7 }
    );
    let grant = Grant { permissions: 9, expiry: Timestamp(u32::MAX - 3) };
    let set = Event::OperatorSet { account: core(2), operator: core(3), grant };
    assert_eq!(
        decoded::<Pool::OperatorSet>(&set),
        Pool::OperatorSet { account, operator: caller, permissions: 9, expiry: u32::MAX - 3 }
    );
    assert_eq!(
        decoded::<Pool::InsuranceFunded>(&Event::InsuranceFunded {
            asset: core(1),
            caller: core(3),
            assets,
            shares
        }),
        Pool::InsuranceFunded { asset, caller, assets: units, shares: parts }
    );
}

#[test]
fn events_of_a_reserve_decode_field_by_field() {
    let asset = address(1);
    let accrued = Event::Accrued {
        asset: core(1),
        interest: Assets(BIG),
        insurance_shares: Shares(BIG + 1),
        treasury_shares: Shares(BIG + 2),
        remainder: u64::MAX - 1,
        rate_at_target: u64::MAX - 2,
        time: Timestamp(u32::MAX - 3),
    };
    assert_eq!(
        decoded::<Pool::Accrued>(&accrued),
        Pool::Accrued {
            asset,
            interest: BIG,
            insuranceShares: BIG + 1,
            treasuryShares: BIG + 2,
            remainder: u64::MAX - 1,
            rateAtTarget: u64::MAX - 2,
            time: u32::MAX - 3,
        }
    );
    let price = Push {
        median: Price(BIG),
        down: Bps(1),
        up: Bps(2),
        time: Timestamp(3),
        round: 4,
        status: Status::Confirmed,
        volatility: Bps(6),
    };
    assert_eq!(
        decoded::<Pool::PriceAccepted>(&Event::PriceAccepted { asset: core(1), price }),
        Pool::PriceAccepted {
            asset,
            median: BIG,
            downBps: 1,
            upBps: 2,
            time: 3,
            round: 4,
            status: 3,
            volatilityBps: 6,
        }
    );
    let ignored = Event::PriceIgnored {
        asset: core(1),
        median: Price(BIG),
        time: Timestamp(3),
        round: 4,
        reason: 5,
    };
    assert_eq!(
        decoded::<Pool::PriceIgnored>(&ignored),
        Pool::PriceIgnored { asset, median: BIG, time: 3, round: 4, reason: 5 }
    );
    let lent = Event::FlashLoaned {
        asset: core(1),
        receiver: core(2),
        initiator: core(3),
        assets: Assets(BIG),
        fee: Assets(BIG + 1),
        insurance_shares: Shares(BIG + 2),
    };
    assert_eq!(
        decoded::<Pool::FlashLoaned>(&lent),
        Pool::FlashLoaned {
            asset,
            receiver: address(2),
            initiator: address(3),
            assets: BIG,
            fee: BIG + 1,
            insuranceShares: BIG + 2,
        }
    );
    let (assets, shares) = (Assets(BIG), Shares(BIG + 1));
    assert_eq!(
        decoded::<Pool::Collected>(&Event::Collected {
            asset: core(1),
            to: core(2),
            assets,
            shares
        }),
        Pool::Collected { asset, to: address(2), assets: BIG, shares: BIG + 1 }
    );
    let wound = Event::WoundUp { asset: core(1), assets: Assets(BIG), shares: Shares(BIG + 1) };
    assert_eq!(
        decoded::<Pool::WoundUp>(&wound),
        Pool::WoundUp { asset, supplyAssets: BIG, supplyShares: BIG + 1 }
    );
}

#[test]
fn events_of_a_liquidation_decode_field_by_field() {
    for receive_shares in [true, false] {
        let liquidated = Event::Liquidated(Liquidated {
            borrower: core(1),
            debt: core(2),
            collateral: core(3),
            caller: core(4),
            repaid: Assets(BIG),
            repaid_shares: Shares(BIG + 1),
            seized_protected: Assets(BIG + 2),
            seized_assets: Assets(BIG + 3),
            seized_shares: Shares(BIG + 4),
            insurance_assets: Assets(BIG + 5),
            insurance_shares: Shares(BIG + 6),
            bonus: Wad(BIG + 7),
            receive_shares,
        });
        let expected = Pool::Liquidated {
            borrower: address(1),
            debt: address(2),
            collateral: address(3),
            caller: address(4),
            repaid: BIG,
            repaidShares: BIG + 1,
            seizedProtected: BIG + 2,
            seizedAssets: BIG + 3,
            seizedShares: BIG + 4,
            insuranceAssets: BIG + 5,
            insuranceShares: BIG + 6,
            bonus: BIG + 7,
            receiveShares: receive_shares,
        };
        assert_eq!(decoded::<Pool::Liquidated>(&liquidated), expected);
    }
    let forfeited = Event::DustForfeited {
        asset: core(1),
        account: core(2),
        protected: Assets(BIG),
        shares: Shares(BIG + 1),
        minted: Shares(BIG + 2),
    };
    assert_eq!(
        decoded::<Pool::DustForfeited>(&forfeited),
        Pool::DustForfeited {
            asset: address(1),
            account: address(2),
            protectedAssets: BIG,
            shares: BIG + 1,
            mintedShares: BIG + 2,
        }
    );
    let bad = Event::BadDebt(BadDebt {
        asset: core(1),
        account: core(2),
        assets: Assets(BIG),
        shares: Shares(BIG + 1),
        insured: Assets(BIG + 2),
        insurance_shares: Shares(BIG + 3),
        socialised: Assets(BIG + 4),
    });
    assert_eq!(
        decoded::<Pool::BadDebt>(&bad),
        Pool::BadDebt {
            asset: address(1),
            account: address(2),
            assets: BIG,
            shares: BIG + 1,
            insured: BIG + 2,
            insuranceShares: BIG + 3,
            socialised: BIG + 4,
        }
    );
}

/// Nineteen events are encoded above: all that the pool emits of its own.
#[test]
fn every_event_of_the_pools_interface_is_covered() {
    assert_eq!(abi("pool").unwrap().events().count(), 19);
}
