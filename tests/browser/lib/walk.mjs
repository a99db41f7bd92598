// Clicks through the questionnaire by the contract of its page: data-screen, data-question, data-outcome,
// data-action, and inputs with name = question and value = option. It knows no question of its own.

import assert from "node:assert/strict";

export const PATH = { en: "/check/", es: "/es/check/" };

/** Opens the page of the questionnaire and waits for its first screen, and until the network is quiet. */
export async function open(page, origin, language = "en", waitUntil = "networkidle") {
  await openAt(page, `${origin}${PATH[language]}`, waitUntil);
}

/** The same for a questionnaire at any address. */
export async function openAt(page, url, waitUntil = "networkidle") {
  await page.goto(url, { waitUntil });
  await waitForScreen(page, ({ screen }) => screen === "start");
}

/** Which screen is shown: { screen, question, outcome, confirm, crisis, errors }, or null where no widget runs. */
export function screenOf(page) {
  return page.evaluate(() => {
    const shown = document.querySelector(".checker-app [data-screen]");
    if (!shown || !shown.checkVisibility()) return null;
    const visible = (selector) => document.querySelector(`.checker-app ${selector}`)?.checkVisibility() ?? false;
    return {
      screen: shown.dataset.screen,
      question: shown.dataset.question ?? null,
      outcome: shown.dataset.outcome ?? null,
      confirm: "confirm" in shown.dataset,
      crisis: visible(".checker-crisis"),
      errors: visible(".checker-errors"),
    };
  });
}

export async function waitForScreen(page, pleases, what = "the expected screen") {
  const end = Date.now() + 5000;
  for (;;) {
    const shown = await screenOf(page);
    if (shown && pleases(shown)) return shown;
    if (Date.now() > end) {
      throw new Error(`${what} never came; shown: ${JSON.stringify(shown)}, wanted ${pleases}`);
    }
    await page.waitForTimeout(5);
  }
}

const same = (a, b) => ["screen", "question", "outcome", "confirm"].every((key) => a[key] === b[key]);

/** Presses a button by its action and waits for another screen. */
export async function press(page, action) {
  const before = await screenOf(page);
  await page.locator(`.checker-app [data-action="${action}"]`).first().click();
  return waitForScreen(page, (now) => !same(now, before), `another screen after "${action}" on ${JSON.stringify(before)}`);
}

const selector = (name, value) => `input[name=${JSON.stringify(name)}][value=${JSON.stringify(String(value))}]`;

/** Clicks the label of an input, as a reader does. */
async function pick(page, name, value) {
  await page.locator(`.checker-app label:has(${selector(name, value)})`).click();
  const chosen = await page.locator(`.checker-app ${selector(name, value)}`).isChecked();
  assert.ok(chosen, `${name} = ${value} was clicked and is not chosen`);
}

/** Puts one answer into the question on the screen. */
export async function fill(page, question, answer) {
  if (Array.isArray(answer) && answer.every((part) => part === null || typeof part === "number")) {
    for (const [index, value] of answer.entries()) {
      if (value !== null) await pick(page, `${question}.${index + 1}`, value);
    }
  } else if (Array.isArray(answer)) {
    for (const option of answer) await pick(page, question, option);
  } else if (typeof answer === "number") {
    await page.locator(`.checker-app input[name=${JSON.stringify(question)}]:not([type=radio]):not([type=checkbox])`).fill(String(answer));
  } else {
    await pick(page, question, answer);
  }
}

/**
 * From the start screen to the end with real clicks. `each(screen)` is called on every screen before it is left.
 * Gives { end, given, path, confirmed }: the last screen, the answers that were put in, the questions in the order met,
 * and those of them that asked whether the number is right.
 */
export async function walk(page, answers, each = async () => {}) {
  const given = {};
  const path = [];
  const confirmed = [];
  let shown = await screenOf(page);
  for (let steps = 0; steps < 120; steps += 1) {
    await each(shown);
    if (shown.screen === "outcome" || shown.screen === "stop") return { end: shown, given, path, confirmed };
    if (shown.confirm) {
      confirmed.push(shown.question);
    } else if (shown.screen === "question") {
      const { question } = shown;
      assert.ok(question in answers, `the page asks ${question}, and the case has no answer to it`);
      assert.ok(!path.includes(question), `${question} is asked twice`);
      await fill(page, question, answers[question]);
      given[question] = answers[question];
      path.push(question);
    }
    shown = await press(page, "continue");
  }
  throw new Error("the questionnaire does not end");
}

/** The same inside the page, with events instead of real clicks: quick enough for every case. */
export function quickWalk(page, answers) {
  return page.evaluate(async (answers) => {
    const root = document.querySelector(".checker-app");
    const shown = () => root.querySelector("[data-screen]");
    const key = () => {
      const { screen, question, outcome, confirm } = shown()?.dataset ?? {};
      return `${screen}/${question}/${outcome}/${confirm}`;
    };
    const change = async (act) => {
      const before = key();
      act();
      for (let turn = 0; turn < 400; turn += 1) {
        await new Promise((next) => setTimeout(next, 0));
        if (key() !== before) return;
      }
      throw new Error(`nothing follows ${before}: ${root.querySelector(".checker-errors")?.textContent ?? ""}`);
    };
    const pick = (name, value) => {
      const box = root.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(String(value))}"]`);
      if (!box) throw new Error(`no input ${name} = ${value} on ${key()}`);
      if (box.checked) throw new Error(`${name} = ${value} was chosen beforehand`);
      box.click();
    };
    const given = {};
    for (let steps = 0; steps < 120; steps += 1) {
      const { screen, question, outcome, confirm } = shown().dataset;
      if (screen === "outcome" || screen === "stop") {
        const text = (selector) => [...root.querySelectorAll(selector)].map((node) => node.textContent);
        return { screen, outcome, given, reasons: text(".checker-reasons > *"), text: root.innerText };
      }
      if (screen === "question" && confirm === undefined) {
        const answer = answers[question];
        if (answer === undefined) throw new Error(`the page asks ${question}, and the case has no answer to it`);
        if (Array.isArray(answer) && answer.every((part) => part === null || typeof part === "number")) {
          for (const [index, value] of answer.entries()) {
            if (value !== null) pick(`${question}.${index + 1}`, value);
            // Let the page follow: a screen may show more items after the first.
            await new Promise((next) => setTimeout(next, 0));
          }
        } else if (Array.isArray(answer)) {
          for (const option of answer) {
            pick(question, option);
            await new Promise((next) => setTimeout(next, 0));
          }
        } else if (typeof answer === "number") {
          const box = root.querySelector(`input[name="${CSS.escape(question)}"]:not([type=radio]):not([type=checkbox])`);
          box.value = String(answer);
          box.dispatchEvent(new Event("input", { bubbles: true }));
          box.dispatchEvent(new Event("change", { bubbles: true }));
        } else {
          pick(question, answer);
        }
        given[question] = answer;
        await new Promise((next) => setTimeout(next, 0));
      }
      await change(() => root.querySelector('[data-action="continue"]').click());
    }
    throw new Error("the questionnaire does not end");
  }, answers);
}

/** Everything in the browser that could keep an answer, and the address that could show one. */
export function traces(page) {
  return page.evaluate(async () => ({
    localStorage: { ...localStorage },
    sessionStorage: { ...sessionStorage },
    cookie: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    address: location.href,
    title: document.title,
    historyLength: history.length,
    historyState: history.state,
    windowName: window.name,
  }));
}

/** Texts of the reasons on the result, one a reason, with single spaces. */
export function reasons(page) {
  return page
    .locator(".checker-app .checker-reasons > *")
    .evaluateAll((list) => list.map((node) => node.innerText.replace(/\s+/g, " ")));
}
