// The other sites of `tests/sites`, built in a folder of their own.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { repository, siteGen, TODAY } from "./site.mjs";

/**
 * Builds `tests/sites/<name>`. A language without words for the frame (`interface.toml`) takes those of the shipped site.
 * Gives { root, folder, remove }: the site's files, the folder of the built site, and what takes both away.
 */
export function buildSample(name) {
  const root = mkdtempSync(path.join(os.tmpdir(), `${name}-`));
  const content = path.join(root, "content");
  cpSync(path.join(repository, "tests/sites", name, "content"), content, { recursive: true });
  for (const language of readdirSync(content).filter((entry) => existsSync(path.join(content, entry, "pages")))) {
    const words = path.join(language, "interface.toml");
    if (!existsSync(path.join(content, words))) cpSync(path.join(repository, "content", words), path.join(content, words));
  }
  const folder = path.join(root, "public");
  execFileSync(siteGen, ["build", "--root", root, "-o", folder, "--today", TODAY], { stdio: "pipe" });
  return { root, folder, remove: () => rmSync(root, { recursive: true }) };
}
