//! The governor.

use super::handle;
use crate::{client::ContractCall, error::ChainError};
use alloy_primitives::B256;
use weir_abi::Governor;

handle! {
    /// M of N signers, delays, a veto. Times are chain time in seconds.
    GovernorHandle
}

impl GovernorHandle {
    /// Proposes calls and signs; the id is in the event.
    #[must_use]
    pub fn propose(&self, calls: Vec<Governor::Call>) -> ContractCall {
        self.message(&Governor::proposeCall { calls })
    }

    /// Signs.
    #[must_use]
    pub fn sign(&self, id: B256) -> ContractCall {
        self.message(&Governor::signCall { id })
    }

    /// Takes a signature back.
    #[must_use]
    pub fn unsign(&self, id: B256) -> ContractCall {
        self.message(&Governor::unsignCall { id })
    }

    /// Carries out the calls that were proposed.
    #[must_use]
    pub fn execute(&self, id: B256, calls: Vec<Governor::Call>) -> ContractCall {
        self.message(&Governor::executeCall { id, calls })
    }

    /// Stops a proposal, as the holder of the veto.
    #[must_use]
    pub fn veto(&self, id: B256) -> ContractCall {
        self.message(&Governor::vetoCall { id })
    }

    /// Takes a proposal back, as its proposer.
    #[must_use]
    pub fn cancel(&self, id: B256) -> ContractCall {
        self.message(&Governor::cancelCall { id })
    }

    /// Who decides.
    ///
    /// # Errors
    /// If the node does not answer.
    pub async fn council(&self, at: B256) -> Result<Governor::councilReturn, ChainError> {
        self.ask(at, &Governor::councilCall {}).await
    }

    /// How a proposal stands.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if there is none with this id.
    pub async fn proposal(&self, at: B256, id: B256) -> Result<Governor::Proposal, ChainError> {
        self.ask(at, &Governor::proposalCall { id }).await
    }
}
