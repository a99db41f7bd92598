// Answers a questionnaire in the page, whichever of the three it is. `DRIVERS` runs in the browser; what it needs to know
// of a page is which screen is shown, which elements to click for an answer, and which button leads on.

/** Put into every page before its own scripts: `globalThis.driver`. */
export function DRIVERS() {
  const find = (selector) => document.querySelector(`.checker-app ${selector}`);
  const field = (input) => input.closest("label") ?? input;

  /** The widget's contract (data-screen and so on), which the peer in plain JavaScript keeps too. */
  const contract = {
    screen() {
      const shown = find("[data-screen]");
      if (!shown) return null;
      const { screen, question, outcome, confirm } = shown.dataset;
      const kind = confirm === undefined ? screen : "confirm";
      return { key: [kind, question, outcome].join("/"), screen: kind, question, outcome };
    },
    onward: () => find('[data-action="continue"]'),
    option: (question, value) => field(find(`input[name="${question}"][value="${value}"]`)),
    item: (question, item, value) => field(find(`input[name="${question}.${item + 1}"][value="${value}"]`)),
    number: (question) => find(`input[name="${question}"]:not([type=radio]):not([type=checkbox])`),
    reasons: () => [...document.querySelectorAll(".checker-app .checker-reasons > li > h3")].map((node) => node.textContent),
    error: () => find(".checker-errors") !== null,
    back: () => find('[data-action="back"]'),
  };

  const button = (name) => [...document.querySelectorAll(`.checker-app .sd-navigation__${name}-btn`)].find((node) => node.checkVisibility());
  const surveyjs = {
    screen() {
      const outcome = find("[data-outcome]")?.dataset.outcome;
      if (outcome) return { key: outcome, screen: "outcome", outcome };
      if (button("start")) return { key: "start", screen: "start" };
      // One question a page; more of them are the check of all answers.
      const [question, more] = [...document.querySelectorAll(".checker-app .sd-page [data-name]")].map(({ dataset }) => dataset.name);
      if (!question || !this.onward()) return null;
      return more ? { key: "check", screen: "check" } : { key: question, screen: "question", question };
    },
    onward: () => ["start", "next", "preview", "complete"].map(button).find(Boolean),
    option: (question, value) => field(find(`[data-name="${question}"] input[value="${value}"]`)),
    item: (question, item, value) => field(find(`[data-name="${question}"] input[name$="_i${item + 1}"][value="${value}"]`)),
    number: (question) => find(`[data-name="${question}"] input`),
    reasons: contract.reasons,
    error: () => [...document.querySelectorAll(".checker-app .sd-question__erbox")].some((node) => node.checkVisibility()),
    back: () => button("prev"),
  };

  const driver = () => (document.querySelector(".checker-app .sd-root-modern") ? surveyjs : contract);
  const pause = () => new Promise((next) => setTimeout(next, 0));

  globalThis.driver = {
    screen: () => driver().screen(),
    onward: () => driver().onward(),
    reasons: () => driver().reasons(),
    /** What to do to give an answer: [element, text to type]; a click where there is no text. */
    steps(question, answer) {
      const { option, item, number } = driver();
      if (typeof answer === "number") return [() => [number(question), String(answer)]];
      if (!Array.isArray(answer)) return [() => [option(question, answer)]];
      if (answer.every((part) => part === null || typeof part === "number")) {
        return answer.flatMap((value, at) => (value === null ? [] : [() => [item(question, at, value)]]));
      }
      return answer.map((value) => () => [option(question, value)]);
    },
    /** Waits for another screen than `before`. */
    async after(before, act) {
      act();
      for (let turn = 0; turn < 600; turn += 1) {
        const now = this.screen();
        if (now && now.key !== before) return now;
        await pause();
      }
      throw new Error(`nothing follows ${before}`);
    },
    /** Does one step of an answer. Gives the text that is still to be typed, if any. */
    put(question, answer, step) {
      const [node, text] = this.steps(question, answer)[step]();
      if (text === undefined) node.click();
      else node.focus();
      return text;
    },
    /** Where to click, after bringing it into view and once nothing has moved for a while. */
    async aim(node) {
      node.scrollIntoView({ block: "center", behavior: "instant" });
      for (let before, still = 0; ; still += 1) {
        const { x, y, width, height } = node.getBoundingClientRect();
        const now = `${x} ${y} ${width} ${height}`;
        if (now !== before) still = 0;
        if (still === 4) return { x: x + width / 2, y: y + height / 2 };
        before = now;
        await new Promise((next) => setTimeout(next, 40));
      }
    },
    /** From the next click on the button that leads on: `painted` is the time in milliseconds until another screen is on the display, and that screen. */
    watch() {
      const before = this.screen().key;
      this.painted = new Promise((done, fail) => {
        let start;
        setTimeout(() => fail(new Error(`nothing follows ${before} (${start === undefined ? "the click missed" : "the click was heard"})`)), 30_000);
        const button = this.onward();
        button.addEventListener("click", (event) => (start = event.timeStamp), { capture: true, once: true });
        const observer = new MutationObserver(() => {
          const shown = this.screen();
          if (start === undefined || !shown || shown.key === before) return;
          observer.disconnect();
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done({ time: performance.now() - start, shown });
            port2.postMessage(0);
          });
        });
        observer.observe(document.querySelector(".checker-app"), { childList: true, subtree: true, attributes: true });
      });
    },
    /**
     * What each of the three does besides: a question without an answer is not left, "none" stands alone, Back leads back.
     * Gives what is missing, in words. `many`: the first question, `one` of its options and the one that stands alone.
     */
    async manners(many, one, alone) {
      const { option, error, back } = driver();
      const missing = [];
      const press = async (node) => {
        node.click();
        for (let turn = 0; turn < 20; turn += 1) await pause();
      };
      const checked = (value) => option(many, value).querySelector("input").checked;
      await this.after(this.screen().key, () => this.onward().click());
      await press(this.onward());
      if (!error() || this.screen().question !== many) missing.push("an error without an answer");
      for (const value of [one, alone]) await press(option(many, value));
      if (checked(one) || !checked(alone)) missing.push("an answer that stands alone");
      const next = await this.after(this.screen().key, () => this.onward().click());
      const before = await this.after(next.key, () => back().click());
      if (before.question !== many || !checked(alone)) missing.push("the way back to an answer");
      return missing;
    },
    /** The whole way with events instead of real clicks. Gives { outcome, reasons, given, path }. */
    async walk(answers) {
      const given = {};
      const path = [];
      let shown = this.screen();
      for (let turn = 0; turn < 150; turn += 1) {
        if (shown.outcome) return { outcome: shown.outcome, reasons: this.reasons(), given, path };
        const { question } = shown;
        if (shown.screen === "question" && !path.includes(question)) {
          if (!(question in answers)) throw new Error(`${question} is asked, and the case has no answer to it`);
          for (const step of this.steps(question, answers[question])) {
            const [node, text] = step();
            if (text === undefined) node.click();
            else {
              node.focus();
              node.value = text;
              node.dispatchEvent(new Event("input", { bubbles: true }));
              node.dispatchEvent(new Event("change", { bubbles: true }));
              node.blur();
            }
            await pause();
          }
          given[question] = answers[question];
          path.push(question);
        }
        shown = await this.after(shown.key, () => this.onward().click());
      }
      throw new Error("the questionnaire does not end");
    },
  };
}

/** Also put into every page: notes when its first screen is painted, presses Start at once, notes the first question. */
export function START() {
  const painted = (note) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = note;
      port2.postMessage(0);
    });
  let screen;
  globalThis.usable = {};
  new MutationObserver((_, observer) => {
    const shown = document.querySelector(".checker-app") && globalThis.driver.screen();
    if (!shown || shown.screen === screen) return;
    screen = shown.screen;
    if (screen === "start") {
      painted(() => {
        globalThis.usable.start = performance.now();
        globalThis.driver.onward().click();
      });
    } else {
      observer.disconnect();
      painted(() => (globalThis.usable.question = performance.now()));
    }
  }).observe(document, { childList: true, subtree: true, attributes: true });
}

/** The answers of a case under the names that a peer's page uses. */
export const answersFor = (peer, answers) =>
  peer.name === "SurveyJS" ? Object.fromEntries(Object.entries(answers).map(([id, answer]) => [id.replace(/\W/g, "_"), answer])) : answers;
