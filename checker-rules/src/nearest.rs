//! Which known name a mistyped one is nearest to.

/// The nearest of the known names, if one is near enough to be worth offering. The first wins a tie.
pub(crate) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted: Vec<char> = name.chars().flat_map(char::to_lowercase).collect();
    // One slip in a short name, about a third of a long one.
    let allowed = (wanted.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in known {
        let letters: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        if letters.len().abs_diff(wanted.len()) > allowed {
            continue;
        }
        let distance = distance(&wanted, &letters);
        if distance <= allowed && best.is_none_or(|(known, _)| distance < known) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, name)| name)
}

/// How many letters to add, drop, replace or swap with their neighbour to get from one word to the other.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (row, &letter) in from.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, &other) in to.iter().enumerate() {
            let mut least =
                (last[column] + usize::from(letter != other)).min(last[column + 1] + 1).min(now[column] + 1);
            if row > 0 && column > 0 && from[row - 1] == other && to[column - 1] == letter {
                least = least.min(before[column - 1] + 1);
            }
            now.push(least);
        }
        before = std::mem::replace(&mut last, now);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn offers_a_name_only_when_it_is_near() {
        let known = ["depression", "bipolar", "ptsd", "S2"];
        let near = |name| nearest(name, known.into_iter());
        assert_eq!(near("depresion"), Some("depression"));
        assert_eq!(near("Bipolar"), Some("bipolar"));
        assert_eq!(near("ptds"), Some("ptsd"));
        assert_eq!(near("s2"), Some("S2"));
        assert_eq!(near("asthma"), None);
        assert_eq!(near("C9"), None);
    }
}
