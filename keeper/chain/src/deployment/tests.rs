#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use super::*;

fn sample() -> Deployment {
    let contract =
        |byte| Contract { address: Address::repeat_byte(byte), code_hash: B256::repeat_byte(byte) };
    let asset = |symbol: &str, byte, decimals, reserve| Asset {
        symbol: symbol.to_owned(),
        token: Address::repeat_byte(byte),
        decimals,
        reserve,
    };
    Deployment {
        version: VERSION,
        genesis: B256::repeat_byte(1),
        endpoint: "ws://127.0.0.1:9944".into(),
        block: 12,
        deployer: Address::repeat_byte(9),
        build: "abc".into(),
        contracts: [(POOL.to_owned(), contract(2)), (LENS.to_owned(), contract(3))].into(),
        assets: vec![asset("USDC", 4, 6, 0), asset("DOT", 5, 10, 1)],
    }
}

#[test]
fn what_is_saved_is_loaded_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/deployment.json");
    sample().save(&path).unwrap();
    sample().save(&path).unwrap();
    assert_eq!(Deployment::load(&path).unwrap(), sample());
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
}

#[test]
fn a_failed_save_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deployment.json");
    // A folder of that name cannot be replaced by a file.
    fs::create_dir(&path).unwrap();
    let error = sample().save(&path).unwrap_err();
    assert!(error.to_string().starts_with("cannot write"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn bad_files_are_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deployment.json");
    let error = Deployment::load(&path).unwrap_err();
    assert!(error.to_string().contains("run `weir deploy` first"), "{error}");
    let refused = |text: &str| {
        fs::write(&path, text).unwrap();
        Deployment::load(&path).unwrap_err().to_string()
    };
    let good = serde_json::to_string(&sample()).unwrap();
    assert!(refused("{").contains("is no deployment file"));
    assert!(refused("[]").contains("is no deployment file"));
    let newer = refused(&good.replace("\"version\":1", "\"version\":2,\"more\":0"));
    assert!(newer.contains("has version 2, this program reads version 1"), "{newer}");
    let unknown = refused(&good.replace("\"block\":12", "\"block\":12,\"blok\":13"));
    assert!(unknown.contains("unknown field `blok`"), "{unknown}");
    let missing = refused(&good.replace("\"block\":12,", ""));
    assert!(missing.contains("missing field `block`"), "{missing}");
    let address = refused(&good.replace("0x0909", "0x09"));
    assert!(address.contains("is no deployment file"), "{address}");
}

#[test]
fn assets_are_found_by_symbol_and_address() {
    let deployment = sample();
    assert_eq!(deployment.asset("usdc").unwrap().decimals, 6);
    let dot = Address::repeat_byte(5);
    assert_eq!(deployment.asset(&dot.to_string()).unwrap().symbol, "DOT");
    assert_eq!(deployment.asset_of(dot).unwrap().reserve, 1);
    assert_eq!(deployment.asset_at(0).unwrap().symbol, "USDC");
    let error = deployment.asset("ETH").unwrap_err().to_string();
    assert_eq!(error, "the deployment has no asset `ETH`: it has USDC, DOT");
    let error = deployment.contract("feed").unwrap_err().to_string();
    assert_eq!(error, "the deployment has no contract `feed`");
}
