//! The messages and the cases in which they are measured.

use crate::{
    Row,
    market::{Market, Model, ONE, PAUSE, WAD},
    token::Token,
};
use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall as _;
use anyhow::Result;
use weir_abi::{Admin, Pool};
use weir_harness::{Account, Receipt, Weight};

/// Everything that is measured, in the order of the report.
///
/// # Errors
/// What the chain or a contract says: a measured message must succeed.
pub fn measure() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    Bench::new("peer", 1, Model::Kinked)?.all(&mut rows)?;
    Bench::new("adaptive", 1, Model::Adaptive)?.moving(&mut rows)?;
    for legs in [2, 4, 8] {
        Bench::new(&legs.to_string(), legs, Model::Kinked)?.moving(&mut rows)?;
    }
    Ok(rows)
}

/// What the token calls of a message cost when they are made directly.
#[derive(Clone, Copy)]
enum Calls {
    None,
    Pull,
    Push,
    Both,
}

struct Bench {
    case: String,
    legs: usize,
    market: Market,
    /// Lends and owes nothing, with one leg.
    lender: Account,
    /// Has the collateral legs, and one debt leg.
    borrower: Account,
    /// Liquidates.
    keeper: Account,
    /// What is owed.
    debt: Address,
    pull: Weight,
    push: Weight,
}

impl Bench {
    fn new(case: &str, legs: usize, model: Model) -> Result<Self> {
        let mut market = Market::new(legs + 1, model)?;
        let lender = market.account("lender", 100_000 * ONE)?;
        let borrower = market.account("borrower", 100_000 * ONE)?;
        let keeper = market.account("keeper", 100_000 * ONE)?;
        let debt = market.token(legs)?;
        market.supply(&lender, debt, 10_000 * ONE)?;
        for leg in 0..legs {
            market.supply(&borrower, market.token(leg)?, 1_000 * ONE)?;
        }
        market.borrow(&borrower, debt, 100 * ONE)?;
        // Every reserve has debt, or there would be no interest in the collateral.
        let other = market.account("other", 100_000 * ONE)?;
        market.supply(&other, debt, 50_000 * ONE)?;
        for leg in 0..legs.min(4) {
            market.borrow(&other, market.token(leg)?, 5_000 * ONE)?;
        }
        let (pull, push) = direct(&mut market, &lender, debt)?;
        let case = case.to_owned();
        Ok(Self { case, legs, market, lender, borrower, keeper, debt, pull, push })
    }

    /// Every message.
    fn all(&mut self, rows: &mut Vec<Row>) -> Result<()> {
        self.moving(rows)?;
        self.rest(rows)
    }

    /// The messages whose weight depends on the account.
    fn moving(&mut self, rows: &mut Vec<Row>) -> Result<()> {
        let collateral = self.market.token(0)?;
        let (lender, borrower, debt) = (self.lender.clone(), self.borrower.clone(), self.debt);
        let amount = 10 * ONE;
        let paid_in =
            |asset, who: &Account| Pool::supplyCall { asset, amount, account: who.address };
        self.row(rows, "supply", Calls::Pull, &lender, &paid_in(debt, &lender))?;
        self.row(
            rows,
            "supply collateral",
            Calls::Pull,
            &borrower,
            &paid_in(collateral, &borrower),
        )?;
        let account = borrower.address;
        let protect = Pool::protectCall { asset: collateral, amount: 2 * amount, account };
        self.row(rows, "protect", Calls::Pull, &borrower, &protect)?;
        let borrow = Pool::borrowCall { asset: debt, amount, account, to: account };
        self.row(rows, "borrow", Calls::Push, &borrower, &borrow)?;
        let repay = Pool::repayCall { asset: debt, amount, account };
        self.row(rows, "repay", Calls::Pull, &borrower, &repay)?;
        let own = lender.address;
        let withdraw = Pool::withdrawCall { asset: debt, amount, account: own, to: own };
        self.row(rows, "withdraw", Calls::Push, &lender, &withdraw)?;
        let withdraw = Pool::withdrawCall { asset: collateral, amount, account, to: account };
        self.row(rows, "withdraw with debt", Calls::Push, &borrower, &withdraw)?;
        let unprotect = Pool::unprotectCall { asset: collateral, amount, account, to: account };
        self.row(rows, "unprotect", Calls::Push, &borrower, &unprotect)?;
        self.set_collateral(rows)?;
        let set = Pool::setCategoryCall { id: 0, account };
        self.row(rows, "setCategory", Calls::None, &borrower, &set)?;
        self.submit(rows)?;
        self.liquidations(rows)
    }

    fn set_collateral(&mut self, rows: &mut Vec<Row>) -> Result<()> {
        let (borrower, asset) = (self.borrower.clone(), self.market.token(0)?);
        let set = |on| Pool::setCollateralCall { asset, on, account: borrower.address };
        if self.legs > 1 {
            self.row(rows, "setCollateral", Calls::None, &borrower, &set(false))?;
            self.market.send(&borrower, &set(true))?;
        } else {
            self.row(rows, "setCollateral", Calls::None, &borrower, &set(true))?;
        }
        Ok(())
    }

    /// Two actions on two tokens, and one check.
    fn submit(&mut self, rows: &mut Vec<Row>) -> Result<()> {
        let (borrower, amount) = (self.borrower.clone(), 10 * ONE);
        let account = borrower.address;
        let action = |kind, asset| Pool::Action { kind, asset, amount };
        let actions = vec![action(0, self.market.token(0)?), action(5, self.debt)];
        let call = Pool::submitCall { account, actions, to: account };
        self.row(rows, "submit supply and borrow", Calls::Both, &borrower, &call)
    }

    /// A part of the debt, for assets; the account is left as it was before.
    fn liquidations(&mut self, rows: &mut Vec<Row>) -> Result<()> {
        let (keeper, borrower) = (self.keeper.clone(), self.borrower.clone());
        let most = u128::try_from(self.legs)? * 700 * ONE;
        self.market.later()?;
        self.market.borrow(&borrower, self.debt, most - 130 * ONE)?;
        let call = |receive_shares, collateral| Pool::liquidateCall {
            borrower: borrower.address,
            debt: self.debt,
            collateral,
            maxRepay: 50 * ONE,
            minSeized: 0,
            receiveShares: receive_shares,
            data: Default::default(),
        };
        let collateral = self.market.token(0)?;
        for (message, calls, shares) in
            [("liquidate", Calls::Both, false), ("liquidate for shares", Calls::Pull, true)]
        {
            let call = call(shares, collateral);
            // The first time opens the keeper's legs and balances.
            for measured in [false, true] {
                self.market.later()?;
                for leg in 0..self.legs {
                    self.market.price(self.market.token(leg)?, 3 * WAD / 4)?;
                }
                self.market.world.advance(6)?;
                let receipt = self.market.send(&keeper, &call)?;
                if measured {
                    rows.push(self.net(message, calls, &receipt));
                }
            }
        }
        Ok(())
    }

    /// What does not depend on the account.
    fn rest(&mut self, rows: &mut Vec<Row>) -> Result<()> {
        let keeper = self.keeper.clone();
        let asset = self.debt;
        self.row(rows, "accrue", Calls::None, &keeper, &Pool::accrueCall { asset })?;
        let fund = Pool::fundInsuranceCall { asset, amount: ONE };
        self.row(rows, "fundInsurance", Calls::Pull, &keeper, &fund)?;
        self.market.later()?;
        let gift = Token::transferCall { to: self.market.pool, amount: U256::from(ONE) };
        self.market.call(&keeper, asset, &gift)?;
        let skim = Pool::administerCall { call: Admin::skimCall { asset }.abi_encode().into() };
        let receipt = self.market.send(&keeper, &skim)?;
        rows.push(self.net("administer skim", Calls::None, &receipt));
        let keys = vec![vec![b'r', 0].into()];
        self.row(rows, "items", Calls::None, &keeper, &Pool::itemsCall { keys })?;
        self.market.later()?;
        self.market.world.advance(PAUSE)?;
        let prices = vec![self.market.push(asset, WAD)?];
        let receipt = self.market.on_prices(prices)?;
        rows.push(self.net("onPrices", Calls::None, &receipt));
        Ok(())
    }

    /// Does it twice, three hours apart, and keeps what the second cost: the first may make items that were not there.
    fn row<C: alloy_sol_types::SolCall>(
        &mut self,
        rows: &mut Vec<Row>,
        message: &str,
        calls: Calls,
        who: &Account,
        call: &C,
    ) -> Result<()> {
        let snapshot = self.market.world.snapshot();
        self.market.later()?;
        self.market.send(who, call)?;
        if message != "setCollateral" {
            self.market.later()?;
        } else {
            self.market.world.restore(&snapshot);
            self.market.later()?;
        }
        let receipt = self.market.send(who, call)?;
        rows.push(self.net(message, calls, &receipt));
        Ok(())
    }

    fn net(&self, message: &str, calls: Calls, receipt: &Receipt) -> Row {
        let none = Weight::default();
        let (pull, push) = match calls {
            Calls::None => (none, none),
            Calls::Pull => (self.pull, none),
            Calls::Push => (none, self.push),
            Calls::Both => (self.pull, self.push),
        };
        let Weight { ref_time, proof_size } = receipt.weight;
        Row {
            message: message.to_owned(),
            case: self.case.clone(),
            ref_time,
            proof_size,
            deposit: receipt.deposit,
            net_ref_time: ref_time.saturating_sub(pull.ref_time + push.ref_time),
            net_proof_size: proof_size.saturating_sub(pull.proof_size + push.proof_size),
        }
    }
}

/// What `transferFrom` and `transfer` cost when somebody sends them, between balances that exist.
fn direct(market: &mut Market, who: &Account, token: Address) -> Result<(Weight, Weight)> {
    let (pool, amount) = (market.pool, U256::from(ONE));
    let approve = Token::approveCall { spender: who.address, amount: U256::MAX };
    market.call(who, token, &approve)?;
    let pull = Token::transferFromCall { from: who.address, to: pool, amount };
    let pull = market.call(who, token, &pull)?;
    let push = market.call(who, token, &Token::transferCall { to: pool, amount })?;
    Ok((pull.weight, push.weight))
}
