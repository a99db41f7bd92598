// Pages on paper: the checklist fits on one sheet, Letter and A4, in both languages, with the help numbers on it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { siteAndBrowser } from "./lib/together.mjs";

const here = siteAndBrowser();

/** How many sheets a PDF of Chromium has. */
const sheets = (pdf) => (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;

async function print(url, format) {
  const page = await here.browser.newPage();
  await page.goto(here.server.origin + url);
  const pdf = await page.pdf({ format, preferCSSPageSize: false });
  await page.close();
  return sheets(pdf);
}

test("the checklist prints on one sheet", async () => {
  for (const url of ["/visit/checklist/", "/es/visit/checklist/"]) {
    for (const format of ["Letter", "A4"]) assert.equal(await print(url, format), 1, `${url} on ${format}`);
  }
});

test("control: a long page takes more than one", async () => {
  assert.ok((await print("/conditions/depression/", "Letter")) > 1);
});

test("on paper the checklist has its boxes, the help numbers and its address, and nothing to press", async () => {
  const page = await here.browser.newPage();
  await page.emulateMedia({ media: "print" });
  for (const [url, lines] of [["/visit/checklist/", 19], ["/es/visit/checklist/", 19]]) {
    await page.goto(here.server.origin + url);
    assert.equal(await page.locator(".checklist li:visible").count(), lines);
    assert.ok(await page.locator(".help-bar").getByText("988").first().isVisible());
    assert.ok(await page.getByText(`${url}`).first().isVisible(), "its address");
    for (const hidden of [".site-nav", ".languages", ".pager", ".contents"]) {
      assert.equal(await page.locator(`${hidden}:visible`).count(), 0, hidden);
    }
  }
  await page.close();
});
