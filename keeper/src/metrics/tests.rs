use super::*;

#[test]
fn every_series_stands_at_zero_from_the_start() {
    let metrics = Metrics::new();
    metrics.add_asset("USDC");
    metrics.add_endpoint("ws://a");
    let text = metrics.encode();
    for series in [
        "weir_keeper_connected 0",
        "weir_keeper_head_block 0",
        "weir_keeper_head_time_seconds 0",
        "weir_keeper_disconnects_total 0",
        "weir_keeper_blocks_total 0",
        "weir_keeper_reorganisations_total 0",
        "weir_keeper_book_loads_total 0",
        "weir_keeper_book_accounts 0",
        "weir_keeper_liquidatable_accounts 0",
        "weir_keeper_evaluation_seconds_count 0",
        "weir_keeper_bad_debt_events_total 0",
        "weir_keeper_audit_broken 0",
        "weir_keeper_finalized_block 0",
        "weir_keeper_native 0.0",
        "weir_keeper_breaker_open{breaker=\"paused\"} 0",
        "weir_keeper_breaker_open{breaker=\"head_age\"} 0",
        "weir_keeper_breaker_open{breaker=\"clock_skew\"} 0",
        "weir_keeper_breaker_open{breaker=\"finality_lag\"} 0",
        "weir_keeper_breaker_open{breaker=\"failures\"} 0",
        "weir_keeper_breaker_open{breaker=\"spend_hour\"} 0",
        "weir_keeper_breaker_open{breaker=\"spend_day\"} 0",
        "weir_keeper_breaker_open{breaker=\"loss\"} 0",
        "weir_keeper_breaker_open{breaker=\"low_balance\"} 0",
        "weir_keeper_breaker_trips_total{breaker=\"loss\"} 0",
        "weir_keeper_intents_planned_total 0",
        "weir_keeper_skipped_unprofitable_total 0",
        "weir_keeper_skipped_inventory_total 0",
        "weir_keeper_pending_intents 0",
        "weir_keeper_block_to_sent_seconds_count 0",
        "weir_keeper_outcomes_total{outcome=\"liquidated\"} 0",
        "weir_keeper_outcomes_total{outcome=\"outcompeted\"} 0",
        "weir_keeper_outcomes_total{outcome=\"stale_price\"} 0",
        "weir_keeper_outcomes_total{outcome=\"paused\"} 0",
        "weir_keeper_outcomes_total{outcome=\"expired\"} 0",
        "weir_keeper_inclusion_blocks_count 0",
        "weir_keeper_profit_predicted_usd 0.0",
        "weir_keeper_profit_realised_usd 0.0",
        "weir_keeper_fees_native 0.0",
        "weir_keeper_task_restarts_total{task=\"source\"} 0",
        "weir_keeper_endpoint_active{endpoint=\"ws://a\"} 0",
        "weir_keeper_endpoint_up{endpoint=\"ws://a\"} 0",
        "weir_keeper_endpoint_head{endpoint=\"ws://a\"} 0",
        "weir_keeper_task_restarts_total{task=\"watch\"} 0",
        "weir_keeper_task_restarts_total{task=\"book\"} 0",
        "weir_keeper_task_restarts_total{task=\"strategy\"} 0",
        "weir_keeper_task_restarts_total{task=\"submitter\"} 0",
        "weir_keeper_inventory{asset=\"USDC\"} 0.0",
        "weir_keeper_allowance{asset=\"USDC\"} 0.0",
    ] {
        assert!(text.contains(&format!("{series}\n")), "missing: {series}\nin:\n{text}");
    }
}

#[test]
fn a_loss_of_the_node_counts_once() {
    let metrics = Metrics::new();
    metrics.connected();
    metrics.disconnected();
    metrics.disconnected();
    assert!(metrics.encode().contains("weir_keeper_disconnects_total 1\n"));
}

#[test]
fn inclusion_counts_in_blocks() {
    let metrics = Metrics::new();
    for blocks in [1, 1, 2] {
        metrics.included(blocks);
    }
    let text = metrics.encode();
    // Two of three were included in the next block: buckets add up from below.
    assert!(text.contains("weir_keeper_inclusion_blocks_bucket{le=\"1.0\"} 2\n"), "{text}");
    assert!(text.contains("weir_keeper_inclusion_blocks_bucket{le=\"2.0\"} 3\n"), "{text}");
    assert!(text.contains("weir_keeper_inclusion_blocks_sum 4.0\n"), "{text}");
}
