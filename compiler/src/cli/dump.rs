//! `axumc dump`: what one stage of the compiler makes of a program.

use std::path::Path;

use super::args::DumpStage;
use crate::driver::{Exit, Session};
use crate::pipeline::Stage;

/// Prints the stage, or the parts of it that are about `item`.
pub(super) fn command(
    mut session: Session,
    stage: DumpStage,
    path: Option<&Path>,
    item: Option<&str>,
) -> Exit {
    let stage = match stage {
        DumpStage::Ast => Stage::Ast,
        DumpStage::Hir => Stage::Hir,
        DumpStage::Types => Stage::Types,
        DumpStage::Effects => Stage::Effects,
        DumpStage::Ir => Stage::Ir,
        DumpStage::Rust => Stage::Rust,
    };
    if let Some(program) = session.load(path)
        && let Some(text) = session.dump(&program, stage)
    {
        match item {
            Some(name) => session.print(&blocks_about(&text, name)),
            None => session.print(&text),
        }
    }
    session.finish(None)
}

/// The lines that name `item`, each with the deeper lines behind it and the closing line
/// on its own level. Every dump is indented by structure, so no stage needs a filter of
/// its own.
fn blocks_about(text: &str, item: &str) -> String {
    let mut out = String::new();
    let mut inside: Option<usize> = None;
    for line in text.lines() {
        let depth = line.len() - line.trim_start().len();
        let blank = line.trim().is_empty();
        if let Some(level) = inside
            && !blank
            && depth <= level
        {
            inside = None;
            if depth == level && line.trim_start().starts_with(['}', ')', ']']) {
                out.push_str(line);
                out.push('\n');
                continue;
            }
        }
        if inside.is_none() && names(line, item) {
            inside = Some(depth);
        }
        if inside.is_some() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Whether `item` stands in the line as a whole word.
fn names(line: &str, item: &str) -> bool {
    line.split(|it: char| !it.is_alphanumeric() && it != '_').any(|word| word == item)
}

#[cfg(test)]
mod tests {
    //! Picking items out of dumps.

    use super::blocks_about;

    #[test]
    fn an_item_is_shown_with_all_below_it() {
        let dump = "agent A\n  field x\nagent AB\n  field y\n";
        assert_eq!(blocks_about(dump, "A"), "agent A\n  field x\n");
        assert_eq!(blocks_about(dump, "y"), "  field y\n");
        assert_eq!(blocks_about(dump, "z"), "");
    }

    #[test]
    fn a_closing_brace_belongs_to_its_item() {
        let dump = "struct A {\n    x: i32,\n}\n\nstruct B {\n}\n";
        assert_eq!(blocks_about(dump, "A"), "struct A {\n    x: i32,\n}\n");
    }
}
