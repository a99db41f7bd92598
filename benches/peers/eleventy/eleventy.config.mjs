import { createRequire } from "node:module";

// The packages lie where the harness installed them, not beside each site that it measures.
const require = createRequire(`${process.env.ELEVENTY_PACKAGES || process.cwd()}/`);
const markdown = require("markdown-it");
const anchor = require("markdown-it-anchor");
const footnote = require("markdown-it-footnote");

const address = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
const isPage = (item) => item.data.layout === "page.njk";

export default function (eleventy) {
  eleventy.setLibrary("md", markdown({ html: true }).use(anchor, { slugify: address, tabIndex: false }).use(footnote));
  eleventy.addPassthroughCopy({ static: "/" });
  eleventy.addFilter("address", address);
  eleventy.addFilter("day", (date) => new Date(date).toISOString().slice(0, 10));
  eleventy.addFilter("startsWith", (text, start) => (text || "").startsWith(start));
  eleventy.addFilter("toc", (html) => {
    const parts = [...html.matchAll(/<h2 id="([^"]*)"[^>]*>(.*?)<\/h2>/g)];
    return `<ul>${parts.map(([, id, title]) => `\n<li><a href="#${id}">${title}</a></li>`).join("")}\n</ul>`;
  });

  const above = (url) => url.replace(/[^/]+\/$/, "");
  // One map from address to what stands around the page, made once a build.
  eleventy.addCollection("tree", (api) => {
    const all = api.getAll().filter((item) => item.url && item.inputPath.includes("/content/"));
    const tree = Object.fromEntries(all.map((item) => [item.url, { item, children: [], crumbs: [] }]));
    for (const item of all) if (item.url !== "/") tree[above(item.url)]?.children.push(item);
    for (const { item, children, crumbs } of Object.values(tree)) {
      children.sort((a, b) => a.data.weight - b.data.weight);
      for (let url = item.url; url !== "/"; ) {
        url = above(url);
        if (!tree[url]) break;
        crumbs.unshift(tree[url].item);
      }
      const pages = children.filter(isPage);
      pages.forEach((page, at) => {
        tree[page.url].prev = pages[at - 1];
        tree[page.url].next = pages[at + 1];
      });
    }
    return tree;
  });
  eleventy.addCollection("terms", (api) => {
    const terms = new Map();
    for (const item of api.getAll().filter(isPage)) {
      for (const tag of item.data.tags || []) {
        if (!terms.has(tag)) terms.set(tag, []);
        terms.get(tag).push(item);
      }
    }
    return [...terms].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, pages]) => ({ name, pages }));
  });
  eleventy.addCollection("recent", (api) => api.getAll().filter(isPage).sort((a, b) => b.date - a.date).slice(0, 20));
  return {
    dir: { input: ".", includes: "_includes", data: "_data", output: "public" },
    markdownTemplateEngine: false,
    htmlTemplateEngine: "njk",
  };
}
