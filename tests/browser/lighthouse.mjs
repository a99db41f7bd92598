// Lighthouse on every kind of page, as a phone sees it: npm run lighthouse [-- ADDRESS ...]
// It is no part of ./test: it takes a quarter of an hour, and its first figure depends on what else the machine does.
// The program is installed below target/ the first time; it uses the Chromium that is here, and fetches no other.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromiumPath } from "./lib/browser.mjs";
import { files, read, repository } from "./lib/site.mjs";
import { serve } from "./lib/server.mjs";

const VERSION = "13.0.1";
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
/** One page of each kind, in both languages. */
const KINDS = [
  "/", "/conditions/", "/conditions/depression/", "/risks/", "/risks/side-effects/", "/visit/prepare/", "/visit/checklist/", "/visit/cost/", "/ketamine/common-questions/",
  "/get-help/", "/check/", "/check/proof/", "/about/how-we-write/", "/glossary/", "/a-z/", "/search/", "/tags/", "/privacy-report/",
];

const home = path.join(process.env.CARGO_TARGET_DIR ?? path.join(repository, "target"), "lighthouse");
const inside = (file) => path.join(home, "node_modules", file);
if (!existsSync(inside("lighthouse/package.json"))) {
  execFileSync("npm", ["install", "--prefix", home, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", `lighthouse@${VERSION}`], { stdio: "inherit" });
}
const { default: lighthouse } = await import(pathToFileURL(inside("lighthouse/core/index.js")));
const { launch } = await import(pathToFileURL(inside("chrome-launcher/dist/index.js")));

const built = new Set(files().filter((file) => file.endsWith("/index.html") || file === "index.html").map((file) => `/${file.replace(/index\.html$/, "")}`));
const wanted = process.argv.slice(2);
const urls = wanted.length > 0 ? wanted : KINDS.flatMap((url) => [url, `/es${url}`]).filter((url) => built.has(url));

// A page's canonical address is that of this host, as it would be at home.
const origins = [...read("index.html").matchAll(/rel="canonical" href="(https?:\/\/[^/"]+)/g)].map(([, origin]) => origin);
let origin = "";
// Lighthouse asks for robots.txt from inside the page. Pages on which readers type forbid every connection, so for this
// one request, and here only, they are let.
const open = (policy) => policy.replace("connect-src 'none'", "connect-src 'self'").replace("connect-src &#x27;none&#x27;", "connect-src &#x27;self&#x27;");
function change(html, headers) {
  if (headers["Content-Security-Policy"]) headers["Content-Security-Policy"] = open(headers["Content-Security-Policy"]);
  // Only in the head: the data of the questions are refused when a letter of them is another.
  const end = html.indexOf("</head>");
  return origins.reduce((text, old) => text.replaceAll(old, origin), open(html.slice(0, end))) + html.slice(end);
}
const server = await serve({ compress: true, change });
origin = server.origin;
const chrome = await launch({ chromePath: chromiumPath(), chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"] });

const middle = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
let short = 0;
try {
  console.log(`| page | ${CATEGORIES.join(" | ")} | first text, s | largest part, s |\n|---|${CATEGORIES.map(() => "---|").join("")}---|---|`);
  for (const url of urls) {
    const runs = [];
    // The first run decides what depends on the page alone; the speed is the middle of up to three.
    do {
      const { lhr } = await lighthouse(origin + url, { port: chrome.port, onlyCategories: runs.length > 0 ? ["performance"] : CATEGORIES, logLevel: "error" });
      runs.push(lhr);
    } while (runs.length < 3 && middle(runs.map((run) => run.categories.performance.score)) < 1);
    const scores = CATEGORIES.map((category) => Math.round(100 * (category === "performance" ? middle(runs.map((run) => run.categories.performance.score)) : runs[0].categories[category].score)));
    const seconds = (audit) => (middle(runs.map((run) => run.audits[audit].numericValue)) / 1000).toFixed(2);
    console.log(`| ${url} | ${scores.join(" | ")} | ${seconds("first-contentful-paint")} | ${seconds("largest-contentful-paint")} |`);
    if (scores.some((score) => score < 100)) {
      short += 1;
      const weighed = Object.values(runs[0].categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id));
      for (const id of new Set(weighed)) {
        const { score, title, displayValue = "", details } = runs[0].audits[id];
        if (score !== null && score < 0.9) console.error(`  ${url}: ${id}: ${title} ${displayValue} ${JSON.stringify(details?.items?.slice(0, 3) ?? "").slice(0, 600)}`);
      }
    }
  }
} finally {
  await chrome.kill();
  await server.close();
}
console.error(short === 0 ? "Every page has 100 in all four." : `${short} pages have less than 100 in something.`);
process.exit(short === 0 ? 0 : 1);
