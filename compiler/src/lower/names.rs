//! Names of what is lowered: the key of each instance and the parts of its name. How a
//! name is spelled in the output is the emitter's.

use crate::hir::item::Owner;
use crate::hir::ty::{Args, Ty};
use crate::hir::{
    AgentId, ChannelId, ConstId, DomainId, EnumId, MethodId, ModuleId, NativeId, RecordId,
};
use crate::support::Name;
use crate::types::tables::CoercionId;

use super::Lower;

/// One thing to lower. Generic items have one for each list of type arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Channel(ChannelId, Args),
    Agent(AgentId, Args),
    Domain(DomainId, Args),
    Record(RecordId, Args),
    Enum(EnumId, Args),
    /// Starts an agent in a domain instance.
    CreateAgent(AgentId, Args),
    /// The behaviour of an agent: initialisers and constructor.
    RunAgent(AgentId, Args),
    /// The constructor of a base, run by a derived agent.
    RunBase {
        agent: AgentId,
        args: Args,
        base: AgentId,
    },
    /// Makes an instance of a domain.
    CreateDomain(DomainId, Args),
    /// Initialisers and constructor of a domain.
    InitDomain(DomainId, Args),
    Method {
        method: MethodId,
        host: HostKey,
        args: Args,
    },
    /// Checks the rules of a schema.
    CheckRules(RecordId, Args),
    /// Makes a value of one schema from one of another, with what the type parameters of
    /// the coercion stand for.
    Coerce(CoercionId, Args),
    /// Writes a struct, schema or enum as JSON, or reads it.
    Json {
        ty: Ty,
        reads: bool,
    },
    Const(ConstId),
    /// An opaque type.
    Opaque(NativeId),
    /// Brings a struct or enum to a Rust file and back.
    Bridge {
        module: ModuleId,
        ty: Ty,
    },
    /// The guard with this number in the protocol of a channel.
    Guard {
        channel: ChannelId,
        args: Args,
        number: usize,
    },
}

/// Whose method it is, with that owner's type arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum HostKey {
    Free,
    /// The agent that runs it, which may derive from the one that declares it.
    Agent(AgentId, Args),
    Domain(DomainId, Args),
    Record(RecordId, Args),
}

/// Names of traits' methods that generated code calls on values: a method of the user's
/// with such a name would hide them.
const RESERVED: &[&str] = &[
    "clone",
    "show",
    "show_format",
    "eq",
    "ne",
    "cmp",
    "partial_cmp",
    "hash",
    "default",
    "to_text",
    "lt",
    "le",
    "gt",
    "ge",
    "expect",
    "as_ref",
    "as_mut",
];

impl Lower<'_> {
    /// The parts of the name of what `key` stands for.
    pub(super) fn name_parts(&self, key: &Key) -> Vec<Name> {
        let program = self.program;
        match key {
            Key::Channel(id, args) => {
                let decl = &program.channels[*id].decl;
                self.typed(self.path(decl.owner, &decl.name.name), args)
            }
            Key::Agent(id, args) => self.typed(self.agent_parts(*id), args),
            Key::Domain(id, args) => self.typed(self.domain_parts(*id), args),
            Key::Record(id, args) => {
                let decl = &program.records[*id].decl;
                self.typed(self.path(decl.owner, &decl.name.name), args)
            }
            Key::Enum(id, args) => {
                let decl = &program.enums[*id].decl;
                self.typed(self.path(decl.owner, &decl.name.name), args)
            }
            Key::CreateAgent(id, args) => {
                self.typed(with(self.agent_parts(*id), "create"), args)
            }
            Key::RunAgent(id, args) => {
                self.typed(with(self.agent_parts(*id), "new"), args)
            }
            Key::RunBase { agent, args, base } => {
                let base = &program.agents[*base].decl.name.name;
                let parts = with(with(self.agent_parts(*agent), base), "new");
                self.typed(parts, args)
            }
            Key::CreateDomain(id, args) => {
                self.typed(with(self.domain_parts(*id), "create"), args)
            }
            Key::InitDomain(id, args) => {
                self.typed(with(self.domain_parts(*id), "new"), args)
            }
            Key::Method { method, host, args } => self.method_parts(*method, host, args),
            Key::CheckRules(id, args) => {
                let decl = &program.records[*id].decl;
                let parts = with(self.path(decl.owner, &decl.name.name), "checked");
                self.typed(parts, args)
            }
            Key::Coerce(id, args) => {
                let plan = &self.types.coercions[*id];
                let word = |ty: &Ty| self.word(&ty.substitute(&plan.params, args));
                let name = format!("{}_to_{}", word(&plan.from), word(&plan.to));
                vec![name.into()]
            }
            Key::Json { ty, reads } => {
                let name = if *reads { "from_json" } else { "to_json" };
                vec![Name::from(self.word(ty)), name.into()]
            }
            Key::Opaque(id) => {
                let decl = &program.natives[*id].decl;
                self.path(decl.owner, &decl.name.name)
            }
            Key::Bridge { ty, .. } => vec![Name::from(self.word(ty)), "native".into()],
            Key::Const(id) => {
                let decl = &program.consts[*id].decl;
                self.path(decl.owner, &decl.name.name)
            }
            Key::Guard { channel, args, number } => {
                let decl = &program.channels[*channel].decl;
                let guard = format!("guard_{number}");
                let parts = with(self.path(decl.owner, &decl.name.name), &guard);
                self.typed(parts, args)
            }
        }
    }

    fn method_parts(&self, method: MethodId, host: &HostKey, args: &Args) -> Vec<Name> {
        let program = self.program;
        let decl = &program.methods[method].decl;
        let name = &decl.name.name;
        match host {
            HostKey::Free => self.typed(self.path(decl.owner, name), args),
            HostKey::Agent(id, own) => {
                let mut parts = self.typed(self.agent_parts(*id), own);
                if let Owner::Agent(owner) = decl.owner
                    && owner != *id
                    && self.overriding(*id, method) != method
                {
                    parts.push(program.agents[owner].decl.name.name.clone());
                }
                self.typed(with(parts, name), args)
            }
            HostKey::Domain(id, own) => {
                let parts = self.typed(self.domain_parts(*id), own);
                self.typed(with(parts, name), args)
            }
            HostKey::Record(id, own) => {
                let record = &program.records[*id].decl;
                let parts = self.typed(self.path(record.owner, &record.name.name), own);
                let mut name = name.to_string();
                for arg in &**args {
                    name.push('_');
                    name.push_str(&self.word(arg));
                }
                if RESERVED.contains(&name.as_str()) {
                    name.push('_');
                }
                with(parts, &name)
            }
        }
    }

    /// Methods are named inside their type: one that has a name from its type arguments may
    /// not take that of another.
    pub(super) fn unique_method(&mut self, key: &Key, mut parts: Vec<Name>) -> Vec<Name> {
        let Key::Method { host: HostKey::Record(id, own), args, .. } = key else {
            return parts;
        };
        if args.is_empty() {
            return parts;
        }
        let Some(name) = parts.pop() else { return parts };
        let mut name = name.to_string();
        let program = self.program;
        let no_args = [].into();
        let declared: Vec<Name> = self
            .bases(*id, &no_args)
            .iter()
            .flat_map(|it| &program.records[it.0].methods)
            .map(|it| program.methods[*it].decl.name.name.clone())
            .collect();
        while declared.iter().any(|it| **it == *name)
            || !self.taken.insert((*id, own.clone(), name.as_str().into()))
        {
            name.push('_');
        }
        with(parts, &name)
    }

    pub(super) fn agent_parts(&self, id: AgentId) -> Vec<Name> {
        let decl = &self.program.agents[id].decl;
        self.path(decl.owner, &decl.name.name)
    }

    pub(super) fn domain_parts(&self, id: DomainId) -> Vec<Name> {
        let decl = &self.program.domains[id].decl;
        self.path(decl.owner, &decl.name.name)
    }

    /// The name behind those of what it stands in.
    pub(super) fn path(&self, owner: Owner, name: &Name) -> Vec<Name> {
        let program = self.program;
        let mut parts = match owner {
            Owner::Agent(id) => self.agent_parts(id),
            Owner::Domain(id) => self.domain_parts(id),
            Owner::Channel(id) => {
                let decl = &program.channels[id].decl;
                self.path(decl.owner, &decl.name.name)
            }
            _ => Vec::new(),
        };
        parts.push(name.clone());
        parts
    }

    fn typed(&self, mut parts: Vec<Name>, args: &Args) -> Vec<Name> {
        parts.extend(args.iter().map(|it| Name::from(self.word(it))));
        parts
    }

    /// A type as one word of a name: `List<int[]>` is `List_int_array`.
    fn word(&self, ty: &Ty) -> String {
        let program = self.program;
        let words = |first: &str, args: &[Ty]| {
            let mut text = first.to_owned();
            for arg in args {
                text.push('_');
                text.push_str(&self.word(arg));
            }
            text
        };
        match ty {
            Ty::Bool => "bool".into(),
            Ty::Char => "char".into(),
            Ty::String => "string".into(),
            Ty::Int(int) => format!("{int:?}").to_lowercase(),
            Ty::Float => "float".into(),
            Ty::Double => "double".into(),
            Ty::Decimal => "decimal".into(),
            Ty::Duration => "Duration".into(),
            Ty::Signal => "Signal".into(),
            Ty::Array(element) => format!("{}_array", self.word(element)),
            Ty::Nullable(inner) => format!("{}_or_null", self.word(inner)),
            Ty::Tuple(parts) => {
                let parts: Vec<Ty> = parts.iter().map(|it| it.ty.clone()).collect();
                words("tuple", &parts)
            }
            Ty::Func { params, returns } => {
                words(&words("func", params), &[(**returns).clone()])
            }
            Ty::Record(id, args) => words(&program.records[*id].decl.name.name, args),
            Ty::Enum(id, args) => words(&program.enums[*id].decl.name.name, args),
            Ty::Native(id, args) => words(&program.natives[*id].decl.name.name, args),
            Ty::Using(id, args, _) => words(&program.channels[*id].decl.name.name, args),
            Ty::Impl(id, args, _) => {
                format!("Impl_{}", words(&program.channels[*id].decl.name.name, args))
            }
            Ty::Request(value, reply) => {
                words("Request", &[(**value).clone(), (**reply).clone()])
            }
            Ty::Domain(id, args) => words(&program.domains[*id].decl.name.name, args),
            _ => "void".into(),
        }
    }
}

fn with(mut parts: Vec<Name>, name: &str) -> Vec<Name> {
    parts.push(name.into());
    parts
}
