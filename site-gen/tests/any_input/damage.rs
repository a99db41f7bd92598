//! Damage to a file: what a slip, a bad merge or a broken disk leaves behind, and what nobody would write.

use crate::random::Dice;

/// Pieces that mean something to some reader of ours.
const PIECES: &[&str] = &[
    "[[question]]\n",
    "[[rule]]\n",
    "[[always]]\n",
    "[sets]\n",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\"",
    "\"\"\"",
    "'",
    "#",
    "---\n",
    "+++\n",
    ":::",
    ":::warning\n",
    ":::\n",
    "{{",
    "}}",
    "{{fact:",
    "## ",
    "# A {#S1}\n",
    "- yes: Yes\n",
    "![](x.svg)",
    "[a](b.md)",
    "<b>",
    "<!--",
    "-->",
    "|a|b|\n|-|-|\n",
    "> ",
    "```\n",
    "&amp;",
    "\\",
    "\u{0}",
    "\u{feff}",
    "\r\n",
    "\t",
    "é",
    "日本",
    "\u{202e}",
    "ß",
    "is ",
    "is not ",
    "includes ",
    "includes at least 2 of ",
    "at least ",
    "below ",
    "item 9 at least 1",
    "is unknown",
    " or ",
    ", ",
    "S1",
    "PHQ-9",
    "mmHg",
    "-1",
    "0",
    "1e9",
    "99999999999999",
    "0.5",
    "1.",
    ".",
    "true",
    "2026-11-22",
    "2026-02-30",
    "any = [",
    "all = []\n",
    "none = [\"S1 includes none\"]\n",
    "at-least = 3\n",
    "of = [\"pain\"]\n",
    "options = []\n",
    "risk = \"more\"\n",
    "answered-by = \"PHQ-9\"\n",
    "asked-when = { any = [\"S2 is yes\"] }\n",
    "id = \"ketamine\"\n",
    "outcome = \"crisis or worse\"\n",
];

/// The bytes with one to four damages.
pub(crate) fn damaged(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + dice.below(4) {
        once(&mut bytes, dice);
    }
    bytes
}

fn once(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let end = (at + 1 + dice.below(60)).min(bytes.len());
    match dice.below(10) {
        0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
        1 if at < bytes.len() => bytes[at] = dice.next() as u8,
        2 => drop(bytes.drain(at..end)),
        3 => {
            let copy = bytes[at..end].to_vec();
            let to = dice.below(bytes.len() + 1);
            bytes.splice(to..to, copy);
        }
        4 | 5 => {
            let piece = dice.pick(PIECES).bytes();
            bytes.splice(at..at, piece);
        }
        6 => {
            let piece = dice.pick(PIECES).bytes();
            bytes.splice(at..end, piece);
        }
        7 => {
            let (start, end) = line_around(bytes, at);
            bytes.drain(start..end);
        }
        8 => {
            let (start, end) = line_around(bytes, at);
            let line = bytes[start..end].to_vec();
            let (to, _) = line_around(bytes, dice.below(bytes.len() + 1));
            bytes.splice(to..to, line);
        }
        _ if dice.chance(10) => bytes.truncate(at),
        _ => {
            // A word in another place's stead.
            let from = dice.below(bytes.len() + 1);
            let word: Vec<u8> =
                bytes[from..].iter().copied().take_while(u8::is_ascii_alphanumeric).take(20).collect();
            let end = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            bytes.splice(at..end, word);
        }
    }
}

/// Where the line around a place starts and ends, its line break included.
fn line_around(bytes: &[u8], at: usize) -> (usize, usize) {
    let start = bytes[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |before| before + 1);
    let end = bytes[at..].iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |after| at + after + 1);
    (start, end)
}
