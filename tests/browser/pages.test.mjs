// Every page of the site in the browser: accessible, whole at every width, quiet, and only from its own host.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { violations, violationsInAllViews } from "./lib/axe.mjs";
import { launch, watchedPage } from "./lib/browser.mjs";
import { isRedirect, pageUrls, read } from "./lib/site.mjs";
import { serve } from "./lib/server.mjs";

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

const fileOf = (url) => `${url.slice(1)}${url.endsWith("/") ? "index.html" : ""}`;
const urls = pageUrls().filter((url) => !isRedirect(read(fileOf(url))));

test("control: axe sees a fault when there is one", async () => {
  const page = await context.newPage();
  await page.setContent("<!doctype html><html lang='en'><title>Bad</title><main><h1>Bad</h1><img src='data:,'><p style='color:#ccc'>pale</p></main>");
  const found = await violations(page, "bad");
  assert.ok(found.some((line) => line.includes("image-alt")) && found.some((line) => line.includes("color-contrast")), found.join("\n"));
  await page.close();
});

test("axe finds nothing on any page, in light and dark, narrow and wide", { timeout: 1_200_000 }, async () => {
  const faults = [];
  for (const url of urls) {
    const page = await context.newPage();
    await page.goto(server.origin + url);
    if (read(fileOf(url)).includes("data-checker=")) await page.locator("[data-screen=start]").waitFor();
    // Folded parts are judged unfolded.
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    faults.push(...(await violationsInAllViews(page, url)));
    await page.close();
  }
  assert.deepEqual(faults, []);
});

test("every page asks only its own host, and says nothing in the console", async () => {
  const faults = [];
  for (const url of urls) {
    const { page, seen } = await watchedPage(context);
    await page.goto(server.origin + url, { waitUntil: "networkidle" });
    if (seen.requests.length < 2) faults.push(`${url}: only ${seen.requests.length} requests were seen`);
    faults.push(...seen.requests.concat(seen.alsoRequests).filter((one) => !one.startsWith(`${server.origin}/`)).map((one) => `${url} asks for ${one}`));
    // A page that does not exist is answered with 404, which the console tells.
    faults.push(...seen.complaints.map((one) => `${url}: ${one}`));
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie].join());
    if (kept !== "0,0,") faults.push(`${url} keeps something: ${kept}`);
    await page.close();
  }
  assert.deepEqual(faults, []);
});

test("no page is wider than a screen of 320 pixels", async () => {
  const faults = [];
  const page = await context.newPage();
  await page.setViewportSize({ width: 320, height: 800 });
  for (const url of urls) {
    await page.goto(server.origin + url);
    await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    const { width, widest } = await page.evaluate(() => {
      const beyond = [...document.querySelectorAll("body *")].find((node) => node.getBoundingClientRect().right > 321 && getComputedStyle(node).position !== "absolute");
      return { width: document.scrollingElement.scrollWidth, widest: beyond && `${beyond.localName}.${beyond.className}` };
    });
    if (width > 320) faults.push(`${url}: ${width} px because of ${widest}`);
  }
  await page.close();
  assert.deepEqual(faults, []);
});

test("every page has one title, one main part, a skip link that works, and help that can be tapped", async () => {
  const faults = [];
  const page = await context.newPage();
  await page.setViewportSize({ width: 390, height: 844 });
  for (const url of urls) {
    await page.goto(server.origin + url);
    const complain = (what) => faults.push(`${url}: ${what}`);
    if ((await page.locator("h1:visible").count()) !== 1) complain("not exactly one h1");
    if ((await page.locator("main").count()) !== 1) complain("not exactly one main");
    const help = page.locator('a[href="tel:988"]').first();
    if (!(await help.isVisible())) complain("988 is not visible");
    const box = await page.locator('a[href="tel:911"]:visible').first().boundingBox();
    if (!box || box.y > 844) complain("911 is not on the first screen");
    if (!box || box.height < 24) complain(`911 is only ${box?.height} px high`);
    await page.keyboard.press("Tab");
    const first = await page.evaluate(() => document.activeElement?.getAttribute("href"));
    if (!first?.startsWith("#")) complain(`the first Tab leads to ${first}, not to the skip link`);
    else {
      await page.keyboard.press("Enter");
      const reached = await page.evaluate((id) => document.getElementById(id)?.closest("main") !== null || document.getElementById(id)?.querySelector("main") !== null, first.slice(1));
      if (!reached) complain("the skip link leads past the main part");
    }
  }
  await page.close();
  assert.deepEqual(faults, []);
});

test("the language switch leads to the same page, and says which language it is", async () => {
  const page = await context.newPage();
  await page.goto(`${server.origin}/check/`);
  await page.locator('a[hreflang="es"]:visible, a[lang="es"]:visible').first().click();
  assert.equal(new URL(page.url()).pathname, "/es/check/");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "es");
  await page.locator('a[hreflang="en"]:visible, a[lang="en"]:visible').first().click();
  assert.equal(new URL(page.url()).pathname, "/check/");
  await page.close();
});

test("pages can be read with JavaScript off", async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
  const page = await plain.newPage();
  await page.goto(`${server.origin}/conditions/crps/`);
  assert.ok((await page.locator("main h2:visible").count()) >= 5);
  await page.goto(`${server.origin}/`);
  assert.ok((await page.locator("header a").count()) >= 4, "the menu works without a script");
  await plain.close();
});

test("nothing is cut off or pushed out when a reader spreads the text (WCAG 1.4.12)", async () => {
  // The reader's own style sheet is not bound by the page's policy; only in this test is it lifted.
  const spread = await browser.newContext({ bypassCSP: true, viewport: { width: 390, height: 844 } });
  const page = await spread.newPage();
  const faults = [];
  for (const url of urls) {
    await page.goto(server.origin + url);
    await page.addStyleTag({
      content: "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }",
    });
    const cut = await page.evaluate(() => {
      const hides = ({ overflowX, overflowY }) => overflowX === "hidden" || overflowY === "hidden" || overflowX === "clip" || overflowY === "clip";
      return [...document.querySelectorAll("main *, header *, footer *")]
        .filter((node) => node.innerText?.trim() && node.clientHeight > 1 && hides(getComputedStyle(node)))
        .filter((node) => node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1)
        .map((node) => `${node.localName}.${node.className}`);
    });
    if (cut.length > 0) faults.push(`${url}: cut off: ${cut.join(" ")}`);
    const width = await page.evaluate(() => document.scrollingElement.scrollWidth);
    if (width > 390) faults.push(`${url}: ${width} px wide`);
  }
  assert.deepEqual(faults, []);
  await spread.close();
});
