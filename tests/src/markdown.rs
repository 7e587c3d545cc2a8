//! Fenced code blocks of Markdown pages. Other Markdown means nothing to it.

/// A fenced block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// What stands behind the opening fence.
    pub info: String,
    pub text: String,
    /// Line of the opening fence, from 1.
    pub line: usize,
}

/// The fenced blocks of a page, in order.
#[must_use]
pub fn blocks(page: &str) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(usize, Block)> = None;
    for (index, line) in page.lines().enumerate() {
        let bare = line.trim_start();
        let ticks = bare.len() - bare.trim_start_matches('`').len();
        match &mut open {
            None if ticks >= 3 => {
                let info = bare[ticks..].trim().to_owned();
                open =
                    Some((ticks, Block { info, text: String::new(), line: index + 1 }));
            }
            None => {}
            Some((width, block))
                if ticks >= *width && bare[ticks..].trim().is_empty() =>
            {
                found.push(block.clone());
                open = None;
            }
            Some((_, block)) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
        }
    }
    found.extend(open.map(|(_, block)| block));
    found
}

#[cfg(test)]
mod tests {
    //! Finding fences.

    use super::blocks;

    #[test]
    fn blocks_are_found_with_their_places() {
        let found = blocks("a\n```axum,fragment\nint x;\n```\n\n````md\n```\n````\n");
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].info.as_str(), found[0].line), ("axum,fragment", 2));
        assert_eq!(found[0].text, "int x;\n");
        assert_eq!(found[1].text, "```\n");
    }
}
