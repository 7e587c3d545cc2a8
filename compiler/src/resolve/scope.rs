//! Where item names are looked up: namespaces, the items inside items, type parameters,
//! imports, and the library behind everything. It does not hold locals or members of
//! values; those are in `body` and `members`.

use std::collections::{BTreeMap, BTreeSet};

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

/// What a name was found to stand for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub def: Def,
    /// What it stands for with the same right.
    pub rival: Option<Def>,
}

impl Found {
    fn only(def: Def) -> Self {
        Self { def, rival: None }
    }
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

/// A namespace of one package: the items of all its parts, whichever file they stand in.
#[derive(Debug, Default)]
pub(super) struct Namespace {
    pub path: Vec<Name>,
    /// The namespace around it.
    pub parent: Option<NsId>,
    pub package: usize,
    pub names: BTreeMap<Name, Def>,
    /// Those of its names whose items are private to it.
    pub private: BTreeSet<Name>,
    /// Namespaces of the same path in the packages that this one depends on.
    pub others: Vec<NsId>,
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
    /// Type parameters of what is around are not those of what is inside.
    pub closed: bool,
}

/// All scopes and namespaces.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    pub scopes: crate::support::index::IdVec<ScopeId, Scope>,
    pub namespaces: crate::support::index::IdVec<NsId, Namespace>,
    /// Of each package, the namespace of the items that stand in none.
    pub globals: Vec<NsId>,
    /// The library's namespaces of native functions: `Console`, `Int32`.
    pub spaces: BTreeMap<Name, hir::SpaceId>,
}

/// The namespace of the first package's items that stand in none.
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
        scopes.globals.push(global);
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
            closed: false,
        })
    }

    /// What `name` stands for in `namespace`, which is written before it.
    pub(super) fn in_namespace(&self, namespace: NsId, name: &str) -> Option<Found> {
        if let Some(found) = self.item(namespace, name, namespace) {
            return Some(found);
        }
        let mut at = Some(namespace);
        while let Some(id) = at {
            let namespace = &self.namespaces[id];
            if let Some(def) = namespace.names.get(name) {
                return Some(Found::only(*def));
            }
            if namespace.library && id != LIBRARY {
                let def = self.namespaces[LIBRARY].names.get(name);
                return def.map(|it| Found::only(*it));
            }
            at = namespace.twin;
        }
        None
    }

    /// The item `name` of a namespace, as code in `from` sees it.
    fn item(&self, namespace: NsId, name: &str, from: NsId) -> Option<Found> {
        self.choose(name, self.items(namespace, name), from)
    }

    /// The item `name` of a namespace; without one, those of the same namespace in the
    /// packages that its own depends on.
    fn items<'a>(
        &'a self,
        namespace: NsId,
        name: &'a str,
    ) -> impl Iterator<Item = (NsId, Def)> {
        let own = &self.namespaces[namespace];
        let def = own.names.get(name).map(|it| (namespace, *it));
        let others: &[NsId] = if def.is_some() { &[] } else { &own.others };
        // What nests in the others' namespaces nests in this one as well.
        let others = others.iter().filter_map(move |&it| {
            let def = self.namespaces[it].names.get(name)?;
            (!matches!(def, Def::Namespace(_))).then_some((it, *def))
        });
        def.into_iter().chain(others)
    }

    /// The item among those of one name in several namespaces. Private ones that `from` may
    /// not name count only if there are no others.
    fn choose(
        &self,
        name: &str,
        all: impl Iterator<Item = (NsId, Def)>,
        from: NsId,
    ) -> Option<Found> {
        let (open, hidden): (Vec<_>, Vec<_>) =
            all.partition(|(home, _)| self.may_name(*home, name, from));
        let first = open.first().or(hidden.first())?.1;
        let rival = open.iter().map(|it| it.1).find(|it| *it != first);
        Some(Found { def: first, rival })
    }

    /// Whether code in the namespace `from` may name the item `name` of `home`.
    fn may_name(&self, home: NsId, name: &str, from: NsId) -> bool {
        !self.namespaces[home].private.contains(name) || self.lies_in(from, home)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn lies_in(&self, inner: NsId, outer: NsId) -> bool {
        let mut around =
            std::iter::successors(Some(inner), |&it| self.namespaces[it].parent);
        around.any(|it| it == outer)
    }

    /// The namespace around a scope.
    pub(super) fn namespace_of(&self, scope: ScopeId) -> NsId {
        let mut around = std::iter::successors(Some(scope), |&it| self.scopes[it].parent);
        around.find_map(|it| self.scopes[it].namespace).unwrap_or(GLOBAL)
    }

    /// Whether the library can be named through `namespace`.
    pub(super) fn reaches_library(&self, namespace: NsId) -> bool {
        let namespace = &self.namespaces[namespace];
        namespace.library || namespace.twin.is_some()
    }

    /// What the bare `name` stands for, seen from `scope` outward; the library last.
    pub(super) fn lookup(&self, scope: ScopeId, name: &str) -> Option<Def> {
        self.find(scope, name).map(|it| it.def)
    }

    /// Like [`Scopes::lookup`], with what the name stands for as well.
    pub(super) fn find(&self, scope: ScopeId, name: &str) -> Option<Found> {
        let from = self.namespace_of(scope);
        let mut at = Some(scope);
        let mut closed = false;
        while let Some(id) = at {
            let scope = &self.scopes[id];
            if let Some(def) = scope.names.get(name)
                && !(closed && matches!(def, Def::Param(_)))
            {
                return Some(Found::only(*def));
            }
            closed |= scope.closed;
            let own = scope.namespace.and_then(|it| self.item(it, name, from));
            if own.is_some() {
                return own;
            }
            let imported = scope.imports.iter().flat_map(|&it| self.items(it, name));
            // An import brings in the items of a namespace, not what nests in it.
            let imported = imported.filter(|(_, it)| !matches!(it, Def::Namespace(_)));
            let imported = self.choose(name, imported, from);
            if imported.is_some() {
                return imported;
            }
            at = scope.parent;
        }
        self.namespaces[LIBRARY].names.get(name).map(|it| Found::only(*it))
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
                let namespace = &self.namespaces[*namespace];
                take(&namespace.names, &mut all);
                for other in &namespace.others {
                    take(&self.namespaces[*other].names, &mut all);
                }
            }
            at = scope.parent;
        }
        take(&self.namespaces[LIBRARY].names, &mut all);
        all
    }
}
