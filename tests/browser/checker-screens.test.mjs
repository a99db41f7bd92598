// How the questionnaire behaves: errors, exclusive answers, back and change, crisis and emergency, the keyboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { caseOf } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { fill, open, press, screenOf, waitForScreen, walk } from "./lib/walk.mjs";

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

async function withPage(body) {
  const { page, seen } = await watchedPage(context);
  try {
    await open(page, server.origin);
    await body(page);
    assert.deepEqual(seen.complaints, []);
  } finally {
    await page.close();
  }
}

/** Walks until a screen pleases, and stays there. */
async function walkTo(page, answers, pleases) {
  class Here extends Error {}
  try {
    await walk(page, answers, async (shown) => {
      if (pleases(shown)) throw new Here();
    });
  } catch (error) {
    if (error instanceof Here) return;
    throw error;
  }
  throw new Error("the screen never came");
}

const focused = (page, selector) => page.evaluate((one) => document.activeElement?.closest(one) !== null, selector);
const app = (page) => page.locator(".checker-app");

test("each screen's heading takes the focus, and nothing is chosen beforehand", async () => {
  await withPage(async (page) => {
    const faults = [];
    await walk(page, caseOf("V14").answers, async ({ screen, question }) => {
      if (screen === "start") return;
      const tag = await page.evaluate(() => document.activeElement?.tagName);
      if (!/^H[1-3]$/.test(tag ?? "")) faults.push(`${screen} ${question}: the focus is on ${tag}`);
      if (screen === "question" && (await page.locator(".checker-app :checked").count()) > 0) faults.push(`${question}: chosen beforehand`);
    });
    assert.deepEqual(faults, []);
  });
});

test("Continue without an answer: the error summary takes the focus and leads to the input", async () => {
  await withPage(async (page) => {
    await press(page, "continue");
    await page.locator('[data-action="continue"]').click();
    await page.locator(".checker-errors").waitFor();
    assert.ok(await focused(page, ".checker-errors"));
    assert.equal(await page.locator('.checker-app [role="alert"], .checker-app [aria-live]').count(), 0, "what takes the focus is not spoken a second time");
    assert.equal((await screenOf(page)).question, "S1");
    const field = await page.locator(".checker-question").evaluate((node) => node.getAttribute("aria-describedby"));
    assert.ok(field?.split(" ").length >= 1);
    const said = await page.evaluate((ids) => ids.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" "), field);
    const summary = (await page.locator(".checker-errors li").first().innerText()).trim();
    assert.ok(summary.length > 5 && said.includes(summary), `the question itself says what is wrong: "${summary}" in "${said}"`);
    const address = page.url();
    await page.locator(".checker-errors button, .checker-errors a").first().click();
    assert.ok(await page.evaluate(() => document.activeElement?.matches('input[name="S1"]')), "the entry leads to the first option");
    assert.equal(page.url(), address, "and changes no address");
    await fill(page, "S1", ["none"]);
    await press(page, "continue");
    assert.equal((await screenOf(page)).question, "S2");
    assert.equal((await screenOf(page)).errors, false);
  });
});

test("an instrument tells each missing item", async () => {
  await withPage(async (page) => {
    await walkTo(page, caseOf("V01").answers, ({ question }) => question === "PHQ-2");
    await page.locator('input[name="PHQ-2.1"][value="2"]').locator("xpath=ancestor::label").click();
    await page.locator('[data-action="continue"]').click();
    await page.locator(".checker-errors").waitFor();
    assert.equal(await page.locator(".checker-errors li").count(), 1);
    assert.ok(await page.locator('input[name="PHQ-2.1"][value="2"]').isChecked(), "the item that was answered is kept");
    await page.locator(".checker-errors button, .checker-errors a").first().click();
    assert.ok(await page.evaluate(() => document.activeElement?.name === "PHQ-2.2"));
  });
});

test("a number that cannot be is refused in words", async () => {
  await withPage(async (page) => {
    await walkTo(page, caseOf("V02").answers, ({ question }) => question === "C4");
    const box = page.locator('input[name="C4"]');
    for (const wrong of ["11", "-1", "seven", "", "3.5"]) {
      await box.fill(wrong);
      await page.locator('[data-action="continue"]').click();
      await page.locator(".checker-errors").waitFor();
      assert.equal((await screenOf(page)).question, "C4", wrong);
      assert.equal(await box.inputValue(), wrong, "what was typed stays");
    }
    await box.fill(" 7 ");
    await press(page, "continue");
    assert.notEqual((await screenOf(page)).question, "C4");
  });
});

test("none of these clears the others, and one of the others clears it", async () => {
  await withPage(async (page) => {
    await walkTo(page, caseOf("V08").answers, ({ question }) => question === "H2");
    const chosen = () => page.locator('input[name="H2"]:checked').evaluateAll((list) => list.map((box) => box.value));
    await fill(page, "H2", ["past-event", "stable"]);
    assert.deepEqual(await chosen(), ["past-event", "stable"]);
    await fill(page, "H2", ["none"]);
    assert.deepEqual(await chosen(), ["none"]);
    await fill(page, "H2", ["stable"]);
    assert.deepEqual(await chosen(), ["stable"]);
  });
});

test("Back shows the answer given before, and a change of it is what counts", async () => {
  await withPage(async (page) => {
    await walkTo(page, caseOf("V03").answers, ({ question }) => question === "H2");
    await press(page, "back");
    assert.equal((await screenOf(page)).question, "H1");
    assert.ok(await page.locator('input[name="H1"][value="mid"]').isChecked());
    await fill(page, "H1", "ok");
    await press(page, "continue");
    assert.equal((await screenOf(page)).question, "H2");
    const rest = { ...caseOf("V03").answers };
    const { end } = await walk(page, rest);
    assert.equal(end.outcome, "consult", "the blood pressure was the only thing in the way");
  });
});

test("Back from the first question leads to the start", async () => {
  await withPage(async (page) => {
    await press(page, "continue");
    await press(page, "back");
    assert.equal((await screenOf(page)).screen, "start");
  });
});

test("a change from the check page drops the answers that no longer count", async () => {
  await withPage(async (page) => {
    const answers = { ...caseOf("V04").answers };
    await walkTo(page, answers, ({ screen }) => screen === "check");
    assert.equal(await page.locator('[data-action="change"][data-question="S3"]').count(), 1);
    assert.ok((await screenOf(page)).crisis);
    await page.locator('[data-action="change"][data-question="S2"]').click();
    await waitForScreen(page, ({ question }) => question === "S2");
    await fill(page, "S2", "no");
    const next = await press(page, "continue");
    assert.equal(next.screen, "check", "back to the check page, not through all questions");
    assert.equal(await page.locator('[data-action="change"][data-question="S3"]').count(), 0, "S3 is asked no more");
    assert.equal(next.crisis, false);
    const end = await press(page, "continue");
    assert.equal(end.outcome, "consult");
  });
});

test("a change that opens a new question asks it before the check page comes again", async () => {
  await withPage(async (page) => {
    await walkTo(page, caseOf("V01").answers, ({ screen }) => screen === "check");
    await page.locator('[data-action="change"][data-question="S2"]').click();
    await waitForScreen(page, ({ question }) => question === "S2");
    await fill(page, "S2", "yes");
    const next = await press(page, "continue");
    assert.equal(next.question, "S3");
    assert.ok(next.crisis, "crisis help stands on the very next screen");
    await fill(page, "S3", "no");
    assert.equal((await press(page, "continue")).screen, "check");
    assert.equal((await press(page, "continue")).outcome, "crisis");
  });
});

test("a crisis answer: the very next screen opens with 988, and every screen after it", async () => {
  for (const [question, value] of [["S2", "yes"], ["S2", "prefer-not"], ["S4", "yes"]]) {
    await withPage(async (page) => {
      await press(page, "continue");
      await fill(page, "S1", ["none"]);
      await press(page, "continue");
      if (question === "S4") {
        await fill(page, "S2", "no");
        await press(page, "continue");
      }
      assert.equal((await screenOf(page)).question, question);
      assert.equal((await screenOf(page)).crisis, false);
      await fill(page, question, value);
      const next = await press(page, "continue");
      assert.ok(next.crisis, `${question} = ${value}`);
      const strip = page.locator(".checker-app .checker-crisis");
      assert.match(await strip.innerText(), /988/);
      assert.ok((await strip.locator('a[href="tel:988"]').count()) >= 1, "988 can be tapped");
      const [stripTop, questionTop] = await Promise.all([strip.boundingBox(), page.locator(".checker-question").boundingBox()]);
      assert.ok(stripTop.y < questionTop.y, "the help stands above the question");
      assert.ok(await page.locator('.checker-app [role="alert"]', { has: page.locator(".checker-crisis") }).or(page.locator('.checker-crisis[role="alert"]')).count() >= 1, "and is spoken");
    });
  }
});

test("item 9 of the PHQ-9 opens crisis help as well", async () => {
  const patient = caseOf("V01");
  await withPage(async (page) => {
    const { "PHQ-2": _, ...rest } = patient.answers;
    const answers = { ...rest, SCREENS: ["phq-9"], "PHQ-9": [1, 1, 0, 0, 0, 0, 0, 0, 1], S3: "no" };
    let after = null;
    let last = null;
    const { end } = await walk(page, answers, async (shown) => {
      if (last === "PHQ-9") after = shown;
      last = shown.question;
    });
    assert.ok(after?.crisis, `the screen after the PHQ-9: ${JSON.stringify(after)}`);
    assert.equal(end.outcome, "crisis");
  });
});

test("an emergency answer stops at once; a slip of the finger can be taken back", async () => {
  await withPage(async (page) => {
    await press(page, "continue");
    await fill(page, "S1", ["chest-pain"]);
    const stop = await press(page, "continue");
    assert.equal(stop.screen, "stop");
    assert.equal(stop.outcome, "emergency");
    const text = await app(page).innerText();
    assert.match(text, /911/);
    assert.match(text, /988/);
    assert.match(text, /not a diagnosis/i);
    assert.ok(text.indexOf("911") < text.search(/why/i), "911 comes before the reasons");
    assert.ok((await app(page).locator('a[href="tel:911"]').count()) >= 1, "911 can be tapped");
    assert.equal(await app(page).locator('[data-action="continue"]').count(), 0, "there is no way on");
    const back = await press(page, "back");
    assert.equal(back.question, "S1");
    assert.ok(await page.locator('input[name="S1"][value="chest-pain"]').isChecked(), "the answer is shown, so that it can be changed");
    await fill(page, "S1", ["none"]);
    assert.equal((await press(page, "continue")).question, "S2");
  });
});

test("on paper: the list of questions before the first answer, then answers only when the reader says so, what to ask and room for notes always", async () => {
  await withPage(async (page) => {
    const onPaper = async (text) => {
      await page.emulateMedia({ media: "print" });
      const shown = await page.locator("main").innerText();
      await page.emulateMedia({ media: "screen" });
      return shown.includes(text);
    };
    for (const text of ["The questions on paper", "Can an adult you trust take you home", "Questions to ask", "Notes"]) {
      assert.ok(await onPaper(text), `before the first answer: ${text}`);
    }
    await walk(page, caseOf("V03").answers, async ({ screen, question }) => {
      for (const text of question === "S1" ? ["Questions to ask", "The questions on paper"] : []) {
        assert.equal(await onPaper(text), false, "a question screen is no sheet for a visit");
      }
      if (screen === "check") assert.equal(await onPaper("Notes"), false);
    });
    assert.equal(await page.locator(".print-answers").isChecked(), false);
    for (const [text, wanted] of [["You need a check first", true], ["Questions to ask", true], ["Notes", true], ["You answered:", false], ["Your answers\n", false], ["Getting home", false], ["988", true]]) {
      assert.equal(await onPaper(text), wanted, text);
    }
    await page.locator(".checker-choice label").click();
    for (const text of ["You answered:", "Getting home", "Can an adult you trust take you home"]) assert.ok(await onPaper(text), text);
    assert.equal(await page.locator(".checker-record").isVisible(), false, "on the screen the answers stand where they were");
    assert.equal(await page.locator("main input:not([type=checkbox])").count(), 0, "there is no field for a name");
    // The next result starts without again.
    await press(page, "back");
    await press(page, "continue");
    assert.equal(await page.locator(".print-answers").isChecked(), false);
    assert.equal(await onPaper("You answered:"), false);
  });
});

test("the progress told is true", async () => {
  await withPage(async (page) => {
    const left = [];
    const { path } = await walk(page, caseOf("V07").answers, async ({ screen }) => {
      if (screen !== "question") return;
      const bar = page.locator(".checker-progress");
      left.push(await bar.evaluate((node) => node.max - node.value));
    });
    // What may still come never grows by itself, and at the last question one is left.
    assert.equal(left.length, path.length);
    for (const [index, number] of left.entries()) {
      assert.ok(number >= path.length - index, `at ${path[index]} at most ${number} are left, but ${path.length - index} came`);
      if (index > 0) assert.ok(number <= left[index - 1], `at ${path[index]} the rest grew from ${left[index - 1]} to ${number}`);
    }
    assert.equal(left.at(-1), 1);
  });
});

test("a whole vignette by keyboard alone", { timeout: 120_000 }, async () => {
  await withPage(async (page) => {
    const { answers, outcome } = caseOf("V10");
    const keys = page.keyboard;
    /** Tabs forward from the screen's heading until an element has the focus. */
    const tabTo = async (selector) => {
      for (let presses = 0; presses < 60; presses += 1) {
        if (await page.evaluate((one) => document.activeElement?.matches(one), selector)) return;
        await keys.press("Tab");
      }
      throw new Error(`the Tab key never reaches ${selector}`);
    };
    for (let steps = 0; steps < 80; steps += 1) {
      const shown = await screenOf(page);
      if (shown.screen === "outcome") {
        assert.equal(shown.outcome, outcome);
        return;
      }
      if (shown.screen === "question") {
        const answer = answers[shown.question];
        const name = CSS_escape(shown.question);
        if (typeof answer === "number") {
          await tabTo(`input[name="${name}"]`);
          await keys.type(String(answer));
        } else if (Array.isArray(answer) && typeof answer[0] === "number") {
          for (const [index, value] of answer.entries()) {
            await tabTo(`input[name="${name}.${index + 1}"]`);
            await keys.press("Space");
            for (let down = 0; down < value; down += 1) await keys.press("ArrowDown");
          }
        } else if (Array.isArray(answer)) {
          for (const option of answer) {
            await tabTo(`input[name="${name}"][value="${option}"]`);
            await keys.press("Space");
          }
        } else {
          await tabTo(`input[name="${name}"]`);
          await keys.press("Space");
          const place = await page.evaluate(([one, value]) => [...document.querySelectorAll(`input[name="${one}"]`)].findIndex((box) => box.value === value), [name, answer]);
          for (let down = 0; down < place; down += 1) await keys.press("ArrowDown");
        }
      }
      await tabTo('[data-action="continue"]');
      const ring = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement);
        return style.outlineStyle !== "none" || style.boxShadow !== "none";
      });
      assert.ok(ring, "the focus can be seen");
      await keys.press("Enter");
      await waitForScreen(page, (now) => now.screen !== shown.screen || now.question !== shown.question);
    }
    throw new Error("no end");
  });
});

const CSS_escape = (text) => text.replace(/["\\]/g, "\\$&");
