//! Text: concatenation, interpolation and composite formats. Formats written as literals
//! are taken apart here, so that nothing parses them at run time.

use crate::hir::ExprId;
use crate::hir::body::{BinaryOp as HirOp, ExprKind as HirKind, InterpolationPart};
use crate::hir::ty::Ty;
use crate::ir::{Expr, ExprKind, Literal};
use crate::types::tables::{Constant, OperatorKind};

use super::body::Fx;
use super::build::{At, Flags};
use super::order::Held;

/// A part of a composite format.
enum Piece {
    Text(String),
    Hole { index: usize, alignment: i32, format: String },
}

impl Fx<'_, '_> {
    /// `a + b + c` with text among them.
    pub(super) fn concat(&mut self, id: ExprId) -> Expr {
        let parts = self.concat_parts(id);
        let at = self.go(self.frame.body.exprs[id].span);
        let parts = self.settled(parts);
        let parts = parts.into_iter().map(|it| shown(at, it)).collect();
        at.rt("concat", vec![at.expr(ExprKind::Slice(parts))])
    }

    /// The operands of a chain of concatenations, in order.
    pub(super) fn concat_parts(&mut self, id: ExprId) -> Vec<Held> {
        let mut ids = Vec::new();
        let mut first = id;
        while let HirKind::Binary { op: HirOp::Add, left, right } =
            self.frame.body.exprs[first].kind
        {
            let table = self.frame.types;
            let concat = table
                .operators
                .get(first)
                .is_some_and(|it| it.kind == OperatorKind::Concat);
            let inner = first == id
                || !(table.constants.contains(first)
                    || table.conversions.contains(first));
            if !concat || !inner {
                break;
            }
            ids.push(right);
            first = left;
        }
        ids.push(first);
        ids.into_iter().rev().map(|it| self.printed(it)).collect()
    }

    /// A value that is only printed: a place is not cloned for it.
    pub(super) fn printed(&mut self, id: ExprId) -> Held {
        let value = self.value(id);
        match value.kind {
            ExprKind::Clone(place) => self.hold_place(*place),
            _ => self.hold(value),
        }
    }

    /// `$"{x,8:F2} {name}"`
    pub(super) fn interpolated(&mut self, parts: &[InterpolationPart]) -> Expr {
        let at = self.at;
        let (pieces, held) = self.interpolation(parts);
        let values = self.settled(held);
        format(at, pieces, values)
    }

    /// The pieces of interpolated text, and the values of its holes.
    fn interpolation(&mut self, parts: &[InterpolationPart]) -> (Vec<Piece>, Vec<Held>) {
        let at = self.at;
        let mut pieces = Vec::new();
        let mut held = Vec::new();
        for part in parts {
            match part {
                InterpolationPart::Text(text) => pieces.push(Piece::Text(text.clone())),
                InterpolationPart::Hole { value, alignment, format } => {
                    pieces.push(Piece::Hole {
                        index: held.len(),
                        alignment: alignment.unwrap_or(0),
                        format: format.clone().unwrap_or_default(),
                    });
                    let value = self.printed(*value);
                    held.push(value);
                }
            }
        }
        self.at = at;
        (pieces, held)
    }

    /// A composite format that is a constant, with its values: `None` if it is malformed,
    /// which is an exception when it runs.
    pub(super) fn composite(&mut self, text: &str, values: &[ExprId]) -> Option<Expr> {
        let pieces = split(text, values.len())?;
        let at = self.at;
        let held = values.iter().map(|it| self.printed(*it)).collect();
        self.at = at;
        let mut values = self.settled(held);
        // A value that no hole shows is evaluated all the same.
        let shown = |index| {
            pieces
                .iter()
                .any(|it| matches!(it, Piece::Hole { index: it, .. } if *it == index))
        };
        for (index, value) in values.iter_mut().enumerate() {
            let twice = pieces
                .iter()
                .filter(|it| matches!(it, Piece::Hole { index: it, .. } if *it == index))
                .count()
                > 1;
            if (!shown(index) && !super::access::is_plain(value)) || twice {
                let expr = std::mem::replace(value, at.unit());
                *value = match expr.kind {
                    ExprKind::Var(_) | ExprKind::Literal(_) => expr,
                    _ => {
                        let expr = match expr.kind {
                            ExprKind::Field(..) | ExprKind::TupleField(..) => {
                                at.clone(expr)
                            }
                            _ => expr,
                        };
                        self.bind(expr)
                    }
                };
            }
        }
        Some(format(at, pieces, values))
    }

    /// The text of an expression whose value is known.
    pub(super) fn constant_text(&self, id: ExprId) -> Option<String> {
        if let Some(Constant::String(text)) = self.frame.types.constants.get(id) {
            return Some(text.to_string());
        }
        match &self.frame.body.exprs[id].kind {
            HirKind::Literal(crate::hir::body::Literal::String(text)) => {
                Some(text.to_string())
            }
            _ => None,
        }
    }

    /// `text += a + b`
    pub(super) fn append(&mut self, target: ExprId, value: ExprId) -> Expr {
        let (adds, parts) = self.appended(value);
        let at = self.at;
        let place = self.storage(target);
        self.at = at;
        let whole = super::access::Whole::of(&place);
        let mut parts = self.settled(parts);
        for part in &mut parts {
            // What is changed cannot be looked at meanwhile.
            let same = whole.is_touched_by(part);
            let apart = Self::in_state(&place) && !super::access::is_plain(part);
            if same || apart {
                let expr = std::mem::replace(part, at.unit());
                let expr = match expr.kind {
                    ExprKind::Var(_) | ExprKind::Field(..) | ExprKind::TupleField(..) => {
                        at.clone(expr)
                    }
                    _ => expr,
                };
                *part = self.bind(expr);
            }
        }
        self.access(place, true, vec![], move |at, it, _| match adds {
            Adds::Char => at.method(it.receiver_mut(at), "push", parts),
            Adds::Text => {
                let parts = parts.into_iter().map(|it| shown(at, it)).collect();
                at.method(it.receiver_mut(at), "push_text", parts)
            }
            Adds::Literal => at.method(it.receiver_mut(at), "push_str", parts),
            Adds::Parts => {
                let parts = parts.into_iter().map(|it| shown(at, it)).collect();
                let parts = at.expr(ExprKind::Slice(parts));
                at.rt("append", vec![it.borrow_mut(at), parts])
            }
            Adds::Pieces(pieces) => {
                let (parts, _) = format_parts(at, pieces, &parts);
                let parts = at.expr(ExprKind::Slice(parts));
                at.rt("append_format", vec![it.borrow_mut(at), parts])
            }
        })
    }

    /// What is appended, and how.
    fn appended(&mut self, value: ExprId) -> (Adds, Vec<Held>) {
        let table = self.frame.types;
        if table.conversions.contains(value) {
            return (Adds::Parts, vec![self.printed(value)]);
        }
        if let Some(text) = self.constant_text(value) {
            let text = self.at.text(&text);
            return (Adds::Literal, vec![self.hold(text)]);
        }
        if let HirKind::Interpolated(parts) = &self.frame.body.exprs[value].kind
            && !table.constants.contains(value)
            && parts.iter().all(is_plain_part)
        {
            self.go(self.frame.body.exprs[value].span);
            let (pieces, held) = self.interpolation(parts);
            return (Adds::Pieces(pieces), held);
        }
        let parts = self.concat_parts(value);
        let adds = match (parts.len(), self.ty(value)) {
            (1, Ty::Char) => Adds::Char,
            (1, Ty::String) => Adds::Text,
            _ => Adds::Parts,
        };
        (adds, parts)
    }
}

/// How text is added to other text.
enum Adds {
    Char,
    Text,
    Literal,
    /// Values that are printed.
    Parts,
    /// Interpolated text.
    Pieces(Vec<Piece>),
}

/// Whether a part of interpolated text asks for no format, which could throw.
fn is_plain_part(it: &InterpolationPart) -> bool {
    match it {
        InterpolationPart::Text(_) => true,
        InterpolationPart::Hole { format, .. } => {
            format.as_ref().is_none_or(|it| it.is_empty())
        }
    }
}

/// `&x` of what is to be shown.
pub(super) fn shown(at: At, value: Expr) -> Expr {
    match value.kind {
        // A plain text prints like a string and needs no allocation.
        ExprKind::Literal(Literal::Str(text)) => {
            at.borrow(at.literal(Literal::Text(text)))
        }
        ExprKind::Deref(inner)
            if matches!(inner.kind, ExprKind::Var(_) | ExprKind::This) =>
        {
            *inner
        }
        _ => at.borrow(value),
    }
}

fn format(at: At, pieces: Vec<Piece>, values: Vec<Expr>) -> Expr {
    let text = |it: &Piece| match it {
        Piece::Text(text) => Some(text.clone()),
        Piece::Hole { .. } => None,
    };
    if let Some(whole) = pieces.iter().map(text).collect::<Option<String>>() {
        return at.str(&whole);
    }
    let (parts, fallible) = format_parts(at, pieces, &values);
    let parts = vec![at.expr(ExprKind::Slice(parts))];
    match fallible {
        true => at.rt("try_format", parts).fallible(),
        false => at.rt("format", parts),
    }
}

/// The parts of formatted text, and whether a format may not fit its value.
fn format_parts(at: At, pieces: Vec<Piece>, values: &[Expr]) -> (Vec<Expr>, bool) {
    let mut fallible = false;
    let mut text = String::new();
    let mut parts = Vec::new();
    let literal = |text: &mut String, parts: &mut Vec<Expr>| {
        if !text.is_empty() {
            parts.push(at.rt("lit", vec![at.text(text)]));
            text.clear();
        }
    };
    for piece in pieces {
        match piece {
            Piece::Text(more) => text.push_str(&more),
            Piece::Hole { index, alignment, format } => {
                let value = shown(at, values[index].clone());
                literal(&mut text, &mut parts);
                if alignment == 0 && format.is_empty() {
                    parts.push(at.rt("arg", vec![value]));
                    continue;
                }
                fallible |= !format.is_empty();
                let args = vec![value, at.int(alignment), at.text(&format)];
                parts.push(at.rt("arg_with", args));
            }
        }
    }
    literal(&mut text, &mut parts);
    (parts, fallible)
}

/// Takes a composite format apart: `{0,8:F2}`, `{{`, `}}`.
fn split(text: &str, n_values: usize) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '{' if chars.next_if_eq(&'{').is_some() => plain.push('{'),
            '}' if chars.next_if_eq(&'}').is_some() => plain.push('}'),
            '}' => return None,
            '{' => {
                let mut hole = String::new();
                loop {
                    match chars.next()? {
                        '}' => break,
                        '{' => return None,
                        char => hole.push(char),
                    }
                }
                let (head, format) = hole.split_once(':').unwrap_or((&hole, ""));
                let (index, alignment) = head.split_once(',').unwrap_or((head, "0"));
                let index: usize = index.trim().parse().ok()?;
                let alignment: i32 = alignment.trim().parse().ok()?;
                if index >= n_values {
                    return None;
                }
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(Piece::Hole { index, alignment, format: format.to_owned() });
            }
            char => plain.push(char),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Some(pieces)
}
