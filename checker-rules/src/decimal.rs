//! Exact decimal numbers: a whole number and how many of its digits stand after the point.

use std::cmp::Ordering;
use std::fmt;

/// An exact decimal number, `digits / 10^scale`: 7.5 is `digits: 75, scale: 1`.
///
/// Two ways of writing one number are equal: 7.50 is 7.5.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decimal {
    /// All the digits as one whole number, with the sign.
    pub digits: i64,
    /// How many of the digits stand after the point. At most [`Decimal::MAX_SCALE`].
    pub scale: u8,
}

impl Decimal {
    /// The most digits after the point that are understood.
    pub const MAX_SCALE: u8 = 9;

    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self { digits: value, scale: 0 }
    }

    /// Reads `160`, `-3` or `36.6`; nothing else: no sign `+`, no exponent, no spaces, no separators.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (unsigned, ""),
        };
        if whole.is_empty() || fraction.len() > usize::from(Self::MAX_SCALE) {
            return None;
        }
        let mut digits: i64 = 0;
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
        }
        let scale = u8::try_from(fraction.len()).ok()?;
        Some(Self { digits: if negative { -digits } else { digits }, scale })
    }

    /// The number as a whole count of `10^-decimals`, if it is one: 7.5 is 75 tenths, and no whole number of ones.
    pub fn scaled(self, decimals: u8) -> Option<i64> {
        if decimals >= self.scale {
            let factor = 10i64.checked_pow(u32::from(decimals - self.scale))?;
            self.digits.checked_mul(factor)
        } else {
            let factor = 10i64.checked_pow(u32::from(self.scale - decimals))?;
            (self.digits % factor == 0).then(|| self.digits / factor)
        }
    }

    /// The same value with no needless zeros after the point.
    fn plain(self) -> Self {
        let mut plain = self;
        while plain.scale > 0 && plain.digits % 10 == 0 {
            plain.digits /= 10;
            plain.scale -= 1;
        }
        plain
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = (self.plain(), other.plain());
        // Both scales could be as large as a byte allows, so the powers saturate; beyond that the order is by digits.
        let power = |scale: u8| 10i128.checked_pow(u32::from(scale.min(18))).unwrap_or(i128::MAX);
        let left = i128::from(a.digits).saturating_mul(power(b.scale));
        let right = i128::from(b.digits).saturating_mul(power(a.scale));
        left.cmp(&right)
    }
}

impl std::hash::Hash for Decimal {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        let plain = self.plain();
        plain.digits.hash(state);
        plain.scale.hash(state);
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let width = usize::from(self.scale) + 1;
        let padded = format!("{digits:0>width$}");
        let (whole, fraction) = padded.split_at(padded.len() - usize::from(self.scale));
        write!(f, "{sign}{whole}.{fraction}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_plain_numbers_and_nothing_else() {
        for good in ["0", "160", "-3", "36.6", "0.05"] {
            let read = Decimal::parse(good).map(|d| d.to_string());
            assert_eq!(read.as_deref(), Some(good));
        }
        for bad in ["", "-", ".5", "5.", "1e3", "+1", " 1", "1,5", "99999999999999999999", "0.1234567890"] {
            assert_eq!(Decimal::parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn compares_by_value() {
        let d = |text| Decimal::parse(text).expect("a number");
        assert_eq!(d("7.50"), d("7.5"));
        assert!(d("7.49") < d("7.5"));
        assert!(d("-1") < d("0.1"));
        assert!(d("10") > d("9.999"));
    }

    #[test]
    fn scales_only_when_exact() {
        let d = |text| Decimal::parse(text).expect("a number");
        assert_eq!(d("7.5").scaled(1), Some(75));
        assert_eq!(d("7").scaled(2), Some(700));
        assert_eq!(d("7.50").scaled(1), Some(75));
        assert_eq!(d("7.5").scaled(0), None);
    }
}
