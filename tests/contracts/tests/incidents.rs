//! What took money from other protocols, replayed here. `audits/incidents.md` has a line for each: the mechanism, what
//! stops it, and the test of its number.

mod caps;
mod donations;
mod exits;
mod liquidations;
mod oracles;
mod reentrancy;
mod rounding;
mod stage;

/// The tests of this folder and the table of `audits/incidents.md` name each other.
#[test]
fn each_replay_has_its_line_and_each_line_its_replay() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/incidents");
    let mut replays = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let names = text.split("\nfn ").skip(1).filter_map(|rest| rest.split('(').next());
        replays.extend(names.filter(|name| name.starts_with("incident_")).map(str::to_owned));
    }
    replays.sort_unstable();
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/../../audits/incidents.md");
    let table = std::fs::read_to_string(table).unwrap();
    let mut lines: Vec<&str> =
        table.split('`').filter(|word| word.starts_with("incident_")).collect();
    lines.sort_unstable();
    assert_eq!(lines, replays);
}
