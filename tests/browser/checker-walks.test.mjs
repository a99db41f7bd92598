// Two hundred readers who change their minds: random answers, steps back, changes on the check page, from fixed seeds.
// What the page says in the end is what the program says to the answers that count.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { answer } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { open } from "./lib/walk.mjs";

const WALKS = 200;

let server;
let browser;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/**
 * One walk inside the page, from the start screen to a result and back to the start screen. Gives the answers that
 * count at the end, the result, its reasons, and how often the reader turned round.
 */
function wander(seed) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const one = (list) => list[Math.floor(random() * list.length)];
  const root = document.querySelector(".checker-app");
  const shown = () => root.querySelector("[data-screen]");
  const soon = () => new Promise((next) => setTimeout(next, 0));
  // Each screen is a new element: it is the same screen as long as its element is.
  const turn = async (action) => {
    const before = shown();
    root.querySelector(action).click();
    for (let wait = 0; wait < 1000; wait += 1) {
      await soon();
      if (shown() !== before) return;
    }
    throw new Error(`seed ${seed}: nothing follows ${action}: ${root.querySelector(".checker-errors")?.textContent ?? root.innerText}`);
  };
  const press = (action) => turn(`[data-action="${action}"]`);
  const tick = async (box, wanted) => {
    if (box.checked !== wanted) {
      box.click();
      await soon();
    }
  };
  const names = (inputs) => [...new Set(inputs.map(({ name }) => name))];
  const respond = async (question) => {
    const inputs = () => [...root.querySelectorAll("input")];
    const text = inputs().find(({ type }) => type === "text");
    if (text) {
      const unknown = inputs().find(({ type }) => type === "checkbox");
      if (unknown && random() < 0.3) {
        await tick(unknown, true);
        return unknown.value;
      }
      text.value = String(Math.floor(random() * 11));
      text.dispatchEvent(new Event("input", { bubbles: true }));
      await soon();
      return Number(text.value);
    }
    if (names(inputs())[0] !== question) {
      const values = [];
      // Items behind a gate that is shut are hidden.
      for (const name of names(inputs())) {
        const choices = inputs().filter((input) => input.name === name && !input.closest("[hidden]"));
        if (choices.length === 0) {
          values.push(null);
          continue;
        }
        const box = random() < 0.5 ? choices[0] : one(choices);
        await tick(box, true);
        values.push(Number(box.value));
      }
      return values;
    }
    if (inputs()[0].type === "radio") {
      // Most readers are well in most ways: otherwise no walk would get far.
      const box = random() < 0.6 ? inputs()[0] : one(inputs());
      await tick(box, true);
      return box.value;
    }
    const all = inputs();
    const wanted = random() < 0.6 ? [all.at(-1)] : all.slice(0, -1).filter(() => random() < 0.15);
    if (wanted.length === 0) wanted.push(all.at(-1));
    for (const box of all) if (!wanted.some(({ value }) => value === box.value)) await tick(inputs().find(({ value }) => value === box.value), false);
    for (const { value } of wanted) await tick(inputs().find((input) => input.value === value), true);
    return inputs().filter(({ checked }) => checked).map(({ value }) => value);
  };
  const walk = async () => {
    const given = new Map();
    let turns = 0;
    let changes = 1 + Math.floor(random() * 3);
    await press("continue");
    for (let steps = 0; steps < 400; steps += 1) {
      const { screen, question, outcome, confirm } = shown().dataset;
      if (screen === "outcome" || screen === "stop") {
        if (screen === "stop" && random() < 0.9) {
          // "I picked this by mistake."
          await press("back");
          turns += 1;
          given.delete(shown().dataset.question);
          continue;
        }
        const text = (selector) => [...root.querySelectorAll(selector)].map((node) => node.textContent);
        const result = { seed, screen, outcome, turns, given: Object.fromEntries(given), reasons: text(".checker-reasons > *") };
        await press("clear");
        return result;
      }
      if (screen === "check") {
        const listed = [...root.querySelectorAll('[data-action="change"]')].map((button) => button.dataset.question);
        // What is no longer asked no longer counts, even if it is asked again.
        for (const known of [...given.keys()]) if (!listed.includes(known)) given.delete(known);
        if (changes > 0) {
          changes -= 1;
          turns += 1;
          await turn(`[data-action="change"][data-question="${one(listed)}"]`);
        } else {
          await press("continue");
        }
        continue;
      }
      if (confirm === undefined) {
        if (given.size > 0 && random() < 0.06) {
          await press("back");
          turns += 1;
          const now = shown().dataset;
          if (now.screen === "start") await press("continue");
          else if (now.screen === "question") given.delete(now.question);
          continue;
        }
        given.set(question, await respond(question));
      }
      await press("continue");
    }
    throw new Error(`seed ${seed}: no end`);
  };
  return walk();
}

test("two hundred walks with changes of mind end where the program says", { timeout: 900_000 }, async () => {
  const context = await browser.newContext();
  const { page, seen } = await watchedPage(context);
  await open(page, server.origin);
  const asked = seen.requests.length;
  const walks = [];
  for (let seed = 1; seed <= WALKS; seed += 1) walks.push(await page.evaluate(wander, seed));
  assert.deepEqual(seen.requests.slice(asked), []);
  assert.deepEqual(seen.complaints, []);

  const flat = (text) => text.replace(/\s+/g, " ");
  const said = answer(walks.map(({ given }) => given));
  const faults = [];
  for (const [index, walk] of walks.entries()) {
    const expected = said[index];
    const missing = expected.reasons.filter(({ text }, at) => !flat(walk.reasons[at] ?? "").includes(flat(text)));
    if (walk.outcome !== expected.outcome || walk.reasons.length !== expected.reasons.length || missing.length > 0) {
      faults.push(`seed ${walk.seed}: ${walk.outcome} with ${walk.reasons.length} reasons, not ${expected.outcome} with ${expected.rules}: ${JSON.stringify(walk.given)}`);
    }
    if (walk.screen === "outcome" && expected.missing.length > 0) faults.push(`seed ${walk.seed}: a result without ${expected.missing}`);
  }
  assert.deepEqual(faults, []);
  // The walks go somewhere, and turn round on the way.
  const ends = new Set(walks.map(({ outcome }) => outcome));
  assert.ok(ends.size >= 4, `only ${[...ends]}`);
  assert.ok(walks.reduce((sum, { turns }) => sum + turns, 0) > WALKS, "too few changes of mind");
});
