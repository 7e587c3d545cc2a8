//! The workloads on actix. Its default is one arbiter, that is, one thread; `THREADS=2` deals actors to two.
#[path = "../../handlers.rs"]
mod handlers;
use actix::{
    Actor, ActorContext, Addr, Arbiter, ArbiterHandle, Context, Handler, Message, System,
};
use handlers::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::OnceLock;

struct Msg(M<Addr<Act>>);
impl Message for Msg {
    type Result = ();
}
struct Act(Body<Addr<Act>>, Option<Addr<Act>>);
impl Actor for Act {
    type Context = Context<Self>;
    fn started(&mut self, ctx: &mut Self::Context) {
        use actix::AsyncContext;
        ctx.set_mailbox_capacity(0);
        self.1 = Some(ctx.address());
    }
}
impl Handler<Msg> for Act {
    type Result = ();
    fn handle(&mut self, m: Msg, ctx: &mut Self::Context) {
        if (self.0)(m.0, self.1.as_ref().unwrap()) {
            self.1 = None;
            ctx.stop();
        }
    }
}
static ARBS: OnceLock<Vec<ArbiterHandle>> = OnceLock::new();
static NEXT: AtomicUsize = AtomicUsize::new(0);
struct P;
impl Sys for P {
    type R = Addr<Act>;
    fn spawn(f: Body<Self::R>) -> Self::R {
        let arbs = ARBS.get().unwrap();
        if arbs.len() == 1 && Arbiter::try_current().is_some() {
            return Act(f, None).start();
        }
        let a = &arbs[NEXT.fetch_add(1, Ordering::Relaxed) % arbs.len()];
        Act::start_in_arbiter(a, |_| Act(f, None))
    }
    fn send(r: &Self::R, m: M<Self::R>) {
        r.do_send(Msg(m));
    }
}
fn main() {
    let n: usize = std::env::var("THREADS").ok().map(|s| s.parse().unwrap()).unwrap_or(1);
    std::thread::spawn(move || {
        let sys = System::new();
        let arbs = sys.block_on(async move {
            (0..n).map(|_| Arbiter::new().handle()).collect::<Vec<_>>()
        });
        let _ = ARBS.set(arbs);
        sys.run().unwrap();
    });
    while ARBS.get().is_none() {
        std::thread::yield_now();
    }
    run::<P>()
}
