//! Events as the log of the chain holds them: up to four topics, and words of data.

use super::{BadDebt, Event, Liquidated, Party, topics};
use crate::{address::Address, error::Word};

const MAX_TOPICS: usize = 4;
const MAX_WORDS: usize = 10;
/// Longest data of an event in bytes.
pub const MAX_DATA: usize = 32 * MAX_WORDS;

/// Topics and data of an event, by the rules of the Solidity ABI.
#[derive(Clone, Debug)]
pub struct EncodedEvent {
    topics: [[u8; 32]; MAX_TOPICS],
    topic_count: usize,
    data: [[u8; 32]; MAX_WORDS],
    word_count: usize,
}

impl EncodedEvent {
    /// An event with its first topic only.
    #[must_use]
    pub fn new(signature: &[u8; 32]) -> Self {
        let mut event = Self {
            topics: [[0; 32]; MAX_TOPICS],
            topic_count: 1,
            data: [[0; 32]; MAX_WORDS],
            word_count: 0,
        };
        event.topics[0] = *signature;
        event
    }

    /// The topics, the hash of the signature first.
    #[must_use]
    pub fn topics(&self) -> &[[u8; 32]] {
        self.topics.get(..self.topic_count).unwrap_or_default()
    }

    /// The data.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.data.get(..self.word_count).unwrap_or_default().as_flattened()
    }

    /// Appends an indexed field; an event has three at most.
    #[inline(never)]
    pub fn topic(&mut self, word: Word) -> &mut Self {
        if let Some(place) = self.topics.get_mut(self.topic_count) {
            *place = word.to_be_bytes();
            self.topic_count += 1;
        }
        self
    }

    /// Appends another field; an event has ten at most.
    #[inline(never)]
    pub fn word(&mut self, word: Word) -> &mut Self {
        if let Some(place) = self.data.get_mut(self.word_count) {
            *place = word.to_be_bytes();
            self.word_count += 1;
        }
        self
    }

    fn address_topic(&mut self, address: &Address) -> &mut Self {
        self.topic(Word::from(address))
    }

    fn address(&mut self, address: &Address) -> &mut Self {
        self.word(Word::from(address))
    }

    fn amount(&mut self, amount: u128) -> &mut Self {
        self.word(Word::from(amount))
    }

    fn party(signature: &[u8; 32], party: &Party) -> Self {
        let mut event = Self::new(signature);
        event.address_topic(&party.asset).address_topic(&party.account).address(&party.caller);
        event
    }

    fn liquidated(liquidated: &Liquidated) -> Self {
        let mut event = Self::new(&topics::LIQUIDATED);
        event.address_topic(&liquidated.borrower);
        event.address_topic(&liquidated.debt).address_topic(&liquidated.collateral);
        event.address(&liquidated.caller);
        for amount in [
            liquidated.repaid.0,
            liquidated.repaid_shares.0,
            liquidated.seized_protected.0,
            liquidated.seized_assets.0,
            liquidated.seized_shares.0,
            liquidated.insurance_assets.0,
            liquidated.insurance_shares.0,
            liquidated.bonus.0,
            u128::from(liquidated.receive_shares),
        ] {
            event.amount(amount);
        }
        event
    }

    fn bad_debt(bad: &BadDebt) -> Self {
        let mut event = Self::new(&topics::BAD_DEBT);
        event.address_topic(&bad.asset).address_topic(&bad.account);
        event.amount(bad.assets.0).amount(bad.shares.0).amount(bad.insured.0);
        event.amount(bad.insurance_shares.0).amount(bad.socialised.0);
        event
    }
}

impl Event {
    /// The event as the log holds it.
    #[must_use]
    pub fn encode(&self) -> EncodedEvent {
        match self {
            Self::Supplied { party, assets, shares } => {
                let mut event = EncodedEvent::party(&topics::SUPPLIED, party);
                event.amount(assets.0).amount(shares.0);
                event
            }
            Self::Protected { party, assets } => {
                let mut event = EncodedEvent::party(&topics::PROTECTED, party);
                event.amount(assets.0);
                event
            }
            Self::Repaid { party, assets, shares } => {
                let mut event = EncodedEvent::party(&topics::REPAID, party);
                event.amount(assets.0).amount(shares.0);
                event
            }
            Self::Withdrawn { party, to, assets, shares } => {
                let mut event = EncodedEvent::party(&topics::WITHDRAWN, party);
                event.address(to).amount(assets.0).amount(shares.0);
                event
            }
            Self::Unprotected { party, to, assets } => {
                let mut event = EncodedEvent::party(&topics::UNPROTECTED, party);
                event.address(to).amount(assets.0);
                event
            }
            Self::Borrowed { party, to, assets, shares } => {
                let mut event = EncodedEvent::party(&topics::BORROWED, party);
                event.address(to).amount(assets.0).amount(shares.0);
                event
            }
            Self::CollateralSet { party, on } => {
                let mut event = EncodedEvent::party(&topics::COLLATERAL_SET, party);
                event.word(Word::from(*on));
                event
            }
            Self::CategorySet { account, caller, category } => {
                let mut event = EncodedEvent::new(&topics::CATEGORY_SET);
                event.address_topic(account).address(caller).word(Word::from(*category));
                event
            }
            Self::OperatorSet { account, operator, grant } => {
                let mut event = EncodedEvent::new(&topics::OPERATOR_SET);
                event.address_topic(account).address_topic(operator);
                event.word(Word::from(grant.permissions)).word(Word::from(grant.expiry.0));
                event
            }
            Self::Liquidated(liquidated) => EncodedEvent::liquidated(liquidated),
            Self::BadDebt(bad) => EncodedEvent::bad_debt(bad),
            _ => self.encode_of_reserve(),
        }
    }

    /// The events of a reserve as a whole.
    fn encode_of_reserve(&self) -> EncodedEvent {
        let (signature, asset) = match self {
            Self::Accrued { asset, .. } => (&topics::ACCRUED, asset),
            Self::DustForfeited { asset, .. } => (&topics::DUST_FORFEITED, asset),
            Self::InsuranceFunded { asset, .. } => (&topics::INSURANCE_FUNDED, asset),
            Self::FlashLoaned { asset, .. } => (&topics::FLASH_LOANED, asset),
            Self::Collected { asset, .. } => (&topics::COLLECTED, asset),
            Self::PriceAccepted { asset, .. } => (&topics::PRICE_ACCEPTED, asset),
            Self::PriceIgnored { asset, .. } => (&topics::PRICE_IGNORED, asset),
            Self::WoundUp { asset, .. } => (&topics::WOUND_UP, asset),
            // The others are encoded by their own arms of `encode`.
            _ => return EncodedEvent::new(&[0; 32]),
        };
        let mut event = EncodedEvent::new(signature);
        event.address_topic(asset);
        match self {
            Self::Accrued {
                interest,
                insurance_shares,
                treasury_shares,
                remainder,
                rate_at_target,
                time,
                ..
            } => {
                event.amount(interest.0).amount(insurance_shares.0).amount(treasury_shares.0);
                event.amount(u128::from(*remainder)).amount(u128::from(*rate_at_target));
                event.amount(u128::from(time.0));
            }
            Self::DustForfeited { account, protected, shares, minted, .. } => {
                event.address_topic(account);
                event.amount(protected.0).amount(shares.0).amount(minted.0);
            }
            Self::InsuranceFunded { caller, assets, shares, .. } => {
                event.address(caller).amount(assets.0).amount(shares.0);
            }
            Self::FlashLoaned { receiver, initiator, assets, fee, insurance_shares, .. } => {
                event.address_topic(receiver).address(initiator);
                event.amount(assets.0).amount(fee.0).amount(insurance_shares.0);
            }
            Self::Collected { to, assets, shares, .. } => {
                event.address(to).amount(assets.0).amount(shares.0);
            }
            Self::PriceAccepted { price, .. } => {
                event.amount(price.median.0);
                event.amount(u128::from(price.down.0)).amount(u128::from(price.up.0));
                event.amount(u128::from(price.time.0)).amount(u128::from(price.round));
                event.amount(u128::from(price.status.code()));
                event.amount(u128::from(price.volatility.0));
            }
            Self::PriceIgnored { median, time, round, reason, .. } => {
                event.amount(median.0).amount(u128::from(time.0)).amount(u128::from(*round));
                event.amount(u128::from(*reason));
            }
            Self::WoundUp { assets, shares, .. } => {
                event.amount(assets.0).amount(shares.0);
            }
            _ => {}
        }
        event
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]

    use super::*;
    use crate::units::{Assets, Shares};

    #[test]
    fn a_supply_is_three_topics_and_three_words() {
        let party =
            Party { asset: Address([1; 20]), account: Address([2; 20]), caller: Address([3; 20]) };
        let event = Event::Supplied { party, assets: Assets(7), shares: Shares(8) }.encode();
        let topics = event.topics();
        assert_eq!(topics.len(), 3);
        // keccak256("Supplied(address,address,address,uint128,uint128)")
        assert_eq!(topics[0][..4], [0xb4, 0xa5, 0x2a, 0x2b]);
        assert_eq!(topics[1][12..], [1; 20]);
        assert_eq!(topics[2][12..], [2; 20]);
        let data = event.data();
        assert_eq!(data.len(), 96);
        assert_eq!(data[12..32], [3; 20]);
        assert_eq!((data[63], data[95]), (7, 8));
    }

    #[test]
    fn the_longest_event_fits() {
        let liquidated = Liquidated {
            borrower: Address([1; 20]),
            debt: Address([2; 20]),
            collateral: Address([3; 20]),
            caller: Address([4; 20]),
            repaid: Assets(1),
            repaid_shares: Shares(2),
            seized_protected: Assets(3),
            seized_assets: Assets(4),
            seized_shares: Shares(5),
            insurance_assets: Assets(6),
            insurance_shares: Shares(7),
            bonus: crate::units::Wad(8),
            receive_shares: true,
        };
        let event = Event::Liquidated(liquidated).encode();
        assert_eq!(event.topics().len(), 4);
        assert_eq!(event.data().len(), MAX_DATA);
        assert_eq!(event.data().last(), Some(&1));
    }
}
