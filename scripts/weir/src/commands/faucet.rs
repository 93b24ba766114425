//! `faucet`: test tokens and native fees for an account of a development chain.

use crate::context::{Context, Global, Key, account_or};
use crate::exit::Failure;
use crate::output::{NATIVE_DECIMALS, receipt, receipt_line};
use clap::Args;
use weir_chain::Sender;
use weir_chain::amount::{format_units, parse_units};
use weir_chain::keys::Signer;

/// Arguments of `faucet`.
#[derive(Args, Clone, Debug)]
pub struct Faucet {
    /// Symbol of a test token, or `native` for the chain's own.
    pub asset: String,
    /// Whole tokens.
    #[arg(allow_hyphen_values = true)]
    pub amount: String,
    #[command(flatten)]
    pub key: Key,
    /// Who receives it, if not the key's own account: an SS58 account or a development name (0x… too for tokens).
    #[arg(long, value_name = "ACCOUNT")]
    pub to: Option<String>,
}

/// Mints test tokens, or sends native ones from the well-known account Alice.
pub async fn run(global: &Global, args: &Faucet) -> Result<(), Failure> {
    let context = Context::open(global).await?;
    let included = if args.asset == "native" {
        let amount = parse_units(&args.amount, NATIVE_DECIMALS)?;
        let alice = Sender::new(context.client.clone(), Signer::dev("alice")?);
        let to = match &args.to {
            Some(text) => match text.parse() {
                Ok(account) => account,
                Err(_) => Signer::dev(text)?.account_id(),
            },
            None => args.key.signer()?.account_id(),
        };
        let _progress = context
            .output
            .progress(format!("send {} native", format_units(amount, NATIVE_DECIMALS)));
        alice.execute(alice.transfer(to, amount)).await?
    } else {
        let asset = context.asset(&args.asset)?.clone();
        let amount = parse_units(&args.amount, asset.decimals)?;
        let sender = context.sender(&args.key)?;
        let to = account_or(args.to.as_deref(), sender.address())?;
        let _progress = context.output.progress(format!("mint {} {}", args.amount, asset.symbol));
        let transaction = sender
            .prepare(context.token(&asset).mint(to, amount))
            .await
            .map_err(Failure::about(&asset))?;
        sender.execute(transaction).await.map_err(Failure::about(&asset))?
    };
    context.output.end(&receipt(&included), || {
        format!("{} {} given\n{}", args.amount, args.asset, receipt_line(&included))
    });
    Ok(())
}
