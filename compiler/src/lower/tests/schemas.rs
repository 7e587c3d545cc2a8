//! Snapshots; see `tests`. They judge no output of compiled programs.

use super::snapshot;

#[test]
fn rules_are_checked_when_a_value_is_made() {
    snapshot!(
        "schema Order { required int Id; optional string Note; rule Id > 0; rule 10 / Id > 1; }
schema Rush : Order { int Days = 1; function int Twice() { return Days * 2; } }
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        var r = new Rush { Id = 3 };
        var s = r with { Days = 2 };
        Order o = s;
        return o.Id + s.Twice();
    }
}"
    );
}

#[test]
fn types_that_contain_themselves_are_kept_behind_pointers() {
    snapshot!(
        "enum Tree { Leaf, Branch(Tree left, int value, Tree right) }
function int Sum(Tree t) {
    return t switch {
        Leaf => 0,
        Branch(Leaf, var v, Leaf) => v,
        Branch(var l, var v, var r) when v > 0 => Sum(l) + v + Sum(r),
        Branch(_, _, _) => 1
    };
}
agent Main : ConsoleApplication {
    override int Run(string[] args) { return Sum(Tree.Branch(Tree.Leaf, 1, Tree.Leaf)); }
}"
    );
}

#[test]
fn exceptions_of_the_program_carry_their_fields() {
    snapshot!(
        "schema BankException : Exception { int Account = 1; }
schema NoFunds : BankException { int Missing; }
agent Main : ConsoleApplication {
    override int Run(string[] args) {
        var e = new NoFunds { Missing = 3 };
        Console.WriteLine(e.Message);
        return e.Missing + e.Account;
    }
}"
    );
}
