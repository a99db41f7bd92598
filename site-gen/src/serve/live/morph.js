// Turns one tree of a page into another and touches only what differs. What is the same in both stays the same node, and
// with it the reader's place: the scroll position, the focus, what is selected, what is open.

/** Whether two nodes could be one node that was changed. */
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");

/** Makes `old` equal to `next`, which is alike and is used up. What a reader opened or closed stays as it is. */
const morph = (old, next) => {
  if (old.isEqualNode(next)) return;
  if (old.nodeType !== Node.ELEMENT_NODE) return retype(old, next.data);
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value && !isReaders(old, name)) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !isReaders(old, name)) old.removeAttribute(name);
  }
  morphChildren(old, next);
};

const isReaders = (element, attribute) => attribute === "open" && element.nodeName === "DETAILS";

/** Puts another text into a node. A selection outside the letters that differ is kept. */
const retype = (node, text) => {
  const was = node.data;
  const start = shared((at) => was[at], (at) => text[at], Math.min(was.length, text.length));
  const end = shared((at) => was.at(-1 - at), (at) => text.at(-1 - at), Math.min(was.length, text.length) - start);
  node.replaceData(start, was.length - start - end, text.slice(start, text.length - end));
};

/** How many of two lists are the same, counted until the first that is not. */
const shared = (a, b, most, same = Object.is) => {
  let count = 0;
  while (count < most && same(a(count), b(count))) count += 1;
  return count;
};

/** The same for the children of two nodes. `stays`: a child of the old one that is no part of the page. */
const morphChildren = (old, next, stays = null) => {
  const before = [...old.childNodes].filter((node) => node !== stays);
  const after = [...next.childNodes];
  const same = (a, b) => a.isEqualNode(b);
  const least = Math.min(before.length, after.length);
  const start = shared((at) => before[at], (at) => after[at], least, same);
  const end = shared((at) => before.at(-1 - at), (at) => after.at(-1 - at), least - start, same);
  const olds = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  const behind = before[before.length - end] ?? stays;
  let [i, j] = [0, 0];
  for (const [atOld, atFresh] of [...pairs(olds, fresh), [olds.length, fresh.length]]) {
    between(old, olds.slice(i, atOld), fresh.slice(j, atFresh), olds[atOld] ?? behind);
    [i, j] = [atOld + 1, atFresh + 1];
  }
};

/** The children between two that stay. */
const between = (parent, olds, fresh, behind) => {
  let at = 0;
  for (const node of fresh) {
    const found = olds.findIndex((old, number) => number >= at && alike(old, node));
    if (found < 0) {
      parent.insertBefore(node, olds[at] ?? behind);
      continue;
    }
    while (at < found) olds[at++].remove();
    morph(olds[at++], node);
  }
  while (at < olds.length) olds[at++].remove();
};

/** Places of equal nodes in two lists, as many as can stand in the same order in both (longest common subsequence). */
const pairs = (a, b) => {
  // A page that changed this much has no place to keep.
  if (a.length * b.length > 40_000) return [];
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i][j] = a[i].isEqualNode(b[j]) ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
  }
  const found = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (longest[i][j] === longest[i + 1][j]) i += 1;
    else if (longest[i][j] === longest[i][j + 1]) j += 1;
    else found.push([i++, j++]);
  }
  return found;
};
