//! Lines side by side that join rows: which stands where, so that no two run into each other.

/// A line down the rows.
#[derive(Debug)]
pub(super) struct Lane {
    /// 0 is the one nearest to the words.
    pub(super) lane: usize,
    pub(super) joints: Vec<Joint>,
}

/// Where a line meets a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joint {
    pub(super) row: usize,
    /// From the top of the row, in px.
    pub(super) at: i32,
    pub(super) kind: JointKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JointKind {
    /// The line starts at this question.
    Out,
    /// An arrow to this question.
    Arrow,
    /// The line of a rule crosses here, and belongs to it.
    Dot,
}

impl Joint {
    pub(super) fn out(row: usize, at: i32) -> Self {
        Joint { row, at, kind: JointKind::Out }
    }

    pub(super) fn arrow(row: usize, at: i32) -> Self {
        Joint { row, at, kind: JointKind::Arrow }
    }

    pub(super) fn dot(row: usize, at: i32) -> Self {
        Joint { row, at, kind: JointKind::Dot }
    }
}

/// For each span (first and last row, both included) the same with its lane: spans in one lane share no row, and there
/// are as few lanes as can be.
pub(super) fn assign(spans: &[(usize, usize)]) -> Vec<(usize, usize, usize)> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|at| spans[*at]);
    // The last row that each lane has taken.
    let mut taken: Vec<usize> = Vec::new();
    let mut lanes = vec![0; spans.len()];
    for at in order {
        let (first, last) = spans[at];
        let free = taken.iter().position(|until| *until < first);
        let lane = free.unwrap_or(taken.len());
        match taken.get_mut(lane) {
            Some(until) => *until = last,
            None => taken.push(last),
        }
        lanes[at] = lane;
    }
    spans.iter().zip(lanes).map(|((first, last), lane)| (*first, *last, lane)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_that_meet_stand_side_by_side() {
        assert_eq!(assign(&[(0, 4), (2, 3), (4, 6)]), [(0, 4, 0), (2, 3, 1), (4, 6, 1)]);
    }

    #[test]
    fn spans_apart_share_a_lane() {
        assert_eq!(assign(&[(3, 5), (0, 2), (6, 6)]), [(3, 5, 0), (0, 2, 0), (6, 6, 0)]);
        assert!(assign(&[]).is_empty());
    }
}
