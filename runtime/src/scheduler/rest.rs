//! The report of a program that is at rest while somebody waits: each wait, who could have
//! ended it and what that one does instead, and who waits for whom in a circle.
//! And what becomes of the program then. It does not decide when a program is at rest.
//!
//! Waits that read the same are one line with their number, and the lines are in order: the
//! report depends on the program's state only, not on which worker came first. Everything
//! is found by name or address in tables, so it takes about as long as there are waits.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::End;
use super::living::Living;
use super::strand::{ActivityRef, StrandRef};
use super::waits::{Origin, Place, PortOf, Waited, Waits, What};
use crate::port::outlook::Stand;
use crate::position::{self, PortUse, Position};

/// One wait of one agent.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    pub(super) agent: &'static str,
    /// Of the agent; only compared.
    pub(super) strand: usize,
    pub(super) at: Place,
    pub(super) serving: bool,
    /// What it waits for; at least one.
    pub(super) origins: Vec<Origin>,
}

impl Wait {
    /// The order of lines: those who wait for others first.
    fn key(&self) -> (bool, &'static str, String, u32, u32) {
        let (file, line) = (position::source(self.at.file()), self.at.line());
        (self.serving, self.agent, file.to_owned(), line, self.at.column())
    }
}

/// The whole report. `uses` are the places at which the program sends and receives.
pub(super) fn report(mut waits: Vec<Wait>, uses: &[PortUse]) -> String {
    waits.sort_by_cached_key(Wait::key);
    let known = Known::new(&waits, uses);
    let mut lines: BTreeMap<(usize, String), Line> = BTreeMap::new();
    // Waits at one place have neighbouring numbers; what differs is only the text.
    let mut rank = 0;
    for (index, wait) in waits.iter().enumerate() {
        if index > 0 && wait.key() != waits[index - 1].key() {
            rank += 1;
        }
        let line = lines.entry((rank, known.text(wait))).or_default();
        line.agent = wait.agent;
        line.at = Some(wait.at);
        line.waits.push(index);
    }
    let mut text = String::from("all agents wait and nothing can wake them\n");
    for ((_, tail), line) in &lines {
        let (agent, at) = (line.agent, line.at.map(Position));
        let Some(at) = at else { continue };
        text += &match line.waits.len() {
            1 => format!("    {agent} waits at {at} for {tail}"),
            n => {
                let tail = tail.replace(" its own port ", " their own port ");
                format!("    {n} agents {agent} wait at {at} for {tail}")
            }
        };
    }
    let lines: Vec<Line> = lines.into_values().collect();
    for circle in circles(&known.graph(&waits, &lines)) {
        text += &told(&circle, &lines);
    }
    text.truncate(text.trim_end().len());
    text
}

/// Waits that read the same.
#[derive(Debug, Default)]
struct Line {
    agent: &'static str,
    at: Option<Place>,
    waits: Vec<usize>,
}

/// What the report looks up.
struct Known<'a> {
    waits: &'a [Wait],
    /// The waits of each agent.
    by_strand: HashMap<usize, Vec<usize>>,
    by_name: HashMap<&'static str, Vec<usize>>,
    /// Where the program sends on a port, or receives from it.
    uses: HashMap<(&'static str, &'static str, bool), Vec<&'a PortUse>>,
    /// The program has said which ports it uses.
    has_uses: bool,
}

impl<'a> Known<'a> {
    fn new(waits: &'a [Wait], all: &'a [PortUse]) -> Self {
        let mut by_strand: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut by_name: HashMap<&'static str, Vec<usize>> = HashMap::new();
        for (index, wait) in waits.iter().enumerate() {
            by_strand.entry(wait.strand).or_default().push(index);
            by_name.entry(wait.agent).or_default().push(index);
        }
        let mut uses: HashMap<_, Vec<&PortUse>> = HashMap::new();
        for it in all {
            uses.entry((it.channel, it.port, it.sends)).or_default().push(it);
        }
        Self { waits, by_strand, by_name, uses, has_uses: !all.is_empty() }
    }

    fn uses(&self, of: &PortOf, sends: bool) -> &[&'a PortUse] {
        self.uses.get(&(of.channel, of.port, sends)).map_or(&[], Vec::as_slice)
    }

    /// What `wait` waits for, and a line for each of those who could end that.
    fn text(&self, wait: &Wait) -> String {
        // Several cases of a `receive` may be about one source.
        let mut wanted_parts: Vec<String> = Vec::new();
        let mut reasons: Vec<String> = Vec::new();
        for origin in &wait.origins {
            match wanted_parts.last_mut() {
                Some(part) if origin.joined => {
                    *part += ", together with ";
                    *part += &wanted(wait, origin);
                }
                _ => wanted_parts.push(wanted(wait, origin)),
            }
            for reason in self.reasons(wait, origin) {
                if !reasons.contains(&reason) && reasons.len() < N_REASONS {
                    reasons.push(reason);
                }
            }
        }
        let mut parts: Vec<String> = Vec::new();
        for part in wanted_parts {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        let mut text = parts.join(", or for ");
        text.push('\n');
        for reason in reasons {
            text += &format!("        {reason}\n");
        }
        text
    }

    /// Who could have ended the wait, and what they do instead.
    fn reasons(&self, wait: &Wait, origin: &Origin) -> Vec<String> {
        // With one source "it" says enough.
        let alone = wait.origins.len() == 1;
        match &origin.what {
            What::Port(of) if of.strand == wait.strand => {
                self.from_outside(of, &SENDS, alone)
            }
            What::Port(of) => self.from_agent(of, &SENDS, alone),
            What::Reply(of, _) => self.from_agent(of, &ANSWERS, alone),
            What::EndOf(of) => {
                vec![format!("{} has not ended: it {}", of.agent, self.doing(of, ""))]
            }
            What::EndOfUsers => vec!["somebody still holds the other end".to_owned()],
            What::Room(of) if of.strand == wait.strand => {
                self.from_outside(of, &TAKES, alone)
            }
            What::Room(of) => self.from_agent(of, &TAKES, alone),
            What::Point(..) => {
                vec![format!("only {} itself could have sent it", wait.agent)]
            }
            What::RoomOfPoint(..) => {
                vec![format!("only {} itself could have made room", wait.agent)]
            }
            What::Other(_) => Vec::new(),
        }
    }

    /// The agent that implements the channel could end the wait.
    fn from_agent(&self, of: &PortOf, deed: &Deed, alone: bool) -> Vec<String> {
        let uses = self.uses(of, deed.sends);
        if uses.is_empty() && self.has_uses {
            return vec![format!("{} in the whole program", deed.nobody(of))];
        }
        let agent = of.agent;
        // Code without an agent of its own may be called by any.
        let own = uses.iter().filter(|it| it.agent == agent || it.agent.is_empty());
        if self.has_uses && own.clone().next().is_none() {
            return vec![format!("{} in {agent}", deed.nobody(of))];
        }
        let places = places(own.copied());
        let could = deed.could(of, alone);
        vec![format!("{agent} {could}{places}{}", self.doing(of, ", but "))]
    }

    /// Those who use the channel could end the wait: the agents in whose code that stands.
    fn from_outside(&self, of: &PortOf, deed: &Deed, alone: bool) -> Vec<String> {
        let mut by_agent: BTreeMap<&str, Vec<&PortUse>> = BTreeMap::new();
        for it in self.uses(of, deed.sends) {
            by_agent.entry(it.agent).or_default().push(it);
        }
        if by_agent.is_empty() && self.has_uses {
            return vec![format!("{} in the whole program", deed.nobody(of))];
        }
        let could = deed.could(of, alone);
        let told = by_agent.into_iter().map(|(agent, uses)| {
            let places = places(uses.into_iter());
            if agent.is_empty() {
                return format!("the code{places} {could}");
            }
            let doing = match self.by_name.get(agent).and_then(|it| it.first()) {
                Some(wait) => self.waits_at(*wait, ", but "),
                None => format!(", but no {agent} does anything any more"),
            };
            format!("{agent} {could}{places}{doing}")
        });
        told.collect()
    }

    /// What the agent that implements the channel does.
    fn doing(&self, of: &PortOf, lead: &str) -> String {
        let waits = self.by_strand.get(&of.strand).map_or(&[][..], Vec::as_slice);
        match waits.iter().find(|it| self.waits[**it].agent == of.agent) {
            Some(wait) => self.waits_at(*wait, lead),
            None => format!("{lead}has nothing to do"),
        }
    }

    fn waits_at(&self, wait: usize, lead: &str) -> String {
        format!("{lead}waits at {}", Position(self.waits[wait].at))
    }

    /// For each line the lines of those who could end its waits.
    fn graph(&self, waits: &[Wait], lines: &[Line]) -> Vec<BTreeSet<usize>> {
        let mut line_of = vec![0; waits.len()];
        for (number, line) in lines.iter().enumerate() {
            line.waits.iter().for_each(|wait| line_of[*wait] = number);
        }
        let none = Vec::new();
        let mut names: HashMap<&str, BTreeSet<usize>> = HashMap::new();
        for (index, wait) in waits.iter().enumerate() {
            names.entry(wait.agent).or_default().insert(line_of[index]);
        }
        let mut graph = vec![BTreeSet::new(); lines.len()];
        for (number, line) in lines.iter().enumerate() {
            // By name they are the same for all waits of a line.
            let mut outside: BTreeSet<&str> = BTreeSet::new();
            for wait in line.waits.iter().map(|wait| &waits[*wait]) {
                for origin in &wait.origins {
                    let (of, sends) = match &origin.what {
                        What::Port(of) => (of, true),
                        What::Room(of) | What::Reply(of, _) | What::EndOf(of) => {
                            (of, false)
                        }
                        What::EndOfUsers
                        | What::Point(..)
                        | What::RoomOfPoint(..)
                        | What::Other(_) => continue,
                    };
                    if of.strand == wait.strand && !matches!(origin.what, What::Reply(..))
                    {
                        outside.extend(self.uses(of, sends).iter().map(|it| it.agent));
                    } else {
                        let of = self.by_strand.get(&of.strand).unwrap_or(&none);
                        graph[number].extend(of.iter().map(|wait| line_of[*wait]));
                    }
                }
            }
            for name in outside {
                graph[number].extend(names.get(name).into_iter().flatten());
            }
        }
        graph
    }
}

/// So many of those who could have sent are told for one wait.
const N_REASONS: usize = 6;

/// What an agent could have done.
struct Deed {
    /// By sending on the port, or by receiving from it.
    sends: bool,
    could: &'static str,
    /// The same with the name of the port.
    could_at: &'static str,
    nobody: &'static str,
}

const SENDS: Deed = Deed {
    sends: true,
    could: "could have sent it",
    could_at: "could have sent to",
    nobody: "nothing sends to",
};
const ANSWERS: Deed = Deed {
    sends: false,
    could: "could have answered",
    could_at: "could have answered at",
    nobody: "nothing takes requests from",
};
const TAKES: Deed = Deed {
    sends: false,
    could: "could have made room",
    could_at: "could have made room at",
    nobody: "nothing receives from",
};

impl Deed {
    fn could(&self, of: &PortOf, alone: bool) -> String {
        match alone {
            true => self.could.to_owned(),
            false => format!("{} {}", self.could_at, name(of)),
        }
    }

    fn nobody(&self, of: &PortOf) -> String {
        format!("{} {}", self.nobody, name(of))
    }
}

fn name(of: &PortOf) -> String {
    format!("`{}::{}`", of.channel, of.port)
}

fn wanted(wait: &Wait, origin: &Origin) -> String {
    let mut text = match &origin.what {
        What::Port(of) if of.strand == wait.strand => {
            format!("a message at its own port {}", name(of))
        }
        What::Port(of) => format!("a message at {}", name(of)),
        What::Reply(of, sent) => {
            let mut text = format!("the reply to a request at {}", name(of));
            if (sent.file(), sent.line()) != (wait.at.file(), wait.at.line()) {
                text += &format!(", sent at {}", Position(sent));
            }
            text
        }
        What::EndOf(of) => format!("the end of {}", of.agent),
        What::EndOfUsers => "the end of its users".to_owned(),
        What::Room(of) => format!("room at {}, which is full", name(of)),
        What::Point(kind, made) => {
            format!("a message at the {kind} of {}", Position(made))
        }
        What::RoomOfPoint(kind, made) => {
            format!("room at the {kind} of {}, which is full", Position(made))
        }
        What::Other(name) => (*name).to_owned(),
    };
    if origin.refused {
        text += " that the condition of its case lets pass";
    }
    if origin.through {
        text = format!("what a network makes of {text}");
    }
    text
}

/// ` at main.ax:3 and main.ax:7`, each line once.
fn places<'a>(uses: impl Iterator<Item = &'a PortUse>) -> String {
    let all: BTreeSet<(&str, u32)> = uses.map(|it| (it.file, it.line)).collect();
    let mut told: Vec<String> =
        all.iter().take(3).map(|(file, line)| format!("{file}:{line}")).collect();
    let n_more = all.len() - told.len();
    if n_more > 0 {
        told.push(format!("{n_more} more places"));
    }
    match told.split_last() {
        None => String::new(),
        Some((last, [])) => format!(" at {last}"),
        Some((last, others)) => format!(" at {} and {last}", others.join(", ")),
    }
}

/// Ways around are looked for from so many lines: each look may go over all of them.
const N_STARTS: usize = 200;

/// For each set of lines that wait for one another a shortest way around, from its first line.
fn circles(graph: &[BTreeSet<usize>]) -> Vec<Vec<usize>> {
    let mut told: BTreeSet<usize> = BTreeSet::new();
    let mut all = Vec::new();
    for start in 0..graph.len().min(N_STARTS) {
        if told.contains(&start) {
            continue;
        }
        if let Some(circle) = way_around(graph, start) {
            told.extend(&circle);
            all.push(circle);
        }
    }
    all
}

/// A shortest way from a line back to itself.
fn way_around(graph: &[BTreeSet<usize>], start: usize) -> Option<Vec<usize>> {
    let mut came_from = vec![None; graph.len()];
    let mut front = vec![start];
    while !front.is_empty() {
        let mut next = Vec::new();
        for line in front {
            for to in &graph[line] {
                if *to == start {
                    let mut way = vec![line];
                    while let Some(before) = came_from[way[way.len() - 1]] {
                        way.push(before);
                    }
                    way.reverse();
                    return Some(way);
                }
                if came_from[*to].is_none() {
                    came_from[*to] = Some(line);
                    next.push(*to);
                }
            }
        }
        front = next;
    }
    None
}

fn told(circle: &[usize], lines: &[Line]) -> String {
    match circle {
        [alone] if lines[*alone].waits.len() == 1 => {
            format!("    {} waits for itself\n", lines[*alone].agent)
        }
        [alone] => format!("    agents {} wait for one another\n", lines[*alone].agent),
        [first, others @ ..] => {
            let mut text = format!("    in a circle: {} waits", lines[*first].agent);
            for line in others {
                text += &format!(" for {}, which waits", lines[*line].agent);
            }
            text + &format!(" for {}\n", lines[*first].agent)
        }
        [] => String::new(),
    }
}

/// What becomes of a program that is at rest.
pub(super) enum Rest {
    Over(End),
    /// These wait for what cannot come. Woken, they throw, and the program goes on.
    InVain(Vec<ActivityRef>),
}

/// The exit code of a program in which somebody waits for ever.
const STUCK: i32 = 71;

impl Living {
    /// What becomes of a program in which nothing can happen any more (decision 14). None if something
    /// happens: `is_quiet` says no.
    pub(super) fn at_rest(&self, is_quiet: impl FnOnce() -> bool) -> Option<Rest> {
        let agents = self.all(is_quiet)?;
        let mut waits = Vec::new();
        let mut in_vain = Vec::new();
        for agent in &agents {
            let strand = agent.address();
            let Waits { places, serves } = agent.waits();
            for Waited { index, place, more, outlook } in places {
                if let Stand::InVain(exception) = outlook.stand() {
                    in_vain.push((agent, index, exception));
                }
                let origins: Vec<Origin> =
                    std::iter::once(place.origin).chain(more).collect();
                // Only the agent itself fills its points: with what its users sent.
                let fed = |it: &Origin| match it.what {
                    What::Point(..) => serves,
                    _ => it.is_own_port(strand),
                };
                let serving = place.serving || origins.iter().any(fed);
                let (agent, at) = (agent.name(), place.at);
                waits.push(Wait { agent, strand, at, serving, origins });
            }
        }
        if !in_vain.is_empty() {
            // All were looked at first, so what they do then changes none of it.
            let end_wait = |(agent, index, exception): (&StrandRef, _, _)| {
                agent.end_wait(index, exception)
            };
            return Some(Rest::InVain(
                in_vain.into_iter().filter_map(end_wait).collect(),
            ));
        }
        if waits.iter().all(|wait| wait.serving) {
            return Some(Rest::Over(End { code: 0, report: None }));
        }
        let report = report(waits, &position::port_uses());
        Some(Rest::Over(End { code: STUCK, report: Some(report) }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(agent: &'static str, strand: usize, what: What) -> Wait {
        let at = std::panic::Location::caller();
        Wait { agent, strand, at, serving: false, origins: vec![what.into()] }
    }

    fn port(port: &'static str, agent: &'static str, strand: usize) -> PortOf {
        PortOf { channel: "C", port, agent, strand }
    }

    #[test]
    fn the_order_of_the_waits_changes_nothing() {
        let waits = |n: usize| {
            let a = wait("A", 1, What::Port(port("Out", "B", 2)));
            let again = Wait { strand: 3, ..a.clone() };
            let b = wait("B", 2, What::EndOf(port("", "A", 1)));
            let mut all = vec![a, again, b];
            all.rotate_left(n);
            all
        };
        let text = report(waits(0), &[]);
        assert_eq!(text, report(waits(1), &[]));
        assert_eq!(text, report(waits(2), &[]));
        assert!(text.contains("2 agents A wait at"), "{text}");
        assert!(
            text.ends_with("in a circle: A waits for B, which waits for A"),
            "{text}"
        );
    }

    #[test]
    fn every_circle_is_told_once() {
        let graph: Vec<BTreeSet<usize>> =
            [&[1][..], &[2, 0], &[2], &[0]].map(|to| to.iter().copied().collect()).into();
        assert_eq!(circles(&graph), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn places_are_told_once_and_not_all() {
        let at = |line| PortUse {
            channel: "C",
            port: "P",
            sends: true,
            agent: "A",
            file: "a.ax",
            line,
        };
        let uses = [1, 1, 2, 3, 4, 5].map(at);
        assert_eq!(places(uses[..2].iter()), " at a.ax:1");
        assert_eq!(places(uses.iter()), " at a.ax:1, a.ax:2, a.ax:3 and 2 more places");
    }
}
