//! The governor: proposals of M of N signers, with a delay and a veto.

use alloy_sol_types::sol;

sol! {
    /// Decides for a pool and its feed, and about itself.
    #[sol(abi, all_derives)]
    interface Governor {
        /// One call of a proposal.
        struct Call {
            address target;
            bytes data;
        }

        struct Proposal {
            address proposer;
            uint64 nonce;
            /// 1 collecting signatures, 2 waiting for its delay, 3 ready, 4 executed, 5 cancelled, 6 vetoed,
            /// 7 expired, 8 stale: the signers were replaced since.
            uint8 state;
            /// Whether it waits for the long delay.
            bool long;
            uint32 proposed;
            /// Chain time from which it can be executed; 0 while signatures are missing.
            uint32 ready;
            /// The last moment for what it waits for.
            uint32 expires;
            /// The present signers that have signed it.
            address[] signers;
        }

        /// Delays in seconds, from 3600 to 86400; `vetoHolder` may be nobody.
        constructor(
            address[] signers, uint8 threshold, uint32 shortDelay, uint32 longDelay, address vetoHolder
        );

        // --- signers ---------------------------------------------------------------------------------------------
        /// Proposes up to eight calls, and signs. The id commits to this governor, to a number that is never used again
        /// and to the calls.
        function propose(Call[] calldata calls) external returns (bytes32 id);
        function sign(bytes32 id) external;
        function unsign(bytes32 id) external;
        /// Makes the calls in order, all or none; they are those that were proposed.
        function execute(bytes32 id, Call[] calldata calls) external;

        // --- others ----------------------------------------------------------------------------------------------
        /// The proposer takes it back.
        function cancel(bytes32 id) external;
        /// The holder of the veto stops it, unless it does nothing but name the next holder; all signers together
        /// override that.
        function veto(bytes32 id) external;

        // --- the governor itself ---------------------------------------------------------------------------------
        /// Another set of signers; what the old one has proposed is stale.
        function setSigners(address[] calldata signers, uint8 threshold) external;
        function setDelays(uint32 shortDelay, uint32 longDelay) external;
        function setVetoHolder(address holder) external;

        // --- views -----------------------------------------------------------------------------------------------
        function council() external view returns (
            address[] memory signers,
            uint8 threshold,
            uint32 shortDelay,
            uint32 longDelay,
            address vetoHolder,
            uint32 epoch,
            uint64 proposals
        );
        function proposal(bytes32 id) external view returns (Proposal memory);

        event Proposed(bytes32 indexed id, address indexed proposer, uint64 nonce, bool long, Call[] calls);
        /// `ready` is 0 while signatures are missing.
        event Signed(bytes32 indexed id, address indexed signer, uint32 ready);
        event Unsigned(bytes32 indexed id, address indexed signer, uint32 ready);
        event Executed(bytes32 indexed id, address indexed signer);
        event Cancelled(bytes32 indexed id);
        event VetoUsed(bytes32 indexed id, address indexed holder);
        event SignersSet(address[] signers, uint8 threshold, uint32 epoch);
        event DelaysSet(uint32 shortDelay, uint32 longDelay);
        event VetoHolderSet(address holder);

        error NotSigner(uint256 caller, uint256);
        error NotVetoHolder(uint256 caller, uint256 holder);
        error NotProposer(uint256 caller, uint256 proposer);
        error OnlyItself(uint256 caller, uint256);
        error UnknownProposal(uint256 id, uint256);
        /// These are not the calls that were proposed.
        error OtherCalls(uint256 id, uint256);
        error BadSigners(uint256 given, uint256 allowed);
        error BadThreshold(uint256 threshold, uint256 signers);
        error BadDelays(uint256 shortDelay, uint256 longDelay);
        error BadCalls(uint256 given, uint256 allowed);
        error ProposalClosed(uint256 state, uint256);
        error ProposalStale(uint256, uint256);
        error ProposalExpired(uint256 expired, uint256 now);
        error AlreadySigned(uint256 signer, uint256);
        error NotSigned(uint256 signer, uint256);
        error TooFewSignatures(uint256 given, uint256 needed);
        error TooEarly(uint256 ready, uint256 now);
        /// As many signatures would override the veto.
        error ProposalVetoed(uint256 given, uint256 needed);
        error NoVeto(uint256, uint256);
        error NotContract(uint256 target, uint256);
        /// A call failed without saying why; the host's code. A call that says why ends with its own error.
        error CallFailed(uint256 index, uint256 code);
        error Overflow(uint256, uint256);
        error Corrupt(uint256 item, uint256 length);
    }
}
