//! Agents: their state, their creation, and what an edit to one changes.

use super::{emit, snapshot};

#[test]
fn an_agent_becomes_its_state_and_an_async_function() {
    snapshot!(
        "
channel Counter { input int Add; output int Total; }

agent Counting : channel Counter
{
    int total;

    public Counting()
    {
        foreach (var n in Add)
        {
            total += n;
            Total <-- total;
        }
    }
}"
    );
}

const TWO_AGENTS: &str = "channel C { input int P; output int Q; }
agent First : channel C
{
    public First() { Q <-- receive(P); }
}
agent Second : channel C
{
    public Second()
    {
        var x = receive(P);
        // here
        Q <-- x;
    }
}
";

#[test]
fn an_edit_in_one_agent_leaves_the_other_as_it_was() {
    let edited = TWO_AGENTS.replace("// here", "Q <-- x + 1;");
    let (before, after) = (emit(TWO_AGENTS).pretty, emit(&edited).pretty);
    let changed = |a: &str, b: &str| {
        a.split("\n// ").filter(|chunk| !b.contains(chunk)).map(str::to_owned).collect()
    };
    let gone: Vec<String> = changed(&before, &after);
    assert_eq!(gone.len(), 1, "{gone:#?}");
    assert!(gone[0].contains("Second_new"), "{}", gone[0]);
}

#[test]
fn what_stands_on_a_line_stays_on_it() {
    let output = emit(TWO_AGENTS);
    let file = output.files.iter().find(|it| it.path == "p0/main.ax").expect("one file");
    let line = |n: usize| file.text.lines().nth(n - 1).unwrap_or("");
    assert!(line(1).contains("struct C "), "{}", line(1));
    assert!(line(10).contains("let x"), "{}", line(10));
    assert!(line(12).contains("send"), "{}", line(12));
}
