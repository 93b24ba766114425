//! Addresses of nodes.

use std::fmt;
use weir_chain::redacted;

/// Address of a node. Shown without user name, password and query, which may hold an access key.
#[derive(Clone, PartialEq, Eq)]
pub struct Endpoint(String);

impl Endpoint {
    /// Reads a WebSocket address.
    ///
    /// # Errors
    /// If the scheme is not `ws` or `wss`, or no host follows.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix("ws://").or_else(|| text.strip_prefix("wss://"));
        match rest {
            None => Err("must begin with ws:// or wss://".to_owned()),
            Some(rest) if rest.is_empty() || rest.starts_with(['/', ':', '?']) => {
                Err("names no host".to_owned())
            }
            Some(rest) if rest.chars().any(char::is_whitespace) => Err("holds a space".to_owned()),
            Some(_) => Ok(Self(text.to_owned())),
        }
    }

    /// The whole address, for connecting only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&redacted(&self.0))
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
