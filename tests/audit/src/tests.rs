#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    documents::parse,
    html,
    mutants::{Mutants, hash, judge},
    report::{Report, Status, carries},
    results::{Ending, Results},
    sources::in_source,
};

const DOCUMENT: &str = "\
# Invariants

| id | what | tests |
|---|---|---|
| I-ACC-01 | shares | `every_step`, `books::balance` |
| I-ACC-02 | debt | |
| I-LQ-13 | nobody is liquidated at once | |
| I-RW-01 | rewards | n/a: there are no rewards |
| I-OR-04 | breaker | open: `it` is not built |
";

const OUTPUT: &str = "\
     Running unittests src/lib.rs (target/debug/deps/weir_core-1)
test invariants::every_step ... ok
test books::balance ... ok
test gates::i_lq_13_nobody ... FAILED
test slow ... ignored
test talks ... it says something
and ends here: ok
test result: FAILED. 3 passed; 1 failed
     Running tests/main.rs (target/debug/deps/contracts-1)
test other::every_step ... ok
";

fn tests(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn report(names: &[&str]) -> Report {
    let rows = parse("invariants.md", DOCUMENT);
    Report::new(rows, &tests(names), &Results::parse(OUTPUT), Mutants::default())
}

#[test]
fn a_missing_and_a_failing_test_are_found() {
    let report = report(&["every_step", "balance", "i_lq_13_nobody"]);
    assert_eq!(report.without_test, ["I-ACC-02", "I-OR-04"]);
    assert_eq!(report.failed, ["I-LQ-13"]);
    assert_eq!(report.not_applicable, ["I-RW-01"]);
    assert_eq!(report.ids[0].status, Status::Passed);
    assert_eq!(report.ids[0].tests.len(), 2);
    assert_eq!(report.ids[3].reason.as_deref(), Some("n/a: there are no rewards"));
    assert!(!report.is_good());
}

#[test]
fn a_named_test_that_does_not_exist_fails_its_id() {
    let report = report(&["every_step", "i_lq_13_nobody"]);
    assert_eq!(report.failed, ["I-ACC-01", "I-LQ-13"]);
}

#[test]
fn a_test_that_did_not_run_fails_its_id() {
    let report = report(&["every_step", "balance", "i_lq_13_nobody", "i_acc_02_debt"]);
    assert_eq!(report.failed, ["I-ACC-02", "I-LQ-13"]);
    assert_eq!(report.ids[1].tests[0].ending, Some(Ending::NotRun));
}

#[test]
fn all_shown_is_good_and_two_rows_of_an_id_are_not() {
    let text = "| I-ACC-01 | shares | `every_step` |\n";
    let names = tests(&["every_step"]);
    let results = Results::parse(OUTPUT);
    let once = Report::new(parse("a.md", text), &names, &results, Mutants::default());
    assert!(once.is_good());
    let rows = parse("a.md", &text.repeat(2));
    let twice = Report::new(rows, &names, &results, Mutants::default());
    assert_eq!(twice.twice, ["I-ACC-01"]);
    assert!(!twice.is_good());
    let none = Report::new(Vec::new(), &names, &results, Mutants::default());
    assert!(!none.is_good(), "no ids show nothing");
}

#[test]
fn endings_are_read_from_the_output() {
    let results = Results::parse(OUTPUT);
    assert_eq!(results.of("every_step"), Ending::Passed);
    assert_eq!(results.of("i_lq_13_nobody"), Ending::Failed);
    assert_eq!(results.of("slow"), Ending::NotRun);
    assert_eq!(results.of("talks"), Ending::Passed);
    assert_eq!(results.of("nothing"), Ending::NotRun);
    let mixed = Results::parse("test a::x ... ok\ntest b::x ... FAILED\ntest c::x ... ok\n");
    assert_eq!(mixed.of("x"), Ending::Failed);
}

#[test]
fn a_name_carries_whole_ids_only() {
    assert!(carries("i_lq_13_nobody", "I-LQ-13"));
    assert!(carries("on_chain_i_lq_13", "I-LQ-13"));
    assert!(carries("i_acc_01_i_acc_02_sums", "I-ACC-02"));
    assert!(!carries("i_lq_13_nobody", "I-LQ-01"));
    assert!(!carries("its_pool_01", "S-POOL-01"));
    assert!(carries("incident_25_26_each_exit", "INCIDENT-26"));
    assert!(!carries("incident_25_with_26_accounts", "INCIDENT-26"));
}

#[test]
fn incidents_are_numbers_before_a_colon() {
    let text = "| incidents | what | stop | test |\n\
        | 1, 5: Lendf.Me, Cream | hook | lock | `incident_01_05_hook` |\n\
        | 7, 17: Compound, Acala | reward pools | there are no rewards | does not apply |\n\
        | 14: Venus | clamp | bounds | open |\n";
    let rows = parse("incidents.md", text);
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["INCIDENT-01", "INCIDENT-05", "INCIDENT-07", "INCIDENT-17", "INCIDENT-14"]);
    assert_eq!(rows[2].not_applicable.as_deref(), Some("there are no rewards"));
    assert!(rows[4].named.is_empty() && rows[4].not_applicable.is_none());
    assert!(parse("weights.md", "| 2 | 3 | 4 |\n").is_empty());
}

#[test]
fn functions_with_a_test_attribute_are_tests() {
    let text = "#[test]\nfn one() {}\nfn helper() {}\n#[tokio::test(flavor = \"multi_thread\")]\n\
        async fn two() {}\nproptest! {\n    #[test]\n    #[allow(x)]\n    // why\n    fn three(a: u8) {}\n}\n\
        // #[test]\nfn four() {}\n";
    assert_eq!(in_source(text), ["one", "two", "three"]);
}

#[test]
fn mutants_of_a_changed_file_are_stale_and_survivors_count_unless_explained() {
    let record = "\
a.rs 11 caught 17 timeout 1 unviable 3 missed 3
a.rs survivor replace + with - in f
a.rs survivor replace < with <= in g
a.rs survivor replace h with ()
b.rs 33 caught 1 timeout 0 unviable 0 missed 0
gone.rs 44 caught 9 timeout 0 unviable 0 missed 0
";
    let hashes: BTreeMap<String, String> = [("a.rs", "11"), ("b.rs", "22"), ("c.rs", "55")]
        .map(|(file, hash)| (file.to_owned(), hash.to_owned()))
        .into();
    let explained = "`replace < with <= in g` makes no difference";
    let mutants = judge(record, explained, &hashes).unwrap();
    assert_eq!(mutants.stale, ["b.rs", "c.rs"]);
    assert_eq!(mutants.explained, 1);
    assert_eq!(mutants.survived, ["a.rs: replace + with - in f", "a.rs: replace h with ()"]);
    // 17 + 1 + 1 of 21.
    assert_eq!((mutants.caught, mutants.caught_bps), (19, 9_047));
    assert!(judge("a.rs 11 lost 3\n", "", &hashes).is_err());
    // FIPS 180-4: SHA-256 of "abc".
    assert_eq!(hash(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn the_page_has_every_id_and_says_what_is_missing() {
    let page = html::page(&report(&["every_step", "i_lq_13_nobody"]));
    for id in ["I-ACC-01", "I-ACC-02", "I-LQ-13", "I-RW-01", "I-OR-04"] {
        assert!(page.contains(&format!("<tr id=\"{id}\">")), "{id}");
    }
    assert!(page.contains("balance</code> (does not exist)"));
    assert!(page.contains("i_lq_13_nobody</code> (failed)"));
    assert!(page.contains("Not everything is shown"));
}
