//! Rules of schemas that constants break: every `new` and `with` whose fields are known is
//! looked at once all code has its types. How a rule is evaluated is in `evaluate`.

use std::rc::Rc;

use super::cx::Shared;
use super::errors::schemas::{self as errors, Broken};
use super::evaluate::{Evaluator, FUEL, Value};
use super::index;
use super::tables::{Call, Types};
use crate::diag::Diagnostic;

pub(super) fn check(shared: &Shared<'_>, types: &Types, problems: &mut Vec<Diagnostic>) {
    let program = shared.program;
    if program.records.iter().all(|it| it.rules.is_empty()) {
        return;
    }
    let mut fuel = FUEL;
    for (body, table) in types.bodies.iter() {
        for (id, call) in table.calls.iter() {
            let Call::NewRecord { record, fields } = call else { continue };
            if fuel == 0 {
                return;
            }
            let mut rules = index::records(program, *record).collect::<Vec<_>>();
            rules.reverse();
            let mut rules = rules.into_iter().flat_map(|it| &program.records[it].rules);
            let Some(first) = rules.next() else { continue };
            let mut evaluator = Evaluator::new(shared, types, fuel);
            if let Value::Record(known) = evaluator.constant(body, id) {
                let known = Rc::clone(&known);
                for rule in std::iter::once(first).chain(rules) {
                    let Some(throws) = evaluator.broken(*rule, &known) else { continue };
                    let values = evaluator.looked_at.iter().filter_map(|field| {
                        let value = known.get(field)?.clone();
                        let given = fields.iter().rev().find(|it| it.0 == *field);
                        Some((*field, value, given.map(|it| it.1)))
                    });
                    let values = values.collect();
                    let broken = Broken { record: *record, rule: *rule, throws, values };
                    problems.push(errors::broken(shared, (body, id), &broken));
                    break;
                }
            }
            fuel = evaluator.fuel;
        }
    }
}
