// The questionnaire in plain JavaScript, by hand: what the widget would be without Rust, Yew and WASM. It keeps to the
// same contract of the page (data-screen, data-question, data-action, names and values of inputs), uses the theme's
// classes and the page's templates, and gives the same results; `run.mjs` holds it to that for every worked patient.
//
// It leaves out what is not a matter of showing screens: saving copies, the question whether an unlikely number is
// right, the sum over the page's data, and the list on paper after a failure.
(() => {
  "use strict";
  const root = document.querySelector("[data-checker]");
  const app = root.querySelector(".checker-app");
  const form = JSON.parse(document.getElementById("checker-data").textContent);
  const { ui, sections, questions, order, sets, rules, outcomes, talk } = form;

  // ---- What the answers mean ---------------------------------------------------------------------------------

  // An answer that is still missing leaves a condition open. "And" is the least of these, "or" the greatest.
  const NO = 0;
  const OPEN = 1;
  const YES = 2;
  const UNKNOWN = "unknown";

  /** By place of the question: the place of an option, or a list of them; a number or UNKNOWN; a list of items. */
  let answers = new Map();
  let given = [];
  /** Every answer there was, to offer it again. */
  let offered = new Map();

  function evaluate() {
    const asked = questions.map(() => OPEN);
    const known = [];

    // A short instrument is read from the long one that starts with the same items, when that is asked.
    const source = (at) => {
      const by = questions[at].answeredBy;
      return by === undefined || asked[by] === NO ? at : by;
    };
    const score = (question, values) => {
      const counted = values.slice(0, question.items.length);
      if (question.gated && counted.shift() === 0) return 0;
      return counted.reduce((sum, value) => sum + value, 0);
    };
    const line = ([kind, at, a, b]) => {
      const from = source(at);
      if (asked[from] !== YES) return asked[from];
      const answer = answers.get(from);
      if (answer === undefined) return OPEN;
      const question = questions[at];
      const amount = question.items ? score(question, answer) : answer;
      const count = kind.endsWith("chosen") ? [].concat(answer).filter((option) => a.includes(option)).length : 0;
      const holds = {
        chosen: () => count >= b,
        unchosen: () => count === 0,
        from: () => amount !== UNKNOWN && amount >= a,
        below: () => amount !== UNKNOWN && amount < a,
        unknown: () => amount === UNKNOWN,
        "item-from": () => (answer[a] ?? 0) >= b,
        "item-below": () => (answer[a] ?? 0) < b,
      };
      return holds[kind]() ? YES : NO;
    };
    const truth = (condition) => {
      const [kind, ...parts] = condition;
      switch (kind) {
        case "all":
          return Math.min(YES, ...parts.map(truth));
        case "any":
          return Math.max(NO, ...parts.map(truth));
        case "none":
          return YES - Math.max(NO, ...parts.map(truth));
        case "least": {
          const [count, ...of] = parts;
          const found = of.map(truth);
          if (found.filter((part) => part === YES).length >= count) return YES;
          return found.filter((part) => part !== NO).length >= count ? OPEN : NO;
        }
        case "set":
          return (known[parts[0]] ??= truth(sets[parts[0]]));
        default:
          return line(condition);
      }
    };

    for (const at of order) {
      const { when, answeredBy } = questions[at];
      asked[at] = Math.min(when ? truth(when) : YES, answeredBy === undefined ? YES : YES - asked[answeredBy]);
    }

    /** Adds to `found` the answers that make a condition true (or not true): question → places of its options. */
    const because = (condition, wanted, found) => {
      if (truth(condition) !== wanted) return found;
      const [kind, ...parts] = condition;
      if (kind === "set") because(sets[parts[0]], wanted, found);
      else if (kind === "none") parts.forEach((part) => because(part, YES - wanted, found));
      else if (kind === "all" || kind === "any") parts.forEach((part) => because(part, wanted, found));
      else if (kind === "least") parts.slice(1).forEach((part) => because(part, wanted, found));
      else {
        const at = source(parts[0]);
        if (asked[at] !== YES) return found;
        const chosen = [].concat(answers.get(at));
        const counts = kind === "chosen" && wanted === YES ? chosen.filter((option) => parts[1].includes(option)) : chosen;
        found.set(at, [...new Set([...(found.get(at) ?? []), ...counts])].sort((a, b) => a - b));
      }
      return found;
    };

    const places = rules.map((_, at) => at).filter((at) => truth(rules[at].when) === YES);
    const fired = places.sort((a, b) => (rules[a].outcome ?? 99) - (rules[b].outcome ?? 99) || a - b).map((at) => {
      const rule = rules[at];
      const also = rule.talkWhen.filter(([, when]) => truth(when) === YES).flatMap(([to]) => to);
      const why = [...because(rule.when, YES, new Map())].sort(([a], [b]) => a - b);
      return { rule, who: [...new Set([...rule.talk, ...also])], why };
    });
    const worst = fired[0]?.rule.outcome;
    const counted = (at) => asked[at] === YES && answers.has(at);
    return {
      asked,
      fired,
      outcome: outcomes[worst ?? form.otherwise],
      stopped: worst !== undefined && outcomes[worst].stops,
      missing: questions.findIndex((_, at) => asked[at] === YES && !answers.has(at)),
      who: [...new Set(fired.filter(({ rule }) => rule.outcome !== undefined).flatMap(({ who }) => who))],
      crisis: questions.some(({ options, crisisItems }, at) => {
        if (!counted(at)) return false;
        if (crisisItems) return crisisItems.some((item) => answers.get(at)[item] > 0);
        return [].concat(answers.get(at)).some((option) => options?.[option]?.crisis);
      }),
    };
  }

  // ---- Elements ----------------------------------------------------------------------------------------------

  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== undefined && value !== false) made.setAttribute(name, value);
    }
    made.append(...children.flat().filter((child) => child));
    return made;
  }
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const paragraph = (style, text) => text && el("p", { class: style }, text);
  const button = (style, action, text, onclick) => el("button", { type: "button", class: style, "data-action": action, onclick }, text);
  const primary = (text, onclick) => button("button button--primary", "continue", text, onclick);
  const actions = (...children) => el("div", { class: "checker-actions" }, ...children);
  const heading = (text) => el("h2", { id: "checker-title", tabindex: -1 }, text);
  function part(name, style) {
    const found = [...document.querySelectorAll("template")].find(({ dataset }) => dataset.part === name);
    return el("div", { class: style }, found && document.importNode(found.content, true));
  }

  // ---- Screens -----------------------------------------------------------------------------------------------

  let started = false;
  let finished = false;
  /** The question that the reader went back to or wants to change. */
  let open;
  let crisisShown = false;

  const clearButton = () => button("button button--quiet", "clear", ui.clear, forget);
  const backButton = (text) => button("button", "back", text, back);

  function forget() {
    answers = new Map();
    offered = new Map();
    given = [];
    started = finished = crisisShown = false;
    open = undefined;
    show();
  }

  function back() {
    if (finished) finished = false;
    else if (open !== undefined && given.includes(open)) open = undefined;
    else if (given.length > 0) {
      open = given.pop();
      answers.delete(open);
    } else started = false;
    show();
  }

  function give(at, answer) {
    answers.set(at, answer);
    offered.set(at, answer);
    given = [...given.filter((other) => other !== at), at];
    open = undefined;
    // What is not asked any more is not kept.
    const { asked } = evaluate();
    given = given.filter((other) => asked[other] !== NO || !answers.delete(other));
    show();
  }

  /** Answers as a reader reads them. `only`: these options. */
  function said(at, only) {
    const question = questions[at];
    const answer = answers.get(at);
    if (question.options) return (only ?? [].concat(answer)).map((option) => question.options[option].label);
    if (!question.items) return [answer === UNKNOWN ? question.unknownText : `${answer / 10 ** question.decimals} ${question.unitText}`.trim()];
    const rows = question.items.flatMap(({ text }, item) => (answer[item] === null ? [] : [`${text}: ${question.values[answer[item]]}`]));
    return only ? [ui.because_score] : rows;
  }
  const lines = (texts) => (texts.length === 1 ? texts[0] : el("ul", {}, texts.map((text) => el("li", {}, text))));

  function optionsOf(at) {
    const { id, options, kind } = questions[at];
    const type = kind === "one" ? "radio" : "checkbox";
    const list = el("div", { class: "checker-options" });
    for (const [place, { id: value, label, exclusive }] of options.entries()) {
      if (exclusive && place > 0) list.append(el("p", { class: "checker-divider" }, ui.or));
      const input = el("input", { type, name: id, value, id: `checker-option-${place}`, autocomplete: "off" });
      input.checked = [].concat(offered.get(at)).includes(place);
      input.addEventListener("change", () => {
        if (type === "radio" || !input.checked) return;
        for (const [other, box] of list.querySelectorAll("input").entries()) {
          if (other !== place && (exclusive || options[other].exclusive)) box.checked = false;
        }
      });
      list.append(el("label", { class: "checker-option", for: input.id }, input, el("span", {}, label)));
    }
    const read = () => {
      const picked = [...list.querySelectorAll("input")].flatMap(({ checked }, place) => (checked ? place : []));
      if (picked.length === 0) return { problems: [["checker-option-0", kind === "one" ? ui.error_one : ui.error_many]] };
      return { answer: kind === "one" ? picked[0] : picked };
    };
    return [list, read];
  }

  function numberOf(at) {
    const { id, low, high, decimals, unitText, unknown, unknownText } = questions[at];
    const before = offered.get(at);
    const field = el("input", { type: "text", id: "checker-number", name: id, inputmode: decimals ? "decimal" : "numeric", autocomplete: "off", maxlength: 12, "aria-labelledby": "checker-title" });
    if (before !== undefined && before !== UNKNOWN) field.value = before / 10 ** decimals;
    const box = el("input", { type: "checkbox", name: id, value: unknown, id: "checker-option-0", autocomplete: "off" });
    box.checked = before === UNKNOWN;
    box.addEventListener("change", () => box.checked && (field.value = ""));
    field.addEventListener("input", () => (box.checked = false));
    const made = el("div", {}, el("div", { class: "checker-number" }, field, unitText && el("span", {}, unitText)),
      unknown && el("div", { class: "checker-options" }, el("p", { class: "checker-divider" }, ui.or),
        el("label", { class: "checker-option", for: box.id }, box, el("span", {}, unknownText))));
    const read = () => {
      if (box.checked) return { answer: UNKNOWN };
      const typed = field.value.trim().replace(",", ".");
      const scaled = Math.round(Number(typed) * 10 ** decimals);
      const wrong = (text) => ({ problems: [["checker-number", text]] });
      if (!/^-?\d+(\.\d+)?$/.test(typed)) return wrong(ui.error_number);
      if ((typed.split(".")[1] ?? "").length > decimals) return wrong(ui.error_whole);
      if (scaled < low || scaled > high) return wrong(fill(ui.error_range, { low: low / 10 ** decimals, high: high / 10 ** decimals }));
      return { answer: scaled };
    };
    return [made, read];
  }

  function itemsOf(at) {
    const { id, items, values, gated, gate } = questions[at];
    const before = offered.get(at) ?? [];
    const picked = items.map((_, item) => before[item] ?? null);
    const rows = items.map(({ text, highest }, item) => {
      const options = Array.from({ length: highest + 1 }, (_, value) => {
        const input = el("input", { type: "radio", name: `${id}.${item + 1}`, value, id: `checker-item-${item}-${value}`, autocomplete: "off" });
        input.checked = picked[item] === value;
        input.addEventListener("change", () => {
          picked[item] = value;
          follow();
        });
        return el("label", { class: "checker-option", for: input.id }, input, el("span", {}, values[value]));
      });
      const row = el("fieldset", { class: "checker-item" }, el("legend", {}, text), el("div", { class: "checker-options" }, options));
      return el("div", {}, item === 1 && paragraph("checker-hint", gate), row);
    });
    const shown = () => (gated && !picked[0] ? 1 : items.length);
    const follow = () => rows.forEach((row, item) => (row.hidden = item >= shown()));
    follow();
    const read = () => {
      const problems = picked.flatMap((value, item) =>
        value === null && item < shown() ? [[`checker-item-${item}-0`, fill(ui.error_item, { item: items[item].text })]] : []);
      return problems.length > 0 ? { problems } : { answer: picked.map((value, item) => (item < shown() ? value : null)) };
    };
    return [el("div", { class: "checker-items" }, rows), read];
  }

  function drawQuestion(at, asked) {
    const question = questions[at];
    const [inputs, read] = { one: optionsOf, many: optionsOf, number: numberOf, instrument: itemsOf }[question.kind](at);
    const section = sections[question.section];
    const first = questions.findIndex((other, place) => other.section === question.section && asked[place] === YES);
    const hint = question.hint && el("p", { class: "checker-hint", id: "checker-hint" }, question.hint);
    const fieldset = el("fieldset", { class: "checker-question", "aria-describedby": hint ? hint.id : undefined },
      el("legend", { class: "checker-legend" }, heading(question.title)), hint, inputs);
    const screen = el("form", { autocomplete: "off", novalidate: true }, section && paragraph("checker-section", section.title),
      section && first === at && paragraph("checker-intro", section.intro), fieldset,
      actions(el("button", { type: "submit", class: "button button--primary", "data-action": "continue" }, ui.continue), backButton(ui.back), clearButton()));
    screen.addEventListener("submit", (event) => {
      event.preventDefault();
      const { answer, problems } = read();
      if (!problems) return give(at, answer);
      for (const old of screen.querySelectorAll(".checker-errors, .checker-error")) old.remove();
      const list = problems.map(([id, text]) => el("li", {}, el("button", { type: "button", onclick: () => document.getElementById(id).focus() }, text)));
      const summary = el("div", { class: "checker-errors", id: "checker-errors", role: "alert", tabindex: -1 }, el("h2", {}, ui.error_title), el("ul", {}, list));
      screen.prepend(summary);
      for (const [id, text] of problems) {
        const place = document.getElementById(id).closest(".checker-options, .checker-number");
        place.before(el("p", { class: "checker-error" }, `${ui.error_prefix} ${text}`));
      }
      summary.focus();
    });
    return screen;
  }

  function drawCheck() {
    const entries = questions.flatMap((question, at) => {
      if (!answers.has(at)) return [];
      const change = button("button button--quiet", "change", ui.change, () => {
        open = at;
        show();
      });
      change.setAttribute("aria-label", `${ui.change}: ${question.title}`);
      return el("div", { class: "checker-answer" }, el("dt", {}, question.title), el("dd", {}, lines(said(at))), el("dd", {}, change));
    });
    const finish = () => {
      finished = true;
      show();
    };
    return el("div", {}, heading(ui.check_title), paragraph("checker-lead", ui.check_lead), el("dl", { class: "checker-answers" }, entries),
      actions(primary(ui.see_result, finish), backButton(ui.back), clearButton()));
  }

  function drawResult({ outcome, fired, who, stopped }) {
    const next = part(`outcome-${outcome.id}`, "checker-next");
    const reasons = fired.map(({ rule, who, why }) =>
      el("li", {}, el("h3", {}, rule.title), el("p", {}, rule.text),
        who.length > 0 && el("p", { class: "checker-with" }, `${ui.talk_with} ${who.map((at) => talk[at]).join("; ")}`),
        why.map(([at, options]) => el("div", { class: "checker-because" },
          el("span", {}, `${ui.because} ${questions[at].title} `), el("strong", {}, lines(said(at, options)))))));
    const buttons = [button("button button--primary", "print", ui.print, () => print()), backButton(stopped ? ui.mistake : ui.change_answers), clearButton()];
    return el("div", { class: `checker-result checker-result--${outcome.id}` }, heading(outcome.title), stopped && next,
      paragraph("checker-notice", ui.not_diagnosis), el("h2", {}, ui.why_title),
      reasons.length > 0 ? el("ul", { class: "checker-reasons" }, reasons) : paragraph("checker-lead", ui.why_none),
      who.length > 0 && [el("h2", {}, ui.talk_title), el("ul", { class: "checker-talk" }, who.map((at) => el("li", {}, talk[at])))],
      !stopped && [el("h2", {}, ui.next_title), next], part("foot", "checker-foot"), actions(buttons));
  }

  function progress(asked) {
    const answered = questions.filter((_, at) => asked[at] === YES && answers.has(at)).length;
    const fewest = questions.filter((_, at) => asked[at] === YES && !answers.has(at)).length;
    const most = fewest + asked.filter((truth) => truth === OPEN).length;
    const text = fill(fewest === most ? ui.progress : ui.progress_range, { answered, fewest, most });
    return el("div", {}, el("p", { id: "checker-progress" }, text),
      el("progress", { class: "checker-progress", "aria-labelledby": "checker-progress", max: answered + most || 1, value: answered }));
  }

  function show() {
    const now = evaluate();
    const leave = () => {
      app.replaceChildren();
      location.replace(root.dataset.leave || "about:blank");
    };
    const bar = el("div", { class: "checker-bar" }, el("div"), button("button button--leave", "leave", ui.leave, leave));
    const crisis = started && now.crisis && el("div", { role: crisisShown ? "region" : "alert", "aria-label": ui.crisis_label }, part("crisis", "checker-crisis"));
    crisisShown = !!crisis;
    const screen = el("div", { class: "checker-screen" }, bar, crisis);
    const at = open ?? (now.stopped ? -1 : now.missing);
    if (!started) {
      screen.dataset.screen = "start";
      const start = () => {
        started = true;
        show();
      };
      screen.append(el("div", { id: "checker-title", tabindex: -1 }, part("start", "checker-start"), actions(primary(ui.start, start), clearButton())));
    } else if (at >= 0) {
      screen.dataset.screen = "question";
      screen.dataset.question = questions[at].id;
      bar.firstChild.replaceWith(progress(now.asked));
      screen.append(drawQuestion(at, now.asked));
    } else if (now.stopped || finished) {
      screen.dataset.screen = now.stopped ? "stop" : "outcome";
      screen.dataset.outcome = now.outcome.id;
      screen.append(drawResult(now));
    } else {
      screen.dataset.screen = "check";
      screen.append(drawCheck());
    }
    const before = app.childElementCount > 0;
    app.replaceChildren(screen);
    if (before) {
      document.getElementById("checker-title").focus({ preventScroll: true });
      app.scrollIntoView();
    }
  }

  addEventListener("pagehide", forget);
  root.dataset.state = "live";
  app.hidden = false;
  show();
})();
