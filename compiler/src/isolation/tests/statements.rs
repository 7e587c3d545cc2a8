//! Statements that suspend, and code that may not.

use super::{effects, snapshot};

#[test]
fn statements_that_wait_are_known() {
    effects!(
        "
channel Sum { input int Number; input Get : int; output int Total; }
agent Adder : channel Sum {
    void Loops() { foreach (var n in Number) { Total <-- n; } }
    int Collects(List<int> list) { var sum = 0; foreach (var n in list) { sum += n; } return sum; }
    void Chooses() {
        receive {
            from Number into var n: Total <-- n;
            from Get into var request: request <-- 1;
        }
    }
    void Yields() { yield; }
    void Answers() { var request = receive(Get); request <-- 2; }
    public Adder() {
        void Local() { Total <-- receive(Number); }
        Local();
        Loops();
        Chooses();
        Yields();
        Answers();
        Total <-- Collects(new List<int>());
    }
}
"
    );
}

#[test]
fn the_end_of_the_program_never_returns() {
    effects!(
        "
agent Main : channel Application {
    void Stop() { PrimaryChannel::ExitCode <-- 3; }
    public Main() { Stop(); }
}
"
    );
}

#[test]
fn constructors_of_domains_may_wait() {
    snapshot!(
        "
domain Room {
    string topic = Ask();
    string name;
    public Room() { name = Ask(); }
    string Ask() { return Console.ReadLine() ?? \"\"; }
    writer agent User { public User() { Console.WriteLine(topic + name); } }
}
"
    );
}
