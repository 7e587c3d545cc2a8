//! Which Rust type stands for which type of the language, and whether a type as written in
//! a Rust file is one of those. It reports nothing.

use syn::ext::IdentExt as _;

use super::source::{Declared, Shape, Source};
use super::tables::{Crossing, Order, RustTy};
use crate::hir::ty::Ty;
use crate::hir::{ModuleId, Program};
use crate::support::snake_case;

/// Longest tuple that crosses.
pub(super) const LONGEST_TUPLE: usize = 8;
/// Aliases of aliases that are followed, which ends circles too.
const MOST_ALIASES: usize = 32;

/// Types of the program and of one Rust file.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a> {
    pub(super) program: &'a Program,
    pub(super) module: ModuleId,
    pub(super) source: &'a Source,
}

/// The primitive of Rust, which has no other form.
pub(super) fn primitive(ty: &Ty) -> Option<&'static str> {
    Some(match ty {
        Ty::Bool => "bool",
        Ty::Char => "char",
        Ty::Float => "f32",
        Ty::Double => "f64",
        Ty::Int(int) => int.in_rust(),
        _ => return None,
    })
}

/// What a library collection is for Rust.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Collection {
    List,
    Set,
    Dictionary,
}

pub(super) fn collection(program: &Program, ty: &Ty) -> Option<Collection> {
    let Ty::Native(id, _) = ty else { return None };
    let lang = &program.lang;
    match Some(*id) {
        it if it == lang.list => Some(Collection::List),
        it if it == lang.set => Some(Collection::Set),
        it if it == lang.dictionary => Some(Collection::Dictionary),
        _ => None,
    }
}

/// The innermost part that can be given to no Rust code, if there is one.
pub(super) fn barred<'t>(
    program: &Program,
    module: ModuleId,
    ty: &'t Ty,
) -> Option<&'t Ty> {
    let inside = |ty: &'t Ty| barred(program, module, ty);
    match ty {
        Ty::Error => None,
        _ if primitive(ty).is_some() => None,
        Ty::String | Ty::Duration => None,
        Ty::Array(it) => inside(it),
        Ty::Nullable(it) => match **it {
            // Rust would not know which of the two is missing.
            Ty::Nullable(_) => Some(ty),
            _ => inside(it),
        },
        Ty::Tuple(parts) if parts.len() <= LONGEST_TUPLE => {
            parts.iter().find_map(|it| inside(&it.ty))
        }
        Ty::Native(id, _) if program.natives[*id].module == Some(module) => None,
        Ty::Native(_, args) => match (collection(program, ty), &args[..]) {
            (Some(Collection::List), [element]) => inside(element),
            (Some(Collection::Set), [element]) => match is_key(element) {
                true => None,
                false => Some(element),
            },
            (Some(Collection::Dictionary), [key, value]) => match is_key(key) {
                true => inside(value),
                false => Some(key),
            },
            _ => Some(ty),
        },
        Ty::Record(id, args) => {
            let exception =
                program.records[*id].kind == crate::hir::item::RecordKind::Exception;
            (exception || !args.is_empty()).then_some(ty)
        }
        Ty::Enum(id, args) => {
            (program.enums[*id].decl.library || !args.is_empty()).then_some(ty)
        }
        _ => Some(ty),
    }
}

/// What can be a key of Rust's maps, with and without order.
fn is_key(ty: &Ty) -> bool {
    match ty {
        Ty::Error | Ty::Bool | Ty::Char | Ty::Int(_) | Ty::String | Ty::Duration => true,
        // No key of the language either, which was reported.
        Ty::Float | Ty::Double => true,
        Ty::Tuple(parts) if parts.len() <= LONGEST_TUPLE => {
            parts.iter().all(|it| is_key(&it.ty))
        }
        _ => false,
    }
}

impl<'a> Fit<'a> {
    /// The type as a Rust author would write it for a value that is handed over.
    pub(super) fn owned(&self, ty: &Ty) -> String {
        if let Some(name) = primitive(ty) {
            return name.to_owned();
        }
        match ty {
            Ty::Void => "()".to_owned(),
            Ty::String => "String".to_owned(),
            Ty::Duration => "Duration".to_owned(),
            Ty::Array(it) => format!("Vec<{}>", self.owned(it)),
            Ty::Nullable(it) => format!("Option<{}>", self.owned(it)),
            Ty::Tuple(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|it| self.owned(&it.ty)).collect();
                format!("({})", parts.join(", "))
            }
            Ty::Native(id, args) => match (collection(self.program, ty), &args[..]) {
                (Some(Collection::List), [it]) => format!("Vec<{}>", self.owned(it)),
                (Some(Collection::Set), [it]) => format!("BTreeSet<{}>", self.owned(it)),
                (Some(Collection::Dictionary), [key, value]) => {
                    format!("BTreeMap<{}, {}>", self.owned(key), self.owned(value))
                }
                _ => self.program.natives[*id].decl.name.name.to_string(),
            },
            Ty::Record(id, _) => self.program.records[*id].decl.name.name.to_string(),
            Ty::Enum(id, _) => self.program.enums[*id].decl.name.name.to_string(),
            _ => "_".to_owned(),
        }
    }

    /// The same for a parameter: borrowed where that saves a copy.
    pub(super) fn param(&self, ty: &Ty) -> String {
        match ty {
            Ty::String => "&str".to_owned(),
            Ty::Array(it) => format!("&[{}]", self.owned(it)),
            Ty::Native(_, args) => match (collection(self.program, ty), &args[..]) {
                (Some(Collection::List), [it]) => format!("&[{}]", self.owned(it)),
                _ => format!("&{}", self.owned(ty)),
            },
            Ty::Record(..) => format!("&{}", self.owned(ty)),
            _ => self.owned(ty),
        }
    }

    /// What a parameter of this type is, if the Rust file writes it in a form that fits.
    pub(super) fn takes(&self, ty: &Ty, found: &syn::Type) -> Option<Crossing> {
        let found = self.plain(found)?;
        let syn::Type::Reference(borrow) = found else {
            let ty = self.value(ty, found, false)?;
            return Some(Crossing { ty, by_ref: false });
        };
        if borrow.mutability.is_some() {
            return None;
        }
        let inner = self.plain(&borrow.elem)?;
        let element = match ty {
            Ty::Array(it) => Some(&**it),
            Ty::Native(_, args)
                if collection(self.program, ty) == Some(Collection::List) =>
            {
                args.first()
            }
            _ => None,
        };
        let ty = match (inner, element) {
            (syn::Type::Slice(slice), Some(element)) => {
                RustTy::Slice(Box::new(self.value(element, &slice.elem, false)?))
            }
            (it, _) if *ty == Ty::String && self.is_named(it, "str") => RustTy::Str,
            (it, _) => self.value(ty, it, false)?,
        };
        Some(Crossing { ty, by_ref: true })
    }

    /// What a result of this type is, if the Rust file writes it in a form that fits.
    pub(super) fn gives(&self, ty: &Ty, found: Option<&syn::Type>) -> Option<Crossing> {
        let Some(found) = found else {
            let ty = (*ty == Ty::Void).then_some(RustTy::Unit)?;
            return Some(Crossing { ty, by_ref: false });
        };
        let found = self.plain(found)?;
        if let syn::Type::Reference(borrow) = found
            && *ty == Ty::String
            && borrow.mutability.is_none()
            && self.is_named(self.plain(&borrow.elem)?, "str")
        {
            return Some(Crossing { ty: RustTy::Str, by_ref: true });
        }
        Some(Crossing { ty: self.value(ty, found, true)?, by_ref: false })
    }

    /// What stands inside of a `Result`, if the type is one.
    pub(super) fn result(&self, found: &'a syn::Type) -> Option<&'a syn::Type> {
        let syn::Type::Path(path) = ungrouped(found) else { return None };
        let last = path.path.segments.last()?;
        // `io::Result<T>` and `ImageResult<T>` say their error elsewhere.
        if !last.ident.to_string().ends_with("Result") {
            return None;
        }
        arguments(last).and_then(|it| it.first().copied())
    }

    /// A type that is no borrow. A `result` needs an order that is the same each time.
    pub(super) fn value(
        &self,
        ty: &Ty,
        found: &syn::Type,
        result: bool,
    ) -> Option<RustTy> {
        let found = self.plain(found)?;
        if let Some(name) = primitive(ty) {
            return self.is_named(found, name).then_some(RustTy::Prim(name));
        }
        if let Ty::Tuple(parts) = ty {
            let syn::Type::Tuple(tuple) = found else { return None };
            if parts.len() != tuple.elems.len() {
                return None;
            }
            let parts = parts.iter().zip(&tuple.elems);
            let parts: Option<Vec<RustTy>> =
                parts.map(|(ty, found)| self.value(&ty.ty, found, result)).collect();
            return parts.map(RustTy::Tuple);
        }
        if *ty == Ty::Void {
            let unit = matches!(found, syn::Type::Tuple(it) if it.elems.is_empty());
            return unit.then_some(RustTy::Unit);
        }
        let syn::Type::Path(path) = found else { return None };
        let last = path.path.segments.last()?;
        let (name, args) = (last.ident.unraw().to_string(), arguments(last)?);
        let boxed = |ty: &Ty, found| self.value(ty, found, result).map(Box::new);
        match (ty, name.as_str(), &args[..]) {
            (Ty::String, "String", []) => Some(RustTy::String),
            (Ty::Duration, "Duration", []) => Some(RustTy::Duration),
            (Ty::Array(element), "Vec", [it]) => Some(RustTy::Vec(boxed(element, it)?)),
            (Ty::Nullable(inner), "Option", [it]) => {
                Some(RustTy::Option(boxed(inner, it)?))
            }
            (Ty::Native(id, own), _, _) => match (collection(self.program, ty), &own[..])
            {
                (Some(Collection::List), [element]) => match (name.as_str(), &args[..]) {
                    ("Vec", [it]) => Some(RustTy::Vec(boxed(element, it)?)),
                    _ => None,
                },
                (Some(Collection::Set), [element]) => match (order(&name)?, &args[..]) {
                    ((order, "Set"), [it]) if order == Order::Tree || !result => {
                        Some(RustTy::Set(order, boxed(element, it)?))
                    }
                    _ => None,
                },
                (Some(Collection::Dictionary), [key, value]) => {
                    match (order(&name)?, &args[..]) {
                        ((order, "Map"), [k, v]) if order == Order::Tree || !result => {
                            let (key, value) = (boxed(key, k)?, boxed(value, v)?);
                            Some(RustTy::Map(order, key, value))
                        }
                        _ => None,
                    }
                }
                _ => {
                    let native = &self.program.natives[*id];
                    let own = native.module == Some(self.module);
                    let same = own && *native.decl.name.name == *name && args.is_empty();
                    same.then_some(RustTy::Opaque(*id))
                }
            },
            (Ty::Record(id, _), name, []) => {
                let same = *self.program.records[*id].decl.name.name == *name;
                same.then_some(RustTy::Record(*id))
            }
            (Ty::Enum(id, _), name, []) => {
                let same = *self.program.enums[*id].decl.name.name == *name;
                same.then_some(RustTy::Enum(*id))
            }
            _ => None,
        }
    }

    /// Whether the type holds a map or set without order, which no result may be.
    pub(super) fn has_hash(&self, found: &syn::Type) -> bool {
        let Some(found) = self.plain(found) else { return false };
        match found {
            syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| {
                last.ident == "HashMap"
                    || last.ident == "HashSet"
                    || arguments(last)
                        .is_some_and(|it| it.into_iter().any(|it| self.has_hash(it)))
            }),
            syn::Type::Tuple(it) => it.elems.iter().any(|it| self.has_hash(it)),
            _ => false,
        }
    }

    fn is_named(&self, found: &syn::Type, name: &str) -> bool {
        let syn::Type::Path(path) = found else { return false };
        path.path.segments.last().is_some_and(|it| {
            it.ident == name && matches!(it.arguments, syn::PathArguments::None)
        })
    }

    /// The type without parentheses, and what an alias of the file stands for. The name of an
    /// opaque type is no alias, whatever the file declares it to be.
    fn plain<'t>(&self, found: &'t syn::Type) -> Option<&'t syn::Type>
    where
        'a: 't,
    {
        let mut found = ungrouped(found);
        for _ in 0..MOST_ALIASES {
            let syn::Type::Path(path) = found else { return Some(found) };
            let Some(name) = path.path.get_ident() else { return Some(found) };
            let name = name.unraw().to_string();
            if self.is_opaque(&name) {
                return Some(found);
            }
            match self.source.types.get(&name) {
                Some(Declared { shape: Shape::Alias(to), has_params: false, .. }) => {
                    found = ungrouped(to);
                }
                _ => return Some(found),
            }
        }
        None
    }

    fn is_opaque(&self, name: &str) -> bool {
        let types = &self.program.modules[self.module].types;
        types.iter().any(|it| *self.program.natives[*it].decl.name.name == *name)
    }
}

/// A field as Rust spells it.
pub(super) fn field(name: &str) -> String {
    snake_case(name)
}

fn order(name: &str) -> Option<(Order, &str)> {
    let tree = name.strip_prefix("BTree").map(|it| (Order::Tree, it));
    tree.or_else(|| name.strip_prefix("Hash").map(|it| (Order::Hash, it)))
}

fn ungrouped(mut found: &syn::Type) -> &syn::Type {
    loop {
        found = match found {
            syn::Type::Paren(it) => &it.elem,
            syn::Type::Group(it) => &it.elem,
            _ => return found,
        }
    }
}

/// Type arguments; `None` if there are arguments of another kind.
fn arguments(segment: &syn::PathSegment) -> Option<Vec<&syn::Type>> {
    match &segment.arguments {
        syn::PathArguments::None => Some(Vec::new()),
        syn::PathArguments::AngleBracketed(all) => {
            let ty = |it: &'_ syn::GenericArgument| {
                matches!(it, syn::GenericArgument::Type(_))
            };
            if !all.args.iter().all(ty) {
                return None;
            }
            let types = all.args.iter().filter_map(|it| match it {
                syn::GenericArgument::Type(it) => Some(it),
                _ => None,
            });
            Some(types.collect())
        }
        syn::PathArguments::Parenthesized(_) => None,
    }
}
