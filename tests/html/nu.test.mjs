// The Nu HTML checker (the one of the W3C) finds no error in any built page or style sheet.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { files, repository, siteDir, siteGen } from "../browser/lib/site.mjs";

const jar = path.join(repository, "node_modules/vnu-jar/build/dist/vnu.jar");

/**
 * Messages that are no fault of the page, each with its reason. Keep this list short: every entry is
 * something that the checker will never tell us again.
 */
const FALSE_ALARMS = [];

function check(list, ...more) {
  return new Promise((done, fail) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile("java", ["-Xss2m", "-jar", jar, "--stdout", "--format", "json", "--exit-zero-always", ...more, ...list], options, (error, out, said) => {
      if (error) fail(new Error(`${error.message}\n${said}`));
      else done(JSON.parse(out).messages);
    });
  });
}

const isError = ({ type, subType }) => type === "error" || type === "non-document-error" || subType === "fatal";

test("the checker finds the errors of a bad page", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "nu-"));
  try {
    const page = path.join(folder, "bad.html");
    writeFileSync(page, '<!doctype html><html lang="en"><title>Bad</title><p><div id="a"></div></p><i id="a"></i>');
    const errors = (await check([page])).filter(isError);
    assert.ok(errors.some(({ message }) => message.includes("Duplicate ID")), JSON.stringify(errors));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("every page is valid HTML and every style sheet valid CSS", { timeout: 300_000 }, async () => {
  const list = files().filter((file) => file.endsWith(".html") || file.endsWith(".css"));
  assert.ok(list.some((file) => file.endsWith(".css")) && list.length > 20);
  const messages = await check(list.map((file) => path.join(siteDir, file)), "--also-check-css");
  const faults = messages
    .filter(isError)
    .filter(({ message }) => !FALSE_ALARMS.some(({ says }) => says.test(message)))
    .map(({ url, lastLine, firstColumn, message }) => `${(url ?? "").split("test-site/").at(-1)}:${lastLine}:${firstColumn ?? ""} ${message}`);
  assert.deepEqual(faults, []);
});

test("the sign-off pack is valid HTML and CSS", { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "nu-"));
  try {
    const pack = path.join(folder, "pack.html");
    execFileSync(siteGen, ["verify", "--pack", pack], { cwd: repository, stdio: "ignore" });
    const faults = (await check([pack])).filter(isError).map(({ lastLine, message }) => `${lastLine} ${message}`);
    assert.deepEqual(faults, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
