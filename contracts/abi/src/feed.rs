//! The on-chain oracle: reporters, rounds, and what it pushes to the pools.

use alloy_json_abi::JsonAbi;
use alloy_sol_types::sol;

/// What telling a pool its prices may cost, as every deployment asks for it: execution time in picoseconds. Twice what
/// 32 prices in one call were measured to need; a test measures it anew.
pub const PUSH_REF_TIME: u64 = 40_000_000_000;
/// The same: proof in bytes.
pub const PUSH_PROOF_SIZE: u64 = 2_000_000;

/// Messages that the feed answers itself; it hands all others on to the contract `feed-admin`.
const OWN: [&str; 2] = ["report", "push"];

/// What `feed-admin` knows: the feed's interface without what the feed does itself. It takes nothing to make.
pub(crate) fn rare() -> JsonAbi {
    let mut abi = PriceFeed::abi::contract();
    abi.functions.retain(|name, _| !OWN.contains(&name.as_str()));
    if let Some(constructor) = &mut abi.constructor {
        constructor.inputs.clear();
    }
    abi
}

sol! {
    /// Messages of the price feed.
    #[sol(abi, all_derives)]
    interface PriceFeed {
        /// `code` is the contract `feed-admin`, which the feed runs for whatever is rare; it is named once.
        constructor(
            address governor,
            address code,
            address[] reporters,
            uint8 quorum,
            uint32 skewSeconds
        );

        struct Report {
            address asset;
            /// USD per whole token, WAD.
            uint128 price;
            /// Chain time in seconds at which the reporter observed it.
            uint32 time;
        }

        struct Round {
            uint128 median;
            uint32 time;
            uint32 round;
            /// 0 none, 1 ok, 2 suspect, 3 confirmed, 4 frozen.
            uint8 status;
            uint16 downBps;
            uint16 upBps;
            uint16 volatilityBps;
            uint128 twap;
            /// The median waiting for confirmation while `status` is 2, else 0.
            uint128 candidate;
            uint32 candidateTime;
        }

        // --- reporters -------------------------------------------------------------------------------------------
        function report(Report[] calldata reports) external;
        /// Lodges more of the bonds' token for the caller.
        function depositBond(uint128 amount) external;
        /// Pays the caller's bond out, a week after he stopped being a reporter.
        function withdrawBond() external;

        // --- anyone ----------------------------------------------------------------------------------------------
        function push(address pool, address[] calldata assets) external;
        function round(address asset) external view returns (Round memory);
        function reporters() external view returns (address[] memory);
        function lastReport(address asset, address reporter) external view returns (uint128 price, uint32 time);
        function assets() external view returns (address[] memory);
        function subscribers() external view returns (address[] memory);
        function settings() external view returns (address governor, uint8 quorum, uint32 skewSeconds);

        function roles() external view returns (address governor, address guardian, address offered);
        /// `frozenUntil` is the end of a guardian's freeze, else 0; `freezeLeft` what the guardian may freeze, in seconds.
        function bounds(address asset)
            external
            view
            returns (uint16 maxStepBps, uint128 low, uint128 high, uint32 frozenUntil, uint32 freezeLeft);
        /// Zeros for an asset without a rate; `cap` is what the rate is capped at now for new risk (WAD).
        function rate(address asset)
            external
            view
            returns (
                address source,
                bytes4 selector,
                uint128 start,
                uint16 growthBps,
                uint32 from,
                uint128 cap
            );
        function bonds()
            external
            view
            returns (
                address token,
                uint128 least,
                uint128 held,
                uint128 slashed,
                uint16 faultBps,
                uint8 faultsAllowed
            );
        /// `faults` are those of this week.
        function bond(address account)
            external
            view
            returns (uint128 amount, uint32 released, uint8 faults, bool suspended);
        /// Pays what was slashed to the insurance of the bond token's reserve in a subscribed pool.
        function fundInsurance(address pool) external;

        // --- guardian --------------------------------------------------------------------------------------------
        /// Freezes an asset for so many seconds: no rounds, no new risk, no liquidation with it. It ends by itself.
        function freeze(address asset, uint32 duration) external;

        // --- governor --------------------------------------------------------------------------------------------
        /// `maxStepBps` is the step beyond which a round is suspect; `low` and `high` are the absolute bounds.
        function addAsset(address asset, uint16 maxStepBps, uint128 low, uint128 high) external;
        function setBounds(address asset, uint16 maxStepBps, uint128 low, uint128 high) external;
        /// The asset's price is what is reported times what `source` answers to `selector` (a `uint256`, WAD). For new
        /// risk the rate counts up to `start`, which grows by `growthBps` of itself in a year from now on.
        function setRate(address asset, address source, bytes4 selector, uint128 start, uint16 growthBps) external;
        /// `refTime` (ps) and `proofSize` (bytes) are what telling this pool may cost.
        function subscribe(address pool, uint64 refTime, uint64 proofSize) external;
        function unsubscribe(address pool) external;
        function setReporters(address[] calldata reporters, uint8 quorum) external;
        /// Lets a frozen asset take rounds again.
        function rearm(address asset) external;
        /// A reporter must have lodged `least` when he is named. A report farther than `faultBps` from the median of its
        /// round is a fault (0: none is); more than `faultsAllowed` in a week suspend the reporter and take his bond.
        function setBonds(address token, uint128 least, uint16 faultBps, uint8 faultsAllowed) external;
        function setGuardian(address guardian) external;
        /// The role passes when `to` accepts it; the zero address takes an offer back.
        function offerGovernor(address to) external;
        function acceptGovernor() external;

        // --- events ----------------------------------------------------------------------------------------------
        event Reported(address indexed asset, address indexed reporter, uint128 price, uint32 time);
        event RoundAccepted(
            address indexed asset,
            uint32 indexed round,
            uint128 median,
            uint32 time,
            uint8 status,
            uint16 downBps,
            uint16 upBps,
            uint16 volatilityBps
        );
        event RoundSuspect(address indexed asset, uint128 median, uint128 candidate, uint32 time);
        event RoundOutOfBounds(address indexed asset, uint128 median, uint32 time);
        event PushSkipped(address indexed pool);
        event RoundFrozen(address indexed asset, uint128 median, uint32 time);
        event Rearmed(address indexed asset);
        event AssetAdded(address indexed asset, uint16 maxStepBps, uint128 low, uint128 high);
        event BoundsSet(address indexed asset, uint16 maxStepBps, uint128 low, uint128 high);
        event RateSet(
            address indexed asset,
            address indexed source,
            uint128 start,
            uint16 growthBps,
            uint32 from
        );
        /// A report of this asset was left out: its rate could not be read.
        event RateNotRead(address indexed asset, address indexed source);
        event AssetFrozen(address indexed asset, uint32 until);
        event ReporterFault(address indexed asset, address indexed reporter, uint8 faults);
        event ReporterSlashed(address indexed reporter, uint128 amount);
        event BondsSet(address indexed token, uint128 least, uint16 faultBps, uint8 faultsAllowed);
        event BondDeposited(address indexed account, uint128 amount, uint128 bond);
        event BondWithdrawn(address indexed account, uint128 amount);
        event InsuranceFunded(address indexed pool, uint128 amount);
        event GuardianSet(address indexed guardian);
        event GovernorOffered(address indexed to);
        event GovernorSet(address indexed governor);
        event Subscribed(address indexed pool);
        event Unsubscribed(address indexed pool);
        event ReportersSet(address[] reporters, uint8 quorum);

        // --- errors: always two words ----------------------------------------------------------------------------
        error NotReporter(uint256 caller, uint256);
        error NotGovernor(uint256 caller, uint256 governor);
        error NotGuardian(uint256 caller, uint256 guardian);
        error NotOffered(uint256 caller, uint256 offered);
        error ReporterSuspended(uint256 reporter, uint256);
        error UnknownAsset(uint256 asset, uint256);
        error AlreadyListed(uint256 asset, uint256);
        error ZeroPrice(uint256 asset, uint256);
        error ZeroAmount(uint256, uint256);
        error ZeroAddress(uint256, uint256);
        error ReportInFuture(uint256 time, uint256 latest);
        error ReportTooOld(uint256 time, uint256 newest);
        error NothingReported(uint256, uint256);
        error TooManyReports(uint256 given, uint256 allowed);
        error TooManyReporters(uint256 given, uint256 allowed);
        error DuplicateReporter(uint256 reporter, uint256);
        error TooManySubscribers(uint256 given, uint256 allowed);
        error BadQuorum(uint256 quorum, uint256 reporters);
        error BadStep(uint256 step, uint256 most);
        error BadBounds(uint256 low, uint256 high);
        error BadFaults(uint256 faultBps, uint256 most);
        error BadRate(uint256 start, uint256 growthBps);
        error BadFreeze(uint256 duration, uint256 left);
        error RateUnread(uint256 asset, uint256 source);
        error BondTooSmall(uint256 reporter, uint256 bond);
        error BondLocked(uint256 until, uint256 now);
        error BondTokenHeld(uint256 held, uint256 token);
        error NothingSlashed(uint256, uint256);
        error FundingFailed(uint256 pool, uint256 reason);
        error TokenFailed(uint256 token, uint256 reason);
        error NotContract(uint256 target, uint256);
        error AlreadyFrozen(uint256 asset, uint256);
        error NotFrozen(uint256 asset, uint256);
        error NotSubscribed(uint256 pool, uint256);
        error WeightTooSmall(uint256 left, uint256 needed);
        error CodeFailed(uint256 code, uint256 reason);
        error Overflow(uint256, uint256);
        error Corrupt(uint256 item, uint256 length);
    }
}
