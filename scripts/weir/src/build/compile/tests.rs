#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::{PROFILE, TARGET, forget_other_flags, quoted, wrapper_script, write_executable};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

#[test]
fn the_wrapper_hands_arguments_on_and_adds_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let wrapper = folder.path().join("wrapper");
    let odd = PathBuf::from("/home/o'neil/my folder");
    write_executable(&wrapper, &wrapper_script(&[(odd, "/weir")])).unwrap();
    let output = Command::new(&wrapper).args(["printf", "%s\n", "a b", "--x"]).output().unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "a b\n--x\n--cfg=ink_abi=\"sol\"\n--remap-path-prefix=/home/o'neil/my folder=/weir\n"
    );
}

#[test]
fn words_are_quoted_for_the_shell() {
    assert_eq!(quoted("it's"), r"'it'\''s'");
}

#[test]
fn other_flags_drop_what_was_compiled_but_not_the_artifacts() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("artifacts/pool/pool.polkavm");
    let built = [TARGET, PROFILE].map(|name| folder.path().join(name).join("x"));
    let fill = || {
        for file in built.iter().chain([&kept]) {
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "").unwrap();
        }
    };
    fill();
    forget_other_flags(folder.path(), "one").unwrap();
    fill();
    forget_other_flags(folder.path(), "one").unwrap();
    assert!(built.iter().all(|file| file.exists()), "same flags");
    forget_other_flags(folder.path(), "other").unwrap();
    assert!(built.iter().all(|file| !file.exists()) && kept.exists());
}
