//! The contracts' refusals in words: what was refused, why, and what to do.

use weir_abi::ContractError;
use weir_chain::amount::{format_units, format_wad};
use weir_chain::deployment::Asset;

/// One sentence for a refusal, with its name in brackets so that it can be looked up. Amounts are told in whole tokens
/// of `asset` where the command was about one, else in smallest units.
pub fn explain(error: &ContractError, asset: Option<&Asset>) -> String {
    match sentence(error, asset) {
        Some(sentence) => format!("{sentence} [{}]", error.name),
        None => format!("the contract refused: {error}"),
    }
}

fn sentence(error: &ContractError, asset: Option<&Asset>) -> Option<String> {
    let number = |name: &str| error.word(name).map(|word| word.to_string());
    let amount = |name: &str| {
        let word = u128::try_from(error.word(name)?).ok()?;
        Some(match asset {
            Some(asset) => format!("{} {}", format_units(word, asset.decimals), asset.symbol),
            None => format!("{word} units"),
        })
    };
    let wad = |name: &str| {
        error.word(name).and_then(|word| u128::try_from(word).ok()).map(|word| format_wad(word, 4))
    };
    Some(match error.name.as_str() {
        "ZeroAmount" => "the amount is zero".into(),
        "UnknownAsset" => "this asset is not listed here".into(),
        "NotAuthorised" => "only the account itself may do this, or an operator whom it allowed this for the time being \
                            (to an address of its choice only with the permission `payout`); others may repay for it, or \
                            supply to a position that it already has"
            .into(),
        "NoLeg" => "the account has no position in this asset".into(),
        "TooManyLegs" => format!("the account holds {} positions already, the most there can be", number("held")?),
        "Paused" => format!("this operation is paused until {} (chain time in seconds)", number("until")?),
        "Frozen" => "the reserve is frozen: no new supply, no new borrowing; repaying and leaving stay open".into(),
        "NotBorrowable" => "this asset cannot be borrowed".into(),
        "NotCollateral" => "this asset does not count as collateral".into(),
        "SupplyCap" => format!("the reserve's supply cap is {}, this would make it {}", amount("cap")?, amount("total")?),
        "BorrowCap" => format!("the reserve's borrow cap is {}, this would make it {}", amount("cap")?, amount("total")?),
        "ProtectedCap" => {
            format!("the reserve's cap of protected collateral is {}, this would make it {}", amount("cap")?, amount("total")?)
        }
        "InsufficientCash" => format!(
            "the pool has {} at hand and {} were asked for; the rest is lent out",
            amount("available")?,
            amount("wanted")?
        ),
        "InsufficientSupply" => {
            format!("the account has {} supplied and {} were asked for", amount("available")?, amount("wanted")?)
        }
        "InsufficientProtected" => {
            format!("the account has {} protected and {} were asked for", amount("available")?, amount("wanted")?)
        }
        "DebtBelowMinimum" => format!(
            "this would leave a debt of {} USD and the least is {} USD: a smaller one would not be worth liquidating",
            wad("debt")?,
            wad("minimum")?
        ),
        "NothingOwed" => "the account owes nothing in this asset".into(),
        "PriceMissing" => "there is no price for an asset of this account yet".into(),
        "PriceStale" => {
            format!("the last price of an asset of this account is {} s old, too old for taking on risk", number("age")?)
        }
        "PriceNotUsable" => "the feed does not vouch for the price of an asset of this account right now".into(),
        "InsufficientCollateral" => format!(
            "the collateral supports a debt of {} USD and {} USD would be owed",
            wad("supported")?,
            wad("owed")?
        ),
        "Healthy" => format!("the account's health factor is {}: only below 1 can it be liquidated", wad("healthFactor")?),
        "SelfLiquidation" => "an account cannot liquidate itself".into(),
        "NothingToSeize" => "the borrower has no collateral in this asset".into(),
        "DustLeft" => {
            format!("this would leave dust behind: repay {} or more, not {}", amount("needed")?, amount("given")?)
        }
        "BelowMinimum" => format!("repaying {} is too little, the least is {}", amount("repay")?, amount("minimum")?),
        "SeizedTooLittle" => {
            format!("the collateral would be {}, less than the {} asked for", amount("seized")?, amount("wanted")?)
        }
        "Grace" => format!("liquidations are held back until {} (chain time in seconds)", number("until")?),
        "TokenFailed" => "the token refused the transfer: look at the balance and at the allowance".into(),
        "FlashDisabled" => "this asset gives no flash loans".into(),
        "FlashCap" => format!("one flash loan is at most {}, not {}", amount("cap")?, amount("amount")?),
        "NotAscending" => "the tokens of a batch must stand in ascending order of their addresses, none twice".into(),
        "StillCovered" => format!(
            "{} USD of collateral are left: an account is written off only below {} USD, until then it can be liquidated",
            wad("collateral")?,
            wad("most")?
        ),
        "NotFeed" => "only the price feed may push prices".into(),
        "NotGovernor" => "only the governor may do this".into(),
        "PauseLimit" => format!("the guardian may pause for {} seconds more: the rest of his week is used", number("left")?),
        "StewardLimit" => format!("the steward moves a parameter by a quarter a day: parameter {} was {}", number("field")?, number("was")?),
        "NotSteward" => "only the steward may do this".into(),
        "NotYet" => format!("this can be done from {} on (chain time in seconds; 0: never, as things are)", number("time")?),
        "FeedMismatch" => format!("the new feed has no price near to the last one of reserve {}", number("reserve")?),
        "AlreadyListed" => "this asset is listed already".into(),
        "ERC20InsufficientBalance" => {
            format!("the balance is {} and {} are needed", amount("balance")?, amount("needed")?)
        }
        "ERC20InsufficientAllowance" => {
            format!("the allowance is {} and {} are needed", amount("allowance")?, amount("needed")?)
        }
        "NotSigner" => "only a signer of the governor may do this".into(),
        "NotVetoHolder" => "only the holder of the governor's veto may do this".into(),
        "NotProposer" => "only its proposer may take a proposal back".into(),
        "OnlyItself" => "only a proposal of the governor's own may do this".into(),
        "UnknownProposal" => "the governor has no proposal with this id".into(),
        "OtherCalls" => "these are not the calls that were proposed".into(),
        "BadSigners" => format!("signers are 1 to {}, all different, none the zero address", number("allowed")?),
        "BadThreshold" => {
            format!("a proposal cannot need the signatures of {} of {}", number("threshold")?, number("signers")?)
        }
        "BadDelays" => "delays go from an hour to a day, the short one at most as long as the long one".into(),
        "BadCalls" => format!("a proposal holds 1 to {} calls", number("allowed")?),
        "ProposalClosed" => "the proposal was executed or cancelled already".into(),
        "ProposalStale" => "the signers were replaced since this was proposed: propose it again".into(),
        "ProposalExpired" => {
            format!("the proposal's time was over at {} (chain time in seconds): propose it again", number("expired")?)
        }
        "AlreadySigned" => "this signer has signed it already".into(),
        "NotSigned" => "this signer has not signed it".into(),
        "TooFewSignatures" => format!("{} have signed and {} must", number("given")?, number("needed")?),
        "TooEarly" => format!(
            "this can be executed from {} on and it is {} (chain time in seconds)",
            number("ready")?,
            number("now")?
        ),
        "ProposalVetoed" => format!(
            "the veto was used: {} have signed, and only all {} override it",
            number("given")?,
            number("needed")?
        ),
        "NoVeto" => "the veto does not reach this proposal: it only names the next holder of the veto, or all have signed it"
            .into(),
        "CallFailed" => format!("call {} of the proposal failed and did not say why", number("index")?),
        "NotOwner" => "only the owner of this contract may do this".into(),
        "UnexpectedCallback" => "only the pool calls back, and only during a job of this contract".into(),
        "JobOpen" => "another job of the liquidator is not over yet".into(),
        "ProfitTooSmall" => {
            format!("the profit would be {} and {} were asked for", amount("profit")?, amount("least")?)
        }
        "TargetFailed" => "the pool or the venue failed and did not say why".into(),
        "SameToken" => "a token is not swapped for itself".into(),
        "NoMarket" => "the venue has no market for these tokens".into(),
        "TooLittleOut" => {
            format!("the swap would bring {} units and {} were asked for", number("amount")?, number("least")?)
        }
        "NotLender" => "only the lender calls this borrower back".into(),
        "NotWhole" => format!(
            "a value of {} wei is not a whole number of the chain's units of {} wei",
            number("value")?,
            number("unit")?
        ),
        "PaymentFailed" => "the native money could not be sent: a contract must be able to receive it, and whoever signs pays \
                            the existential deposit of a new account"
            .into(),
        "MintCap" => format!("the faucet gives at most {} at once", amount("cap")?),
        "NotGuardian" => "only the guardian or the governor may do this".into(),
        "NotOffered" => "the governor's role was not offered to this account".into(),
        "ReporterSuspended" => "this reporter had too many faults and reports no more until the governor names him again".into(),
        "DuplicateReporter" => "a reporter stands twice in the list".into(),
        "BadStep" => format!("a step is 1 to {} basis points, not {}", number("most")?, number("step")?),
        "BadBounds" => format!(
            "the lowest price must be above zero and below the highest, and that below 1.2 billion USD: not {} to {} USD",
            wad("low")?,
            wad("high")?
        ),
        "BadFaults" => format!("a fault is counted beyond at most {} basis points, not {}", number("most")?, number("faultBps")?),
        "BadRate" => "a rate starts above zero and below 2^100 (WAD), and its cap at most doubles in a year".into(),
        "BadFreeze" => format!(
            "the guardian can freeze for 1 to {} s now, not for {} s: all of the six hours are back a week after the last \
             freeze ended",
            number("left")?,
            number("duration")?
        ),
        "RateUnread" => "the contract that should have the rate does not answer with one".into(),
        "BondTooSmall" => "a reporter has not lodged the bond that is asked for".into(),
        "BondLocked" => "a bond is paid out a week after its owner stopped being a reporter".into(),
        "BondTokenHeld" => "the bonds' token cannot change while the feed holds some of it, and a bond needs a token".into(),
        "NothingSlashed" => "no bond was taken since the insurance was last funded".into(),
        "FundingFailed" => "the pool did not take the money for its insurance: the bonds' token must be listed there".into(),
        "AlreadyFrozen" => "its bounds froze this asset already: only the governor ends that".into(),
        "CodeFailed" => "the feed's code for rare messages ended without an answer: the weight limit is too small".into(),
        "NotReporter" => "this account is not a reporter of the feed".into(),
        "ReportInFuture" => "the report is stamped later than the chain's clock allows".into(),
        "Isolated" => "an isolated collateral must be the only one of its account: take the others out, or let them not count, \
                       first"
            .into(),
        "WrongCategory" => "this asset is not in the account's category: leave the category first, or borrow within it".into(),
        "InflowLimit" => format!(
            "more than {} cannot come in at the moment: the reserve's inflow is limited so that a flood of a worthless \
             token is noticed in time; the room grows again by the hour",
            amount("room")?
        ),
        "OutflowLimit" => format!(
            "more than {} cannot go out at the moment: the reserve's outflow is limited; the room grows again by the hour, and \
             leaving without a debt is never limited",
            amount("room")?
        ),
        "WoundUpReserve" => "this reserve lost nearly all of its value and takes no supply any more".into(),
        "CallbackOpen" => "not possible from within a callback of the pool".into(),
        "CallbackRefused" => "the receiver did not confirm the callback".into(),
        "NotContract" => "there is no contract at this address".into(),
        "TooManyActions" => format!("{} actions were given and {} fit in one call", number("given")?, number("allowed")?),
        "UnknownAction" => format!("there is no action of kind {}", number("kind")?),
        "ZeroAddress" => "the zero address is nobody's".into(),
        "ZeroPrice" => "a price of zero is none".into(),
        "BadParameter" => format!("parameter {} is out of its bounds with {}", number("field")?, number("value")?),
        "BadQuorum" => {
            format!("a quorum of {} of {} reporters cannot be", number("quorum")?, number("reporters")?)
        }
        "NotFrozen" => "this asset is not frozen".into(),
        "NotSubscribed" => "this pool is not subscribed to the feed".into(),
        "NothingReported" => "the report holds no price".into(),
        "TooManyReports" | "TooManyReporters" | "TooManySubscribers" => {
            format!("{} were given and {} are the most there can be", number("given")?, number("allowed")?)
        }
        "TooManyReserves" => format!("the pool holds {} reserves already, the most there can be", number("held")?),
        "WeightTooSmall" => "the transaction's weight limit is too small to tell the pools their prices".into(),
        "Overflow" | "SupplyOverflow" => "the amount is larger than the contract can count".into(),
        "Corrupt" => "a stored item of the contract cannot be read: stop, and report this".into(),
        "ERC20InvalidReceiver" => "the token does not pay to this address".into(),
        "ReportTooOld" => "the report is not later than this reporter's last one".into(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::explain;
    use weir_abi::alloy_primitives::U256;
    use weir_abi::alloy_sol_types::SolError;
    use weir_abi::{ContractError, Pool};

    #[test]
    fn a_refusal_is_told_in_words_with_its_name() {
        let wad = U256::from(10).pow(U256::from(18));
        let revert = Pool::InsufficientCollateral {
            supported: wad * U256::from(3) / U256::from(2),
            owed: wad * U256::from(2),
        };
        let error = ContractError::decode(&revert.abi_encode()).unwrap();
        let words = explain(&error, None);
        assert!(words.starts_with("the collateral supports a debt of 1.5"), "{words}");
        assert!(words.ends_with("[InsufficientCollateral]"), "{words}");
    }

    /// Nobody meets a bare name: each error of each contract has a sentence.
    #[test]
    fn every_error_has_its_sentence() {
        for contract in weir_abi::CONTRACTS {
            let errors = weir_abi::abi(contract).unwrap().errors;
            for error in errors.into_values().flatten() {
                let words = error.inputs.iter().filter(|input| !input.name.is_empty());
                let words = words.map(|input| (input.name.clone(), U256::from(3))).collect();
                let told = explain(&ContractError { name: error.name.clone(), words }, None);
                assert!(!told.starts_with("the contract refused"), "{contract}: {told}");
            }
        }
    }

    #[test]
    fn an_unknown_refusal_still_says_what_it_is() {
        let error =
            ContractError { name: "Strange".into(), words: vec![("a".into(), U256::from(1))] };
        assert_eq!(explain(&error, None), "the contract refused: Strange (a 1)");
    }
}
