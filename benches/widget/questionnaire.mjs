// The questionnaire as the built page holds it, program and words, read into plain values. The peers are made from
// this, so they ask the same questions with the same words and rules as the widget, whatever the content says.
//
// The layout is that of checker-rules/src/code.rs (the program) and checker-wasm/ui/src/words.rs (the words). A page of
// another layout is an error here: the sum of lines has to come out even.

import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "../../tests/browser/lib/site.mjs";
import { dataOf } from "../../tests/browser/lib/sizes.mjs";

/** The version of the layout that is understood here. */
const VERSION = 1;
const FRAME = readFileSync(path.join(repository, "checker-wasm/ui/words.txt"), "utf8").trim().split("\n");

/** Reads bytes in the order in which they were written. */
class Reader {
  strings = [];
  #at = 0;

  constructor(bytes) {
    this.bytes = bytes;
  }

  get done() {
    return this.#at === this.bytes.length;
  }

  byte() {
    if (this.done) throw new Error("the program ends too early");
    return this.bytes[this.#at++];
  }

  take(count) {
    return Array.from({ length: count }, () => this.byte());
  }

  number() {
    for (let number = 0, factor = 1; ; factor *= 128) {
      const byte = this.byte();
      number += (byte & 127) * factor;
      if (byte < 128) return number;
    }
  }

  signed() {
    const number = this.number();
    return number % 2 ? -(number + 1) / 2 : number / 2;
  }

  times(count, read) {
    return Array.from({ length: count }, read);
  }

  list(read) {
    return this.times(this.number(), read);
  }

  text() {
    return new TextDecoder().decode(Uint8Array.from(this.take(this.number())));
  }

  string = () => this.strings[this.number()];
  small = () => this.number();
  /** One more than the value; 0 for none. */
  maybe = () => {
    const more = this.number();
    return more ? more - 1 : undefined;
  };

  ascending() {
    let next = 0;
    return this.list(() => {
      const place = next + this.number();
      next = place + 1;
      return place;
    });
  }

  choice = () => {
    const id = this.string();
    const flags = this.byte();
    return { id, exclusive: !!(flags & 1), unknown: !!(flags & 2), crisis: !!(flags & 4) };
  };

  question = () => {
    const question = { id: this.string(), section: this.maybe(), kind: ["one", "many", "number", "instrument"][this.byte()] };
    if (question.kind === "number") {
      const has = this.byte();
      if (has & 1) question.unit = this.string();
      if (has & 2) question.unknown = this.string();
      Object.assign(question, { low: this.signed(), high: this.signed(), decimals: this.byte() });
      if (has & 4) question.usual = [this.signed(), this.signed()];
    } else if (question.kind === "instrument") {
      question.items = this.take(this.number());
      question.gated = !!this.byte();
      question.crisisItems = this.list(this.small);
      question.answeredBy = this.maybe();
    } else {
      question.options = this.list(this.choice);
    }
    if (this.byte()) question.when = this.condition();
    return question;
  };

  rule = () => {
    this.string();
    this.string();
    const outcome = this.maybe();
    const talk = this.list(this.small);
    const talkWhen = this.list(() => [this.list(this.small), this.condition()]);
    return { outcome, talk, talkWhen, when: this.condition() };
  };

  /** A condition as a list: its kind, then what that kind needs. */
  condition = () => {
    const tag = this.byte();
    if (tag < 3) return [["all", "any", "none"][tag], ...this.list(this.condition)];
    if (tag === 3) return ["least", this.number(), ...this.list(this.condition)];
    if (tag === 4) return ["set", this.number()];
    const question = this.number();
    switch (tag) {
      case 5:
        return ["chosen", question, this.ascending(), 1];
      case 6: {
        const count = this.number();
        return ["chosen", question, this.ascending(), count];
      }
      case 7:
        return ["unchosen", question, this.ascending()];
      case 8:
        return ["from", question, this.signed()];
      case 9:
        return ["below", question, this.signed()];
      case 10:
        return ["unknown", question];
      case 11:
        return ["item-from", question, this.number(), this.byte()];
      case 12:
        return ["item-below", question, this.number(), this.byte()];
      default:
        throw new Error(`there is no condition with the tag ${tag}`);
    }
  };
}

function readProgram(bytes) {
  const reader = new Reader(bytes);
  const magic = String.fromCharCode(...reader.take(2));
  const version = reader.byte();
  if (magic !== "CR" || version !== VERSION) {
    throw new Error(`The page's program has the layout ${magic} ${version}; benches/widget/questionnaire.mjs reads CR ${VERSION}.`);
  }
  reader.strings = reader.list(() => reader.text());
  const id = reader.string();
  const outcomes = reader.list(reader.string).map((id) => ({ id }));
  const otherwise = reader.maybe();
  for (const outcome of outcomes) outcome.stops = !!reader.byte();
  const talk = reader.list(reader.string);
  const sections = reader.list(reader.string).map((id) => ({ id }));
  const questions = reader.list(reader.question);
  const order = reader.times(questions.length, reader.small);
  const sets = reader.list(reader.condition);
  const rules = reader.list(reader.rule);
  if (!reader.done) throw new Error("the program goes on after its end");
  return { id, outcomes, otherwise, talk, sections, questions, order, sets, rules };
}

/** The questionnaire of a page. Everything that a reader sees has its words; places are numbers from 0. */
export function questionnaire(html) {
  const [first, ...lines] = dataOf(html).trimEnd().split("\n");
  const letters = [...first.replace(/^program /, "")].map((letter) => letter.codePointAt(0));
  // The last four bytes are a sum over program and words.
  const form = readProgram(letters.map((number) => number & 255).slice(0, -4));
  const next = () => {
    if (lines.length === 0) throw new Error("the page has too few words for its program");
    return lines.shift();
  };
  form.ui = Object.fromEntries(FRAME.map((key) => [key, next()]));
  next();
  form.version = next();
  for (const section of form.sections) Object.assign(section, { title: next(), intro: next() });
  for (const question of form.questions) {
    Object.assign(question, { title: next(), hint: next() });
    if (question.kind === "number") {
      question.unitText = next();
      if (question.unknown) question.unknownText = next();
      // The unit's code, for saved answers, which the peers leave out.
      next();
    } else if (question.kind === "instrument") {
      question.gate = next();
      next();
      question.items = question.items.map((highest) => ({ highest, text: next() }));
      question.values = Array.from({ length: Math.max(...question.items.map(({ highest }) => highest)) + 1 }, next);
    } else {
      for (const option of question.options) option.label = next();
    }
  }
  for (const rule of form.rules) Object.assign(rule, { title: next(), text: next() });
  for (const outcome of form.outcomes) outcome.title = next();
  form.talk = form.talk.map(next);
  if (lines.length > 0) throw new Error(`the page has ${lines.length} words more than its program needs`);
  return form;
}
