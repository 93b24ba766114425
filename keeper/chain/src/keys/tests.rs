#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{KeyError, KeySource, Passphrase, Signer};
use alloy_primitives::address;
use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

/// Written by the polkadot-js apps for the development account Alice (the test file of subxt-signer).
const ALICE: &str = r#"{
  "encoded": "DumgApKCTqoCty1OZW/8WS+sgo6RdpHhCwAkA2IoDBMAgAAAAQAAAAgAAAB6IG/q24EeVf0JqWqcBd5m2tKq5BlyY84IQ8oamLn9DZe9Ouhgunr7i36J1XxUnTI801axqL/ym1gil0U8440Qvj0lFVKwGuxq38zuifgoj0B3Yru0CI6QKEvQPU5xxj4MpyxdSxP+2PnTzYao0HDH0fulaGvlAYXfqtU89xrx2/z9z7IjSwS3oDFPXRQ9kAdDebtyCVreZ9Otw9v3",
  "encoding": { "content": ["pkcs8", "sr25519"], "type": ["scrypt", "xsalsa20-poly1305"], "version": "3" },
  "address": "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
  "meta": { "genesisHash": "", "name": "Alice", "whenCreated": 1718265838755 }
}"#;

fn file(folder: &tempfile::TempDir, name: &str, text: &str, mode: u32) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

fn typed(text: &str) -> Result<Passphrase, KeyError> {
    Ok(Passphrase::new(text.to_owned()))
}

fn open(path: &Path, passphrase: &str) -> Result<Signer, KeyError> {
    Signer::from_keystore(path, || typed(passphrase))
}

#[test]
fn development_names_and_derivations_agree() {
    let alice = Signer::dev("alice").unwrap();
    assert_eq!(alice.account_id().to_string(), "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
    assert_eq!(alice.address(), address!("9621dde636de098b43efb0fa9b61facfe328f99d"));
    assert_eq!(Signer::dev("Alice").unwrap().address(), alice.address());
    assert_eq!(Signer::dev("//Alice").unwrap().address(), alice.address());
    assert_ne!(
        Signer::dev("//Reporter//1").unwrap().address(),
        Signer::dev("//Reporter//2").unwrap().address()
    );
}

#[test]
fn secrets_are_no_development_names() {
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk";
    for bad in ["", "//", phrase, "//Alice///password word", "al ice", "0x 1"] {
        assert!(matches!(Signer::dev(bad), Err(KeyError::BadDevName(_))), "{bad}");
    }
}

#[test]
fn a_phrase_gives_its_account_and_a_bad_one_is_not_repeated() {
    let phrase = "bottom drive obey lake curtain smoke basket hold race lonely fit walk//Alice";
    assert_eq!(
        Signer::from_uri(phrase).unwrap().address(),
        Signer::dev("alice").unwrap().address()
    );
    let error = Signer::from_uri("bottom drive obey secretword").unwrap_err().to_string();
    assert!(error.contains("expected a phrase") && !error.contains("secretword"), "{error}");
}

#[test]
fn debug_shows_no_key() {
    let text = format!("{:?} {:?}", Signer::dev("alice").unwrap(), Passphrase::new("hush".into()));
    assert!(text.to_lowercase().contains("9621dde636de098b43efb0fa9b61facfe328f99d"), "{text}");
    assert!(!text.contains("hush") && !text.contains("Keypair"), "{text}");
}

#[test]
fn an_unset_variable_is_named() {
    let error = Signer::from_env("WEIR_NO_SUCH_VARIABLE").unwrap_err();
    assert!(error.to_string().contains("WEIR_NO_SUCH_VARIABLE is not set"), "{error}");
}

#[test]
fn a_keystore_opens_with_its_passphrase_from_prompt_or_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "alice.json", ALICE, 0o600);
    let alice = Signer::dev("alice").unwrap().address();
    assert_eq!(open(&path, "whoisalice").unwrap().address(), alice);
    let passphrase_file = Some(file(&folder, "passphrase", "whoisalice\n", 0o400));
    let source = KeySource::Keystore { path, passphrase_file };
    let signer = Signer::load(&source, || Err(KeyError::NoPassphrase("not asked".into()))).unwrap();
    assert_eq!(signer.address(), alice);
}

#[test]
fn keystores_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(&folder, "alice.json", ALICE, 0o600);
    assert!(matches!(open(&good, "whoisbob"), Err(KeyError::WrongPassphrase { .. })));
    let open_to_all = file(&folder, "open.json", ALICE, 0o644);
    let error = open(&open_to_all, "whoisalice").unwrap_err();
    assert!(
        error.to_string().contains("mode 644") && error.to_string().contains("chmod 600"),
        "{error}"
    );
    let short = file(&folder, "short.json", &ALICE.replace("DumgApKC", ""), 0o600);
    assert!(matches!(open(&short, "whoisalice"), Err(KeyError::BadKeystore { .. })));
    let other = file(&folder, "ed.json", &ALICE.replace("\"sr25519\"", "\"ed25519\""), 0o600);
    assert!(matches!(open(&other, "whoisalice"), Err(KeyError::BadKeystore { .. })));
    let text = file(&folder, "text.json", "not json", 0o600);
    assert!(matches!(open(&text, "whoisalice"), Err(KeyError::BadKeystore { .. })));
    let missing = folder.path().join("missing.json");
    assert!(matches!(open(&missing, "x"), Err(KeyError::Unreadable { .. })));
}
