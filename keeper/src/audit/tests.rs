#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop where it finds a fault"
)]

use super::*;
use crate::outcome::{Amounts, PriceSource};
use std::fs;

fn ended(intent: &str) -> Entry {
    Entry::Ended(Box::new(Record {
        intent: intent.to_owned(),
        outcome: Outcome::Liquidated,
        reason: None,
        borrower: Address::repeat_byte(7),
        debt: "USDC".to_owned(),
        collateral: "WETH".to_owned(),
        shares: false,
        predicted: Amounts { repaid: u128::MAX, seized: 5, profit_usd: Decimal::new(125, 2) },
        realised: None,
        planned_block: 10,
        liquidatable_since: 10,
        price: PriceSource { round: 3, block: Some(10) },
        block: Some(11),
        blocks_to_inclusion: Some(1),
        transaction: Some(format!("{intent}01")),
        fee: Some(42),
        repaid_usd: Decimal::from(7_000),
        lost_usd: Decimal::new(25, 2),
    }))
}

fn skipped() -> Entry {
    Entry::Skipped(Skipped {
        borrower: Address::repeat_byte(8),
        version: 4,
        block: 12,
        round: 3,
        reason: "unprofitable",
        detail: "the best pair is expected to earn 0.2 USD; min_profit_usd is 1".to_owned(),
    })
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    /// A log of four lines, written in two goes.
    fn with_log() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        place.open().log.append(&[ended("0xaa"), skipped()]).unwrap();
        place.open().log.append(&[ended("0xbb"), ended("0xcc")]).unwrap();
        place
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("audit.jsonl")
    }

    fn open(&self) -> Opened {
        AuditLog::open(&self.path()).unwrap()
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    fn verify(&self) -> Result<Head, Break> {
        verify(&self.path(), None).unwrap()
    }

    /// Writes these lines in place of the log.
    fn put(&self, lines: &[&str]) {
        fs::write(self.path(), lines.iter().map(|line| format!("{line}\n")).collect::<String>())
            .unwrap();
    }
}

#[test]
fn lines_hang_together_over_restarts() {
    let place = Place::with_log();
    let head = place.verify().unwrap();
    assert_eq!(head.lines, 4);
    assert_eq!(place.open().log.head(), head);
    let text = place.text();
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[1]["kind"], "skipped");
    assert_eq!(lines[1]["reason"], "unprofitable");
    assert_eq!(lines[2]["intent"], "0xbb");
    assert_eq!(lines[2]["previous"], lines[1]["hash"]);
    assert_eq!(lines[0]["previous"], format!("0x{}", "00".repeat(32)));
    // 2^128 - 1 in full, as a text.
    assert!(text.contains("\"repaid\":\"340282366920938463463374607431768211455\""), "{text}");
    assert!(text.contains("\"profit_usd\":\"1.25\""), "{text}");
    assert!(text.contains("\"fee\":\"42\""), "{text}");
    // The hash as its definition says, by hand: the object without its last field.
    let (body, _) = text.lines().next().unwrap().split_once(",\"hash\"").unwrap();
    assert_eq!(lines[0]["hash"], keccak256(format!("{body}}}")).to_string());
}

#[test]
fn the_end_of_a_transaction_is_found() {
    let place = Place::with_log();
    let log = place.open().log;
    assert!(log.tells("0xbb01").unwrap());
    assert!(!log.tells("0xdd01").unwrap());
}

#[test]
fn what_was_spent_lately_is_found() {
    let place = Place::with_log();
    let log = place.open().log;
    let past = log.money_since(0).unwrap();
    assert_eq!(past.len(), 3, "the skipped one cost nothing");
    assert_eq!((past[0].repaid_usd, past[0].lost_usd), (Decimal::from(7_000), Decimal::new(25, 2)));
    assert_eq!(log.money_since(past[2].time + 1).unwrap(), []);
}

#[test]
fn every_changed_byte_is_found() {
    let place = Place::with_log();
    let whole = place.text();
    for at in 0..whole.len() {
        let mut bytes = whole.clone().into_bytes();
        // A digit for a digit, a letter for a letter: the line stays a line where it can.
        bytes[at] = match bytes[at] {
            b'9' | b'z' | b'Z' => bytes[at] - 1,
            byte if byte.is_ascii_alphanumeric() => byte + 1,
            b'\n' => b' ',
            _ => b'x',
        };
        fs::write(place.path(), &bytes).unwrap();
        assert!(place.verify().is_err(), "byte {at} of {whole}");
    }
}

#[test]
fn gaps_repetitions_and_moves_are_named() {
    let place = Place::with_log();
    let text = place.text();
    let lines: Vec<&str> = text.lines().collect();
    let number = |line, expected, found| Break { line, fault: Fault::Number { expected, found } };
    place.put(&[lines[0], lines[2], lines[3]]);
    assert_eq!(place.verify(), Err(number(2, 1, 2)));
    place.put(&[lines[1], lines[2], lines[3]]);
    assert_eq!(place.verify(), Err(number(1, 0, 1)));
    place.put(&[lines[0], lines[1], lines[1]]);
    assert_eq!(place.verify(), Err(number(3, 2, 1)));
    place.put(&[lines[0], lines[2], lines[1], lines[3]]);
    assert_eq!(place.verify(), Err(number(2, 1, 2)));
}

#[test]
fn a_line_of_another_log_is_named() {
    let (place, other) = (Place::with_log(), Place { folder: tempfile::tempdir().unwrap() });
    other.open().log.append(&[skipped(), ended("0xdd"), ended("0xee"), skipped()]).unwrap();
    let (text, others) = (place.text(), other.text());
    let mut lines: Vec<&str> = text.lines().collect();
    lines[2] = others.lines().nth(2).unwrap();
    place.put(&lines);
    assert_eq!(place.verify(), Err(Break { line: 3, fault: Fault::Follows }));
}

#[test]
fn a_cut_end_is_found_by_a_head_from_before() {
    let place = Place::with_log();
    let head = place.verify().unwrap();
    let text = place.text();
    let lines: Vec<&str> = text.lines().collect();
    place.put(&lines[..3]);
    assert!(place.verify().is_ok(), "the chain alone cannot know");
    let short = verify(&place.path(), Some(head)).unwrap();
    assert_eq!(short, Err(Break { line: 3, fault: Fault::Short { expected: 4 } }));
    // Written anew to the same length: it is another line.
    place.open().log.append(&[skipped()]).unwrap();
    let other = verify(&place.path(), Some(head)).unwrap();
    assert_eq!(other, Err(Break { line: 4, fault: Fault::OtherHead }));
    assert_eq!(head.to_string().parse(), Ok(head));
}

#[test]
fn an_unfinished_last_line_is_cut_off() {
    let place = Place::with_log();
    let whole = place.text();
    fs::write(place.path(), format!("{whole}{{\"seq\":4,\"ti")).unwrap();
    assert_eq!(place.verify(), Err(Break { line: 5, fault: Fault::Unfinished }));
    assert!(place.open().set_aside.is_none());
    assert_eq!(place.text(), whole);
}

#[test]
fn a_broken_log_is_put_aside_and_a_new_one_begun() {
    let place = Place::with_log();
    let edited = place.text().replace("0xbb", "0xbd");
    fs::write(place.path(), &edited).unwrap();
    let Opened { mut log, set_aside } = place.open();
    let set_aside = set_aside.unwrap();
    assert_eq!(fs::read_to_string(&set_aside.file).unwrap(), edited, "nothing of it is lost");
    assert!(set_aside.reason.starts_with("line 3: was edited"), "{}", set_aside.reason);
    log.append(&[skipped()]).unwrap();
    assert_eq!(place.verify().unwrap().lines, 1);
    // The next broken one goes beside the first.
    fs::write(place.path(), place.text().replace("unprofitable", "profitable")).unwrap();
    assert_ne!(place.open().set_aside.unwrap().file, set_aside.file);
}

#[test]
fn a_foreign_file_is_left_alone() {
    let place = Place { folder: tempfile::tempdir().unwrap() };
    fs::write(place.path(), "{}\nbuy milk\n").unwrap();
    let error = AuditLog::open(&place.path()).unwrap_err();
    assert!(matches!(error, LogError::Foreign { .. }), "{error}");
    assert_eq!(place.text(), "{}\nbuy milk\n");
}

#[test]
fn a_disk_that_takes_nothing_is_told() {
    // Every write to this device fails for want of space; it holds no line.
    let full = Path::new("/dev/full");
    let file = OpenOptions::new().append(true).open(full).unwrap();
    let mut log = AuditLog { path: full.to_owned(), file, head: Head::default() };
    let error = log.append(&[skipped()]).unwrap_err();
    assert!(error.to_string().contains("No space left"), "{error}");
    assert_eq!(log.head(), Head::default());
}
