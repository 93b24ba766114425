//! What is checked and charged around every transaction.

use crate::{Balance, Nonce, Runtime};
use pallet_revive::evm::{runtime::EthExtra, tx_extension::SetOrigin};
use sp_runtime::{generic::Era, traits::InvalidVersion};

/// The transaction extension, in the order in which its parts run.
pub type TxExtension = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    // Behind everything that wants a signed origin.
    SetOrigin<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// The extension of a transaction signed the Substrate way.
pub fn substrate(era: Era, nonce: Nonce, tip: Balance) -> TxExtension {
    extension(era, nonce, tip, SetOrigin::default())
}

fn extension(era: Era, nonce: Nonce, tip: Balance, origin: SetOrigin<Runtime>) -> TxExtension {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        origin,
        frame_system::WeightReclaim::new(),
    )
}

/// The extension of a transaction signed the Ethereum way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EthExtraImpl;

impl EthExtra for EthExtraImpl {
    type Config = Runtime;
    type ExtensionV0 = TxExtension;
    type ExtensionOtherVersions = InvalidVersion;

    fn get_eth_extension(nonce: Nonce, tip: Balance) -> Self::ExtensionV0 {
        extension(Era::Immortal, nonce, tip, SetOrigin::new_from_eth_transaction())
    }
}
