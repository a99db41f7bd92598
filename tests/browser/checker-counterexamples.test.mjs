// Every counterexample that the prover makes, clicked through where the preview lets staff try a broken questionnaire:
// what the page says is what the prover said, and what `site-gen answer` says to the answers that were put in. The same
// answers on the shipped questionnaire, which is proved, lead elsewhere.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { violationsInAllViews } from "./lib/axe.mjs";
import { SMALL, mutations, shipped, small, spread, writeRoot } from "./lib/broken.mjs";
import { launch, watchedPage } from "./lib/browser.mjs";
import { answer, cases } from "./lib/cases.mjs";
import { preview } from "./lib/preview.mjs";
import { serve } from "./lib/server.mjs";
import { siteGen, TODAY } from "./lib/site.mjs";
import { open, openAt, press, quickWalk, reasons, traces, walk } from "./lib/walk.mjs";

/** How many changed rules of each kind. */
const CHANGED = { deleted: 14, loosened: 11, better: 14 };
/** At least so many of these must break a promise, or the test shows too little. */
const BROKEN_AT_LEAST = 30;

const folder = mkdtempSync(path.join(os.tmpdir(), "counterexamples-"));
const root = path.join(folder, "all");
const rootOf = (id) => path.join(folder, id);

/** id → { what, small, files, proof } */
const questionnaires = new Map();
let shown;
let server;
let browser;
let context;

before(async () => {
  for (const [at, one] of SMALL.entries()) {
    const id = `small-${at + 1}`;
    questionnaires.set(id, { ...one, small: true, files: small(id, one) });
  }
  const all = mutations();
  const picked = Object.entries(CHANGED).flatMap(([kind, count]) => spread(all.filter((one) => one.kind === kind), count));
  for (const [at, { what, rules }] of picked.entries()) {
    const id = `changed-${at + 1}`;
    questionnaires.set(id, { what, small: false, files: shipped(id, rules) });
  }
  writeRoot(root, [...questionnaires].map(([id, { files }]) => [id, files]));
  // `answer` proves what it reads: a folder for each keeps that to one.
  for (const [id, { files }] of questionnaires) writeRoot(rootOf(id), [[id, files]]);
  const verified = spawnSync(siteGen, ["verify", "--root", root, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(verified.status, 1, verified.stderr);
  for (const proof of JSON.parse(verified.stdout)) questionnaires.get(proof.checker).proof = proof;
  [shown, server, browser] = await Promise.all([preview(root), serve(), launch()]);
  // Small, because most of the time goes into painting screens that nobody looks at.
  context = await browser.newContext({ acceptDownloads: true, reducedMotion: "reduce", viewport: { width: 360, height: 420 } });
});
after(async () => {
  await browser?.close();
  await shown?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

const flat = (text) => text.replace(/\s+/g, " ").trim();
/** The name of a broken promise in the addresses of the preview. */
const nameOf = (refuted) => decodeURIComponent(new URL(refuted.walk).pathname.split("/").at(-1));

/** From the start screen to the end, with real clicks or with events: { screen, outcome, given, reasons }. */
async function click(page, answers, real) {
  if (!real) return quickWalk(page, answers);
  const { end, given } = await walk(page, answers);
  return { screen: end.screen, outcome: end.outcome, given, reasons: await reasons(page) };
}

/** What is wrong with a walk beside what the program says to the same answers, in a line; empty when nothing is. */
function complaint(result, said) {
  if (result.outcome !== said.outcome) return `the page says ${result.outcome}, the program ${said.outcome}`;
  if (result.reasons.length !== said.reasons.length) return `${result.reasons.length} reasons, not ${said.rules}`;
  const other = said.reasons.find(({ title, text }, at) => !flat(result.reasons[at]).includes(flat(title)) || !flat(result.reasons[at]).includes(flat(text)));
  if (other) return `the reason of ${other.rule} is not where it should be`;
  return "";
}

test("the prover breaks each small questionnaire where it was broken, and enough of the changed ones", () => {
  for (const [id, { what, small, broken, proof }] of questionnaires) {
    if (small) assert.deepEqual(proof.refuted.map(nameOf), broken, `${id}: ${what}`);
  }
  const changed = [...questionnaires.values()].filter(({ small, proof }) => !small && proof.refuted.length > 0);
  assert.ok(changed.length >= BROKEN_AT_LEAST, `${changed.length} changed questionnaires break a promise`);
});

test("a page that says something else than the program is noticed", () => {
  const said = { outcome: "stop", rules: ["A", "B"], reasons: [{ rule: "A", title: "One", text: "First." }, { rule: "B", title: "Two", text: "Second." }] };
  const page = (outcome, ...reasons) => ({ outcome, reasons });
  assert.equal(complaint(page("stop", "One  First. You answered: yes", "Two Second."), said), "");
  assert.match(complaint(page("visit", "One First.", "Two Second."), said), /visit/);
  assert.match(complaint(page("stop", "One First."), said), /1 reasons/);
  assert.match(complaint(page("stop", "Two Second.", "One First."), said), /reason of A/);
});

test("every counterexample gives on the page what the prover and the program say", { timeout: 1_200_000 }, async (t) => {
  const { page, seen } = await watchedPage(context);
  const faults = [];
  const count = { questionnaires: 0, counterexamples: 0, walks: 0 };
  for (const [id, { what, small, proof }] of questionnaires) {
    const walks = [];
    for (const refuted of proof.refuted) {
      count.counterexamples += 1;
      // From the address that `verify` prints over the page that tells about it to the questions themselves.
      const told = await fetch(shown.origin + new URL(refuted.walk).pathname).then((response) => response.text());
      const trial = `/~try/en/${id}/${nameOf(refuted)}`;
      assert.ok(told.includes(`href="${trial}"`), `${refuted.walk} does not lead to ${trial}`);
      await openAt(page, shown.origin + trial, "load");
      assert.match(await page.locator(".walk-banner").innerText(), /^This questionnaire breaks (a promise|\d+ promises)\. It is not on any page that readers see\.$/);
      const sides = [{ answers: refuted.counterexample, outcome: refuted.outcome, fired: refuted.fired }];
      if (refuted.beside) sides.push({ answers: refuted.beside, outcome: refuted.beside_outcome });
      for (const [at, side] of sides.entries()) {
        if (at > 0) await press(page, "clear");
        try {
          walks.push({ ...side, name: `${id} (${what}) ${nameOf(refuted)}${at > 0 ? " beside" : ""}`, result: await click(page, side.answers, small) });
        } catch (error) {
          faults.push(`${id} (${what}) ${nameOf(refuted)}: ${error.message.split("\n")[0]}`);
        }
      }
    }
    if (walks.length === 0) continue;
    count.questionnaires += 1;
    count.walks += walks.length;
    const said = answer(walks.map(({ result }) => result.given), "en", id, rootOf(id));
    for (const [at, { name, answers, outcome, fired, result }] of walks.entries()) {
      const wrong = complaint(result, said[at]);
      if (wrong) faults.push(`${name}: ${wrong}`);
      // Where no rule gives an outcome the page has none to show but the best, and none of its reasons asks for it.
      if (outcome && result.outcome !== outcome) faults.push(`${name}: the prover says ${outcome}, the page ${result.outcome}`);
      if (!outcome && said[at].talk_to.length > 0) faults.push(`${name}: a rule asks for an outcome where the prover says that none does`);
      if (result.screen === "stop") continue;
      assert.deepEqual(Object.keys(result.given).sort(), Object.keys(answers).sort(), `${name}: questions asked`);
      if (fired) assert.deepEqual(said[at].rules, fired, `${name}: rules`);
    }
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(seen.complaints, []);
  await page.close();
  t.diagnostic(`${count.counterexamples} counterexamples of ${count.questionnaires} questionnaires in ${count.walks} walks`);
  assert.ok(count.counterexamples >= 70 && count.walks > count.counterexamples, JSON.stringify(count));
});

test("the same answers on the shipped questionnaire get another result, the one that the promise wants", { timeout: 240_000 }, async (t) => {
  const { page, seen } = await watchedPage(context);
  const walks = [];
  for (const [id, { what, small, proof }] of questionnaires) {
    // A promise about one set of answers: where the changed rules broke it, the shipped ones must decide otherwise.
    const refuted = small ? null : proof.refuted.find(({ beside, outcome }) => !beside && outcome);
    if (!refuted) continue;
    await open(page, server.origin, "en", "load");
    walks.push({ name: `${id} (${what}) ${nameOf(refuted)}`, refuted, result: await quickWalk(page, refuted.counterexample) });
  }
  const outcomes = [...new Set(cases.map(({ outcome }) => outcome))];
  for (const outcome of outcomes) {
    const one = cases.find((patient) => patient.outcome === outcome);
    await open(page, server.origin, "en", "load");
    walks.push({ name: `case ${one.id}`, expected: outcome, result: await quickWalk(page, one.answers) });
  }
  const said = answer(walks.map(({ result }) => result.given));
  const faults = walks.flatMap(({ name, refuted, expected, result }, at) => {
    const wrong = [complaint(result, said[at])];
    if (refuted && result.outcome === refuted.outcome) wrong.push(`still ${refuted.outcome}`);
    if (expected && result.outcome !== expected) wrong.push(`${result.outcome}, not ${expected}`);
    return wrong.filter(Boolean).map((what) => `${name}: ${what}`);
  });
  assert.deepEqual(faults, []);
  assert.deepEqual(seen.complaints, []);
  await page.close();
  t.diagnostic(`${walks.length} walks, ${outcomes.length} of them an example of an outcome`);
  assert.ok(walks.length >= 25 + outcomes.length && outcomes.length === 6, `${walks.length} walks`);
});

test("what is tried is as private as the real page, and says on paper and in a saved copy what it is", async () => {
  const { page, seen } = await watchedPage(context);
  const [id, { proof }] = [...questionnaires].find(([, { what }]) => what === "a number one too high");
  await openAt(page, `${shown.origin}/~try/en/${id}/EIGHTY`);
  const asked = seen.requests.length;
  const traced = await traces(page);
  await walk(page, proof.refuted[0].counterexample);
  const notice = `Not for readers: ${id} 1.0.0 breaks a promise.`;
  assert.ok((await page.locator(".checker-app").innerText()).includes(notice));
  const [text] = await Promise.all([page.waitForEvent("download"), page.locator('[data-action="save"]').click()]);
  assert.ok(readFileSync(await text.path(), "utf8").includes(notice));
  const [record] = await Promise.all([page.waitForEvent("download"), page.locator('[data-action="save-record"]').click()]);
  assert.match(JSON.parse(readFileSync(await record.path(), "utf8")).questionnaire, new RegExp(`/${id}\\|1\\.0\\.0-unproved$`));
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".walk-banner").isVisible());
  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => fetch("/leak").catch(() => {}));
  assert.equal(seen.complaints.filter((text) => text.startsWith("policy:")).length, 1, "the policy stops a connection");
  // A saved copy is made in memory: its address holds no host.
  const more = seen.requests.slice(asked).filter((url) => !url.startsWith("blob:") && !url.endsWith("/leak"));
  assert.deepEqual(more, []);
  assert.deepEqual(await traces(page), traced);
  await page.close();
});

test("the page for trying can be used by everybody who makes a questionnaire", async () => {
  const page = await context.newPage();
  // A comparison has the most on its page.
  const [id] = [...questionnaires].find(([, { proof }]) => proof.refuted.some(({ beside }) => beside));
  const { refuted } = questionnaires.get(id).proof;
  await openAt(page, `${shown.origin}/~try/en/${id}/${nameOf(refuted.find(({ beside }) => beside))}`, "load");
  for (const list of await page.locator("summary").all()) await list.click();
  const faults = await violationsInAllViews(page, "start");
  await press(page, "continue");
  faults.push(...(await violationsInAllViews(page, "question")));
  await page.setViewportSize({ width: 320, height: 700 });
  if ((await page.evaluate(() => document.scrollingElement.scrollWidth)) > 320) faults.push("too wide for a small phone");
  assert.deepEqual(faults, []);
  await page.close();
});

test("a changed questionnaire that keeps its promises has nothing to try, and one that is broken is in no build", async () => {
  let kept = 0;
  for (const [id, { proof }] of questionnaires) {
    if (proof.refuted.length + proof.faults.length > 0) continue;
    const response = await fetch(`${shown.origin}/~try/en/${id}/`);
    assert.equal(response.status, 404, id);
    assert.ok(!(await response.text()).includes("data-checker"), id);
    kept += 1;
  }
  assert.ok(kept > 0, "every change broke something");
  const output = path.join(folder, "public");
  const built = spawnSync(siteGen, ["build", "--root", rootOf("changed-1"), "-o", output, "--today", TODAY], { encoding: "utf8" });
  assert.equal(built.status, 1);
  assert.match(built.stderr, /promise-broken/);
  assert.ok(!existsSync(output), "something was written");
});
