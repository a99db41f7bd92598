// Every screen that a questionnaire can show a reader, one after the other, on the real page: each question as it comes
// and with what is wrong, the step that asks about an unlikely number, an opened instrument, the answers, each result.
// It knows no question of its own: it walks as many worked patients as it needs to meet them all.

import { openAt, press, screenOf, waitForScreen, walk } from "./walk.mjs";

const app = ".checker-app";
const attribute = (name, value) => `[${name}=${JSON.stringify(String(value))}]`;

/** What kind of question stands on the screen: one, many, number or instrument. */
export function kindOf(page) {
  return page.evaluate((app) => {
    const has = (selector) => document.querySelector(`${app} ${selector}`) !== null;
    if (has(".checker-items")) return "instrument";
    if (has("#checker-number")) return "number";
    return has("input[type=checkbox]") ? "many" : "one";
  }, app);
}

/** Continue on a screen that does not go on. */
async function refuse(page) {
  await page.locator(`${app} [data-action="continue"]`).click();
  await page.locator(`${app} .checker-errors`).waitFor();
}

/**
 * Shows every screen of the questionnaire at `url` and calls `each({ name, kind, page })` on it, once for each name.
 * `cases` are worked patients, `said` what `site-gen answer` says to each. Gives the names in the order met.
 */
export async function everyScreen(page, url, { cases, said }, each) {
  const met = new Set();
  const show = async (name, kind) => {
    if (met.has(name)) return;
    met.add(name);
    await each({ name, kind, page });
  };
  const left = cases.map((one, index) => ({ ...one, meets: [...said[index].shown, `outcome-${said[index].outcome}`] }));
  const isNew = (name) => !met.has(name) && !met.has(name.replace("outcome-", "stop-"));
  for (;;) {
    for (const one of left) one.worth = one.meets.filter(isNew).length;
    left.sort((a, b) => b.worth - a.worth);
    const next = left.shift();
    if (!next || next.worth === 0) break;
    await one(page, url, next.answers, show);
  }
  await press(page, "clear");
  await show("start-cleared", "start");
  return [...met];
}

async function one(page, url, answers, show) {
  let crisis = false;
  await openAt(page, url);
  const { end } = await walk(page, answers, async (shown) => {
    const { screen, question } = shown;
    if (shown.crisis && !crisis && screen === "question" && !shown.confirm) await show("crisis-begins", "crisis");
    crisis = shown.crisis;
    if (screen === "start") await show("start", "start");
    if (screen === "check") await show(crisis ? "check-crisis" : "check", "check");
    if (shown.confirm) await show(`${question}-sure`, "sure");
    if (screen === "question" && !shown.confirm) await oneQuestion(page, question, answers[question], show);
  });
  await show(`${end.screen}-${end.outcome}`, end.screen);
}

async function oneQuestion(page, question, answer, show) {
  const kind = await kindOf(page);
  await show(question, kind);
  if (kind === "instrument" && answer[0] > 0 && (await page.locator(`${app} .checker-items > [hidden]`).count()) > 0) {
    await page.locator(`${app} label:has(input${attribute("name", `${question}.1`)}${attribute("value", answer[0])})`).click();
    await page.locator(`${app} .checker-items > [hidden]`).first().waitFor({ state: "detached" });
    await show(`${question}-opened`, "instrument");
  }
  await refuse(page);
  await show(`${question}-error`, `${kind}-error`);
  if (kind === "number") {
    for (const [name, text] of [["letters", "seven"], ["range", "99999"]]) {
      await page.locator(`${app} #checker-number`).fill(text);
      await refuse(page);
      await show(`${question}-error-${name}`, "number-error");
    }
    await page.locator(`${app} #checker-number`).fill("");
  }
}

/** The screens that stand where the questionnaire cannot run, each with what keeps it from running. */
export const FALLBACKS = {
  "no-script": { options: { javaScriptEnabled: false } },
  "no-wasm": { prepare: (page) => page.addInitScript(() => delete globalThis.WebAssembly) },
  "crash": {
    then: async (page) => {
      await waitForScreen(page, ({ screen }) => screen === "start");
      await press(page, "continue");
      await page.evaluate(() => {
        document.createTextNode = () => {
          delete document.createTextNode;
          throw new Error("planted");
        };
      });
      await page.locator(`${app} [data-action="continue"]`).click();
    },
  },
};

/** Opens the page at `url` as one of the fallbacks shows it, and gives the page. */
export async function openFallback(browser, url, name, more = {}) {
  const { options, prepare, then } = FALLBACKS[name];
  const context = await browser.newContext({ ...more, ...options });
  const page = await context.newPage();
  await prepare?.(page);
  await page.goto(url, { waitUntil: "networkidle" });
  await then?.(page);
  await page.locator(".checker-static").waitFor({ state: "visible" });
  if ((await screenOf(page).catch(() => null)) !== null) throw new Error(`${name}: the questionnaire runs`);
  return page;
}
