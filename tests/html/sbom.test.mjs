// The list of parts that goes along with a release (docs/releasing.md).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { checksums, component, parts } from "../../.ci/sbom.mjs";

const crate = (name, kind = "lib") => ({
  id: name, name, version: "1.0.0", license: "MIT/Apache-2.0", authors: [], repository: null, targets: [{ kind: [kind] }],
});
const needs = (id, deps) => ({ id, deps: deps.map(([pkg, kind]) => ({ pkg, dep_kinds: [{ kind }] })) });

test("what only tests, build scripts and the compiler need is no part of the program", () => {
  const metadata = {
    packages: [crate("program"), crate("runs"), crate("below"), crate("macro", "proc-macro"), crate("tries"), crate("builds")],
    resolve: {
      nodes: [
        needs("program", [["runs", null], ["macro", null], ["tries", "dev"], ["builds", "build"]]),
        needs("runs", [["below", null]]),
        ...["below", "macro", "tries", "builds"].map((id) => needs(id, [])),
      ],
    },
  };
  assert.deepEqual(parts(metadata, ["program"]).map((one) => one.name), ["below", "program", "runs"]);
});

test("a part is named with its hash and its terms as an expression", () => {
  const known = checksums('[[package]]\nname = "runs"\nversion = "1.0.0"\nchecksum = "ab"\n\n[[package]]\nname = "own"\nversion = "1.0.0"\n');
  const part = component(crate("runs"), known);
  assert.deepEqual(part.hashes, [{ alg: "SHA-256", content: "ab" }]);
  assert.deepEqual(part.licenses, [{ expression: "MIT OR Apache-2.0" }]);
  assert.equal(component(crate("own"), known).hashes, undefined);
});

test("the list of this program names what is in it, and nothing twice", () => {
  const bom = JSON.parse(execFileSync("node", [".ci/sbom.mjs"], { encoding: "utf8", maxBuffer: 1 << 26 }));
  assert.equal(bom.bomFormat, "CycloneDX");
  const names = bom.components.map((part) => part.name);
  for (const name of ["pulldown-cmark", "tera", "yew", "pagefind", "pagefind_microjson"]) assert.ok(names.includes(name), name);
  for (const name of ["biodivine-lib-bdd", "syn", "site-gen"]) assert.ok(!names.includes(name), name);
  const references = bom.components.map((part) => part["bom-ref"]);
  assert.equal(new Set(references).size, references.length);
  const lock = readFileSync("Cargo.lock", "utf8");
  for (const part of bom.components.filter((one) => one.hashes)) assert.ok(lock.includes(part.hashes[0].content), part.name);
  assert.ok(bom.components.every((part) => part.licenses), "each part has terms");
});
