//! The commented example that `config example` prints. A test parses it and compares it with the defaults.

/// A complete configuration; every setting with a default is shown with that default.
pub const EXAMPLE: &str = r#"# Configuration of weir-keeper.
#
# Every setting can be overridden by an environment variable: WEIR_KEEPER__ and the key in capitals, sections parted
# by two underscores, for example WEIR_KEEPER__CHAIN__ENDPOINT=ws://10.0.0.7:9944.
# Unknown settings are refused. `weir-keeper config check --config FILE` names all faults at once.

[chain]
# JSON-RPC endpoint of a node, by WebSocket.
endpoint = "ws://127.0.0.1:9944"
# Other nodes of the same chain, in the order in which they are tried when the one in use is gone, silent, or more than
# max_lag blocks behind another. All are looked at every compare_every_ms. In the environment, parted by commas.
fallbacks = []
max_lag = 3
compare_every_ms = 5000
# The file that `weir deploy` wrote. The keeper refuses a chain with another genesis or contracts with other code.
deployment = "deployment.json"
# Without a new block for this long the keeper is not ready. A silent subscription is looked after sooner.
stall_after_ms = 60000
# Pauses between attempts to reach a node that is gone: from the first, doubling, up to the second.
reconnect_min_ms = 250
reconnect_max_ms = 10000

[key]
# The account that repays and receives. Exactly one of:
#   keystore = "keeper.json"   with   passphrase_file = "keeper.pass"
#   env = "NAME"               the name of an environment variable that holds the secret URI
#   dev = "alice"              a well-known account, for development chains only
# Without any, the keeper watches and decides, but cannot execute.
dev = "alice"

[strategy]
# Smallest expected profit of a liquidation after fees, in USD.
min_profit_usd = "0.01"
# USD for one whole native token; fees are paid in it.
native_price_usd = "5"
native_decimals = 10
# Fee expected of the first liquidation, in whole native tokens; later ones are expected to cost what they did.
first_fee = "0.02"
# How much worse than previewed, in basis points, a liquidation may pay before the pool must refuse it.
slippage_bps = 100
# Where the reserve has no cash left, take supply shares instead of the asset itself.
accept_shares = true
# At most so many liquidations of one account are planned from one block.
max_legs = 4

[submitter]
# Liquidations under way at the same time.
parallel = 64
# Blocks for which a signed transaction stays valid.
mortality_blocks = 16
# On a stop, how long to wait for what is under way.
drain_ms = 15000

[breakers]
# While a breaker is open nothing new is liquidated; what is under way ends. Each bound that is 0 is switched off.
# How far the newest block's time may lie behind the own clock, and before it.
max_head_age_s = 120
max_clock_skew_s = 60
# Blocks from the finalized to the best one.
max_finality_lag = 64
# Failures in a row that cost a fee. Losing a race is none.
max_failures = 8
# Value repaid within an hour and within a day, in USD.
max_spend_hour_usd = "0"
max_spend_day_usd = "0"
# Losses within a day, in USD: fees of failures, and liquidations that brought less than they cost.
max_loss_day_usd = "100"
# Least own native balance, in whole tokens.
min_native = "1"
# How long a condition must be well again before its breaker closes, and failures rest.
cool_down_s = 60
# How long a condition is left out of account once it is overridden by hand.
override_s = 3600

[audit]
# One JSON line for each decision and each liquidation that was tried, bound to the line before; appended and synced.
# `weir-keeper audit verify` finds what was changed in it.
file = "keeper-audit.jsonl"

[journal]
# What was signed, entered and synced before it is sent, so that nothing is spent twice after a crash. One file for each
# chain and account; one keeper at a time.
file = "keeper-journal.redb"

[http]
# /metrics, /livez, /readyz and /breakers on 127.0.0.1; 0 takes a free port.
port = 9616
# A file of mode 0600 with a word of at least 16 characters. With it, and only with it, the keeper can be told by hand:
#   curl -X POST -H "Authorization: Bearer $(cat keeper.token)" http://127.0.0.1:9616/pause
# and likewise /resume, and /breakers/NAME/override. Each stands in the audit log.
# token_file = "keeper.token"

[log]
# "text" or "json".
format = "text"
# What to log, in the syntax of RUST_LOG.
filter = "info"
"#;
