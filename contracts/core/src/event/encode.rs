//! Events as the log of the chain holds them: up to four topics, and words of data.

use arrayvec::ArrayVec;

use super::{BadDebt, Event, Liquidated, Party, topics};
use crate::{address::Address, error::Word};

const MAX_TOPICS: usize = 4;
const MAX_WORDS: usize = 10;
/// Longest data of an event in bytes.
pub const MAX_DATA: usize = 32 * MAX_WORDS;

/// Topics and data of an event, by the rules of the Solidity ABI.
#[derive(Clone, Debug, Default)]
pub struct EncodedEvent {
    topics: ArrayVec<[u8; 32], MAX_TOPICS>,
    data: ArrayVec<[u8; 32], MAX_WORDS>,
}

impl EncodedEvent {
    /// An event with its first topic only.
    #[must_use]
    pub fn new(signature: &[u8; 32]) -> Self {
        let mut event = Self::default();
        event.begin(signature);
        event
    }

    /// Sets the first topic.
    fn begin(&mut self, signature: &[u8; 32]) -> &mut Self {
        self.topics.clear();
        let _ = self.topics.try_push(*signature);
        self
    }

    /// The topics, the hash of the signature first.
    #[must_use]
    pub fn topics(&self) -> &[[u8; 32]] {
        &self.topics
    }

    /// The data.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        self.data.as_flattened()
    }

    /// Appends an indexed field; an event has three at most.
    #[inline(never)]
    pub fn topic(&mut self, word: Word) -> &mut Self {
        let _ = self.topics.try_push(word.to_be_bytes());
        self
    }

    /// Appends another field; an event has ten at most.
    #[inline(never)]
    pub fn word(&mut self, word: Word) -> &mut Self {
        let _ = self.data.try_push(word.to_be_bytes());
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

    #[inline(never)]
    fn party(&mut self, signature: &[u8; 32], party: &Party) -> &mut Self {
        self.begin(signature).address_topic(&party.asset).address_topic(&party.account);
        self.address(&party.caller)
    }

    fn liquidated(&mut self, liquidated: &Liquidated) {
        self.begin(&topics::LIQUIDATED).address_topic(&liquidated.borrower);
        self.address_topic(&liquidated.debt).address_topic(&liquidated.collateral);
        self.address(&liquidated.caller);
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
            self.amount(amount);
        }
    }

    fn bad_debt(&mut self, bad: &BadDebt) {
        self.begin(&topics::BAD_DEBT).address_topic(&bad.asset).address_topic(&bad.account);
        self.amount(bad.assets.0).amount(bad.shares.0).amount(bad.insured.0);
        self.amount(bad.insurance_shares.0).amount(bad.socialised.0);
    }
}

impl Event {
    /// The event as the log holds it.
    #[must_use]
    pub fn encode(&self) -> EncodedEvent {
        let mut event = EncodedEvent::default();
        self.encode_into(&mut event);
        event
    }

    /// The event as the log holds it, into an empty one: a contract copies half a kilobyte less.
    pub fn encode_into(&self, event: &mut EncodedEvent) {
        match self {
            Self::Supplied { party, assets, shares } => {
                event.party(&topics::SUPPLIED, party).amount(assets.0).amount(shares.0);
            }
            Self::Protected { party, assets } => {
                event.party(&topics::PROTECTED, party).amount(assets.0);
            }
            Self::Repaid { party, assets, shares } => {
                event.party(&topics::REPAID, party).amount(assets.0).amount(shares.0);
            }
            Self::Withdrawn { party, to, assets, shares } => {
                event
                    .party(&topics::WITHDRAWN, party)
                    .address(to)
                    .amount(assets.0)
                    .amount(shares.0);
            }
            Self::Unprotected { party, to, assets } => {
                event.party(&topics::UNPROTECTED, party).address(to).amount(assets.0);
            }
            Self::Borrowed { party, to, assets, shares } => {
                event.party(&topics::BORROWED, party).address(to).amount(assets.0).amount(shares.0);
            }
            Self::CollateralSet { party, on } => {
                event.party(&topics::COLLATERAL_SET, party).word(Word::from(*on));
            }
            Self::CategorySet { account, caller, category } => {
                event
                    .begin(&topics::CATEGORY_SET)
                    .address_topic(account)
                    .address(caller)
                    .word(Word::from(*category));
            }
            Self::OperatorSet { account, operator, grant } => {
                event.begin(&topics::OPERATOR_SET).address_topic(account).address_topic(operator);
                event.word(Word::from(grant.permissions)).word(Word::from(grant.expiry.0));
            }
            Self::Liquidated(liquidated) => event.liquidated(liquidated),
            Self::BadDebt(bad) => event.bad_debt(bad),
            _ => self.encode_of_reserve(event),
        }
    }

    /// The events of a reserve as a whole.
    fn encode_of_reserve(&self, event: &mut EncodedEvent) {
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
            _ => return,
        };
        event.begin(signature).address_topic(asset);
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
