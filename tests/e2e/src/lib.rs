//! Nothing but tests: the programs of Weir as their users meet them, over real sockets. See `tests/main.rs`.
