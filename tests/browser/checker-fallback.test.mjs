// Without JavaScript, without WASM, or with a torn script, the page is still whole: every question, what the
// answers mean, and the help numbers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { repository } from "./lib/site.mjs";
import { serve } from "./lib/server.mjs";
import { fill, open, press } from "./lib/walk.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A server for one test, closed whatever becomes of the test. */
async function serveFor(t, options) {
  const server = await serve(options);
  t.after(() => server.close());
  return server;
}

/** A browser context for one test, likewise. */
async function contextFor(t, options) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  return context;
}

/** Headings with ids of a words file: [id, text]. */
const words = (language, file) =>
  [...readFileSync(path.join(repository, "content", language, "checkers/ketamine", file), "utf8").matchAll(/^##? (.+?) \{#([^}]+)\}$/gm)].map(([, text, id]) => [id, text]);

const flat = (text) => text.replace(/\s+/g, " ").trim();

/** The printable list is shown, complete, and asks for nothing. */
async function assertWholeList(page, language) {
  assert.equal(await page.locator(".checker-app").isVisible(), false, "no half-dead widget");
  const list = page.locator(".checker-static");
  assert.ok(await list.isVisible());
  const text = flat(await list.innerText());
  // The names of groups of answers are words for the notes "asked only if ...".
  const questions = words(language, "questions.md").filter(([id]) => id !== "sets");
  assert.ok(questions.length > 40);
  for (const [id, question] of questions) assert.ok(text.toLowerCase().includes(flat(question).toLowerCase()), `the list lacks ${id}: ${question}`);
  for (const [id, title] of words(language, "outcomes.md").filter(([id]) => ["emergency", "crisis", "not-now", "not-listed", "clearance", "consult"].includes(id))) {
    assert.ok(text.toLowerCase().includes(flat(title).toLowerCase()), `the list does not explain ${id}`);
  }
  assert.match(text, /911/);
  assert.match(text, /988/);
  assert.match(text, language === "en" ? /not a diagnosis/i : /no es un diagnóstico/i);
  assert.match(text, /1\.0\.0/);
  const told = await page.locator(".checker-failed").isVisible();
  assert.equal(told, (await page.locator("[data-failed]").count()) > 0, "a failure is told, and nothing else is called one");
  assert.equal(await page.locator("main form, main input, main select, main textarea, [data-checker] [name]").count(), 0, "nothing that could be sent");
}

test("with JavaScript off the whole list is there, in both languages", async (t) => {
  const server = await serveFor(t);
  const context = await contextFor(t, { javaScriptEnabled: false });
  const page = await context.newPage();
  for (const [language, url] of [["en", "/check/"], ["es", "/es/check/"]]) {
    await page.goto(server.origin + url);
    await assertWholeList(page, language);
  }
});

test("where WASM is not allowed the list is shown", async (t) => {
  const server = await serveFor(t, {
    change: (html, headers) => {
      headers["Content-Security-Policy"] = headers["Content-Security-Policy"]?.replace(/ ?'wasm-unsafe-eval'/, "");
      return html.replace(/ ?(&#x27;|&#39;|')wasm-unsafe-eval(&#x27;|&#39;|')/g, "");
    },
  });
  const context = await contextFor(t);
  const { page, seen } = await watchedPage(context);
  await page.goto(`${server.origin}/check/`);
  await page.waitForTimeout(300);
  assert.ok(seen.complaints.some((text) => /WebAssembly|wasm/i.test(text)), "WASM was not blocked, so this shows nothing");
  await assertWholeList(page, "en");
});

/** Ways in which the text for the widget can reach the page damaged. */
const TORN = {
  "the program is cut": (html) => html.replace(/(id="checker-data">program )(.{40})/, "$1AAAA"),
  "one letter of the program is another": (html) => html.replace(/(id="checker-data">program .{600})./, "$1\u0123"),
  "a line of words is lost": (html) => html.replace(/(id="checker-data">program [^\n]*\n)[^\n]*\n/, "$1"),
  "a button has no word": (html) => html.replace(/(id="checker-data">program [^\n]*\n)[^\n]*\n/, "$1\n"),
  "the end is lost": (html) => html.replace(/(id="checker-data">[^<]{9000})[^<]*/, "$1"),
  "all of it is lost": (html) => html.replace(/id="checker-data">[^<]*/, 'id="checker-data">'),
  "its place is lost": (html) => html.replace('id="checker-data"', 'id="other"'),
};

for (const [how, change] of Object.entries(TORN)) {
  test(`when ${how} the list is shown`, async (t) => {
    const server = await serveFor(t, { change: (html, headers, url) => (url === "/check/" ? change(html) : html) });
    const context = await contextFor(t);
    const { page } = await watchedPage(context);
    await page.goto(`${server.origin}/check/`, { waitUntil: "networkidle" });
    assert.equal(await page.locator("[data-checker]").getAttribute("data-state"), "static");
    await assertWholeList(page, "en");
  });
}

test("in a browser without WASM, and when the script never comes, the list is shown", async (t) => {
  const server = await serveFor(t);
  const context = await contextFor(t);
  const old = await context.newPage();
  await old.addInitScript(() => delete globalThis.WebAssembly);
  await old.goto(`${server.origin}/check/`, { waitUntil: "networkidle" });
  await assertWholeList(old, "en");
  const lost = await context.newPage();
  await lost.route("**/checker-*.js", (route) => route.abort());
  await lost.goto(`${server.origin}/check/`);
  await assertWholeList(lost, "en");
});

test("an error in the middle of the questions: the list takes over at once and no answer is left", async (t) => {
  const server = await serveFor(t);
  const context = await contextFor(t);
  for (const break_ of [
    () => (document.createTextNode = () => { throw new Error("planted"); }),
    () => (document.createElement = () => { throw new Error("planted"); }),
    () => (Element.prototype.setAttribute = () => { throw new Error("planted"); }),
  ]) {
    const page = await context.newPage();
    await open(page, server.origin);
    await press(page, "continue");
    await fill(page, "S1", ["worst-headache"]);
    await page.evaluate(break_);
    await page.locator('[data-action="continue"]').click();
    await page.locator(".checker-static").waitFor({ state: "visible" });
    await assertWholeList(page, "en");
    assert.match(await page.locator('[role="alert"]').innerText(), /stopped working/, "the reader is told");
    assert.equal(await page.locator(".checker-app *").count(), 0, "nothing of the widget is left");
    assert.equal(await page.locator(":checked").count(), 0);
    await page.close();
  }
});

test("the list prints when there is no widget, and the result prints when there is one", async (t) => {
  const server = await serveFor(t);
  const context = await contextFor(t);
  const { page } = await watchedPage(context);
  await page.goto(`${server.origin}/check/`);
  await page.locator(".checker-app [data-screen=start]").waitFor();
  await page.emulateMedia({ media: "print" });
  // At the start nothing is answered yet: on paper the reader gets one of the two, never nothing.
  const shown = await page.evaluate(() => [".checker-app", ".checker-static"].filter((one) => document.querySelector(one).checkVisibility()));
  assert.ok(shown.length >= 1);
  assert.ok(await page.evaluate(() => document.body.innerText.includes("988")));
});
