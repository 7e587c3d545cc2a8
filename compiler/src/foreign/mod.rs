//! Compares what `native` blocks declare with the Rust files that they name: the functions
//! with their types, the opaque types, the structs and enums that cross. It runs no Rust
//! compiler and sees only what the files themselves say; what their words stand for is found
//! when the program is built.
//!
//! Reading order: `tables` (what comes of it), `source` (a Rust file), `fit` (which types go
//! together), this file (the rules), `errors`.

mod errors;
mod fit;
mod source;
pub mod tables;

use std::collections::BTreeMap;

use syn::spanned::Spanned as _;

use crate::diag::Diagnostic;
use crate::hir::item::{Crate, Module};
use crate::hir::ty::Ty;
use crate::hir::{MethodId, ModuleId, Program};
use crate::support::span::{FileId, Span};
use fit::Fit;
use source::Shape;
use tables::{Crossing, Foreign, RustTy, Signature};

/// A Rust file that a `native` block names, as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustFile {
    /// The `.ax` file that names it, by its place among the program's own.
    pub of: usize,
    /// The path as written there.
    pub path: String,
    /// How messages name the file.
    pub name: String,
    /// Its text, or what keeps it from being read.
    pub text: Result<String, String>,
}

/// Checks all modules. `first` is the id of the first Rust file; the others follow.
#[must_use]
pub fn check(
    program: &Program,
    files: &[RustFile],
    first: FileId,
) -> (Foreign, Vec<Diagnostic>) {
    let (found, tables, open) = (Vec::new(), Foreign::default(), Vec::new());
    let mut cx = Cx { program, first, found, tables, open };
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    for (id, module) in program.modules.enumerate() {
        let span = module.path.span;
        let wanted = |it: &RustFile| {
            it.of == span.file.0 as usize && *it.path == *module.path.name
        };
        let found = files.iter().position(wanted);
        let file = found.map(|it| &files[it]);
        let Some((index, file)) = found.zip(file) else {
            cx.found.push(errors::missing(module, "no such file or folder"));
            continue;
        };
        if let Some(&before) = seen.get(&*file.name) {
            cx.found.push(errors::twice(module, before));
            continue;
        }
        seen.insert(&file.name, span);
        cx.tables.files.insert(id, index);
        match &file.text {
            Ok(text) => cx.module(id, (index, text)),
            Err(why) => cx.found.push(errors::missing(module, why)),
        }
    }
    (cx.tables, cx.found)
}

/// What the program trusts: a warning for each `native` block, which is only asked for where
/// somebody wants to know.
#[must_use]
pub fn trusted(program: &Program) -> Vec<Diagnostic> {
    program.modules.iter().map(|it| errors::trusted(program, it)).collect()
}

/// What crates a file uses, as cargo would be told.
#[must_use]
pub fn requirement(wanted: &Crate) -> String {
    let version = &wanted.version.name;
    if wanted.features.is_empty() && wanted.default_features {
        return format!("\"{version}\"");
    }
    let mut out = format!("{{ version = \"{version}\"");
    if !wanted.default_features {
        out.push_str(", default-features = false");
    }
    if !wanted.features.is_empty() {
        let all: Vec<String> =
            wanted.features.iter().map(|it| format!("\"{}\"", it.name)).collect();
        out.push_str(&format!(", features = [{}]", all.join(", ")));
    }
    out.push_str(" }");
    out
}

struct Cx<'a> {
    program: &'a Program,
    first: FileId,
    found: Vec<Diagnostic>,
    tables: Foreign,
    /// Structs and enums that are being looked at.
    open: Vec<Ty>,
}

/// A module whose Rust file was read.
#[derive(Clone, Copy)]
struct Read<'a> {
    id: ModuleId,
    module: &'a Module,
    file: FileId,
    text: &'a str,
    fit: Fit<'a>,
}

impl Read<'_> {
    fn span(&self, range: &std::ops::Range<usize>) -> Span {
        Span::new(self.file, range.start, range.end)
    }
}

impl<'a> Cx<'a> {
    fn module(&mut self, id: ModuleId, (index, text): (usize, &str)) {
        let module = &self.program.modules[id];
        let file = FileId(self.first.0 + u32::try_from(index).unwrap_or(0));
        let source = match source::read(text) {
            Ok(source) => source,
            Err((message, range)) => {
                let span = Span::new(file, range.start, range.end);
                self.found.push(errors::unread(module, &message, span));
                return;
            }
        };
        let fit = Fit { program: self.program, module: id, source: &source };
        let read = Read { id, module, file, text, fit };
        for &native in &module.types {
            self.opaque(read, native);
        }
        for &method in &module.functions {
            self.function(read, method);
        }
    }

    fn opaque(&mut self, read: Read<'_>, native: crate::hir::NativeId) {
        let name = &self.program.natives[native].decl.name;
        let source = read.fit.source;
        let Some(declared) = source.types.get(&*name.name) else {
            if !source.exported.contains(&*name.name) {
                self.found.push(errors::no_type(read.module, name));
            }
            return;
        };
        let span = read.span(&declared.name);
        if !declared.is_public {
            self.found.push(errors::private_type(name, span));
        } else if declared.has_params {
            self.found.push(errors::generic_type(name, span));
        }
    }

    fn function(&mut self, read: Read<'_>, method: MethodId) {
        let declared = &self.program.methods[method];
        let Some(native) = &declared.native else { return };
        if !self.may_cross(read, method) {
            return;
        }
        let expected = errors::expected(&read.fit, method);
        let source = read.fit.source;
        let Some(function) = source.functions.get(&native.rust) else {
            let name = &declared.decl.name;
            let exported = source.exported.contains(&native.rust);
            let problem =
                errors::no_function(read.module, name, &native.rust, exported, &expected);
            self.found.push(problem);
            return;
        };
        match self.signature(read, method, function) {
            Ok(signature) => {
                self.tables.functions.insert(method, signature);
            }
            Err(mismatch) => {
                let head = source::head(&function.signature);
                let written = errors::written(read.text, &head);
                let found = (read.span(&head), written.as_str());
                let name = &declared.decl.name;
                self.found.push(errors::misfit(name, found, &mismatch, &expected));
            }
        }
    }

    /// Whether every type of a declaration has a form in Rust; reports what has none, and looks
    /// at the structs and enums.
    fn may_cross(&mut self, read: Read<'_>, method: MethodId) -> bool {
        let program = self.program;
        let declared = &program.methods[method];
        if !declared.type_params.is_empty() {
            return false;
        }
        let params = declared.params.iter().map(|it| (&it.ty, it.ty_span));
        let returns = Some((&declared.returns, declared.returns_span));
        let mut fine = true;
        for (ty, span) in params.chain(returns.filter(|it| *it.0 != Ty::Void)) {
            match fit::barred(program, read.id, ty) {
                Some(part) => {
                    self.found.push(errors::barred(program, read.id, ty, part, span));
                    fine = false;
                }
                None => fine &= self.declared(read, ty, span),
            }
        }
        fine
    }

    /// Compares the structs and enums in a type with those of the Rust file.
    fn declared(&mut self, read: Read<'_>, ty: &Ty, span: Span) -> bool {
        match ty {
            Ty::Array(it) | Ty::Nullable(it) => self.declared(read, it, span),
            Ty::Tuple(parts) => parts
                .iter()
                .fold(true, |fine, it| self.declared(read, &it.ty, span) & fine),
            Ty::Native(_, args) => {
                args.iter().fold(true, |fine, it| self.declared(read, it, span) & fine)
            }
            Ty::Record(..) | Ty::Enum(..) if self.open.contains(ty) => {
                self.found.push(errors::endless(self.program, ty, span));
                false
            }
            Ty::Record(id, _) => {
                self.open.push(ty.clone());
                let fine = self.record(read, *id, span);
                self.open.pop();
                fine
            }
            Ty::Enum(id, _) => {
                self.open.push(ty.clone());
                let fine = self.enumeration(read, *id, span);
                self.open.pop();
                fine
            }
            _ => !ty.is_error(),
        }
    }

    fn record(&mut self, read: Read<'_>, id: crate::hir::RecordId, span: Span) -> bool {
        let program = self.program;
        let key = (read.id, id);
        if self.tables.records.contains_key(&key) {
            return true;
        }
        let name = &program.records[id].decl.name;
        let fields = record_fields(program, id);
        let expected = errors::expected_struct(&read.fit, &name.name, &fields);
        let Some(declared) = read.fit.source.types.get(&*name.name) else {
            let problem = errors::no_struct(read.module, name, span, &expected);
            self.found.push(problem);
            return false;
        };
        let place = read.span(&declared.name);
        let Shape::Struct(syn::Fields::Named(found)) = &declared.shape else {
            self.found.push(errors::misfit_struct(name, span, place, &expected));
            return false;
        };
        let open = declared.is_public && !declared.has_params && !declared.is_closed;
        let mut columns = Vec::new();
        for (field, ty, ty_span) in &fields {
            if let Some(part) = fit::barred(program, read.id, ty) {
                self.found.push(errors::barred(program, read.id, ty, part, *ty_span));
                return false;
            }
            let rust = fit::field(field);
            let of_name = |it: &&syn::Field| {
                use syn::ext::IdentExt as _;
                it.ident.as_ref().is_some_and(|it| it.unraw() == rust)
            };
            let found = found.named.iter().find(of_name);
            let is_public =
                |it: &&syn::Field| matches!(it.vis, syn::Visibility::Public(_));
            let crossing =
                found.filter(is_public).and_then(|it| read.fit.value(ty, &it.ty, true));
            if let Some(crossing) = crossing {
                columns.push((rust.as_str().into(), crossing));
            }
        }
        let same = columns.len() == fields.len() && found.named.len() == fields.len();
        if !(same && open) {
            self.found.push(errors::misfit_struct(name, span, place, &expected));
            return false;
        }
        let inside = |fine, it: &(_, Ty, Span)| self.declared(read, &it.1, it.2) & fine;
        let fine = fields.iter().fold(true, inside);
        if fine {
            self.tables.records.insert(key, columns);
        }
        fine
    }

    fn enumeration(
        &mut self,
        read: Read<'_>,
        id: crate::hir::EnumId,
        span: Span,
    ) -> bool {
        let program = self.program;
        let key = (read.id, id);
        if self.tables.enums.contains_key(&key) {
            return true;
        }
        let data = &program.enums[id];
        let name = &data.decl.name;
        let expected = errors::expected_enum(&read.fit, data);
        let Some(declared) = read.fit.source.types.get(&*name.name) else {
            let problem = errors::no_struct(read.module, name, span, &expected);
            self.found.push(problem);
            return false;
        };
        let place = read.span(&declared.name);
        let mut cases = Vec::new();
        for case in &data.cases {
            for (name, ty) in &case.payload {
                if let Some(part) = fit::barred(program, read.id, ty) {
                    let problem = errors::barred(program, read.id, ty, part, name.span);
                    self.found.push(problem);
                    return false;
                }
            }
            cases.extend(variant(read, declared, case));
        }
        let n_found = match &declared.shape {
            Shape::Enum(variants) => variants.len(),
            _ => 0,
        };
        let open = declared.is_public && !declared.has_params && !declared.is_closed;
        if cases.len() != data.cases.len() || n_found != cases.len() || !open {
            self.found.push(errors::misfit_struct(name, span, place, &expected));
            return false;
        }
        let mut payloads = data.cases.iter().flat_map(|it| &it.payload);
        let fine = payloads.all(|it| self.declared(read, &it.1, it.0.span));
        if fine {
            self.tables.enums.insert(key, cases);
        }
        fine
    }

    /// What the Rust function is, or in what it differs.
    fn signature(
        &self,
        read: Read<'_>,
        method: MethodId,
        function: &source::Function,
    ) -> Result<Signature, String> {
        let declared = &self.program.methods[method];
        let native = declared.native.as_ref();
        let throws = native.and_then(|it| it.module).is_some_and(|it| it.throws);
        let found = &function.signature;
        let name = &found.ident;
        if !function.is_public {
            return Err(format!("`{name}` is not `pub`"));
        }
        if matches!(found.safety, syn::Safety::Unsafe(_)) {
            return Err(format!("`{name}` is `unsafe`"));
        }
        if found.asyncness.is_some() {
            return Err(format!("`{name}` is `async`"));
        }
        let lifetime =
            |it: &syn::GenericParam| matches!(it, syn::GenericParam::Lifetime(_));
        if !found.generics.params.iter().all(lifetime) {
            return Err(format!("`{name}` has type parameters"));
        }
        let (n_found, n_declared) = (found.inputs.len(), declared.params.len());
        if n_found != n_declared || found.variadic.is_some() {
            let takes = crate::diag::words::count(n_found, "parameter");
            return Err(format!("`{name}` takes {takes}, its declaration {n_declared}"));
        }
        let mut params = Vec::new();
        for (param, input) in declared.params.iter().zip(&found.inputs) {
            let syn::FnArg::Typed(typed) = input else {
                return Err(format!("`{name}` takes `self`"));
            };
            match read.fit.takes(&param.ty, &typed.ty) {
                Some(crossing) => params.push(crossing),
                None => {
                    let written =
                        errors::written(read.text, &typed.ty.span().byte_range());
                    let expected = read.fit.param(&param.ty);
                    return Err(format!(
                        "parameter `{}` of `{name}` is `{written}`, expected `{expected}`",
                        param.name.name
                    ));
                }
            }
        }
        let returns = self.returns(read, method, found, throws)?;
        Ok(Signature { params, returns })
    }

    fn returns(
        &self,
        read: Read<'_>,
        method: MethodId,
        found: &syn::Signature,
        throws: bool,
    ) -> Result<Crossing, String> {
        let declared = &self.program.methods[method];
        let output = match &found.output {
            syn::ReturnType::Default => None,
            syn::ReturnType::Type(_, ty) => Some(&**ty),
        };
        let name = &found.ident;
        let written = output.map_or("nothing".to_owned(), |it| {
            format!("`{}`", errors::written(read.text, &it.span().byte_range()))
        });
        let expected = errors::expected_result(&read.fit, &declared.returns, throws);
        let differs = || format!("`{name}` returns {written}, expected `{expected}`");
        let inside = match (throws, output.map(|it| read.fit.result(it))) {
            (true, Some(Some(inside))) => Some(inside),
            (true, _) => return Err(differs()),
            (false, Some(Some(_))) => {
                return Err(format!(
                    "`{name}` returns a `Result`, but its declaration does not say `throws`"
                ));
            }
            (false, _) => output,
        };
        if inside.is_some_and(|it| read.fit.has_hash(it)) {
            return Err(format!(
                "`{name}` returns a map or set without an order, expected `{expected}`"
            ));
        }
        read.fit.gives(&declared.returns, inside).ok_or_else(differs)
    }
}

/// Fields of a record, those of its bases first, with their types and where these stand.
fn record_fields(
    program: &Program,
    id: crate::hir::RecordId,
) -> Vec<(crate::support::Name, Ty, Span)> {
    let mut chain = Vec::new();
    let mut at = Some(id);
    while let Some(id) = at {
        chain.push(id);
        at = program.records[id].base.as_ref().map(|it| it.0);
    }
    let fields = chain.iter().rev().flat_map(|it| &program.records[*it].fields);
    fields
        .map(|it| {
            let field = &program.fields[*it];
            (field.name.name.clone(), field.ty.clone(), field.ty_span)
        })
        .collect()
}

/// What the variant of a case carries, if there is one that fits.
fn variant(
    read: Read<'_>,
    declared: &source::Declared,
    case: &crate::hir::item::EnumCase,
) -> Option<Vec<RustTy>> {
    let Shape::Enum(variants) = &declared.shape else { return None };
    let found = variants.iter().find(|it| it.ident == *case.name.name)?;
    let types: Vec<&syn::Type> = match &found.fields {
        syn::Fields::Unit => Vec::new(),
        syn::Fields::Unnamed(all) => all.unnamed.iter().map(|it| &it.ty).collect(),
        syn::Fields::Named(_) => return None,
    };
    if types.len() != case.payload.len() {
        return None;
    }
    let pairs = case.payload.iter().zip(types);
    pairs.map(|((_, ty), found)| read.fit.value(ty, found, true)).collect()
}
