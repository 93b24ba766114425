//! Prices: calm, crashes, and what makes no sense.

use super::Generator;
use crate::message::{Coin, Message, Quote};
use rand::Rng as _;
use weir_core::units::WAD;

impl Generator<'_> {
    pub(super) fn prices(&mut self) -> Message {
        let caller = self.holder(3);
        let all = self.chance(2, 3);
        let crash = self.chance(1, 7);
        let mut quotes = Vec::new();
        for place in 0..self.at.reserves.len() {
            if all || self.chance(1, 3) {
                let coin = self.coin_of(place);
                quotes.push(self.quote(coin, crash));
            }
        }
        if quotes.is_empty() || self.chance(1, 30) {
            let coin = self.coin();
            quotes.push(self.quote(coin, crash));
        }
        Message::Prices { caller, quotes }
    }

    pub(super) fn quote(&mut self, coin: Coin, crash: bool) -> Quote {
        let last = self.reserve(coin).map(|reserve| reserve.price).unwrap_or_default();
        let start = self.stage.tokens.get(usize::from(coin)).map_or(WAD, |token| token.price);
        let percent = match self.rng.random_range(0..40) {
            0..=2 if crash => self.rng.random_range(10..60),
            3..=15 if crash => self.rng.random_range(60..95),
            0..=5 => self.rng.random_range(80..125),
            _ => self.rng.random_range(97..104),
        };
        // Prices come home, so that a session does not end with worthless tokens.
        let home = last.median.0 < start / 20
            || last.median.0 > start.saturating_mul(10)
            || (last.median.0 < start / 3 && self.chance(1, 6));
        let median = if home { start } else { last.median.0.saturating_mul(percent) / 100 };
        let odd = self.rng.random_range(0..150);
        Quote {
            coin,
            median: match odd {
                0 => 0,
                1 => u128::MAX,
                _ => median,
            },
            down: if odd == 2 { 10_001 } else { self.rng.random_range(0..60) },
            up: if odd == 3 { u16::MAX } else { self.rng.random_range(0..60) },
            age: match odd {
                4 => -5,
                5 => 100_000,
                _ => 0,
            },
            round: if odd == 6 { last.round } else { last.round.saturating_add(1) },
            status: match odd {
                7 => 0,
                8 => 2,
                9..=11 => 3,
                12 => 4,
                _ => 1,
            },
            volatility: self.rng.random_range(0..12_000),
        }
    }
}
