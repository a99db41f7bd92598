// Without JavaScript, without WASM, or with a torn script, the page is still whole: every question, what the
// answers mean, and the help numbers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { repository } from "./lib/site.mjs";
import { serve } from "./lib/server.mjs";

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

test("when the program in the page is torn the list is shown", async (t) => {
  const server = await serveFor(t, {
    change: (html) => html.replace(/(id="checker-data">program )(.{40})/, "$1AAAA"),
  });
  const context = await contextFor(t);
  const { page } = await watchedPage(context);
  await page.goto(`${server.origin}/check/`);
  await page.waitForTimeout(500);
  await assertWholeList(page, "en");
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
