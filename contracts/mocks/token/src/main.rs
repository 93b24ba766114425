//! A plain ERC-20 for test chains. Anybody may mint, up to a cap a call; there is no other privilege.

#![cfg_attr(not(feature = "std"), no_std, no_main)]
#![allow(unsafe_code, missing_docs, clippy::panic, reason = "ink!'s macros write them")]

#[cfg(not(ink_abi = "sol"))]
compile_error!(
    "the contracts speak the Solidity ABI: build with `--cfg ink_abi=\"sol\"`, as `weir build` does"
);

#[cfg(feature = "std")]
fn main() {}

#[ink::contract]
mod token {
    use ink::U256;
    use ink::prelude::string::String;
    use ink::storage::traits::ManualKey;
    use ink::storage::{Lazy, Mapping};

    /// What never changes after deployment, read only by the views that ask for it.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    #[ink::storage_item(packed)]
    struct Description {
        name: String,
        symbol: String,
        decimals: u8,
        mint_cap: U256,
    }

    /// The token. The root holds nothing but handles, so that a transfer does not rewrite it.
    #[ink(storage)]
    pub struct Token {
        description: Lazy<Description, ManualKey<0x01>>,
        total_supply: Lazy<U256, ManualKey<0x02>>,
        balances: Mapping<Address, U256, ManualKey<0x03>>,
        allowances: Mapping<(Address, Address), U256, ManualKey<0x04>>,
    }

    /// Tokens moved; minting moves them from the zero address.
    #[ink(event)]
    pub struct Transfer {
        #[ink(topic)]
        from: Address,
        #[ink(topic)]
        to: Address,
        value: U256,
    }

    /// `spender` may take up to `value` from `owner`.
    #[ink(event)]
    pub struct Approval {
        #[ink(topic)]
        owner: Address,
        #[ink(topic)]
        spender: Address,
        value: U256,
    }

    /// Refusals; the first three are those of ERC-6093.
    #[derive(Debug, PartialEq, Eq)]
    #[ink::error]
    pub enum Error {
        /// `sender` has too little.
        ERC20InsufficientBalance { sender: Address, balance: U256, needed: U256 },
        /// `spender` may take too little.
        ERC20InsufficientAllowance { spender: Address, allowance: U256, needed: U256 },
        /// The zero address cannot receive.
        ERC20InvalidReceiver { receiver: Address },
        /// More than the faucet gives at once.
        MintCap { amount: U256, cap: U256 },
        /// The supply would not fit.
        SupplyOverflow { supply: U256, amount: U256 },
    }

    impl Token {
        /// A token without supply; `mint` gives at most `mint_cap` at once.
        #[ink(constructor)]
        pub fn new(name: String, symbol: String, decimals: u8, mint_cap: U256) -> Self {
            let mut token = Self {
                description: Lazy::new(),
                total_supply: Lazy::new(),
                balances: Mapping::new(),
                allowances: Mapping::new(),
            };
            token.description.set(&Description { name, symbol, decimals, mint_cap });
            token.total_supply.set(&U256::zero());
            token
        }

        /// Its name.
        #[ink(message)]
        pub fn name(&self) -> String {
            self.description.get_or_default().name
        }

        /// Its symbol.
        #[ink(message)]
        pub fn symbol(&self) -> String {
            self.description.get_or_default().symbol
        }

        /// How many digits of an amount stand behind the point.
        #[ink(message)]
        pub fn decimals(&self) -> u8 {
            self.description.get_or_default().decimals
        }

        /// What `mint` gives at most at once.
        #[ink(message, name = "mintCap")]
        pub fn mint_cap(&self) -> U256 {
            self.description.get_or_default().mint_cap
        }

        /// All there is.
        #[ink(message, name = "totalSupply")]
        pub fn total_supply(&self) -> U256 {
            self.total_supply.get_or_default()
        }

        /// What `account` has.
        #[ink(message, name = "balanceOf")]
        pub fn balance_of(&self, account: Address) -> U256 {
            self.balances.get(account).unwrap_or_default()
        }

        /// What `spender` may take from `owner`.
        #[ink(message)]
        pub fn allowance(&self, owner: Address, spender: Address) -> U256 {
            self.allowances.get((owner, spender)).unwrap_or_default()
        }

        /// Moves the caller's tokens.
        #[ink(message)]
        pub fn transfer(&mut self, to: Address, amount: U256) -> Result<bool, Error> {
            self.shift(self.env().caller(), to, amount)
        }

        /// Lets `spender` take up to `amount` of the caller's tokens.
        #[ink(message)]
        pub fn approve(&mut self, spender: Address, amount: U256) -> bool {
            let owner = self.env().caller();
            self.allowances.insert((owner, spender), &amount);
            self.env().emit_event(Approval { owner, spender, value: amount });
            true
        }

        /// Moves tokens of `from` that it allowed the caller to take. The largest allowance never shrinks.
        #[ink(message, name = "transferFrom")]
        pub fn transfer_from(
            &mut self,
            from: Address,
            to: Address,
            amount: U256,
        ) -> Result<bool, Error> {
            let spender = self.env().caller();
            let allowance = self.allowance(from, spender);
            let Some(left) = allowance.checked_sub(amount) else {
                return Err(Error::ERC20InsufficientAllowance {
                    spender,
                    allowance,
                    needed: amount,
                });
            };
            if allowance != U256::MAX {
                self.allowances.insert((from, spender), &left);
            }
            self.shift(from, to, amount)
        }

        /// Gives `to` new tokens.
        #[ink(message)]
        pub fn mint(&mut self, to: Address, amount: U256) -> Result<(), Error> {
            let cap = self.mint_cap();
            if amount > cap {
                return Err(Error::MintCap { amount, cap });
            }
            let supply = self.total_supply();
            let Some(total) = supply.checked_add(amount) else {
                return Err(Error::SupplyOverflow { supply, amount });
            };
            self.total_supply.set(&total);
            self.receive(to, amount)?;
            self.env().emit_event(Transfer { from: Address::zero(), to, value: amount });
            Ok(())
        }

        fn shift(&mut self, from: Address, to: Address, amount: U256) -> Result<bool, Error> {
            let balance = self.balance_of(from);
            let Some(left) = balance.checked_sub(amount) else {
                return Err(Error::ERC20InsufficientBalance {
                    sender: from,
                    balance,
                    needed: amount,
                });
            };
            self.balances.insert(from, &left);
            self.receive(to, amount)?;
            self.env().emit_event(Transfer { from, to, value: amount });
            Ok(true)
        }

        fn receive(&mut self, to: Address, amount: U256) -> Result<(), Error> {
            if to == Address::zero() {
                return Err(Error::ERC20InvalidReceiver { receiver: to });
            }
            let balance = self.balance_of(to);
            // Balances sum up to the supply, which was checked when it grew.
            let Some(balance) = balance.checked_add(amount) else {
                return Err(Error::SupplyOverflow { supply: balance, amount });
            };
            self.balances.insert(to, &balance);
            Ok(())
        }
    }
}
