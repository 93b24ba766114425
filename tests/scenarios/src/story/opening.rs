//! The opening: money for everybody, liquidity from suppliers, and all positions of the [cast](super::cast).
//!
//! Whoever does not depend on somebody else goes into the same block.

use super::cast::{self, Asset, Position, Step, Term, Terms, What};
use super::keeper;
use super::narrator::Narrator;
use super::stage::Stage;
use anyhow::{Context as _, Result};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use std::sync::Arc;
use weir_abi::Pool;
use weir_chain::amount::parse_units;
use weir_chain::deployment::Deployment;
use weir_chain::{
    AccountId, Address, BatchMode, ChainError, ContractCall, Pending, PoolHandle, PoolState,
    Sender, Signer, TokenHandle,
};
use weir_oracle::Feeder;

/// Native tokens for each account, in whole tokens.
const NATIVE: &str = "1000";
const NATIVE_DECIMALS: u8 = 10;

/// The well-known accounts that give them; each has ten thousand times as much.
const FUNDERS: [&str; 5] = ["bob", "charlie", "dave", "eve", "ferdie"];

/// Who lends how many whole tokens of what.
const SUPPLIERS: [(&str, Asset, &str); 3] = [
    ("//Supplier//1", Asset::Usdc, "40000000"),
    ("//Supplier//2", Asset::Dot, "1000000"),
    ("//Supplier//3", Asset::Eth, "8000"),
];

/// Tokens minted in one transaction, and accounts that act at the same time.
const BATCH: usize = 40;
const PARALLEL: usize = 24;

/// Somebody with a key and tokens to bring.
struct Person {
    sender: Sender,
    brings: Vec<(Address, u128)>,
}

impl Person {
    fn new(stage: &Stage, path: &str, brings: Vec<(Address, u128)>) -> Result<Self> {
        let sender = Sender::new(stage.client.clone(), Signer::dev(path)?);
        Ok(Self { sender, brings })
    }
}

/// Opens everything and says how many accounts owe something then.
///
/// # Errors
/// The first thing that does not work.
pub async fn open(
    stage: &mut Stage,
    feeder: &mut Feeder,
    seed: u64,
    narrator: &Arc<Narrator>,
) -> Result<usize> {
    let progress = narrator.progress("report the first prices");
    let tick = feeder.tick(0).await?;
    anyhow::ensure!(tick.is_settled(), "the feed accepted no first price of some asset");
    let terms = terms(stage).await?;
    let plan = cast::positions(seed, &terms)?;
    drop(progress);

    let progress =
        narrator.progress(&format!("fund {} accounts", plan.len() + SUPPLIERS.len() + 1));
    let (suppliers, borrowers, keeper) = people(stage, &plan)?;
    fund(stage, suppliers.iter().chain(&borrowers).chain([&keeper])).await?;
    let pool = stage.deployment.pool(&stage.client)?;
    allow(&pool, suppliers.iter().chain(&borrowers)).await?;
    drop(progress);

    let progress = narrator.progress("lend to the pool");
    stream::iter(&suppliers)
        .map(|supplier| lend(&pool, supplier))
        .buffer_unordered(PARALLEL)
        .try_collect::<()>()
        .await?;
    drop(progress);

    let progress = narrator.progress(&format!("open {} positions", plan.len()));
    stream::iter(borrowers.iter().zip(&plan))
        .map(|(person, position)| enter(&pool, person, position))
        .buffer_unordered(PARALLEL)
        .try_collect::<()>()
        .await?;
    drop(progress);
    let best = stage.client.best().await?;
    let state = PoolState::load(&stage.client, best, pool.address()).await?;
    Ok(state.accounts()?.iter().filter(|(_, account)| account.has_debt()).count())
}

/// What the pool itself says of the three assets.
async fn terms(stage: &Stage) -> Result<Terms> {
    let pool = stage.deployment.pool(&stage.client)?.address();
    let best = stage.client.best().await?;
    let state = PoolState::load_indebted(&stage.client, best, pool).await?;
    let term = |asset: Asset| {
        let token = stage.asset(asset.symbol())?.token;
        let (_, reserve) = state.reserve_of(token)?.context("an asset is not listed")?;
        anyhow::ensure!(!reserve.price.median.is_zero(), "{} has no price", asset.symbol());
        Ok(Term {
            token,
            decimals: reserve.decimals,
            price: reserve.price.median.0,
            ltv: reserve.risk.ltv.0,
            threshold: reserve.risk.threshold.target.0,
        })
    };
    let [usdc, dot, eth] = Asset::ALL.map(term);
    Ok([usdc?, dot?, eth?])
}

/// Suppliers, borrowers and the keeper's purse.
fn people(stage: &Stage, plan: &[Position]) -> Result<(Vec<Person>, Vec<Person>, Person)> {
    let amount = |asset: Asset, whole: &str| {
        let asset = stage.asset(asset.symbol())?;
        anyhow::Ok((asset.token, parse_units(whole, asset.decimals)?))
    };
    let suppliers = SUPPLIERS
        .iter()
        .map(|(path, asset, whole)| Person::new(stage, path, vec![amount(*asset, whole)?]));
    let borrowers =
        plan.iter().map(|position| Person::new(stage, &position.owner, position.brings()));
    let purse = keeper::PURSE.iter().map(|(asset, whole)| amount(*asset, whole));
    let keeper = Person::new(stage, keeper::KEY, purse.collect::<Result<_>>()?)?;
    Ok((suppliers.collect::<Result<_>>()?, borrowers.collect::<Result<_>>()?, keeper))
}

/// Native tokens for fees and deposits, and what each one brings.
async fn fund<'a>(stage: &Stage, people: impl Iterator<Item = &'a Person> + Clone) -> Result<()> {
    let native = parse_units(NATIVE, NATIVE_DECIMALS)?;
    let accounts: Vec<AccountId> =
        people.clone().map(|person| person.sender.account_id()).collect();
    let funders = FUNDERS.iter().map(|name| Signer::dev(name)).collect::<Result<Vec<_>, _>>()?;
    let each = accounts.len().div_ceil(funders.len());
    let transfers = funders.into_iter().zip(accounts.chunks(each)).map(|(funder, accounts)| {
        let funder = Sender::new(stage.client.clone(), funder);
        async move { give(&funder, accounts, native).await }
    });
    let given = futures::future::try_join_all(transfers).await?;
    let mut under_way: Vec<Pending> = given.into_iter().flatten().collect();
    let mints: Vec<_> = people
        .flat_map(|person| {
            let to = person.sender.address();
            let mint = move |(token, amount): &(Address, u128)| {
                TokenHandle::new(stage.client.clone(), *token).mint(to, *amount)
            };
            person.brings.iter().map(mint)
        })
        .collect();
    for calls in mints.chunks(BATCH) {
        let batch = stage.alice.prepare_batch(calls.to_vec(), BatchMode::All).await?;
        under_way.push(stage.alice.submit(batch).await?);
    }
    for mut pending in under_way {
        pending.in_block().await?.ok()?;
    }
    Ok(())
}

/// One transfer after the other, in the order of the key's nonces; so the last one, which is given back, is in no
/// earlier block than the others. One that failed shows at the first fee that its account cannot pay.
async fn give(funder: &Sender, accounts: &[AccountId], amount: u128) -> Result<Option<Pending>> {
    let mut last = None;
    for account in accounts {
        last = Some(funder.submit(funder.transfer(*account, amount)).await?);
    }
    Ok(last)
}

/// Lets the pool take exactly what each one brings.
async fn allow<'a>(pool: &PoolHandle, people: impl Iterator<Item = &'a Person>) -> Result<()> {
    let allow_one = |person: &'a Person| async move {
        let calls: Vec<_> = person
            .brings
            .iter()
            .map(|(token, amount)| {
                TokenHandle::new(pool.client().clone(), *token).approve(pool.address(), *amount)
            })
            .collect();
        let batch = person.sender.prepare_batch(calls, BatchMode::All).await?;
        person.sender.execute(batch).await?;
        anyhow::Ok(())
    };
    stream::iter(people).map(allow_one).buffer_unordered(PARALLEL).try_collect().await
}

async fn lend(pool: &PoolHandle, supplier: &Person) -> Result<()> {
    for (token, amount) in &supplier.brings {
        let account = supplier.sender.address();
        supplier.sender.run(pool.supply(*token, *amount, account)).await.context("lend")?;
    }
    Ok(())
}

/// Opens a position: all of its steps in one call, one health check at the end.
async fn enter(pool: &PoolHandle, person: &Person, position: &Position) -> Result<()> {
    let account = person.sender.address();
    let actions = position.steps.iter().map(action).collect();
    let call = pool.submit(account, actions, account);
    let opened = enter_now(person, call).await;
    opened.with_context(|| format!("open {} ({})", position.owner, position.kind))?;
    Ok(())
}

/// Limits from the dry run, doubled: what happens to the pool's items between the run and the block (interest to book,
/// a new page of the list of the indebted) costs more than usual margins when everybody comes at once.
async fn enter_now(person: &Person, call: ContractCall) -> Result<(), ChainError> {
    let sender = &person.sender;
    let measured = sender.prepare(call.clone()).await?;
    let deposit = measured.deposit().saturating_mul(2);
    let transaction = sender.prepared(call, measured.weight().scaled(20_000), deposit);
    sender.execute(transaction).await.map(|_| ())
}

fn action(step: &Step) -> Pool::Action {
    let kind = match step.what {
        What::Supply => 0,
        What::Protect => 1,
        What::Borrow => 5,
        What::OptOut => 6,
    };
    Pool::Action { kind, asset: step.token, amount: step.amount }
}

/// The symbol of a token, or its address if the deployment does not know it.
#[must_use]
pub fn symbol(deployment: &Deployment, token: Address) -> String {
    deployment.asset_of(token).map_or_else(|| token.to_string(), |asset| asset.symbol.clone())
}
