//! Deterministic noise in integers: the same seed gives the same numbers on every machine, in any order of asking.

/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
///
/// Chosen because a stream can be started anywhere from a 64-bit state, with no warm-up and no table. Not for secrets.
#[derive(Debug, Clone)]
pub struct Stream(u64);

/// The odd integer next to 2^64/φ: the step of the generator's state.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Stream {
    /// The stream with this state.
    #[must_use]
    pub const fn new(state: u64) -> Self {
        Self(state)
    }

    /// A stream of its own for a seed, a name and a number: what one stream gives says nothing of another's.
    #[must_use]
    pub fn of(seed: u64, name: &str, number: u64) -> Self {
        let mut outer = Self(seed ^ fnv1a(name.as_bytes()));
        let mut inner = Self(outer.draw() ^ number);
        Self(inner.draw())
    }

    /// The next 64 bits.
    pub fn draw(&mut self) -> u64 {
        // Modulo 2^64 is the definition of the generator.
        self.0 = self.0.wrapping_add(STEP);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number between −`bound` and `bound`, both included, each equally likely up to a bias below 2^-32 for
    /// bounds below 2^31.
    pub fn uniform(&mut self, bound: u32) -> i64 {
        let width = 2 * u128::from(bound) + 1;
        // The high half of a 128-bit product: a multiplication instead of a division.
        let scaled = (u128::from(self.draw()) * width) >> 64;
        i64::try_from(scaled).unwrap_or_default() - i64::from(bound)
    }

    /// A number around 0 with standard deviation 2^16, bell-shaped, between −6·2^16 and 6·2^16.
    ///
    /// The sum of twelve 16-bit uniforms: each has variance 2^32/12 (less 1/12), so the sum has variance 2^32. No
    /// logarithm and no floating point, hence the same bits everywhere.
    pub fn bell(&mut self) -> i64 {
        /// Twelve times the mean of a 16-bit uniform, 12 · 65535 / 2.
        const MEAN: i64 = 393_210;
        let mut sum = 0_i64;
        for _ in 0..3 {
            let mut bits = self.draw();
            for _ in 0..4 {
                sum += i64::from(u16::try_from(bits & 0xFFFF).unwrap_or_default());
                bits >>= 16;
            }
        }
        sum - MEAN
    }
}

/// FNV-1a, 64 bits: turns a name into a number.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::{Stream, fnv1a};

    #[test]
    fn splitmix64_gives_the_published_numbers() {
        // First five outputs for the seed 1234567, as published with the reference implementation.
        let mut stream = Stream::new(1_234_567);
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!([(); 5].map(|()| stream.draw()), expected);
    }

    #[test]
    fn fnv1a_gives_the_published_hashes() {
        assert_eq!(fnv1a(b""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(fnv1a(b"a"), 0xAF63_DC4C_8601_EC8C);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_F739_67E8);
    }

    #[test]
    fn streams_differ_by_seed_name_and_number() {
        let first = |seed, name, number| Stream::of(seed, name, number).draw();
        let base = first(1, "DOT", 0);
        assert_eq!(base, first(1, "DOT", 0));
        for other in [first(2, "DOT", 0), first(1, "ETH", 0), first(1, "DOT", 1)] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn uniform_stays_in_its_bounds_and_reaches_them() {
        let mut stream = Stream::new(7);
        let drawn: Vec<i64> = (0..10_000).map(|_| stream.uniform(5)).collect();
        // 10 000 draws from 11 values: the chance to miss one is 11 · (10/11)^10000, below 1e-400.
        for value in -5..=5 {
            assert!(drawn.contains(&value), "{value}");
        }
        assert!(drawn.iter().all(|value| value.abs() <= 5));
        assert_eq!(stream.uniform(0), 0);
        assert!(stream.uniform(u32::MAX).abs() <= i64::from(u32::MAX));
    }

    #[test]
    fn the_bell_has_the_stated_spread() {
        let mut stream = Stream::new(42);
        let drawn: Vec<i64> = (0..20_000).map(|_| stream.bell()).collect();
        let count = i64::try_from(drawn.len()).unwrap_or(1);
        let mean = drawn.iter().sum::<i64>() / count;
        let variance = drawn.iter().map(|v| v * v).sum::<i64>() / count;
        // Standard error of the mean is 65536/√20000 = 463; four of them. Variance 2^32, 4 % off at most.
        assert!(mean.abs() < 1_854, "{mean}");
        assert!((variance - (1 << 32)).abs() < (1 << 32) / 25, "{variance}");
        assert!(drawn.iter().all(|v| v.abs() <= 6 << 16));
    }
}
