//! The deployment, one visible step after the other.

use super::config::{Asset as AssetConfig, Config, Feed, Governor as GovernorConfig};
use crate::context::parse_account;
use crate::exit::{Code, Failure};
use crate::output::{NATIVE_DECIMALS, Output};
use std::collections::BTreeMap;
use weir_abi::alloy_sol_types::SolConstructor as _;
use weir_abi::feed::{PUSH_PROOF_SIZE, PUSH_REF_TIME};
use weir_abi::{Governor, MockToken, Pool, PriceFeed, Wrapped};
use weir_chain::amount::{format_units, parse_units, parse_wad};
use weir_chain::artifacts;
use weir_chain::deployment::{
    ADMIN, Asset, Contract, Deployment, FEED, FEED_ADMIN, GOVERNOR, LENS, POOL, VERSION, WRAPPED,
};
use weir_chain::keys::Signer;
use weir_chain::{
    AccountId, Address, AdminHandle, Client, ContractCall, FeedHandle, Sender, TokenHandle, U256,
    Weight, WrappedHandle,
};

/// Most whole test tokens that a call of the faucet gives.
const MINT_CAP: u128 = 1_000_000_000;

/// What telling the pool its prices may cost.
const PUSH_BUDGET: Weight = Weight { ref_time: PUSH_REF_TIME, proof_size: PUSH_PROOF_SIZE };

/// The built contracts.
pub struct Artifacts {
    blobs: BTreeMap<&'static str, Vec<u8>>,
    build: String,
}

impl Artifacts {
    /// Reads what `weir build` wrote.
    pub fn load() -> Result<Self, Failure> {
        let folder = artifacts::folder()?;
        let mut blobs = BTreeMap::new();
        for name in weir_abi::CONTRACTS {
            blobs.insert(name, artifacts::blob(&folder, name)?);
        }
        let build = artifacts::build_id(&blobs).to_string();
        Ok(Self { blobs, build })
    }

    fn blob(&self, name: &str) -> Result<Vec<u8>, Failure> {
        self.blobs
            .get(name)
            .cloned()
            .ok_or_else(|| Failure::new(Code::Failed, format!("no contract {name} was built")))
    }
}

/// Deploys with one key.
pub struct Deployer<'a> {
    output: &'a Output,
    sender: Sender,
    client: Client,
    artifacts: Artifacts,
    contracts: BTreeMap<String, Contract>,
}

impl<'a> Deployer<'a> {
    /// A deployer that has done nothing yet.
    pub fn new(output: &'a Output, sender: Sender, artifacts: Artifacts) -> Self {
        let client = sender.client().clone();
        Self { output, sender, client, artifacts, contracts: BTreeMap::new() }
    }

    /// Feed, admin, pool, lens, then each asset: token, bounds in the feed, listing in the pool.
    pub async fn deploy(mut self, config: &Config) -> Result<Deployment, Failure> {
        let start = self.client.best().await?;
        let reporters = self.reporters(&config.feed).await?;
        let me = self.sender.address();
        let code = self.contract(FEED_ADMIN, "feed-admin", Vec::new()).await?;
        let feed = self
            .contract(
                FEED,
                "price-feed",
                PriceFeed::constructorCall {
                    governor: me,
                    code,
                    reporters,
                    quorum: *config.feed.quorum.get_ref(),
                    skewSeconds: config.feed.skew_seconds,
                }
                .abi_encode(),
            )
            .await?;
        let admin = self.contract(ADMIN, "admin", Vec::new()).await?;
        let pool = self
            .contract(
                POOL,
                "pool",
                Pool::constructorCall {
                    governor: me,
                    admin,
                    feed,
                    dust: usd(config.pool.dust_usd.get_ref())?,
                    minDebt: usd(config.pool.min_debt_usd.get_ref())?,
                }
                .abi_encode(),
            )
            .await?;
        self.contract(LENS, "lens", Vec::new()).await?;
        let feed = FeedHandle::new(self.client.clone(), feed);
        self.send("let the feed tell the pool its prices", vec![feed.subscribe(pool, PUSH_BUDGET)])
            .await?;
        let mut assets = Vec::new();
        for (index, asset) in config.assets.iter().enumerate() {
            let reserve =
                u8::try_from(index).map_err(|_| Failure::usage("there are too many assets"))?;
            assets.push(self.list(&feed, pool, asset, reserve).await?);
        }
        if let Some(governor) = &config.governor {
            self.governor(pool, &feed, governor).await?;
        }
        Ok(Deployment {
            version: VERSION,
            genesis: self.client.genesis(),
            endpoint: self.client.url(),
            block: start.number,
            deployer: me,
            build: self.artifacts.build,
            contracts: self.contracts,
            assets,
        })
    }

    /// The governor, last: it lists nothing, it takes over what stands.
    async fn governor(
        &mut self,
        pool: Address,
        feed: &FeedHandle,
        config: &GovernorConfig,
    ) -> Result<(), Failure> {
        let signers = config.signers.get_ref().iter().map(|signer| parse_account(signer));
        let constructor = Governor::constructorCall {
            signers: signers.collect::<Result<_, _>>()?,
            threshold: config.threshold,
            shortDelay: config.short_delay_seconds,
            longDelay: config.long_delay_seconds,
            vetoHolder: config.veto.as_deref().map_or(Ok(Address::ZERO), parse_account)?,
        };
        let governor = self.contract(GOVERNOR, "governor", constructor.abi_encode()).await?;
        if config.hand_over {
            let admin = AdminHandle::new(self.client.clone(), pool);
            let call = admin.set_role(0, governor);
            self.send("offer the pool to the governor, who has to accept it", vec![call]).await?;
            let offer = vec![feed.offer_governor(governor)];
            self.send("offer the feed to the governor, who has to accept it", offer).await?;
        }
        Ok(())
    }

    async fn contract(
        &mut self,
        name: &str,
        artifact: &str,
        constructor: Vec<u8>,
    ) -> Result<Address, Failure> {
        let _progress = self.output.progress(format!("deploy {name}"));
        let code = self.artifacts.blob(artifact)?;
        let (address, included) = self.sender.instantiate(code, constructor, None).await?;
        let code_hash = self.client.code_hash(included.block.hash, address).await?;
        self.contracts.insert(name.into(), Contract { address, code_hash });
        Ok(address)
    }

    /// One transaction for all calls: all of them happen or none.
    async fn send(&self, what: &str, calls: Vec<ContractCall>) -> Result<(), Failure> {
        let _progress = self.output.progress(what);
        let transaction = self.sender.prepare_batch(calls, weir_chain::BatchMode::All).await?;
        self.sender.execute(transaction).await?;
        Ok(())
    }

    /// Addresses of the reporters; those with a known development key get native tokens for their fees.
    async fn reporters(&self, feed: &Feed) -> Result<Vec<Address>, Failure> {
        let wanted = parse_units(&feed.reporter_funds, NATIVE_DECIMALS)?;
        let mut addresses = Vec::new();
        for reporter in &feed.reporters {
            addresses.push(parse_account(reporter)?);
            let Ok(account) = account_id(reporter) else { continue };
            let at = self.client.best().await?.hash;
            let has = self.client.balance(at, account).await?;
            if has < wanted {
                let missing = wanted - has;
                let shown = format_units(missing, NATIVE_DECIMALS);
                let _progress =
                    self.output.progress(format!("fund {reporter} with {shown} native"));
                self.sender.execute(self.sender.transfer(account, missing)).await?;
            }
        }
        Ok(addresses)
    }

    async fn list(
        &mut self,
        feed: &FeedHandle,
        pool: Address,
        asset: &AssetConfig,
        reserve: u8,
    ) -> Result<Asset, Failure> {
        let (token, own) = match &asset.token {
            Some(address) => (parse_account(address)?, false),
            None if asset.native => (self.wrapper(asset).await?, false),
            None => (self.test_token(asset).await?, true),
        };
        let handle = TokenHandle::new(self.client.clone(), token);
        let at = self.client.best().await?.hash;
        let decimals = handle.decimals(at).await?;
        if decimals != asset.decimals {
            return Err(Failure::usage(format!(
                "{}: the token has {decimals} decimals, the file says {}",
                asset.symbol.get_ref(),
                asset.decimals
            )));
        }
        let seed = parse_units(asset.seed.get_ref(), decimals)?;
        let floor = parse_units(asset.floor.get_ref(), decimals)?;
        let both = seed
            .checked_add(floor)
            .ok_or_else(|| Failure::usage("seed and floor are too large"))?;
        let [low, high] = asset.price_bounds_usd.get_ref();
        let parameters =
            asset.reserve.parameters().ok_or_else(|| Failure::usage("a rate is too large"))?;
        let mut calls = vec![feed.add_asset(token, asset.max_step_bps, usd(low)?, usd(high)?)];
        if own {
            calls.push(handle.mint(self.sender.address(), both));
        }
        if asset.native {
            calls.push(WrappedHandle::new(self.client.clone(), token).deposit(both));
        }
        calls.push(handle.approve(pool, both));
        calls
            .push(AdminHandle::new(self.client.clone(), pool).list(token, parameters, seed, floor));
        self.send(&format!("list {}", asset.symbol.get_ref()), calls).await?;
        Ok(Asset { symbol: asset.symbol.get_ref().clone(), token, decimals, reserve })
    }

    async fn wrapper(&mut self, asset: &AssetConfig) -> Result<Address, Failure> {
        let constructor = Wrapped::constructorCall {
            name: asset.name.clone().unwrap_or_else(|| asset.symbol.get_ref().clone()),
            symbol: asset.symbol.get_ref().clone(),
            decimals: NATIVE_DECIMALS,
        };
        self.contract(WRAPPED, "wrapped", constructor.abi_encode()).await
    }

    async fn test_token(&mut self, asset: &AssetConfig) -> Result<Address, Failure> {
        let unit = 10u128.checked_pow(asset.decimals.into());
        let cap = unit.and_then(|unit| unit.checked_mul(MINT_CAP)).unwrap_or(u128::MAX);
        let constructor = MockToken::constructorCall {
            name: asset.name.clone().unwrap_or_else(|| asset.symbol.get_ref().clone()),
            symbol: asset.symbol.get_ref().clone(),
            decimals: asset.decimals,
            mintCap: U256::from(cap),
        };
        self.contract(
            &format!("token-{}", asset.symbol.get_ref()),
            "token",
            constructor.abi_encode(),
        )
        .await
    }
}

fn usd(text: &str) -> Result<u128, Failure> {
    Ok(parse_wad(text)?)
}

fn account_id(text: &str) -> Result<AccountId, Failure> {
    match text.parse::<AccountId>() {
        Ok(account) => Ok(account),
        Err(_) => Ok(Signer::dev(text)?.account_id()),
    }
}
