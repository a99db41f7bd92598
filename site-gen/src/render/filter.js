// A field that narrows a list of the same page. What is typed stays in the field: it is not sent, kept or put into the
// address. Without this script the list is there in full. Words and markup are the theme's (`components/filter`).
"use strict";
(() => {
  // Letters without accents and signs, so that nobody has to spell well.
  const bare = (text) => text.normalize("NFD").replace(/\p{M}|['’]/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  for (const box of document.querySelectorAll("[data-filter]")) {
    const form = box.querySelector("[data-slot=form]");
    const field = form.querySelector("input");
    const status = box.querySelector("[role=status]");
    const list = box.querySelector("[data-slot=list]");
    const items = Array.from(list.querySelectorAll("li"), (item) => [item, ` ${bare(item.textContent)}`]);
    // A heading, or a paragraph before a list, goes when nothing of what stands below it is left.
    const parts = [];
    for (const node of list.children) {
      if (/^H\d$/.test(node.localName.toUpperCase()) || parts.length === 0) parts.push([]);
      parts.at(-1).push(node);
    }

    let later;
    const narrow = () => {
      const words = bare(field.value).split(" ").filter((word) => word);
      let left = 0;
      for (const [item, text] of items) {
        item.hidden = !words.every((word) => text.includes(` ${word}`));
        left += item.hidden ? 0 : 1;
      }
      for (const part of parts) {
        const inside = part.flatMap((node) => [...node.querySelectorAll("li")]);
        const empty = inside.length > 0 && inside.every((item) => item.hidden);
        for (const node of part) node.hidden = empty;
      }
      // Said once the reader pauses, not at every letter.
      clearTimeout(later);
      const say = box.dataset[words.length === 0 ? "all" : left === 0 ? "none" : left === 1 ? "one" : "many"];
      later = setTimeout(() => {
        status.textContent = say.replace("{count}", left).replace("{all}", items.length).replace("{query}", () => field.value.trim());
      }, 400);
    };
    field.addEventListener("input", narrow);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !field.value) return;
      event.preventDefault();
      field.value = "";
      narrow();
    });
    // A page that the browser has kept begins again with the whole list.
    addEventListener("pageshow", (event) => {
      if (!event.persisted) return;
      field.value = "";
      narrow();
    });
    form.hidden = false;
  }
})();
