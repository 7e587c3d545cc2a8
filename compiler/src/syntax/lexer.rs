//! Text to tokens: what logos cannot say by itself (nested comments, strings with holes,
//! typographic dashes). It never fails: what it cannot read is reported and left out, and
//! it knows no contextual keyword.

use super::ast::Literal;
use super::errors::{Problem, Range};
use super::literal;
use super::token::{HoleTail, Tok, Token};
use logos::Logos;

/// What came of a text.
#[derive(Debug, Default)]
pub(crate) struct Lexed<'s> {
    pub(crate) tokens: Vec<Token<'s>>,
    pub(crate) problems: Vec<Problem>,
}

/// Splits `text` into tokens.
pub(crate) fn lex(text: &str) -> Lexed<'_> {
    let mut lexer = Lexer {
        text,
        logos: Tok::lexer(text),
        out: Lexed::default(),
        holes: Vec::new(),
        depth: 0,
        closer: 0,
    };
    if text.starts_with('\u{FEFF}') {
        lexer.logos.bump('\u{FEFF}'.len_utf8());
    }
    lexer.run();
    lexer.out
}

/// What a hole is called that does not end.
const HOLE: &str = "hole of an interpolated string";

/// An interpolated string whose hole is being read.
#[derive(Debug)]
struct Hole {
    /// Where the string begins.
    start: usize,
    /// Where the hole begins.
    open: usize,
    verbatim: bool,
    /// Bracket depth outside the hole.
    depth: usize,
}

struct Lexer<'s> {
    text: &'s str,
    logos: logos::Lexer<'s, Tok<'s>>,
    out: Lexed<'s>,
    holes: Vec<Hole>,
    /// Brackets open within the innermost hole.
    depth: usize,
    /// The first `}` or end of a line behind what was asked last.
    closer: usize,
}

/// Characters that reorder what is shown: source that reads otherwise than it runs.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '\u{2018}'..='\u{201F}')
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

impl<'s> Lexer<'s> {
    fn run(&mut self) {
        let mut behind = 0;
        while let Some(result) = self.logos.next() {
            let span = self.logos.span();
            self.close_holes_at_line_end(behind, span.start);
            match result {
                Ok(tok) => self.token(tok, span.start, span.end),
                Err(()) => self.unexpected(span.start, span.end),
            }
            behind = self.logos.span().end;
        }
        while let Some(hole) = self.holes.pop() {
            self.unterminated(HOLE, hole.open, self.text.len());
            self.end_hole(self.text.len());
        }
    }

    fn push(&mut self, lo: usize, hi: usize, tok: Tok<'s>) {
        let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        self.out.tokens.push(Token { lo: narrow(lo), hi: narrow(hi), tok });
    }

    fn problem(&mut self, problem: Problem) {
        self.out.problems.push(problem);
    }

    fn token(&mut self, tok: Tok<'s>, lo: usize, hi: usize) {
        match tok {
            Tok::LineComment => _ = self.rest_of_line(lo),
            Tok::DocStart => {
                let text = self.rest_of_line(lo);
                if !text.starts_with('/') {
                    self.push(lo, hi + text.len(), Tok::Doc(text.trim_end()));
                }
            }
            Tok::BlockComment => self.block_comment(lo),
            Tok::Quote => self.string(lo),
            Tok::VerbatimQuote => self.verbatim_string(lo),
            Tok::InterpolatedQuote => self.interpolated(lo, false),
            Tok::InterpolatedVerbatimQuote => self.interpolated(lo, true),
            Tok::CharQuote => self.char_literal(lo),
            Tok::Number => {
                let value = literal::number(&self.text[lo..hi]).unwrap_or_else(|why| {
                    self.problem(Problem::BadLiteral { at: Range::new(lo, hi), why });
                    Literal::Error
                });
                self.push(lo, hi, Tok::Literal(value));
            }
            _ if self.holes.is_empty() => self.push(lo, hi, tok),
            tok => self.token_in_hole(tok, lo, hi),
        }
    }

    /// A hole ends at `}`, `:` or `, number` outside any bracket of its own. Where its line has no
    /// `}` left, what belongs to the code around ends it, too.
    fn token_in_hole(&mut self, tok: Tok<'s>, lo: usize, hi: usize) {
        match tok {
            Tok::RParen | Tok::RBracket | Tok::Semi
                if self.depth == 0 && self.ends_open_hole(lo) =>
            {
                let behind = self.out.tokens.last().map_or(lo, |it| it.hi as usize);
                self.end_line_holes(behind);
                return self.token(tok, lo, hi);
            }
            Tok::LBrace | Tok::LParen | Tok::LBracket => self.depth += 1,
            Tok::RBrace | Tok::Colon | Tok::Comma if self.depth == 0 => {
                return self.hole_tail(tok, lo, hi);
            }
            Tok::RBrace | Tok::RParen | Tok::RBracket => {
                self.depth = self.depth.saturating_sub(1);
            }
            _ => {}
        }
        self.push(lo, hi, tok);
    }

    /// `,8:F2}` behind the expression of a hole.
    fn hole_tail(&mut self, tok: Tok<'s>, lo: usize, hi: usize) {
        let rest = &self.text[lo..];
        let (alignment, taken) = literal::alignment(rest);
        if tok == Tok::Comma && alignment.is_none() {
            return self.push(lo, hi, tok);
        }
        let format = rest[taken..].strip_prefix(':').map(|it| {
            let end = it.find(['}', '"', '\n']).unwrap_or(it.len());
            &it[..end]
        });
        let end = lo + taken + format.map_or(0, |it| it.len() + 1);
        let closed = self.text[end..].starts_with('}');
        let behind = end + usize::from(closed);
        self.push(
            lo,
            behind,
            Tok::HoleEnd(Box::new(HoleTail {
                alignment,
                format: format.map(Into::into),
            })),
        );
        self.logos.bump(behind - hi);
        let Some(hole) = self.holes.pop() else { return };
        self.depth = hole.depth;
        if closed {
            self.interpolation_text(&hole);
        } else {
            self.unterminated("interpolated string", hole.start, end);
            self.push(end, end, Tok::InterpolationEnd);
        }
    }

    /// Outside `@"…"` a hole ends with its line at the latest.
    fn close_holes_at_line_end(&mut self, behind: usize, lo: usize) {
        if self.holes.last().is_some_and(|it| !it.verbatim)
            && self.text[behind..lo].contains('\n')
        {
            self.end_line_holes(behind);
        }
    }

    fn end_line_holes(&mut self, behind: usize) {
        while self.holes.last().is_some_and(|it| !it.verbatim) {
            if let Some(hole) = self.holes.pop() {
                self.unterminated(HOLE, hole.open, behind);
                self.depth = hole.depth;
            }
            self.end_hole(behind);
        }
    }

    /// Whether the hole at hand must end on its line, and nothing from `at` on ends it.
    fn ends_open_hole(&mut self, at: usize) -> bool {
        if self.closer < at {
            self.closer = self.find(at, &['}', '\n']);
        }
        self.holes.last().is_some_and(|it| !it.verbatim)
            && !self.text[self.closer..].starts_with('}')
    }

    fn end_hole(&mut self, at: usize) {
        self.push(at, at, Tok::HoleEnd(Box::default()));
        self.push(at, at, Tok::InterpolationEnd);
    }

    /// Reports text that does not end; within a hole that its line ends, the string around it
    /// is what will be reported.
    fn unterminated(&mut self, what: &'static str, lo: usize, hi: usize) {
        if what != "comment" && self.holes.last().is_some_and(|it| !it.verbatim) {
            return;
        }
        self.problem(Problem::Unterminated { what, at: Range::new(lo, hi) });
    }

    /// Reports control characters that would make text read otherwise than it is.
    fn check_bidi(&mut self, lo: usize, hi: usize, within: &'static str) {
        for (at, c) in self.text[lo..hi].char_indices() {
            if is_bidi(c) {
                let at = Range::new(lo + at, lo + at + c.len_utf8());
                self.problem(Problem::UnexpectedChar { at, c, within: Some(within) });
            }
        }
    }

    /// Passes over a comment to the end of its line.
    fn rest_of_line(&mut self, lo: usize) -> &'s str {
        let rest = self.logos.remainder();
        let length = rest.find('\n').unwrap_or(rest.len());
        self.logos.bump(length);
        self.check_bidi(lo, self.logos.span().end, "a comment");
        &rest[..length]
    }

    fn block_comment(&mut self, lo: usize) {
        let rest = self.logos.remainder().as_bytes();
        let (mut at, mut depth) = (0, 1_usize);
        while depth > 0 && at < rest.len() {
            match (rest[at], rest.get(at + 1)) {
                (b'*', Some(b'/')) => (depth, at) = (depth - 1, at + 2),
                (b'/', Some(b'*')) => (depth, at) = (depth + 1, at + 2),
                _ => at += 1,
            }
        }
        self.logos.bump(at);
        let end = self.logos.span().end;
        if depth > 0 {
            self.unterminated("comment", lo, lo + 2);
        }
        self.check_bidi(lo, end, "a comment");
    }

    /// Reads an escape sequence at `at`, a backslash; gives the offset behind it.
    fn escape(&mut self, at: usize, into: &mut String) -> usize {
        let (taken, result) = literal::escape(&self.text[at..]);
        match result {
            Ok(c) => into.push(c),
            Err(why) => {
                let at = Range::new(at, at + taken);
                self.problem(Problem::BadLiteral { at, why });
                into.push(char::REPLACEMENT_CHARACTER);
            }
        }
        at + taken
    }

    /// Offset of the next character of `text[at..]` that is in `stops`, or the end.
    fn find(&self, at: usize, stops: &[char]) -> usize {
        self.text[at..].find(stops).map_or(self.text.len(), |it| at + it)
    }

    fn string(&mut self, lo: usize) {
        let mut value = String::new();
        let mut at = lo + 1;
        let mut lost = false;
        let end = loop {
            let stop = self.find(at, &['"', '\\', '\n']);
            value.push_str(&self.text[at..stop]);
            match self.text.as_bytes().get(stop) {
                Some(b'"') => break stop + 1,
                Some(b'\\') => at = self.escape(stop, &mut value),
                _ => {
                    let end = self.line_content_end(stop);
                    self.unterminated("string literal", lo, end);
                    let text = &self.text[lo + 1..end];
                    // In a hole it is the string around it that has no end.
                    let kept = match self.holes.is_empty() {
                        true => end_of_open_text(text),
                        false => text.len(),
                    };
                    // Arguments that were read as text are missing elsewhere.
                    lost = self.text[lo..lo + 1 + kept].contains(',');
                    break lo + 1 + kept;
                }
            }
        };
        self.finish_text(lo, end, "a string literal");
        self.push(lo, end, if lost { Tok::ErrorExpr } else { Tok::Str(value.into()) });
    }

    /// `at`, without a carriage return before it.
    fn line_content_end(&self, at: usize) -> usize {
        at - usize::from(self.text[..at].ends_with('\r'))
    }

    fn finish_text(&mut self, lo: usize, end: usize, within: &'static str) {
        self.logos.bump(end - self.logos.span().end);
        self.check_bidi(lo, end, within);
    }

    fn verbatim_string(&mut self, lo: usize) {
        let mut value = String::new();
        let mut at = lo + 2;
        let end = loop {
            let stop = self.find(at, &['"']);
            value.push_str(&self.text[at..stop]);
            if self.text[stop..].starts_with("\"\"") {
                value.push('"');
                at = stop + 2;
            } else if stop < self.text.len() {
                break stop + 1;
            } else {
                self.unterminated("string literal", lo, stop);
                break stop;
            }
        };
        self.finish_text(lo, end, "a string literal");
        self.push(lo, end, Tok::Str(value.into()));
    }

    fn interpolated(&mut self, lo: usize, verbatim: bool) {
        let hi = self.logos.span().end;
        self.push(lo, hi, Tok::InterpolationStart);
        let hole = Hole { start: lo, open: lo, verbatim, depth: self.depth };
        self.interpolation_text(&hole);
    }

    /// Reads the text of an interpolated string up to its next hole or its end.
    fn interpolation_text(&mut self, string: &Hole) {
        let lo = self.logos.span().end;
        let mut value = String::new();
        let mut at = lo;
        let (end, tok) = loop {
            let stop = self.find(at, &['"', '\\', '\n', '{', '}']);
            value.push_str(&self.text[at..stop]);
            let rest = &self.text[stop..];
            at = stop + 1;
            match rest.as_bytes().first() {
                Some(b'{' | b'}' | b'"') if is_doubled(rest, string.verbatim) => {
                    value.push_str(&rest[..1]);
                    at = stop + 2;
                }
                Some(b'{') => break (stop, Tok::HoleStart),
                Some(b'"') => break (stop, Tok::InterpolationEnd),
                Some(b'}') => {
                    let why = "a closing brace in an interpolated string is written `}}`";
                    let at = Range::new(stop, stop + 1);
                    self.problem(Problem::BadLiteral { at, why: why.into() });
                }
                Some(b'\\') if !string.verbatim => at = self.escape(stop, &mut value),
                Some(_) if string.verbatim => value.push_str(&rest[..1]),
                _ => {
                    let end = self.line_content_end(stop);
                    self.unterminated("interpolated string", string.start, end);
                    let kept = end_of_open_text(&self.text[lo..end]);
                    break (lo + kept, Tok::Comma);
                }
            }
        };
        let behind = end + usize::from(tok != Tok::Comma);
        self.finish_text(lo, behind, "a string literal");
        if !value.is_empty() {
            self.push(lo, end, Tok::InterpolationText(value.into()));
        }
        if tok == Tok::HoleStart {
            self.push(end, behind, tok);
            let Hole { start, verbatim, .. } = *string;
            self.holes.push(Hole { start, open: end, verbatim, depth: self.depth });
            self.depth = 0;
        } else {
            self.push(end, behind, Tok::InterpolationEnd);
        }
    }

    fn char_literal(&mut self, lo: usize) {
        let mut value = String::new();
        let rest = &self.text[lo + 1..];
        let end = match rest.chars().next() {
            Some('\\') => self.escape(lo + 1, &mut value),
            Some(c) if c != '\'' && c != '\n' && c != '\r' => {
                value.push(c);
                lo + 1 + c.len_utf8()
            }
            _ => lo + 1,
        };
        let closed = self.text[end..].starts_with('\'');
        let tok = match value.chars().next() {
            Some(c) if closed => Literal::Char(c),
            _ => Literal::Error,
        };
        let behind = self.char_end(lo, end, closed, value.is_empty());
        self.finish_text(lo, behind, "a character literal");
        self.push(lo, behind, Tok::Literal(tok));
    }

    /// Where a character literal ends; reports one that is empty, too long or open.
    fn char_end(&mut self, lo: usize, end: usize, closed: bool, empty: bool) -> usize {
        if closed && !empty {
            return end + 1;
        }
        if closed {
            let at = Range::new(lo, end + 1);
            let why = "a character literal holds exactly one character".into();
            self.problem(Problem::BadLiteral { at, why });
            return end + 1;
        }
        let mut near = self.text[end..].char_indices().take(40);
        match near.find(|(_, it)| matches!(it, '\'' | '\n')) {
            Some((length, '\'')) => {
                let behind = end + length + 1;
                let at = Range::new(lo, behind);
                let why = "a character literal holds exactly one character; text is written `\"…\"`";
                self.problem(Problem::BadLiteral { at, why: why.into() });
                behind
            }
            _ => {
                self.unterminated("character literal", lo, end);
                end
            }
        }
    }

    /// Characters that begin no token.
    fn unexpected(&mut self, lo: usize, hi: usize) {
        let c = self.text[lo..hi].chars().next().unwrap_or('\0');
        if is_dash(c) {
            return self.dash(lo, c);
        }
        if is_quote(c) && self.typographic_text(lo, c) {
            return;
        }
        for (at, c) in self.text[lo..hi].char_indices() {
            let at = Range::new(lo + at, lo + at + c.len_utf8());
            self.problem(Problem::UnexpectedChar { at, c, within: None });
        }
    }

    /// Text in typographic quotes: reads it as the literal that was meant.
    fn typographic_text(&mut self, lo: usize, open: char) -> bool {
        let from = lo + open.len_utf8();
        let mut near = self.text[from..].char_indices().take(1000);
        let Some((length, close)) = near.find(|&(_, it)| is_quote(it) || it == '\n')
        else {
            return false;
        };
        if close == '\n' {
            return false;
        }
        let behind = from + length + close.len_utf8();
        let single = matches!(open, '\u{2018}'..='\u{201B}');
        let quote = if single { "'" } else { "\"" };
        let (first, last) = (Range::new(lo, from), Range::new(from + length, behind));
        self.problem(Problem::TypographicQuotes { open: first, close: last, quote });
        let text = &self.text[from..from + length];
        let mut chars = text.chars();
        let tok = match (single, chars.next(), chars.next()) {
            (true, Some(c), None) => Tok::Literal(Literal::Char(c)),
            (true, ..) => Tok::Literal(Literal::Error),
            _ => Tok::Str(text.into()),
        };
        self.logos.bump(behind - self.logos.span().end);
        self.push(lo, behind, tok);
        true
    }

    /// A dash that a word processor put in: reads on with the operator that was meant.
    fn dash(&mut self, lo: usize, first: char) {
        let text = self.text;
        let mut end = lo + first.len_utf8();
        let long = |c: char| matches!(c, '\u{2013}'..='\u{2015}');
        let mut dashes = if long(first) { 2 } else { 1 };
        while let Some(c) =
            text[end..].chars().next().filter(|&it| is_dash(it) || it == '-')
        {
            dashes += 1;
            end += c.len_utf8();
        }
        let rest = &text[end..];
        let (before, meant, after) = self.meant(lo, dashes, rest);
        let start = match before {
            0 => lo,
            _ => {
                let first = self.out.tokens.len() - before;
                self.out.tokens.split_off(first)[0].lo as usize
            }
        };
        let end = end + after;
        self.logos.bump(end - self.logos.span().end);
        let at = Range::new(start, end);
        self.problem(Problem::Dash { at, operator: meant });
        if let Some(Ok(tok)) = Tok::lexer(meant).next() {
            let tok = if meant == ">>-" { Tok::Multiplex } else { tok };
            self.push(start, end, tok);
        }
    }

    /// Tokens before a dash that belong to the operator, the operator, and bytes behind.
    fn meant(
        &self,
        lo: usize,
        dashes: usize,
        rest: &str,
    ) -> (usize, &'static str, usize) {
        let tokens = &self.out.tokens;
        let touching = |back: usize| -> Option<&Tok<'s>> {
            let token = tokens.len().checked_sub(back).and_then(|at| tokens.get(at))?;
            let next =
                tokens.get(tokens.len() + 1 - back).map_or(lo, |it| it.lo as usize);
            (token.hi as usize == next).then_some(&token.tok)
        };
        match (touching(2), touching(1)) {
            (_, Some(Tok::Lt)) => return (1, "<--", 0),
            (Some(Tok::Gt), Some(Tok::Gt)) => return (2, ">>-", 0),
            (Some(Tok::Amp), Some(Tok::Gt)) => return (2, "&>-", 0),
            _ => {}
        }
        for (tail, operator) in
            [("<<", "-<<"), ("<:", "-<:"), ("<&", "-<&"), (">", "-->"), ("=", "-=")]
        {
            if rest.starts_with(tail) {
                return (0, operator, tail.len());
            }
        }
        let touches_operand =
            matches!(touching(1), Some(Tok::Ident(_) | Tok::RBracket | Tok::RParen));
        let ends = rest.trim_start().starts_with([';', ')', ',', ']']);
        let operator = if dashes >= 2 && touches_operand && ends { "--" } else { "-" };
        (0, operator, 0)
    }
}

/// Whether a brace, or in verbatim strings a quote, is written twice to stand for itself.
fn is_doubled(rest: &str, verbatim: bool) -> bool {
    rest.starts_with("{{")
        || rest.starts_with("}}")
        || (verbatim && rest.starts_with("\"\""))
}

/// How much of a line is taken for text that has no end: not the `;` and the closing brackets
/// at the end of the line, unless they close what the text opens.
fn end_of_open_text(line: &str) -> usize {
    let is_tail = |c: char| c.is_whitespace() || matches!(c, ';' | ')' | ']' | '}');
    let text = line.trim_end_matches(is_tail).len();
    let mut open = 0_usize;
    for c in line[..text].chars() {
        match c {
            '(' | '[' | '{' => open += 1,
            ')' | ']' | '}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    let mut end = text;
    for (at, c) in line[text..].char_indices() {
        match c {
            ')' | ']' | '}' if open > 0 => {
                open -= 1;
                end = text + at + 1;
            }
            ';' if open > 0 => end = text + at + 1,
            c if c.is_whitespace() => {}
            _ => break,
        }
    }
    end
}
