//! Views and previews of a pool. The lens holds nothing: it reads the pool's items and runs `weir-core` on them.

use alloy_sol_types::sol;

sol! {
    /// Messages of the lens.
    #[sol(abi, all_derives)]
    interface Lens {
        struct Action {
            uint8 kind;
            address asset;
            uint128 amount;
        }

        struct ReserveData {
            address token;
            uint8 decimals;
            /// Bit 0 borrowable, 1 collateral, 2 isolated, 3 flash loans, 8 frozen, 9 wound up.
            uint16 flags;
            uint128 supplyAssets;
            uint128 supplyShares;
            uint128 debtAssets;
            uint128 debtShares;
            uint128 protectedAssets;
            uint128 cash;
            uint128 insuranceShares;
            uint128 treasuryShares;
            /// WAD.
            uint128 utilisation;
            /// WAD a year.
            uint128 borrowRate;
            uint128 supplyRate;
            uint16 ltv;
            uint16 threshold;
            uint128 price;
            uint128 priceLow;
            uint128 priceHigh;
            uint32 priceTime;
            uint32 priceRound;
            uint8 priceStatus;
        }

        struct LegData {
            address token;
            uint128 supplied;
            uint128 protectedAssets;
            uint128 owed;
            bool collateral;
            /// USD per whole token, WAD, at which the account becomes liquidatable if only this price moves;
            /// zero where no price does it.
            uint128 liquidationPrice;
        }

        struct AccountData {
            /// USD, WAD.
            uint128 collateralValue;
            uint128 debtValue;
            /// What the collateral supports at its low price and ltv, USD WAD.
            uint128 borrowCapacity;
            /// WAD; the maximum of uint128 without debt.
            uint128 healthFactor;
            bool liquidatable;
            uint32 version;
            LegData[] legs;
        }

        struct Preview {
            bool allowed;
            /// Selector of the pool's error and its two words where refused.
            bytes4 refusal;
            uint256 a;
            uint256 b;
            uint128 healthBefore;
            uint128 healthAfter;
        }

        struct LiquidationPreview {
            bool allowed;
            bytes4 refusal;
            uint256 a;
            uint256 b;
            uint128 repaid;
            uint128 seizedProtected;
            uint128 seizedAssets;
            uint128 seizedShares;
            uint128 bonus;
            uint128 healthBefore;
            uint128 healthAfter;
        }

        struct Limit {
            /// Code of the operation.
            uint8 operation;
            /// The largest amount that is accepted, in token units.
            uint128 room;
            /// Selector and words of the error that a unit more gives; zero where more is taken as all there is.
            bytes4 binding;
            uint256 a;
            uint256 b;
            /// When that ends by itself (Unix seconds): a pause, or a flow limit that is wholly free again; zero if not.
            uint32 frees;
        }

        function reserveData(address pool, address asset) external view returns (ReserveData memory);
        function accountData(address pool, address account) external view returns (AccountData memory);
        function preview(address pool, address caller, address account, Action[] calldata actions, address to)
            external view returns (Preview memory);
        function previewLiquidation(
            address pool, address caller, address borrower, address debt, address collateral,
            uint128 maxRepay, uint128 minSeized, bool receiveShares
        ) external view returns (LiquidationPreview memory);
        /// How much an account may still supply, protect, repay, withdraw, unprotect and borrow, acting for itself.
        function limits(address pool, address account, address asset) external view returns (Limit[] memory);
        /// What an operator may do for an account, and until when; nothing once it has expired.
        function operator(address pool, address account, address operator)
            external view returns (uint8 permissions, uint32 expiry);
        function indebted(address pool, uint32 page) external view returns (address[] memory accounts, uint32 total);
    }
}
