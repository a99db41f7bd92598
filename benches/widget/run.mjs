// The widget beside the same questionnaire in plain JavaScript and in SurveyJS: npm run bench:widget
//
// First it makes sure that the three are the same questionnaire: every worked patient of cases.toml gets the same outcome
// for the same reasons. Then it prints one table. The three take turns in everything that is timed, so that what else
// the machine does touches all of them; ratios say more than times. README.md says what is measured and how.
//
//   npm run bench:widget                     everything
//   npm run bench:widget same sizes          only the parts named: same sizes starts answers

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch, watchedPage } from "../../tests/browser/lib/browser.mjs";
import { caseOf, cases } from "../../tests/browser/lib/cases.mjs";
import { serve } from "../../tests/browser/lib/server.mjs";
import { LIMITS, costs, overLimits, sentFrom } from "../../tests/browser/lib/sizes.mjs";
import { read, siteDir } from "../../tests/browser/lib/site.mjs";
import { answersFor, DRIVERS, START } from "./drive.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const LOADS = 9;
/** Worked patients who are clicked through against the clock: about a hundred and fifty screens for each of the three. */
const WALKS = ["V01", "V02", "V06", "V09", "V12"];
const SLOW_4G = { offline: false, latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375 };
const NO_LIMIT = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
const STARTS = [
  { name: "slow 4G, processor at 1/4", slowed: 4, network: SLOW_4G, budget: 1900 },
  { name: "no limit on the network, processor at 1/4", slowed: 4, network: NO_LIMIT, budget: 600 },
];
const ANSWERS = [
  { name: "processor at 1/4", slowed: 4, budget: 50 },
  { name: "processor at 1/20", slowed: 20, budget: 250 },
];

const PARTS = ["same", "sizes", "starts", "answers"];
const named = process.argv.slice(2);
const unknown = named.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`There is no part "${unknown[0]}". The parts are: ${PARTS.join(" ")}.`);
  process.exit(2);
}
const wants = (part) => named.length === 0 || named.includes(part);

const quantile = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];
const loadAverage = () => os.loadavg().map((load) => load.toFixed(2)).join(", ");
const thousands = (number) => number.toLocaleString("en-US");
const note = (text) => console.error(`[${new Date().toISOString().slice(11, 19)}] ${text}`);

if (!existsSync(path.join(here, "node_modules"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: here, stdio: "inherit" });
}
const { peers, PAGE } = await import("./peers.mjs");
const three = await peers(path.join(os.tmpdir(), `widget-peers-${process.pid}`));
const browser = await launch();

async function opened(peer, scripts, { network, slowed = 1 } = {}) {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  for (const script of scripts) await context.addInitScript(script);
  const { page, seen } = await watchedPage(context);
  page.setDefaultTimeout(120_000);
  if (network) await seen.session.send("Network.emulateNetworkConditions", network);
  if (slowed > 1) await seen.session.send("Emulation.setCPUThrottlingRate", { rate: slowed });
  await page.goto(`${peer.server.origin}/check/`, { waitUntil: scripts.includes(START) ? "commit" : "networkidle" });
  return { context, page, seen };
}

/** Every worked patient, by events: outcome and titles of reasons. Before that, what happens to a reader who errs. */
async function results(peer) {
  const { context, page } = await opened(peer, [DRIVERS]);
  await page.waitForFunction(() => globalThis.driver.screen());
  const missing = await page.evaluate(() => globalThis.driver.manners("S1", "chest-pain", "none"));
  if (missing.length > 0) throw new Error(`${peer.name} lacks ${missing.join(" and ")}`);
  const found = [];
  for (const patient of cases) {
    await page.reload();
    await page.waitForFunction(() => globalThis.driver.screen());
    const { outcome, reasons } = await page.evaluate((answers) => globalThis.driver.walk(answers), answersFor(peer, patient.answers));
    found.push({ id: patient.id, outcome, reasons });
  }
  await context.close();
  return found;
}

/** Milliseconds from the first byte asked for until the first screen, and the first question after Start. */
async function start(peer, conditions) {
  const { context, page } = await opened(peer, [DRIVERS, START], conditions);
  await page.waitForFunction(() => globalThis.usable?.question > 0);
  const usable = await page.evaluate(() => globalThis.usable);
  await context.close();
  return usable;
}

/** One worked patient, with real clicks on Continue. Gives the time of each step from one screen to the next, and all requests. */
async function walk(peer, id, slowed) {
  const { context, page, seen } = await opened(peer, [DRIVERS]);
  const before = seen.requests.length + peer.server.log.length;
  await seen.session.send("Emulation.setCPUThrottlingRate", { rate: slowed });
  const answers = answersFor(peer, caseOf(id).answers);
  const times = [];
  const done = new Set();
  let shown = await page.evaluate(() => globalThis.driver.screen());
  while (!shown.outcome) {
    const { question } = shown;
    if (question && !done.has(question)) {
      done.add(question);
      const answer = answers[question];
      const count = await page.evaluate(([question, answer]) => globalThis.driver.steps(question, answer).length, [question, answer]);
      for (let step = 0; step < count; step += 1) {
        const text = await page.evaluate(([question, answer, step]) => globalThis.driver.put(question, answer, step), [question, answer, step]);
        if (text !== undefined) await page.keyboard.type(text);
      }
    }
    const { x, y } = await page.evaluate(() => globalThis.driver.aim(globalThis.driver.onward()));
    await page.evaluate(() => globalThis.driver.watch());
    await page.mouse.click(x, y);
    const painted = await page.evaluate(() => globalThis.driver.painted);
    times.push(painted.time);
    shown = painted.shown;
  }
  const { outcome } = shown;
  if (outcome !== caseOf(id).outcome) throw new Error(`${peer.name}: ${id} ends with ${outcome}`);
  const requests = seen.requests.length + peer.server.log.length - before;
  await context.close();
  return { times, requests };
}

const rows = [];
const row = (name, budget, cells, numbers = []) => {
  const [ours, plain, survey] = numbers;
  const ratios = ours > 0 ? [`${(ours / plain).toFixed(2)} ×`, `${(survey / ours).toFixed(2)} ×`] : ["", ""];
  rows.push([name, budget, ...cells, ...ratios]);
  note(`${name}: ${cells.join(", ")}`);
};
const middle = (times) => quantile(times, 0.5);
const spread = (times) => `${middle(times).toFixed(0)} (${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)})`;

/** Fails when one of the three is another questionnaire. */
async function assertSame() {
  let first;
  for (const peer of three) {
    const found = await results(peer);
    first ??= found;
    for (const [at, patient] of cases.entries()) {
      const { outcome, reasons } = found[at];
      const same = outcome === patient.outcome && String(reasons) === String(first[at].reasons);
      if (!same) throw new Error(`${peer.name} is another questionnaire: ${patient.id} ends with ${outcome}: ${reasons}`);
    }
  }
}

function printSizes() {
  const sizes = three.map(({ folder }) => costs(PAGE, readFileSync(path.join(folder, PAGE), "utf8"), sentFrom(folder)));
  const bytes = (name, budget, numbers) => row(name, budget, numbers.map(thousands), numbers);
  bytes("script and data, bytes", thousands(LIMITS.widget), sizes.map(({ widget }) => widget));
  bytes("of these program and words, bytes", "", sizes.map(({ data }) => data));
  bytes("whole page (HTML, styles, script, data), bytes", thousands(LIMITS.page), sizes.map(({ page }) => page));
}

async function timeStarts() {
  for (const conditions of STARTS) {
    note(`starts: ${conditions.name}`);
    const times = three.map(() => []);
    for (let load = 0; load < LOADS; load += 1) {
      for (const [at, peer] of three.entries()) times[at].push(await start(peer, conditions));
    }
    for (const [what, key, budget] of [["first screen", "start", ""], ["first question", "question", thousands(conditions.budget)]]) {
      const lists = times.map((list) => list.map((usable) => usable[key]));
      row(`${what} usable, ms: ${conditions.name}`, budget, lists.map(spread), lists.map(middle));
    }
  }
}

async function timeAnswers() {
  const requests = three.map(() => 0);
  for (const { name, slowed, budget } of ANSWERS) {
    note(`answers: ${name}`);
    const times = three.map(() => []);
    for (const id of WALKS) {
      for (const [at, peer] of three.entries()) {
        const walked = await walk(peer, id, slowed);
        times[at].push(...walked.times);
        requests[at] += walked.requests;
      }
    }
    for (const [what, share, limit] of [["middle", 0.5, ""], ["99th percentile", 0.99, String(budget)]]) {
      const numbers = times.map((list) => quantile(list, share));
      row(`answer to next screen painted, ms, ${what} of ${times[0].length}: ${name}`, limit, numbers.map((time) => time.toFixed(0)), numbers);
    }
  }
  row("requests after the page is there", "0", requests.map(String));
}

try {
  for (const peer of three) peer.server = await serve({ folder: peer.folder, compress: true });
  const loads = [loadAverage()];

  if (wants("same")) {
    note(`${cases.length} worked patients on each of the three`);
    await assertSame();
  }
  if (wants("sizes")) printSizes();
  if (wants("starts")) await timeStarts();
  if (wants("answers")) await timeAnswers();
  loads.push(loadAverage());

  const heads = ["", "budget", "ours", "plain JavaScript", "SurveyJS", "ours ÷ plain", "SurveyJS ÷ ours"];
  console.log(`${os.cpus()[0].model}, ${os.cpus().length} cores, ${os.type()}; ${browser.browserType().name()} ${browser.version()}, Node.js ${process.version}; ${new Date().toISOString().slice(0, 10)}`);
  console.log(`load average (1, 5, 15 minutes) before: ${loads[0]}; after: ${loads[1]}`);
  if (wants("same")) console.log(`the same outcome and the same reasons for all ${cases.length} worked patients`);
  if (wants("starts")) console.log(`starts: median (least–greatest) of ${LOADS}, in turn`);
  console.log("");
  for (const cells of [heads, heads.map(() => "---"), ...rows]) console.log(`| ${cells.join(" | ")} |`);

  const costsOf = (file) => costs(file, read(file), sentFrom(siteDir));
  const languages = { en: costsOf(PAGE), es: costsOf(`es/${PAGE}`) };
  console.log("");
  for (const [language, { widget, data, page }] of Object.entries(languages)) {
    console.log(`${language}: widget ${thousands(widget)} bytes, of these ${thousands(data)} program and words; whole page ${thousands(page)} bytes`);
  }
  for (const fault of overLimits(languages)) console.log(`over its limit: ${fault}`);
} finally {
  await browser.close();
  for (const { server } of three) await server?.close();
}
