// A plain static host: sends what the site's `_headers` file asks for and writes down every request.

import { createServer } from "node:http";
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import { headerRules, headersFor, siteDir } from "./site.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".xml": "application/xml",
  ".txt": "text/plain; charset=utf-8",
  ".ico": "image/x-icon",
  ".webmanifest": "application/manifest+json",
};

function find(folder, urlPath) {
  const file = path.join(folder, decodeURIComponent(urlPath));
  if (!path.resolve(file).startsWith(path.resolve(folder))) return null;
  for (const candidate of [file, path.join(file, "index.html")]) {
    try {
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not there: the next one.
    }
  }
  return null;
}

/**
 * Serves the site on a free port, at its root or below `base`. `change(html, headers, path)` may alter a page on its way;
 * with `compress` everything is sent with Brotli, as a good host does.
 * Gives { origin, log, close }; log holds the method and address of every request.
 */
export async function serve({ change, folder = siteDir, base = "", compress = false } = {}) {
  const packed = new Map();
  const rules = headerRules(readFileSync(path.join(folder, "_headers"), "utf8"));
  const log = [];
  const server = createServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    const urlPath = new URL(request.url, "http://localhost").pathname;
    const found = urlPath.startsWith(`${base}/`) ? find(folder, urlPath.slice(base.length)) : null;
    const file = found ?? path.join(folder, "404.html");
    const headers = { ...headersFor(rules, urlPath) };
    headers["Content-Type"] = TYPES[path.extname(file)] ?? "application/octet-stream";
    let body = readFileSync(file);
    if (change && file.endsWith(".html")) body = Buffer.from(change(body.toString("utf8"), headers, urlPath));
    if (compress) {
      if (!packed.has(file)) packed.set(file, brotliCompressSync(body));
      body = packed.get(file);
      headers["Content-Encoding"] = "br";
    }
    response.writeHead(found ? 200 : 404, headers);
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    origin,
    log,
    close: () => {
      server.closeAllConnections();
      return new Promise((done) => server.close(done));
    },
  };
}
