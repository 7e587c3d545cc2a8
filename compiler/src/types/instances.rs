//! Instances of generic code: which lists of type arguments the program needs of each
//! generic item, found by following what every piece of code mentions. A list that grows
//! without end, or leads to more instances than anybody writes, is reported here; so are
//! types that cannot be sent and get there by way of a type parameter.

use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

use super::cx::Shared;
use super::errors::instances as errors;
use super::generics::{self, own};
use super::mentions::{Code, Mention, Mentions};
use super::tables::{Instance, Types};
use super::ty::Property;
use crate::diag::{Diagnostic, Severity};
use crate::hir::ty::Ty;
use crate::hir::*;
use crate::support::span::Span;

/// Type arguments of more parts than this only come from code that makes them grow.
const MAX_PARTS: usize = 200;

/// More instances than a program that is meant has.
const MAX_INSTANCES: usize = 10_000;

/// Follows all code of a program without errors; gives the instances with code.
pub(super) fn check(
    shared: &Shared<'_>,
    types: &Types,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Instance> {
    let mut found = Vec::new();
    let program = shared.program;
    let n_files = program.n_user_files;
    let generic = program.type_params.iter().any(|it| it.name.span.file.0 < n_files);
    if !generic || problems.iter().any(is_error) {
        return found;
    }
    let mentions = Mentions { shared, types };
    let mut search = Search {
        shared,
        mentions,
        known: HashMap::new(),
        seen: HashSet::new(),
        queue: VecDeque::new(),
    };
    for code in search.mentions.all() {
        if search.mentions.params(code).is_empty()
            && let Some(problem) = search.follow(code, &[], None)
        {
            problems.push(problem);
            return found;
        }
    }
    while let Some((code, args, origin)) = search.queue.pop_front() {
        if let Some(problem) = search.follow(code, &args, Some(origin)) {
            problems.push(problem);
            return found;
        }
        let bodies = bodies_of(program, code);
        if !bodies.is_empty() {
            found.push(Instance {
                bodies,
                params: params_of(program, code),
                args,
                origin,
            });
        }
    }
    found
}

/// The bodies that an instance runs.
fn bodies_of(program: &Program, code: Code) -> Vec<BodyId> {
    let (fields, method): (&[FieldId], _) = match code {
        Code::Agent(id) => (&program.agents[id].fields, program.agents[id].constructor),
        Code::Domain(id) => {
            (&program.domains[id].fields, program.domains[id].constructor)
        }
        Code::Record(id) => (&program.records[id].fields, None),
        Code::Method(id) => (&[], Some(id)),
        Code::Enum(_) | Code::Channel(_) => (&[], None),
    };
    let inits = fields.iter().filter_map(|it| program.fields[*it].init);
    let method = method.map(|it| &program.methods[it]);
    let of_method = method.into_iter().flat_map(|it| {
        let defaults = it.params.iter().filter_map(|it| it.default);
        defaults.chain(it.base_args.iter().flatten().copied()).chain(it.body)
    });
    inits.chain(of_method).collect()
}

fn is_error(it: &Diagnostic) -> bool {
    it.severity == Severity::Error
}

struct Search<'s, 'p> {
    shared: &'s Shared<'p>,
    mentions: Mentions<'s, 'p>,
    /// What each piece of code mentions, in terms of its type parameters.
    known: HashMap<Code, Rc<Vec<Mention>>>,
    seen: HashSet<(Code, Vec<Ty>)>,
    /// Instances, with the place in code without type parameters that needs them first.
    queue: VecDeque<(Code, Vec<Ty>, Span)>,
}

impl Search<'_, '_> {
    /// Finds the instances that one instance needs; gives what is wrong with one.
    fn follow(
        &mut self,
        code: Code,
        args: &[Ty],
        origin: Option<Span>,
    ) -> Option<Diagnostic> {
        let params = self.mentions.params(code);
        let found = match self.known.get(&code) {
            Some(found) => Rc::clone(found),
            None => {
                let found = Rc::new(self.mentions.of(code));
                self.known.insert(code, Rc::clone(&found));
                found
            }
        };
        for it in found.iter() {
            match it {
                Mention::Instance { code: next, args: of, span } => {
                    let of: Vec<Ty> =
                        of.iter().map(|it| it.substitute(&params, args)).collect();
                    let origin = origin.unwrap_or(*span);
                    if let Some(problem) = self.need(*next, of, *span, origin) {
                        return Some(problem);
                    }
                }
                Mention::Sent { ty, span } => {
                    let ty = ty.substitute(&params, args);
                    if origin.is_some() && !self.may_be_sent(&ty) {
                        return Some(errors::sent(self.shared, &ty, *span, origin));
                    }
                }
            }
        }
        None
    }

    fn need(
        &mut self,
        code: Code,
        args: Vec<Ty>,
        span: Span,
        origin: Span,
    ) -> Option<Diagnostic> {
        if args.iter().any(|it| generics::parts(it, MAX_PARTS).is_none()) {
            return Some(errors::grows(self.shared, code, span, origin));
        }
        let key = (code, args);
        if self.seen.contains(&key) {
            return None;
        }
        let (code, args) = key.clone();
        self.seen.insert(key);
        if self.seen.len() > MAX_INSTANCES {
            return Some(errors::too_many(
                self.shared,
                code,
                MAX_INSTANCES,
                span,
                origin,
            ));
        }
        if let Code::Channel(id) = code
            && let Some(problem) = self.port_of(id, &args, origin)
        {
            return Some(problem);
        }
        self.queue.push_back((code, args, origin));
        None
    }

    /// A port that could never carry what it is given.
    fn port_of(&self, id: ChannelId, args: &[Ty], origin: Span) -> Option<Diagnostic> {
        let program = self.shared.program;
        let channel = &program.channels[id];
        channel.ports.iter().find_map(|port| {
            let port = &program.ports[*port];
            port.types().find_map(|(ty, span)| {
                let ty = ty.substitute(&channel.type_params, args);
                let sendable = self.shared.has(&ty, Property::Sendable);
                (!sendable)
                    .then(|| errors::carries(self.shared, port, (&ty, span), origin))
            })
        })
    }

    /// Whether code that does not know the type may send its values: what a function value
    /// does is known only where it stands.
    fn may_be_sent(&self, ty: &Ty) -> bool {
        let mut function = false;
        generics::each(ty, &mut |it| function |= matches!(it, Ty::Func { .. }));
        !function && self.shared.has(ty, Property::Sendable)
    }
}

/// The type parameters of a piece of code, those of what it stands in first.
pub(super) fn params_of(program: &Program, code: Code) -> Vec<TypeParamId> {
    match code {
        Code::Record(id) => program.records[id].type_params.clone(),
        Code::Enum(id) => program.enums[id].type_params.clone(),
        Code::Channel(id) => program.channels[id].type_params.clone(),
        Code::Agent(id) => program.agents[id].type_params.clone(),
        Code::Domain(id) => program.domains[id].type_params.clone(),
        Code::Method(id) => {
            let method = &program.methods[id];
            let mut params = owner_params(program, method.decl.owner);
            params.extend(&method.type_params);
            params
        }
    }
}

/// The type parameters of what declares a method.
pub(super) fn owner_params(program: &Program, owner: item::Owner) -> Vec<TypeParamId> {
    match owner {
        item::Owner::Agent(id) => program.agents[id].type_params.clone(),
        item::Owner::Domain(id) => program.domains[id].type_params.clone(),
        item::Owner::Record(id) => program.records[id].type_params.clone(),
        _ => Vec::new(),
    }
}

/// The type arguments that a method sees in its own code.
pub(super) fn own_args(program: &Program, code: Code) -> Vec<Ty> {
    own(&params_of(program, code)).to_vec()
}
