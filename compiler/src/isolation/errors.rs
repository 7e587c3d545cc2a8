//! The problems of isolation and effects as diagnostics, one constructor each. It finds none.

use super::blame::{Facts, Trail};
use super::unit::FactKind;
use crate::diag::{Code, Diagnostic};
use crate::hir::item::{Access, Owner};
use crate::hir::*;
use crate::support::span::Span;

/// Labels of a chain of calls; a long one is cut in the middle.
const SHOWN_CALLS: usize = 6;

/// Who promised what, for effects in functions.
#[derive(Clone, Debug)]
pub(super) struct Promise {
    /// `function \`Sum\``, `the lambda`
    pub(super) who: String,
    /// The word or declaration that makes the promise, and what it says.
    pub(super) span: Span,
    pub(super) label: String,
}

impl Facts<'_> {
    /// Code of a direct effect in a function.
    pub(super) fn code_of(&self, fact: FactKind) -> Code {
        match fact {
            FactKind::Read(_) => Code::PureContext,
            FactKind::Write(_) | FactKind::WriteThis => Code::FunctionWrites,
            FactKind::Send
            | FactKind::SendOrWait(_)
            | FactKind::Create(_)
            | FactKind::Link
            | FactKind::Close
            | FactKind::Exit => Code::FunctionSends,
            FactKind::Receive | FactKind::Drain | FactKind::Yield => {
                Code::FunctionSuspends
            }
            FactKind::Native(method) => match &self.program.methods[method].native {
                Some(it) if it.suspends || it.receives => Code::FunctionSuspends,
                Some(it) if it.io => Code::FunctionIo,
                _ => Code::FunctionSends,
            },
        }
    }

    /// Adds the declaration of a field that a message names.
    fn declared(&self, diagnostic: Diagnostic, fact: FactKind) -> Diagnostic {
        match fact {
            FactKind::Read(field) | FactKind::Write(field) => {
                let data = &self.program.fields[field];
                let owner = self.owner(data.owner);
                let what = match data.owner {
                    Owner::Record(_) => "a field",
                    _ => "state",
                };
                diagnostic.label(
                    data.name.span,
                    format!("`{}` is {what} of {owner}", data.name.name),
                )
            }
            _ => diagnostic,
        }
    }

    /// What a declaration belongs to: "agent `Main`".
    fn owner(&self, owner: Owner) -> String {
        let program = self.program;
        let (kind, decl) = match owner {
            Owner::Agent(id) => ("agent", &program.agents[id].decl),
            Owner::Domain(id) => ("domain", &program.domains[id].decl),
            Owner::Channel(id) => ("channel", &program.channels[id].decl),
            Owner::Enum(id) => ("enum", &program.enums[id].decl),
            Owner::Native(id) => ("type", &program.natives[id].decl),
            Owner::Space(id) => ("namespace", &program.spaces[id].decl),
            Owner::Record(id) => {
                let record = &program.records[id];
                let kind = match record.kind {
                    item::RecordKind::Struct => "struct",
                    item::RecordKind::Schema | item::RecordKind::Exception => "schema",
                };
                (kind, &record.decl)
            }
            Owner::Namespace => return "the namespace".to_owned(),
        };
        format!("{kind} `{}`", decl.name.name)
    }

    /// A direct effect where a promise rules it out.
    pub(super) fn promise_broken(
        &self,
        promise: &Promise,
        span: Span,
        fact: FactKind,
    ) -> Diagnostic {
        let found = Diagnostic::error(
            self.code_of(fact),
            format!("{} {}", promise.who, self.does(fact)),
            span,
            self.label(fact),
        );
        self.declared(found.label(promise.span, promise.label.clone()), fact)
    }

    /// A call where a promise rules out what it leads to.
    pub(super) fn promise_broken_by_call(
        &self,
        code: Code,
        promise: &Promise,
        span: Span,
        callee: &str,
        trail: &Trail,
    ) -> Diagnostic {
        let end =
            trail.end.as_ref().map_or("breaks the promise", |(what, _)| what.as_str());
        let found = Diagnostic::error(
            code,
            format!("{} calls {callee}, which {}", promise.who, end),
            span,
            format!("{callee} is called here"),
        );
        trail_labels(found, callee, trail).label(promise.span, promise.label.clone())
    }

    /// A method of a schema without `function`.
    pub(super) fn schema_method(&self, method: MethodId) -> Diagnostic {
        let decl = &self.program.methods[method].decl;
        let owner = self.owner(decl.owner);
        Diagnostic::error(
            Code::SchemaEffect,
            format!("method `{}` of {owner} is no `function`", decl.name.name),
            decl.name.span,
            "schemas have only functions as members",
        )
        .help("write `function` before its return type")
    }

    /// Domain state used beyond what the agent's access allows.
    pub(super) fn domain_touched(
        &self,
        agent: AgentId,
        span: Span,
        writes: bool,
        what: &Touch<'_>,
    ) -> Diagnostic {
        let data = &self.program.agents[agent];
        let name = &data.decl.name.name;
        let (code, kind) = match data.access {
            Access::Reader => (Code::ReaderWrites, "reader agent"),
            Access::Neither | Access::Writer => (Code::NeitherTouches, "agent"),
        };
        let (does, label) = match what {
            Touch::Field(field) => {
                let verb = if writes { "writes" } else { "reads" };
                let owner = self.owner(self.program.fields[*field].owner);
                let does = format!("{verb} `{}` of {owner}", self.field(*field));
                let verb = if writes { "written" } else { "read" };
                (does, format!("`{}` is {verb} here", self.field(*field)))
            }
            Touch::Call(callee, trail) => {
                let end =
                    trail.end.as_ref().map_or("touches the domain", |(what, _)| what);
                (
                    format!("calls {callee}, which {end}"),
                    format!("{callee} is called here"),
                )
            }
        };
        let mut found =
            Diagnostic::error(code, format!("{kind} `{name}` {does}"), span, label);
        found = match what {
            Touch::Field(field) => self.declared(found, FactKind::Read(*field)),
            Touch::Call(callee, trail) => trail_labels(found, callee, trail),
        };
        match data.access_span {
            Some(word) if data.access == Access::Reader => found
                .label(word, "declared `reader` here")
                .fix("declare the agent `writer`", vec![(word, "writer".to_owned())]),
            // What to declare it depends on all that it does.
            _ => found.label(data.decl.name.span, "neither `reader` nor `writer`"),
        }
    }

    /// A derived agent with less access than its base.
    pub(super) fn weaker_than_base(&self, agent: AgentId, base: AgentId) -> Diagnostic {
        let data = &self.program.agents[agent];
        let base = &self.program.agents[base];
        let code = match data.access {
            Access::Reader => Code::ReaderWrites,
            Access::Neither | Access::Writer => Code::NeitherTouches,
        };
        let needed = if base.access == Access::Writer { "writer" } else { "reader" };
        let (name, base_name) = (&data.decl.name.name, &base.decl.name.name);
        Diagnostic::error(
            code,
            format!("agent `{name}` has less access than its base `{base_name}`"),
            data.decl.name.span,
            format!("runs inherited code that needs `{needed}`"),
        )
        .label(
            base.access_span.unwrap_or(base.decl.name.span),
            "the base is declared here",
        )
        .help(format!("declare the agent `{needed}`"))
    }

    /// A lambda changes a local of the code around it.
    pub(super) fn captured_assigned(
        &self,
        span: Span,
        name: &str,
        decl: Span,
    ) -> Diagnostic {
        Diagnostic::error(
            Code::CapturedAssigned,
            format!("lambda assigns `{name}`, which it captures"),
            span,
            "a copy of the value: lambdas capture by value",
        )
        .label(decl, format!("`{name}` is declared outside the lambda"))
        .help(format!("return the new value, or make `{name}` a field of the agent"))
    }

    /// A guard changes a local of the code around it.
    pub(super) fn assigned_in_guard(
        &self,
        span: Span,
        name: &str,
        decl: Span,
        receive: Span,
    ) -> Diagnostic {
        Diagnostic::error(
            Code::CapturedAssigned,
            format!("a guard assigns `{name}`"),
            span,
            "a copy of the value: guards see copies of the locals",
        )
        .label(receive, "may look at its guards any number of times")
        .label(decl, format!("`{name}` is declared outside the guard"))
    }

    /// A guard calls a local function that changes a local of the code around it.
    pub(super) fn assigned_by_call_in_guard(
        &self,
        span: Span,
        callee: &str,
        name: &str,
        assigned: Span,
    ) -> Diagnostic {
        Diagnostic::error(
            Code::CapturedAssigned,
            format!("a guard calls {callee}, which assigns `{name}`"),
            span,
            "runs on a copy of the locals, as guards do",
        )
        .label(assigned, format!("`{name}` is assigned here"))
    }

    /// A local function that yields changes a local of the code around it.
    pub(super) fn assigned_in_iterator(
        &self,
        span: Span,
        name: &str,
        decl: Span,
    ) -> Diagnostic {
        Diagnostic::error(
            Code::CapturedAssigned,
            format!("iterator assigns `{name}`, which it captures"),
            span,
            "a copy of the value: iterators capture by value",
        )
        .label(decl, format!("`{name}` is declared outside the iterator"))
        .help("declare a local inside, or collect a list")
    }

    /// A lambda calls a local function that changes locals around both.
    pub(super) fn captured_assigned_by(
        &self,
        span: Span,
        callee: &str,
        name: &str,
        assigned: Span,
    ) -> Diagnostic {
        Diagnostic::error(
            Code::CapturedAssigned,
            format!("lambda calls `{callee}`, which assigns `{name}`"),
            span,
            "runs on a copy of the locals: lambdas capture by value",
        )
        .label(assigned, format!("`{name}` is assigned here"))
        .help(format!("return the new value, or make `{name}` a field of the agent"))
    }

    /// A function value that waits: whoever calls it expects its result at once.
    pub(super) fn value_suspends(
        &self,
        span: Span,
        callee: &str,
        trail: &Trail,
    ) -> Diagnostic {
        let end = trail.end.as_ref().map_or("suspends", |(what, _)| what.as_str());
        let found = Diagnostic::error(
            Code::FunctionSuspends,
            format!("a call of this function value would wait: it {end}"),
            span,
            format!("{callee} is used as a value, and calls of values never wait"),
        );
        trail_labels(found, callee, trail)
            .help("make it a node of a network, or call the method where it is needed")
    }

    /// A function value that touches state is kept where other agents can call it.
    pub(super) fn value_kept_in_domain(
        &self,
        span: Span,
        field: FieldId,
        callee: &str,
        trail: &Trail,
    ) -> Diagnostic {
        let end = trail.end.as_ref().map_or("touches state", |(what, _)| what.as_str());
        let name = self.field(field);
        let found = Diagnostic::error(
            Code::NotSendable,
            format!("a function value that {end} may end up in domain field `{name}`"),
            span,
            "any agent of the domain could call it",
        )
        .label(
            self.program.fields[field].name.span,
            format!("`{name}` keeps function values of this type"),
        );
        trail_labels(found, callee, trail).note(
            "function values that a domain keeps touch no state of agents or domains",
        )
    }

    /// An initial value or a default argument waits.
    pub(super) fn value_waits(
        &self,
        place: &str,
        span: Span,
        trail: &Trail,
    ) -> Diagnostic {
        let found = Diagnostic::error(
            Code::FunctionSuspends,
            format!("{place} waits"),
            span,
            "is computed wherever a value is left out, and there nothing shows a wait",
        );
        trail_labels(found, "it", trail)
            .help("wait first, and give the result where the value is made")
    }

    /// A function value crosses a domain and is not pure.
    pub(super) fn value_not_sendable(
        &self,
        span: Span,
        callee: &str,
        way: Way,
        trail: &Trail,
    ) -> Diagnostic {
        let end = trail.end.as_ref().map_or("is not pure", |(what, _)| what.as_str());
        let by = match way {
            Way::Here => "here".to_owned(),
            Way::Thrown => "with the exception, if that escapes".to_owned(),
            Way::By(method, _) => format!("by way of `{}`", self.method(method)),
        };
        let mut found = Diagnostic::error(
            Code::NotSendable,
            format!("a function value that {} cannot be sent", end),
            span,
            format!("{callee} leaves the agent {by}"),
        );
        if let Way::By(_, sent) = way {
            found = found.label(sent, "sent here");
        }
        trail_labels(found, callee, trail)
            .note("only pure function values may cross a port or domain")
    }
}

/// What a pool of function values is called in messages.
pub(super) const STORED_VALUE: &str = "a stored function value";

/// How a function value leaves its agent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Here,
    /// As part of an exception.
    Thrown,
    /// A method sends what it is given, there.
    By(MethodId, Span),
}

/// How an agent touches domain state.
pub(super) enum Touch<'a> {
    Field(FieldId),
    /// Name of the callee and the way from there.
    Call(&'a str, &'a Trail),
}

/// Adds the calls between `callee` and the effect, and the effect itself.
fn trail_labels(found: Diagnostic, callee: &str, trail: &Trail) -> Diagnostic {
    let mut found = found;
    let mut caller = callee.to_owned();
    let n_calls = trail.calls.len();
    for (index, (name, span)) in trail.calls.iter().enumerate() {
        if index + 1 < SHOWN_CALLS || index + 1 == n_calls {
            let says = match &*caller {
                STORED_VALUE => format!("it may be {name}, stored here"),
                _ => format!("{caller} calls {name} here"),
            };
            found = found.label(*span, says);
        }
        caller.clone_from(name);
    }
    if let Some((what, span)) = &trail.end
        && *span != found.span()
    {
        found = found.label(*span, format!("{caller} {what} here"));
    }
    if n_calls > 1 {
        let names: Vec<&str> = std::iter::once(callee)
            .chain(trail.calls.iter().map(|(name, _)| name.as_str()))
            .collect();
        found = found.note(format!("the chain of calls: {}", names.join(", ")));
    }
    found
}

/// AX0807. `stops`: every point on the way holds its senders back; else, none of it lets go of a
/// message.
pub(super) fn cycle_of_links(
    name: &str,
    stops: bool,
    closing: Span,
    others: &[Span],
) -> Diagnostic {
    let (text, help) = match stops {
        true => (
            "the links of this cycle can all wait for each other, for ever",
            "let one of the points drop or refuse what is too much, or take without bounds",
        ),
        false => (
            "this cycle of links can only fill up: no message ever leaves it",
            "let a node on the way end messages, or take some of them out",
        ),
    };
    let label = match stops {
        true => format!("leads back to `{name}`, and is held back where that is full"),
        false => format!("leads back to `{name}`, which keeps everything"),
    };
    let found = Diagnostic::warning(Code::Cycle, text, closing, label);
    let found = others.iter().fold(found, |it, &span| it.label(span, "leads there"));
    found.help(help)
}
