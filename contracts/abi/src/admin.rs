//! Rare operations of a pool. The pool delegate-calls the admin contract with the bytes given to `administer`, so
//! these messages run in the pool's storage and emit the pool's events; called directly they refuse.

use alloy_sol_types::sol;

sol! {
    /// Messages of the admin sibling, to be wrapped in `Pool.administer`.
    #[sol(abi, all_derives)]
    interface Admin {
        /// Ratios for accounts that chose the category; its number is 0 for none.
        struct Category {
            uint8 id;
            uint16 ltv;
            uint16 threshold;
            uint16 bonusMax;
        }

        /// The cut of the ltv in volatile times.
        struct Volatility {
            /// Annual volatility up to which the ltv is whole.
            uint16 free;
            /// The part of the ltv that is cut for each 100 % of volatility above that.
            uint16 slope;
            /// The largest cut, as a part of the ltv.
            uint16 cutMax;
        }

        /// A limit on net flow.
        struct Flow {
            /// What is let through at once, in whole tokens; 0 for no limit.
            uint64 cap;
            /// Minutes in which a full bucket empties.
            uint16 refillMinutes;
        }

        /// The limits on net flow.
        struct Flows {
            Flow inflow;
            Flow outflow;
        }

        /// Seconds for which a price serves.
        struct Ages {
            /// For taking on risk.
            uint16 strict;
            /// For liquidations.
            uint16 long;
        }

        /// Parameters of a reserve. Ratios and fees in bps, rates in ppm a year, caps in whole tokens.
        struct ReserveParameters {
            uint16 ltv;
            uint16 threshold;
            uint16 bonusMin;
            uint16 bonusMax;
            /// Health factor in bps at which the bonus is largest.
            uint16 healthForMaxBonus;
            uint16 insuranceCut;
            uint16 fee;
            uint16 flashFee;
            uint16 flashSplit;
            uint16 insuranceTarget;
            /// 0 kinked, 1 adaptive.
            uint8 rateModel;
            uint32 rateBase;
            uint32 rateSlope1;
            uint32 rateSlope2;
            uint16 rateOptimal;
            Ages ages;
            uint64 supplyCap;
            uint64 borrowCap;
            uint64 protectedCap;
            uint64 flashCap;
            /// Bit 0 borrowable, bit 1 collateral, bit 2 isolated, bit 3 flash loans.
            uint8 flags;
            Category category;
            Volatility volatility;
            Flows flows;
        }

        /// What the steward moves: as in `ReserveParameters`.
        struct Steering {
            uint8 rateModel;
            uint32 rateBase;
            uint32 rateSlope1;
            uint32 rateSlope2;
            uint16 rateOptimal;
            uint64 supplyCap;
            uint64 borrowCap;
            uint64 protectedCap;
            uint64 flashCap;
            Flows flows;
        }

        /// Atomic listing: probe transfer, configure, seed, enable. The caller must have approved the pool for
        /// `seed` plus `floor` of the token.
        function list(address asset, ReserveParameters calldata parameters, uint128 seed, uint128 floor) external;
        function setParameters(address asset, ReserveParameters calldata parameters) external;
        /// Moves rates, caps and flow limits, each by a quarter in a day. The steward may, and the governor.
        function steer(address asset, Steering calldata steering) external;
        /// Winds a reserve down for good: closed at once, its thresholds ramp to nothing.
        function windDown(address asset) external;
        /// The price (USD of a whole token, WAD) by which a reserve in wind-down is settled, a week after its beginning
        /// at the earliest. It never grows old and no other follows it.
        function setFinalPrice(address asset, uint128 price) external;
        /// 0 governor, 1 guardian, 2 steward, 3 feed, 4 admin code. The governor's own role is only offered: it passes
        /// when the other accepts.
        function setRole(uint8 role, address holder) external;
        /// Takes the governor's role that the caller was offered.
        function acceptGovernor() external;
        /// `asset` zero pauses everywhere. Bits follow the action kinds, bit 8 is liquidation, bit 9 flash loans.
        function pause(address asset, uint16 operations, uint32 duration) external;
        function unpause(address asset, uint16 operations) external;
        function setLimits(uint128 dust, uint128 minDebt, uint16 targetHealthBps) external;
        function skim(address asset) external;
        /// Freezes the reserve if the pool's balance is below what it owes; refused where it is not. Anyone may.
        function reconcile(address asset) external;
        /// Pays `shares` of the treasury out to `to`; the maximum is all of them. The governor may.
        function collect(address asset, address to, uint128 shares) external;
        /// Lets `operator` act for the caller before `expiry`: bit 0 withdraw, 1 borrow, 2 settings, 3 payout to
        /// others. None takes it back.
        function setOperator(address operator, uint8 permissions, uint32 expiry) external;
        /// Writes off an account of which less than dust is left. Anyone may.
        function writeOff(address account) external;

        event Listed(address indexed asset, uint8 indexed reserve, uint8 decimals, uint128 seed, uint128 floor);
        event ParametersSet(address indexed asset, bytes reserve);
        event RoleSet(uint8 indexed role, address holder, address previous);
        event GovernorOffered(address indexed holder);
        event PauseSet(address indexed asset, uint16 operations, uint32 from, uint32 until);
        event LimitsSet(uint128 dust, uint128 minDebt, uint16 targetHealthBps);
        event Skimmed(address indexed asset, uint128 assets, uint128 shares);
        event Shortfall(address indexed asset, uint128 balance, uint128 owed);
    }
}
