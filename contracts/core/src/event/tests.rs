//! Every event by the rules of the Solidity ABI: the hash of its signature, the indexed fields as topics, each other field
//! a word of 32 bytes, big end first. Fields are numbered here as they stand in the interface.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::vec::Vec;

use super::{BadDebt, Event, Party};
use crate::{
    address::Address,
    feed::{Push, Status},
    state::Grant,
    units::{Assets, Bps, Price, Shares, Timestamp},
};

const ASSET: Address = Address([0xa1; 20]);
const ACCOUNT: Address = Address([0xa2; 20]);
const CALLER: Address = Address([0xa3; 20]);
const TO: Address = Address([0xa4; 20]);
const PARTY: Party = Party { asset: ASSET, account: ACCOUNT, caller: CALLER };

fn address(address: Address) -> [u8; 32] {
    let mut word = [0; 32];
    word[12..].copy_from_slice(&address.0);
    word
}

fn number(number: u128) -> [u8; 32] {
    let mut word = [0; 32];
    word[16..].copy_from_slice(&number.to_be_bytes());
    word
}

/// The event has these topics after its signature's hash, which begins so, and these words.
#[track_caller]
fn check(event: &Event, signature: [u8; 4], topics: &[Address], words: &[[u8; 32]]) {
    let encoded = event.encode();
    let (first, others) = encoded.topics().split_first().unwrap();
    assert_eq!(first[..4], signature);
    assert_eq!(others, topics.iter().copied().map(address).collect::<Vec<_>>());
    assert_eq!(encoded.data(), words.as_flattened());
}

// The signatures' first bytes are keccak-256, computed by another program; see the list in `topics`.
#[test]
fn s_eve_01_what_accounts_do_is_told_field_by_field() {
    let (assets, shares) = (Assets(1), Shares(2));
    let sums = [number(1), number(2)];
    let of_party = [ASSET, ACCOUNT];
    let by = address(CALLER);
    let to = address(TO);
    check(
        &Event::Protected { party: PARTY, assets },
        [0x22, 0x94, 0x76, 0xb8],
        &of_party,
        &[by, sums[0]],
    );
    check(
        &Event::Repaid { party: PARTY, assets, shares },
        [0x80, 0xd4, 0x73, 0xbf],
        &of_party,
        &[by, sums[0], sums[1]],
    );
    check(
        &Event::Withdrawn { party: PARTY, to: TO, assets, shares },
        [0x1d, 0x37, 0xb3, 0x12],
        &of_party,
        &[by, to, sums[0], sums[1]],
    );
    check(
        &Event::Unprotected { party: PARTY, to: TO, assets },
        [0xe4, 0x1e, 0x35, 0xc1],
        &of_party,
        &[by, to, sums[0]],
    );
    check(
        &Event::Borrowed { party: PARTY, to: TO, assets, shares },
        [0x47, 0x45, 0xc8, 0xa6],
        &of_party,
        &[by, to, sums[0], sums[1]],
    );
    for on in [false, true] {
        check(
            &Event::CollateralSet { party: PARTY, on },
            [0x55, 0xcb, 0x5f, 0x10],
            &of_party,
            &[by, number(u128::from(on))],
        );
    }
    check(
        &Event::CategorySet { account: ACCOUNT, caller: CALLER, category: 7 },
        [0x1a, 0xab, 0x58, 0x87],
        &[ACCOUNT],
        &[by, number(7)],
    );
    let grant = Grant { permissions: 5, expiry: Timestamp(6) };
    check(
        &Event::OperatorSet { account: ACCOUNT, operator: TO, grant },
        [0xdc, 0xec, 0xdb, 0x76],
        &[ACCOUNT, TO],
        &[number(5), number(6)],
    );
}

#[test]
fn s_eve_01_what_happens_to_a_reserve_is_told_field_by_field() {
    let accrued = Event::Accrued {
        asset: ASSET,
        interest: Assets(1),
        insurance_shares: Shares(2),
        treasury_shares: Shares(3),
        remainder: 4,
        rate_at_target: 5,
        time: Timestamp(6),
    };
    let counted: Vec<[u8; 32]> = (1..=7).map(number).collect();
    check(&accrued, [0x8a, 0xec, 0x8c, 0xa7], &[ASSET], &counted[..6]);
    check(
        &Event::InsuranceFunded {
            asset: ASSET,
            caller: CALLER,
            assets: Assets(1),
            shares: Shares(2),
        },
        [0x08, 0x79, 0xd5, 0xfb],
        &[ASSET],
        &[address(CALLER), number(1), number(2)],
    );
    let loan = Event::FlashLoaned {
        asset: ASSET,
        receiver: TO,
        initiator: CALLER,
        assets: Assets(1),
        fee: Assets(2),
        insurance_shares: Shares(3),
    };
    let words = [address(CALLER), number(1), number(2), number(3)];
    check(&loan, [0x15, 0x23, 0xfa, 0x7e], &[ASSET, TO], &words);
    check(
        &Event::Collected { asset: ASSET, to: TO, assets: Assets(1), shares: Shares(2) },
        [0xcc, 0xeb, 0xe7, 0xaa],
        &[ASSET],
        &[address(TO), number(1), number(2)],
    );
    let price = Push {
        median: Price(1),
        down: Bps(2),
        up: Bps(3),
        time: Timestamp(4),
        round: 5,
        // Number 3 in the interface.
        status: Status::Confirmed,
        volatility: Bps(7),
    };
    let mut words = counted.clone();
    words[5] = number(3);
    check(
        &Event::PriceAccepted { asset: ASSET, price },
        [0xdb, 0x53, 0x03, 0x17],
        &[ASSET],
        &words,
    );
    let ignored = Event::PriceIgnored {
        asset: ASSET,
        median: Price(1),
        time: Timestamp(2),
        round: 3,
        reason: 4,
    };
    check(&ignored, [0xe2, 0xf8, 0xff, 0xfb], &[ASSET], &counted[..4]);
}

#[test]
fn s_eve_01_losses_are_told_field_by_field() {
    let counted: Vec<[u8; 32]> = (1..=5).map(number).collect();
    let forfeited = Event::DustForfeited {
        asset: ASSET,
        account: ACCOUNT,
        protected: Assets(1),
        shares: Shares(2),
        minted: Shares(3),
    };
    check(&forfeited, [0xe0, 0x8b, 0x55, 0xe1], &[ASSET, ACCOUNT], &counted[..3]);
    let bad = BadDebt {
        asset: ASSET,
        account: ACCOUNT,
        assets: Assets(1),
        shares: Shares(2),
        insured: Assets(3),
        insurance_shares: Shares(4),
        socialised: Assets(5),
    };
    check(&Event::BadDebt(bad), [0xb0, 0xb7, 0x05, 0x6a], &[ASSET, ACCOUNT], &counted);
    let wound_up = Event::WoundUp { asset: ASSET, assets: Assets(1), shares: Shares(2) };
    check(&wound_up, [0xed, 0xee, 0x51, 0x06], &[ASSET], &counted[..2]);
}
