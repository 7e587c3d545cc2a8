//! The workloads on ractor, whose actors are tasks of tokio.
#[path = "../../handlers.rs"]
mod handlers;
#[path = "../../threads.rs"]
mod threads;
use handlers::*;
use ractor::{Actor, ActorProcessingErr, ActorRef, ActorRuntime};

struct Msg(M<ActorRef<Msg>>);
struct Act;
struct St(Body<ActorRef<Msg>>);
impl Actor for Act {
    type Msg = Msg;
    type State = St;
    type Arguments = St;
    async fn pre_start(&self, _: ActorRef<Msg>, a: St) -> Result<St, ActorProcessingErr> {
        Ok(a)
    }
    async fn handle(
        &self,
        me: ActorRef<Msg>,
        m: Msg,
        s: &mut St,
    ) -> Result<(), ActorProcessingErr> {
        if (s.0)(m.0, &me) {
            me.stop(None);
        }
        Ok(())
    }
}
struct P;
impl Sys for P {
    type R = ActorRef<Msg>;
    fn spawn(f: Body<Self::R>) -> Self::R {
        ActorRuntime::spawn_instant(None, Act, St(f)).unwrap().0
    }
    fn send(r: &Self::R, m: M<Self::R>) {
        let _ = r.send_message(Msg(m));
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
