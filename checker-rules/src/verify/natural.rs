//! Exact whole numbers without a limit, for counting answer sets.

/// A whole number, least part first, without zeros at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Natural {
    limbs: Vec<u64>,
}

impl Natural {
    pub(crate) fn zero() -> Self {
        Self::default()
    }

    pub(crate) fn one() -> Self {
        Self { limbs: vec![1] }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let mut carry = 0u128;
        for at in 0..self.limbs.len().max(other.limbs.len()) {
            let sum = carry
                + u128::from(self.limbs.get(at).copied().unwrap_or(0))
                + u128::from(other.limbs.get(at).copied().unwrap_or(0));
            carry = sum >> 64;
            match self.limbs.get_mut(at) {
                Some(limb) => *limb = sum as u64,
                None => self.limbs.push(sum as u64),
            }
        }
        if carry > 0 {
            self.limbs.push(carry as u64);
        }
    }

    pub(crate) fn multiply(&mut self, factor: u64) {
        match factor {
            0 => self.limbs.clear(),
            1 => {}
            _ => {
                let mut carry = 0u128;
                for limb in &mut self.limbs {
                    let product = u128::from(*limb) * u128::from(factor) + carry;
                    *limb = product as u64;
                    carry = product >> 64;
                }
                if carry > 0 {
                    self.limbs.push(carry as u64);
                }
            }
        }
    }

    pub(crate) fn to_decimal(&self) -> String {
        // The largest power of ten in 64 bits: each division yields nineteen digits.
        const CHUNK: u128 = 10_000_000_000_000_000_000;
        let mut rest = self.limbs.clone();
        let mut chunks: Vec<u64> = Vec::new();
        while !rest.is_empty() {
            let mut remainder = 0u128;
            for limb in rest.iter_mut().rev() {
                let value = remainder << 64 | u128::from(*limb);
                *limb = (value / CHUNK) as u64;
                remainder = value % CHUNK;
            }
            chunks.push(remainder as u64);
            while rest.last() == Some(&0) {
                rest.pop();
            }
        }
        let mut text = chunks.pop().unwrap_or(0).to_string();
        for chunk in chunks.iter().rev() {
            text.push_str(&format!("{chunk:019}"));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Natural;

    #[test]
    fn counts_beyond_machine_words() {
        let mut factorial = Natural::one();
        for factor in 1..=30 {
            factorial.multiply(factor);
        }
        assert_eq!(factorial.to_decimal(), "265252859812191058636308480000000");
        let mut power = Natural::one();
        for _ in 0..200 {
            let same = power.clone();
            power.add(&same);
        }
        assert_eq!(
            power.to_decimal(),
            "1606938044258990275541962092341162602522202993782792835301376",
            "two to the power of 200"
        );
        assert_eq!(Natural::zero().to_decimal(), "0");
    }
}
