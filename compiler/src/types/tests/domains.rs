//! Domains: whose members bare names are, and handles.

use super::snapshot;

#[test]
fn members_of_domains_are_found_outward() {
    snapshot!(
        typed,
        "
domain Outer {
    int total;
    void Add(int n) { total += n; }
    domain Inner {
        int count;
        public Inner() { count = 1; parent.total = 2; }
        writer agent Worker {
            public Worker() {
                count++;
                parent.parent.total += count;
                parent.parent.Add(1);
                Worker.Create();
                var inner = new Inner();
                Inner.Worker.CreateInNewDomain();
            }
        }
    }
}"
    );
}
