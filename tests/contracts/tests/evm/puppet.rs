//! An attacker's contract: it does as it is told, and when somebody calls it back it does what it was taught before.

use super::{assemble, deployment};
use alloy_primitives::{Address, U256, hex};
use alloy_sol_types::SolCall;
use weir_harness::{Account, Receipt, World};

/// Selector of "call this with that"; a failure is passed on.
const EXECUTE: [u8; 4] = [0xee; 4];
/// Selector of "when called back, call this with that".
const TEACH: [u8; 4] = [0xff; 4];

/// How the lesson went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody called back.
    Untried,
    /// It was refused; the first word of the error.
    Refused([u8; 32]),
    /// It worked.
    Worked,
}

/// The contract on a chain.
#[derive(Clone, Copy)]
pub struct Puppet {
    pub at: Address,
}

/// Slot 0: outcome (0 untried, 1 refused, 2 worked); 1: first word of the answer; 2: length of the lesson; 3: its target;
/// 16 and on: its words.
fn code(answer: [u8; 32]) -> Vec<u8> {
    let (execute, teach) = (hex::encode(EXECUTE), hex::encode(TEACH));
    let answer = hex::encode(answer);
    deployment(&assemble(&format!(
        "CALLDATASIZE ISZERO @act JUMPI
         0 CALLDATALOAD 224 SHR
         DUP1 0x{execute} EQ @execute JUMPI
         DUP1 0x{teach} EQ @teach JUMPI
         act: 2 SLOAD ISZERO @answer JUMPI
         0
         load: DUP1 16 ADD SLOAD DUP2 MSTORE
         32 ADD 2 SLOAD DUP2 LT @load JUMPI
         32 4096 2 SLOAD 0 0 3 SLOAD GAS CALL
         1 ADD 0 SSTORE 4096 MLOAD 1 SSTORE
         answer: 0x{answer} 0 MSTORE 32 0 RETURN
         teach: 0 0 SSTORE 4 CALLDATALOAD 3 SSTORE
         36 CALLDATASIZE SUB 2 SSTORE
         0
         next: DUP1 36 ADD CALLDATALOAD DUP2 16 ADD SSTORE
         32 ADD 2 SLOAD DUP2 LT @next JUMPI STOP
         execute: 36 CALLDATASIZE SUB DUP1 36 0 CALLDATACOPY
         0 0 DUP3 0 0 4 CALLDATALOAD GAS CALL
         @done JUMPI
         RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 REVERT
         done: RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 RETURN"
    )))
}

fn told(selector: [u8; 4], target: Address, data: &[u8]) -> Vec<u8> {
    [&selector, target.into_word().as_slice(), data].concat()
}

impl Puppet {
    /// A puppet that answers callbacks with `answer`.
    pub fn new(world: &mut World, owner: &Account, answer: [u8; 32]) -> Self {
        Self { at: world.deploy(owner, &code(answer), Vec::new()).unwrap().value }
    }

    /// Has it call `target` now.
    pub fn execute<C: SolCall>(
        &self,
        world: &mut World,
        who: &Account,
        target: Address,
        call: &C,
    ) -> Receipt {
        let data = told(EXECUTE, target, &call.abi_encode());
        world.call(who, self.at, U256::ZERO, data)
    }

    /// Has it call `target` whenever it is called back.
    pub fn teach(&self, world: &mut World, who: &Account, target: Address, data: &[u8]) {
        let lesson = told(TEACH, target, data);
        world.call(who, self.at, U256::ZERO, lesson).output.unwrap();
    }

    /// Calls it as a token or a pool would call it back.
    pub fn call_back(&self, world: &mut World, who: &Account) {
        world.call(who, self.at, U256::ZERO, Vec::new()).output.unwrap();
    }

    /// How the last lesson went.
    pub fn outcome(&self, world: &mut World) -> Outcome {
        let mut slot = |number| {
            let mut key = [0; 32];
            key[31] = number;
            world.slot(self.at, key).unwrap().map_or([0; 32], |word| word.try_into().unwrap())
        };
        match slot(0)[31] {
            0 => Outcome::Untried,
            1 => Outcome::Refused(slot(1)),
            _ => Outcome::Worked,
        }
    }
}
