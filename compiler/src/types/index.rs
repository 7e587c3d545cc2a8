//! Declarations by name: ports, fields, cases and members, found in logarithmic time. It
//! holds no facts about bodies.

use std::collections::BTreeMap;

use crate::hir::item::MethodKind;
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::Name;
use crate::support::index::IdMap;

type Names<T> = BTreeMap<Name, T>;

/// Own members of each declaration; inherited ones are found by walking the bases.
#[derive(Debug, Default)]
pub(super) struct Index {
    ports: IdMap<ChannelId, Names<PortId>>,
    fields: IdMap<RecordId, Names<FieldId>>,
    methods: IdMap<RecordId, Names<MethodId>>,
    cases: IdMap<EnumId, Names<usize>>,
    natives: IdMap<NativeId, NativeMembers>,
    spaces: IdMap<SpaceId, Names<Vec<MethodId>>>,
    space_names: Names<SpaceId>,
    native_names: Names<NativeId>,
}

/// Members of a library type by kind.
#[derive(Debug, Default)]
struct NativeMembers {
    named: Names<Vec<MethodId>>,
    constructors: Vec<MethodId>,
    indexers: Vec<MethodId>,
}

impl Index {
    pub(super) fn new(program: &Program) -> Self {
        let mut index = Self::default();
        for (id, channel) in program.channels.enumerate() {
            let name = |port: &PortId| (program.ports[*port].name.name.clone(), *port);
            index.ports.insert(id, first_of(channel.ports.iter().map(name)));
        }
        for (id, record) in program.records.enumerate() {
            let field = |it: &FieldId| (program.fields[*it].name.name.clone(), *it);
            index.fields.insert(id, first_of(record.fields.iter().map(field)));
            let method =
                |it: &MethodId| (program.methods[*it].decl.name.name.clone(), *it);
            index.methods.insert(id, first_of(record.methods.iter().map(method)));
        }
        for (id, declared) in program.enums.enumerate() {
            let cases = declared.cases.iter().enumerate();
            index
                .cases
                .insert(id, first_of(cases.map(|(at, it)| (it.name.name.clone(), at))));
        }
        for (id, native) in program.natives.enumerate() {
            index.natives.insert(id, native_members(program, &native.members));
            index.native_names.entry(native.decl.name.name.clone()).or_insert(id);
        }
        for (id, space) in program.spaces.enumerate() {
            index.spaces.insert(id, native_members(program, &space.members).named);
            index.space_names.entry(space.decl.name.name.clone()).or_insert(id);
        }
        index
    }

    /// The port of the channel or of one it extends.
    pub(super) fn port(
        &self,
        program: &Program,
        channel: ChannelId,
        name: &str,
    ) -> Option<PortId> {
        channels(program, channel).find_map(|it| self.ports.get(it)?.get(name).copied())
    }

    /// The field of the record or of one it extends.
    pub(super) fn field(
        &self,
        program: &Program,
        record: RecordId,
        name: &str,
    ) -> Option<FieldId> {
        records(program, record).find_map(|it| self.fields.get(it)?.get(name).copied())
    }

    /// The method of the record or of one it extends.
    pub(super) fn record_method(
        &self,
        program: &Program,
        record: RecordId,
        name: &str,
    ) -> Option<MethodId> {
        records(program, record).find_map(|it| self.methods.get(it)?.get(name).copied())
    }

    /// Position of the case.
    pub(super) fn case(&self, id: EnumId, name: &str) -> Option<usize> {
        self.cases.get(id)?.get(name).copied()
    }

    /// Members of that name of the library type itself, in order of preference.
    pub(super) fn native(&self, id: NativeId, name: &str) -> &[MethodId] {
        self.natives.get(id).and_then(|it| it.named.get(name)).map_or(&[], Vec::as_slice)
    }

    /// The library type of that name.
    pub(super) fn native_named(&self, name: &str) -> Option<NativeId> {
        self.native_names.get(name).copied()
    }

    pub(super) fn constructors(&self, id: NativeId) -> &[MethodId] {
        self.natives.get(id).map_or(&[], |it| it.constructors.as_slice())
    }

    pub(super) fn indexers(&self, id: NativeId) -> &[MethodId] {
        self.natives.get(id).map_or(&[], |it| it.indexers.as_slice())
    }

    /// Names of the members of a library type, for suggestions.
    pub(super) fn native_names(&self, id: NativeId) -> impl Iterator<Item = &str> {
        self.natives.get(id).into_iter().flat_map(|it| it.named.keys()).map(|it| &**it)
    }

    /// Functions of that name of a library namespace.
    pub(super) fn space(&self, id: SpaceId, name: &str) -> &[MethodId] {
        self.spaces.get(id).and_then(|it| it.get(name)).map_or(&[], Vec::as_slice)
    }

    pub(super) fn space_member_names(&self, id: SpaceId) -> impl Iterator<Item = &str> {
        self.spaces.get(id).into_iter().flat_map(|it| it.keys()).map(|it| &**it)
    }

    /// The library namespace with the functions of a type: that of `int` is `Int32`.
    pub(super) fn space_of(&self, program: &Program, ty: &Ty) -> Option<SpaceId> {
        let name: &str = match ty {
            Ty::Bool => "Boolean",
            Ty::Char => "Char",
            Ty::String => "String",
            Ty::Float => "Single",
            Ty::Double => "Double",
            Ty::Decimal => "Decimal",
            // Its functions have the name that .NET users look for.
            Ty::Duration => "TimeSpan",
            Ty::Int(int) => match int {
                ty::IntTy::SByte => "SByte",
                ty::IntTy::Short => "Int16",
                ty::IntTy::Int => "Int32",
                ty::IntTy::Long => "Int64",
                ty::IntTy::Byte => "Byte",
                ty::IntTy::UShort => "UInt16",
                ty::IntTy::UInt => "UInt32",
                ty::IntTy::ULong => "UInt64",
            },
            Ty::Native(id, _) => &program.natives[*id].decl.name.name,
            _ => return None,
        };
        self.space_names.get(name).copied()
    }
}

/// The channel and those it extends, nearest first; ends where a cycle would begin.
pub(super) fn channels(
    program: &Program,
    channel: ChannelId,
) -> impl Iterator<Item = ChannelId> {
    let next = |it: &ChannelId| program.channels[*it].base.as_ref().map(|base| base.0);
    std::iter::successors(Some(channel), next).take(program.channels.len())
}

/// The record and those it extends, nearest first; ends where a cycle would begin.
pub(super) fn records(
    program: &Program,
    record: RecordId,
) -> impl Iterator<Item = RecordId> {
    let next = |it: &RecordId| program.records[*it].base.as_ref().map(|base| base.0);
    std::iter::successors(Some(record), next).take(program.records.len())
}

/// The agent and those it extends, nearest first; ends where a cycle would begin.
pub(super) fn agents(program: &Program, agent: AgentId) -> impl Iterator<Item = AgentId> {
    let next = |it: &AgentId| program.agents[*it].base;
    std::iter::successors(Some(agent), next).take(program.agents.len())
}

/// The domain and those around it, innermost first.
pub(super) fn domains(
    program: &Program,
    domain: Option<DomainId>,
) -> impl Iterator<Item = DomainId> {
    let next = |it: &DomainId| program.domains[*it].parent;
    std::iter::successors(domain, next).take(program.domains.len())
}

/// Fields of a record, those of its bases first.
pub(super) fn record_fields(program: &Program, record: RecordId) -> Vec<FieldId> {
    let mut chain: Vec<RecordId> = records(program, record).collect();
    chain.reverse();
    chain.iter().flat_map(|it| program.records[*it].fields.iter().copied()).collect()
}

/// Ports of a channel, those of its bases first.
pub(super) fn channel_ports(program: &Program, channel: ChannelId) -> Vec<PortId> {
    let mut chain: Vec<ChannelId> = channels(program, channel).collect();
    chain.reverse();
    chain.iter().flat_map(|it| program.channels[*it].ports.iter().copied()).collect()
}

fn native_members(program: &Program, members: &[MethodId]) -> NativeMembers {
    let mut out = NativeMembers::default();
    for &id in members {
        let method = &program.methods[id];
        match method.kind {
            MethodKind::Constructor => out.constructors.push(id),
            MethodKind::Indexer => out.indexers.push(id),
            MethodKind::Method | MethodKind::Property => {
                out.named.entry(method.decl.name.name.clone()).or_default().push(id);
            }
        }
    }
    out
}

/// A map in which the first of several entries of one name counts.
fn first_of<T>(entries: impl Iterator<Item = (Name, T)>) -> Names<T> {
    let mut map = BTreeMap::new();
    for (name, value) in entries {
        map.entry(name).or_insert(value);
    }
    map
}
