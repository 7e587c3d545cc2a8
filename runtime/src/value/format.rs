//! Text with holes: composite format strings (`{0,8:F2}`) and interpolation (`$"{x}"`).
//! What a format such as `F2` means, each value says itself.

use super::show::bad_format;
use super::{Exception, Result, Show, Str};

/// A piece of interpolated text.
#[expect(missing_debug_implementations, reason = "an argument can only be shown")]
pub enum Part<'a> {
    /// Text as it stands.
    Lit(&'a str),
    /// A value, its alignment (0 for none, negative for left) and its format.
    Arg(&'a dyn Show, i32, &'a str),
}

/// Literal text of an interpolation.
pub fn lit(text: &str) -> Part<'_> {
    Part::Lit(text)
}

/// A value of an interpolation.
pub fn arg(value: &dyn Show) -> Part<'_> {
    Part::Arg(value, 0, "")
}

/// A value with alignment and format.
pub fn arg_with<'a>(value: &'a dyn Show, alignment: i32, spec: &'a str) -> Part<'a> {
    Part::Arg(value, alignment, spec)
}

/// Interpolated text whose formats all values have. One that is not is ignored.
pub fn format(parts: &[Part<'_>]) -> Str {
    let mut text = Str::empty();
    append_format(&mut text, parts);
    text
}

/// `text += $"…"`: the parts, each added as it is made.
pub fn append_format(text: &mut Str, parts: &[Part<'_>]) {
    for part in parts {
        if add(part, text).is_err()
            && let Part::Arg(value, alignment, _) = part
        {
            // Without a format there is nothing to throw.
            let _ = add(&Part::Arg(*value, *alignment, ""), text);
        }
    }
}

/// Interpolated text; throws `FormatException` for a format that its value does not have.
#[track_caller]
pub fn try_format(parts: &[Part<'_>]) -> Result<Str> {
    let mut text = Str::empty();
    for part in parts {
        if let Err(thrown) = add(part, &mut text) {
            return Err(here(&thrown));
        }
    }
    Ok(text)
}

/// Adds a part, or nothing if that throws.
fn add(part: &Part<'_>, text: &mut Str) -> Result<()> {
    match part {
        Part::Lit(literal) => text.push_str(literal),
        Part::Arg(value, 0, "") => value.add_to(text),
        Part::Arg(..) => return text.try_edit(|out| write(part, out)),
    }
    Ok(())
}

/// `String.Format`: `{index[,alignment][:format]}`, with `{{` and `}}` for braces.
#[track_caller]
pub fn composite(format: &str, args: &[&dyn Show]) -> Result<Str> {
    let mut out = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let (brace, tail) = rest[at..].split_at(1);
        if tail.starts_with(brace) {
            out.push_str(brace);
            rest = &tail[1..];
            continue;
        }
        let end = if brace == "{" { tail.find('}') } else { None };
        let Some(end) = end else {
            return Err(bad_format(format!("a lone `{brace}` in the format `{format}`")));
        };
        let part = match hole(&tail[..end], args) {
            Ok(part) => part,
            Err(what) => return Err(bad_format(what)),
        };
        if let Err(thrown) = write(&part, &mut out) {
            return Err(here(&thrown));
        }
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
    Ok(Str::from(out))
}

/// The exception as thrown by the caller of this file, not by code in it.
#[track_caller]
#[cold]
fn here(thrown: &Exception) -> Exception {
    Exception::new(thrown.kind(), thrown.message())
}

fn hole<'a>(
    text: &'a str,
    args: &[&'a dyn Show],
) -> std::result::Result<Part<'a>, String> {
    let (place, spec) = text.split_once(':').unwrap_or((text, ""));
    let (index, alignment) = match place.split_once(',') {
        Some((index, alignment)) => (index, alignment.trim().parse().ok()),
        None => (place, Some(0)),
    };
    let index = index.trim();
    // `parse` would also take a sign.
    let number = index.parse::<usize>().ok().filter(|_| !index.starts_with('+'));
    match (number, alignment) {
        (Some(number), Some(alignment)) => match args.get(number) {
            Some(value) => Ok(Part::Arg(*value, alignment, spec)),
            None => Err(format!(
                "the format names argument {number}, the first of which is 0, \
                 but there are only {}",
                args.len()
            )),
        },
        _ => Err(format!("`{{{text}}}` names no argument")),
    }
}

/// Wider columns than this are cut down, so that a format cannot ask for a gigabyte.
const WIDEST: usize = 1_000_000;

fn write(part: &Part<'_>, out: &mut String) -> Result<()> {
    let (value, alignment, spec) = match part {
        Part::Lit(text) => {
            out.push_str(text);
            return Ok(());
        }
        Part::Arg(value, alignment, spec) => (value, *alignment, *spec),
    };
    let start = out.len();
    if spec.is_empty() {
        value.show(out);
    } else {
        value.show_format(spec, out)?;
    }
    if alignment != 0 {
        let width = (alignment.unsigned_abs() as usize).min(WIDEST);
        let missing = width.saturating_sub(out[start..].chars().count());
        let padding = " ".repeat(missing);
        out.insert_str(if alignment > 0 { start } else { out.len() }, &padding);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composed(format: &str, args: &[&dyn Show]) -> String {
        match composite(format, args) {
            Ok(text) => text.into(),
            Err(thrown) => thrown.kind().into(),
        }
    }

    #[test]
    fn fills_holes() {
        assert_eq!(composed("n={0}, {1}", &[&1, &"x"]), "n=1, x");
        assert_eq!(composed("[{0,8}|{0,-5}|{0,2}]", &[&123]), "[     123|123  |123]");
        assert_eq!(composed("{0,8:F2}{1:D3}", &[&2.5, &7]), "    2.50007");
        assert_eq!(composed("{{{0}}}", &[&1]), "{1}");
        assert_eq!(composed("{0:X} {0}", &[&255]), "FF 255");
        assert_eq!(composed("grün {0,3}", &[&'ü']), "grün   ü");
    }

    #[test]
    fn refuses_bad_formats() {
        for bad in ["{", "}", "{0", "{}", "{a}", "{1}", "{-1}", "{0:Q}", "{0,x}"] {
            assert_eq!(composed(bad, &[&1]), "FormatException", "{bad}");
        }
    }

    #[test]
    fn interpolates() {
        let parts = [lit("n="), arg(&1), lit(";"), arg_with(&2.5, 6, "F2")];
        assert_eq!(format(&parts).as_str(), "n=1;  2.50");
        let bad = [arg_with(&2.5, 0, "D2")];
        assert_eq!(format(&bad).as_str(), "2.5");
        let thrown = try_format(&bad).unwrap_err();
        assert_eq!(thrown.location().line(), line!() - 1);
        assert!(thrown.location().file().ends_with("format.rs"));
    }
}
