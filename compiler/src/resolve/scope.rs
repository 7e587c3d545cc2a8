//! Where item names are looked up: namespaces, the items inside items, type parameters,
//! imports, and the library behind everything. It does not hold locals or members of
//! values; those are in `body` and `members`.

use std::collections::BTreeMap;

use crate::hir::{self, item::Owner};
use crate::support::Name;

crate::define_ids! {
    /// A namespace.
    #[expect(unreachable_pub, reason = "the macro declares ids for every room")]
    NsId;
    /// One level of lexical nesting.
    #[expect(unreachable_pub, reason = "the macro declares ids for every room")]
    ScopeId;
}

/// What a name of an item stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Def {
    Namespace(NsId),
    Agent(hir::AgentId),
    Channel(hir::ChannelId),
    Domain(hir::DomainId),
    Record(hir::RecordId),
    Enum(hir::EnumId),
    Native(hir::NativeId),
    Function(hir::MethodId),
    Const(hir::ConstId),
    Param(hir::TypeParamId),
    Builtin(Builtin),
    /// What was reported where it is declared; uses of it are not reported again.
    Error,
}

/// Type names that the compiler itself knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Builtin {
    Void,
    Bool,
    Char,
    String,
    Int(hir::ty::IntTy),
    Float,
    Double,
    Decimal,
    Duration,
    Signal,
    Any,
    Range,
    Array,
    Nullable,
    Func,
    Action,
    Request,
    Impl,
    /// `object`, `Object`, `dynamic`: recognised to be rejected.
    Object,
}

/// A namespace: the items of all its parts, whichever file they stand in.
#[derive(Debug, Default)]
pub(super) struct Namespace {
    pub path: Vec<Name>,
    pub names: BTreeMap<Name, Def>,
    /// The items of the library can be named through it, as `System.Console`.
    pub library: bool,
    /// The library's namespace of the same path, if this is one of the program's own.
    pub twin: Option<NsId>,
}

/// One level of lexical nesting.
#[derive(Debug)]
pub(super) struct Scope {
    pub parent: Option<ScopeId>,
    /// Names declared here: type parameters and nested items.
    pub names: BTreeMap<Name, Def>,
    /// The namespace whose part this is.
    pub namespace: Option<NsId>,
    /// Namespaces that `using` names here.
    pub imports: Vec<NsId>,
    /// The item whose inside this is.
    pub owner: Owner,
    /// Whether the library declares it.
    pub library: bool,
}

/// All scopes and namespaces.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    pub scopes: crate::support::index::IdVec<ScopeId, Scope>,
    pub namespaces: crate::support::index::IdVec<NsId, Namespace>,
    /// The library's namespaces of native functions: `Console`, `Int32`.
    pub spaces: BTreeMap<Name, hir::SpaceId>,
}

/// The namespace of the program's items that stand in none.
pub(super) const GLOBAL: NsId = NsId(0);
/// All items of the library, whatever namespace they stand in (decision 1).
pub(super) const LIBRARY: NsId = NsId(1);

impl Scopes {
    /// Scopes with the two roots.
    pub(super) fn new() -> Self {
        let mut scopes = Self::default();
        let global = scopes.namespaces.push(Namespace::default());
        let library =
            scopes.namespaces.push(Namespace { library: true, ..Namespace::default() });
        debug_assert!(global == GLOBAL && library == LIBRARY, "the roots come first");
        scopes
    }

    /// Opens a level inside `parent` for the inside of `owner`.
    pub(super) fn open(&mut self, parent: Option<ScopeId>, owner: Owner) -> ScopeId {
        let library = parent.is_some_and(|it| self.scopes[it].library);
        self.scopes.push(Scope {
            parent,
            names: BTreeMap::new(),
            namespace: None,
            imports: Vec::new(),
            owner,
            library,
        })
    }

    /// What `name` stands for in `namespace`, which is written before it.
    pub(super) fn in_namespace(&self, namespace: NsId, name: &str) -> Option<Def> {
        let mut at = Some(namespace);
        while let Some(id) = at {
            let namespace = &self.namespaces[id];
            if let Some(def) = namespace.names.get(name) {
                return Some(*def);
            }
            if namespace.library && id != LIBRARY {
                return self.namespaces[LIBRARY].names.get(name).copied();
            }
            at = namespace.twin;
        }
        None
    }

    /// Whether the library can be named through `namespace`.
    pub(super) fn reaches_library(&self, namespace: NsId) -> bool {
        let namespace = &self.namespaces[namespace];
        namespace.library || namespace.twin.is_some()
    }

    /// What the bare `name` stands for, seen from `scope` outward; the library last.
    pub(super) fn lookup(&self, scope: ScopeId, name: &str) -> Option<Def> {
        let mut at = Some(scope);
        while let Some(id) = at {
            let scope = &self.scopes[id];
            if let Some(def) = scope.names.get(name) {
                return Some(*def);
            }
            let own = scope.namespace.and_then(|it| self.namespaces[it].names.get(name));
            if let Some(def) = own {
                return Some(*def);
            }
            let imported = scope.imports.iter().find_map(|&it| {
                let def = self.namespaces[it].names.get(name)?;
                // An import brings in the items of a namespace, not what nests in it.
                (!matches!(def, Def::Namespace(_))).then_some(*def)
            });
            if imported.is_some() {
                return imported;
            }
            at = scope.parent;
        }
        self.namespaces[LIBRARY].names.get(name).copied()
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn is_inside(&self, inner: ScopeId, owner: Owner) -> bool {
        let mut at = Some(inner);
        while let Some(id) = at {
            if self.scopes[id].owner == owner {
                return true;
            }
            at = self.scopes[id].parent;
        }
        false
    }

    /// Every name that `lookup` would find from `scope`, for suggestions.
    pub(super) fn visible(&self, scope: ScopeId) -> Vec<(Name, Def)> {
        let mut all = Vec::new();
        let take = |names: &BTreeMap<Name, Def>, all: &mut Vec<(Name, Def)>| {
            all.extend(names.iter().map(|(name, def)| (name.clone(), *def)));
        };
        let mut at = Some(scope);
        while let Some(id) = at {
            let scope = &self.scopes[id];
            take(&scope.names, &mut all);
            for namespace in scope.namespace.iter().chain(&scope.imports) {
                take(&self.namespaces[*namespace].names, &mut all);
            }
            at = scope.parent;
        }
        take(&self.namespaces[LIBRARY].names, &mut all);
        all
    }
}
