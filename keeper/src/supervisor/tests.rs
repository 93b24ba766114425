#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it finds a fault")]

use super::*;
use std::sync::atomic::{AtomicU32, Ordering};

const QUICK: Restart = Restart {
    first: Duration::from_millis(10),
    longest: Duration::from_millis(30),
    settled: Duration::from_secs(60),
    most: Some(4),
};
/// Longer than any of these tests takes unless something hangs.
const PATIENCE: Duration = Duration::from_secs(30);

fn supervisor() -> (Supervisor, CancellationToken, Arc<Metrics>) {
    let stop = CancellationToken::new();
    let metrics = Arc::new(Metrics::new());
    (Supervisor::new(stop.clone(), Arc::clone(&metrics)), stop, metrics)
}

#[test]
fn pauses_double_up_to_the_longest() {
    // 10, 20, then 40 cut to 30; a count far beyond the range of the power stays at the longest.
    let pauses: Vec<u128> = [1, 2, 3, 500].map(|n| QUICK.pause(n).as_millis()).into();
    assert_eq!(pauses, [10, 20, 30, 30]);
}

#[tokio::test]
async fn a_failed_or_panicking_task_starts_again() {
    let (mut supervisor, stop, metrics) = supervisor();
    let runs = Arc::new(AtomicU32::new(0));
    let (counted, ended) = (Arc::clone(&runs), stop.clone());
    supervisor.add("source", QUICK, PATIENCE, move |_| {
        let (runs, stop) = (Arc::clone(&counted), ended.clone());
        async move {
            match runs.fetch_add(1, Ordering::SeqCst) {
                0 => Err(TaskError::Retry("node lost".to_owned())),
                1 => panic!("a fault in the code"),
                _ => {
                    stop.cancel();
                    Ok(())
                }
            }
        }
    });
    let started = Instant::now();
    assert_eq!(supervisor.run().await, Ok(()));
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    // Two pauses lie between the three runs: 10 ms and 20 ms.
    assert!(started.elapsed() >= Duration::from_millis(30));
    assert!(metrics.encode().contains("weir_keeper_task_restarts_total{task=\"source\"} 2"));
}

#[tokio::test]
async fn a_fatal_failure_stops_everything_with_its_reason() {
    let (mut supervisor, _, _) = supervisor();
    supervisor.add("source", QUICK, PATIENCE, |_| async {
        Err(TaskError::Fatal("another chain".to_owned()))
    });
    supervisor.add("book", QUICK, PATIENCE, |cancel| async move {
        cancel.cancelled().await;
        Ok(())
    });
    let fatal = supervisor.run().await.unwrap_err();
    assert_eq!(fatal, Fatal { task: "source", reason: "another chain".to_owned() });
}

#[tokio::test]
async fn too_many_failures_in_a_row_stop_the_keeper() {
    let (mut supervisor, _, _) = supervisor();
    supervisor
        .add("book", QUICK, PATIENCE, |_| async { Err(TaskError::Retry("corrupt".to_owned())) });
    let fatal = supervisor.run().await.unwrap_err();
    assert_eq!(fatal.reason, "failed 5 times in a row, last: corrupt");
}

#[tokio::test]
async fn stages_end_in_order_and_a_slow_one_is_cut_off() {
    let (mut supervisor, stop, _) = supervisor();
    let order = Arc::new(Mutex::new(Vec::new()));
    for (name, slow) in [("source", false), ("book", true), ("submitter", false)] {
        let order = Arc::clone(&order);
        let drain = if slow { Duration::from_millis(20) } else { PATIENCE };
        supervisor.add(name, QUICK, drain, move |cancel| {
            let order = Arc::clone(&order);
            async move {
                cancel.cancelled().await;
                order.lock().unwrap().push(name);
                if slow {
                    std::future::pending::<()>().await;
                }
                Ok(())
            }
        });
    }
    stop.cancel();
    let run = tokio::time::timeout(PATIENCE, supervisor.run());
    assert_eq!(run.await.unwrap(), Ok(()));
    assert_eq!(*order.lock().unwrap(), ["source", "book", "submitter"]);
}
