//! Calls the native runtime where a node usually calls Wasm.

use codec::Encode;
use sc_executor::{RuntimeVersionOf, error::Error, with_externalities_safe};
use sp_core::traits::{CallContext, CodeExecutor, ReadRuntimeVersion, RuntimeCode};
use sp_externalities::Externalities;
use sp_version::RuntimeVersion;
use std::{cell::Cell, panic};
use weir_runtime::{VERSION, apis::api::dispatch};

/// Calls the runtime that is compiled into this program, whatever code the state holds.
#[derive(Clone, Debug)]
pub struct NativeExecutor;

impl CodeExecutor for NativeExecutor {
    type Error = Error;

    fn call(
        &self,
        externalities: &mut dyn Externalities,
        _: &RuntimeCode,
        method: &str,
        data: &[u8],
        _: CallContext,
    ) -> (Result<Vec<u8>, Error>, bool) {
        let called =
            with_externalities_safe(externalities, || in_runtime(|| dispatch(method, data)));
        let result = called
            .and_then(|output| output.ok_or_else(|| Error::MethodNotFound(method.to_owned())));
        (result, true)
    }
}

impl ReadRuntimeVersion for NativeExecutor {
    fn read_runtime_version(&self, _: &[u8], _: &mut dyn Externalities) -> Result<Vec<u8>, String> {
        Ok(VERSION.encode())
    }
}

impl RuntimeVersionOf for NativeExecutor {
    fn runtime_version(
        &self,
        _: &mut dyn Externalities,
        _: &RuntimeCode,
    ) -> Result<RuntimeVersion, Error> {
        Ok(VERSION)
    }
}

thread_local! {
    static IN_RUNTIME: Cell<bool> = const { Cell::new(false) };
}

/// Marks the thread as running the runtime, also when the runtime panics.
fn in_runtime<R>(run: impl FnOnce() -> R) -> R {
    struct Leave(bool);
    impl Drop for Leave {
        fn drop(&mut self) {
            IN_RUNTIME.set(self.0);
        }
    }
    let _leave = Leave(IN_RUNTIME.replace(true));
    run()
}

/// A panic of the runtime is an ordinary answer: any client causes one with arguments that do not decode. It reaches
/// the caller as an error and the log at level `debug`, instead of filling stderr with backtraces.
pub fn keep_runtime_panics_quiet() {
    let others = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if IN_RUNTIME.get() {
            tracing::debug!(target: "runtime", "{panic}");
        } else {
            others(panic);
        }
    }));
}
