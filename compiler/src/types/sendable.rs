//! What may cross a port (decisions 17, 96): payloads and replies of every port. Whether a
//! function value is pure, `isolation` knows.

use super::cx::Shared;
use super::ty::Property;
use crate::diag::{Code, Diagnostic};
use crate::hir::ty::Ty;

impl Shared<'_> {
    /// Reports ports whose payload or reply can never be sent.
    pub(super) fn check_ports(&self, problems: &mut Vec<Diagnostic>) {
        for port in self.program.ports.iter() {
            if port.span.file.0 >= self.program.n_user_files {
                continue;
            }
            let types = [Some(&port.payload), port.reply.as_ref()];
            for ty in types.into_iter().flatten() {
                if self.has(ty, Property::Sendable) && *ty != Ty::Void {
                    continue;
                }
                let text = self.show(ty);
                let name = &port.name.name;
                let problem = Diagnostic::error(
                    Code::NotSendable,
                    format!("port `{name}` carries `{text}`, which cannot be sent"),
                    port.payload_span,
                    format!("`{text}` stays in the domain that made it"),
                )
                .note("points, sources, targets and networks are not sendable");
                problems.push(problem);
            }
        }
    }
}
