// Axe on every kind of screen of the questionnaire, in both languages, and no screen wider than a small phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violationsInAllViews } from "./lib/axe.mjs";
import { launch } from "./lib/browser.mjs";
import { caseOf } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { open, walk } from "./lib/walk.mjs";

let server;
let browser;
let context;
before(async () => {
  server = await serve();
  browser = await launch();
  context = await browser.newContext({ reducedMotion: "reduce" });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Cases that between them reach each outcome, and the questions at which to stop and look. */
const ROUTES = [
  ["V01", ["S1", "S2", "PHQ-2"]], // consult: many, one, an instrument
  ["V02", ["C4"]], // a number
  ["V03", []], // clearance
  ["V04", ["S3"]], // crisis, with the crisis strip on a question
  ["V05", []], // emergency, the page that stops
  ["V06", []], // not now
  ["V07", ["PC-PTSD-5"]], // an instrument with a gate
  ["V11", []], // not listed
];

async function judge(page, where) {
  const faults = await violationsInAllViews(page, where);
  await page.setViewportSize({ width: 320, height: 700 });
  const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
  if (width > 320) faults.push(`${where}: ${width} px wide on a screen of 320`);
  await page.setViewportSize({ width: 1280, height: 900 });
  return faults;
}

for (const language of ["en", "es"]) {
  test(`axe finds nothing on any kind of screen (${language})`, { timeout: 300_000 }, async () => {
    const page = await context.newPage();
    const faults = [];
    const seen = new Set();
    for (const [id, questions] of ROUTES) {
      await open(page, server.origin, language);
      const { end } = await walk(page, caseOf(id).answers, async ({ screen, question }) => {
        const kind = screen === "question" ? question : screen;
        if (seen.has(kind) || (screen === "question" && !questions.includes(question)) || screen === "outcome" || screen === "stop") return;
        seen.add(kind);
        faults.push(...(await judge(page, `${kind} of ${id}`)));
        if (kind === "S1" || kind === "PHQ-2") {
          await page.locator('[data-action="continue"]').click();
          await page.locator(".checker-errors").waitFor();
          faults.push(...(await judge(page, `${kind} of ${id} with errors`)));
        }
      });
      seen.add(end.outcome);
      faults.push(...(await judge(page, `${end.outcome} of ${id}`)));
    }
    for (const kind of ["start", "check", "S1", "S2", "S3", "C4", "PHQ-2", "PC-PTSD-5", "emergency", "crisis", "not-now", "not-listed", "clearance", "consult"]) {
      assert.ok(seen.has(kind), `${kind} was never looked at`);
    }
    assert.deepEqual(faults, []);
    await page.close();
  });
}
