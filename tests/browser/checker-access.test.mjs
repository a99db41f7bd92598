// Every screen that the questionnaire can show, in both languages: axe in light and dark, wide and narrow; whole on the
// smallest phone, at 400 % zoom and with wider text; controls that can be seen in forced colours; nothing that moves.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LOOKS, violations, violationsInAllViews } from "./lib/axe.mjs";
import { launch } from "./lib/browser.mjs";
import { answer, casesOf, CHECKER } from "./lib/cases.mjs";
import { buildSample } from "./lib/sample.mjs";
import { everyScreen, FALLBACKS, openFallback } from "./lib/screens.mjs";
import { serve } from "./lib/server.mjs";
import { PATH } from "./lib/walk.mjs";

let server;
let browser;
let sample;
let visits;
before(async () => {
  server = await serve();
  browser = await launch();
  sample = buildSample("visits");
  visits = await serve({ folder: sample.folder, base: "/clinic" });
});
after(async () => {
  await browser?.close();
  await server?.close();
  await visits?.close();
  sample?.remove();
});

/** The spacing that a reader may ask for (WCAG 1.4.12), laid over the page as a browser's own setting would be. */
async function withWideText(page, body) {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
    document.adoptedStyleSheets = [sheet];
  });
  try {
    return await body();
  } finally {
    await page.evaluate(() => (document.adoptedStyleSheets = []));
  }
}

/** What does not fit into the width of the window, or is cut off by its own box. */
const cutOff = (page, where) =>
  page.evaluate((where) => {
    const faults = [];
    const wide = document.scrollingElement.scrollWidth;
    if (wide > innerWidth) faults.push(`${where}: ${wide} px wide in a window of ${innerWidth}`);
    for (const node of document.querySelectorAll("main *")) {
      if (!node.checkVisibility() || !node.textContent.trim() || node.closest(".table-wrap")) continue;
      const { overflowX, overflowY } = getComputedStyle(node);
      const cut = (overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1) || (overflowY !== "visible" && node.scrollHeight > node.clientHeight + 1);
      if (cut) faults.push(`${where}: ${node.localName}.${node.className} is cut off`);
    }
    return faults;
  }, where);

/** The smallest phone, which is also 1280 px at 400 %, as it is and with wider text. */
async function small(page, where) {
  await page.setViewportSize({ width: 320, height: 256 });
  const faults = await cutOff(page, `${where} at 320`);
  faults.push(...(await withWideText(page, () => cutOff(page, `${where} at 320 with wide text`))));
  return faults;
}

/** In forced colours a browser paints borders and ticks itself: what is chosen must not rest on a background. */
async function forced(page, where) {
  await page.emulateMedia({ forcedColors: "active", colorScheme: "light" });
  const faults = await page.evaluate((where) => {
    const faults = [];
    for (const box of document.querySelectorAll(".checker-app input:is([type=radio], [type=checkbox])")) {
      if (box.checkVisibility() && getComputedStyle(box).appearance === "none") faults.push(`${where}: the tick of ${box.name} ${box.value} cannot be seen`);
    }
    for (const node of document.querySelectorAll(".checker-app :is(.button, .checker-option, .checker-errors, .checker-crisis)")) {
      const { borderTopWidth, borderTopStyle, textDecorationLine } = getComputedStyle(node);
      const edge = borderTopStyle !== "none" && parseFloat(borderTopWidth) >= 1;
      if (node.checkVisibility() && !edge && textDecorationLine !== "underline") faults.push(`${where}: ${node.className} has no edge`);
    }
    return faults;
  }, where);
  await page.emulateMedia({ forcedColors: "none" });
  return faults;
}

const moving = (page, where) => page.evaluate((where) => document.getAnimations().map((one) => `${where}: ${one.effect?.target?.className} moves`), where);

async function judge(page, where) {
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  const faults = await violations(page, `${where} wide`);
  faults.push(...(await moving(page, where)), ...(await small(page, where)), ...(await forced(page, where)));
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  faults.push(...(await violations(page, `${where} narrow, dark`, LOOKS)));
  await page.emulateMedia({ colorScheme: "light" });
  return faults;
}

async function judgeAll(url, language, checker, root, wanted) {
  const cases = casesOf(checker, root);
  const said = answer(cases.map(({ answers }) => answers), language, checker, root);
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  const faults = [];
  const kinds = new Set();
  const names = await everyScreen(page, url, { cases, said }, async ({ name, kind }) => {
    faults.push(...(await judge(page, name)));
    // One screen of each kind in all four views.
    if (!kinds.has(kind)) faults.push(...(await violationsInAllViews(page, name)));
    kinds.add(kind);
  });
  await context.close();
  assert.deepEqual(faults, []);
  const all = new Set(said.flatMap(({ shown }) => shown));
  const unseen = [...all, ...[...all].map((question) => `${question}-error`)].concat(wanted).filter((name) => !names.includes(name));
  assert.deepEqual(unseen, [], "screens that were never looked at");
  return names;
}

test("control: a page that is too wide, cut off, or moves is noticed", async () => {
  const page = await browser.newPage();
  await page.setContent(`<main class="checker-app"><div style="width:900px">wide</div><p style="height:1em;overflow:hidden">one two three four five six seven eight nine ten eleven twelve</p>
    <label class="checker-option" style="border:0"><input type="radio" name="a" style="appearance:none">x</label></main>`);
  const found = (await small(page, "bad")).concat(await forced(page, "bad")).join("\n");
  for (const part of ["px wide", "p. is cut off", "cannot be seen", "checker-option has no edge"]) assert.ok(found.includes(part), `${part} is not in\n${found}`);
  await page.evaluate(() => document.querySelector("p").animate([{ opacity: 0 }, { opacity: 1 }], 60_000));
  assert.equal((await moving(page, "bad")).length, 1);
  await page.close();
});

const OUTCOMES = ["stop-emergency", ...["crisis", "not-now", "not-listed", "clearance", "consult"].map((outcome) => `outcome-${outcome}`)];
const FRAME = ["start", "start-cleared", "crisis-begins", "check", "check-crisis"];
for (const language of Object.keys(PATH)) {
  test(`every screen can be used by everyone (${language})`, { timeout: 1_200_000 }, async () => {
    const names = await judgeAll(server.origin + PATH[language], language, CHECKER, undefined, [...OUTCOMES, ...FRAME, "PC-PTSD-5-opened", "C4-error-letters", "C4-error-range"]);
    assert.ok(names.length > 90, `only ${names.length} screens`);
  });

  test(`so can the screens of another checker, with an unlikely number and a unit (${language})`, { timeout: 300_000 }, async () => {
    const url = `${visits.origin}/clinic${language === "en" ? "" : `/${language}`}/flu/`;
    await judgeAll(url, language, "flu-visit", sample.root, ["start", "check", "start-cleared", "TEMPERATURE-sure", "TEMPERATURE-error-range"]);
  });

  test(`and what stands there when the questions cannot run (${language})`, { timeout: 300_000 }, async () => {
    const faults = [];
    for (const name of Object.keys(FALLBACKS)) {
      const page = await openFallback(browser, server.origin + PATH[language], name, { reducedMotion: "reduce" });
      // Without script the page cannot be asked from inside; it is the same list as the others.
      if (FALLBACKS[name].options?.javaScriptEnabled !== false) faults.push(...(await judge(page, name)));
      await page.context().close();
    }
    assert.deepEqual(faults, []);
  });
}
