//! How domains parse.
use super::snapshot;

#[test]
fn a_domain_holds_state_agents_and_domains() {
    snapshot!(
        r###"
public domain Chatroom<T> : Base {
    string topic; int users; readonly int limit = 100;
    public Chatroom(string t) { topic = t; }
    function bool Full() { return users >= limit; }
    reader agent User : channel Talk { public User() { Console.WriteLine(parent.topic); } }
    writer agent Admin : channel Control { public Admin() { topic = receive(SetTopic); parent.parent.x = parent; } }
    domain Inner { }
    channel Talk { output string Line; }
}
"###
    );
}
