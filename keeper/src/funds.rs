//! Reads the keeper's own balances and allowances, and sets the allowances.

use crate::intent::Asset;
use crate::ledger::{Holding, Ledger};
use crate::metrics::Metrics;
use crate::profit::whole;
use futures::future::try_join_all;
use std::collections::BTreeMap;
use std::sync::Arc;
use tracing::info;
use weir_chain::{Address, BlockRef, ChainError, Client, Sender, TokenHandle};

/// The keeper's funds in the assets of the pool.
#[derive(Clone)]
pub struct Funds {
    /// The node.
    pub client: Client,
    /// The pool, which pulls repayments.
    pub pool: Address,
    /// The keeper's account.
    pub own: Address,
    /// The pool's assets.
    pub assets: Vec<Arc<Asset>>,
    /// Where the figures are kept.
    pub ledger: Ledger,
    /// Where they are shown.
    pub metrics: Arc<Metrics>,
}

impl Funds {
    /// Reads all balances and allowances at a block, at the same time.
    ///
    /// # Errors
    /// The first failure to read one.
    pub async fn refresh(&self, block: BlockRef) -> Result<(), ChainError> {
        let at = block.hash;
        let read = self.assets.iter().map(|asset| async move {
            let token = self.token(asset);
            let (balance, allowance) = tokio::try_join!(
                token.balance(at, self.own),
                token.allowance(at, self.own, self.pool)
            )?;
            Ok::<_, ChainError>((asset.token, Holding { balance, allowance }))
        });
        let holdings: BTreeMap<_, _> = try_join_all(read).await?.into_iter().collect();
        for asset in &self.assets {
            let holding = holdings.get(&asset.token).copied().unwrap_or_default();
            let shown = |amount| whole(amount, asset.decimals).unwrap_or_default();
            self.metrics.funds(&asset.symbol, shown(holding.balance), shown(holding.allowance));
        }
        self.ledger.set_holdings(block.number, holdings);
        Ok(())
    }

    /// Whether the pool may pull the whole balance of every asset.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.assets.iter().all(|asset| {
            let holding = self.ledger.holding(asset.token);
            holding.allowance >= holding.balance
        })
    }

    /// Raises the allowance of each asset to the own balance, where it is lower: never more than there is to spend.
    /// All at the same time; each change is logged with its amount. Returns how many were changed.
    ///
    /// # Errors
    /// The first failure of a transaction; the allowances set beside it stand.
    pub async fn allow(&self, sender: &Sender) -> Result<usize, ChainError> {
        let short = self.assets.iter().filter_map(|asset| {
            let holding = self.ledger.holding(asset.token);
            (holding.allowance < holding.balance).then_some((asset, holding))
        });
        let changed =
            try_join_all(short.map(|(asset, holding)| self.allow_one(sender, asset, holding)))
                .await?;
        if !changed.is_empty() {
            self.ledger.changed();
        }
        Ok(changed.len())
    }

    async fn allow_one(
        &self,
        sender: &Sender,
        asset: &Asset,
        holding: Holding,
    ) -> Result<(), ChainError> {
        let included = sender.run(self.token(asset).approve(self.pool, holding.balance)).await?;
        info!(
            asset = asset.symbol,
            before = %whole(holding.allowance, asset.decimals).unwrap_or_default(),
            allowance = %whole(holding.balance, asset.decimals).unwrap_or_default(),
            transaction = %included.tx_hash,
            block = included.block.number,
            fee = %included.fee,
            "allowance of the pool set to the own balance"
        );
        Ok(())
    }

    fn token(&self, asset: &Asset) -> TokenHandle {
        TokenHandle::new(self.client.clone(), asset.token)
    }
}
