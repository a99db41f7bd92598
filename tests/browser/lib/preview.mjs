// A running `site-gen serve`, as staff start it.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { siteGen, TODAY } from "./site.mjs";

/** A port that was free a moment ago. */
function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Previews the site in a folder, and waits until its first build is served. Gives { origin, close }. */
export async function preview(root) {
  const port = await freePort();
  const child = spawn(siteGen, ["serve", "-p", `${port}`, "--root", root, "--today", TODAY], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  await new Promise((done, fail) => {
    child.stdout.on("data", (text) => {
      said += text;
      if (said.includes("Serving")) done();
    });
    // Read to its end, so that the program never waits for a full pipe.
    child.stderr.on("data", (text) => (said += text));
    child.on("exit", (code) => fail(new Error(`the preview ended with ${code}\n${said}`)));
  });
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((done) => {
        child.removeAllListeners("exit");
        child.on("exit", done);
        child.kill();
      }),
  };
}
