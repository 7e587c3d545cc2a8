//! Types. They are compared structurally; sharing inside is by `Rc`. It does not hold the
//! rules of conversion (`types::convert`) or spelling (`types::show`).

use std::rc::Rc;

use super::ids::*;
use crate::support::Name;

/// Integer types by width and sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntTy {
    SByte,
    Short,
    Int,
    Long,
    Byte,
    UShort,
    UInt,
    ULong,
}

impl IntTy {
    /// The type of Rust with the same values.
    #[must_use]
    pub fn in_rust(self) -> &'static str {
        match self {
            Self::SByte => "i8",
            Self::Short => "i16",
            Self::Int => "i32",
            Self::Long => "i64",
            Self::Byte => "u8",
            Self::UShort => "u16",
            Self::UInt => "u32",
            Self::ULong => "u64",
        }
    }
}

/// A type. `Error` stands for one that was reported and agrees with everything.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    Error,
    Void,
    /// The type of `throw` expressions and of calls that never return.
    Never,
    /// The type of `null` before it is known.
    Null,
    /// Parameter type of library functions that take any printable value.
    Any,
    Bool,
    Char,
    String,
    Int(IntTy),
    Float,
    Double,
    Decimal,
    Duration,
    Signal,
    /// `1..3` and `^1` in an index.
    Range,
    Index,
    Array(Rc<Ty>),
    Nullable(Rc<Ty>),
    Tuple(Rc<[TupleElement]>),
    Func {
        params: Rc<[Ty]>,
        returns: Rc<Ty>,
    },
    Record(RecordId, Args),
    Enum(EnumId, Args),
    /// A library type: `List<T>`, points, `ISource<T>`, `INetwork`.
    Native(NativeId, Args),
    Param(TypeParamId),
    /// The using end of a channel, with the state of `C@State` if written.
    Using(ChannelId, Args, Option<usize>),
    /// The implementing end, `Impl<C>`.
    Impl(ChannelId, Args, Option<usize>),
    /// `Request<T, R>`
    Request(Rc<Ty>, Rc<Ty>),
    /// A handle of a domain instance.
    Domain(DomainId, Args),
    /// An inference variable; only inside `types`.
    Infer(u32),
}

/// Type arguments.
pub type Args = Rc<[Ty]>;

/// How many elements a tuple has at most.
pub const MAX_TUPLE: usize = 12;

#[derive(Clone, Debug)]
pub struct TupleElement {
    /// Names do not matter for equality of types.
    pub name: Option<Name>,
    pub ty: Ty,
}

impl PartialEq for TupleElement {
    fn eq(&self, other: &Self) -> bool {
        self.ty == other.ty
    }
}

impl Eq for TupleElement {}

impl std::hash::Hash for TupleElement {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.ty.hash(state);
    }
}

impl Ty {
    /// `int`
    pub const INT: Self = Self::Int(IntTy::Int);

    /// `T[]`
    #[must_use]
    pub fn array(element: Self) -> Self {
        Self::Array(Rc::new(element))
    }
    /// `T?`; a nullable type stays what it is.
    #[must_use]
    pub fn nullable(inner: Self) -> Self {
        match inner {
            Self::Nullable(_) | Self::Error | Self::Null => inner,
            other => Self::Nullable(Rc::new(other)),
        }
    }
    /// A tuple without element names.
    #[must_use]
    pub fn tuple(elements: impl IntoIterator<Item = Self>) -> Self {
        Self::Tuple(
            elements.into_iter().map(|ty| TupleElement { name: None, ty }).collect(),
        )
    }
    /// Whether it was reported already.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error)
    }
    /// Replaces type parameters: `params[i]` becomes `args[i]`.
    #[must_use]
    pub fn substitute(&self, params: &[TypeParamId], args: &[Self]) -> Self {
        if params.is_empty() {
            return self.clone();
        }
        let all = |tys: &Args| tys.iter().map(|ty| ty.substitute(params, args)).collect();
        match self {
            Self::Param(id) => match params.iter().position(|it| it == id) {
                Some(at) => args.get(at).cloned().unwrap_or(Self::Error),
                None => self.clone(),
            },
            Self::Array(it) => Self::array(it.substitute(params, args)),
            // A `T?` is nullable twice where `T` is: the code knows nothing of what `T` is.
            Self::Nullable(it) => match it.substitute(params, args) {
                error @ (Self::Error | Self::Null) => error,
                inner => Self::Nullable(Rc::new(inner)),
            },
            Self::Tuple(elements) => Self::Tuple(
                elements
                    .iter()
                    .map(|it| TupleElement {
                        name: it.name.clone(),
                        ty: it.ty.substitute(params, args),
                    })
                    .collect(),
            ),
            Self::Func { params: inputs, returns } => Self::Func {
                params: all(inputs),
                returns: Rc::new(returns.substitute(params, args)),
            },
            Self::Record(id, it) => Self::Record(*id, all(it)),
            Self::Enum(id, it) => Self::Enum(*id, all(it)),
            Self::Native(id, it) => Self::Native(*id, all(it)),
            Self::Using(id, it, state) => Self::Using(*id, all(it), *state),
            Self::Impl(id, it, state) => Self::Impl(*id, all(it), *state),
            Self::Domain(id, it) => Self::Domain(*id, all(it)),
            Self::Request(value, reply) => Self::Request(
                Rc::new(value.substitute(params, args)),
                Rc::new(reply.substitute(params, args)),
            ),
            other => other.clone(),
        }
    }
}
