//! `Console.ReadLine`: lines of the standard input, without blocking a worker.
//! It does not print; `console` does.
//!
//! One thread reads, and only when somebody asks: each ask is answered by one line, in order. An ask whose
//! agent has ended meanwhile takes no line.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::thread::{self, Thread};

use crate::mailbox::inbox::Inbox;
use crate::port::event::Event;
use crate::port::receive::Suspension;
use crate::scheduler::{Scheduler, current};
use crate::value::Str;

/// The next line of the standard input without its end, or null at the end of the input.
#[track_caller]
pub fn read_line() -> ReadLine {
    ReadLine { suspension: Suspension::here(), ask: None }
}

/// The future of [`read_line`].
#[must_use = "futures do nothing unless awaited"]
pub struct ReadLine {
    suspension: Suspension,
    ask: Option<Arc<Event<Option<Str>>>>,
}

impl fmt::Debug for ReadLine {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("ReadLine")
    }
}

impl Future for ReadLine {
    type Output = Option<Str>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Str>> {
        let this = self.get_mut();
        std::task::ready!(this.suspension.begin());
        if current::scheduler().systematic().is_some() {
            return Poll::Ready(next_line());
        }
        let ask = this.ask.get_or_insert_with(|| {
            let line = Event::new("the standard input");
            reader().ask(line.clone());
            line
        });
        if let Some(line) = ask.get() {
            return Poll::Ready(line.clone());
        }
        current::with_waiting(|waiting| {
            waiting.pool().begin();
            ask.register(&mut waiting.pool());
        });
        match ask.get() {
            Some(line) => Poll::Ready(line.clone()),
            None => Poll::Pending,
        }
    }
}

/// Somebody who wants a line.
struct Ask {
    line: Arc<Event<Option<Str>>>,
    scheduler: &'static Scheduler,
}

/// What the reading thread shares with the rest.
struct Reader {
    asks: Inbox<Ask>,
    thread: OnceLock<Thread>,
}

fn reader() -> &'static Reader {
    static READER: OnceLock<&'static Reader> = OnceLock::new();
    READER.get_or_init(|| {
        let reader: &'static Reader = Box::leak(Box::new(Reader {
            asks: Inbox::new_armed(),
            thread: OnceLock::new(),
        }));
        let thread =
            thread::Builder::new().name("input".to_owned()).spawn(move || reader.run());
        match thread {
            Ok(handle) => {
                let _ = reader.thread.set(handle.thread().clone());
            }
            Err(error) => panic!("the thread that reads the input cannot start: {error}"),
        }
        reader
    })
}

impl Reader {
    fn ask(&self, line: Arc<Event<Option<Str>>>) {
        let scheduler = current::scheduler();
        // Until the line is there, the program is not at rest.
        scheduler.pend_timely();
        // Whether armed or not: a wake that is not needed does no harm.
        self.asks.push(Ask { line, scheduler });
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    fn run(&self) {
        let mut kept = None;
        loop {
            for ask in self.asks.take().reversed() {
                // Who asked holds the event, unless it has ended.
                if Arc::strong_count(&ask.line) > 1 {
                    let line = kept.take().unwrap_or_else(next_line);
                    if Arc::strong_count(&ask.line) > 1 {
                        // Nobody else sets it.
                        let _ = ask.line.set(line);
                    } else {
                        kept = Some(line);
                    }
                }
                ask.scheduler.settle_timely();
            }
            if self.asks.arm() {
                thread::park();
            }
        }
    }
}

/// Text that is no UTF-8 is read with replacement characters.
fn next_line() -> Option<Str> {
    let mut bytes = Vec::new();
    let n_bytes =
        std::io::BufRead::read_until(&mut std::io::stdin().lock(), b'\n', &mut bytes);
    // An input that cannot be read any more is at its end.
    if n_bytes.unwrap_or(0) == 0 {
        return None;
    }
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned().into())
}
