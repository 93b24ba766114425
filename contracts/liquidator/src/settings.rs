//! Whose it is, and with whom it deals.

use crate::refuse::{Refusal, word};
use weir_core::address::Address;
use weir_shell::{chain, writer::Writer};

const KEY: [u8; 1] = [b's'];
const LENGTH: usize = 60;

/// The settings.
pub struct Settings {
    /// Who may sweep and choose the venue.
    pub owner: Address,
    /// The pool; for ever.
    pub pool: Address,
    /// Where collateral is sold.
    pub venue: Address,
}

impl Settings {
    /// As they are stored.
    pub fn load() -> Self {
        let mut buffer = [0; LENGTH];
        let item = chain::get_storage(&KEY, &mut buffer).unwrap_or(&[]);
        let mut parts = item.chunks_exact(20).filter_map(|part| part.try_into().ok()).map(Address);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(owner), Some(pool), Some(venue)) => Self { owner, pool, venue },
            _ => {
                let length = u32::try_from(item.len()).unwrap_or(u32::MAX);
                Refusal::Corrupt.end(&[word(b's'), word(length)])
            }
        }
    }

    /// Stores them.
    pub fn store(&self) {
        let mut item = [0; LENGTH];
        let mut writer = Writer::new(&mut item);
        for part in [&self.owner, &self.pool, &self.venue] {
            writer.raw(&part.0);
        }
        chain::set_storage(&KEY, &item);
    }

    /// Refuses everybody but the owner.
    pub fn only_owner(&self) {
        let caller = chain::caller();
        if caller != self.owner {
            Refusal::NotOwner.end(&[word(&caller), word(&self.owner)]);
        }
    }

    /// Answers with them.
    pub fn answer(&self) -> ! {
        let mut buffer = [0; 96];
        let mut answer = Writer::new(&mut buffer);
        for part in [&self.owner, &self.pool, &self.venue] {
            answer.address(part);
        }
        chain::answer(answer.written())
    }
}
