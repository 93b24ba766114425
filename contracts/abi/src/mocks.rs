//! A swap venue of the test chains, and a borrower of flash loans.

use alloy_sol_types::sol;

sol! {
    /// Where tokens are swapped: what the liquidator sells at.
    #[sol(abi, all_derives)]
    interface Venue {
        /// Takes `amountIn` from the caller, who must have allowed it, and gives at least `minOut` to `to`.
        function swap(address tokenIn, address tokenOut, uint128 amountIn, uint128 minOut, address to)
            external returns (uint128 amountOut);
    }
}

sol! {
    /// A constant-product market for any pair of tokens. Liquidity is given for good: this is for test chains.
    #[sol(abi, all_derives)]
    interface MockAmm {
        /// The fee stays in the market.
        constructor(uint16 feeBps);

        function swap(address tokenIn, address tokenOut, uint128 amountIn, uint128 minOut, address to)
            external returns (uint128 amountOut);
        function addLiquidity(address tokenA, address tokenB, uint128 amountA, uint128 amountB) external;
        /// What `swap` would give now.
        function quote(address tokenIn, address tokenOut, uint128 amountIn) external view returns (uint128 amountOut);
        function reserves(address tokenA, address tokenB) external view returns (uint128 amountA, uint128 amountB);

        event LiquidityAdded(address indexed tokenA, address indexed tokenB, uint128 amountA, uint128 amountB);
        event Swapped(
            address indexed tokenIn, address indexed tokenOut, address caller, address to, uint128 amountIn,
            uint128 amountOut
        );

        error ZeroAmount(uint256, uint256);
        error SameToken(uint256 token, uint256);
        error NoMarket(uint256 tokenIn, uint256 tokenOut);
        error TooLittleOut(uint256 amount, uint256 least);
        error TokenFailed(uint256 token, uint256 flags);
        error BadParameter(uint256 field, uint256 value);
        error Overflow(uint256, uint256);
    }
}

sol! {
    /// A borrower of flash loans that pays them back out of what it holds, as ERC-3156 wants it. For test chains.
    #[sol(abi, all_derives)]
    interface MockFlashBorrower {
        constructor(address lender);

        function onFlashLoan(address initiator, address token, uint256 amount, uint256 fee, bytes calldata data)
            external returns (bytes32);
        function onBatchFlashLoan(
            address initiator,
            address[] calldata tokens,
            uint256[] calldata amounts,
            uint256[] calldata fees,
            bytes calldata data
        ) external returns (bytes32);

        event Borrowed(address indexed initiator, address indexed token, uint256 amount, uint256 fee);

        error NotLender(uint256 caller, uint256 lender);
        error TokenFailed(uint256 token, uint256 flags);
        error Overflow(uint256, uint256);
    }
}
