// Pictures of the site to look at: npm run screenshots -- OUTDIR
// Home, a condition page, the questionnaire's first question, an instrument, the check page and each of the six
// outcomes; narrow and wide, light and dark; and on paper.

import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { VIEWS } from "./lib/axe.mjs";
import { launch } from "./lib/browser.mjs";
import { caseOf } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { open, walk } from "./lib/walk.mjs";

const folder = process.argv[2];
if (!folder) {
  console.error("Usage: npm run screenshots -- OUTDIR");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });

const PAGES = { home: "/", condition: "/conditions/crps/", conditions: "/conditions/", help: "/get-help/", spanish: "/es/" };
const OUTCOMES = { consult: "V01", clearance: "V03", "not-listed": "V11", "not-now": "V12", crisis: "V04", emergency: "V05" };
const STOPS = { S1: "first-question", "PHQ-2": "instrument", check: "check-your-answers" };

/** Puts the tops of pictures side by side: the picture of the README. */
async function sideBySide(names, into) {
  const page = await browser.newPage({ viewport: { width: 1640, height: 760 } });
  const pictures = names.map((name) => `data:image/png;base64,${readFileSync(path.join(folder, name)).toString("base64")}`);
  await page.setContent(`<body style="margin:20px;display:flex;gap:20px;background:#888">${pictures
    .map((url) => `<div style="flex:1;height:720px;background:url(${url}) top/100% auto no-repeat"></div>`)
    .join("")}</body>`);
  await page.screenshot({ path: path.join(folder, into) });
  await page.close();
}

const server = await serve();
const browser = await launch();
try {
  for (const { width, height, colorScheme } of VIEWS) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
    const page = await context.newPage();
    const shoot = (name) => page.screenshot({ path: path.join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    for (const [name, url] of Object.entries(PAGES)) {
      await page.goto(server.origin + url);
      await shoot(name);
    }
    for (const [outcome, id] of Object.entries(OUTCOMES)) {
      await open(page, server.origin);
      await walk(page, caseOf(id).answers, async ({ screen, question }) => {
        const name = STOPS[question ?? screen];
        if (id === "V01" && name) await shoot(name);
        if (id === "V01" && screen === "start") await shoot("start");
        if (id === "V04" && question === "S3") await shoot("crisis-strip");
      });
      await shoot(`outcome-${outcome}`);
      if (width === 1280 && colorScheme === "light") {
        await page.pdf({ path: path.join(folder, `outcome-${outcome}.pdf`), format: "Letter" });
      }
    }
    if (width === 1280 && colorScheme === "light") {
      for (const [name, url] of Object.entries({ condition: "/conditions/crps/", "question-list": "/check/" })) {
        const paper = await browser.newContext({ javaScriptEnabled: name !== "question-list" });
        const sheet = await paper.newPage();
        await sheet.goto(server.origin + url);
        await sheet.pdf({ path: path.join(folder, `${name}.pdf`), format: "Letter" });
        await paper.close();
      }
    }
    await context.close();
  }
  await sideBySide(["home-1280-light.png", "instrument-1280-light.png"], "site.png");
} finally {
  await browser.close();
  await server.close();
}
console.log(`Pictures are in ${folder}`);
