// Numbers as pictures: the dots say the same as the words, for eyes, for ears, on a small screen and on paper.

import assert from "node:assert/strict";
import { test } from "node:test";
import { files, read } from "./lib/site.mjs";
import { siteAndBrowser } from "./lib/together.mjs";

const here = siteAndBrowser();

const pages = files()
  .filter((file) => file.endsWith("/index.html") && read(file).includes('class="chance"'))
  .map((file) => `/${file.replace(/index\.html$/, "")}`);

/** How many dots a path along dots makes: each line of length 10 n + 1 has n + 1 of them. */
const dots = (path) => [...path.matchAll(/h(\d+)/g)].reduce((sum, [, length]) => sum + (Number(length) - 1) / 10 + 1, 0);

test("in both languages there are pages with such numbers", () => {
  assert.ok(pages.some((url) => !url.startsWith("/es/")) && pages.some((url) => url.startsWith("/es/")), pages.join(" "));
  for (const url of ["/risks/side-effects/", "/conditions/depression/"]) {
    assert.ok(pages.includes(url) && pages.includes(`/es${url}`), `${url} shows no number`);
  }
});

test("each picture has as many large dots as its words say, as many small ones as are left, and a name that says so", async () => {
  const page = await here.browser.newPage();
  const faults = [];
  for (const url of pages) {
    await page.goto(here.server.origin + url);
    const lines = await page.locator(".chance li").evaluateAll((items) =>
      items.map((item) => ({
        words: item.textContent,
        paths: [...item.querySelectorAll("svg path")].map((path) => path.getAttribute("d")),
        name: item.querySelector("svg title")?.textContent ?? "",
        rest: item.querySelector(".chance-rest")?.textContent ?? "",
      })),
    );
    for (const { words, paths, name, rest } of lines) {
      const [, count, of] = /(\d+) (?:in|de cada) (\d+)/.exec(words.replace(name, "")).map(Number);
      const drawn = paths.map(dots);
      const good = drawn[0] === count && drawn[1] === of - count && name.includes(String(count)) && name.includes(String(of)) && rest.includes(String(of - count));
      if (!good) faults.push(`${url}: ${words}: ${drawn.join(" and ")} dots, "${name}", "${rest}"`);
    }
    const bare = await page.locator(".chance li:not(:has(.cite))").count();
    if (bare > 0) faults.push(`${url}: ${bare} numbers without a source`);
  }
  await page.close();
  assert.deepEqual(faults, []);
});

test("a picture is seen as a picture with its name by assistive technology", async () => {
  const page = await here.browser.newPage();
  await page.goto(`${here.server.origin}/risks/side-effects/`);
  const figure = page.getByRole("figure", { name: /CRPS/ });
  await figure.getByRole("img", { name: "76 of 100 dots are large" }).waitFor();
  await figure.getByRole("img", { name: "18 of 100 dots are large" }).waitFor();
  await page.close();
});

/** The shares of a picture's pixels that differ from its ground: of its full half and of its other half. */
async function ink(page, locator) {
  const bytes = (await locator.screenshot()).toString("base64");
  return page.evaluate(async (bytes) => {
    const image = new Image();
    image.src = `data:image/png;base64,${bytes}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    const ground = data.slice(0, 3).join();
    const share = (from, to) => {
      let other = 0;
      let all = 0;
      for (let y = Math.round(from * image.height); y < Math.round(to * image.height); y++) {
        for (let x = 0; x < image.width; x++) {
          const at = 4 * (y * image.width + x);
          all += 1;
          if (data.slice(at, at + 3).join() !== ground) other += 1;
        }
      }
      return other / all;
    };
    // 76 in 100: rows 1 to 7 are full, rows 9 and 10 are not.
    return { full: share(0, 0.7), rest: share(0.8, 1), colors: new Set(Array.from({ length: data.length / 4 }, (_, at) => data.slice(4 * at, 4 * at + 3).join())).size };
  }, bytes);
}

test("large and small dots differ in size, so in light, dark, forced colors and print nobody needs to see color", async () => {
  for (const media of [{ colorScheme: "light" }, { colorScheme: "dark" }, { forcedColors: "active" }, { media: "print" }]) {
    // The page's own policy would keep the picture of the picture out.
    const context = await here.browser.newContext({ bypassCSP: true });
    const page = await context.newPage();
    await page.emulateMedia(media);
    await page.goto(`${here.server.origin}/risks/side-effects/`);
    const { full, rest, colors } = await ink(page, page.getByRole("img", { name: "76 of 100 dots are large" }));
    const where = JSON.stringify(media);
    assert.ok(full > 0.35 && full < 0.8, `${where}: ${full} of the full rows is ink`);
    assert.ok(rest > 0.02 && rest < 0.25, `${where}: ${rest} of the other rows is ink`);
    assert.ok(colors > 1, where);
    await context.close();
  }
});

test("on the smallest screen, and from right to left, the pictures stay inside and readable", async () => {
  const page = await here.browser.newPage({ viewport: { width: 320, height: 700 } });
  await page.goto(`${here.server.origin}/risks/side-effects/`);
  for (const direction of ["ltr", "rtl"]) {
    await page.evaluate((direction) => (document.documentElement.dir = direction), direction);
    assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 320, direction);
    for (const svg of await page.locator(".chance svg").all()) {
      const { x, width, height } = await svg.boundingBox();
      assert.ok(x >= 0 && x + width <= 320 && width >= 100 && Math.abs(width - height) < 1, `${direction}: ${x} ${width} ${height}`);
    }
  }
  await page.close();
});
