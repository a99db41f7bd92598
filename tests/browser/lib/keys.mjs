// The questionnaire by keyboard alone: Tab, Shift+Tab, Space, arrows, Enter and typed letters; no click and no focus().

import assert from "node:assert/strict";
import { screenOf, waitForScreen } from "./walk.mjs";

/** What has the focus, as a reader sees it: which control, where it is, and whether a ring shows it. */
export function focused(page) {
  return page.evaluate(() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const numbers = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)).reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at], 0);
    const contrast = (one, other) => {
      const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    };
    const behind = (from) => {
      for (let at = from; at; at = at.parentElement) {
        const colour = numbers(getComputedStyle(at).backgroundColor);
        if (colour.length === 3 || colour[3] > 0) return colour;
      }
      return [255, 255, 255];
    };
    // A ring may be drawn around the label that an input stands in.
    const rings = [node, node.closest("label")].filter(Boolean).map((one) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
      return outlineStyle === "none" ? 0 : Math.min(parseFloat(outlineWidth), 2) * contrast(numbers(outlineColor), behind(one.parentElement));
    });
    // A link that runs over the end of a line stands where it starts.
    const box = (node.closest("label") ?? node).getClientRects()[0] ?? node.getBoundingClientRect();
    return {
      tag: node.localName,
      id: node.id,
      name: node.name || null,
      value: node.value ?? null,
      action: node.dataset.action ?? null,
      question: node.dataset.question ?? null,
      inApp: node.closest(".checker-app") !== null,
      said: (node.getAttribute("aria-label") ?? node.innerText ?? "").trim(),
      // Two pixels of ring at 3 : 1 are what a reader needs.
      ring: Math.max(...rings) / 2,
      box: { top: box.top + scrollY, left: box.left, right: box.right, bottom: box.bottom + scrollY },
      inView: box.bottom > 0 && box.top < innerHeight,
    };
  });
}

const short = (one) => (one ? `${one.tag}${one.name ? ` ${one.name}=${one.value}` : ""} ${one.action ?? one.said}` : "nothing");

/** Presses Tab (or Shift+Tab) until what has the focus pleases. */
export async function tabTo(page, pleases, { key = "Tab", most = 90 } = {}) {
  for (let presses = 0; presses <= most; presses += 1) {
    const now = await focused(page);
    if (now && pleases(now)) return now;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never reaches ${pleases}`);
}

const byAction = (action) => (one) => one.action === action;

/** Tabs to a button and presses it. */
export async function enter(page, action, options) {
  await tabTo(page, byAction(action), options);
  await page.keyboard.press("Enter");
}

/** The same, and waits for another screen. */
export async function enterAndWait(page, action, options) {
  const before = await screenOf(page);
  await enter(page, action, options);
  return waitForScreen(page, (now) => ["screen", "question", "outcome", "confirm"].some((key) => now[key] !== before[key]));
}

/** Goes to one radio button: Tab into its group, arrows inside it. */
async function radio(page, name, value) {
  await tabTo(page, (one) => one.name === name);
  for (let presses = 0; presses < 20; presses += 1) {
    if ((await focused(page)).value === value) break;
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Space");
}

/** Puts one answer into the question on the screen. */
export async function fillByKeys(page, question, answer) {
  if (Array.isArray(answer) && answer.every((part) => part === null || typeof part === "number")) {
    for (const [index, value] of answer.entries()) if (value !== null) await radio(page, `${question}.${index + 1}`, String(value));
  } else if (Array.isArray(answer)) {
    const order = await page.locator(`.checker-app input[name="${question}"]`).evaluateAll((list) => list.map((box) => box.value));
    for (const option of [...answer].sort((a, b) => order.indexOf(a) - order.indexOf(b))) {
      await tabTo(page, (one) => one.name === question && one.value === option);
      await page.keyboard.press("Space");
    }
  } else if (typeof answer === "number") {
    await tabTo(page, (one) => one.id === "checker-number");
    await page.keyboard.type(String(answer));
  } else if ((await page.locator(`.checker-app input[type=radio][name="${question}"]`).count()) > 0) {
    await radio(page, question, answer);
  } else {
    await tabTo(page, (one) => one.name === question && one.value === answer);
    await page.keyboard.press("Space");
  }
}

/**
 * Goes with Tab from the screen's heading to beyond its last control, and back with Shift+Tab to before its first.
 * Gives what is wrong: a control without a ring, out of view, out of the order in which it is seen, or a trap.
 */
export async function orderFaults(page, where) {
  const faults = [];
  const group = (one) => `${one.tag} ${one.name ?? one.said} ${one.action ?? ""}`;
  const go = async (key) => {
    const path = [];
    for (let presses = 0; presses < 120; presses += 1) {
      await page.keyboard.press(key);
      const now = await focused(page);
      if (!now?.inApp) return path;
      path.push(now);
    }
    faults.push(`${where}: ${key} never leaves the questionnaire`);
    return path;
  };
  const rightToLeft = await page.evaluate(() => document.documentElement.dir === "rtl");
  await tabTo(page, (one) => one.inApp);
  await go("Shift+Tab");
  const forward = await go("Tab");
  const back = await go("Shift+Tab");
  for (const one of forward.concat(back)) {
    if (one.ring < 3) faults.push(`${where}: the focus on ${short(one)} is hard to see (${one.ring.toFixed(1)})`);
    if (!one.inView) faults.push(`${where}: ${short(one)} has the focus and is out of view`);
  }
  for (const [index, one] of forward.slice(1).entries()) {
    const before = forward[index];
    const sameRow = one.box.top < before.box.bottom - 4 && one.box.bottom > before.box.top + 4;
    const beside = rightToLeft ? one.box.right <= before.box.right : one.box.left >= before.box.left;
    if (sameRow ? !beside : one.box.top < before.box.top) faults.push(`${where}: ${short(before)} comes before ${short(one)}, which stands above or before it`);
  }
  const there = forward.map(group);
  const again = back.map(group).reverse();
  if (there.join() !== again.join()) faults.push(`${where}: forward ${there.join(", ")}; back ${again.join(", ")}`);
  assert.ok(forward.length >= 2, `${where}: Tab finds ${forward.length} controls`);
  return faults;
}
