// How quick the questionnaire is: node tests/browser/timing.mjs
// Times swing with what else the machine does, so this is no part of ./test; docs/performance.md keeps what was measured.
// Brotli from this machine, an empty cache, the network and the processor slowed down by the browser.

import { brotliCompressSync } from "node:zlib";
import { readFileSync } from "node:fs";
import path from "node:path";
import { launch } from "./lib/browser.mjs";
import { caseOf } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { files, read, siteDir } from "./lib/site.mjs";
import { open, PATH, walk } from "./lib/walk.mjs";

const LOADS = 5;
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const NO_LIMIT = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
/** Loads and their budgets in milliseconds. */
const STARTS = [
  { name: "start screen usable, processor at 1/4, slow 4G", slowed: 4, network: SLOW_4G, budget: 1900 },
  { name: "start screen usable, processor at 1/4, no limit on the network", slowed: 4, network: NO_LIMIT, budget: 600 },
];
const ANSWERS = [
  { name: "answer to next screen painted, processor at 1/4", slowed: 4, budget: 50 },
  { name: "answer to next screen painted, processor at 1/20", slowed: 20, budget: 250 },
];

const sorted = (list) => [...list].sort((a, b) => a - b);
const quantile = (list, share) => sorted(list)[Math.min(list.length - 1, Math.floor(list.length * share))];
const ms = (time) => `${time.toFixed(0)} ms`;
const line = (name, found, budget) => console.log(`${name.padEnd(66)} ${found.padEnd(34)} budget ${budget}`);

/** Notes when the start screen is there and painted. */
function watchStart() {
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".checker-app [data-screen]")) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => (globalThis.usableAt = performance.now())));
  }).observe(document, { childList: true, subtree: true });
}

/** Notes the time from each press of Continue until the next screen is painted. */
function watchAnswers() {
  globalThis.painted = [];
  addEventListener("click", (event) => {
    if (!event.target.closest('[data-action="continue"]')) return;
    const before = document.querySelector(".checker-app [data-screen]");
    const wait = () => {
      if (document.querySelector(".checker-app [data-screen]") === before) return setTimeout(wait);
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => globalThis.painted.push(performance.now() - event.timeStamp);
        port2.postMessage(0);
      });
    };
    wait();
  }, true);
}

const server = await serve({ compress: true });
const browser = await launch();
try {
  const script = files().find((file) => /^checker-.*\.js$/.test(path.basename(file)));
  const data = /<script type="text\/plain" id="checker-data">([\s\S]*?)<\/script>/.exec(read("check/index.html"))[1];
  const packed = (bytes) => brotliCompressSync(bytes).length;
  const parts = [packed(readFileSync(path.join(siteDir, script))), packed(Buffer.from(data))];
  line("the widget: script and data, Brotli", `${parts[0]} + ${parts[1]} = ${parts[0] + parts[1]} bytes`, "60000 bytes");

  for (const { name, slowed, network, budget } of STARTS) {
    const times = [];
    for (let load = 0; load < LOADS; load += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const session = await context.newCDPSession(page);
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", network);
      await session.send("Emulation.setCPUThrottlingRate", { rate: slowed });
      await page.addInitScript(watchStart);
      await page.goto(server.origin + PATH.en);
      await page.waitForFunction(() => globalThis.usableAt > 0, null, { timeout: 60_000 });
      times.push(await page.evaluate(() => globalThis.usableAt));
      await context.close();
    }
    line(name, `median ${ms(quantile(times, 0.5))} of ${LOADS}, worst ${ms(Math.max(...times))}`, ms(budget));
  }

  for (const { name, slowed, budget } of ANSWERS) {
    const times = [];
    for (const id of ["V01", "V02"]) {
      const context = await browser.newContext({ reducedMotion: "reduce" });
      const page = await context.newPage();
      await open(page, server.origin);
      await page.evaluate(watchAnswers);
      const session = await context.newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: slowed });
      await walk(page, caseOf(id).answers);
      await page.waitForTimeout(500);
      times.push(...(await page.evaluate(() => globalThis.painted)));
      await context.close();
    }
    const found = `p50 ${ms(quantile(times, 0.5))}, p99 ${ms(quantile(times, 0.99))} of ${times.length}`;
    line(name, found, `${ms(budget)} at p99`);
  }
} finally {
  await browser.close();
  await server.close();
}
