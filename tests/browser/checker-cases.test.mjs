// Every worked patient of cases.toml on the real page: the fifteen vignettes with real clicks, all cases with
// events. The page must say what cases.toml says, and what the program says to the same answers.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { answer, cases, parseCases, vignettes } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { open, quickWalk, reasons, traces, walk } from "./lib/walk.mjs";

let server;
let browser;
let context;
before(async () => {
  server = await serve();
  browser = await launch();
  context = await browser.newContext();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const flat = (text) => text.replace(/\s+/g, " ").trim();

/** The reasons shown are those that the program gives: all of them, no other, in the same order. */
function assertReasons(shown, expected) {
  assert.equal(shown.length, expected.length, `${shown.length} reasons are shown, not ${expected.length}: ${shown.join(" | ")}`);
  for (const [index, reason] of expected.entries()) {
    assert.ok(flat(shown[index]).includes(flat(reason.text)), `reason ${index + 1} should say "${reason.text}", says "${shown[index]}"`);
  }
}

test("the reader of cases.toml reads lists, numbers and words, and refuses the rest", () => {
  const [one] = parseCases('# x\n[[case]]\nid = "A" # b\nrules = [\n  "C1",\n  "C2",\n]\n[case.answers]\nC4 = 7\nPHQ-2 = [3, "-"]\n');
  assert.deepEqual(one, { id: "A", rules: ["C1", "C2"], answers: { C4: 7, "PHQ-2": [3, null] } });
  assert.throws(() => parseCases("[[case]]\nid = yes please\n"));
});

test("fifteen vignettes are clicked through", async (t) => {
  assert.equal(vignettes.length, 15);
  for (const patient of vignettes) {
    await t.test(`${patient.id}: ${patient.say}`, async () => {
      const { page, seen } = await watchedPage(context);
      try {
        await open(page, server.origin);
        const requests = seen.requests.length;
        const asked = server.log.length;
        const traced = await traces(page);
        const { end, given } = await walk(page, patient.answers);

        assert.equal(end.outcome, patient.outcome);
        assert.equal(end.screen, patient.outcome === "emergency" ? "stop" : "outcome");
        const said = answer(given);
        assert.equal(said.outcome, patient.outcome);
        assertReasons(await reasons(page), said.reasons);
        if (end.screen === "outcome") assert.deepEqual(said.rules, patient.rules);

        // What every result shows, and what only the mildest may show.
        const text = flat(await page.locator(".checker-app").innerText());
        assert.match(text, /not a diagnosis/i);
        assert.match(text, /\b911\b/);
        assert.match(text, /\b988\b/);
        assert.match(text, /do not stop any medicine on your own/i);
        assert.match(text, /1\.0\.0/, "the version of the rules");
        const claims = text.replace(/[^.]*does not mean[^.]*\./gi, "");
        assert.doesNotMatch(claims, /you qualify|you are eligible|approved for you|safe for you|\d mg\b/i);
        assert.equal(/ask for a (first )?visit/i.test(text), patient.outcome === "consult", "the offer of a visit");
        assert.ok(await page.evaluate(() => document.activeElement?.matches("h1, h2, [tabindex]")), "the heading of the result has the focus");

        // Nothing was asked for and nothing kept.
        assert.deepEqual(seen.requests.slice(requests), []);
        assert.deepEqual(seen.alsoRequests.length, requests);
        assert.deepEqual(server.log.slice(asked), []);
        assert.deepEqual(await traces(page), traced);
        assert.deepEqual(seen.complaints, []);
      } finally {
        await page.close();
      }
    });
  }
});

test("all cases give on the page what they give on paper", { timeout: 600_000 }, async () => {
  const { page, seen } = await watchedPage(context);
  const faults = [];
  await open(page, server.origin);
  const own = new Set(seen.requests);
  const walked = [];
  for (const patient of cases) {
    await open(page, server.origin, "en", "load");
    try {
      walked.push({ patient, result: await quickWalk(page, patient.answers) });
    } catch (error) {
      faults.push(`${patient.id}: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    }
  }
  const all = answer(walked.map(({ result }) => result.given));
  for (const [index, { patient, result }] of walked.entries()) {
    try {
      const said = all[index];
      assert.equal(result.outcome, patient.outcome);
      assertReasons(result.reasons, said.reasons);
      if (result.screen === "outcome") assert.deepEqual(said.rules, patient.rules);
      if (result.screen === "outcome") assert.deepEqual(Object.keys(result.given).sort(), Object.keys(patient.answers).sort(), "questions asked");
    } catch (error) {
      faults.push(`${patient.id}: ${error.message.split("\n").slice(0, 3).join(" ")}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(seen.complaints, []);
  // The page's own parts (again with each load) and nothing else.
  assert.deepEqual(seen.requests.filter((url) => !own.has(url)), []);
  await page.close();
});

test("the Spanish page gives the same results in Spanish", async () => {
  const { page, seen } = await watchedPage(context);
  for (const id of ["V01", "V04", "V12", "V13"]) {
    const patient = cases.find((one) => one.id === id);
    await open(page, server.origin, "es");
    assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
    const result = await quickWalk(page, patient.answers);
    assert.equal(result.outcome, patient.outcome, id);
    assertReasons(result.reasons, answer(result.given, "es").reasons);
    assert.match(result.text, /911/);
    assert.match(result.text, /988/);
    assert.doesNotMatch(result.text, /not a diagnosis|Continue|Change/, "English words on the Spanish page");
  }
  assert.deepEqual(seen.complaints, []);
  await page.close();
});
