// The list of conditions and the field that narrows it: by eye, by keyboard, by ear, without a script; and that what is
// typed stays where it is.

import assert from "node:assert/strict";
import { test } from "node:test";
import { violationsInAllViews } from "./lib/axe.mjs";
import { watchedPage } from "./lib/browser.mjs";
import { siteAndBrowser } from "./lib/together.mjs";

const PAGE = { en: "/conditions/", es: "/es/conditions/" };

const here = siteAndBrowser({ reducedMotion: "reduce" });

async function withPage(language, body, from = here.context) {
  const { page, seen } = await watchedPage(from);
  try {
    await page.goto(here.server.origin + PAGE[language]);
    await body(page, seen);
    assert.deepEqual(seen.complaints, []);
  } finally {
    await page.close();
  }
}

const left = (page) => page.locator(".filter li:visible > strong:first-child").allInnerTexts();
const headings = (page) => page.locator(".filter h2:visible").count();
/** Types, and waits for what is said. */
async function narrow(page, words) {
  const status = page.locator(".filter").getByRole("status");
  await page.getByRole("searchbox").fill(words);
  const before = await status.innerText();
  await page.waitForFunction((before) => document.querySelector(".filter [role=status]").textContent !== before, before).catch(() => {});
  return status.innerText();
}

test("without a script the whole list is there, and no field that does nothing", async () => {
  const plain = await here.browser.newContext({ javaScriptEnabled: false });
  const page = await plain.newPage();
  for (const url of Object.values(PAGE)) {
    await page.goto(here.server.origin + url);
    assert.equal(await page.getByRole("searchbox").count(), 0);
    assert.ok((await left(page)).length >= 30);
    assert.ok((await headings(page)) >= 5);
  }
  await plain.close();
});

test("what is typed leaves the lines that have it, with their headings, and their number is said", async () => {
  for (const [language, words, wanted, other] of [
    ["en", "fibro", /Fibromyalgia/, /Depression/],
    ["en", "RSD", /CRPS/, /OCD/],
    ["en", "nerve", /Nerve pain/, /OCD/],
    ["es", "fibromialgia", /Fibromialgia/, /Depresión/],
    ["es", "depresion", /Depresión/, /Fibromialgia/],
  ]) {
    await withPage(language, async (page) => {
      const all = (await left(page)).length;
      const said = await narrow(page, words);
      const lines = await left(page);
      assert.ok(lines.some((line) => wanted.test(line)), `${words}: ${lines.join(", ")}`);
      assert.ok(!lines.some((line) => other.test(line)), `${words}: ${lines.join(", ")}`);
      assert.ok(lines.length < all && said.includes(String(lines.length)) && said.includes(String(all)), said);
      assert.ok((await headings(page)) <= lines.length, "a heading without lines goes");
    });
  }
});

test("nothing found is said, and an empty field or Escape brings the list back", async () => {
  await withPage("en", async (page) => {
    const all = (await left(page)).length;
    assert.match(await narrow(page, "xqzvw"), /xqzvw/);
    assert.equal((await left(page)).length, 0);
    await page.keyboard.press("Escape");
    assert.equal((await left(page)).length, all);
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    await narrow(page, "pain");
    assert.match(await narrow(page, ""), new RegExp(String(all)));
    assert.equal((await left(page)).length, all);
  });
});

test("somebody who types of suicide finds the crisis line in the list", async () => {
  for (const [language, words] of [["en", "suicid"], ["es", "suicid"]]) {
    await withPage(language, async (page) => {
      await narrow(page, words);
      assert.ok(await page.locator(".filter li:visible a[href='tel:988']").first().isVisible());
    });
  }
});

test("by keyboard alone: to the field, and from it to what is left", async () => {
  await withPage("en", async (page) => {
    for (let presses = 0; presses < 80; presses++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement.type === "search")) break;
    }
    assert.equal(await page.evaluate(() => document.activeElement.type), "search");
    await page.keyboard.type("ocd");
    await page.waitForTimeout(600);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "/conditions/ocd/");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/conditions/ocd/");
  });
});

test("what is typed goes nowhere: no request, nothing kept, nothing in the address, and it is gone after a reload", async () => {
  await withPage("en", async (page, seen) => {
    await page.waitForLoadState("networkidle");
    const requests = seen.requests.length;
    await narrow(page, "embarrassing secret");
    await narrow(page, "bladder");
    assert.equal(seen.requests.length, requests);
    assert.equal(page.url(), here.server.origin + PAGE.en);
    const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, history.state, (await indexedDB.databases()).length]);
    assert.deepEqual(kept, [0, 0, "", null, 0]);
    await page.reload();
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
    const sent = await page.evaluate(() => fetch("/leak").then(() => true, () => false));
    assert.equal(sent, false, "the page's policy forbids every connection");
    seen.complaints.length = 0;
  });
});

test("axe finds nothing on the whole list, on a narrowed one and on an empty one", { timeout: 300_000 }, async () => {
  const faults = [];
  for (const language of Object.keys(PAGE)) {
    await withPage(language, async (page) => {
      for (const words of ["", "pain dolor", "xqzvw"]) {
        await page.getByRole("searchbox").fill(words);
        faults.push(...(await violationsInAllViews(page, `${language} "${words}"`)));
      }
    });
  }
  assert.deepEqual(faults, []);
});

test("the field is large enough to hit and nothing scrolls sideways at 320 pixels", async () => {
  await withPage("es", async (page) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await narrow(page, "pneumonoultramicroscopic".repeat(4));
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 320);
    const { height, width } = await page.getByRole("searchbox").boundingBox();
    assert.ok(height >= 44 && width >= 200, `${width} × ${height}`);
  });
});
