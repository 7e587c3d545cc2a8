//! Ids of everything that can be declared. They are numbered per program; ids of
//! expressions and locals are numbered per body.

crate::define_ids! {
    AgentId; ChannelId; PortId; DomainId; RecordId; EnumId; FieldId; MethodId; NativeId;
    SpaceId; ModuleId; ConstId; TypeParamId; BodyId;
    /// Within one body.
    ExprId;
    /// Within one body.
    LocalId;
    /// Within one body.
    LambdaId;
    /// Within one body.
    LocalFnId;
}
