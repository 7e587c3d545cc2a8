//! Conversions: which values take another type without being asked, and which by a cast.
//! It reports nothing; `cx` and `errors` do.

use super::cx::Shared;
use super::index;
use super::tables::{Constant, Conversion};
use super::ty::{Property, int_range, is_generic_number, is_numeric, without_states};
use crate::hir::item::RecordKind;
use crate::hir::ty::{IntTy, Ty};
use crate::hir::*;

/// How a value fits where a type is wanted.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fit {
    /// It has the type.
    Same,
    By(Conversion),
    No,
}

impl Fit {
    pub(super) fn fits(&self) -> bool {
        *self != Fit::No
    }
    /// The same, then `next`.
    fn then(self, next: Conversion) -> Self {
        match self {
            Fit::Same => Fit::By(next),
            Fit::By(first) => Fit::By(Conversion::Then(Box::new(first), Box::new(next))),
            Fit::No => Fit::No,
        }
    }
}

/// The state that a type `C@State` asks of an end of the channel.
fn wanted_state(from: &Ty, to: &Ty) -> Option<usize> {
    match (from, to) {
        (Ty::Using(id, args, _), Ty::Using(wanted, given, Some(state)))
        | (Ty::Impl(id, args, _), Ty::Impl(wanted, given, Some(state)))
            if id == wanted && args == given =>
        {
            Some(*state)
        }
        _ => None,
    }
}

impl Shared<'_> {
    /// The implicit conversion of a value of type `from`, which is `constant` if that is
    /// known, to `to`.
    pub(super) fn implicit(
        &self,
        from: &Ty,
        to: &Ty,
        constant: Option<&Constant>,
    ) -> Fit {
        if let Some(state) = wanted_state(from, to) {
            return Fit::By(Conversion::AtState(state));
        }
        if from == to || from.is_error() || to.is_error() {
            return Fit::Same;
        }
        match (from, to) {
            (Ty::Never, _) | (_, Ty::Infer(_)) => Fit::Same,
            (_, Ty::Any) if self.has(from, Property::Printable) => Fit::Same,
            (Ty::Null, Ty::Nullable(_)) => Fit::By(Conversion::Null { to: to.clone() }),
            (Ty::Nullable(_), Ty::Nullable(wanted)) if *from == **wanted => {
                Fit::By(Conversion::ToNullable)
            }
            (Ty::Nullable(inner), Ty::Nullable(wanted)) => {
                match self.implicit(inner, wanted, None) {
                    Fit::By(it) => Fit::By(Conversion::Inside(Box::new(it))),
                    other => other,
                }
            }
            (_, Ty::Nullable(wanted)) => {
                self.implicit(from, wanted, constant).then(Conversion::ToNullable)
            }
            (Ty::Int(_), Ty::Param(_))
                if matches!(constant, Some(Constant::Int(0 | 1)))
                    && is_generic_number(self.program, &self.properties, to) =>
            {
                Fit::By(Conversion::Constant { to: to.clone() })
            }
            (Ty::Int(have), Ty::Int(want))
                if constant_converts(*have, *want) && fits_constant(to, constant) =>
            {
                Fit::By(Conversion::Constant { to: to.clone() })
            }
            _ if is_numeric(from) && is_numeric(to) => {
                if widens(from, to) {
                    Fit::By(numeric(from, to, false))
                } else {
                    Fit::No
                }
            }
            (Ty::Tuple(have), Ty::Tuple(want)) if have.len() == want.len() => {
                let fits = have.iter().zip(want.iter());
                all_parts(fits.map(|(a, b)| self.implicit(&a.ty, &b.ty, None)))
            }
            (Ty::Record(id, args), Ty::Record(base, base_args)) => {
                self.to_base((*id, args), (*base, base_args))
            }
            _ if without_states(from) == without_states(to) => Fit::Same,
            (Ty::Using(id, args, _), Ty::Using(base, base_args, _))
            | (Ty::Impl(id, args, _), Ty::Impl(base, base_args, _)) => {
                match self.steps_to_base((*id, args), (*base, base_args)) {
                    Some(n_steps) => {
                        Fit::By(Conversion::ToBaseChannel { to: to.clone(), n_steps })
                    }
                    None => Fit::No,
                }
            }
            (_, Ty::Native(id, args)) => self.to_native(from, *id, args),
            _ => Fit::No,
        }
    }

    /// Conversions to `ISource<T>`, `ITarget<T>`, `ISourceAndTarget<T>` and `INetwork`.
    fn to_native(&self, from: &Ty, id: NativeId, args: &[Ty]) -> Fit {
        let lang = &self.program.lang;
        let id = Some(id);
        if id == lang.network {
            return match from {
                Ty::Native(have, _) if Some(*have) == lang.network => {
                    Fit::By(Conversion::ToNetwork)
                }
                _ => Fit::No,
            };
        }
        let Some(wanted) = args.first() else { return Fit::No };
        if id == lang.sequence {
            return match self.iterated(from) {
                Some(element) if element == *wanted => Fit::By(Conversion::ToSequence),
                _ => Fit::No,
            };
        }
        if id == lang.both {
            let both = self.source_element(from).zip(self.target_element(from));
            return match both {
                Some((out, into)) if out == *wanted && into == *wanted => {
                    Fit::By(Conversion::ToBoth)
                }
                _ => Fit::No,
            };
        }
        if id == lang.source {
            if let Some(port) = self.end_port(from, PortUse::Receive) {
                let payload = self.port_payload(from, port);
                let fits = payload == *wanted && self.program.ports[port].reply.is_none();
                return if fits {
                    Fit::By(Conversion::EndToSource(port))
                } else {
                    Fit::No
                };
            }
            if self.source_element(from).as_ref() == Some(wanted) {
                return Fit::By(Conversion::ToSource);
            }
        }
        if id == lang.target {
            if let Some(port) = self.end_port(from, PortUse::Send) {
                let payload = self.port_payload(from, port);
                let fits = payload == *wanted && self.program.ports[port].reply.is_none();
                return if fits {
                    Fit::By(Conversion::EndToTarget(port))
                } else {
                    Fit::No
                };
            }
            if self.target_element(from).as_ref() == Some(wanted) {
                return Fit::By(Conversion::ToTarget);
            }
        }
        Fit::No
    }

    /// How many times a channel is derived from another. An end of a channel with a protocol
    /// stays what it is: the conversation has one owner, who has to see its states.
    fn steps_to_base(
        &self,
        (id, args): (ChannelId, &[Ty]),
        (base, base_args): (ChannelId, &[Ty]),
    ) -> Option<usize> {
        for (n_steps, it) in index::channels(self.program, id).enumerate() {
            if !self.program.channels[it].states.is_empty() {
                return None;
            }
            if it == base {
                let args = self.program.channel_args(id, args, base);
                return (*args == *base_args).then_some(n_steps);
            }
        }
        None
    }

    /// What a cast does. `None` where there is no such cast.
    pub(super) fn explicit(
        &self,
        from: &Ty,
        to: &Ty,
        constant: Option<&Constant>,
        checked: bool,
    ) -> Option<Conversion> {
        match self.implicit(from, to, constant) {
            Fit::Same => return Some(Conversion::Identity),
            Fit::By(it) => return Some(it),
            Fit::No => {}
        }
        match (from, to) {
            _ if is_numeric(from) && is_numeric(to) => Some(numeric(from, to, checked)),
            (Ty::Enum(id, _), _) if is_numeric(to) && self.is_plain_enum(*id) => {
                let to_int = Conversion::EnumToInt;
                Some(match to {
                    Ty::Int(IntTy::Int) => to_int,
                    _ => Conversion::Then(
                        Box::new(to_int),
                        Box::new(numeric(&Ty::INT, to, checked)),
                    ),
                })
            }
            (_, Ty::Enum(id, _)) if is_numeric(from) && self.is_plain_enum(*id) => {
                let to_enum = Conversion::IntToEnum(*id);
                Some(match from {
                    Ty::Int(IntTy::Int) => to_enum,
                    _ => Conversion::Then(
                        Box::new(numeric(from, &Ty::INT, checked)),
                        Box::new(to_enum),
                    ),
                })
            }
            (Ty::Nullable(inner), Ty::Nullable(wanted)) => {
                let inside = self.explicit(inner, wanted, None, checked)?;
                Some(Conversion::Inside(Box::new(inside)))
            }
            (Ty::Nullable(inner), _) => match self.explicit(inner, to, None, checked)? {
                Conversion::Identity => Some(Conversion::Unwrap),
                next => {
                    Some(Conversion::Then(Box::new(Conversion::Unwrap), Box::new(next)))
                }
            },
            (_, Ty::Nullable(wanted)) => {
                let first = self.explicit(from, wanted, constant, checked)?;
                Some(Conversion::Then(Box::new(first), Box::new(Conversion::ToNullable)))
            }
            _ => None,
        }
    }

    /// An enum whose cases carry nothing: only those are numbered.
    fn is_plain_enum(&self, id: EnumId) -> bool {
        self.program.enums[id].cases.iter().all(|it| it.payload.is_empty())
    }

    /// What comes out of a value that is a source: `T` of `ISource<T>`, of points and
    /// networks. Channel ends are not asked here.
    pub(super) fn source_element(&self, ty: &Ty) -> Option<Ty> {
        let lang = &self.program.lang;
        let Ty::Native(id, args) = ty else { return None };
        if Some(*id) == lang.network {
            return args.first().filter(|it| **it != Ty::Void).cloned();
        }
        self.element(*id, args, &[lang.source, lang.both], 0)
    }

    /// What goes into a value that is a target.
    pub(super) fn target_element(&self, ty: &Ty) -> Option<Ty> {
        let lang = &self.program.lang;
        let Ty::Native(id, args) = ty else { return None };
        self.element(*id, args, &[lang.target, lang.both], 0)
    }

    fn element(
        &self,
        id: NativeId,
        args: &[Ty],
        wanted: &[Option<NativeId>],
        depth: usize,
    ) -> Option<Ty> {
        if wanted.contains(&Some(id)) {
            return args.first().cloned();
        }
        let native = &self.program.natives[id];
        // Library types form no deep hierarchy; the bound only ends a cycle.
        if depth > 8 {
            return None;
        }
        native.bases.iter().find_map(|base| {
            match base.substitute(&native.type_params, args) {
                Ty::Native(id, args) => self.element(id, &args, wanted, depth + 1),
                _ => None,
            }
        })
    }

    /// The one port of a channel end that can be used so, if there is exactly one.
    pub(super) fn end_port(&self, ty: &Ty, how: PortUse) -> Option<PortId> {
        match self.fitting_ports(ty, how).as_slice() {
            [port] => Some(*port),
            _ => None,
        }
    }

    /// Ports of a channel end that can be used so; empty for what is no end.
    pub(super) fn fitting_ports(&self, ty: &Ty, how: PortUse) -> Vec<PortId> {
        let (channel, end) = match ty {
            Ty::Using(id, ..) => (*id, End::Using),
            Ty::Impl(id, ..) => (*id, End::Impl),
            _ => return Vec::new(),
        };
        let ports = index::channel_ports(self.program, channel).into_iter();
        ports.filter(|it| self.port_use(*it, end) == how).collect()
    }

    /// What an end does with a port.
    pub(super) fn port_use(&self, port: PortId, end: End) -> PortUse {
        match (self.program.ports[port].direction, end) {
            (item::Direction::Input, End::Using)
            | (item::Direction::Output, End::Impl) => PortUse::Send,
            (item::Direction::Input, End::Impl)
            | (item::Direction::Output, End::Using) => PortUse::Receive,
        }
    }

    /// The payload of a port of this end, its type arguments put in.
    pub(super) fn port_payload(&self, end: &Ty, port: PortId) -> Ty {
        self.for_end(end, port, &self.program.ports[port].payload)
    }

    /// The reply of a request port of this end.
    pub(super) fn port_reply(&self, end: &Ty, port: PortId) -> Option<Ty> {
        self.program.ports[port].reply.as_ref().map(|it| self.for_end(end, port, it))
    }

    fn for_end(&self, end: &Ty, port: PortId, ty: &Ty) -> Ty {
        match end {
            Ty::Using(id, args, _) | Ty::Impl(id, args, _) => {
                let owner = self.program.ports[port].channel;
                let args = self.program.channel_args(*id, args, owner);
                ty.substitute(&self.program.channels[owner].type_params, &args)
            }
            _ => ty.clone(),
        }
    }

    /// Whether the type is a schema that derives `Exception`.
    pub(super) fn is_exception(&self, id: RecordId) -> bool {
        self.program.records[id].kind == RecordKind::Exception
    }
}

/// Which end of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Using,
    Impl,
}

/// What an end does with a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PortUse {
    Send,
    Receive,
}

fn all_parts(fits: impl Iterator<Item = Fit>) -> Fit {
    let mut parts = Vec::new();
    for fit in fits {
        match fit {
            Fit::Same => parts.push(None),
            Fit::By(it) => parts.push(Some(it)),
            Fit::No => return Fit::No,
        }
    }
    if parts.iter().all(Option::is_none) {
        Fit::Same
    } else {
        Fit::By(Conversion::Tuple(parts))
    }
}

pub(super) fn numeric(from: &Ty, to: &Ty, checked: bool) -> Conversion {
    Conversion::Numeric { from: from.clone(), to: to.clone(), checked }
}

/// Whether constants of one integer type convert to another that holds them, as in C#.
fn constant_converts(from: IntTy, to: IntTy) -> bool {
    from == IntTy::Int || (from == IntTy::Long && to == IntTy::ULong)
}

/// Whether an integer constant is in the range of the integer type `to`.
pub(super) fn fits_constant(to: &Ty, constant: Option<&Constant>) -> bool {
    match (to, constant) {
        (Ty::Int(int), Some(Constant::Int(value))) => {
            let (low, high) = int_range(*int);
            (low..=high).contains(value)
        }
        _ => false,
    }
}

/// Whether every value of the numeric type `from` has its place in `to`, as in C#.
pub(super) fn widens(from: &Ty, to: &Ty) -> bool {
    match (from, to) {
        (Ty::Int(_) | Ty::Char, Ty::Float | Ty::Double | Ty::Decimal)
        | (Ty::Float, Ty::Double) => true,
        (Ty::Int(from), Ty::Int(to)) => {
            let ((low, high), (to_low, to_high)) = (int_range(*from), int_range(*to));
            to_low <= low && high <= to_high
        }
        // A character is a Unicode scalar value and needs more than 16 bits.
        (Ty::Char, Ty::Int(to)) => {
            matches!(to, IntTy::Int | IntTy::UInt | IntTy::Long | IntTy::ULong)
        }
        _ => false,
    }
}
