//! The workloads on kameo, whose actors are tasks of tokio: unbounded mailboxes, `tell`.
#[path = "../../handlers.rs"]
mod handlers;
#[path = "../../threads.rs"]
mod threads;
use handlers::*;
use kameo::actor::{ActorRef, Spawn};
use kameo::mailbox;
use kameo::message::{Context, Message};
use kameo::Actor;

struct Msg(M<ActorRef<Act>>);
struct Act(Body<ActorRef<Act>>);
impl Actor for Act {
    type Args = Self;
    type Error = kameo::error::Infallible;
    async fn on_start(a: Self, _: ActorRef<Self>) -> Result<Self, Self::Error> {
        Ok(a)
    }
}
impl Message<Msg> for Act {
    type Reply = ();
    async fn handle(&mut self, m: Msg, ctx: &mut Context<Self, ()>) {
        if (self.0)(m.0, ctx.actor_ref()) {
            ctx.stop();
        }
    }
}
struct P;
impl Sys for P {
    type R = ActorRef<Act>;
    fn spawn(f: Body<Self::R>) -> Self::R {
        Act::spawn_with_mailbox(Act(f), mailbox::unbounded())
    }
    fn send(r: &Self::R, m: M<Self::R>) {
        let _ = r.tell(Msg(m)).try_send();
    }
}
fn main() {
    let rt = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(threads::threads())
        .build()
        .unwrap();
    let _g = rt.enter();
    run::<P>()
}
