//! What may be sent, as far as effects decide it.

use super::snapshot;

#[test]
fn only_pure_function_values_are_sent() {
    snapshot!(
        "
channel Work { input Func<int, int> Job; output int Result; }
agent Worker : channel Work {
    public Worker() { Result <-- receive(Job)(2); }
}
agent Main {
    int total;
    int Named(int n) { return n + total; }
    void Give(Work to, Func<int, int> f) { to::Job <-- f; }
    public Main() {
        var worker = Worker.CreateInNewDomain();
        var k = 3;
        Func<int, int> kept = n => n + k;
        Func<int, int> prints = n => { Console.WriteLine(n); return n; };
        worker::Job <-- n => n * k;
        worker::Job <-- kept;
        worker::Job <-- prints;
        worker::Job <-- n => n + total;
        worker::Job <-- Named;
        Give(worker, n => n * total);
        Console.WriteLine(receive(worker::Result));
    }
}
"
    );
}
