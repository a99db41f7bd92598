//! Properties that every questionnaire has, promises about rules, and what is told of a broken one: which answers are
//! enough, and which rules to look at.

use checker_rules::*;

use crate::support::resolved;

/// Answers by id, in a word each: `yes`, `a+b`, `65`, `?`, `0 1`.
type Told = Vec<(String, String)>;

struct Found {
    property: Property,
    differs: Told,
    needed: Vec<String>,
    look_at: Vec<String>,
    fired: Vec<String>,
}

/// What is refuted.
fn refuted(text: &str) -> Vec<Found> {
    let questionnaire = resolved(text);
    let program = questionnaire.program().clone();
    let (report, _) = verify(questionnaire);
    let question = |at: QuestionIdx| program.question(at).expect("a question");
    let rules =
        |rules: &[RuleIdx]| rules.iter().map(|&at| program.rule(at).expect("a rule").id.clone()).collect();
    let word = |at: QuestionIdx, answer: &Answer| {
        let option = |option: &u16| question(at).options()[usize::from(*option)].id.clone();
        match answer {
            Answer::One(at) => option(at),
            Answer::Many(ticks) => ticks.iter().map(option).collect::<Vec<_>>().join("+"),
            Answer::Number(value) => question(at).decimal(*value).to_string(),
            Answer::Unknown => "?".to_owned(),
            Answer::Items(items) => items
                .iter()
                .map(|item| item.map_or("-".to_owned(), |item| item.to_string()))
                .collect::<Vec<_>>()
                .join(" "),
        }
    };
    report
        .refuted
        .iter()
        .map(|refuted| Found {
            property: refuted.property.clone(),
            differs: refuted
                .counterexample
                .answers
                .iter()
                .filter(|(at, _)| refuted.counterexample.differs.contains(at))
                .map(|(at, answer)| (question(*at).id.clone(), word(*at, answer)))
                .collect(),
            needed: refuted.needed.iter().map(|&at| question(at).id.clone()).collect(),
            look_at: rules(&refuted.look_at),
            fired: rules(&refuted.counterexample.fired),
        })
        .collect()
}

/// The one refuted property of a text.
fn one(text: &str) -> Found {
    let mut found = refuted(text);
    assert_eq!(found.len(), 1, "{text}: {:?}", found.iter().map(|f| &f.property).collect::<Vec<_>>());
    found.remove(0)
}

fn proved(text: &str, property: &Property) {
    let (report, _) = verify(resolved(text));
    assert!(report.proved.contains(property), "{text}: {:#?}", report.refuted);
    assert!(report.refuted.is_empty(), "{text}: {:#?}", report.refuted);
}

fn told(pairs: &[(&str, &str)]) -> Told {
    pairs.iter().map(|&(id, answer)| (id.to_owned(), answer.to_owned())).collect()
}

#[test]
fn a_crisis_answer_never_leads_to_the_best_outcome() {
    let form = |rule: &str| {
        format!(
            "outcomes crisis check visit\notherwise visit\none S no hint yes ; crisis hint yes\none O no yes\n\
            rule K crisis : S is yes\nrule O check : O is yes\n{rule}"
        )
    };
    let property = Property::CrisisNeverBest(QuestionIdx(0));
    let found = one(&form("note N : S is hint\n"));
    assert_eq!(found.property, property);
    assert_eq!(found.differs, told(&[("S", "hint")]));
    // "Yes" to the other question would have led to a check: both answers are needed.
    assert_eq!(found.needed, ["S", "O"]);
    assert_eq!((found.look_at, found.fired), (vec!["K".to_owned(), "N".to_owned()], vec!["N".to_owned()]));
    proved(&form("rule H check : S is hint\n"), &property);
    // Only the item that calls for crisis help does, however high the score.
    let items = |item: u32| {
        format!(
            "outcomes crisis visit\notherwise visit\nitems I 1 1 ; crisis {item}\nrule K crisis : I item 2 at least 1\nnote N : I item 1 at least 1\n"
        )
    };
    assert_eq!(one(&items(1)).differs, told(&[("I", "1 0")]));
    proved(&items(2), &property);
}

#[test]
fn nobody_is_spared_every_crisis_question() {
    let form = |rest: &str| {
        format!(
            "outcomes stop crisis visit\notherwise visit\nstop-at stop\none A no yes\none B no yes\n\
            one S no yes ; crisis yes ; {rest}\nrule K crisis : S is yes\n"
        )
    };
    let gated = form("when A is yes | B is yes");
    let found = one(&format!("{gated}rule E stop : A is yes\n"));
    assert_eq!(found.property, Property::CrisisAlwaysAsked);
    assert_eq!((found.differs, found.needed), (told(&[]), vec!["A".to_owned(), "B".to_owned()]));
    assert_eq!(found.look_at, Vec::<String>::new());
    // Who is stopped before is helped already; who is asked another such question is not spared.
    proved(&format!("{gated}rule E stop : A is no & B is no\n"), &Property::CrisisAlwaysAsked);
    let other = format!(
        "{gated}one T no yes ; crisis yes ; when A is no\nrule E stop : A is yes\nrule T crisis : T is yes\n"
    );
    proved(&other, &Property::CrisisAlwaysAsked);
    // Without crisis answers there is nothing to promise.
    let (report, _) =
        verify(resolved("outcomes bad good\notherwise good\none A no yes\nrule R bad : A is yes\n"));
    assert!(!report.proved.contains(&Property::CrisisAlwaysAsked));
}

#[test]
fn exactly_one_of_some_rules_applies() {
    let form = |low: &str, high: &str, when: &str| {
        format!(
            "outcomes bad poor good\notherwise good\nnumber AGE 18 90\none X no yes\nrule Z bad : X is yes & AGE at least 30\n\
            note LOW : {low}\nnote HIGH : {high}\nexactly BANDS : LOW HIGH{when}\n"
        )
    };
    let promise = Property::Invariant("BANDS".into());
    let gap = one(&form("AGE below 65", "AGE at least 66", ""));
    assert_eq!(
        (gap.property, gap.differs, gap.needed),
        (promise.clone(), told(&[("AGE", "65")]), vec!["AGE".to_owned()])
    );
    assert_eq!((gap.look_at, gap.fired), (vec!["LOW".to_owned(), "HIGH".to_owned()], Vec::<String>::new()));
    let overlap = one(&form("AGE below 66", "AGE at least 65", ""));
    assert_eq!((overlap.differs, overlap.needed), (told(&[("AGE", "65")]), vec!["AGE".to_owned()]));
    assert_eq!(
        (overlap.look_at, overlap.fired),
        (vec!["LOW".to_owned(), "HIGH".to_owned()], vec!["LOW".to_owned(), "HIGH".to_owned()])
    );
    // Both at once are shown both.
    let both = refuted(&form("AGE below 30 | AGE at least 80", "AGE at least 65", ""));
    let ages: Vec<Told> = both.into_iter().map(|found| found.differs).collect();
    assert_eq!(ages, [told(&[("AGE", "30")]), told(&[("AGE", "80")])]);
    proved(&form("AGE below 65", "AGE at least 65", ""), &promise);
    // Only for those for whom it is meant.
    proved(&form("AGE below 65", "AGE at least 66", " when AGE at least 70"), &promise);
    let (report, _) = verify(resolved(&form("AGE below 65", "AGE at least 65", " when X is yes & X is no")));
    let about_nobody =
        |fault: &Fault| matches!(fault.kind, FaultKind::NeverHolds { place: Place::Invariant(_), .. });
    assert!(report.faults.iter().any(about_nobody), "{:?}", report.faults);
}

#[test]
fn not_sure_beside_other_ticks_is_treated_with_care() {
    // "unsure" can be ticked with others; alone it is careful, with `a` it is not.
    let form = |rule: &str| {
        format!(
            "outcomes bad check good\notherwise good\nmany H a b none unsure ; unknown unsure ; alone none\n\
            rule B bad : H includes b\nnote N : H includes a\nrule U check : {rule}\ncareful P : H\n"
        )
    };
    let found = one(&form("H includes unsure & !(H includes a)"));
    assert_eq!(found.property, Property::Invariant("P".into()));
    assert_eq!((found.differs, found.look_at), (told(&[("H", "a+unsure")]), vec!["B".to_owned()]));
    proved(&form("H includes unsure"), &Property::Invariant("P".into()));
}

#[test]
fn the_rule_to_look_at_comes_first() {
    let form = |rules: &str, promise: &str| {
        format!(
            "outcomes crisis check visit\notherwise visit\none A no yes ; risk no yes\none B no yes\none C no yes\n\
            note NA : A is yes\nnote NB : B is yes\nnote NC : C is yes\n{rules}{promise}"
        )
    };
    let look = |rules: &str, promise: &str| one(&form(rules, promise)).look_at;
    let always = "always P : A is yes | B is yes => crisis or worse\n";
    // The rule about the answer that shows it, before one that shares as much.
    assert_eq!(
        look("rule K1 crisis : A is yes\nrule K2 crisis : B is yes & C is yes\n", always),
        ["K2", "K1"]
    );
    assert_eq!(look("rule K1 check : A is yes\nrule K2 crisis : B is yes\n", always), ["K2"]);
    // No rule asks for it.
    assert_eq!(
        look("rule K1 check : A is yes | B is yes\nrule K3 crisis : C is yes & B is no\n", always)[..1],
        ["K3"]
    );
    assert_eq!(look("rule K1 check : A is yes | B is yes\nrule K3 crisis : C is yes\n", always), [""; 0]);
    // A worse outcome than the promised one: the rule that asks for it.
    assert_eq!(look("rule K1 crisis : A is yes\n", "always P : A is yes => check\n"), ["K1"]);
    let never = "never P : A is yes => visit\n";
    // A rule that lost its outcome, and one that asks for too much.
    assert_eq!(look("", never), ["NA"]);
    assert_eq!(look("rule K1 check : A is yes & B is yes\n", never), ["NA", "K1"]);
    assert_eq!(look("rule V visit : A is yes\n", never), ["V"]);
    // More risk, better result: the rule that no longer fires.
    assert_eq!(look("rule K1 check : A is no & B is yes\n", "never-better P : A\n"), ["K1"]);
}

#[test]
fn the_answers_that_are_enough_leave_the_others_out() {
    let text = "outcomes bad good\notherwise good\none A no yes\none B no yes\none C no yes ; when A is yes\n\
        rule R bad : A is yes & B is yes\nnote N : C is yes\nnever P : A is yes => good\n";
    let found = one(text);
    assert_eq!(found.differs, told(&[("A", "yes")]));
    assert_eq!(found.needed, ["A", "B"], "whatever is answered to C");
}
