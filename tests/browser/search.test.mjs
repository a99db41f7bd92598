// Search as a reader meets it: in two languages, by keyboard, on a small screen, without a script; and what it may ask for.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { violationsInAllViews } from "./lib/axe.mjs";
import { launch, watchedPage } from "./lib/browser.mjs";
import { serve } from "./lib/server.mjs";
import { repository, siteGen, TODAY } from "./lib/site.mjs";

const PAGE = { en: "/search/", es: "/es/search/" };
/** What the first search may fetch, in bytes on the wire: for one word, and for two that stand in two pieces of the index. */
const BUDGET = { bladder: 130_000, "bladder pain": 155_000 };

let server;
let browser;
let context;
before(async () => {
  server = await serve();
  browser = await launch();
  context = await browser.newContext({ reducedMotion: "reduce" });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function withPage(language, body, options = {}) {
  const { page, seen } = await watchedPage(options.context ?? context);
  try {
    await page.goto((options.origin ?? server.origin) + (options.base ?? "") + PAGE[language]);
    await page.locator("form[role=search]").waitFor();
    await body(page, seen);
    assert.deepEqual(seen.complaints, []);
  } finally {
    await page.close();
  }
}

/** Searches, and waits until the page says what came of it. */
async function search(page, words) {
  const status = page.getByRole("status");
  const waits = await page.locator("[data-search]").getAttribute("data-wait");
  await page.getByRole("searchbox").fill(words);
  await page.getByRole("searchbox").press("Enter");
  await page.waitForFunction((waits) => ![waits, ""].includes(document.querySelector("[role=status]").textContent), waits);
  return status.innerText();
}

const titles = (page) => page.locator("[data-slot=results] h2").allInnerTexts();
const addresses = (page) => page.locator("[data-slot=results] h2 a").evaluateAll((links) => links.map((link) => new URL(link.href).pathname + new URL(link.href).hash));
const first = async (page, many = 3) => (await addresses(page)).slice(0, many);

test("a word is found where it stands, and where another name for it stands", async () => {
  const wanted = {
    en: [
      ["bladder", "/risks/bladder/"],
      ["Bladders", "/risks/bladder/"],
      ["drip", "/glossary/#term-infusion"],
      ["IV", "/glossary/#term-iv"],
      ["hypertension", "/glossary/#term-high-blood-pressure"],
      // The word itself stands above the pages that use it; they are on the first screen.
      ["hypertension", "/risks/who-should-not/", 5],
      ["EKG", "/glossary/#term-ecg"],
      ["crps", "/conditions/crps/"],
      ["food before the visit", "/visit/prepare/"],
      ["driving home", "/visit/aftercare/"],
      ["cost", "/visit/cost/"],
    ],
    es: [
      ["autoevaluación", "/es/check/"],
      ["autoevaluacion", "/es/check/"],
      ["goteo", "/es/visit/treatment-day/"],
      ["hipertensión", "/es/glossary/#term-presion-arterial-alta"],
      ["hipertension", "/es/glossary/#term-presion-arterial-alta"],
      ["privacidad", "/es/about/privacy/"],
    ],
  };
  const missing = [];
  for (const [language, queries] of Object.entries(wanted)) {
    await withPage(language, async (page) => {
      for (const [words, address, among] of queries) {
        await search(page, words);
        const found = await first(page, among);
        if (!found.includes(address)) missing.push(`${language} ${words}: ${address} is not among the first of ${(await addresses(page)).length}: ${found.join(" ")}`);
      }
    });
  }
  assert.deepEqual(missing, []);
});

test("a result has a title, where it stands and marked words, and the number of pages is said", async () => {
  await withPage("en", async (page) => {
    const said = await search(page, "bladder");
    const count = Number(/^\d+/.exec(said)?.[0]);
    assert.ok(count >= 3, said);
    assert.match(said, /bladder/);
    const result = page.locator("[data-slot=results] > li").first();
    assert.ok((await result.locator("h2 a").innerText()).length > 3);
    assert.ok((await page.locator(".search-section").first().innerText()).length > 3);
    assert.match(await result.locator("mark").first().innerText(), /^bladder/i);
    assert.equal(await page.locator("[data-slot=results]").evaluate((list) => list.localName), "ol");
    // In the text that is shown, no number of a source sticks to a word.
    assert.doesNotMatch(await page.locator("[data-slot=results]").innerText(), /[a-z]\d+\./i);
  });
});

test("a result leads to its page", async () => {
  await withPage("en", async (page) => {
    await search(page, "crps");
    const link = page.locator("[data-slot=results] h2 a").first();
    const address = await link.getAttribute("href");
    await link.click();
    const { pathname, hash } = new URL(page.url());
    assert.equal(pathname + hash, address);
    assert.equal(await page.locator("h1").count(), 1);
  });
});

test("with more than five results the rest comes on demand, and the focus goes there", async () => {
  await withPage("en", async (page) => {
    const count = Number(/^\d+/.exec(await search(page, "ketamine"))[0]);
    assert.ok(count > 5, `${count}`);
    assert.equal((await titles(page)).length, 5);
    await page.locator("[data-slot=more]").focus();
    await page.keyboard.press("Enter");
    await page.locator("[data-slot=results] > li:nth-child(6)").waitFor();
    const focused = await page.evaluate(() => [...document.querySelectorAll("[data-slot=results] h2 a")].indexOf(document.activeElement));
    assert.equal(focused, 5);
    assert.equal(new Set(await addresses(page)).size, (await addresses(page)).length, "no result comes twice");
  });
});

test("words that nobody wrote find nothing, and the reader is told where else to look", async () => {
  for (const [language, list] of [["en", "/a-z/"], ["es", "/es/a-z/"]]) {
    await withPage(language, async (page) => {
      for (const words of ["xqzvwkjh", "<img src=zzqx onerror=zzqx>", "<b>zzqxb</b>", "€€€", "%00", "q".repeat(200)]) {
        const said = await search(page, words);
        assert.ok(said.includes(words), `${said} does not name ${words}`);
        assert.deepEqual(await titles(page), [], words);
        const help = page.locator("[data-slot=help]");
        assert.ok(await help.locator(`a[href="${list}"]`).isVisible());
        assert.ok(await help.locator('a[href="tel:988"]').isVisible());
        assert.ok(await help.locator('a[href="tel:911"]').isVisible());
      }
    });
  }
});

test("nothing typed finds nothing, and an older answer goes away", async () => {
  await withPage("en", async (page) => {
    await search(page, "bladder");
    assert.ok((await titles(page)).length > 0);
    assert.equal(await search(page, "   "), "Type a word first.");
    assert.deepEqual(await titles(page), []);
  });
});

test("words of distress bring the help numbers first, in both languages, and other words do not", async () => {
  const distress = {
    en: ["suicide", "SUICIDAL thoughts", "i don't want to live", "i don’t want to live", "I want to die", "kill myself", "overdose", "chest pain"],
    es: ["suicidio", "Quiero morir", "no quiero vivir", "hacerme daño", "hacerme dano", "sobredosis", "dolor de pecho"],
  };
  for (const [language, queries] of Object.entries(distress)) {
    await withPage(language, async (page) => {
      for (const words of queries) {
        await search(page, words);
        const help = page.locator("[data-slot=help] .card--emergency");
        assert.ok(await help.isVisible(), `${language}: ${words}`);
        assert.ok(await help.locator('a[href="tel:988"]').isVisible());
        assert.ok(await help.locator('a[href="tel:911"]').isVisible());
        const above = await page.evaluate(() => {
          const list = document.querySelector("[data-slot=results]");
          return Boolean(document.querySelector(".card--emergency").compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING);
        });
        assert.ok(above, "the help stands above the results");
      }
      for (const words of ["cost", "diet", "dieta", "precio"]) {
        await search(page, words);
        assert.equal(await page.locator(".card--emergency").count(), 0, words);
      }
    });
  }
});

test("the help numbers come even when the index does not", async () => {
  const { page } = await watchedPage(context);
  await page.route("**/pagefind/**", (route) => route.abort());
  await page.goto(server.origin + PAGE.en);
  const said = await search(page, "suicide");
  assert.match(said, /does not work/);
  assert.ok(await page.locator(".card--emergency a[href='tel:988']").isVisible());
  assert.ok(await page.locator("[data-slot=help] a[href='/a-z/']").isVisible());
  await page.close();
});

test("by keyboard alone: from the header to a result", async () => {
  const { page, seen } = await watchedPage(context);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto(`${server.origin}/`);
  const focused = () => page.evaluate(() => ({ href: document.activeElement.getAttribute("href"), type: document.activeElement.type ?? "" }));
  const tabTo = async (pleases, what) => {
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press("Tab");
      if (pleases(await focused())) return;
    }
    assert.fail(`no way by Tab to ${what}`);
  };
  await tabTo(({ href }) => href === "/search/", "the search page");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/search/");
  await tabTo(({ type }) => type === "search", "the field");
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, "none");
  await page.keyboard.type("bladder");
  await page.keyboard.press("Enter");
  await page.locator("[data-slot=results] > li").first().waitFor();
  assert.equal((await focused()).type, "search", "the focus stays where it was");
  await tabTo(({ href }) => href === "/risks/bladder/", "a result");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/risks/bladder/");
  assert.deepEqual(seen.complaints, []);
  await page.close();
});

test("what is typed goes nowhere: not to a host, not into the address, not into storage", async () => {
  await withPage("en", async (page, seen) => {
    const asked = server.log.length;
    for (const words of ["bladder", "embarrassing secret", "suicide plan", "xqzvwkjh"]) await search(page, words);
    const log = server.log.slice(asked).join("\n");
    assert.match(log, /\/pagefind\/pagefind\.js/, "control: what is fetched is seen");
    assert.doesNotMatch(log, /bladder|embarrassing|secret|suicide|xqzvwkjh/i);
    assert.doesNotMatch(log, /POST|PUT/);
    const elsewhere = seen.requests.concat(seen.alsoRequests).filter((one) => !one.startsWith(`${server.origin}/`));
    assert.deepEqual(elsewhere, []);
    assert.equal(page.url(), server.origin + PAGE.en);
    assert.equal(await page.title(), await page.evaluate(() => document.title));
    const kept = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookie: document.cookie,
      caches: (await caches.keys()).length,
      databases: (await indexedDB.databases()).length,
      history: history.length,
      state: history.state,
      title: document.title,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
    }));
    assert.deepEqual({ ...kept, history: 0, title: "" }, { local: 0, session: 0, cookie: "", caches: 0, databases: 0, history: 0, state: null, title: "", workers: 0 });
    assert.ok(kept.history <= 2, `${kept.history} entries`);
    assert.doesNotMatch(kept.title, /secret|bladder/);
    // Nor does a reload bring it back.
    await page.getByRole("searchbox").fill("embarrassing secret");
    await page.reload();
    await page.locator("form[role=search]").waitFor();
    assert.equal(await page.getByRole("searchbox").inputValue(), "");
  });
});

test("the page's own policy forbids every other host", async () => {
  const { page } = await watchedPage(context);
  await page.goto(server.origin + PAGE.en);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /connect-src 'self'(;|$)/);
  assert.match(policy, /form-action 'none'/);
  assert.doesNotMatch(policy, /unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:/);
  const sent = await page.evaluate(() => fetch("http://127.0.0.1:9/leak").then(() => true, () => false));
  assert.equal(sent, false);
  assert.equal(await page.locator("form[role=search] [name]").count(), 0, "a field without a name is in no address");
  await page.goto(`${server.origin}/check/`);
  assert.match(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content"), /connect-src 'none'/, "the questions keep their own");
  await page.close();
});

test("the first search fetches no more than its budget", async (t) => {
  // Text is sent with Brotli, as a good host does; the index comes packed as it is.
  const packed = await serve({ compress: true });
  t.after(() => packed.close());
  for (const [words, budget] of Object.entries(BUDGET)) {
    const own = await browser.newContext();
    t.after(() => own.close());
    const { page, seen } = await watchedPage(own);
    await page.goto(packed.origin + PAGE.en, { waitUntil: "networkidle" });
    const names = new Map();
    const fetched = [];
    let bytes = 0;
    seen.session.on("Network.requestWillBeSent", ({ requestId, request }) => names.set(requestId, new URL(request.url).pathname));
    seen.session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      bytes += encodedDataLength;
      fetched.push(`${encodedDataLength} ${names.get(requestId)}`);
    });
    await search(page, words);
    assert.ok((await titles(page)).length >= 3);
    t.diagnostic(`first search, ${words}: ${bytes} bytes in ${fetched.length} files: ${fetched.join(", ")}`);
    assert.ok(fetched.length >= 4, "control: the files are counted");
    assert.ok(bytes <= budget, `${words}: ${bytes} bytes: ${fetched.join(", ")}`);
    const first = bytes;
    await search(page, "driving");
    t.diagnostic(`next search: ${bytes - first} bytes`);
    assert.ok(bytes - first < 50_000);
    assert.deepEqual(seen.complaints, []);
  }
});

test("axe finds nothing on the page with results, with help and with nothing found", { timeout: 300_000 }, async () => {
  const faults = [];
  for (const [language, queries] of [["en", ["bladder", "suicide", "xqzvwkjh"]], ["es", ["autoevaluación", "suicidio", "xqzvwkjh"]]]) {
    await withPage(language, async (page) => {
      for (const words of queries) {
        await search(page, words);
        faults.push(...(await violationsInAllViews(page, `${language} ${words}`)));
      }
    });
  }
  assert.deepEqual(faults, []);
});

test("nothing scrolls sideways at 320 pixels, and every target can be hit", async () => {
  await withPage("en", async (page) => {
    await page.setViewportSize({ width: 320, height: 700 });
    for (const words of ["ketamine", "suicide", `${"pneumonoultramicroscopic".repeat(6)}`]) {
      await search(page, words);
      assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 320, words);
    }
    await search(page, "ketamine");
    const low = await page.locator("[data-slot=results] a:visible, .search-button:visible, .search-field:visible").evaluateAll((nodes) =>
      nodes.map((node) => [node.textContent, node.getBoundingClientRect().height]).filter(([, height]) => height < 44),
    );
    assert.deepEqual(low, []);
  });
});

test("without a script the page leads to the list from A to Z, which has everything", async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await plain.newPage();
  for (const [language, base] of [["en", ""], ["es", "/es"]]) {
    await page.goto(server.origin + PAGE[language]);
    assert.equal(await page.locator("form[role=search]").isVisible(), false, "no field that does nothing");
    assert.ok(await page.locator("noscript p").isVisible());
    await page.locator(`main a[href="${base}/a-z/"]`).click();
    assert.equal(new URL(page.url()).pathname, `${base}/a-z/`);
    assert.ok(await page.locator(`.letter a[href="${base}/glossary/#term-infusion"]`).first().isVisible());
    assert.ok(await page.locator(`.letter a[href="${base}/check/"]`).first().isVisible());
    // Every letter of the row leads to its heading.
    const lost = await page.locator(".letters a").evaluateAll((links) => links.filter((link) => !document.querySelector(link.getAttribute("href"))).length);
    assert.equal(lost, 0);
  }
  await page.goto(`${server.origin}/no/such/page/`);
  assert.ok(await page.locator('main a[href="/a-z/"]').isVisible());
  await plain.close();
});

test("below a path the same is found", async () => {
  const root = mkdtempSync(path.join(os.tmpdir(), "search-"));
  try {
    cpSync(path.join(repository, "content"), path.join(root, "content"), { recursive: true });
    const folder = path.join(root, "public");
    execFileSync(siteGen, ["build", "--root", root, "-o", folder, "--today", TODAY, "--base-url", "https://example.org/clinic/site/"], { stdio: "pipe" });
    const below = await serve({ folder, base: "/clinic/site" });
    try {
      await withPage(
        "en",
        async (page) => {
          await search(page, "bladder");
          assert.ok((await first(page)).includes("/clinic/site/risks/bladder/"));
          await page.locator("[data-slot=results] h2 a").first().click();
          assert.equal(await page.locator("h1").count(), 1);
        },
        { origin: below.origin, base: "/clinic/site" },
      );
    } finally {
      await below.close();
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});
