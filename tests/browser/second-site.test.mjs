// Another clinic's site, made by writing content only: two checkers of another treatment on one site, below a path, in
// two languages. Every case of both is clicked through.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { violationsInAllViews } from "./lib/axe.mjs";
import { launch, watchedPage } from "./lib/browser.mjs";
import { answer, casesOf } from "./lib/cases.mjs";
import { buildSample } from "./lib/sample.mjs";
import { serve } from "./lib/server.mjs";
import { files } from "./lib/site.mjs";
import { fill, openAt, press, reasons, screenOf, traces, walk } from "./lib/walk.mjs";

const BASE = "/clinic";
const CHECKERS = { "flu-visit": "flu/", "scan-visit": "scan/" };
const LANGUAGES = { en: "/", es: "/es/" };

let sample;
let root;
let folder;
let server;
let browser;
let context;
before(async () => {
  sample = buildSample("visits");
  ({ root, folder } = sample);
  server = await serve({ folder, base: BASE });
  browser = await launch();
  context = await browser.newContext({ acceptDownloads: true, reducedMotion: "reduce" });
});
after(async () => {
  await browser?.close();
  await server?.close();
  sample?.remove();
});

const url = (checker, language = "en") => `${server.origin}${BASE}${LANGUAGES[language]}${CHECKERS[checker]}`;
const text = (page) => page.locator(".checker-app").innerText();

async function withPage(checker, body) {
  const { page, seen } = await watchedPage(context);
  try {
    await openAt(page, url(checker));
    await body(page, seen);
    assert.deepEqual(seen.complaints, []);
  } finally {
    await page.close();
  }
}

/** Walks to the number of the flu checklist, which a fever opens. */
async function toTemperature(page) {
  await press(page, "continue");
  await fill(page, "FEELING", ["fever"]);
  assert.equal((await press(page, "continue")).question, "TEMPERATURE");
}

test("nothing in the output speaks of the treatment that the program was first written for", () => {
  const published = files(folder);
  assert.ok(published.length > 10);
  for (const file of published) {
    assert.doesNotMatch(`${file} ${readFileSync(path.join(folder, file), "latin1")}`, /ketamin|infusi[oó]n/i, file);
  }
});

test("every case of both checkers, in both languages, gives on the page what it gives on paper", { timeout: 240_000 }, async () => {
  let walked = 0;
  for (const checker of Object.keys(CHECKERS)) {
    for (const language of Object.keys(LANGUAGES)) {
      const all = casesOf(checker, root);
      const said = answer(all.map(({ answers }) => answers), language, checker, root);
      for (const [index, one] of all.entries()) {
        const { page, seen } = await watchedPage(context);
        await openAt(page, url(checker, language));
        const before = { requests: seen.requests.length, traces: await traces(page) };
        const { end, path: asked } = await walk(page, one.answers);
        assert.equal(end.outcome, one.outcome, `${checker} ${one.id} ${language}`);
        assert.equal(said[index].outcome, one.outcome);
        assert.deepEqual(said[index].rules, one.rules, one.id);
        const shown = await reasons(page);
        assert.equal(shown.length, said[index].reasons.length, `${one.id}: ${shown}`);
        for (const [at, reason] of said[index].reasons.entries()) assert.ok(shown[at].includes(reason.text), shown[at]);
        if (end.screen === "outcome") assert.deepEqual(asked.sort(), Object.keys(one.answers).sort());
        assert.deepEqual(seen.requests.slice(before.requests), []);
        assert.deepEqual(await traces(page), before.traces);
        assert.deepEqual(seen.complaints, []);
        await page.close();
        walked += 1;
      }
    }
  }
  assert.equal(walked, 2 * (6 + 5));
});

test("the two checkers of a site know nothing of each other", async () => {
  await withPage("flu-visit", async (page) => {
    await press(page, "continue");
    assert.equal((await screenOf(page)).question, "FEELING");
    await fill(page, "FEELING", ["cough"]);
    await press(page, "continue");
    await openAt(page, url("scan-visit"), "load");
    await press(page, "continue");
    assert.equal((await screenOf(page)).question, "METAL");
    assert.equal(await page.locator(".checker-app :checked").count(), 0);
  });
});

test("an unlikely number is asked about once, and a yes goes on with it", async () => {
  await withPage("flu-visit", async (page) => {
    await toTemperature(page);
    await fill(page, "TEMPERATURE", 94.5);
    const asked = await press(page, "continue");
    assert.deepEqual([asked.screen, asked.question, asked.confirm], ["question", "TEMPERATURE", true]);
    assert.match(await text(page), /94\.5 °F/);
    assert.match(await text(page), /What is your temperature\?/);
    assert.ok(await page.evaluate(() => document.activeElement?.matches("h2")), "the focus is on the heading");
    for (const action of ["clear", "leave"]) assert.ok(await page.locator(`.checker-app [data-action="${action}"]`).isVisible(), action);
    assert.equal((await press(page, "continue")).question, "BEFORE");
    // Back and on again with the same number: it has been confirmed.
    await press(page, "back");
    assert.equal((await press(page, "continue")).question, "BEFORE");
  });
});

test("a no leads back to the number, which still stands there", async () => {
  await withPage("flu-visit", async (page) => {
    await toTemperature(page);
    await fill(page, "TEMPERATURE", 94.5);
    await press(page, "continue");
    const back = await press(page, "back");
    assert.deepEqual([back.question, back.confirm], ["TEMPERATURE", false]);
    const field = page.locator('input[name="TEMPERATURE"][type="text"]');
    assert.equal(await field.inputValue(), "94.5");
    assert.ok(await page.evaluate(() => document.activeElement?.name === "TEMPERATURE"), "the focus is in the field");
    await field.fill("98.6");
    assert.equal((await press(page, "continue")).question, "BEFORE");
    // Another unlikely number is another question.
    await press(page, "back");
    await page.locator('input[name="TEMPERATURE"][type="text"]').fill("104.5");
    assert.equal((await press(page, "continue")).confirm, true);
    assert.equal((await press(page, "continue")).outcome, "stay-home");
  });
});

test("likely numbers, impossible numbers and no number are not asked about", async () => {
  await withPage("flu-visit", async (page) => {
    for (const likely of [96, 101.2, 104]) {
      await openAt(page, url("flu-visit"), "load");
      await toTemperature(page);
      await fill(page, "TEMPERATURE", likely);
      assert.equal((await press(page, "continue")).confirm, false, `${likely}`);
    }
    await openAt(page, url("flu-visit"), "load");
    await toTemperature(page);
    await fill(page, "TEMPERATURE", 200);
    await page.locator('[data-action="continue"]').click();
    await page.locator(".checker-errors").waitFor();
    assert.equal((await screenOf(page)).confirm, false);
    assert.match(await text(page), /90\.0 to 110\.0/);
    await fill(page, "TEMPERATURE", "not-taken");
    assert.equal((await press(page, "continue")).question, "BEFORE");
  });
});

/** What "save for health software" gives at the end of a case, and the name of its file. */
async function record(checker, id, language) {
  const { page, seen } = await watchedPage(context);
  await openAt(page, url(checker, language));
  await walk(page, casesOf(checker, root).find((one) => one.id === id).answers);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('[data-action="save-record"]').click()]);
  const file = readFileSync(await download.path(), "utf8");
  assert.deepEqual(seen.complaints, []);
  await page.close();
  return { name: download.suggestedFilename(), response: JSON.parse(file) };
}

test("the copy for health software holds the answers under the ids of the questionnaire, and nothing about the reader", async () => {
  const { name, response } = await record("flu-visit", "LOW", "en");
  assert.match(name, /\.json$/);
  const system = "https://visits.example/clinic/fhir/CodeSystem/flu-visit";
  const coding = (question, code, display) => ({ valueCoding: { system: `${system}/${question}`, code, display } });
  assert.deepEqual(response, {
    resourceType: "QuestionnaireResponse",
    questionnaire: "https://visits.example/clinic/fhir/Questionnaire/flu-visit|0.3.0",
    status: "completed",
    item: [
      {
        linkId: "today",
        text: "Today",
        item: [
          { linkId: "FEELING", text: "How do you feel today?", answer: [coding("FEELING", "fever", "I have a fever")] },
          {
            linkId: "TEMPERATURE.group",
            item: [{ linkId: "TEMPERATURE", text: "What is your temperature?", answer: [{ valueQuantity: { value: 94.5, unit: "°F", system: "http://unitsofmeasure.org", code: "[degF]" } }] }],
          },
        ],
      },
      {
        linkId: "visit",
        text: "The visit",
        item: [
          { linkId: "BEFORE", text: "Did a shot ever make you ill?", answer: [coding("BEFORE", "no", "No")] },
          { linkId: "NEEDS", text: "What do you need at the visit?", answer: [coding("NEEDS", "none", "None of these")] },
        ],
      },
    ],
  });
});

test("it holds ticks, numbers that are not known, screens and a stop as health software expects them", async () => {
  const items = ({ item = [] }) => item.flatMap((one) => [one, ...items(one)]);
  const find = (response, link) => items(response).find(({ linkId }) => linkId === link);
  const unknown = (await record("flu-visit", "NOT-TAKEN", "es")).response;
  assert.equal(find(unknown, "TEMPERATURE"), undefined);
  assert.equal(find(unknown, "TEMPERATURE.not-taken").answer[0].valueCoding.code, "not-taken");
  assert.equal(find(unknown, "BEFORE").answer[0].valueCoding.display, "No lo sé con seguridad");
  const help = (await record("flu-visit", "HELP", "en")).response;
  assert.deepEqual(find(help, "NEEDS").answer.map(({ valueCoding }) => valueCoding.code), ["interpreter", "quiet-room"]);
  assert.equal(find(help, "TEMPERATURE.group"), undefined, "what was not asked is not there");
  const stopped = (await record("flu-visit", "HOT", "en")).response;
  assert.equal(stopped.status, "stopped");
  assert.equal(find(stopped, "BEFORE"), undefined);
  const screen = (await record("scan-visit", "NERVOUS", "en")).response;
  assert.deepEqual(find(screen, "NERVES").item.map(({ linkId, answer }) => [linkId, answer[0].valueCoding.code]), [["NERVES.1", "2"], ["NERVES.2", "1"]]);
  assert.equal(find(screen, "NERVES.1").answer[0].valueCoding.system, "https://visits.example/clinic/fhir/CodeSystem/scan-visit/gad-2");
  assert.deepEqual(find(screen, "STILL").answer, [{ valueQuantity: { value: 45, unit: "min", system: "http://unitsofmeasure.org", code: "min" } }]);
});

test("clearing on the question whether a number is right forgets the number", async () => {
  await withPage("scan-visit", async (page) => {
    await press(page, "continue");
    await fill(page, "METAL", ["none"]);
    await press(page, "continue");
    await fill(page, "STILL", 200);
    assert.equal((await press(page, "continue")).confirm, true);
    assert.equal((await press(page, "clear")).screen, "start");
    assert.doesNotMatch(await page.content(), /200 min/);
    await press(page, "continue");
    await fill(page, "METAL", ["none"]);
    await press(page, "continue");
    assert.equal(await page.locator('input[name="STILL"]').inputValue(), "");
  });
});

test("axe finds nothing on its screens, and none is wider than a small phone", { timeout: 120_000 }, async () => {
  for (const language of Object.keys(LANGUAGES)) {
    const page = await context.newPage();
    const faults = [];
    for (const checker of Object.keys(CHECKERS)) {
      await openAt(page, url(checker, language), "load");
      const one = casesOf(checker, root).find(({ id }) => id === "LOW" || id === "LONG");
      const { confirmed } = await walk(page, one.answers, async ({ screen, question, confirm }) => {
        faults.push(...(await violationsInAllViews(page, `${language} ${screen} ${question} ${confirm}`)));
        await page.setViewportSize({ width: 320, height: 700 });
        if ((await page.evaluate(() => document.scrollingElement.scrollWidth)) > 320) faults.push(`${screen} ${question} is too wide`);
      });
      assert.equal(confirmed.length, 1);
    }
    assert.deepEqual(faults, []);
    await page.close();
  }
});
