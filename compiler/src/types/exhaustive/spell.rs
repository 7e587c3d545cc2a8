//! Values that no case covers, spelled as patterns that can be pasted. It does not find
//! them.

use super::sets::{Numbers, char_at, float_at};
use super::{Cover, Head};
use crate::hir::ty::Ty;
use crate::types::cx::Shared;
use crate::types::generics;

/// More stretches of numbers than this are spelled `_`.
const MAX_STRETCHES: usize = 3;

impl Shared<'_> {
    /// A value that is left over, as a pattern to write.
    pub(super) fn spell(&self, cover: &Cover, ty: &Ty) -> String {
        match (cover, ty) {
            (Cover::Head(head, parts), _) => self.spell_head(*head, parts, ty),
            (Cover::Record(tests), Ty::Record(id, args)) => {
                let tests = tests.iter().map(|(field, test)| {
                    let ty = generics::field_type(self.program, *id, args, *field);
                    let field = &self.program.fields[*field];
                    format!("{}: {}", field.name.name, self.spell(test, &ty))
                });
                format!("{{ {} }}", tests.collect::<Vec<_>>().join(", "))
            }
            (Cover::Numbers(numbers), _) => spell_numbers(numbers, ty),
            (Cover::Texts(texts), _) if !texts.others => {
                let texts = texts.named.iter().map(|it| format!("{it:?}"));
                texts.collect::<Vec<_>>().join(" or ")
            }
            _ => "_".to_owned(),
        }
    }

    fn spell_head(&self, head: Head, parts: &[Cover], ty: &Ty) -> String {
        let all = |tys: Vec<Ty>| {
            let parts = parts.iter().zip(&tys).map(|(part, ty)| self.spell(part, ty));
            parts.collect::<Vec<_>>().join(", ")
        };
        match (head, ty) {
            (Head::False, _) => "false".to_owned(),
            (Head::True, _) => "true".to_owned(),
            (Head::Null, _) => "null".to_owned(),
            (Head::NotNull, Ty::Nullable(inner)) => match parts.first() {
                Some(part) => match self.spell(part, inner) {
                    rest if rest == "_" => "not null".to_owned(),
                    some => some,
                },
                None => "not null".to_owned(),
            },
            (Head::Case(at), Ty::Enum(id, args)) => {
                let declared = &self.program.enums[*id];
                let case = &declared.cases[at];
                let tys = case.payload.iter();
                let tys: Vec<Ty> =
                    tys.map(|it| it.1.substitute(&declared.type_params, args)).collect();
                if tys.is_empty() {
                    return case.name.name.to_string();
                }
                format!("{}({})", case.name.name, all(tys))
            }
            (Head::Tuple, Ty::Tuple(elements)) => {
                format!("({})", all(elements.iter().map(|it| it.ty.clone()).collect()))
            }
            _ => "_".to_owned(),
        }
    }
}

fn spell_numbers(numbers: &Numbers, ty: &Ty) -> String {
    let Some(all) = Numbers::all_of(ty) else { return "_".to_owned() };
    if numbers.parts().len() > MAX_STRETCHES || numbers == &all {
        return "_".to_owned();
    }
    let mut out = Vec::new();
    for &(low, high) in numbers.parts() {
        match stretch((low, high), &all, ty) {
            Some(text) => out.push(text),
            None => return "_".to_owned(),
        }
    }
    out.join(" or ")
}

fn stretch((low, high): (i128, i128), all: &Numbers, ty: &Ty) -> Option<String> {
    if low == high {
        return spell_number(low, ty);
    }
    let floats = matches!(ty, Ty::Float | Ty::Double);
    let first = all.parts().first()?.0;
    let mut last = all.parts().last()?.1;
    if floats {
        // What is no number is in no comparison.
        last -= 1;
        if high > last {
            return None;
        }
    }
    // The bound that was written is likely the shorter one of the two.
    let bound = |inside: i128, outside: i128, ops: [&str; 2]| {
        let (a, b) = (spell_number(inside, ty), spell_number(outside, ty));
        match (a, b) {
            (Some(a), Some(b)) if b.len() < a.len() || b == "0" || likelier(&b, &a) => {
                Some(format!("{} {b}", ops[1]))
            }
            (Some(a), _) => Some(format!("{} {a}", ops[0])),
            _ => None,
        }
    };
    let from = bound(low, low - 1, [">=", ">"]);
    let to = bound(high, high + 1, ["<=", "<"]);
    match (low == first, high == last) {
        (true, true) => Some("_".to_owned()),
        (true, false) => to,
        (false, true) => from,
        (false, false) => Some(format!("{} and {}", from?, to?)),
    }
}

/// Letters and digits are likelier to be written than what stands beside them.
fn likelier(a: &str, b: &str) -> bool {
    let letter = |it: &str| {
        it.starts_with('\'') && it.chars().nth(1).is_some_and(char::is_alphanumeric)
    };
    letter(a) && !letter(b)
}

fn spell_number(value: i128, ty: &Ty) -> Option<String> {
    match ty {
        Ty::Char => {
            let value = char_at(value)?;
            Some(match value {
                '\'' => "'\\''".to_owned(),
                '\\' => "'\\\\'".to_owned(),
                '\n' => "'\\n'".to_owned(),
                '\t' => "'\\t'".to_owned(),
                it if it.is_control() || u32::from(it) > 0xFFFF => return None,
                it if it.is_alphanumeric() || it.is_ascii() => format!("'{it}'"),
                it => format!("'\\u{:04x}'", u32::from(it)),
            })
        }
        Ty::Float | Ty::Double => {
            let value = float_at(value).filter(|it| it.is_finite())?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "floats are given as such"
            )]
            let text = match ty {
                Ty::Float => format!("{}f", value as f32),
                _ => format!("{value}"),
            };
            Some(text.strip_suffix(".0").map_or(text.clone(), str::to_owned))
        }
        Ty::Duration => {
            let units = [
                (3_600_000_000_000, "h"),
                (60_000_000_000, "min"),
                (1_000_000_000, "s"),
                (1_000_000, "ms"),
                (1_000, "us"),
                (1, "ns"),
            ];
            let unit = units.iter().find(|it| value % it.0 == 0)?;
            let unit = if value == 0 { &units[2] } else { unit };
            Some(format!("{}{}", value / unit.0, unit.1))
        }
        _ => Some(value.to_string()),
    }
}
