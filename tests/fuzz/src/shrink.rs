//! Makes a failing list of messages shorter for as long as the same invariant fails.

use crate::{
    message::Message,
    session::{Failure, replay},
    stage::Stage,
};
use std::sync::Arc;

/// The shortest list that was found, in at most so many attempts.
#[must_use]
pub fn shrink(
    stage: &Arc<Stage>,
    seed: u64,
    failure: &Failure,
    messages: Vec<Message>,
    mut attempts: u32,
) -> Vec<Message> {
    let fails = |candidate: &[Message]| {
        replay(stage, seed, candidate).err().is_some_and(|found| found.id == failure.id)
    };
    let mut best = messages;
    let mut chunk = best.len() / 2;
    while chunk > 0 && attempts > 0 {
        let mut at = 0;
        let mut shorter = false;
        while at < best.len() && attempts > 0 {
            let end = (at + chunk).min(best.len());
            let candidate: Vec<_> = best[..at].iter().chain(&best[end..]).cloned().collect();
            attempts -= 1;
            if fails(&candidate) {
                best = candidate;
                shorter = true;
            } else {
                at = end;
            }
        }
        if !shorter || chunk > 1 {
            chunk /= 2;
        }
    }
    best
}
