//! A theme: its templates compiled, its style sheets joined.
