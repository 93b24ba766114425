//! What each action does to the books. Checks of the account as a whole come at the end of the submission.

pub(crate) mod borrow;
pub(crate) mod category;
pub(crate) mod collateral;
pub(crate) mod limits;
pub(crate) mod protect;
pub(crate) mod repay;
pub(crate) mod supply;
pub(crate) mod withdraw;
