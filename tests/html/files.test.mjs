// What lies beside the pages: compressed copies are the same text, data files are well-formed, nothing private
// was published.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { brotliDecompressSync, brotliCompressSync, gunzipSync } from "node:zlib";
import { files, read, siteDir } from "../browser/lib/site.mjs";

const all = files();
const bytes = (file) => readFileSync(path.join(siteDir, file));

test("a compressed copy holds the same bytes as the file beside it", () => {
  const copies = all.filter((file) => /\.(br|gz)$/.test(file));
  assert.ok(copies.length >= 40, `only ${copies.length} compressed files`);
  for (const copy of copies) {
    const plain = copy.replace(/\.(br|gz)$/, "");
    const unpacked = copy.endsWith(".br") ? brotliDecompressSync(bytes(copy)) : gunzipSync(bytes(copy));
    assert.ok(unpacked.equals(bytes(plain)), `${copy} is not ${plain}`);
    assert.ok(bytes(copy).length < bytes(plain).length, `${copy} is larger than ${plain}`);
  }
  for (const page of all.filter((file) => /\.(html|css|js)$/.test(file) && bytes(file).length > 2000)) {
    assert.ok(all.includes(`${page}.br`) && all.includes(`${page}.gz`), `${page} has no compressed copy`);
  }
});

test("the first view of every page fits into 14 kB", () => {
  const packed = (file) => (all.includes(`${file}.br`) ? bytes(`${file}.br`) : brotliCompressSync(bytes(file))).length;
  const style = all.find((file) => /^style-.*\.css$/.test(path.basename(file)));
  assert.ok(style, "no style sheet");
  const faults = all
    // The page with the questions carries the whole questionnaire and its printable list.
    .filter((file) => file.endsWith(".html") && !/data-checker=/.test(read(file)))
    .map((file) => [file, packed(file) + packed(style)])
    .filter(([, size]) => size > 14_000)
    .map(([file, size]) => `${file} with its style: ${size} bytes`);
  assert.deepEqual(faults, []);
});

// docs/decisions/002-widget-build.md says what each part costs.
test("the widget with its questions takes at most 60 kB", () => {
  const script = all.find((file) => /^checker-.*\.js$/.test(path.basename(file)));
  const data = /<script type="text\/plain" id="checker-data">([\s\S]*?)<\/script>/.exec(read("check/index.html"))?.[1];
  assert.ok(script && data, "no widget");
  const size = brotliCompressSync(bytes(script)).length + brotliCompressSync(Buffer.from(data)).length;
  assert.ok(size <= 60_000, `the widget takes ${size} bytes`);
});

test("structured data is JSON and names no reviewer who does not exist", () => {
  let seen = 0;
  for (const page of all.filter((file) => file.endsWith(".html"))) {
    for (const [, text] of read(page).matchAll(/<script type="application\/ld\+json">([\s\S]*?)<\/script>/g)) {
      seen += 1;
      const data = JSON.parse(text);
      assert.ok(data["@context"], page);
      assert.ok(!text.includes("reviewedBy"), `${page} names a reviewer, and people.toml has none`);
    }
  }
  assert.ok(seen > 10, `only ${seen} pages have structured data`);
});

test("nothing that only authors should see is published", () => {
  const faults = all.filter((file) => /\.(md|toml|rs|map)$|(^|\/)\.(git|cache)/.test(file));
  assert.deepEqual(faults, []);
});

test("every page shows 911 and 988 and says who has reviewed it", () => {
  const faults = [];
  for (const page of all.filter((file) => file.endsWith(".html"))) {
    const html = read(page);
    if (/http-equiv="?refresh/i.test(html)) continue;
    if (!html.includes("tel:911") || !html.includes("tel:988")) faults.push(`${page}: no 911 or no 988 to tap`);
  }
  assert.deepEqual(faults, []);
});
