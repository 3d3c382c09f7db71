//! Room to read what is nested deep, whatever thread asks.

/// The stack for reading; reserved, not used, until something is nested deep.
const STACK_BYTES: usize = 256 * 1024 * 1024;

/// Runs the work on a thread of its own, with a large stack, so that no caller's stack decides what can be read.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let cell = std::sync::Mutex::new(Some(work));
    let run = || cell.lock().ok().and_then(|mut work| work.take()).map(|work| work());
    let outcome = std::thread::scope(|scope| match std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, run) {
        Ok(thread) => match thread.join() {
            Ok(value) => value,
            Err(panic) => std::panic::resume_unwind(panic),
        },
        // No further thread can be had: the readers bound their own depth, so this one's stack has to do.
        Err(_) => run(),
    });
    match outcome {
        Some(value) => value,
        None => std::panic::resume_unwind(Box::new("the reader's work was taken twice")),
    }
}
