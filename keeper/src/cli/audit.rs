//! `audit`: looks after the audit log.

use super::exit::Failure;
use super::print;
use crate::audit::{Head, verify};
use crate::config::Config;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Commands on the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Find the first line that was edited, taken out, repeated or moved.
    ///
    /// Each line holds the hash of the one before, so a change shows wherever it is made, except at the very end: lines
    /// taken off there, or a log written wholly anew, show only against a head noted before. The keeper logs the head
    /// when it starts, and this command prints it; keep one where the keeper cannot write.
    Verify(VerifyArguments),
}

/// Arguments of `audit verify`.
#[derive(Debug, Args)]
pub struct VerifyArguments {
    /// The configuration that names the log.
    #[arg(long, value_name = "FILE", required_unless_present = "file", conflicts_with = "file")]
    config: Option<PathBuf>,
    /// The log itself.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A head noted before, which the log must contain.
    #[arg(long, value_name = "LINES:HASH")]
    head: Option<Head>,
    /// One JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(command: AuditCommand) -> Result<(), Failure> {
    let AuditCommand::Verify(arguments) = command;
    let file = match (arguments.file, arguments.config) {
        (Some(file), _) => file,
        (None, Some(config)) => Config::load(&config)?.audit,
        (None, None) => {
            return Err(Failure::other("names neither a log nor a configuration".to_owned()));
        }
    };
    let found = verify(&file, arguments.head)?;
    if arguments.json {
        let line = match &found {
            Ok(head) => {
                serde_json::json!({ "intact": true, "lines": head.lines, "head": head.to_string() })
            }
            Err(broken) => {
                serde_json::json!({ "intact": false, "line": broken.line, "fault": broken.to_string() })
            }
        };
        print(&line.to_string())?;
    }
    match found {
        Ok(_) if arguments.json => Ok(()),
        Ok(head) => {
            print(&format!("{}: {} lines, intact\nhead {head}", file.display(), head.lines))
        }
        Err(broken) => Err(Failure::tampered(&file, &broken)),
    }
}
