//! The contracts on the real PolkaVM in the real pallet: all of it stands in `tests/`.
