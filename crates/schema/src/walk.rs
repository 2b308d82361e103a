//! What a schema costs, found by walking through it as the validator does.
//!
//! The schema is unfolded: each subschema is met as often as something refers to it, and carries how often the
//! validator comes to it there ([`Flow`]). A few references that are doubled at each level make a schema of a few lines
//! take longer than the universe has, so unfolding ends at a bound, and so do depth, steps and memory.
//!
//! Recursion, as of trees, may lead back from one place alone: then each value is reached in one way. Two places, such
//! as two branches that both go on with the same value, double the work at each level of the data. Recursion that does
//! not step into the data would never end. What recursion goes through is charged for every deeper level of the data.

use std::collections::{HashMap, HashSet};

use posthorn_domain::limits::{
    SCHEMA_COMPILED_BYTES_MAX, SCHEMA_DEPTH_MAX, SCHEMA_EXPANSIONS_MAX, SCHEMA_STEPS_PER_VALUE_MAX,
};
use serde_json::{Map, Value};

use crate::{
    bill::Bill,
    flow::{Edge, Flow, Step},
    keyword::Kind,
    misfit::Misfit,
    own_cost::{OwnCost, own_cost},
    pattern::Patterns,
    reference::{self, escape},
    weight::{Recursion, Weight},
};

/// References that lead to references. The compiler takes several pieces of the stack for one.
const NESTED_REFERENCES_MAX: usize = 50;

/// Weighs a schema, or says what in it is not taken.
pub(crate) fn weigh(schema: &Value) -> Result<Weight, Misfit> {
    refuse_addresses(schema, &mut String::new())?;
    let mut walk = Walk {
        root: schema,
        place: String::new(),
        path: Vec::new(),
        path_bytes: 0,
        data_depth: 0,
        expansions: 0,
        steps: 0,
        bytes: 0,
        repeats: 0,
        deepest: 0,
        longest_path_bytes: 0,
        patterns: Patterns::default(),
        known: HashMap::new(),
        met: HashSet::new(),
        frames: vec![Frame::default()],
        recursion: Recursion::default(),
    };
    walk.subschema(
        schema,
        Flows {
            check: Flow::VALID,
            explain: Flow::EXPLAIN,
            compiled: Flow::VALID,
        },
    )?;
    let root = walk.leave()?;
    let (mut check, mut explain) = (Bill::default(), Bill::default());
    check.merge(&root.check, root.is_head);
    explain.merge(&root.explain, root.is_head);
    let bytes = walk.bytes.saturating_add(walk.patterns.compiled_bytes());
    within_bytes(bytes)?;
    Ok(Weight {
        check,
        explain,
        recursion: walk.recursion,
        levels: u64::try_from(walk.deepest).unwrap_or(u64::MAX),
        path_bytes: walk.longest_path_bytes,
        compiled_bytes: bytes,
    })
}

/// How often the validator and the compiler come to a subschema.
#[derive(Clone, Copy)]
struct Flows {
    check: Flow,
    explain: Flow,
    compiled: Flow,
}

impl Flows {
    fn through(self, step: Step) -> Self {
        Self {
            check: self.check.through(step),
            explain: self.explain.through(step),
            compiled: self.compiled.compiled_through(step),
        }
    }
}

/// A target of a reference that is being unfolded; the root is the first.
#[derive(Default)]
struct Frame {
    pointer: String,
    /// How far into the data it began, and how far down the path.
    data_depth: usize,
    level: usize,
    /// References back to it or to others, in all that is unfolded below it.
    loops: usize,
    is_head: bool,
    check: Bill,
    explain: Bill,
}

struct Walk<'a> {
    root: &'a Value,
    /// Where the walk is, as a JSON Pointer.
    place: String,
    /// How it came there from the root, through all references.
    path: Vec<Step>,
    path_bytes: u64,
    data_depth: usize,
    expansions: usize,
    steps: u64,
    bytes: u64,
    /// How many of the references that the walk is in have been unfolded before.
    repeats: usize,
    deepest: usize,
    longest_path_bytes: u64,
    patterns: Patterns,
    /// What each subschema costs by itself, by its address in the document.
    known: HashMap<usize, OwnCost>,
    /// Targets of references that have been unfolded: they are compiled once.
    met: HashSet<String>,
    frames: Vec<Frame>,
    recursion: Recursion,
}

impl<'a> Walk<'a> {
    fn subschema(&mut self, schema: &'a Value, flows: Flows) -> Result<(), Misfit> {
        self.expansions += 1;
        if self.expansions > SCHEMA_EXPANSIONS_MAX {
            let detail = format!("unfolds to more than {SCHEMA_EXPANSIONS_MAX} subschemas");
            return Err(Misfit::new("", detail));
        }
        self.deepest = self.deepest.max(self.path.len());
        self.longest_path_bytes = self.longest_path_bytes.max(self.path_bytes);
        if self.path.len() > SCHEMA_DEPTH_MAX {
            let detail = format!("nests more than {SCHEMA_DEPTH_MAX} subschemas");
            return Err(Misfit::new(self.place.as_str(), detail));
        }
        let Value::Object(keywords) = schema else {
            return self.charge(OwnCost::BOOLEAN, flows);
        };
        let own = self.own_cost(keywords)?;
        self.charge(own, flows)?;
        let unevaluated = ["unevaluatedItems", "unevaluatedProperties"]
            .iter()
            .filter(|keyword| !matches!(keywords.get(**keyword), None | Some(Value::Bool(true))))
            .count();
        let unevaluated = u64::try_from(unevaluated).unwrap_or(u64::MAX);
        for (keyword, value) in keywords {
            self.within(keyword, |walk| {
                walk.keyword(keyword, value, flows, unevaluated)
            })?;
        }
        Ok(())
    }

    fn own_cost(&mut self, keywords: &'a Map<String, Value>) -> Result<OwnCost, Misfit> {
        let address = std::ptr::from_ref(keywords).addr();
        if let Some(known) = self.known.get(&address) {
            return Ok(*known);
        }
        let cost = own_cost(keywords, &self.place, &mut self.patterns)?;
        self.known.insert(address, cost);
        Ok(cost)
    }

    fn charge(&mut self, own: OwnCost, flows: Flows) -> Result<(), Misfit> {
        let visits = flows.check.visits();
        let explained = flows.explain.visits();
        let (here, members) = (own.here.times(visits), own.members.times(visits));
        self.steps = self
            .steps
            .saturating_add(here.steps)
            .saturating_add(members.steps);
        if self.steps > SCHEMA_STEPS_PER_VALUE_MAX {
            let detail = format!(
                "takes more than {SCHEMA_STEPS_PER_VALUE_MAX} steps to check one value: `unevaluatedProperties` and \
                 `unevaluatedItems` multiply what is beside them, `enum` counts by its length"
            );
            return Err(Misfit::new(self.place.as_str(), detail));
        }
        let once = u64::from(self.repeats == 0);
        let copies = flows
            .compiled
            .valid
            .saturating_mul(once)
            .saturating_add(flows.compiled.mark);
        let bytes = own.compiled_bytes(self.path_bytes);
        self.bytes = self.bytes.saturating_add(copies.saturating_mul(bytes));
        within_bytes(self.bytes)?;
        let depth = self.data_depth;
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        frame.check.add(depth, here);
        frame.check.add(depth + 1, members);
        let mut mistakes = own.here.times(explained);
        mistakes.mistakes = own.here.mistakes.saturating_mul(flows.explain.explain);
        frame.explain.add(depth, mistakes);
        frame.explain.add(depth + 1, own.members.times(explained));
        Ok(())
    }

    fn keyword(
        &mut self,
        keyword: &str,
        value: &'a Value,
        flows: Flows,
        unevaluated: u64,
    ) -> Result<(), Misfit> {
        let step = |edge| Step {
            edge,
            unevaluated,
            descends: matches!(edge, Edge::Part | Edge::MarkedPart),
        };
        match (Kind::of(keyword), value) {
            // Where no schema stands, a reference may lead all the same.
            (Kind::Refused, _) => Err(refused(keyword, &self.place)),
            (Kind::Address, _) if !self.path.is_empty() => Err(refused(keyword, &self.place)),
            (Kind::Plain | Kind::Address | Kind::Definitions, _) => Ok(()),
            (Kind::Reference, Value::String(target)) => {
                self.reference(target, flows, step(Edge::Reference))
            }
            (Kind::Named(edge), Value::Object(named)) => {
                for (name, schema) in named {
                    self.within(name, |walk| walk.part(schema, flows, step(edge)))?;
                }
                Ok(())
            }
            (Kind::Schemas(edge), Value::Array(schemas)) => {
                for (index, schema) in schemas.iter().enumerate() {
                    self.within(&index.to_string(), |walk| {
                        walk.part(schema, flows, step(edge))
                    })?;
                }
                Ok(())
            }
            (Kind::Schemas(edge) | Kind::Named(edge), _) => self.part(value, flows, step(edge)),
            (Kind::Reference, _) => Ok(()),
        }
    }

    /// Goes on to a subschema, if it is one: a dependency may be a list of names.
    fn part(&mut self, schema: &'a Value, flows: Flows, step: Step) -> Result<(), Misfit> {
        if !(schema.is_object() || schema.is_boolean()) {
            return Ok(());
        }
        self.path.push(step);
        self.data_depth += usize::from(step.descends);
        let done = self.subschema(schema, flows.through(step));
        self.data_depth -= usize::from(step.descends);
        self.path.pop();
        done
    }

    /// Does something one name further down.
    fn within<T>(&mut self, name: &str, task: impl FnOnce(&mut Self) -> T) -> T {
        let (length, path_bytes) = (self.place.len(), self.path_bytes);
        self.place.push('/');
        self.place.push_str(&escape(name));
        self.path_bytes += crate::measure::length(&self.place) - u64::try_from(length).unwrap_or(0);
        let done = task(self);
        self.place.truncate(length);
        self.path_bytes = path_bytes;
        done
    }

    fn reference(&mut self, target: &str, flows: Flows, step: Step) -> Result<(), Misfit> {
        let (pointer, schema) = reference::resolve(self.root, target)
            .map_err(|detail| Misfit::new(self.place.as_str(), detail))?;
        let head = self
            .frames
            .iter()
            .position(|frame| frame.pointer == pointer);
        if let Some(head) = head {
            return self.recurse(head, step);
        }
        if self.frames.len() > NESTED_REFERENCES_MAX {
            let detail = format!("nests more than {NESTED_REFERENCES_MAX} references");
            return Err(Misfit::new(self.place.as_str(), detail));
        }
        let repeats = usize::from(!self.met.insert(pointer.clone()));
        let path_bytes = self.path_bytes;
        self.path_bytes += crate::measure::length(&pointer);
        let place = std::mem::replace(&mut self.place, pointer.clone());
        self.repeats += repeats;
        self.path.push(step);
        self.frames.push(Frame {
            pointer,
            data_depth: self.data_depth,
            level: self.path.len(),
            ..Frame::default()
        });
        self.subschema(schema, flows.through(step))?;
        let frame = self.leave()?;
        if let Some(outer) = self.frames.last_mut() {
            outer.check.merge(&frame.check, frame.is_head);
            outer.explain.merge(&frame.explain, frame.is_head);
        }
        self.path.pop();
        self.repeats -= repeats;
        self.place = place;
        self.path_bytes = path_bytes;
        Ok(())
    }

    /// A reference back to something that is being unfolded.
    fn recurse(&mut self, head: usize, step: Step) -> Result<(), Misfit> {
        let descended = self.data_depth - self.frames[head].data_depth;
        if descended == 0 {
            let detail = "refers to itself without an end";
            return Err(Misfit::new(self.place.as_str(), detail));
        }
        self.frames[head].is_head = true;
        for frame in &mut self.frames {
            frame.loops += 1;
        }
        let level = self.frames[head].level;
        let round = &self.path[level..];
        self.recursion
            .note(round, step, descended)
            .map_err(|detail| Misfit::new(self.place.as_str(), detail))
    }

    /// Ends the innermost frame.
    fn leave(&mut self) -> Result<Frame, Misfit> {
        let frame = self.frames.pop().unwrap_or_default();
        if frame.is_head && frame.loops > 1 {
            let detail =
                "refers to itself in more than one place, which makes checking exponential";
            return Err(Misfit::new(frame.pointer, detail));
        }
        Ok(frame)
    }
}

fn within_bytes(bytes: u64) -> Result<(), Misfit> {
    if bytes > SCHEMA_COMPILED_BYTES_MAX {
        let detail =
            format!("takes more than {SCHEMA_COMPILED_BYTES_MAX} bytes of memory once compiled");
        return Err(Misfit::new("", detail));
    }
    Ok(())
}

/// Refuses what would make a reference mean something else than a place in this document, also in definitions that
/// nothing refers to: the validator's registry reads those too.
fn refuse_addresses(schema: &Value, place: &mut String) -> Result<(), Misfit> {
    let Value::Object(keywords) = schema else {
        return Ok(());
    };
    let is_root = place.is_empty();
    for (keyword, value) in keywords {
        let length = place.len();
        place.push('/');
        place.push_str(&escape(keyword));
        match (Kind::of(keyword), value) {
            (Kind::Refused, _) => return Err(refused(keyword, place)),
            (Kind::Address, _) if !is_root => return Err(refused(keyword, place)),
            (Kind::Named(_) | Kind::Definitions, Value::Object(named)) => {
                for (name, schema) in named {
                    let length = place.len();
                    place.push('/');
                    place.push_str(&escape(name));
                    refuse_addresses(schema, place)?;
                    place.truncate(length);
                }
            }
            (Kind::Schemas(_), Value::Array(schemas)) => {
                for (index, schema) in schemas.iter().enumerate() {
                    let length = place.len();
                    place.push_str(&format!("/{index}"));
                    refuse_addresses(schema, place)?;
                    place.truncate(length);
                }
            }
            (Kind::Schemas(_), _) => refuse_addresses(value, place)?,
            _ => {}
        }
        place.truncate(length);
    }
    Ok(())
}

fn refused(keyword: &str, place: &str) -> Misfit {
    let detail = format!("{keyword} is not supported here: refer to `#/$defs/…`");
    Misfit::new(place, detail)
}

#[cfg(test)]
mod tests;
