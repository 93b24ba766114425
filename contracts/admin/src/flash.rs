//! Flash loans: lend, send, call the receiver, book the return, pull. `weir-core` lends and books.

use crate::{
    arguments::{FlashFee, FlashLoan, FlashLoanBatch},
    callback::{self, MAX_DATA},
};
use weir_core::{
    address::Address,
    error::{Code, Refusal, Word, refuse, refuse_plain},
    flash::{self, Loan, MAX_BATCH},
    state::Root,
    units::Assets,
};
use weir_shell::{
    chain,
    host::{Chain, done},
    lock,
    reader::Range,
    settle::{pull, push},
    writer::Writer,
};

const ON_FLASH_LOAN: [u8; 4] =
    ink::codegen::sol::selector_bytes("onFlashLoan(address,address,uint256,uint256,bytes)");
/// What a receiver answers if it means the callback.
const CONFIRMED: [u8; 32] = ink::codegen::sol::keccak_256(b"ERC3156FlashBorrower.onFlashLoan");
/// Selector, five words of head, length of the data.
const HEAD: usize = 4 + 6 * 32;

const ON_BATCH: [u8; 4] = ink::codegen::sol::selector_bytes(
    "onBatchFlashLoan(address,address[],uint256[],uint256[],bytes)",
);
const BATCH_CONFIRMED: [u8; 32] =
    ink::codegen::sol::keccak_256(b"WeirFlashBorrower.onBatchFlashLoan");
/// Selector, five words of head, three arrays, length of the data.
const BATCH_HEAD: usize = 4 + (5 + 3 * (1 + MAX_BATCH) + 1) * 32;

/// Lends one token, as ERC-3156 has it, and answers `true`.
pub fn single(chain: &mut Chain, root: &Root, input: &FlashLoan) -> ! {
    let FlashLoan { receiver, token, amount, data } = input;
    callback::check(receiver, *data, 3);
    let initiator = chain::caller();
    let loan = done(flash::lend(chain, root, token, Assets(*amount)));
    push(token, receiver, loan.assets());
    call_single(receiver, &initiator, &loan, *data);
    take_back(chain, root, &initiator, receiver, loan);
    answer(1)
}

/// Lends several tokens at once, with one callback.
///
/// # Errors
/// `ZeroAmount` for no token at all, `BadParameter` for too many or another number of amounts, `NotAscending`, and those
/// of [`flash::lend`] and [`flash::settle`].
pub fn batch(chain: &mut Chain, root: &Root, input: &FlashLoanBatch) -> Result<(), Refusal> {
    callback::check(&input.receiver, input.data, 3);
    let count = counted(input)?;
    let initiator = chain::caller();
    let mut loans = [const { None::<Loan> }; MAX_BATCH];
    let asked = input.tokens.iter().zip(&input.amounts).take(count);
    for (place, (token, amount)) in loans.iter_mut().zip(asked) {
        *place = Some(flash::lend(chain, root, token, Assets(*amount))?);
    }
    // Everything is stored before the first token moves.
    for loan in loans.iter().flatten() {
        push(loan.asset(), &input.receiver, loan.assets());
    }
    call_batch(input, &initiator, &loans);
    for loan in loans.into_iter().flatten() {
        take_back(chain, root, &initiator, &input.receiver, loan);
    }
    Ok(())
}

fn counted(input: &FlashLoanBatch) -> Result<usize, Refusal> {
    let (tokens, amounts) = input.given;
    let word = |length: usize| Word::from(u64::try_from(length).unwrap_or(u64::MAX));
    if tokens == 0 {
        return Err(refuse_plain(Code::ZeroAmount));
    }
    if tokens > MAX_BATCH {
        return Err(refuse(Code::BadParameter, Word::from(1_u8), word(tokens)));
    }
    if amounts != tokens {
        return Err(refuse(Code::BadParameter, Word::from(2_u8), word(amounts)));
    }
    flash::check_ascending(input.tokens.get(..tokens).unwrap_or_default())?;
    Ok(tokens)
}

fn take_back(chain: &mut Chain, root: &Root, initiator: &Address, receiver: &Address, loan: Loan) {
    let token = *loan.asset();
    let due = done(flash::settle(chain, root, initiator, receiver, loan));
    pull(&token, receiver, due);
}

/// Answers the largest loan of a token; none inside of a callback.
pub fn max_loan(chain: &mut Chain, root: &Root, token: &Address) -> ! {
    let open = if lock::is_closed() { Assets::ZERO } else { flash::max_loan(chain, root, token) };
    answer(open.0)
}

/// Answers what a loan costs.
pub fn fee(chain: &mut Chain, root: &Root, input: &FlashFee) -> ! {
    answer(done(flash::fee(chain, root, &input.token, Assets(input.amount))).0)
}

fn answer(number: u128) -> ! {
    chain::answer(&Word::from(number).to_be_bytes())
}

#[inline(never)]
fn call_single(receiver: &Address, initiator: &Address, loan: &Loan, data: Range) {
    let mut buffer = [0; HEAD + MAX_DATA];
    let mut input = Writer::new(&mut buffer);
    input.raw(&ON_FLASH_LOAN);
    input.address(initiator);
    input.address(loan.asset());
    input.number(loan.assets().0);
    input.number(loan.fee().0);
    input.length(5 * 32);
    input.length(data.length);
    let head = input.used();
    callback::call(receiver, &mut buffer, head, data, &CONFIRMED);
}

#[inline(never)]
fn call_batch(order: &FlashLoanBatch, initiator: &Address, loans: &[Option<Loan>; MAX_BATCH]) {
    let loans = || loans.iter().flatten();
    let array = 32 * (1 + loans().count());
    let mut buffer = [0; BATCH_HEAD + MAX_DATA];
    let mut input = Writer::new(&mut buffer);
    input.raw(&ON_BATCH);
    input.address(initiator);
    for offset in [0, array, 2 * array, 3 * array] {
        input.length(5 * 32 + offset);
    }
    input.length(loans().count());
    for loan in loans() {
        input.address(loan.asset());
    }
    input.length(loans().count());
    for loan in loans() {
        input.number(loan.assets().0);
    }
    input.length(loans().count());
    for loan in loans() {
        input.number(loan.fee().0);
    }
    input.length(order.data.length);
    let head = input.used();
    callback::call(&order.receiver, &mut buffer, head, order.data, &BATCH_CONFIRMED);
}
