//! The native token as an ERC-20.

use alloy_sol_types::sol;

sol! {
    /// Wraps native money, as WETH9 does. Amounts are in native units: the token has the chain's decimals, although the
    /// value of a call is told in wei, of 18 decimals. A value that is not a whole number of units is refused.
    #[sol(abi, all_derives)]
    interface Wrapped {
        /// `decimals` are those of the native token.
        constructor(string name, string symbol, uint8 decimals);

        function name() external view returns (string memory);
        function symbol() external view returns (string memory);
        function decimals() external view returns (uint8);
        function totalSupply() external view returns (uint256);
        function balanceOf(address account) external view returns (uint256);
        function allowance(address owner, address spender) external view returns (uint256);
        function transfer(address to, uint256 amount) external returns (bool);
        function approve(address spender, uint256 amount) external returns (bool);
        function transferFrom(address from, address to, uint256 amount) external returns (bool);
        /// Gives the caller a token for each native unit sent along.
        function deposit() external payable;
        /// Takes tokens from the caller and sends it as many native units. To an account that does not exist yet the
        /// chain adds the existential deposit, at the cost of whoever signed the transaction.
        function withdraw(uint256 amount) external;

        event Transfer(address indexed from, address indexed to, uint256 value);
        event Approval(address indexed owner, address indexed spender, uint256 value);
        event Deposit(address indexed account, uint256 amount);
        event Withdrawal(address indexed account, uint256 amount);

        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        error ERC20InvalidReceiver(address receiver);
        /// The value in wei is not a whole number of units of so many wei.
        error NotWhole(uint256 value, uint256 unit);
        /// The native money could not be sent; the host's code.
        error PaymentFailed(uint256 receiver, uint256 code);
        error BadParameter(uint256 field, uint256 value);
        error Overflow(uint256, uint256);
        error ZeroAmount(uint256, uint256);
    }
}
