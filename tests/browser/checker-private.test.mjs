// Nothing leaves the page and nothing stays: the promises of the questionnaire's page, tried from outside.
// The first tests are controls: they show that a leak would be seen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch, watchedPage } from "./lib/browser.mjs";
import { caseOf } from "./lib/cases.mjs";
import { serve } from "./lib/server.mjs";
import { fill, open, press, screenOf, traces, waitForScreen, walk } from "./lib/walk.mjs";

let server;
let browser;
let context;
before(async () => {
  server = await serve();
  browser = await launch();
  context = await browser.newContext({ acceptDownloads: true });
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function withPage(body) {
  const { page, seen } = await watchedPage(context);
  try {
    await open(page, server.origin);
    await body(page, seen);
  } finally {
    await page.close();
  }
}

test("control: a page that could connect would be seen doing so", async (t) => {
  const loose = await serve({
    change: (html, headers) => {
      delete headers["Content-Security-Policy"];
      return html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/i, "");
    },
  });
  t.after(() => loose.close());
  // A context of its own: a cookie would be seen on every port of this host.
  const own = await browser.newContext();
  t.after(() => own.close());
  const { page, seen } = await watchedPage(own);
  await page.goto(`${loose.origin}/check/`, { waitUntil: "networkidle" });
  const before = seen.requests.length;
  const asked = loose.log.length;
  await page.evaluate(async () => {
    localStorage.setItem("leak", "yes");
    document.cookie = "leak=yes";
    history.pushState({ leak: true }, "", "#leak");
    await fetch("/leak?S2=yes").catch(() => {});
    new WebSocket(`ws://${location.host}/leak-socket`);
    await new Promise((done) => setTimeout(done, 200));
  });
  const found = seen.requests.slice(before).join(" ");
  assert.match(found, /\/leak\?S2=yes/);
  assert.match(found, /leak-socket/);
  assert.ok(loose.log.slice(asked).some((line) => line.includes("/leak")));
  const left = await traces(page);
  assert.deepEqual(left.localStorage, { leak: "yes" });
  assert.match(left.cookie, /leak/);
  assert.match(left.address, /#leak/);
});

test("no way out: on the real page every kind of connection is refused by the policy", async () => {
  await withPage(async (page, seen) => {
    const before = seen.requests.length;
    const asked = server.log.length;
    let blocked = 0;
    seen.session.on("Network.loadingFailed", ({ blockedReason }) => {
      blocked += blockedReason === "csp" ? 1 : 0;
    });
    const tried = await page.evaluate(async () => {
      const outcome = {};
      const refused = async (name, act) => {
        try {
          await act();
          outcome[name] = "went through";
        } catch {
          outcome[name] = "refused";
        }
      };
      const loaded = (element, attribute) =>
        new Promise((done, fail) => {
          element.onload = done;
          element.onerror = () => fail(new Error("refused"));
          element[attribute] = "https://elsewhere.invalid/leak";
          document.body.append(element);
          setTimeout(() => fail(new Error("nothing came")), 300);
        });
      await refused("fetch here", () => fetch("/leak"));
      await refused("fetch elsewhere", () => fetch("https://elsewhere.invalid/leak", { mode: "no-cors" }));
      await refused("xhr", () => new Promise((done, fail) => {
        const request = new XMLHttpRequest();
        request.onload = done;
        request.onerror = () => fail(new Error("refused"));
        request.open("GET", "/leak");
        request.send();
      }));
      await refused("frame", () => loaded(document.createElement("iframe"), "src").then(() => {
        throw new Error("a blocked frame still fires load");
      }));
      await refused("picture elsewhere", () => loaded(new Image(), "src"));
      await refused("eval", () => (0, eval)("1"));
      return outcome;
    });
    for (const [way, what] of Object.entries(tried)) assert.equal(what, "refused", way);
    await page.evaluate(() => {
      navigator.sendBeacon("/leak");
      const form = document.createElement("form");
      form.action = "/leak";
      form.method = "get";
      document.body.append(form);
      form.submit();
    });
    await page.waitForTimeout(300);
    assert.deepEqual(server.log.slice(asked), []);
    // What the page tried was stopped inside the browser, all of it, by the policy.
    assert.ok(blocked >= 1, `only ${blocked} were blocked by the policy`);
    // The browser draws its own page into a blocked frame, with pictures in `data:` addresses; those hold their
    // bytes themselves and ask nobody.
    const asking = seen.requests.slice(before).filter((url) => !url.startsWith("data:"));
    assert.equal(asking.length, blocked, asking.join(" "));
    assert.equal(page.url(), `${server.origin}/check/`);
  });
});

test("the page asks only for itself, and only from its own host", async () => {
  await withPage(async (page, seen) => {
    assert.ok(seen.requests.length >= 3, "page, style, script");
    for (const url of seen.requests) {
      assert.ok(url.startsWith(`${server.origin}/`), url);
      assert.ok(!url.includes("?"), url);
    }
    assert.deepEqual(await traces(page).then(({ localStorage, sessionStorage, cookie, databases, caches, workers }) => ({ localStorage, sessionStorage, cookie, databases, caches, workers })), {
      localStorage: {}, sessionStorage: {}, cookie: "", databases: [], caches: [], workers: 0,
    });
    assert.deepEqual(seen.complaints, []);
  });
});

test("back, change, errors, print and save ask for nothing and keep nothing", async () => {
  await withPage(async (page, seen) => {
    const before = seen.requests.length;
    const traced = await traces(page);
    await page.evaluate(() => {
      window.print = () => {
        document.documentElement.dataset.printed = "yes";
      };
    });
    const { answers } = caseOf("V15");
    let slips = 0;
    await walk(page, answers, async ({ screen, question }) => {
      if (question === "H1") {
        // A press without an answer, then back and forth once.
        await page.locator('[data-action="continue"]').click();
        await page.locator(".checker-errors").waitFor();
        await press(page, "back");
        await press(page, "continue");
        slips += 1;
      }
      if (screen === "check") {
        await page.locator('[data-action="change"][data-question="H1"]').click();
        await waitForScreen(page, (now) => now.question === "H1");
        await press(page, "continue");
        slips += 1;
      }
    });
    assert.equal(slips, 2);
    await page.locator('[data-action="print"]').click();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.printed), "yes");
    const [download] = await Promise.all([page.waitForEvent("download"), page.locator('[data-action="save"]').click()]);
    const copy = readFileSync(await download.path(), "utf8");
    // The result, its reasons, the help numbers and the reader's own answers, in plain text.
    for (const part of ["You need a check first", "not a diagnosis", "911", "988", "You cannot drive or be alone", "1.0.0"]) {
      assert.match(copy, new RegExp(part, "i"), `the copy lacks "${part}":\n${copy}`);
    }
    assert.deepEqual(seen.requests.slice(before).filter((url) => !url.startsWith("blob:")), []);
    assert.deepEqual(await traces(page), traced);
    assert.deepEqual(seen.complaints, []);
  });
});

test("a reload starts empty", async () => {
  await withPage(async (page) => {
    await press(page, "continue");
    await fill(page, "S1", ["none"]);
    await press(page, "continue");
    await fill(page, "S2", "prefer-not");
    await page.reload();
    await waitForScreen(page, ({ screen }) => screen === "start");
    await press(page, "continue");
    assert.equal(await page.locator(".checker-app input:checked").count(), 0);
  });
});

test("coming back by the browser's Back button starts empty", async () => {
  await withPage(async (page) => {
    await press(page, "continue");
    await fill(page, "S1", ["none"]);
    await press(page, "continue");
    await page.goto(`${server.origin}/`);
    await page.goBack();
    await waitForScreen(page, ({ screen }) => screen === "start");
    await press(page, "continue");
    assert.equal((await screenOf(page)).question, "S1");
    assert.equal(await page.locator(".checker-app input:checked").count(), 0);
  });
});

test("a page that the browser really kept comes back empty", async (t) => {
  // The driver turns this cache off unless it is asked not to.
  const keeping = await launch({ ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  t.after(() => keeping.close());
  const page = await keeping.newPage();
  await page.addInitScript(() => {
    addEventListener("pageshow", (event) => (document.documentElement.dataset.kept = event.persisted));
  });
  await open(page, server.origin);
  await press(page, "continue");
  await fill(page, "S1", ["none"]);
  await press(page, "continue");
  await fill(page, "S2", "prefer-not");
  await page.evaluate(() => (document.documentElement.dataset.mark = "same page"));
  await page.goto(`${server.origin}/`);
  // A kept page is shown again without being loaded.
  await page.goBack({ waitUntil: "commit" });
  await page.waitForFunction(() => document.documentElement.dataset.kept !== undefined);
  const { kept, mark } = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  assert.deepEqual([kept, mark], ["true", "same page"], "the browser did not keep the page, so this shows nothing");
  assert.equal((await screenOf(page)).screen, "start");
  assert.equal(await page.locator(".checker-app input:checked").count(), 0);
  await press(page, "continue");
  assert.equal((await screenOf(page)).question, "S1");
  assert.equal(await page.locator(".checker-app input:checked").count(), 0);
});

test("a page that the browser has kept forgets before it is shown again", async () => {
  await withPage(async (page) => {
    await press(page, "continue");
    await fill(page, "S1", ["none"]);
    await press(page, "continue");
    // The events of a kept page: what a reader of the kept page would see must hold no answer.
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })));
    await waitForScreen(page, ({ screen }) => screen === "start");
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await press(page, "continue");
    assert.equal(await page.locator(".checker-app input:checked").count(), 0);
  });
});

test("no input invites the browser to keep or fill in an answer", async () => {
  await withPage(async (page) => {
    const faults = [];
    let inputs = 0;
    await walk(page, caseOf("V02").answers, async ({ question }) => {
      const found = await page.locator(".checker-app :is(input[name], form)").evaluateAll((list) => list.map((one) => [one.name, one.getAttribute("autocomplete"), one.maxLength]));
      inputs += found.length;
      faults.push(...found.filter(([, value]) => value !== "off").map(([name]) => `${question}: ${name}`));
    });
    assert.ok(inputs > 60, `only ${inputs} inputs`);
    assert.deepEqual(faults, []);
  });
});

test("text cannot become a part of the page or a script", async () => {
  await withPage(async (page) => {
    const tried = await page.evaluate(() => {
      const refused = (act) => {
        try {
          act();
          return "went through";
        } catch (error) {
          return error.name;
        }
      };
      return {
        html: refused(() => (document.createElement("div").innerHTML = "<b>x</b>")),
        beside: refused(() => document.querySelector("h1").insertAdjacentHTML("beforeend", "<b>x</b>")),
        script: refused(() => (document.createElement("script").text = "1")),
        address: refused(() => (document.createElement("script").src = "/x.js")),
        // Nor can a script allow itself to do it.
        policy: refused(() => trustedTypes.createPolicy("mine", { createHTML: (text) => text })),
        default: refused(() => trustedTypes.createPolicy("default", { createHTML: (text) => text })),
      };
    });
    for (const [way, what] of Object.entries(tried)) assert.equal(what, "TypeError", way);
  });
  // The widget itself comes through all of its screens without: withPage lets no complaint of the policy pass.
  await withPage(async (page, seen) => {
    await walk(page, caseOf("V04").answers);
    assert.deepEqual(seen.complaints, []);
  });
});

test("Clear forgets everything and says so", async () => {
  await withPage(async (page) => {
    await walk(page, caseOf("V03").answers);
    await press(page, "clear");
    assert.equal((await screenOf(page)).screen, "start");
    assert.match(await page.locator(".checker-app").innerText(), /clear/i);
    assert.ok(await page.evaluate(() => document.activeElement?.closest(".checker-app")), "the focus stays in the questionnaire");
    await press(page, "continue");
    assert.equal(await page.locator(".checker-app input:checked").count(), 0);
    assert.doesNotMatch(await page.content(), /checked=""/);
  });
});

test("Clear and Leave are on every screen", async () => {
  await withPage(async (page) => {
    const lacking = [];
    await walk(page, caseOf("V02").answers, async ({ screen, question }) => {
      for (const action of ["clear", "leave"]) {
        if (!(await page.locator(`.checker-app [data-action="${action}"]`).first().isVisible())) lacking.push(`${action} on ${screen} ${question}`);
      }
    });
    for (const action of ["clear", "leave"]) {
      if (!(await page.locator(`.checker-app [data-action="${action}"]`).first().isVisible())) lacking.push(`${action} on the result`);
    }
    assert.deepEqual(lacking, []);
  });
});

test("Leave goes away at once, and Back does not lead to the answers", async () => {
  const { page } = await watchedPage(context);
  await page.goto(`${server.origin}/`);
  await open(page, server.origin);
  await press(page, "continue");
  await fill(page, "S1", ["none"]);
  await page.locator('[data-action="leave"]').click();
  await page.waitForURL((url) => !url.href.startsWith(`${server.origin}/check`));
  const asked = server.log.length;
  await page.goBack();
  assert.equal(page.url(), `${server.origin}/`, "the page of the questions is gone from the history");
  assert.ok(server.log.slice(asked).every((line) => !line.includes("check/")), server.log.slice(asked).join());
  await page.close();
});
