//! A node as a child process.

use serde_json::Value;
use std::{
    future::Future,
    io::{BufRead, BufReader, Read},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};
use subxt_rpcs::{RpcClient, client::RpcParams, rpc_params};

const DEADLINE: Duration = Duration::from_secs(60);

/// A running node; killed when dropped.
pub struct Node {
    child: Child,
    pub url: String,
    pub genesis: String,
    rpc: RpcClient,
}

impl Node {
    /// Starts a node on a free port.
    pub async fn start(arguments: &[&str]) -> Self {
        let mut child = command(arguments).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("`{line}` is no JSON; stderr: {}", stderr(&mut child)));
        assert_eq!(first["pid"], child.id());
        let url = first["ws"].as_str().unwrap().to_owned();
        let genesis = first["genesis"].as_str().unwrap().to_owned();
        let rpc = RpcClient::from_insecure_url(&url).await.unwrap();
        Self { child, url, genesis, rpc }
    }

    /// Calls a method.
    pub async fn try_ask(&self, method: &str, params: RpcParams) -> Result<Value, String> {
        self.rpc.request::<Value>(method, params).await.map_err(|error| format!("{error:?}"))
    }

    /// Calls a method that must succeed.
    pub async fn ask(&self, method: &str, params: RpcParams) -> Value {
        self.try_ask(method, params).await.unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    /// Makes blocks.
    pub async fn seal(&self, request: Value) -> Value {
        self.ask("dev_seal", rpc_params![request]).await
    }

    pub async fn status(&self) -> Value {
        self.ask("dev_status", rpc_params![]).await
    }

    /// Hash of the block of the best chain at a height.
    pub async fn hash(&self, number: u64) -> Value {
        self.ask("chain_getBlockHash", rpc_params![number]).await
    }

    /// Polls until the status satisfies a condition.
    pub async fn until(&self, what: &str, satisfied: impl Fn(&Value) -> bool) -> Value {
        eventually(what, || async {
            let status = self.status().await;
            satisfied(&status).then_some(status)
        })
        .await
    }

    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
    }

    pub fn close_stdin(&mut self) {
        drop(self.child.stdin.take());
    }

    /// Waits for the process to end; returns what it wrote to stderr too.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let status = wait(&mut self.child);
        (status, stderr(&mut self.child))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Polls until there is an answer.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "no {what} in {DEADLINE:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Runs a node that is expected to refuse; returns its exit code and stderr.
pub fn refused(arguments: &[&str]) -> (i32, String) {
    let mut child = command(arguments).spawn().unwrap();
    let status = wait(&mut child);
    (status.code().unwrap(), stderr(&mut child))
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir-devnet"));
    if !arguments.contains(&"--port") {
        command.args(["--port", "0"]);
    }
    command.args(arguments).env_remove("WEIR_DEVNET_LOG");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn wait(child: &mut Child) -> ExitStatus {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() >= deadline {
            drop(child.kill());
            panic!("the node does not end; stderr: {}", stderr(child));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn stderr(child: &mut Child) -> String {
    let mut text = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        drop(child.kill());
        pipe.read_to_string(&mut text).unwrap();
    }
    text
}
