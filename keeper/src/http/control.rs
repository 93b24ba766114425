//! What an operator sees and changes of the breakers.

use super::{HttpError, Sources};
use crate::audit::{Entry, Operated};
use crate::breakers::{Breaker, Open};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use std::fmt;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::PoisonError;
use weir_chain::{B256, keccak256};

/// The shortest token.
const SHORTEST: usize = 16;

/// A word that only operators know. Kept as its hash: nothing can print it, and comparing hashes takes as long for a near
/// miss as for any other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token(B256);

impl Token {
    /// Reads a file that only its owner can read.
    ///
    /// # Errors
    /// If it cannot be read, others can read it, or the word is too short.
    pub fn load(path: &std::path::Path) -> Result<Self, HttpError> {
        let fault = |problem: String| HttpError::Token { path: path.to_owned(), problem };
        let mode = std::fs::metadata(path).map_err(|error| fault(error.to_string()))?.permissions();
        if mode.mode() & 0o077 != 0 {
            return Err(fault("others than its owner have rights on it; use chmod 600".to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
        let word = text.trim();
        if word.len() < SHORTEST {
            return Err(fault(format!("the word must have at least {SHORTEST} characters")));
        }
        Ok(Self(keccak256(word)))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// Those that are open, with their reasons.
pub(super) async fn breakers(State(sources): State<Sources>) -> Json<Vec<Open>> {
    Json(sources.breakers.open())
}

pub(super) async fn pause(sources: State<Sources>, headers: HeaderMap) -> Answer {
    operate(&sources, &headers, Operated { action: "pause", breaker: None })?;
    sources.breakers.pause("an operator");
    Ok(Json(sources.breakers.open()))
}

pub(super) async fn resume(sources: State<Sources>, headers: HeaderMap) -> Answer {
    operate(&sources, &headers, Operated { action: "resume", breaker: None })?;
    sources.breakers.resume();
    Ok(Json(sources.breakers.open()))
}

pub(super) async fn override_one(
    sources: State<Sources>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Answer {
    authorised(&sources, &headers)?;
    let Some(breaker) = Breaker::named(&name) else {
        let names: Vec<&str> = Breaker::ALL.into_iter().map(Breaker::name).collect();
        return Err((
            StatusCode::NOT_FOUND,
            format!("there is no such breaker; there are {}\n", names.join(", ")),
        ));
    };
    operate(&sources, &headers, Operated { action: "override", breaker: Some(breaker) })?;
    sources.breakers.override_one(breaker);
    Ok(Json(sources.breakers.open()))
}

/// What is open after the change, or why there is none.
type Answer = Result<Json<Vec<Open>>, (StatusCode, String)>;

fn authorised(sources: &Sources, headers: &HeaderMap) -> Result<(), (StatusCode, String)> {
    let Some(token) = sources.token else {
        let text = "the keeper takes no orders: set http.token_file in its configuration\n";
        return Err((StatusCode::FORBIDDEN, text.to_owned()));
    };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer "));
    if given.is_some_and(|given| Token(keccak256(given.trim())) == token) {
        Ok(())
    } else {
        let text = "give the word of http.token_file: Authorization: Bearer WORD\n";
        Err((StatusCode::UNAUTHORIZED, text.to_owned()))
    }
}

/// Writes a change down before it is made: one that cannot be accounted for is refused.
fn operate(
    sources: &Sources,
    headers: &HeaderMap,
    operated: Operated,
) -> Result<(), (StatusCode, String)> {
    authorised(sources, headers)?;
    let mut log = sources.log.lock().unwrap_or_else(PoisonError::into_inner);
    log.append(&[Entry::Operated(operated)])
        .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")))
}
