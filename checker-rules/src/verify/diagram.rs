//! Hash-consed decision diagrams with many values per variable and small whole numbers at the leaves.
//!
//! A node below 256 is a leaf: its own value. Leaves 0 and 1 double as false and true; the outcome diagram has
//! ranks at its leaves, 0 standing for "no such answer set". Every function has exactly one node: equal functions
//! are equal numbers. Variables are tested in ascending order; a variable on which nothing depends is left out.

use super::memo::{Memo, mix};
use super::natural::Natural;

/// A function, by its node.
pub(crate) type Node = u32;

pub(crate) const FALSE: Node = 0;
pub(crate) const TRUE: Node = 1;
const LEAVES: u32 = 256;

/// The diagram has grown to its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

/// What to do with two functions. In `And` the first is true or false; the second may have any leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pair {
    And,
    Max,
}

/// What to do with the leaves of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leaf {
    /// True where it is 0, else false.
    IsZero,
    /// True where it is at least this.
    AtLeast(u8),
    /// True where it is at least 1 and at most this.
    AtMost(u8),
    /// True where it is this.
    Exactly(u8),
    /// This value where it is true, else 0.
    Scale(u8),
    /// This value where it is 0, else unchanged.
    Fill(u8),
}

impl Leaf {
    fn of(self, leaf: Node) -> Node {
        match self {
            Self::IsZero => u32::from(leaf == 0),
            Self::AtLeast(least) => u32::from(leaf >= u32::from(least)),
            Self::AtMost(most) => u32::from(leaf >= 1 && leaf <= u32::from(most)),
            Self::Exactly(value) => u32::from(leaf == u32::from(value)),
            Self::Scale(value) => leaf * u32::from(value),
            Self::Fill(value) => {
                if leaf == 0 {
                    u32::from(value)
                } else {
                    leaf
                }
            }
        }
    }

    /// A number that tells operations apart in the memo.
    fn code(self) -> u32 {
        match self {
            Self::IsZero => 0,
            Self::AtLeast(value) => 1 << 8 | u32::from(value),
            Self::AtMost(value) => 2 << 8 | u32::from(value),
            Self::Scale(value) => 3 << 8 | u32::from(value),
            Self::Exactly(value) => 5 << 8 | u32::from(value),
            Self::Fill(value) => 4 << 8 | u32::from(value),
        }
    }
}

/// How to put the values of a function over the variables that are taken away together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Over {
    /// The greatest leaf. On true and false: whether some value makes it true.
    Greatest,
    /// The least leaf that is not 0, or 0.
    LeastButZero,
}

/// How many answers values stand for, and what has been counted with that.
pub(crate) struct Counts<'w> {
    weights: &'w [Vec<u64>],
    /// For each variable: over all its values.
    totals: Vec<u64>,
    known: Memo<Node, Natural>,
}

impl<'w> Counts<'w> {
    /// Nothing counted yet.
    pub(crate) fn new(weights: &'w [Vec<u64>]) -> Self {
        let totals = weights.iter().map(|values| values.iter().sum()).collect();
        Self { weights, totals, known: Memo::default() }
    }
}

/// All diagrams of one proof.
pub(crate) struct Diagram {
    /// How many values each variable has.
    arity: Vec<u16>,
    /// For each node from `LEAVES` on: its variable and where its children start.
    nodes: Vec<(u16, u32)>,
    children: Vec<Node>,
    /// Open addressing; 0 is free (a leaf is never looked up).
    table: Vec<u32>,
    pairs: Memo<(u32, Node, Node), Node>,
    scratch: Vec<Node>,
    limit: usize,
}

impl Diagram {
    /// Diagrams over variables with so many values each, of at most `limit` nodes altogether.
    pub(crate) fn new(arity: Vec<u16>, limit: usize) -> Self {
        Self {
            arity,
            nodes: Vec::new(),
            children: Vec::new(),
            table: vec![0; 1 << 12],
            pairs: Memo::default(),
            scratch: Vec::new(),
            limit,
        }
    }

    pub(crate) fn size(&self) -> usize {
        self.nodes.len()
    }

    /// How many nodes test each variable.
    pub(crate) fn widths(&self) -> Vec<u32> {
        let mut widths = vec![0; self.arity.len()];
        for &(variable, _) in &self.nodes {
            widths[usize::from(variable)] += 1;
        }
        widths
    }

    pub(crate) fn variables(&self) -> usize {
        self.arity.len()
    }

    pub(crate) fn arity(&self, variable: usize) -> u16 {
        self.arity[variable]
    }

    pub(crate) fn is_leaf(node: Node) -> bool {
        node < LEAVES
    }

    /// The variable that a node tests; one past the last for a leaf.
    pub(crate) fn variable(&self, node: Node) -> usize {
        if node < LEAVES { self.arity.len() } else { usize::from(self.nodes[(node - LEAVES) as usize].0) }
    }

    /// The children of a node that is no leaf, one for each value of its variable.
    pub(crate) fn children(&self, node: Node) -> &[Node] {
        let (variable, start) = self.nodes[(node - LEAVES) as usize];
        let start = start as usize;
        &self.children[start..start + usize::from(self.arity[usize::from(variable)])]
    }

    /// What is left of a function when a variable has a value; the variable is its first, or it does not matter.
    pub(crate) fn child(&self, node: Node, variable: usize, value: u16) -> Node {
        if self.variable(node) == variable { self.children(node)[usize::from(value)] } else { node }
    }

    fn hash(variable: u16, children: &[Node]) -> usize {
        children.iter().fold(u64::from(variable), |hash, &child| mix(hash.rotate_left(5) ^ u64::from(child)))
            as usize
    }

    /// The node with these children.
    pub(crate) fn node(&mut self, variable: usize, children: &[Node]) -> Result<Node, Full> {
        debug_assert_eq!(children.len(), usize::from(self.arity[variable]), "one child for each value");
        debug_assert!(children.iter().all(|&child| self.variable(child) > variable), "variables ascend");
        let Some((&first, rest)) = children.split_first() else { return Ok(FALSE) };
        if rest.iter().all(|&child| child == first) {
            return Ok(first);
        }
        let variable = variable as u16;
        let mask = self.table.len() - 1;
        let mut slot = Self::hash(variable, children) & mask;
        loop {
            let node = self.table[slot];
            if node == 0 {
                break;
            }
            let (other, start) = self.nodes[(node - LEAVES) as usize];
            let start = start as usize;
            if other == variable && self.children[start..start + children.len()] == *children {
                return Ok(node);
            }
            slot = (slot + 1) & mask;
        }
        if self.nodes.len() >= self.limit {
            return Err(Full);
        }
        let node = LEAVES + self.nodes.len() as u32;
        self.nodes.push((variable, self.children.len() as u32));
        self.children.extend_from_slice(children);
        self.table[slot] = node;
        if self.nodes.len() * 2 > self.table.len() {
            self.grow();
        }
        Ok(node)
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        self.table = vec![0; mask + 1];
        for at in 0..self.nodes.len() {
            let node = LEAVES + at as u32;
            let (variable, start) = self.nodes[at];
            let start = start as usize;
            let end = start + usize::from(self.arity[usize::from(variable)]);
            let mut slot = Self::hash(variable, &self.children[start..end]) & mask;
            while self.table[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.table[slot] = node;
        }
    }

    /// A node from the children on top of the scratch pad, which are taken off.
    fn node_from_scratch(&mut self, variable: usize, base: usize) -> Result<Node, Full> {
        let scratch = std::mem::take(&mut self.scratch);
        let node = self.node(variable, &scratch[base..]);
        self.scratch = scratch;
        self.scratch.truncate(base);
        node
    }

    /// True where the variable has one of the values picked.
    pub(crate) fn literal(&mut self, variable: usize, pick: impl Fn(u16) -> bool) -> Result<Node, Full> {
        let children: Vec<Node> = (0..self.arity[variable]).map(|value| u32::from(pick(value))).collect();
        self.node(variable, &children)
    }

    pub(crate) fn and(&mut self, condition: Node, function: Node) -> Result<Node, Full> {
        self.pair(Pair::And, condition, function)
    }

    /// Where the leaves are true and false: or.
    pub(crate) fn max(&mut self, one: Node, other: Node) -> Result<Node, Full> {
        self.pair(Pair::Max, one, other)
    }

    pub(crate) fn not(&mut self, condition: Node) -> Result<Node, Full> {
        self.leaves(Leaf::IsZero, condition)
    }

    fn pair(&mut self, what: Pair, a: Node, b: Node) -> Result<Node, Full> {
        match what {
            Pair::And => {
                if a == FALSE || b == FALSE {
                    return Ok(FALSE);
                }
                if a == TRUE || a == b {
                    return Ok(b);
                }
                // Where the first is true this is leaf 1, be it "true" or the best rank.
                if b == TRUE {
                    return Ok(a);
                }
            }
            Pair::Max => {
                if a == b || b == FALSE {
                    return Ok(a);
                }
                if a == FALSE {
                    return Ok(b);
                }
                if a < LEAVES && b < LEAVES {
                    return Ok(a.max(b));
                }
            }
        }
        // Either order gives the same greatest leaf, and the same "and" of two conditions; `And` with ranks is not
        // symmetric, so only `Max` is put into one order.
        let (a, b) = if what == Pair::Max && a > b { (b, a) } else { (a, b) };
        let key = (u32::from(what == Pair::Max), a, b);
        if let Some(&known) = self.pairs.get(key) {
            return Ok(known);
        }
        let variable = self.variable(a).min(self.variable(b));
        let base = self.scratch.len();
        for value in 0..self.arity[variable] {
            let child = self.pair(what, self.child(a, variable, value), self.child(b, variable, value));
            match child {
                Ok(child) => self.scratch.push(child),
                Err(full) => {
                    self.scratch.truncate(base);
                    return Err(full);
                }
            }
        }
        let node = self.node_from_scratch(variable, base)?;
        self.pairs.insert(key, node);
        Ok(node)
    }

    /// Changes the leaves of a function.
    pub(crate) fn leaves(&mut self, what: Leaf, node: Node) -> Result<Node, Full> {
        if node < LEAVES {
            return Ok(what.of(node));
        }
        // Codes 0 and 1 are the pairs'.
        let key = (2 + what.code(), node, 0);
        if let Some(&known) = self.pairs.get(key) {
            return Ok(known);
        }
        let variable = self.variable(node);
        let mut children = Vec::with_capacity(usize::from(self.arity[variable]));
        for value in 0..self.arity[variable] {
            children.push(self.leaves(what, self.child(node, variable, value))?);
        }
        let changed = self.node(variable, &children)?;
        self.pairs.insert(key, changed);
        Ok(changed)
    }

    /// Takes variables away; what is left says what the function can be over their values.
    pub(crate) fn quantify(&mut self, node: Node, gone: &[bool], over: Over) -> Result<Node, Full> {
        // Below the last of them nothing changes.
        let Some(last) = gone.iter().rposition(|&gone| gone) else { return Ok(node) };
        let mut memo = Memo::default();
        let mut joined = Memo::default();
        self.quantify_in(node, &gone[..=last], over, &mut memo, &mut joined)
    }

    fn quantify_in(
        &mut self,
        node: Node,
        gone: &[bool],
        over: Over,
        memo: &mut Memo<Node, Node>,
        joined: &mut Memo<(Node, Node), Node>,
    ) -> Result<Node, Full> {
        let variable = self.variable(node);
        if variable >= gone.len() {
            return Ok(node);
        }
        if let Some(&known) = memo.get(node) {
            return Ok(known);
        }
        let mut children = Vec::with_capacity(usize::from(self.arity[variable]));
        for value in 0..self.arity[variable] {
            let child = self.child(node, variable, value);
            children.push(self.quantify_in(child, gone, over, memo, joined)?);
        }
        let result = if gone[variable] {
            let mut all = FALSE;
            for child in children {
                all = match over {
                    Over::Greatest => self.max(all, child)?,
                    Over::LeastButZero => self.least_but_zero(all, child, joined)?,
                };
            }
            all
        } else {
            self.node(variable, &children)?
        };
        memo.insert(node, result);
        Ok(result)
    }

    fn least_but_zero(
        &mut self,
        a: Node,
        b: Node,
        memo: &mut Memo<(Node, Node), Node>,
    ) -> Result<Node, Full> {
        if a == b || b == FALSE {
            return Ok(a);
        }
        if a == FALSE {
            return Ok(b);
        }
        if a < LEAVES && b < LEAVES {
            return Ok(a.min(b));
        }
        let (a, b) = (a.min(b), a.max(b));
        if let Some(&known) = memo.get((a, b)) {
            return Ok(known);
        }
        let variable = self.variable(a).min(self.variable(b));
        let mut children = Vec::with_capacity(usize::from(self.arity[variable]));
        for value in 0..self.arity[variable] {
            let (left, right) = (self.child(a, variable, value), self.child(b, variable, value));
            children.push(self.least_but_zero(left, right, memo)?);
        }
        let node = self.node(variable, &children)?;
        memo.insert((a, b), node);
        Ok(node)
    }

    /// Whether some answer set makes both functions other than 0. Builds nothing.
    pub(crate) fn meet(&self, a: Node, b: Node, memo: &mut Memo<(Node, Node), bool>) -> bool {
        self.both(a, b, &|a, b| a != 0 && b != 0, memo)
    }

    /// Whether some answer set puts the two functions on leaves that `bad` picks out. `bad` must be false when
    /// either leaf is 0. Builds nothing. The memo may be kept for calls with the same `bad`.
    pub(crate) fn both(
        &self,
        a: Node,
        b: Node,
        bad: &impl Fn(Node, Node) -> bool,
        memo: &mut Memo<(Node, Node), bool>,
    ) -> bool {
        if a == FALSE || b == FALSE {
            return false;
        }
        if a < LEAVES && b < LEAVES {
            return bad(a, b);
        }
        if let Some(&known) = memo.get((a, b)) {
            return known;
        }
        let variable = self.variable(a).min(self.variable(b));
        let mut found = false;
        for value in 0..self.arity[variable] {
            if self.both(self.child(a, variable, value), self.child(b, variable, value), bad, memo) {
                found = true;
                break;
            }
        }
        memo.insert((a, b), found);
        found
    }

    /// The same over pairs of answer sets that may differ where `apart` has a value for a variable: one of the two has that
    /// value, the other any. `memo` may be kept for calls with the same `bad` and `apart`, `below` as in [`Self::both`].
    pub(crate) fn both_apart(
        &self,
        a: Node,
        b: Node,
        apart: &[Option<u16>],
        bad: &impl Fn(Node, Node) -> bool,
        memo: &mut Memo<(Node, Node), bool>,
        below: &mut Memo<(Node, Node), bool>,
    ) -> bool {
        if a == FALSE || b == FALSE {
            return false;
        }
        let variable = self.variable(a).min(self.variable(b));
        let Some(&free) = apart.get(variable) else { return self.both(a, b, bad, below) };
        if let Some(&known) = memo.get((a, b)) {
            return known;
        }
        let mut look = |one: u16, other: u16| {
            let (one, other) = (self.child(a, variable, one), self.child(b, variable, other));
            self.both_apart(one, other, apart, bad, memo, below)
        };
        let values = 0..self.arity[variable];
        let found = values.clone().any(|value| look(value, value))
            || free.is_some_and(|free| values.clone().any(|value| look(value, free) || look(free, value)));
        memo.insert((a, b), found);
        found
    }

    /// How many answer sets lead to a leaf other than 0, when each value of a variable stands for so many answers. What is
    /// kept in `counts` belongs to these weights.
    pub(crate) fn count(&self, node: Node, counts: &mut Counts<'_>) -> Natural {
        let mut count = self.count_in(TRUE, node, counts, &mut Memo::default());
        for &total in &counts.totals[..self.variable(node)] {
            count.multiply(total);
        }
        count
    }

    /// For each variable the ways to get there: the nodes that stand there when every variable before it has a value, and
    /// for how many answers to those each of them does.
    pub(crate) fn ways(&self, node: Node, counts: &Counts<'_>) -> Vec<Vec<(Node, Natural)>> {
        let mut ways = vec![vec![(node, Natural::one())]];
        for variable in 0..self.arity.len() {
            let mut next: Vec<(Node, Natural)> = Vec::new();
            let mut places: Memo<Node, usize> = Memo::default();
            let mut add = |node: Node, count: Natural| match places.get(node) {
                Some(&place) => next[place].1.add(&count),
                None => {
                    places.insert(node, next.len());
                    next.push((node, count));
                }
            };
            for (node, count) in ways.last().into_iter().flatten() {
                if self.variable(*node) > variable {
                    let mut count = count.clone();
                    count.multiply(counts.totals[variable]);
                    add(*node, count);
                    continue;
                }
                for (&child, &weight) in self.children(*node).iter().zip(&counts.weights[variable]) {
                    if child != FALSE {
                        let mut count = count.clone();
                        count.multiply(weight);
                        add(child, count);
                    }
                }
            }
            ways.push(next);
        }
        ways
    }

    /// How many answer sets lead both a function, and the one that these ways are of, to a leaf other than 0. Builds
    /// nothing, and looks only at what lies below the function's first variable.
    pub(crate) fn count_both(
        &self,
        function: Node,
        ways: &[Vec<(Node, Natural)>],
        counts: &mut Counts<'_>,
    ) -> Natural {
        let mut sum = Natural::zero();
        let mut memo = Memo::default();
        let first = self.variable(function);
        for (node, before) in ways.get(first).into_iter().flatten() {
            let mut count = self.count_in(function, *node, counts, &mut memo);
            count.multiply_by(before);
            sum.add(&count);
        }
        sum
    }

    /// Counts over the variables from the first of the two on. Where one function is decided the count is the other's
    /// own, and kept for good.
    fn count_in(
        &self,
        a: Node,
        b: Node,
        counts: &mut Counts<'_>,
        memo: &mut Memo<(Node, Node), Natural>,
    ) -> Natural {
        if a == FALSE || b == FALSE {
            return Natural::zero();
        }
        let (a, b) = if b < LEAVES { (TRUE, a) } else { (a, b) };
        if b < LEAVES {
            return Natural::one();
        }
        let alone = a < LEAVES;
        let known = if alone { counts.known.get(b) } else { memo.get((a, b)) };
        if let Some(known) = known {
            return known.clone();
        }
        let variable = self.variable(a).min(self.variable(b));
        let mut sum = Natural::zero();
        for value in 0..self.arity[variable] {
            let (left, right) = (self.child(a, variable, value), self.child(b, variable, value));
            let mut count = self.count_in(left, right, counts, memo);
            let below = if left == FALSE || right == FALSE {
                self.arity.len()
            } else {
                self.variable(left).min(self.variable(right))
            };
            for &total in &counts.totals[variable + 1..below] {
                count.multiply(total);
            }
            count.multiply(counts.weights[variable][usize::from(value)]);
            sum.add(&count);
        }
        if alone {
            counts.known.insert(b, sum.clone());
        } else {
            memo.insert((a, b), sum.clone());
        }
        sum
    }

    /// Every node of a function by its variable, in an order that depends on the function alone.
    pub(crate) fn levels(&self, node: Node) -> Vec<Vec<Node>> {
        let mut levels = vec![Vec::new(); self.arity.len()];
        let mut seen: Memo<Node, ()> = Memo::default();
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            if node < LEAVES || !seen.insert(node, ()) {
                continue;
            }
            levels[self.variable(node)].push(node);
            waiting.extend(self.children(node));
        }
        levels
    }
}
