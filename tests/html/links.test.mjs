// Every address inside the built site leads to a file of the site, and every fragment to an id.

import assert from "node:assert/strict";
import { test } from "node:test";
import { files, headersFor, headerRules, isRedirect, read } from "../browser/lib/site.mjs";

const origin = /<link rel="canonical" href="(https?:\/\/[^/"]+)/.exec(read("index.html"))?.[1];
const all = new Set(files());
const pages = [...all].filter((file) => file.endsWith(".html"));
const decode = (text) =>
  text.replace(/&(amp|quot|#39|#x27|lt|gt);/g, (_, name) => ({ amp: "&", quot: '"', "#39": "'", "#x27": "'", lt: "<", gt: ">" })[name]);

function attributes(html, ...names) {
  const found = [];
  for (const name of names) {
    for (const [, value] of html.matchAll(new RegExp(`<[a-z][^>]*?\\s${name}="([^"]*)"`, "gi"))) found.push(decode(value));
  }
  return found;
}

/** Ids of a page, those inside of templates as well. */
const ids = new Map();
function idsOf(file) {
  if (!ids.has(file)) ids.set(file, attributes(read(file), "id"));
  return ids.get(file);
}

function fileOf(pathname) {
  const bare = decodeURIComponent(pathname).replace(/^\//, "");
  if (bare === "" || bare.endsWith("/")) return `${bare}index.html`;
  return bare;
}

/** What is wrong with a link on a page, or null. */
function fault(link, page) {
  const here = new URL(`/${page.replace(/index\.html$/, "")}`, "https://site.invalid");
  let url;
  try {
    url = new URL(link, here);
  } catch {
    return "is no address";
  }
  if (["tel:", "sms:", "mailto:"].includes(url.protocol)) return null;
  if (!["http:", "https:"].includes(url.protocol)) return `has the scheme ${url.protocol}`;
  if (url.origin !== here.origin && url.origin !== origin) return null;
  const file = fileOf(url.pathname);
  if (!all.has(file)) return `leads to ${file}, which does not exist`;
  if (url.hash && !idsOf(file).includes(decodeURIComponent(url.hash.slice(1)))) return `${file} has no ${url.hash}`;
  return null;
}

test("a bad link would be noticed", () => {
  assert.match(fault("/no/such/page/", "index.html"), /does not exist/);
  assert.match(fault("#no-such-heading", "index.html"), /has no/);
  assert.match(fault("/check", "index.html"), /does not exist/);
  assert.match(fault("javascript:alert(1)", "index.html"), /scheme/);
  assert.equal(fault("/", "check/index.html"), null);
});

test("every link and every source leads somewhere", () => {
  const faults = [];
  let seen = 0;
  for (const page of pages) {
    for (const link of attributes(read(page), "href", "src", "action", "poster")) {
      seen += 1;
      const what = fault(link, page);
      if (what) faults.push(`${page}: ${link} ${what}`);
    }
  }
  assert.ok(seen > 500, `only ${seen} links were seen`);
  assert.deepEqual(faults, []);
});

test("no page loads anything from another host", () => {
  const faults = [];
  for (const page of pages) {
    const html = read(page);
    for (const link of [...attributes(html, "src", "srcset", "poster", "data"), ...[...html.matchAll(/<link\b[^>]*rel="(stylesheet|icon|preload|modulepreload|preconnect|dns-prefetch|manifest)"[^>]*>/g)].flatMap(([tag]) => attributes(tag, "href"))]) {
      if (/^(https?:)?\/\//.test(link)) faults.push(`${page}: ${link}`);
    }
    if (/<script(?![^>]*(\bsrc=|type="text\/plain"|type="application\/ld\+json"))/.test(html)) faults.push(`${page}: inline script`);
    if (/\son[a-z]+="/i.test(html.replace(/<template[\s\S]*?<\/template>/g, ""))) faults.push(`${page}: inline event handler`);
    if (/<style|\sstyle="/i.test(html)) faults.push(`${page}: inline style`);
  }
  for (const file of all) {
    if (file.endsWith(".css") && /@import|url\(\s*["']?(https?:)?\/\//.test(read(file))) faults.push(`${file}: loads from elsewhere`);
  }
  assert.deepEqual(faults, []);
});

test("ids are unique on every page", () => {
  const faults = [];
  for (const page of pages) {
    const seen = new Set();
    for (const id of idsOf(page)) {
      if (seen.has(id)) faults.push(`${page}: #${id} twice`);
      seen.add(id);
    }
  }
  assert.deepEqual(faults, []);
});

test("the sitemap lists every page that is no redirect and no error page", () => {
  const listed = [...read("sitemap.xml").matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, url]) => fileOf(new URL(url).pathname)).sort();
  const expected = pages.filter((page) => !page.endsWith("404.html") && !isRedirect(read(page)) && !/<meta name="robots" content="noindex/.test(read(page)));
  assert.deepEqual(listed, expected.sort());
});

test("every page names its language, its own address and its twins", () => {
  const faults = [];
  for (const page of pages.filter((name) => !name.endsWith("404.html") && !isRedirect(read(name)))) {
    const html = read(page);
    const language = page.startsWith("es/") ? "es" : "en";
    if (!new RegExp(`<html[^>]* lang="${language}"`).test(html)) faults.push(`${page}: not marked as ${language}`);
    const canonical = /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1];
    if (canonical !== `${origin}/${page.replace(/index\.html$/, "")}`) faults.push(`${page}: canonical is ${canonical}`);
    for (const [, code, href] of html.matchAll(/<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"/g)) {
      const file = fileOf(new URL(href).pathname);
      if (!all.has(file)) faults.push(`${page}: its ${code} twin ${href} does not exist`);
    }
  }
  assert.deepEqual(faults, []);
});

test("the policy of every page is in the page and in _headers, and is strict", () => {
  const rules = headerRules(read("_headers"));
  const faults = [];
  for (const page of pages) {
    const url = `/${page.replace(/index\.html$/, "")}`;
    const meta = /<meta http-equiv="Content-Security-Policy" content="([^"]*)"/i.exec(read(page))?.[1];
    const header = headersFor(rules, url)["Content-Security-Policy"];
    for (const [where, policy] of [["the page", meta && decode(meta)], ["_headers", header]]) {
      if (!policy?.includes("default-src 'none'")) faults.push(`${page}: no strict policy in ${where}: ${policy}`);
      if (/unsafe-inline|'unsafe-eval'|https?:|\*/.test(policy ?? "")) faults.push(`${page}: loose policy in ${where}: ${policy}`);
    }
    if (/data-checker=/.test(read(page))) {
      for (const policy of [meta && decode(meta), header]) {
        for (const part of ["connect-src 'none'", "form-action 'none'", "base-uri 'none'"]) {
          if (!policy?.includes(part)) faults.push(`${page}: lacks ${part}: ${policy}`);
        }
      }
    }
  }
  assert.deepEqual(faults, []);
});
