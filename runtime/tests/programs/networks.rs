use crate::support::Program;
pub(crate) fn programs() -> Vec<Program> {
    vec![]
}
