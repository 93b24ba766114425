//! A pool in memory with the tokens around it.

use crate::{
    message::{Coin, Message, Quote},
    stage::{LISTED, ROLES, Stage},
};
use std::sync::Arc;
use weir_core::{
    address::Address,
    control::{self, Role, Skimmed},
    error::{Code, Refusal, Word, refuse},
    event::Event,
    feed::{Push, Status},
    flash,
    liquidate::{Order, liquidate, write_off},
    listing::{self, Start},
    memory::MemoryHost,
    operators,
    prices::{PricePush, on_prices},
    reserves::{self, accrue, fund_insurance},
    state::Root,
    submit::{Action, Request, submit, too_many_actions},
    transfers::{Direction, Transfer},
    units::{Assets, Bps, Price, Shares, Timestamp, Value, WAD},
};

/// When a session begins.
pub const START: Timestamp = Timestamp(1_700_000_000);

/// What is worked on: state, tokens, stage.
#[derive(Clone, Debug)]
pub struct World {
    /// Storage, clock, log.
    pub host: MemoryHost,
    /// The root as it is stored.
    pub root: Root,
    /// What the pool really holds of each token of the stage.
    pub held: Vec<u128>,
    /// Cast and tokens.
    pub stage: Arc<Stage>,
}

/// What a message left behind.
#[derive(Clone, Debug, Default)]
pub struct Applied {
    /// What moved.
    pub transfers: Vec<Transfer>,
    /// What was said.
    pub events: Vec<Event>,
    /// What a skim found.
    pub skimmed: Option<Skimmed>,
    /// The messages within a callback that were accepted.
    pub within: Vec<Message>,
}

impl World {
    /// A pool with the first tokens listed and priced; the numbers of their parameters follow from the seed.
    #[must_use]
    pub fn new(stage: Arc<Stage>, seed: u64) -> Self {
        let mut world = Self::empty(stage);
        world.opening(seed);
        world
    }

    /// A pool without reserves.
    #[must_use]
    pub fn empty(stage: Arc<Stage>) -> Self {
        let role = |role: usize| stage.who(ROLES[role][0]);
        let root = Root::new(role(0), role(4), role(3), Value(20 * WAD), Value(50 * WAD));
        let mut host = MemoryHost::new(START);
        host.set_root(&root);
        Self { host, root, held: vec![0; stage.tokens.len()], stage }
    }

    /// Lists the first tokens, each with the first parameters from a number on that are allowed, and prices them.
    /// Returns the messages that did it.
    pub fn opening(&mut self, seed: u64) -> Vec<Message> {
        let mut done = Vec::new();
        for coin in 0..LISTED {
            let list = |config| Message::List {
                caller: ROLES[0][0],
                coin,
                config,
                seed: 1_000,
                floor: 10,
            };
            let allowed = (seed..seed + 100).map(list).find(|list| self.apply(list).is_ok());
            done.push(allowed.expect("one in eight is not allowed"));
            let median = self.stage.tokens[usize::from(coin)].price;
            let quote = Quote {
                coin,
                median,
                down: 10,
                up: 10,
                age: 0,
                round: 1,
                status: 1,
                volatility: 2_000,
            };
            let prices = Message::Prices { caller: ROLES[3][0], quotes: vec![quote] };
            assert!(self.apply(&prices).is_ok(), "the first prices are taken");
            done.push(prices);
        }
        done
    }

    /// Does a message as one transaction.
    ///
    /// # Errors
    /// Why it was refused; nothing has changed then.
    pub fn apply(&mut self, message: &Message) -> Result<Applied, Refusal> {
        let before = (self.host.clone(), self.root, self.held.clone());
        let mut applied = Applied::default();
        match self.run(message, &mut applied) {
            Ok(()) => {
                self.host.set_root(&self.root);
                applied.events = self.host.take_events();
                Ok(applied)
            }
            Err(refusal) => {
                (self.host, self.root, self.held) = before;
                Err(refusal)
            }
        }
    }

    fn run(&mut self, message: &Message, applied: &mut Applied) -> Result<(), Refusal> {
        let stage = self.stage.clone();
        let stage = &*stage;
        let root = self.root;
        match message {
            Message::Wait { seconds } => self.host.advance(*seconds),
            Message::Prices { caller, quotes } => {
                let pushes: Vec<_> = quotes.iter().map(|quote| self.push(quote)).collect();
                on_prices(&mut self.host, &root, &stage.who(*caller), &pushes)?;
            }
            Message::Submit { caller, account, to, steps } => {
                let request = Request {
                    caller: stage.who(*caller),
                    account: stage.who(*account),
                    to: stage.who(*to),
                };
                let moved = self.submit(&request, steps)?;
                self.move_all(&moved, applied)?;
            }
            Message::Liquidate { .. } => self.liquidate(message, applied)?,
            Message::WriteOff { account, .. } => {
                write_off(&mut self.host, &root, &stage.who(*account))?;
            }
            Message::Flash { .. } => self.flash(message, applied)?,
            Message::Accrue { coin, .. } => accrue(&mut self.host, &root, &stage.coin(*coin))?,
            Message::Fund { caller, coin, amount } => {
                let (who, token) = (stage.who(*caller), stage.coin(*coin));
                let moved = fund_insurance(&mut self.host, &root, &who, &token, Assets(*amount))?;
                self.move_all(&moved.iter().copied().collect::<Vec<_>>(), applied)?;
            }
            Message::Operator { caller, operator, permissions, expiry } => operators::set_operator(
                &mut self.host,
                &stage.who(*caller),
                &stage.who(*operator),
                *permissions,
                Timestamp(*expiry),
            )?,
            Message::Skim { coin, .. } => {
                let (token, balance) = (stage.coin(*coin), self.balance(*coin));
                applied.skimmed = Some(control::skim(&mut self.host, &root, &token, balance)?);
            }
            Message::Reconcile { coin, .. } => {
                let (token, balance) = (stage.coin(*coin), self.balance(*coin));
                reserves::reconcile(&mut self.host, &root, &token, balance)?;
            }
            Message::Donate { coin, amount } => {
                let held = &mut self.held[usize::from(*coin)];
                *held = held.saturating_add(*amount);
            }
            Message::Lose { coin, amount } => {
                let held = &mut self.held[usize::from(*coin)];
                *held = held.saturating_sub(*amount);
            }
            _ => self.administer(message, applied)?,
        }
        Ok(())
    }

    fn administer(&mut self, message: &Message, applied: &mut Applied) -> Result<(), Refusal> {
        let stage = self.stage.clone();
        let stage = &*stage;
        match message {
            Message::Pause { caller, coin, operations, duration } => {
                let (who, asset) =
                    (stage.who(*caller), coin.map_or(Address::ZERO, |coin| stage.coin(coin)));
                let (host, root) = (&mut self.host, &mut self.root);
                control::pause(host, root, &who, &asset, *operations, *duration)?;
            }
            Message::Unpause { caller, coin, operations } => {
                let (who, asset) =
                    (stage.who(*caller), coin.map_or(Address::ZERO, |coin| stage.coin(coin)));
                control::unpause(&mut self.host, &mut self.root, &who, &asset, *operations)?;
            }
            Message::Parameters { caller, coin, config } => {
                self.root.govern(&stage.who(*caller))?;
                let config = stage.config(*coin, *config);
                listing::reconfigure(&mut self.host, &self.root, &stage.coin(*coin), &config)?;
            }
            Message::Limits { caller, dust, min_debt, target } => {
                let governor = self.root.govern(&stage.who(*caller))?;
                self.root.set_limits(governor, Value(*dust), Value(*min_debt), Bps(*target))?;
            }
            Message::Role { caller, role, holder } => {
                let (who, holder) = (stage.who(*caller), stage.who(*holder));
                self.root.govern(&who)?;
                let role = Role::from_code(*role)?;
                control::set_role(&mut self.host, &mut self.root, &who, role, holder, |_| None)?;
            }
            Message::Collect { caller, coin, to, shares } => {
                let governor = self.root.govern(&stage.who(*caller))?;
                let (token, to) = (stage.coin(*coin), stage.who(*to));
                let (host, root) = (&mut self.host, &self.root);
                let amount = reserves::collect(host, root, governor, &token, &to, Shares(*shares))?;
                let moved = Transfer { token, direction: Direction::Push, amount };
                self.move_all(&[moved], applied)?;
            }
            Message::List { caller, coin, config, seed, floor } => {
                self.root.govern(&stage.who(*caller))?;
                let config = stage.config(*coin, *config);
                let decimals = stage.decimals(*coin);
                let valid = config.validate(decimals, self.root.target_health)?;
                let start =
                    Start { token: stage.coin(*coin), seed: Assets(*seed), floor: Assets(*floor) };
                let (host, root) = (&mut self.host, &mut self.root);
                let (_, moved) = listing::list(host, root, &stage.who(*caller), &valid, &start)?;
                self.move_all(&moved.iter().copied().collect::<Vec<_>>(), applied)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn submit(
        &mut self,
        request: &Request,
        steps: &[(u8, Coin, u128)],
    ) -> Result<Vec<Transfer>, Refusal> {
        if steps.len() > 8 {
            return Err(too_many_actions(steps.len()));
        }
        let actions = (0..)
            .zip(steps)
            .map(|(index, (kind, coin, amount))| {
                Action::decode(*kind, self.stage.coin(*coin), *amount, index)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let root = self.root;
        let moved = submit(&mut self.host, &root, request, &actions)?;
        Ok(moved.iter().copied().collect())
    }

    fn liquidate(&mut self, message: &Message, applied: &mut Applied) -> Result<(), Refusal> {
        let Message::Liquidate { caller, borrower, debt, collateral, most, least, shares } =
            message
        else {
            return Ok(());
        };
        let order = Order {
            borrower: self.stage.who(*borrower),
            debt: self.stage.coin(*debt),
            collateral: self.stage.coin(*collateral),
            max_repay: Assets(*most),
            min_seized: Assets(*least),
            receive_shares: *shares,
        };
        let (root, caller) = (self.root, self.stage.who(*caller));
        let outcome = liquidate(&mut self.host, &root, &caller, &order)?;
        let transfer = |token, direction, amount| Transfer { token, direction, amount };
        let moved = [
            transfer(order.collateral, Direction::Push, outcome.pay_out),
            transfer(order.debt, Direction::Pull, outcome.repay),
        ];
        self.move_all(&moved, applied)
    }

    /// As the shell does it: lend and push all, call, book all, pull all.
    fn flash(&mut self, message: &Message, applied: &mut Applied) -> Result<(), Refusal> {
        let Message::Flash { caller, receiver, loans, within, .. } = message else { return Ok(()) };
        let stage = self.stage.clone();
        let (root, initiator, receiver) = (self.root, stage.who(*caller), stage.who(*receiver));
        let tokens: Vec<_> = loans.iter().map(|(coin, _)| stage.coin(*coin)).collect();
        flash::check_ascending(&tokens)?;
        let mut open = Vec::new();
        for (coin, amount) in loans {
            open.push(flash::lend(&mut self.host, &root, &stage.coin(*coin), Assets(*amount))?);
        }
        for loan in &open {
            let token = *loan.asset();
            let moved = Transfer { token, direction: Direction::Push, amount: loan.assets() };
            self.move_all(&[moved], applied)?;
        }
        for message in within {
            self.within(message, applied);
        }
        for loan in open {
            let token = *loan.asset();
            let amount = flash::settle(&mut self.host, &root, &initiator, &receiver, loan)?;
            self.move_all(&[Transfer { token, direction: Direction::Pull, amount }], applied)?;
        }
        Ok(())
    }

    /// A message within a callback, whose refusal the receiver catches.
    fn within(&mut self, message: &Message, applied: &mut Applied) {
        let before = (self.host.clone(), self.root, self.held.clone());
        let mut inner = Applied::default();
        if self.run(message, &mut inner).is_ok() {
            applied.transfers.extend(inner.transfers);
            applied.within.push(message.clone());
        } else {
            (self.host, self.root, self.held) = before;
        }
    }

    fn push(&self, quote: &Quote) -> PricePush {
        let time = i64::from(self.host.time().0) - i64::from(quote.age);
        PricePush {
            asset: self.stage.coin(quote.coin),
            price: Push {
                median: Price(quote.median),
                down: Bps(quote.down),
                up: Bps(quote.up),
                time: Timestamp(u32::try_from(time).unwrap_or(0)),
                round: quote.round,
                status: Status::from_code(quote.status).unwrap_or_default(),
                volatility: Bps(quote.volatility),
            },
        }
    }

    fn balance(&self, coin: Coin) -> Assets {
        Assets(self.held.get(usize::from(coin)).copied().unwrap_or(0))
    }

    /// Moves tokens; people have as many as they need, the pool has what it holds.
    fn move_all(&mut self, moved: &[Transfer], applied: &mut Applied) -> Result<(), Refusal> {
        for transfer in moved {
            let failed = || refuse(Code::TokenFailed, Word::from(&transfer.token), Word::ZERO);
            let place = self.stage.tokens.iter().position(|token| token.address == transfer.token);
            let held = place.and_then(|place| self.held.get_mut(place)).ok_or_else(failed)?;
            let after = match transfer.direction {
                Direction::Pull => held.checked_add(transfer.amount.0),
                Direction::Push => held.checked_sub(transfer.amount.0),
            };
            *held = after.ok_or_else(failed)?;
            applied.transfers.push(*transfer);
        }
        Ok(())
    }
}
