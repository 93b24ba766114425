//! Nonces: leased before signing, so that many transactions can be under way at once.
//!
//! The node's own count (`system_accountNextIndex`) does not know a transaction that is still on its way to the pool,
//! so the next nonce is the larger of the node's and the own high-water mark. A lease that was not used is returned,
//! and given out again first: a nonce left out would hold up all later ones.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The nonces of one account in this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Nonces {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The next nonce never leased, once known.
    next: Option<u64>,
    /// Returned leases below `next`.
    free: BTreeSet<u64>,
    /// Leases in somebody's hands: the node's count does not know them, so they are skipped after a resync.
    out: BTreeSet<u64>,
    /// Raised by each resync: leases of an older generation are not taken back.
    generation: u64,
}

impl Nonces {
    /// Leases the next nonce. `chain` is the node's count, needed only while [`Self::needs_chain`].
    pub(crate) fn lease(&self, chain: Option<u64>) -> Option<Lease> {
        let mut state = self.lock();
        let mut next = state.next.or(chain)?;
        let nonce = match state.free.pop_first() {
            Some(free) => free,
            None => {
                while state.out.contains(&next) {
                    next = next.checked_add(1)?;
                }
                next
            }
        };
        state.next = Some(if nonce == next { next.checked_add(1)? } else { next });
        state.out.insert(nonce);
        Some(Lease { nonce, generation: state.generation, used: false, nonces: self.clone() })
    }

    /// Whether the node has to be asked before the next lease.
    pub(crate) fn needs_chain(&self) -> bool {
        self.lock().next.is_none()
    }

    /// Forgets the count: the next lease starts from the node's, and skips what is still in somebody's hands.
    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        state.next = None;
        state.free.clear();
        state.generation = state.generation.wrapping_add(1);
    }

    /// The next nonce that was never leased.
    #[cfg(test)]
    fn next(&self) -> Option<u64> {
        self.lock().next
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A nonce in somebody's hands; goes back when dropped unused.
#[derive(Debug)]
pub(crate) struct Lease {
    nonce: u64,
    generation: u64,
    used: bool,
    nonces: Nonces,
}

impl Lease {
    pub(crate) fn nonce(&self) -> u64 {
        self.nonce
    }

    /// The node has a transaction with it.
    pub(crate) fn used(mut self) -> u64 {
        self.used = true;
        self.nonces.lock().out.remove(&self.nonce);
        self.nonce
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.used {
            return;
        }
        let mut state = self.nonces.lock();
        state.out.remove(&self.nonce);
        if state.generation == self.generation {
            state.free.insert(self.nonce);
            // Leases at the end simply lower the mark.
            while let Some(last) = state.next.and_then(|next| next.checked_sub(1)) {
                if !state.free.remove(&last) {
                    break;
                }
                state.next = Some(last);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::Nonces;

    #[test]
    fn leases_count_up_from_the_nodes_number() {
        let nonces = Nonces::default();
        assert!(nonces.needs_chain());
        assert!(nonces.lease(None).is_none());
        assert_eq!(nonces.lease(Some(7)).unwrap().used(), 7);
        assert!(!nonces.needs_chain());
        assert_eq!(nonces.lease(None).unwrap().used(), 8);
    }

    #[test]
    fn a_returned_lease_is_given_out_first() {
        let nonces = Nonces::default();
        let first = nonces.lease(Some(3)).unwrap();
        let second = nonces.lease(None).unwrap();
        drop(first);
        assert_eq!(nonces.lease(None).unwrap().used(), 3);
        assert_eq!(second.used(), 4);
        assert_eq!(nonces.lease(None).unwrap().used(), 5);
    }

    #[test]
    fn returning_the_last_leases_lowers_the_mark() {
        let nonces = Nonces::default();
        let leases: Vec<_> = (0..3).map(|_| nonces.lease(Some(0)).unwrap()).collect();
        assert_eq!(nonces.next(), Some(3));
        drop(leases);
        assert_eq!(nonces.next(), Some(0));
    }

    /// A burst: 5 is refused while 6 is signed and on its way. The node counts 5 next, and must not be given 6 twice.
    #[test]
    fn a_resync_skips_what_is_on_its_way() {
        let nonces = Nonces::default();
        let refused = nonces.lease(Some(5)).unwrap();
        let on_its_way = nonces.lease(None).unwrap();
        nonces.forget();
        drop(refused);
        let again = nonces.lease(Some(5)).unwrap();
        let after = nonces.lease(None).unwrap();
        assert_eq!((again.nonce(), on_its_way.nonce(), after.nonce()), (5, 6, 7));
    }

    #[test]
    fn a_lease_from_before_a_resync_is_not_taken_back() {
        let nonces = Nonces::default();
        let old = nonces.lease(Some(5)).unwrap();
        nonces.forget();
        assert!(nonces.needs_chain());
        let new = nonces.lease(Some(9)).unwrap();
        drop(old);
        assert_eq!(new.nonce(), 9);
        assert_eq!(nonces.lease(None).unwrap().used(), 10);
    }
}
