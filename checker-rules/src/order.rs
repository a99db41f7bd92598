//! Sorting short lists. The standard library's sorts are made for long ones and take 15 kB of the reader's download.

/// Puts a list in ascending order of a key; equal keys keep their order. The time grows with the square of the length.
pub(crate) fn sort_by_key<T, K: PartialOrd>(list: &mut [T], key: impl Fn(&T) -> K) {
    for end in 1..list.len() {
        let mut at = end;
        while at > 0 && key(&list[at]) < key(&list[at - 1]) {
            list.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Puts a list in ascending order and drops repeats.
pub(crate) fn ascending<T: PartialOrd + Copy>(list: &mut Vec<T>) {
    sort_by_key(list, |entry| *entry);
    list.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_lists_are_sorted_and_equal_keys_keep_their_order() {
        let mut list = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        sort_by_key(&mut list, |entry| entry.0);
        assert_eq!(list, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
    }

    #[test]
    fn repeats_are_dropped_and_empty_lists_stay_empty() {
        let mut list = vec![3, 1, 3, 2, 1];
        ascending(&mut list);
        assert_eq!(list, [1, 2, 3]);
        let mut none: Vec<u8> = Vec::new();
        ascending(&mut none);
        assert!(none.is_empty());
    }
}
