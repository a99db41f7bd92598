// What every server with a file from the build has to do: the tests that nginx and Caddy share.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { files, headerRules, headersFor, isRedirect, read, repository, siteGen, TODAY } from "../browser/lib/site.mjs";

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a server and tries it. `start` gets a folder to work in, the folder that holds the site below a path, and two
 * ports: one for the site at the top of its address, one for the other. It returns the command to run: [program, ...arguments].
 */
export function tried({ name, start }) {
  const folder = mkdtempSync(path.join(tmpdir(), `${name}-`));
  const below = path.join(folder, "below");
  let port;
  let portBelow;
  let server;

  /** Asks without following redirects, and sends the path as it is written. */
  function get(address, { headers = {}, from = port, method = "GET" } = {}) {
    return new Promise((resolve, reject) => {
      const request = http.request({ host: "127.0.0.1", port: from, path: address, method, headers, agent: false }, (answer) => {
        const parts = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
      });
      request.on("error", reject).end();
    });
  }

  before(async () => {
    // The same site once more, below a path.
    const address = "https://example.org/clinic";
    execFileSync(siteGen, ["build", "-r", repository, "-o", path.join(below, "clinic"), "--base-url", address, "--today", TODAY], { stdio: "ignore" });
    [port, portBelow] = [await freePort(), await freePort()];
    const [program, ...rest] = start({ folder, below, port, portBelow });
    server = spawn(program, rest, { stdio: "inherit", env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
    for (let left = 200; ; left -= 1) {
      try {
        await get("/");
        return;
      } catch (error) {
        if (left === 0) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  });

  after(() => {
    server?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  const rules = headerRules(read("_headers"));
  const pages = () => files().filter((file) => file.endsWith("index.html") && !isRedirect(read(file)));

  test(`${name}: every page is sent with the headers that _headers asks for`, async () => {
    let seen = 0;
    for (const file of pages()) {
      const address = `/${file.replace(/index\.html$/, "")}`;
      const answer = await get(address);
      assert.equal(answer.status, 200, address);
      assert.equal(answer.body.toString("utf8"), read(file), address);
      assert.equal(answer.headers["content-type"], "text/html; charset=utf-8", address);
      for (const [name, value] of Object.entries(headersFor(rules, address))) {
        assert.equal(answer.headers[name.toLowerCase()], value, `${address} ${name}`);
      }
      seen += 1;
    }
    assert.ok(seen > 40, `only ${seen} pages`);
  });

  test(`${name}: files that never change are kept for a year, and all others are asked for anew`, async () => {
    const style = files().find((file) => /^style-[0-9a-f]+\.css$/.test(file));
    const kept = await get(`/${style}`);
    assert.equal(kept.headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(kept.headers["content-type"], "text/css; charset=utf-8");
    const script = files().find((file) => /^checker-[0-9a-f]+\.js$/.test(file));
    assert.match((await get(`/${script}`)).headers["content-type"], /^(application|text)\/javascript; charset=utf-8$/);
    const page = await get("/");
    assert.equal(page.headers["cache-control"], "no-cache");
    const again = await get("/", { headers: { "if-none-match": page.headers.etag } });
    assert.equal(again.status, 304);
  });

  test(`${name}: who can unpack gets the packed file`, async () => {
    const packed = await get("/", { headers: { "accept-encoding": "gzip" } });
    assert.equal(packed.headers["content-encoding"], "gzip");
    assert.equal(packed.headers.vary, "Accept-Encoding");
    assert.ok(packed.body.length < read("index.html").length / 2);
    assert.equal((await get("/")).headers["content-encoding"], undefined);
  });

  test(`${name}: an address without a page gets the page that helps, in the reader's language`, async () => {
    for (const [address, file] of [["/nothing/", "404.html"], ["/es/nada/", "es/404.html"], ["/nothing.html", "404.html"]]) {
      const answer = await get(address);
      assert.equal(answer.status, 404, address);
      assert.equal(answer.body.toString("utf8"), read(file), address);
      assert.equal(answer.headers["x-content-type-options"], "nosniff", address);
    }
  });

  test(`${name}: files for servers are not for readers, and no path leaves the folder`, async () => {
    for (const address of ["/_headers", "/_redirects", "/_nginx.conf", "/_Caddyfile", "/.site-gen-files", "/es/.git/config"]) {
      assert.equal((await get(address)).status, 404, address);
    }
    for (const address of ["/../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/check/%00"]) {
      const answer = await get(address);
      assert.ok(answer.status >= 400, `${address} ${answer.status}`);
      assert.ok(!answer.body.includes("root:"), address);
    }
  });

  test(`${name}: old addresses and addresses without their last stroke lead on, whatever the server's name`, async () => {
    const bare = await get("/check");
    assert.deepEqual([[301, 308].includes(bare.status), bare.headers.location], [true, "/check/"]);
    for (const line of read("_redirects").split("\n").filter(Boolean)) {
      const [old, now] = line.split(" ");
      const answer = await get(old);
      assert.deepEqual([answer.status, answer.headers.location], [301, now], old);
    }
  });

  test(`${name}: a site below a path works there, and nothing of it stands elsewhere`, async () => {
    const home = await get("/clinic/", { from: portBelow });
    assert.equal(home.status, 200);
    assert.match(home.headers["content-security-policy"], /default-src 'none'/);
    assert.equal((await get("/clinic/es/", { from: portBelow })).status, 200);
    assert.equal((await get("/clinic/none/", { from: portBelow })).status, 404);
    assert.equal((await get("/es/", { from: portBelow })).status, 404);
  });
}
