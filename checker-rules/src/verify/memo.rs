//! What has been worked out already: a table from small keys to results.
//!
//! The standard map is not used in this crate, so that no order of its can ever reach a result. This one has no order
//! to show: it can be asked and added to, nothing else.

/// Something small to look up by.
pub(crate) trait Key: Copy + Eq {
    /// Its bits, folded into one word.
    fn fold(self) -> u64;
}

impl Key for u32 {
    fn fold(self) -> u64 {
        u64::from(self)
    }
}

impl Key for (u32, u32) {
    fn fold(self) -> u64 {
        u64::from(self.0) << 32 | u64::from(self.1)
    }
}

impl Key for (u32, u8) {
    fn fold(self) -> u64 {
        u64::from(self.0) << 8 | u64::from(self.1)
    }
}

impl Key for (u32, u32, u32) {
    fn fold(self) -> u64 {
        mix((self.0, self.1).fold()) ^ u64::from(self.2)
    }
}

impl Key for (u32, u32, u32, u32) {
    fn fold(self) -> u64 {
        mix((self.0, self.1).fold()) ^ (self.2, self.3).fold()
    }
}

/// Spreads a word's bits over the whole word.
pub(crate) fn mix(word: u64) -> u64 {
    let spread = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    spread ^ (spread >> 29)
}

/// Results by key. Nothing is ever taken out.
pub(crate) struct Memo<K, V> {
    entries: Vec<(K, V)>,
    /// Open addressing over `entries`, one more than the place; 0 is free.
    slots: Vec<u32>,
}

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), slots: Vec::new() }
    }
}

impl<K: Key, V> Memo<K, V> {
    /// The result for a key, if there is one.
    pub(crate) fn get(&self, key: K) -> Option<&V> {
        if self.slots.is_empty() {
            return None;
        }
        let at = self.slots[self.slot(key)];
        at.checked_sub(1).map(|at| &self.entries[at as usize].1)
    }

    /// Remembers a result; `false` if the key has one already, which then stays.
    pub(crate) fn insert(&mut self, key: K, value: V) -> bool {
        if self.slots.len() <= self.entries.len() * 2 {
            self.grow();
        }
        let slot = self.slot(key);
        if self.slots[slot] != 0 {
            return false;
        }
        self.entries.push((key, value));
        self.slots[slot] = self.entries.len() as u32;
        true
    }

    /// The slot of a key, or the free one where it belongs.
    fn slot(&self, key: K) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = mix(key.fold()) as usize & mask;
        loop {
            match self.slots[slot].checked_sub(1) {
                Some(at) if self.entries[at as usize].0 != key => slot = (slot + 1) & mask,
                _ => return slot,
            }
        }
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.slots.len() * 2).max(16)];
        for at in 0..self.entries.len() {
            let slot = self.slot(self.entries[at].0);
            self.slots[slot] = at as u32 + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Memo;

    #[test]
    fn remembers_the_first_result_for_each_key() {
        let mut memo = Memo::default();
        assert_eq!(memo.get((0u32, 0u32)), None);
        for key in 0..1000u32 {
            assert!(memo.insert((key % 10, key / 10), key));
        }
        assert!(!memo.insert((3, 4), 7));
        assert!((0..1000).all(|key| memo.get((key % 10, key / 10)) == Some(&key)));
        assert_eq!(memo.get((10, 0)), None);
    }
}
