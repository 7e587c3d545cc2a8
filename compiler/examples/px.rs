fn main() {
    let mut bad = 0;
    let verbose = std::env::var("V").is_ok();
    for p in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&p).unwrap();
        let (tree, d) = axumc::syntax::parse(Default::default(), &text);
        if verbose {
            println!("{tree:#?}");
        }
        if !d.is_empty() {
            bad += 1;
        }
        for d in d {
            let lo = d.span().lo as usize;
            let line = text[..lo.min(text.len())].matches('\n').count() + 1;
            let l = text.lines().nth(line - 1).unwrap_or("");
            let col =
                lo - text[..lo.min(text.len())].rfind('\n').map_or(0, |x| x + 1) + 1;
            println!("{p}:{line}:{col}: {} {} | {l}", d.code.as_str(), d.message);
            for l in &d.labels[1..] {
                println!("    label {:?} {}", l.span, l.message);
            }
            for h in &d.help {
                println!("    help {h}");
            }
            for f in &d.fixes {
                println!("    fix {} {:?}", f.message, f.edits);
            }
        }
    }
    println!("{bad} bad");
}
