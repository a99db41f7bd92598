// What lies beside the pages: compressed copies are the same text, data files are well-formed, nothing private
// was published.

import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { brotliDecompressSync, brotliCompressSync, gunzipSync } from "node:zlib";
import { files, read, siteDir } from "../browser/lib/site.mjs";
import { questionnaire } from "../../benches/widget/questionnaire.mjs";
import { costs, overLimits, sentFrom } from "../browser/lib/sizes.mjs";

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
  // The sheet for paper holds up nobody who reads on a screen.
  const sheets = (html) =>
    [...html.matchAll(/<link rel="stylesheet" href="\/([^"]+)"( media="print")?>/g)].filter(([, , paper]) => !paper).map(([, file]) => file);
  const view = (file) => {
    const styles = sheets(read(file));
    assert.equal(styles.length, 1, `${file} has ${styles.length} style sheets`);
    return packed(file) + packed(styles[0]);
  };
  const faults = all
    // The page with the questions carries the whole questionnaire and its printable list.
    .filter((file) => file.endsWith(".html") && !/data-checker=/.test(read(file)))
    .map((file) => [file, view(file)])
    .filter(([, size]) => size > 14_000)
    .map(([file, size]) => `${file} with its style: ${size} bytes`);
  assert.deepEqual(faults, []);
});

test("no page shows a part of the theme without its style", () => {
  // The classes with which the selectors of a component begin, by component.
  const folder = path.join(import.meta.dirname, "../../themes/harbor/components");
  const firsts = (css) => {
    const selectors = css.replace(/\/\*[^]*?\*\//g, "").matchAll(/([^{};]+)\{/g);
    const lists = [...selectors].flatMap(([, selector]) => selector.split(","));
    return [...new Set(lists.map((one) => /^\s*\.([a-z-]+)/.exec(one)?.[1]).filter(Boolean))];
  };
  const styled = readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, "component.css")))
    .flatMap((name) => firsts(readFileSync(path.join(folder, name, "component.css"), "utf8")));
  assert.ok(styled.includes("timeline") && styled.includes("table-wrap"), `${styled}`);

  const faults = new Set();
  for (const file of all.filter((file) => file.endsWith(".html"))) {
    const html = read(file);
    const style = /<link rel="stylesheet" href="\/([^"]+)"/.exec(html)?.[1];
    const css = style ? read(style) : "";
    const shown = new Set([...html.matchAll(/ class="([^"]+)"/g)].flatMap(([, names]) => names.split(" ")));
    for (const name of styled.filter((name) => shown.has(name))) {
      if (!new RegExp(`\\.${name}(?![a-z-])`).test(css)) faults.add(`${file} shows .${name} without its style`);
    }
  }
  assert.deepEqual([...faults], []);
});

/** What each page with a questionnaire costs, by language. */
function questionnairePages() {
  const pages = all.filter((file) => file.endsWith(".html") && read(file).includes('id="checker-data"'));
  return Object.fromEntries(
    pages.map((file) => {
      const html = read(file);
      return [/<html lang="([^"]+)"/.exec(html)[1], costs(`/${file}`, html, sentFrom(siteDir))];
    }),
  );
}

test("the widget, its whole page and each further language keep to their limits", () => {
  const pages = questionnairePages();
  assert.deepEqual(Object.keys(pages), ["en", "es"]);
  assert.deepEqual(overLimits(pages), []);
});

test("what the sizes are taken from is there: a script, style sheets and words of some length", () => {
  for (const [language, { widget, data, page, files }] of Object.entries(questionnairePages())) {
    // One style sheet for the screen, one for paper.
    assert.deepEqual(files.map((file) => path.extname(file)).sort(), [".css", ".css", ".js"], language);
    assert.ok(data > 4000 && widget > data + 20_000 && page > widget, `${language}: ${data}, ${widget}, ${page}`);
  }
});

test("a widget, a page or a language above its limit is told, to the byte", () => {
  const files = ["/style.css", "/widget.js"];
  const at = (widget, page, own = files) => ({ widget, page, data: 7000, files: own });
  assert.deepEqual(overLimits({ en: at(60_000, 72_000), es: at(60_000, 72_000) }), []);
  assert.deepEqual(overLimits({ en: at(60_001, 70_000) }), ["en: the widget: 60001 bytes, 1 more than 60000"]);
  assert.deepEqual(overLimits({ en: at(50_000, 72_100) }), ["en: the whole page: 72100 bytes, 100 more than 72000"]);
  assert.deepEqual(overLimits({ en: at(50_000, 60_000), es: at(54_000, 70_000), vi: at(54_002, 70_000) }), [
    "vi: more than the first language: 4002 bytes, 2 more than 4000",
  ]);
  assert.deepEqual(overLimits({ en: at(50_000, 60_000), es: at(50_000, 60_000, ["/style.css", "/widget-es.js"]) }), [
    "es: loads files of its own: /widget-es.js",
  ]);
});

test("a page without a questionnaire has no sizes", () => {
  assert.throws(() => costs("/", "<p>Nothing here</p>", () => 0), /no questionnaire/);
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

test("what measures the questionnaire beside its peers reads all of it, and notices a word that is missing or too many", () => {
  for (const page of ["check/index.html", "es/check/index.html"]) {
    const html = read(page);
    const { questions, outcomes, rules } = questionnaire(html);
    for (const part of [...questions, ...outcomes, ...rules]) assert.ok(part.title, `${page}: a part without its title`);
    const paper = html.slice(html.indexOf("<main"));
    const lost = questions.filter(({ title }) => !paper.includes(title.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("'", "&#39;")) && !paper.includes(title));
    assert.deepEqual(lost.map(({ title }) => title), [], `${page}: questions that the page does not ask`);
    const data = /(<script[^>]*id="checker-data">)([\s\S]*?)(<\/script>)/;
    assert.throws(() => questionnaire(html.replace(data, (_, open, words, close) => `${open}${words.trimEnd()}\nmore\n${close}`)), /more than its program needs/);
    assert.throws(() => questionnaire(html.replace(data, (_, open, words, close) => `${open}${words.trimEnd().replace(/\n.*$/, "")}\n${close}`)), /too few words/);
  }
});
