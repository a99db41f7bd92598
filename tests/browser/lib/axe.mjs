// The axe accessibility engine, put into a page from outside: the page's own policy stays as it is.

import { readFileSync } from "node:fs";
import path from "node:path";
import { repository } from "./site.mjs";

const source = readFileSync(path.join(repository, "node_modules/axe-core/axe.min.js"), "utf8");

/** The four ways in which every page and screen is judged. */
export const VIEWS = [
  { width: 1280, height: 900, colorScheme: "light" },
  { width: 1280, height: 900, colorScheme: "dark" },
  { width: 390, height: 844, colorScheme: "light" },
  { width: 390, height: 844, colorScheme: "dark" },
];

/** The rules whose verdict can change with colours and width alone. */
export const LOOKS = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"];
const ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe objects to, one line a place; [] where it objects to nothing. `only`: these rules alone. */
export async function violations(page, where, only = ALL) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(source);
  const result = await page.evaluate((runOnly) => window.axe.run(document, { resultTypes: ["violations"], runOnly }), only);
  return result.violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${where}: ${id} (${help}): ${node.target.join(" ")} ${node.any.concat(node.all, node.none)[0]?.message ?? ""}`));
}

/** The same in all four views, on the page as it stands. In the dark only what colours can change is judged again. */
export async function violationsInAllViews(page, where) {
  const found = [];
  for (const { width, height, colorScheme } of VIEWS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    found.push(...(await violations(page, `${where} at ${width} ${colorScheme}`, colorScheme === "dark" ? LOOKS : ALL)));
  }
  return found;
}
