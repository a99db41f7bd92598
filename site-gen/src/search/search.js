// The search page. Words are matched here, in the reader's browser: what is typed is never sent, kept or put into the
// address. Only files of the index are fetched, from this site. It holds no words and no class names of its own: both
// come from the page's templates.
"use strict";
(() => {
  const root = document.querySelector("[data-search]");
  if (!root) return;
  const say = root.dataset;
  const form = root.querySelector("form");
  const field = form.querySelector("input");
  const slot = (name, inside = root) => inside.querySelector(`[data-slot="${name}"]`);
  const [status, help, results, more] = ["status", "help", "results", "more"].map((name) => slot(name));
  const part = (name) => root.querySelector(`template[data-part="${name}"]`).content.cloneNode(true);
  const AT_ONCE = 5;

  // Letters without accents and signs: a reader in distress does not type carefully.
  const bare = (text) =>
    ` ${text.normalize("NFD").replace(/\p{M}|['’]/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim()} `;
  const crisis = say.crisis.split(",").map((words) => bare(words).trimEnd()).filter((words) => words);

  let engine;
  const load = () => {
    engine ??= import(`${say.search}pagefind.js`)
      .then(async (pagefind) => {
        await pagefind.options({
          // No thread of its own: starting one costs a second copy of the same script.
          noWorker: true,
          // The list of languages has one address, so that a browser may keep it.
          metaCacheTag: "",
          excerptLength: 28,
          excerptEllipsis: "…",
          ranking: { metaWeights: { title: 5, names: 8, also: 1, section: 0 } },
        });
        return pagefind;
      })
      .catch((error) => {
        engine = undefined;
        throw error;
      });
    return engine;
  };

  // Every word first; where no page has them all, the pages that have any, those with most of them on top.
  const find = async (query) => {
    const pagefind = await load();
    const { results: all } = await pagefind.search(query);
    const words = query.split(/\s+/).filter((word) => word.length > 2);
    if (all.length > 0 || words.length < 2) return all;
    const found = new Map();
    for (const word of words) {
      for (const result of (await pagefind.search(word)).results) {
        const known = found.get(result.id);
        if (known) known.score += 1 + result.score;
        else found.set(result.id, { ...result, score: 1 + result.score });
      }
    }
    return [...found.values()].sort((a, b) => b.score - a.score);
  };

  // The engine marks what it found with <mark>, and writes < and > as entities. Nothing else in the text is markup.
  const marked = (target, excerpt) => {
    for (const [at, text] of excerpt.split(/<\/?mark>/).entries()) {
      const node = at % 2 ? document.createElement("mark") : document.createDocumentFragment();
      node.append(text.replaceAll("&lt;", "<").replaceAll("&gt;", ">"));
      target.append(node);
    }
  };

  const line = ({ url, meta, excerpt }) => {
    const made = part("result");
    const link = slot("link", made);
    link.href = url;
    link.textContent = meta.title;
    const section = slot("section", made);
    if (meta.section) section.textContent = meta.section;
    else section.remove();
    marked(slot("excerpt", made), excerpt);
    return made;
  };

  // The engine shortens a word until something begins with what is left: good for slips of the hand, but in the end
  // every word that nobody wrote is found by its first letter. A result counts if half of one typed word is in it.
  const fits = (query) => {
    const typed = bare(query).trim().split(" ");
    const alike = (word, other) => {
      const enough = Math.min(word.length, Math.max(3, Math.ceil(word.length / 2)));
      return other.startsWith(word.slice(0, enough));
    };
    return ({ excerpt, meta }) => {
      const marks = Array.from(excerpt.matchAll(/<mark>(.*?)<\/mark>/g), ([, text]) => text);
      const words = bare([...marks, meta.title, meta.also, meta.names].join(" ")).trim().split(" ");
      return typed.some((word) => words.some((other) => alike(word, other)));
    };
  };

  // What is called exactly as was typed comes first.
  const exact = (query) => ({ meta }) => [meta.title, ...(meta.names ?? "").split(", ")].some((name) => bare(name) === bare(query));

  let latest = 0;
  let waiting = [];
  const show = async (number, focus, counts = () => true, first = () => false) => {
    const next = await Promise.all(waiting.slice(0, AT_ONCE).map((result) => result.data()));
    if (number !== latest) return;
    if (!next.some(counts)) {
      waiting = [];
      return;
    }
    waiting = waiting.slice(AT_ONCE);
    next.sort((one, other) => first(other) - first(one));
    const before = results.children.length;
    results.append(...next.map(line));
    more.hidden = waiting.length === 0;
    if (focus) slot("link", results.children[before])?.focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = ++latest;
    const query = field.value.trim();
    waiting = [];
    results.replaceChildren();
    help.replaceChildren();
    more.hidden = true;
    if (!query) {
      status.textContent = say.empty;
      field.focus();
      return;
    }
    // Help comes before everything else, and waits for nothing.
    if (crisis.some((words) => bare(query).includes(words))) help.append(part("crisis"));
    status.textContent = say.wait;
    try {
      const found = await find(query);
      if (number !== latest) return;
      waiting = found;
      await show(number, false, fits(query), exact(query));
      if (number !== latest) return;
      const count = results.children.length + waiting.length;
      const words = count === 0 ? say.none : count === 1 ? say.one : say.many;
      status.textContent = words.replace("{count}", count).replace("{query}", () => query);
      if (count === 0) help.append(part("none"));
    } catch {
      if (number !== latest) return;
      status.textContent = say.failed;
      help.append(part("none"));
    }
  });
  more.addEventListener("click", () => show(latest, true));
  // The engine can come while the reader types. Nothing is known of the words yet.
  field.addEventListener("focus", () => load().catch(() => {}), { once: true });
  form.hidden = false;
})();
