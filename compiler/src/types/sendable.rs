//! What may cross a port (decisions 17, 96): payloads and replies of every port, and the fields
//! of exceptions. Whether a function value is pure, `isolation` knows.

use super::cx::Shared;
use super::ty::Property;
use crate::diag::{Code, Diagnostic};

impl Shared<'_> {
    /// Reports ports whose payload or reply can never be sent.
    pub(super) fn check_ports(&self, problems: &mut Vec<Diagnostic>) {
        for port in self.program.ports.iter() {
            for (ty, span) in port.types() {
                if self.has(ty, Property::Sendable) {
                    continue;
                }
                let text = self.show(ty);
                let name = &port.name.name;
                let problem = Diagnostic::error(
                    Code::NotSendable,
                    format!("port `{name}` carries `{text}`, which cannot be sent"),
                    span,
                    format!("`{text}` stays in the domain that made it"),
                )
                .note("points, sources, targets and networks are not sendable");
                problems.push(problem);
            }
        }
    }

    /// Reports fields of exceptions that cannot be sent: one that escapes an agent goes to others.
    pub(super) fn check_exceptions(&self, problems: &mut Vec<Diagnostic>) {
        let exceptions = self.program.records.enumerate();
        for (_, record) in exceptions.filter(|(id, _)| self.is_exception(*id)) {
            for field in record.fields.iter().map(|it| &self.program.fields[*it]) {
                if self.has(&field.ty, Property::Sendable) {
                    continue;
                }
                let text = self.show(&field.ty);
                let (name, owner) = (&field.name.name, &record.decl.name);
                let problem = Diagnostic::error(
                    Code::NotSendable,
                    format!(
                        "exception `{}` carries `{text}`, which cannot be sent",
                        owner.name
                    ),
                    field.ty_span,
                    format!("`{name}` stays in the domain that made it"),
                )
                .note("an exception that escapes an agent is told to others")
                .note("points, sources, targets and networks are not sendable");
                problems.push(problem);
            }
        }
    }
}
