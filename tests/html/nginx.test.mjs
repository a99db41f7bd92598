// A real nginx with the file that the build made for it sends what `_headers` and `_redirects` ask for.

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { siteDir } from "../browser/lib/site.mjs";
import { tried } from "./servers.mjs";

tried({
  name: "nginx",
  start({ folder, below, port, portBelow }) {
    for (const name of ["body", "proxy", "fastcgi", "uwsgi", "scgi"]) mkdirSync(path.join(folder, name));
    const server = (port, root, include) => `server { listen 127.0.0.1:${port}; root ${root}; include ${include}/_nginx.conf; }`;
    const settings = `${process.getuid() === 0 ? "user root;" : ""} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http {
  include /etc/nginx/mime.types; default_type application/octet-stream; access_log off; server_tokens off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
  ${server(port, siteDir, siteDir)}
  ${server(portBelow, below, path.join(below, "clinic"))}
}`;
    const file = path.join(folder, "nginx.conf");
    writeFileSync(file, settings);
    const program = process.env.NGINX ?? "/usr/sbin/nginx";
    execFileSync(program, ["-t", "-q", "-e", `${folder}/error.log`, "-c", file], { stdio: "inherit" });
    return [program, "-e", `${folder}/error.log`, "-c", file];
  },
});
