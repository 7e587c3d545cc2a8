//! How channels parse.
use super::snapshot;

#[test]
fn a_channel_has_ports_states_and_types() {
    snapshot!(
        r###"
public channel Store<K, V> : Base<K> where K : hashable {
    input K Key;
    output V? Found;
    schema Entry { required K Key; optional V Value; }
    struct Pair { int Left; int Right; }
    enum Kind { A, B(int x) }
}
channel Empty { }
"###
    );
}
