//! The pool: the messages that move money, and everything it says about them.
//!
//! Amounts are in the token's own smallest units; the maximum of `uint128` means "all". Every error carries exactly
//! two words, named after what they hold; a word without a name is zero.

use alloy_sol_types::sol;

sol! {
    /// Messages of the lending pool.
    #[sol(abi, all_derives)]
    interface Pool {
        /// One step of `submit`. `kind`: 0 supply, 1 protect, 2 repay, 3 withdraw, 4 unprotect, 5 borrow,
        /// 6 set collateral (`amount` 1 on, 0 off), 7 set category (`amount` is its id, `asset` is ignored).
        struct Action {
            uint8 kind;
            address asset;
            uint128 amount;
        }

        constructor(address governor, address admin, address feed, uint128 dust, uint128 minDebt);

        // --- users -----------------------------------------------------------------------------------------------
        function supply(address asset, uint128 amount, address account) external;
        function protect(address asset, uint128 amount, address account) external;
        function repay(address asset, uint128 amount, address account) external;
        function withdraw(address asset, uint128 amount, address account, address to) external;
        function unprotect(address asset, uint128 amount, address account, address to) external;
        function borrow(address asset, uint128 amount, address account, address to) external;
        function setCollateral(address asset, bool on, address account) external;
        function setCategory(uint8 id, address account) external;
        function submit(address account, Action[] calldata actions, address to) external;

        // --- liquidation -----------------------------------------------------------------------------------------
        function liquidate(
            address borrower,
            address debt,
            address collateral,
            uint128 maxRepay,
            uint128 minSeized,
            bool receiveShares,
            bytes calldata data
        ) external;

        // --- flash loans: ERC-3156, and several tokens at once ----------------------------------------------------
        function maxFlashLoan(address token) external view returns (uint256);
        function flashFee(address token, uint256 amount) external view returns (uint256);
        /// Lends to `receiver`, which must have code, calls it, and pulls the amount and the fee from it.
        function flashLoan(address receiver, address token, uint256 amount, bytes calldata data)
            external returns (bool);
        /// The same for up to eight tokens in strictly ascending order, with one callback.
        function flashLoanBatch(
            address receiver, address[] calldata tokens, uint128[] calldata amounts, bytes calldata data
        ) external;

        // --- anyone ----------------------------------------------------------------------------------------------
        function accrue(address asset) external;
        function fundInsurance(address asset, uint128 amount) external;

        // --- the feed --------------------------------------------------------------------------------------------
        struct PricePush {
            address asset;
            /// USD per whole token, WAD.
            uint128 median;
            /// low = median · (1 − down/10 000), rounded outward.
            uint16 downBps;
            /// high = median · (1 + up/10 000), rounded outward.
            uint16 upBps;
            uint32 time;
            uint32 round;
            /// 0 none, 1 ok, 2 suspect, 3 confirmed after a suspect step, 4 frozen.
            uint8 status;
            /// Annual volatility in bps.
            uint16 volatilityBps;
        }
        function onPrices(PricePush[] calldata prices) external;

        // --- rare operations, run by the admin sibling in the pool's own storage -----------------------------------
        function administer(bytes calldata call) external returns (bytes memory);

        // --- raw state, for the lens and for clients ---------------------------------------------------------------
        /// The stored items behind `keys`, in order; an absent item is empty.
        function items(bytes[] calldata keys) external view returns (bytes[] memory);

        // --- events ------------------------------------------------------------------------------------------------
        event Supplied(address indexed asset, address indexed account, address caller, uint128 assets, uint128 shares);
        event Protected(address indexed asset, address indexed account, address caller, uint128 assets);
        event Repaid(address indexed asset, address indexed account, address caller, uint128 assets, uint128 shares);
        event Withdrawn(
            address indexed asset, address indexed account, address caller, address to, uint128 assets, uint128 shares
        );
        event Unprotected(address indexed asset, address indexed account, address caller, address to, uint128 assets);
        event Borrowed(
            address indexed asset, address indexed account, address caller, address to, uint128 assets, uint128 shares
        );
        event CollateralSet(address indexed asset, address indexed account, address caller, bool on);
        event CategorySet(address indexed account, address caller, uint8 category);
        /// `permissions`: bit 0 withdraw, 1 borrow, 2 settings, 3 payout to others; they hold before `expiry` (seconds).
        /// No permissions: what was granted before is taken back.
        event OperatorSet(address indexed account, address indexed operator, uint8 permissions, uint32 expiry);
        event Accrued(
            address indexed asset,
            uint128 interest,
            uint128 insuranceShares,
            uint128 treasuryShares,
            uint64 remainder,
            uint64 rateAtTarget,
            uint32 time
        );
        /// `seizedProtected` came first; `seizedShares` left the borrower's supply leg and were worth `seizedAssets`.
        /// `insuranceAssets` is the insurance's cut of the bonus, out of the supply first; it became `insuranceShares`.
        /// `bonus` is a WAD ratio.
        event Liquidated(
            address indexed borrower,
            address indexed debt,
            address indexed collateral,
            address caller,
            uint128 repaid,
            uint128 repaidShares,
            uint128 seizedProtected,
            uint128 seizedAssets,
            uint128 seizedShares,
            uint128 insuranceAssets,
            uint128 insuranceShares,
            uint128 bonus,
            bool receiveShares
        );
        /// What was left of a collateral, too little to be worth a liquidation, went to the insurance of its reserve.
        event DustForfeited(
            address indexed asset,
            address indexed account,
            uint128 protectedAssets,
            uint128 shares,
            uint128 mintedShares
        );
        event BadDebt(
            address indexed asset,
            address indexed account,
            uint128 assets,
            uint128 shares,
            uint128 insured,
            uint128 insuranceShares,
            uint128 socialised
        );
        event InsuranceFunded(address indexed asset, address caller, uint128 assets, uint128 shares);
        /// Supply and cash grew by `fee`; the insurance got `insuranceShares` for its part of it.
        event FlashLoaned(
            address indexed asset,
            address indexed receiver,
            address initiator,
            uint128 assets,
            uint128 fee,
            uint128 insuranceShares
        );
        /// Shares of the treasury were paid out.
        event Collected(address indexed asset, address to, uint128 assets, uint128 shares);
        event PriceAccepted(
            address indexed asset,
            uint128 median,
            uint16 downBps,
            uint16 upBps,
            uint32 time,
            uint32 round,
            uint8 status,
            uint16 volatilityBps
        );
        event PriceIgnored(address indexed asset, uint128 median, uint32 time, uint32 round, uint8 reason);
        event WoundUp(address indexed asset, uint128 supplyAssets, uint128 supplyShares);

        // --- errors ------------------------------------------------------------------------------------------------
        error Overflow(uint256, uint256);
        error ZeroAmount(uint256, uint256);
        error UnknownAsset(uint256 asset, uint256);
        error UnknownAction(uint256 kind, uint256 index);
        error TooManyActions(uint256 given, uint256 allowed);
        error ZeroAddress(uint256, uint256);
        error NotAuthorised(uint256 caller, uint256 account);
        error NoLeg(uint256 reserve, uint256);
        error TooManyLegs(uint256 held, uint256 allowed);
        error Paused(uint256 operation, uint256 until);
        error Frozen(uint256 reserve, uint256);
        error NotBorrowable(uint256 reserve, uint256);
        error NotCollateral(uint256 reserve, uint256);
        error Isolated(uint256 reserve, uint256);
        error WrongCategory(uint256 reserve, uint256 category);
        error SupplyCap(uint256 total, uint256 cap);
        error BorrowCap(uint256 total, uint256 cap);
        error ProtectedCap(uint256 total, uint256 cap);
        error InflowLimit(uint256 amount, uint256 room);
        error OutflowLimit(uint256 amount, uint256 room);
        error InsufficientCash(uint256 wanted, uint256 available);
        error InsufficientSupply(uint256 wanted, uint256 available);
        error InsufficientProtected(uint256 wanted, uint256 available);
        error DebtBelowMinimum(uint256 debt, uint256 minimum);
        error NothingOwed(uint256 reserve, uint256);
        error PriceMissing(uint256 reserve, uint256);
        error PriceStale(uint256 reserve, uint256 age);
        error PriceNotUsable(uint256 reserve, uint256 status);
        /// Both words in USD, WAD: what the collateral supports and what is owed.
        error InsufficientCollateral(uint256 supported, uint256 owed);
        /// The health factor as WAD; 1e18 and above cannot be liquidated.
        error Healthy(uint256 healthFactor, uint256);
        error SelfLiquidation(uint256, uint256);
        error NothingToSeize(uint256 reserve, uint256);
        error DustLeft(uint256 needed, uint256 given);
        error BelowMinimum(uint256 repay, uint256 minimum);
        error SeizedTooLittle(uint256 seized, uint256 wanted);
        error Grace(uint256 until, uint256);
        error WoundUpReserve(uint256 reserve, uint256);
        error CallbackOpen(uint256, uint256);
        error NotContract(uint256 target, uint256);
        error CallbackRefused(uint256 receiver, uint256);
        error TokenFailed(uint256 token, uint256 flags);
        error FlashDisabled(uint256 reserve, uint256);
        error FlashCap(uint256 amount, uint256 cap);
        error NotAscending(uint256 asset, uint256 index);
        /// Both words in USD, WAD: what is left of the collateral, and below which it must be.
        error StillCovered(uint256 collateral, uint256 most);
        error NotFeed(uint256 caller, uint256 feed);
        error NotGovernor(uint256 caller, uint256 governor);
        error PauseLimit(uint256 left, uint256);
        error StewardLimit(uint256 field, uint256 was);
        error NotSteward(uint256 caller, uint256 steward);
        error NotYet(uint256 time, uint256);
        error FeedMismatch(uint256 reserve, uint256 price);
        error BadParameter(uint256 field, uint256 value);
        error AlreadyListed(uint256 asset, uint256 reserve);
        error TooManyReserves(uint256 held, uint256 allowed);
        error Corrupt(uint256 item, uint256 length);
    }
}

sol! {
    /// What calls `liquidate` with data.
    #[sol(abi, all_derives)]
    interface LiquidationReceiver {
        /// Called once `received` of `collateral` has arrived and before `repay` of `debt` is pulled. Must return
        /// the keccak-256 of `WeirLiquidator.onLiquidate`. Inside of it the pool refuses prices, administration and
        /// liquidations with data, everything else works.
        function onLiquidate(
            address borrower,
            address debt,
            address collateral,
            uint128 repay,
            uint128 received,
            bytes calldata data
        ) external returns (bytes32);
    }
}

sol! {
    /// What a flash loan is given to.
    #[sol(abi, all_derives)]
    interface FlashReceiver {
        /// Called once `amount` has arrived and before `amount` + `fee` is pulled, which the receiver must have allowed.
        /// Must return the keccak-256 of `ERC3156FlashBorrower.onFlashLoan`. `initiator` is who called the pool. Inside
        /// of it the pool refuses flash loans, prices, administration and liquidations with data, everything else
        /// works.
        function onFlashLoan(address initiator, address token, uint256 amount, uint256 fee, bytes calldata data)
            external returns (bytes32);
        /// The same for a batch. Must return the keccak-256 of `WeirFlashBorrower.onBatchFlashLoan`.
        function onBatchFlashLoan(
            address initiator,
            address[] calldata tokens,
            uint256[] calldata amounts,
            uint256[] calldata fees,
            bytes calldata data
        ) external returns (bytes32);
    }
}
