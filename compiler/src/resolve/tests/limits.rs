//! What may stand one above the other, and how far.

use super::parse_and_resolve;

/// What is reported of items with `n_bases` bases, one above the other.
fn reports(item: &str, n_bases: usize) -> Vec<String> {
    let mut source = item.replace("NAME : BASE", "It0").replace("NTH", "0");
    for n in 1..=n_bases {
        let header = format!("It{n} : It{}", n - 1);
        source += &item.replace("NAME : BASE", &header).replace("NTH", &n.to_string());
    }
    let (_, problems, parser) = parse_and_resolve(&source);
    let reports = parser.iter().chain(&problems);
    reports.map(|it| format!("{} {}", it.code.as_str(), it.message)).collect()
}

const ITEMS: &[(&str, &str)] = &[
    ("agent", "agent NAME : BASE { public ItNTH() { } }\n"),
    ("channel", "channel NAME : BASE { input int PNTH; }\n"),
    ("schema", "schema NAME : BASE { required int FNTH; }\n"),
];

#[test]
fn a_hundred_bases_are_accepted_and_more_refused() {
    for (what, item) in ITEMS {
        assert_eq!(reports(item, 100), [""; 0], "{what}");
        let more =
            format!("AX0006 {what} `It101` has more than 100 bases, one above the other");
        assert_eq!(reports(item, 150), [more], "{what}");
    }
}
