//! Small random questionnaires, and the numbers to make them from.

/// A small generator of numbers that look random and are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// Below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// One question as it is being made up.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) options: Vec<String>,
    unknown: bool,
    risk: bool,
    items: Vec<usize>,
    pub(crate) high: usize,
    pub(crate) line: String,
}

/// A random questionnaire, and its questions in an order in which each comes after all that it waits for.
pub(crate) fn questionnaire(dice: &mut Dice) -> (String, Vec<String>) {
    let mut made: Vec<Made> = Vec::new();
    let count = 2 + dice.below(3);
    for at in 0..count {
        let question = question(dice, at, &made);
        made.push(question);
    }
    let order: Vec<String> = made.iter().map(|question| question.id.clone()).collect();
    let mut text = String::from("outcomes bad poor good\ntalk doctor nurse friend\n");
    if dice.chance(80) {
        text.push_str("otherwise good\n");
    }
    if dice.chance(30) {
        text.push_str("stop-at bad\n");
    }
    // The order in the file is another one than the order of dependence.
    let mut lines: Vec<String> = made.iter().map(|question| question.line.clone()).collect();
    if dice.chance(40) {
        let at = dice.below(lines.len());
        lines.rotate_left(at);
    }
    for line in lines {
        text.push_str(&line);
        text.push('\n');
    }
    let sets = dice.below(2);
    for at in 0..sets {
        let condition = condition(dice, &made, 0, 1);
        text.push_str(&format!("set set{at} = {condition}\n"));
    }
    let rules = 1 + dice.below(4);
    for at in 0..rules {
        let condition = condition(dice, &made, sets, 2);
        let head = match dice.below(5) {
            0 => format!("note R{at}"),
            1 | 2 => format!("rule R{at} poor"),
            3 => format!("rule R{at} bad"),
            _ => format!("rule R{at} good"),
        };
        let people = *dice.pick(&["", "", " doctor", " nurse doctor"]);
        text.push_str(&format!("{head}{people} : {condition}"));
        for _ in 0..dice.below(6).saturating_sub(3) {
            let to = *dice.pick(&["friend", "doctor", "friend nurse"]);
            text.push_str(&format!(" ; talk {to} when {}", self::condition(dice, &made, sets, 1)));
        }
        text.push('\n');
    }
    if rules > 1 && dice.chance(60) {
        let when = if dice.chance(50) {
            format!(" when {}", condition(dice, &made, sets, 1))
        } else {
            String::new()
        };
        text.push_str(&format!("exactly E : R0 R{}{when}\n", 1 + dice.below(rules - 1)));
    }
    for at in 0..2 {
        let when = condition(dice, &made, sets, 1);
        let word = if dice.chance(50) { "always" } else { "never" };
        let bound = *dice.pick(&["poor or worse", "poor or better", "bad", "good", "poor"]);
        text.push_str(&format!("{word} P{at} : {when} => {bound}\n"));
    }
    let named = |wanted: fn(&Made) -> bool| -> Vec<&str> {
        made.iter().filter(|question| wanted(question)).map(|question| question.id.as_str()).collect()
    };
    let (risky, unknown) = (named(|question| question.risk), named(|question| question.unknown));
    if !risky.is_empty() && dice.chance(30) {
        text.push_str(&format!("never-better B : {}\n", risky.join(" ")));
    }
    if !unknown.is_empty() && dice.chance(30) {
        text.push_str(&format!("careful U : {}\n", dice.pick(&unknown)));
    }
    (text, order)
}

pub(crate) fn question(dice: &mut Dice, at: usize, earlier: &[Made]) -> Made {
    let id = format!("Q{at}");
    let kind = *dice.pick(&["one", "one", "many", "number", "items", "gate"]);
    let mut made = Made {
        id: id.clone(),
        kind,
        options: Vec::new(),
        unknown: dice.chance(40),
        risk: false,
        items: Vec::new(),
        high: 0,
        line: String::new(),
    };
    let risk = dice.chance(60);
    let word = if dice.chance(80) { "risk" } else { "need" };
    made.risk = risk && word == "risk";
    let mut line = format!("{kind} {id}");
    match kind {
        "one" => {
            made.options = ["a", "b", "c"][..2 + dice.below(2)].iter().map(|&o| o.to_owned()).collect();
            line += &format!(" {}", made.options.join(" "));
            if made.unknown {
                line += " ; unknown b";
            }
            if dice.chance(20) {
                line += &format!(" ; crisis {}", dice.pick(&made.options));
            }
            if risk {
                let mut order = made.options.clone();
                order.rotate_left(dice.below(2));
                line += &format!(" ; {word} {}", order.join(" "));
            }
        }
        "many" => {
            made.options = ["a", "b", "c"][..2 + dice.below(2)].iter().map(|&o| o.to_owned()).collect();
            line += &format!(" {}", made.options.join(" "));
            let last = made.options.last().expect("options").clone();
            match dice.below(3) {
                0 => {}
                2 if made.options.len() > 2 => {
                    line += &format!(" ; alone {} {last}", made.options[made.options.len() - 2])
                }
                _ => line += &format!(" ; alone {last}"),
            }
            if made.unknown {
                line += &format!(" ; unknown {last}");
            }
            if risk {
                line += &format!(" ; {word} more");
            }
        }
        "number" => {
            made.high = 2 + dice.below(3);
            line += &format!(" 0 {}", made.high);
            if made.unknown {
                line += " ; unknown unsure";
            }
            if risk {
                line += &format!(" ; {word} {}", dice.pick(&["higher", "lower"]));
            }
        }
        _ => {
            let count = if kind == "gate" { 3 } else { 1 + dice.below(3) };
            made.items = (0..count).map(|_| 1 + dice.below(2)).collect();
            made.unknown = false;
            // Sometimes the start of an earlier instrument, answered by it.
            let long = earlier.iter().find(|other| other.kind == "items" && other.items.len() > 1);
            let by = long.filter(|_| kind == "items" && dice.chance(70));
            if let Some(long) = by {
                made.items = long.items[..1].to_vec();
            }
            let items: Vec<String> = made.items.iter().map(ToString::to_string).collect();
            line += &format!(" {}", items.join(" "));
            if let Some(long) = by {
                line += &format!(" ; by {}", long.id);
            }
            if dice.chance(20) {
                line += &format!(" ; crisis {}", made.items.len());
            }
            if risk {
                line += &format!(" ; {word} {}", dice.pick(&["higher", "lower"]));
            }
        }
    }
    if !earlier.is_empty() && dice.chance(60) {
        line += &format!(" ; when {}", condition(dice, earlier, 0, 1));
    }
    made.line = line;
    made
}

pub(crate) fn condition(dice: &mut Dice, questions: &[Made], sets: usize, depth: usize) -> String {
    if depth > 0 && dice.chance(50) {
        let parts: Vec<String> =
            (0..2 + dice.below(2)).map(|_| condition(dice, questions, sets, depth - 1)).collect();
        return match dice.below(4) {
            0 => format!("({})", parts.join(" & ")),
            1 => format!("({})", parts.join(" | ")),
            2 => format!("!({})", parts.join(" | ")),
            _ => format!("{} of ({})", 1 + dice.below(2), parts.join(" / ")),
        };
    }
    if sets > 0 && dice.chance(15) {
        return format!("set{}", dice.below(sets));
    }
    let question = dice.pick(questions);
    let id = &question.id;
    match question.kind {
        "one" => {
            let option = dice.pick(&question.options).clone();
            match dice.below(4) {
                0 if question.unknown => format!("{id} is unknown"),
                1 => format!("{id} is not {option}"),
                2 => format!("{id} is {}", question.options[..2].join(" or ")),
                _ => format!("{id} is {option}"),
            }
        }
        "many" => {
            let option = dice.pick(&question.options).clone();
            match dice.below(4) {
                0 if question.unknown => format!("{id} is unknown"),
                1 => format!("{id} includes at least 2 of {}", question.options.join(", ")),
                2 => format!("{id} includes {}", question.options[..2].join(" or ")),
                _ => format!("{id} includes {option}"),
            }
        }
        "number" => {
            let threshold = 1 + dice.below(question.high);
            match dice.below(3) {
                0 if question.unknown => format!("{id} is unknown"),
                1 => format!("{id} below {threshold}"),
                _ => format!("{id} at least {threshold}"),
            }
        }
        kind => {
            let counted = &question.items[usize::from(kind == "gate")..];
            let threshold = 1 + dice.below(counted.iter().sum());
            let item = dice.below(question.items.len());
            let value = 1 + dice.below(question.items[item]);
            match dice.below(4) {
                0 => format!("{id} item {} at least {value}", item + 1),
                1 => format!("{id} item {} below {value}", item + 1),
                2 => format!("{id} below {threshold}"),
                _ => format!("{id} at least {threshold}"),
            }
        }
    }
}
