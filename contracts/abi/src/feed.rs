//! The on-chain oracle: reporters, rounds, and what it pushes to the pools.

use alloy_sol_types::sol;

sol! {
    /// Messages of the price feed.
    #[sol(abi, all_derives)]
    interface PriceFeed {
        constructor(address governor, address[] reporters, uint8 quorum, uint32 skewSeconds);

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

        // --- anyone ----------------------------------------------------------------------------------------------
        function push(address pool, address[] calldata assets) external;
        function round(address asset) external view returns (Round memory);
        function reporters() external view returns (address[] memory);
        function lastReport(address asset, address reporter) external view returns (uint128 price, uint32 time);
        function assets() external view returns (address[] memory);
        function subscribers() external view returns (address[] memory);
        function settings() external view returns (address governor, uint8 quorum, uint32 skewSeconds);

        // --- governor --------------------------------------------------------------------------------------------
        /// `maxStepBps` is the step beyond which a round is suspect; `low` and `high` are the absolute bounds.
        function addAsset(address asset, uint16 maxStepBps, uint128 low, uint128 high) external;
        /// `refTime` (ps) and `proofSize` (bytes) are what telling this pool may cost.
        function subscribe(address pool, uint64 refTime, uint64 proofSize) external;
        function unsubscribe(address pool) external;
        function setReporters(address[] calldata reporters, uint8 quorum) external;
        /// Lets a frozen asset take rounds again.
        function rearm(address asset) external;

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
        event Subscribed(address indexed pool);
        event Unsubscribed(address indexed pool);
        event ReportersSet(address[] reporters, uint8 quorum);

        // --- errors: always two words ----------------------------------------------------------------------------
        error NotReporter(uint256 caller, uint256);
        error NotGovernor(uint256 caller, uint256 governor);
        error UnknownAsset(uint256 asset, uint256);
        error AlreadyListed(uint256 asset, uint256);
        error ZeroPrice(uint256 asset, uint256);
        error ReportInFuture(uint256 time, uint256 latest);
        error ReportTooOld(uint256 time, uint256 newest);
        error NothingReported(uint256, uint256);
        error TooManyReports(uint256 given, uint256 allowed);
        error TooManyReporters(uint256 given, uint256 allowed);
        error TooManySubscribers(uint256 given, uint256 allowed);
        error BadQuorum(uint256 quorum, uint256 reporters);
        error BadParameter(uint256 field, uint256 value);
        error NotContract(uint256 target, uint256);
        error NotFrozen(uint256 asset, uint256);
        error NotSubscribed(uint256 pool, uint256);
        error WeightTooSmall(uint256 left, uint256 needed);
        error Overflow(uint256, uint256);
        error Corrupt(uint256 item, uint256 length);
    }
}
