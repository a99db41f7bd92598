// The list of parts of the program, as CycloneDX 1.5 JSON on standard output: every crate that is compiled into `site-gen`
// or into the questionnaire that it carries, from what cargo itself says. Run in the repository: node .ci/sbom.mjs > sbom.json
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** The packages that a program is made of: its own, and what those need where it runs. `targets`: where. */
export function parts(metadata, roots) {
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const packages = new Map(metadata.packages.map((crate) => [crate.id, crate]));
  const runsOnlyInTheCompiler = (id) => packages.get(id).targets.some((target) => target.kind.includes("proc-macro"));
  const found = new Set();
  const visit = (id) => {
    if (found.has(id) || runsOnlyInTheCompiler(id)) return;
    found.add(id);
    for (const dep of nodes.get(id).deps) if (dep.dep_kinds.some((kind) => kind.kind === null)) visit(dep.pkg);
  };
  for (const crate of metadata.packages) if (roots.includes(crate.name)) visit(crate.id);
  return [...found].map((id) => packages.get(id)).sort((a, b) => (a.name + a.version < b.name + b.version ? -1 : 1));
}

const reference = (crate) => `pkg:cargo/${crate.name}@${crate.version}`;

/** A crate as a component. */
export function component(crate, checksums) {
  const hash = checksums.get(`${crate.name} ${crate.version}`);
  return {
    type: "library",
    "bom-ref": reference(crate),
    name: crate.name,
    version: crate.version,
    purl: reference(crate),
    ...(crate.authors.length ? { author: crate.authors.join(", ") } : {}),
    ...(crate.license ? { licenses: [{ expression: crate.license.replaceAll("/", " OR ") }] } : {}),
    ...(hash ? { hashes: [{ alg: "SHA-256", content: hash }] } : {}),
    ...(crate.repository ? { externalReferences: [{ type: "vcs", url: crate.repository }] } : {}),
  };
}

/** The checksums of a lock file by name and version. */
export function checksums(lock) {
  const found = new Map();
  for (const block of lock.split("[[package]]")) {
    const value = (key) => block.match(new RegExp(`^${key} = "(.*)"$`, "m"))?.[1];
    if (value("checksum")) found.set(`${value("name")} ${value("version")}`, value("checksum"));
  }
  return found;
}

// Pagefind's search program comes finished inside a crate, so cargo does not know what it was made of.
const FINISHED = {
  type: "library",
  "bom-ref": "pkg:cargo/pagefind_microjson@0.1.4",
  name: "pagefind_microjson",
  version: "0.1.4",
  purl: "pkg:cargo/pagefind_microjson@0.1.4",
  licenses: [{ expression: "GPL-3.0-only" }],
  description: "Inside the finished WASM of pagefind, by its makers' manifest; see site-gen/src/search/license.txt",
};

function main() {
  const cargo = (...wanted) => execFileSync("cargo", wanted, { encoding: "utf8", maxBuffer: 1 << 28 });
  const lock = readFileSync("Cargo.lock", "utf8");
  const host = execFileSync("rustc", ["-vV"], { encoding: "utf8" }).match(/^host: (.*)$/m)[1];
  const of = (target, root) =>
    parts(JSON.parse(cargo("metadata", "--locked", "--format-version", "1", "--filter-platform", target)), [root]);
  const all = new Map();
  for (const crate of [...of(host, "site-gen"), ...of("wasm32-unknown-unknown", "checker-wasm")]) all.set(crate.id, crate);
  const known = checksums(lock);
  const program = [...all.values()].find((crate) => crate.name === "site-gen");
  const others = [...all.values()].filter((crate) => crate !== program);
  const components = [...others.map((crate) => component(crate, known)), FINISHED];
  components.sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { ...component(program, known), type: "application" } },
    components,
  };
  process.stdout.write(`${JSON.stringify(bom, null, 1)}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main();
