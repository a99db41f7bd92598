// Every screen of a questionnaire, to look at and to read: npm run screens -- OUTDIR [LANGUAGE ...]
// Pictures (narrow and wide, light and dark, in forced colours, on paper) and the accessibility tree as text.

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { launch } from "./lib/browser.mjs";
import { answer, casesOf, CHECKER } from "./lib/cases.mjs";
import { buildSample } from "./lib/sample.mjs";
import { everyScreen, FALLBACKS, openFallback } from "./lib/screens.mjs";
import { serve } from "./lib/server.mjs";
import { repository } from "./lib/site.mjs";
import { asText } from "./lib/tree.mjs";
import { PATH } from "./lib/walk.mjs";

const [folder, ...only] = process.argv.slice(2);
if (!folder) {
  console.error("Usage: npm run screens -- OUTDIR [LANGUAGE ...]");
  process.exit(2);
}

/** The ways in which a screen is pictured. A printed page is as wide as Letter paper between its margins. */
const LOOKS = {
  "phone": { width: 390, height: 844 },
  "phone-dark": { width: 390, height: 844, colorScheme: "dark" },
  "small": { width: 320, height: 640 },
  "desk": { width: 1280, height: 900 },
  "desk-dark": { width: 1280, height: 900, colorScheme: "dark" },
  "forced": { width: 390, height: 844, forcedColors: "active" },
  "paper": { width: 700, height: 900, media: "print" },
};

async function shoot(page, name) {
  await page.mouse.move(0, 0);
  for (const [look, { width, height, colorScheme = "light", forcedColors = "none", media = "screen" }] of Object.entries(LOOKS)) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme, forcedColors, media, reducedMotion: "reduce" });
    await page.screenshot({ path: `${name}.${look}.png`, fullPage: true });
  }
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none", media: "screen" });
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** All screens of one questionnaire in one language. */
async function screens(browser, into, url, data) {
  mkdirSync(into, { recursive: true });
  const texts = [];
  const keep = async (page, name) => {
    texts.push(`===== ${name}\n${await asText(page)}`);
    await shoot(page, path.join(into, name));
  };
  const page = await browser.newPage({ reducedMotion: "reduce" });
  const names = await everyScreen(page, url, data, ({ name }) => keep(page, name));
  await page.close();
  for (const name of Object.keys(FALLBACKS)) {
    const fallback = await openFallback(browser, url, name);
    await keep(fallback, name);
    await fallback.context().close();
  }
  writeFileSync(`${into}.txt`, texts.join("\n"));
  console.log(`${into}: ${names.length} screens`);
}

const browser = await launch();
try {
  const shipped = await serve();
  for (const language of Object.keys(PATH)) {
    if (only.length && !only.includes(language)) continue;
    const cases = casesOf(CHECKER);
    const said = answer(cases.map(({ answers }) => answers), language);
    await screens(browser, path.join(folder, `${CHECKER}-${language}`), shipped.origin + PATH[language], { cases, said });
  }
  await shipped.close();
} finally {
  await browser.close();
}
