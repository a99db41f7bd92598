// The worked patients of cases.toml, and what the program answers to them.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { repository, siteGen } from "./site.mjs";

export const CHECKER = "ketamine";

/** The worked patients of one checker of a site. */
export const casesOf = (checker, root = repository) =>
  parseCases(readFileSync(path.join(root, "content", "checkers", checker, "cases.toml"), "utf8"));

/**
 * The cases. The file keeps to a small part of TOML (words, numbers and lists, which are written as in JSON);
 * anything else is an error here, never a guess.
 */
export function parseCases(text) {
  const cases = [];
  let table = null;
  let open = "";
  for (const [number, line] of text.split("\n").entries()) {
    const bare = line.replace(/\s+#[^"]*$/, "").trim();
    if (!open && (bare === "" || bare.startsWith("#"))) continue;
    if (!open && bare === "[[case]]") {
      table = { answers: {} };
      cases.push(table);
      continue;
    }
    if (!open && bare === "[case.answers]") {
      table = cases.at(-1).answers;
      continue;
    }
    open += bare;
    const pair = /^("?)([\w-]+)\1\s*=\s*(.*)$/.exec(open);
    if (!pair || !table) throw new Error(`cases.toml line ${number + 1}: ${line}`);
    const [, , key, value] = pair;
    if (value.startsWith("[") && !value.endsWith("]")) continue;
    table[key] = JSON.parse(value.replace(/,\s*\]$/, "]"), (_, part) => (part === "-" ? null : part));
    open = "";
  }
  return cases;
}

export const cases = casesOf(CHECKER);
export const vignettes = cases.filter(({ id }) => /^V\d\d$/.test(id));
export const caseOf = (id) => cases.find((one) => one.id === id);

/** What `site-gen answer` says to a set of answers, or to each of a list of sets. */
export function answer(answers, language = "en", checker = CHECKER, root = repository) {
  const out = execFileSync(
    siteGen,
    ["answer", "--checker", checker, "--answers", "-", "--lang", language, "--format", "json"],
    { cwd: root, input: JSON.stringify(answers), encoding: "utf8", maxBuffer: 1 << 27 },
  );
  return JSON.parse(out);
}
