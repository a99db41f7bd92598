// Questionnaires with a mistake in them, written to a folder as staff would write them: small ones, one for each kind of
// promise, and the shipped one with a rule taken out, loosened, or asking for less.

import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./site.mjs";

const SHIPPED = "ketamine";
const WORDS = ["questions.md", "reasons.md", "outcomes.md", "promises.md"];

const YES = 'S ask = "one"; options = ["no", "yes"]';
const AGE = 'AGE ask = "number"; between = [18, 90]';
const HEAD = 'outcomes = ["stop", "visit"]; otherwise = "visit"';
const THREE = 'outcomes = ["stop", "check", "visit"]; otherwise = "visit"';
const RISK = 'T ask = "one"; options = ["no", "some", "much"]; risk = ["no", "some", "much"]';
const UNSURE = 'H ask = "one"; options = ["no", "yes", "unsure"]; unknown = ["unsure"]; risk = ["no", "unsure", "yes"]';
const CRISIS = 'K ask = "one"; options = ["no", "yes", "unsure"]; crisis = ["yes", "unsure"]';
const promise = (kind, id, more) => `[[${kind}]]; id = "${id}"; say = "The promise ${id} is kept"; ${more}`;

/**
 * Small questionnaires. `questions`: an id and settings each; `rules`: an id, an outcome or "-" for a note, a condition
 * each; `;` ends a line. `broken`: the names of the promises that do not hold, some of them twice.
 */
export const SMALL = [
  {
    what: "two texts, and nobody thought of 65",
    questions: [AGE, YES],
    rules: ['S stop all = ["S is yes"]', 'YOUNG - all = ["AGE below 65"]', 'OLD - all = ["AGE at least 66"]'],
    safety: promise("exactly-one", "AGES", 'of = ["YOUNG", "OLD"]'),
    broken: ["AGES"],
  },
  {
    what: "two texts, both at 65",
    questions: [AGE, YES],
    rules: ['S stop all = ["S is yes"]', 'YOUNG - all = ["AGE below 66"]', 'OLD - all = ["AGE at least 65"]'],
    safety: promise("exactly-one", "AGES", 'of = ["YOUNG", "OLD"]'),
    broken: ["AGES"],
  },
  {
    what: "results for yes and yes, and for no and no",
    head: 'outcomes = ["stop", "visit"]',
    questions: [YES, 'T ask = "one"; options = ["no", "yes"]'],
    rules: ['BOTH stop all = ["S is yes", "T is yes"]', 'NONE visit all = ["S is no", "T is no"]'],
    broken: ["one-outcome"],
  },
  {
    what: "a crisis answer that leads to the best result",
    questions: [CRISIS],
    rules: ['K stop all = ["K is yes"]'],
    broken: ["crisis-never-best:K"],
  },
  {
    what: "a gate that skips the only question about a crisis",
    questions: [YES, 'K ask = "one"; options = ["no", "yes"]; crisis = ["yes"]; asked-when = { any = ["S is no"] }'],
    rules: ['K stop all = ["K is yes"]', 'S stop all = ["S is yes"]'],
    broken: ["crisis-always-asked"],
  },
  {
    what: "a number one too high",
    questions: [AGE, YES],
    rules: ['S stop all = ["S is yes"]', 'OLD stop all = ["AGE at least 81"]'],
    safety: promise("always", "EIGHTY", 'when-all = ["AGE at least 80"]; outcome = "stop"'),
    broken: ["EIGHTY"],
  },
  {
    what: "ticks of which one was forgotten",
    head: THREE,
    questions: ['M ask = "many"; options = ["a", "b", "c", "none"]; exclusive = ["none"]; inert = ["none"]', YES],
    rules: ['S check all = ["S is yes"]', 'M stop any = ["M includes a", "M includes b"]', 'C - all = ["M includes c"]'],
    safety: promise("never", "TICKS", 'when-any = ["M includes a or b or c"]; outcome = "visit"'),
    broken: ["TICKS"],
  },
  {
    what: "more risk with a better result",
    head: THREE,
    questions: [RISK, YES],
    rules: ['S check all = ["S is yes"]', 'SOME stop all = ["T is some"]', 'MUCH check all = ["T is much"]'],
    broken: ["more-risk-never-better:T"],
  },
  {
    what: "the same, promised by its author",
    head: THREE,
    questions: [RISK, YES],
    rules: ['S check all = ["S is yes"]', 'SOME stop all = ["T is some"]', 'MUCH check all = ["T is much"]'],
    safety: promise("never-better", "RISK", 'with = ["T"]'),
    broken: ["RISK"],
  },
  {
    what: "not sure, and a door opens",
    questions: [UNSURE, YES],
    rules: ['S stop all = ["S is yes"]', 'H stop all = ["H is yes"]', 'ASK - all = ["H is unsure"]'],
    broken: ["unknown-is-careful:H"],
  },
  {
    what: "a number that is not known, and a door opens",
    questions: ['N ask = "number"; between = [0, 20]; unknown = "unsure"', YES],
    rules: ['S stop all = ["S is yes"]', 'N stop all = ["N at least 5"]', 'ASK - all = ["N is unknown"]'],
    safety: promise("unknown-is-careful", "UNSURE", 'with = ["N"]'),
    broken: ["UNSURE"],
  },
  {
    what: "the ninth item counts only from two on",
    questions: ['PHQ ask = "instrument"; instrument = "phq-9"; need = "higher"', YES],
    rules: ['S stop all = ["S is yes"]', 'NINE stop all = ["PHQ item 9 at least 2"]', 'HIGH - all = ["PHQ at least 20"]'],
    safety: promise("always", "NINTH", 'when-any = ["PHQ item 9 at least 1"]; outcome = "stop"'),
    broken: ["NINTH", "crisis-never-best:PHQ"],
  },
  {
    what: "a question that is skipped with what it would have said",
    head: THREE,
    questions: [YES, 'T ask = "one"; options = ["no", "yes"]; asked-when = { any = ["S is no"] }', AGE],
    rules: ['T stop all = ["T is yes"]', 'S check all = ["S is yes", "AGE below 80"]', 'OLD - all = ["AGE at least 80"]'],
    safety: promise("always", "SKIPPED", 'when-all = ["S is yes"]; outcome = "check or worse"'),
    broken: ["SKIPPED"],
  },
  {
    what: "an early end with the wrong result",
    head: `${THREE}; stop-at = ["stop"]`,
    questions: [YES, RISK, AGE],
    rules: ['S stop all = ["S is yes"]', 'SOME check all = ["T is some"]', 'MUCH stop all = ["T is much"]', 'OLD check all = ["AGE at least 80"]'],
    safety: promise("always", "LATER", 'when-all = ["T is much"]; outcome = "check"'),
    broken: ["LATER"],
  },
];

const lines = (text) => text.replaceAll("; ", "\n");

/** The order of a question's answers, which every question has and none here is about. */
function need(settings) {
  if (/\b(need|risk) = /.test(settings)) return "";
  if (/"number"|"instrument"/.test(settings)) return 'need = "higher"';
  const [, options] = /options = (\[[^\]]*\])/.exec(settings);
  return /"one"/.test(settings) ? `need = ${options}` : 'need = "more"';
}

/** The files of a small questionnaire, with words made from its ids. */
function small(id, { head = HEAD, questions, rules, safety = "" }) {
  const split = (text, parts) => new RegExp(`^${"(\\S+) ".repeat(parts - 1)}(.*)$`).exec(text).slice(1);
  const heading = (name) => `\n## About ${name} {#${name}}\n`;
  const asked = questions.map((question) => split(question, 2));
  const ruled = rules.map((rule) => split(rule, 3));
  const outcomes = JSON.parse(/outcomes = (\[[^\]]*\])/.exec(head)[1]);
  const labels = (settings) => {
    const options = /options = (\[[^\]]*\])/.exec(settings);
    const unknown = /unknown = "([^"]*)"/.exec(settings);
    return [...(options ? JSON.parse(options[1]) : []), ...(unknown ? [unknown[1]] : [])];
  };
  return {
    "checker.toml":
      `id = "${id}"\nversion = "1.0.0"\nupdated = 2026-11-22\n${lines(head)}\ntalk-to = ["doctor"]\n` +
      asked.map(([name, settings]) => `\n[[question]]\nid = "${name}"\n${lines(settings)}\n${need(settings)}\n`).join(""),
    "rules.toml": ruled
      .map(([name, outcome, when]) => `\n[[rule]]\nid = "${name}"\n${outcome === "-" ? "" : `outcome = "${outcome}"\n`}flag = "F-${name}"\ntalk-to = ["doctor"]\nevidence = ["EV"]\n${lines(when)}\n`)
      .join(""),
    "safety.toml": lines(safety),
    "questions.md": asked.map(([name, settings]) => heading(name) + labels(settings).map((label) => `- ${label}: Answer ${label}\n`).join("")).join(""),
    "reasons.md": ruled.map(([name]) => `${heading(name)}Because of ${name}.\n`).join(""),
    "outcomes.md":
      `# Results {#results}\n${outcomes.map((name) => `${heading(name)}This is ${name}.\n`).join("")}\n# Parts {#parts}\n` +
      `${["crisis-help", "foot"].map((name) => `${heading(name)}The part ${name}.\n`).join("")}\n# Who {#talk-to}\n- doctor: A doctor\n`,
    "promises.md": "",
  };
}

const checkerFile = (name) => path.join(repository, "content", "checkers", SHIPPED, name);
const wordsFile = (name) => path.join(repository, "content", "en", "checkers", SHIPPED, name);

/** The shipped questionnaire under another name, with other rules. */
function shipped(id, rules) {
  const files = Object.fromEntries(WORDS.map((name) => [name, readFileSync(wordsFile(name), "utf8")]));
  for (const name of ["checker.toml", "safety.toml"]) files[name] = readFileSync(checkerFile(name), "utf8");
  files["checker.toml"] = files["checker.toml"].replace(`id = "${SHIPPED}"`, `id = "${id}"`);
  return { ...files, "rules.toml": rules };
}

/** Every rule of the shipped questionnaire, changed in each of three ways: { what, kind, rules }. */
export function mutations() {
  const [head, ...rules] = readFileSync(checkerFile("rules.toml"), "utf8").split(/^(?=\[\[rule\]\])/m);
  const outcomes = JSON.parse(/^outcomes = (\[[^\]]*\])/m.exec(readFileSync(checkerFile("checker.toml"), "utf8"))[1]);
  return rules.flatMap((rule, at) => {
    const [, id] = /^id = "([^"]+)"/m.exec(rule);
    const changed = [];
    const change = (kind, what, text) => changed.push({ kind, what: `${id} ${what}`, rules: [head, ...rules.with(at, text)].join("") });
    change("deleted", "is deleted", "");
    const [list, parts] = /^any = \[([^\]]*)\]/m.exec(rule) ?? [];
    const conditions = parts?.match(/"[^"]*"/g) ?? [];
    if (conditions.length > 1) change("loosened", `without ${conditions[0]}`, rule.replace(list, `any = [${conditions.slice(1).join(", ")}]`));
    const [line, outcome] = /^outcome = "([^"]+)"/m.exec(rule) ?? [];
    const better = outcomes[outcomes.indexOf(outcome) + 1];
    if (line && better) change("better", `asks for ${better}`, rule.replace(line, `outcome = "${better}"`));
    return changed;
  });
}

/** So many of a list, spread over it. */
export const spread = (list, count) => Array.from({ length: count }, (_, at) => list[Math.floor((at * list.length) / count)]);

/** Writes what every questionnaire here shares into a folder: everything but pages and questionnaires. */
function writeAround(root) {
  for (const name of ["site.toml", "facts.toml", "evidence.toml", "people.toml", "en/interface.toml"]) {
    const to = path.join(root, "content", name);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(path.join(repository, "content", name), to);
  }
}

/** Writes questionnaires ([id, files]) into a folder, with as much of a site around them as the program needs to read them. */
export function writeRoot(root, questionnaires) {
  writeAround(root);
  for (const [id, files] of questionnaires) {
    for (const [name, text] of Object.entries(files)) {
      const folder = path.join(root, "content", ...(WORDS.includes(name) ? ["en"] : []), "checkers", id);
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
  }
}

export { shipped, small };
