//! Liquidates without capital, for whoever asks.

use alloy_sol_types::sol;

sol! {
    /// Liquidates on one pool, sells what it gets at one venue, pays the profit to the caller: all of it, or nothing
    /// happens.
    #[sol(abi, all_derives)]
    interface Liquidator {
        struct Job {
            address borrower;
            address debt;
            address collateral;
            /// At most this much is repaid. With a flash loan it is what is borrowed: an amount, not "all".
            uint128 maxRepay;
            /// As in the pool's `liquidate`.
            uint128 minSeized;
            /// In the debt's token; the caller gets at least this or nothing happens.
            uint128 minProfit;
            /// With a flash loan of the debt's token; otherwise in the pool's callback, which costs no fee.
            bool flash;
        }

        constructor(address owner, address pool, address venue);

        function liquidate(Job calldata job) external returns (uint128 profit);

        // --- the pool --------------------------------------------------------------------------------------------
        function onLiquidate(
            address borrower,
            address debt,
            address collateral,
            uint128 repay,
            uint128 received,
            bytes calldata data
        ) external returns (bytes32);
        function onFlashLoan(address initiator, address token, uint256 amount, uint256 fee, bytes calldata data)
            external returns (bytes32);

        // --- the owner -------------------------------------------------------------------------------------------
        /// Takes out what lies here; the maximum is all of it. Between two jobs nothing should.
        function sweep(address token, address to, uint128 amount) external;
        function setVenue(address venue) external;

        function settings() external view returns (address owner, address pool, address venue);

        event Earned(address indexed borrower, address indexed caller, address indexed debt, uint128 profit);
        event Swept(address indexed token, address to, uint128 amount);
        event VenueSet(address venue);

        error NotOwner(uint256 caller, uint256 owner);
        /// Only the pool calls back, and only during a job of this contract.
        error UnexpectedCallback(uint256 caller, uint256 pool);
        error JobOpen(uint256, uint256);
        error ProfitTooSmall(uint256 profit, uint256 least);
        error TokenFailed(uint256 token, uint256 flags);
        /// The pool or the venue failed without saying why; the host's code. Whoever says why ends the job with its own
        /// error; what fails within the callback the pool tells as `CallbackRefused`.
        error TargetFailed(uint256 target, uint256 code);
        error NotContract(uint256 target, uint256);
        error Overflow(uint256, uint256);
        error Corrupt(uint256 item, uint256 length);
    }
}
