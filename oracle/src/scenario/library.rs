//! The scenarios that come with the feeder.

use super::Scenario;
use crate::fault::Faults;

/// The scenarios of the folder `scenarios/`, by name.
const LIBRARY: [(&str, &str); 3] = [
    ("calm", include_str!("../../scenarios/calm.toml")),
    ("crash", include_str!("../../scenarios/crash.toml")),
    ("depeg", include_str!("../../scenarios/depeg.toml")),
];

impl Scenario {
    /// The names of the scenarios that come with the feeder.
    pub fn names() -> impl Iterator<Item = &'static str> {
        LIBRARY.iter().map(|(name, _)| *name)
    }

    /// A scenario that comes with the feeder, by its name; `None` if there is none of this name.
    ///
    /// # Errors
    ///
    /// As [`Scenario::read`].
    pub fn named(name: &str) -> Option<Result<Self, Faults>> {
        let (name, text) = LIBRARY.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(&format!("{name}.toml"), text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::Scenario;
    use crate::scenario::AssetSummary;

    fn summary(name: &str) -> Vec<AssetSummary> {
        Scenario::named(name).unwrap().unwrap().summary()
    }

    #[test]
    fn each_is_good_and_named_like_its_file() {
        for name in Scenario::names() {
            let scenario = Scenario::named(name).unwrap().unwrap();
            assert_eq!(scenario.name, name);
            assert_eq!(
                scenario.assets().iter().map(ToString::to_string).collect::<Vec<_>>(),
                ["DOT", "ETH", "USDC", "WDOT"]
            );
        }
        assert!(Scenario::named("moon").is_none());
    }

    #[test]
    fn the_crash_is_one() {
        let scenario = Scenario::named("crash").unwrap().unwrap();
        assert_eq!(scenario.steps(), 14);
        for asset in summary("crash") {
            if asset.asset.as_str() == "USDC" {
                assert!(asset.largest_fall_bps < 50, "{asset:?}");
                continue;
            }
            // More than 40 % in the story, 17 % to 22 % in one step of it, and back by more than 8 % from the low.
            assert!(asset.largest_fall_bps > 4_000, "{asset:?}");
            assert!((1_700..2_200).contains(&asset.largest_step_bps), "{asset:?}");
            assert!(asset.end.distance_bps(asset.low) > 800, "{asset:?}");
            assert!(asset.end < asset.start, "{asset:?}");
        }
    }

    #[test]
    fn the_depeg_returns_and_the_calm_is_calm() {
        for asset in summary("depeg") {
            if asset.asset.as_str() == "USDC" {
                assert!((1_000..1_500).contains(&asset.largest_fall_bps), "{asset:?}");
                assert!(asset.end.distance_bps(asset.start) < 50, "{asset:?}");
            }
        }
        for asset in summary("calm") {
            assert!(asset.largest_fall_bps < 150, "{asset:?}");
        }
    }
}
