//! The checked program to IR. Reads the resolved program and the tables of `types` and
//! `isolation`; writes the IR; reports nothing, for every program that reaches it is
//! correct. What cannot be reached from the entry agent is left out, and generic items
//! are lowered once for each list of type arguments.
//!
//! Reading order: `names` (what can be lowered), `ty`; the items (`agent`, `channel`,
//! `domain`, `record`, `enumeration`); `body` (the context of a function), `order`, `stmt`, `expr`
//! and their kin; last what runs over finished IR: `settle`, `liveness` and `hoist`.

mod access;
mod agent;
mod assign;
mod binding;
mod body;
mod breath;
mod build;
mod call;
mod capture;
mod channel;
mod coerce;
mod convert;
mod create;
mod depth;
mod domain;
mod early;
mod enumeration;
mod escape;
mod exception;
mod expr;
mod foreign;
mod format;
mod free;
mod function;
mod guard;
mod handling;
mod hoist;
mod iterators;
mod json;
mod lambda;
mod lending;
mod literal;
mod liveness;
mod local_fn;
mod matching;
mod names;
mod native;
mod network;
mod node;
mod null_chain;
mod operator;
mod order;
mod pattern;
mod place;
mod protocol;
mod receive;
mod record;
mod rewrite;
mod send;
mod sequence;
mod settle;
mod shown;
mod stable;
mod stmt;
mod switch;
mod ty;
mod unwind;
mod uses;
mod walk;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

use crate::diag::texts::Texts;
use crate::foreign::tables::Foreign;
use crate::hir::{self, MethodId};
use crate::ir::{self, ItemRef, Line};
use crate::isolation::tables::Effects;
use crate::support::{Name, span::FileId, span::Span};
use crate::types::tables::{BodyTypes, Types};

use names::{HostKey, Key};

/// Lowers a program without errors.
#[must_use]
pub fn lower(
    program: &hir::Program,
    types: &Types,
    effects: &Effects,
    foreign: &Foreign,
    texts: &Texts,
) -> ir::Program {
    let (no_body, no_types) = (hir::body::Body::empty(), BodyTypes::default());
    let mut cx = Lower {
        program,
        types,
        effects,
        foreign,
        texts,
        no_body: &no_body,
        no_types: &no_types,
        keys: HashMap::new(),
        taken: HashSet::new(),
        names: Vec::new(),
        shown: Vec::new(),
        local_methods: BTreeSet::new(),
        queue: VecDeque::new(),
        modules: Vec::new(),
        items: Vec::new(),
        port_uses: Vec::new(),
        answers: ty::Answers::default(),
        creators: create::creators(program, types),
    };
    let entry = match program.entry {
        Some(agent) => Some(cx.entry(agent)),
        None => {
            cx.everything();
            None
        }
    };
    while let Some((name, key)) = cx.queue.pop_front() {
        cx.item(name, &key);
    }
    cx.finish(entry)
}

/// The state of one lowering.
struct Lower<'a> {
    program: &'a hir::Program,
    types: &'a Types,
    effects: &'a Effects,
    foreign: &'a Foreign,
    texts: &'a Texts,
    /// Agents whose code may come to create agents.
    creators: BTreeSet<hir::AgentId>,
    /// What functions read that have no code of their own.
    no_body: &'a hir::body::Body,
    no_types: &'a BodyTypes,
    keys: HashMap<Key, ItemRef>,
    /// Names of methods of records that got them from type arguments.
    taken: HashSet<(hir::RecordId, hir::ty::Args, Name)>,
    names: Vec<Vec<Name>>,
    /// The same names as reports show them.
    shown: Vec<String>,
    /// Names of local functions that became methods.
    local_methods: BTreeSet<Vec<Name>>,
    queue: VecDeque<(ItemRef, Key)>,
    /// Rust files of which something is used.
    modules: Vec<hir::ModuleId>,
    items: Vec<Done>,
    port_uses: Vec<ir::PortUse>,
    answers: ty::Answers,
}

/// A finished item with what decides its place in the output.
struct Done {
    library: bool,
    span: Span,
    item: ir::Item,
}

impl<'a> Lower<'a> {
    /// The name of an item; it is lowered later if this is the first use.
    fn need(&mut self, key: Key) -> ItemRef {
        if let Some(&name) = self.keys.get(&key) {
            return name;
        }
        let parts = self.unique_method(&key, self.name_parts(&key));
        let shown = self.shown(&key);
        let name = self.new_name(parts, shown);
        self.keys.insert(key.clone(), name);
        self.queue.push_back((name, key));
        name
    }

    fn new_name(&mut self, parts: Vec<Name>, shown: String) -> ItemRef {
        self.names.push(parts);
        self.shown.push(shown);
        ItemRef(u32::try_from(self.names.len() - 1).expect("fewer than 2^32 items"))
    }

    /// Adds an item that has no declaration of its own kind.
    fn add_at(&mut self, (library, span): (bool, Span), item: ir::Item) {
        self.items.push(Done { library, span, item });
    }

    fn is_library(&self, file: FileId) -> bool {
        file.0 >= self.program.n_user_files
    }

    fn local_fn_head(&self, it: &hir::body::LocalFn) -> String {
        let text = self.texts.text(it.name.span.file);
        let line = self.line(it.name.span).line as usize;
        let written = text.lines().nth(line.saturating_sub(1)).unwrap_or("").trim();
        let end = written.find(['{', ';']).unwrap_or(written.len());
        let end = written.find("=>").map_or(end, |arrow| arrow.min(end));
        written[..end].trim().to_owned()
    }

    fn add(&mut self, name: ItemRef, decl: &hir::item::Decl, kind: ir::ItemKind) {
        let item = ir::Item {
            name,
            line: self.line(decl.name.span),
            head: self.head(decl.span),
            kind,
        };
        self.items.push(Done { library: decl.library, span: decl.name.span, item });
    }

    fn item(&mut self, name: ItemRef, key: &Key) {
        match key {
            Key::Channel(id, args) => self.channel(name, *id, args),
            Key::Agent(id, args) => self.agent(name, *id, args),
            Key::Domain(id, args) => self.domain(name, *id, args),
            Key::Record(id, args) => self.record(name, *id, args),
            Key::Enum(id, args) => self.enumeration(name, *id, args),
            Key::CreateAgent(id, args) => self.create_agent(name, *id, args),
            Key::RunAgent(id, args) => self.run_agent(name, *id, args),
            Key::RunBase { agent, args, base } => {
                self.run_base(name, *agent, args, *base);
            }
            Key::CreateDomain(id, args) => self.create_domain(name, *id, args),
            Key::InitDomain(id, args) => self.init_domain(name, *id, args),
            Key::Method { method, host, args } => {
                self.method(name, *method, host, args);
            }
            Key::CheckRules(id, args) => self.check_rules(name, *id, args),
            Key::Coerce(id, args) => self.coercion(name, *id, args),
            Key::Json { ty, reads } => self.json(name, ty, *reads),
            Key::Const(id) => self.constant_fn(name, *id),
            Key::Opaque(id) => self.opaque(name, *id),
            Key::Bridge { module, ty } => self.bridge(name, *module, ty),
            Key::Guard { channel, args, number } => {
                self.guard(name, *channel, args, *number);
            }
        }
    }

    /// Without an entry agent everything of the user's own that is not generic.
    fn everything(&mut self) {
        let program = self.program;
        for (id, agent) in program.agents.enumerate() {
            if !agent.decl.library && agent.type_params.is_empty() {
                self.need(Key::CreateAgent(id, [].into()));
                let methods = agent.methods.iter().copied();
                let plain = |it: &MethodId| program.methods[*it].type_params.is_empty();
                for method in methods.filter(plain) {
                    let (host, args) = (HostKey::Agent(id, [].into()), [].into());
                    self.need(Key::Method { method, host, args });
                }
            }
        }
        for (id, record) in program.records.enumerate() {
            if record.decl.library || !record.type_params.is_empty() {
                continue;
            }
            self.need(Key::Record(id, [].into()));
            let methods = record.methods.iter().copied();
            let plain = |it: &MethodId| program.methods[*it].type_params.is_empty();
            for method in methods.filter(plain) {
                let (host, args) = (HostKey::Record(id, [].into()), [].into());
                self.need(Key::Method { method, host, args });
            }
        }
        for (id, it) in program.enums.enumerate() {
            if !it.decl.library && it.type_params.is_empty() {
                self.need(Key::Enum(id, [].into()));
            }
        }
        for (method, it) in program.methods.enumerate() {
            let free = it.decl.owner == hir::item::Owner::Namespace;
            let foreign = it.native.as_ref().is_some_and(|it| it.module.is_some());
            let written = it.body.is_some() || foreign;
            if free && it.type_params.is_empty() && written && !it.decl.library {
                self.need(Key::Method { method, host: HostKey::Free, args: [].into() });
            }
        }
    }

    fn finish(mut self, entry: Option<ir::Entry>) -> ir::Program {
        self.items.sort_by_key(|it| (it.library, it.span.file, it.span.lo));
        let n_files =
            self.items.iter().map(|it| it.item.line.file + 1).max().unwrap_or(0);
        let n_files = n_files.max(self.program.n_user_files);
        let files =
            (0..n_files).map(|it| self.texts.name(FileId(it)).to_owned()).collect();
        let (port_uses, modules) = (self.finished_port_uses(), self.all_modules());
        let items = self.items.into_iter().map(|it| it.item).collect();
        let (names, shown) = (self.names, self.shown);
        let mut program =
            ir::Program { files, names, shown, items, port_uses, entry, modules };
        settle::settle(&mut program);
        let structs = hoist::structs(&program.items);
        for item in &mut program.items {
            if let ir::ItemKind::Function(function) = &mut item.kind {
                liveness::function(function);
                hoist::function(function, &structs);
                lending::function(function);
                breath::function(function);
            }
        }
        program
    }

    /// The line of a span's beginning.
    fn line(&self, span: Span) -> Line {
        let line = self.texts.line_of(span.file, span.lo);
        Line { file: span.file.0, line: u32::try_from(line).unwrap_or(u32::MAX) }
    }

    /// The source text of a span.
    fn text(&self, span: Span) -> &'a str {
        let text = self.texts.text(span.file);
        text.get(span.lo as usize..span.hi as usize).unwrap_or("")
    }

    /// A declaration as written, up to its body, on one line.
    fn head(&self, span: Span) -> String {
        let text = self.text(span);
        let without_docs = text.lines().map(str::trim);
        let mut head = String::new();
        for line in without_docs.filter(|it| !it.starts_with("//")) {
            let end = line.find(['{', ';']).unwrap_or(line.len());
            let end = line.find("=>").map_or(end, |arrow| arrow.min(end));
            if !head.is_empty() {
                head.push(' ');
            }
            head.push_str(line[..end].trim());
            if end < line.len() {
                break;
            }
        }
        head.truncate(head.trim_end().len());
        head
    }

    /// What `method` means when `agent` runs it: the override nearest to the agent.
    fn overriding(&self, agent: hir::AgentId, method: MethodId) -> MethodId {
        let name = &self.program.methods[method].decl.name.name;
        if self.program.methods[method].overridable == hir::item::Overridable::No {
            return method;
        }
        let mut at = Some(agent);
        while let Some(id) = at {
            let agent = &self.program.agents[id];
            let own = agent.methods.iter().copied();
            let mut same =
                own.filter(|it| self.program.methods[*it].decl.name.name == *name);
            if let Some(found) = same.next() {
                return found;
            }
            at = agent.base;
        }
        method
    }
}

#[cfg(test)]
mod tests;
