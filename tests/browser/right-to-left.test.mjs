// A site in a language that runs from right to left, made by writing content only: theme and widget turn around, numbers
// do not, and every screen can be used by everyone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations } from "./lib/axe.mjs";
import { launch, watchedPage } from "./lib/browser.mjs";
import { answer, casesOf } from "./lib/cases.mjs";
import { enterAndWait, fillByKeys, orderFaults } from "./lib/keys.mjs";
import { buildSample } from "./lib/sample.mjs";
import { everyScreen } from "./lib/screens.mjs";
import { serve } from "./lib/server.mjs";
import { openAt, screenOf, walk } from "./lib/walk.mjs";

let sample;
let server;
let browser;
let context;
before(async () => {
  sample = buildSample("physio");
  server = await serve({ folder: sample.folder });
  browser = await launch();
  context = await browser.newContext({ reducedMotion: "reduce" });
});
after(async () => {
  await browser?.close();
  await server?.close();
  sample?.remove();
});

const url = () => `${server.origin}/visit/`;

test("every page says that it runs from right to left, and none is wider than a small phone", async () => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 320, height: 640 });
  for (const address of ["/", "/visit/", "/visit/proof/", "/privacy-report/", "/404.html"]) {
    await page.goto(server.origin + address);
    const seen = await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang, getComputedStyle(document.querySelector("main")).direction, document.scrollingElement.scrollWidth]);
    assert.deepEqual(seen, ["rtl", "ar", "rtl", 320], address);
  }
  await page.close();
});

test("the screens are mirrored: text starts at the right, ticks stand right of their words", async () => {
  const page = await context.newPage();
  await page.setViewportSize({ width: 1280, height: 900 });
  await openAt(page, url());
  const cases = casesOf("physio-visit", sample.root);
  const sides = [];
  await walk(page, cases.find(({ id }) => id === "WARM").answers, async ({ screen, question }) => {
    if (screen !== "question") return;
    const faults = await page.evaluate(() => {
      const wrong = [];
      for (const label of document.querySelectorAll(".checker-app .checker-option")) {
        const [box, words] = ["input", "span"].map((part) => label.querySelector(part).getBoundingClientRect());
        if (box.left < words.right) wrong.push(`the tick of ${label.innerText} stands left of its words`);
      }
      const [leave, bar] = [".button--leave", ".checker-bar"].map((one) => document.querySelector(one).getBoundingClientRect());
      if (Math.abs(leave.left - bar.left) > 2) wrong.push("the button that leaves is not at the end of its row");
      const [go, back] = ["continue", "back"].map((one) => document.querySelector(`[data-action=${one}]`)?.getBoundingClientRect());
      if (back && go.left < back.right) wrong.push("Continue does not come first");
      return wrong;
    });
    sides.push(...faults.map((fault) => `${question}: ${fault}`));
  });
  assert.deepEqual(sides, []);
  await page.close();
});

test("numbers, units and phone numbers are read from left to right", async () => {
  const page = await context.newPage();
  await openAt(page, url());
  /** The signs of a text in the order in which they stand on the screen. */
  const asSeen = (selector, part) =>
    page.locator(selector).first().evaluate((node, part) => {
      const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
      for (let at = walker.nextNode(); at; at = walker.nextNode()) {
        const from = at.data.indexOf(part);
        if (from < 0) continue;
        return [...part]
          .map((sign, index) => {
            const range = document.createRange();
            range.setStart(at, from + index);
            range.setEnd(at, from + index + 1);
            return [range.getBoundingClientRect().left, sign];
          })
          .sort(([a], [b]) => a - b)
          .map(([, sign]) => sign)
          .join("");
      }
      return null;
    }, part);
  const seen = [];
  await walk(page, casesOf("physio-visit", sample.root).find(({ id }) => id === "WARM").answers, async ({ confirm, screen }) => {
    if (confirm) seen.push(await asSeen(".checker-lead", "34.5 °C"));
    if (screen === "check") seen.push(await asSeen(".checker-answers dd:has-text('34.5')", "34.5 °C"));
  });
  seen.push(await asSeen(".checker-next", "555-0100"));
  assert.deepEqual(seen, ["34.5 °C", "34.5 °C", "555-0100"]);
  await page.close();
});

test("every screen: axe, a small phone, and the keyboard in the order seen", { timeout: 300_000 }, async () => {
  const { page, seen } = await watchedPage(context);
  page.setDefaultTimeout(20_000);
  const cases = casesOf("physio-visit", sample.root);
  const said = answer(cases.map(({ answers }) => answers), "ar", "physio-visit", sample.root);
  const faults = [];
  const names = await everyScreen(page, url(), { cases, said }, async ({ name }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    const wide = await page.evaluate(() => document.scrollingElement.scrollWidth);
    if (wide > 320) faults.push(`${name}: ${wide} px wide`);
    faults.push(...(await violations(page, `${name} narrow`)));
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    faults.push(...(await violations(page, `${name} wide, dark`)));
    await page.emulateMedia({ colorScheme: "light" });
  });
  assert.deepEqual(faults, []);
  for (const name of ["start", "TODAY-error", "TEMPERATURE-sure", "WALK", "check", "outcome-come", "outcome-call-first", "stop-stay-home"]) assert.ok(names.includes(name), name);
  await openAt(page, url());
  await enterAndWait(page, "continue");
  for (const [question, given] of [["TODAY", ["none"]], ["WALK", "no"], ["NEEDS", ["none"]]]) {
    faults.push(...(await orderFaults(page, question)));
    await fillByKeys(page, question, given);
    await enterAndWait(page, "continue");
  }
  faults.push(...(await orderFaults(page, "check")));
  await enterAndWait(page, "continue");
  assert.equal((await screenOf(page)).outcome, "come");
  faults.push(...(await orderFaults(page, "come")));
  assert.deepEqual(faults, []);
  assert.deepEqual(seen.complaints, []);
  await page.close();
});
