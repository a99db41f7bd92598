// The preview as staff use it: a panel on each page that says what `site-gen check` says, a page that changes in place
// under the reader's eyes, and mistakes that are told where they are made. None of it reaches a reader.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { violationsInAllViews } from "./lib/axe.mjs";
import { launch, watchedPage } from "./lib/browser.mjs";
import { preview } from "./lib/preview.mjs";
import { TODAY, repository, siteGen } from "./lib/site.mjs";

const root = mkdtempSync(path.join(os.tmpdir(), "preview-"));
const PREPARE = "content/en/pages/visit/prepare.md";
const COST = "content/en/pages/visit/cost.md";
const RULES = "content/checkers/ketamine/rules.toml";
/** A sentence that nobody can hold: a warning, and no more. */
const LONG =
  "You should come to the clinic on the day before the visit so that the nurse can look at your list of medicines and at " +
  "your blood pressure and talk with you about both of them.";

let shown;
let browser;
let context;

before(async () => {
  cpSync(path.join(repository, "content"), path.join(root, "content"), { recursive: true });
  [shown, browser] = await Promise.all([preview(root), launch()]);
});
// A context for each test: a page that a failed one left open would hold a connection, and a browser has six of them.
beforeEach(async () => {
  context = await browser.newContext({ reducedMotion: "reduce", viewport: { width: 900, height: 700 } });
});
afterEach(() => context.close());
after(async () => {
  await browser?.close();
  await shown?.close();
  rmSync(root, { recursive: true });
});

const read = (file) => readFileSync(path.join(root, file), "utf8");
const save = (file, text) => writeFileSync(path.join(root, file), text);
/** Does something while a file is changed, and puts it back. */
async function changed(file, change, work) {
  const good = read(file);
  const text = change(good);
  assert.notEqual(text, good, `nothing changes in ${file}`);
  save(file, text);
  try {
    return await work();
  } finally {
    save(file, good);
  }
}

const bar = (page) => page.locator("#preview-panel .panel > summary");
const panel = (page) => page.locator("#preview-panel .panel");
const PATIENCE = { timeout: 30_000 };

/** Waits until the bar says something that fits. */
async function said(page, pattern) {
  for (let tries = 0; ; tries += 1) {
    const text = await bar(page).innerText();
    if (pattern.test(text)) return text;
    assert.ok(tries < 300, `the bar says ${JSON.stringify(text)}, not ${pattern}`);
    await page.waitForTimeout(100);
  }
}

async function openAt(page, url) {
  const response = await page.goto(shown.origin + url);
  await bar(page).waitFor(PATIENCE);
  return response;
}

/** Waits until the preview answers a path in such a way. */
async function answered(url, status) {
  for (let tries = 0; (await fetch(shown.origin + url)).status !== status; tries += 1) {
    assert.ok(tries < 300, `${url} is never answered with ${status}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** What `site-gen check` says about the site now. */
function check() {
  const run = spawnSync(siteGen, ["check", "--root", root, "--format", "json", "--today", TODAY], { encoding: "utf8", maxBuffer: 1 << 28 });
  return JSON.parse(run.stdout).findings;
}

const where = ({ file, line, column }) => `${file}:${line}:${column}`;
/** Place and message of each finding that a page tells, in order. */
const told = (locator) =>
  locator.locator(".told").evaluateAll((items) =>
    items.map((item) => `${item.querySelector(".told-where")?.textContent ?? ""} ${item.querySelector(".told-what").textContent.replace(/^\w+: /, "")}`),
  );
const lines = (findings) => findings.map((finding) => `${finding.line ? where(finding) : ""} ${finding.message}`);
const isOfPages = ({ file }) => /^content\/([^/]+\/)?(pages|checkers)\//.test(file);

test("the panel of a page tells what check tells about it, worst first, and the list of pages the rest", { timeout: 240_000 }, async () => {
  const page = await context.newPage();
  await openAt(page, "/visit/prepare/");
  await changed(
    PREPARE,
    (text) => text.replace("\n## ", `\n${LONG} Eat nothing prior to it.\n\n## `),
    async () => {
      await said(page, /warning/);
      const findings = check();
      const own = findings.filter(({ file }) => file === PREPARE);
      assert.ok(own.some(({ code }) => code === "sentence-too-long") && own.some(({ code }) => code === "hard-word"), JSON.stringify(own));
      assert.deepEqual(await told(panel(page)), lines(own));
      // The long sentence is among those that cost most, and the line is shown with a mark where it begins.
      await bar(page).click();
      assert.ok((await panel(page).innerText()).includes(LONG));
      const mark = panel(page).locator(".told", { hasText: "is a hard word" }).locator("mark");
      assert.equal(await mark.innerText(), "prior to");
      assert.match(await panel(page).innerText(), /Write: before/);
      // The rest of the site.
      const all = await context.newPage();
      await all.goto(`${shown.origin}/~pages/`);
      assert.deepEqual(await told(all.locator("main")), lines(findings.filter((finding) => !isOfPages(finding))));
      const row = all.locator("tbody tr").first();
      assert.match(await row.innerText(), /2 warnings/, "the page with the most to mend comes first");
      await row.locator("a").click();
      assert.deepEqual(await told(all.locator("main")), lines(own), "its panel is a page as well");
      await all.close();
    },
  );
  await page.close();
});

test("a page without a fault says so, with its grade, its review and its translation", { timeout: 120_000 }, async () => {
  const page = await context.newPage();
  await openAt(page, "/visit/cost/");
  const own = check().filter(({ file }) => file === COST && file.severity !== "note");
  assert.deepEqual(await told(panel(page)), lines(own));
  const text = await bar(page).innerText();
  assert.match(text, /school grade \d\.\d/i);
  assert.doesNotMatch(text, /too hard|behind|missing/);
  await bar(page).click();
  const inside = await panel(page).innerText();
  assert.match(inside, /Español: up to date/);
  assert.match(inside, /The sentences that cost most/);
  // A page that the program makes is not anybody's to mend.
  await openAt(page, "/a-z/");
  assert.match(await bar(page).innerText(), /nothing to mend on this page/i);
  await bar(page).click();
  assert.match(await panel(page).innerText(), /The program makes this page/);
  // The original has changed: both languages say so.
  await changed(
    COST,
    (text) => `${text}\nAsk us.\n`,
    async () => {
      await openAt(page, "/es/visit/cost/");
      await said(page, /changed since it was translated/i);
      await openAt(page, "/visit/cost/");
      await said(page, /Español: behind/);
    },
  );
  await page.close();
});

test("a mended page changes in place: the finding goes, and the reader's place stays", { timeout: 240_000 }, async () => {
  const { page, seen } = await watchedPage(context);
  const spoiled = (text) => text.replace("\n## ", "\n:::details More\nA word about parking.\n:::\n\nThe nurse will utilize a cuff.\n\n## ");
  await changed(PREPARE, spoiled, async () => {
    const bad = read(PREPARE);
    await openAt(page, "/visit/prepare/");
    await said(page, /1 warning/);
    await bar(page).click();
    await page.locator("main details").first().evaluate((details) => (details.open = true));
    // A place in the middle: a heading in view, a link with the focus, some words selected.
    const heading = page.locator("main #medicines");
    const place = await heading.evaluate((element) => {
      element.scrollIntoView();
      element.known = "the same";
      const words = element.nextElementSibling;
      getSelection().selectAllChildren(words);
      const link = [...document.querySelectorAll("main a")].at(-1);
      link.focus({ preventScroll: true });
      link.known = "this one";
      return { top: element.getBoundingClientRect().top, selected: getSelection().toString() };
    });
    assert.ok(place.selected.length > 10 && (await page.evaluate(() => scrollY)) > 200, JSON.stringify(place));
    // More than one line goes in above, so that staying needs more than doing nothing.
    save(PREPARE, bad.replace("utilize a cuff.", "use a cuff.\n\nShe writes it down.\n\nThen you rest."));
    await page.getByText("Then you rest.").waitFor(PATIENCE);
    await said(page, /nothing to mend|note/i);
    assert.deepEqual(await told(panel(page)), lines(check().filter(({ file }) => file === PREPARE)));
    const now = await heading.evaluate((element) => ({
      known: element.known,
      top: element.getBoundingClientRect().top,
      selected: getSelection().toString(),
      focused: document.activeElement.known,
      open: document.querySelector("main details").open,
    }));
    assert.deepEqual({ ...now, top: 0 }, { known: "the same", selected: place.selected, focused: "this one", open: true, top: 0 });
    assert.ok(Math.abs(now.top - place.top) <= 2, `the page moved from ${place.top} to ${now.top}`);
    assert.equal(await panel(page).evaluate((details) => details.open), true, "the panel stays open");
    // A change of the title and of a style sheet is seen as well.
    save(PREPARE, read(PREPARE).replace(/^title: .*$/m, "title: Make ready"));
    await page.getByRole("heading", { name: "Make ready", level: 1 }).waitFor(PATIENCE);
    assert.match(await page.title(), /^Make ready/);
    assert.equal(await heading.evaluate((element) => element.known), "the same");
  });
  assert.deepEqual(seen.complaints, []);
  assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
  await page.close();
});

test("what is saved after a page was made and before it listens is seen all the same", { timeout: 120_000 }, async () => {
  const page = await context.newPage();
  let listen;
  const held = new Promise((done) => (listen = done));
  await page.route("**/__live/events", async (route) => {
    await held;
    await route.continue();
  });
  const [, title] = /^title: (.*)$/m.exec(read(PREPARE));
  // The test before has just put the old text back, and this page does not follow.
  const served = async () => (await (await fetch(`${shown.origin}/visit/prepare/`)).text()).includes(`<h1>${title}</h1>`);
  for (const end = Date.now() + PATIENCE.timeout; !(await served()) && Date.now() < end; ) await new Promise((again) => setTimeout(again, 50));
  await page.goto(`${shown.origin}/visit/prepare/`);
  await page.getByRole("heading", { name: title, level: 1 }).waitFor(PATIENCE);
  await changed(
    PREPARE,
    (text) => text.replace(/^title: .*$/m, "title: Make ready"),
    async () => {
      const served = async () => (await (await fetch(`${shown.origin}/visit/prepare/`)).text()).includes("<h1>Make ready");
      for (let tries = 0; !(await served()); tries += 1) {
        assert.ok(tries < 300, "the preview never shows what was saved");
        await page.waitForTimeout(100);
      }
      assert.equal(await page.locator("h1").first().innerText(), title, "nobody has told the page");
      listen();
      await page.getByRole("heading", { name: "Make ready", level: 1 }).waitFor(PATIENCE);
    },
  );
  await page.getByRole("heading", { name: title, level: 1 }).waitFor(PATIENCE);
  await page.close();
});

test("a broken save: the page itself shows the mistake, other pages a bar, and the last good page is one click away", { timeout: 240_000 }, async () => {
  const [page, other] = await Promise.all([context.newPage(), context.newPage()]);
  await openAt(page, "/visit/prepare/");
  await openAt(other, "/visit/cost/");
  const [, title] = /^title: (.*)$/m.exec(read(PREPARE));
  await page.getByRole("heading", { name: title, level: 1 }).waitFor(PATIENCE);
  const mistake = "[the map](/visit/map.md)";
  await changed(
    PREPARE,
    (text) => text.replace(/^title: .*$/m, "title: Never seen").concat(`\nSee ${mistake}.\n`),
    async () => {
      await said(page, /This page has a mistake/);
      const [error] = check().filter(({ severity }) => severity === "error");
      assert.equal(error.file, PREPARE);
      assert.equal(await panel(page).evaluate((details) => details.open), true, "the mistake shows itself");
      const text = await panel(page).innerText();
      for (const part of [where(error), error.message, error.help, mistake]) assert.ok(text.includes(part), `${part} is not in ${text}`);
      const mark = await panel(page).locator("mark").first().innerText();
      assert.ok(mark.length > 3 && mistake.includes(mark), `the mark is on ${mark}`);
      await panel(page).getByRole("button", { name: "Show the last good version" }).click();
      assert.equal(await panel(page).evaluate((details) => details.open), false);
      assert.equal(await page.locator("h1").first().innerText(), title);

      await said(other, /a mistake elsewhere stops the new one/);
      assert.equal(await panel(other).evaluate((details) => details.open), false, "another page is left in peace");
      // Asked for anew, the page says what is wrong with it.
      const answer = await other.goto(`${shown.origin}/visit/prepare/`);
      assert.equal(answer.status(), 500);
      await other.getByRole("heading", { name: "This page cannot be shown as it is now" }).waitFor(PATIENCE);
      assert.ok((await other.locator("main").innerText()).includes(where(error)));
      assert.deepEqual(await violationsInAllViews(other, "the error page"), []);
      await other.getByRole("link", { name: "Show the last good version" }).click();
      await bar(other).waitFor(PATIENCE);
      assert.equal(await other.locator("h1").first().innerText(), title);
      assert.equal(await panel(other).evaluate((details) => details.open), false, "whoever asks for the last good version sees it");
      await other.goto(`${shown.origin}/visit/prepare/`);
      await other.getByRole("heading", { name: "This page cannot be shown as it is now" }).waitFor(PATIENCE);
    },
  );
  // Mended, all of them are right again by themselves.
  await said(page, /^(?!.*mistake)/);
  await other.getByRole("heading", { name: title, level: 1 }).waitFor(PATIENCE);
  await said(other, /^(?!.*mistake)/);
  await Promise.all([page.close(), other.close()]);
});

test("a new page with a mistake has no earlier version to offer", { timeout: 120_000 }, async () => {
  const file = "content/en/pages/visit/parking.md";
  const page = await context.newPage();
  save(file, "---\ntitle: Parking\nsumary: Where to leave your car.\nkind: prepare\n---\n\nThere is room behind the house.\n");
  try {
    await answered("/visit/parking/", 500);
    await page.goto(`${shown.origin}/visit/parking/`);
    const text = await page.locator("main").innerText();
    assert.match(text, /there is no earlier version/);
    assert.match(text, /`sumary`/);
    assert.equal(await page.getByRole("link", { name: "Show the last good version" }).count(), 0);
    save(file, read(file).replace("sumary", "summary"));
    await page.locator("main p", { hasText: "There is room behind the house." }).waitFor(PATIENCE);
  } finally {
    rmSync(path.join(root, file));
  }
  await page.close();
});

test("a broken promise leads from the page of the questionnaire to its answers and to the live trial", { timeout: 240_000 }, async () => {
  const page = await context.newPage();
  const good = await page.goto(`${shown.origin}/check/`);
  assert.equal(good.status(), 200);
  await changed(
    RULES,
    (text) => text.replace('all = ["A2 is maybe"]', 'all = ["A2 is maybe", "A3 is yes"]'),
    async () => {
      await answered("/check/", 500);
      await page.goto(`${shown.origin}/check/`);
      const finding = page.locator(".told", { hasText: "Nobody who might be pregnant" }).or(page.locator(".told", { hasText: "nobody who might be pregnant" })).first();
      await finding.getByRole("link", { name: "See the answers that break it" }).click();
      assert.match(page.url(), /\/~walk\/ketamine\//);
      await page.goBack();
      await finding.getByRole("link", { name: "English" }).click();
      assert.match(page.url(), /\/~try\/en\/ketamine\//);
      await page.locator('[data-screen="start"]').waitFor(PATIENCE);
      await page.goBack();
      await page.getByRole("link", { name: "Show the last good version" }).click();
      await page.locator('[data-screen="start"]').waitFor(PATIENCE);
    },
  );
  // The page with the questions runs under its own policy and holds nothing of the preview's.
  await answered("/check/", 200);
  await page.goto(`${shown.origin}/check/`);
  assert.equal(await page.locator("#preview-panel").count(), 0);
  assert.equal(await page.locator('script[src*="__live"]').count(), 0);
  // It has a panel of its own all the same.
  await page.goto(`${shown.origin}/~page/check/`);
  assert.match(await page.locator("main").innerText(), /How hard it is to read/);
  await page.close();
});

test("nothing of the preview is in a build, and all of it in the preview", { timeout: 240_000 }, async () => {
  const traces = [/__live/, /~page/, /preview-panel/, /panel-else/];
  const output = path.join(root, "public");
  const built = spawnSync(siteGen, ["build", "--root", root, "--today", TODAY], { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(built.status, 0, built.stderr);
  const files = readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.(html|js|css|json|txt|xml)$|^_/.test(entry.name));
  assert.ok(files.length > 100);
  for (const { name, parentPath } of files) {
    const text = readFileSync(path.join(parentPath, name), "utf8");
    for (const trace of traces) assert.ok(!trace.test(text), `${trace} is in ${parentPath}/${name}`);
  }
  // Nothing was heard while the build ran: connections that were closed meanwhile are no longer to be used.
  await new Promise((heard) => setTimeout(heard, 100));
  const all = await Promise.all(["/visit/cost/", "/__live/live.js", "/~page/visit/cost/", "/~pages/"].map((url) => fetch(shown.origin + url).then((answer) => answer.text())));
  for (const trace of traces) assert.ok(trace.test(all.join("")), `${trace} is nowhere in the preview`);
  rmSync(output, { recursive: true });
});

test("the panel works with the keyboard alone, on a small phone, in light and dark", { timeout: 240_000 }, async () => {
  const { page, seen } = await watchedPage(context);
  await openAt(page, "/visit/cost/");
  await page.setViewportSize({ width: 320, height: 640 });
  await page.keyboard.press("Shift+Tab");
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.className || document.activeElement.shadowRoot?.activeElement?.nodeName);
  assert.equal(await focused(), "SUMMARY", "the bar is the last stop of the page");
  await page.keyboard.press("Enter");
  assert.equal(await panel(page).evaluate((details) => details.open), true);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "panel-close");
  await page.keyboard.press("Escape");
  assert.equal(await panel(page).evaluate((details) => details.open), false);
  assert.equal(await focused(), "SUMMARY");
  await page.keyboard.press("Enter");
  assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth)) <= 320);
  const wide = await panel(page).evaluate((details) => details.querySelector(".panel-inside").scrollWidth - details.querySelector(".panel-inside").clientWidth);
  assert.ok(wide <= 0, `the panel is ${wide} px too wide`);
  // The last of the page is not hidden for good behind the bar.
  await page.keyboard.press("Escape");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  const [foot, top] = await page.evaluate(() => [document.querySelector("footer").getBoundingClientRect().bottom, document.getElementById("preview-panel").getBoundingClientRect().top]);
  assert.ok(foot <= top + 1, `the foot ends at ${foot}, the bar begins at ${top}`);
  await page.keyboard.press("Enter");
  // Before axe comes, which puts a style of its own into the page.
  assert.deepEqual(seen.complaints, []);
  const faults = await violationsInAllViews(page, "with its panel open");
  for (const url of ["/~page/visit/cost/", "/~pages/"]) {
    await page.goto(shown.origin + url);
    for (const summary of await page.locator("summary").all()) await summary.click();
    faults.push(...(await violationsInAllViews(page, url)));
    await page.setViewportSize({ width: 320, height: 640 });
    if ((await page.evaluate(() => document.scrollingElement.scrollWidth)) > 320) faults.push(`${url} is too wide for a small phone`);
  }
  assert.deepEqual(faults, []);
  await page.close();
});

test("any page can be turned into any other, and what is the same in both stays the same node", async () => {
  const page = await context.newPage();
  const source = readFileSync(path.join(repository, "site-gen/src/serve/live/morph.js"), "utf8");
  const faults = await page.evaluate(`(() => { ${source}
    let seed = 7;
    const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
    const tree = (depth) => {
      const kinds = ["p", "ul", "div", "details", "h2"];
      let html = "";
      for (let count = random(6); count > 0; count -= 1) {
        if (depth === 0 || random(3) === 0) html += " word" + random(5) + " ";
        else {
          const kind = kinds[random(kinds.length)];
          const id = random(4) === 0 ? ' id="i' + random(4) + '"' : "";
          const name = random(3) === 0 ? ' class="c' + random(3) + '"' : "";
          html += "<" + kind + id + name + ">" + tree(depth - 1) + "</" + kind + ">";
        }
      }
      return html;
    };
    const made = (html) => Object.assign(document.createElement("div"), { innerHTML: html });
    const faults = [];
    for (let round = 0; round < 500; round += 1) {
      const [one, other] = [tree(3), tree(3)];
      const old = made(one);
      morph(old, made(other));
      if (!old.isEqualNode(made(other))) faults.push(one + " => " + other);
    }
    // One word of one paragraph of many: every other node is still itself.
    const long = (word) => Array.from({ length: 60 }, (_, at) => "<p>Paragraph " + (at === 30 ? word : at) + "</p>").join("");
    const old = made(long("one"));
    const nodes = [...old.children];
    morph(old, made("<h2>New</h2>" + long("two")));
    if (old.children.length !== 61 || !nodes.every((node, at) => node === old.children[at + 1])) faults.push("nodes were made anew");
    const open = made("<details open><summary>a</summary>b</details>");
    morph(open, made("<details><summary>a</summary>c</details>"));
    if (!open.firstChild.open || open.textContent !== "ac") faults.push("what was open is closed");
    const closed = made("<p>a</p>");
    morph(closed, made("<p>b</p>"));
    if (closed.textContent !== "b") faults.push("nothing was changed");
    return faults;
  })()`);
  assert.deepEqual(faults, []);
  await page.close();
});

test("many open pages share the few connections that a browser has", { timeout: 120_000 }, async () => {
  const { page, seen } = await watchedPage(context);
  await openAt(page, "/visit/cost/");
  const streams = () => seen.requests.filter((url) => url.endsWith("/__live/events")).length;
  assert.equal(streams(), 1);
  const hide = (hidden) =>
    page.evaluate((value) => {
      Object.defineProperty(document, "hidden", { configurable: true, value });
      document.dispatchEvent(new Event("visibilitychange"));
    }, hidden);
  await hide(true);
  // What is saved meanwhile is there when somebody looks again.
  await changed(
    COST,
    (text) => `${text}\nAsk twice.\n`,
    async () => {
      for (let tries = 0; tries < 300; tries += 1) {
        if ((await (await fetch(`${shown.origin}/visit/cost/`)).text()).includes("Ask twice.")) break;
        await page.waitForTimeout(100);
      }
      assert.equal(await page.getByText("Ask twice.").count(), 0, "a page that nobody sees is left alone");
      await hide(false);
      await page.locator("main p", { hasText: "Ask twice." }).waitFor(PATIENCE);
      assert.equal(streams(), 2);
    },
  );
});
