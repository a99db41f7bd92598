//! Exact whole numbers without a limit, for counting answer sets.

/// A whole number. Most counts fit a machine's widest word; those that do not are kept in parts.
#[derive(Debug, Clone)]
pub(crate) enum Natural {
    Small(u128),
    /// Least part first, without zeros at the end.
    Large(Vec<u64>),
}

impl Natural {
    pub(crate) fn zero() -> Self {
        Self::Small(0)
    }

    pub(crate) fn one() -> Self {
        Self::Small(1)
    }

    fn limbs(&self) -> Vec<u64> {
        match self {
            Self::Small(value) => {
                let mut limbs = vec![*value as u64, (*value >> 64) as u64];
                while limbs.last() == Some(&0) {
                    limbs.pop();
                }
                limbs
            }
            Self::Large(limbs) => limbs.clone(),
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        if let (Self::Small(one), Self::Small(other)) = (&mut *self, other)
            && let Some(sum) = one.checked_add(*other)
        {
            *one = sum;
            return;
        }
        let (mut limbs, other) = (self.limbs(), other.limbs());
        let mut carry = 0u128;
        for at in 0..limbs.len().max(other.len()) {
            let sum = carry
                + u128::from(limbs.get(at).copied().unwrap_or(0))
                + u128::from(other.get(at).copied().unwrap_or(0));
            carry = sum >> 64;
            match limbs.get_mut(at) {
                Some(limb) => *limb = sum as u64,
                None => limbs.push(sum as u64),
            }
        }
        if carry > 0 {
            limbs.push(carry as u64);
        }
        *self = Self::Large(limbs);
    }

    pub(crate) fn multiply(&mut self, factor: u64) {
        if factor == 0 {
            *self = Self::zero();
            return;
        }
        if factor == 1 {
            return;
        }
        if let Self::Small(value) = self
            && let Some(product) = value.checked_mul(u128::from(factor))
        {
            *value = product;
            return;
        }
        let mut limbs = self.limbs();
        let mut carry = 0u128;
        for limb in &mut limbs {
            let product = u128::from(*limb) * u128::from(factor) + carry;
            *limb = product as u64;
            carry = product >> 64;
        }
        if carry > 0 {
            limbs.push(carry as u64);
        }
        *self = Self::Large(limbs);
    }

    pub(crate) fn multiply_by(&mut self, other: &Self) {
        if let (Self::Small(one), Self::Small(other)) = (&mut *self, other)
            && let Some(product) = one.checked_mul(*other)
        {
            *one = product;
            return;
        }
        let (one, other) = (self.limbs(), other.limbs());
        let mut product = vec![0u64; one.len() + other.len()];
        for (at, &limb) in one.iter().enumerate() {
            let mut carry = 0u128;
            for (place, slot) in product[at..].iter_mut().enumerate() {
                let factor = u128::from(other.get(place).copied().unwrap_or(0));
                let sum = u128::from(*slot) + u128::from(limb) * factor + carry;
                *slot = sum as u64;
                carry = sum >> 64;
            }
        }
        while product.last() == Some(&0) {
            product.pop();
        }
        *self = Self::Large(product);
    }

    pub(crate) fn to_decimal(&self) -> String {
        // The largest power of ten in 64 bits: each division yields nineteen digits.
        const CHUNK: u128 = 10_000_000_000_000_000_000;
        if let Self::Small(value) = self {
            return value.to_string();
        }
        let mut rest = self.limbs();
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
        let same = power.clone();
        power.multiply_by(&same);
        for _ in 0..200 {
            let same = Natural::one();
            let mut two = Natural::one();
            two.add(&same);
            let mut twice = power.clone();
            twice.multiply_by(&two);
            power.add(&power.clone());
            assert_eq!(power.to_decimal(), twice.to_decimal());
        }
        power.multiply_by(&Natural::one());
        assert_eq!(power.to_decimal().len(), 181, "two to the power of 600");
        power.multiply_by(&Natural::zero());
        assert_eq!(power.to_decimal(), "0");
        assert_eq!(Natural::zero().to_decimal(), "0");
    }
}
