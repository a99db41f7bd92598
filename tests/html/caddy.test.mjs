// A real Caddy with the file that the build made for it sends what `_headers` and `_redirects` ask for.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { siteDir } from "../browser/lib/site.mjs";
import { tried } from "./servers.mjs";

tried({
  name: "Caddy",
  start({ folder, below, port, portBelow }) {
    const server = (port, root, include) => `http://127.0.0.1:${port} {\n\troot * ${root}\n\timport ${include}/_Caddyfile\n}\n`;
    // No certificate is asked for, and nothing listens for orders.
    const settings = `{\n\tadmin off\n\tauto_https off\n\tlog {\n\t\tlevel ERROR\n\t\toutput discard\n\t}\n}\n${server(port, siteDir, siteDir)}${server(portBelow, below, path.join(below, "clinic"))}`;
    const file = path.join(folder, "Caddyfile");
    writeFileSync(file, settings);
    const program = process.env.CADDY ?? "/usr/bin/caddy";
    execFileSync(program, ["validate", "--adapter", "caddyfile", "--config", file], { stdio: ["ignore", "ignore", "pipe"] });
    return [program, "run", "--adapter", "caddyfile", "--config", file];
  },
});
