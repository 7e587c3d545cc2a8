//! Functions and opaque types of Rust files: an item of the program for each that is used,
//! and a module with all that its `native` block declares, so that all of it is looked at
//! when the program is built.

use std::collections::BTreeSet;

use crate::foreign::requirement;
use crate::foreign::tables::{self, Order};
use crate::hir::ty::Ty;
use crate::hir::{MethodId, ModuleId, NativeId};
use crate::ir::foreign::{
    Bridge, Call, Crossing, Function, Module, Opaque, RustTy, Shape,
};
use crate::ir::{self, ItemKind, ItemRef};
use crate::support::Name;

use super::Lower;
use super::names::{HostKey, Key};

impl Lower<'_> {
    /// The place of a module among those that are used.
    fn module_index(&mut self, id: ModuleId) -> usize {
        match self.modules.iter().position(|it| *it == id) {
            Some(index) => index,
            None => {
                self.modules.push(id);
                self.modules.len() - 1
            }
        }
    }

    /// The item for a function of a Rust file.
    pub(super) fn foreign_item(&mut self, method: MethodId) -> ItemRef {
        self.need(Key::Method { method, host: HostKey::Free, args: [].into() })
    }

    /// `opaque type Picture;`
    pub(super) fn opaque(&mut self, name: ItemRef, id: NativeId) {
        let it = &self.program.natives[id];
        let module = it.module.expect("asked for opaque types only");
        let module = self.module_index(module);
        let rust = it.decl.name.name.clone();
        self.add(name, &it.decl, ItemKind::Opaque(Opaque { module, rust }));
    }

    /// A function of a Rust file as one of the program.
    pub(super) fn foreign(&mut self, name: ItemRef, method: MethodId, of: ModuleId) {
        let it = &self.program.methods[method];
        let native = it.native.as_ref().expect("asked for native functions only");
        let functions = &self.program.modules[of].functions;
        let function = functions.iter().position(|it| *it == method);
        let function = function.expect("the module lists its functions");
        let params = it.params.iter();
        let params = params.map(|it| (it.name.name.clone(), self.ty(&it.ty))).collect();
        let returns = self.ty(&it.returns);
        for ty in it.params.iter().map(|it| &it.ty).chain([&it.returns]) {
            self.bridges(of, ty);
        }
        let module = self.module_index(of);
        let suspends = native.suspends;
        let call = Call { module, function, params, returns, suspends };
        self.add(name, &it.decl, ItemKind::Foreign(call));
    }

    /// Needs what brings the structs and enums in a type across.
    fn bridges(&mut self, module: ModuleId, ty: &Ty) {
        match ty {
            Ty::Array(it) | Ty::Nullable(it) => self.bridges(module, it),
            Ty::Tuple(parts) => {
                parts.iter().for_each(|it| self.bridges(module, &it.ty));
            }
            Ty::Native(_, args) => args.iter().for_each(|it| self.bridges(module, it)),
            Ty::Record(..) | Ty::Enum(..) => {
                self.need(Key::Bridge { module, ty: ty.clone() });
            }
            _ => {}
        }
    }

    /// A struct or enum that a Rust file has too.
    pub(super) fn bridge(&mut self, name: ItemRef, module: ModuleId, whole: &Ty) {
        let program = self.program;
        let ir::Ty::Item(of) = self.ty(whole) else {
            unreachable!("types of the runtime cross by themselves")
        };
        let (decl, shape, check) = match whole {
            Ty::Record(id, args) => {
                let columns = &self.foreign.records[&(module, *id)];
                let fields = self.record_fields(*id, args);
                let mut pairs = Vec::new();
                for ((field, ty), (rust, _)) in fields.into_iter().zip(columns) {
                    self.bridges(module, &ty);
                    pairs.push((self.field_name(field), rust.clone()));
                }
                let checks = self.has_rules(*id);
                let check = checks.then(|| self.need(Key::CheckRules(*id, args.clone())));
                (&program.records[*id].decl, Shape::Record(pairs), check)
            }
            Ty::Enum(id, _) => {
                let data = &program.enums[*id];
                for (_, ty) in data.cases.iter().flat_map(|it| &it.payload) {
                    self.bridges(module, ty);
                }
                let cases = data.cases.iter();
                let cases =
                    cases.map(|it| (it.name.name.clone(), it.payload.len())).collect();
                (&data.decl, Shape::Enum(cases), None)
            }
            _ => unreachable!("asked for declared types only"),
        };
        let rust = decl.name.name.clone();
        let module = self.module_index(module);
        let bridge = Bridge { module, of, rust, shape, check };
        self.add(name, decl, ItemKind::Bridge(bridge));
    }

    /// The modules of which something is used.
    pub(super) fn all_modules(&self) -> Vec<Module> {
        let mut taken = BTreeSet::new();
        let mut all = Vec::new();
        for &id in &self.modules {
            let module = &self.program.modules[id];
            let base = stem(&module.path.name);
            let (mut name, mut number) = (base.clone(), 1);
            while !taken.insert(name.clone()) {
                number += 1;
                name = format!("{base}_{number}");
            }
            all.push(self.module(id, name.as_str().into()));
        }
        all
    }

    fn module(&self, id: ModuleId, name: Name) -> Module {
        let program = self.program;
        let module = &program.modules[id];
        let crates = module.crates.iter();
        let types = module.types.iter().map(|it| &program.natives[*it].decl.name);
        let records = self.foreign.records.keys().filter(|it| it.0 == id);
        let records = records.map(|it| program.records[it.1].decl.name.name.clone());
        let enums = self.foreign.enums.keys().filter(|it| it.0 == id);
        let enums = enums.map(|it| program.enums[it.1].decl.name.name.clone());
        Module {
            name,
            file: *self.foreign.files.get(id).expect("the module was checked"),
            span: module.path.span,
            crates: crates
                .map(|it| (it.name.name.clone(), requirement(it), it.name.span))
                .collect(),
            types: types.map(|it| (it.name.clone(), it.span)).collect(),
            shapes: records.chain(enums).collect(),
            functions: module.functions.iter().map(|it| self.function(*it)).collect(),
        }
    }

    fn function(&self, method: MethodId) -> Function {
        let declared = &self.program.methods[method];
        let signature = &self.foreign.functions[&method];
        let native =
            declared.native.as_ref().expect("a module declares native functions");
        Function {
            name: native.rust.as_str().into(),
            span: declared.decl.name.span,
            params: signature.params.iter().map(|it| self.crossing(it)).collect(),
            returns: self.crossing(&signature.returns),
            throws: native.module.is_some_and(|it| it.throws),
        }
    }

    fn crossing(&self, it: &tables::Crossing) -> Crossing {
        Crossing { ty: self.rust_ty(&it.ty), by_ref: it.by_ref }
    }

    fn rust_ty(&self, it: &tables::RustTy) -> RustTy {
        let boxed = |it: &tables::RustTy| Box::new(self.rust_ty(it));
        match it {
            tables::RustTy::Unit => RustTy::Unit,
            tables::RustTy::Prim(name) => RustTy::Prim(name),
            tables::RustTy::Str => RustTy::Str,
            tables::RustTy::String => RustTy::String,
            tables::RustTy::Slice(it) => RustTy::Slice(boxed(it)),
            tables::RustTy::Vec(it) => RustTy::Vec(boxed(it)),
            tables::RustTy::Map(order, key, value) => {
                let name = match order {
                    Order::Hash => "HashMap",
                    Order::Tree => "BTreeMap",
                };
                RustTy::Map(name, boxed(key), boxed(value))
            }
            tables::RustTy::Set(order, it) => {
                let name = match order {
                    Order::Hash => "HashSet",
                    Order::Tree => "BTreeSet",
                };
                RustTy::Set(name, boxed(it))
            }
            tables::RustTy::Option(it) => RustTy::Option(boxed(it)),
            tables::RustTy::Tuple(parts) => {
                RustTy::Tuple(parts.iter().map(|it| self.rust_ty(it)).collect())
            }
            tables::RustTy::Duration => RustTy::Duration,
            tables::RustTy::Opaque(id) => {
                RustTy::Opaque(self.program.natives[*id].decl.name.name.clone())
            }
            tables::RustTy::Record(id) => {
                RustTy::Named(self.program.records[*id].decl.name.name.clone())
            }
            tables::RustTy::Enum(id) => {
                RustTy::Named(self.program.enums[*id].decl.name.name.clone())
            }
        }
    }
}

/// The name of a file without its extension, as an identifier.
fn stem(path: &str) -> String {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let fits = |it: char| it.is_ascii_alphanumeric();
    let mut out: String = stem
        .chars()
        .map(|it| if fits(it) { it.to_ascii_lowercase() } else { '_' })
        .collect();
    if !out.starts_with(|it: char| it.is_ascii_alphabetic()) {
        out.insert_str(0, "native");
    }
    out
}
