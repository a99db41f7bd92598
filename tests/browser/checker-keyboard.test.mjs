// The questionnaire by keyboard alone: no click, no focus() from outside. Where the focus goes, in which order, whether
// it can be seen, and that nothing holds it.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { answer, caseOf, casesOf } from "./lib/cases.mjs";
import { enter, enterAndWait, fillByKeys, focused, orderFaults, tabTo } from "./lib/keys.mjs";
import { buildSample } from "./lib/sample.mjs";
import { serve } from "./lib/server.mjs";
import { open, openAt, screenOf, waitForScreen } from "./lib/walk.mjs";

let server;
let browser;
let context;
before(async () => {
  server = await serve();
  browser = await launch();
  context = await browser.newContext({ reducedMotion: "reduce", acceptDownloads: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function withPage(body, url = null) {
  const { page, seen } = await watchedPage(context);
  try {
    await (url ? openAt(page, url) : open(page, server.origin));
    await body(page);
    assert.deepEqual(seen.complaints, []);
  } finally {
    await page.close();
  }
}

/** From the start to the result with keys. `each(screen)` is called on every screen before it is left. */
async function walkByKeys(page, answers, each = async () => {}) {
  for (let steps = 0; steps < 120; steps += 1) {
    const shown = await screenOf(page);
    if (shown.screen !== "start") {
      const at = await focused(page);
      assert.ok(at?.id === "checker-title" && at.tag === "h2", `${JSON.stringify(shown)}: the focus is on ${JSON.stringify(at)}`);
    }
    await each(shown);
    if (shown.screen === "outcome" || shown.screen === "stop") return shown;
    if (shown.screen === "question" && !shown.confirm) await fillByKeys(page, shown.question, answers[shown.question]);
    await enterAndWait(page, "continue");
  }
  throw new Error("the questionnaire does not end");
}

/** What is spoken on a screen beside what takes the focus: nothing that would be heard twice. */
const spokenTwice = (page) =>
  page.evaluate(() => {
    const live = [...document.querySelectorAll('[role="alert"], [role="status"], [role="log"], [aria-live]:not([aria-live="off"]), output')];
    // What is not shown is not spoken.
    return live.filter((one) => one.checkVisibility()).filter((one) => one.contains(document.activeElement) || document.activeElement.contains(one)).map((one) => one.className || one.localName);
  });

for (const [id, language] of [["V02", "en"], ["V04", "es"], ["V05", "en"], ["V07", "en"]]) {
  test(`from start to result by keys (${id}, ${language}): in the order seen, with a ring, without a trap`, { timeout: 240_000 }, async () => {
    const { answers, outcome } = caseOf(id);
    const { page, seen } = await watchedPage(context);
    await open(page, server.origin, language);
    const faults = [];
    const walked = new Set();
    const end = await walkByKeys(page, answers, async ({ screen, question, crisis }) => {
      const where = `${question ?? screen}${crisis ? " with crisis help" : ""}`;
      faults.push(...(await spokenTwice(page)).map((what) => `${where}: ${what} is spoken and takes the focus`));
      if (walked.has(where)) return;
      walked.add(where);
      faults.push(...(await orderFaults(page, where)));
    });
    assert.equal(end.outcome, outcome);
    assert.deepEqual(faults, []);
    assert.deepEqual(seen.complaints, []);
    await page.close();
  });
}

test("the error summary: heard once, each entry leads to its input, for every kind of question", { timeout: 120_000 }, async () => {
  const kinds = { many: ["S1", "V01"], one: ["S2", "V01"], number: ["C4", "V02"], instrument: ["PHQ-2", "V01"] };
  for (const [kind, [wanted, id]] of Object.entries(kinds)) {
    await withPage(async (page) => {
      class Here extends Error {}
      await walkByKeys(page, caseOf(id).answers, async ({ question }) => {
        if (question === wanted) throw new Here();
      }).catch((error) => {
        if (!(error instanceof Here)) throw error;
      });
      await enter(page, "continue");
      await page.locator(".checker-errors").waitFor();
      assert.equal((await focused(page)).id, "checker-errors", kind);
      assert.deepEqual(await spokenTwice(page), [], kind);
      const entries = await page.locator(".checker-errors li").allInnerTexts();
      assert.equal(entries.length, kind === "instrument" ? 2 : 1);
      const [said, more] = await page.evaluate(() => {
        const box = document.activeElement;
        return [box.getAttribute("aria-label"), document.getElementById(box.getAttribute("aria-describedby")).textContent];
      });
      assert.equal(said, "There is a problem");
      for (const [index, entry] of entries.entries()) {
        assert.ok(more.includes(entry), "what is wrong is read with the box");
        await tabTo(page, (one) => one.tag === "button" && one.said === entry, { key: index ? "Shift+Tab" : "Tab" });
        await page.keyboard.press("Enter");
        const input = await focused(page);
        assert.equal(input.tag, "input");
        assert.equal(input.name, kind === "instrument" ? `${wanted}.${index + 1}` : wanted);
        assert.ok(input.ring >= 3 && input.inView, "the input that was led to is seen");
      }
      assert.deepEqual(await orderFaults(page, `${wanted} with errors`), []);
    });
  }
});

test("a number's field says its hint, its unit and what is wrong", async () => {
  const sample = buildSample("visits");
  const other = await serve({ folder: sample.folder, base: "/clinic" });
  try {
    await withPage(async (page) => {
      await enterAndWait(page, "continue");
      await fillByKeys(page, "FEELING", ["fever"]);
      await enterAndWait(page, "continue");
      await fillByKeys(page, "TEMPERATURE", 300);
      await page.keyboard.press("Enter");
      await page.locator(".checker-errors").waitFor();
      const beside = await page.locator("#checker-number").evaluate((field) =>
        field.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" "),
      );
      assert.match(beside, /°F/);
      assert.match(beside, /90/);
      assert.match(beside, /110/);
    }, `${other.origin}/clinic/flu/`);
  } finally {
    await other.close();
    sample.remove();
  }
});

test("is this right? by keys: no leads back to the field, yes goes on", async () => {
  const sample = buildSample("visits");
  const other = await serve({ folder: sample.folder, base: "/clinic" });
  try {
    await withPage(async (page) => {
      await enterAndWait(page, "continue");
      await fillByKeys(page, "FEELING", ["fever"]);
      await enterAndWait(page, "continue");
      await fillByKeys(page, "TEMPERATURE", 94.5);
      assert.equal((await enterAndWait(page, "continue")).confirm, true);
      assert.equal((await focused(page)).id, "checker-title");
      assert.deepEqual(await orderFaults(page, "is this right?"), []);
      assert.equal((await enterAndWait(page, "back", { key: "Tab" })).confirm, false);
      const field = await focused(page);
      assert.deepEqual([field.id, field.value], ["checker-number", "94.5"]);
      assert.equal((await enterAndWait(page, "continue")).confirm, true);
      const next = await enterAndWait(page, "continue");
      assert.notEqual(next.question, "TEMPERATURE");
    }, `${other.origin}/clinic/flu/`);
    const cases = casesOf("flu-visit", sample.root);
    const said = answer(cases.map(({ answers }) => answers), "es", "flu-visit", sample.root);
    await withPage(async (page) => {
      const end = await walkByKeys(page, cases[0].answers);
      assert.equal(end.outcome, said[0].outcome);
    }, `${other.origin}/clinic/es/flu/`);
  } finally {
    await other.close();
    sample.remove();
  }
});

test("change, back, print, save, clear and leave by keys", { timeout: 120_000 }, async () => {
  await withPage(async (page) => {
    await page.evaluate(() => {
      window.print = () => (document.documentElement.dataset.printed = "yes");
    });
    const { answers } = caseOf("V03");
    let changed = false;
    const end = await walkByKeys(page, answers, async ({ screen, question }) => {
      if (question === "S4") {
        await enterAndWait(page, "back");
        assert.equal((await screenOf(page)).question, "S2");
        assert.equal((await focused(page)).id, "checker-title");
        await enterAndWait(page, "continue");
      }
      if (screen === "check" && !changed) {
        changed = true;
        await tabTo(page, (one) => one.action === "change" && one.question === "A2");
        await page.keyboard.press("Enter");
        await waitForScreen(page, (now) => now.question === "A2");
        assert.equal((await focused(page)).id, "checker-title");
        await enterAndWait(page, "continue");
        assert.equal((await focused(page)).id, "checker-title");
      }
    });
    assert.ok(changed);
    assert.equal(end.outcome, "clearance");
    await tabTo(page, (one) => one.tag === "input");
    await page.keyboard.press("Space");
    assert.ok(await page.locator(".print-answers").isChecked());
    await enter(page, "print");
    assert.equal(await page.evaluate(() => document.documentElement.dataset.printed), "yes");
    const [download] = await Promise.all([page.waitForEvent("download"), enter(page, "save")]);
    assert.match(download.suggestedFilename(), /\.txt$/);
    await enterAndWait(page, "clear");
    assert.equal((await screenOf(page)).screen, "start");
    const at = await focused(page);
    assert.match(at.said, /cleared/i, "the focus is on the news");
    assert.deepEqual(await spokenTwice(page), []);
    await enterAndWait(page, "continue");
    await enter(page, "leave", { key: "Shift+Tab" });
    await page.waitForURL((url) => !url.href.startsWith(`${server.origin}/check`));
  });
});

test("an emergency by keys: help comes first, and a slip can be taken back", async () => {
  await withPage(async (page) => {
    await enterAndWait(page, "continue");
    await fillByKeys(page, "S1", ["chest-pain"]);
    const stop = await enterAndWait(page, "continue");
    assert.equal(stop.screen, "stop");
    await page.keyboard.press("Tab");
    const first = await focused(page);
    assert.match(first.said, /911/, "the first thing after the heading is the call");
    await enterAndWait(page, "back");
    await waitForScreen(page, ({ question }) => question === "S1");
    await tabTo(page, (one) => one.value === "chest-pain");
    await page.keyboard.press("Space");
    assert.equal(await page.locator(".checker-app :checked").count(), 0);
  });
});
