//! A node with a deployment that the tests share, and the programs.

use serde_json::Value;
use std::future::Future;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};
use weir_chain::{Client, Deployment, Signer};
use weir_scenarios::story::process::program;

/// What comes with the command line.
pub const CONFIG: &str = include_str!("../../../scripts/weir/devnet.toml");

/// Prices that do not move.
pub const CALM: &str = "name = \"calm\"\ndescription = \"nothing moves\"\nseed = 1\nstep_seconds = 12\n\
    [assets.USDC]\nstart = \"1\"\n[assets.DOT]\nstart = \"7.5\"\n[assets.WDOT]\nstart = \"7.5\"\n[assets.ETH]\nstart = \"3000\"\n\
    [[phases]]\nlabel = \"calm\"\nseconds = 12\n";

/// Nothing that a test waits for takes longer.
pub const DEADLINE: Duration = Duration::from_secs(40);

/// A development chain of its own; ends with its owner, at the latest with the test program.
pub struct Node {
    pub url: String,
    child: Mutex<Child>,
}

impl Node {
    pub fn start(seal: &str) -> Self {
        let mut child = Command::new(program("weir-devnet").unwrap())
            .args(["--port", "0", "--seal", seal, "--exit-with-parent"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let line: Value = serde_json::from_str(&line).unwrap();
        Self { url: line["ws"].as_str().unwrap().to_owned(), child: Mutex::new(child) }
    }

    /// As `kill -9`.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill_if_running();
    }
}

impl Node {
    fn kill_if_running(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        // It may be gone already.
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// A pool on a chain, and the folder in which commands are given.
pub struct Site {
    pub node: Node,
    pub folder: tempfile::TempDir,
}

impl Site {
    /// Starts a node and deploys what `scripts/weir/devnet.toml` says.
    pub fn new(seal: &str) -> Self {
        let site = Self { node: Node::start(seal), folder: tempfile::tempdir().unwrap() };
        site.write("devnet.toml", CONFIG);
        let url = site.node.url.clone();
        let deployed = site.weir(&["deploy", "devnet.toml", "--dev", "alice", "--node", &url]);
        deployed.done();
        site
    }

    /// The site that all tests share which need no other: prices are reported, Alice has lent dollars.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Site> = LazyLock::new(|| {
            let site = Site::new("instant");
            site.write("calm.toml", CALM);
            site.write("oracle.toml", &oracle_config("calm.toml"));
            site.run("weir-oracle", &["run", "--config", "oracle.toml", "--steps", "--count", "1"])
                .done();
            site.weir(&["faucet", "USDC", "1000000", "--dev", "alice"]).done();
            site.weir(&["supply", "USDC", "1000000", "--dev", "alice"]).done();
            site
        });
        &SHARED
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Runs a command of `weir` here.
    pub fn weir(&self, arguments: &[&str]) -> Ended {
        self.run("weir", arguments)
    }

    /// Runs a command of `weir` with `--json`, which has to succeed.
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.weir(&[arguments, &["--json"]].concat()).done().json()
    }

    /// Runs a program here.
    pub fn run(&self, name: &str, arguments: &[&str]) -> Ended {
        run_in(self.folder.path(), name, arguments)
    }

    pub fn deployment(&self) -> Deployment {
        Deployment::load(&self.path(".weir/deployment.json")).unwrap()
    }

    /// How many transactions a key has sent.
    pub fn nonce(&self, name: &str) -> u64 {
        let account = Signer::dev(name).unwrap().account_id();
        wait_for(async {
            let client = Client::connect(&self.node.url).await.unwrap();
            client.nonce(account).await.unwrap()
        })
    }
}

/// A feeder's configuration with one scenario.
pub fn oracle_config(scenario: &str) -> String {
    let mut text = "[chain]\ndeployment = \".weir/deployment.json\"\n".to_owned();
    for number in 1..=3 {
        text += &format!("[[reporters]]\nname = \"r{number}\"\ndev = \"//Reporter//{number}\"\n");
    }
    text + &format!("[[sources]]\nname = \"s\"\nscenario = \"{scenario}\"\n")
}

/// How a program ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(!err.contains("panicked") && !out.contains("panicked"), "{out}{err}");
        // A signal has no code; no test expects one.
        Self { code: output.status.code().unwrap_or(-1), out, err }
    }

    /// It did what it should.
    #[track_caller]
    pub fn done(self) -> Self {
        assert_eq!(self.code, 0, "{}{}", self.out, self.err);
        self
    }

    /// It failed with this code and one sentence on standard error that contains each of `words`.
    #[track_caller]
    pub fn refused(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        let sentence = self.err.trim();
        for word in words {
            assert!(sentence.contains(word), "`{word}` is not in: {sentence}");
        }
        assert!(self.out.is_empty(), "standard output is for results: {}", self.out);
        self
    }

    /// The last line of standard output.
    pub fn json(&self) -> Value {
        let line = self.out.lines().last().unwrap_or_default();
        serde_json::from_str(line)
            .unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// Runs a program to its end.
pub fn run_in(folder: &Path, name: &str, arguments: &[&str]) -> Ended {
    wait_until_ended(start_in(folder, name, arguments))
}

/// Starts a program without any setting from the environment of the tests.
pub fn start_in(folder: &Path, name: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new(program(name).unwrap());
    for variable in ["WEIR_NODE", "WEIR_DEPLOYMENT", "WEIR_KEY", "WEIR_KEYSTORE"] {
        command.env_remove(variable);
    }
    command
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits for a program's end; kills it when the deadline has passed.
pub fn wait_until_ended(mut child: Child) -> Ended {
    let deadline = Instant::now() + DEADLINE;
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > deadline {
            child.kill().unwrap();
            let output = child.wait_with_output().unwrap();
            panic!("it does not end: {}", String::from_utf8_lossy(&output.stderr));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ended::new(&child.wait_with_output().unwrap())
}

/// A program in the background; killed when dropped.
pub struct Background(pub Child);

impl Background {
    /// Starts it and reads its first line.
    pub fn start(folder: &Path, name: &str, arguments: &[&str]) -> (Self, String) {
        let mut command = Command::new(program(name).unwrap());
        command.current_dir(folder).args(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut background = Self(command.spawn().unwrap());
        let mut line = String::new();
        let stdout = background.0.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "{name} ended at once");
        (background, line)
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs something asynchronous to its end.
pub fn wait_for<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        tokio::time::timeout(DEADLINE, work).await.expect("the deadline of a test has passed")
    })
}

/// The methods of a node, by plain HTTP, for what has to be asked while a command waits.
pub fn request(url: &str, method: &str) -> Value {
    let body = format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"{method}\",\"params\":[]}}");
    let body = post(url.trim_start_matches("ws://"), "/", "Content-Type: application/json", &body);
    let start = body.find('{').unwrap();
    let end = body.rfind('}').unwrap();
    serde_json::from_str(&body[start..=end]).unwrap()
}

/// The body of the answer to a POST.
pub fn post(address: &str, path: &str, header: &str, body: &str) -> String {
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\n{header}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).unwrap();
    answer.split("\r\n\r\n").nth(1).unwrap().to_owned()
}

/// Asks until the answer is yes.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < deadline, "{what}: not within the deadline");
        std::thread::sleep(Duration::from_millis(20));
    }
}
