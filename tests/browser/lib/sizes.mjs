// How many bytes a reader downloads for the questionnaire, and how many that may be. docs/decisions/002-widget-build.md
// says what each part costs. Bytes are as sent: with Brotli.
//
// A page carries its own language and no other, and all languages share the script and the style sheet. So a further
// language costs the readers of the others nothing. Its own readers may get this much more than those of the first one;
// who changes to it in the middle has the script already, and gets the page's text (which `data` is part of).

import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";

/** The most that may be sent, in bytes. */
export const LIMITS = {
  /** The widget in one language: its script, and the program and words that the page holds for it. */
  widget: 60_000,
  /** The whole page that holds it: HTML, style sheets and scripts. */
  page: 72_000,
  /** How much larger a further language's widget may be than the first one's. */
  language: 4_000,
};

const packed = (content) => brotliCompressSync(content).length;

/** The bytes that a host sends for a file of a site: the copy beside it, else what compressing it gives. */
export const sentFrom = (folder) => (address) => {
  const file = path.join(folder, address);
  return existsSync(`${file}.br`) ? statSync(`${file}.br`).size : packed(readFileSync(file));
};

/** The program and the words that a page holds for the widget. */
export function dataOf(html) {
  const data = /<script type="[a-z/]+" id="checker-data">([\s\S]*?)<\/script>/.exec(html)?.[1];
  if (!data) throw new Error("the page holds no questionnaire");
  return data;
}

/** Addresses of the style sheets and scripts that a page loads, in its order. */
export function loads(html) {
  const tags = html.matchAll(/<(?:link\b[^>]*\brel="stylesheet"[^>]*\bhref|script\b[^>]*\bsrc)="([^"]+)"/g);
  return [...tags].map(([, address]) => address);
}

/**
 * What the page at an address costs: { widget, data, page, files }. `sent(address)` gives the bytes that are sent for it.
 * Pictures are left out: the page shows none, and its icon (under 300 bytes) is fetched after all else.
 */
export function costs(address, html, sent) {
  const files = loads(html);
  const sum = (list) => list.reduce((all, file) => all + sent(file), 0);
  const data = packed(dataOf(html));
  const widget = data + sum(files.filter((file) => file.endsWith(".js")));
  return { widget, data, page: sent(address) + sum(files), files };
}

/** What is over its limit, a sentence each, for { language: costs }; the first language is the one the others add to. */
export function overLimits(pages) {
  const [[, first], ...further] = Object.entries(pages);
  const faults = [];
  const judge = (what, size, limit) => {
    if (size > limit) faults.push(`${what}: ${size} bytes, ${size - limit} more than ${limit}`);
  };
  for (const [language, { widget, page }] of Object.entries(pages)) {
    judge(`${language}: the widget`, widget, LIMITS.widget);
    judge(`${language}: the whole page`, page, LIMITS.page);
  }
  for (const [language, { widget, files }] of further) {
    judge(`${language}: more than the first language`, widget - first.widget, LIMITS.language);
    const own = files.filter((address) => !first.files.includes(address));
    if (own.length > 0) faults.push(`${language}: loads files of its own: ${own.join(", ")}`);
  }
  return faults;
}
