// The built site as files: where it is, which pages it has, which headers its host is asked to send.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const target = process.env.CARGO_TARGET_DIR ?? path.join(repository, "target");

/** The day on which the tests happen; the same as in `./test` and in the Rust tests. */
export const TODAY = "2026-11-28";

/** The `site-gen` program. */
export const siteGen = process.env.SITE_GEN ?? path.join(target, "release", "site-gen");

/** The folder of the built site. `./test` names it; alone, the tests build it themselves. */
export const siteDir = process.env.SITE_DIR ?? build();

function build() {
  if (!existsSync(siteGen)) {
    throw new Error(`${siteGen} is missing. Run \`cargo build --release\` first, or ./test for everything.`);
  }
  const output = path.join(target, "test-site");
  execFileSync(siteGen, ["build", "-o", output, "--today", TODAY], { cwd: repository, stdio: "inherit" });
  return output;
}

/** Every file of the site, as paths with `/` from its root, sorted. */
export function files(folder = siteDir, from = "") {
  return readdirSync(path.join(folder, from))
    .sort()
    .flatMap((name) => {
      const below = from ? `${from}/${name}` : name;
      return statSync(path.join(folder, below)).isDirectory() ? files(folder, below) : [below];
    });
}

export const read = (file) => readFileSync(path.join(siteDir, file), "utf8");

/** Addresses of all pages: `/`, `/check/`, `/404.html` … */
export function pageUrls() {
  const urls = files()
    .filter((file) => file.endsWith(".html"))
    .map((file) => `/${file}`.replace(/\/index\.html$/, "/"));
  if (urls.length < 20) throw new Error(`the site has only ${urls.length} pages`);
  return urls;
}

/** Whether a page only sends the reader on to another (an old address). */
export const isRedirect = (html) => /<meta http-equiv="?refresh/i.test(html);

/** The rules of `_headers`: [pattern, [[name, value], ...]]; a name that starts with `!` takes a header away. */
export function headerRules(text) {
  const rules = [];
  for (const line of text.split("\n")) {
    if (!line.trim() || line.trimStart().startsWith("#")) continue;
    if (/^\S/.test(line)) {
      rules.push([line.trim(), []]);
    } else {
      const at = line.trim().startsWith("!") ? line.length : line.indexOf(":");
      if (at < 0 || rules.length === 0) throw new Error(`_headers has a line nobody understands: ${line}`);
      rules.at(-1)[1].push([line.slice(0, at).trim(), line.slice(at + 1).trim()]);
    }
  }
  return rules;
}

/** The headers that a host which honours `_headers` sends with a path. A later rule wins. */
export function headersFor(rules, urlPath) {
  const headers = {};
  for (const [pattern, list] of rules) {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
    if (new RegExp(`^${escaped}$`).test(urlPath)) {
      for (const [name, value] of list) {
        if (name.startsWith("!")) delete headers[name.slice(1).trim()];
        else headers[name] = value;
      }
    }
  }
  return headers;
}
